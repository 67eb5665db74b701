"""A process that was started before its worker was made is the worker's, and ends if nobody wants it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from assistant.errors import WorkerError
from assistant.workers import start_ahead
from assistant.workers.supervisor import Worker

ENGINE = "tests.process.engines:Engine"


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    start_ahead._end_what_nobody_took()


def waiting(engine: str) -> int:
    pid = start_ahead._ahead[engine][1].pid
    assert pid is not None
    return pid


def test_a_worker_takes_it(tmp_path: Path) -> None:
    start_ahead.start_ahead(ENGINE)
    pid = waiting(ENGINE)
    worker = Worker(ENGINE, {"closed": str(tmp_path / "closed")}, name="The engine")
    assert worker.call("pid") == pid
    assert worker.call("echo", value="said") == "said"
    worker.stop()
    assert (tmp_path / "closed").read_text() == "closed"  # it was made with the worker's arguments
    assert not psutil.pid_exists(pid)
    assert worker.call("pid") != pid  # the next one is started as usual
    worker.stop()


def test_one_that_has_died_is_not_taken() -> None:
    start_ahead.start_ahead(ENGINE)
    process = start_ahead._ahead[ENGINE][1]
    pid = waiting(ENGINE)
    process.kill()
    process.join()
    worker = Worker(ENGINE, name="The engine")
    assert worker.call("pid") != pid
    worker.stop()


@pytest.mark.allow_log(r"The engine")
def test_an_engine_that_cannot_be_imported_is_told_to_who_wants_it() -> None:
    start_ahead.start_ahead("tests.process.engines:Missing")
    worker = Worker("tests.process.engines:Missing", name="The engine")
    with pytest.raises(WorkerError, match="Missing"):
        worker.call("echo", value=1)
    worker.stop()


def test_it_ends_with_a_program_that_does_not_want_it(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(
        "from assistant.workers import start_ahead\n"
        "if __name__ == '__main__':\n"
        f"    start_ahead.start_ahead({ENGINE!r})\n"
        f"    print(start_ahead._ahead[{ENGINE!r}][1].pid)\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=True)
    assert not done.stderr
    assert not psutil.pid_exists(int(done.stdout))

"""The courier as a process: stopping, dying, staying behind nobody, and being off."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from assistant import paths
from assistant.errors import (
    Cancelled,
    DownloadsOff,
)
from assistant.jobs import CancelToken, JobState
from assistant.models.download import bootstrap, partial_file
from assistant.models.download.client import Courier
from assistant.services import Services
from tests.made_models.records import entry
from tests.process import courier_program
from tests.process.courier_setup import CONTENT, CourierSetup, known, refusal, unknown, wait_until
from tests.process.file_server import FileServer, answer, stall, whole

# --- stopping ------------------------------------------------------------------------------------------


def test_stop_works_at_once_and_what_has_come_is_kept(tmp_path: Path, server: FileServer) -> None:
    setup = CourierSetup(tmp_path, bootstrap.launch([*courier_program.COMMAND, "60"]))
    try:
        file = known(server.serve("/small.gguf", stall(CONTENT, 90_000), whole(CONTENT)))
        waiting = setup.begin(file)
        wait_until(lambda: setup.part.exists() and setup.part.stat().st_size == 90_000)
        queued = setup.begin(file)
        waiting.cancel()
        with pytest.raises(Cancelled):
            waiting.result()
        assert queued.result(timeout=20)[0].path.read_bytes() == CONTENT  # the courier waits no minute
        assert server.ranges() == ["", "bytes=90000-"]
    finally:
        setup.courier.close()


def test_a_stop_during_a_pause_ends_it(setup: CourierSetup, server: FileServer) -> None:
    address = server.serve("/small.gguf", answer(503, Retry_After="200"))
    pausing = setup.begin(unknown(address))
    wait_until(lambda: any("trying again" in report.doing for report in setup.reports))
    pausing.cancel()
    assert pausing.state is JobState.CANCELLED
    server.serve("/small.gguf", whole(CONTENT))
    assert setup.get(unknown(address))


def test_without_its_process_a_download_fails_with_what_to_do(
    setup: CourierSetup, server: FileServer
) -> None:
    file = known(server.serve("/small.gguf", stall(CONTENT, 90_000)))
    run = setup.begin(file)
    wait_until(lambda: setup.part.exists() and setup.part.stat().st_size == 90_000)
    setup.process.kill()
    with pytest.raises(
        DownloadsOff, match="stopped from outside" if sys.platform != "win32" else ""
    ) as caught:
        run.result(timeout=20)
    assert "Restart the program" in caught.value.hint
    with pytest.raises(DownloadsOff):
        setup.get(file)
    problem = setup.courier.offer(entry(file), setup.target).problem
    assert problem is not None
    assert problem.code == "downloads-off"


# --- as a process --------------------------------------------------------------------------------------

PARENT = """
import sys, threading
from pathlib import Path
from assistant.jobs import CancelToken
from assistant.models.download import bootstrap
from assistant.models.download.client import Courier
from tests.process import courier_program
from tests.process.courier_setup import entry, unknown
from assistant import network_guard
process = bootstrap.launch(courier_program.COMMAND)
network_guard.install()
folder, address = Path(sys.argv[1]), sys.argv[2]
print(process.pid, flush=True)
courier = Courier(folder / "hashes.json", process)
courier.fetch(entry(unknown(address)), folder / "small", CancelToken(), lambda _: None)
print("fetched", flush=True)
"""


def parent(folder: Path, address: str) -> subprocess.Popen[str]:
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", PARENT, str(folder), address],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )


def test_behind_the_guard_of_its_program_the_courier_still_fetches(
    tmp_path: Path, server: FileServer
) -> None:
    address = server.serve("/small.gguf", whole(CONTENT))
    with parent(tmp_path, address) as program:
        printed, _ = program.communicate(timeout=60)
    assert printed.split()[1:] == ["fetched"]
    assert (tmp_path / "small" / "small.gguf").read_bytes() == CONTENT


def test_it_ends_with_a_killed_parent_in_the_middle_of_a_download(tmp_path: Path, server: FileServer) -> None:
    address = server.serve("/small.gguf", stall(CONTENT, 90_000), whole(CONTENT))
    with parent(tmp_path, address) as program:
        assert program.stdout is not None
        courier = psutil.Process(int(program.stdout.readline()))
        part = tmp_path / "small" / partial_file.FOLDER / "small.gguf.part"
        wait_until(lambda: part.exists() and part.stat().st_size == 90_000)
        if sys.platform != "win32":
            assert os.getsid(courier.pid) == courier.pid  # Ctrl-C does not reach it past its parent
        program.kill()
        wait_until(lambda: not courier.is_running() or courier.status() == psutil.STATUS_ZOMBIE)
    assert not (tmp_path / "small" / "small.gguf").exists()
    with parent(tmp_path, address) as program:
        assert "fetched" in program.communicate(timeout=60)[0]
    assert server.ranges()[-1] == "bytes=90000-"


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_it_opens_no_socket_until_it_is_sent_for_something(tmp_path: Path, server: FileServer) -> None:
    file = {
        "name": "small.gguf",
        "address": server.serve("/small.gguf", whole(CONTENT)),
        "size": 0,
        "sha256": "",
    }
    order = {"get": 1, "folder": str(tmp_path), "page": "", "limit": 0, "files": [file]}
    calls = []
    for program, sent in ((bootstrap.command(), ""), (courier_program.COMMAND, json.dumps(order) + "\n")):
        trace = tmp_path / "trace"
        command = ["strace", "-f", "-qq", "-e", "trace=%network", "-o", str(trace), *program]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as courier:
            assert courier.stdin is not None
            assert courier.stdout is not None
            if sent:
                courier.stdin.write(sent)
                courier.stdin.flush()
                while '"end"' not in courier.stdout.readline():
                    pass
            courier.stdin.close()
            courier.wait(30)
        calls.append(trace.read_text())
    assert calls[0] == ""
    assert "connect(" in calls[1]


def test_the_real_courier_takes_only_what_is_on_its_list(tmp_path: Path, server: FileServer) -> None:
    """Neither the loopback address nor plain http, whatever its environment says."""
    setup = CourierSetup(tmp_path, bootstrap.launch(bootstrap.command()))
    try:
        file = unknown(server.serve("/small.gguf", whole(CONTENT)))
        assert "not a trusted address" in refusal(setup, file).message
        assert server.asked == []
    finally:
        setup.courier.close()


def test_the_frozen_program_is_the_courier_with_one_argument(tmp_path: Path) -> None:
    frozen = "import sys; sys.frozen = True; from assistant.__main__ import main; main()"
    setup = CourierSetup(
        tmp_path, bootstrap.launch([sys.executable, "-c", frozen, bootstrap.FROZEN_ARGUMENT])
    )
    try:
        assert "not a trusted address" in refusal(setup, unknown("https://example.org/small.gguf")).message
    finally:
        setup.courier.close()


def test_beside_the_window_only_the_courier_has_a_network(tmp_path: Path) -> None:
    """The whole program, as it starts: its own process and its engines are held, the courier is not."""
    with subprocess.Popen([sys.executable, "-m", "assistant"], start_new_session=True) as program:
        try:
            wait_until(lambda: len(parties(program.pid)["engine"]) > 0, seconds=60)
            found = parties(program.pid)
            assert len(found["courier"]) == 1
            if sys.platform == "linux":
                assert held(program.pid)
                assert all(held(pid) for pid in found["engine"])
                assert not held(found["courier"][0])
        finally:
            program.terminate()
            program.wait(60)
    wait_until(lambda: not psutil.pid_exists(found["courier"][0]))


def parties(program: int) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {"courier": [], "engine": []}
    for child in psutil.Process(program).children():
        try:
            words = " ".join(child.cmdline())
        except psutil.Error:  # it has ended
            continue
        if "import courier" in words:
            found["courier"].append(child.pid)
        elif "spawn_main" in words:
            found["engine"].append(child.pid)
    return found


def held(pid: int) -> bool:
    """Whether the kernel's filter holds this process."""
    return "Seccomp:\t2" in Path(f"/proc/{pid}/status").read_text()


def test_switched_off_in_the_settings_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    process = bootstrap.launch(bootstrap.command())
    monkeypatch.setattr(bootstrap, "process", process)
    with Services() as services:
        assert services.models.courier.standing.details == {"process": process.pid, "fetched": 0}
        services.save_settings()
        assert process.poll() is None
        services.settings.downloads.allowed = False
        services.save_settings()
        assert process.poll() == 0
        assert services.models.downloads_allowed.by == "settings"
        services.settings.downloads.allowed = True
        services.save_settings()
        assert services.models.courier.standing.message.endswith("the courier has ended.")


def test_off_it_is_never_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "process", None)
    monkeypatch.setenv(bootstrap.VARIABLE, "1")
    bootstrap.start()
    assert bootstrap.process is None
    courier = Courier(paths.home() / "hashes.json")
    assert courier.standing.reason == "downloads-off-environment"
    with pytest.raises(DownloadsOff, match=bootstrap.VARIABLE):
        courier.fetch(entry(unknown("https://huggingface.co/x")), paths.home(), CancelToken(), lambda _: None)

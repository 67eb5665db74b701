"""Reads every odd and hostile file through the product's reader: each must end, in time and with a reason.

    python -m tests.benchmarks.robustness [--only PART-OF-A-PATH] [--all]

Reads `../shared/data/documents/variety` and `../shared/data/hostile` relative to the repository root. Each
file is opened, read to its end, and three pages of each PDF are drawn, under the limits that the product
sets. The table shows how each file ended and why, how long that took and the most memory that the reader
held. It fails when a file takes more than a minute or 1.5 GB, when one ends without a word, when an error
comes that is not meant for people, or when anything is written outside the home that the run was given.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from assistant.documents.indexing.document_status import final_state
from assistant.documents.indexing.reader_client import DocumentReader, new_reader
from assistant.documents.records import Outcome, Part, PartReport
from assistant.errors import AssistantError, DocumentError, WorkerError
from assistant.jobs import CancelToken
from assistant.workers.supervisor import Worker

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FOLDERS = (DATA / "documents" / "variety", DATA / "hostile")
PASSWORDS = DATA / "documents" / "passwords.tsv"

MOST_SECONDS = 60.0
MOST_BYTES = 1_500_000_000
PAGES_DRAWN = 3


@dataclass(slots=True)
class Ending:
    """How the reading of one file went."""

    path: Path
    state: str
    reason: str
    seconds: float
    memory: int
    parts: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    fault: str = ""
    """What must not happen; empty when all went as it should."""


class MemoryWatch:
    """The most memory that the reader's process held, looked at a hundred times a second."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._peak = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def restart(self) -> None:
        self._peak = 0

    @property
    def peak(self) -> int:
        self._look()
        return self._peak

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.01):
            self._look()

    def _look(self) -> None:
        pid = self._worker.pid
        if pid is not None:
            with contextlib.suppress(psutil.Error):
                self._peak = max(self._peak, psutil.Process(pid).memory_info().rss)


def passwords() -> dict[Path, str]:
    """Passwords of encrypted files, where the list knows them."""
    if not PASSWORDS.is_file():
        return {}
    with PASSWORDS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {DATA / row["file"]: row["password"] for row in rows if row["password"] not in ("", "?")}


def read(reader: DocumentReader, path: Path, password: str | None) -> tuple[str, str, Counter[str]]:
    """State, reason, and how many parts gave what. Raises what the reader raises."""
    token = CancelToken()
    size = path.stat().st_size
    opened = reader.open(str(path), size, password, token)
    parts: Counter[str] = Counter()
    reports: list[PartReport] = []
    for part in reader.parts(str(path), size, opened, 1, password, token):
        check(part)
        characters = sum(len(section.text) for section in part.sections)
        reports.append(PartReport(part.number, part.label, part.outcome, part.problem, characters))
        parts[part.outcome.value] += 1
    assert len({report.number for report in reports}) == len(reports), "parts came twice"
    if opened.kind == "pdf":
        for page in range(1, min(opened.parts or 0, PAGES_DRAWN) + 1):
            draw(reader, path, page, password, token)
    state, problem = final_state(opened.unit, reports)
    return state.value, problem.message if problem else "", parts


def draw(reader: DocumentReader, path: Path, page: int, password: str | None, token: CancelToken) -> None:
    """Draws a page; one that is damaged may say so."""
    try:
        picture = reader.picture(str(path), page, 800, password, token)
    except DocumentError:
        return
    else:
        assert len(picture.pixels) == picture.width * picture.height * 4
        assert 0 < picture.width <= 4000


def check(part: Part) -> None:
    """What every part promises."""
    if part.outcome in (Outcome.EMPTY, Outcome.FAILED):
        assert part.reason, "a part without text gives no reason"
    else:
        assert part.sections, "a part with text has no section"
    for section in part.sections:
        section.text.encode()
        if section.boxes is not None:
            assert section.boxes.shape == (len(section.text), 4), "not one box for each character"


def try_file(worker: Worker, watch: MemoryWatch, path: Path, password: str | None) -> Ending:
    watch.restart()
    before = worker.pid
    begun = time.perf_counter()
    fault = ""
    parts: Counter[str] = Counter()
    try:
        state, reason, parts = read(DocumentReader(worker), path, password)
    except WorkerError as error:
        state, reason, fault = "failed", error.message, f"{type(error).__name__} reached the caller"
    except AssistantError as error:
        state, reason = "failed", error.message
        if "error" in error.details:
            reason += f" [{error.details['error']}]"
        if not error.message:
            fault = f"{type(error).__name__} without a message"
    except AssertionError as error:
        state, reason, fault = "failed", "", str(error)
    seconds = time.perf_counter() - begun
    memory = watch.peak
    if seconds > MOST_SECONDS:
        fault = fault or f"took {seconds:.0f} s"
    if memory > MOST_BYTES:
        fault = fault or f"held {memory / 1e9:.2f} GB"
    if state != "ready" and not reason:
        fault = fault or "gave no reason"
    return Ending(
        path, state, reason, seconds, memory, parts, int(before is not None and worker.pid != before), fault
    )


def show(endings: list[Ending], everything: bool) -> None:
    for ending in endings:
        if everything or ending.state != "ready" or ending.fault:
            name = str(ending.path.relative_to(DATA))
            took = f"{ending.state:8} {ending.seconds:6.2f} s {ending.memory / 1e6:6.0f} MB"
            print(f"{took}  {name}: {ending.reason}")
    print()
    groups: dict[str, Counter[str]] = {}
    for ending in endings:
        group = "/".join(ending.path.relative_to(DATA).parts[:-1][:3])
        groups.setdefault(group, Counter())[ending.state] += 1
    print(f"{'folder':36} {'ready':>6} {'partial':>8} {'failed':>7}")
    for group, states in sorted(groups.items()):
        print(f"{group:36} {states['ready']:6} {states['partial']:8} {states['failed']:7}")
    total = Counter(ending.state for ending in endings)
    print(f"{'all ' + str(len(endings)):36} {total['ready']:6} {total['partial']:8} {total['failed']:7}")
    print("\nslowest:")
    for ending in sorted(endings, key=lambda ending: -ending.seconds)[:8]:
        print(f"  {ending.seconds:6.2f} s  {ending.path.relative_to(DATA)}")
    print("most memory:")
    for ending in sorted(endings, key=lambda ending: -ending.memory)[:5]:
        print(f"  {ending.memory / 1e6:6.0f} MB  {ending.path.relative_to(DATA)}")
    crashed = [ending for ending in endings if ending.restarts]
    print(f"the reader had to be started again at {len(crashed)} files")
    for ending in crashed:
        print(f"  {ending.path.relative_to(DATA)}: {ending.reason}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", default="", help="only files whose path contains this")
    parser.add_argument("--all", action="store_true", help="list the files that were read, too")
    arguments = parser.parse_args()
    if not all(folder.is_dir() for folder in FOLDERS):
        print(f"skipped: {DATA} is absent")
        return 0
    files = sorted(
        path
        for folder in FOLDERS
        for path in folder.rglob("*")
        if path.is_file() and arguments.only in str(path.relative_to(DATA))
    )
    known = passwords()
    with tempfile.TemporaryDirectory() as place:
        home, temporary = Path(place, "home"), Path(place, "tmp")
        home.mkdir()
        temporary.mkdir()
        os.environ.update(OFFLINE_ASSISTANT_HOME=str(home / "data"), HOME=str(home), TMPDIR=str(temporary))
        before = snapshot()
        worker = new_reader("The reader")
        watch = MemoryWatch(worker)
        endings = []
        try:
            for path in files:
                endings.append(try_file(worker, watch, path, known.get(path)))
                if endings[-1].fault:
                    print(f"FAULT {path.relative_to(DATA)}: {endings[-1].fault}", file=sys.stderr, flush=True)
        finally:
            watch.close()
            worker.stop()
        show(endings, arguments.all)
        left = [path for path in temporary.rglob("*") if path.is_file()]
        changed = snapshot() ^ before
        for path in left:
            print(f"left behind: {path.name}")
        for name, _, _ in sorted(changed):
            print(f"written outside the home: {name}")
    faults = [ending for ending in endings if ending.fault]
    for ending in faults:
        print(f"FAULT {ending.path.relative_to(DATA)}: {ending.fault}")
    print(f"{len(faults)} faults")
    return 1 if faults or changed or left else 0


def snapshot() -> set[tuple[str, int, int]]:
    """What lies where a file that escapes would land: beside the documents, and where the run started."""
    folders = [*FOLDERS, Path.cwd()]
    found = set()
    for folder in folders:
        for path in folder.iterdir() if folder == Path.cwd() else folder.rglob("*"):
            if path.is_file() and not path.name.startswith("."):
                status = path.stat()
                found.add((str(path), status.st_size, status.st_mtime_ns))
    return found


if __name__ == "__main__":
    sys.exit(main())

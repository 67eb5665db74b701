"""What the documents worker and its reader hold of memory: indexing 20 reports, then searching them.

Takes annual reports from ../shared/data beside the checkout, or says that they are absent. They are indexed
in steps of 5, 10 and 20, so that what grows with the documents shows; then a worker that has just started
answers questions over all of them.

    python -m tests.benchmarks.documents_memory [--home FOLDER] [--reports 20]

`--home` keeps the data folder, for `ask_cold` and for another look at searching.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from assistant.documents.records import DocumentState
from assistant.documents.service import DocumentsService
from tests.benchmarks.corpora import DATA, data_or_exit, reports
from tests.benchmarks.financebench import questions

STEPS = (5, 10, 20)
SEARCHING_MB, INDEXING_MB = 300, 600
QUESTIONS = 20
SAMPLE_S = 0.1
MB = 2**20


class Watched:
    """The most that a process held at once, looked at ten times a second."""

    def __init__(self, name: str, process: psutil.Process) -> None:
        self.name = name
        self.process = process
        self.peak = 0

    def sample(self) -> None:
        with suppress(psutil.NoSuchProcess):
            self.peak = max(self.peak, self.process.memory_info().rss)

    def words(self) -> str:
        try:
            full = self.process.memory_full_info()
        except psutil.NoSuchProcess:
            return f"{self.name} gone, at its peak {self.peak / MB:.0f} MB"
        proportional = getattr(full, "pss", full.uss)
        return (
            f"{self.name} {full.rss / MB:.0f} MB (PSS {proportional / MB:.0f}, its own {full.uss / MB:.0f}),"
            f" at its peak {self.peak / MB:.0f}"
        )


@contextmanager
def watching(worker: Callable[[], int | None]) -> Iterator[dict[int, Watched]]:
    """Watch the worker and its children until the block ends; what is seen, by process id."""
    seen: dict[int, Watched] = {}
    done = threading.Event()

    def watch() -> None:
        while not done.wait(SAMPLE_S):
            pid = worker()
            try:
                processes = [psutil.Process(pid)] if pid else []
                processes += processes[0].children(recursive=True) if processes else []
            except psutil.NoSuchProcess:
                continue
            for process in processes:
                name = "worker" if process.pid == pid else "reader"
                seen.setdefault(process.pid, Watched(name, process)).sample()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def index(home: Path, files: list[Path]) -> float:
    """Index in steps; returns the worker's peak in MB."""
    service = DocumentsService(home)
    try:
        with watching(lambda: service.pid) as seen:
            done = 0
            for step in (*(step for step in STEPS if step < len(files)), len(files)):
                began = time.perf_counter()
                added = service.add(files[done:step]).result()
                rows = service.wait([row.id for row in added.documents]).result()
                assert all(row.state in (DocumentState.READY, DocumentState.PARTIAL) for row in rows), rows
                done = step
                chunks, seconds = service.counts().result()["chunks"], time.perf_counter() - began
                held = "; ".join(each.words() for each in seen.values())
                print(f"indexed {step} reports, {chunks} chunks, {seconds:.0f} s: {held}", flush=True)
            return max((each.peak for each in seen.values() if each.name == "worker"), default=0) / MB
    finally:
        service.close()


def search(home: Path) -> float:
    """Ask a worker that has just started; returns the worker's peak in MB."""
    service = DocumentsService(home)
    asked = [question.text for question in questions(data_or_exit(DATA / "financebench"))][:QUESTIONS]
    try:
        with watching(lambda: service.pid) as seen:
            service.search(asked[0]).result()
            time.sleep(2 * SAMPLE_S)
            print("one question:", "; ".join(each.words() for each in seen.values()))
            for question in asked:
                service.ask(question).result()
            print(f"{len(asked)} questions:", "; ".join(each.words() for each in seen.values()))
            time.sleep(8)  # the index on disk is looked at a moment after the start
            print("a little later:", "; ".join(each.words() for each in seen.values()))
            for question in asked:
                service.ask(question).result()
            print("asked again:", "; ".join(each.words() for each in seen.values()))
            return max((each.peak for each in seen.values() if each.name == "worker"), default=0) / MB
    finally:
        service.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--home", type=Path, help="data folder that is kept")
    parser.add_argument("--reports", type=int, default=max(STEPS))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="offline-assistant-bench-") as scratch:
        home = (given.home or Path(scratch)) / "documents"
        files = reports(given.reports, Path(scratch))
        if not (home / "documents.sqlite3").exists():
            peak = index(home, files)
            print(f"worker, indexing: {peak:.0f} MB at its peak (to reach: {INDEXING_MB})")
        peak = search(home)
        print(f"worker, searching: {peak:.0f} MB at its peak (to reach: {SEARCHING_MB})")


if __name__ == "__main__":
    main()

"""Kills what recognises a scan, at random moments; no page may be lost or stored twice.

    python -m tests.benchmarks.recognition_kills [kills] [pages]

A scan of rendered pages is added to a program, and while it is recognised the documents worker, the vision
worker below it or the whole program is killed with SIGKILL, in turn. After each kill every page that was
stored is there as it was. At the end all pages are recognised, and each stands in the index once.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil

from assistant.documents.service import DocumentsService
from tests.benchmarks.recognising import make_scan

KILLS, PAGES = 20, 50
_LONGEST_S = 6.0
"""After a page was stored it takes at most so long until the next kill."""
_PATIENCE_S = 120.0


@dataclass(frozen=True)
class Stored:
    """What the store holds, read past the program."""

    pages: dict[int, tuple[int, int]]
    """The first section and the number of chunks of each page that was recognised."""
    waiting: int
    double: int

    @staticmethod
    def read(home: Path) -> Stored:
        file = home / "documents.sqlite3"
        if not file.exists():
            return Stored({}, 0, 0)
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as store:
            try:
                pages = store.execute(
                    """SELECT p.number, min(s.id), count(c.id) FROM parts p
                       JOIN sections s ON s.document = p.document AND s.part = p.number
                       JOIN chunks c ON c.section = s.id WHERE p.outcome = 'ocr' GROUP BY p.number"""
                ).fetchall()
                (waiting,) = store.execute("SELECT total(waiting) FROM parts").fetchone()
                (double,) = store.execute(
                    """SELECT (SELECT count(*) FROM (SELECT 1 FROM chunks
                                      GROUP BY document, position HAVING count(*) > 1))
                            + (SELECT count(*) FROM (SELECT 1 FROM sections
                                      GROUP BY document, part, text HAVING count(*) > 1))"""
                ).fetchone()
            except sqlite3.OperationalError:  # it is only being made
                return Stored({}, 0, 0)
        return Stored({number: (section, chunks) for number, section, chunks in pages}, int(waiting), double)


def check(before: Stored, after: Stored) -> list[str]:
    """What a kill has done that it must not."""
    wrong = [f"{after.double} chunks or sections are double"] if after.double else []
    for page, content in before.pages.items():
        if after.pages.get(page) != content:
            wrong.append(f"page {page} was {content} and is {after.pages.get(page)}")
    return wrong


class Program:
    """The whole program in a process of its own, which can be killed and started again."""

    def __init__(self, home: Path, scan: Path) -> None:
        self._command = [sys.executable, "-m", __spec__.name, "--program", str(home), str(scan)]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, start_new_session=True)

    def part(self, name: str) -> psutil.Process | None:
        """The program, or the worker whose process descends from it so far, if there is one now."""
        depth = ("program", "documents", "vision").index(name)
        found = psutil.Process(self.process.pid)
        for _ in range(depth):
            workers = [
                each for each in found.children() if "resource_tracker" not in " ".join(each.cmdline())
            ]
            if not workers:
                return None
            # The vision worker is the last that the documents worker starts.
            found = max(workers, key=lambda each: each.create_time())
        return found


def program(home: Path, scan: Path) -> int:
    """Add the scan, and wait until it is recognised."""
    service = DocumentsService(home)
    try:
        service.add([scan]).result(120)
        service.wait().result()
        service.wait_for_recognition().result()
        counts = service.counts().result(120)
    finally:
        service.close()
    if counts["double"] or counts["unembedded"]:
        print(counts)
        return 1
    return 0


def wait_for_page(home: Path, known: int, program: Program) -> None:
    """Until another page is stored, and then a moment more."""
    deadline = time.monotonic() + _PATIENCE_S
    while len(Stored.read(home).pages) <= known and time.monotonic() < deadline:
        if program.process.poll() is not None:
            return
        time.sleep(0.1)
    time.sleep(random.uniform(0.0, _LONGEST_S))


def main() -> int:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    pages = int(sys.argv[2]) if len(sys.argv) > 2 else PAGES
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        home, scan = Path(folder) / "documents", Path(folder) / "scan.pdf"
        make_scan(scan, pages)
        began = time.monotonic()
        running = Program(home, scan)
        hits = dict.fromkeys(("documents", "vision", "program"), 0)
        known = 0
        for kill in range(kills):
            name = list(hits)[kill % len(hits)]
            # Some of the kills come before a page is done: a page may be hit again and again.
            if kill % 4:
                wait_for_page(home, known, running)
            else:
                time.sleep(random.uniform(0.0, _LONGEST_S))
            before = Stored.read(home)
            known = len(before.pages)
            if running.process.poll() is not None:  # its worker was killed before it was ready
                running.start()
                continue
            victim = running.part(name)
            if victim is None:  # it is not there yet
                name, victim = "program", psutil.Process(running.process.pid)
            os.kill(victim.pid, signal.SIGKILL)
            hits[name] += 1
            if name == "program":
                running.process.wait()
                time.sleep(0.5)  # its workers end by themselves
                wrong += check(before, Stored.read(home))
                running.start()
            else:
                time.sleep(0.3)
                wrong += check(before, Stored.read(home))
        if running.process.wait():
            wrong.append("the program did not end well")
        subprocess.run([sys.executable, "-m", __spec__.name, "--program", str(home), str(scan)], check=True)
        found = Stored.read(home)
        wrong += check(before, found)
        if len(found.pages) != pages or found.waiting:
            wrong.append(f"{len(found.pages)} of {pages} pages are recognised, {found.waiting} wait")
        print(f"{pages} pages, killed {hits} times: {time.monotonic() - began:.0f} s")
    print("\n".join(f"  WRONG {each}" for each in wrong) or "  nothing lost, no page twice")
    return int(bool(wrong))


if __name__ == "__main__":
    if "--program" in sys.argv:
        at = sys.argv.index("--program")
        sys.exit(program(Path(sys.argv[at + 1]), Path(sys.argv[at + 2])))
    sys.exit(main())

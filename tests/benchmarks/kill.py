"""Kills the documents worker, and the whole program, at random moments; nothing may be lost or double.

Takes annual reports from ../shared/data beside the checkout, or says that they are absent. They are added,
and while they are indexed the worker is killed with SIGKILL again and again, then a whole program that does
the same. After each kill: what was stored is there, nothing twice, and finished documents stay finished. At
the end every document is complete, with the same parts and chunks as without any kill.

    python -m tests.benchmarks.kill [kills of each kind] [number of reports]
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

from assistant.documents.records import DocumentState
from assistant.documents.service import DocumentsService

REPORTS = Path(__file__).resolve().parents[3] / "shared/data/retrieval/financebench/pdfs"
_DONE = (DocumentState.READY, DocumentState.PARTIAL)
_LOADING_S = 10.0
_WORKING_S = 5.0


@dataclass(frozen=True)
class Stored:
    """What the store holds, read past the program."""

    chunks: dict[int, int]
    """The highest chunk id: number of chunks, by document."""
    first_chunk: dict[int, int]
    states: dict[int, str]
    embeddings: int
    double: int
    parts: dict[int, int]

    @staticmethod
    def read(home: Path) -> Stored:
        with closing(sqlite3.connect(f"file:{home / 'documents.sqlite3'}?mode=ro", uri=True)) as store:
            chunks = dict(store.execute("SELECT document, count(*) FROM chunks GROUP BY document"))
            first = dict(store.execute("SELECT document, min(id) FROM chunks GROUP BY document"))
            parts = dict(store.execute("SELECT document, count(*) FROM parts GROUP BY document"))
            states = dict(store.execute("SELECT id, state FROM documents WHERE removed_at IS NULL"))
            (embeddings,) = store.execute("SELECT count(*) FROM embeddings").fetchone()
            (double,) = store.execute(
                """SELECT (SELECT count(*) FROM (SELECT 1 FROM chunks
                                  GROUP BY document, position HAVING count(*) > 1))
                        + (SELECT count(*) FROM (SELECT 1 FROM sections
                                  GROUP BY document, part, location, text HAVING count(*) > 1))"""
            ).fetchone()
        return Stored(chunks, first, states, embeddings, double, parts)


def check(before: Stored, after: Stored) -> list[str]:
    """What a kill has done that it must not."""
    wrong = []
    if after.double:
        wrong.append(f"{after.double} chunks or sections are double")
    for document, count in before.chunks.items():
        if after.chunks.get(document, 0) < count:
            wrong.append(f"document {document} lost chunks: {count} → {after.chunks.get(document, 0)}")
        if after.first_chunk.get(document) != before.first_chunk[document]:
            wrong.append(f"document {document} was begun again")
    for document, state in before.states.items():
        if state in ("ready", "partial") and after.states.get(document) != state:
            wrong.append(f"document {document} was {state} and is {after.states.get(document)}")
    return wrong


def wait_a_while(home: Path) -> None:
    """Any moment; but mostly one after work has begun, as most of a short life is loading the model."""
    if random.random() < 0.3:
        time.sleep(random.uniform(0.0, _LOADING_S))
        return
    deadline = time.monotonic() + 90
    before = chunks_stored(home)
    while chunks_stored(home) == before and time.monotonic() < deadline and not all_done(home):
        time.sleep(0.05)
    time.sleep(random.uniform(0.0, _WORKING_S))


def all_done(home: Path) -> bool:
    if not chunks_stored(home):
        return False
    states = Stored.read(home).states.values()
    return bool(states) and all(state in _DONE for state in states)


def chunks_stored(home: Path) -> int:
    file = home / "documents.sqlite3"
    if not file.exists():
        return 0
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as store:
        try:
            return int(store.execute("SELECT count(*) FROM chunks").fetchone()[0])
        except sqlite3.OperationalError:  # it is only being made
            return 0


def kill_workers(reports: list[Path], home: Path, kills: int) -> tuple[int, list[str]]:
    """Kill the worker under a program that lives on: how often it was hit at work, and what went wrong."""
    wrong: list[str] = []
    hits = 0
    service = DocumentsService(home)
    try:
        service.add(reports).result(120)
        for _ in range(kills):
            if random.random() < 0.5:
                service.counts().result(120)  # somebody looks now and then, which starts one that gave up
            wait_a_while(home)
            pid = service.pid
            if pid is None:
                continue
            before = Stored.read(home)
            os.kill(pid, signal.SIGKILL)
            hits += any(state in ("queued", "indexing") for state in before.states.values())
            time.sleep(0.3)
            wrong += check(before, Stored.read(home))
        rows = service.wait().result()
        wrong += [f"{row.path}: {row.state}" for row in rows if row.state not in _DONE]
        counts = service.counts().result(120)
        if counts["double"] or counts["unembedded"]:
            wrong.append(f"at the end: {counts}")
    finally:
        service.close()
    return hits, wrong


def kill_programs(reports: list[Path], home: Path, kills: int) -> tuple[int, list[str]]:
    """Start a program that indexes, kill it, start it again, and so on."""
    wrong: list[str] = []
    hits = 0
    command = [sys.executable, "-m", "tests.benchmarks.kill", "--program", str(home), *map(str, reports)]
    for _ in range(kills):
        program = subprocess.Popen(command, start_new_session=True)
        wait_a_while(home)
        before = Stored.read(home) if (home / "documents.sqlite3").exists() else None
        program.kill()
        program.wait()
        if before is None:
            continue
        hits += any(state in ("queued", "indexing") for state in before.states.values())
        time.sleep(0.5)  # its worker ends by itself
        wrong += check(before, Stored.read(home))
    finished = subprocess.run(command, capture_output=True, text=True)
    if finished.returncode:
        wrong.append(f"the last program: {finished.stdout} {finished.stderr[-2000:]}")
    return hits, wrong


def program(home: Path, reports: list[Path]) -> int:
    """A whole program: add, wait, say what is not as it should be."""
    service = DocumentsService(home)
    try:
        service.add(reports).result(120)
        rows = service.wait().result()
        counts = service.counts().result(120)
    finally:
        service.close()
    bad = [f"{row.path}: {row.state}" for row in rows if row.state not in _DONE]
    if bad or counts["double"] or counts["unembedded"]:
        print(bad, counts)
        return 1
    return 0


def main() -> int:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    reports = sorted(REPORTS.glob("*.pdf"))[: int(sys.argv[2]) if len(sys.argv) > 2 else 4]
    if not reports:
        print(f"skipped: no reports in {REPORTS}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        calm = Path(folder) / "calm"
        assert program(calm, reports) == 0
        expected = Stored.read(calm)
        print(f"without a kill: {sum(expected.parts.values())} parts, {sum(expected.chunks.values())} chunks")
        failed = False
        for name, run in (("worker", kill_workers), ("program", kill_programs)):
            home = Path(folder) / name
            began = time.monotonic()
            hits, wrong = run(reports, home, kills)
            found = Stored.read(home)
            for what in ("parts", "chunks"):
                one, other = sorted(getattr(expected, what).values()), sorted(getattr(found, what).values())
                if one != other:
                    wrong.append(f"other {what} than without a kill: {one} and {other}")
            if found.embeddings != expected.embeddings:
                wrong.append(f"embeddings: {expected.embeddings} and {found.embeddings}")
            print(f"{name}: {kills} kills, {hits} of them at work, {time.monotonic() - began:.0f} s")
            print("\n".join(f"  WRONG {each}" for each in wrong) or "  nothing lost, nothing double")
            failed = failed or bool(wrong)
    return int(failed)


if __name__ == "__main__":
    if "--program" in sys.argv:
        at = sys.argv.index("--program")
        sys.exit(program(Path(sys.argv[at + 1]), [Path(each) for each in sys.argv[at + 2 :]]))
    sys.exit(main())

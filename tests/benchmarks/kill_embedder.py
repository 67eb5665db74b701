"""Changes the embedder over annual reports and kills it in the middle; it must end as if nothing had been.

Takes the reports from ../shared/data beside the checkout and a model that `models add` takes, by default
multilingual-e5-small (see `real_models`), or says that they are absent. The reports are read once. Then the
embedder is changed twice over copies of that: undisturbed, and while the documents worker is killed with
SIGKILL again and again, the last time with the whole program. Meanwhile questions are asked all the time. In
the end there must be the same chunks, figures and vectors.

    python -m tests.benchmarks.kill_embedder [kills] [number of reports] [folder of the model]
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from assistant.documents.embedder_records import EmbedderStatus
from assistant.documents.service import DocumentsService
from assistant.documents.store.codec import unpack_vectors
from assistant.documents.store.store import Store
from assistant.models.library.library import Library
from tests.benchmarks.kill import REPORTS
from tests.benchmarks.real_models import real_model

MODEL = real_model("multilingual-e5-small")
QUESTIONS = (
    "What was the net income of Adobe in 2015?",
    "How much did 3M spend on property, plant and equipment?",
    "What are the risk factors?",
    "Wie hoch war der Umsatz?",
)
SAME = 0.99
"""The cosine of vectors of one text: eight bits are rounded the other way in another batch."""


@dataclass
class Asked:
    """What became of the questions that were asked all the time."""

    seconds: list[float] = field(default_factory=list)
    empty: int = 0
    failed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        at = sorted(self.seconds) or [0.0]
        return (
            f"{len(at)} questions, median {at[len(at) // 2]:.2f} s, 95 % {at[len(at) * 95 // 100]:.2f} s, "
            f"worst {at[-1]:.1f} s; without a passage: {self.empty}; failed: {len(self.failed)}"
        )


@contextmanager
def asking(service: DocumentsService) -> Iterator[Asked]:
    """Ask one question after the other, all the time."""
    asked, ended = Asked(), threading.Event()

    def work() -> None:
        while not ended.wait(0.5):
            began = time.monotonic()
            try:
                hits = service.search(random.choice(QUESTIONS)).result(120)
            except Exception as error:  # whatever it is, it is told
                if not ended.is_set():
                    asked.failed.append(repr(error))
                continue
            asked.seconds.append(time.monotonic() - began)
            asked.empty += not hits

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield asked
    finally:
        ended.set()
        thread.join(130)


def service_of(home: Path) -> DocumentsService:
    return DocumentsService(
        home / "documents", library=home / "models" / "library", embedders=home / "embedders"
    )


def change(home: Path, id: str) -> EmbedderStatus:
    """The whole change, as a program does it."""
    service = service_of(home)
    try:
        service.use_embedder(id).result(300)
        status = service.wait_for_embedder().result()
        settled(service)
        return status
    finally:
        service.close()


def settled(service: DocumentsService) -> None:
    """Until the vectors of the old one are forgotten."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        counts = service.counts().result(120)
        if counts["unembedded"] == 0 and counts["embeddings"] <= counts["chunks"]:
            return
        time.sleep(0.5)


def made(home: Path, model: str) -> int:
    """How many vectors of the new one there are."""
    with closing(sqlite3.connect(f"file:{home / 'documents/documents.sqlite3'}?mode=ro", uri=True)) as store:
        row = store.execute("SELECT count(*) FROM embeddings WHERE model LIKE ?", (f"{model}-%",)).fetchone()
        return int(row[0])


def killed(home: Path, id: str, kills: int, total: int) -> Asked:
    """Kill the worker at moments spread over the change, and the whole program at the last of them."""
    service = service_of(home)
    with asking(service) as asked:
        service.use_embedder(id).result(300)
        for number in range(kills - 1):
            until(home, id, total * (number + random.random()) / kills)
            pid = service.pid
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
                print(f"  killed the worker at {made(home, id)} of {total}", flush=True)
    service.close()
    command = [sys.executable, "-m", "tests.benchmarks.kill_embedder", "--program", str(home), id]
    program = subprocess.Popen(command, start_new_session=True)
    until(home, id, total * (kills - 1 + random.random()) / kills)
    program.kill()
    program.wait()
    print(f"  killed the program at {made(home, id)} of {total}", flush=True)
    time.sleep(1)
    service = service_of(home)
    try:
        with asking(service) as more:
            service.wait_for_embedder().result()
            settled(service)
    finally:
        service.close()
    asked.seconds += more.seconds
    asked.failed += more.failed
    asked.empty += more.empty
    return asked


def until(home: Path, id: str, count: float) -> None:
    while made(home, id) < count:
        time.sleep(0.2)


def differences(calm: Path, other: Path) -> list[str]:
    """What is not the same in two data folders."""
    figures, vectors, active = [], [], []
    for home in (calm, other):
        with closing(Store(home / "documents")) as store:
            figures.append(store.figures())
            active.append(store.active_embedder())
            rows = store._all(
                """SELECT d.path, s.part, c.position, substr(s.text, c.start + 1, c."end" - c.start), e.vector
                   FROM chunks c JOIN documents d ON d.id = c.document JOIN sections s ON s.id = c.section
                   JOIN embeddings e ON e.id = c.embedding ORDER BY d.path, c.position"""
            )
            vectors.append(([row[:4] for row in rows], unpack_vectors([row[4] for row in rows])))
    wrong = [f"figures: {figures}"] if figures[0] != figures[1] or figures[1]["double"] else []
    wrong += [f"embedders: {active}"] if active[0] != active[1] or active[0] is None else []
    if vectors[0][0] != vectors[1][0]:
        return [*wrong, "other chunks"]
    cosines = np.sum(vectors[0][1] * vectors[1][1], axis=1)
    print(f"  {len(cosines)} chunks; cosine of vectors: mean {cosines.mean():.6f}, least {cosines.min():.4f}")
    return [*wrong, f"vectors: least cosine {cosines.min():.4f}"] if cosines.min() < SAME else wrong


def main() -> int:
    arguments = sys.argv[1:]
    kills = int(arguments[0]) if arguments else 5
    reports = sorted(REPORTS.glob("*.pdf"))[: int(arguments[1]) if len(arguments) > 1 else 20]
    model = Path(arguments[2]) if len(arguments) > 2 else MODEL
    if not reports or not model.is_dir():
        print(f"skipped: no reports in {REPORTS}, or no {model}")
        return 0
    with tempfile.TemporaryDirectory(prefix="offline-assistant-bench-") as folder:
        calm, other = Path(folder) / "calm", Path(folder) / "killed"
        (installed,) = Library(calm / "models" / "library").add([model], link=True).result().models
        began = time.monotonic()
        service = service_of(calm)
        service.add(reports).result(300)
        service.wait().result()
        total = service.counts().result(120)["embeddings"]
        service.close()
        print(
            f"{len(reports)} reports, {total} different chunks: read in {time.monotonic() - began:.0f} s",
            flush=True,
        )
        shutil.copytree(calm, other)
        began = time.monotonic()
        status = change(calm, installed.id)
        print(f"undisturbed: {time.monotonic() - began:.0f} s to {status.name}", flush=True)
        began = time.monotonic()
        asked = killed(other, installed.id, kills, total)
        print(f"killed {kills} times: {time.monotonic() - began:.0f} s; {asked}")
        wrong = differences(calm, other) + asked.failed[:5]
        if asked.empty:
            wrong.append(f"{asked.empty} questions found nothing")
        print("\n".join(f"  WRONG {each}" for each in wrong) or "  the end is the same")
    return int(bool(wrong))


if __name__ == "__main__":
    if "--program" in sys.argv:
        at = sys.argv.index("--program")
        change(Path(sys.argv[at + 1]), sys.argv[at + 2])
        sys.exit(0)
    sys.exit(main())

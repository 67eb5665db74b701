"""How long a search takes among 30,000 chunks, everywhere and restricted, and what the store costs.

Real texts and questions from ../shared/data beside the checkout (it says so if they are absent): each
chunk is made of the halves of two texts, so that all 30,000 differ, and its vector lies between theirs.
Questions go the whole way, from text to results, one after the other. A question is never asked twice.

    python -m tests.benchmarks.search_speed [--chunks 30000] [--kept FILE.npz] [--embedder FOLDER]
"""

from __future__ import annotations

import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np

from assistant.documents.records import DocumentState, FileSeen, Outcome, Scope, Section
from assistant.documents.search.retrieval import Retriever
from assistant.documents.search.vector_index import VectorIndex
from assistant.documents.store.rows import NewChunk, NewPart, NewSection
from assistant.documents.store.store import Store
from assistant.documents.text.terms import index_terms
from tests.benchmarks.corpora import DATA, KeptVectors, arguments, data_or_exit, texts

SETS = ("squad2-dev-half", "xquad-en", "cranfield")
PER_DOCUMENT = 100
PER_PART = 4
SECOND = "Second collection"
TARGET_P95_MS = 40.0
TARGET_RATIO = 2.0


def fill(store: Store, embedder: KeptVectors, chunks: int) -> float:
    """Store the chunks; returns how many a second, without their embedding."""
    source = [
        text.text for name in SETS for text in texts(data_or_exit(DATA / "beir-format" / name)) if text.text
    ]
    titles = [text.title for name in SETS for text in texts(DATA / "beir-format" / name)]
    vectors = embedder.embed(source)
    embedder.save()
    choice = random.Random(1)
    seconds = 0.0
    for number in range(-(-chunks // PER_DOCUMENT)):
        file = FileSeen(f"/measured/document {number}.pdf", 1, 1)
        document = store.register([file], SECOND if number % 3 == 0 else "My documents")[0].document
        title = f"{choice.choice(titles)} {2000 + number % 25}"
        parts = []
        for part in range(1, PER_DOCUMENT // PER_PART + 1):
            text, made = "", []
            for _ in range(PER_PART):
                one, other = choice.randrange(len(source)), choice.randrange(len(source))
                piece = f"{source[one][:450]} {source[other][-450:]}"
                vector = vectors[one] + vectors[other]
                made.append(
                    NewChunk(
                        len(text),
                        len(text) + len(piece),
                        "en",
                        index_terms(piece, "en"),
                        Store.embedding_key(piece),
                        vector / np.linalg.norm(vector),
                        index_terms(title, "en"),
                    )
                )
                text += piece + "\n"
            section = Section(text, part, f"page {part}")
            parts.append(
                NewPart(part, f"page {part}", Outcome.TEXT, None, (NewSection(section, tuple(made)),))
            )
        began = time.perf_counter()
        store.begin(document)
        store.opened(document, "pdf", title, "page", len(parts))
        for first in range(0, len(parts), 8):
            store.add_batch(document, parts[first : first + 8], embedder.name)
        store.set_state(document, DocumentState.READY)
        seconds += time.perf_counter() - began
    return chunks / seconds


def measured(name: str, call: Callable[[str], object], questions: Iterable[str]) -> tuple[float, float]:
    """Print and return the median and the 95th percentile, in milliseconds."""
    times, used = [], []
    for question in questions:
        began, before = time.perf_counter(), time.process_time()
        call(question)
        times.append(1000 * (time.perf_counter() - began))
        used.append(1000 * (time.process_time() - before))
    median, high = (float(np.percentile(times, share)) for share in (50, 95))
    # On a computer that is busy with other things, the processor's time tells more than the clock.
    print(
        f"{name:34} median {median:6.1f} ms   95 % {high:6.1f} ms   longest {max(times):6.1f} ms"
        f"   processor: median {np.median(used):6.1f} ms   95 % {np.percentile(used, 95):6.1f} ms"
    )
    return median, high


def main() -> None:
    parser = arguments(__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--chunks", type=int, default=30_000)
    given = parser.parse_args()
    questions = []
    for name in SETS:
        lines = (data_or_exit(DATA / "beir-format" / name) / "queries.jsonl").read_text("utf-8").splitlines()
        questions += [json.loads(line)["text"] for line in lines]
    random.Random(2).shuffle(questions)
    embedder = KeptVectors(given.kept, given.embedder, keep_questions=False)
    with tempfile.TemporaryDirectory(prefix="offline-assistant-bench-") as folder:
        store = Store(Path(folder))
        speed = fill(store, embedder, given.chunks)
        size = store.file.stat().st_size / 2**20
        print(
            f"stored {given.chunks} chunks, {speed:.0f} a second, {size:.0f} MiB;"
            f" load {os.getloadavg()[0]:.1f}"
        )
        began = time.perf_counter()
        vectors = VectorIndex(Path(folder) / "vectors", embedder.dimension, embedder.name)
        vectors.load(store)
        print(f"vectors in memory after {time.perf_counter() - began:.2f} s")
        began = time.perf_counter()
        vectors.synchronise(store)
        print(f"vector index built after {time.perf_counter() - began:.1f} s")
        retriever = Retriever(store, vectors, embedder)  # type: ignore[arg-type]  # it embeds alike
        some = iter(questions)
        for _ in range(20):
            retriever.search(next(some))
        one = Scope(documents=(7,))
        names = ("everywhere", "in a collection", "in one document", "in a hundred documents")
        scopes = (Scope(), Scope(SECOND), one, Scope(documents=tuple(range(1, 101))))
        asked = [next(some) for _ in range(800)]
        figures = [
            measured(f"search {name}", partial(retriever.search, k=8, scope=scope), part)
            for name, scope, part in zip(names, scopes, (asked[at::4] for at in range(4)), strict=True)
        ]
        print(f"95 % everywhere {figures[0][1]:.1f} ms (to reach: {TARGET_P95_MS:.0f})")
        ratio = max(median for median, _ in figures[1:]) / figures[0][0]
        print(f"restricted / everywhere {ratio:.2f} at the worst (to reach: {TARGET_RATIO})")
        measured(
            "  of which embedding the question", embedder.embed_question, [next(some) for _ in range(100)]
        )
        found = embedder.embed_question(next(some))

        def nearest(_: str) -> object:
            return vectors.search(found, 100)

        measured("  of which vectors", nearest, asked[:100])
        store.register([FileSeen(f"/many/{number}.txt", 1, 1) for number in range(10_000)])
        measured("list 10,000 documents and more", lambda _: store.documents(), asked[:20])
        vectors.close()
        store.close()


if __name__ == "__main__":
    main()

"""Whether the page with the evidence is among the first results: 19 questions over 13 annual reports.

    python -m tests.benchmarks.financebench [--kept FILE] [--steps] [--weights name=value …]

Reads the reports with the product's own reader and looks in all of them at once. `--steps` leaves out one
kind of evidence at a time, to show what each gains.
"""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.documents.formats.open_document import open_document
from assistant.documents.records import Part
from assistant.documents.search.fusion import Weights
from assistant.documents.search.retrieval import Retriever
from tests.benchmarks import corpora

WANTED_AT_5 = 0.5
DEPTHS = (1, 5, 10)
STEPS = ("names", "page", "titled", "vectors", "together", "sentence", "keywords")


@dataclass(frozen=True)
class Question:
    text: str
    document: str
    pages: frozenset[int]
    """From 1."""


def questions(folder: Path) -> list[Question]:
    found = []
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        pages = frozenset(int(one["evidence_page_num"]) + 1 for one in row["evidence"])
        found.append(Question(row["question"], row["doc_name"], pages))
    return found


def ranks(retriever: Retriever, wanted: Iterable[Question]) -> tuple[list[int | None], list[float]]:
    """The rank of the first evidence page of each question, and the seconds that each search took."""
    found: list[int | None] = []
    seconds: list[float] = []
    for question in wanted:
        timer = corpora.Timer()
        hits = retriever.search(question.text, max(DEPTHS))
        seconds.append(timer.seconds())
        rank = next(
            (h.rank for h in hits if Path(h.path).stem == question.document and h.page in question.pages),
            None,
        )
        found.append(rank)
    return found, seconds


def shares(found: list[int | None]) -> dict[str, float]:
    return {
        f"hit@{depth}": round(sum(rank is not None and rank <= depth for rank in found) / len(found), 3)
        for depth in DEPTHS
    }


def read(path: Path, kept: Path | None) -> tuple[str, list[Part]]:
    """Title and parts without boxes; kept in a file beside the vectors, for trying out everything else."""
    file = None if kept is None else kept.with_name(f"{kept.stem}-{path.stem}.parts")
    if file is not None and file.exists():
        known: tuple[str, list[Part]] = pickle.loads(file.read_bytes())
        return known
    document = open_document(path)
    try:
        parts = [
            replace(part, sections=tuple(replace(section, boxes=None) for section in part.sections))
            for part in document.parts()
        ]
        result = document.opened.title, parts
    finally:
        document.close()
    if file is not None:
        file.write_bytes(pickle.dumps(result))
    return result


def main() -> int:
    parser = corpora.arguments(__doc__ or "")
    parser.add_argument("--steps", action="store_true", help="leave out one kind of evidence at a time")
    parser.add_argument("--each", action="store_true", help="show every question")
    given = parser.parse_args()
    folder = corpora.data_or_exit(corpora.DATA / "financebench")
    wanted = questions(folder)
    embedder = corpora.KeptVectors(given.kept)
    weights = corpora.weights(given.weights)
    with corpora.corpus(embedder) as corpus:
        for path in sorted((folder / "pdfs").glob("*.pdf")):
            title, parts = read(path, given.kept)
            corpus.add(str(path), title, "pdf", parts)
            embedder.save()

        def show(name: str, used: Weights) -> list[int | None]:
            retriever = Retriever(corpus.store, corpus.vectors, embedder, used)  # type: ignore[arg-type]
            found, seconds = ranks(retriever, wanted)
            p95 = round(1000 * float(np.percentile(seconds, 95)), 1)
            print(json.dumps({"way": name, **shares(found), "ms_p95": p95, "chunks": corpus.vectors.count()}))
            return found

        found = show("product", weights)
        if given.each:
            for question, rank in zip(wanted, found, strict=True):
                print(f"  {rank or '-':>3}  {question.document}  {question.text[:90]}")
        if given.steps:
            none = replace(weights, **dict.fromkeys(STEPS, 0.0))
            show("keywords only", replace(none, keywords=1.0))
            show("vectors only", replace(none, vectors=1.0))
            show("half keywords, half vectors", replace(none, keywords=1.0, vectors=1.0))
            for step in STEPS:
                show(f"without {step}", replace(weights, **{step: 0.0}))
    return 0 if shares(found)["hit@5"] >= WANTED_AT_5 else 1


if __name__ == "__main__":
    sys.exit(main())

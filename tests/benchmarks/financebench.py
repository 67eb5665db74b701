"""Whether the page with the evidence is among the first results, over 13 reports of companies.

    python -m tests.benchmarks.financebench [--kept FILE] [--embedder FOLDER] [--each] [--steps] [--left-out]

Asks FinanceBench's 19 questions over these reports, and those of `report_questions.jsonl`, which were
written for this benchmark. Reads the reports with the product's own reader and looks in all of them at once.

`--steps` leaves out one kind of evidence at a time, to show what each gains. `--left-out` leaves out one
company at a time: the weights are chosen among variations by the questions about all others, and its own
questions are then asked with them. That is what to expect of reports that nobody tuned for.
"""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.documents.formats.open_document import open_document
from assistant.documents.records import Part
from assistant.documents.search.fusion import Weights
from assistant.documents.search.retrieval import Retriever
from tests.benchmarks import corpora

WANTED_AT_5 = 0.75
DEPTHS = (1, 5, 10)
STEPS = tuple(field.name for field in fields(Weights) if field.init)
VARIATIONS = (0.5, 0.75, 1.5, 2.0)
"""Factors on each weight, one at a time, among which `--left-out` chooses."""
FINANCEBENCH, OWN = "financebench", "own"


@dataclass(frozen=True)
class Question:
    source: str
    text: str
    document: str
    pages: frozenset[int]
    """From 1; any of them will do."""

    @property
    def company(self) -> str:
        return self.document.partition("_")[0]


def questions(folder: Path) -> list[Question]:
    found = []
    for row in _rows(folder / "questions.jsonl"):
        pages = frozenset(int(one["evidence_page_num"]) + 1 for one in row["evidence"])
        found.append(Question(FINANCEBENCH, row["question"], row["doc_name"], pages))
    for row in _rows(Path(__file__).with_name("report_questions.jsonl")):
        found.append(Question(OWN, row["question"], row["document"], frozenset(row["pages"])))
    return found


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in file.read_text("utf-8").splitlines())


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


def by_source(wanted: Sequence[Question], found: Sequence[int | None]) -> dict[str, dict[str, float]]:
    return {
        source: shares(
            [rank for question, rank in zip(wanted, found, strict=True) if question.source == source]
        )
        for source in (FINANCEBENCH, OWN)
    }


def left_out(wanted: Sequence[Question], tried: Sequence[Sequence[int | None]]) -> list[int | None]:
    """The rank of each question under the weights that are best for the other companies.

    Args:
        tried: the ranks of all questions, for each choice of weights.
    """

    def worth(found: Sequence[int | None], company: str) -> tuple[int, float]:
        others = [
            rank
            for question, rank in zip(wanted, found, strict=True)
            if rank is not None and question.company != company
        ]
        return sum(rank <= 5 for rank in others), sum(1 / rank for rank in others)

    companies = {question.company for question in wanted}
    chosen = {company: max(tried, key=lambda found: worth(found, company)) for company in companies}
    return [chosen[question.company][number] for number, question in enumerate(wanted)]


def variations(weights: Weights) -> list[Weights]:
    return [weights] + [
        replace(weights, **{name: factor * getattr(weights, name)}) for name in STEPS for factor in VARIATIONS
    ]


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
    parser.add_argument("--left-out", action="store_true", help="leave out one company at a time")
    parser.add_argument("--each", action="store_true", help="show every question")
    given = parser.parse_args()
    folder = corpora.data_or_exit(corpora.DATA / "financebench")
    wanted = questions(folder)
    embedder = corpora.KeptVectors(given.kept, given.embedder)
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
            result = {"way": name, **by_source(wanted, found), "ms_p95": p95}
            print(json.dumps(result), flush=True)
            return found

        found = show("product", weights)
        if given.each:
            for question, rank in zip(wanted, found, strict=True):
                print(f"  {rank or '-':>3}  {question.document}  {question.text[:90]}")
        if given.left_out:
            tried = [show("variation", used) for used in variations(weights)]
            found = left_out(wanted, tried)
            print(json.dumps({"way": "companies left out in turn", **by_source(wanted, found)}))
        if given.steps:
            none = replace(weights, **dict.fromkeys(STEPS, 0.0))
            show("keywords only", replace(none, keywords=1.0))
            show("vectors only", replace(none, closeness=1.0))
            show("half keywords, half vectors", replace(none, keywords=1.0, closeness=1.0))
            for step in STEPS:
                show(f"without {step}", replace(weights, **{step: 0.0}))
    met = all(share["hit@5"] >= WANTED_AT_5 for share in by_source(wanted, found).values())
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

"""nDCG@10 of the product's search over sets with known answers, and how far each part of it gets alone.

    python -m tests.benchmarks.ndcg [SET …] [--kept FILE] [--embedder FOLDER] [--weights name=value …]

Every text of a set becomes one document, as if it were a file; the best chunk of a document ranks it.
Half of the questions (the even ones) may be used for choosing weights; `odd` is the other half alone.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from assistant.documents.records import Scope
from assistant.documents.search.fusion import Weights
from assistant.documents.search.retrieval import Retriever
from tests.benchmarks import corpora

SETS = ("cranfield", "squad2-dev-half", "xquad-en", "xquad-de", "xquad-es", "xquad-zh", "xquad-hi")
WANTED = {
    "cranfield": 0.43,
    "squad2-dev-half": 0.92,
    "xquad-en": 0.97,
    "xquad-de": 0.93,
    "xquad-es": 0.95,
    "xquad-zh": 0.95,
    "xquad-hi": 0.93,
}
DEPTH = 10


def ndcg(ranking: Sequence[str], relevant: dict[str, int]) -> float:
    """With linear gains, as trec_eval and BEIR compute it."""
    gains = [relevant.get(name, 0) for name in ranking[:DEPTH]]
    best = sorted(relevant.values(), reverse=True)[:DEPTH]
    ideal = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(best))
    found = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains))
    return found / ideal if ideal else 0.0


def relevance(folder: Path) -> dict[str, dict[str, int]]:
    wanted: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]:
        question, document, gain = line.split("\t")
        wanted.setdefault(question, {})[document] = max(0, int(gain))
    return wanted


def unique(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))[:DEPTH]


def measure(name: str, embedder: corpora.KeptVectors, weights: Weights, titles: bool) -> dict[str, object]:
    folder = corpora.data_or_exit(corpora.DATA / "beir-format" / name)
    wanted = relevance(folder)
    rows = (json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines())
    questions = [(row["_id"], row["text"]) for row in rows if row["_id"] in wanted]
    with corpora.corpus(embedder) as corpus:
        by_id: dict[int, str] = {}
        for text in corpora.texts(folder):
            title = text.title if titles else text.name
            by_id[corpus.add(f"/set/{text.name}.txt", title, "text", corpora.parts_of(text))] = text.name
        retriever = Retriever(corpus.store, corpus.vectors, embedder, weights)  # type: ignore[arg-type]
        everywhere = Scope()

        def product(question: str) -> list[str]:
            return unique([by_id[hit.document] for hit in retriever.search(question, DEPTH)])

        def keywords(question: str) -> list[str]:
            asked = retriever.analyzer.analyze(question)
            found = corpus.store.keyword_search(asked.expression, 100, everywhere)
            rows = corpus.store.chunk_rows([identity for identity, _ in found])
            return unique([by_id[rows[identity].document] for identity, _ in found])

        def vectors(question: str) -> list[str]:
            found = corpus.vectors.search(embedder.embed_question(question), 100)
            rows = corpus.store.chunk_rows([identity for identity, _ in found])
            return unique([by_id[rows[identity].document] for identity, _ in found])

        ways: dict[str, Callable[[str], list[str]]] = {
            "keywords": keywords,
            "vectors": vectors,
            "product": product,
        }
        result: dict[str, object] = {"set": name, "documents": len(by_id), "questions": len(questions)}
        seconds: list[float] = []
        for way, search in ways.items():
            values: list[float] = []
            for identity, question in questions:
                timer = corpora.Timer()
                ranking = search(question)
                if way == "product":
                    seconds.append(timer.seconds())
                values.append(ndcg(ranking, wanted[identity]))
            result[way] = round(float(np.mean(values)), 4)
            if way == "product":
                result["even"] = round(float(np.mean(values[::2])), 4)
                result["odd"] = round(float(np.mean(values[1::2])), 4)
        result["ms_p95"] = round(1000 * float(np.percentile(seconds, 95)), 1)
    return result


def main() -> int:
    parser = corpora.arguments(__doc__ or "")
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--titles", action=argparse.BooleanOptionalAction, default=True)
    given = parser.parse_args()
    weights = corpora.weights(given.weights)
    corpora.data_or_exit(corpora.DATA)
    embedder = corpora.KeptVectors(given.kept, given.embedder)
    met = True
    for name in given.sets:
        row = measure(name, embedder, weights, given.titles)
        met = met and float(str(row["product"])) >= WANTED.get(name, 0.0)
        print(json.dumps(row), flush=True)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

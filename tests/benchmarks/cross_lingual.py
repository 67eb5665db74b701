"""nDCG@10 where questions and documents are of several languages.

    python -m tests.benchmarks.cross_lingual [LANGUAGE …] [--kept FILE] [--embedder FOLDER]

xquad has the same paragraphs and questions in each language. For questions in each language are measured

    own       all paragraphs in the question's language, for comparison
    english   all paragraphs in English
    beside    half of the topics in English, the rest in the question's language; asked for the English ones
    mixed     each paragraph in a language drawn by chance; asked for all, and for those that stand in
              another language than the question
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np

from assistant.documents.search.fusion import Weights
from assistant.documents.search.retrieval import Retriever
from tests.benchmarks import corpora
from tests.benchmarks.ndcg import DEPTH, ndcg, relevance, unique

LANGUAGES = ("en", "de", "es", "zh", "hi")
SETS = corpora.DATA / "beir-format"
WANTED = 0.8
"""Of what a question finds in its own language, it must find so much in English."""

Search = Callable[[str], list[str]]


def paragraphs(language: str) -> dict[str, corpora.Text]:
    return {text.name: text for text in corpora.texts(SETS / f"xquad-{language}")}


def questions(language: str) -> dict[str, str]:
    rows = (SETS / f"xquad-{language}" / "queries.jsonl").read_text("utf-8").splitlines()
    return {row["_id"]: row["text"] for row in map(json.loads, rows)}


@contextmanager
def searches(
    embedder: corpora.KeptVectors, languages: Mapping[str, str], weights: Weights
) -> Iterator[tuple[Search, Search]]:
    """Search of the product and by vectors alone in an index that holds each paragraph in its language."""
    texts = {language: paragraphs(language) for language in set(languages.values())}
    with corpora.corpus(embedder) as corpus:
        by_id = {}
        for name, language in languages.items():
            text = texts[language][name]
            by_id[corpus.add(f"/set/{name}.txt", text.title, "text", corpora.parts_of(text))] = name
        retriever = Retriever(corpus.store, corpus.vectors, embedder, weights)  # type: ignore[arg-type]

        def product(question: str) -> list[str]:
            return unique([by_id[hit.document] for hit in retriever.search(question, DEPTH)])

        def vectors(question: str) -> list[str]:
            found = corpus.vectors.search(embedder.embed_question(question), 100)
            rows = corpus.store.chunk_rows([identity for identity, _ in found])
            return unique([by_id[rows[identity].document] for identity, _ in found])

        yield product, vectors


def figures(
    search: Search, asked: Mapping[str, str], wanted: Mapping[str, dict[str, int]]
) -> dict[str, float]:
    """nDCG of each question."""
    return {identity: ndcg(search(text), wanted[identity]) for identity, text in asked.items()}


def mean(values: Mapping[str, float], of: Callable[[str], bool] = lambda _: True) -> float:
    return round(float(np.mean([value for identity, value in values.items() if of(identity)])), 4)


def main() -> int:
    parser = corpora.arguments(__doc__ or "")
    parser.add_argument("languages", nargs="*", default=LANGUAGES)
    given = parser.parse_args()
    corpora.data_or_exit(SETS)
    weights = corpora.weights(given.weights)
    embedder = corpora.KeptVectors(given.kept, given.embedder)
    wanted = relevance(SETS / "xquad-en")
    place = {identity: next(iter(gains)) for identity, gains in wanted.items()}
    titles = {text.name: text.title for text in paragraphs("en").values()}
    names = list(titles)
    chance = random.Random(1)
    topics = list(dict.fromkeys(titles.values()))
    topics = chance.sample(topics, len(topics) // 2)
    in_english = frozenset(name for name in names if titles[name] in topics)
    drawn = {name: chance.choice(LANGUAGES) for name in names}
    rows: dict[str, dict[str, object]] = {language: {"questions": language} for language in given.languages}

    def show(column: str, language: str, both: tuple[Search, Search], of: Callable[[str], bool]) -> None:
        for way, search in zip(("", "_vectors"), both, strict=True):
            rows[language][column + way] = mean(figures(search, questions(language), wanted), of)

    for language in given.languages:
        with searches(embedder, dict.fromkeys(names, language), weights) as both:
            show("own", language, both, lambda _: True)
        if language != "en":
            there = {name: "en" if name in in_english else language for name in names}
            with searches(embedder, there, weights) as both:
                show("beside", language, both, lambda identity: place[identity] in in_english)
    with searches(embedder, dict.fromkeys(names, "en"), weights) as both:
        for language in given.languages:
            show("english", language, both, lambda _: True)
    with searches(embedder, drawn, weights) as both:
        for language in given.languages:
            show("mixed", language, both, lambda _: True)
            show("mixed_other", language, both, lambda one, own=language: drawn[place[one]] != own)  # type: ignore[misc]
    met = True
    for row in rows.values():
        met = met and float(str(row["english"])) >= WANTED * float(str(row["own"]))
        print(json.dumps(row), flush=True)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

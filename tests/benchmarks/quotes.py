"""Whether the quotes of an answer hold it, and "nothing found" is said where nothing is.

    python -m tests.benchmarks.quotes [LANGUAGE …] [--kept FILE] [--embedder FOLDER] [--every N]

The paragraphs of every other topic of xquad are indexed, in the question's language ("own") and in English.
Questions about these topics should be answered by the first quote, or one of them; all others refused.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass

from assistant.documents.answering.extractive import ExtractiveAnswerer
from assistant.documents.search.retrieval import Retriever
from tests.benchmarks import corpora
from tests.benchmarks.cross_lingual import LANGUAGES, SETS, paragraphs, questions


@dataclass(frozen=True, slots=True)
class Expected:
    document: str
    texts: tuple[str, ...]
    """Any of them is the answer."""


def answers(language: str) -> dict[str, Expected]:
    rows = (SETS / f"xquad-{language}" / "answers.jsonl").read_text("utf-8").splitlines()
    return {
        row["_id"]: Expected(row["gold_doc"], tuple(each["text"] for each in row["answers"]))
        for row in map(json.loads, rows)
    }


def measure(embedder: corpora.KeptVectors, language: str, asked_in: str, every: int) -> dict[str, object]:
    texts = paragraphs(language)
    topics = list(dict.fromkeys(text.title for text in texts.values()))[::2]
    expected = answers(language)
    first = some = refused = answerable = rightly = others = 0
    with corpora.corpus(embedder) as corpus:
        for text in texts.values():
            if text.title in topics:
                corpus.add(f"/set/{text.name}.txt", text.title, "text", corpora.parts_of(text))
        retriever = Retriever(corpus.store, corpus.vectors, embedder)  # type: ignore[arg-type]
        answerer = ExtractiveAnswerer(corpus.store, retriever)
        for identity, question in list(questions(asked_in).items())[::every]:
            quotes = [quote.quote for quote in answerer.ask(question).quotes]
            wanted = expected[identity]
            if texts[wanted.document].title not in topics:
                others += 1
                rightly += not quotes
                continue
            answerable += 1
            refused += not quotes
            holding = [any(text in quote for text in wanted.texts) for quote in quotes]
            first += holding[:1] == [True]
            some += any(holding)
    return {
        "documents": language,
        "questions": asked_in,
        "first": round(first / answerable, 3),
        "some": round(some / answerable, 3),
        "wrongly_refused": round(refused / answerable, 3),
        "rightly_refused": round(rightly / others, 3),
    }


def main() -> int:
    parser = corpora.arguments(__doc__ or "")
    parser.add_argument("languages", nargs="*", default=LANGUAGES)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="ask every Nth question")
    given = parser.parse_args()
    corpora.data_or_exit(SETS)
    embedder = corpora.KeptVectors(given.kept, given.embedder)
    for asked_in in given.languages:
        for language in dict.fromkeys((asked_in, "en")):
            print(json.dumps(measure(embedder, language, asked_in, given.every)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

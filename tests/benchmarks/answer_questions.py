"""Documents and questions for `answers`: of our own in five languages, and of squad2 where it is at hand.

Our own stand in `answer_documents/`: six short documents in each language, eight questions that they answer,
and four that they do not, though something near stands there: another year, another person, another unit. An
answer is right if the pattern of its question is found in it.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("answer_documents")
SQUAD = Path(__file__).parents[3] / "shared/data/retrieval/beir-format/squad2-dev-half"
SQUAD_SET = "squad2"


@dataclass(frozen=True, slots=True)
class Question:
    set: str
    """The language of our own questions, or squad2; also the collection that is asked."""
    text: str
    pattern: str
    """Of a right answer; "" where the documents hold none."""
    second_half: bool
    """Not looked at while anything was chosen by the first half."""

    def answered_by(self, text: str) -> bool:
        return re.search(self.pattern, text, re.I | re.S) is not None


def own_questions() -> list[Question]:
    written = json.loads((FOLDER / "questions.json").read_text("utf-8"))
    return [
        Question(language, text, pattern or "", bool(number % 2))
        for language, asked in written.items()
        for number, (text, pattern) in enumerate(asked)
    ]


def own_documents() -> dict[str, list[Path]]:
    """The files of each language."""
    return {folder.name: sorted(folder.iterdir()) for folder in sorted(FOLDER.iterdir()) if folder.is_dir()}


def squad(size: int) -> tuple[list[Question], dict[str, str]]:
    """So many questions of squad2, a third of them without an answer, and their paragraphs by file name."""
    texts = {row["_id"]: row for row in _lines("corpus")}
    asked = {row["_id"]: row["text"] for row in _lines("queries")}
    rows = list(_lines("answers"))
    random.Random(11).shuffle(rows)
    absent = [row for row in rows if row["is_impossible"]][: size // 3]
    answered = [row for row in rows if not row["is_impossible"]][: size - len(absent)]
    questions, documents = [], {}
    for kind in (answered, absent):
        for number, row in enumerate(kind):
            paragraph = texts[row["gold_doc"]]
            documents[f"{paragraph['title']} {row['gold_doc']}.txt"] = paragraph["text"]
            accepted = {re.escape(answer["text"].strip()) for answer in row["answers"]}
            pattern = "|".join(sorted(accepted, key=len))
            questions.append(Question(SQUAD_SET, asked[row["_id"]].strip(), pattern, bool(number % 2)))
    return questions, documents


def _lines(name: str) -> Iterator[dict]:
    with (SQUAD / f"{name}.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)

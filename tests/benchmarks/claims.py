"""How well `claim_support` tells claims that a passage supports from those that it does not.

    python -m tests.benchmarks claims [--embedder FOLDER]

Questions and answers of squad2 and xquad become claims: see
`assistant.documents.answering.claim_support.Support`. A second table tells how many claims `denial` takes to
be denied by the passage, each for the answer to itself as a question: of right ones, of sentences that are
copied, and of their clauses that have lost their negation.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.answering import claim_support
from assistant.documents.answering.denial import denial
from assistant.documents.embedders.embedder_conversion import builtin_embedder
from assistant.documents.embedders.embedding import Embedder
from assistant.documents.search.closeness import closeness, unrelated_cosine
from assistant.documents.search.language_coverage import fluency
from assistant.documents.text.word_lists import interrogatives, negations
from assistant.text.sentences import sentences

SETS = Path(__file__).parents[3] / "shared/data/retrieval/beir-format"
SIZES = {
    "squad2-dev-half": 260,
    "xquad-en": 200,
    "xquad-de": 160,
    "xquad-es": 100,
    "xquad-zh": 100,
    "xquad-hi": 100,
}
KINDS = ("right", "beside", "other text", "wrong answer", "answer exchanged")

_ASKING = re.compile(r"\b(what|which|who|whom|whose|when|where|why|how|did|does|do)\b|[?¿？]", re.I)


@dataclass(frozen=True, slots=True)
class Trial:
    language: str
    kind: str
    claim: str
    passage: str
    question: str


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def trials(name: str, size: int, chance: random.Random) -> Iterator[Trial]:
    folder = SETS / name
    texts = {str(row["_id"]): str(row["text"]) for row in lines(folder / "corpus.jsonl")}
    questions = {str(row["_id"]): str(row["text"]) for row in lines(folder / "queries.jsonl")}
    answered = []
    for row in lines(folder / "answers.jsonl"):
        found = row["answers"]
        if isinstance(found, list) and found and not row["is_impossible"]:
            answered.append(
                (str(row["_id"]), str(row["gold_doc"]), found[0]["text"], found[0]["answer_start"])
            )
    values = defaultdict(list)
    for _, document, value, _ in answered:
        values[document].append(value)
    language = name[-2:] if name.startswith("xquad") else "en"
    for identity, document, value, place in chance.sample(answered, min(size, len(answered))):
        text, question = texts[document], questions[identity]
        spans = sentences(text, language)
        at = next((at for at, (start, end) in enumerate(spans) if start <= place < end), None)
        if at is None or len(spans) < 2:
            continue
        gold = text[slice(*spans[at])]
        beside = text[slice(*spans[at - 1 if at else 1])]
        other = texts[chance.choice(list(texts))]
        other = other[slice(*chance.choice(sentences(other, language)))]
        if value not in gold:
            continue
        words = " ".join(_ASKING.sub(" ", question).split())
        yield Trial(language, "right", f"{words} {value}", gold, question)
        for kind, passage in (("beside", beside), ("other text", other)):
            if value not in passage:
                yield Trial(language, kind, f"{words} {value}", passage, question)
        wrong = [each for each in values[document] if each not in gold and each not in value]
        if wrong:
            instead = chance.choice(wrong)
            yield Trial(language, "wrong answer", f"{words} {instead}", gold, question)
            yield Trial(language, "answer exchanged", gold.replace(value, instead, 1), gold, question)


def denials(found: list[Trial]) -> None:
    """Print how many claims are held to be denied, by language and kind."""
    denied: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for trial in found:
        if trial.kind != "right":
            continue
        claims = [("right", trial.claim), ("copied", trial.passage)]
        claims += [("negation dropped", clause) for clause in affirmed(trial.passage, trial.language)]
        asking = interrogatives(trial.language)
        for kind, claim in claims:
            question = " ".join(word for word in claim.split() if word.casefold() not in asking)
            denied[trial.language, kind].append(
                bool(denial(claim, [trial.passage], question, trial.language))
            )
    print("denied")
    for (language, kind), marks in denied.items():
        print(f"{language}   {kind}: {sum(marks)} of {len(marks)}")


def affirmed(passage: str, language: str) -> Iterator[str]:
    """The clauses of a sentence that deny something, without their negations."""
    for clause in re.split(r"[,;:] ", passage):
        kept = [
            word
            for word in clause.split()
            if word.casefold() not in negations(language) and not word.endswith(("n't", "n’t"))
        ]
        if len(kept) < len(clause.split()):
            yield " ".join(kept)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--embedder", type=Path, help="folder of a converted model (else: built in)")
    given = parser.parse_args()
    if not SETS.is_dir():
        sys.exit(f"skipped: {SETS} is not there")
    chance = random.Random(4)
    found = [trial for name, size in SIZES.items() for trial in trials(name, size, chance)]
    embedder = Embedder(given.embedder) if given.embedder else builtin_embedder()
    unrelated = unrelated_cosine(embedder.embed)
    texts = list(dict.fromkeys(text for trial in found for text in (trial.claim, trial.passage)))
    vectors = dict(zip(texts, embedder.embed(texts), strict=True))
    spoken = {}
    held: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for language in dict.fromkeys(trial.language for trial in found):
        sample = [trial.passage for trial in found if trial.language == language][:40]
        spoken[language] = 1.0 if language in embedder.languages else fluency(embedder.tokenizer, sample)
    for trial in found:
        near = closeness(float(vectors[trial.claim] @ vectors[trial.passage]), unrelated)
        checked = claim_support.support(
            trial.claim, trial.passage, trial.question, trial.language, near, spoken[trial.language]
        )
        held[trial.language, trial.kind].append(checked.holds)
    print("language  " + "  ".join(KINDS))
    for language in spoken:
        shares = (held[language, kind] for kind in KINDS)
        print(language, *(f"{sum(share) / len(share):.3f} of {len(share)}" for share in shares), sep="   ")
    denials(found)


if __name__ == "__main__":
    main()

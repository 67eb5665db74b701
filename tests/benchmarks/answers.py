"""Answers of a real chat model from documents in five languages: right, cited, refused where there is none.

    python -m tests.benchmarks answers [--model FILE] [--questions N] [--squad N] [--raw FILE]
    python -m tests.benchmarks answers --replay FILE

All goes through the product: both workers, the search, the prompt, the check. For each set of questions (see
`answer_questions`) the table says of how many

    found        a quote holds the answer
    right        the answer is right, and it is not said to be absent
    cited        and a quote that it cites holds it
    refused      of the questions without an answer: it is said to be absent
    unwilling    of the others: it is said to be absent, or nothing was found
    unsupported  sentences of wrong answers that cite, and do not stand word by word in what they cite

`--raw` keeps all that was written, for reading; `--replay` takes what the model wrote from there, and does
the rest anew. Without a model it takes those that are here (`make starter` brings one).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.chat.records import (
    Completion,
    Finish,
    LoadOptions,
    Message,
    ModelInfo,
    Request,
    Role,
    Sampling,
)
from assistant.chat.service import ChatService
from assistant.documents.answering.citation_parsing import parse
from assistant.documents.answering.generative import GenerativeAnswerer
from assistant.documents.grounded_records import GroundedAnswer
from assistant.documents.records import Scope
from assistant.workers.run import Run, Steps
from tests.benchmarks.answer_questions import SQUAD, SQUAD_SET, Question, own_documents, own_questions, squad
from tests.benchmarks.real_models import ABSENT, chat_models
from tests.process.documents_setup import DocumentsSetup

MEASURES = ("found", "right", "cited", "refused", "unwilling", "unsupported")


class RecordedChat:
    """A chat service that keeps all that is written by the message that asked for it, or repeats it."""

    def __init__(self, loaded: ModelInfo, chat: ChatService | None, recorded: dict[str, Any]) -> None:
        self.loaded = loaded
        self.written: dict[str, str] = recorded.get("written", {})
        self.judged: dict[str, float] = recorded.get("judged", {})
        self._chat = chat

    def complete(self, request: Request, **options: Any) -> Run[Completion]:
        asked = request.messages[-1].content
        chat = self._chat
        if chat is None:
            read = tuple(source.n for source in request.sources)
            text = self.written[asked]
            done = Completion(text, "", Finish.END, 0, 0, 0, 0, 0.0, 0.0, 0, 0, 0, read, 0, False)
            return Run.derived(lambda _: done)

        def work(steps: Steps) -> Completion:
            completion = steps.result(chat.complete, request, **options)
            self.written[asked] = completion.text
            return completion

        return Run.derived(work)

    def log_odds(self, request: Request, **options: Any) -> Run[float]:
        asked = request.messages[-1].content
        chat = self._chat
        if chat is None:
            return Run.derived(lambda _: self.judged[asked])

        def work(steps: Steps) -> float:
            odds = self.judged[asked] = steps.result(chat.log_odds, request, **options)
            return odds

        return Run.derived(work)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", type=Path, action="append")
    parser.add_argument("--questions", type=int, help="so many of our own questions, evenly chosen")
    parser.add_argument("--squad", type=int, default=36, help="so many questions of squad2")
    parser.add_argument("--raw", type=Path, help="write all answers to this file")
    parser.add_argument("--replay", type=Path)
    options = parser.parse_args()
    models = options.model or chat_models()
    if not models and not options.replay:
        sys.exit(f"skipped: {ABSENT}")
    for model in [None] if options.replay else models:
        _run(model, options)


def _run(model: Path | None, options: argparse.Namespace) -> None:
    questions = own_questions()
    step = max(1, len(questions) // options.questions) if options.questions else 1
    questions = questions[::step]
    with tempfile.TemporaryDirectory() as folder:
        setup = DocumentsSetup(Path(folder))
        chat = ChatService(Path(folder) / "chat")
        try:
            for language, files in own_documents().items():
                setup.add(*files, collection=language)
            if SQUAD.is_dir() and options.squad:
                asked, texts = squad(options.squad)
                questions += asked
                setup.add(
                    *(setup.write(f"squad/{name}", text) for name, text in texts.items()),
                    collection=SQUAD_SET,
                )
            elif options.squad:
                print(f"without squad2: {SQUAD} is not there")
            if model is None:
                recorded = json.loads(options.replay.read_text("utf-8"))
                answering = RecordedChat(ModelInfo(**recorded["model"]), None, recorded)
            else:
                answering = RecordedChat(chat.load(model, LoadOptions()).result(), chat, {})
            rows = _ask(GenerativeAnswerer(setup.service, answering), questions)  # type: ignore[arg-type]
        finally:
            chat.close()
            setup.service.close()
    print(f"\n{model.stem if model else options.replay.stem}")
    _print(rows)
    if options.raw:
        file = options.raw.with_stem(f"{options.raw.stem}-{model.stem}") if model else options.raw
        shape = dict.fromkeys(("setting", "corrections", "note"))
        info = {**asdict(answering.loaded), **shape}
        written = {"model": info, "written": answering.written, "judged": answering.judged, "answers": rows}
        file.write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")


def _ask(grounded: GenerativeAnswerer, questions: list[Question]) -> list[dict[str, Any]]:
    rows = []
    for number, question in enumerate(questions):
        began = time.perf_counter()
        request = Request(
            "",
            (Message(Role.USER, question.text),),
            sampling=Sampling(seed=1, max_tokens=200),
            answer_tokens=200,
            first_token_seconds=None,
        )
        answer = grounded.ask(request, Scope(collection=question.set)).result()
        row = _judged(question, answer) | {"seconds": round(time.perf_counter() - began, 1)}
        rows.append(row)
        if sys.stderr.isatty():
            print(f"\r{number + 1} of {len(questions)}", end="", file=sys.stderr)
    return rows


def _judged(question: Question, answer: GroundedAnswer) -> dict[str, Any]:
    quotes = {quote.n: " ".join((*quote.heading, quote.quote)) for quote in answer.answer.quotes}
    checked = answer.checked
    said = parse(checked.text)[0]
    absent = checked.absent or not said
    if question.pattern:
        right = not absent and question.answered_by(said)
        held = [n for n, quote in quotes.items() if question.answered_by(quote)]
        marks = {
            "found": bool(held),
            "right": right,
            "cited": right and any(n in held for n in checked.citations),
            "unwilling": absent,
        }
    else:
        right, marks = absent, {"refused": absent}
    unsupported = [
        checked.text[claim.start : claim.end]
        for claim in checked.claims
        if claim.citations and not right and not _stands(checked.text[claim.start : claim.end], quotes)
    ]
    return {
        "set": question.set,
        "question": question.text,
        "pattern": question.pattern,
        "second_half": question.second_half,
        "marks": marks,
        "unsupported": unsupported,
        "checked": checked.text,
        "completion": answer.completion.text if answer.completion else None,
        "quotes": quotes,
        "claims": [asdict(claim) for claim in checked.claims],
    }


def _stands(claim: str, quotes: dict[int, str]) -> bool:
    said = " ".join(parse(claim)[0].split()).rstrip(".。।")
    return any(said in " ".join(quote.split()) for quote in quotes.values())


def _print(rows: list[dict[str, Any]]) -> None:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["set"]].append(row)
        if row["set"] != SQUAD_SET:
            groups["second half" if row["second_half"] else "first half"].append(row)
            groups["our own"].append(row)
        groups["all"].append(row)
    print(f"{'':12}", *(f"{name:>11}" for name in MEASURES))
    for name, members in groups.items():
        cells = []
        for measure in MEASURES[:-1]:
            marks = [row["marks"][measure] for row in members if measure in row["marks"]]
            cells.append(f"{sum(marks)}/{len(marks)} {sum(marks) / len(marks):.2f}" if marks else "-")
        cells.append(str(sum(len(row["unsupported"]) for row in members)))
        print(f"{name:12}", *(f"{cell:>11}" for cell in cells))
    print(f"{sum(row['seconds'] for row in rows) / len(rows):.1f} s a question")


if __name__ == "__main__":
    main()

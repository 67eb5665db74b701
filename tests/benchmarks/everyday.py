"""Twelve everyday tasks in five languages, by each assistant that comes along and a real chat model.

    python -m tests.benchmarks everyday [--model FILE] [--assistant ID] [--tasks N] [--raw FILE]

Of each assistant's answers the table counts those that are as asked (a pattern is found: the sum, a greeting,
a function), that repeat the task, leak marks or instructions, do not end, or speak another language.
Without a model it takes those that are here (`make starter` brings one).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from assistant import paths, settings
from assistant.chat import request_builder
from assistant.chat.assistant_records import Assistant
from assistant.chat.assistants import Assistants
from assistant.chat.records import Completion, Finish, LoadOptions, Message, Role
from assistant.chat.service import ChatService
from assistant.text.language_detection import detect
from tests.benchmarks.real_models import ABSENT, chat_models

LONGEST = 400
FAULTS = ("repeats", "leaks", "endless", "other language")


@dataclass(frozen=True, slots=True)
class Task:
    language: str
    text: str
    pattern: str
    """Of an answer that does what was asked."""


TASKS = (
    Task("en", "What is the capital of Australia?", "Canberra"),
    Task("de", "Wie viel ist 17 mal 23?", "391"),
    Task(
        "es",
        "Dame tres ideas para un regalo de cumpleaños para mi padre.",
        r"(?s)(\n\s*(\d|[-*•]).*){3}|,.*,| y ",
    ),
    Task("hi", "मुझे दो दिन की छुट्टी चाहिए। मेरे मैनेजर के लिए एक छोटा पत्र लिखो।", "छुट्टी|अवकाश"),
    Task("zh", "用一句话解释什么是通货膨胀。", "价|货币|钱"),
    Task("en", "Write a Python function that counts the vowels in a word.", r"def \w+\("),
    Task("de", "Schreib mir eine Einkaufsliste für Pfannkuchen für vier Personen.", "Mehl|Eier"),
    Task("es", "Hola, ¿cómo estás hoy?", "."),
    Task("hi", "भारत की राजधानी क्या है?", "दिल्ली"),
    Task("zh", "请把“我明天不能来上班”写得更礼貌一些。", "明天"),
    Task(
        "en", "Write a short email that asks my neighbour to water my plants next week.", "Dear|Hi|Hello|Hey"
    ),
    Task("en", "Thanks, that helped me a lot!", "."),
)


def faults(task: Task, assistant: Assistant, answer: Completion) -> list[str]:
    said = answer.text.strip()
    found = []
    plain, asked = (" ".join(re.findall(r"\w+", text.casefold())) for text in (said, task.text))
    alike = SequenceMatcher(None, plain, asked, autojunk=False).ratio()
    if not plain or alike > 0.85 or (asked in plain and len(plain) < 1.3 * len(asked)):
        found.append("repeats")
    rules = [part for part in re.split(r"[.:;]\s*", assistant.instructions) if len(part) > 25]
    marks = re.search(
        r"<\||\|>|</?s>|\[/?INST|<end_of|<start_of|^(system|user|assistant)\b", said, re.I | re.M
    )
    if marks or any(rule.casefold() in said.casefold() for rule in rules):
        found.append("leaks")
    if answer.finish in (Finish.LENGTH, Finish.CONTEXT):
        found.append("endless")
    prose = re.sub(r"```.*?(```|\Z)", " ", said, flags=re.S)
    language, certainty = detect(prose)
    if len(prose.split()) > 5 and certainty > 0.9 and language != task.language:
        found.append("other language")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", type=Path, action="append")
    parser.add_argument("--assistant", action="append", help="only this one")
    parser.add_argument("--tasks", type=int, default=len(TASKS))
    parser.add_argument("--raw", type=Path, help="write all answers to this file")
    options = parser.parse_args()
    models = options.model or chat_models()
    if not models:
        sys.exit(f"skipped: {ABSENT}")
    written = []
    with tempfile.TemporaryDirectory() as folder:
        known = Assistants(Path(folder) / "assistants.json", paths.resources() / "assistants.json").all()
        chat = ChatService(Path(folder) / "chat")
        try:
            for model in models:
                chat.load(model, LoadOptions()).result()
                print(f"\n{model.stem}\n{'':12} {'as asked':>9}", *(f"{fault:>15}" for fault in FAULTS))
                for assistant in known:
                    if options.assistant and assistant.id not in options.assistant:
                        continue
                    rows = [(task, _answer(chat, assistant, task)) for task in TASKS[: options.tasks]]
                    counts = dict.fromkeys(FAULTS, 0)
                    good = 0
                    for task, answer in rows:
                        wrong = faults(task, assistant, answer)
                        good += not wrong and re.search(task.pattern, answer.text) is not None
                        for fault in wrong:
                            counts[fault] += 1
                        written.append([model.stem, assistant.id, task.text, answer.text, wrong])
                    print(
                        f"{assistant.id:12} {f'{good}/{len(rows)}':>9}",
                        *(f"{count:>15}" for count in counts.values()),
                        flush=True,
                    )
        finally:
            chat.close()
            if options.raw:
                options.raw.write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")


def _answer(chat: ChatService, assistant: Assistant, task: Task) -> Completion:
    chosen = settings.Chat(seed=1, longest_answer=LONGEST)
    request = replace(
        request_builder.question(chosen, task.text),
        instructions=request_builder.instructions(assistant),
        messages=(Message(Role.USER, task.text),),
        first_token_seconds=None,
    )
    return chat.complete(request).result()


if __name__ == "__main__":
    main()

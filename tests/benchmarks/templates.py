"""Compares the prompts that chat templates give with the expected ones, and counts.

Takes templates and expected prompts from ../shared/data/prompts beside the checkout, or says that they are
absent. A template that refuses a conversation where the reference failed as well is counted apart, with
those that are rendered here all the same (made for tools, or marking their text).

    python -m tests.benchmarks.templates
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.chat.records import Message, Role
from assistant.chat.templates import ChatTemplate
from assistant.errors import TemplateRefused

FOLDER = Path(__file__).resolve().parents[3] / "shared/data/prompts"
_BOS, _EOS = "<BOS>", "<EOS>"
_TODAY = datetime(2025, 7, 26)


def main() -> None:
    if not FOLDER.is_dir():
        print(f"skipped: there is no {FOLDER}")
        return
    counts: Counter[str] = Counter()
    for line in (FOLDER / "templates_rendered.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        path = FOLDER / row["template"]
        if path.is_file():
            counts[_compare(row, path.read_text(encoding="utf-8"))] += 1
        else:
            counts["template is not there"] += 1
    for name, count in sorted(counts.items()):
        print(f"{count:5}  {name}")
    _compare_cases()


def _compare(row: dict[str, Any], source: str) -> str:
    messages = _messages(json.loads((FOLDER / "conversations.json").read_text())[row["conversation"]])
    try:
        template = ChatTemplate(source, bos=_BOS, eos=_EOS, now=lambda: _TODAY)
        text = template.render(messages, thinking=row.get("enable_thinking"))
    except TemplateRefused as error:
        if row["ok"]:
            print(f"REFUSED {row['template']} {row['conversation']}: {error}")
            return "refused, though a prompt is expected"
        if row["error"].rpartition(": ")[2][:30] not in error.details["why"]:
            print(f"{row['template']} {row['conversation']}: {error.details['why']} / {row['error']}")
        return "refused, as expected"
    if not row["ok"]:
        return "rendered, where the reference fails"
    if text != row["text"]:
        print(f"DIFFERS {row['template']} {row['conversation']}\n  {row['text']!r}\n  {text!r}")
        return "DIFFERENT"
    return "the same"


def _compare_cases() -> None:
    """The cases of llama.cpp's own test, where a reference in Python agrees with it."""
    data = json.loads((FOLDER / "chat_template_expected.json").read_text())
    messages = _messages(data["conversation"])
    counts: Counter[str] = Counter()
    for case in data["cases"]:
        if "template_str" not in case:
            counts["without a template"] += 1
            continue
        expected = case.get("expected_output_jinja") or case.get("expected_output", "")
        try:
            template = ChatTemplate(
                case["template_str"], bos=case.get("bos_token") or "", eos=case.get("eos_token") or ""
            )
            result = "the same" if template.render(messages) == expected else "different"
        except TemplateRefused as error:
            result = "refused"
            if case.get("python_jinja2_agrees"):
                print(f"REFUSED {case['name']}: {error}")
        if result == "different" and case.get("python_jinja2_agrees"):
            print(f"DIFFERS {case['name']}\n  {expected!r}\n  {template.render(messages)!r}")
        agrees = "agrees" if case.get("python_jinja2_agrees") else "does not agree"
        counts[f"{result}, where the reference in Python {agrees}"] += 1
    print("llama.cpp's own cases:")
    for name, count in sorted(counts.items()):
        print(f"{count:5}  {name}")


def _messages(items: list[dict[str, str]]) -> list[Message]:
    return [Message(Role(item["role"]), item["content"]) for item in items]


if __name__ == "__main__":
    main()

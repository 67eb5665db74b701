"""Has an answer written: from the conversation so far and, where there are documents, from their quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.chat.assistant_records import Assistant
from assistant.chat.history_records import ConversationInfo, StoredMessage
from assistant.documents.records import Answer, CheckedText, GroundedAnswer, Scope, Verdict
from ui import words
from ui.desk import Desk
from ui.pages.turn import Turn, completion_meta

LOOKING = "Looking in the documents…"


def ask(
    desk: Desk,
    turn: Turn,
    info: ConversationInfo,
    assistant: Assistant,
    path: Sequence[StoredMessage],
    *,
    go_on: bool = False,
) -> None:
    """Have the turn answered: `path` ends with what the person said."""
    services = desk.services
    messages = [*path, turn.message] if go_on else path
    request = services.request(assistant, messages, conversation=info.id, continue_last=go_on)
    scope = scope_of(info, assistant)
    if scope is None or go_on:
        turn.follow(services.chat.complete(request, on_report=turn.receive), completion_meta)
        return
    turn.say(LOOKING)
    run = services.grounded.ask(request, scope, on_report=turn.receive)
    turn.follow(run, grounded_meta, lambda report: _take(turn, report))


def scope_of(info: ConversationInfo, assistant: Assistant) -> Scope | None:
    """Where answers come from: the conversation's documents, else the assistant's; None: from nowhere."""
    documents = names_of(info.meta.get("documents"))
    if documents:
        return Scope(documents=tuple(documents))
    if assistant.collection:
        return Scope(collection=assistant.collection)
    return Scope() if assistant.all_documents else None


def _take(turn: Turn, report: object) -> None:
    if isinstance(report, Answer):
        turn.quotes = report.quotes
        amount = words.count(len(report.quotes), "quote")
        turn.doing = f"Reading {amount}…" if report.quotes else "The documents hold nothing on it…"


def grounded_meta(result: GroundedAnswer) -> dict[str, Any]:
    """What is kept with an answer from documents: its quotes, and what they do not say."""
    return {
        **completion_meta(result.completion),
        "quotes": list(result.answer.quotes),
        "doubts": doubts(result.checked),
        "absent": result.checked.absent,
    }


def doubts(checked: CheckedText) -> list[int]:
    """Where sentences end whose quotes say something else."""
    return [claim.end for claim in checked.claims if claim.verdict is Verdict.UNSUPPORTED]


def names_of(stored: Any) -> dict[int, str]:
    """Documents by id, from what is kept with a conversation."""
    found = {}
    for each in stored if isinstance(stored, Sequence) else ():
        if isinstance(each, Mapping) and isinstance(each.get("id"), int):
            found[each["id"]] = str(each.get("name", ""))
    return found

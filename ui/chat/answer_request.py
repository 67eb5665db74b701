"""Has an answer written: from the conversation, from quotes of documents, or from a whole document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from assistant.chat.assistant_records import Assistant
from assistant.chat.history.records import ConversationInfo, StoredMessage
from assistant.documents.records import Answer, Scope
from assistant.jobs import Progress
from ui.chat.streaming_answer import StreamingAnswer
from ui.common import formatting, quantities
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate

SUMMARISES = "summarises"
"""The number of the document, in what is kept with a request for its summary and with each answer to it."""


def ask(
    context: PageContext,
    answer: StreamingAnswer,
    info: ConversationInfo,
    assistant: Assistant,
    path: Sequence[StoredMessage],
    *,
    go_on: bool = False,
) -> None:
    """Have the answer written: `path` ends with what the person said."""
    services = context.services
    messages = [*path, answer.message] if go_on else path
    about: dict[str, Any] = {"conversation": info.id, "continue_last": go_on, "remembered": info.meta}
    document = answer.message.meta.get(SUMMARISES)
    if isinstance(document, int):
        request = services.requests.request(assistant, messages, **about)
        answer.reading = translate("chat", "Reading the text")
        answer.show_status(translate("chat", "Reading the document…"))
        summary = services.grounded.summarise(document, request=request, on_report=answer.receive)
        answer.follow(summary, partial(_take_progress, answer))
        return
    pictures, scope = path[-1].pictures, scope_of(info, assistant)
    question = path[-1].content if pictures else ""
    answer.read_only_text = bool(pictures) and not services.requests.sees
    if scope is None or go_on:
        talk = services.requests.answer(
            assistant,
            messages,
            lambda request, report: services.chat.complete(request, on_report=report),
            on_report=answer.receive,
            **about,
        )
        answer.follow(talk, partial(_take_recognition, answer))
        return
    answer.show_status(translate("chat", "Searching the documents…"))
    run = services.requests.answer(
        assistant,
        messages,
        lambda request, report: services.grounded.ask(request, scope, question=question, on_report=report),
        on_report=answer.receive,
        **about,
    )
    answer.follow(run, partial(_take_quotes, answer))


def _take_recognition(answer: StreamingAnswer, report: object) -> None:
    """The pictures are read before the model begins."""
    if isinstance(report, Progress):
        answer.status = translate("chat", "Recognising the text in the picture…")
        if report.total is not None and report.total > 1:
            text = translate("chat", "Recognising the text in picture %1 of %2…")
            answer.status = arg(text, report.done + 1, report.total)


def scope_of(info: ConversationInfo, assistant: Assistant) -> Scope | None:
    """Where answers come from: the conversation's documents, else the assistant's; None: from nowhere."""
    documents = names_of(info.meta.get("documents"))
    if documents:
        return Scope(documents=tuple(documents))
    if assistant.collection:
        return Scope(collection=assistant.collection)
    return Scope() if assistant.all_documents else None


def _take_quotes(answer: StreamingAnswer, report: object) -> None:
    _take_recognition(answer, report)
    if isinstance(report, Answer):
        answer.quotes = report.quotes
        answer.status = translate("chat", "Nothing on this in the documents…")
        if report.quotes:
            answer.reading = translate("chat", "Reading %n quote(s)", None, len(report.quotes))
            answer.status = f"{answer.reading}…"


def _take_progress(answer: StreamingAnswer, report: object) -> None:
    if isinstance(report, Progress):
        answer.status = _progress(report)


def _progress(progress: Progress) -> str:
    """ "Summarising, 3 of 12"."""
    doing, step = formatting.one_line(progress.doing), progress.done + 1
    if progress.total is None or step >= progress.total:
        return f"{doing}…"
    number = quantities.number
    return arg(translate("chat", "%1, %2 of %3"), doing, number(step), number(progress.total))


def summary_request(name: str) -> str:
    """What the person says who has a document summarised."""
    return arg(translate("chat", "Summarise “%1”."), name)


def summarised(message: StoredMessage) -> dict[str, Any]:
    """What is kept with a request for a summary and each answer to it; nothing for other messages."""
    return {SUMMARISES: message.meta[SUMMARISES]} if SUMMARISES in message.meta else {}


def kept_with(text: str, about: Mapping[str, Any] | None, edited: StoredMessage | None) -> dict[str, Any]:
    """What is kept with a new message and its answer: what it asks a summary of, itself or as it was before.

    Args:
        about: the document, if a summary is asked for.
        edited: the message that this one takes the place of.
    """
    if about is not None:
        return {SUMMARISES: about["id"]}
    return summarised(edited) if edited is not None and edited.content == text else {}


def names_of(stored: Any) -> dict[int, str]:
    """Documents by id, from what is kept with a conversation."""
    found = {}
    for each in stored if isinstance(stored, Sequence) else ():
        if isinstance(each, Mapping) and isinstance(each.get("id"), int):
            found[each["id"]] = str(each.get("name", ""))
    return found

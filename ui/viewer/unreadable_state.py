"""Stands in the place of a document that cannot be shown: why, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

from assistant.documents.records import DocumentInfo
from assistant.errors import DocumentGone, PasswordRequired, Problem
from ui.common import document_state, error_words, formatting
from ui.common.empty_state import EmptyState
from ui.common.translation import translate

Do = Callable[[DocumentInfo], None]


def unreadable_state(
    document: DocumentInfo | None, problem: Problem | None, unlock: Do, retry: Do
) -> EmptyState:
    """`problem`: what came of opening it now; what its reading ended with counts where that says nothing."""
    if problem is None and document is not None and document_state.waits_for_recognition(document):
        return _to_be_recognised()
    problem = problem or (document.error if document is not None else None)
    if problem is None:
        unfinished = document is not None and document.state in document_state.UNFINISHED
        return _nothing_yet() if unfinished else _empty()
    said = formatting.one_line(error_words.both(problem))
    if problem.code == PasswordRequired.code:
        title, icon = translate("documents", "This document is locked"), "lock-simple"
        offer = (translate("documents", "Enter password…"), "key", unlock)
    elif problem.code == DocumentGone.code:
        title, icon = translate("documents", "The file is missing"), "link-break"
        offer = (translate("documents", "Look again"), "arrow-counter-clockwise", retry)
    else:
        title, icon = translate("documents", "This document cannot be read"), "warning-circle"
        offer = (translate("documents", "Try again"), "arrow-counter-clockwise", retry)
    if document is None:
        return EmptyState(icon, title, said)
    words, button, do = offer
    return EmptyState(icon, title, said, ((words, button, lambda: do(document)),))


def _nothing_yet() -> EmptyState:
    return EmptyState(
        "hourglass-medium",
        translate("documents", "This document is still being read"),
        translate("documents", "Its text appears here in a moment."),
    )


def _to_be_recognised() -> EmptyState:
    return EmptyState(
        "hourglass-medium",
        translate("documents", "The text of this document is still to be recognised"),
        translate("documents", "It stands in pictures. It appears here once it was recognised."),
    )


def _empty() -> EmptyState:
    return EmptyState(
        "file-text",
        translate("documents", "No text was found in this document"),
        translate("documents", "It may contain only pictures, or nothing at all."),
    )

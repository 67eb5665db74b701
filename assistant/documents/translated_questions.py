"""Questions in a language that is not that of the documents: translated for the search, where that can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from assistant import languages
from assistant.documents.grounded_records import Evidence
from assistant.documents.records import Answer, Scope
from assistant.workers.run import Run, Steps

TranslateQuestion = Callable[[str, str, str], str | None]
"""(question, its language, the wanted one) to the question in that; None where it cannot be had soon."""


class TranslatedQuestions:
    """Asks as it stands first: that costs little, and tells whether another language is wanted."""

    def __init__(self, call: Callable[..., Run[Any]], translate: TranslateQuestion | None) -> None:
        """Args:
        call: the worker's methods `ask` and `evidence`.
        """
        self._call = call
        self._translate = translate

    def ask(self, steps: Steps, question: str, scope: Scope) -> Answer:
        plain: Answer = steps.result(self._call, "ask", question=question, scope=scope)
        other = self._in_their_language(plain)
        if other is None:
            return plain
        return _chosen(plain, steps.result(self._call, "ask", question=other, scope=scope))

    def evidence(self, steps: Steps, question: str, scope: Scope) -> Evidence:
        """The answer to it is to be in the language of the question."""
        plain: Evidence = steps.result(self._call, "evidence", question=question, scope=scope)
        other = self._in_their_language(plain.answer)
        if other is None:
            return plain
        found: Evidence = steps.result(self._call, "evidence", question=other, scope=scope)
        answer = _chosen(plain.answer, found.answer)
        return plain if answer is plain.answer else replace(found, answer=answer, language=plain.language)

    def _in_their_language(self, plain: Answer) -> str | None:
        if plain.foreign is None or self._translate is None:
            return None
        return self._translate(plain.question, plain.foreign.language, plain.foreign.documents)


def _chosen(plain: Answer, found: Answer) -> Answer:
    """What was found for the translated question, as an answer to the other one; the plain one if nothing."""
    if not found.quotes or plain.foreign is None:
        return plain
    searched = f"Searched in {languages.name(plain.foreign.documents)}: “{found.question}”"
    return replace(
        found,
        question=plain.question,
        seconds=plain.seconds + found.seconds,
        note=f"{searched} {found.note}".rstrip(),
    )

"""Answers of a model that rest on the documents: quotes at once, then the model, then the check.

Runs in the parent and lets the workers do the work: documents finds and checks, chat writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from assistant.chat.records import Completion, Message, Request, Role
from assistant.chat.service import ChatService
from assistant.documents.answering import grounded_prompt, summarisation
from assistant.documents.answering.citation_parsing import parse
from assistant.documents.records import EVERYWHERE, CheckedText, Evidence, GroundedAnswer, Scope, Summary
from assistant.documents.service import DocumentsService
from assistant.workers.run import Run, Steps

_NOTHING = CheckedText("", (), False)
_NOT_THERE = CheckedText(grounded_prompt.NOT_THERE, (), True)
_EMPTY = Request("", ())


class GenerativeAnswerer:
    """May be called from any thread; callbacks come on threads of the runs."""

    def __init__(self, documents: DocumentsService, chat: ChatService) -> None:
        self._documents = documents
        self._chat = chat

    def ask(
        self,
        request: Request,
        scope: Scope = EVERYWHERE,
        *,
        on_report: Callable[[Any], None] | None = None,
    ) -> Run[GroundedAnswer]:
        """Answer the last message of the person from the documents.

        Reports the Answer (its quotes) as soon as it is there, then PromptProgress and TextDelta. Without a
        model, or where nothing was found and nothing was said before, the model is not asked.

        Args:
            request: what `chat.complete` would be asked; its sources are replaced by what is found, its
                instructions come before those of grounded answers, and without a temperature it is 0.
        """
        return Run.derived(lambda steps: self._ask(steps, request, scope), on_report)

    def summarise(
        self,
        document: int,
        *,
        request: Request = _EMPTY,
        on_report: Callable[[Any], None] | None = None,
    ) -> Run[Summary]:
        """Summarise a document of any length, in passes; every sentence cites where it is from.

        Reports Progress, and TextDelta of the last pass. Fails with NoModel if none is loaded.

        Args:
            request: an assistant's own instructions, sampling and room; messages and sources are not used.
        """

        def work(steps: Steps) -> Summary:
            return summarisation.Summariser(self._documents, self._chat, steps, request).summarise(document)

        return Run.derived(work, on_report)

    def _ask(self, steps: Steps, request: Request, scope: Scope) -> GroundedAnswer:
        question = request.messages[-1].content
        history = tuple(_without_citations(message) for message in request.messages[:-1])
        evidence = self._evidence(steps, question, scope, history)
        steps.report(evidence.answer)
        if self._chat.loaded is None:
            return GroundedAnswer(evidence.answer, _NOTHING, None)
        if not (evidence.sources or history or request.summary):
            return GroundedAnswer(evidence.answer, _NOT_THERE, None)
        asked = replace(
            request,
            instructions=grounded_prompt.instructions(request.instructions),
            messages=(*history, Message(Role.USER, question)),
            sources=evidence.sources,
            sampling=summarisation.exact(request.sampling),
            prompt_lookup=bool(evidence.sources),
            continue_last=False,
        )
        completion: Completion = steps.result(self._chat.complete, asked, on_report=steps.report)
        # What had no room in the prompt cannot have been read: citing it is a guess.
        read = [source for source in evidence.sources if source.n in completion.sources]
        checked = steps.result(self._documents.check_claims, completion.text, read, question)
        return GroundedAnswer(evidence.answer, checked, completion)

    def _evidence(self, steps: Steps, question: str, scope: Scope, history: Sequence[Message]) -> Evidence:
        """What is found for the question; for "And in winter?" with the question before it."""
        evidence = steps.result(self._documents.evidence, question, scope)
        before = next((each.content for each in reversed(history) if each.role is Role.USER), "")
        if evidence.sources or not before:
            return evidence
        both = steps.result(self._documents.evidence, f"{before} {question}", scope)
        return replace(both, answer=replace(both.answer, question=question)) if both.sources else evidence


def _without_citations(message: Message) -> Message:
    """Numbers of earlier answers mean other sources than those of this one."""
    return replace(message, content=parse(message.content)[0]) if message.role is Role.ASSISTANT else message

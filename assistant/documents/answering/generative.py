"""Answers of a model that rest on the documents: quotes at once, then the model, then the check.

Runs in the parent and lets the workers do the work: documents finds and checks, chat writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from assistant.chat.records import Completion, Message, Request, Role, Source
from assistant.chat.service import ChatService
from assistant.documents.answering import grounded_prompt, summarisation
from assistant.documents.answering.citation_check import says_absent
from assistant.documents.answering.citation_parsing import parse
from assistant.documents.answering.claim_support import shared
from assistant.documents.answering.quote_places import lines
from assistant.documents.grounded_records import CheckedText, Evidence, GroundedAnswer, Summary
from assistant.documents.records import EVERYWHERE, Answer, Quote, Scope
from assistant.documents.service import DocumentsService
from assistant.documents.text.question_kinds import is_fragment, is_question
from assistant.workers.run import Run, Steps

_NOTHING = CheckedText("", (), False)
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
        question: str = "",
        on_report: Callable[[Any], None] | None = None,
    ) -> Run[GroundedAnswer]:
        """Answer the last message of the person from the documents.

        Reports the Answer (its quotes) as soon as it is there, then PromptProgress and TextDelta. Without a
        model, or where nothing was found and nothing was said before, the model is not asked.

        Args:
            request: what `chat.complete` would be asked; its sources are replaced by what is found, its
                instructions come before those of grounded answers, and without a temperature it is 0.
            question: what is looked for, where the last message says more, such as the text of a picture.
        """
        return Run.derived(lambda steps: self._ask(steps, request, scope, question), on_report)

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

    def _ask(self, steps: Steps, request: Request, scope: Scope, question: str) -> GroundedAnswer:
        history, last = request.messages[:-1], request.messages[-1]
        question = question or last.content
        evidence = self._evidence(steps, question, scope, history)
        steps.report(evidence.answer)
        if not is_fragment(question, evidence.language):  # it goes on from what was asked before
            history = _without_refusals(history, evidence.language)
        history = tuple(map(_without_citations, history))
        loaded = self._chat.loaded
        if loaded is None:
            return GroundedAnswer(evidence.answer, _NOTHING, None)
        said = [request.summary, *(each.content for each in history)]
        if question != last.content:
            said.append(last.content)
        told = "\n".join(part for part in said if part)
        seen = bool(last.pictures)  # an answer may rest on them, and nothing here can check that
        if not (told or seen) and (evidence.answer.absence or not evidence.sources):
            return _not_there(evidence.answer)
        asked = replace(
            request,
            messages=(*history, last),
            sources=evidence.sources,
            sampling=summarisation.exact(request.sampling),
            prompt_lookup=bool(evidence.sources),
            continue_last=False,
        )
        parameters, task = loaded.parameters, evidence.task
        asked = grounded_prompt.fitting(asked, parameters, task=task)
        absent = evidence.answer.absence is not None or (not task and self._denied(steps, asked, parameters))
        if absent and not (told or seen):
            return _not_there(evidence.answer)
        asked = grounded_prompt.in_language(asked, evidence.language)
        completion: Completion = steps.result(self._chat.complete, asked, on_report=steps.report)
        # What had no room in the prompt cannot have been read: citing it is a guess.
        read = [source for source in evidence.sources if source.n in completion.sources]
        checked = steps.result(self._documents.check_claims, completion.text, read, question, told)
        if checked.denial and not absent:  # it says yes where a source says no: the source has the word
            checked = steps.result(self._documents.check_claims, checked.denial, read, question, told)
        unsupported = checked.absent and not (task or seen or says_absent(checked.text))
        if unsupported or (absent and checked.citations):
            return _not_there(evidence.answer, completion)
        known_absent = evidence.answer.absence is not None and not seen
        if known_absent and not self._was_told(steps, completion.text, question, told, evidence.language):
            return _not_there(evidence.answer, completion)
        return GroundedAnswer(self._with_cited_words(steps, evidence, checked), checked, completion)

    def _was_told(self, steps: Steps, text: str, question: str, told: str, language: str) -> bool:
        """Whether the conversation bears out an answer, where it has to."""
        if not is_question(question, language):
            return True
        conversation = [Source(1, "", (told,), (0,))]
        checked: CheckedText = steps.result(self._documents.check_claims, text, conversation, question)
        return bool(checked.citations)

    def _with_cited_words(self, steps: Steps, evidence: Evidence, checked: CheckedText) -> Answer:
        """The quotes, those made longer that are cited for a sentence beside them."""
        quotes = {quote.n: quote for quote in evidence.answer.quotes}
        cited = {number: (quote.start, quote.end) for number, quote in quotes.items()}
        for claim in checked.claims:
            said = parse(checked.text[claim.start : claim.end])[0]
            for number in claim.citations:
                start, end = _place_of(said, evidence, number)
                cited[number] = min(start, cited[number][0]), max(end, cited[number][1])
        longer = {
            number: (quotes[number], span)
            for number, span in cited.items()
            if span != (quotes[number].start, quotes[number].end)
        }
        if not longer:
            return evidence.answer
        quotes.update(self._longer(steps, longer))
        wider: dict[int, tuple[Quote, tuple[int, int]]] = {}
        for at, place in enumerate(evidence.answer.places):
            start = min(place.quote.start, *(quotes[number].start for number in place.numbers))
            end = max(place.quote.end, *(quotes[number].end for number in place.numbers))
            if (start, end) != (place.quote.start, place.quote.end):
                wider[at] = place.quote, (start, end)
        shown = self._longer(steps, wider)
        places = (
            replace(place, quote=shown.get(at, place.quote))
            for at, place in enumerate(evidence.answer.places)
        )
        return replace(evidence.answer, quotes=tuple(quotes.values()), places=tuple(places))

    def _longer(self, steps: Steps, wanted: dict[int, tuple[Quote, tuple[int, int]]]) -> dict[int, Quote]:
        """Quotes, by any key, with the words of these spans of their sections."""
        if not wanted:
            return {}
        spans = tuple((quote.section, start, end) for quote, (start, end) in wanted.values())
        made = steps.result(self._documents.quotes, spans)
        return {
            key: _with_words_of(new, old) for (key, (old, _)), new in zip(wanted.items(), made, strict=True)
        }

    def _denied(self, steps: Steps, asked: Request, parameters: int) -> bool:
        """Whether a model that cannot be asked for both at once sees no answer in the sources."""
        if not (asked.sources and grounded_prompt.JUDGING <= parameters < grounded_prompt.CITING):
            return False
        judging = grounded_prompt.judging(asked)
        # The conversation may be needed to understand the question, but the more there is of it, the less
        # often a model sees an answer.
        alone = replace(judging, messages=judging.messages[-1:], summary="", conversation="")
        both = (judging, alone) if len(judging.messages) > 1 or judging.summary else (judging,)
        return all(
            steps.result(self._chat.log_odds, each, on_report=steps.report) < grounded_prompt.LEAST_LOG_ODDS
            for each in both
        )

    def _evidence(self, steps: Steps, question: str, scope: Scope, history: Sequence[Message]) -> Evidence:
        """What is found for the question; for "And in winter?" with the last one that says enough."""
        evidence = steps.result(self._documents.evidence, question, scope)
        both = evidence
        for before in (each.content for each in reversed(history) if each.role is Role.USER):
            both = steps.result(self._documents.evidence, f"{before} {question}", scope)
            if not is_fragment(before, both.language):
                break
        # The language of a fragment is uncertain by itself.
        if both.sources and (not evidence.sources or is_fragment(question, both.language)):
            return replace(both, answer=replace(both.answer, question=question))
        return evidence


def _with_words_of(new: Quote, old: Quote) -> Quote:
    """The old quote with the words of the new one."""
    moved = old.start - new.start
    asked = tuple((start + moved, end + moved) for start, end in old.asked)
    return replace(new, n=old.n, score=old.score, heading=old.heading, asked=asked, lines=lines(new.quote))


def _place_of(claim: str, evidence: Evidence, number: int) -> tuple[int, int]:
    """Where the sentence of a source stands that says most of what the claim adds to the question."""
    read, question = evidence.sources[number - 1], evidence.answer.question

    def said(at: int) -> float:
        return shared(claim, read.sentences[at], evidence.language, question)

    return evidence.places[number - 1][max(read.best, key=said)]


def _not_there(answer: Answer, completion: Completion | None = None) -> GroundedAnswer:
    why = f" {answer.absence.message}" if answer.absence is not None else ""
    return GroundedAnswer(
        answer, CheckedText(grounded_prompt.NOT_THERE + why, (), True), completion, refused=True
    )


def _without_refusals(history: Sequence[Message], language: str) -> tuple[Message, ...]:
    """Without questions that had no answer: they tell nothing, and a small model that reads of one refusal
    sees the next answer less often."""
    refused = {
        at
        for at, (asked, said) in enumerate(pairwise(history))
        if asked.role is Role.USER
        and is_question(asked.content, language)
        and says_absent(said.content)
        and parse(said.content)[0] == said.content
    }
    return tuple(each for at, each in enumerate(history) if not refused & {at, at - 1})


def _without_citations(message: Message) -> Message:
    """Numbers of earlier answers mean other sources than those of this one."""
    return replace(message, content=parse(message.content)[0]) if message.role is Role.ASSISTANT else message

"""A summary of a document of any length: passages are summarised as many as fit, then the summaries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.chat.records import Completion, Message, Request, Role, Sampling, Source
from assistant.chat.service import ChatService
from assistant.documents.answering import grounded_prompt
from assistant.documents.answering.citation_parsing import parse
from assistant.documents.answering.claim_support import shared
from assistant.documents.grounded_records import CheckedText, Passage, Summary
from assistant.documents.service import DocumentsService
from assistant.errors import NoModel, UserInputError
from assistant.jobs import Progress
from assistant.workers.run import Steps

_MOST_SOURCES = 40
"""More numbers than these are mixed up by small models."""
_OVERHEAD = 64
"""Tokens of the template and the question, and a margin."""
_SOURCE_OVERHEAD = 24
"""Tokens of a source besides its text: its number and line ends."""
_MOST_LEVELS = 8
"""How often summaries are summarised; each time there is less of them."""

_QUESTION = (Message(Role.USER, grounded_prompt.SUMMARISE_QUESTION),)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is to be summarised as one source."""

    head: str
    sentences: tuple[str, ...]
    passages: tuple[tuple[Passage, int], ...]
    """Of each sentence where it is from: a passage, and which sentence of it."""


class Summariser:
    """Makes one summary."""

    def __init__(
        self, documents: DocumentsService, chat: ChatService, steps: Steps, request: Request
    ) -> None:
        self._documents = documents
        self._chat = chat
        self._steps = steps
        self._request = replace(
            request,
            instructions=grounded_prompt.instructions(request.instructions, grounded_prompt.SUMMARISE),
            messages=_QUESTION,
            sampling=exact(request.sampling),
            continue_last=False,
            prompt_lookup=True,
            first_token_seconds=None,
            conversation="",
        )
        self._passes = 0

    def summarise(self, document: int) -> Summary:
        """
        Raises:
            NoModel: none is loaded.
            UserInputError: there is no text in the document.
            Cancelled: it was stopped.
        """
        loaded = self._chat.loaded
        if loaded is None:
            raise NoModel("no-model-to-summarise")
        self._steps.report(Progress("Reading the document"))
        pieces = [_as_piece(passage) for passage in self._passages(document)]
        if not pieces:
            raise UserInputError("nothing-to-summarise")
        title = self._title(document)
        room = loaded.context - min(self._request.answer_tokens, loaded.context // 4) - _OVERHEAD
        for level in range(_MOST_LEVELS):
            groups = self._groups(pieces, room)
            if len(groups) == 1:
                return self._last(document, title, groups[0])
            shorter: list[_Piece] = []
            for number, group in enumerate(groups):
                doing = "Summarising" if level == 0 else "Bringing it together"
                self._steps.report(Progress(doing, number, len(groups) + 1))
                checked, _ = self._pass(group, stream=False)
                shorter += _said(checked, group)
            if not shorter or _length(shorter) >= _length(pieces):
                # The model does not shorten: its summary of the beginning is better than none.
                return self._last(
                    document, title, groups[0], "Only a part of the document could be summarised."
                )
            pieces = shorter
        return self._last(document, title, self._groups(pieces, room)[0])

    def _passages(self, document: int) -> Iterator[Passage]:
        after = 0
        while True:
            found = self._steps.result(self._documents.passages, document, after)
            if not found:
                return
            yield from found
            after = found[-1].section

    def _title(self, document: int) -> str:
        rows = self._steps.result(self._documents.documents)
        return next((row.title for row in rows if row.id == document), "")

    def _groups(self, pieces: Sequence[_Piece], room: int) -> list[list[_Piece]]:
        """As many pieces in each as the model can read at once."""
        texts = [
            self._request.instructions,
            *(f"{piece.head} {' '.join(piece.sentences)}" for piece in pieces),
        ]
        lengths = self._steps.result(self._chat.count, texts)
        left_for_all = max(1, room - lengths[0])
        groups: list[list[_Piece]] = [[]]
        left = left_for_all
        for piece, length in zip(pieces, lengths[1:], strict=True):
            length += _SOURCE_OVERHEAD
            if groups[-1] and (length > left or len(groups[-1]) == _MOST_SOURCES):
                groups.append([])
                left = left_for_all
            groups[-1].append(piece)
            left -= length
        return groups

    def _pass(self, group: Sequence[_Piece], *, stream: bool) -> tuple[CheckedText, Completion]:
        sources = tuple(
            Source(number, piece.head, piece.sentences, tuple(range(len(piece.sentences))))
            for number, piece in enumerate(group, 1)
        )
        request = replace(self._request, sources=sources)
        self._passes += 1
        report = self._steps.report if stream else None
        completion = self._steps.result(self._chat.complete, request, on_report=report)
        checked = self._steps.result(self._documents.check_claims, completion.text, sources)
        return checked, completion

    def _last(self, document: int, title: str, group: Sequence[_Piece], note: str = "") -> Summary:
        self._steps.report(Progress("Writing the summary", self._passes, self._passes + 1))
        checked, completion = self._pass(group, stream=True)
        places = []
        for number in range(1, len(group) + 1):
            claims = [
                checked.text[each.start : each.end] for each in checked.claims if number in each.citations
            ]
            passage, sentence = _where(parse(claims[0])[0] if claims else "", group[number - 1])
            places.append((passage.section, *passage.places[sentence]))
        quotes = self._steps.result(self._documents.quotes, places)
        cited = tuple(quote for quote in quotes if quote.n in checked.citations)
        return Summary(document, title, checked, cited, self._passes, note, completion)


def exact(sampling: Sampling) -> Sampling:
    """The likeliest words, unless the person wants it otherwise: copying is not to be left to chance."""
    return sampling if sampling.temperature is not None else replace(sampling, temperature=0.0)


def _as_piece(passage: Passage) -> _Piece:
    head = ", ".join(part for part in (passage.location, *passage.heading[-1:]) if part)
    return _Piece(head, passage.sentences, tuple((passage, at) for at in range(len(passage.sentences))))


def _said(checked: CheckedText, group: Sequence[_Piece]) -> list[_Piece]:
    """The sentences of a summary that hold, each with the place it is from."""
    pieces = []
    for claim in checked.claims:
        if not claim.citations:
            continue
        text, _ = parse(checked.text[claim.start : claim.end])
        piece = group[claim.citations[0] - 1]
        where = _where(text, piece)
        pieces.append(_Piece(piece.head, (text.strip(),), (where,)))
    return pieces


def _where(claim: str, piece: _Piece) -> tuple[Passage, int]:
    """The sentence of a piece that says what the claim says."""
    best = max(range(len(piece.sentences)), key=lambda at: (shared(claim, piece.sentences[at]), -at))
    return piece.passages[best]


def _length(pieces: Sequence[_Piece]) -> int:
    return sum(len(sentence) for piece in pieces for sentence in piece.sentences)

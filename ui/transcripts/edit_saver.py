"""Brings what was typed in a transcript to the store: the segments that say something else, and no others."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from assistant.errors import AssistantError
from assistant.speech.transcripts.records import ReadableTranscript, TranscriptEdit
from ui.common.page_context import PageContext

if TYPE_CHECKING:
    from assistant.services import Services


log = logging.getLogger(__name__)


class EditSaver(QObject):
    saved = Signal(ReadableTranscript)
    """As it is kept now."""
    failed = Signal(object)

    def __init__(self, context: PageContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.transcript = 0
        self._stored: dict[int, str] = {}
        """What each segment says in the store."""
        self._edits: dict[int, TranscriptEdit] = {}
        """The last change to each: taken back, its words have their own times again."""
        self._saving = False
        self._waiting: Mapping[int, str] | None = None

    def begin(self, transcript: ReadableTranscript) -> None:
        """Of what is there, no change is taken back any more: it may have been changed since."""
        same = transcript.info.id == self.transcript
        self.transcript = transcript.info.id
        self._take(transcript)
        gone = self._edits.keys() - self._stored.keys() if same else ()
        self._edits = {id: self._edits[id] for id in gone}

    def save(self, texts: Mapping[int, str]) -> None:
        """What all segments say now."""
        if self._saving:
            self._waiting = texts
            return
        if texts == self._stored or not self.transcript or not self._context.ready:
            return
        self._saving = True
        id = self.transcript
        self._context.in_background(
            lambda services: self._write(services, id, texts), self._were_saved, self._were_not_saved
        )

    def save_now(self, texts: Mapping[int, str]) -> None:
        """Before the program ends."""
        if texts != self._stored and self.transcript and self._context.ready:
            try:
                self._take(self._write(self._context.services, self.transcript, texts))
            except AssistantError as error:
                log.warning("What was typed last is not kept: %s", error)

    def _write(self, services: Services, id: int, texts: Mapping[int, str]) -> ReadableTranscript:
        """On a thread of its own, one at a time."""
        transcripts, before = services.transcripts, dict(self._stored)
        for segment in before.keys() - texts.keys():
            self._edits[segment] = transcripts.remove(id, [segment])
        for segment, text in texts.items():
            if text == before.get(segment):
                continue
            last = self._edits.pop(segment, None)
            if segment not in before:
                if last is None:
                    continue
                transcripts.undo(last)
                if text == last.before[0].segment.text.strip():
                    continue
            elif last is not None and text == last.before[0].segment.text.strip():
                transcripts.undo(last)
                continue
            edit = transcripts.edit(id, segment, text)
            first = last if last is not None and segment in before else None
            # Of several changes in a row the first has the times that were heard.
            self._edits[segment] = TranscriptEdit(id, first.before, edit.after) if first else edit
        return transcripts.read(id)

    def _were_saved(self, transcript: ReadableTranscript) -> None:
        self._saving = False
        if transcript.info.id == self.transcript:
            self._take(transcript)
        waiting, self._waiting = self._waiting, None
        if waiting is not None and transcript.info.id == self.transcript and waiting != self._stored:
            self.save(waiting)
        else:
            self.saved.emit(transcript)

    def _were_not_saved(self, error: AssistantError) -> None:
        self._saving, self._waiting = False, None
        self.failed.emit(error)

    def _take(self, transcript: ReadableTranscript) -> None:
        self._stored = {
            each.id: each.segment.text.strip()
            for paragraph in transcript.paragraphs
            for each in paragraph.segments
        }

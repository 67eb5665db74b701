"""Transcripts for the whole window: the editor in the side panel, and recordings that are given to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from assistant.documents.records import DocumentInfo
from assistant.speech.transcripts.records import (
    COLLECTION,
    DOCUMENT_SUFFIX,
    Moment,
    ReadableTranscript,
    SpeakersFound,
)
from ui.common.page_context import PageContext
from ui.common.translation import translate
from ui.transcripts.transcript_actions import TranscriptActions, title
from ui.transcripts.transcript_editor import UNFINISHED, TranscriptEditor
from ui.transcripts.transcripts_view import words_of


class TranscriptsController(QObject):
    ask_wanted = Signal(DocumentInfo)
    """That questions go to this document."""

    def __init__(self, context: PageContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self.actions = TranscriptActions(context, window)
        self._editor: TranscriptEditor | None = None
        self.actions.transcript_changed.connect(self._transcript_changed)
        self.actions.speakers_found.connect(self._speakers_found)
        context.panel.closed.connect(self._panel_closed)

    @property
    def editor(self) -> TranscriptEditor:
        if self._editor is None:
            self._editor = TranscriptEditor(self._context)
            self._editor.ask_wanted.connect(self.ask)
            self._editor.find_speakers_wanted.connect(self.actions.find_speakers)
            self._editor.shown.connect(self._name_panel)
        return self._editor

    def open(self, id: int, seconds: float | None = None) -> None:
        """In the side panel; at a moment, which is heard."""
        if not self._context.ready_or_told():
            return
        self.actions.load()
        info = self.actions.all.get(id)
        self._context.panel.open(self.editor, title(info) if info is not None else "", wide=True)
        self.editor.open(id, seconds)

    def open_document(self, path: str, location: str, quote: str, otherwise: Callable[[], None]) -> None:
        """The transcript that a document is of, at a quote if there is one.

        Args:
            otherwise: done where the transcript is gone.
        """

        def found(moment: Moment | None) -> None:
            if moment is None:
                otherwise()
            else:
                self.open(moment.transcript, moment.seconds if quote else None)

        self._context.in_background(
            lambda services: services.transcripts.moment(path, location, quote), found
        )

    def ask(self, id: int) -> None:
        """Questions about it, once it is among the documents."""

        def found(documents: tuple[DocumentInfo, ...]) -> None:
            end = f".{id}{DOCUMENT_SUFFIX}"
            mine = [each for each in documents if PurePath(each.path).name.endswith(end)]
            if mine:
                self.ask_wanted.emit(mine[0])
            else:
                self._context.notices.say(
                    translate("transcripts", "The transcript is not among your documents yet."),
                    translate("transcripts", "It is added when it is done. Try again in a moment."),
                )

        if self._context.ready_or_told():
            self._context.run(lambda services: services.documents.documents(COLLECTION), found)

    def translate(self, id: int) -> None:
        """What is said in it, on the Translate page."""

        def read(transcript: ReadableTranscript) -> None:
            text = "\n".join(paragraph.text for paragraph in transcript.paragraphs)
            self._context.translation_wanted.emit(text)

        if self._context.ready_or_told():
            self._context.in_background(lambda services: services.transcripts.read(id), read)

    def show_folder(self, path: str) -> None:
        """That the recording lies in."""
        self._context.open_folder(path)

    def leave(self) -> None:
        if self._editor is not None:
            self._editor.leave()
        self.actions.leave()

    def _transcript_changed(self, id: int) -> None:
        editor = self._editor
        if editor is None or editor.id != id or editor.transcript is None:
            return
        if id not in self.actions.all:
            if self._context.panel.shown is editor:
                self._context.panel.close_panel()
            return
        info, before = self.actions.all[id], editor.transcript.info
        if editor.text.isReadOnly() or info.state in UNFINISHED or info.problem != before.problem:
            editor.reload()
        else:  # its text was changed in the editor itself, or it was given another name
            editor.take_info(info)

    def _speakers_found(self, found: SpeakersFound) -> None:
        if self._editor is not None and self._editor.id == found.id:
            self._editor.tell_speakers(found)

    def _name_panel(self, transcript: ReadableTranscript) -> None:
        panel, info = self._context.panel, transcript.info
        if panel.shown is self._editor:
            panel.open(self.editor, title(info), words_of(info, self.actions.growth.get(info.id)), wide=True)

    def _panel_closed(self) -> None:
        if self._editor is not None:
            self._editor.clear()

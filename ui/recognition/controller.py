"""How far the recognition of pictures is, and what a person does with it: the window's one place for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from assistant.documents.event_records import RecognitionStatus
from assistant.documents.records import DocumentInfo, PartReport
from assistant.errors import Problem
from ui.common import error_words, formatting
from ui.common.file_dialogs import Purpose, choose_new_file
from ui.common.notices import Action
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate

if TYPE_CHECKING:
    from assistant.vision.records import RecognitionLanguage, RecognitionOptions


class RecognitionController(QObject):
    changed = Signal()
    """`status` is new."""

    def __init__(self, context: PageContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self.status: RecognitionStatus | None = None
        """None until the documents are open."""
        self.most_left = 0
        """Pages that were left when they were most, since none was."""
        context.bridge.recognition.connect(self._take)
        context.services_ready.connect(self._load)

    # --- what a person does

    def ask(self, document: DocumentInfo, part: PartReport | None = None) -> None:
        """How the pictures of a document, or of a part of it, are to be recognised again."""
        if not self._context.ready_or_told():
            return

        def chosen(options: RecognitionOptions) -> None:
            parts = () if part is None else (part.number,)
            self._context.run(lambda services: services.documents.recognise((document.id,), options, parts))

        def ask(languages: Sequence[RecognitionLanguage]) -> None:
            from ui.recognition.dialog import RecogniseDialog

            RecogniseDialog(self._window, document, part, languages, chosen).open()

        self._context.run(lambda services: services.vision.languages(), ask, lambda _: ask(()))

    def recognise(self, documents: Sequence[DocumentInfo]) -> None:
        """What is recognised of these, now, as the program thinks best."""
        ids = tuple(document.id for document in documents)
        self._context.run(lambda services: services.documents.recognise(ids))

    def pause(self) -> None:
        self._context.run(lambda services: services.documents.pause_recognition())

    def resume(self) -> None:
        self._context.run(lambda services: services.documents.resume_recognition())

    def stop(self, documents: Sequence[int]) -> None:
        self._context.run(lambda services: services.documents.stop_recognition(tuple(documents)))

    def export_copy(self, document: DocumentInfo) -> None:
        """A PDF that looks like the scan and whose text can be found and copied."""
        stem = PurePath(formatting.document_name(document)).stem
        name = arg(translate("documents", "%1 (searchable).pdf"), stem)
        choose_new_file(
            self._window,
            Purpose.SEARCHABLE_COPY,
            translate("documents", "Save a searchable copy"),
            lambda path: self._export(document, path),
            name,
            translate("documents", "PDF (*.pdf)"),
        )

    def _export(self, document: DocumentInfo, path: str) -> None:
        name = formatting.file_name(path)

        def written(output: Path) -> None:
            self._context.notices.close(begun)
            show = Action(translate("documents", "Open"), lambda: self._context.open_file(str(output)))
            self._context.notices.say(arg(translate("documents", "“%1” was saved."), name), "", show)

        def failed(problem: Problem) -> None:
            self._context.notices.close(begun)
            self._context.notices.warn(error_words.message(problem), error_words.hint(problem))

        begun = self._context.notices.say(arg(translate("documents", "Writing “%1”…"), name))
        self._context.run(
            lambda services: services.documents.searchable_copy(document.id, Path(path)),
            written,
            lambda error: failed(error.problem),
        )

    # --- what comes back

    def _load(self) -> None:
        # A failure of the worker itself is told where the documents are listed.
        self._context.run(lambda s: s.documents.recognition_status(), self._take, lambda _: None)

    def _take(self, status: RecognitionStatus) -> None:
        if status == self.status:
            return
        self.status = status
        self.most_left = max(self.most_left, status.pages_left) if status.pages_left else 0
        self.changed.emit()

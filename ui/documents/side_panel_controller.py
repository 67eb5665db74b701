"""Shows in the side panel a document, at a quote or a page of it, or how much text each page gave."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from assistant.documents.event_records import DocumentsChanged
from assistant.documents.records import DocumentInfo, PartReport, Quote
from assistant.speech.transcripts.records import DOCUMENT_SUFFIX as TRANSCRIPT_SUFFIX
from ui.common import document_state, formatting, recognition_words
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate
from ui.documents.document_list_model import DocumentListModel
from ui.documents.quotes_view import with_source
from ui.documents.report_view import ReportView, report_title
from ui.recognition.controller import RecognitionController
from ui.viewer.document_viewer import DocumentViewer

REPORT_EVERY_MS = 1000
"""An open report of a document that is being read grows this often."""


class SidePanelController(QObject):
    quote_shown = Signal(object)
    """The Quote that is being looked at, or None."""
    summary_wanted = Signal(DocumentInfo)
    password_wanted = Signal(DocumentInfo)
    retry_wanted = Signal(DocumentInfo)
    transcript_wanted = Signal(str, str, str, object)
    """The document at this path, at the place of a quote if one is given; the function shows what is kept of
    one that is gone."""

    def __init__(
        self, context: PageContext, model: DocumentListModel, recognition: RecognitionController
    ) -> None:
        super().__init__(model)
        self._recognition = recognition
        recognition.changed.connect(self._recognition_changed)
        self._context = context
        self._model = model
        self._viewer: DocumentViewer | None = None
        self._report: ReportView | None = None
        self._quote: Quote | None = None
        self._report_timer = QTimer(self, singleShot=True, interval=REPORT_EVERY_MS)
        self._report_timer.timeout.connect(self._fetch_report)
        context.panel.closed.connect(self._closed)
        context.bridge.documents_changed.connect(self._documents_changed)

    @property
    def viewer(self) -> DocumentViewer:
        if self._viewer is None:
            viewer = self._viewer = DocumentViewer(self._context)
            viewer.open_wanted.connect(self._context.open_file)
            viewer.copy_wanted.connect(self.copy_quote)
            viewer.report_wanted.connect(self.show_report)
            viewer.password_wanted.connect(self.password_wanted)
            viewer.retry_wanted.connect(self.retry_wanted)
            viewer.recognition_wanted.connect(self._recognise_page)
        return self._viewer

    @property
    def report(self) -> ReportView:
        if self._report is None:
            self._report = ReportView()
            self._report.page_wanted.connect(self.show_document)
            self._report.read_wanted.connect(self.show_document)
            self._report.summary_wanted.connect(self.summary_wanted)
            self._report.recognition_wanted.connect(self._recognition.ask)
            self._report.copy_wanted.connect(self._recognition.export_copy)
            self._report.show_recognition(self._recognition.status)
        return self._report

    def show_quote(self, quote: Quote) -> None:
        """A quote's document, where the quote stands, with its words marked; of a recording, heard."""
        if quote.path.endswith(TRANSCRIPT_SUFFIX):
            shown = partial(self._show_quote, quote)
            self.transcript_wanted.emit(quote.path, quote.location, quote.quote, shown)
            self._look_at(quote)
        else:
            self._show_quote(quote)

    def _show_quote(self, quote: Quote) -> None:
        self._look_at(quote)
        place = formatting.place(quote.location, "", quote.heading)
        document = self._model.get(quote.document)
        place = recognition_words.with_source(place, quote.recognised)
        self._context.panel.open(self.viewer, formatting.document_name(quote), place, wide=True)
        self._name_report(document)
        self.viewer.show_quote(quote, document)

    def show_document(self, document: DocumentInfo, page: int = 1) -> None:
        """The document itself, to read."""
        if document.path.endswith(TRANSCRIPT_SUFFIX):
            shown = partial(self._show_document, document, page)
            self.transcript_wanted.emit(document.path, "", "", shown)
        else:
            self._show_document(document, page)

    def _show_document(self, document: DocumentInfo, page: int) -> None:
        self._look_at(None)
        collection = formatting.isolate(formatting.name(document.collection))
        place = arg(translate("documents", "in %1"), collection)
        told = document.error is not None and not document_state.waits_for_recognition(document)
        status = self._recognition.status
        state = place if told else document_state.state(document, recognition=status)
        self._context.panel.open(self.viewer, formatting.document_name(document), state, wide=True)
        self._name_report(document)
        self.viewer.show_document(document, page)
        self.viewer.take_focus()

    def find_words(self) -> None:
        """Open the field that finds words in the document that is shown."""
        if self._viewer is not None and self._context.panel.shown is self._viewer:
            self._viewer.finder.bar.open_bar()

    def show_report(self, document: DocumentInfo) -> None:
        """How much text was found on each page of a document."""
        self._look_at(None)
        self.report.show_recognition(self._recognition.status)
        self.report.show_document(document)
        self._context.panel.open(self.report, formatting.document_name(document), report_title(document.unit))
        self._fetch_report()

    def copy_quote(self, quote: Quote) -> None:
        self._context.copy(with_source(quote))

    def close_quote(self) -> None:
        """Close the panel if it shows the place of a quote."""
        if self._quote is not None:
            self._context.panel.close_panel()

    def _name_report(self, document: DocumentInfo | None) -> None:
        if document is not None:
            self.viewer.toolbar.report.rename(report_title(document.unit))

    def _look_at(self, quote: Quote | None) -> None:
        self._quote = quote
        self.quote_shown.emit(quote)

    def _closed(self) -> None:
        self._look_at(None)
        if self._viewer is not None:
            self._viewer.clear()

    def _fetch_report(self) -> None:
        document = self.report.document
        if document is not None:
            self._context.run(
                lambda services: services.documents.report(document.id),
                partial(self._show_parts, document.id),
            )

    def _show_parts(self, document: int, parts: tuple[PartReport, ...]) -> None:
        if self.report.document is not None and self.report.document.id == document:
            self.report.show_parts(parts)

    def _recognise_page(self, document: DocumentInfo, page: int) -> None:
        def ask(parts: tuple[PartReport, ...]) -> None:
            part = next((part for part in parts if part.number == page), None)
            if part is not None and part.pictures:
                self._recognition.ask(document, part)
            else:
                self._context.notices.say(
                    translate("documents", "This page has no picture that could show text.")
                )

        self._context.run(lambda services: services.documents.report(document.id), ask)

    def _recognition_changed(self) -> None:
        if self._report is not None and self._context.panel.shown is self._report:
            self._report.show_recognition(self._recognition.status)

    def _documents_changed(self, changed: DocumentsChanged) -> None:
        """What is open follows what becomes of its document; while that is read, its report grows."""
        shown, report, viewer = self._context.panel.shown, self._report, self._viewer
        for document in changed.documents:
            if viewer is not None and shown is viewer and viewer.document == document.id:
                viewer.document_changed(document)
            if report is None or report.document is None or shown is not report:
                continue
            if document.id == report.document.id:
                report.show_document(document)
                if not self._report_timer.isActive():
                    self._report_timer.start()

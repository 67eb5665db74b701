"""Shows in the side panel where a quote stands, a page, or what each page of a document gave."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from assistant.documents.records import DocumentInfo, DocumentsChanged, PartReport, Quote
from ui.common import document_state, formatting
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate
from ui.documents.document_list_model import DocumentListModel
from ui.documents.quotes_view import with_source
from ui.documents.report_view import ReportView
from ui.documents.source_view import SourceView

REPORT_EVERY_MS = 1000
"""An open report of a document that is being read grows this often."""
PICTURED = "pdf"
"""The kind of document whose pages can be rendered."""


class SidePanelController(QObject):
    quote_shown = Signal(object)
    """The Quote that is being looked at, or None."""
    summary_wanted = Signal(DocumentInfo)

    def __init__(self, context: PageContext, model: DocumentListModel) -> None:
        super().__init__(model)
        self._context = context
        self._model = model
        self._source: SourceView | None = None
        self._report: ReportView | None = None
        self._quote: Quote | None = None
        self._report_timer = QTimer(self, singleShot=True, interval=REPORT_EVERY_MS)
        self._report_timer.timeout.connect(self._fetch_report)
        context.panel.closed.connect(self._closed)
        context.bridge.documents_changed.connect(self._documents_changed)

    @property
    def source(self) -> SourceView:
        if self._source is None:
            self._source = SourceView(self._context)
            self._source.open_wanted.connect(self._context.open_file)
            self._source.copy_wanted.connect(self.copy_quote)
        return self._source

    @property
    def report(self) -> ReportView:
        if self._report is None:
            self._report = ReportView()
            self._report.page_wanted.connect(self.show_page)
            self._report.open_wanted.connect(self._context.open_file)
            self._report.summary_wanted.connect(self.summary_wanted)
        return self._report

    def show_quote(self, quote: Quote) -> None:
        """Where a quote stands: its page with the words marked, or the text around it."""
        self._look_at(quote)
        place = formatting.place(quote.location, "", quote.heading)
        self._context.panel.open(self.source, formatting.document_name(quote), place)
        document = self._model.get(quote.document)
        pictured = bool(quote.boxes) or (document is not None and document.kind == PICTURED)
        self.source.show_quote(quote, pictured=pictured)

    def show_page(self, document: DocumentInfo, page: int) -> None:
        """A page without a quote. Of formats without page pictures nothing is shown."""
        if document.kind == PICTURED:
            self._look_at(None)
            name, state = formatting.document_name(document), document_state.state(document)
            self._context.panel.open(self.source, name, state)
            self.source.show_page(document.id, document.path, page)

    def show_report(self, document: DocumentInfo) -> None:
        """What each page of a document gave."""
        self._look_at(None)
        self.report.show_document(document)
        collection = formatting.isolate(formatting.name(document.collection))
        place = arg(translate("documents", "in %1"), collection)
        self._context.panel.open(self.report, formatting.document_name(document), place)
        self._fetch_report()

    def copy_quote(self, quote: Quote) -> None:
        self._context.copy(with_source(quote))

    def close_quote(self) -> None:
        """Close the panel if it shows the place of a quote."""
        if self._quote is not None:
            self._context.panel.close_panel()

    def _look_at(self, quote: Quote | None) -> None:
        self._quote = quote
        self.quote_shown.emit(quote)

    def _closed(self) -> None:
        self._look_at(None)
        if self._source is not None:
            self._source.clear()

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

    def _documents_changed(self, changed: DocumentsChanged) -> None:
        """While a document is read, its open report grows."""
        report = self._report
        if report is None or report.document is None or self._context.panel.shown is not report:
            return
        for document in changed.documents:
            if document.id == report.document.id:
                report.show_document(document)
                if not self._report_timer.isActive():
                    self._report_timer.start()

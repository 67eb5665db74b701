"""A document to read: its pages, or its text where it has none, at the place that is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from assistant.documents.records import DocumentInfo, DocumentState, Quote
from assistant.documents.viewer_records import FoundPlace, OutlineEntry, PageLayout, TextStretch
from assistant.errors import AssistantError, DocumentGone, PasswordRequired, Problem
from ui.common import document_state, error_words, formatting
from ui.common.buttons_and_labels import Button, Divider, Label, holds_focus
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Running
from ui.common.translation import translate
from ui.viewer.finder import Finder
from ui.viewer.outline_pane import OutlinePane
from ui.viewer.page_fetcher import PageFetcher
from ui.viewer.pages_view import Spot
from ui.viewer.selectable_pages import SelectablePages
from ui.viewer.text_view import Place, TextView
from ui.viewer.toolbar import Toolbar
from ui.viewer.unreadable_state import unreadable_state

if TYPE_CHECKING:
    from assistant.services import Services

T = TypeVar("T")

SAY_AFTER_MS = 200
"""A document that comes sooner needs no words that it is coming."""
_BEFORE = 1500
"""Characters of text that are fetched before the place that is wanted in a long section."""


class DocumentViewer(QWidget):
    open_wanted = Signal(str)
    """A path, for another program."""
    copy_wanted = Signal(Quote)
    report_wanted = Signal(DocumentInfo)
    password_wanted = Signal(DocumentInfo)
    retry_wanted = Signal(DocumentInfo)
    recognition_wanted = Signal(DocumentInfo, int)
    """Again, of this page."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._id = 0
        self._path = ""
        self._document: DocumentInfo | None = None
        """None where only a quote of it is known."""
        self._quote: Quote | None = None
        self._wanted_page = 1
        self._version = 0, 0
        """Of the file that is shown: its size, and when it was changed."""
        self._kept: Spot | Place | None = None
        """Where to return to: what was looked at in an older file."""
        self._pictured = False
        self._loaded = False
        self._wants_focus = False
        self._problem: Problem | None = None
        self._opened = 0
        """How often a document was opened: what was asked for another one is not wanted any more."""
        self.toolbar = Toolbar()
        self.pages = SelectablePages()
        self._fetcher = PageFetcher(self.pages, self._run)
        self.text = TextView()
        self.outline = OutlinePane()
        self.finder = Finder(context, self.pages, self.text)
        self.problem = Label("", "warn", wrap=True)
        self.unlock = Button(translate("documents", "Enter password…"), self._unlock, kind="link", icon="key")
        self._opening = Label("", "second")
        self._opening.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._state: QWidget | None = None
        self._views = QStackedWidget()
        for view in (self._opening, self.pages, self.text):
            self._views.addWidget(view)
        self._build()
        self._connect()

    # --- what is shown

    @property
    def document(self) -> int:
        """The id of the document that is open; 0 for none."""
        return self._id

    def show_document(self, document: DocumentInfo, page: int = 1) -> None:
        """Open a document, at a page where it has pages."""
        self._quote, self._wanted_page = None, page
        self._open(document.id, document.path, document, document_state.has_pages(document))

    def show_quote(self, quote: Quote, document: DocumentInfo | None) -> None:
        """Open a quote's document where the quote stands, which is marked."""
        pictured = bool(quote.boxes) or (document is not None and document_state.has_pages(document))
        self._quote, self._wanted_page = quote, quote.page or 1
        self._open(quote.document, quote.path, document, pictured and quote.page is not None)

    def document_changed(self, document: DocumentInfo) -> None:
        """It is read, or unlocked, or its file came back or was replaced."""
        before, self._document = self._document, document
        replaced = before is not None and self._version != _version(document)
        if self._views.currentWidget() is self._state or (self._problem and before != document):
            self._load(document_state.has_pages(document))
        elif replaced and document.state not in document_state.UNFINISHED:
            self._wants_focus = holds_focus(self._views)
            self._load_newer(document)
        elif self._pictured and before is not None and before.report != document.report:
            self._arrange()
            self._fetcher.refresh_words()
        else:
            self.text.may_go_on()

    def clear(self) -> None:
        """Ask for nothing more and give the memory back."""
        self._id = 0
        self._wants_focus = False
        self._reset()
        self.finder.bar.close_bar()
        self.finder.look_in(0, pictured=False)

    def escape(self) -> bool:
        """Close the find bar; false where it is closed already."""
        shown = not self.finder.bar.isHidden()
        self.finder.bar.close_bar()
        return shown

    def take_focus(self) -> None:
        """Now, and once it is open."""
        self._wants_focus = True
        self._show_view(self._views.currentWidget() or self._opening)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.outline.take_share(self.width())
        super().resizeEvent(event)

    # --- how it is put together

    def _build(self) -> None:
        find = hbox(self.finder.bar, margins=(16, 0, 12, 0))
        notice = hbox((self.problem, 1), self.unlock, margins=(16, 0, 12, 8), spacing=8)
        body = hbox(self.outline, (self._views, 1), spacing=0, margins=NO_MARGINS)
        vbox(self.toolbar, find, notice, Divider(), (body, 1), parent=self, margins=NO_MARGINS, spacing=0)
        self.finder.bar.setContentsMargins(0, 0, 0, 8)
        self.problem.hide()
        self.unlock.hide()
        self.outline.hide()

    def _connect(self) -> None:
        toolbar, pages = self.toolbar, self.pages
        toolbar.outline.toggled.connect(lambda _: self._show_outline())
        toolbar.page_wanted.connect(self._go_to_page)
        toolbar.turned.connect(lambda step: pages.go_to(pages.page + step))
        toolbar.smaller.clicked.connect(lambda: pages.zoom_out())
        toolbar.larger.clicked.connect(lambda: pages.zoom_in())
        toolbar.search.clicked.connect(self.finder.bar.open_bar)
        toolbar.copy_wanted.connect(self._copy)
        toolbar.open.clicked.connect(lambda: self.open_wanted.emit(self._path))
        toolbar.report.clicked.connect(self._report)
        pages.page_changed.connect(self._page_changed)
        pages.copy_wanted.connect(self._context.copy)
        pages.recognition_wanted.connect(self._recognise)
        toolbar.words.toggled.connect(pages.show_words)
        pages.zoom_changed.connect(lambda: toolbar.show_zoom(pages.zoom))
        self.text.stretch_wanted.connect(self._fetch_more_text)
        self.text.moved.connect(self._text_moved)
        self.outline.chosen.connect(self._follow_outline)
        self.finder.text_wanted.connect(self._load_text)
        self.finder.bar.closed.connect(self.take_focus)
        self._opening_timer = QTimer(self, singleShot=True, interval=SAY_AFTER_MS)
        self._opening_timer.timeout.connect(lambda: self._opening.setText(translate("documents", "Opening…")))
        self._moved_timer = QTimer(self, singleShot=True, interval=100)
        self._moved_timer.timeout.connect(self._show_text_place)
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.finder.bar.open_bar)

    # --- opening

    def _open(self, id: int, path: str, document: DocumentInfo | None, pictured: bool) -> None:
        same = self._loaded and id == self._id and pictured == self._pictured and self._problem is None
        self._id, self._path, self._document = id, path, document
        self._fetcher.document = id
        self._kept = None
        self.toolbar.report.setVisible(document is not None)
        if not same:
            self._load(pictured)
        else:
            self._arrange()
            self._go()

    def _load(self, pictured: bool) -> None:
        self._reset()
        self._pictured = pictured
        self._version = _version(self._document)
        self._arrange()
        self._opening.setText("")
        self._views.setCurrentWidget(self._opening)
        self._opening_timer.start()
        if pictured:
            self._run(lambda s: s.documents.page_layout(self._id), self._show_layout, self._no_pages)
        else:
            if self._document is not None and self._document.state is DocumentState.MISSING:
                self._problem = self._document.error  # its text is kept
            self._load_text(*self._wanted_text())
        self._run(lambda s: s.documents.headings(self._id), self._take_headings, lambda _: None)

    def _load_newer(self, document: DocumentInfo) -> None:
        """At what was looked at: the same spot of the page or, in a text, the line that stood at the top."""
        pictured = document_state.has_pages(document)

        def load(found: tuple[FoundPlace, ...]) -> None:
            if found:
                self._kept = found[0].section, found[0].start, found[0].start
            self._load(pictured)

        line = "" if self._pictured else self.text.line()
        self._kept = self.pages.spot() if pictured and self._pictured else None
        if line:
            self._run(
                lambda s: s.documents.find(self._id, line),
                lambda found: load(found.places),
                lambda _: load(()),
            )
        else:
            load(())

    def _reset(self) -> None:
        self._opened += 1
        self._opening_timer.stop()
        self._loaded = False
        self._problem = None
        self._show_problem()
        self.pages.clear()
        self.text.clear_text()
        self._set_outline(())
        if self._state is not None:
            self._views.removeWidget(self._state)
            self._state.deleteLater()
            self._state = None

    def _run(
        self,
        start: Callable[[Services], Running[T]],
        on_result: Callable[[T], object],
        on_error: Callable[[AssistantError], object],
    ) -> None:
        """Ask for something of this document. No run is kept: each holds what it brought, such as a picture.

        Nor is one stopped: that would cost the reader's process more than the page.
        """
        opened = self._opened

        def wanted(then: Callable[[Any], object]) -> Callable[[Any], None]:
            def take(value: Any) -> None:
                if opened == self._opened:
                    then(value)

            return take

        self._context.run(start, wanted(on_result), wanted(on_error))

    def _show_view(self, view: QWidget) -> None:
        self._views.setCurrentWidget(view)
        if self._wants_focus:
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        recognised = self._pictured and self._document is not None and self._document.report.ocr > 0
        self.toolbar.show_document(
            pictured=self._pictured, of_quote=self._quote is not None, recognised=recognised
        )

    def _go(self) -> None:
        """To the place that is wanted in the document that is open."""
        quote, kept = self._quote, self._kept
        self._kept = None
        if isinstance(kept, Spot):
            self.pages.return_to(kept)
        elif kept is not None:
            self.text.return_to(kept)
        elif self._pictured:
            self.pages.go_to(self._wanted_page, quote.boxes if quote is not None else ())
        elif quote is not None and not self.text.go_to((quote.section, quote.start, quote.end)):
            self._load_text(quote.section, quote.start)

    # --- pages

    def _show_layout(self, layout: PageLayout) -> None:
        self._opening_timer.stop()
        self._loaded = True
        self._show_view(self.pages)
        self.toolbar.show_pages(len(layout.sizes), layout.labels)
        self.pages.show_layout(layout)
        if layout.bookmarks:
            self._set_outline(layout.bookmarks)
        self.finder.look_in(self._id, pictured=True)
        self._go()
        self._page_changed(self.pages.page)

    def _no_pages(self, error: AssistantError) -> None:
        """The file may be gone or locked while its text is still in the index: then the text is shown."""
        self._problem = error.problem
        self._pictured = False
        self._arrange()
        self._load_text(*self._wanted_text())

    def _page_changed(self, page: int) -> None:
        self.toolbar.show_page(page)
        self.outline.show_page(page)

    def _go_to_page(self, page: int) -> None:
        self.pages.go_to(page)
        self.take_focus()

    # --- text

    def _wanted_text(self) -> tuple[int, int]:
        if self._kept is not None and not isinstance(self._kept, Spot):
            return self._kept[:2]
        return (0, 0) if self._quote is None else (self._quote.section, self._quote.start)

    def _load_text(self, section: int, start: int) -> None:
        start = 0 if start < 2 * _BEFORE else start - _BEFORE
        self._run(lambda s: s.documents.text(self._id, section, start), self._show_text, self._no_text)

    def _show_text(self, stretch: TextStretch) -> None:
        self._opening_timer.stop()
        if not stretch.runs:
            self._show_state()
            return
        first = not self._loaded
        self._loaded = True
        self._show_view(self.text)
        self.text.show_text(stretch)
        self._show_problem()
        if first:
            self.finder.look_in(self._id, pictured=False)
            self._go()
        else:
            self.finder.text_came()
        self._show_text_place()

    def _no_text(self, error: AssistantError) -> None:
        self._opening_timer.stop()
        if isinstance(error, DocumentGone) and self._quote is not None and not self._loaded:
            self._problem = error.problem
            self._quote = None
            self._load_text(0, 0)
        else:
            self._problem = self._problem or error.problem
            self._show_state()

    def _fetch_more_text(self, section: int, start: int, before: bool) -> None:
        self._run(
            lambda services: services.documents.text(self._id, section, start, before=before),
            lambda stretch: self.text.add_text(stretch, before=before),
            lambda _: self._load(self._pictured),  # it was read again meanwhile
        )

    def _text_moved(self) -> None:
        if not self._moved_timer.isActive():
            self._moved_timer.start()

    def _show_text_place(self) -> None:
        self.toolbar.place.set_text(formatting.name(self.text.location()))
        self.outline.show_section(self.text.section())

    # --- outline

    def _take_headings(self, entries: tuple[OutlineEntry, ...]) -> None:
        if not self.outline.entries:
            pages_only = [entry for entry in entries if not self._pictured or entry.page is not None]
            self._set_outline(tuple(pages_only))

    def _set_outline(self, entries: tuple[OutlineEntry, ...]) -> None:
        self.outline.show_entries(entries)
        self.toolbar.outline.setEnabled(bool(entries))
        self._show_outline()

    def _show_outline(self) -> None:
        self.outline.setVisible(bool(self.outline.entries) and self.toolbar.outline.isChecked())

    def _follow_outline(self, entry: OutlineEntry) -> None:
        if self._pictured:
            self.pages.go_to(entry.page or 1)
        elif entry.section is not None and not self.text.go_to((entry.section, 0, 0)):
            self._load_text(entry.section, 0)

    # --- what is wrong with it

    def _show_problem(self) -> None:
        problem = self._problem
        self.problem.setText(formatting.one_line(error_words.both(problem)) if problem else "")
        self.problem.setVisible(problem is not None)
        locked = problem is not None and problem.code == PasswordRequired.code
        self.unlock.setVisible(locked and self._document is not None)

    def _show_state(self) -> None:
        state = unreadable_state(
            self._document, self._problem, self.password_wanted.emit, self.retry_wanted.emit
        )
        self._state = state
        self._views.addWidget(state)
        self._show_view(state)
        self.problem.hide()
        self.unlock.hide()

    def _unlock(self) -> None:
        if self._document is not None:
            self.password_wanted.emit(self._document)

    def _copy(self) -> None:
        if self._quote is not None:
            self.copy_wanted.emit(self._quote)

    def _recognise(self, page: int) -> None:
        if self._document is not None:
            self.recognition_wanted.emit(self._document, page)

    def _report(self) -> None:
        if self._document is not None:
            self.report_wanted.emit(self._document)


def _version(document: DocumentInfo | None) -> tuple[int, int]:
    return (0, 0) if document is None else (document.size, document.mtime_ns)

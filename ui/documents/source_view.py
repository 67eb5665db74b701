"""The place that a quote comes from: the image of its page, or the text around it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from assistant.documents.records import Box, PagePicture, Quote
from assistant.errors import AssistantError
from ui.common import error_words, formatting, quantities
from ui.common.buttons_and_labels import CopyButton, IconButton, Label
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.common.translation import arg, translate
from ui.documents.page_image_view import PageImageView
from ui.documents.passage_view import PassageView

SAY_AFTER_MS = 200
"""A page that comes sooner needs no words that it is coming."""


class SourceView(QWidget):
    open_wanted = Signal(str)
    """A path, for the system's own viewer."""
    copy_wanted = Signal(Quote)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._scroll = False
        """The next image is scrolled to the quote."""
        self._document = 0
        self._path = ""
        self._page = 1
        self._pages = 1
        self._quote: Quote | None = None
        self._following: Following[Any] | None = None
        self.page = PageImageView()
        self.passage = PassageView()
        self._views = QStackedWidget()
        self._views.addWidget(self.page)
        self._views.addWidget(self.passage)
        self.problem = Label("", "warn", wrap=True)
        self.problem.setContentsMargins(16, 8, 16, 8)
        self.problem.hide()
        vbox(self._make_toolbar(), self.problem, (self._views, 1), parent=self, margins=NO_MARGINS, spacing=0)
        self.page.width_wanted.connect(self._fetch)
        self.page.page_wanted.connect(self._turn)
        self._opening_timer = QTimer(self, singleShot=True, interval=SAY_AFTER_MS)
        self._opening_timer.timeout.connect(
            lambda: self.page.say(arg(translate("documents", "Opening page %1…"), self._page))
        )

    def show_quote(self, quote: Quote, *, pictured: bool) -> None:
        """Show where a quote stands. `pictured`: the document's pages can be rendered."""
        same = pictured and self._quote is not None and quote.document == self._document
        self._quote = quote
        self._document, self._path = quote.document, quote.path
        self._page = quote.page or 1
        self._pages = max(self._pages, self._page) if same else self._page
        self.copy.show()
        if pictured and quote.page is not None:
            self._show_page()
        else:
            self._show_passage(quote)

    def show_page(self, document: int, path: str, page: int) -> None:
        """Show a page without a quote."""
        self._quote = None
        self._document, self._path, self._page, self._pages = document, path, page, page
        self.copy.hide()
        self._show_page()

    def clear(self) -> None:
        """Ask for nothing more and give the picture's memory back."""
        self._drop()
        self._opening_timer.stop()
        self._quote = None
        self.page.say("")
        self.passage.clear()

    def _make_toolbar(self) -> QHBoxLayout:
        before, after = translate("documents", "Page before"), translate("documents", "Page after")
        smaller = translate("documents", "Smaller (Ctrl+−)")
        larger = translate("documents", "Larger (Ctrl++)")
        copy = translate("documents", "Copy the quote with its source")
        open_ = translate("documents", "Open in the system's viewer")
        self.before = IconButton("caret-left", before, lambda: self._turn(-1), size=16)
        self.after = IconButton("caret-right", after, lambda: self._turn(1), size=16)
        self.count = Label("", "second")
        self.smaller = IconButton("magnifying-glass-minus", smaller, self.page.zoom_out)
        self.larger = IconButton("magnifying-glass-plus", larger, self.page.zoom_in)
        self.copy = CopyButton(copy, self._copy)
        self.open = IconButton("arrow-square-out", open_, lambda: self.open_wanted.emit(self._path))
        self._paged = (self.before, self.count, self.after, self.smaller, self.larger)
        zoom, of_quote = (self.smaller, self.larger), (self.copy, self.open)
        return hbox(
            self.before, self.count, self.after, 1, *zoom, *of_quote, margins=(12, 0, 12, 8), spacing=4
        )

    def _turn(self, step: int) -> None:
        page = self._page + step
        if 1 <= page <= self._pages:
            self._page = page
            self._show_page()

    def _show_page(self) -> None:
        self._views.setCurrentWidget(self.page)
        for widget in self._paged:
            widget.show()
        self.problem.hide()
        self._show_page_number()
        self._opening_timer.start()
        self._scroll = True
        self._fetch(self.page.wanted_width())

    def _show_page_number(self) -> None:
        self.count.setText(f"{quantities.number(self._page)} / {quantities.number(self._pages)}")
        self.count.setAccessibleName(arg(translate("documents", "Page %1 of %2"), self._page, self._pages))
        self.before.setEnabled(self._page > 1)
        self.after.setEnabled(self._page < self._pages)

    def _fetch(self, width: int) -> None:
        document, page = self._document, self._page
        self._drop()
        self._following = self._context.run(
            lambda services: services.documents.page_picture(document, page, width),
            self._show_image,
            self._cannot_show,
        )

    def _show_image(self, picture: PagePicture) -> None:
        self._opening_timer.stop()
        self._pages = picture.pages
        self._show_page_number()
        self.page.show_page(picture, self._boxes(), scroll=self._scroll)
        self._scroll = False

    def _boxes(self) -> tuple[Box, ...]:
        return self._quote.boxes if self._quote is not None and self._quote.page == self._page else ()

    def _cannot_show(self, error: AssistantError) -> None:
        """The file may be gone while its text is still in the index: then the text is shown."""
        self._opening_timer.stop()
        self._show_problem(error)
        if self._quote is not None and self._quote.page == self._page:
            self._show_passage(self._quote)
        else:
            self.page.say("")

    def _show_passage(self, quote: Quote) -> None:
        self._drop()
        self._opening_timer.stop()
        for widget in self._paged:
            widget.hide()
        self._views.setCurrentWidget(self.passage)
        self._following = self._context.run(
            lambda services: services.documents.passage(quote.section, quote.start, quote.end),
            self.passage.show_passage,
            self._cannot_show_text,
        )

    def _drop(self) -> None:
        if self._following is not None:
            self._following.drop()  # stopping it would cost the reader's process more than the page

    def _cannot_show_text(self, error: AssistantError) -> None:
        self.passage.clear()
        self._show_problem(error)

    def _show_problem(self, error: AssistantError) -> None:
        self.problem.setText(formatting.one_line(error_words.both(error)))
        self.problem.show()

    def _copy(self) -> None:
        if self._quote is not None:
            self.copy_wanted.emit(self._quote)

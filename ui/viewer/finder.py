"""Finds words in the document that is open, marks every place and goes from one to the next."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from PySide6.QtCore import QObject, Signal

from assistant.documents.records import Box
from assistant.documents.viewer_records import FoundPlace, FoundPlaces
from ui.common.find_bar import FindBar
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.common.translation import translate
from ui.viewer.pages_view import PagesView
from ui.viewer.text_view import TextView


class Finder(QObject):
    text_wanted = Signal(int, int)
    """The text around this character of a section, which is not in view."""

    def __init__(self, context: PageContext, pages: PagesView, text: TextView) -> None:
        super().__init__(pages)
        self._context = context
        self._pages, self._text = pages, text
        self._document = 0
        self._pictured = False
        self._places: tuple[FoundPlace, ...] = ()
        self._more = False
        self._current = 0
        self._wanted: tuple[int, int, int] | None = None
        """A place whose text has been asked for."""
        self._following: Following[Any] | None = None
        self.bar = FindBar(translate("documents", "Find in this document"))
        self.bar.find_wanted.connect(self._find)
        self.bar.step_wanted.connect(self._step)
        self.bar.closed.connect(self._forget)

    def look_in(self, document: int, *, pictured: bool) -> None:
        """Another document is open, or the same one in another view."""
        self._forget()
        self._document, self._pictured = document, pictured
        if not self.bar.isHidden():
            self._find(self.bar.words())

    def text_came(self) -> None:
        """The text that was wanted is in view."""
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._text.go_to(wanted)

    def _find(self, words: str) -> None:
        self._forget()
        if words and self._document:
            document = self._document
            self._following = self._context.run(
                lambda services: services.documents.find(document, words), self._take
            )

    def _take(self, found: FoundPlaces) -> None:
        self._more = found.more
        if self._pictured:
            self._places = tuple(place for place in found.places if place.page is not None)
            boxes: dict[int, list[Box]] = defaultdict(list)
            for place in self._places:
                boxes[place.page or 0] += place.boxes
            self._pages.mark({page: tuple(each) for page, each in boxes.items()})
            begun = [(place.page or 0) >= self._pages.page for place in self._places]
        else:
            self._places = found.places
            self._text.mark([(place.section, place.start, place.end) for place in self._places])
            begun = [place.section >= self._text.section() for place in self._places]
        self._current = begun.index(True) if True in begun else 0
        self._show()

    def _step(self, by: int) -> None:
        if self._places:
            self._current = (self._current + by) % len(self._places)
            self._show()

    def _show(self) -> None:
        self.bar.show_count(self._current + 1, len(self._places), more=self._more)
        if not self._places:
            return
        place = self._places[self._current]
        if self._pictured:
            self._pages.go_to(place.page or 1, place.boxes)
            return
        self._wanted = None
        wanted = (place.section, place.start, place.end)
        if not self._text.go_to(wanted):
            self._wanted = wanted
            self.text_wanted.emit(place.section, place.start)

    def _forget(self) -> None:
        if self._following is not None:
            self._following.drop()
        self._places, self._current, self._more = (), 0, False
        self._wanted = None
        self._pages.mark({})
        self._text.mark(())
        self.bar.show_count(0, 0)
        self.bar.count.setText("")

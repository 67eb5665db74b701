"""Brings the pictures of pages, and the words that were recognised on them, into the view of a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject

from assistant.documents.records import PagePicture
from assistant.errors import AssistantError
from ui.common import error_words, formatting
from ui.common.thread_bridge import Running
from ui.viewer.selectable_pages import SelectablePages

if TYPE_CHECKING:
    from assistant.services import Services


class Run(Protocol):
    """Asks for something of the document that is open, and tells nothing once another one is."""

    def __call__(
        self,
        start: Callable[[Services], Running[Any]],
        on_result: Callable[[Any], object],
        on_error: Callable[[AssistantError], object],
    ) -> None: ...


class PageFetcher(QObject):
    def __init__(self, pages: SelectablePages, run: Run) -> None:
        super().__init__(pages)
        self._pages, self._run = pages, run
        self.document = 0
        """The id of the one that is open."""
        pages.picture_wanted.connect(self._fetch_picture)

    def refresh_words(self) -> None:
        """A page that is in view may have been recognised."""
        for page in self._pages.pages_in_view():
            self._fetch_words(page)

    def _fetch_picture(self, page: int, width: int) -> None:
        self._run(
            lambda services: services.documents.page_picture(self.document, page, width),
            self._take_picture,
            lambda error: self._pages.take_failure(page, formatting.one_line(error_words.message(error))),
        )

    def _take_picture(self, picture: PagePicture) -> None:
        self._pages.take_picture(picture)
        if not self._pages.words.knows(picture.page):
            self._fetch_words(picture.page)

    def _fetch_words(self, page: int) -> None:
        self._run(
            lambda services: services.documents.page_words(self.document, page),
            lambda words: self._pages.take_words(page, words),
            lambda _: None,  # the page can be looked at without them
        )

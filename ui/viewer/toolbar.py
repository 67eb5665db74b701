"""The tools above a document: outline, page, zoom, find, and what else can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.common import quantities
from ui.common.buttons_and_labels import CopyButton, ElidedLabel, IconButton, Label
from ui.common.layouts import hbox
from ui.common.translation import arg, translate

NARROW = 470
"""Pixels under which there is room for what matters most alone."""


class Toolbar(QWidget):
    page_wanted = Signal(int)
    turned = Signal(int)
    """-1 for the page before, 1 for the one after."""
    copy_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._labels: tuple[str, ...] = ()
        self._pages = 0
        self._page = 1
        self._pictured = False
        self._of_quote = False
        self._recognised = False
        self.outline = IconButton("sidebar-simple", translate("documents", "Outline"))
        self.outline.setCheckable(True)
        self.field = QLineEdit()
        self.field.setAccessibleName(translate("documents", "Page"))
        self.field.setAcceptDrops(False)
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field.editingFinished.connect(self._choose)
        self.count = Label("", "second")
        self.place = ElidedLabel("", "second", Qt.TextElideMode.ElideRight)
        before, after = translate("documents", "Previous page"), translate("documents", "Next page")
        self.before = IconButton("caret-left", before, lambda: self.turned.emit(-1), size=16)
        self.after = IconButton("caret-right", after, lambda: self.turned.emit(1), size=16)
        self.smaller = IconButton("magnifying-glass-minus", translate("documents", "Zoom out (Ctrl+−)"))
        self.zoom = Label("", "second")
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.zoom.setFixedWidth(self.fontMetrics().horizontalAdvance("400 %") + 4)
        self.larger = IconButton("magnifying-glass-plus", translate("documents", "Zoom in (Ctrl++)"))
        self.words = IconButton("eye", translate("documents", "Show the recognised words"))
        self.words.setCheckable(True)
        self.search = IconButton("magnifying-glass", translate("documents", "Find in this document (Ctrl+F)"))
        self.copy = CopyButton(
            translate("documents", "Copy the quote with its source"), self.copy_wanted.emit
        )
        self.report = IconButton("list-bullets", "")
        self.open = IconButton("arrow-square-out", translate("documents", "Open in another program"))
        pages = (self.before, self.field, self.count, self.after)
        zoom = (self.smaller, self.zoom, self.larger)
        rest = (self.words, self.search, self.copy, self.report, self.open)
        hbox(
            self.outline,
            *pages,
            (self.place, 1),
            1,
            *zoom,
            *rest,
            parent=self,
            margins=(12, 0, 12, 8),
            spacing=2,
        )
        self.show_zoom(1.0)

    def show_document(self, *, pictured: bool, of_quote: bool, recognised: bool) -> None:
        """
        Args:
            pictured: it has pages to look at.
            of_quote: a quote is shown, which can be copied.
            recognised: words were recognised on its pages.
        """
        self._pictured, self._of_quote, self._recognised = pictured, of_quote, recognised
        self._arrange()

    def show_pages(self, pages: int, labels: tuple[str, ...]) -> None:
        """How many there are, and what is printed on each where that is not its number."""
        self._pages, self._labels = pages, labels
        longest = max(map(len, labels), default=len(str(pages)))
        digits = self.field.fontMetrics().horizontalAdvance("0" * min(8, max(2, longest)))
        self.field.setFixedWidth(digits + 30)
        self._arrange()

    def show_page(self, page: int) -> None:
        self._page = page
        total = quantities.number(self._pages)
        self.field.setText(self._labels[page - 1] if self._labels else str(page))
        counted = arg(translate("documents", "%1 of %2"), quantities.number(page), total)
        of = arg(translate("documents", "of %1"), total)
        self.count.setText(f"({counted})" if self._labels else of)
        words = arg(translate("documents", "Page %1 of %2"), quantities.number(page), total)
        self.field.setAccessibleDescription(words)
        self.before.setEnabled(page > 1)
        self.after.setEnabled(page < self._pages)

    def show_zoom(self, zoom: float) -> None:
        self.zoom.setText(arg(translate("documents", "%1 %"), round(zoom * 100)))

    def _choose(self) -> None:
        """Go to the page with this label or, where there is none, of this number."""
        wanted = self.field.text().strip()
        folded = [label.casefold() for label in self._labels]
        page = self._page
        if wanted.casefold() in folded:
            page = folded.index(wanted.casefold()) + 1
        elif wanted.isdecimal() and 1 <= int(wanted) <= self._pages:
            page = int(wanted)
        if page != self._page:
            self.page_wanted.emit(page)
        else:
            self.show_page(page)

    def _arrange(self) -> None:
        wide = self.width() >= NARROW
        shown = self._pictured and self._pages > 0
        always: tuple[QWidget, ...] = (self.field, self.count, self.smaller, self.larger)
        for widget in always:
            widget.setVisible(shown)
        if_wide: tuple[QWidget, ...] = (self.before, self.after, self.zoom)
        for widget in if_wide:
            widget.setVisible(shown and wide)
        self.place.setVisible(not self._pictured)
        self.outline.setVisible(wide)
        self.copy.setVisible(self._of_quote)
        self.words.setVisible(self._recognised and wide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

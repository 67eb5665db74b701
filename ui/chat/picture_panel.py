"""A picture of a conversation in the side panel: as large as fits, with the text recognised in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from assistant import paths
from assistant.chat.history.records import StoredPicture
from ui.chat.transcript_entries import shown
from ui.common import formatting
from ui.common.buttons_and_labels import AT_THE_LEFT, AT_THE_RIGHT, Button, IconButton, Label
from ui.common.layouts import GUTTER, NO_MARGINS, hbox, scroll_area, vbox
from ui.common.page_context import PageContext
from ui.common.picture_button import ShownPicture, said_name
from ui.common.theme import mirrors, theme
from ui.common.thumbnails import thumbnails
from ui.common.translation import arg, translate

SHARE, SHARE_WITH_TEXT = 0.85, 0.55
"""Of the panel's height, what a picture has by itself, and with its text below it."""
MOST_HEIGHT = 1 << 14
"""Pixels of a long strip."""
LEFT, RIGHT = 16, 4
"""Pixels beside it; the gutter of the scroll bar adds to those at the right."""
_LEAST_HEIGHT = 48
"""Pixels in which can be said that it is gone."""


class PicturePanel(QWidget):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._pictures: tuple[StoredPicture, ...] = ()
        self._number = 0
        self._whole_width = False
        """However high the picture is then: it is scrolled to."""
        self.picture = _Picture()
        self.picture.clicked.connect(self._toggle)
        self.before = IconButton("caret-left", translate("chat", "Picture before"), lambda: self._step(-1))
        self.count = Label("", "second")
        self.after = IconButton("caret-right", translate("chat", "Next picture"), lambda: self._step(1))
        self._leaf = QWidget()
        hbox(self.before, self.count, self.after, parent=self._leaf, spacing=4, margins=NO_MARGINS)
        open_file = Button(
            translate("chat", "Open in another program"), self._open, kind="quiet", icon="arrow-square-out"
        )
        tools = hbox(self._leaf, 1, open_file, spacing=8)
        self.heading = Label(translate("chat", "Recognised text"), "strong")
        self.copy = Button(translate("chat", "Copy"), self._copy, kind="quiet", icon="copy")
        self.text = Label("", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words = QWidget()
        head = hbox(self.heading, 1, self.copy)
        vbox(head, self.text, parent=self._words, spacing=4, margins=NO_MARGINS)
        inside = QWidget()
        vbox(self.picture, tools, self._words, 1, parent=inside, spacing=12, margins=(LEFT, 8, RIGHT, 16))
        vbox(scroll_area(inside), parent=self, margins=NO_MARGINS)

    def open(self, pictures: Sequence[StoredPicture], number: int) -> None:
        """Show one of a message's pictures in the panel."""
        self._pictures, self._number, self._whole_width = tuple(pictures), number, False
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _toggle(self) -> None:
        self._whole_width = not self._whole_width
        self._fit()

    def _fit(self) -> None:
        """The text, or a part of it, can be seen below; a click brings the whole width of the panel."""
        share = SHARE_WITH_TEXT if self._pictures and self._pictures[self._number].text else SHARE
        high = MOST_HEIGHT if self._whole_width else round(self.height() * share)
        self.picture.fit(QSize(self.width() - LEFT - RIGHT - GUTTER, high))

    def _step(self, step: int) -> None:
        self._number = max(0, min(len(self._pictures) - 1, self._number + step))
        self._show()

    def _show(self) -> None:
        stored = self._pictures[self._number]
        (picture,) = shown([stored])
        self.picture.show_picture(picture)
        self._leaf.setVisible(len(self._pictures) > 1)
        self.before.setEnabled(self._number > 0)
        self.after.setEnabled(self._number < len(self._pictures) - 1)
        self.count.setText(arg(translate("chat", "%1 of %2"), self._number + 1, len(self._pictures)))
        text = (stored.text or "").strip()
        self._words.setVisible(stored.text is not None)
        self.copy.setVisible(bool(text))
        self.text.setText(text or translate("chat", "No text was recognised in it."))
        leftwards = formatting.is_right_to_left(text) if text else mirrors()
        directions = Qt.LayoutDirection  # those of the picture's text, whatever the window's are
        self.text.setLayoutDirection(directions.RightToLeft if leftwards else directions.LeftToRight)
        self.text.setAlignment(AT_THE_RIGHT if leftwards else AT_THE_LEFT)
        size = arg(translate("chat", "%1 × %2 pixels"), stored.width, stored.height)
        self._context.panel.open(self, said_name(picture), size)
        self._fit()

    def _open(self) -> None:
        self._context.open_file(str(paths.chat_pictures_folder() / self._pictures[self._number].file))

    def _copy(self) -> None:
        text = self._pictures[self._number].text or ""
        self._context.copy(text, translate("chat", "Text copied."))


class _Picture(QAbstractButton):
    """A picture with its own proportions, in the middle of its place."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = ShownPicture("", "", 1, 1)
        self._size = QSize(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        thumbnails().read.connect(self._was_read)

    def show_picture(self, picture: ShownPicture) -> None:
        self._shown = picture
        self.setAccessibleName(said_name(picture))
        self.update()

    def fit(self, most: QSize) -> None:
        """As large as fits, and never larger than it is."""
        size = QSize(self._shown.width, self._shown.height)
        if size.width() > most.width() or size.height() > most.height():
            size = size.scaled(most, Qt.AspectRatioMode.KeepAspectRatio)
        self._size = size.expandedTo(QSize(1, 1))
        self.setFixedHeight(max(_LEAST_HEIGHT, self._size.height()))
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def _was_read(self, path: str) -> None:
        if path == self._shown.path:
            self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # So large that it need not be read anew while the panel is drawn wider.
        image = thumbnails().get(self._shown.path, QSize(2048, 2048))
        if image is None or image.isNull():
            self._paint_absence(painter, image)
            return
        place = QRect(QPoint(0, 0), self._size)
        place.moveCenter(self.rect().center())
        painter.drawImage(place, image)
        if self.hasFocus():
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.drawRect(place.adjusted(1, 1, -1, -1))

    def _paint_absence(self, painter: QPainter, image: QImage | None) -> None:
        painter.setPen(theme().color("text2"))
        gone = translate("chat", "The picture is not here any more.")
        words = translate("chat", "Opening…") if image is None else gone
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)

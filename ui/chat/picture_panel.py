"""A picture of a conversation in the side panel: as large as fits, with the text recognised in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from assistant import paths
from assistant.chat.history.records import StoredPicture
from ui.chat.transcript_entries import shown
from ui.common.buttons_and_labels import Button, IconButton, Label
from ui.common.layouts import NO_MARGINS, hbox, scroll_area, vbox
from ui.common.page_context import PageContext
from ui.common.picture_button import ShownPicture, said_name
from ui.common.theme import theme
from ui.common.thumbnails import thumbnails
from ui.common.translation import arg, translate


class PicturePanel(QWidget):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._pictures: tuple[StoredPicture, ...] = ()
        self._number = 0
        self.picture = _Picture()
        self.before = IconButton("caret-left", translate("chat", "Picture before"), lambda: self._step(-1))
        self.count = Label("", "second")
        self.after = IconButton("caret-right", translate("chat", "Next picture"), lambda: self._step(1))
        self._leaf = QWidget()
        hbox(self.before, self.count, self.after, parent=self._leaf, spacing=4, margins=NO_MARGINS)
        open_file = Button(translate("chat", "Open in another program"), self._open, icon="arrow-square-out")
        tools = hbox(self._leaf, 1, open_file, spacing=8)
        self.heading = Label(translate("chat", "Recognised text"), "strong")
        self.copy = Button(translate("chat", "Copy"), self._copy, kind="quiet", icon="copy")
        self.text = Label("", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words = QWidget()
        head = hbox(self.heading, 1, self.copy)
        vbox(head, self.text, parent=self._words, spacing=4, margins=NO_MARGINS)
        inside = QWidget()
        vbox(self.picture, tools, self._words, 1, parent=inside, spacing=12, margins=(16, 8, 4, 16))
        vbox(scroll_area(inside), parent=self, margins=NO_MARGINS)

    def open(self, pictures: Sequence[StoredPicture], number: int) -> None:
        """Show one of a message's pictures in the panel."""
        self._pictures, self._number = tuple(pictures), number
        self._show()

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
        size = arg(translate("chat", "%1 × %2 pixels"), stored.width, stored.height)
        self._context.panel.open(self, said_name(picture), size)

    def _open(self) -> None:
        self._context.open_file(str(paths.chat_pictures_folder() / self._pictures[self._number].file))

    def _copy(self) -> None:
        text = self._pictures[self._number].text or ""
        self._context.copy(text, translate("chat", "Text copied."))


class _Picture(QWidget):
    """As wide as its place, with its own proportions."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = ShownPicture("", "", 1, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        thumbnails().read.connect(self._was_read)

    def show_picture(self, picture: ShownPicture) -> None:
        self._shown = picture
        self.setAccessibleName(said_name(picture))
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        wide = min(width, self._shown.width)
        return max(24, round(wide * self._shown.height / self._shown.width))

    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(300))

    def _was_read(self, path: str) -> None:
        if path == self._shown.path:
            self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        wide = min(self.width(), self._shown.width)
        place = QRect((self.width() - wide) // 2, 0, wide, self.heightForWidth(self.width()))
        # So large that it need not be read anew while the panel is drawn wider.
        image = thumbnails().get(self._shown.path, QSize(2048, 2048))
        if image is None or image.isNull():
            self._paint_absence(painter, image)
        else:
            painter.drawImage(place, image)

    def _paint_absence(self, painter: QPainter, image: QImage | None) -> None:
        painter.setPen(theme().color("text2"))
        gone = translate("chat", "The picture is not here any more.")
        words = translate("chat", "Opening…") if image is None else gone
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)

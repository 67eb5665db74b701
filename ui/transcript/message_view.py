"""One message of a conversation: who said it, its text, what is being done, and what can be done with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.common import formatting
from ui.common.buttons_and_labels import Button, Label
from ui.common.menus import Menu
from ui.common.theme import theme
from ui.common.translation import arg, translate
from ui.transcript.entry import DOUBT, NO_SOURCE, EntryAction, TranscriptEntry, actions_of, cited_of
from ui.transcript.message_footer import MessageFooter
from ui.transcript.message_text import MessageText
from ui.transcript.picture_strip import PictureStrip
from ui.transcript.quote_list import QuoteList
from ui.transcript.sight_note import SightNote

FOOTER = 34
"""Pixels of the height that the row of buttons takes, whether or not it is seen."""
SIDE = 16
"""Pixels between the words of the person and the edge of their bubble."""
BUBBLE = 0.86
"""Of the column's width, what a message of the person may take."""
PICTURES_GAP = 6
"""Pixels between pictures and the words that belong to them."""
THOUGHT_INDENT = 16
"""Pixels that the thoughts before an answer stand further in."""


class MessageView(QWidget):
    action_wanted = Signal(EntryAction, int)
    """With the key of the message."""
    link_wanted = Signal(str)
    citation_wanted = Signal(int, int)
    """The key, and the number of the quote."""
    picture_wanted = Signal(int, int)
    """The key, and the number of the picture."""
    seeing_model_wanted = Signal()
    height_changed = Signal(int)
    """It needs another height now, for the person folded something."""

    def __init__(self, entry: TranscriptEntry, parent: QWidget, *, voice: bool) -> None:
        super().__init__(parent)
        self.entry = entry
        self._voice = voice
        self._width = 0
        self._last = False
        self._chosen = False
        self._hovered = False
        self._footer: MessageFooter | None = None
        self._thoughts: MessageText | None = None
        self._fold: Button | None = None
        self._status: Label | None = None
        self._quotes: QuoteList | None = None
        self._pictures: PictureStrip | None = None
        self._sight: SightNote | None = None
        self.text = MessageText(self)
        self.text.link_wanted.connect(self.link_wanted)
        self.text.citation_wanted.connect(self._citation_wanted)
        self.set_entry(entry)

    # --- what it shows

    def set_entry(self, entry: TranscriptEntry) -> None:
        self.entry = entry
        beginning = formatting.one_line(entry.text[:200])
        if entry.mine:
            self.text.set_plain(entry.text)
            self.text.setAccessibleName(translate("chat", "You: message"))
            self.setAccessibleName(_said(entry, beginning))
        else:
            # What is still being written was not checked: its numbers are no citations yet.
            quotes = () if entry.writing else entry.quotes
            self.text.set_answer(entry.text, quotes, entry.doubts, entry.unsourced)
            self.text.setAccessibleName(translate("chat", "Answer: message"))
            self.setAccessibleName(arg(translate("chat", "Answer: %1"), beginning))
        self._show_pictures()
        self._show_thoughts()
        self._show_status()
        self._show_sight()
        self._show_quotes()
        if self._footer is not None:
            self._footer.show_entry(entry)
        self._show_footer()

    def _citation_wanted(self, number: int) -> None:
        if number not in (DOUBT, NO_SOURCE):
            self.citation_wanted.emit(self.entry.key, number)

    def set_last(self, last: bool) -> None:
        """What can be done with the last answer is always to be seen."""
        if last != self._last:
            self._last = last
            self._show_footer()

    def set_chosen(self, chosen: bool) -> None:
        """The keyboard is on this message."""
        if chosen != self._chosen:
            self._chosen = chosen
            self._show_footer()
            self.update()

    def _show_thoughts(self) -> None:
        entry = self.entry
        if not entry.thinking:
            return
        if self._fold is None:
            self._fold = Button("", self._toggle_thoughts, kind="quiet", icon="caret-right")
            self._fold.setParent(self)
            self._fold.show()
        words = len(entry.thinking.split())
        if entry.writing and not entry.text:
            self._fold.setText(translate("chat", "Thinking…"))
        else:
            self._fold.setText(translate("chat", "Thinking · %n word(s)", None, words))
        if self._thoughts is not None:
            self._thoughts.set_markdown(entry.thinking)
            self._fold.setAccessibleName(translate("chat", "Hide the thinking, %n word(s)", None, words))
        else:
            self._fold.setAccessibleName(translate("chat", "Show the thinking, %n word(s)", None, words))

    def _toggle_thoughts(self) -> None:
        assert self._fold is not None
        if self._thoughts is None:
            self._thoughts = MessageText(self)
            self._thoughts.setAccessibleName(translate("chat", "Thinking before the answer"))
            self._thoughts.show()
        else:
            self._thoughts.deleteLater()
            self._thoughts = None
        self._fold.set_icon("caret-right" if self._thoughts is None else "caret-down")
        self._show_thoughts()
        self.height_changed.emit(self.entry.key)

    def _show_status(self) -> None:
        text = self.entry.doing or self.entry.problem
        if self._status is None:
            if not text:
                return
            self._status = Label("", "second", wrap=True)
            self._status.setParent(self)
        self._status.setText(text)
        self._status.set_kind("warn" if self.entry.problem else "second")
        self._status.setVisible(bool(text))

    def _show_pictures(self) -> None:
        if self._pictures is None:
            if not self.entry.pictures:
                return
            self._pictures = PictureStrip(self)
            self._pictures.wanted.connect(lambda number: self.picture_wanted.emit(self.entry.key, number))
        self._pictures.show_pictures(self.entry.pictures)
        self._pictures.setVisible(bool(self.entry.pictures))

    def _show_sight(self) -> None:
        wanted = self.entry.read_only_text
        if self._sight is None:
            if not wanted:
                return
            self._sight = SightNote(translate("chat", "Only the text recognised in the picture was read."))
            self._sight.models_wanted.connect(self.seeing_model_wanted)
            self._sight.setParent(self)
        self._sight.setVisible(wanted)

    def _show_quotes(self) -> None:
        """All as long as the answer is written; then those that it cites, or all if it cites none."""
        entry = self.entry
        if not entry.quotes:
            return
        if self._quotes is None:
            self._quotes = QuoteList(self)
            self._quotes.wanted.connect(self._citation_wanted)
            self._quotes.show()
        cited = () if entry.writing else cited_of(entry)
        self._quotes.show_quotes(cited or entry.quotes)

    def confirm_copied(self) -> bool:
        """Say under the message that it was copied; false where nothing of that can be seen."""
        return self._footer is not None and self._footer.confirm_copied()

    def _show_footer(self) -> None:
        entry = self.entry
        wanted = not entry.writing and (
            self._chosen or self._hovered or (self._last and not entry.mine) or entry.versions > 1
        )
        if wanted and self._footer is None:
            self._footer = MessageFooter(self, self._voice)
            self._footer.action_wanted.connect(lambda action: self.action_wanted.emit(action, self.entry.key))
            self._footer.show_entry(entry)
            self._place_footer()
        if self._footer is not None:
            self._footer.setVisible(wanted)

    # --- where things are

    def height_for(self, width: int) -> int:
        """Lay it out so wide; returns how high it is then."""
        self._width = width
        return self._lay_out_mine(width) if self.entry.mine else self._lay_out_answer(width)

    def _lay_out_mine(self, width: int) -> int:
        most = round(width * BUBBLE)
        top = self._lay_out_pictures(width, most)
        self.text.setVisible(bool(self.entry.text))
        if self.entry.text:
            top += PICTURES_GAP if top else 0
            self.text.height_for(most - 2 * SIDE)
            inner = min(most - 2 * SIDE, max(24, self.text.widest_line()))
            height = self.text.height_for(inner)
            left = width - inner - SIDE
            self.text.setGeometry(left, top + 10, inner, height)
            self._bubble = QRectF(left - SIDE, top, inner + 2 * SIDE, height + 20)
        self._footer_top = round(self._bubble.bottom()) + 2
        self._place_footer()
        return self._footer_top + FOOTER

    def _lay_out_pictures(self, width: int, most: int) -> int:
        """Above the words; returns where they end. Without words the keyboard's ring is around them."""
        if self._pictures is None or self._pictures.isHidden():
            return 0
        size = self._pictures.lay_out(most)
        self._pictures.setGeometry(width - size.width(), 0, size.width(), size.height())
        self._bubble = QRectF(self._pictures.geometry())
        return size.height()

    def _lay_out_answer(self, width: int) -> int:
        top = 0
        if self._fold is not None:
            self._fold.setGeometry(-8, top, self._fold.sizeHint().width(), 32)
            top += 36
        if self._thoughts is not None:
            height = self._thoughts.height_for(width - THOUGHT_INDENT)
            self._thoughts.setGeometry(THOUGHT_INDENT, top, width - THOUGHT_INDENT, height)
            self._thoughts.place_buttons()
            top += height + 12
        if self.entry.text or not self.entry.doing:
            height = self.text.height_for(width)
            self.text.setGeometry(0, top, width, height)
            self.text.place_buttons()
            top += height + 4
        self.text.setVisible(bool(self.entry.text))
        if self._status is not None and not self._status.isHidden():
            height = max(22, self._status.heightForWidth(width))
            self._status.setGeometry(0, top, width, height)
            top += height + 4
        if self._sight is not None and not self._sight.isHidden():
            height = self._sight.sizeHint().height()
            self._sight.setGeometry(0, top, width, height)
            top += height + 4
        if self._quotes is not None:
            height = self._quotes.lay_out(width + 8)
            self._quotes.setGeometry(-4, top + 4, width + 8, height)
            top += height + 8
        self._footer_top = top
        self._place_footer()
        return top + FOOTER

    def _place_footer(self) -> None:
        if self._footer is not None and self._width:
            wide = min(self._width, self._footer.sizeHint().width())
            if self.entry.mine:
                self._footer.setGeometry(self._width - wide, self._footer_top, wide, FOOTER - 2)
            else:
                self._footer.setGeometry(-6, self._footer_top, self._width + 6, FOOTER - 2)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.entry.mine and self._width and self.entry.text:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("surface2"))
            painter.drawRoundedRect(self._bubble, 12, 12)
        elif self._thoughts is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("border"))
            painter.drawRoundedRect(QRectF(0, self._thoughts.y(), 3, self._thoughts.height()), 1.5, 1.5)
        if self._chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().color("accent"), 2))
            rect = self._bubble if self.entry.mine else QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 12, 12)

    # --- mouse

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self._show_footer()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self._show_footer()
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def menu(self) -> Menu:
        """All that can be done with it now."""
        menu = Menu(self)
        for action, icon, name in actions_of(self.entry, voice=self._voice):
            menu.add_item(name, partial(self.action_wanted.emit, action, self.entry.key), icon)
        if self.entry.text:
            wanted = partial(self.action_wanted.emit, EntryAction.TRANSLATE, self.entry.key)
            menu.add_item(translate("chat", "Translate"), wanted, "translate")
        for quote in self.entry.quotes:
            name = arg(translate("chat", "Quote %1: %2"), quote.n, formatting.file_name(quote.path))
            menu.add_item(name, partial(self._citation_wanted, quote.n), "quotes")
        return menu


def _said(entry: TranscriptEntry, beginning: str) -> str:
    """What a screen reader says of a message of the person."""
    if not entry.pictures:
        return arg(translate("chat", "You: %1"), beginning)
    text = translate("chat", "You, with %n picture(s): %1", None, len(entry.pictures))
    return arg(text, beginning)

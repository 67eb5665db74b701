"""How much text was found on each page of a document, with the reason where there is none."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QCheckBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from assistant.documents.event_records import RecognitionStatus
from assistant.documents.records import DocumentInfo, DocumentState, Outcome, PartReport
from ui.common import document_state, error_words, formatting, quantities, recognition_words
from ui.common.buttons_and_labels import Button, Divider, Label, draw_line
from ui.common.flow_layout import FlowLayout
from ui.common.layouts import NO_MARGINS, vbox
from ui.common.menus import Menu
from ui.common.paragraphs import Paragraphs
from ui.common.row_painting import paint_background, placed
from ui.common.theme import font, theme
from ui.common.translation import arg, translate
from ui.common.virtual_list import PickList, RowIndex
from ui.documents.document_list_model import can_be_summarised

LEFT = Qt.AlignmentFlag.AlignLeft
ICONS = {
    Outcome.TEXT: ("check-circle", "accent"),
    Outcome.OCR: ("eye", "accent"),
    Outcome.EMPTY: ("file-text", "text2"),
    Outcome.FAILED: ("warning-circle", "error"),
}


class ReportView(QWidget):
    page_wanted = Signal(DocumentInfo, int)
    read_wanted = Signal(DocumentInfo)
    summary_wanted = Signal(DocumentInfo)
    recognition_wanted = Signal(DocumentInfo, object)
    """Again, of this part (a PartReport), or of all of it (None)."""
    copy_wanted = Signal(DocumentInfo)
    """A searchable one."""

    def __init__(self) -> None:
        super().__init__()
        self._document: DocumentInfo | None = None
        self._recognition: RecognitionStatus | None = None
        self._parts: tuple[PartReport, ...] = ()
        self.summary = Paragraphs()
        self.facts = Label("", "second", wrap=True)
        self.only_gaps = QCheckBox(translate("documents", "Only what needs attention"))
        self.only_gaps.clicked.connect(lambda _: self._show())
        self.model = ReportModel(self)
        self.list = _ReportList(ReportRowDelegate.height())
        self.list.setAccessibleName(report_title("page"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(ReportRowDelegate(self.list))
        self.list.picked.connect(self._choose)
        self.list.menu_wanted.connect(lambda index, place: self.menu_for(index).popup(place))
        self.none_needs = Label(translate("documents", "Nothing needs your attention."), "second")
        summarise, read = translate("documents", "Summarise"), translate("documents", "Read the document")
        self.summarise = Button(summarise, self._summarise, kind="link", icon="file-text")
        self.read = Button(read, self._read, kind="link", icon="book-open")
        self.recognise = Button("", self._recognise, kind="link", icon="eye")
        self.copy = Button(
            translate("documents", "Searchable copy…"),
            self._want_copy,
            kind="link",
            icon="export",
        )
        buttons = FlowLayout(4)
        for button in (self.read, self.summarise, self.recognise, self.copy):
            buttons.addWidget(button)
        inner = vbox(
            self.summary,
            self.facts,
            buttons,
            self.only_gaps,
            self.none_needs,
            margins=(16, 0, 16, 12),
            spacing=8,
        )
        vbox(inner, Divider(), (self.list, 1), parent=self, margins=NO_MARGINS, spacing=0)

    @property
    def document(self) -> DocumentInfo | None:
        return self._document

    def show_document(self, document: DocumentInfo) -> None:
        """The document's own line; its parts follow with `show_parts`."""
        if self._document is None or self._document.id != document.id:
            self._parts = ()
            self.only_gaps.setChecked(True)
            self._show()
        self._document = document
        self._show_state()
        self.copy.setVisible(document_state.can_be_copied_searchable(document))
        self.summarise.setVisible(can_be_summarised(document))
        collection = formatting.isolate(formatting.name(document.collection))
        facts = [
            arg(translate("documents", "in %1"), collection),
            translate("documents", "%n passage(s)", None, document.chunks),
            quantities.size(document.size),
            formatting.isolate(formatting.name(document.path)),
        ]
        if document.watched:
            facts.insert(1, translate("documents", "in a watched folder"))
        self.facts.setText(" · ".join(facts))

    def show_recognition(self, status: RecognitionStatus | None) -> None:
        """What is recognised now, or why what waits does."""
        self._recognition = status
        self._show_state()

    def show_parts(self, parts: tuple[PartReport, ...]) -> None:
        self._parts = parts
        self._show()

    def _show_state(self) -> None:
        if self._document is not None:
            self.summary.set_text(document_state.state(self._document, recognition=self._recognition))

    def _show(self) -> None:
        gaps = [part for part in self._parts if part.needs_attention]
        again = any(part.recogniser for part in self._parts)
        self.recognise.setText(recognise_words(again=again))
        self.recognise.setVisible(any(part.pictures for part in self._parts))
        self.only_gaps.setVisible(0 < len(gaps) < len(self._parts))
        self.none_needs.setVisible(bool(self._parts) and not gaps)
        self.model.replace(gaps if gaps and self.only_gaps.isChecked() else self._parts)

    def _choose(self, index: QModelIndex) -> None:
        if self._document is not None and self._document.state is not DocumentState.MISSING:
            self.page_wanted.emit(self._document, self.model.part(index).number)

    def menu_for(self, index: QModelIndex) -> Menu:
        """What can be done with a part."""
        menu, part = Menu(self), self.model.part(index)
        menu.add_item(translate("documents", "Read"), lambda: self._choose(index), "book-open")
        if part.pictures:
            again = recognise_words(again=bool(part.recogniser))
            menu.add_item(again, lambda: self._recognise(part), "eye")
        return menu

    def _recognise(self, part: PartReport | None = None) -> None:
        if self._document is not None:
            self.recognition_wanted.emit(self._document, part)

    def _want_copy(self) -> None:
        if self._document is not None:
            self.copy_wanted.emit(self._document)

    def _read(self) -> None:
        if self._document is not None:
            self.read_wanted.emit(self._document)

    def _summarise(self) -> None:
        if self._document is not None:
            self.summary_wanted.emit(self._document)


class _ReportList(PickList):
    menu_wanted = Signal(QModelIndex, QPoint)

    def show_menu(self, index: QModelIndex, place: QPoint) -> None:
        self.setCurrentIndex(index)
        self.menu_wanted.emit(index, place)


class ReportModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parts: tuple[PartReport, ...] = ()
        self.longest = ""
        """Of the names of the parts."""

    def replace(self, parts: tuple[PartReport, ...] | list[PartReport]) -> None:
        self.beginResetModel()
        self._parts = tuple(parts)
        self.longest = max((formatting.name(part.label) for part in parts), key=len, default="")
        self.endResetModel()

    def part(self, index: RowIndex) -> PartReport:
        return self._parts[index.row()]

    def rowCount(self, parent: RowIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._parts)

    def data(self, index: RowIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        part = self.part(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return formatting.name(part.label)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            said = " · ".join(filter(None, (outcome_words(part), recognition_words.how(part))))
            return arg(translate("documents", "%1: %2"), formatting.name(part.label), said)
        return None


def report_title(unit: str) -> str:
    """What the report of a document is called; its unit is a page, a slide …"""
    match unit:
        case "page":
            return translate("documents", "Text found per page")
        case "slide":
            return translate("documents", "Text found per slide")
        case "sheet":
            return translate("documents", "Text found per sheet")
        case "chapter":
            return translate("documents", "Text found per chapter")
        case "message":
            return translate("documents", "Text found per message")
    return translate("documents", "Text found per part")


def outcome_words(part: PartReport) -> str:
    """ "recognised · 97 % sure · 1,280 characters"."""
    words = []
    if part.outcome is Outcome.OCR:
        words.append(translate("documents", "recognised"))
    if part.confidence is not None and part.outcome in (Outcome.TEXT, Outcome.OCR):
        words.append(recognition_words.sureness(part.confidence))
    match part.outcome:
        case Outcome.TEXT | Outcome.OCR:
            words += [translate("documents", "%n character(s)", None, part.characters), _problem(part)]
        case Outcome.EMPTY if not part.waiting:
            words.append(_problem(part) or translate("documents", "no text"))
        case Outcome.FAILED if not part.waiting:
            words.append(_problem(part) or translate("documents", "could not be read"))
    if part.waiting:
        words.append(translate("documents", "waits for text recognition"))
    return " · ".join(filter(None, words))


def icon_of(part: PartReport) -> tuple[str, str]:
    """The name of the icon and the theme's colour for what a part gave."""
    if part.waiting:
        return "clock", "text2"
    if part.needs_attention and part.outcome is not Outcome.FAILED:
        return "warning", "warn"
    icon, token = ICONS[part.outcome]
    return icon, "warn" if recognition_words.is_doubtful(part) else token


def recognise_words(*, again: bool) -> str:
    return (
        translate("documents", "Recognise text again…")
        if again
        else translate("documents", "Recognise text…")
    )


def _problem(part: PartReport) -> str:
    return formatting.one_line(error_words.message(part.problem)) if part.problem else ""


class ReportRowDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: RowIndex) -> QSize:
        return QSize(0, self.height())

    @staticmethod
    def height() -> int:
        return QFontMetrics(font(13)).height() + 16

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: RowIndex) -> None:
        model = index.model()
        assert isinstance(model, ReportModel)
        part = model.part(index)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_background(
            painter,
            QRectF(rect.adjusted(4, 1, -4, -1)),
            "surface2" if state & QStyle.StateFlag.State_MouseOver else "",
            focused=bool(state & QStyle.StateFlag.State_HasFocus),
        )
        place = QRect(rect.left() + 16, rect.center().y() - 8, 16, 16)
        icon, token = icon_of(part)
        theme().icon(icon, token).paint(painter, placed(place, rect))
        painter.setFont(font(13))
        painter.setPen(theme().color("text"))
        needed = painter.fontMetrics().horizontalAdvance(model.longest) + 8
        label = QRect(rect.left() + 42, rect.top(), min(needed, rect.width() // 3), rect.height())
        name = formatting.name(part.label)
        draw_line(painter, placed(label, rect), name, Qt.TextElideMode.ElideRight, LEFT)
        painter.setPen(theme().color("text2"))
        rest = QRect(label.right() + 12, rect.top(), rect.right() - label.right() - 28, rect.height())
        draw_line(painter, placed(rest, rect), outcome_words(part), Qt.TextElideMode.ElideRight, LEFT)
        painter.restore()

"""The list of documents: how far each is, what can be done about it, and what to do where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from assistant import languages
from assistant.translation.jobs.records import DocumentState, TranslatedDocument
from ui.common import error_words, formatting, quantities
from ui.common.buttons_and_labels import Button
from ui.common.job_row import JobRow
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.menus import Menu
from ui.common.row_list import RowList
from ui.common.translation import arg, translate
from ui.translation.document_actions import WORKS
from ui.translation.language_menus import pair_name


class DocumentRow(JobRow):
    def __init__(self, rows: DocumentRows, document: TranslatedDocument) -> None:
        id = document.id
        super().__init__(lambda: rows.stop_wanted.emit(id), lambda: rows.resume_wanted.emit(id))
        self._rows = rows
        self.document = document
        self.check = Button("", self._report, kind="link", icon="warning")
        self.check.set_icon("warning", "warn")
        self.open = Button(translate("translation", "Open"), self._open, icon="arrow-square-out")
        top = hbox(
            (self.words, 1), self.stop, self.go_on, self.open, self.more, spacing=4, margins=(8, 0, 0, 0)
        )
        vbox(top, hbox(self.check, 1), parent=self, spacing=0, margins=(4, 8, 8, 8))

    def show_document(self, document: TranslatedDocument) -> None:
        self.document = document
        state = document.state
        self.show_job(
            formatting.file_name(document.path),
            words_of(document),
            works=state in WORKS,
            stopped=state is DocumentState.STOPPED,
            failed=state is DocumentState.FAILED,
            done=document.done,
            total=document.total if state is DocumentState.RUNNING else 0,
        )
        self.check.setText(checks_of(document))
        self.check.setAccessibleName(self.check.text())
        self.check.setVisible(state is DocumentState.DONE and bool(document.marked or document.lost))
        self.open.setVisible(state is DocumentState.DONE)
        name = self.title.text()
        self.open.setAccessibleName(arg(translate("translation", "Open the translation of %1"), name))
        self.stop.setAccessibleName(arg(translate("translation", "Stop translating %1"), name))
        self.more.setAccessibleName(arg(translate("translation", "More about %1"), name))

    def menu(self) -> Menu:
        rows, document = self._rows, self.document
        menu = Menu(self)
        if document.output:
            menu.add_item(translate("translation", "Open the translation"), self._open, "arrow-square-out")
            menu.add_item(
                translate("translation", "Show in its folder"),
                partial(rows.folder_wanted.emit, document.output),
                "folder-open",
            )
        if document.marked or document.lost:
            menu.add_item(translate("translation", "What to check"), self._report, "warning")
        menu.add_item(
            translate("translation", "Open the original"),
            partial(rows.open_wanted.emit, document.path),
            "file-text",
        )
        menu.addSeparator()
        menu.add_item(
            translate("translation", "Remove from the list"),
            partial(rows.remove_wanted.emit, document),
            "x-circle",
        )
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.document.output:
                self._open()
        elif event.key() == Qt.Key.Key_Delete:
            self._rows.remove_wanted.emit(self.document)
        elif event.key() == Qt.Key.Key_Menu:
            self._open_menu()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.document.output:
            self._open()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def _open(self) -> None:
        self._rows.open_wanted.emit(self.document.output)

    def _report(self) -> None:
        self._rows.report_wanted.emit(self.document)


class DocumentRows(QWidget):
    open_wanted = Signal(str)
    folder_wanted = Signal(str)
    stop_wanted = Signal(int)
    resume_wanted = Signal(int)
    report_wanted = Signal(TranslatedDocument)
    remove_wanted = Signal(TranslatedDocument)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[TranslatedDocument, ...] = ()
        self.rows: dict[int, DocumentRow] = {}
        self._list = RowList(lambda: self.show_documents(self._shown))
        vbox((self._list, 1), parent=self, margins=NO_MARGINS)

    def show_documents(self, documents: Iterable[TranslatedDocument]) -> None:
        self._shown = tuple(documents)
        wanted = self._list.wanted(self._shown)
        if [each.id for each in wanted] != list(self.rows):
            self.rows = {each.id: DocumentRow(self, each) for each in wanted}
            self._list.set_rows(self.rows.values())
        for each in wanted:
            if self.rows[each.id].document != each or not self.rows[each.id].title.text():
                self.rows[each.id].show_document(each)


def words_of(document: TranslatedDocument) -> str:
    """ "Into German · 34 of 80 sentences · 20 s left"."""
    target = document.options.target
    into = pair_name("", target)
    match document.state:
        case DocumentState.QUEUED:
            parts = [into, translate("translation", "Waiting")]
        case DocumentState.RUNNING:
            parts = [into, *_progress(document)]
        case DocumentState.FAILED if document.problem is not None:
            return error_words.both(document.problem)
        case DocumentState.STOPPED:
            parts = [into, arg(translate("translation", "Stopped: %1"), _done_of(document))]
            if not document.total:
                parts = [into, translate("translation", "Stopped")]
        case _:
            parts = [pair_name(document.language, target)]
            if document.pivot:
                parts.append(arg(translate("translation", "by way of %1"), languages.name(document.pivot)))
            if document.total:
                parts.append(translate("translation", "%n sentence(s)", None, document.total))
            parts.append(quantities.moment(datetime.fromtimestamp(document.created)))
    return " · ".join(parts)


def checks_of(document: TranslatedDocument) -> str:
    """What there is to look at, on the button that shows it."""
    if document.marked:
        return translate("translation", "%n sentence(s) to check", None, document.marked)
    return translate("translation", "Not all was kept")


def _progress(document: TranslatedDocument) -> list[str]:
    if not document.total:
        return [translate("translation", "Reading the document")]
    parts = [_done_of(document)]
    if document.seconds_left is not None:
        parts.append(arg(translate("translation", "%1 left"), quantities.duration(document.seconds_left)))
    return parts


def _done_of(document: TranslatedDocument) -> str:
    text = translate("translation", "%1 of %n sentence(s)", None, document.total)
    return arg(text, quantities.number(document.done))

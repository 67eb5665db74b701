"""The list of transcripts: how far each is, what can be done about it, and what to do where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from assistant import languages
from assistant.speech.transcripts.records import TranscriptGrew, TranscriptInfo, TranscriptState
from ui.common import error_words, formatting, quantities
from ui.common.buttons_and_labels import Button, Label
from ui.common.empty_state import EmptyState
from ui.common.job_row import JobRow
from ui.common.layouts import NO_MARGINS, before_gutter, hbox, vbox
from ui.common.menus import Menu
from ui.common.row_list import RowList
from ui.common.translation import arg, translate
from ui.transcripts.transcript_actions import share, title

ROOM_FOR_HINT = 440
"""Pixels."""
_WORKS = (TranscriptState.QUEUED, TranscriptState.RUNNING)


class TranscriptRow(JobRow):
    def __init__(self, view: TranscriptsView, info: TranscriptInfo) -> None:
        super().__init__(lambda: view.stop_wanted.emit(info.id), lambda: view.resume_wanted.emit(info.id))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._view = view
        self.info = info
        hbox((self.words, 1), self.stop, self.go_on, self.more, parent=self, spacing=8, margins=(12, 8, 8, 8))

    def show_transcript(self, info: TranscriptInfo, growth: TranscriptGrew | None) -> None:
        self.info = info
        done = share(info, growth) if info.state is TranscriptState.RUNNING else None
        self.show_job(
            title(info),
            words_of(info, growth),
            works=info.state in _WORKS,
            stopped=info.state is TranscriptState.STOPPED,
            failed=info.state is TranscriptState.FAILED,
            done=round(1000 * (done or 0.0)),
            total=0 if done is None else 1000,
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._view.open_wanted.emit(self.info.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._view.open_wanted.emit(self.info.id)
        elif event.key() == Qt.Key.Key_Delete:
            self._view.delete_wanted.emit(self.info)
        else:
            super().keyPressEvent(event)

    def menu(self) -> Menu:
        view, info = self._view, self.info
        menu = Menu(self)
        menu.add_item(translate("transcripts", "Open"), partial(view.open_wanted.emit, info.id), "file-text")
        menu.add_item(
            translate("transcripts", "Ask about it"),
            partial(view.ask_wanted.emit, info.id),
            "chat-circle-text",
        )
        menu.add_item(
            translate("transcripts", "Translate"),
            partial(view.translation_wanted.emit, info.id),
            "translate",
        )
        menu.add_item(
            translate("transcripts", "Rename…"), partial(view.rename_wanted.emit, info), "pencil-simple"
        )
        menu.add_item(
            translate("transcripts", "Show the recording in its folder"),
            partial(view.folder_wanted.emit, info.path),
            "folder-open",
        )
        menu.addSeparator()
        menu.add_item(translate("transcripts", "Delete"), partial(view.delete_wanted.emit, info), "trash")
        return menu


class TranscriptsView(QWidget):
    open_wanted = Signal(int)
    stop_wanted = Signal(int)
    resume_wanted = Signal(int)
    rename_wanted = Signal(TranscriptInfo)
    delete_wanted = Signal(TranscriptInfo)
    ask_wanted = Signal(int)
    translation_wanted = Signal(int)
    folder_wanted = Signal(str)
    choose_wanted = Signal()
    models_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[tuple[TranscriptInfo, ...], Mapping[int, TranscriptGrew]] = ((), {})
        self.rows: dict[int, TranscriptRow] = {}
        self._list = RowList(lambda: self.show_transcripts(*self._shown))
        self.hint = Label(
            translate("transcripts", "Drop recordings or videos anywhere in the window."), "second", wrap=True
        )
        self.choose = Button(
            translate("transcripts", "Transcribe recordings"),
            self.choose_wanted.emit,
            kind="primary",
            icon="plus",
        )
        self.no_model = Label("", "warn", wrap=True)
        self.get_model = Button(translate("transcripts", "Get a model"), self.models_wanted.emit, kind="link")
        self._notice = QWidget()
        hbox((self.no_model, 1), self.get_model, parent=self._notice, spacing=8, margins=NO_MARGINS)
        top = hbox((self.hint, 1), 0, self.choose, spacing=12)
        some = QWidget()
        vbox(
            before_gutter(top), before_gutter(self._notice), (self._list, 1),
            parent=some, spacing=12, margins=NO_MARGINS,
        )  # fmt: skip
        self.nothing = EmptyState(
            "file-text",
            translate("transcripts", "Recordings become text here"),
            translate(
                "transcripts",
                "Drop a recording or a video anywhere in the window. Speech becomes text on this "
                "computer, with times. You can edit and export it, and ask questions about it.",
            ),
            ((translate("transcripts", "Choose recordings"), "plus", self.choose_wanted.emit),),
        )
        self.first_model = EmptyState(
            "microphone",
            translate("transcripts", "A speech model is needed first"),
            "",
            ((translate("transcripts", "Get a model"), "download-simple", self.models_wanted.emit),),
        )
        self._stack = QStackedWidget()
        for each in (some, self.nothing, self.first_model):
            self._stack.addWidget(each)
        vbox((self._stack, 1), parent=self, margins=NO_MARGINS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.hint.setVisible(self.width() >= ROOM_FOR_HINT)
        super().resizeEvent(event)

    def show_transcripts(self, infos: Iterable[TranscriptInfo], growth: Mapping[int, TranscriptGrew]) -> None:
        self._shown = tuple(infos), dict(growth)
        wanted = self._list.wanted(self._shown[0])
        if [each.id for each in wanted] != list(self.rows):
            self.rows = {each.id: TranscriptRow(self, each) for each in wanted}
            self._list.set_rows(self.rows.values())
        for each in wanted:
            self.rows[each.id].show_transcript(each, growth.get(each.id))

    def show_state(self, *, has_model: bool, waiting: int) -> None:
        """`waiting`: recordings that were given and wait for a model."""
        self._notice.setVisible(not has_model)
        why = (
            translate(
                "transcripts",
                "%n recording(s) will be transcribed once there is one.",
                None,
                waiting,
            )
            if waiting
            else translate("transcripts", "It stays on this computer, and so does everything that is said.")
        )
        self.first_model.text.set_text(why)
        missing = translate("transcripts", "There is no speech model on this computer.")
        self.no_model.setText(f"{missing} {why}" if waiting else missing)
        if self._shown[0]:
            self._stack.setCurrentIndex(0)
        else:
            self._stack.setCurrentWidget(self.nothing if has_model else self.first_model)


def words_of(info: TranscriptInfo, growth: TranscriptGrew | None) -> str:
    """ "Transcribing · 40 % · 3 min left"."""
    if info.state is TranscriptState.QUEUED:
        return translate("transcripts", "Waiting")
    if info.state is TranscriptState.RUNNING:
        listening = growth is not None and growth.finding_speakers
        parts = [
            translate("transcripts", "Identifying speakers")
            if listening
            else translate("transcripts", "Transcribing")
        ]
        done = share(info, growth)
        if done is not None:
            parts.append(arg(translate("transcripts", "%1 %"), min(99, int(done * 100))))
        if growth is not None and growth.seconds_left is not None:
            parts.append(arg(translate("transcripts", "%1 left"), quantities.duration(growth.seconds_left)))
        return " · ".join(parts)
    if info.state is TranscriptState.FAILED and info.problem is not None:
        return error_words.both(info.problem)
    parts = [quantities.moment(datetime.fromtimestamp(info.created))]
    if info.state is TranscriptState.STOPPED:
        said = arg(translate("transcripts", "Stopped at %1"), quantities.clock(info.done_until))
        return " · ".join([said, *parts])
    if info.duration is not None:
        parts.append(quantities.clock(info.duration))
    if info.language:
        parts.append(languages.name(info.language))
    if info.problem is not None:
        parts.append(error_words.message(info.problem))
    return " · ".join(formatting.isolate(part) for part in parts)

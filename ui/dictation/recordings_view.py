"""The recordings that are kept, each in a row: listen, copy, recognise again, delete."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from assistant import languages
from assistant.models.library.records import Installed
from assistant.speech.dictation.records import StoredRecording
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import Button, CopyButton, ElidedLabel, IconButton, Label
from ui.common.layouts import NO_MARGINS, before_gutter, hbox, vbox
from ui.common.menus import Menu
from ui.common.row_list import RowList
from ui.common.translation import arg, translate
from ui.dictation.recording_actions import Recognition

FIRST = 20
"""Rows that are shown before somebody wants more."""


class RecordingRow(QFrame):
    def __init__(self, view: RecordingsView, recording: StoredRecording) -> None:
        super().__init__()
        self.setProperty("card", "quote")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._view = view
        self.recording = recording
        self.play = IconButton("play", "", lambda: view.play_wanted.emit(recording.path))
        self.text = ElidedLabel("", "", Qt.TextElideMode.ElideRight)
        self.facts = Label("", "second")
        self.recognise = Button(
            translate("dictation", "Recognise"),
            lambda: view.recognise_wanted.emit(recording, ""),
            kind="link",
        )
        self.stop = Button(
            translate("dictation", "Stop"), lambda: view.stop_wanted.emit(recording.id), kind="quiet"
        )
        self.copy = CopyButton(
            translate("dictation", "Copy the text"), lambda: view.copy_wanted.emit(self.recording.text)
        )
        self.more = IconButton("dots-three", translate("dictation", "More"), self._open_menu)
        words = vbox(self.text, self.facts, spacing=2)
        hbox(
            self.play, (words, 1), self.recognise, self.stop, self.copy, self.more,
            parent=self, spacing=8, margins=(8, 8, 8, 8),
        )  # fmt: skip

    def show_recording(self, recording: StoredRecording, work: Recognition | None, *, plays: bool) -> None:
        self.recording = recording
        if recording.text:
            text = formatting.one_line(recording.text)
        elif recording.recognised:
            text = translate("dictation", "Nothing was recognised")
        else:
            text = translate("dictation", "Not recognised yet")
        self.text.set_text(text)
        self.facts.setText(_progress(work) if work is not None else _facts(recording))
        self.play.set_icon("stop" if plays else "play")
        name = translate("dictation", "Stop playing") if plays else translate("dictation", "Play")
        self.play.rename(name)
        self.play.setAccessibleDescription(text)
        self.setAccessibleName(f"{text}, {self.facts.text()}")
        self.recognise.setVisible(work is None and not recording.recognised)
        self.stop.setVisible(work is not None)
        self.copy.setVisible(bool(recording.text))

    def _open_menu(self) -> None:
        view, recording = self._view, self.recording
        menu = Menu(self)
        if recording.text:
            menu.add_item(
                translate("dictation", "Insert into the text"),
                lambda: view.insert_wanted.emit(recording.text),
                "tray",
            )
        if len(view.models) > 1:
            again = menu.add_menu(translate("dictation", "Recognise again with"), "arrows-clockwise")
            for model in view.models:
                again.add_item(
                    formatting.name(model.name),
                    partial(view.recognise_wanted.emit, recording, model.path),
                )
        else:
            menu.add_item(
                translate("dictation", "Recognise again"),
                lambda: view.recognise_wanted.emit(recording, ""),
                "arrows-clockwise",
            )
        menu.add_item(
            translate("dictation", "Show in its folder"),
            lambda: view.folder_wanted.emit(recording.path),
            "folder-open",
        )
        menu.addSeparator()
        menu.add_item(translate("dictation", "Delete"), lambda: view.delete_wanted.emit(recording), "trash")
        menu.popup_below(self.more)


class RecordingsView(QWidget):
    play_wanted = Signal(str)
    copy_wanted = Signal(str)
    insert_wanted = Signal(str)
    recognise_wanted = Signal(StoredRecording, str)
    stop_wanted = Signal(str)
    delete_wanted = Signal(StoredRecording)
    folder_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.models: Sequence[Installed] = ()
        self._shown: tuple[Sequence[StoredRecording], dict[str, Recognition], str] = ((), {}, "")
        self.rows: dict[str, RecordingRow] = {}
        self.heading = Label(translate("dictation", "Recordings"), "heading")
        self._list = RowList(lambda: self.show_recordings(*self._shown), FIRST)
        vbox(before_gutter(self.heading), (self._list, 1), parent=self, spacing=8, margins=NO_MARGINS)

    def show_recordings(
        self, recordings: Sequence[StoredRecording], running: dict[str, Recognition], playing: str
    ) -> None:
        self._shown = recordings, running, playing
        wanted = self._list.wanted(recordings)
        if [each.id for each in wanted] != list(self.rows):
            self.rows = {each.id: RecordingRow(self, each) for each in wanted}
            self._list.set_rows(self.rows.values())
        for each in wanted:
            self.rows[each.id].show_recording(each, running.get(each.id), plays=playing == each.path)


def _facts(recording: StoredRecording) -> str:
    parts = [quantities.moment(recording.when), quantities.clock(recording.seconds)]
    if recording.language:
        parts.append(languages.name(recording.language))
    if recording.model:
        parts.append(formatting.isolate(formatting.name(recording.model)))
    return " · ".join(parts)


def _progress(work: Recognition) -> str:
    percent = min(99, round(100 * work.done / work.seconds)) if work.seconds else 0
    return arg(translate("dictation", "Recognising… %1 %"), percent)

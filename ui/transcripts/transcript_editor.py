"""A transcript beside its sound: read, heard word by word, edited, found in, exported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QSlider, QWidget

from assistant.speech.records import Word
from assistant.speech.transcripts.records import (
    ReadableTranscript,
    SpeakersFound,
    TranscriptEdit,
    TranscriptInfo,
    TranscriptState,
)
from ui.common import error_words, formatting, quantities
from ui.common.buttons_and_labels import Button, Divider, IconButton, Label, holds_focus
from ui.common.find_bar import FindBar
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.menus import Menu, MenuButton
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate
from ui.common.undo_stack import UndoStack
from ui.transcripts import speaker_menus
from ui.transcripts.edit_saver import EditSaver
from ui.transcripts.export_menu import export_menu
from ui.transcripts.sound_player import SPEEDS, STEP, SoundPlayer
from ui.transcripts.transcript_text import TranscriptText

if TYPE_CHECKING:
    from assistant.services import Services

BEFORE_WORD = 0.05
AFTER_WORD = 0.25
"""Seconds around a word that is heard alone: models are not sure of its edges."""
ROOM_FOR_WORDS = 460
"""Pixels of the width; below, the buttons show icons only."""
UNFINISHED = (TranscriptState.QUEUED, TranscriptState.RUNNING)


class TranscriptEditor(QWidget):
    ask_wanted = Signal(int)
    find_speakers_wanted = Signal(int, int)
    """In a transcript, and of how many; 0: that is to be found out, too."""
    shown = Signal(ReadableTranscript)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.id = 0
        self.transcript: ReadableTranscript | None = None
        self._then: Callable[[], None] | None = None
        """What is done once it is there."""
        self.player = SoundPlayer(self)
        self.text = TranscriptText()
        self.saver = EditSaver(context, self)
        self._undo: UndoStack[TranscriptEdit] = UndoStack(context, self._take_back)
        self.find_bar = FindBar(translate("transcripts", "Find in this transcript"))
        self._build()
        self._connect()
        self._set_shortcuts()

    # --- for the controller

    def open(self, id: int, seconds: float | None = None) -> None:
        """A transcript, at a moment, which is heard at once."""
        self._then = None if seconds is None else partial(self._play_from, seconds)
        if self.id == id and self.transcript is not None:
            self._do_then()
            return
        self.text.at_once()
        self.player.pause()
        self.id, self.transcript = id, None
        self.reload()

    def reload(self) -> None:
        """It says more than before, or its state is another one."""
        id = self.id

        def read(transcript: ReadableTranscript) -> None:
            if self.id == id:
                self._show(transcript)

        self._context.in_background(lambda services: services.transcripts.read(id), read)

    def take_info(self, info: TranscriptInfo) -> None:
        """It is called otherwise; the text stays as it stands."""
        if self.transcript is not None:
            self.transcript = replace(self.transcript, info=info)
            self.shown.emit(self.transcript)

    def clear(self) -> None:
        self._keep()
        self.player.close()
        self.id, self.transcript, self._then = 0, None, None
        self.find_bar.close_bar()

    def leave(self) -> None:
        """The program ends."""
        if self.transcript is not None and not self.text.isReadOnly():
            self.saver.save_now(self.text.texts())
        self.player.close()

    def escape(self) -> bool:
        """Close the find bar; false where it is closed already."""
        shown = not self.find_bar.isHidden()
        self.find_bar.close_bar()
        return shown

    # --- how it is put together

    def _build(self) -> None:
        find = translate("transcripts", "Find (Ctrl+F)")
        self.find_button = IconButton("magnifying-glass", find, self.find_bar.open_bar)
        self.ask = Button(
            translate("transcripts", "Ask about it"),
            lambda: self.ask_wanted.emit(self.id),
            kind="quiet",
            icon="chat-circle-text",
        )
        self.export = MenuButton(translate("transcripts", "Export"), self._export_menu, icon="export")
        self.who = MenuButton(translate("transcripts", "Speakers"), self._speakers_menu, icon="user")
        self._words = {button: button.accessibleName() for button in (self.who, self.ask, self.export)}
        for button, words in self._words.items():
            button.setToolTip(words)
        tools = hbox(self.who, 1, self.find_button, self.ask, self.export, spacing=4, margins=(8, 0, 12, 4))
        self.notice = Label("", "second", wrap=True)
        self.notice.setContentsMargins(16, 0, 16, 8)
        back = translate("transcripts", "Back 3 seconds (F7)")
        forth = translate("transcripts", "Forward 3 seconds (F9)")
        self.back = IconButton("arrow-counter-clockwise", back, lambda: self.player.step(-STEP))
        self.play = IconButton("play", "", self._toggle, size=24)
        self.forth = IconButton("fast-forward", forth, lambda: self.player.step(STEP))
        self.time = Label("", "second")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(translate("transcripts", "Moment"))
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.speed = MenuButton("", self._speed_menu)
        sound = hbox(
            self.back, self.play, self.forth, (self.slider, 1), self.time, self.speed,
            spacing=4, margins=(12, 4, 12, 8),
        )  # fmt: skip
        found = hbox(self.find_bar, margins=(16, 0, 12, 8))
        vbox(
            tools, found, self.notice, Divider(), (self.text, 1), Divider(), sound,
            parent=self, spacing=0, margins=NO_MARGINS,
        )  # fmt: skip
        self._show_playing()

    def _connect(self) -> None:
        player, text = self.player, self.text
        player.changed.connect(self._show_playing)
        player.heard.connect(self._heard)
        player.failed.connect(self._not_played)
        text.edited.connect(self._keep)
        text.word_wanted.connect(self._play_word)
        text.moment_wanted.connect(lambda seconds: player.play(seconds))
        text.speaker_wanted.connect(self._speaker_menu)
        self.saver.saved.connect(self._saved)
        self.saver.failed.connect(self._context.notices.error)
        self.slider.sliderMoved.connect(lambda at: player.seek(at / 10))
        self.slider.actionTriggered.connect(self._slider_stepped)
        self.find_bar.find_wanted.connect(self._find)
        self.find_bar.step_wanted.connect(self._step_found)
        self.find_bar.closed.connect(lambda: self.text.find_all(""))

    def _set_shortcuts(self) -> None:
        for keys, do in (
            ("F8", self._toggle),
            ("F7", lambda: self.player.step(-STEP)),
            ("F9", lambda: self.player.step(STEP)),
            ("Shift+F7", lambda: self.player.change_speed(-1)),
            ("Shift+F9", lambda: self.player.change_speed(1)),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda do=do: do())
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.find_bar.open_bar)

    # --- what is shown

    def _show(self, transcript: ReadableTranscript) -> None:
        info, before = transcript.info, self.transcript
        self.transcript = transcript
        # What is typed where nothing is said belongs to no time, and would not be kept.
        self.text.setReadOnly(info.state in UNFINISHED or not transcript.paragraphs)
        self.saver.begin(transcript)
        self.text.show_paragraphs(transcript.paragraphs)
        if before is None:
            self.player.open(info.path)
            self.text.moveCursor(self.text.textCursor().MoveOperation.Start)
            if not holds_focus(self.find_bar):
                self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self.slider.setRange(0, round(10 * (info.duration or info.done_until)))
        self.notice.setText(_notice(info, there=self.player.there, empty=not transcript.paragraphs))
        self.notice.setVisible(bool(self.notice.text()))
        for button in (self.back, self.play, self.forth, self.slider, self.speed):
            button.setEnabled(self.player.there)
        self.who.setVisible(bool(transcript.paragraphs) and not self.text.isReadOnly())
        self.export.setVisible(bool(transcript.paragraphs))
        self.ask.setVisible(bool(transcript.paragraphs) and not self.text.isReadOnly())
        self._show_time()
        self.shown.emit(transcript)
        self._do_then()

    def _show_playing(self) -> None:
        playing = self.player.playing
        self.play.set_icon("pause" if playing else "play", "accent")
        self.play.rename(
            translate("transcripts", "Pause (F8)") if playing else translate("transcripts", "Play (F8)")
        )
        speed = f"{self.player.speed:g}×"
        self.speed.setText(speed)
        self.speed.setAccessibleName(arg(translate("transcripts", "Speed: %1"), speed))
        self._show_time()

    def _show_time(self) -> None:
        total = self.slider.maximum() / 10
        self.time.setText(f"{quantities.clock(self.player.seconds)} / {quantities.clock(total)}")
        if not self.slider.isSliderDown():
            self.slider.setValue(round(self.player.seconds * 10))

    def _heard(self, seconds: float) -> None:
        self.text.hear(seconds)
        self._show_time()

    # --- listening

    def _toggle(self) -> None:
        self.player.toggle()

    def _do_then(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()

    def _play_from(self, seconds: float) -> None:
        self.text.look_at(seconds)
        self.player.seek(seconds)
        if self.player.there:
            self.player.play(seconds)

    def _play_word(self, word: Word) -> None:
        """Alone where nothing plays; else it goes on from there."""
        if not self.player.there:
            return
        start = max(0.0, word.start - BEFORE_WORD)
        self.player.play(start, None if self.player.playing else word.end + AFTER_WORD)

    def _slider_stepped(self, _: int) -> None:
        self.player.seek(self.slider.sliderPosition() / 10)

    def _speed_menu(self) -> Menu:
        menu = Menu(self)
        speeds = [(speed, f"{speed:g}×") for speed in SPEEDS]
        menu.add_choices(speeds, self.player.speed, self.player.set_speed)
        return menu

    def _not_played(self, why: str) -> None:
        message = (
            translate("transcripts", "The recording cannot be played.")
            if self.player.there
            else translate("transcripts", "The recording is missing.")
        )
        self._context.notices.warn(message, why)

    # --- editing

    def _keep(self) -> None:
        if self.transcript is not None and not self.text.isReadOnly():
            self.saver.save(self.text.texts())

    def _saved(self, transcript: ReadableTranscript) -> None:
        if transcript.info.id == self.id:
            self.transcript = transcript
            self.text.take_times(transcript.paragraphs)

    def _speaker_menu(self, name: str, place: QPoint) -> None:
        if self.transcript is not None and not self.text.isReadOnly():
            speaker_menus.of_speaker(self, name, self._rename_speaker).popup(place)

    def _speakers_menu(self) -> Menu:
        speakers = self.transcript.speakers if self.transcript is not None else ()
        return speaker_menus.of_paragraph(
            self, speakers, self._set_speaker, self._rename_speaker, self._find_speakers
        )

    def _find_speakers(self, count: int) -> None:
        self.text.at_once()
        self.find_speakers_wanted.emit(self.id, count)

    def tell_speakers(self, found: SpeakersFound) -> None:
        """They were found; what was said of them before can be had back."""
        message = translate("transcripts", "Found %n speaker(s).", None, found.count)
        self._undo.removed(found.edit, message)
        self.reload()

    def _set_speaker(self, name: str) -> None:
        segments, id = self.text.segments_at_cursor(), self.id
        said = arg(translate("transcripts", "The paragraph was assigned to “%1”."), formatting.name(name))
        self._change_speakers(lambda services: services.transcripts.set_speaker(id, segments, name), said)

    def _rename_speaker(self, speaker: str, name: str) -> None:
        id = self.id
        said = translate("transcripts", "“%1” was renamed “%2”.")
        said = arg(said, formatting.name(speaker), formatting.name(name))
        self._change_speakers(lambda services: services.transcripts.rename_speaker(id, speaker, name), said)

    def _change_speakers(self, work: Callable[[Services], TranscriptEdit], message: str = "") -> None:
        """With a way back, where there is something to say."""
        self.text.at_once()
        id = self.id

        def changed(made: tuple[TranscriptEdit, ReadableTranscript]) -> None:
            edit, transcript = made
            if message:
                self._undo.removed(edit, message)
            if self.id == id:
                place = self.text.textCursor().position()
                self._show(transcript)
                cursor = self.text.textCursor()
                cursor.setPosition(min(place, self.text.document().characterCount() - 1))
                self.text.setTextCursor(cursor)

        def change(services: Services) -> tuple[TranscriptEdit, ReadableTranscript]:
            return work(services), services.transcripts.read(id)

        self._context.in_background(change, changed)

    def _take_back(self, edit: TranscriptEdit) -> None:
        if self.id == edit.transcript:
            self._change_speakers(lambda services: services.transcripts.undo(edit))
        else:
            self._context.in_background(lambda services: services.transcripts.undo(edit))

    # --- finding and exporting

    def _find(self, words: str) -> None:
        total = self.text.find_all(words)
        self.find_bar.show_count(self.text.current_found, total, more=self.text.more_found)

    def _step_found(self, by: int) -> None:
        self.text.step_found(by)
        total = len(self.text.found)
        self.find_bar.show_count(self.text.current_found, total, more=self.text.more_found)

    def _export_menu(self) -> Menu:
        assert self.transcript is not None
        self.text.at_once()
        return export_menu(self, self._context, self.transcript.info)

    # --- Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        for button, words in self._words.items():
            button.setText(words if self.width() >= ROOM_FOR_WORDS else "")
        super().resizeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.text.at_once()
        self.player.pause()
        super().hideEvent(event)


def _notice(info: TranscriptInfo, *, there: bool, empty: bool) -> str:
    if info.state in UNFINISHED and info.complete:
        return translate(
            "transcripts", "Speakers are being identified. The text can be edited when that is done."
        )
    if info.state in UNFINISHED:
        return translate("transcripts", "It is still being transcribed, and can be edited once it is done.")
    if not there:
        return translate("transcripts", "The recording is missing and cannot be played. The text stays.")
    if info.state in (TranscriptState.STOPPED, TranscriptState.FAILED):
        said = translate("transcripts", "Transcribed up to %1.")
        return arg(said, quantities.clock(info.done_until))
    if info.problem is not None:
        return error_words.both(info.problem)
    return translate("transcripts", "There is no text in this transcript.") if empty else ""

"""Dictate: speak, see the words, take the text; below it the recordings that are kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from assistant.speech.dictation.records import StoredRecording
from ui.common.buttons_and_labels import Button, Card, CopyButton, Label
from ui.common.empty_state import EmptyState
from ui.common.layouts import NO_MARGINS, before_gutter, hbox, vbox
from ui.common.menus import Menu, MenuButton
from ui.common.page_context import PageContext
from ui.common.page_frame import Page
from ui.common.segments import Segments
from ui.common.text_field import TextField
from ui.common.translation import translate
from ui.dictation import spoken_languages
from ui.dictation.controller import DictationController, DictationState
from ui.dictation.recorder import Recorder
from ui.dictation.recording_actions import RecordingActions
from ui.dictation.recording_player import RecordingPlayer
from ui.dictation.recordings_view import RecordingsView
from ui.dictation.target import EditorTarget
from ui.dictation.vocabulary_dialog import VocabularyDialog
from ui.models.first_model import FirstModel
from ui.transcripts.controller import TranscriptsController
from ui.transcripts.transcripts_tab import TranscriptsTab

TEXT_LEAST = 96
"""Pixels of the text's height."""
EDITOR_MARGIN = 12
"""Pixels around the text."""
RECORDINGS_LEAST = 120
ROOM_FOR_BOTH, ROOM_FOR_LANGUAGE = 640, 500
"""Pixels of the page's width from which on the header has room for language and own words, or for the one."""


class DictatePage(Page):
    models_wanted = Signal()
    settings_wanted = Signal()

    def __init__(
        self,
        context: PageContext,
        dictation: DictationController,
        first_model: FirstModel,
        transcripts: TranscriptsController,
    ) -> None:
        """`first_model` offers a model for speech."""
        super().__init__(translate("dictation", "Dictate"))
        self._context = context
        self.dictation = dictation
        self.recordings = RecordingActions(context, self)
        self.player = RecordingPlayer(self)
        self.recorder = Recorder(dictation)
        self.view = RecordingsView()
        self.editor = TextField(
            translate("dictation", "Dictated text"),
            translate("dictation", "What you say appears here."),
            EDITOR_MARGIN,
        )
        self.transcripts = TranscriptsTab(transcripts)
        self.first_model = first_model
        self.has_model: bool | None = None
        """None until that is known."""
        self._build()
        self._connect()
        self._count_words()

    # --- for the window

    def came_into_view(self) -> None:
        super().came_into_view()
        if self._tabs.currentWidget() is not self.transcripts:
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def refresh(self) -> None:
        """What is there may have changed: models, recordings, settings."""
        if self._context.ready:
            self._show_language()
            self.recordings.load()
            if self._tabs.currentWidget() is self.transcripts:
                self.transcripts.load()
            self._context.in_background(
                lambda services: services.speech_model(),
                lambda _: self._model_known(True),
                lambda _: self._model_known(False),
            )

    def toggle(self) -> None:
        """Begin to dictate into this page's text, or stop."""
        self.tabs.choose(0)
        if self.has_model is False:
            self.refresh()
            return
        self.player.stop()
        self.dictation.toggle(lambda: EditorTarget(self.editor))
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop_answer(self) -> bool:
        return self.dictation.escape()

    def escape(self) -> None:
        if self.player.playing:
            self.player.stop()
        else:
            self.dictation.dismiss_trouble()

    def undo(self) -> bool:
        """Bring back the recording, or the transcript, that was deleted last."""
        shows_transcripts = self._tabs.currentWidget() is self.transcripts
        return self.transcripts.undo() if shows_transcripts else self.recordings.undo()

    def show_transcripts(self) -> None:
        self.tabs.choose(1)

    def leave(self) -> None:
        self.player.stop()

    # --- how it is put together

    def _build(self) -> None:
        self.language = MenuButton(spoken_languages.name(""), self._language_menu, icon="translate")
        self.own_words = Button(
            translate("dictation", "Custom words"), self._open_vocabulary, kind="quiet", icon="book-open"
        )
        self.tabs = Segments(
            translate("dictation", "Dictation or transcripts"),
            (translate("dictation", "Dictation"), translate("dictation", "Transcripts")),
        )
        self.header.addSpacing(8)
        self.header.addWidget(self.tabs)
        self.header.addStretch(1)
        self.header.addWidget(self.language)
        self.header.addWidget(self.own_words)
        self.words = Label("", "small")
        self.copy = CopyButton(translate("dictation", "Copy the text"), self._copy)
        self.clear = Button(translate("dictation", "Clear"), self._clear, kind="quiet")
        text = Card()
        tools = hbox((self.words, 1), self.clear, self.copy, spacing=4, margins=(16, 0, 8, 8))
        vbox((self.editor, 1), tools, parent=text, spacing=0, margins=(4, 4, 4, 0))
        text.setMinimumHeight(TEXT_LEAST + 44)
        work = QWidget()
        vbox(self.recorder, (text, 1), parent=work, spacing=12, margins=NO_MARGINS)
        self._no_model = QWidget()
        empty = EmptyState(
            "microphone",
            translate("dictation", "Dictate on this computer"),
            translate(
                "dictation",
                "A speech model is needed first. It stays on this computer, and so does everything you say.",
            ),
        )
        empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        vbox(1, empty, hbox(1, self.first_model, 1), 2, parent=self._no_model, margins=NO_MARGINS)
        self._stack = QStackedWidget()
        self._stack.addWidget(work)
        self._stack.addWidget(self._no_model)
        self.view.setMinimumHeight(RECORDINGS_LEAST)
        self.view.hide()
        dictate = QWidget()
        vbox((before_gutter(self._stack), 3), (self.view, 2), parent=dictate, spacing=16, margins=NO_MARGINS)
        self._tabs = QStackedWidget()
        self._tabs.addWidget(dictate)
        self._tabs.addWidget(self.transcripts)
        self.content.addWidget(self._tabs, 1)

    def _connect(self) -> None:
        dictation, recordings, view, player = self.dictation, self.recordings, self.view, self.player
        self.recorder.toggled.connect(self.toggle)
        self.recorder.models_wanted.connect(self.models_wanted)
        self.transcripts.models_wanted.connect(self.models_wanted)
        self.tabs.chosen.connect(self._show_tab)
        self.recorder.settings_wanted.connect(self.settings_wanted)
        dictation.recorded.connect(recordings.load)
        dictation.changed.connect(self._show_text_tools)
        recordings.changed.connect(self._show_recordings)
        player.changed.connect(self._show_recordings)
        player.failed.connect(self._not_played)
        view.play_wanted.connect(player.toggle)
        view.copy_wanted.connect(self._context.copy)
        view.insert_wanted.connect(self._insert)
        view.recognise_wanted.connect(recordings.recognise)
        view.stop_wanted.connect(recordings.stop)
        view.delete_wanted.connect(self._delete)
        view.folder_wanted.connect(self._context.open_folder)
        self.editor.textChanged.connect(self._count_words)
        self._context.services_ready.connect(self.refresh)
        if self._context.ready:
            self.refresh()

    def _show_tab(self, number: int) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # else it goes on from a field that is hidden
        self._tabs.setCurrentIndex(number)
        self._fit_header()
        if number == 1:
            self.player.stop()
            self.transcripts.load()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_header()
        super().resizeEvent(event)

    def _fit_header(self) -> None:
        """Beside a wide panel there is room for the tabs alone."""
        dictates = self._tabs.currentIndex() == 0
        room = self.width() >= (ROOM_FOR_BOTH if dictates else ROOM_FOR_LANGUAGE)
        self.language.setVisible(room)
        self.own_words.setVisible(dictates and room)

    # --- the text

    def _count_words(self) -> None:
        text = self.editor.toPlainText()
        words = len(text.split())
        self.words.setText(translate("dictation", "%n word(s)", None, words) if words else "")
        self._show_text_tools()

    def _show_text_tools(self) -> None:
        any_text = bool(self.editor.toPlainText())
        self.copy.setVisible(any_text)
        self.clear.setVisible(any_text and self.dictation.state is DictationState.IDLE)

    def _copy(self) -> None:
        self._context.copy(self.editor.toPlainText())

    def _clear(self) -> None:
        """Ctrl+Z in the text brings it back."""
        cursor = self.editor.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.removeSelectedText()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _insert(self, text: str) -> None:
        self.editor.insertPlainText(text)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- language and words

    def _language_menu(self) -> Menu:
        speech = self._context.services.settings.speech if self._context.ready else None
        chosen, last = (speech.language, speech.last_language) if speech else ("", "")
        return spoken_languages.menu(self.language, chosen, last, self._choose_language)

    def _choose_language(self, code: str) -> None:
        if self._context.ready:
            self._context.services.settings.speech.language = code
            self._context.in_background(lambda services: services.save_settings())
            self._show_language()

    def _show_language(self) -> None:
        code = self._context.services.settings.speech.language
        self.language.setText(spoken_languages.name(code))
        self.language.setAccessibleName(
            f"{translate('dictation', 'Spoken language')}: {spoken_languages.name(code)}"
        )

    def _open_vocabulary(self) -> None:
        if self._context.ready_or_told():
            VocabularyDialog(self.window(), self._context).open()

    # --- what is shown

    def _model_known(self, there: bool) -> None:
        self.has_model = there
        self.transcripts.show_model(there)
        trouble = self.dictation.trouble
        if there and trouble is not None and trouble.no_model:
            self.dictation.dismiss_trouble()
        self._stack.setCurrentIndex(0 if there else 1)

    def _show_recordings(self) -> None:
        recordings = self.recordings
        self.view.models = recordings.models
        shown = [each for each in recordings.all if each.path != self.dictation.recording]
        self.view.show_recordings(shown, recordings.running, self.player.playing)
        self.view.setVisible(bool(shown))

    def _delete(self, recording: StoredRecording) -> None:
        self.player.stop()
        self.recordings.delete(recording)

    def _not_played(self, why: str) -> None:
        self._context.notices.warn(translate("dictation", "The recording cannot be played."), why)

"""The frame: navigation, pages, side panel, notices and status line, and what belongs to the whole window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from assistant.models.catalog.records import Task
from assistant.models.files.records import ModelKind, SortedPaths
from ui.common import error_words
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.notices import Action, Notices
from ui.common.page_context import PageContext
from ui.common.page_frame import Page
from ui.common.side_panel import LEAST_WIDTH, MOST_WIDTH, SHARE, WIDE_SHARE, SidePanel
from ui.common.thread_bridge import ThreadBridge
from ui.common.translation import arg, translate
from ui.documents.actions import DocumentActions
from ui.embedders.controller import EmbedderController
from ui.recognition.controller import RecognitionController
from ui.shell import window_geometry
from ui.shell.drop_target import DropTarget
from ui.shell.navigation import DESTINATIONS, Navigation
from ui.shell.network_proof import NetworkProof
from ui.shell.status_line import StatusLine
from ui.shell.toasts import Toasts

if TYPE_CHECKING:
    from assistant.doctor import DoctorReport
    from assistant.documents.records import DocumentInfo, Quote
    from assistant.services import Services
    from ui.chat.page import ChatPage
    from ui.dictation.controller import DictationController
    from ui.dictation.other_program import DictationAnywhere
    from ui.dictation.page import DictatePage
    from ui.documents.page import DocumentsPage
    from ui.models.actions import ModelActions
    from ui.models.chat_model_loader import ChatModelLoader
    from ui.models.first_model import FirstModel
    from ui.models.page import ModelsPage
    from ui.settings.page import SettingsPage
    from ui.transcripts.controller import TranscriptsController
    from ui.translation.page import TranslatePage

FOLDS_UNDER = 1000
"""Pixels of the window's width; below, the navigation shows icons only."""
SIZE = (1280, 720)
"""Pixels, at the first start, where the screen has them."""
PAGE_AT_LEAST = 360
"""Pixels that the side panel leaves to a page."""


class Window(QWidget):
    closing = Signal()
    """The window is gone from the screen; what it used can be given back."""

    def __init__(self, first: str = "documents") -> None:
        """`first`: the page that is shown."""
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(translate("shell", "Offline Assistant"))
        self.setMinimumSize(window_geometry.SMALLEST)
        self.resize(*SIZE)
        self.bridge = ThreadBridge(self)
        self.notices = Notices(self)
        self.panel = SidePanel()
        self.context = PageContext(self.bridge, self.notices, self.panel)
        self.document_actions = DocumentActions(self.context, self)
        self.embedders = EmbedderController(self.context, self)
        self.recognition = RecognitionController(self.context, self)
        self.proof = NetworkProof(self.context)
        self.navigation = Navigation()
        self.status = StatusLine()
        self._pages: dict[str, Page] = {}
        self._model_actions: ModelActions | None = None
        self._model_loader: ChatModelLoader | None = None
        self._dictation: DictationController | None = None
        self._anywhere: DictationAnywhere | None = None
        self._transcripts: TranscriptsController | None = None
        self._divided = False
        self._stack = QStackedWidget()
        self.drops = DropTarget(self, self)
        self._build()
        self._connect()
        self._set_shortcuts()
        self.go_to(first)

    # --- for the application

    def connect_services(self, services: Services) -> None:
        self.status.show_guard(services.guard.value)
        self.context.connect_services(services)
        for problem in services.notices:
            self.notices.warn(error_words.message(problem))
        if services.settings.speech.global_key:
            self.dictation_anywhere.key.choose(services.settings.speech.global_key)

    def come_forward(self) -> None:
        """Another start of the program asked for it."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def leave(self) -> None:
        """The program ends: what is under way is brought to the disk."""
        if self._anywhere is not None:
            self._anywhere.close()
        if self._dictation is not None:
            self._dictation.leave()
        if "dictate" in self._pages:
            self.dictate.leave()
        if self._transcripts is not None:
            self._transcripts.leave()
        if "chat" in self._pages:
            self.chat.leave()
        if "translate" in self._pages:
            self.translate.leave()

    # --- pages

    def page(self, key: str) -> Page:
        """The page, made when it is first wanted."""
        if key not in self._pages:
            self._pages[key] = self._make_page(key)
            self._stack.addWidget(self._pages[key])
        return self._pages[key]

    def go_to(self, key: str) -> None:
        page = self.page(key)
        if self._stack.currentWidget() is not page:
            self.panel.close_panel()
        self._stack.setCurrentWidget(page)
        self.navigation.show_chosen(key)
        self.setWindowTitle(arg(translate("shell", "%1 – Offline Assistant"), page.title.text()))
        page.came_into_view()
        self.toasts.place()
        if key == "settings":
            self.proof.prove()

    def shows(self, key: str) -> bool:
        """Whether this page is in view."""
        return self._stack.currentWidget() is self._pages.get(key)

    @property
    def documents(self) -> DocumentsPage:
        return cast("DocumentsPage", self.page("documents"))

    @property
    def settings(self) -> SettingsPage:
        return cast("SettingsPage", self.page("settings"))

    @property
    def chat(self) -> ChatPage:
        return cast("ChatPage", self.page("chat"))

    @property
    def dictate(self) -> DictatePage:
        return cast("DictatePage", self.page("dictate"))

    @property
    def translate(self) -> TranslatePage:
        return cast("TranslatePage", self.page("translate"))

    @property
    def models(self) -> ModelsPage:
        return cast("ModelsPage", self.page("models"))

    @property
    def model_actions(self) -> ModelActions:
        """What is done with models; made when a page first wants it."""
        if self._model_actions is None:
            from ui.models.actions import ModelActions

            self._model_actions = ModelActions(self.context)
            self._model_actions.imported.connect(self._were_imported)
        return self._model_actions

    @property
    def model_loader(self) -> ChatModelLoader:
        """Which model answers; made when a page first wants it."""
        if self._model_loader is None:
            from ui.models.chat_model_loader import ChatModelLoader

            loader = self._model_loader = ChatModelLoader(self.context, self.model_actions)
            loader.changed.connect(lambda: self.status.show_note(loader.line()))
        return self._model_loader

    @property
    def dictation(self) -> DictationController:
        """What is said becomes text; made when it is first wanted."""
        if self._dictation is None:
            from ui.dictation.controller import DictationController

            self._dictation = DictationController(self.context, self)
            self._dictation.changed.connect(self._show_dictation)
        return self._dictation

    @property
    def dictation_anywhere(self) -> DictationAnywhere:
        """Into any other program; made when a key or a command wants it."""
        if self._anywhere is None:
            from ui.dictation.other_program import DictationAnywhere

            speech = self.context.services.settings.speech
            self._anywhere = DictationAnywhere(
                self.dictation, self._dictate, lambda: speech.language or speech.last_language, self
            )
            self._anywhere.key.changed.connect(self._show_key_state)
        return self._anywhere

    @property
    def transcripts(self) -> TranscriptsController:
        """What is done with recordings; made when it is first wanted."""
        if self._transcripts is None:
            from ui.transcripts.controller import TranscriptsController

            self._transcripts = TranscriptsController(self.context, self)
            self._transcripts.ask_wanted.connect(self._ask_document)
            self._transcripts.actions.changed.connect(self._show_transcription)
        return self._transcripts

    def _take_recordings(self, given: SortedPaths) -> None:
        """They are shown where they go; beside other files, and in a conversation, that is but told."""
        self.transcripts.actions.transcribe(given.recordings)
        if given.others or self.shows("chat"):
            text = translate("shell", "%n recording(s) will be transcribed.", None, len(given.recordings))
            self.notices.say(text, "", Action(translate("shell", "Show"), self._show_transcripts))
        else:
            self._show_transcripts()

    def _show_transcripts(self) -> None:
        self.go_to("dictate")
        self.dictate.show_transcripts()

    def _ask_document(self, document: DocumentInfo) -> None:
        self.go_to("documents")
        self.documents.questions.narrow(document)

    def _make_page(self, key: str) -> Page:
        if key == "chat":
            from ui.chat.page import ChatPage

            chat = ChatPage(self.context, self.model_loader, self._show_quote, lambda: self.dictation)
            chat.attachments.recordings_given.connect(self._take_recordings)
            return chat
        if key == "dictate":
            from ui.dictation.page import DictatePage

            first = self._first_model(Task.SPEECH)
            dictate = DictatePage(self.context, self.dictation, first, self.transcripts)
            dictate.models_wanted.connect(lambda: self._show_models(ModelKind.SPEECH))
            dictate.settings_wanted.connect(self._show_speech_settings)
            self.model_actions.refreshed.connect(dictate.refresh)
            return dictate
        if key == "translate":
            from ui.translation.page import TranslatePage

            first = self._first_model(Task.TRANSLATION)
            page = TranslatePage(self.context, first, lambda: self.dictation)
            page.models_wanted.connect(lambda: self._show_models(ModelKind.TRANSLATION))
            page.documents.jobs.changed.connect(self._show_translation)
            self.model_actions.refreshed.connect(page.refresh)
            return page
        if key == "models":
            from ui.models.page import ModelsPage

            return ModelsPage(self.context, self.model_actions, self.model_loader, self.embedders)
        if key == "documents":
            from ui.documents.page import DocumentsPage

            documents = DocumentsPage(
                self.context,
                self.document_actions,
                self.embedders,
                self.recognition,
                lambda: self.model_loader,
                self._first_model,
            )
            documents.summary_wanted.connect(self._summarise)
            documents.side_panel.transcript_wanted.connect(
                lambda *wanted: self.transcripts.open_document(*wanted)
            )
            documents.embedder_advice.get_wanted.connect(self._show_model)
            return documents
        if key == "first-run":
            from ui.first_run.page import FirstRunPage

            return FirstRunPage(self.context, self)
        from ui.settings.page import SettingsPage

        settings = SettingsPage(self.context, self.embedders)
        settings.documents.choose_wanted.connect(self._show_embedders)
        settings.recognition.more_languages_wanted.connect(lambda: self._show_models(ModelKind.RECOGNITION))
        settings.speech.key_chosen.connect(self._choose_key)
        if self._anywhere is not None:
            settings.speech.global_key.show_state(self._anywhere.key.words())
        return settings

    def _first_model(self, task: Task = Task.CHAT) -> FirstModel:
        from ui.models.first_model import FirstModel

        loader = self.model_loader if task is Task.CHAT else None
        first = FirstModel(self.context, self.model_actions, loader, task)
        first.others_wanted.connect(lambda: self._show_models(first.offer.kind))
        return first

    def _were_imported(self) -> None:
        if "chat" in self._pages:
            self.chat.conversation_actions.load()

    def _show_model(self, id: str) -> None:
        self.go_to("models")
        self.models.open_details(id)

    def _show_speech_settings(self) -> None:
        self.go_to("settings")
        self.settings.show_speech()

    def _show_embedders(self) -> None:
        self._show_models(ModelKind.EMBEDDING)

    def _show_models(self, kind: ModelKind) -> None:
        self.go_to("models")
        self.models.show_kind(kind)

    def _show_quote(self, quote: Quote) -> None:
        self.documents.side_panel.show_quote(quote)

    def _summarise(self, document: DocumentInfo) -> None:
        self.go_to("chat")
        self.chat.summarise(document)

    # --- how it is put together

    def _build(self) -> None:
        middle = QWidget()
        middle.setMinimumWidth(PAGE_AT_LEAST)
        vbox(self._stack, parent=middle, margins=NO_MARGINS)
        self.toasts = Toasts(self.notices, middle, self._field_below)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(middle)
        self._splitter.addWidget(self.panel)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        self._splitter.splitterMoved.connect(lambda *_: setattr(self, "_divided", True))
        self.panel.opened.connect(self._divide)
        self.panel.closed.connect(self._fold)
        row = hbox(self.navigation, (self._splitter, 1), spacing=0)
        vbox((row, 1), self.status, parent=self, margins=NO_MARGINS, spacing=0)

    def _field_below(self) -> int:
        page = self._stack.currentWidget()
        return page.field_below() if isinstance(page, Page) else 0

    def _divide(self) -> None:
        """Give the panel its share of the room; where the person has dragged its edge, that stays."""
        self._fold()
        if not self._divided:
            room = self.width() - self.navigation.width()
            share = self.width() * WIDE_SHARE if self.panel.wide else min(MOST_WIDTH, room * SHARE)
            width = max(LEAST_WIDTH, round(share))
            self._splitter.setSizes([room - width, width])

    def _fold(self) -> None:
        """The navigation shows icons only in a narrow window, and beside a document that is read."""
        self.navigation.fold(self.width() < FOLDS_UNDER or self.panel.wide)

    def _connect(self) -> None:
        self.navigation.chosen.connect(self.go_to)
        self.context.page_wanted.connect(self.go_to)
        self.context.translation_wanted.connect(self._translate)
        self.context.transcript_translation_wanted.connect(self._translate_transcript)
        self.context.proof_wanted.connect(self.proof.prove)
        self.proof.proved.connect(self._proved)
        self.bridge.failed.connect(self.notices.error)
        self.document_actions.recordings_given.connect(self._take_recordings)
        self.document_actions.models_given.connect(lambda given: self.model_loader.take(given))
        self.bridge.indexing.connect(self.status.show_indexing)
        self.bridge.noticed.connect(lambda problem: self.notices.warn(error_words.message(problem)))
        self.embedders.changed.connect(self._embedder_changed)
        self.recognition.changed.connect(self._show_recognition)
        self.status.proof_wanted.connect(self.proof.toggle)
        self.status.pause_wanted.connect(self.document_actions.pause)
        self.status.resume_wanted.connect(self.document_actions.resume)
        self.status.shortcuts_wanted.connect(self._show_shortcuts)
        self.status.stop_wanted.connect(self.document_actions.stop)
        self.status.embedder_stop_wanted.connect(self.embedders.stop)

    def _show_dictation(self) -> None:
        from ui.shell.speech_jobs import dictation_job

        self.status.show_dictation(dictation_job(self.dictation))

    def _show_transcription(self) -> None:
        from ui.shell.speech_jobs import transcription_job

        self.status.show_transcription(transcription_job(self.transcripts.actions))

    def _show_translation(self) -> None:
        from ui.shell.translation_jobs import translation_job

        self.status.show_translation(translation_job(self.translate.documents.jobs))

    def _show_recognition(self) -> None:
        from ui.shell.recognition_job import recognition_job

        self.status.show_recognition(recognition_job(self.recognition))

    def _embedder_changed(self) -> None:
        if self.embedders.status is not None:
            self.status.show_embedder(self.embedders.status)

    def _set_shortcuts(self) -> None:
        for number, destination in enumerate(DESTINATIONS, 1):
            self._shortcut(f"Ctrl+{number}", partial(self.go_to, destination.key))
        self._shortcut("Ctrl+K", self._ask)
        self._shortcut("/", self._ask)
        self._shortcut(
            "Ctrl+O", lambda: self.document_actions.choose_files(self.documents.collections.target)
        )
        self._shortcut("Ctrl+Shift+Space", self._dictate)
        self._shortcut("Ctrl+Z", self._undo)
        self._shortcut("Ctrl+Q", lambda: self.close())
        self._shortcut("F6", self.toasts.take_focus)
        self._shortcut("F1", self._show_shortcuts)
        self._shortcut("?", self._show_shortcuts)
        self._shortcut("Esc", self._escape)

    def _shortcut(self, keys: str, do: Callable[[], object]) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(lambda: do())

    def _show_shortcuts(self) -> None:
        from ui.shell.shortcuts import ShortcutSheet

        ShortcutSheet(self).open()

    def _ask(self) -> None:
        self.go_to("documents")
        self.documents.questions.field.take_focus()

    def _dictate(self) -> None:
        """Into the message or the text to translate where they are in view, else on the Dictate page."""
        if self.shows("chat"):
            self.chat.dictate()
        elif self.shows("translate"):
            self.translate.dictate()
        else:
            self.go_to("dictate")
            self.dictate.toggle()

    def _translate(self, text: str) -> None:
        self.go_to("translate")
        self.translate.take_text(text)

    def _translate_transcript(self, id: int, form: str, folder: str) -> None:
        self.go_to("translate")
        self.translate.take_transcript(id, form, folder)

    def _choose_key(self, keys: str) -> None:
        self.dictation_anywhere.key.choose(keys)
        self._show_key_state()

    def _show_key_state(self) -> None:
        if "settings" in self._pages:
            self.settings.speech.global_key.show_state(self.dictation_anywhere.key.words())

    def _undo(self) -> None:
        """What was taken away last on the page in view."""
        if self.shows("models"):
            self.model_actions.undo()
        elif self.shows("dictate"):
            self.dictate.undo()
        else:
            self.document_actions.undo()

    def _escape(self) -> None:
        page = cast(Page, self._stack.currentWidget())
        if self.toasts.close_focused() or page.stop_answer():
            return
        if not self.panel.isHidden():
            self.panel.escape()
        else:
            page.escape()

    def _proved(self, report: DoctorReport) -> None:
        self.status.show_guard(report.guard.value)
        if "settings" in self._pages:
            self.settings.show_report(report)

    # --- Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fold()
        super().resizeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.hide()
        self.closing.emit()

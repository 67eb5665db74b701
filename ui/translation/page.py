"""Translate: a text beside its translation, documents that come back translated, and what is kept of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from assistant import languages
from assistant.translation.glossary.records import Term
from assistant.translation.memory.records import PastText
from ui.common.buttons_and_labels import Button, IconButton
from ui.common.empty_state import EmptyState
from ui.common.layouts import GUTTER, NO_MARGINS, before_gutter, hbox, vbox
from ui.common.menus import Menu
from ui.common.page_context import PageContext
from ui.common.page_frame import Page
from ui.common.segments import Segments
from ui.common.translation import translate
from ui.dictation.controller import DictationController
from ui.models.first_model import FirstModel
from ui.translation.choices import Choices
from ui.translation.documents_tab import DocumentsTab
from ui.translation.glossary_dialog import GlossaryDialog
from ui.translation.history_view import HistoryView
from ui.translation.memory_menu import MemoryMenu
from ui.translation.text_tab import TextTab

COLUMN = 1180
"""Pixels that two texts side by side are wide at the most."""
ROOM_FOR_WORDS = 620
"""Pixels of the page's width from which on the header has room for words beside the tabs."""
TEXT, DOCUMENTS = 0, 1


class TranslatePage(Page):
    models_wanted = Signal()

    def __init__(
        self, context: PageContext, first_model: FirstModel, dictation: Callable[[], DictationController]
    ) -> None:
        """
        Args:
            first_model: offers a model that translates.
            dictation: the window's; made only when somebody wants to speak.
        """
        super().__init__(translate("translation", "Translate"))
        self._context = context
        self.choices = Choices(context)
        self.text = TextTab(context, self.choices, dictation)
        self.documents = DocumentsTab(context, self.choices)
        self.first_model = first_model
        self._history: HistoryView | None = None
        self._build()
        self._connect()

    # --- for the window

    def came_into_view(self) -> None:
        super().came_into_view()
        if self._tabs.currentIndex() == TEXT and self._stack.currentWidget() is self._tabs:
            self.text.came_into_view()
        self.refresh()

    def refresh(self) -> None:
        """What is there may have changed: models, documents, settings."""
        if self._context.ready:
            self.choices.load()
            self.documents.jobs.load()

    @property
    def target_name(self) -> str:
        """Of the language that is translated into; "" before one is chosen."""
        return languages.name(self.choices.target)

    def take_text(self, text: str) -> None:
        """Translate it, into the language of the last time."""
        self.tabs.choose(TEXT)
        self.text.take_text(text)

    def take_documents(self, paths: Sequence[str]) -> None:
        self.tabs.choose(DOCUMENTS)
        self.documents.take(paths)

    def take_transcript(self, id: int, form: str, folder: str) -> None:
        self.tabs.choose(DOCUMENTS)
        self.documents.take_transcript(id, form, folder)

    def dictate(self) -> None:
        self.tabs.choose(TEXT)
        self.text.dictate()

    def stop_answer(self) -> bool:
        return self.text.stop()

    def leave(self) -> None:
        self.text.leave()
        self.documents.jobs.leave()

    @property
    def history(self) -> HistoryView:
        if self._history is None:
            self._history = HistoryView(self._context)
            self._history.open_wanted.connect(self._open_past)
            self._history.copy_wanted.connect(self._context.copy)
        return self._history

    # --- how it is put together

    def _build(self) -> None:
        self.column.setMaximumWidth(COLUMN + GUTTER)
        self.tabs = Segments(
            translate("translation", "Text or documents"),
            (translate("translation", "Text"), translate("translation", "Documents")),
        )
        self.open_glossary = Button(
            translate("translation", "Glossary"), lambda: self.show_glossary(), kind="quiet", icon="book-open"
        )
        self.open_history = Button(
            translate("translation", "History"), self.show_history, kind="quiet", icon="clock"
        )
        self.more = IconButton("dots-three", translate("translation", "More"), self._open_menu)
        self.header.addSpacing(8)
        self.header.addWidget(self.tabs)
        self.header.addStretch(1)
        for widget in (self.open_glossary, self.open_history, self.more):
            self.header.addWidget(widget)
        self._tabs = QStackedWidget()
        text = QWidget()
        vbox(before_gutter(self.text), parent=text, margins=NO_MARGINS)
        self._tabs.addWidget(text)
        self._tabs.addWidget(self.documents)
        self._no_model = QWidget()
        empty = EmptyState(
            "translate",
            translate("translation", "Translate on this computer"),
            translate(
                "translation",
                "A model is needed first: one made for translation, or a chat model, which translates too. "
                "It stays on this computer, and so does everything you translate. NLLB models are not "
                "for commercial use.",
            ),
        )
        empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        vbox(1, empty, hbox(1, self.first_model, 1), 2, parent=self._no_model, margins=NO_MARGINS)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._tabs)
        self._stack.addWidget(self._no_model)
        self.content.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._show_tab)
        self.text.models_wanted.connect(self.models_wanted)
        self.text.term_wanted.connect(lambda source, target: self.show_glossary(Term(source, target)))
        self.choices.loaded.connect(self._show_models)
        self.documents.jobs.begun.connect(lambda: self.tabs.choose(DOCUMENTS))
        self._context.services_ready.connect(self.refresh)
        shortcut = QShortcut(QKeySequence("Ctrl+H"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.show_history)
        if self._context.ready:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = event.size().width() >= ROOM_FOR_WORDS
        self.open_glossary.setVisible(room)
        self.open_history.setVisible(room)
        super().resizeEvent(event)

    def _show_tab(self, number: int) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # else it goes on from a field that is hidden
        self._tabs.setCurrentIndex(number)

    def _show_models(self) -> None:
        shown = self._tabs if self.choices.engines else self._no_model
        if self._stack.currentWidget() is not shown:
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # else it goes on from a field that is hidden
            self._stack.setCurrentWidget(shown)

    def _open_menu(self) -> None:
        self.menu().popup_below(self.more)

    def menu(self) -> Menu:
        menu = MemoryMenu(self.more, self._context)
        first = menu.actions()[0]
        glossary = menu.add_item(
            translate("translation", "Glossary"), lambda: self.show_glossary(), "book-open"
        )
        history = menu.add_item(translate("translation", "History (Ctrl+H)"), self.show_history, "clock")
        menu.insertActions(first, [glossary, history])
        menu.insertSeparator(first)
        return menu

    # --- what is kept

    def show_glossary(self, term: Term | None = None) -> None:
        if self._context.ready_or_told():
            dialog = GlossaryDialog(self.window(), self._context, self.choices.targets, term)
            dialog.accepted.connect(self.text.glossary_changed)
            dialog.open()

    def show_history(self) -> None:
        if self._context.ready_or_told():
            self.text.translator.remember()
            self.history.load()
            self._context.panel.open(self.history, translate("translation", "History"))

    def _open_past(self, past: PastText) -> None:
        self.tabs.choose(TEXT)
        self.text.open(past)

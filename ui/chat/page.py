"""Chat: the conversations at the left, what is said in the middle, the field to write in below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from assistant.chat.history.records import StoredMessage, StoredPicture
from assistant.documents.records import DocumentInfo, Quote
from ui.chat.assistant_chooser import AssistantChooser
from ui.chat.attachments import Attachments
from ui.chat.composer import Composer
from ui.chat.context_compaction import ContextCompaction
from ui.chat.conversation_actions import ConversationActions
from ui.chat.conversation_controller import ConversationController
from ui.chat.conversation_list import WIDTH as LIST_WIDTH
from ui.chat.conversation_list_model import title, untitled
from ui.chat.history_executor import HistoryExecutor
from ui.chat.message_pictures import MessagePictures
from ui.chat.open_conversation import OpenConversation
from ui.chat.picture_panel import PicturePanel
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import ElidedLabel, IconButton
from ui.common.empty_state import EmptyState
from ui.common.layouts import GUTTER, before_gutter, hbox, vbox
from ui.common.page_context import PageContext
from ui.common.page_frame import Page
from ui.common.picture_files import pictures_apart
from ui.common.text_to_speech import TextToSpeech, engines
from ui.common.translation import arg, translate
from ui.dictation.controller import DictationController
from ui.dictation.field_dictation import FieldDictation
from ui.models.chat_model_loader import ChatModelLoader
from ui.text.markdown import plain_text
from ui.transcript.entry import EntryAction, copied
from ui.transcript.finder import Finder
from ui.transcript.link_dialog import LinkDialog
from ui.transcript.transcript import MARGIN, MOST_WIDTH, Transcript

LIST_FROM = 760
"""Pixels of the page's width from which the list of conversations has a place of its own."""

TITLE_WIDTH = 128
"""Pixels that the title of the conversation has at least; the names beside it give way."""


class ChatPage(Page):
    def __init__(
        self,
        context: PageContext,
        models: ChatModelLoader,
        show_quote: Callable[[Quote], None],
        dictation: Callable[[], DictationController],
    ) -> None:
        """
        Args:
            show_quote: opens the place of a quote in the side panel.
            dictation: the window's; made only when somebody wants to speak.
        """
        super().__init__(translate("chat", "Chat"), wide=True)
        self._context = context
        self._show_quote = show_quote
        self._make_dictation = dictation
        self.dictation: FieldDictation | None = None
        self._list_beside = True
        """Whether the list is shown where there is room for it."""
        self._list_over = False
        """Whether it is shown over the conversation where there is none."""
        self._looked_for_voice = False
        self.executor = HistoryExecutor(context)
        self.voice = TextToSpeech(self)
        self.models = models
        self.transcript = Transcript(voice=lambda: self.voice.available)
        self.conversation = OpenConversation(context, self.executor, self.transcript)
        self.controller = ConversationController(
            context, self.executor, self.models, self.transcript, self.conversation
        )
        self.compaction = ContextCompaction(context, self.executor, self.conversation, self.controller)
        self.assistants = AssistantChooser(context, self.conversation, self)
        self.conversation_actions = ConversationActions(context, self.executor, self.conversation, self)
        self.composer = Composer()
        self.attachments = Attachments(context, self.conversation, self.composer, self)
        self.pictures = MessagePictures(context, self.models, self.composer, self)
        self._picture_panel: PicturePanel | None = None
        self.finder = Finder(self.transcript)
        self._build()
        self._connect()
        self._set_shortcuts()
        self._show_what_fits()

    def came_into_view(self) -> None:
        self.composer.take_focus()
        if not self._looked_for_voice:
            self._looked_for_voice = True
            self._context.bridge.in_background(engines, self.voice.use)

    def field_below(self) -> int:
        return self.composer.height()

    def stop_answer(self) -> bool:
        """Or the loading of the model that is to write it; before both, the dictation."""
        if self.dictation is not None and self.dictation.stop():
            return True
        if self.controller.running:
            self.controller.stop()
        elif self.models.loading:
            self.models.stop()
        else:
            return False
        return True

    def dictate(self) -> None:
        """Write what is said into the message, or stop that."""
        if self.dictation is None:
            self.dictation = FieldDictation(self._make_dictation(), self.composer, self._context)
        self.dictation.toggle()

    def escape(self) -> None:
        """Leave what is being done: finding, or editing."""
        if not self.finder.bar.isHidden():
            self.finder.bar.close_bar()
        elif self.composer.editing:
            self.composer.end_editing()
        else:
            self._hide_floating_list()

    def leave(self) -> None:
        """The window closes: what has been written is brought to the disk."""
        self.voice.stop()
        self.controller.stop()
        self.executor.finish()

    # --- what is dropped on the window

    def take(self, paths: list[str]) -> None:
        """Files: pictures go with the message, a model answers and documents are asked from now on."""
        pictures, others = pictures_apart(paths)
        if pictures:
            self.pictures.add(pictures)
        if others:
            self.attachments.add(others)

    def take_picture(self, picture: bytes | QImage) -> None:
        self.pictures.add_image(picture)

    def take_text(self, text: str) -> None:
        self.composer.insert(text)

    def summarise(self, document: DocumentInfo) -> None:
        """Begin a conversation about a document with its summary."""
        self.composer.end_editing()
        self.conversation.begin()
        self.controller.summarise(document.id, formatting.document_name(document))

    # --- how it is put together

    def _build(self) -> None:
        self.header.addStretch(1)
        self.header.addWidget(self.conversation_actions.list.new)
        self._side = QWidget()
        self._side.setObjectName("conversations")
        self._side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._side.setFixedWidth(LIST_WIDTH + 16 + GUTTER)
        conversations = self.conversation_actions.list
        header = before_gutter(self.header)
        vbox(header, (conversations, 1), parent=self._side, spacing=12, margins=(16, 20, 0, 12))
        finder, composer = self._centred(self.finder.bar), self._centred(self.composer)
        main = vbox(self._head(), finder, (self._middle(), 1), composer, spacing=0, margins=(0, 0, 0, 12))
        self._row = hbox(self._side, (main, 1), spacing=0)
        self.content.addLayout(self._row, 1)

    def _head(self) -> QHBoxLayout:
        self.fold_list = IconButton("sidebar-simple", translate("chat", "Conversations"), self._toggle_list)
        self.name = ElidedLabel("", "strong", Qt.TextElideMode.ElideRight)
        self.name.setMinimumWidth(TITLE_WIDTH)
        find = translate("chat", "Find in this conversation (Ctrl+F)")
        self.find_button = IconButton("magnifying-glass", find, self.finder.bar.open_bar)
        return hbox(
            self.fold_list,
            (self.name, 1),
            self.find_button,
            self.assistants.button,
            self.models.button,
            spacing=8,
            margins=(12, 18, 16, 8),
        )

    def _middle(self) -> QWidget:
        self._no_model = EmptyState(
            "chats-circle",
            translate("chat", "Chat on this computer"),
            translate(
                "chat",
                "To begin, choose a chat model (a GGUF file). It stays on this computer, "
                "and so does everything you write.",
            ),
            (
                (translate("chat", "Choose a model file"), "folder-open", self.models.choose_file),
                (
                    translate("chat", "Models for this computer"),
                    "cpu",
                    lambda: self._context.page_wanted.emit("models"),
                ),
            ),
        )
        self._welcome = EmptyState("chat-circle-text", "", "")
        self._stack = QStackedWidget()
        for widget in (self.transcript, self._no_model, self._welcome):
            self._stack.addWidget(widget)
        return self._stack

    @staticmethod
    def _centred(widget: QWidget) -> QHBoxLayout:
        """As wide as what is read above."""
        widget.setMaximumWidth(MOST_WIDTH + 24)
        return hbox(1, (widget, 1000), 1, margins=(MARGIN - 8, 0, MARGIN - 8, 0))

    def _connect(self) -> None:
        controller, composer, transcript = self.controller, self.composer, self.transcript
        composer.sent.connect(lambda text: controller.send(text, self.pictures.kept()))
        composer.dictate_wanted.connect(self.dictate)
        composer.stop_wanted.connect(controller.stop)
        composer.edit_last_wanted.connect(controller.edit_last)
        composer.editing_ended.connect(controller.end_editing)
        composer.editing_ended.connect(self.pictures.clear)
        controller.accepted.connect(composer.clear)
        controller.accepted.connect(self.pictures.clear)
        controller.rejected.connect(self._give_back)
        controller.edit_wanted.connect(self._edit)
        self.pictures.larger_wanted.connect(self._show_picture)
        controller.running_changed.connect(composer.set_running)
        self.conversation.changed.connect(self._show_what_fits)
        self.attachments.summary_wanted.connect(controller.summarise)
        self.attachments.models_given.connect(lambda given: self.models.take(given, answers=True))
        controller.model_wanted.connect(self.models.choose_file)
        self.models.changed.connect(self._show_what_fits)
        self.assistants.changed.connect(self._show_what_fits)
        transcript.action_wanted.connect(self._do)
        transcript.link_wanted.connect(lambda url: LinkDialog(self, url, self._context.notices).open())
        transcript.citation_wanted.connect(self._show_citation)
        transcript.picture_wanted.connect(self._picture_wanted)
        transcript.seeing_model_wanted.connect(lambda: self._context.page_wanted.emit("models"))
        self.conversation_actions.list.view.open_wanted.connect(self._hide_floating_list)
        self.finder.bar.closed.connect(transcript.setFocus)

    def _set_shortcuts(self) -> None:
        for keys, do in (
            ("Ctrl+F", self.finder.bar.open_bar),
            ("Ctrl+N", self._new),
            ("Ctrl+Shift+F", self._search),
            ("Ctrl+Shift+C", partial(self._do_with_last, EntryAction.COPY)),
            ("Ctrl+R", partial(self._do_with_last, EntryAction.AGAIN)),
            ("Ctrl+L", self.composer.take_focus),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # --- doing

    def _new(self) -> None:
        self.conversation.begin()
        self.composer.take_focus()

    def _search(self) -> None:
        self._show_list(True)
        self.conversation_actions.list.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _do_with_last(self, action: EntryAction) -> None:
        """With the last answer."""
        for answer in [entry for entry in self.transcript.entries() if not entry.mine][-1:]:
            self._do(action, answer.key)

    def _do(self, action: EntryAction, key: int) -> None:
        entry = self.transcript.entry(key)
        if entry is None:
            return
        if action is EntryAction.COPY:
            mine, answer = translate("chat", "Message copied."), translate("chat", "Answer copied.")
            view = self.transcript.view(key)
            told = view is not None and view.confirm_copied()
            text = copied(entry.text, entry.doubts, entry.unsourced)
            self._context.copy(text, "" if told else mine if entry.mine else answer)
        elif action is EntryAction.READ:
            if self.voice.speaking:
                self.voice.stop()
            else:
                self.voice.say(plain_text(entry.text))
        elif action is EntryAction.TRANSLATE:
            self._context.translation_wanted.emit(plain_text(entry.text))
        else:
            self.controller.do(action, key)

    def _edit(self, message: StoredMessage) -> None:
        self.composer.edit(message.content)
        self.pictures.show(message.pictures)

    def _give_back(self, text: str, pictures: tuple[StoredPicture, ...]) -> None:
        """What could not be said stands where it was written."""
        self.composer.insert(text)
        self.pictures.show(pictures)

    def _picture_wanted(self, key: int, number: int) -> None:
        """As the history has it now: its text may have been recognised since."""

        def found(message: StoredMessage) -> None:
            self._show_picture(message.pictures, number)

        self.executor.do(lambda services: services.history.message(key), found)

    def _show_picture(self, pictures: Sequence[StoredPicture], number: int) -> None:
        if self._picture_panel is None:
            self._picture_panel = PicturePanel(self._context)
        self._picture_panel.open(pictures, number)

    def _show_citation(self, key: int, number: int) -> None:
        entry = self.transcript.entry(key)
        for quote in entry.quotes if entry is not None else ():
            if quote.n == number and self._context.ready:
                self._show_quote(quote)

    # --- what is shown

    def _show_what_fits(self) -> None:
        models, info = self.models, self.conversation.info
        self.name.set_text(title(info) if info is not None else untitled())
        if not self.controller.empty:
            self._stack.setCurrentWidget(self.transcript)
        elif models.info is None and models.chosen is None and not models.loading:
            self._stack.setCurrentWidget(self._no_model)
        else:
            self._welcome.title.setText(self.assistants.headline())
            self._welcome.text.set_text(self.assistants.line())
            self._stack.setCurrentWidget(self._welcome)
        self.find_button.setVisible(not self.controller.empty)
        self.composer.show_context_usage(*context_usage(self.conversation.path))

    # --- the list of conversations

    def _toggle_list(self) -> None:
        self._show_list(self._side.isHidden())

    def _show_list(self, shown: bool) -> None:
        if self.width() < LIST_FROM:
            self._list_over = shown
        else:
            self._list_beside = shown
        self._place_list()

    def _hide_floating_list(self) -> None:
        """Where it lies over the conversation, because there is no room beside it."""
        if self.width() < LIST_FROM and not self._side.isHidden():
            self._show_list(False)

    def _place_list(self) -> None:
        narrow = self.width() < LIST_FROM
        shown = self._list_over if narrow else self._list_beside
        floats = self._row.indexOf(self._side) < 0
        if narrow and not floats:
            self._row.removeWidget(self._side)
        elif not narrow and floats:
            self._row.insertWidget(0, self._side)
        self._side.setVisible(shown)
        self._side.setProperty("floats", "true" if narrow else "false")
        if narrow:
            self._side.setGeometry(0, 56, self._side.width(), self.height() - 56)
            self._side.raise_()
        hide, show = translate("chat", "Hide the conversations"), translate("chat", "Show the conversations")
        self.fold_list.rename(hide if shown else show)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() >= LIST_FROM:
            self._list_over = False
        self._place_list()


def context_usage(path: Sequence[StoredMessage]) -> tuple[str, str]:
    """How full the model's context is, in short and in a sentence; "" before the first answer."""
    for message in reversed(path):
        meta = message.meta
        used, context = meta.get("prompt_tokens"), meta.get("context")
        if isinstance(used, int) and isinstance(context, int) and context:
            used += int(meta.get("tokens") or 0)
            share = min(100, round(100 * used / context))
            return arg(translate("chat", "memory %1 % full"), share), arg(
                translate("chat", "%1 of %2 tokens of conversation memory are in use."),
                quantities.number(used),
                quantities.number(context),
            )
    return "", ""

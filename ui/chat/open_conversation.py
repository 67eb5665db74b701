"""The conversation that is open: which messages of it are read, who answers, what is kept with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from assistant.chat.assistant_records import Assistant
from assistant.chat.history.records import PLAIN_ASSISTANT, Conversation, ConversationInfo, StoredMessage
from ui.chat.history_executor import HistoryExecutor
from ui.chat.transcript_entries import entry_of
from ui.common.page_context import PageContext
from ui.transcript.transcript import Transcript

if TYPE_CHECKING:
    from assistant.services import Services


class OpenConversation(QObject):
    changed = Signal()
    """Another conversation is open, or what belongs to it is different now."""
    left = Signal()
    """Whatever is under way in this one ends."""
    list_changed = Signal()
    """The list of conversations is out of date."""

    def __init__(self, context: PageContext, executor: HistoryExecutor, transcript: Transcript) -> None:
        super().__init__(context)
        self._context = context
        self._executor = executor
        self._transcript = transcript
        self.generation = 0
        """Counts the conversations that were opened: what was begun in one does not end in another."""
        self.info: ConversationInfo | None = None
        self.assistant: Assistant | None = None
        """Who answers; None: the services are not there yet."""
        self.path: list[StoredMessage] = []
        """The messages that are read, oldest first."""

    def message(self, id: int) -> StoredMessage | None:
        return next((message for message in self.path if message.id == id), None)

    def before(self, message: StoredMessage) -> list[StoredMessage]:
        """The path up to a message, without it."""
        return self.path[: next(n for n, each in enumerate(self.path) if each.id == message.id)]

    @property
    def id(self) -> int | None:
        return self.info.id if self.info is not None else None

    @property
    def assistant_id(self) -> str:
        return self.assistant.id if self.assistant is not None else PLAIN_ASSISTANT

    # --- opening and beginning

    def open(self, conversation: int, message: int | None = None) -> None:
        """Show a conversation, and a message in it."""
        if self.id == conversation:
            if message is not None:
                self._transcript.show_message(message)
            return
        self._leave()
        generation = self.generation

        def opened(found: Conversation) -> None:
            if generation != self.generation:
                return
            self.info = found.info
            self.assistant = self._context.services.assistants.get(found.info.assistant)
            self.show(found.messages, to_end=True)
            self.changed.emit()
            if message is not None and self.message(message) is not None:
                self._transcript.show_message(message)
            elif message is not None:  # one of a version that was not chosen
                self._choose(message)

        self._executor.do(lambda services: services.history.open(conversation), opened)

    def begin(self) -> None:
        """A new conversation; it comes into being with its first message."""
        self._leave()
        self.info = None
        self.show([], to_end=True)
        self.changed.emit()

    def _leave(self) -> None:
        self.left.emit()
        self.generation += 1

    def show(self, path: Sequence[StoredMessage], *, to_end: bool = False) -> None:
        """Read these messages from now on."""
        self.path = list(path)
        entries = [entry_of(message, last=message is self.path[-1]) for message in self.path]
        self._transcript.set_entries(entries, to_end=to_end)

    def replace(self, message: StoredMessage) -> None:
        """Show what has become of a message."""
        self.show([message if each.id == message.id else each for each in self.path])

    def show_version(self, message: StoredMessage, step: int) -> None:
        """Read the version before or after that of a message, and what follows it."""
        versions = message.versions
        place = versions.index(message.id) + step if message.id in versions else -1
        if 0 <= place < len(versions):
            self._choose(versions[place])

    def _choose(self, message: int) -> None:
        def chosen(path: tuple[StoredMessage, ...]) -> None:
            if path and path[0].conversation == self.id:
                self.show(path)
                if self._transcript.view(message) is None:
                    self._transcript.show_message(message)
                self.changed.emit()

        self._executor.do(lambda services: services.history.choose(message), chosen)

    # --- what belongs to it

    def use_assistant(self, assistant: Assistant) -> None:
        """Let another one answer from now on."""
        self.assistant = assistant
        if self.info is not None and self.info.assistant != assistant.id:
            conversation = self.info.id
            self._executor.do(
                lambda services: services.history.set_assistant(conversation, assistant.id), self.info_changed
            )
        self.changed.emit()

    def info_changed(self, info: ConversationInfo) -> None:
        """Its title, folder or the like is different now."""
        if self.id == info.id:
            self.info = info
            self.changed.emit()
        self.list_changed.emit()

    def remember(self, **meta: Any) -> None:
        """Keep values with the conversation, which comes into being if need be."""
        info, assistant = self.info, self.assistant_id

        def keep(services: Services) -> ConversationInfo:
            if info is None:
                return services.history.create(assistant=assistant, **meta)
            return services.history.remember(info.id, **meta)

        def kept(new: ConversationInfo) -> None:
            if self.info is None:
                self.info = new
            self.info_changed(new)

        self._executor.do(keep, kept)

"""The conversation that is open: what is said in it, which version is read, the answer being written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from assistant.chat.assistant_records import Assistant
from assistant.chat.history.records import (
    PLAIN_ASSISTANT,
    Conversation,
    ConversationInfo,
    MessageState,
    StoredMessage,
)
from assistant.chat.records import Role
from assistant.errors import AssistantError
from ui.chat import answer_request
from ui.chat.history_executor import SerialExecutor
from ui.chat.streaming_answer import Turn, cut_short
from ui.chat.transcript_entries import THINKING, entry_of, growing_entry
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.models.model_chooser import ModelChooser
from ui.transcript.entry import EntryAction, TranscriptEntry
from ui.transcript.transcript import Transcript

SAID, ANSWER = -1, -2
"""Keys of a message and its answer until they are in the history."""


class ConversationController(QObject):
    changed = Signal()
    """Another conversation is open, or what belongs to it is different now."""
    listed = Signal()
    """The list of conversations is out of date."""
    running_changed = Signal(bool)
    taken = Signal()
    """The message was taken; the field is free."""
    returned = Signal(str)
    """It could not be stored: here it is again."""
    model_wanted = Signal()
    """There is none yet."""
    edit_wanted = Signal(str)
    """This text of an earlier message is to be written anew."""

    def __init__(
        self, desk: PageContext, clerk: SerialExecutor, models: ModelChooser, transcript: Transcript
    ) -> None:
        super().__init__(desk)
        self._desk = desk
        self._clerk = clerk
        self._models = models
        self._transcript = transcript
        self.info: ConversationInfo | None = None
        self.assistant: Assistant | None = None
        """Who answers; None: the services are not there yet."""
        self._path: list[StoredMessage] = []
        self._turn: Turn | None = None
        self._edited: StoredMessage | None = None
        self._opening = 0
        self._beginning: Following[Any] | None = None
        """The message is on its way to the disk."""
        self._stop_soon = False
        """The answer was stopped before it began."""

    # --- what there is

    @property
    def running(self) -> bool:
        return self._turn is not None or self._beginning is not None

    @property
    def path(self) -> list[StoredMessage]:
        """The messages that are read, oldest first."""
        return list(self._path)

    @property
    def empty(self) -> bool:
        return not self._path and self._beginning is None

    def message(self, key: int) -> StoredMessage | None:
        return next((message for message in self._path if message.id == key), None)

    # --- conversations

    def open(self, conversation: int, message: int | None = None) -> None:
        """Show a conversation, and a message in it."""
        if self.info is not None and self.info.id == conversation:
            if message is not None:
                self._transcript.show_message(message)
            return
        self._leave()
        number, services = self._opening, self._desk.services

        def opened(found: Conversation) -> None:
            if number == self._opening:
                self._show(found)
                if message is not None:
                    self._show_found(message)

        self._clerk.do(lambda: services.history.open(conversation), opened)

    def _leave(self) -> None:
        """Whatever is under way here ends."""
        self.stop()
        self._opening += 1
        if self._beginning is not None:
            self._beginning = None
            self.running_changed.emit(False)

    def _show_found(self, message: int) -> None:
        """A message that is not on the path is a version that was not chosen."""
        if self.message(message) is not None:
            self._transcript.show_message(message)
        else:
            self._choose(message)

    def begin(self) -> None:
        """A new conversation; it comes into being with its first message."""
        self._leave()
        self.info, self._path, self._edited = None, [], None
        self._transcript.set_entries([], to_end=True)
        self.changed.emit()

    def use_assistant(self, assistant: Assistant) -> None:
        """Let another one answer from now on."""
        self.assistant = assistant
        if self.info is not None and self.info.assistant != assistant.id:
            services, conversation = self._desk.services, self.info.id
            self._clerk.do(
                lambda: services.history.set_assistant(conversation, assistant.id), self.info_changed
            )
        self.changed.emit()

    def info_changed(self, info: ConversationInfo) -> None:
        """Its title, folder or the like is different now."""
        if self.info is not None and self.info.id == info.id:
            self.info = info
            self.changed.emit()
        self.listed.emit()

    def remember(self, **meta: Any) -> None:
        """Keep values with the conversation, which comes into being if need be."""
        services, name = self._desk.services, self._assistant_id()
        info = self.info

        def keep() -> ConversationInfo:
            if info is None:
                return services.history.create(assistant=name, **meta)
            return services.history.remember(info.id, **meta)

        def kept(new: ConversationInfo) -> None:
            if self.info is None:
                self.info = new
            self.info_changed(new)

        self._clerk.do(keep, kept)

    def _show(self, conversation: Conversation) -> None:
        self.info, self._path, self._edited = conversation.info, list(conversation.messages), None
        self.assistant = self._desk.services.assistants.get(conversation.info.assistant)
        self._show_path(to_end=True)
        self.changed.emit()

    def _show_path(self, *, to_end: bool = False) -> None:
        entries = [entry_of(message, last=message is self._path[-1]) for message in self._path]
        if self._turn is not None and entries:
            entries[-1] = growing_entry(entries[-1], self._turn)
        self._transcript.set_entries(entries, to_end=to_end)

    def _assistant_id(self) -> str:
        return self.assistant.id if self.assistant is not None else PLAIN_ASSISTANT

    # --- saying something

    def send(self, text: str) -> None:
        """Say it, and have it answered. Without a model it stays where it is written."""
        if self.running or not self._desk.ready or self.assistant is None:
            return
        if not self._ensure_model(lambda: self._send(text)):
            self.model_wanted.emit()

    def summarise(self, document: int, name: str) -> None:
        """Have a document summarised; a new conversation is about it from then on."""
        if self.running or not self._desk.ready or self.assistant is None:
            return
        about = {"id": document, "name": name}
        begin = self._while_open(lambda: self._send(answer_request.summary_request(name), about))
        if not self._ensure_model(begin):
            self._models.choose_file(then=begin)
        elif self._models.loading:
            self._desk.notices.say(f"“{name}” is summarised as soon as the model is loaded.")

    def _ensure_model(self, then: Callable[[], None]) -> bool:
        assistant = self.assistant
        model, adapter = (assistant.model, assistant.adapter) if assistant is not None else ("", "")
        return self._models.ensure(self._while_open(then), model, adapter)

    def _while_open(self, then: Callable[[], None]) -> Callable[[], None]:
        """Nothing is done in another conversation that was opened while the model was loaded."""
        opening = self._opening
        return lambda: then() if opening == self._opening else None

    def _send(self, text: str, about: dict[str, Any] | None = None) -> None:
        """`about`: the document to be summarised, as it is kept with a conversation; None: it was typed."""
        if self.running:
            return
        services, name = self._desk.services, self._assistant_id()
        info, edited, model = self.info, self._edited, self._model_name()
        path = self._path if edited is None else self._before(edited)
        parent = path[-1].id if path else None
        kept = answer_request.kept_with(text, about, edited)
        documents: dict[str, Any] = {} if about is None else {"documents": [about]}

        def begin() -> tuple[ConversationInfo, StoredMessage, Any]:
            made = info or services.history.create(assistant=name, **documents)
            said = services.history.add_message(made.id, Role.USER, text, parent, **kept)
            writer = services.history.writer(made.id, said.id, model=model, **kept)
            return services.history.info(made.id), said, writer

        opening = self._opening

        def begun(found: tuple[ConversationInfo, StoredMessage, Any]) -> None:
            made, said, writer = found
            self.listed.emit()
            if opening != self._opening:  # another conversation is open by now
                self._clerk.do(lambda: writer.finish(MessageState.STOPPED))
                return
            self._beginning, self.info = None, made
            self._begin_turn([*path, said], writer)
            self.changed.emit()
            if self._stop_soon:
                self.stop()

        def not_begun(error: AssistantError) -> None:
            if opening != self._opening:
                self._desk.notices.error(error)
                return
            self._beginning = None
            self._show_path()
            self.running_changed.emit(False)
            if about is None:
                self.returned.emit(text)
            self._desk.notices.error(error)

        self._edited, self._stop_soon = None, False
        self._show_at_once(path, text)
        if about is None:
            self.taken.emit()
        self._beginning = self._clerk.do(begin, begun, not_begun)

    def _show_at_once(self, path: Sequence[StoredMessage], text: str) -> None:
        """What was said is seen before it is on the disk."""
        entries = [entry_of(message, last=False) for message in path]
        said = TranscriptEntry(SAID, Role.USER, text)
        answer = TranscriptEntry(ANSWER, Role.ASSISTANT, "", doing=THINKING, writing=True)
        self._transcript.set_entries([*entries, said, answer], to_end=True)
        self.running_changed.emit(True)
        self.changed.emit()

    def _before(self, message: StoredMessage) -> list[StoredMessage]:
        """The path up to a message, without it."""
        return self._path[: next(n for n, each in enumerate(self._path) if each.id == message.id)]

    def _model_name(self) -> str:
        return self._models.info.name if self._models.info is not None else ""

    # --- an answer

    def _begin_turn(self, path: Sequence[StoredMessage], writer: Any, *, go_on: bool = False) -> None:
        """Have the path answered, which ends with the person's message, or its last answer continued."""
        turn = self._turn = Turn(self._desk, self._clerk, writer)
        turn.grew.connect(partial(self._grew, turn))
        turn.ended.connect(partial(self._ended, turn))
        self._path = [*path, writer.message]
        self._show_path(to_end=True)
        self.running_changed.emit(True)
        assert self.info is not None
        assert self.assistant is not None
        answer_request.ask(self._desk, turn, self.info, self.assistant, path, go_on=go_on)

    def _grew(self, turn: Turn) -> None:
        entry = self._transcript.entry(turn.message.id)
        if turn is self._turn and entry is not None:
            self._transcript.update_entry(growing_entry(entry, turn))

    def _ended(self, turn: Turn, message: StoredMessage) -> None:
        turn.deleteLater()
        if self.message(message.id) is None:
            return  # another conversation is open by now
        if turn is self._turn:
            self._turn = None
            self.running_changed.emit(False)
        elif self.running:
            return
        self._replace(message)
        self._models.refresh()
        self.changed.emit()
        self.listed.emit()

    def _replace(self, message: StoredMessage) -> None:
        self._path = [message if each.id == message.id else each for each in self._path]
        self._show_path()

    def stop(self) -> None:
        """Stop the answer; what has been written stays."""
        turn, self._turn = self._turn, None
        if turn is None:
            self._stop_soon = self._beginning is not None
            return
        turn.stop()
        if self._path and self._path[-1].id == turn.message.id:
            shown = replace(
                self._path[-1], content=turn.text, thinking=turn.thinking, state=MessageState.STOPPED
            )
            self._replace(shown)
        self.running_changed.emit(False)
        self.changed.emit()
        self.listed.emit()

    # --- what is done with a message

    def act(self, act: EntryAction, key: int) -> None:
        message = self.message(key)
        if message is None:
            return
        match act:
            case EntryAction.AGAIN if message.role is Role.ASSISTANT:
                self._answer_again(message)
            case EntryAction.CONTINUE if cut_short(message):
                self._go_on(message)
            case EntryAction.EDIT if message.role is Role.USER:
                self.edit(message)
            case EntryAction.EARLIER | EntryAction.LATER if not self.running:
                self._leaf_through(message, -1 if act is EntryAction.EARLIER else 1)

    def edit(self, message: StoredMessage) -> None:
        """Write an earlier message anew; sending it makes another version of what follows."""
        self._edited = message
        self.edit_wanted.emit(message.content)

    def edit_last(self) -> None:
        said = [message for message in self._path if message.role is Role.USER]
        if said and not self.running:
            self.edit(said[-1])

    def end_editing(self) -> None:
        self._edited = None

    def _answer_again(self, message: StoredMessage) -> None:
        if self.running:
            return
        path, kept = self._before(message), answer_request.summarised(message)

        def begin() -> None:
            services, model = self._desk.services, self._model_name()
            self._clerk.do(
                lambda: services.history.writer(message.conversation, message.parent, model=model, **kept),
                lambda writer: self._begin_turn(path, writer),
            )

        if path and not self._ensure_model(begin):
            self.model_wanted.emit()

    def _go_on(self, message: StoredMessage) -> None:
        if self.running or message.id != self._path[-1].id:
            return
        path = self._before(message)

        def begin() -> None:
            services = self._desk.services
            self._clerk.do(
                lambda: services.history.resume(message.id),
                lambda writer: self._begin_turn(path, writer, go_on=True),
            )

        if not self._ensure_model(begin):
            self.model_wanted.emit()

    def _leaf_through(self, message: StoredMessage, step: int) -> None:
        versions = message.versions
        place = versions.index(message.id) + step if message.id in versions else -1
        if 0 <= place < len(versions):
            self._choose(versions[place])

    def _choose(self, message: int) -> None:
        services = self._desk.services

        def chosen(path: tuple[StoredMessage, ...]) -> None:
            if path and self.info is not None and path[0].conversation == self.info.id:
                self._path = list(path)
                self._show_path()
                if self._transcript.view(message) is None:
                    self._transcript.show_message(message)
                self.changed.emit()

        self._clerk.do(lambda: services.history.choose(message), chosen)

"""The conversation that is open: what is said in it, which version is read, the answer being written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

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
from ui.chat.history_executor import HistoryExecutor
from ui.chat.streaming_answer import StreamingAnswer
from ui.chat.transcript_entries import cut_short, entry_of, growing_entry, thinking
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.common.translation import arg, translate
from ui.models.chat_model_loader import ChatModelLoader
from ui.transcript.entry import EntryAction, TranscriptEntry
from ui.transcript.transcript import Transcript

if TYPE_CHECKING:
    from assistant.services import Services

SAID = -1
"""The key of a message until it is in the history."""
ANSWER = -2
"""The key of its answer until then."""


class ConversationController(QObject):
    changed = Signal()
    """Another conversation is open, or what belongs to it is different now."""
    list_changed = Signal()
    """The list of conversations is out of date."""
    running_changed = Signal(bool)
    accepted = Signal()
    """The message was taken; the field is free."""
    rejected = Signal(str)
    """It could not be stored: here it is again."""
    model_wanted = Signal()
    """There is none yet."""
    edit_wanted = Signal(str)
    """This text of an earlier message is to be written anew."""

    def __init__(
        self, context: PageContext, executor: HistoryExecutor, models: ChatModelLoader, transcript: Transcript
    ) -> None:
        super().__init__(context)
        self._context = context
        self._executor = executor
        self._models = models
        self._transcript = transcript
        self.info: ConversationInfo | None = None
        self.assistant: Assistant | None = None
        """Who answers; None: the services are not there yet."""
        self._path: list[StoredMessage] = []
        self._answer: StreamingAnswer | None = None
        self._edited: StoredMessage | None = None
        self._generation = 0
        """Counts the conversations that were opened: what was begun in one does not end in another."""
        self._sending: Following[Any] | None = None
        """The message is on its way to the disk."""
        self._stop_requested = False
        """The answer was stopped before it began."""

    # --- what there is

    @property
    def running(self) -> bool:
        return self._answer is not None or self._sending is not None

    @property
    def path(self) -> list[StoredMessage]:
        """The messages that are read, oldest first."""
        return list(self._path)

    @property
    def empty(self) -> bool:
        return not self._path and self._sending is None

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
        generation = self._generation

        def opened(found: Conversation) -> None:
            if generation == self._generation:
                self._show(found)
                if message is not None:
                    self._show_found(message)

        self._executor.do(lambda services: services.history.open(conversation), opened)

    def _leave(self) -> None:
        """Whatever is under way here ends."""
        self.stop()
        self._generation += 1
        if self._sending is not None:
            self._sending = None
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
            conversation = self.info.id
            self._executor.do(
                lambda services: services.history.set_assistant(conversation, assistant.id), self.info_changed
            )
        self.changed.emit()

    def info_changed(self, info: ConversationInfo) -> None:
        """Its title, folder or the like is different now."""
        if self.info is not None and self.info.id == info.id:
            self.info = info
            self.changed.emit()
        self.list_changed.emit()

    def remember(self, **meta: Any) -> None:
        """Keep values with the conversation, which comes into being if need be."""
        info, name = self.info, self._assistant_id()

        def keep(services: Services) -> ConversationInfo:
            if info is None:
                return services.history.create(assistant=name, **meta)
            return services.history.remember(info.id, **meta)

        def kept(new: ConversationInfo) -> None:
            if self.info is None:
                self.info = new
            self.info_changed(new)

        self._executor.do(keep, kept)

    def _show(self, conversation: Conversation) -> None:
        self.info, self._path, self._edited = conversation.info, list(conversation.messages), None
        self.assistant = self._context.services.assistants.get(conversation.info.assistant)
        self._show_path(to_end=True)
        self.changed.emit()

    def _show_path(self, *, to_end: bool = False) -> None:
        entries = [entry_of(message, last=message is self._path[-1]) for message in self._path]
        if self._answer is not None and entries:
            entries[-1] = growing_entry(entries[-1], self._answer)
        self._transcript.set_entries(entries, to_end=to_end)

    def _assistant_id(self) -> str:
        return self.assistant.id if self.assistant is not None else PLAIN_ASSISTANT

    # --- saying something

    def send(self, text: str) -> None:
        """Say it, and have it answered. Without a model it stays where it is written."""
        if self.running or not self._context.ready or self.assistant is None:
            return
        if not self._ensure_model(lambda: self._send(text)):
            self.model_wanted.emit()

    def summarise(self, document: int, name: str) -> None:
        """Have a document summarised; a new conversation is about it from then on."""
        if self.running or not self._context.ready or self.assistant is None:
            return
        about = {"id": document, "name": name}
        begin = self._while_open(lambda: self._send(answer_request.summary_request(name), about))
        if not self._ensure_model(begin):
            self._models.choose_file(then=begin)
        elif self._models.loading:
            text = translate("chat", "“%1” is summarised as soon as the model is loaded.")
            self._context.notices.say(arg(text, name))

    def _ensure_model(self, then: Callable[[], None]) -> bool:
        assistant = self.assistant
        model, adapter = (assistant.model, assistant.adapter) if assistant is not None else ("", "")
        return self._models.ensure(self._while_open(then), model, adapter)

    def _while_open(self, then: Callable[[], None]) -> Callable[[], None]:
        """Nothing is done in another conversation that was opened while the model was loaded."""
        generation = self._generation
        return lambda: then() if generation == self._generation else None

    def _send(self, text: str, about: dict[str, Any] | None = None) -> None:
        """`about`: the document to be summarised, as it is kept with a conversation; None: it was typed."""
        if self.running:
            return
        info, edited, name, model = self.info, self._edited, self._assistant_id(), self._model_name()
        path = self._path if edited is None else self._before(edited)
        parent = path[-1].id if path else None
        kept = answer_request.kept_with(text, about, edited)
        documents: dict[str, Any] = {} if about is None else {"documents": [about]}

        def begin(services: Services) -> tuple[ConversationInfo, StoredMessage, Any]:
            made = info or services.history.create(assistant=name, **documents)
            said = services.history.add_message(made.id, Role.USER, text, parent, **kept)
            writer = services.history.writer(made.id, said.id, model=model, **kept)
            return services.history.info(made.id), said, writer

        generation = self._generation

        def begun(found: tuple[ConversationInfo, StoredMessage, Any]) -> None:
            made, said, writer = found
            self.list_changed.emit()
            if generation != self._generation:  # another conversation is open by now
                self._executor.do(lambda _: writer.finish(MessageState.STOPPED))
                return
            self._sending, self.info = None, made
            self._begin_answer([*path, said], writer)
            self.changed.emit()
            if self._stop_requested:
                self.stop()

        def not_begun(error: AssistantError) -> None:
            if generation != self._generation:
                self._context.notices.error(error)
                return
            self._sending = None
            self._show_path()
            self.running_changed.emit(False)
            if about is None:
                self.rejected.emit(text)
            self._context.notices.error(error)

        self._edited, self._stop_requested = None, False
        self._show_at_once(path, text)
        if about is None:
            self.accepted.emit()
        self._sending = self._executor.do(begin, begun, not_begun)

    def _show_at_once(self, path: Sequence[StoredMessage], text: str) -> None:
        """What was said is seen before it is on the disk."""
        entries = [entry_of(message, last=False) for message in path]
        said = TranscriptEntry(SAID, Role.USER, text)
        answer = TranscriptEntry(ANSWER, Role.ASSISTANT, "", doing=thinking(), writing=True)
        self._transcript.set_entries([*entries, said, answer], to_end=True)
        self.running_changed.emit(True)
        self.changed.emit()

    def _before(self, message: StoredMessage) -> list[StoredMessage]:
        """The path up to a message, without it."""
        return self._path[: next(n for n, each in enumerate(self._path) if each.id == message.id)]

    def _model_name(self) -> str:
        return self._models.info.name if self._models.info is not None else ""

    # --- an answer

    def _begin_answer(self, path: Sequence[StoredMessage], writer: Any, *, go_on: bool = False) -> None:
        """Have the path answered, which ends with the person's message, or its last answer continued."""
        answer = self._answer = StreamingAnswer(self._context, self._executor, writer)
        answer.grew.connect(partial(self._grew, answer))
        answer.ended.connect(partial(self._ended, answer))
        self._path = [*path, writer.message]
        self._show_path(to_end=True)
        self.running_changed.emit(True)
        assert self.info is not None
        assert self.assistant is not None
        answer_request.ask(self._context, answer, self.info, self.assistant, path, go_on=go_on)

    def _grew(self, answer: StreamingAnswer) -> None:
        entry = self._transcript.entry(answer.message.id)
        if answer is self._answer and entry is not None:
            self._transcript.update_entry(growing_entry(entry, answer))

    def _ended(self, answer: StreamingAnswer, message: StoredMessage) -> None:
        answer.deleteLater()
        if self.message(message.id) is None:
            return  # another conversation is open by now
        if answer is self._answer:
            self._answer = None
            self.running_changed.emit(False)
        elif self.running:
            return
        self._replace(message)
        self._models.refresh()
        self.changed.emit()
        self.list_changed.emit()

    def _replace(self, message: StoredMessage) -> None:
        self._path = [message if each.id == message.id else each for each in self._path]
        self._show_path()

    def stop(self) -> None:
        """Stop the answer; what has been written stays."""
        answer, self._answer = self._answer, None
        if answer is None:
            self._stop_requested = self._sending is not None
            return
        answer.stop()
        if self._path and self._path[-1].id == answer.message.id:
            shown = replace(
                self._path[-1], content=answer.text, thinking=answer.thinking, state=MessageState.STOPPED
            )
            self._replace(shown)
        self.running_changed.emit(False)
        self.changed.emit()
        self.list_changed.emit()

    # --- what is done with a message

    def do(self, action: EntryAction, key: int) -> None:
        message = self.message(key)
        if message is None:
            return
        match action:
            case EntryAction.AGAIN if message.role is Role.ASSISTANT:
                self._answer_again(message)
            case EntryAction.CONTINUE if cut_short(message):
                self._go_on(message)
            case EntryAction.EDIT if message.role is Role.USER:
                self.edit(message)
            case EntryAction.EARLIER | EntryAction.LATER if not self.running:
                self._leaf_through(message, -1 if action is EntryAction.EARLIER else 1)

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
            model = self._model_name()
            self._executor.do(
                lambda services: services.history.writer(
                    message.conversation, message.parent, model=model, **kept
                ),
                lambda writer: self._begin_answer(path, writer),
            )

        if path and not self._ensure_model(begin):
            self.model_wanted.emit()

    def _go_on(self, message: StoredMessage) -> None:
        if self.running or message.id != self._path[-1].id:
            return
        path = self._before(message)

        def begin() -> None:
            self._executor.do(
                lambda services: services.history.resume(message.id),
                lambda writer: self._begin_answer(path, writer, go_on=True),
            )

        if not self._ensure_model(begin):
            self.model_wanted.emit()

    def _leaf_through(self, message: StoredMessage, step: int) -> None:
        versions = message.versions
        place = versions.index(message.id) + step if message.id in versions else -1
        if 0 <= place < len(versions):
            self._choose(versions[place])

    def _choose(self, message: int) -> None:
        def chosen(path: tuple[StoredMessage, ...]) -> None:
            if path and self.info is not None and path[0].conversation == self.info.id:
                self._path = list(path)
                self._show_path()
                if self._transcript.view(message) is None:
                    self._transcript.show_message(message)
                self.changed.emit()

        self._executor.do(lambda services: services.history.choose(message), chosen)

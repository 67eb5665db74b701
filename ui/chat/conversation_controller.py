"""What is said in the open conversation: sending, answering, stopping, what is done with a message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from assistant.chat.history.records import ConversationInfo, MessageState, StoredMessage, StoredPicture
from assistant.chat.records import Role
from assistant.errors import AssistantError
from ui.chat import answer_request
from ui.chat.history_executor import HistoryExecutor
from ui.chat.open_conversation import OpenConversation
from ui.chat.streaming_answer import StreamingAnswer
from ui.chat.transcript_entries import cut_short, entry_of, growing_entry, shown, thinking
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
    running_changed = Signal(bool)
    accepted = Signal()
    """The message was taken; the field is free."""
    rejected = Signal(str, object)
    """It could not be stored: here it is again, with its pictures."""
    model_wanted = Signal()
    """There is none yet."""
    edit_wanted = Signal(object)
    """This earlier StoredMessage is to be written anew."""

    def __init__(
        self,
        context: PageContext,
        executor: HistoryExecutor,
        models: ChatModelLoader,
        transcript: Transcript,
        conversation: OpenConversation,
    ) -> None:
        super().__init__(context)
        self._context = context
        self._executor = executor
        self._models = models
        self._transcript = transcript
        self._conversation = conversation
        self._answer: StreamingAnswer | None = None
        self._edited: StoredMessage | None = None
        self._sending: Following[Any] | None = None
        """The message is on its way to the disk."""
        self._stop_requested = False
        """The answer was stopped before it began."""
        conversation.left.connect(self._leave)

    @property
    def running(self) -> bool:
        return self._answer is not None or self._sending is not None

    @property
    def empty(self) -> bool:
        return not self._conversation.path and self._sending is None

    def _leave(self) -> None:
        self.stop()
        self._edited = None
        if self._sending is not None:
            self._sending = None
            self.running_changed.emit(False)

    # --- saying something

    def send(self, text: str, pictures: tuple[StoredPicture, ...] = ()) -> None:
        """Say it, and have it answered. Without a model it stays where it is written."""
        if not self.running and self._context.ready and self._conversation.assistant is not None:
            self._with_model(lambda: self._send(text, pictures=pictures))

    def summarise(self, document: int, name: str) -> None:
        """Have a document summarised; a new conversation is about it from then on."""
        if self.running or not self._context.ready or self._conversation.assistant is None:
            return
        about = {"id": document, "name": name}
        begin = self._while_open(lambda: self._send(answer_request.summary_request(name), about))
        if not self._ensure_model(begin):
            self._models.choose_file(then=begin)
        elif self._models.loading:
            text = translate("chat", "“%1” is summarised as soon as the model is loaded.")
            self._context.notices.say(arg(text, name))

    def _with_model(self, then: Callable[[], object]) -> None:
        if not self._ensure_model(self._while_open(then)):
            self.model_wanted.emit()
        elif self._models.loading:
            self._context.notices.say(translate("chat", "You get an answer as soon as the model is loaded."))

    def _ensure_model(self, then: Callable[[], None]) -> bool:
        assistant = self._conversation.assistant
        model, adapter = (assistant.model, assistant.adapter) if assistant is not None else ("", "")
        return self._models.ensure(then, model, adapter)

    def _while_open(self, then: Callable[[], object]) -> Callable[[], None]:
        """Nothing is done in another conversation that was opened while the model was loaded."""
        generation = self._conversation.generation

        def do() -> None:
            if generation == self._conversation.generation:
                then()

        return do

    def _send(
        self, text: str, about: dict[str, Any] | None = None, pictures: tuple[StoredPicture, ...] = ()
    ) -> None:
        """`about`: the document to be summarised, as it is kept with a conversation; None: it was typed."""
        if self.running:
            return
        conversation, edited, model = self._conversation, self._edited, self._model_name()
        info, assistant, generation = conversation.info, conversation.assistant_id, conversation.generation
        path = conversation.path if edited is None else conversation.before(edited)
        parent = path[-1].id if path else None
        kept = answer_request.kept_with(text, about, edited)
        documents: dict[str, Any] = {} if about is None else {"documents": [about]}
        seen: dict[str, Any] = {"pictures": pictures} if pictures else {}

        def begin(services: Services) -> tuple[ConversationInfo, StoredMessage, Any]:
            made = info or services.history.create(assistant=assistant, **documents)
            said = services.history.add_message(made.id, Role.USER, text, parent, **kept, **seen)
            writer = services.history.writer(made.id, said.id, model=model, **kept)
            return services.history.info(made.id), said, writer

        def begun(found: tuple[ConversationInfo, StoredMessage, Any]) -> None:
            made, said, writer = found
            conversation.list_changed.emit()
            if generation != conversation.generation:  # another one is open by now
                self._executor.do(lambda _: writer.finish(MessageState.STOPPED))
                return
            self._sending, conversation.info = None, made
            self._begin_answer([*path, said], writer)
            conversation.changed.emit()
            if self._stop_requested:
                self.stop()

        def not_begun(error: AssistantError) -> None:
            self._context.notices.error(error)
            if generation == conversation.generation:
                self._sending = None
                conversation.show(conversation.path)
                self.running_changed.emit(False)
                if about is None:
                    self.rejected.emit(text, pictures)

        self._edited, self._stop_requested = None, False
        self._show_at_once(path, text, pictures)
        if about is None:
            self.accepted.emit()
        self._sending = self._executor.do(begin, begun, not_begun)

    def _show_at_once(
        self, path: Sequence[StoredMessage], text: str, pictures: tuple[StoredPicture, ...]
    ) -> None:
        """What was said is seen before it is on the disk."""
        entries = [entry_of(message, last=False) for message in path]
        said = TranscriptEntry(SAID, Role.USER, text, pictures=shown(pictures))
        answer = TranscriptEntry(ANSWER, Role.ASSISTANT, "", doing=thinking(), writing=True)
        self._transcript.set_entries([*entries, said, answer], to_end=True)
        self.running_changed.emit(True)
        self._conversation.changed.emit()

    def _model_name(self) -> str:
        return self._models.name() if self._models.info is not None else ""

    # --- an answer

    def _begin_answer(self, path: Sequence[StoredMessage], writer: Any, *, go_on: bool = False) -> None:
        """Have the path answered, which ends with the person's message, or its last answer continued."""
        answer = self._answer = StreamingAnswer(self._context, self._executor, writer)
        answer.grew.connect(partial(self._grew, answer))
        answer.ended.connect(partial(self._ended, answer))
        conversation = self._conversation
        conversation.show([*path, writer.message], to_end=True)
        self._grew(answer)
        self.running_changed.emit(True)
        assert conversation.info is not None
        assert conversation.assistant is not None
        answer_request.ask(
            self._context, answer, conversation.info, conversation.assistant, path, go_on=go_on
        )

    def _grew(self, answer: StreamingAnswer) -> None:
        entry = self._transcript.entry(answer.message.id)
        if answer is self._answer and entry is not None:
            self._transcript.update_entry(growing_entry(entry, answer))

    def _ended(self, answer: StreamingAnswer, message: StoredMessage) -> None:
        answer.deleteLater()
        if self._conversation.message(message.id) is None:
            return  # another conversation is open by now
        if answer is self._answer:
            self._answer = None
            self.running_changed.emit(False)
        elif self.running:
            return
        self._conversation.replace(message)
        self._models.refresh()
        self._conversation.changed.emit()
        self._conversation.list_changed.emit()

    def stop(self) -> None:
        """Stop the answer; what has been written stays."""
        answer, self._answer = self._answer, None
        if answer is None:
            self._stop_requested = self._sending is not None
            return
        answer.stop()
        shown = self._conversation.message(answer.message.id)
        if shown is not None:
            state = MessageState.STOPPED
            self._conversation.replace(
                replace(shown, content=answer.text, thinking=answer.thinking, state=state)
            )
        self.running_changed.emit(False)
        self._conversation.changed.emit()
        self._conversation.list_changed.emit()

    # --- what is done with a message

    def do(self, action: EntryAction, key: int) -> None:
        message = self._conversation.message(key)
        if message is None:
            return
        match action:
            case EntryAction.AGAIN if message.role is Role.ASSISTANT and not self.running:
                self._answer_again(message)
            case EntryAction.CONTINUE if cut_short(message) and not self.running:
                self._continue(message)
            case EntryAction.EDIT if message.role is Role.USER:
                self.edit(message)
            case EntryAction.EARLIER | EntryAction.LATER if not self.running:
                self._conversation.show_version(message, -1 if action is EntryAction.EARLIER else 1)

    def edit(self, message: StoredMessage) -> None:
        """Write an earlier message anew; sending it makes another version of what follows."""
        self._edited = message
        self.edit_wanted.emit(message)

    def edit_last(self) -> None:
        said = [message for message in self._conversation.path if message.role is Role.USER]
        if said and not self.running:
            self.edit(said[-1])

    def end_editing(self) -> None:
        self._edited = None

    def _answer_again(self, message: StoredMessage) -> None:
        path, kept = self._conversation.before(message), answer_request.summarised(message)

        def begin() -> None:
            parent, model = message.parent, self._model_name()
            self._executor.do(
                lambda services: services.history.writer(message.conversation, parent, model=model, **kept),
                lambda writer: self._begin_answer(path, writer),
            )

        if path:
            self._with_model(begin)

    def _continue(self, message: StoredMessage) -> None:
        path = self._conversation.before(message)
        if message.id == self._conversation.path[-1].id:
            self._with_model(
                lambda: self._executor.do(
                    lambda services: services.history.resume(message.id),
                    lambda writer: self._begin_answer(path, writer, go_on=True),
                )
            )

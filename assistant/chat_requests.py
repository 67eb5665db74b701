"""What chat is asked, by the settings and by whether the model that answers sees pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from assistant import paths
from assistant.chat import compaction, request_builder
from assistant.chat.assistant_records import Assistant
from assistant.chat.history.history import History
from assistant.chat.history.records import StoredMessage
from assistant.chat.records import Completion, LoadOptions, Request, Source
from assistant.chat.service import ChatService
from assistant.chat_pictures import ChatPictures
from assistant.documents.answering import answer_metadata
from assistant.documents.grounded_records import GroundedAnswer, Summary
from assistant.settings import Chat
from assistant.workers.run import Run

T = TypeVar("T")


class ChatRequests:
    """Methods may be called from any thread."""

    def __init__(
        self,
        chat: ChatService,
        pictures: ChatPictures,
        history: Callable[[], History],
        settings: Callable[[], Chat],
    ) -> None:
        self._chat = chat
        self._pictures = pictures
        self._history = history
        self._settings = settings

    def load_options(self, adapter: str = "") -> LoadOptions:
        """How the settings want a chat model loaded, with this adapter (a path) on top."""
        return request_builder.load_options(self._settings(), adapter)

    def request(
        self,
        assistant: Assistant,
        messages: Iterable[StoredMessage],
        *,
        conversation: int | None = None,
        sources: Sequence[Source] = (),
        continue_last: bool = False,
        remembered: Mapping[str, Any] | None = None,
        sees: bool | None = None,
    ) -> Request:
        """What `chat.complete` is asked, by this assistant's character and the settings.

        Args:
            messages: the chosen path of a conversation up to the person's message, or up to the answer
                that is to be continued.
            conversation: its id.
            continue_last: go on with the answer that stands last.
            remembered: the conversation's `meta`; see `compact`.
            sees: the model is given the pictures, not their text; None: if it sees them.
        """
        sees = self.sees if sees is None else sees
        return request_builder.request(
            self._settings(),
            assistant,
            messages,
            conversation=conversation,
            sources=sources,
            continue_last=continue_last,
            summary=compaction.stored(remembered or {}),
            seen_in=paths.chat_pictures_folder() if sees else None,
        )

    def question(self, text: str) -> Request:
        """A single question, or the request to summarise; for `Services.grounded`."""
        return request_builder.question(self._settings(), text)

    @property
    def sees(self) -> bool:
        """Whether the model that answers sees pictures."""
        loaded = self._chat.loaded
        return loaded is not None and loaded.sees

    def answer(
        self,
        assistant: Assistant,
        messages: Sequence[StoredMessage],
        begin: Callable[[Request, Callable[[Any], None] | None], Run[T]],
        *,
        on_report: Callable[[Any], None] | None = None,
        **about: Any,
    ) -> Run[T]:
        """Have messages answered by what `begin` starts with their request; pictures are read as text before,
        where the model does not see.

        Args:
            about: as `request` has it.
        """
        sees = self.sees  # once: pictures are read for a while, and another model may be loaded by then

        def ask(read: Sequence[StoredMessage], report: Callable[[Any], None] | None) -> Run[T]:
            return begin(self.request(assistant, read, sees=sees, **about), report)

        return ask(messages, on_report) if sees else self._pictures.answered(messages, ask, on_report)

    def compact(self, conversation: int, path: Sequence[StoredMessage]) -> Run[Completion] | None:
        """Have what fell out of the last answer's prompt summarised, for the `meta` of the conversation.

        None if nothing fell out. Cancel it when the person says something: other answers wait for it.
        """
        return compaction.begin(self._chat, self._history(), conversation, path)

    @staticmethod
    def answer_meta(result: Completion | GroundedAnswer | Summary) -> dict[str, Any]:
        """What the history keeps with an answer, beside its words."""
        return answer_metadata.of(result)

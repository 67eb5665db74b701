"""Has an answer written: from the conversation so far and, where there are documents, from their quotes."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.chat.assistant_records import Assistant
from assistant.chat.history_records import ConversationInfo, StoredMessage
from ui.desk import Desk
from ui.pages.turn import Turn, completion_meta


def ask(
    desk: Desk,
    turn: Turn,
    info: ConversationInfo,
    assistant: Assistant,
    path: Sequence[StoredMessage],
    *,
    go_on: bool = False,
) -> None:
    """Have the turn answered: `path` ends with what the person said."""
    services = desk.services
    messages = [*path, turn.message] if go_on else path
    request = services.request(assistant, messages, conversation=info.id, continue_last=go_on)
    turn.follow(services.chat.complete(request, on_report=turn.receive), completion_meta)

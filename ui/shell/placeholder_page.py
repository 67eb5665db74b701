"""The pages of abilities that are not built yet: one honest sentence each on what they will do and need."""

from __future__ import annotations

from dataclasses import dataclass

from ui.common.empty_state import EmptyState
from ui.common.page_context import PageContext
from ui.common.page_frame import Page


@dataclass(frozen=True, slots=True)
class PlannedAbility:
    title: str
    icon: str
    headline: str
    text: str


PROMISES = {
    "dictate": PlannedAbility(
        "Dictate",
        "microphone",
        "Dictation is not here yet",
        "It will write down what you say and transcribe recordings, on this computer alone. For that it "
        "will need a microphone and a speech model of 75 MB to 3 GB.",
    ),
    "translate": PlannedAbility(
        "Translate",
        "translate",
        "Translation is not here yet",
        "It will translate text and whole documents and keep their layout. For that it will need a "
        "translation model, 50 to 300 MB for a pair of languages.",
    ),
}


class PlaceholderPage(Page):
    def __init__(self, context: PageContext, key: str) -> None:
        promise = PROMISES[key]
        super().__init__(promise.title)
        self.header.addStretch(1)
        ask = ("Ask your documents", "magnifying-glass", lambda: context.page_wanted.emit("documents"))
        self.empty = EmptyState(promise.icon, promise.headline, promise.text, (ask,))
        self.content.addWidget(self.empty, 1)

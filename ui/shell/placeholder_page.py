"""The pages of abilities that are not built yet: one honest sentence each on what they will do and need."""

from __future__ import annotations

from dataclasses import dataclass

from ui.common.empty_state import EmptyState
from ui.common.page_context import PageContext
from ui.common.page_frame import Page
from ui.common.translation import QT_TRANSLATE_NOOP, translate, translate_marked


@dataclass(frozen=True, slots=True)
class PlannedAbility:
    title: str
    icon: str
    headline: str
    text: str


PROMISES = {
    "dictate": PlannedAbility(
        QT_TRANSLATE_NOOP("shell", "Dictate"),
        "microphone",
        QT_TRANSLATE_NOOP("shell", "Dictation is not here yet"),
        QT_TRANSLATE_NOOP(
            "shell",
            "It will write down what you say and transcribe recordings, on this computer alone. For that it "
            "will need a microphone and a speech model of 75 MB to 3 GB.",
        ),
    ),
    "translate": PlannedAbility(
        QT_TRANSLATE_NOOP("shell", "Translate"),
        "translate",
        QT_TRANSLATE_NOOP("shell", "Translation is not here yet"),
        QT_TRANSLATE_NOOP(
            "shell",
            "It will translate text and whole documents and keep their layout. For that it will need a "
            "translation model, 50 to 300 MB for a pair of languages.",
        ),
    ),
}


class PlaceholderPage(Page):
    def __init__(self, context: PageContext, key: str) -> None:
        promise = PROMISES[key]
        super().__init__(translate_marked("shell", promise.title))
        self.header.addStretch(1)
        ask = translate("shell", "Ask your documents")
        self.empty = EmptyState(
            promise.icon,
            translate_marked("shell", promise.headline),
            translate_marked("shell", promise.text),
            ((ask, "magnifying-glass", lambda: context.page_wanted.emit("documents")),),
        )
        self.content.addWidget(self.empty, 1)

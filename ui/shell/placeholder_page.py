"""The pages of abilities that are not built yet: one honest sentence each on what they will do and need."""

from __future__ import annotations

from ui.common.empty_state import EmptyState
from ui.common.page_context import PageContext
from ui.common.page_frame import Page
from ui.common.translation import translate


class PlaceholderPage(Page):
    def __init__(self, context: PageContext, key: str) -> None:
        """`key` is "dictate" or "translate"."""
        if key == "dictate":
            super().__init__(translate("shell", "Dictate"))
            icon, headline = "microphone", translate("shell", "Dictation is not here yet")
            text = translate(
                "shell",
                "It will write down what you say and transcribe recordings, on this computer alone. For that "
                "it will need a microphone and a speech model of 75 MB to 3 GB.",
            )
        else:
            super().__init__(translate("shell", "Translate"))
            icon, headline = "translate", translate("shell", "Translation is not here yet")
            text = translate(
                "shell",
                "It will translate text and whole documents and keep their layout. For that it will need a "
                "translation model, 50 to 300 MB for a pair of languages.",
            )
        self.header.addStretch(1)
        ask = translate("shell", "Ask your documents")
        offer = (ask, "magnifying-glass", lambda: context.page_wanted.emit("documents"))
        self.empty = EmptyState(icon, headline, text, (offer,))
        self.content.addWidget(self.empty, 1)

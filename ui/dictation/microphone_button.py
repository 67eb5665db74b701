"""The button beside a field that is spoken into."""

from __future__ import annotations

from collections.abc import Callable

from ui.common.buttons_and_labels import IconButton
from ui.common.translation import translate


class MicrophoneButton(IconButton):
    def __init__(self, dictate: Callable[[], None]) -> None:
        super().__init__("microphone", "", dictate)
        self.setCheckable(True)
        self.show_listening(False)

    def show_listening(self, listening: bool) -> None:
        """Whether what is said is written into the field now."""
        self.setChecked(listening)
        self.set_icon("stop-fill" if listening else "microphone", "accent" if listening else "text2")
        self.rename(
            translate("dictation", "Stop dictating (Esc)")
            if listening
            else translate("dictation", "Dictate (Ctrl+Shift+Space)")
        )

"""What searching with another model would mean, said before it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from assistant import languages
from assistant.documents.embedder_records import EmbedderChange, EmbedderChoice, EmbedderState
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import Button
from ui.common.dialog_sheet import DialogSheet, warning
from ui.common.translation import arg, translate
from ui.embedders import descriptions


class ChangeDialog(DialogSheet):
    def __init__(
        self,
        parent: QWidget,
        choice: EmbedderChoice,
        active: EmbedderChoice | None,
        change: EmbedderChange | None,
        wanted: Sequence[str],
        confirmed: Callable[[], None],
    ) -> None:
        """
        Args:
            active: the one that searches now.
            change: to yet another one, that goes on now.
            wanted: codes of languages that the person needs.
        """
        title = arg(translate("documents", "Search with “%1”?"), formatting.name(choice.name))
        super().__init__(parent, title)
        self._confirmed = confirmed
        self.text = self.say(_meaning(choice, wanted), "")
        self.memory = self.say(_memory(choice, active))
        self.given_up = ""
        self.loses = ""
        if change is not None:
            text = translate("documents", "The change to “%1” in progress is cancelled.")
            self.given_up = arg(text, formatting.name(change.name))
            self.say(self.given_up)
        if active is not None and _speaks_fewer(choice, active):
            self.loses = translate(
                "documents",
                "Documents in other languages are then found only by their exact words, not by meaning.",
            )
            self.body.addLayout(warning(self.loses))
        self.use = Button(translate("documents", "Use"), self._confirm, kind="primary")
        self.use.setAccessibleName(arg(translate("documents", "Use: %1"), formatting.name(choice.name)))
        self.buttons.addWidget(self.use)

    def _confirm(self) -> None:
        self.accept()
        self._confirmed()


def _meaning(choice: EmbedderChoice, wanted: Sequence[str]) -> str:
    reading = translate(
        "documents",
        "Reading your documents again takes %1; meanwhile search works as before.",
        "about 12 minutes",
    )
    if choice.state is EmbedderState.INSTALLED:
        reading = translate(
            "documents",
            "Preparing it and reading your documents again takes %1; meanwhile search works as before.",
            "about 12 minutes",
        )
    finds = descriptions.finds(choice.languages, wanted)
    return " ".join(filter(None, (finds, arg(reading, descriptions.about(choice.seconds)))))


def _memory(choice: EmbedderChoice, active: EmbedderChoice | None) -> str:
    size = quantities.size(choice.memory)
    if active is None:
        return arg(translate("documents", "Searching with it needs %1 of memory."), size)
    text = translate("documents", "Searching with it needs %1 of memory; now it needs %2.", "sizes")
    return arg(text, size, quantities.size(active.memory))


def _speaks_fewer(choice: EmbedderChoice, active: EmbedderChoice) -> bool:
    """The active one speaks languages that this one does not."""
    if languages.MANY in choice.languages or not choice.languages:
        return False
    return not set(active.languages) <= set(choice.languages)

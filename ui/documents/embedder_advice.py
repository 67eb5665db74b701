"""Says above the documents that another model would find more in their languages, until it is closed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from assistant import languages
from assistant.documents.embedder_records import EmbedderAdvice
from ui.common import formatting
from ui.common.buttons_and_labels import Button, IconButton, IconLabel, Label
from ui.common.layouts import hbox, vbox
from ui.common.page_context import PageContext
from ui.common.screen_reader import announce
from ui.common.translation import arg, listed, translate
from ui.embedders import descriptions
from ui.embedders.controller import EmbedderController

MOST_NAMED = 3
"""Languages that are named."""


class EmbedderAdviceBanner(QFrame):
    get_wanted = Signal(str)
    """The model with this id, which is not here yet."""

    def __init__(self, context: PageContext, embedders: EmbedderController) -> None:
        super().__init__()
        self.setProperty("notice", "information")
        self._context = context
        self._embedders = embedders
        self._advice: EmbedderAdvice | None = None
        self.why = Label("", wrap=True)
        self.what = Label("", "second", wrap=True)
        self.action = Button(translate("documents", "Use it"), self._act, kind="link")
        self.close_button = IconButton(
            "x", translate("documents", "Do not suggest this again"), self._dismiss, size=16
        )
        text = vbox(self.why, self.what, spacing=0)
        items = (IconLabel("translate", "accent"), (text, 1), self.action, self.close_button)
        hbox(*items, parent=self, spacing=12, margins=(16, 8, 8, 8))
        embedders.changed.connect(self._show)
        context.services_ready.connect(self._show)
        self._show()

    def _show(self) -> None:
        status = self._embedders.status
        advice = status.advice if status is not None and status.change is None else None
        if advice is None or self._dismissed(advice):
            self._advice = None
            self.hide()
            return
        choice = self._embedders.choice(advice.id)
        name = formatting.isolate(formatting.name(advice.name))
        spoken = descriptions.spoken(choice.languages if choice is not None else (), advice.languages)
        self.why.setText(_why(advice))
        if spoken:
            what = translate("documents", "“%1” can search by meaning in %2.", "a model, and its languages")
            self.what.setText(arg(what, name, spoken))
        else:
            self.what.setText(arg(translate("documents", "“%1” can search them by meaning."), name))
        label = translate("documents", "Use it") if advice.here else translate("documents", "Download")
        self.action.setText(label)
        self.action.setAccessibleName(f"{label}: {formatting.name(advice.name)}")
        self.setAccessibleName(f"{self.why.text()} {self.what.text()}")
        if advice != self._advice:
            announce(self, self.accessibleName())
        self._advice = advice
        self.show()

    def _dismissed(self, advice: EmbedderAdvice) -> bool:
        """A language that is new among them is worth saying it again."""
        if not self._context.ready:
            return True
        return set(advice.languages) <= set(self._context.services.settings.documents.dismissed_languages)

    def _dismiss(self) -> None:
        if (advice := self._advice) is not None and self._context.ready:
            settings = self._context.services.settings.documents
            settings.dismissed_languages = sorted({*settings.dismissed_languages, *advice.languages})
            self._context.in_background(lambda services: services.save_settings())
            self._show()

    def _act(self) -> None:
        if (advice := self._advice) is None:
            return
        if advice.here:
            self._embedders.ask(advice.id)
        else:
            self.get_wanted.emit(advice.id)


def _why(advice: EmbedderAdvice) -> str:
    named = [languages.name(code) for code in advice.languages]
    if len(named) > MOST_NAMED:
        named = [*named[: MOST_NAMED - 1], translate("documents", "other languages")]
    spoken = listed(named)
    if advice.documents == 0:
        text = translate("documents", "You ask in %1, which search only matches word by word.")
        return arg(text, spoken)
    if advice.documents == 1:
        text = translate("documents", "1 document is in %1, which search only matches word by word.")
        return arg(text, spoken)
    text = translate(
        "documents",
        "%n documents are in %1, which search only matches word by word.",
        None,
        advice.documents,
    )
    return arg(text, spoken)

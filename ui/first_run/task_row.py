"""What a model can be got for: which one is recommended, what it takes, and how far its download is."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QWidget

from assistant.models.catalog.records import CatalogEntry, Task
from assistant.models.library.records import Installed
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import Button, Label
from ui.common.layouts import NO_MARGINS, hbox
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate
from ui.first_run.pages import Pages
from ui.first_run.row import Row
from ui.models import descriptions
from ui.models.model_offer import ModelOffer

EXAMPLE_MBIT = 20
"""Megabits a second of the connection that stands as an example: how fast the person's is, is not known."""
_ICONS = {Task.CHAT: "chats-circle", Task.SPEECH: "microphone", Task.TRANSLATION: "translate"}


class TaskRow(Row):
    def __init__(self, context: PageContext, pages: Pages, task: Task) -> None:
        self.facts = Label(translate("first_run", "Looking which model suits this computer…"), wrap=True)
        self.licence = Label("", "second", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.get = Button("", lambda: self.offer.start(self.window()), icon="download-simple")
        self.stop = Button(translate("first_run", "Stop"), lambda: self.offer.stop())
        buttons = QWidget()
        hbox(self.get, self.stop, parent=buttons, margins=NO_MARGINS, spacing=4)
        title, text = _words(task)
        super().__init__(_ICONS[task], title, text, self.facts, self.licence, self.bar, button=buttons)
        self._name, self._icon = title, _ICONS[task]
        self.bar.setAccessibleName(arg(translate("first_run", "Progress of the download: %1"), title))
        self.stop.setAccessibleName(arg(translate("first_run", "Stop the download: %1"), title))
        loader = pages.model_loader if task is Task.CHAT else None
        self.offer = ModelOffer(self, context, pages.model_actions, loader, task)
        self.offer.changed.connect(self._show)
        pages.model_actions.refreshed.connect(self._show)
        self._show()

    def _show(self) -> None:
        pick, here, progress = self.offer.pick, self.offer.here, self.offer.progress
        entry = None if pick is None else pick.entry
        self.icon.show_icon("check-circle-fill" if here is not None else self._icon, "accent")
        offered = entry is not None and here is None
        self.stop.setVisible(offered and self.offer.runs)
        self.get.setVisible(offered and not self.offer.runs)
        self.bar.setVisible(offered and progress is not None)
        self.licence.setVisible(offered and progress is None)
        self.facts.set_kind("error" if offered and progress is not None and progress.problem else "")
        if here is not None:
            self.facts.setText(_is_here(here))
        elif entry is None:
            if self.offer.known:
                self.facts.setText(translate("first_run", "No model for this runs well here."))
        else:
            self.get.setText(self.offer.action())
            self.get.setAccessibleName(f"{self._name}: {self.offer.action()}")
            self.licence.setText(_licence(entry))
            self.facts.setText(_size_and_time(entry))
            if progress is not None:
                self.facts.setText(_progress(entry, descriptions.progress(progress.report)))
                self.bar.setValue(round(1000 * descriptions.fraction(progress.report)))
                if progress.problem is not None:
                    self.facts.setText(descriptions.problem(progress.problem))
                elif progress.stopped and progress.report is not None:
                    self.facts.setText(_progress(entry, _stopped_at(descriptions.amount(progress.report))))
        self.setAccessibleName(f"{self._name}. {self.facts.text()}")


def _words(task: Task) -> tuple[str, str]:
    """What it is called, and what it is."""
    match task:
        case Task.CHAT:
            return (
                translate("first_run", "Chat"),
                translate("first_run", "Talk with it, and have answers written from your documents."),
            )
        case Task.SPEECH:
            return (
                translate("first_run", "Dictation and transcription"),
                translate("first_run", "What you say, and what was recorded, becomes text."),
            )
        case _:
            return (
                translate("first_run", "Translation"),
                translate("first_run", "Texts and whole documents. A chat model can translate too."),
            )


def _is_here(model: Installed) -> str:
    return arg(translate("first_run", "“%1” is on this computer."), formatting.name(model.name))


def _size_and_time(entry: CatalogEntry) -> str:
    """ "Qwen3 4B · 2.5 GB · 17 min at 20 Mbit/s, for example"."""
    name, size = formatting.isolate(formatting.name(entry.name)), quantities.size(entry.size)
    seconds = 8 * entry.size / (EXAMPLE_MBIT * 1e6)
    text = translate("first_run", "%1 · %2 · for example %3 at %4 Mbit/s", "a name, a size, a duration")
    return arg(text, name, size, quantities.duration(seconds), EXAMPLE_MBIT)


def _licence(entry: CatalogEntry) -> str:
    return arg(translate("first_run", "Licence: %1"), descriptions.licence(entry.licence))


def _progress(entry: CatalogEntry, words: str) -> str:
    return f"{formatting.isolate(formatting.name(entry.name))} · {words}"


def _stopped_at(amount: str) -> str:
    return arg(translate("first_run", "stopped at %1", "an amount, of an amount"), amount)

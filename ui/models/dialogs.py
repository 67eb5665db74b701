"""What is asked before a model is fetched, brought or carried away, and how to get one by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QRadioButton, QScrollArea, QVBoxLayout, QWidget

from assistant.models.records import CatalogEntry, DownloadsState, Extras, Installed, ModelKind, Offer
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import Button, Label
from ui.common.dialog_sheet import WIDTH, DialogSheet, facts_grid, warning
from ui.models import descriptions

ONLY_THIS = "Only this is fetched, once, and nothing about you is sent. Everything else stays offline."
WAITS = {
    ModelKind.SPEECH: "Dictation is not there yet. This model will wait for it.",
    ModelKind.TRANSLATION: "Translation is not there yet. This model will wait for it.",
}
LIST_HEIGHT = 200
_WHO = {
    "settings": "Downloads are switched off in the settings of this program.",
    "environment": "Downloads are switched off by an environment variable of this computer.",
    "administrator": "Downloads are switched off by the administrator of this computer.",
}


class DownloadDialog(DialogSheet):
    """One named download; `taken` is called when the person wants it."""

    def __init__(self, parent: QWidget, offer: Offer, taken: Callable[[], None]) -> None:
        entry = offer.entry
        super().__init__(parent, f"Get “{formatting.name(entry.name)}”?")
        names = [formatting.name(file.name) for file in entry.files]
        facts = [
            ("File" if len(names) == 1 else "Files", "\n".join(names)),
            ("From", formatting.name(offer.host)),
            ("Size", _size(offer)),
            ("Licence", descriptions.licence(entry.licence)),
            ("Free on the disk", quantities.size(offer.disk_free)),
        ]
        self.body.addLayout(facts_grid(facts))
        if entry.licence.note:
            self.say(formatting.one_line(entry.licence.note))
        if offer.problem is not None:
            self.no.setText("Close")
            self.body.addLayout(warning(descriptions.problem(offer.problem)))
            return
        if entry.kind in WAITS:
            self.say(WAITS[entry.kind])
        self.say(ONLY_THIS)
        self.yes = Button("Get it", self.accept, kind="primary", icon="download-simple")
        self.accepted.connect(taken)
        self.no.setDefault(True)
        self.buttons.addWidget(self.yes)


class ManualDownloadDialog(DialogSheet):
    """How a model is brought where this computer may not fetch it. Nothing is opened."""

    def __init__(
        self, parent: QWidget, entry: CatalogEntry, downloads: DownloadsState, copy: Callable[[str], None]
    ) -> None:
        super().__init__(parent, f"How to get “{formatting.name(entry.name)}”", no="Close")
        why = formatting.one_line(downloads.why) or _WHO.get(downloads.by, "Downloads are switched off.")
        self.say(why)
        one = len(entry.files) == 1
        what = "this file" if one else "these files"
        size = f" ({quantities.size(entry.size)})" if entry.size else ""
        self.say(f"1. On a computer that is online, download {what}{size} to a stick:", "")
        addresses = "\n".join(formatting.name(file.address) for file in entry.files)
        self.addresses = self.say(addresses, "", selectable=True)
        self.addresses.setProperty("box", "true")
        self.addresses.setAccessibleName(f"Address: {addresses}")
        kept = "" if one else " Keep them together in one folder."
        self.say(f"2. Bring the stick here and drop {what} on the Models page.{kept}", "")
        self.say(f"Licence: {descriptions.licence(entry.licence)}. {formatting.one_line(entry.licence.note)}")
        label = "Copy the address" if one else "Copy the addresses"
        self.buttons.insertWidget(0, Button(label, lambda: copy(addresses), icon="copy"))


class AddDialog(DialogSheet):
    """Copy the files, or use them where they lie; `taken(link)` is called with the answer."""

    def __init__(self, parent: QWidget, paths: Sequence[str], taken: Callable[[bool], None]) -> None:
        what = (
            f"“{formatting.file_name(paths[0])}”" if len(paths) == 1 else quantities.count(len(paths), "item")
        )
        super().__init__(parent, f"Add {what} to your models")
        self.copy = QRadioButton("Copy it")
        self.link = QRadioButton("Use it where it lies")
        if len(paths) > 1:
            self.copy.setText("Copy them")
            self.link.setText("Use them where they lie")
        self.copy.setChecked(True)
        for button, text in (
            (self.copy, "It takes space on this disk, and is here even if the stick is taken out."),
            (self.link, "It takes no space, but is missing when it is moved or its disk is taken out."),
        ):
            button.setAccessibleDescription(text)
            why = Label(text, "second", wrap=True)
            why.setContentsMargins(26, 0, 0, 0)
            why.setFixedWidth(WIDTH)
            both = QVBoxLayout()
            both.setSpacing(0)
            both.addWidget(button)
            both.addWidget(why)
            self.body.addLayout(both)
        self.say("The files are looked at and checked first. They themselves are never changed.")
        self.yes = Button("Add", self.accept, kind="primary")
        self.yes.setDefault(True)
        self.buttons.addWidget(self.yes)
        self.accepted.connect(lambda: taken(self.link.isChecked()))


class BundleDialog(DialogSheet):
    """What goes to another computer; `taken` gets it when the person goes on to choose the folder."""

    def __init__(
        self,
        parent: QWidget,
        models: Sequence[Installed],
        taken: Callable[[tuple[Installed, ...], Extras], None],
    ) -> None:
        super().__init__(parent, "To another computer")
        self._models = tuple(model for model in models if not model.missing)
        self._taken = taken
        self.say(
            "What you choose is copied into one folder, on a stick for instance. It is the way to set up "
            "a computer that is never online.",
        )
        self.boxes = [QCheckBox(formatting.name(model.name).replace("&", "&&")) for model in self._models]
        for box in self.boxes:
            box.setChecked(True)
        self.body.addWidget(self._list())
        self.documents = QCheckBox("What was read of my documents; the files themselves stay here")
        self.chats = QCheckBox("My conversations and assistants")
        besides = QVBoxLayout()
        besides.setSpacing(0)
        besides.addWidget(self.documents)
        besides.addWidget(self.chats)
        self.body.addLayout(besides)
        self.total = self.say("", "second")
        self.yes = Button("Choose a folder…", self.accept, kind="primary", icon="folder-open")
        self.buttons.addWidget(self.yes)
        self.accepted.connect(self._take)
        for box in (*self.boxes, self.documents, self.chats):
            box.toggled.connect(self._sum_up)
        self._sum_up()

    def chosen(self) -> tuple[Installed, ...]:
        return tuple(model for model, box in zip(self._models, self.boxes, strict=True) if box.isChecked())

    def _list(self) -> QWidget:
        if not self.boxes:
            return Label("There is no model here yet.", "second")
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(0)
        for box in self.boxes:
            layout.addWidget(box)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setFixedWidth(WIDTH)
        area.setFixedHeight(min(LIST_HEIGHT, inside.sizeHint().height() + 4))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _sum_up(self) -> None:
        models = self.chosen()
        extra = self.documents.isChecked() or self.chats.isChecked()
        total = quantities.size(sum(model.size for model in models))
        text = f"{quantities.count(len(models), 'model')}, {total}" if models else "No model"
        self.total.setText(f"{text}, and what is ticked above." if extra else f"{text}.")
        self.yes.setEnabled(bool(models) or extra)

    def _take(self) -> None:
        self._taken(self.chosen(), Extras(self.documents.isChecked(), self.chats.isChecked()))


def _size(offer: Offer) -> str:
    if not offer.size:
        return "not known before it begins"
    if offer.entry.size > offer.size:
        return f"{quantities.size(offer.size)} still to come of {quantities.size(offer.entry.size)}"
    return quantities.size(offer.size)

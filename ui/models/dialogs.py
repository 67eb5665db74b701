"""What is asked before models are fetched, added or copied elsewhere, and how to get one by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QCheckBox, QRadioButton, QWidget

from assistant.models.catalog.records import CatalogEntry
from assistant.models.download.records import DownloadsState, Offer
from assistant.models.library.records import Extras, Installed, StatedLicence
from ui.common import error_words, formatting, quantities
from ui.common.buttons_and_labels import Button, Label
from ui.common.dialog_sheet import WIDTH, DialogSheet, facts_grid, warning
from ui.common.layouts import mirrored, scroll_area, vbox
from ui.common.translation import arg, translate
from ui.models import descriptions

LIST_HEIGHT = 200
"""Pixels of the list of models, at most."""
_MOST_LICENCES = 5
"""That are named before a folder of many models is added."""


class DownloadDialog(DialogSheet):
    """One named download; `confirmed` is called when the person wants it."""

    def __init__(self, parent: QWidget, offer: Offer, confirmed: Callable[[], None]) -> None:
        entry = offer.entry
        super().__init__(parent, arg(translate("models", "Download “%1”?"), formatting.name(entry.name)))
        names = [formatting.name(file.name) for file in entry.files]
        facts = [
            (translate("models", "File(s)", None, len(names)), "\n".join(names)),
            (translate("models", "From"), formatting.name(offer.host)),
            (translate("models", "Size"), _size(offer)),
            (translate("models", "Licence"), descriptions.licence(entry.licence)),
            (translate("models", "Free on disk"), quantities.size(offer.disk_free)),
        ]
        self.body.addLayout(facts_grid(facts))
        if entry.licence.note:
            self.say(formatting.one_line(entry.licence.note))
        if offer.problem is not None:
            self.no.setText(translate("models", "Close"))
            self.body.addLayout(warning(descriptions.problem(offer.problem)))
            return
        promise = translate(
            "models",
            "Only this is downloaded, once, and nothing about you is sent. Everything else stays offline.",
        )
        self.say(promise)
        self.yes = Button(
            translate("models", "Download"), self.accept, kind="primary", icon="download-simple"
        )
        self.accepted.connect(confirmed)
        self.no.setDefault(True)
        self.buttons.addWidget(self.yes)


class ManualDownloadDialog(DialogSheet):
    """How a model is brought where this computer may not fetch it. Nothing is opened."""

    def __init__(
        self,
        parent: QWidget,
        entry: CatalogEntry,
        downloads: DownloadsState,
        copy: Callable[[str, str], None],
    ) -> None:
        """`copy` takes the addresses, and the notice that says so."""
        title = arg(translate("models", "How to download “%1”"), formatting.name(entry.name))
        super().__init__(parent, title, no=translate("models", "Close"))
        if downloads.problem is not None:
            self.say(formatting.one_line(error_words.message(downloads.problem)))
        if len(entry.files) == 1:
            fetch = translate(
                "models", "1. On a computer that is online, download this file (%1) to a stick:"
            )
            bring = translate("models", "2. Bring the stick here and drop this file on the Models page.")
        else:
            fetch = translate(
                "models", "1. On a computer that is online, download these files (%1) to a stick:"
            )
            bring = translate(
                "models",
                "2. Bring the stick here and drop these files on the Models page. "
                "Keep them together in one folder.",
            )
        self.say(arg(fetch, quantities.size(entry.size)), "")
        addresses = "\n".join(formatting.name(file.address) for file in entry.files)
        self.addresses = self.say(addresses, "", selectable=True)
        self.addresses.setProperty("box", "true")
        self.addresses.setAccessibleName(arg(translate("models", "Address: %1"), addresses))
        self.say(bring, "")
        licence = arg(translate("models", "Licence: %1."), descriptions.licence(entry.licence))
        self.say(f"{licence} {formatting.one_line(entry.licence.note)}")
        label = translate("models", "Copy the address(es)", None, len(entry.files))
        copied = translate("models", "Address(es) copied.", None, len(entry.files))
        self.buttons.insertWidget(0, Button(label, lambda: copy(addresses, copied), icon="copy"))


class AddDialog(DialogSheet):
    """Copy the files, or use them where they lie; `answered(link)` is called with the answer."""

    def __init__(
        self,
        parent: QWidget,
        paths: Sequence[str],
        stated: Sequence[StatedLicence],
        answered: Callable[[bool], None],
    ) -> None:
        """`stated`: the licences of the models in the files, as far as they are known."""
        if len(paths) == 1:
            title = arg(translate("models", "Add “%1” to your models"), formatting.file_name(paths[0]))
            copy, link = translate("models", "Copy it"), translate("models", "Use it in place")
        else:
            title = translate("models", "Add %n item(s) to your models", None, len(paths))
            copy, link = translate("models", "Copy them"), translate("models", "Use them in place")
        super().__init__(parent, title)
        self.copy = QRadioButton(copy)
        self.link = QRadioButton(link)
        self.copy.setChecked(True)
        on_disk = translate("models", "It takes space on this disk, and stays when the stick is removed.")
        elsewhere = translate(
            "models", "It takes no space, but goes missing if the file is moved or its disk is removed."
        )
        for button, text in ((self.copy, on_disk), (self.link, elsewhere)):
            button.setAccessibleDescription(text)
            why = Label(text, "second", wrap=True)
            why.setContentsMargins(*mirrored((26, 0, 0, 0)))
            why.setFixedWidth(WIDTH)
            self.body.addLayout(vbox(button, why, spacing=0))
        for each in stated[:_MOST_LICENCES]:
            of_model = arg(
                translate("models", "Licence of %1: %2."),
                formatting.name(each.name),
                descriptions.licence(each.licence),
            )
            self.say(f"{of_model} {formatting.one_line(each.licence.note)}".strip())
        checked = translate("models", "The files are checked first. They are never changed.")
        self.say(checked)
        self.yes = Button(translate("models", "Add"), self.accept, kind="primary")
        self.yes.setDefault(True)
        self.buttons.addWidget(self.yes)
        self.accepted.connect(lambda: answered(self.link.isChecked()))


class ExportDialog(DialogSheet):
    """What goes to another computer; `chosen` gets it when the person goes on to choose the folder."""

    def __init__(
        self,
        parent: QWidget,
        models: Sequence[Installed],
        chosen: Callable[[tuple[Installed, ...], Extras], None],
    ) -> None:
        super().__init__(parent, translate("models", "To another computer"))
        self._models = tuple(model for model in models if not model.missing)
        purpose = translate(
            "models",
            "What you choose is copied into one folder, for instance on a stick. Use it to "
            "set up a computer that is never online.",
        )
        self.say(purpose)
        self.boxes = [QCheckBox(formatting.name(model.name).replace("&", "&&")) for model in self._models]
        for box in self.boxes:
            box.setChecked(True)
        self.body.addWidget(self._list())
        self.documents = QCheckBox(
            translate("models", "The index of my documents (the files themselves stay here)")
        )
        self.chats = QCheckBox(translate("models", "My conversations and assistants"))
        self.body.addLayout(vbox(self.documents, self.chats, spacing=0))
        self.total = self.say("", "second")
        self.yes = Button(
            translate("models", "Choose a folder…"), self.accept, kind="primary", icon="folder-open"
        )
        self.buttons.addWidget(self.yes)
        self.accepted.connect(lambda: chosen(self.models(), self.extras()))
        for box in (*self.boxes, self.documents, self.chats):
            box.toggled.connect(self._show_total)
        self._show_total()

    def models(self) -> tuple[Installed, ...]:
        return tuple(model for model, box in zip(self._models, self.boxes, strict=True) if box.isChecked())

    def extras(self) -> Extras:
        return Extras(self.documents.isChecked(), self.chats.isChecked())

    def _list(self) -> QWidget:
        if not self.boxes:
            return Label(translate("models", "There are no models yet."), "second")
        inside = QWidget()
        vbox(*self.boxes, parent=inside, spacing=0, margins=(0, 0, 8, 0))
        area = scroll_area(inside)
        area.setFixedWidth(WIDTH)
        area.setFixedHeight(min(LIST_HEIGHT, inside.sizeHint().height() + 4))
        return area

    def _show_total(self) -> None:
        models, more = self.models(), self.extras() != Extras()
        size, number = quantities.size(sum(model.size for model in models)), len(models)
        if models:
            text = translate("models", "%n model(s), %1.", None, number)
            if more:
                text = translate("models", "%n model(s) (%1) and what is ticked above.", None, number)
            self.total.setText(arg(text, size))
        elif more:
            self.total.setText(translate("models", "No models, only what is ticked above."))
        else:
            self.total.setText(translate("models", "No model."))
        self.yes.setEnabled(bool(models) or more)


def _size(offer: Offer) -> str:
    size = quantities.size(offer.size)
    if not offer.size:
        return translate("models", "known once the download starts")
    if offer.entry.size > offer.size:
        text = translate("models", "%1 still to come of %2")
        return arg(text, size, quantities.size(offer.entry.size))
    return size

"""How models come and go: what is asked before a download, before files are added or carried away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from assistant.models.records import CatalogEntry, Extras, Installed, Offer
from ui.common.buttons_and_labels import Button, IconButton
from ui.common.theme import theme
from ui.documents.actions import DocumentActions
from ui.models.actions import ModelActions
from ui.models.dialogs import AddDialog, BundleDialog, DownloadDialog, ManualDownloadDialog

FILES = QFileDialog.FileMode.ExistingFiles
FOLDER = QFileDialog.FileMode.Directory
MODEL_FILES = "Models (*.gguf *.zip *.argosmodel)"


class ModelMenus(QObject):
    def __init__(self, page: QWidget, deeds: DocumentActions, models: ModelActions) -> None:
        super().__init__(page)
        self._page = page
        self._deeds = deeds
        self._models = models
        self.more = IconButton("dots-three", "More", lambda: _below(self.more, self.menu()))
        self.add = Button(
            "Add a model", lambda: _below(self.add, self.add_menu()), kind="primary", icon="plus"
        )

    def take(self, paths: list[str]) -> None:
        """Files and folders that were dropped or chosen."""
        if paths:
            AddDialog(self._page, paths, lambda link: self._models.add(paths, link=link)).open()

    def ask(self, entry: CatalogEntry) -> None:
        """Find out what a download would mean, and have it confirmed."""

        def asked(offer: Offer) -> None:
            DownloadDialog(self._page, offer, lambda: self._models.get(offer.entry)).open()

        self._models.offer(entry, asked)

    def explain(self, entry: CatalogEntry) -> None:
        """How it is brought by hand."""
        if (survey := self._models.survey) is not None:
            copy = "Address" if len(entry.files) == 1 else "Addresses"
            ManualDownloadDialog(
                self._page, entry, survey.downloads, lambda text: self._deeds.copy(text, copy)
            ).open()

    def carry(self) -> None:
        """To another computer."""
        if (survey := self._models.survey) is not None:
            BundleDialog(self._page, survey.installed, self._choose_target).open()

    def _choose_target(self, models: tuple[Installed, ...], extras: Extras) -> None:
        def chosen(folders: list[str]) -> None:
            self._models.export_to(folders[0], models, extras)

        self._choose("Where to copy it", FOLDER, chosen)

    # --- menus

    def add_menu(self) -> QMenu:
        menu = QMenu(self.add)
        menu.addAction(
            theme().icon("file-text"), "Files…", lambda: self._choose("Add a model", FILES, self.take)
        )
        menu.addAction(
            theme().icon("folder-simple"), "A folder…", lambda: self._choose("Add a model", FOLDER, self.take)
        )
        menu.addSeparator()
        menu.addAction(theme().icon("binoculars"), "Find models on this computer", self._models.discover)
        return menu

    def menu(self) -> QMenu:
        menu = QMenu(self.more)
        menu.addAction(theme().icon("export"), "To another computer…", self.carry)
        menu.addAction(theme().icon("tray"), "From another computer…", self._choose_source)
        menu.addSeparator()
        verify = menu.addAction(theme().icon("check-circle"), "Check all models", self._models.verify)
        verify.setEnabled(bool(self._models.survey and self._models.survey.installed))
        return menu

    def _choose_source(self) -> None:
        title = "The folder that was made on the other computer"
        self._choose(title, FOLDER, lambda folders: self._models.import_from(folders[0]))

    def _choose(
        self, title: str, mode: QFileDialog.FileMode, taken: Callable[[list[str]], None]
    ) -> QFileDialog:
        dialog = QFileDialog(self._page, title)
        dialog.setFileMode(mode)
        if mode is FILES:
            dialog.setNameFilters([MODEL_FILES, "All files (*)"])
        dialog.filesSelected.connect(lambda files: taken(list(files)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog


def _below(button: QWidget, menu: QMenu) -> None:
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

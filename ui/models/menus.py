"""What the models page offers: its menus and those of its cards, and what is asked before it is done."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from assistant.models.catalog.records import CatalogEntry
from assistant.models.download.records import Offer
from assistant.models.library.records import Extras, Installed
from ui.common.buttons_and_labels import Button, IconButton
from ui.common.file_dialogs import choose_files, choose_folder
from ui.common.theme import theme
from ui.common.translation import translate
from ui.documents.actions import DocumentActions
from ui.models.actions import ModelActions
from ui.models.card_builder import CardBuilder
from ui.models.card_data import CardAction, ModelRow
from ui.models.chat_model_loader import ChatModelLoader
from ui.models.dialogs import AddDialog, DownloadDialog, ExportDialog, ManualDownloadDialog

ICONS = {
    CardAction.USE: "play",
    CardAction.GET: "download-simple",
    CardAction.GET_BY_HAND: "file-text",
    CardAction.RESUME: "play",
    CardAction.RETRY: "arrow-counter-clockwise",
    CardAction.STOP: "stop",
}


class ModelMenus(QObject):
    details_wanted = Signal(str)
    """Of the model or the entry with this id."""

    def __init__(
        self,
        page: QWidget,
        document_actions: DocumentActions,
        models: ModelActions,
        loader: ChatModelLoader,
        cards: CardBuilder,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._document_actions = document_actions
        self._models = models
        self._loader = loader
        self._cards = cards
        self.more_button = IconButton(
            "dots-three",
            translate("models", "More"),
            lambda: _open_below(self.more_button, self.more_menu()),
        )
        self.add_button = Button(
            translate("models", "Add a model"),
            lambda: _open_below(self.add_button, self.add_menu()),
            kind="primary",
            icon="plus",
        )

    # --- what is asked

    def add(self, paths: list[str]) -> None:
        """Files and folders that were dropped or chosen."""
        if paths:
            AddDialog(self._page, paths, lambda link: self._models.add(paths, link=link)).open()

    def confirm_download(self, entry: CatalogEntry) -> None:
        """Find out what a download would mean, and have it confirmed."""

        def offered(offer: Offer) -> None:
            DownloadDialog(self._page, offer, lambda: self._models.downloads.start(offer.entry)).open()

        self._models.downloads.offer(entry, offered)

    def explain_manual_download(self, entry: CatalogEntry) -> None:
        if (state := self._models.state) is not None:
            copied = translate("models", "Address(es) copied.", None, len(entry.files))
            ManualDownloadDialog(
                self._page, entry, state.downloads, lambda text: self._document_actions.copy(text, copied)
            ).open()

    def export(self) -> None:
        """To another computer."""
        if (state := self._models.state) is not None:
            ExportDialog(self._page, state.installed, self._choose_target).open()

    def _choose_target(self, models: tuple[Installed, ...], extras: Extras) -> None:
        choose_folder(
            self._page,
            translate("models", "Where to copy it"),
            lambda folder: self._models.export_to(folder, models, extras),
        )

    # --- the menus of the page

    def add_menu(self) -> QMenu:
        menu, title = QMenu(self.add_button), translate("models", "Add a model")
        kinds = translate("models", "Models (*.gguf *.zip *.argosmodel)")
        menu.addAction(
            theme().icon("file-text"),
            translate("models", "Files…"),
            lambda: choose_files(self._page, title, self.add, [kinds]),
        )
        menu.addAction(
            theme().icon("folder-simple"),
            translate("models", "A folder…"),
            lambda: choose_folder(self._page, title, lambda folder: self.add([folder])),
        )
        menu.addSeparator()
        menu.addAction(
            theme().icon("binoculars"),
            translate("models", "Find models on this computer"),
            self._models.discover,
        )
        return menu

    def more_menu(self) -> QMenu:
        menu = QMenu(self.more_button)
        menu.addAction(theme().icon("export"), translate("models", "To another computer…"), self.export)
        menu.addAction(
            theme().icon("tray"), translate("models", "From another computer…"), self._choose_source
        )
        menu.addSeparator()
        verify = menu.addAction(
            theme().icon("check-circle"), translate("models", "Check all models"), self._models.verify
        )
        verify.setEnabled(bool(self._models.state and self._models.state.installed))
        return menu

    def _choose_source(self) -> None:
        title = translate("models", "The folder that was made on the other computer")
        choose_folder(self._page, title, self._models.import_from)

    # --- a card

    def run(self, id: str, action: CardAction) -> None:
        """What the card of this id offers."""
        model, pick, downloads = self._cards.model_of(id), self._cards.pick_of(id), self._models.downloads
        match action:
            case CardAction.USE if model is not None:
                self._loader.load(Path(model.path))
            case CardAction.STOP if id in downloads.progress:
                downloads.stop(id)
            case CardAction.STOP:
                self._loader.stop()
            case CardAction.RETRY | CardAction.RESUME if pick is not None and id in downloads.progress:
                if downloads.progress[id].earlier:
                    self.confirm_download(pick.entry)
                else:
                    downloads.start(pick.entry)
            case CardAction.RETRY:
                self._models.refresh()
            case CardAction.GET if pick is not None:
                self.confirm_download(pick.entry)
            case CardAction.GET_BY_HAND if pick is not None:
                self.explain_manual_download(pick.entry)

    def card_menu(self, row: ModelRow) -> QMenu:
        """All that can be done with the model of a card."""
        menu = QMenu(self._page)
        menu.addAction(
            theme().icon("info"),
            translate("models", "About this model"),
            lambda: self.details_wanted.emit(row.id),
        )
        if (action := row.action) is not None:
            menu.addAction(theme().icon(ICONS[action]), action.label, lambda: self.run(row.id, action))
        state, pick = self._models.state, self._cards.pick_of(row.id)
        if pick is not None and self._cards.model_of(row.id) is None:
            self._add_downloads(menu, pick.entry, row.action)
        if state is not None and (model := state.model(row.id)) is not None:
            self._add_library(menu, model)
        return menu

    def _add_downloads(self, menu: QMenu, entry: CatalogEntry, offered: CardAction | None) -> None:
        downloads, state = self._models.downloads, self._models.state
        if offered is None and state is not None and state.downloads.allowed:
            menu.addAction(
                theme().icon("download-simple"),
                translate("models", "Get anyway"),
                lambda: self.confirm_download(entry),
            )
        if offered is not CardAction.GET_BY_HAND:
            menu.addAction(
                theme().icon(ICONS[CardAction.GET_BY_HAND]),
                CardAction.GET_BY_HAND.label,
                lambda: self.explain_manual_download(entry),
            )
        progress = downloads.progress.get(entry.id)
        if progress is not None and not progress.runs and progress.report and progress.report.done:
            menu.addSeparator()
            menu.addAction(
                theme().icon("trash"),
                translate("models", "Throw away what has come"),
                lambda: downloads.discard(entry),
            )

    def _add_library(self, menu: QMenu, model: Installed) -> None:
        if not model.missing:
            menu.addAction(
                theme().icon("folder-open"),
                translate("models", "Show in folder"),
                lambda: self._document_actions.open_folder(model.path),
            )
            menu.addAction(
                theme().icon("check-circle"),
                translate("models", "Check it"),
                lambda: self._models.verify([model]),
            )
        menu.addSeparator()
        remove = menu.addAction(
            theme().icon("trash"), translate("models", "Remove"), lambda: self._models.remove(model)
        )
        remove.setShortcut(QKeySequence(Qt.Key.Key_Delete))


def _open_below(button: QWidget, menu: QMenu) -> None:
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

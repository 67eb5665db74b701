"""What the models page offers: its menus and those of its cards, and what is asked before it is done."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from assistant.models.catalog.records import CatalogEntry
from assistant.models.download.records import Offer
from assistant.models.library.records import Extras, Installed, StatedLicence
from ui.common.buttons_and_labels import IconButton
from ui.common.file_dialogs import Purpose, choose_files, choose_folder
from ui.common.menus import Menu, MenuButton
from ui.common.page_context import PageContext
from ui.common.translation import translate
from ui.embedders.controller import EmbedderController
from ui.models.actions import ModelActions
from ui.models.card_builder import CardBuilder
from ui.models.card_data import CardAction, ModelRow
from ui.models.chat_model_loader import ChatModelLoader
from ui.models.dialogs import AddDialog, DownloadDialog, ExportDialog, ManualDownloadDialog

ICONS = {
    CardAction.USE: "play",
    CardAction.USE_FOR_SEARCH: "magnifying-glass",
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
        context: PageContext,
        models: ModelActions,
        loader: ChatModelLoader,
        cards: CardBuilder,
        embedders: EmbedderController,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._context = context
        self._models = models
        self._loader = loader
        self._cards = cards
        self._embedders = embedders
        self.more_button = IconButton(
            "dots-three", translate("models", "More"), lambda: self.more_menu().popup_below(self.more_button)
        )
        add = translate("models", "Add a model")
        self.add_button = MenuButton(add, self.add_menu, kind="primary", icon="plus")

    # --- what is asked

    def add(self, paths: list[str]) -> None:
        """Files and folders that were dropped or chosen."""

        def ask(stated: tuple[StatedLicence, ...]) -> None:
            AddDialog(
                self._page.window(), paths, stated, lambda link: self._models.add(paths, link=link)
            ).open()

        if paths:
            self._models.licences(paths, ask)

    def confirm_download(self, entry: CatalogEntry) -> None:
        """Find out what a download would mean, and have it confirmed."""

        def offered(offer: Offer) -> None:
            DownloadDialog(self._page, offer, lambda: self._models.downloads.start(offer.entry)).open()

        self._models.downloads.offer(entry, offered)

    def explain_manual_download(self, entry: CatalogEntry) -> None:
        if (state := self._models.state) is not None:
            ManualDownloadDialog(self._page, entry, state.downloads, self._context.copy).open()

    def export(self) -> None:
        """To another computer."""
        if (state := self._models.state) is not None:
            ExportDialog(self._page, state.installed, self._choose_target).open()

    def _choose_target(self, models: tuple[Installed, ...], extras: Extras) -> None:
        choose_folder(
            self._page,
            Purpose.OTHER_COMPUTER,
            translate("models", "Choose a folder to copy into"),
            lambda folder: self._models.export_to(folder, models, extras),
        )

    # --- the menus of the page

    def choose_files(self) -> None:
        """Have files chosen that are to be added."""
        kinds = translate("models", "Models (*.gguf *.zip *.argosmodel *.traineddata)")
        title = translate("models", "Add a model")
        choose_files(self._page.window(), Purpose.MODELS, title, self.add, [kinds])

    def add_menu(self) -> Menu:
        menu, title = Menu(self.add_button), translate("models", "Add a model")
        menu.add_item(translate("models", "Files…"), self.choose_files, "file-text")
        menu.add_item(
            translate("models", "A folder…"),
            lambda: choose_folder(self._page, Purpose.MODELS, title, lambda folder: self.add([folder])),
            "folder-simple",
        )
        menu.addSeparator()
        menu.add_item(
            translate("models", "Find models on this computer"), self._models.discover, "binoculars"
        )
        return menu

    def more_menu(self) -> Menu:
        menu = Menu(self.more_button)
        menu.add_item(translate("models", "To another computer…"), self.export, "export")
        menu.add_item(translate("models", "From another computer…"), self._choose_source, "tray")
        menu.addSeparator()
        check = translate("models", "Check all models")
        verify = menu.add_item(check, self._models.verify, "check-circle")
        verify.setEnabled(bool(self._models.state and self._models.state.installed))
        return menu

    def _choose_source(self) -> None:
        title = translate("models", "Choose the folder made on the other computer")
        choose_folder(self._page, Purpose.OTHER_COMPUTER, title, self._models.import_from)

    # --- a card

    def run(self, id: str, action: CardAction) -> None:
        """What the card of this id offers."""
        model, pick, downloads = self._cards.model_of(id), self._cards.pick_of(id), self._models.downloads
        match action:
            case CardAction.USE if model is not None:
                self._loader.load(Path(model.path))
            case CardAction.USE_FOR_SEARCH:
                self._embedders.ask(id if model is None else model.id)
            case CardAction.STOP if id in downloads.progress:
                downloads.stop(id)
            case CardAction.STOP if self._changes_to(id if model is None else model.id):
                self._embedders.stop()
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

    def _changes_to(self, id: str) -> bool:
        change = self._embedders.change
        return change is not None and change.id == id

    def card_menu(self, row: ModelRow) -> Menu:
        """All that can be done with the model of a card."""
        menu = Menu(self._page)
        menu.add_item(
            translate("models", "About this model"), lambda: self.details_wanted.emit(row.id), "info"
        )
        if (action := row.action) is not None:
            menu.add_item(action.label, lambda: self.run(row.id, action), ICONS[action])
        state, pick = self._models.state, self._cards.pick_of(row.id)
        if pick is not None and pick in self._cards.to_get() and self._cards.model_of(row.id) is None:
            self._add_downloads(menu, pick.entry, row.action)
        if state is not None and (model := state.model(row.id)) is not None:
            self._add_library(menu, model)
        return menu

    def _add_downloads(self, menu: Menu, entry: CatalogEntry, offered: CardAction | None) -> None:
        downloads, state, by_hand = self._models.downloads, self._models.state, CardAction.GET_BY_HAND
        if offered is None and state is not None and state.downloads.allowed:
            anyway = translate("models", "Download anyway")
            menu.add_item(anyway, lambda: self.confirm_download(entry), "download-simple")
        if offered is not by_hand:
            menu.add_item(by_hand.label, lambda: self.explain_manual_download(entry), ICONS[by_hand])
        progress = downloads.progress.get(entry.id)
        if progress is not None and not progress.runs and progress.report and progress.report.done:
            menu.addSeparator()
            discard = translate("models", "Discard the partial download")
            menu.add_item(discard, lambda: downloads.discard(entry), "trash")

    def _add_library(self, menu: Menu, model: Installed) -> None:
        if not model.missing:
            folder = translate("models", "Show in folder")
            menu.add_item(folder, lambda: self._context.open_folder(model.path), "folder-open")
            check = translate("models", "Check")
            menu.add_item(check, lambda: self._models.verify([model]), "check-circle")
        menu.addSeparator()
        remove = menu.add_item(translate("models", "Remove"), lambda: self._models.remove(model), "trash")
        remove.setShortcut(QKeySequence(Qt.Key.Key_Delete))

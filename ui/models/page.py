"""The models: what this computer can run, what is here, what can be got, and what came true of that."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QScrollArea, QVBoxLayout, QWidget

from assistant.chat.records import ModelInfo
from assistant.errors import AssistantError
from assistant.models.records import DiscoveredModel, Pick, WhatIf
from ui.common import formatting, quantities
from ui.common.empty_state import EmptyState
from ui.common.notices import Action
from ui.common.page_context import PageContext
from ui.common.page_frame import Page
from ui.common.theme import theme
from ui.common.thread_bridge import Following
from ui.documents.actions import DocumentActions
from ui.models.actions import ModelActions
from ui.models.card_builder import CardBuilder
from ui.models.card_data import CardAction
from ui.models.chat_model_loader import ChatModelLoader
from ui.models.computer_card import ComputerCard
from ui.models.discovered_models import DiscoveredView
from ui.models.job_progress import JobRow
from ui.models.menus import ModelMenus
from ui.models.model_details import MeasuredView, ModelDetails
from ui.models.model_list import ModelList
from ui.models.model_sections import ModelSections
from ui.models.models_state import Job
from ui.models.what_if_sliders import WhatIfCard

DEED_ICONS = {
    CardAction.USE: "play",
    CardAction.GET: "download-simple",
    CardAction.HOW: "file-text",
    CardAction.GO_ON: "play",
    CardAction.AGAIN: "arrow-counter-clockwise",
    CardAction.STOP: "stop",
}


class ModelsPage(Page):
    def __init__(
        self, desk: PageContext, deeds: DocumentActions, models: ModelActions, chooser: ChatModelLoader
    ) -> None:
        super().__init__("Models")
        self._desk = desk
        self._deeds = deeds
        self._models = models
        self._chooser = chooser
        self._picking: Following[tuple[Pick, ...]] | None = None
        self._pick_again = False
        self._probed = False
        self.cards = CardBuilder(models, chooser)
        self.bringing = ModelMenus(self, deeds, models)
        self.computer = ComputerCard()
        self.what_if = WhatIfCard()
        self.sections = ModelSections()
        self.details = ModelDetails()
        self.found = DiscoveredView()
        self.measured = MeasuredView()
        self._build()
        self._connect()

    def came_into_view(self) -> None:
        super().came_into_view()
        self._models.look()

    def take(self, paths: list[str]) -> None:
        """Files that were dropped here."""
        self.bringing.take(paths)

    # --- how it is put together

    def _build(self) -> None:
        self.header.addStretch(1)
        self.header.addWidget(self.bringing.more)
        self.header.addWidget(self.bringing.add)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.content.addWidget(self.area, 1)
        inside = QWidget()
        self.area.setWidget(inside)  # while it is empty: what is in it would be styled anew
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 16)
        column.setSpacing(12)
        self._jobs = QVBoxLayout()
        self._jobs.setSpacing(8)
        column.addLayout(self._jobs)
        column.addWidget(self.computer)
        column.addWidget(self.what_if)
        column.addWidget(self.sections)
        column.addStretch(1)
        self.what_if.hide()
        self.sections.hide()
        again = ("Try again", "arrow-counter-clockwise", self._models.look)
        self.trouble = EmptyState("warning-circle", "", "", (again,))
        self.trouble.hide()
        self.content.addWidget(self.trouble, 1)

    def _connect(self) -> None:
        models, sections, computer = self._models, self.sections, self.computer
        models.surveyed.connect(self._surveyed)
        models.not_surveyed.connect(self._not_surveyed)
        models.begun.connect(self._show_job)
        models.getting_changed.connect(self._show)
        models.found.connect(self._show_found)
        self._desk.services_ready.connect(models.look)
        self._desk.panel.closed.connect(self._show_chosen)
        self._desk.panel.opened.connect(self._show_chosen)
        computer.what_if_wanted.connect(self._show_what_if)
        computer.measured_wanted.connect(self._show_measured)
        computer.probe_wanted.connect(models.probe)
        self.what_if.changed.connect(self._pick)
        self.what_if.left.connect(self._leave_what_if)
        sections.deed_wanted.connect(self._do)
        sections.menu_wanted.connect(self._show_menu)
        sections.details_wanted.connect(self._show_details)
        sections.remove_wanted.connect(self._remove)
        sections.discover_wanted.connect(models.discover)
        for view in sections.all_lists():
            view.reveal_wanted.connect(lambda rect, view=view: self._reveal(view, rect))
        self.details.deed_wanted.connect(self._do)
        self.details.show_wanted.connect(lambda model: self._deeds.open_folder(model.path))
        self.details.verify_wanted.connect(lambda model: models.verify([model]))
        self.details.remove_wanted.connect(models.remove)
        self.found.use_wanted.connect(lambda paths: models.add(paths, link=True))
        self._chooser.changed.connect(self._chooser_changed)
        self._chooser.progressed.connect(self._load_progressed)
        self._chooser.loaded.connect(self._was_loaded)

    # --- what comes back

    def _surveyed(self) -> None:
        survey = self._models.survey
        assert survey is not None
        self.trouble.hide()
        self.area.show()
        self.computer.show_computer(survey.computer)
        own = [device.total for device in survey.computer.devices if device.usable and not device.shared]
        self.what_if.show_computer(survey.computer.hardware.memory_total, max(own, default=0))
        if survey.computer.pace is None and not self._probed:
            self._probed = True
            self._models.probe()  # what runs well is not known before that
            return
        if self._desk.panel.shown is self.measured:
            self.measured.show_measured(survey.measured)
        self._pick()

    def _not_surveyed(self, error: AssistantError) -> None:
        if self._models.survey is not None:
            self._desk.notices.error(error)
            return
        self.trouble.title.setText(formatting.one_line(error.message))
        self.trouble.text.set_text(formatting.one_line(error.hint))
        self.area.hide()
        self.trouble.show()

    def _pick(self) -> None:
        """Have the models chosen anew; while that goes on the newest wish waits."""
        if not self._desk.ready:
            return
        if self._picking is not None:
            self._pick_again = True
            return
        wanted = None if self.what_if.isHidden() else self.what_if.wanted
        models = self._desk.services.models
        self._picking = self._desk.bridge.in_background(
            lambda: models.picks(wanted), lambda picks: self._picked(picks, wanted), self._not_picked
        )

    def _picked(self, picks: tuple[Pick, ...], wanted: WhatIf | None) -> None:
        self._picking = None
        self.cards.imagined = wanted is not None
        self.cards.picks = picks
        self.sections.show()
        self._show()
        self._go_on_picking()

    def _not_picked(self, error: AssistantError) -> None:
        self._picking = None
        self._desk.notices.error(error)
        self._go_on_picking()

    def _go_on_picking(self) -> None:
        if self._pick_again:
            self._pick_again = False
            self._pick()

    def _chooser_changed(self) -> None:
        self._show()
        if not self._chooser.loading and self.isVisible():
            self._models.look()  # the memory is another, and something may have been measured

    def _load_progressed(self, _: str, percent: int) -> None:
        self.cards.loading = percent
        self._show()

    def _was_loaded(self, info: ModelInfo) -> None:
        if self.isVisible():
            chat = Action("Chat", lambda: self._desk.page_wanted.emit("chat"))
            self._desk.notices.say(f"“{formatting.name(info.name)}” answers from now on.", "", chat)

    # --- what is shown

    def _show(self) -> None:
        survey = self._models.survey
        if survey is None:
            return
        here = [self.cards.installed_row(model) for model in survey.installed]
        self.sections.show_installed(here, hidden=not self.what_if.isHidden())
        self.sections.show_picks(
            [(pick, self.cards.pick_row(pick)) for pick in self.cards.picks], imagined=self.cards.imagined
        )
        detail = self.details.detail
        if detail is not None and self._desk.panel.shown is self.details:
            self._open_details(detail.row.id)

    def _show_details(self, id: str) -> None:
        """Open them, or close them where they are open."""
        shown = self.details.detail if self._desk.panel.shown is self.details else None
        if shown is not None and shown.row.id == id:
            self._desk.panel.close_panel()
        else:
            self._open_details(id)

    def _open_details(self, id: str) -> None:
        detail = self.cards.detail(id)
        if detail is None:
            self._desk.panel.close_panel()  # it was removed meanwhile
            return
        self.details.show_detail(detail)
        self._desk.panel.open(self.details, detail.row.name, detail.second)
        self._show_chosen()

    def _show_chosen(self) -> None:
        detail = self.details.detail
        open_ = self._desk.panel.shown is self.details and detail is not None
        self.sections.mark_chosen(detail.row.id if open_ and detail is not None else "")

    def _show_measured(self) -> None:
        survey = self._models.survey
        if survey is not None:
            self.measured.show_measured(survey.measured)
            self._desk.panel.open(self.measured, "Predicted and measured")
            self._show_chosen()

    def _show_found(self, found: tuple[DiscoveredModel, ...]) -> None:
        self.found.show_found(found)
        self._desk.panel.open(self.found, "Models on this computer", quantities.count(len(found), "model"))
        self._show_chosen()

    def _show_job(self, job: Job) -> None:
        self._jobs.addWidget(JobRow(job))

    def _show_what_if(self) -> None:
        """The sliders take the place of this computer, and what is on it."""
        self.computer.hide()
        self.what_if.show()
        self.area.verticalScrollBar().setValue(0)
        self.what_if.memory.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show()

    def _leave_what_if(self) -> None:
        self.what_if.hide()
        self.computer.show()
        self.computer.what_if.setFocus(Qt.FocusReason.OtherFocusReason)
        self._pick()

    def _reveal(self, view: ModelList, rect: QRect) -> None:
        inside = self.area.widget()
        assert inside is not None
        place = QRect(view.viewport().mapTo(inside, rect.topLeft()), rect.size())
        self.area.ensureVisible(place.center().x(), place.center().y(), 0, place.height() // 2 + 8)

    # --- doing

    def _do(self, id: str, deed: CardAction) -> None:
        model, pick = self.cards.model_of(id), self.cards.pick_of(id)
        match deed:
            case CardAction.USE if model is not None:
                self._chooser.load(Path(model.path))
            case CardAction.STOP if id in self._models.getting:
                self._models.stop_getting(id)
            case CardAction.STOP:
                self._chooser.stop()
            case CardAction.AGAIN | CardAction.GO_ON if pick is not None and id in self._models.getting:
                if self._models.getting[id].earlier:
                    self.bringing.ask(pick.entry)
                else:
                    self._models.get(pick.entry)
            case CardAction.AGAIN:
                self._models.look()
            case CardAction.GET if pick is not None:
                self.bringing.ask(pick.entry)
            case CardAction.HOW if pick is not None:
                self.bringing.explain(pick.entry)

    def _remove(self, id: str) -> None:
        survey = self._models.survey
        model = survey.model(id) if survey is not None else None
        if model is not None:
            self._models.remove(model)

    def menu_for(self, id: str) -> QMenu:
        """What else can be done with the card of this id."""
        survey = self._models.survey
        row, model = self.sections.row(id), survey.model(id) if survey is not None else None
        menu = QMenu(self)
        menu.addAction(theme().icon("info"), "About this model", lambda: self._open_details(id))
        if row is not None and row.deed is not None:
            deed = row.deed
            menu.addAction(theme().icon(DEED_ICONS[deed]), deed.value, lambda: self._do(id, deed))
        pick = self.cards.pick_of(id)
        if pick is not None and survey is not None and self.cards.model_of(id) is None:
            if row is not None and row.deed is None and survey.downloads.allowed:
                menu.addAction(
                    theme().icon("download-simple"), "Get anyway", lambda: self.bringing.ask(pick.entry)
                )
            if row is not None and row.deed is not CardAction.HOW:
                menu.addAction(
                    theme().icon("file-text"), CardAction.HOW.value, lambda: self.bringing.explain(pick.entry)
                )
            getting = self._models.getting.get(id)
            if getting is not None and not getting.runs and getting.report and getting.report.done:
                menu.addSeparator()
                menu.addAction(
                    theme().icon("trash"),
                    "Throw away what has come",
                    lambda: self._models.discard(pick.entry),
                )
        if model is not None:
            if not model.missing:
                menu.addAction(
                    theme().icon("folder-open"),
                    "Show in folder",
                    lambda: self._deeds.open_folder(model.path),
                )
                menu.addAction(theme().icon("check-circle"), "Check it", lambda: self._models.verify([model]))
            menu.addSeparator()
            remove = menu.addAction(theme().icon("trash"), "Remove", lambda: self._models.remove(model))
            remove.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        return menu

    def _show_menu(self, id: str, place: QPoint) -> None:
        menu = self.menu_for(id)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

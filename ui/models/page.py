"""The models: what this computer can run, what is here, what can be got, and what came true of that."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from assistant.chat.records import ModelInfo
from assistant.errors import AssistantError
from assistant.models.files.records import DiscoveredModel, ModelKind
from assistant.models.fit.records import Pick, WhatIf
from ui.common import error_words, formatting
from ui.common.empty_state import EmptyState
from ui.common.layouts import scroll_area, vbox
from ui.common.notices import Action
from ui.common.page_context import PageContext
from ui.common.page_frame import Page
from ui.common.side_panel import PanelView
from ui.common.thread_bridge import Following
from ui.common.translation import arg, translate
from ui.embedders.controller import EmbedderController
from ui.models.actions import ModelActions
from ui.models.card_builder import CardBuilder
from ui.models.chat_model_loader import ChatModelLoader
from ui.models.computer_card import ComputerCard
from ui.models.discovered_models import DiscoveredView
from ui.models.job_progress import JobRow
from ui.models.menus import ModelMenus
from ui.models.model_details import ModelDetails
from ui.models.model_facts import Detail
from ui.models.model_list import ModelList
from ui.models.model_sections import ModelSections
from ui.models.predicted_and_measured import MeasuredView
from ui.models.what_if_sliders import WhatIfCard


class ModelsPage(Page):
    def __init__(
        self,
        context: PageContext,
        models: ModelActions,
        loader: ChatModelLoader,
        embedders: EmbedderController,
    ) -> None:
        super().__init__(translate("models", "Models"))
        self._context = context
        self._models = models
        self._loader = loader
        self._picking: Following[tuple[Pick, ...]] | None = None
        self._pick_again = False
        self._measured_once = False
        self._to_open = ""
        """Id of the model whose details are to be opened."""
        self._embedders = embedders
        self.cards = CardBuilder(models, loader, embedders)
        self.menus = ModelMenus(self, context, models, loader, self.cards, embedders)
        self.computer = ComputerCard()
        self.what_if = WhatIfCard()
        self.sections = ModelSections()
        self.details = ModelDetails()
        self.discovered = DiscoveredView()
        self.measured = MeasuredView()
        self._build()
        self._connect()

    def came_into_view(self) -> None:
        super().came_into_view()
        self._models.refresh()

    def open_details(self, id: str) -> None:
        """Of a model that can be got or is here, as soon as it is known."""
        self._to_open = id
        self._show()

    def show_kind(self, kind: ModelKind) -> None:
        """Those models alone that do this."""
        self.sections.filters.clear()
        self.sections.filters.task.choose(kind)

    def take(self, paths: list[str]) -> None:
        """Files that were dropped here."""
        self.menus.add(paths)

    # --- how it is put together

    def _build(self) -> None:
        self.header.addStretch(1)
        self.header.addWidget(self.menus.more_button)
        self.header.addWidget(self.menus.add_button)
        inside = QWidget()
        self.area = scroll_area(inside)
        self.content.addWidget(self.area, 1)  # while it is empty: what is in it would be styled anew
        self._jobs = vbox(spacing=8)
        cards = (self._jobs, self.computer, self.what_if, self.sections, 1)
        vbox(*cards, parent=inside, spacing=12, margins=(0, 0, 0, 16))
        self.what_if.hide()
        self.sections.hide()
        retry = (translate("models", "Try again"), "arrow-counter-clockwise", self._models.refresh)
        self.unreadable = EmptyState("warning-circle", "", "", (retry,))
        self.unreadable.hide()
        self.content.addWidget(self.unreadable, 1)

    def _connect(self) -> None:
        models, sections, computer = self._models, self.sections, self.computer
        models.refreshed.connect(self._refreshed)
        models.refresh_failed.connect(self._refresh_failed)
        models.job_started.connect(lambda job: self._jobs.addWidget(JobRow(job)))
        models.refreshed.connect(self._embedders.refresh)
        models.downloads.changed.connect(self._show)
        self._embedders.changed.connect(self._show)
        models.discovered.connect(self._show_discovered)
        self._context.services_ready.connect(models.refresh)
        self._context.panel.closed.connect(self._show_chosen)
        self._context.panel.opened.connect(self._show_chosen)
        computer.what_if_wanted.connect(self._show_what_if)
        computer.measurements_wanted.connect(self._show_measured)
        computer.measure_wanted.connect(models.measure)
        self.what_if.changed.connect(self._pick)
        self.what_if.closed.connect(self._close_what_if)
        sections.discover_wanted.connect(models.discover)
        for view in sections.all_lists():
            view.action_wanted.connect(self.menus.run)
            view.menu_wanted.connect(lambda row, place: self.menus.card_menu(row).popup(place))
            view.details_wanted.connect(self._toggle_details)
            view.remove_wanted.connect(self._remove)
            view.reveal_wanted.connect(lambda rect, view=view: self._reveal(view, rect))
        self.menus.details_wanted.connect(self._show_details)
        self.details.action_wanted.connect(self.menus.run)
        self.details.folder_wanted.connect(lambda model: self._context.open_folder(model.path))
        self.details.verify_wanted.connect(lambda model: models.verify([model]))
        self.details.remove_wanted.connect(models.remove)
        self.discovered.use_wanted.connect(lambda paths: models.add(paths, link=True))
        self._loader.changed.connect(self._loader_changed)
        self._loader.progressed.connect(self._load_progressed)
        self._loader.loaded.connect(self._model_loaded)

    # --- what comes back

    def _refreshed(self) -> None:
        state = self._models.state
        assert state is not None
        self.unreadable.hide()
        self.area.show()
        self.computer.show_computer(state.computer)
        own = [device.total for device in state.computer.devices if device.usable and not device.shared]
        self.what_if.show_computer(state.computer.hardware.memory_total, max(own, default=0))
        if state.computer.pace is None and not self._measured_once:
            self._measured_once = True
            self._models.measure()  # what runs well is not known before that
            return
        if self._context.panel.shown is self.measured:
            self.measured.show_measured(state.measured)
        self._pick()

    def _refresh_failed(self, error: AssistantError) -> None:
        if self._models.state is not None:
            self._context.notices.error(error)
            return
        self.unreadable.title.setText(formatting.one_line(error_words.message(error)))
        self.unreadable.text.set_text(formatting.one_line(error_words.hint(error)))
        self.area.hide()
        self.unreadable.show()

    def _pick(self) -> None:
        """Have the models chosen anew; while that goes on the newest wish waits."""
        if self._picking is not None:
            self._pick_again = True
            return
        imagined = None if self.what_if.isHidden() else self.what_if.imagined
        self._picking = self._context.in_background(
            lambda services: services.models.picks(imagined),
            lambda picks: self._picked(picks, imagined),
            self._pick_failed,
        )

    def _picked(self, picks: tuple[Pick, ...], imagined: WhatIf | None) -> None:
        self.cards.imagined = imagined is not None
        self.cards.picks = picks
        self.sections.show()
        self._show()
        self._end_picking()

    def _pick_failed(self, error: AssistantError) -> None:
        self._context.notices.error(error)
        self._end_picking()

    def _end_picking(self) -> None:
        self._picking = None
        if self._pick_again:
            self._pick_again = False
            self._pick()

    def _loader_changed(self) -> None:
        self._show()
        if not self._loader.loading and self.isVisible():
            self._models.refresh()  # the memory is another, and something may have been measured

    def _load_progressed(self, _: str, percent: int) -> None:
        self.cards.loading = percent
        self._show()

    def _model_loaded(self, info: ModelInfo) -> None:
        if self.isVisible():
            text = arg(translate("models", "“%1” now answers."), self._loader.name())
            chat = Action(translate("models", "Chat"), lambda: self._context.page_wanted.emit("chat"))
            self._context.notices.say(text, "", chat)

    # --- what is shown

    def _show(self) -> None:
        state = self._models.state
        if state is None:
            return
        here = [self.cards.installed_row(model) for model in state.installed]
        own = [self.cards.embedder_row(choice) for choice in self.cards.own_embedders()]
        own += [self.cards.recognition_row()] if state.recognised else []
        any_chats = any(model.kind is ModelKind.CHAT for model in state.installed)
        self.sections.show_installed(here, own, any_chats=any_chats, hidden=not self.what_if.isHidden())
        self.sections.show_picks(
            [(pick, self.cards.pick_row(pick)) for pick in self.cards.to_get()], imagined=self.cards.imagined
        )
        if self._to_open and self.cards.detail(self._to_open) is not None:
            self._show_details(self._to_open)
            self._to_open = ""
        if (detail := self._open_detail()) is not None:
            self._show_details(detail.row.id)

    def _open_detail(self) -> Detail | None:
        return self.details.detail if self._context.panel.shown is self.details else None

    def _toggle_details(self, id: str) -> None:
        """Open them, or close them where they are open."""
        detail = self._open_detail()
        if detail is not None and detail.row.id == id:
            self._context.panel.close_panel()
        else:
            self._show_details(id)

    def _show_details(self, id: str) -> None:
        detail = self.cards.detail(id)
        if detail is None:
            self._context.panel.close_panel()  # it was removed meanwhile
            return
        self.details.show_detail(detail)
        self._open_panel(self.details, detail.row.name, detail.subtitle)

    def _show_measured(self) -> None:
        if (state := self._models.state) is not None:
            self.measured.show_measured(state.measured)
            self._open_panel(self.measured, translate("models", "Predicted and measured"))

    def _show_discovered(self, models: tuple[DiscoveredModel, ...]) -> None:
        self.discovered.show_models(models)
        number = translate("models", "%n model(s)", None, len(models))
        self._open_panel(self.discovered, translate("models", "Models on this computer"), number)

    def _open_panel(self, view: PanelView, title: str, subtitle: str = "") -> None:
        self._context.panel.open(view, title, subtitle)
        self._show_chosen()

    def _show_chosen(self) -> None:
        detail = self._open_detail()
        self.sections.mark_chosen(detail.row.id if detail is not None else "")

    def _show_what_if(self) -> None:
        """The sliders take the place of this computer, and what is on it."""
        self.computer.hide()
        self.what_if.show()
        self.area.verticalScrollBar().setValue(0)
        self.what_if.memory.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show()

    def _close_what_if(self) -> None:
        self.what_if.hide()
        self.computer.show()
        self.computer.what_if.setFocus(Qt.FocusReason.OtherFocusReason)
        self._pick()

    def _reveal(self, view: ModelList, rect: QRect) -> None:
        inside = self.area.widget()
        assert inside is not None
        place = QRect(view.viewport().mapTo(inside, rect.topLeft()), rect.size())
        self.area.ensureVisible(place.center().x(), place.center().y(), 0, place.height() // 2 + 8)

    def _remove(self, id: str) -> None:
        state = self._models.state
        model = state.model(id) if state is not None else None
        if model is not None:
            self._models.remove(model)

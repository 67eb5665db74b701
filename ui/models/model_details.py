"""All that is known of one model, in the side panel: of one that is chosen, and of the one that answers."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal

from assistant.chat.records import ModelInfo
from assistant.models.library.records import Installed
from ui.common import error_words, formatting
from ui.common.buttons_and_labels import Button, Label, holds_focus
from ui.common.dialog_sheet import facts_grid
from ui.common.flow_layout import FlowLayout
from ui.common.layouts import Item
from ui.common.paragraphs import Paragraphs
from ui.common.side_panel import PanelView
from ui.common.translation import translate
from ui.models import model_facts
from ui.models.card_data import CardAction
from ui.models.model_facts import Detail
from ui.models.predicted_and_measured import measured_table

NAMES_WIDTH = 124
"""Pixels for the names of facts, so that their values stand below each other."""


class ModelDetails(PanelView):
    action_wanted = Signal(str, CardAction)
    folder_wanted = Signal(Installed)
    verify_wanted = Signal(Installed)
    remove_wanted = Signal(Installed)

    def __init__(self) -> None:
        super().__init__(translate("models", "About the model"))
        self.action: Button | None = None
        self.figures = Paragraphs()
        self.detail: Detail | None = None

    def show_detail(self, detail: Detail) -> None:
        """Where only its figures are others, as while it is fetched, all else stays as it is."""
        before, self.detail = self.detail, detail
        if before is not None and _without_figures(before) == _without_figures(detail):
            self.figures.set_text(detail.row.figures)
            return
        same = before is not None and before.row.id == detail.row.id
        scrolled = self.verticalScrollBar().value() if same else 0
        focused = same and holds_focus(self)
        self.figures = Paragraphs(detail.row.figures)
        items: list[Item] = [Paragraphs(detail.row.about)] if detail.row.about else []
        items += [self.figures, self._buttons(detail)]
        for title, facts in (
            (translate("models", "What it will need"), model_facts.requirements(detail)),
            (translate("models", "The model"), model_facts.description(detail)),
        ):
            if facts:
                grid = facts_grid(facts)
                grid.setColumnMinimumWidth(0, NAMES_WIDTH)
                items += [Label(title, "strong"), grid]
        if detail.model is not None and detail.fit is not None:
            not_yet = translate(
                "models", "It has not been loaded yet. What it needs is measured when it is, and shown here."
            )
            items += [
                Label(translate("models", "Predicted and measured"), "strong"),
                measured_table(detail.measured) if detail.measured else Paragraphs(not_yet),
            ]
        self.show_column(*items)
        self.verticalScrollBar().setValue(scrolled)
        if focused and self.action is not None:
            self.action.setFocus(Qt.FocusReason.OtherFocusReason)

    def _buttons(self, detail: Detail) -> FlowLayout:
        row, model, action = detail.row, detail.model, detail.row.action
        flow = FlowLayout(4)
        self.action = None
        if action is not None:
            self.action = Button(
                action.label, lambda: self.action_wanted.emit(row.id, action), kind="primary"
            )
            self.action.setAccessibleName(f"{action.label}: {row.name}")
            flow.addWidget(self.action)
        if model is None:
            return flow
        here = (
            (translate("models", "Show in folder"), "folder-open", self.folder_wanted),
            (translate("models", "Check"), "check-circle", self.verify_wanted),
        )
        remove = (translate("models", "Remove"), "trash", self.remove_wanted)
        for text, icon, signal in (remove,) if model.missing else (*here, remove):
            flow.addWidget(
                Button(text, lambda signal=signal: signal.emit(model), kind="quiet", icon=icon)  # type: ignore[misc]
            )
        return flow


class LoadedModelDetails(PanelView):
    """Of the model that answers in the chat."""

    def __init__(self) -> None:
        super().__init__(translate("models", "About the model"))

    def show_model(self, info: ModelInfo) -> None:
        note = [Paragraphs(formatting.one_line(error_words.message(info.note)))] if info.note else []
        self.show_column(*note, facts_grid(model_facts.loaded(info)), spacing=16)


def _without_figures(detail: Detail) -> Detail:
    return replace(detail, row=replace(detail.row, figures="", fraction=None))

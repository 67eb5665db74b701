"""All that is known of one model: what it takes part by part, what it is, and whether that came true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from assistant import languages
from assistant.models.records import CatalogEntry, Fit, Installed, Measured, Place, Speed
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import Button, Label, Paragraphs
from ui.common.dialog_sheet import facts_grid
from ui.common.flow_layout import FlowLayout
from ui.models import descriptions
from ui.models.card_data import CardAction, ModelRow

KV_TYPES = {"f16": "16 bits", "q8_0": "8 bits", "q4_0": "4 bits"}
PLACES = {
    Place.DEVICE: "on the graphics card",
    Place.SHARED: "on the graphics card, the rest on the processor",
    Place.PROCESSOR: "on the processor",
    Place.NOWHERE: "nowhere on this computer",
}
MOST_LANGUAGES = 12
NAMES = 124
"""Pixels for the names of facts, so that their values stand below each other."""
NOT_YET = "It was not loaded yet. What it takes is measured when it is, and shown here."


@dataclass(frozen=True, slots=True)
class Detail:
    row: ModelRow
    second: str
    """Below its name."""
    entry: CatalogEntry | None = None
    model: Installed | None = None
    fit: Fit | None = None
    speed: Speed | None = None
    measured: tuple[Measured, ...] = ()


class ModelDetails(QScrollArea):
    deed_wanted = Signal(str, CardAction)
    show_wanted = Signal(Installed)
    """Its folder."""
    verify_wanted = Signal(Installed)
    remove_wanted = Signal(Installed)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("About the model")
        self.deed: Button | None = None
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
        focus = QApplication.focusWidget()
        focused = same and focus is not None and self.isAncestorOf(focus)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(16, 8, 16, 16)
        layout.setSpacing(12)
        if detail.row.about:
            layout.addWidget(Paragraphs(detail.row.about))
        self.figures = Paragraphs(detail.row.figures)
        layout.addWidget(self.figures)
        layout.addLayout(self._offers(detail))
        for title, facts in (
            ("What it will take", taken(detail)),
            ("The model", about(detail)),
        ):
            if facts:
                layout.addWidget(Label(title, "strong"))
                grid = facts_grid(facts)
                grid.setColumnMinimumWidth(0, NAMES)
                layout.addLayout(grid)
        if detail.model is not None and detail.fit is not None:
            layout.addWidget(Label("Predicted and measured", "strong"))
            if detail.measured:
                layout.addLayout(measured_table(detail.measured))
            else:
                layout.addWidget(Paragraphs(NOT_YET))
        layout.addStretch(1)
        self.setWidget(inside)
        self.verticalScrollBar().setValue(scrolled)
        if focused and self.deed is not None:
            self.deed.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offers(self, detail: Detail) -> FlowLayout:
        row, model = detail.row, detail.model
        flow = FlowLayout(4)
        self.deed = None
        if row.deed is not None:
            deed = row.deed
            self.deed = Button(deed.value, lambda: self.deed_wanted.emit(row.id, deed), kind="primary")
            self.deed.setAccessibleName(f"{deed.value}: {row.name}")
            flow.addWidget(self.deed)
        if model is not None:
            if not model.missing:
                for text, icon, signal in (
                    ("Show in folder", "folder-open", self.show_wanted),
                    ("Check it", "check-circle", self.verify_wanted),
                ):
                    flow.addWidget(
                        Button(text, lambda signal=signal: signal.emit(model), kind="quiet", icon=icon)  # type: ignore[misc]
                    )
            remove = Button("Remove", lambda: self.remove_wanted.emit(model), kind="quiet", icon="trash")
            flow.addWidget(remove)
        return flow


def _without_figures(detail: Detail) -> Detail:
    return replace(detail, row=replace(detail.row, figures="", share=None))


class MeasuredView(QScrollArea):
    """Predicted beside measured, of every model that was loaded here."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Predicted and measured")

    def show_measured(self, measured: Sequence[Measured]) -> None:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(16, 8, 16, 16)
        layout.setSpacing(12)
        if not measured:
            layout.addWidget(
                Paragraphs("No model was loaded here yet. What each takes is measured when it is.")
            )
        else:
            layout.addWidget(
                Paragraphs("Each time a model is loaded the program measures it, and predicts better.")
            )
        for path in dict.fromkeys(one.path for one in measured):
            of_one = [one for one in measured if one.path == path]
            layout.addWidget(Label(formatting.name(of_one[0].name), "strong", wrap=True))
            layout.addLayout(measured_table(of_one))
        layout.addStretch(1)
        self.setWidget(inside)


def measured_table(measured: Sequence[Measured]) -> QGridLayout:
    """Newest first."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    for column, title in enumerate(("", "predicted", "measured")):
        grid.addWidget(Label(title, "small"), 0, column, _RIGHT if column else _LEFT)
    for one in sorted(measured, key=lambda one: -one.when):
        setting = one.setting
        cache = "" if setting.kv_type == "f16" else f", memory of the talk in {_kv(setting.kv_type)}"
        what = f"Memory, {descriptions.pages(setting.context)}{cache}"
        rows = [(what, _of(one.predicted), _of(one.measured))]
        for name, predicted, found in (
            ("Writes", one.predicted_speed.writing, one.measured_speed.writing),
            ("Reads", one.predicted_speed.reading, one.measured_speed.reading),
        ):
            if predicted or found:
                rows.append((name, _tokens(predicted), _tokens(found)))
        for texts in rows:
            line = grid.rowCount()
            for column, text in enumerate(texts):
                label = Label(text, "" if column else "second", wrap=not column)
                label.setAccessibleName(f"{texts[0]}, {('', 'predicted', 'measured')[column]} {text}".strip())
                grid.addWidget(label, line, column, _RIGHT if column else _LEFT)
    return grid


def taken(detail: Detail) -> list[tuple[str, str]]:
    """What the model will take, part by part."""
    fit, speed = detail.fit, detail.speed
    if fit is None:
        if detail.entry is not None and detail.entry.memory:
            return [("Memory at work", quantities.size(detail.entry.memory))]
        return []
    estimate, setting = fit.estimate, fit.setting
    parts = [
        ("In all", estimate.total),
        ("The model itself", estimate.weights),
        ("Memory of the talk", estimate.kv),
        ("Room to calculate", estimate.compute),
        ("The program", estimate.overhead),
        ("Sees pictures", estimate.projector),
    ]
    facts = [(name, quantities.size(size)) for name, size in parts if size]
    facts.append(("Works", PLACES[fit.place]))
    for number, size in enumerate(estimate.devices, 1):
        name = "On the graphics card" if len(estimate.devices) == 1 else f"On graphics card {number}"
        facts.append((name, quantities.size(size)))
    pages = descriptions.pages(setting.context)
    facts.append(("Remembers", f"{pages} of the talk ({quantities.number(setting.context)} tokens)"))
    facts.append(("Talk kept in", _kv(setting.kv_type)))
    if speed is not None:
        facts.append(("Writes", f"about {descriptions.pace(speed.writing)} ({_tokens(speed.writing)})"))
        facts.append(("Reads", f"about {descriptions.pace(speed.reading)} ({_tokens(speed.reading)})"))
    if fit.reason:
        facts.append(("Why", formatting.one_line(fit.reason)))
    return facts


def about(detail: Detail) -> list[tuple[str, str]]:
    """What the model is."""
    entry, model = detail.entry, detail.model
    shape = (entry.shape if entry is not None else None) or (model.shape if model is not None else None)
    facts: list[tuple[str, str]] = []
    if entry is not None:
        facts.append(("For", descriptions.enumerated([descriptions.TASKS[task] for task in entry.tasks])))
        facts.append(("Made by", f"{formatting.name(entry.maker)}, {entry.released}"))
        facts.append(("Parameters", _parameters(entry)))
        facts.append(("Packed as", formatting.name(entry.quantisation)))
        facts.append(("Licence", descriptions.licence(entry.licence)))
        if entry.licence.note:
            facts.append(("Mind", formatting.one_line(entry.licence.note)))
    languages = entry.languages if entry is not None else model.languages if model is not None else ()
    if languages:
        facts.append(("Languages", _languages(languages)))
    if shape is not None:
        facts.append(
            ("Kind", f"{formatting.name(shape.architecture)}, {quantities.count(shape.layers, 'layer')}")
        )
        trained = (
            f"{descriptions.pages(shape.trained_context)} ({quantities.number(shape.trained_context)} tokens)"
        )
        facts.append(("Made for", f"talks of {trained}"))
    if model is not None:
        facts.append(("File", formatting.file_name(model.path)))
        facts.append(("In the folder", formatting.name(str(Path(model.path).parent))))
        if model.size:
            facts.append(("Size", quantities.size(model.size)))
        if model.sha256:
            facts.append(("SHA-256", model.sha256))
    elif entry is not None:
        facts.append(("Size", quantities.size(entry.size)))
    if entry is not None:
        facts.append(("Facts from", formatting.name(entry.source)))
        facts += [("Address", formatting.name(file.address)) for file in entry.files]
    return [(name, value) for name, value in facts if value]


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


def _of(octets: int) -> str:
    return quantities.size(octets) if octets else "–"


def _tokens(speed: float) -> str:
    if not speed:
        return "–"
    return f"{speed:.0f} tokens a second" if speed >= 10 else f"{speed:.1f} tokens a second"


def _kv(kind: str) -> str:
    return f"{KV_TYPES[kind]} ({kind})" if kind in KV_TYPES else kind


def _parameters(entry: CatalogEntry) -> str:
    text = descriptions.parameters(entry.parameters)
    if 0 < entry.active_parameters < entry.parameters:
        text += f", of which {descriptions.parameters(entry.active_parameters)} work at a time"
    return text


def _languages(codes: Sequence[str]) -> str:
    named = [languages.name(code) for code in codes if code != languages.MANY]
    shown = ", ".join(named[:MOST_LANGUAGES])
    if len(named) > MOST_LANGUAGES:
        shown += f" and {len(named) - MOST_LANGUAGES} more"
    if languages.MANY in codes:
        shown = f"{shown} and many more" if shown else "many"
    return shown

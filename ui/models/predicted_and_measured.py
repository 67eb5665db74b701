"""What models were predicted to take, beside what was measured when they were loaded."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from assistant.models.fit.records import Measured
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import Label
from ui.common.layouts import Item
from ui.common.paragraphs import Paragraphs
from ui.common.side_panel import PanelView
from ui.common.translation import arg, translate
from ui.models import descriptions
from ui.models.model_facts import cache_type, tokens_a_second

_TOP = Qt.AlignmentFlag.AlignTop
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
"""Names fill their column: one at its left would be as narrow as Qt likes, and cut."""


class MeasuredView(PanelView):
    """Of every model that was loaded here."""

    def __init__(self) -> None:
        super().__init__(translate("models", "Predicted and measured"))

    def show_measured(self, measured: Sequence[Measured]) -> None:
        introduction = (
            translate("models", "Each time a model is loaded, it is measured, and predictions improve.")
            if measured
            else translate("models", "No model has been loaded here yet. Each is measured when it is loaded.")
        )
        items: list[Item] = [Paragraphs(introduction)]
        for path in dict.fromkeys(one.path for one in measured):
            of_one = [one for one in measured if one.path == path]
            name = Label(formatting.name(of_one[0].name), "strong", wrap=True)
            items += [name, measured_table(of_one)]
        self.show_column(*items)


def measured_table(measured: Sequence[Measured]) -> QGridLayout:
    """Newest first."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    titles = ("", translate("models", "predicted"), translate("models", "measured"))
    for column, title in enumerate(titles):
        grid.addWidget(Label(title, "small"), 0, column, _RIGHT if column else _TOP)
    rows = [row for one in sorted(measured, key=lambda one: -one.when) for row in _rows(one)]
    for line, texts in enumerate(rows, 1):
        for column, text in enumerate(texts):
            label = Label(text, "" if column else "second", wrap=not column)
            label.setAccessibleName(f"{texts[0]}, {titles[column]} {text}")
            grid.addWidget(label, line, column, _RIGHT if column else _TOP)
    return grid


def _rows(one: Measured) -> list[tuple[str, str, str]]:
    """Of what, predicted, measured."""
    pages, kv_type = descriptions.pages(one.setting.context), one.setting.kv_type
    what = arg(translate("models", "Memory, %1", "about 6 pages"), pages)
    if kv_type != "f16":
        text = translate("models", "Memory, %1, conversation memory in %2", "about 6 pages; 8 bits")
        what = arg(text, pages, cache_type(kv_type))
    rows = [(what, _size(one.predicted), _size(one.measured))]
    for name, predicted, found in (
        (translate("models", "Writes"), one.predicted_speed.writing, one.measured_speed.writing),
        (translate("models", "Reads"), one.predicted_speed.reading, one.measured_speed.reading),
    ):
        if predicted or found:
            rows.append((name, tokens_a_second(predicted), tokens_a_second(found)))
    return rows


def _size(octets: int) -> str:
    return quantities.size(octets) if octets else "–"

"""Fields for settings, made from how they are declared: their titles, bounds and explanations."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QGridLayout, QLineEdit, QSpinBox, QWidget

from ui.common.buttons_and_labels import Label, plain_tooltip
from ui.common.line_field import LineField
from ui.common.translation import translate, translate_marked

FIELD_WIDTH = 168
"""Pixels."""


def settings_grid(fields: Mapping[str, Any], widgets: Mapping[str, QWidget]) -> QGridLayout:
    """Settings by their names, a row for each: its title, and its widget at the other side.

    Args:
        fields: a settings group's `model_fields`.
    """
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(0, 1)
    for row, (name, widget) in enumerate(widgets.items()):
        title = translate_marked("settings", str(fields[name].title))
        about = translate_marked("settings", str(fields[name].description or ""))
        label = Label(title)
        for each in (label, widget):
            each.setToolTip(plain_tooltip(about))
        widget.setAccessibleName(title)
        if isinstance(widget, QComboBox):
            widget.view().setAccessibleName(title)
        widget.setAccessibleDescription(about)
        grid.addWidget(label, row, 0)
        grid.addWidget(widget, row, 1, Qt.AlignmentFlag.AlignRight)
    return grid


class SettingsForm(QWidget):
    """One row for each of the fields; `changed(name, value)` is told of every change that a person makes."""

    def __init__(
        self, names: Sequence[str], fields: dict[str, Any], changed: Callable[[str, object], None]
    ) -> None:
        """`fields` is a settings group's `model_fields`."""
        super().__init__()
        self._changed = changed
        self._filling = False
        self.inputs = {name: self._input(name, fields[name]) for name in names}
        grid = settings_grid(fields, self.inputs)
        grid.setContentsMargins(0, 0, 0, 0)
        self.setLayout(grid)

    def show_values(self, values: Any) -> None:
        """`values` is the settings group itself."""
        self._filling = True
        for name, widget in self.inputs.items():
            value = getattr(values, name)
            if isinstance(widget, QCheckBox):
                widget.setChecked(bool(value))
            elif isinstance(widget, QComboBox):
                widget.setCurrentIndex(max(0, widget.findData(value)))
            elif isinstance(widget, QSpinBox):
                widget.setValue(widget.minimum() if value is None else min(int(value), widget.maximum()))
            elif isinstance(widget, QDoubleSpinBox):
                widget.setValue(widget.minimum() if value is None else float(value))
            elif isinstance(widget, QLineEdit):
                widget.setText(", ".join(value))
        self._filling = False

    # --- one field

    def _input(self, name: str, field: Any) -> QWidget:
        kind, optional = _kind(field.annotation)
        if kind is bool and not optional:
            box = QCheckBox()
            box.toggled.connect(lambda on: self._tell(name, on))
            return box
        if kind is bool or issubclass(kind, StrEnum):
            return self._choice(name, kind, optional)
        if kind is list:
            return self._words(name)
        return self._number(name, field, kind, optional)

    def _words(self, name: str) -> QLineEdit:
        line = LineField()
        line.setFixedWidth(FIELD_WIDTH)
        line.editingFinished.connect(
            lambda: self._tell(name, [word.strip() for word in line.text().split(",") if word.strip()])
        )
        return line

    def _choice(self, name: str, kind: type, optional: bool) -> QComboBox:
        box = _Choice()
        if optional:
            box.addItem(_automatic(), None)
        if kind is bool:
            box.addItem(translate("common", "on"), True)
            box.addItem(translate("common", "off"), False)
        else:
            for member in kind:  # type: ignore[attr-defined]
                box.addItem(member.value, member)
        box.setFixedWidth(FIELD_WIDTH)
        box.currentIndexChanged.connect(lambda _: self._tell(name, box.currentData()))
        return box

    def _number(self, name: str, field: Any, kind: type, optional: bool) -> QSpinBox | QDoubleSpinBox:
        least, most = _bounds(field, kind)
        box: QSpinBox | QDoubleSpinBox
        if kind is float:
            box = _Decimal()
            box.setDecimals(2)
            box.setSingleStep(0.05)
        else:
            box = _Whole()
        # The value below the least stands for None.
        below = least - box.singleStep() if optional else least
        box.setRange(below, most)  # type: ignore[arg-type]
        if optional:
            box.setSpecialValueText(_automatic())
        box.setKeyboardTracking(False)  # only what is finished counts
        box.setFixedWidth(FIELD_WIDTH)
        box.lineEdit().setTextMargins(8, 0, 0, 0)  # what a style sheet says of its padding is not heard
        box.valueChanged.connect(
            lambda value: self._tell(name, None if optional and value <= below + 1e-9 else value)
        )
        return box

    def _tell(self, name: str, value: object) -> None:
        if not self._filling:
            self._changed(name, value)


class _Quiet:
    """The wheel scrolls the page and changes nothing on the way."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _Whole(_Quiet, QSpinBox): ...


class _Decimal(_Quiet, QDoubleSpinBox):
    def textFromValue(self, value: float) -> str:
        """Without noughts at the end."""
        return self.locale().toString(value, "g", 6)


class _Choice(_Quiet, QComboBox): ...


def _automatic() -> str:
    """What stands for None: the program chooses."""
    return translate("common", "automatic")


def _kind(annotation: Any) -> tuple[type, bool]:
    """The type of a field, and whether it may be None."""
    if get_origin(annotation) in (Union, UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
        return kinds[0], True
    return get_origin(annotation) or annotation, False


def _bounds(field: Any, kind: type) -> tuple[float, float]:
    least, most = -math.inf, math.inf
    for bound in field.metadata:
        least = max(least, getattr(bound, "ge", -math.inf), getattr(bound, "gt", -math.inf) + 0.01)
        most = min(most, getattr(bound, "le", math.inf), getattr(bound, "lt", math.inf))
    largest = 2**31 - 1 if kind is int else 1e9
    return max(least, -largest), min(most, largest)

"""Sliders for a computer that is not this one: more or less memory, another graphics card, a longer talk."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QGridLayout, QSlider

from assistant.models.fit.records import WhatIf
from ui.common import quantities
from ui.common.buttons_and_labels import Button, Card, IconLabel, Label, restyle
from ui.common.layouts import hbox, vbox
from ui.common.translation import arg, translate
from ui.models import descriptions

GB = 10**9
"""Bytes."""
MEMORY = tuple(GB * size for size in (2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256))
"""Stops of the slider, in bytes."""
DEVICE = tuple(GB * size for size in (0, 2, 4, 6, 8, 10, 12, 16, 24, 32, 48, 80))
"""Stops of the slider, in bytes of a graphics card's own memory."""
CONTEXT = (2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072)
"""Stops of the slider, in tokens."""
AUTOMATIC = CONTEXT[2]
"""Where the slider stands while nobody has moved it."""


class WhatIfCard(Card):
    changed = Signal()
    closed = Signal()
    """The person goes back to this computer as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = _Slider(translate("models", "Memory"), MEMORY, quantities.size)
        self.device = _Slider(translate("models", "Graphics card"), DEVICE, _card_size)
        self.context = _Slider(translate("models", "Remembers"), CONTEXT, descriptions.pages)
        self.hint = Label("", "second", wrap=True)
        self.warning = IconLabel("warning", "warn")
        self.back = Button(
            translate("models", "Back to this computer"), self.close_card, icon="arrow-counter-clockwise"
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for line, slider in enumerate((self.memory, self.device, self.context)):
            grid.addWidget(Label(slider.accessibleName()), line, 0)
            grid.addWidget(slider, line, 1)
            grid.addWidget(slider.value_label, line, 2)
            slider.moved.connect(self._moved)
        below = hbox(self.warning, (self.hint, 1), self.back, spacing=8)
        vbox(grid, below, parent=self, spacing=8, margins=(20, 16, 16, 12))
        self._show()

    def show_computer(self, memory: int, device: int) -> None:
        """How this computer is; sliders that were not moved stand there. Bytes."""
        text = translate("models", "%1, as it is", "the memory of this computer")
        self.memory.set_default(memory, arg(text, quantities.size(memory)))
        self.device.set_default(device, arg(text, _card_size(device)))
        self.context.set_default(AUTOMATIC, translate("models", "automatic"))

    @property
    def imagined(self) -> WhatIf | None:
        """None as long as no slider was moved."""
        found = WhatIf(self.memory.chosen, self.device.chosen, self.context.chosen)
        return None if found == WhatIf() else found

    def close_card(self) -> None:
        for slider in (self.memory, self.device, self.context):
            slider.reset()
        self._show()
        self.closed.emit()

    def _moved(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        imagined = self.imagined is not None
        as_it_is = translate(
            "models",
            "What would run on another computer, or with longer conversations? Move a slider to see.",
        )
        warning = translate(
            "models", "This is another computer. What you see below does not apply to this one."
        )
        self.hint.setText(warning if imagined else as_it_is)
        self.hint.set_kind("warn" if imagined else "second")
        self.warning.setVisible(imagined)
        self.setProperty("imagined", "true" if imagined else "false")
        restyle(self)


class _Slider(QSlider):
    """One of a few values; `chosen` is None until a person moves it."""

    moved = Signal()

    def __init__(self, name: str, stops: Sequence[int], format: Callable[[int], str]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._stops = stops
        self._format = format
        self._default = (0, "")
        self._resetting = False
        self.chosen: int | None = None
        self.value_label = Label("", "second")
        self.value_label.setMinimumWidth(100)
        self.setRange(0, len(stops) - 1)
        self.setPageStep(1)
        self.setAccessibleName(name)
        self.setMinimumWidth(48)
        self.valueChanged.connect(self._move)

    def set_default(self, value: int, text: str) -> None:
        nearest = min(range(len(self._stops)), key=lambda place: abs(self._stops[place] - value))
        self._default = nearest, text
        if self.chosen is None:
            self.reset()

    def reset(self) -> None:
        place, text = self._default
        self._resetting = True
        self.setValue(place)
        self._resetting = False
        self.chosen = None
        self._say(text)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # it scrolls the page

    def _move(self, place: int) -> None:
        if not self._resetting:
            self.chosen = self._stops[place]
            self._say(self._format(self.chosen))
            self.moved.emit()

    def _say(self, text: str) -> None:
        self.value_label.setText(text)
        self.setAccessibleDescription(text)


def _card_size(octets: int) -> str:
    return quantities.size(octets) if octets else translate("models", "none", "graphics card")

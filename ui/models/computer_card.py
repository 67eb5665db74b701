"""This computer in plain words, and who has its memory."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from assistant.models.fit.records import Computer
from ui.common import formatting
from ui.common.buttons_and_labels import Button, Card, IconButton, Label
from ui.common.flow_layout import FlowLayout
from ui.common.layouts import NO_MARGINS, clear, hbox, vbox
from ui.common.paragraphs import Paragraphs
from ui.common.translation import translate
from ui.models import descriptions
from ui.models.memory_bar import MemoryBar, MemoryPart


class ComputerCard(Card):
    what_if_wanted = Signal()
    measurements_wanted = Signal()
    """What was predicted and measured is to be seen."""
    measure_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sentence = Paragraphs(translate("models", "Checking this computer…"))
        self.memory = MemoryBar()
        self.devices = vbox(spacing=8)
        self.what_if = Button(
            translate("models", "What if…"), self.what_if_wanted.emit, kind="link", icon="sliders-horizontal"
        )
        self.what_if.setAccessibleName(translate("models", "What if: sliders for another computer"))
        self.measurements = Button(
            translate("models", "Predicted and measured"),
            self.measurements_wanted.emit,
            kind="link",
            icon="check",
        )
        self.measure = IconButton(
            "arrows-clockwise",
            translate("models", "Measure this computer again"),
            self.measure_wanted.emit,
            size=16,
        )
        links = FlowLayout(4)
        links.addWidget(self.what_if)
        links.addWidget(self.measurements)
        self._below = QWidget()
        bottom = Qt.AlignmentFlag.AlignBottom
        hbox((links, 1), (self.measure, 0, bottom), parent=self._below, margins=NO_MARGINS)
        above = vbox(self.sentence, self.memory, self.devices, spacing=12, margins=(8, 0, 8, 0))
        vbox(above, self._below, parent=self, spacing=12, margins=(12, 16, 12, 8))
        self.memory.hide()
        self._below.hide()

    def show_computer(self, computer: Computer) -> None:
        hardware = computer.hardware
        self.sentence.set_text(descriptions.computer(computer))
        self.memory.show()
        self._below.show()
        used = max(0, hardware.memory_total - hardware.memory_available)
        ours = min(computer.ours, used)
        free = translate("models", "Free", "memory")
        self.memory.show_parts(
            MemoryPart(translate("models", "System and other programs"), used - ours, "text2"),
            MemoryPart(translate("models", "This program"), ours, "accent"),
            MemoryPart(free, hardware.memory_available, "border"),
        )
        clear(self.devices)
        for device in computer.devices:
            if device.usable and not device.shared and device.total:
                bar = MemoryBar()
                bar.show_parts(
                    MemoryPart(translate("models", "In use"), device.total - device.free, "text2"),
                    MemoryPart(free, device.free, "border"),
                )
                self.devices.addWidget(Label(formatting.name(device.name), "second"))
                self.devices.addWidget(bar)

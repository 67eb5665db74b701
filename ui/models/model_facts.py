"""What is known of a chat model, line by line."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from assistant.chat.records import ModelInfo
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import Label, Paragraphs
from ui.models import descriptions


class ModelFacts(QScrollArea):
    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("About the model")

    def show_model(self, info: ModelInfo) -> None:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(16, 8, 16, 16)
        layout.setSpacing(16)
        if info.note:
            layout.addWidget(Paragraphs(formatting.one_line(info.note)))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(facts(info)):
            grid.addWidget(Label(name, "second"), row, 0, Qt.AlignmentFlag.AlignTop)
            label = Label(value, wrap=True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setAccessibleName(f"{name}: {value}")
            grid.addWidget(label, row, 1)
        layout.addLayout(grid)
        layout.addStretch(1)
        self.setWidget(inside)


def facts(info: ModelInfo) -> list[tuple[str, str]]:
    """Names and values, the plain ones first."""
    found = [
        ("File", formatting.file_name(info.path)),
        ("In the folder", formatting.name(str(Path(info.path).parent))),
        ("Weights", quantities.size(info.size)),
        (
            "Remembers",
            f"{descriptions.pages(info.context)} of the talk ({quantities.number(info.context)} tokens)",
        ),
    ]
    if info.reading_speed:
        found.append(("Reads", f"{info.reading_speed:.0f} tokens a second"))
    if info.writing_speed:
        found.append(("Writes", f"{info.writing_speed:.1f} tokens a second"))
    if info.thinks:
        found.append(("Thinks", "It can think before it answers; the thoughts are folded away."))
    if info.adapter:
        found.append(("Adapter", formatting.file_name(info.adapter)))
    found += [
        ("Architecture", formatting.name(info.architecture)),
        ("Parameters", descriptions.parameters(info.parameters)),
        ("Trained for", f"{quantities.number(info.trained_context)} tokens"),
        ("Threads", str(info.threads)),
        (
            "On the graphics card",
            quantities.count(info.gpu_layers, "layer") if info.gpu_layers else "nothing",
        ),
        ("Cache", formatting.name(info.kv_type)),
    ]
    return found

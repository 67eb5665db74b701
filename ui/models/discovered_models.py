"""Models that other programs have on this computer, each to be used where it lies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from assistant.models.records import DiscoveredModel
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import Button, Card, ElidedLabel, Label, Paragraphs
from ui.models import descriptions

NOTHING = (
    "Nothing was found that is not on the list already. Models of other programs are looked for in the "
    "places where these keep them; a file elsewhere can be dropped on the Models page."
)


class DiscoveredView(QScrollArea):
    use_wanted = Signal(list)
    """Paths."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Models found on this computer")
        self._used: set[str] = set()
        self.buttons: list[Button] = []

    def show_found(self, found: Sequence[DiscoveredModel]) -> None:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(16, 8, 16, 16)
        layout.setSpacing(12)
        self.buttons = []
        if not found:
            layout.addWidget(Paragraphs(NOTHING))
        else:
            layout.addWidget(Paragraphs("They are used where they lie: nothing is copied or changed."))
        for one in found:
            layout.addWidget(self._card(one))
        if len(found) > 1:
            all_of_them = Button("Use all here", lambda: self._use([one.path for one in found]))
            layout.addWidget(all_of_them, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        self.setWidget(inside)

    def _card(self, found: DiscoveredModel) -> Card:
        card = Card()
        name = formatting.name(found.name)
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(12)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(ElidedLabel(name, "strong"))
        facts = (quantities.size(found.size), descriptions.KINDS[found.kind], formatting.name(found.where))
        texts.addWidget(Label(" · ".join(fact for fact in facts if fact), "second", wrap=True))
        texts.addWidget(ElidedLabel(formatting.name(found.path), "small"))
        row.addLayout(texts, 1)
        use = Button("Use here", lambda: self._use([found.path]))
        use.setAccessibleName(f"Use {name} here")
        use.setProperty("path", found.path)
        self.buttons.append(use)
        row.addWidget(use)
        return card

    def _use(self, paths: Iterable[str]) -> None:
        wanted = [path for path in paths if path not in self._used]
        self._used.update(wanted)
        for button in self.buttons:
            if button.property("path") in self._used:
                button.setEnabled(False)
                button.setText("On the list")
        if wanted:
            self.use_wanted.emit(wanted)

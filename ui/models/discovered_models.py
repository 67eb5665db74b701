"""Models that other programs have on this computer, each to be used in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal

from assistant.models.files.records import DiscoveredModel
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import Button, Card, ElidedLabel, Label
from ui.common.layouts import Item, hbox, vbox
from ui.common.paragraphs import Paragraphs
from ui.common.side_panel import PanelView
from ui.common.translation import arg, translate
from ui.models import descriptions


class DiscoveredView(PanelView):
    use_wanted = Signal(list)
    """Paths."""

    def __init__(self) -> None:
        super().__init__(translate("models", "Models found on this computer"))
        self._used: set[str] = set()
        self.buttons: list[Button] = []

    def show_models(self, models: Sequence[DiscoveredModel]) -> None:
        self.buttons = []
        introduction = (
            translate("models", "They are used in place: nothing is copied or changed.")
            if models
            else translate(
                "models",
                "No other models were found. The usual folders of other programs were "
                "searched; a model kept elsewhere can be dropped on the Models page.",
            )
        )
        items: list[Item] = [Paragraphs(introduction), *map(self._card, models)]
        if len(models) > 1:
            paths = [model.path for model in models]
            use_all = Button(translate("models", "Use all here"), lambda: self._use(paths))
            items.append((use_all, 0, Qt.AlignmentFlag.AlignLeft))
        self.show_column(*items)

    def _card(self, model: DiscoveredModel) -> Card:
        card = Card()
        name = formatting.name(model.name)
        facts = (quantities.size(model.size), descriptions.kind(model.kind), formatting.name(model.where))
        about = Label(" · ".join(fact for fact in facts if fact), "second", wrap=True)
        path = ElidedLabel(formatting.name(model.path), "small")
        texts = vbox(ElidedLabel(name, "strong"), about, path, spacing=4)
        use = Button(translate("models", "Use here"), lambda: self._use([model.path]))
        use.setAccessibleName(arg(translate("models", "Use %1 here"), name))
        use.setProperty("path", model.path)
        self.buttons.append(use)
        hbox((texts, 1), use, parent=card, spacing=12, margins=(16, 12, 12, 12))
        return card

    def _use(self, paths: Iterable[str]) -> None:
        wanted = [path for path in paths if path not in self._used]
        self._used.update(wanted)
        for button in self.buttons:
            if button.property("path") in self._used:
                button.setEnabled(False)
                button.setText(translate("models", "On the list"))
        if wanted:
            self.use_wanted.emit(wanted)

"""The models that are here, and below them those that can be got: good ones, slow ones, too big ones."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from assistant.models.fit.records import Pick
from ui.common import quantities
from ui.common.buttons_and_labels import Button, IconButton, Label
from ui.common.layouts import hbox, vbox
from ui.common.translation import arg, translate
from ui.models.card_data import CardGroup, ModelRow
from ui.models.model_filter import FilterRow
from ui.models.model_list import ModelList

MOST_AT_FIRST = 12
"""Models that run well of which cards are shown before somebody asks for all of them."""


class ModelSections(QWidget):
    discover_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.installed = ModelList(translate("models", "Models on this computer"))
        self.lists = {group: ModelList(heading(group)) for group in CardGroup}
        self.filters = FilterRow()
        self.filters.changed.connect(self._filter)
        nothing = translate(
            "models", "No chat model is here yet. Download one below, or drop a model file on this page."
        )
        self.nothing_here = Label(nothing, "second", wrap=True)
        self.find_others = Button(
            translate("models", "Find others"), self.discover_wanted.emit, kind="link", icon="binoculars"
        )
        find = translate("models", "Find models that other programs have on this computer")
        self.find_others.setToolTip(find)
        self.find_others.setAccessibleName(find)
        self.none_fits = Label("", "second", wrap=True)
        self.show_more = Button(translate("models", "Show all"), self._show_all_good, kind="link")
        self.clear_filter = Button(translate("models", "Show all"), self.filters.clear, kind="link")
        self.good_heading = Label(heading(CardGroup.GOOD), "heading", wrap=True)
        self.folds = {group: _FoldingHeading() for group in (CardGroup.SLOW, CardGroup.TOO_BIG)}
        self._picks: list[tuple[Pick, ModelRow]] = []
        self._imagined = False
        self._all_good = False
        """Shown are all that run well, not only the first few."""
        self._build()

    def all_lists(self) -> tuple[ModelList, ...]:
        return (self.installed, *self.lists.values())

    def show_installed(
        self, rows: Sequence[ModelRow], built_in: Sequence[ModelRow], *, any_chats: bool, hidden: bool
    ) -> None:
        """The models of this computer, which are `hidden` while another one is imagined.

        Args:
            built_in: below them, what the program itself has.
            any_chats: whether one of them is for chat.
        """
        self.installed.rows.show([*rows, *built_in])
        self._here.setVisible(not hidden)
        self.installed.setVisible(bool(rows or built_in))
        self.nothing_here.setVisible(not any_chats)

    def show_picks(self, picks: Sequence[tuple[Pick, ModelRow]], *, imagined: bool) -> None:
        """What can be got, each with its card, in the picker's order."""
        ids = {pick.entry.id for pick, _ in self._picks}
        if ids != {pick.entry.id for pick, _ in picks}:
            self.filters.show_entries(pick.entry for pick, _ in picks)
        self._picks, self._imagined = list(picks), imagined
        self._filter()

    def _filter(self) -> None:
        """Show those that the filter lets through."""
        grouped: dict[CardGroup, list[ModelRow]] = {group: [] for group in CardGroup}
        for pick, row in self._picks:
            if self.filters.fits(pick.entry):
                grouped[_group(pick)].append(row)
        filtered, good = self.filters.active, len(grouped[CardGroup.GOOD])
        if not filtered and not self._all_good and good > MOST_AT_FIRST:
            grouped[CardGroup.GOOD] = grouped[CardGroup.GOOD][:MOST_AT_FIRST]
        self.show_more.setVisible(len(grouped[CardGroup.GOOD]) < good)
        self.show_more.setText(arg(translate("models", "Show all %1"), quantities.number(good)))
        for group, view in self.lists.items():
            view.rows.show(grouped[group])
        self.good_heading.setText(heading(CardGroup.GOOD, imagined=self._imagined))
        self.lists[CardGroup.GOOD].setVisible(bool(grouped[CardGroup.GOOD]))
        for group, fold in self.folds.items():
            recommended = any(row.badge for row in grouped[group])
            title = heading(group, imagined=self._imagined)
            fold.show_title(title, len(grouped[group]), open_=recommended)
            fold.setVisible(bool(grouped[group]))
            self.lists[group].setVisible(bool(grouped[group]) and fold.open)
        any_fits = any(grouped.values())
        self.none_fits.setText(
            translate("models", "No model matches your search.")
            if filtered
            else translate("models", "No listed model runs well here. Look at the smaller ones below.")
        )
        self.none_fits.setVisible(not any_fits if filtered else not grouped[CardGroup.GOOD])
        self.clear_filter.setVisible(filtered and not any_fits)

    def mark_chosen(self, id: str) -> None:
        for view in self.all_lists():
            view.mark_chosen(id)

    # --- how it is put together

    def _build(self) -> None:
        left = Qt.AlignmentFlag.AlignLeft
        here = Label(translate("models", "On this computer"), "heading", wrap=True)
        self._here = QWidget()
        vbox(
            hbox((here, 1), self.find_others),
            self.nothing_here,
            self.installed,
            parent=self._here,
            spacing=8,
            margins=(0, 0, 0, 8),
        )
        layout = vbox(
            self._here,
            hbox((self.good_heading, 1), self.filters.search),
            self.filters,
            self.none_fits,
            (self.clear_filter, 0, left),
            self.lists[CardGroup.GOOD],
            (self.show_more, 0, left),
            parent=self,
            spacing=8,
            margins=(0, 8, 0, 0),
        )
        for group, fold in self.folds.items():
            fold.toggled.connect(self._show_folded)
            layout.addWidget(fold)
            layout.addWidget(self.lists[group])
            self.lists[group].hide()
        layout.addStretch(1)

    def _show_all_good(self) -> None:
        self._all_good = True
        self._filter()

    def _show_folded(self) -> None:
        for group, fold in self.folds.items():
            self.lists[group].setVisible(fold.open and not fold.isHidden())


class _FoldingHeading(QWidget):
    """A heading that shows and hides what stands below it."""

    toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.open = False
        self._was_toggled = False
        """By a person, who has the last word."""
        self._title = ""
        self.button = IconButton("caret-right", translate("models", "Show"), self.toggle, size=16)
        self.heading = Button("", self.toggle, kind="quiet")
        self.heading.setProperty("words", "heading")
        self.heading.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        hbox(self.button, self.heading, 1, parent=self, spacing=0, margins=(0, 8, 0, 0))

    def toggle(self) -> None:
        self._was_toggled = True
        self._show(not self.open)
        self.toggled.emit()

    def _show(self, open_: bool) -> None:
        self.open = open_
        self.button.set_icon("caret-down" if open_ else "caret-right")
        self.button.rename(
            arg(translate("models", "Hide: %1") if open_ else translate("models", "Show: %1"), self._title)
        )

    def show_title(self, title: str, number: int, *, open_: bool) -> None:
        """`open_`: whether it is open as long as nobody has toggled it."""
        self._title = f"{title} ({quantities.number(number)})"
        self.heading.setText(self._title)
        self._show(self.open if self._was_toggled else open_)


def _group(pick: Pick) -> CardGroup:
    if not pick.fits:
        return CardGroup.TOO_BIG
    return CardGroup.GOOD if pick.comfortable else CardGroup.SLOW


def heading(group: CardGroup, *, imagined: bool = False) -> str:
    """Over models that can be got, for this computer or for one that is imagined."""
    return {
        CardGroup.GOOD: (
            translate("models", "Good here"),
            translate("models", "Good on another computer"),
        ),
        CardGroup.SLOW: (
            translate("models", "Possible here, but slow"),
            translate("models", "Possible on another computer, but slow"),
        ),
        CardGroup.TOO_BIG: (
            translate("models", "Too big here"),
            translate("models", "Too big for another computer"),
        ),
    }[group][imagined]

"""What a card says of a model: one that is here, or one that can be got."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant import languages
from assistant.jobs import Progress
from assistant.models.records import Installed, Measured, ModelKind, Outlook, Pick, Problem
from ui.common import formatting, quantities
from ui.models import descriptions

MOST_LANGUAGES = 3
"""So many are named on a card."""


class CardAction(StrEnum):
    """What a card offers first."""

    USE = "Use"
    GET = "Get"
    HOW = "How to get it"
    GO_ON = "Go on"
    AGAIN = "Try again"
    STOP = "Stop"
    MENU = "More"


class Tone(StrEnum):
    """How the last line of a card is meant."""

    PLAIN = "text2"
    WARN = "warn"
    ERROR = "error"


_TROUBLE = {Tone.WARN: "link-break", Tone.ERROR: "warning-circle"}
"""Icons in the place of the model's own."""


class CardGroup(StrEnum):
    """Where a model stands that can be got."""

    GOOD = "good"
    SLOW = "slow"
    TOO_BIG = "too big"


@dataclass(frozen=True, slots=True)
class Getting:
    """A download that goes on, or that ended before its end."""

    report: Progress | None = None
    problem: Problem | None = None
    stopped: bool = False
    earlier: bool = False
    """It was begun when the program ran before: the person is asked again before it goes on."""

    @property
    def runs(self) -> bool:
        return self.problem is None and not self.stopped


@dataclass(frozen=True, slots=True)
class ModelRow:
    id: str
    """Of the entry, or of the installed model."""
    name: str
    icon: str
    beside: str = ""
    """Small, beside the name."""
    badge: str = ""
    about: str = ""
    figures: str = ""
    tone: Tone = Tone.PLAIN
    share: float | None = None
    """How much of it has come, while it comes."""
    deed: CardAction | None = None
    state: str = ""
    """Words in the place of a button: "In use"."""

    def spoken(self) -> str:
        """For a screen reader."""
        parts = (self.name, self.badge, self.state, self.beside, self.about, self.figures)
        offered = f"{self.deed.value} with the space bar" if self.deed else ""
        return ", ".join(part.rstrip(".") for part in (*parts, offered) if part)


def group_of(pick: Pick) -> CardGroup:
    if not pick.fits:
        return CardGroup.TOO_BIG
    return CardGroup.GOOD if pick.comfortable else CardGroup.SLOW


def pick_row(
    pick: Pick,
    *,
    here: ModelRow | None,
    allowed: bool,
    getting: Getting | None = None,
    where: str = "here",
) -> ModelRow:
    """Of a model that can be got.

    Args:
        here: the card of the same model in the library.
        allowed: whether it may be downloaded.
        where: in which computer it is best.
    """
    entry = pick.entry
    figures = pick.sentence if pick.comfortable else pick.why_not or pick.sentence
    tone, share = Tone.PLAIN, None
    deed: CardAction | None = None
    if pick.fits:  # what is too big can be got with the menu
        deed = CardAction.GET if allowed else CardAction.HOW
    state = ""
    if here is not None and here.deed is not CardAction.AGAIN:
        deed, share = here.deed, here.share
        state = here.state or ("" if deed else "Here")
        figures = here.figures if share is not None else figures
    elif getting is not None:
        deed = CardAction.STOP if getting.runs else CardAction.AGAIN if getting.problem else CardAction.GO_ON
        if getting.problem is not None:
            figures, tone = descriptions.problem(getting.problem), Tone.ERROR
        elif getting.stopped:
            figures = f"Stopped at {descriptions.amount(getting.report)}. It goes on where it was."
        else:
            figures, share = descriptions.progress(getting.report), descriptions.share(getting.report)
    return ModelRow(
        id=entry.id,
        name=formatting.name(entry.name),
        icon=_TROUBLE.get(tone) or descriptions.ICONS[entry.kind],
        beside=descriptions.beside_name(entry),
        badge=descriptions.best_for(pick.recommended_for, where),
        about=descriptions.sentence(entry.about),
        figures=descriptions.sentence(figures),
        tone=tone,
        share=share,
        deed=deed,
        state=state,
    )


def installed_row(
    model: Installed,
    *,
    in_use: bool,
    loading: int | None = None,
    measured: Measured | None = None,
    predicted: str = "",
    problem: Problem | None = None,
) -> ModelRow:
    """Of a model that is here.

    Args:
        loading: percent of it that are loaded; -1 while that is not known, None where it is not loading.
        measured: what it took when it was loaded last.
        predicted: what it would take, in words.
        problem: what a check found.
    """
    figures, tone, share = predicted, Tone.PLAIN, None
    deed: CardAction | None = CardAction.USE if model.kind is ModelKind.CHAT and not in_use else None
    if loading is not None:
        figures = f"Loading, {loading} %" if loading >= 0 else "Loading"
        deed, share = CardAction.STOP, max(0, loading) / 100
    elif model.missing:
        figures, tone, deed = _missing(model), Tone.WARN, CardAction.AGAIN
    elif problem is not None:
        figures, tone = descriptions.problem(problem), Tone.ERROR
    elif measured is not None:
        figures = descriptions.came_true(measured) or predicted
    return ModelRow(
        id=model.id,
        name=formatting.name(model.name),
        icon=_TROUBLE.get(tone) or descriptions.ICONS[model.kind],
        beside=quantities.size(model.size) if model.size else "",
        about=descriptions.sentence(model.note) or _what_it_is(model),
        figures=descriptions.sentence(figures),
        tone=tone,
        share=share,
        deed=deed,
        state="In use" if in_use else "",
    )


def _what_it_is(model: Installed) -> str:
    named = [languages.name(code) for code in model.languages if code != languages.MANY][:MOST_LANGUAGES]
    return descriptions.what_it_is(model, [*named, "more"] if len(model.languages) > len(named) else named)


def _missing(model: Installed) -> str:
    if model.linked:
        return f"Its file is gone from {formatting.name(model.path)}. Connect its disk, or remove it here."
    return "Its file is gone from the folder of the models. Add it again, or remove it here."


def prediction(model: Installed, pick: Pick | None, outlook: Outlook | None, free: int) -> str:
    """What a model that is here will take, in words; "" where nobody knows."""
    if pick is not None:
        return pick.sentence if pick.fits else pick.why_not
    if outlook is None or model.kind is not ModelKind.CHAT:
        return ""
    return descriptions.fit(outlook.fit, free, outlook.speed)

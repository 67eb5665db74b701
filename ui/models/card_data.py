"""What a model's card shows, and what it offers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ui.common.translation import arg, translate


class CardAction(StrEnum):
    USE = "use"
    USE_FOR_SEARCH = "use-for-search"
    """Of what searches documents."""
    GET = "get"
    GET_BY_HAND = "get-by-hand"
    RESUME = "resume"
    RETRY = "retry"
    STOP = "stop"
    MENU = "menu"
    """Of all that can be done; it has an icon and no label."""

    @property
    def label(self) -> str:
        return {
            CardAction.USE: translate("models", "Use"),
            CardAction.USE_FOR_SEARCH: translate("models", "Use for searching"),
            CardAction.GET: translate("models", "Download"),
            CardAction.GET_BY_HAND: translate("models", "How to download it"),
            CardAction.RESUME: translate("models", "Resume"),
            CardAction.RETRY: translate("models", "Try again"),
            CardAction.STOP: translate("models", "Stop"),
        }[self]


class Tone(StrEnum):
    """How the last line of a card is meant."""

    PLAIN = "text2"
    WARN = "warn"
    ERROR = "error"


class CardGroup(StrEnum):
    """How a model that can be got would run."""

    GOOD = "good"
    SLOW = "slow"
    TOO_BIG = "too-big"


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
    fraction: float | None = None
    """How much of it has come, while it comes."""
    action: CardAction | None = None
    """What the card offers first."""
    state: str = ""
    """Words in the place of a button: "In use"."""

    def accessible_text(self) -> str:
        parts = [self.name, self.badge, self.state, self.beside, self.about, self.figures]
        if self.action:
            parts.append(arg(translate("models", "%1 with the space bar"), self.action.label))
        return ", ".join(part.rstrip(".") for part in parts if part)

"""Graphics devices: what the system reports, joined with what the chat engine can use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.graphics_cards import GraphicsCard, cards
from assistant.models.fit.records import Device
from assistant.workers.child import CallContext

UNUSABLE = "This build of the program cannot use it; the processor does the work."
"""Note of a card that the chat engine does not know."""

_NAMES = {
    "NVIDIA": ("nvidia", "geforce", "quadro", "tesla"),
    "AMD": ("amd", "radeon"),
    "Intel": ("intel", "iris"),
}
"""What is in the names of a maker's cards, in small letters."""


class SystemDevices:
    """Asks the system; runs in a process of its own, because a driver may hang."""

    def __init__(self, emit: object) -> None:
        pass

    def cards(self, context: CallContext) -> tuple[GraphicsCard, ...]:
        return cards()


def join(engine: Sequence[Device], system: Sequence[GraphicsCard]) -> tuple[Device, ...]:
    """Every device once: those of the engine first, then the cards that it does not know.

    What is free is what both say is free: the engine may not see what other programs take.
    """
    left = list(system)
    found = []
    for device in engine:
        card = _same(device, left)
        if card is not None:
            left.remove(card)
            if card.free:
                device = replace(device, free=min(device.free, card.free))
        found.append(device)
    for card in left:
        found.append(
            Device(card.name, card.total, card.free, shared=card.shared, usable=False, note=UNUSABLE)
        )
    return tuple(found)


def _same(device: Device, cards: Sequence[GraphicsCard]) -> GraphicsCard | None:
    """The card that this device is: of the same maker, the one whose memory is nearest in size."""
    name = device.name.casefold()
    alike = [card for card in cards if any(word in name for word in _NAMES.get(card.vendor, ()))]
    exact = [card for card in alike if card.name.casefold() in name or name in card.name.casefold()]
    return min(exact or alike, key=lambda card: abs(card.total - device.total), default=None)

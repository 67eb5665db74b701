"""What a computer can do, in words for somebody who has never thought about memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.models.catalog.records import Task
from assistant.models.files.records import ModelKind
from assistant.models.fit.records import Computer, Pick
from ui.common import quantities
from ui.common.translation import arg, listed, translate
from ui.models import descriptions

if TYPE_CHECKING:
    from assistant.services import Services

TASKS = (Task.CHAT, Task.SPEECH, Task.TRANSLATION)
"""What a model can be got for in the first run."""
_FAST, _SLOW = 6.0, 3.5
"""Words a second that are more, and less, than most people read."""
_ROOMY = 3
"""So many times the size of the recommended models is plenty of room on the disk."""


@dataclass(frozen=True, slots=True)
class Prospects:
    """What models would mean on this computer."""

    computer: Computer
    picks: tuple[Pick, ...]

    def recommended(self, task: Task) -> Pick | None:
        return next((pick for pick in self.picks if task in pick.recommended_for), None)

    @property
    def largest(self) -> int:
        """Bytes of the largest chat model that runs well or is recommended; 0 if none is."""
        return _largest(pick for pick in self.picks if pick.comfortable or Task.CHAT in pick.recommended_for)

    @property
    def largest_fitting(self) -> int:
        """Bytes of the largest chat model that runs at all."""
        return _largest(pick for pick in self.picks if pick.fits)

    @property
    def download(self) -> int:
        """Bytes of the models that are recommended."""
        picks = [self.recommended(task) for task in TASKS]
        return sum({pick.entry.id: pick.entry.size for pick in picks if pick is not None}.values())


def look(services: Services) -> Prospects:
    """Measures this computer first if that was never done, which takes some seconds.

    Raises:
        AssistantError: it could not be measured, or the catalogue is damaged.
    """
    services.models.recommended(Task.CHAT)
    return Prospects(services.models.computer(), services.models.picks())


def memory(computer: Computer) -> str:
    """ "8 GB of memory"."""
    total = computer.hardware.memory_total
    if not total:
        return translate("first_run", "Memory")
    return arg(translate("first_run", "%1 of memory"), quantities.size(total))


def processor(computer: Computer) -> str:
    """ "A processor with 4 cores, and a graphics card"."""
    cores = computer.hardware.physical_cores
    if not cores:
        return translate("first_run", "Processor")
    if any(device.usable for device in computer.devices):
        return translate("first_run", "A processor with %n core(s), and a graphics card", None, cores)
    return translate("first_run", "A processor with %n core(s)", None, cores)


def disk(computer: Computer) -> str:
    """ "64 GB free on the disk"."""
    return arg(translate("first_run", "%1 free on the disk"), quantities.size(computer.hardware.disk_free))


def what_fits(prospects: Prospects) -> str:
    """Which models the memory is good for."""
    can = listed([_ability(task) for task in TASKS if prospects.recommended(task) is not None])
    if prospects.largest and can:
        text = translate("first_run", "Good for models of up to about %1: %2.", "a size, and chat")
        return arg(text, quantities.size(prospects.largest), can)
    if prospects.largest_fitting:
        text = translate("first_run", "Enough for models of up to about %1. Small ones are best here.")
        return arg(text, quantities.size(prospects.largest_fitting))
    return translate(
        "first_run", "Too little is free for a chat model now. Asking documents works without one."
    )


def how_fast(prospects: Prospects) -> str:
    """What the recommended chat model would do, compared with people."""
    pick = prospects.recommended(Task.CHAT)
    if pick is None or pick.speed is None:
        return translate("first_run", "Chat would be slow here. Asking documents is quick on any computer.")
    words = pick.speed.writing * descriptions.WORDS_PER_TOKEN
    if words >= _FAST:
        text = translate("first_run", "A chat model writes about %1 here, faster than most people read.")
    elif words >= _SLOW:
        text = translate("first_run", "A chat model writes about %1 here, about as fast as people read.")
    else:
        text = translate("first_run", "A chat model writes about %1 here: slowly, but it can be used.")
    return arg(text, descriptions.pace(pick.speed.writing))


def room_on_disk(prospects: Prospects) -> str:
    """Whether the recommended models have room."""
    free, needed = prospects.computer.hardware.disk_free, prospects.download
    if not needed:
        return translate("first_run", "Documents take little: they are not copied.")
    if free >= _ROOMY * needed:
        return translate("first_run", "Plenty of room for models. Your documents are not copied.")
    if free > needed:
        text = translate("first_run", "Enough for the recommended models, %1 together.")
    else:
        text = translate(
            "first_run", "Too little for all recommended models, %1 together. Documents need none."
        )
    return arg(text, quantities.size(needed))


def _ability(task: Task) -> str:
    return {
        Task.CHAT: translate("first_run", "chat"),
        Task.SPEECH: translate("first_run", "dictation"),
        Task.TRANSLATION: translate("first_run", "translation"),
    }[task]


def _largest(picks: Iterable[Pick]) -> int:
    return max((pick.entry.size for pick in picks if pick.entry.kind is ModelKind.CHAT), default=0)

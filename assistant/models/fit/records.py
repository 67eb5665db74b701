"""What models take and do on a computer. Sizes in bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.hardware import Hardware
from assistant.models.catalog.records import CatalogEntry, Task

PAGE_TOKENS = 700
"""Tokens of a printed page of English: about 500 words."""


@dataclass(frozen=True, slots=True)
class Device:
    """A graphics device. Sizes in bytes."""

    name: str
    total: int
    free: int
    shared: bool = False
    """Its memory is the computer's own."""
    usable: bool = True
    """By the chat engine as it was built."""
    note: str = ""
    """Why not, for a person; "" if it is usable."""


@dataclass(frozen=True, slots=True)
class AvailableMemory:
    """What there is to run in. Bytes."""

    memory_total: int
    memory_free: int
    devices: tuple[Device, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """How a chat model is loaded."""

    context: int
    kv_type: str = "f16"
    """"f16", "q8_0" or "q4_0"."""
    gpu_layers: int = 0
    """The output counts as one."""
    batch: int = 512
    """Tokens that are read at once."""
    threads: int = 1
    flash_attention: bool | None = None
    """None: where it can be had."""
    whole_window: bool = False
    """Layers with a sliding window keep everything all the same, so that a conversation can go on from any
    place in it without being read again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person has fixed of a setting. None: the program chooses."""

    context: int | None = None
    kv_type: str | None = None
    gpu_layers: int | None = None
    batch: int | None = None
    threads: int | None = None
    flash_attention: bool | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a model takes with a setting, in bytes: each part wherever it lies, and the sums by place."""

    weights: int
    kv: int
    """KV cache and recurrent state of the whole context."""
    compute: int
    overhead: int
    """The process itself, its libraries, its tables."""
    projector: int
    processor: int
    """Of all that, in the computer's own memory."""
    devices: tuple[int, ...] = ()
    """Of all that, on each device."""

    @property
    def total(self) -> int:
        return self.processor + sum(self.devices)


class Place(StrEnum):
    DEVICE = "device"
    """All of it on graphics devices."""
    SHARED = "shared"
    """Partly on them, the rest with the processor."""
    PROCESSOR = "processor"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a model fits, with the best setting that does; for NOWHERE with the smallest one."""

    place: Place
    setting: Setting
    estimate: Estimate
    reason: str
    """One sentence for a person: why there, or why not."""

    @property
    def fits(self) -> bool:
        return self.place is not Place.NOWHERE


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second."""

    reading: float
    writing: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a chat model would mean on a computer."""

    fit: Fit
    speed: Speed | None
    """None where it does not fit, or nothing was measured yet."""


@dataclass(frozen=True, slots=True)
class MeasuredPace:
    """What this computer does in a second, measured with the chat engine's own arithmetic."""

    threads: int
    bytes_read: tuple[tuple[str, float], ...]
    """By type of tensor: bytes of a matrix that is multiplied with one vector."""
    operations: tuple[tuple[str, float], ...]
    """By type of tensor: multiplications and additions in a product with many vectors."""
    step_seconds: float = 0.0
    """What each step of a layer costs, however small it is."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What was measured on this computer as a share of what had been predicted."""

    memory: float = 1.0
    reading: float = 1.0
    writing: float = 1.0


@dataclass(frozen=True, slots=True)
class Probe:
    """What the chat engine says of this computer."""

    devices: tuple[Device, ...]
    pace: MeasuredPace
    instructions: tuple[str, ...]
    """Instruction sets that it makes use of, e.g. "AVX2"."""


@dataclass(frozen=True, slots=True)
class Computer:
    """What this computer has now."""

    hardware: Hardware
    devices: tuple[Device, ...]
    pace: MeasuredPace | None
    """None: not measured yet."""
    ours: int
    """Bytes that this program holds, its engines included."""
    returnable: int
    """Of those, what idle engines would give back to a model that is loaded."""
    used_instructions: tuple[str, ...] = ()
    """Instruction sets that the chat engine makes use of; empty: not looked at, or no engine."""

    @property
    def room(self) -> AvailableMemory:
        return AvailableMemory(
            self.hardware.memory_total, self.hardware.memory_available + self.returnable, self.devices
        )


@dataclass(frozen=True, slots=True)
class WhatIf:
    """An imagined change of this computer. None: as it is."""

    memory: int | None = None
    """Bytes in all."""
    device_memory: int | None = None
    """Bytes in all, of one graphics card; 0 for none."""
    context: int | None = None
    """Tokens."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A model with what it would mean on a computer."""

    entry: CatalogEntry
    fit: Fit | None
    """Of a chat model; None for others, of which only the memory is looked at."""
    speed: Speed | None
    fits: bool
    comfortable: bool
    """Fits, and answers fast enough to read along."""
    sentence: str
    """"takes 5.1 of 11.2 GB free, about 9 words a second, good at English and Spanish"."""
    recommended_for: tuple[Task, ...] = ()
    why_not: str = ""
    """One sentence where it is not comfortable."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a chat model took and did on this computer, beside what had been expected."""

    path: str
    name: str
    setting: Setting
    predicted: int
    """Bytes."""
    measured: int
    """Bytes, at their most."""
    predicted_speed: Speed
    measured_speed: Speed
    """0 where it was not measured yet."""
    when: float
    """Seconds since 1970."""
    corrections: Corrections = Corrections()
    """Those that the predictions were made with."""

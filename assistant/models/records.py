"""What is known of models: those that can be got, those that are here, and what they will take."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from assistant.hardware import Hardware

PAGE_TOKENS = 700
"""Of a printed page of English: about 500 words."""


class ModelKind(StrEnum):
    """Which engine a model is for."""

    CHAT = "chat"
    ADAPTER = "adapter"
    """A LoRA, which goes on top of a chat model."""
    PROJECTOR = "projector"
    """What sees pictures, beside a chat model."""
    SPEECH = "speech"
    TRANSLATION = "translation"
    EMBEDDING = "embedding"
    RERANKING = "reranking"


class Task(StrEnum):
    """What a person wants done."""

    CHAT = "chat"
    DOCUMENTS = "documents"
    CODE = "code"
    PICTURES = "pictures"
    SPEECH = "speech"
    TRANSLATION = "translation"


# --- what a chat model is made of ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attention:
    """Layers that keep the past alike: so many values per layer and token."""

    layers: int
    key: int
    """Values kept as keys: heads times width; the compressed ones where attention is latent."""
    value: int
    window: int = 0
    """Tokens that are looked back at; 0 for all."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the arithmetic of memory and speed needs of a model. Sizes in bytes."""

    architecture: str
    layers: int
    embedding: int
    heads: int
    feed_forward: int
    """Width of a layer's inner side; with experts, of all that answer for a token together."""
    vocabulary: int
    trained_context: int
    attention: tuple[Attention, ...]
    weights: int
    """All tensors."""
    input_weights: int = 0
    """The table of tokens, which always stays with the processor."""
    output_weights: int = 0
    """The last step; 0 where the table of tokens serves for it."""
    expert_weights: int = 0
    """Of all experts together."""
    experts: int = 0
    experts_used: int = 0
    """For each token."""
    state: int = 0
    """What layers without attention keep of the past, however long it is."""
    types: tuple[tuple[str, int], ...] = ()
    """Bytes by the tensors' type ("q4_K", "f16", …), largest first."""
    projector: int = 0
    """What sees pictures, a file of its own beside the model."""
    table_type: str = ""
    """Type of the table of tokens."""
    query: int = 0
    """Values that all heads of a layer ask with; 0: as many as the embedding has."""
    head: int = 0
    """Divides the widths of all keys and values: fewer bits are only had where it is a multiple of 32."""
    mixer: int = 0
    """Width of the inner side of layers that keep a state."""
    merges: int | None = None
    """Pairs that the tokenizer joins; None: not known."""


# --- where it is to run ------------------------------------------------------------------------------------


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
    threads: int = 1
    flash_attention: bool | None = None
    """None: where it can be had."""
    whole_window: bool = False
    """Layers that look back at a window keep all the same, so that a conversation can go on from any place
    in it without being read again."""


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
    """Keys, values and other state of the whole context."""
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

    @property
    def room(self) -> AvailableMemory:
        return AvailableMemory(
            self.hardware.memory_total, self.hardware.memory_available + self.returnable, self.devices
        )


@dataclass(frozen=True, slots=True)
class WhatIf:
    """An imagined change of this computer. None: as it is. Bytes, bytes, tokens."""

    memory: int | None = None
    """In all."""
    device_memory: int | None = None
    """In all, of one graphics card; 0 for none."""
    context: int | None = None


# --- what can be got ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model as it is offered."""

    name: str
    """Relative to the model's folder."""
    address: str
    """Full https address."""
    size: int = 0
    """Bytes; 0 where it is not known for certain."""
    sha256: str = ""
    """"" where it is not known: then it is recorded at the first download."""


@dataclass(frozen=True, slots=True)
class Licence:
    name: str
    """Its short name, e.g. "Apache-2.0"."""
    commercial: bool
    """Whether it may be used for commercial work."""
    note: str = ""
    """What a person should know before they use it; mostly ""."""


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """A model of the catalogue, in one quantisation."""

    id: str
    name: str
    maker: str
    kind: ModelKind
    tasks: tuple[Task, ...]
    """What it is good for, best first."""
    languages: tuple[str, ...]
    """ISO 639 codes of those that it is good at; "mul" for many. Of a pair for translation: from, to."""
    licence: Licence
    source: str
    """Address of the page that the facts are from."""
    released: str
    """Year and month, "2025-04"."""
    files: tuple[ModelFile, ...]
    size: int
    """Bytes of all files; computed from the shape where no source states it."""
    parameters: int
    active_parameters: int
    """Those that work on a token: fewer than all with experts."""
    quantisation: str
    about: str
    """One plain sentence on what it is good for."""
    shape: Shape | None = None
    """Of chat models."""
    memory: int = 0
    """What other models take when they work, in bytes."""
    size_computed: bool = False
    """No source states the size of all files."""
    sources: tuple[str, ...] = field(default=(), compare=False)
    """Where its shape and its size are from."""


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


# --- what is here ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Installed:
    """A model of the library."""

    id: str
    name: str
    kind: ModelKind
    path: str
    """The file or folder that the engine is given; of a split model, its first part."""
    size: int
    linked: bool
    """It lies elsewhere and is used in place."""
    missing: bool = False
    """Its file is gone, or its disk is not connected."""
    entry: str = ""
    """Id in the catalogue; "" for the person's own."""
    sha256: str = ""
    """Of the file, or of the list of files of a folder; "" until it was computed."""
    languages: tuple[str, ...] = ()
    architecture: str = ""
    """Of an adapter, that of the chat models which it goes on top of."""
    shape: Shape | None = None
    note: str = ""
    """What a person should know about it."""
    added: float = 0.0
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class DiscoveredModel:
    """A model somewhere on this computer that the library does not hold yet."""

    path: str
    name: str
    kind: ModelKind
    size: int
    where: str
    """Whose folder it is, e.g. "Ollama"."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a chat model took and did on this computer, beside what had been expected."""

    path: str
    name: str
    setting: Setting
    predicted: int
    measured: int
    """Bytes, at their most."""
    predicted_speed: Speed
    measured_speed: Speed
    """0 where it was not measured yet."""
    when: float
    """Seconds since 1970."""
    corrections: Corrections = Corrections()
    """Those that the predictions were made with."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as it is shown: see errors.AssistantError."""

    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class AddedModels:
    models: tuple[Installed, ...]
    already: tuple[Installed, ...] = ()
    """Those that the library held before."""
    refused: tuple[tuple[str, Problem], ...] = ()
    """Paths, and why."""


@dataclass(frozen=True, slots=True)
class Verified:
    model: Installed
    problem: Problem | None
    """None: every byte is as it was when it was added."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What goes along with models to another computer."""

    documents: bool = False
    chats: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """What was written to a folder for another computer, or taken from one."""

    folder: str
    models: tuple[Installed, ...]
    documents: bool
    chats: bool
    size: int
    """Bytes."""
    refused: tuple[Problem, ...] = ()
    """What was not taken over, and why."""


# --- downloads ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DownloadsState:
    allowed: bool
    by: str = ""
    """Who forbids them: "settings", "environment" or "administrator"; "" if nobody does."""
    why: str = ""
    """One sentence for a person."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One download, as the person is asked to confirm it."""

    entry: CatalogEntry
    host: str
    size: int
    """Bytes that are still to come."""
    disk_free: int
    problem: Problem | None = None
    """Why it cannot be had now."""


@dataclass(frozen=True, slots=True)
class UnfinishedDownload:
    """A download that was stopped or cut off: what came of it waits, and goes on from there."""

    entry: CatalogEntry
    done: int
    """Bytes that are here."""

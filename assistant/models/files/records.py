"""What a model's file says of it, and models that were found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ModelKind(StrEnum):
    """Which engine a model is for."""

    CHAT = "chat"
    ADAPTER = "adapter"
    """A LoRA, which goes on top of a chat model."""
    PROJECTOR = "projector"
    """What sees pictures, beside a chat model."""
    SPEECH = "speech"
    SPEAKER_SEGMENTATION = "speaker-segmentation"
    """Hears where another one begins to speak."""
    SPEAKER_EMBEDDING = "speaker-embedding"
    """Describes a voice, by which a speaker is known again."""
    TRANSLATION = "translation"
    RECOGNITION = "recognition"
    """A language in which text in pictures is recognised."""
    EMBEDDING = "embedding"
    RERANKING = "reranking"


@dataclass(frozen=True, slots=True)
class Attention:
    """Layers whose KV caches are alike: so many values per layer and token."""

    layers: int
    key: int
    """Values kept as keys: heads times width; the compressed ones where attention is latent."""
    value: int
    """Values kept as values; 0 where attention is latent."""
    window: int = 0
    """Tokens that are attended to (sliding window attention); 0 for all."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the arithmetic of memory and speed needs of a model. Sizes in bytes."""

    architecture: str
    layers: int
    embedding: int
    heads: int
    feed_forward: int
    """Width of a layer's inner side; with experts, of all that are used for a token together."""
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
    """Recurrent state of layers without attention."""
    types: tuple[tuple[str, int], ...] = ()
    """Bytes by the tensors' type ("q4_K", "f16", …), largest first."""
    projector: int = 0
    """What sees pictures, with what it works in: a file of its own beside the model."""
    table_type: str = ""
    """Type of the table of tokens."""
    query: int = 0
    """Values of a layer's query, all heads together; 0: as many as the embedding has."""
    head: int = 0
    """Divides the widths of all keys and values: they are quantised only where it is a multiple of 32."""
    mixer: int = 0
    """Width of the inner side of layers with a recurrent state."""
    merges: int | None = None
    """Pairs that the tokenizer merges; None: not known."""


@dataclass(frozen=True, slots=True)
class Projector:
    """What a projector's header says: whose pictures it makes readable, and what that takes."""

    kind: str
    """As llama.cpp names it: "gemma3", "qwen2.5vl_merger"."""
    width: int
    """Of what it hands over: the embedding of the chat models that it fits; 0 where it is not told."""
    name: str
    """What the file calls the model that it belongs to; "" where it says nothing."""
    sees: bool
    """Pictures; some only hear."""
    weights: int
    """Bytes."""
    working: int
    """Bytes that looking at a large picture takes besides."""

    @property
    def memory(self) -> int:
        return self.weights + self.working


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
class SortedPaths:
    """What a person gave, apart."""

    models: tuple[str, ...]
    """Of a model in parts, its first."""
    others: tuple[str, ...]
    recordings: tuple[str, ...] = ()
    """Of sound or video; among the others where nobody looked for them."""

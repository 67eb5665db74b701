"""What the makers say of a chat model's layers → the numbers that its memory and speed are estimated from.

For models that are not here yet, of which no header can be read. The weights of each part are counted, and
brought to the size that the file is known to have; where that is not known, the count is the size.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.models.files.records import Attention, Shape
from assistant.models.files.tensor_types import BITS


@dataclass(frozen=True, slots=True)
class _Mix:
    """Types of a file's parts; of one that has several, each of them has as large a share."""

    table: str
    """Of tokens."""
    tied: str
    """Of the table of tokens where it serves for the output as well."""
    output: str
    mixed: tuple[str, ...]
    """The layers' values, and the ways out of their inner sides."""
    experts: tuple[str, ...]
    rest: str


_MIXES = {
    # A sixth of the experts' weights are in that half of their ways out which has more bits.
    "Q4_K_M": _Mix("q4_K", "q6_K", "q6_K", ("q6_K", "q4_K"), ("q6_K", *["q4_K"] * 5), "q4_K"),
    "Q8_0": _Mix("q8_0", "q8_0", "q8_0", ("q8_0",), ("q8_0",), "q8_0"),
    "Q4_0": _Mix("q4_0", "q6_K", "q6_K", ("q4_0",), ("q4_0",), "q4_0"),
    "MXFP4": _Mix("q8_0", "q8_0", "q8_0", ("q8_0",), ("mxfp4",), "q8_0"),
}
"""As llama.cpp mixes them (`llama_tensor_get_type` in its llama-quant.cpp)."""

_TOKEN = 40
"""Bytes that a file's header has for each token of the vocabulary."""
_STATE_BYTES = 4
"""Of a number of a recurrent state."""


def shape(facts: Mapping[str, Any], quantisation: str, file_size: int = 0, projector: int = 0) -> Shape:
    """What the arithmetic needs of a model.

    Args:
        facts: as in resources/models.json.
        file_size: bytes of the model's file; 0 where it is not known.
        projector: bytes that what sees pictures takes beside it.

    Raises:
        KeyError: a fact is missing, or the quantisation is not known.
    """
    return _Facts(facts, quantisation).shape(file_size, projector)


class _Facts:
    def __init__(self, facts: Mapping[str, Any], quantisation: str) -> None:
        self._facts = facts
        self._mix = _MIXES[quantisation]
        self._embedding: int = facts["n_embd"]
        self._layers: int = facts["n_layer"]
        self._key: int = facts["head_dim"]
        self._value: int = facts.get("value_dim", self._key)
        self._counts = self._weights_by_part()

    def shape(self, file_size: int, projector: int) -> Shape:
        facts = self._facts
        plain = self._bytes(*self._counts)
        header = facts["vocab"] * _TOKEN
        scale = (file_size - header) / plain.total() if file_size else 1.0
        inputs, outputs = ("table",), ("output",)
        if "layer tables" in self._counts:  # of which the table of tokens is read whole for the output
            inputs, outputs = ("layer tables",), ("table",)
        full = self._full_attention_facts()
        key = full.get("whole_head_dim", self._key)
        return Shape(
            architecture=facts["architecture"],
            layers=self._layers,
            embedding=self._embedding,
            heads=facts["n_head"],
            feed_forward=max(facts["n_ff"], facts.get("n_expert_used", 0) * facts.get("n_ff_expert", 0)),
            vocabulary=facts["vocab"],
            trained_context=facts["context"],
            attention=self._attention(),
            weights=round(plain.total() * scale),
            input_weights=round(self._bytes(*inputs).total() * scale),
            output_weights=round(self._bytes(*outputs).total() * scale),
            expert_weights=round(self._bytes("experts").total() * scale),
            experts=facts.get("n_expert", 0),
            experts_used=facts.get("n_expert_used", 0),
            state=self._state(),
            types=tuple((kind, round(size * scale)) for kind, size in plain.most_common()),
            projector=projector,
            table_type=self._types("table")[0],
            query=facts["n_head"] * key,
            head=math.gcd(key, self._value),
            mixer=self._mixer(),
        )

    # --- weights by part

    def _weights_by_part(self) -> Counter[str]:
        facts, embedding = self._facts, self._embedding
        counts: Counter[str] = Counter()
        counts["table"] = facts["vocab"] * embedding
        if not facts.get("tied"):
            counts["output"] = counts["table"]
        whole = self._full_attention_layers()
        with_attention = self._attention_layers()
        for layers, group in ((with_attention - whole, {}), (whole, self._full_attention_facts())):
            self._count_attention(counts, layers, group)
        mixing = self._layers - with_attention
        if "ssm" in facts:
            ssm = facts["ssm"]
            mixed = ssm["inner"] + 2 * ssm["groups"] * ssm["state"]
            counts["rest"] += mixing * (embedding * (mixed + 2 * ssm["inner"]) + mixed * ssm["conv"])
        elif "conv_cache" in facts:
            counts["rest"] += mixing * embedding * (4 * embedding + facts["conv_cache"])
        self._count_inner(counts)
        if width := facts.get("per_layer"):
            counts["layer tables"] = facts["vocab"] * width * self._layers
            counts["rest"] += 3 * embedding * width * self._layers
        return counts

    def _count_attention(self, counts: Counter[str], layers: int, group: Mapping[str, Any]) -> None:
        facts, embedding = self._facts, self._embedding
        width = group.get("whole_head_dim", self._key)
        kv_heads = group.get("whole_head_kv", facts["n_head_kv"])
        query = facts["n_head"] * width
        if rank := facts.get("kv_lora_rank"):
            rope = facts["rope_dims"]
            made = facts["n_head"] * (width - rope + self._value)
            counts["rest"] += layers * (embedding * (query + rank + rope) + rank * made)
            counts["rest"] += layers * facts["n_head"] * self._value * embedding
            return
        asked = 2 * query if facts.get("gated") else query
        counts["rest"] += layers * embedding * (asked + kv_heads * width + query)
        counts["mixed"] += layers * embedding * kv_heads * self._value_width(width)

    def _value_width(self, key: int) -> int:
        return self._value if key == self._key else key

    def _count_inner(self, counts: Counter[str]) -> None:
        facts, embedding = self._facts, self._embedding
        experts = facts.get("n_expert", 0)
        dense = facts.get("dense_layers", 0) if experts else self._layers
        inner = embedding * facts["n_ff"] * (dense + facts.get("wide_layers", 0))
        if experts:
            sparse = self._layers - dense
            counts["experts"] = 3 * embedding * facts["n_ff_expert"] * experts * sparse
            counts["rest"] += embedding * experts * sparse
            inner += embedding * facts.get("n_ff_shared", 0) * sparse
        counts["rest"] += 2 * inner
        counts["mixed"] += inner

    def _types(self, part: str) -> tuple[str, ...]:
        mix = self._mix
        return {
            "table": (mix.tied if self._facts.get("tied") else mix.table,),
            "layer tables": (mix.tied,),
            "output": (mix.output,),
            "mixed": mix.mixed,
            "experts": mix.experts,
            "rest": (mix.rest,),
        }[part]

    def _bytes(self, *parts: str) -> Counter[str]:
        """By type."""
        sizes: Counter[str] = Counter()
        for part in parts:
            types = self._types(part)
            for kind in types:
                sizes[kind] += round(self._counts[part] * BITS[kind] / 8 / len(types))
        return sizes

    # --- what is kept

    def _attention_layers(self) -> int:
        layers: int = self._facts.get("attention_layers", self._layers)
        return layers

    def _full_attention_facts(self) -> dict[str, Any]:
        """What is different in layers that look back at everything."""
        return {name: value for name, value in self._facts.items() if name.startswith("whole_")}

    def _full_attention_layers(self) -> int:
        every: int = self._facts.get("whole_every", 0)
        return self._attention_layers() // every if every else self._attention_layers()

    def _attention(self) -> tuple[Attention, ...]:
        facts = self._facts
        layers = min(facts.get("kv_layers", self._layers), self._attention_layers())
        window = facts.get("window", 0)
        if not window:
            return (Attention(layers, facts["n_head_kv"] * self._key, facts["n_head_kv"] * self._value),)
        every = facts.get("whole_every", 0)
        whole = layers // every if every else 0
        heads = facts.get("whole_head_kv", facts["n_head_kv"])
        width = facts.get("whole_head_dim", self._key)
        near = facts["n_head_kv"] * self._key
        return (
            Attention(layers - whole, near, near, window),
            Attention(whole, heads * width, heads * width),
        )

    def _state(self) -> int:
        mixing = self._layers - self._attention_layers()
        if ssm := self._facts.get("ssm"):
            mixed = ssm["inner"] + 2 * ssm["groups"] * ssm["state"]
            return int(mixing * ((ssm["conv"] - 1) * mixed + ssm["state"] * ssm["inner"]) * _STATE_BYTES)
        if kernel := self._facts.get("conv_cache"):
            return int(mixing * self._embedding * (kernel - 1) * _STATE_BYTES)
        return 0

    def _mixer(self) -> int:
        if self._layers == self._attention_layers():
            return 0
        ssm = self._facts.get("ssm")
        return ssm["inner"] if ssm else self._embedding

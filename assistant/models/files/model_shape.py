"""The header of a chat model → the numbers that its memory and speed are estimated from.

What llama.cpp makes of a header is mirrored here: which layers have a KV cache, of how many tokens, and which
have a recurrent state instead (`load_arch_hparams` of each family in its src/models).
"""

from __future__ import annotations

import math
import re
from collections import Counter

from assistant.models.files.gguf import Header
from assistant.models.files.records import Attention, Shape

_FULL_EVERY = {
    "afmoe": 4, "cohere2": 4, "cohere2moe": -4, "exaone-moe": 4, "gemma2": 2, "gemma3": 6, "gemma3n": 5,
    "gpt-oss": 2, "laguna": -4, "llama4": 4, "mellum": 4, "muse-glimmer": 4, "olmo2": 4, "plamo3": 8,
    "smallthinker": -4,
}  # fmt: skip
"""Layers, the last of which attends to everything, the others to a window; the first where the number is
negative. By architecture, for files that do not say it themselves."""

_LISTED = ("gemma4", "granite-swa", "maple", "mimo2", "spark2-5", "step35")
"""Architectures whose files list the layers that have a window."""

_WINDOWS = {"gemma2": 4096, "llama4": 8192}
"""Tokens of the window, by architecture, where the file does not say it."""

_LAYERS_WITH_CACHE = {"gemma3n": 20}
"""By architecture: the layers after them share their KV caches."""

_TOKEN_TABLES = ("token_embd.weight", "per_layer_token_embd.weight")
_STATES = ("ssm_", "shortconv.", "time_mix_")
"""Beginnings of names of tensors of layers with a recurrent state."""
_STATE_BYTES = 4
"""Of a number of a recurrent state."""

_LAYER = re.compile(r"blk\.(\d+)\.(.+)")


def shape(header: Header) -> Shape:
    """What the arithmetic needs of a model; of an impossible header, too, it makes something."""
    return _HeaderNumbers(header).shape()


class _HeaderNumbers:
    def __init__(self, header: Header) -> None:
        self._header = header
        self._number = header.number
        self._layers = max(0, header.number("block_count") - header.number("nextn_predict_layers"))
        self._parts: dict[int, set[str]] = {}
        """Names of a layer's tensors."""
        for tensor in header.tensors:
            if found := _LAYER.match(tensor.name):
                self._parts.setdefault(int(found[1]), set()).add(found[2])
        heads = header.number("attention.head_count")
        width = header.number("embedding_length") // max(1, heads)
        self._key = header.number("attention.key_length", width)
        self._value = header.number("attention.value_length", width)

    def shape(self) -> Shape:
        number = self._number
        # The layers that guess the tokens after the next one are not loaded.
        used = [each for each in self._header.tensors if self._layer_of(each.name) < max(1, self._layers)]
        types: Counter[str] = Counter()
        for tensor in used:
            types[tensor.type] += tensor.bytes
        table = next((each for each in used if each.name == _TOKEN_TABLES[0]), None)
        latent = number("attention.key_length_mla") > 0
        return Shape(
            architecture=self._header.architecture,
            layers=self._layers,
            embedding=number("embedding_length"),
            heads=number("attention.head_count"),
            feed_forward=self._feed_forward(),
            vocabulary=table.shape[-1] if table else number("vocab_size"),
            trained_context=number("context_length"),
            attention=self._attention(latent),
            weights=types.total(),
            input_weights=sum(each.bytes for each in used if each.name in _TOKEN_TABLES),
            output_weights=sum(each.bytes for each in used if each.name == "output.weight"),
            expert_weights=sum(each.bytes for each in used if "_exps." in each.name),
            experts=number("expert_count"),
            experts_used=number("expert_used_count"),
            state=self._state(),
            types=tuple(types.most_common()),
            table_type=table.type if table else "",
            query=number("attention.head_count") * self._key,
            head=self._key if latent else math.gcd(self._key, self._value),
            mixer=self._mixer(),
            merges=self._merges(),
        )

    def _layer_of(self, name: str) -> int:
        found = _LAYER.match(name)
        return int(found[1]) if found else 0

    def _by_layer(self, key: str, otherwise: int) -> list[int]:
        """A number of each layer."""
        value = self._header.values.get(f"{self._header.architecture}.{key}")
        if isinstance(value, list):
            numbers = [each if isinstance(each, int) else 0 for each in value]
            return numbers + [0] * (self._layers - len(numbers))
        return [self._number(key, otherwise)] * self._layers

    # --- keys and values

    def _attention(self, latent: bool) -> tuple[Attention, ...]:
        number = self._number
        kv_heads = self._by_layer("attention.head_count_kv", number("attention.head_count"))
        windows = self._windows()
        kept: Counter[tuple[int, int, int]] = Counter()
        for layer in range(min(self._layers, self._layers_with_cache())):
            if not kv_heads[layer] or not self._has_attention(layer):
                continue
            key, value = self._key, self._value
            if windows[layer]:
                key = number("attention.key_length_swa", key)
                value = number("attention.value_length_swa", value)
            kept[kv_heads[layer] * key, 0 if latent else kv_heads[layer] * value, windows[layer]] += 1
        return tuple(Attention(count, *widths) for widths, count in kept.items())

    def _has_attention(self, layer: int) -> bool:
        parts = self._parts.get(layer)
        if parts is None:  # a header without tensors
            return True
        if any(part.startswith(("attn_k.", "attn_kv_a_mqa.", "attn_kv_b.")) for part in parts):
            return True
        joined = any(part.startswith("attn_qkv.") for part in parts)
        return joined and not any(part.startswith(_STATES) for part in parts)

    def _layers_with_cache(self) -> int:
        otherwise = _LAYERS_WITH_CACHE.get(self._header.architecture, self._layers)
        return otherwise - self._number("attention.shared_kv_layers")

    def _windows(self) -> list[int]:
        """How many tokens each layer attends to; 0 for all."""
        family = self._header.architecture
        size = self._number("attention.sliding_window", _WINDOWS.get(family, 0))
        listed = self._header.values.get(f"{family}.attention.sliding_window_pattern")
        every = _FULL_EVERY.get(family, 0)
        if family == "exaone4" and self._layers == 64:
            every = 4
        if family in ("llama4", "smallthinker") and size:
            size = {"llama4": 8192, "smallthinker": 4096}[family]
        if not size or not (every or family in (*_LISTED, "lfm2")):
            return [0] * self._layers
        if family == "lfm2":
            return [size] * self._layers
        if isinstance(listed, list):
            return [size if each else 0 for each in listed] + [0] * (self._layers - len(listed))
        if isinstance(listed, int) and listed:
            every = listed if every > 0 else -listed
        whole = 0 if every < 0 else abs(every) - 1
        return [0 if layer % abs(every) == whole else size for layer in range(self._layers)]

    # --- what is kept otherwise

    def _has_state(self, layer: int) -> bool:
        return any(part.startswith(_STATES) for part in self._parts.get(layer, ()))

    def _state(self) -> int:
        number = self._number
        embedding = number("embedding_length")
        inner, width = number("ssm.inner_size"), number("ssm.state_size")
        if wkv := number("wkv.head_size"):
            each = embedding * (number("token_shift_count", 2) + wkv)
        elif kernel := number("shortconv.l_cache"):
            each = embedding * (kernel - 1)
        elif head := number("kda.head_dim"):
            heads = number("attention.head_count")
            each = heads * head * (3 * (number("ssm.conv_kernel", 4) - 1) + head)
        else:
            mixed = inner + 2 * number("ssm.group_count") * width
            each = max(0, number("ssm.conv_kernel") - 1) * mixed + width * inner
        return sum(self._has_state(layer) for layer in range(self._layers)) * each * _STATE_BYTES

    def _mixer(self) -> int:
        if not any(self._has_state(layer) for layer in range(self._layers)):
            return 0
        return self._number("ssm.inner_size") or self._number("embedding_length")

    def _merges(self) -> int:
        merges = self._header.values.get("tokenizer.ggml.merges", 0)
        return len(merges) if isinstance(merges, list) else merges if isinstance(merges, int) else 0

    def _feed_forward(self) -> int:
        plain = self._number("feed_forward_length")
        used = self._number("expert_used_count")
        return max(plain, used * self._number("expert_feed_forward_length", plain))

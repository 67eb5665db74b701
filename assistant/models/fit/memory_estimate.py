"""What a chat model takes of memory, and the best setting in which it fits.

The sizes mirror what llama.cpp allocates: the KV cache as in its llama-kv-cache*.cpp, the buffers of a step
as its allocator lays them out (found by asking it with `no_alloc` for many shapes).
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant import quantities
from assistant.models.files.records import Shape
from assistant.models.fit.records import AvailableMemory, Device, Estimate, Fit, Place, Setting, Wanted

USUAL_CONTEXT = 8192
"""Tokens. Reading is slow without a graphics card: more is seldom filled, and it takes memory at once."""
SMALLEST_CONTEXT = 512
"""Tokens; the last that is tried."""
CONVERSATION = 4096
"""Tokens that hold a conversation; a smaller context is the last resort."""
OUTPUTS = 17
"""Tokens of a step whose logits are computed: one that is sampled, and those that prompt lookup drafted."""

LARGEST_COPY = 512 * 2**20
"""Bytes of the copy of a state that cannot be cut, so that a conversation can go on from before."""

KV_BYTES = {"f16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32}
"""Bytes of a value in the KV cache, by its type."""

_MIB = 2**20
_PADDING = 256
"""Tokens: the KV cache is a multiple of them."""

_PROCESS = 54 * _MIB
"""Bytes of the engine's process without a model: Python, the libraries, their tables."""
_TOKEN = 196
"""Bytes for a token of the vocabulary, with its probability at each step."""
_MERGE = 186
"""Bytes for a pair that the tokenizer merges."""
_DEVICE = 300 * _MIB
"""Bytes that a graphics device's own library takes on it."""

_SPARE = 256 * _MIB
"""Bytes of the computer's memory that stay free, at least."""
_SPARE_SHARE = 32
"""One part in so many of its memory stays free, if that is more."""
_DEVICE_SPARE = 512 * _MIB
"""Bytes of each graphics device that stay free."""
_ANY = Wanted()

_ARM = platform.machine().lower() in ("arm64", "aarch64")
REPACKED = {"q4_0", "q4_K", "iq4_nl", "q2_K", "mxfp4"} | ({"q5_K", "q6_K", "q8_0"} if _ARM else set())
"""Types of tensors that the processor's side of the engine keeps in an order of its own."""
_ROWS = 8
"""Rows that stand together in it."""

_STEP_SECONDS = 0.12
"""Of the largest product of matrices, by which the batch is chosen: Stop acts between two of them."""
_STEP_OPERATIONS = 20e9
"""Multiplications and additions that a thread of a slow computer does in a second."""


# --- what it takes -----------------------------------------------------------------------------------------


def estimate(
    shape: Shape, setting: Setting, devices: Sequence[Device] = (), correction: float = 1.0
) -> Estimate:
    """What a model takes with a setting.

    Args:
        devices: those that the setting's `gpu_layers` are spread over, by what is free on each.
        correction: what was measured on this computer as a share of what had been predicted.
    """
    kv = kv_bytes(shape, setting)
    if shape.mixer:  # such a state cannot be cut: the engine keeps a copy to go back to
        kv += min(kv, LARGEST_COPY)
    compute = _compute(shape, setting)
    overhead = _PROCESS + _vocabulary(shape)
    tied = not shape.output_weights
    layers = offloaded(shape, setting.gpu_layers) if devices else 0
    if not layers:
        repacked = shape.table_type in REPACKED and shape.vocabulary % _ROWS == 0
        copied = shape.input_weights if tied and repacked else 0
        processor = shape.weights + copied + kv + compute + overhead + shape.projector
        return Estimate(
            shape.weights + copied, kv, compute, overhead, shape.projector, int(processor * correction)
        )
    share = (layers - 1) / max(1, shape.layers)
    in_layers = shape.weights - shape.input_weights - shape.output_weights
    output = shape.output_weights or shape.input_weights
    there = (in_layers + kv) * share + output + shape.projector
    here = (in_layers + kv) * (1 - share) + shape.input_weights + overhead
    here += compute if share < 1 else _processor_buffers(shape, setting)
    spread = _device_shares(devices)
    on_devices = tuple(int(there * part) + compute + _DEVICE if part else 0 for part in spread)
    return Estimate(
        weights=shape.weights + (output if tied else 0),
        kv=kv,
        compute=compute,
        overhead=overhead + _DEVICE * sum(part > 0 for part in spread),
        projector=shape.projector,
        processor=int(here * correction),
        devices=on_devices,
    )


def _vocabulary(shape: Shape) -> int:
    merges = shape.vocabulary if shape.merges is None else shape.merges
    return shape.vocabulary * (_TOKEN + 4 * OUTPUTS) + merges * _MERGE


def kv_bytes(shape: Shape, setting: Setting) -> int:
    """The KV cache of the whole context, and what layers keep instead of one."""
    each = KV_BYTES[setting.kv_type]
    kept = sum(
        group.layers * _cells(group.window, setting) * (group.key + group.value) for group in shape.attention
    )
    return int(kept * each) + shape.state


def offloaded(shape: Shape, gpu_layers: int) -> int:
    """Layers that a number stands for: less than none for all of them. The output counts as one."""
    return shape.layers + 1 if gpu_layers < 0 else min(gpu_layers, shape.layers + 1)


def _cells(window: int, setting: Setting) -> int:
    """Tokens that a layer's KV cache has room for."""
    cells = _padded(setting.context)
    if not window or setting.whole_window:
        return cells
    return _padded(min(cells, window + min(setting.batch, cells)))


def _padded(tokens: int) -> int:
    return -(-tokens // _PADDING) * _PADDING


def _compute(shape: Shape, setting: Setting) -> int:
    """The buffers of a step, in which a batch goes through a layer."""
    batch = min(setting.batch, _padded(setting.context))
    embedding, inner = shape.embedding, shape.feed_forward
    query = shape.query or embedding
    latent = any(not group.value for group in shape.attention)
    gated = (3 if inner > 2 * embedding else 2.5) * inner + 4 * embedding
    attending = 3 * embedding + (2.5 if latent else 2) * query
    mixing = 7 * shape.mixer + embedding if shape.mixer else 0
    widest = max(gated, attending, mixing, shape.vocabulary * min(OUTPUTS, batch) / batch)
    if setting.flash_attention is False:  # all scores of all heads at once
        cells = max((_cells(group.window, setting) for group in shape.attention), default=0)
        widest = max(widest, 5.5 * embedding + cells * shape.heads)
    # A copy of what goes into a product, in fewer bits.
    copied = batch * max(inner, embedding, shape.mixer) * (2 if _has_wide_weights(shape) else 1.15)
    return int(4 * batch * widest + copied) + _attention_masks(shape, setting)


def _processor_buffers(shape: Shape, setting: Setting) -> int:
    """What the processor keeps of a step that is done elsewhere."""
    return 4 * setting.batch * shape.embedding + _attention_masks(shape, setting)


def _attention_masks(shape: Shape, setting: Setting) -> int:
    """Which token sees which."""
    batch = min(setting.batch, _padded(setting.context))
    each = 4 if setting.flash_attention is False else 2
    return sum(
        each * batch * _cells(window, setting) for window in {group.window for group in shape.attention}
    )


def _has_wide_weights(shape: Shape) -> bool:
    return bool(shape.types) and shape.types[0][0] in ("f16", "bf16", "f32")


def _device_shares(devices: Sequence[Device]) -> list[float]:
    """Share of each device, by what is free on it."""
    free = [max(0, device.free) if device.usable else 0 for device in devices]
    return [each / sum(free) for each in free] if any(free) else [1.0] + [0.0] * (len(free) - 1)


# --- where it fits -----------------------------------------------------------------------------------------


def best(shape: Shape, room: AvailableMemory, *, wanted: Wanted = _ANY, correction: float = 1.0) -> Fit:
    """The best setting with which a model fits, and where; it chooses what the person has not fixed.

    As much as fits goes to graphics devices, if the context still holds a conversation. Fewer bits for the
    KV cache come before a smaller context there; a processor takes many times as long to work with them, so
    that they come last.
    """
    devices = used_devices(room)
    smallest: Fit | None = None
    for place, setting in _settings(shape, wanted, devices):
        fit = _evaluated(shape, place, setting, room, devices, correction)
        if fit.fits:
            return fit
        if smallest is None or fit.estimate.total < smallest.estimate.total:
            smallest = fit
    assert smallest is not None
    return smallest


def spare(room: AvailableMemory) -> int:
    """Bytes that stay free for everything else, so that nothing is swapped out."""
    return max(_SPARE, room.memory_total // _SPARE_SHARE)


def batch_for(shape: Shape, threads: int, on_device: bool) -> int:
    """Tokens that are read at once."""
    if on_device:
        return 512
    product = 2 * max(1, shape.embedding) * max(shape.feed_forward, shape.embedding, 1)
    fits = int(threads * _STEP_OPERATIONS * _STEP_SECONDS / product)
    return max(32, min(512, 1 << max(0, fits.bit_length() - 1)))


def used_devices(room: AvailableMemory) -> tuple[Device, ...]:
    """Those that the engine spreads a model over: cards, or else what shares the computer's memory."""
    usable = tuple(device for device in room.devices if device.usable and device.total)
    return tuple(device for device in usable if not device.shared) or usable[:1]


def _settings(shape: Shape, wanted: Wanted, devices: Sequence[Device]) -> Iterator[tuple[Place, Setting]]:
    """What is tried, in order."""
    contexts = _contexts(shape, wanted)
    large = [context for context in contexts if context >= min(CONVERSATION, contexts[0])]
    for some in (large, contexts[len(large) :]):
        for place in _places(shape, wanted, devices):
            kinds = _kv_types(shape, wanted)
            tried = [(context, kind) for context in some for kind in kinds]
            if place is not Place.DEVICE:
                tried.sort(key=lambda each: kinds.index(each[1]))
            for context, kind in tried:
                for setting in _settings_at(shape, wanted, place, context, kind):
                    yield place, setting


def _places(shape: Shape, wanted: Wanted, devices: Sequence[Device]) -> list[Place]:
    if not devices or wanted.gpu_layers == 0:
        return [Place.PROCESSOR]
    if wanted.gpu_layers is None:
        return [Place.DEVICE, Place.SHARED, Place.PROCESSOR]
    return [Place.DEVICE if offloaded(shape, wanted.gpu_layers) > shape.layers else Place.SHARED]


def _settings_at(shape: Shape, wanted: Wanted, place: Place, context: int, kv_type: str) -> Iterator[Setting]:
    setting = Setting(
        context=context,
        kv_type=kv_type,
        batch=wanted.batch or batch_for(shape, wanted.threads or 1, place is not Place.PROCESSOR),
        threads=wanted.threads or 1,
        # Values of fewer bits are only read so.
        flash_attention=True
        if kv_type != "f16" and wanted.flash_attention is None
        else wanted.flash_attention,
    )
    if place is Place.PROCESSOR:
        if any(group.window for group in shape.attention):
            yield replace(setting, whole_window=True)
        yield setting
    elif place is Place.DEVICE:
        yield replace(setting, gpu_layers=shape.layers + 1)
    elif wanted.gpu_layers is not None:
        yield replace(setting, gpu_layers=offloaded(shape, wanted.gpu_layers))
    else:
        for layers in range(shape.layers, 1, -1):
            yield replace(setting, gpu_layers=layers)


def _contexts(shape: Shape, wanted: Wanted) -> list[int]:
    trained = shape.trained_context
    if wanted.context is not None:
        return [min(wanted.context, trained) if trained else wanted.context]
    contexts = [min(trained or USUAL_CONTEXT, USUAL_CONTEXT)]
    while contexts[-1] // 2 >= SMALLEST_CONTEXT:
        contexts.append(contexts[-1] // 2)
    return contexts


def _kv_types(shape: Shape, wanted: Wanted) -> list[str]:
    if wanted.kv_type is not None:
        return [wanted.kv_type]
    if shape.head % 32 or wanted.flash_attention is False or not shape.attention:
        return ["f16"]
    return ["f16", "q8_0"]


def _evaluated(
    shape: Shape,
    place: Place,
    setting: Setting,
    room: AvailableMemory,
    devices: Sequence[Device],
    correction: float,
) -> Fit:
    made = estimate(shape, setting, devices, correction)
    parts = list(zip(devices, made.devices, strict=False))
    here = made.processor + sum(part for device, part in parts if device.shared)
    fits = not room.memory_free or here + spare(room) <= room.memory_free
    fits = fits and all(part + _DEVICE_SPARE <= device.free for device, part in parts if part)
    if not fits:
        needed = quantities.size(here + spare(room))
        free = quantities.size(room.memory_free)
        reason = f"It needs at least {needed} of memory, and only {free} is free."
        return Fit(Place.NOWHERE, setting, made, reason)
    return Fit(place, setting, made, _reason(shape, place, setting, room, parts, here))


def _reason(
    shape: Shape,
    place: Place,
    setting: Setting,
    room: AvailableMemory,
    parts: Sequence[tuple[Device, int]],
    here: int,
) -> str:
    free = f" of {quantities.size(room.memory_free)} free" if room.memory_free else ""
    if place is Place.PROCESSOR:
        return f"It takes {quantities.size(here)}{free} and runs on the processor."
    names = " and ".join(device.name for device, part in parts if part)
    taken = quantities.size(sum(part for _, part in parts))
    there = quantities.size(sum(device.free for device, part in parts if part))
    if place is Place.DEVICE:
        return f"All of it fits on {names}: {taken} of {there} free."
    return (
        f"{setting.gpu_layers} of its {shape.layers + 1} layers fit on {names} ({taken} of {there} free), "
        f"the others take {quantities.size(here)}{free} of memory."
    )

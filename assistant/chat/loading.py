"""How a model is loaded: chosen from its header, this computer, and what the person asked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from assistant import hardware
from assistant.chat.records import LoadOptions
from assistant.errors import ModelTooLarge, UserInputError
from assistant.models.gguf import Header

KV_TYPES = {"f16": (1, 2.0), "q8_0": (8, 34 / 32), "q4_0": (2, 18 / 32)}
"""ggml's number of the type, and bytes a value."""

_USUAL_CONTEXT = 8192
"""Reading is slow without a graphics card: more is seldom filled, and it takes memory at once."""
_SMALLEST_CONTEXT = 512
_SPARE = 256 * 2**20
"""Bytes that stay free for everything else."""
_GPU_SPARE = 2**30

_STEP_SECONDS = 0.12
_STEP_FLOPS = 20e9
"""What a thread of a slow computer does in a second. Stop acts between two products of matrices, so that the
largest must be done soon: the batch is chosen so."""

_FLASH = {None: -1, False: 0, True: 1}


@dataclass(frozen=True, slots=True)
class Plan:
    context: int
    threads: int
    batch: int
    flash_attention: int
    """-1: where it can be had."""
    kv_type: str
    gpu_layers: int
    needed: int
    """Bytes."""

    @property
    def kv_number(self) -> int:
        return KV_TYPES[self.kv_type][0]


def plan(header: Header, options: LoadOptions, *, memory_free: int, gpu_free: Sequence[int] = ()) -> Plan:
    """Choose.

    Args:
        memory_free: bytes that may be taken; 0 if not known.
        gpu_free: bytes free on each device that the engine can use.

    Raises:
        ModelTooLarge: it does not fit, in numbers.
        UserInputError: an option is impossible.
    """
    _check(options)
    threads = options.threads or processors()
    trained = header.number("context_length", _USUAL_CONTEXT)
    batch = options.batch or _batch(header, threads, bool(gpu_free))
    gpu_layers = options.gpu_layers
    if gpu_layers is None:
        gpu_layers = _gpu_layers(header, gpu_free)
    on_gpu = _share_on_gpu(header, gpu_layers)

    def needed(context: int, kv_type: str) -> int:
        return int((header.size + kv_bytes(header, context, kv_type)) * (1 - on_gpu)) + _computing(
            header, batch
        )

    contexts = [min(trained, _USUAL_CONTEXT)]
    while contexts[-1] // 2 >= _SMALLEST_CONTEXT:
        contexts.append(contexts[-1] // 2)
    if options.context is not None:
        contexts = [min(options.context, trained) if trained else options.context]
    kinds = [options.kv_type] if options.kv_type is not None else _kinds(header)
    for context, kind in ((c, k) for c in contexts for k in kinds):
        size = needed(context, kind)
        if not memory_free or size + _SPARE <= memory_free:
            flash = _FLASH[options.flash_attention]
            if kind != "f16" and options.flash_attention is None:
                flash = 1  # values of fewer bits are only read so
            return Plan(context, threads, batch, flash, kind, gpu_layers, size)
    least = needed(contexts[-1], kinds[-1]) + _SPARE
    raise ModelTooLarge(
        f"{header.path.name} needs {hardware.gigabytes(least)} of memory, and "
        f"{hardware.gigabytes(memory_free)} are free.",
        "Close other programs, choose a smaller context, or choose a smaller model.",
        {"needed": least, "free": memory_free},
    )


def _kinds(header: Header) -> list[str]:
    """Types of the context's memory, best first. Those of fewer bits come in blocks of 32 values."""
    head = header.number("embedding_length") // max(1, header.number("attention.head_count", 1))
    widths = header.number("attention.key_length", head), header.number("attention.value_length", head)
    return ["f16", "q8_0"] if all(width % 32 == 0 for width in widths) else ["f16"]


def processors() -> int:
    """Cores that this process may use, without their hyper-threads."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(hardware.physical_cores(), allowed))


def kv_bytes(header: Header, context: int, kv_type: str) -> int:
    """Memory of the keys and values of so many tokens; an upper bound where layers are of several kinds."""
    layers = header.number("block_count", 1)
    heads = header.number("attention.head_count", 1)
    head = header.number("embedding_length") // max(1, heads)
    width = header.number("attention.key_length", head) + header.number("attention.value_length", head)
    each = header.values.get(f"{header.architecture}.attention.head_count_kv")
    kv_heads = sum(each) if isinstance(each, list) else (each if isinstance(each, int) else heads) * layers
    return int(context * kv_heads * width * KV_TYPES[kv_type][1])


def _computing(header: Header, batch: int) -> int:
    """Memory of a step, roughly, from above."""
    width = max(header.number("embedding_length"), header.number("feed_forward_length"))
    vocabulary = max(
        (t.shape[-1] for t in header.tensors if t.name.startswith(("output.", "token_embd."))), default=0
    )
    return 4 * (batch * width * 12 + vocabulary * batch) + 32 * 2**20


def _batch(header: Header, threads: int, gpu: bool) -> int:
    if gpu:
        return 512
    product = (
        2
        * header.number("embedding_length", 1)
        * max(header.number("feed_forward_length"), header.number("embedding_length", 1))
    )
    fits = int(threads * _STEP_FLOPS * _STEP_SECONDS / max(1, product))
    return max(32, min(512, 1 << max(0, fits.bit_length() - 1)))


def _gpu_layers(header: Header, gpu_free: Sequence[int]) -> int:
    """As many layers as fit on the devices, with the keys and values of the usual context."""
    free = sum(max(0, each - _GPU_SPARE) for each in gpu_free)
    layers = header.number("block_count", 1) + 1
    each = (header.size + kv_bytes(header, _USUAL_CONTEXT, "f16")) / layers
    return min(layers, int(free / each)) if each else 0


def _share_on_gpu(header: Header, gpu_layers: int) -> float:
    layers = header.number("block_count", 1) + 1
    return 1.0 if gpu_layers < 0 else min(1.0, gpu_layers / layers)


def _check(options: LoadOptions) -> None:
    if options.kv_type is not None and options.kv_type not in KV_TYPES:
        raise UserInputError(
            f"There is no kind of context memory named {options.kv_type!r}.",
            f"One of: {', '.join(KV_TYPES)}.",
        )
    for name, least, most in (("context", 64, 2**24), ("threads", 1, 1024), ("batch", 1, 8192)):
        value = getattr(options, name)
        if value is not None and not least <= value <= most:
            raise UserInputError(f"{name} cannot be {value}.", f"It may be from {least} to {most}.")

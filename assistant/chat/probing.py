"""What the chat engine can use of this computer, and how fast that is: a look of about half a second.

The speed is that of ggml's own products of matrices, in the order in which the engine keeps the weights, with
a matrix that is larger than the caches.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from assistant.chat.ggml import Ggml, InitParams
from assistant.models.records import Device, Pace, Probe

TYPES = {"q4_K": 12, "q6_K": 14, "q8_0": 8, "q4_0": 2, "mxfp4": 39, "f16": 1}
"""ggml's numbers of the usual types of tensors."""

_F32 = 0
_CPU, _GPU, _INTEGRATED = 0, 1, 2  # ggml_backend_dev_type

_INPUTS = 2048
_BYTES = 48 * 2**20
"""Of the matrix that one vector is multiplied with; more than the caches hold."""
_ROWS, _VECTORS = 1024, 64
"""Of a product with many vectors."""
_EVEN = 64
"""Rows come in multiples of this."""
_FILLING = 0x2A
"""This byte everywhere makes ordinary numbers of every type, scales included."""
_ROUNDS = 2
_SMALL, _STEPS = 64, 256
"""Rows of a product that costs next to nothing, and how many are done one after the other."""
_HEADERS = 2**20
"""Bytes for the descriptions of some hundred tensors."""


def probe(lib: Any, threads: int) -> Probe:
    """Look at it all."""
    ggml = Ggml(lib)
    processor = ggml.backend_dev_by_type(_CPU)
    return Probe(
        devices=tuple(devices(lib)),
        pace=_Measuring(ggml, processor, threads).pace(),
        instructions=tuple(name for name, value in ggml.features(processor) if value == "1"),
    )


def devices(lib: Any) -> Iterator[Device]:
    """Graphics devices that the engine, as it was built, can use."""
    if not lib.llama_supports_gpu_offload():
        return
    ggml = Ggml(lib)
    for index in range(ggml.backend_dev_count()):
        device = ggml.backend_dev_get(index)
        kind = ggml.backend_dev_type(device)
        if kind in (_GPU, _INTEGRATED):
            free, total = ctypes.c_size_t(0), ctypes.c_size_t(0)
            ggml.backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
            name = ggml.backend_dev_description(device).decode("utf-8", "replace").strip()
            yield Device(name, total.value, free.value, shared=kind == _INTEGRATED)


@dataclass(frozen=True, slots=True)
class _Product:
    """Ready to be computed."""

    graph: int
    bytes: int
    """Of the matrix."""


class _Measuring:
    def __init__(self, ggml: Ggml, device: int, threads: int) -> None:
        self._ggml = ggml
        self._device = device
        self._threads = threads
        self._plain: int = ggml.backend_dev_buffer_type(device)
        self._filling = ctypes.create_string_buffer(_BYTES)
        ctypes.memset(self._filling, _FILLING, _BYTES)

    def pace(self) -> Pace:
        self._backend = self._ggml.backend_dev_init(self._device, None)
        try:
            self._ggml.set_threads(self._device, self._backend, self._threads)
            read, done = [], []
            for name, kind in TYPES.items():
                home = self._home(kind)
                rows = _BYTES // self._ggml.row_size(kind, _INPUTS) // _EVEN * _EVEN
                with self._product(kind, _INPUTS, rows, 1, home) as product:
                    read.append((name, product.bytes / self._seconds(product)))
                with self._product(kind, _INPUTS, _ROWS, _VECTORS, home) as product:
                    done.append((name, _INPUTS * _ROWS * _VECTORS / self._seconds(product)))
            with self._product(_F32, _SMALL, _SMALL, 1, self._plain, repeated=_STEPS) as product:
                return Pace(self._threads, tuple(read), tuple(done), self._seconds(product) / _STEPS)
        finally:
            self._ggml.backend_free(self._backend)

    def _seconds(self, product: _Product) -> float:
        """Of the fastest of some rounds: meanwhile other programs may be at work."""
        taken = []
        for _ in range(1 + _ROUNDS):  # the first makes its buffers
            began = time.perf_counter()
            self._ggml.backend_graph_compute(self._backend, product.graph)
            taken.append(time.perf_counter() - began)
        return min(taken[1:])

    def _home(self, kind: int) -> int:
        """Where the engine lays a matrix of a type: in an order of its own, if there is one for it."""
        ggml = self._ggml
        for place in ggml.extra_buffer_types(self._device):
            with self._tensors() as (tensors, lay):
                matrix = ggml.new_tensor_2d(tensors, kind, _INPUTS, _EVEN)
                lay(matrix, place)
                product = ggml.mul_mat(tensors, matrix, ggml.new_tensor_2d(tensors, _F32, _INPUTS, 1))
                if ggml.backend_dev_supports_op(self._device, product):
                    return int(place)
        return self._plain

    @contextmanager
    def _product(
        self, kind: int, inputs: int, rows: int, vectors: int, home: int, *, repeated: int = 1
    ) -> Iterator[_Product]:
        """A matrix times so many vectors, and again times what comes out of it, so often."""
        ggml = self._ggml
        with self._tensors() as (tensors, lay):
            matrix = ggml.new_tensor_2d(tensors, kind, inputs, rows)
            last = ggml.new_tensor_2d(tensors, _F32, inputs, vectors)
            lay(matrix, home)
            lay(last, self._plain)
            for tensor in (matrix, last):
                ggml.backend_tensor_set(tensor, self._filling, 0, ggml.nbytes(tensor))
            for _ in range(repeated):
                last = ggml.mul_mat(tensors, matrix, last)
                lay(last, self._plain)
            graph = ggml.new_graph(tensors)
            ggml.build_forward_expand(graph, last)
            yield _Product(graph, ggml.nbytes(matrix))

    @contextmanager
    def _tensors(self) -> Iterator[tuple[int, Callable[[int, int], None]]]:
        """A place for descriptions of tensors, and what gives a tensor memory of a kind."""
        ggml = self._ggml
        tensors = ggml.init(InitParams(_HEADERS, None, True))
        buffers = []

        def lay(tensor: int, kind: int) -> None:
            buffer = ggml.backend_buft_alloc_buffer(kind, ggml.backend_buft_get_alloc_size(kind, tensor))
            buffers.append(buffer)
            ggml.backend_tensor_alloc(buffer, tensor, ggml.backend_buffer_get_base(buffer))

        try:
            yield tensors, lay
        finally:
            for buffer in buffers:
                ggml.backend_buffer_free(buffer)
            ggml.free(tensors)

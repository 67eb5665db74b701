"""What the chat engine can use of this computer, and how fast that is: a look of about half a second.

The speed is that of ggml's own products of matrices, in the order in which the engine keeps the weights, with
matrices that are together larger than the caches.
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

_WIDTH = 2048
"""Of a square matrix: as in a model, so that the threads wait for each other as often as there."""
_BYTES = 48 * 2**20
"""Of the matrices that one vector is multiplied with; more than the caches hold."""
_VECTORS = 32
"""Of a product with many vectors."""
_LARGEST = 4 * _WIDTH * _WIDTH
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
class _Products:
    """Ready to be computed."""

    graph: int
    bytes: int
    """Of the matrices."""


class _Measuring:
    def __init__(self, ggml: Ggml, device: int, threads: int) -> None:
        self._ggml = ggml
        self._device = device
        self._threads = threads
        self._plain: int = ggml.backend_dev_buffer_type(device)
        self._filling = ctypes.create_string_buffer(_LARGEST)
        ctypes.memset(self._filling, _FILLING, _LARGEST)

    def pace(self) -> Pace:
        self._backend = self._ggml.backend_dev_init(self._device, None)
        try:
            self._ggml.set_threads(self._device, self._backend, self._threads)
            read, done = [], []
            for name, kind in TYPES.items():
                home = self._home(kind)
                count = _BYTES // (self._ggml.row_size(kind, _WIDTH) * _WIDTH)
                with self._products(kind, _WIDTH, 1, home, count) as products:
                    read.append((name, products.bytes / self._seconds(products)))
                with self._products(kind, _WIDTH, _VECTORS, home, 1) as products:
                    done.append((name, _WIDTH * _WIDTH * _VECTORS / self._seconds(products)))
            with self._products(_F32, _SMALL, 1, self._plain, _STEPS) as products:
                return Pace(self._threads, tuple(read), tuple(done), self._seconds(products) / _STEPS)
        finally:
            self._ggml.backend_free(self._backend)

    def _seconds(self, products: _Products) -> float:
        """Of the fastest of some rounds: meanwhile other programs may be at work."""
        taken = []
        for _ in range(1 + _ROUNDS):  # the first makes its buffers
            began = time.perf_counter()
            self._ggml.backend_graph_compute(self._backend, products.graph)
            taken.append(time.perf_counter() - began)
        return min(taken[1:])

    def _home(self, kind: int) -> int:
        """Where the engine lays a matrix of a type: in an order of its own, if there is one for it."""
        ggml = self._ggml
        for place in ggml.extra_buffer_types(self._device):
            with self._tensors() as (tensors, lay):
                matrix = ggml.new_tensor_2d(tensors, kind, _WIDTH, _WIDTH)
                lay(matrix, place)
                product = ggml.mul_mat(tensors, matrix, ggml.new_tensor_2d(tensors, _F32, _WIDTH, 1))
                if ggml.backend_dev_supports_op(self._device, product):
                    return int(place)
        return self._plain

    @contextmanager
    def _products(self, kind: int, width: int, vectors: int, home: int, count: int) -> Iterator[_Products]:
        """So many square matrices, one after the other, times so many vectors."""
        ggml = self._ggml
        with self._tensors() as (tensors, lay):
            graph = ggml.new_graph(tensors)
            factors = ggml.new_tensor_2d(tensors, _F32, width, vectors)
            self._fill(factors, self._plain, lay)
            size = 0
            for _ in range(count):
                matrix = ggml.new_tensor_2d(tensors, kind, width, width)
                self._fill(matrix, home, lay)
                size += ggml.nbytes(matrix)
                product = ggml.mul_mat(tensors, matrix, factors)
                lay(product, self._plain)
                ggml.build_forward_expand(graph, product)
            yield _Products(graph, size)

    def _fill(self, tensor: int, home: int, lay: Callable[[int, int], None]) -> None:
        lay(tensor, home)
        self._ggml.backend_tensor_set(tensor, self._filling, 0, self._ggml.nbytes(tensor))

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

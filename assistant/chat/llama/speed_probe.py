"""What the chat engine can use of this computer, and how fast that is: a look of about a second.

The speed is that of ggml's own products of matrices, in the order in which the engine keeps the weights. The
types take turns, so that each finds its matrices gone from the caches, and a moment in which the processor
is busy with something else does not decide about one of them: of the rounds the fastest counts.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from assistant.chat.llama.ggml import CPU, GPU, INTEGRATED_GPU, Ggml, InitParams
from assistant.models.fit.records import Device, MeasuredPace, Probe

TYPES = {"q4_K": 12, "q6_K": 14, "q8_0": 8, "q4_0": 2, "mxfp4": 39, "f16": 1}
"""ggml's numbers of the usual types of tensors."""

_F32 = 0
"""ggml's number of the type of vectors."""

_WIDTH = 2048
"""Of a square matrix: as in a model, so that the threads wait for each other as often as there."""
_BYTES = 24 * 2**20
"""Of the matrices of a type that one vector is multiplied with; those of all types exceed the caches."""
_VECTORS = 256
"""Of a product with many vectors."""
_LARGEST = 4 * _WIDTH * _WIDTH
"""Bytes of the largest tensor."""
_FILL_BYTE = 0x2A
"""This byte everywhere makes ordinary numbers of every type, scales included."""
_ROUNDS = 8
"""Rounds that are measured at most."""
_LONGEST = 3.0
"""Seconds after which no other round is begun."""
_SMALL, _STEPS = 64, 256
"""Rows of a product that costs next to nothing, and how many are done one after the other."""
_HEADERS = 2**20
"""Bytes for the descriptions of some hundred tensors."""


def probe(lib: Any, threads: int) -> Probe:
    """Look at it all."""
    ggml = Ggml(lib)
    processor = ggml.backend_dev_by_type(CPU)
    return Probe(
        devices=tuple(devices(lib)),
        pace=_Benchmark(ggml, processor, threads).pace(),
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
        if kind in (GPU, INTEGRATED_GPU):
            free, total = ctypes.c_size_t(0), ctypes.c_size_t(0)
            ggml.backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
            name = ggml.backend_dev_description(device).decode("utf-8", "replace").strip()
            yield Device(name, total.value, free.value, shared=kind == INTEGRATED_GPU)


@dataclass(frozen=True, slots=True)
class _Product:
    """Ready to be computed."""

    graph: int
    amount: int
    """Bytes that are read, or multiplications."""


_Allocate = Callable[[int, int], None]
"""Gives a tensor memory of a kind."""


class _Benchmark:
    def __init__(self, ggml: Ggml, device: int, threads: int) -> None:
        self._ggml = ggml
        self._device = device
        self._threads = threads
        self._plain: int = ggml.backend_dev_buffer_type(device)
        self._fill_data = ctypes.create_string_buffer(_LARGEST)
        ctypes.memset(self._fill_data, _FILL_BYTE, _LARGEST)

    def pace(self) -> MeasuredPace:
        self._backend = self._ggml.backend_dev_init(self._device, None)
        try:
            self._ggml.set_threads(self._device, self._backend, self._threads)
            with ExitStack() as kept:
                reads, works = [], []
                for kind in TYPES.values():
                    read, work = kept.enter_context(self._products(kind))
                    reads.append(read)
                    works.append(work)
                steps = kept.enter_context(self._small())
                *paces, steps_a_second = self._paces([*reads, *works, steps])
            return MeasuredPace(
                self._threads,
                tuple(zip(TYPES, paces[: len(reads)], strict=True)),
                tuple(zip(TYPES, paces[len(reads) :], strict=True)),
                1 / steps_a_second,
            )
        finally:
            self._ggml.backend_free(self._backend)

    def _paces(self, products: list[_Product]) -> list[float]:
        """How much of each is done in a second, in the fastest of some rounds."""
        rounds: list[list[float]] = []
        end = time.perf_counter() + _LONGEST
        while len(rounds) < 2 or (len(rounds) <= _ROUNDS and time.perf_counter() < end):
            rounds.append([self._seconds(product) for product in products])
        seconds = map(min, zip(*rounds[1:], strict=True))  # the first made the buffers
        return [product.amount / taken for product, taken in zip(products, seconds, strict=True)]

    def _seconds(self, product: _Product) -> float:
        began = time.perf_counter()
        self._ggml.backend_graph_compute(self._backend, product.graph)
        return time.perf_counter() - began

    def _buffer_type(self, kind: int) -> int:
        """Where the engine lays a matrix of a type: in an order of its own, if there is one for it."""
        ggml = self._ggml
        for place in ggml.extra_buffer_types(self._device):
            with self._tensors() as (tensors, allocate):
                matrix = ggml.new_tensor_2d(tensors, kind, _WIDTH, _WIDTH)
                allocate(matrix, place)
                product = ggml.mul_mat(tensors, matrix, ggml.new_tensor_2d(tensors, _F32, _WIDTH, 1))
                if ggml.backend_dev_supports_op(self._device, product):
                    return int(place)
        return self._plain

    @contextmanager
    def _products(self, kind: int) -> Iterator[tuple[_Product, _Product]]:
        """So many square matrices of a type times one vector; and the first of them times many."""
        ggml, place = self._ggml, self._buffer_type(kind)
        with self._tensors() as (tensors, allocate):
            matrices = []
            for _ in range(_BYTES // (ggml.row_size(kind, _WIDTH) * _WIDTH)):
                matrices.append(ggml.new_tensor_2d(tensors, kind, _WIDTH, _WIDTH))
                self._fill(matrices[-1], place, allocate)
            one = self._chain(tensors, allocate, matrices, _WIDTH, 1)
            many = self._chain(tensors, allocate, matrices[:1], _WIDTH, _VECTORS)
            yield (
                _Product(one, sum(map(ggml.nbytes, matrices))),
                _Product(many, _WIDTH * _WIDTH * _VECTORS),
            )

    @contextmanager
    def _small(self) -> Iterator[_Product]:
        """Products that cost next to nothing but the waiting of the threads for each other."""
        with self._tensors() as (tensors, allocate):
            matrix = self._ggml.new_tensor_2d(tensors, _F32, _SMALL, _SMALL)
            self._fill(matrix, self._plain, allocate)
            yield _Product(self._chain(tensors, allocate, [matrix] * _STEPS, _SMALL, 1), _STEPS)

    def _chain(self, tensors: int, allocate: _Allocate, matrices: list[int], width: int, vectors: int) -> int:
        """A graph in which one after the other is multiplied with the same vectors."""
        ggml = self._ggml
        graph: int = ggml.new_graph(tensors)
        factors = ggml.new_tensor_2d(tensors, _F32, width, vectors)
        self._fill(factors, self._plain, allocate)
        for matrix in matrices:
            product = ggml.mul_mat(tensors, matrix, factors)
            allocate(product, self._plain)
            ggml.build_forward_expand(graph, product)
        return graph

    def _fill(self, tensor: int, place: int, allocate: _Allocate) -> None:
        allocate(tensor, place)
        self._ggml.backend_tensor_set(tensor, self._fill_data, 0, self._ggml.nbytes(tensor))

    @contextmanager
    def _tensors(self) -> Iterator[tuple[int, _Allocate]]:
        """A place for descriptions of tensors, and what gives a tensor memory of a kind."""
        ggml = self._ggml
        tensors = ggml.init(InitParams(_HEADERS, None, True))
        buffers = []

        def allocate(tensor: int, kind: int) -> None:
            buffer = ggml.backend_buft_alloc_buffer(kind, ggml.backend_buft_get_alloc_size(kind, tensor))
            buffers.append(buffer)
            ggml.backend_tensor_alloc(buffer, tensor, ggml.backend_buffer_get_base(buffer))

        try:
            yield tensors, allocate
        finally:
            for buffer in buffers:
                ggml.backend_buffer_free(buffer)
            ggml.free(tensors)

"""The part of ggml's C interface that llama_cpp's bindings leave out: devices, products, names of steps.

`lib` is the module of bindings; it is imported in engine.py alone and handed in here.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from ctypes import POINTER, c_bool, c_char_p, c_int, c_int64, c_size_t, c_void_p
from pathlib import Path
from typing import Any

from assistant.errors import WorkerStartFailed

CPU, GPU, INTEGRATED_GPU = 0, 1, 2
"""Types of devices (ggml_backend_dev_type)."""


class InitParams(ctypes.Structure):
    """ggml_init_params"""

    _fields_ = (("mem_size", c_size_t), ("mem_buffer", c_void_p), ("no_alloc", c_bool))


class Feature(ctypes.Structure):
    """ggml_backend_feature"""

    _fields_ = (("name", c_char_p), ("value", c_char_p))


_FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "ggml_init": (c_void_p, InitParams),
    "ggml_free": (None, c_void_p),
    "ggml_new_tensor_2d": (c_void_p, c_void_p, c_int, c_int64, c_int64),
    "ggml_mul_mat": (c_void_p, c_void_p, c_void_p, c_void_p),
    "ggml_row_size": (c_size_t, c_int, c_int64),
    "ggml_nbytes": (c_size_t, c_void_p),
    "ggml_get_name": (c_char_p, c_void_p),
    "ggml_new_graph": (c_void_p, c_void_p),
    "ggml_build_forward_expand": (None, c_void_p, c_void_p),
    "ggml_backend_reg_count": (c_size_t,),
    "ggml_backend_load_all_from_path": (None, c_char_p),
    "ggml_backend_dev_count": (c_size_t,),
    "ggml_backend_dev_get": (c_void_p, c_size_t),
    "ggml_backend_dev_by_type": (c_void_p, c_int),
    "ggml_backend_dev_type": (c_int, c_void_p),
    "ggml_backend_dev_description": (c_char_p, c_void_p),
    "ggml_backend_dev_memory": (None, c_void_p, POINTER(c_size_t), POINTER(c_size_t)),
    "ggml_backend_dev_init": (c_void_p, c_void_p, c_char_p),
    "ggml_backend_dev_buffer_type": (c_void_p, c_void_p),
    "ggml_backend_dev_backend_reg": (c_void_p, c_void_p),
    "ggml_backend_dev_supports_op": (c_bool, c_void_p, c_void_p),
    "ggml_backend_reg_get_proc_address": (c_void_p, c_void_p, c_char_p),
    "ggml_backend_buft_alloc_buffer": (c_void_p, c_void_p, c_size_t),
    "ggml_backend_buft_get_alloc_size": (c_size_t, c_void_p, c_void_p),
    "ggml_backend_buffer_get_base": (c_void_p, c_void_p),
    "ggml_backend_buffer_free": (None, c_void_p),
    "ggml_backend_tensor_alloc": (c_int, c_void_p, c_void_p, c_void_p),
    "ggml_backend_tensor_set": (None, c_void_p, c_void_p, c_size_t, c_size_t),
    "ggml_backend_graph_compute": (c_int, c_void_p, c_void_p),
    "ggml_backend_free": (None, c_void_p),
}
"""What each gives, and what it takes."""


class Ggml:
    """The functions above, by their names without "ggml_"."""

    def __init__(self, lib: Any) -> None:
        self._libraries = list(_libraries(lib))

    def __getattr__(self, name: str) -> Any:
        result, *arguments = _FUNCTIONS[f"ggml_{name}"]
        for library in self._libraries:
            function = getattr(library, f"ggml_{name}", None)
            if function is not None:
                # Bound anew, because llama_cpp's own bindings may share the library.
                address = ctypes.cast(function, c_void_p).value
                function = ctypes.CFUNCTYPE(result, *arguments)(address or 0)
                setattr(self, name, function)
                return function
        raise AttributeError(name)

    def features(self, device: int) -> Iterator[tuple[str, str]]:
        """What a device's backend says that it makes use of."""
        address = self._procedure(device, b"ggml_backend_get_features")
        if not address:
            return
        features = ctypes.CFUNCTYPE(POINTER(Feature), c_void_p)(address)(self.backend_dev_backend_reg(device))
        index = 0
        while features[index].name:
            yield features[index].name.decode(), features[index].value.decode()
            index += 1

    def set_threads(self, device: int, backend: int, threads: int) -> None:
        address = self._procedure(device, b"ggml_backend_set_n_threads")
        if address:
            ctypes.CFUNCTYPE(None, c_void_p, c_int)(address)(backend, threads)

    def extra_buffer_types(self, device: int) -> Iterator[int]:
        """Where matrices may lie in an order that the device multiplies faster, best first."""
        address = self._procedure(device, b"ggml_backend_dev_get_extra_bufts")
        if not address:
            return
        types = ctypes.CFUNCTYPE(POINTER(c_void_p), c_void_p)(address)(device)
        index = 0
        while types and types[index]:
            yield types[index]
            index += 1

    def _procedure(self, device: int, name: bytes) -> int | None:
        address: int | None = self.backend_reg_get_proc_address(self.backend_dev_backend_reg(device), name)
        return address


def load_backends(lib: Any) -> None:
    """Load what computes, where it is not linked to the library: the best for this processor.

    It lies beside the library then, compiled for one kind of processor after the other. Nothing else of the
    library may be called before: it would look for them beside Python and in the working directory, where
    anybody may have laid something.

    Raises:
        WorkerStartFailed: there is nothing for this processor.
    """
    ggml = Ggml(lib)
    if not ggml.backend_reg_count():
        ggml.backend_load_all_from_path(os.fsencode(_folder(lib)))
    if not ggml.backend_dev_by_type(CPU):
        raise WorkerStartFailed("no-engine-for-processor")


def _folder(lib: Any) -> Path:
    """Where the library was loaded from."""
    return Path(lib._lib._name).absolute().parent


def _libraries(lib: Any) -> Iterator[Any]:
    yield lib._lib
    if sys.platform == "win32":  # a name is looked for in one library alone there
        for name in ("ggml-base.dll", "ggml.dll"):
            yield ctypes.CDLL(str(_folder(lib) / name))

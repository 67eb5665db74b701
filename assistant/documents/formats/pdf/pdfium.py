"""The only file that imports pdfium, the library for PDF: its functions, and the lock around them.

pdfium is not thread-safe, so one lock guards every call of the process. Handles are closed by hand and never
by the garbage collector, which may run on any thread. A hostile file can still bring pdfium down with the
whole process (deep recursion, for one) or keep it busy for ever: that is why it is read in a process of its
own, under limits that the parent enforces.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import Any, Final

# Loading the package starts the library; it is stopped at the end of the process.
from pypdfium2 import raw as raw

LOCK: Final = threading.RLock()


def address(function: Any) -> int:
    """Where a function or a handle of pdfium lies."""
    value = ctypes.cast(function, ctypes.c_void_p).value
    assert value is not None
    return value


# Called once a character: a prototype of bare numbers that keeps the interpreter lock costs half as much.
loose_box: Callable[[int, int, int], int] = ctypes.PYFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)(address(raw.FPDFText_GetLooseCharBox))
unicode_of: Callable[[int, int], int] = ctypes.PYFUNCTYPE(ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)(
    address(raw.FPDFText_GetUnicode)
)

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


# Called once a character or object: a prototype of bare numbers that keeps the interpreter lock costs half.
loose_box: Callable[[int, int, int], int] = ctypes.PYFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)(address(raw.FPDFText_GetLooseCharBox))
unicode_of: Callable[[int, int], int] = ctypes.PYFUNCTYPE(ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)(
    address(raw.FPDFText_GetUnicode)
)
object_at: Callable[[int, int], int | None] = ctypes.PYFUNCTYPE(
    ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int
)(address(raw.FPDFPage_GetObject))
kind_of: Callable[[int | None], int] = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(
    address(raw.FPDFPageObj_GetType)
)
marks_of: Callable[[int | None], int] = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(
    address(raw.FPDFPageObj_CountMarks)
)
bounds_of: Callable[[int | None, int, int, int, int], int] = ctypes.PYFUNCTYPE(
    ctypes.c_int, *[ctypes.c_void_p] * 5
)(address(raw.FPDFPageObj_GetBounds))


def kinds_of_objects(page: Any, most: int) -> list[int]:
    """What the first objects of an open page are: text, path, form and so on."""
    handle = address(page)
    return [kind_of(object_at(handle, at)) for at in range(min(raw.FPDFPage_CountObjects(page), most))]

"""Runs first in every frozen process: libraries that lie in the program are found there by their names.

`ctypes.util.find_library` asks programs of the system (ldconfig, gcc), which takes time, finds nothing where
they are absent, and knows nothing of what the program brings.
"""

import ctypes.util
import sys
from pathlib import Path

_elsewhere = ctypes.util.find_library


def _find_library(name: str) -> str | None:
    if name == "c" and sys.platform == "linux":
        return "libc.so.6"
    for file in Path(sys._MEIPASS).glob(f"lib{name}.so*"):  # type: ignore[attr-defined]
        return str(file)
    return _elsewhere(name)


ctypes.util.find_library = _find_library

"""How much memory this process has held at its most."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import psutil

_KIB = 1024


def reset_peak() -> None:
    """Begin anew with what is held now, where the system can do that (Linux)."""
    if sys.platform == "linux":
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")


def peak() -> int:
    """Bytes, the pages that are mapped from files included; 0 where it cannot be told.

    Where the system keeps no record of its own, what is held now.
    """
    with suppress(OSError, ValueError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * _KIB
    with suppress(psutil.Error, OSError):
        return int(psutil.Process().memory_info().rss)
    return 0

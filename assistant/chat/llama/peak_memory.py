"""How much memory this process has held at its most."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import psutil

from assistant import hardware


def reset_peak() -> None:
    """Begin anew with what is held now, where the system can do that (Linux)."""
    if sys.platform == "linux":
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")


def peak() -> int:
    """Bytes, the pages that are mapped from files included; 0 where it cannot be told.

    Where the system keeps no record of its own, what is held now.
    """
    kilobytes = hardware.statistic(Path("/proc/self/status"), "VmHWM")
    if kilobytes is not None:
        return kilobytes * 1024
    with suppress(psutil.Error, OSError):
        return int(psutil.Process().memory_info().rss)
    return 0

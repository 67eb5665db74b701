"""By what a file is known to be as it was: its size and time of change."""

from __future__ import annotations

from pathlib import Path


def file_stamp(path: Path) -> tuple[int, int]:
    """Bytes, and nanoseconds since 1970; zeros where it cannot be looked at."""
    try:
        status = path.stat()
    except (OSError, ValueError):  # a NUL in the name
        return 0, 0
    return status.st_size, status.st_mtime_ns

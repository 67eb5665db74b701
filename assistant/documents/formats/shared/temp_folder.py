"""A private folder in the data folder, for pieces of documents that have to be files for a moment."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant import paths

STALE_SECONDS = 6 * 3600
"""An older folder was left behind by a crash."""


@contextmanager
def temp_folder() -> Iterator[Path]:
    """An empty folder that is gone afterwards; what a crash left behind earlier is removed as well."""
    above = paths.home() / "scratch"
    above.mkdir(parents=True, exist_ok=True)
    _remove_stale(above)
    folder = Path(tempfile.mkdtemp(prefix="reader-", dir=above))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_stale(above: Path) -> None:
    oldest = time.time() - STALE_SECONDS
    for folder in above.glob("reader-*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)

"""Work for another process that does not end by itself."""

from __future__ import annotations

import time
from pathlib import Path


def never_ends(_: Path) -> None:
    time.sleep(600)

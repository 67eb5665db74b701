"""PURE: names of a model's files, as every system takes them."""

from __future__ import annotations

import re

MANIFEST = "model.json"
"""The file in a model's folder that says what the library knows of it; no part of the model."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices."""
_UNSAFE = re.compile(r'[\x00-\x1f<>:"\\|?*]')


def is_safe_name(name: str) -> bool:
    """Whether a relative name stays within its folder, on any system."""
    return not _UNSAFE.search(name) and all(
        part and not part.endswith((".", " ")) and not _RESERVED.fullmatch(part) for part in name.split("/")
    )


def safe_name(name: str) -> str:
    """A file's name as every system takes it."""
    tidy = _UNSAFE.sub("-", name).rstrip(". ")
    return f"_{tidy}" if not tidy or _RESERVED.fullmatch(tidy) else tidy

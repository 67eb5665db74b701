"""PURE: the languages that files name: "en-GB", "zh_Hant_TW", "German"."""

from __future__ import annotations

from assistant.languages import NAMES


def language_of(tag: str) -> str:
    """ISO 639-1 of a tag (BCP 47, POSIX); "" where it names none."""
    code = tag.strip().replace("_", "-").split("-", 1)[0].split(".", 1)[0].lower()
    return code if code in NAMES else ""

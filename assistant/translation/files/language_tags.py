"""PURE: the languages that files name: "en-GB", "zh_Hant_TW", "German"."""

from __future__ import annotations

from assistant.languages import NAMES
from assistant.translation.files.target_language import target_language


def language_of(tag: str) -> str:
    """ISO 639-1 of a tag (BCP 47, POSIX); "" where it names none."""
    code = tag.strip().replace("_", "-").split("-", 1)[0].split(".", 1)[0].lower()
    return code if code in NAMES else ""


def region_of(code: str) -> str:
    """The country that programs name with a language; "" where none is."""
    tag = target_language(code).tag
    return tag.rpartition("-")[2] if "-" in tag else ""


def script_group(code: str) -> str:
    """Which of the three languages of a style it is in office programs: "", "asian" or "complex"."""
    target = target_language(code)
    return "asian" if target.wide else "complex" if target.complex else ""

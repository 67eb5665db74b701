"""A term of the person's glossary."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    source: str
    target: str
    source_language: str = ""
    """ISO 639-1; "": any."""
    target_language: str = ""
    match_case: bool = False
    """"Apple" is not "apple"."""
    part_of_word: bool = False
    """Also inside longer words: "Recht" in "Rechtsanwalt"."""

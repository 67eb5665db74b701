"""PURE: whether what an engine made of a sentence can be right at all."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.translation.records import Concern, Flag

_SEVERITY = {
    Flag.EMPTY: 100, Flag.SCRIPT: 40, Flag.UNCHANGED: 30, Flag.REPEATS: 30, Flag.LENGTH: 20, Flag.VALUES: 3,
    Flag.GLOSSARY: 1,
}  # fmt: skip
_TRIED_AGAIN = frozenset(_SEVERITY) - {Flag.GLOSSARY}


def concerns(source: str, text: str, source_language: str, target_language: str) -> tuple[Concern, ...]:
    """Why a result is suspect; nothing where it is not."""
    if not text.strip():
        return (Concern(Flag.EMPTY),)
    return ()


def worth_another_try(found: Sequence[Concern]) -> bool:
    return any(concern.flag in _TRIED_AGAIN for concern in found)


def severity(found: Sequence[Concern]) -> int:
    """The lower, the better."""
    return sum(_SEVERITY.get(concern.flag, 0) for concern in found)

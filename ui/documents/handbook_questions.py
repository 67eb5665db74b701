"""Questions that the handbook answers, for somebody who has no documents here yet."""

from __future__ import annotations

from ui.common.translation import translate


def handbook_questions() -> tuple[str, ...]:
    """The most telling one first."""
    return (
        translate("documents", "What leaves my computer?"),
        translate("documents", "Which file formats can be read?"),
        translate("documents", "Can scans and photographs be searched?"),
    )

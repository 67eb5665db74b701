"""What every format's module gives: `open(path) -> TranslatableFile`.

Reading twice gives the same paragraphs in the same order: one call extracts a file, another one writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from assistant.translation.records import Layout, Lost, Paragraph, TranslatedParagraph


class TranslatableFile(Protocol):
    @property
    def language(self) -> str:
        """The one that it says it is in, ISO 639-1; "" where it says none."""

    @property
    def paragraphs(self) -> Sequence[Paragraph]:
        """All that a person reads, in reading order; nothing that consists of white space."""

    @property
    def lost(self) -> Sequence[Lost]:
        """What cannot be translated or kept, as far as reading tells."""

    def write(
        self, output: Path, translated: Sequence[TranslatedParagraph], target: str, layout: Layout
    ) -> Sequence[Lost]:
        """Write the file with these in the place of its paragraphs, one for each.

        `layout` is TRANSLATION or BELOW. Languages and directions of what is translated are set to those of
        `target` (ISO 639-1).

        Raises:
            DiskFull, StorageError: it cannot be written.
        """

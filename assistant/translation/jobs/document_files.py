"""Files of every kind read and written: those that keep their format in the worker, others as two columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.errors import UnsupportedFormat
from assistant.translation.files.bilingual import write_bilingual
from assistant.translation.records import (
    ExtractedDocument,
    Layout,
    TranslatedParagraph,
    WrittenDocument,
)
from assistant.translation.service import TranslationService
from assistant.workers.run import Steps

Reader = Callable[[Steps, Path], ExtractedDocument]
"""Reads what a person can read in a file of any format. Raises DocumentError, WorkerError, Cancelled."""


class DocumentFiles:
    """See `document_translation.Files`."""

    def __init__(self, service: TranslationService, read: Reader) -> None:
        """Args:
        read: asked for files of formats that cannot be written.
        """
        self._service = service
        self._read = read

    def extract(self, steps: Steps, path: Path) -> ExtractedDocument:
        try:
            return steps.result(self._service.extract, path)
        except UnsupportedFormat:
            return self._read(steps, path)

    def suffix(self, path: Path, document: ExtractedDocument, layout: Layout) -> str:
        return ".docx" if document.only_read or layout is Layout.BESIDE else path.suffix

    def write(
        self,
        steps: Steps,
        path: Path,
        output: Path,
        document: ExtractedDocument,
        translated: Sequence[TranslatedParagraph],
        target: str,
        layout: Layout,
    ) -> WrittenDocument:
        if document.only_read:
            write_bilingual(path, output, document.paragraphs, translated, target, layout)
            return WrittenDocument(str(output))
        return steps.result(self._service.write, path, output, translated, target, layout)

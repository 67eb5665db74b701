"""The translation engine: runs in a process of its own; the one file here that imports ctranslate2.

It does so when something is to be translated: reading and writing documents needs none of it.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant import hardware
from assistant.errors import ModelTooLarge, ModelUnusable
from assistant.jobs import turn
from assistant.translation import analysis, model_families, tokenizers
from assistant.translation.files.bilingual import write_bilingual
from assistant.translation.files.open_file import open_file
from assistant.translation.model_families import ModelFolder
from assistant.translation.records import (
    AnalysedParagraph,
    ExtractedDocument,
    Hypotheses,
    Layout,
    SentenceDone,
    TranslatedParagraph,
    WrittenDocument,
)
from assistant.translation.sentence_batches import SentenceBatches
from assistant.translation.translation_model import TranslationModel
from assistant.workers.child import CallContext

_BESIDES_WEIGHTS = 200 << 20
"""Bytes that the library and a batch take."""
_SHRINKS = {"float32": 0.27, "float16": 0.53}
"""Of weights, when they are loaded as 8-bit ones."""
_MODELS_KEPT = 2
"""Both of a pivot, where there is room."""


class TranslationEngine:
    """Calls that need a model wait for each other; the others do not."""

    def __init__(self, emit: Callable[[Any], None]) -> None:
        self._lock = threading.Lock()
        self._models: OrderedDict[str, TranslationModel] = OrderedDict()
        """The one used last stands last."""

    def load(self, context: CallContext, model: str) -> None:
        """Have a model ready.

        Raises:
            NoModel, ModelUnusable, ModelTooLarge: it cannot be used.
        """
        with turn(self._lock, context.token):
            self._ensure(model)

    def unload(self, context: CallContext) -> None:
        """Give the memory of all models back."""
        with turn(self._lock, context.token):
            self._models.clear()

    def translate(
        self,
        context: CallContext,
        model: str,
        source: str,
        target: str,
        sentences: Sequence[str],
        alternatives: int = 1,
        afresh: Sequence[bool] = (),
        alignment: Sequence[bool] = (),
    ) -> tuple[Hypotheses, ...]:
        """What the model in a folder makes of each sentence; reports SentenceDone.

        Raises:
            NoModel, ModelUnusable, ModelTooLarge: the model cannot be used.
        """
        with turn(self._lock, context.token):
            batches = SentenceBatches(self._ensure(model), source, target, alternatives, context.token)
            found = batches.translate(
                sentences,
                lambda index, hypotheses: context.report(SentenceDone(index, hypotheses)),
                afresh=afresh,
                aligned=alignment,
            )
        return tuple(found)

    def analyse(
        self, context: CallContext, texts: Sequence[str], languages: Sequence[str] = ()
    ) -> tuple[AnalysedParagraph, ...]:
        """The language and the sentences of each paragraph."""
        found = []
        for paragraph in analysis.analyse(texts, languages):
            context.token.raise_if_cancelled()
            found.append(paragraph)
        return tuple(found)

    def extract(self, context: CallContext, path: str) -> ExtractedDocument:
        """All that a person reads in a file.

        Raises:
            DocumentError: it cannot be read.
        """
        file = open_file(Path(path))
        suffix = Path(path).suffix.lower().lstrip(".")
        return ExtractedDocument(suffix, tuple(file.paragraphs), file.language, tuple(file.lost))

    def write(
        self,
        context: CallContext,
        path: str,
        output: str,
        translated: Sequence[TranslatedParagraph],
        target: str,
        layout: Layout,
    ) -> WrittenDocument:
        """Write a file with its translation.

        Raises:
            DocumentError: the file cannot be read.
            StorageError: the translation cannot be written.
        """
        file = open_file(Path(path))
        if layout is Layout.BESIDE:
            write_bilingual(Path(path), Path(output), file.paragraphs, translated, target, layout)
            return WrittenDocument(output)
        return WrittenDocument(output, tuple(file.write(Path(output), translated, target, layout)))

    # --- models

    def _ensure(self, model: str) -> TranslationModel:
        if model not in self._models:
            folder = model_families.read(Path(model))
            pieces = tokenizers.open_pieces(folder.files, folder.name)
            self._make_room(folder)
            self._models[model] = TranslationModel(folder, pieces, _load(folder))
        self._models.move_to_end(model)
        return self._models[model]

    def _make_room(self, folder: ModelFolder) -> None:
        """Put models away, the longest unused first, until this one fits."""
        needed = round((folder.weights / "model.bin").stat().st_size) + _BESIDES_WEIGHTS
        while self._models and (len(self._models) >= _MODELS_KEPT or _free() < needed):
            self._models.popitem(last=False)
        free = _free()
        if 0 < free < needed:
            raise ModelTooLarge("translation-model-too-large", name=folder.name, needed=needed, free=free)


def _free() -> int:
    return hardware.memory()[1]


def _load(folder: ModelFolder) -> Any:
    """On a graphics card where the library can use one, else on the processor with 8-bit weights."""
    # Before the library is loaded: threads that wait for each other sleep instead of spinning.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import ctranslate2

    try:
        try:
            return ctranslate2.Translator(str(folder.weights), device="cuda", compute_type="int8_float16")
        except (RuntimeError, ValueError):  # there is none, or its libraries are missing
            return ctranslate2.Translator(
                str(folder.weights), device="cpu", compute_type="int8", intra_threads=hardware.usable_cores()
            )
    except (RuntimeError, ValueError) as error:
        why = str(error).strip().rstrip(".")
        raise ModelUnusable("translation-model-not-loaded", name=folder.name, why=why) from error

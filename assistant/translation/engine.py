"""The translation engine: runs in a process of its own; the one file here that imports ctranslate2.

It does so when something is to be translated: reading and writing documents needs none of it.
"""

from __future__ import annotations

import os
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant import hardware
from assistant.errors import ModelTooLarge, ModelUnusable
from assistant.jobs import CancelToken, turn
from assistant.translation import analysis, model_families, tokenizers
from assistant.translation.files.bilingual import write_bilingual
from assistant.translation.files.open_file import open_file
from assistant.translation.model_families import ModelFolder
from assistant.translation.records import (
    AnalysedParagraph,
    ExtractedDocument,
    Hypotheses,
    Layout,
    Lost,
    SentenceDone,
    TranslatedParagraph,
    WrittenDocument,
)
from assistant.translation.sentence_batches import SentenceBatches
from assistant.translation.translation_model import TranslationModel
from assistant.workers.child import CallContext

_BESIDES_WEIGHTS = 200 << 20
"""Bytes that the library and a batch take."""
_MODELS_KEPT = 2
"""Both of a pivot, where there is room."""


class TranslationEngine:
    """Calls go side by side; models are loaded one after the other."""

    def __init__(self, emit: Callable[[Any], None]) -> None:
        self._loading = threading.Lock()
        self._changing = threading.Lock()
        """Held for moments."""
        self._models: OrderedDict[str, TranslationModel] = OrderedDict()
        """The one used last stands last."""
        self._uses: Counter[str] = Counter()
        """Calls that work with each."""

    def load(self, context: CallContext, model: str) -> None:
        """Have a model ready.

        Raises:
            NoModel, ModelUnusable, ModelTooLarge: it cannot be used.
        """
        with self._used(model, context.token):
            pass

    def unload(self, context: CallContext) -> None:
        """Give the memory of all models back that nobody uses."""
        with self._changing:
            while self._put_one_away():
                pass

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
        with self._used(model, context.token) as loaded:
            batches = SentenceBatches(loaded, source, target, alternatives, context.token)
            found = batches.translate(
                sentences,
                lambda index, hypotheses: context.report(SentenceDone(index, hypotheses)),
                afresh=afresh,
                aligned=alignment,
            )
        return tuple(found)

    def analyse(
        self,
        context: CallContext,
        texts: Sequence[str],
        languages: Sequence[str] = (),
        expected: Sequence[str] = (),
    ) -> tuple[AnalysedParagraph, ...]:
        """The language and the sentences of each paragraph."""
        return tuple(analysis.analyse(texts, languages, context.token, expected))

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
        file, made = open_file(Path(path)), Path(output)
        context.token.raise_if_cancelled()
        lost: Sequence[Lost] = ()
        if layout is Layout.BESIDE:
            write_bilingual(Path(path), made, file.paragraphs, translated, target, layout)
        else:
            lost = file.write(made, translated, target, layout)
        if context.token.cancelled:  # who asked has gone on, and takes nothing away any more
            made.unlink(missing_ok=True)
            context.token.raise_if_cancelled()
        return WrittenDocument(output, tuple(lost))

    # --- models

    @contextmanager
    def _used(self, model: str, token: CancelToken) -> Iterator[TranslationModel]:
        """A model that stays where it is as long as it is used."""
        with turn(self._loading, token):
            if model not in self._models:
                self._load(model)
            with self._changing:
                self._models.move_to_end(model)
                self._uses[model] += 1
                loaded = self._models[model]
        try:
            yield loaded
        finally:
            with self._changing:
                self._uses[model] -= 1

    def _load(self, model: str) -> None:
        folder = model_families.read(Path(model))
        pieces = tokenizers.open_pieces(folder)
        self._make_room(folder)
        loaded = TranslationModel(folder, pieces, _translator(folder))
        with self._changing:
            self._models[model] = loaded

    def _make_room(self, folder: ModelFolder) -> None:
        """Put models away that nobody uses, the longest unused first, until this one fits."""
        needed = (folder.weights / "model.bin").stat().st_size + _BESIDES_WEIGHTS
        with self._changing:
            while len(self._models) >= _MODELS_KEPT or 0 < _free() < needed:
                if not self._put_one_away():
                    break
        free = _free()
        if 0 < free < needed:
            raise ModelTooLarge("translation-model-too-large", name=folder.name, needed=needed, free=free)

    def _put_one_away(self) -> bool:
        """False if all that are there are used."""
        unused = next((model for model in self._models if not self._uses[model]), None)
        if unused is not None:
            del self._models[unused]
        return unused is not None


def _free() -> int:
    return hardware.memory()[1]


def _translator(folder: ModelFolder) -> Any:
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

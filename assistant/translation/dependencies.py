"""What translating needs: analysis, engines, routes between languages, glossary, memory."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from assistant.errors import StorageError
from assistant.translation.glossary import matching
from assistant.translation.glossary.glossary import Glossary
from assistant.translation.glossary.records import Term
from assistant.translation.memory.records import MemoryKey, Remembered
from assistant.translation.records import AnalysedParagraph, Route, TranslationOptions
from assistant.translation.sentence_engine import SentenceEngine
from assistant.workers.run import Run

_log = logging.getLogger(__name__)


class Analyse(Protocol):
    """`TranslationService.analyse`."""

    def __call__(
        self, texts: Sequence[str], languages: Sequence[str] = (), expected: Sequence[str] = ()
    ) -> Run[tuple[AnalysedParagraph, ...]]: ...


class SentenceMemory(Protocol):
    """What sentences are looked up in: `memory.Memory`, or what stands before it."""

    def look_up(
        self, keys: Iterable[MemoryKey], *, fragments: bool = False
    ) -> Mapping[MemoryKey, Remembered]: ...
    def keep(self, entries: Iterable[tuple[MemoryKey, Remembered]], *, fragments: bool = False) -> None: ...


class Dependencies:
    """Any thread may call."""

    def __init__(
        self,
        analyse: Analyse,
        models: SentenceEngine,
        chat: SentenceEngine,
        route: Callable[[str, str, str], Route | None],
        glossary: Glossary,
        memory: Callable[[], SentenceMemory],
    ) -> None:
        """
        Args:
            models: translates by models made for it.
            chat: translates by chat models.
            route: from a language to a language, with the engine that the options name; see `routes.route`.
            memory: opened at first use.
        """
        self.analyse = analyse
        self._engines = {False: models, True: chat}
        self._route = route
        self._glossary = glossary
        self._memory = memory

    def engine(self, chat: bool) -> SentenceEngine:
        return self._engines[chat]

    def route(self, source: str, options: TranslationOptions) -> Route | None:
        return self._route(source, options.target, options.engine)

    def terms(self, source: str, target: str) -> tuple[Term, ...]:
        return matching.applying(self._glossary.terms, source, target)

    def remembered(self, keys: Iterable[MemoryKey], fragments: bool) -> Mapping[MemoryKey, Remembered]:
        """What the memory has; nothing where it cannot be read: then it is translated anew."""
        try:
            return self._memory().look_up(keys, fragments=fragments)
        except StorageError as error:
            _log.warning("The translation memory was not asked: %s", error.message)
            return {}

    def keep(self, entries: Sequence[tuple[MemoryKey, Remembered]], fragments: bool) -> None:
        try:
            self._memory().keep(entries, fragments=fragments)
        except StorageError as error:
            _log.warning("Translations were not kept: %s", error.message)

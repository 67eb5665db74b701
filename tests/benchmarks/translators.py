"""A translator for benchmarks: one engine for every pair, with a memory and a glossary that are empty."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.translation.dependencies import Analyse, Dependencies
from assistant.translation.glossary.glossary import Glossary
from assistant.translation.memory.memory import Memory
from assistant.translation.records import EngineChoice, Hop, Route
from assistant.translation.sentence_engine import SentenceEngine
from assistant.translation.translator import Translator


@contextmanager
def translator(analyse: Analyse, engine: SentenceEngine, choice: EngineChoice) -> Iterator[Translator]:
    """
    Args:
        choice: what the engine is asked for.
    """
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory(Path(folder) / "memory.sqlite3")
        try:
            needed = Dependencies(
                analyse,
                engine,
                engine,
                lambda source, target, _: Route((Hop(choice, source, target),)),
                Glossary(Path(folder) / "glossary.json"),
                lambda: memory,
            )
            yield Translator(needed)
        finally:
            memory.close()

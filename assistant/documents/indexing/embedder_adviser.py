"""Looks at the languages of documents and questions, and says whether another embedder would find more."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from assistant.documents.embedder_records import EmbedderAdvice, EmbedderChoice
from assistant.documents.search import embedder_advice
from assistant.documents.store.embedders import KnownEmbedder
from assistant.documents.store.store import Store
from assistant.documents.text.language_detection import UNKNOWN, detect

_QUESTIONS = 50
"""The last ones, which are looked at."""
_SURE = 0.9
"""Of questions, which are short, the language is often told wrong."""
_CHARACTERS = 3000
"""Of the first documents; from so many it is decided with which embedder a new data folder begins."""
_DECIDED = "embedder-decided"
_OPEN, _DONE = "open", "done"

Choices = Callable[[], Sequence[EmbedderChoice]]


class EmbedderAdviser:
    """Its methods may be called from any thread."""

    def __init__(self, store: Store, reading: Callable[[], bool]) -> None:
        """`reading` tells whether documents wait to be read."""
        self._store = store
        self._reading = reading
        self._questions: deque[str] = deque(maxlen=_QUESTIONS)
        if store.value(_DECIDED) is None:
            # Whoever has documents already has decided, if only by not knowing of a choice.
            store.set_value(_DECIDED, _DONE if store.has_own_documents() else _OPEN)

    def asked(self, question: str) -> None:
        language, sure = detect(question)
        if language != UNKNOWN and sure >= _SURE:
            self._questions.append(language)

    def decided(self) -> None:
        """The person has chosen: nothing is begun without being asked any more."""
        self._store.set_value(_DECIDED, _DONE)

    def beginning(self, active: KnownEmbedder, choices: Choices) -> EmbedderAdvice | None:
        """With which embedder a new data folder begins instead of the active one; decided once."""
        if self._store.value(_DECIDED) != _OPEN:
            return None
        documents = self._languages()
        characters = sum(documents.values())
        if not characters or (characters < _CHARACTERS and self._reading()):
            return None
        self.decided()
        languages = embedder_advice.worth_beginning(active.languages, documents)
        return embedder_advice.best(choices(), languages, here=True) if languages else None

    def advice(self, active: KnownEmbedder, choices: Choices) -> EmbedderAdvice | None:
        """What to recommend, if anything."""
        languages = embedder_advice.worth_changing(
            active.languages, self._languages(), tuple(self._questions)
        )
        return embedder_advice.best(choices(), languages) if languages else None

    def _languages(self) -> dict[str, int]:
        languages = self._store.own_languages()
        languages.pop(UNKNOWN, None)
        return languages

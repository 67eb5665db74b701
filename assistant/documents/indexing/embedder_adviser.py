"""Looks at the languages of documents and questions, and says whether another embedder would find more."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from assistant.documents.embedder_records import EmbedderAdvice, EmbedderChoice, EmbedderState
from assistant.documents.embedders.embedder_advice import best, unspoken
from assistant.documents.store.embedders import KnownEmbedder
from assistant.documents.store.store import Store
from assistant.errors import DiskFull
from assistant.text.language_detection import UNKNOWN, detect

_PART = 0.2
"""So much of the documents or questions in languages that the embedder does not speak is worth a change."""
_MOST = 0.5
"""So much of the first documents, and a new data folder begins with another embedder by itself."""
_FIRST = 3000
"""Characters of the first documents by which that is decided; fewer if there are no more."""
_QUESTIONS = 50
"""The last ones, which are looked at."""
_FEWEST_QUESTIONS = 5
_SURE = 0.9
"""Of questions, which are short, the language is often told wrong."""
_DECIDED = "embedder-decided"
_OPEN, _DONE = "open", "done"

Choices = Callable[[], Sequence[EmbedderChoice]]


class EmbedderAdviser:
    """Its methods may be called from any thread."""

    def __init__(self, store: Store, reading: Callable[[], bool]) -> None:
        """`reading` tells whether documents wait to be read."""
        self._store = store
        self._reading = reading
        self._asked: deque[str] = deque(maxlen=_QUESTIONS)
        """Questions whose language was not looked at yet: whoever asks waits for an answer."""
        self._questions: deque[str] = deque(maxlen=_QUESTIONS)
        """The languages of the others."""
        if store.value(_DECIDED) is None:
            with suppress(DiskFull):  # the next start does it
                # Whoever has documents already is not surprised by another embedder.
                store.set_value(_DECIDED, _DONE if store.has_own_documents() else _OPEN)

    def asked(self, question: str) -> None:
        """Somebody asked this."""
        self._asked.append(question)

    def decided(self) -> None:
        """The person has chosen: nothing is begun without being asked any more."""
        self._store.set_value(_DECIDED, _DONE)

    def beginning(self, active: KnownEmbedder, choices: Choices) -> EmbedderAdvice | None:
        """With which embedder that is here a new data folder begins instead of the active one; told once."""
        if self._store.value(_DECIDED) != _OPEN:
            return None
        documents = self._languages()
        characters = sum(documents.values())
        if not characters or (characters < _FIRST and self._reading()):
            return None
        self.decided()
        languages = unspoken(active.languages, documents, _MOST)
        advice = self._advice(choices, languages)
        return advice if advice is not None and advice.here else None

    def advice(self, active: KnownEmbedder, choices: Choices) -> EmbedderAdvice | None:
        """What to recommend, if anything."""
        languages = unspoken(active.languages, self._languages(), _PART)
        if languages:
            return self._advice(choices, languages, self._store.own_documents_in(languages))
        while self._asked:
            language, sure = detect(self._asked.popleft())
            if language != UNKNOWN and sure >= _SURE:
                self._questions.append(language)
        questions = Counter(self._questions)
        if questions.total() < _FEWEST_QUESTIONS:
            return None
        return self._advice(choices, unspoken(active.languages, questions, _PART))

    def _advice(
        self, choices: Choices, languages: tuple[str, ...], documents: int = 0
    ) -> EmbedderAdvice | None:
        found = best(choices(), languages) if languages else None
        if found is None:
            return None
        here = found.state is not EmbedderState.OFFERED
        return EmbedderAdvice(found.id, found.name, here, languages, documents)

    def _languages(self) -> dict[str, int]:
        """How many characters the person's documents have in each language that is known."""
        languages = self._store.own_languages()
        languages.pop(UNKNOWN, None)
        return languages

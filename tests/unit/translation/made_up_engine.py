"""A translator over an engine that says what it is told to, for tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.text.sentences import whole_sentences
from assistant.translation.dependencies import Dependencies
from assistant.translation.glossary.glossary import Glossary
from assistant.translation.memory.memory import Memory
from assistant.translation.records import AnalysedParagraph, EngineChoice, Hop, Hypotheses, Route
from assistant.translation.sentence_engine import Hints
from assistant.translation.translator import Translator
from assistant.workers.run import Run, Steps


@dataclass
class MadeUpEngine:
    """Says for each sentence what `answers` has, of several the next each time; else it turns it around."""

    answers: Mapping[str, str | Hypotheses | list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hints: list[Hints] = field(default_factory=list)

    def translate(
        self,
        steps: Steps,
        hop: Hop,
        sentences: Sequence[str],
        *,
        hints: Sequence[Hints] = (),
        alternatives: int = 1,
        on_done: Callable[[int, Hypotheses], None] | None = None,
    ) -> list[Hypotheses]:
        made = []
        for index, sentence in enumerate(sentences):
            steps.token.raise_if_cancelled()
            self.asked.append(sentence)
            self.hints += hints[index : index + 1]
            made.append(self.answer(sentence, alternatives))
            if on_done is not None:
                on_done(index, made[-1])
        return made

    def answer(self, sentence: str, alternatives: int) -> Hypotheses:
        answer = self.answers.get(sentence, sentence[::-1])
        if isinstance(answer, list):
            answer = answer[0] if len(answer) == 1 else answer.pop(0)
        if isinstance(answer, Hypotheses):
            return answer
        return Hypotheses(
            tuple([answer] * min(alternatives, 1)) + tuple(f"{answer} {n}" for n in range(1, alternatives))
        )


MODEL = EngineChoice("/model", "model", chat=False)
CHAT = EngineChoice("/chat", "chat", chat=True)


class House:
    """A translator with all that it needs."""

    def __init__(
        self, folder: Path, engine: MadeUpEngine, languages: Mapping[str, str] | None = None
    ) -> None:
        self.engine = engine
        self.chat = MadeUpEngine()
        self.glossary = Glossary(folder / "glossary.json")
        self.memory = Memory(folder / "memory.sqlite")
        self.languages = dict(languages or {})
        """Of texts; the others are English."""
        self.translator = Translator(
            Dependencies(self.analyse, engine, self.chat, self.route, self.glossary, lambda: self.memory)
        )

    def analyse(
        self, texts: Sequence[str], languages: Sequence[str] = (), expected: Sequence[str] = ()
    ) -> Run[tuple[AnalysedParagraph, ...]]:
        found = tuple(
            AnalysedParagraph(given or self.languages.get(text, "en"), tuple(whole_sentences(text, "en")))
            for text, given in zip(texts, languages or [""] * len(texts), strict=True)
        )
        return Run.derived(lambda _: found)

    def route(self, source: str, target: str, engine: str) -> Route | None:
        if source == "xx":
            return None
        if source == "fr":
            return Route((Hop(MODEL, "fr", "en"), Hop(MODEL, "en", target)))
        return Route((Hop(CHAT if engine == "/chat" else MODEL, source, target),))

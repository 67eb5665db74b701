"""What translation borrows: the models that translate, a chat model's answer, a question's translation."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.chat.records import Finish, LoadOptions, Request
from assistant.errors import DamagedStore, NoModel
from assistant.models.catalog.records import Licence
from assistant.models.files.records import ModelKind
from assistant.models.library.records import Installed
from assistant.translation.prompted_sentences import Answer, Prompt
from assistant.translation.records import Concern, Flag, SentencePair, TextTranslation, TranslatedParagraph
from assistant.translation_adapters import ChatCompletion, EngineChoices, QuestionTranslator
from assistant.workers.run import Run, Steps


class Models:
    """A library of two chat models, one that is missing, and a speech model."""

    def __init__(self) -> None:
        kinds = {
            "small": ModelKind.CHAT,
            "large": ModelKind.CHAT,
            "gone": ModelKind.CHAT,
            "ear": ModelKind.SPEECH,
        }
        self.library = SimpleNamespace(
            installed=lambda: tuple(
                Installed(name, name, kind, f"/m/{name}", 1, linked=True, missing=name == "gone", entry=name)
                for name, kind in kinds.items()
            )
        )

    @property
    def entries(self) -> list[Any]:
        return [SimpleNamespace(id="large", licence=Licence("Own", commercial=False))]


def engines(chosen: str, models: Any = None) -> list[str]:
    return [choice.path for choice in EngineChoices(models or Models(), lambda: chosen)()]


def test_the_chosen_chat_model_comes_first(tmp_path: Path) -> None:
    assert engines("") == ["/m/small", "/m/large"]
    assert engines("/m/large") == ["/m/large", "/m/small"]
    assert engines(str(tmp_path / "nowhere.gguf")) == ["/m/small", "/m/large"]
    (tmp_path / "own.gguf").write_bytes(b"GGUF")
    assert engines(str(tmp_path / "own.gguf"))[0] == str(tmp_path / "own.gguf")


def test_licences_are_those_of_the_catalogue() -> None:
    small, large = EngineChoices(Models(), lambda: "")()  # type: ignore[arg-type]
    assert (small.licence, small.non_commercial, small.chat) == ("", False, True)
    assert (large.licence, large.non_commercial) == ("Own", True)


def test_a_damaged_catalogue_keeps_nothing_from_translating() -> None:
    class Damaged(Models):
        @property
        def entries(self) -> list[Any]:
            raise DamagedStore("catalogue-damaged")

    assert engines("", Damaged()) == ["/m/small", "/m/large"]


def test_a_chat_model_is_asked_as_the_prompt_wants() -> None:
    asked: list[tuple[Request, Path, LoadOptions]] = []
    finishes = [Finish.END, Finish.LENGTH]

    def complete(request: Request, *, model: Path, options: LoadOptions) -> Run[Any]:
        asked.append((request, model, options))
        return Run.derived(lambda _: SimpleNamespace(text="Hallo", finish=finishes[len(asked) - 1]))

    completion = ChatCompletion(SimpleNamespace(complete=complete), lambda: LoadOptions(threads=3))  # type: ignore[arg-type]
    prompt = Prompt("Translate.", "Hello", 40, "translation", stop=("\n",))
    assert completion(Steps(None), "/m/large", prompt) == Answer("Hallo", True)
    cut = completion(Steps(None), "/m/large", Prompt("Translate.", "Hello", 40, "translation", seed=7))
    assert cut == Answer("Hallo", False)
    (request, model, options), (again, _, _) = asked
    assert (request.instructions, request.messages[0].content) == ("Translate.", "Hello")
    assert (request.sampling.temperature, request.sampling.max_tokens) == (0.0, 40)
    assert request.sampling.stop == ("\n",)
    assert (model, options) == (Path("/m/large"), LoadOptions(threads=3))
    assert (again.sampling.seed, again.sampling.temperature) == (7, 0.8)


class Translations:
    """One way, from German, with one sentence's translation."""

    def __init__(
        self, text: str = "How high?", flag: Flag | None = None, error: Exception | None = None
    ) -> None:
        concerns = (Concern(flag),) if flag else ()
        pair = SentencePair((0, 8), (0, len(text)), concerns)
        paragraph = TranslatedParagraph("Wie hoch?", text, "de", (pair,))
        self.found = TextTranslation("Wie hoch?", text, (paragraph,), ((0, 0),), "de")
        self.error = error
        self.ends = True
        self.run: Run[TextTranslation] | None = None

    def route(self, source: str, options: Any) -> object | None:
        return object() if source == "de" else None

    def translate(self, question: str, options: Any) -> Run[TextTranslation]:
        def work(steps: Steps) -> TextTranslation:
            while not self.ends:
                steps.token.raise_if_cancelled()
            if self.error is not None:
                raise self.error
            return self.found

        self.run = Run.derived(work)
        return self.run


def question(translations: Translations, source: str = "de", seconds: float = 30.0) -> str | None:
    return QuestionTranslator(lambda: translations, seconds)("Wie hoch?", source, "en")  # type: ignore[arg-type, return-value]


def test_a_question_is_translated_where_that_is_of_use() -> None:
    assert question(Translations()) == "How high?"
    assert question(Translations(flag=Flag.VALUES)) == "How high?"
    for made in (
        Translations(flag=Flag.UNCHANGED),
        Translations(text=" "),
        Translations(error=NoModel("no-model-loaded")),
    ):
        assert question(made) is None
    assert question(Translations(), source="fi") is None


def test_nobody_waits_long_for_it() -> None:
    slow = Translations()
    slow.ends = False
    assert question(slow, seconds=0.05) is None
    assert slow.run is not None
    assert slow.run.done()


@pytest.mark.parametrize("flag", [Flag.EMPTY, Flag.SCRIPT, Flag.REPEATS])
def test_a_question_that_makes_no_sense_is_not_searched(flag: Flag) -> None:
    assert question(Translations(flag=flag)) is None

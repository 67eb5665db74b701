"""Long sentences in parts, like ones once, each told as soon as it is there; what finds no end is mended."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.errors import Cancelled, ModelUnusable
from assistant.jobs import CancelToken
from assistant.translation import model_families
from assistant.translation.records import Hypotheses
from assistant.translation.sentence_batches import SentenceBatches
from assistant.translation.translation_model import TranslationModel
from tests.made_models import random_translators as made


class Words:
    """Pieces are words."""

    def cut(self, texts: Sequence[str]) -> list[list[str]]:
        return [[f"▁{word}" for word in text.split()] for text in texts]

    def spaced(self, pieces: Sequence[str]) -> Sequence[str]:
        return pieces

    def places(self, text: str) -> list[tuple[int, int]]:
        found, at = [], 0
        for word in text.split():
            start = text.index(word, at)
            at = start + len(word)
            found.append((start, at))
        return found


class Translator:
    """Turns the words of a sentence round and writes them in capitals; attention points where it should."""

    def __init__(self, *, straight: bool = True, endless: int = 0) -> None:
        self.batches: list[list[list[str]]] = []
        self.options: list[dict[str, Any]] = []
        self.straight = straight
        self.endless = endless
        """Sentences that find no end, of the first ones."""

    def translate_batch(self, sources: list[list[str]], **options: Any) -> list[Any]:
        self.batches.append(sources)
        self.options.append(options)
        prefixes = options["target_prefix"] or [[]] * len(sources)
        return [
            SimpleNamespace(result=partial(self._made, source, prefix, options), done=lambda: True)
            for source, prefix in zip(sources, prefixes, strict=True)
        ]

    def _made(self, source: list[str], prefix: list[str], options: dict[str, Any]) -> Any:
        words = [piece for piece in source if piece.startswith("▁")]
        before = next((number for number, piece in enumerate(source) if piece.startswith("▁")), 0)
        turned = [word.upper() for word in reversed(words)]
        ends = ["</s>"]
        if self.endless and "no_repeat_ngram_size" not in options:
            self.endless -= 1
            ends = []
        rows = [[0.0] * len(source) for _ in range(len(prefix) + len(turned) + len(ends))]
        for number in range(len(turned)):
            place = before + (len(words) - 1 - number if self.straight else number)
            rows[len(prefix) + number][place] = 0.9
        count = options["num_hypotheses"]
        begun = [f"▁{number}" for number in range(count)] if options["return_alternatives"] else [""] * count
        hypotheses = [[*prefix, *([begin] if begin else []), *turned, *ends] for begin in begun]
        return SimpleNamespace(hypotheses=hypotheses, attention=[rows] if options["return_attention"] else [])


class Case:
    def __init__(self, folder: Path, translator: Translator, most: int = 300) -> None:
        read = model_families.read(folder)
        self.translator = translator
        self.model = TranslationModel(read, Words(), translator)
        object.__setattr__(read, "most_tokens", most)
        self.told: list[tuple[int, Hypotheses]] = []
        self.token = CancelToken()

    def run(self, *texts: str, alternatives: int = 1, to: tuple[str, str] = ("en", "de"), **how: Any) -> Any:
        batches = SentenceBatches(self.model, *to, alternatives, self.token)
        return batches.translate(texts, lambda index, made: self.told.append((index, made)), **how)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(made.marian(tmp_path / "m"), Translator())


def test_each_is_told_and_like_ones_are_translated_once(case: Case) -> None:
    found = case.run("the old dog", "", "a house", "the old dog")
    assert [each.texts[0] for each in found] == ["DOG OLD THE", "", "HOUSE A", "DOG OLD THE"]
    assert sorted(index for index, _ in case.told) == [0, 1, 2, 3]
    assert sum(map(len, case.translator.batches)) == 2
    assert not any(each.cut for each in found)


def test_long_ones_go_first_and_each_batch_has_its_limit(case: Case) -> None:
    texts = [" ".join(["word"] * count) + f" {number}" for number, count in enumerate(range(1, 90))]
    found = case.run(*texts)
    assert [each.texts[0].split()[0] for each in found] == [str(number) for number in range(89)]
    lengths = [len(sentence) for batch in case.translator.batches for sentence in batch]
    assert lengths == sorted(lengths, reverse=True)
    assert len(case.translator.batches) > 1


def test_a_stop_does_not_wait_for_the_library(case: Case) -> None:
    def never() -> bool:
        case.token.cancel()
        return False

    case.translator.translate_batch = lambda *_, **__: [  # type: ignore[method-assign]
        SimpleNamespace(done=never)
    ]
    with pytest.raises(Cancelled):
        case.run("the dog")


def test_a_long_one_is_translated_in_parts(tmp_path: Path) -> None:
    case = Case(made.marian(tmp_path / "m"), Translator(), most=6)
    text = "the dog sleeps, and the old house is green, so it is"
    (found,) = case.run(text)
    assert found.cut
    assert sorted(found.texts[0].split()) == sorted(text.upper().split())
    assert all(len(sentence) <= 7 for batch in case.translator.batches for sentence in batch)


def test_what_finds_no_end_is_tried_another_way(tmp_path: Path) -> None:
    case = Case(made.marian(tmp_path / "m"), Translator(endless=1))
    (found,) = case.run("the old dog")
    assert found.texts == ("DOG OLD THE",)
    assert len(case.translator.batches) == 2
    assert case.translator.options[1]["no_repeat_ngram_size"]


def test_the_end_of_endless_ones_comes(tmp_path: Path) -> None:
    translator = Translator()
    translator._made = lambda source, prefix, options: SimpleNamespace(  # type: ignore[method-assign]
        hypotheses=[["▁so"] * 9], attention=[]
    )
    case = Case(made.marian(tmp_path / "m"), translator)
    (found,) = case.run(" ".join(["word"] * 100))
    assert found.cut
    assert found.texts[0].startswith("so so so")


def test_words_are_linked_where_the_attention_can_be_believed(tmp_path: Path) -> None:
    texts = [f"the house{number} sleeps behind garden{number}" for number in range(6)]
    case = Case(made.marian(tmp_path / "m"), Translator())
    found = case.run(*texts, aligned=[True] * 5 + [False])
    said = [(texts[0][slice(*one)], found[0].texts[0][slice(*other)]) for one, other in found[0].alignment]
    assert ("sleeps", "SLEEPS") in said
    assert ("house0", "HOUSE0") in said
    assert found[5].alignment == ()
    wrong = Case(made.marian(tmp_path / "n"), Translator(straight=False))
    assert all(not each.alignment for each in wrong.run(*texts, aligned=[True] * 6))


def test_a_model_is_not_tried_for_ever(case: Case) -> None:
    for number in range(20):
        assert case.run(f"an ox {number}", aligned=[True])[0].alignment == ()
        case.model._trust.tried = 0
    before = len(case.translator.batches)
    case.run("an ox 20", aligned=[True])
    assert len(case.translator.batches) == before + 1


def test_links_of_parts_count_from_the_beginning(tmp_path: Path) -> None:
    texts = [f"the house{number} sleeps now, behind garden{number} stands dog{number}" for number in range(4)]
    case = Case(made.marian(tmp_path / "m"), Translator(), most=5)
    found = case.run(*texts, aligned=[True] * 4)
    said = {(texts[3][slice(*one)], found[3].texts[0][slice(*other)]) for one, other in found[3].alignment}
    assert {("house3", "HOUSE3"), ("garden3", "GARDEN3"), ("dog3", "DOG3")} <= said


def test_alternatives_begin_differently(case: Case) -> None:
    (found,) = case.run("the old dog", alternatives=3)
    assert found.texts == ("DOG OLD THE", "0 DOG OLD THE", "1 DOG OLD THE")


def test_languages_are_told(tmp_path: Path) -> None:
    case = Case(made.nllb(tmp_path / "m"), Translator())
    (found,) = case.run("the dog", to=("en", "zh"))
    assert found.texts == ("DOG THE",)
    assert case.translator.batches == [[["eng_Latn", "▁the", "▁dog", "</s>"]]]
    assert case.translator.options[0]["target_prefix"] == [["zho_Hans"]]
    with pytest.raises(ModelUnusable):
        case.run("the dog", to=("en", "fr"))


@pytest.mark.parametrize(
    ("make", "source"),
    [
        (made.m2m100, ["__en__", "▁the", "</s>"]),
        (made.madlad, ["<2de>", "▁the", "</s>"]),
        (lambda folder: made.marian(folder, ("deu", "fra")), [">>deu<<", "▁the", "</s>"]),
        (lambda folder: made.marian(folder, config={"add_source_eos": True}), ["▁the"]),
        (made.argos, ["▁the"]),
    ],
)
def test_what_each_family_reads(tmp_path: Path, make: Any, source: list[str]) -> None:
    case = Case(make(tmp_path / "m"), Translator())
    case.run("the")
    assert case.translator.batches == [[source]]


def test_no_batch_begins_after_a_stop(case: Case) -> None:
    case.token.cancel()
    with pytest.raises(Cancelled):
        case.run("the dog")
    assert case.translator.batches == []


def test_a_library_that_fails_says_so(tmp_path: Path) -> None:
    translator = Translator()

    def fails() -> None:
        raise RuntimeError("expected storage to be of type int8.")

    translator.translate_batch = lambda *_, **__: [SimpleNamespace(result=fails, done=lambda: True)]  # type: ignore[method-assign]
    with pytest.raises(ModelUnusable) as caught:
        Case(made.marian(tmp_path / "m"), translator).run("the dog")
    assert caught.value.problem.reason == "translation-model-fails"

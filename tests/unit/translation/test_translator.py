"""Paragraphs through the translator, with an engine that is made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import Cancelled
from assistant.translation.glossary.records import Term
from assistant.translation.records import (
    Flag,
    Formality,
    Hypotheses,
    Mark,
    Paragraph,
    ParagraphDone,
    Tier,
    TranslatedParagraph,
    TranslationOptions,
)
from assistant.workers.run import Steps
from tests.unit.translation.made_up_engine import House, MadeUpEngine

GERMAN = TranslationOptions("de")
DOG, HUND = "A dog sleeps in the garden.", "Ein Hund schläft im Garten."
CAT, KATZE = "The cat sits on the table.", "Die Katze sitzt auf dem Tisch."


def through(
    house: House, *paragraphs: str | Paragraph, options: TranslationOptions = GERMAN
) -> list[TranslatedParagraph]:
    made = [each if isinstance(each, Paragraph) else Paragraph(each) for each in paragraphs]
    return list(house.translator.translate(Steps(None), made, options))


@pytest.fixture
def engine() -> MadeUpEngine:
    return MadeUpEngine({DOG: HUND, CAT: KATZE})


@pytest.fixture
def house(tmp_path: Path, engine: MadeUpEngine) -> House:
    return House(tmp_path, engine)


def test_white_space_and_signs_stay(house: House) -> None:
    (done,) = through(house, f"  • {DOG}  {CAT} →\t")
    assert done.text == f"  • {HUND}  {KATZE} →\t"
    assert [done.source[slice(*pair.source)] for pair in done.sentences] == [DOG, f"{CAT} →"]
    assert [done.text[slice(*pair.target)] for pair in done.sentences] == [HUND, f"{KATZE} →"]
    assert done.concerns == ()


def test_identical_sentences_are_translated_once(house: House, engine: MadeUpEngine) -> None:
    done = through(house, f"{DOG} {CAT}", DOG, f"- {DOG}")
    assert [each.text for each in done] == [f"{HUND} {KATZE}", HUND, f"- {HUND}"]
    assert sorted(engine.asked) == sorted([DOG, CAT])


@pytest.mark.parametrize("text", ["12,5 %", "https://example.org", "A4", " ", "", "***"])
def test_what_holds_no_words_stays(house: House, engine: MadeUpEngine, text: str) -> None:
    (done,) = through(house, text)
    assert (done.text, done.concerns, engine.asked) == (text, (), [])


def test_what_is_in_the_target_language_stays(tmp_path: Path, engine: MadeUpEngine) -> None:
    house = House(tmp_path, engine, {HUND: "de"})
    (done,) = through(house, Paragraph(HUND, (Mark(1, 4, 8),), language="en"))
    assert (done.text, done.concerns, done.marks) == (HUND, (), (Mark(1, 4, 8),))
    assert engine.asked == []


def test_what_no_model_translates_stays_and_is_marked(tmp_path: Path, engine: MadeUpEngine) -> None:
    house = House(tmp_path, engine, {CAT: "xx"})
    first, second = through(house, DOG, CAT)
    assert (first.text, first.concerns) == (HUND, ())
    assert second.text == CAT
    assert [concern.flag for concern in second.concerns] == [Flag.LANGUAGE]


def test_a_document_tells_the_language_where_the_text_does_not(tmp_path: Path, engine: MadeUpEngine) -> None:
    house = House(tmp_path, engine, {CAT: "xx"})
    (done,) = through(house, Paragraph(CAT, language="en"))
    assert (done.text, done.language) == (KATZE, "en")


def test_a_pivot_goes_over_both_models(tmp_path: Path) -> None:
    french = "Un chien dort dans le jardin."
    engine = MadeUpEngine({french: DOG, DOG: HUND})
    house = House(tmp_path, engine, {french: "fr"})
    assert through(house, french)[0].text == HUND
    assert engine.asked == [french, DOG]


@pytest.mark.parametrize(
    ("answers", "text", "flags"),
    [
        (["", HUND], HUND, []),
        ([DOG, HUND], HUND, []),
        (["Hund " * 9, "Hund " * 40], ("Hund " * 9).strip(), [Flag.REPEATS]),
        (["", ""], DOG, [Flag.EMPTY]),
        ([DOG, "Кот"], DOG, [Flag.UNCHANGED]),
    ],
)
def test_a_suspect_result_is_tried_again_once_and_the_better_one_kept(
    tmp_path: Path, answers: list[str], text: str, flags: list[Flag]
) -> None:
    engine = MadeUpEngine({DOG: [*answers, "never asked"]})
    (done,) = through(House(tmp_path, engine), DOG)
    assert done.text == text
    assert [concern.flag for concern in done.concerns] == flags
    assert [hint.afresh for hint in engine.hints] == [False, True]


def test_values_are_put_back_or_marked(tmp_path: Path) -> None:
    text = "Hello {name}, you have 5 new messages today."
    answers = {text: "Hallo {Name}, du hast heute 317 neue Nachrichten."}
    (done,) = through(House(tmp_path, MadeUpEngine(answers)), text)
    assert done.text == "Hallo {name}, du hast heute 317 neue Nachrichten."
    assert [(concern.flag, concern.detail) for concern in done.concerns] == [
        (Flag.VALUES, "5"),
        (Flag.VALUES, "317"),
    ]


def test_what_was_cut_is_marked(tmp_path: Path) -> None:
    (done,) = through(House(tmp_path, MadeUpEngine({DOG: Hypotheses((HUND,), cut=True)})), DOG)
    assert [concern.flag for concern in done.concerns] == [Flag.CUT]


def test_terms_are_given_to_the_engine_put_right_and_marked(tmp_path: Path) -> None:
    aligned = Hypotheses((HUND,), (((0, 1), (0, 3)), ((2, 5), (4, 8)), ((6, 12), (9, 16))))
    engine = MadeUpEngine({DOG: aligned, CAT: KATZE})
    house = House(tmp_path, engine)
    house.glossary.set_terms([Term("dog", "Köter", "en", "de"), Term("cat", "Miez"), Term("table", "Tisch")])
    first, second = through(house, DOG, CAT)
    assert (first.text, first.concerns) == ("Ein Köter schläft im Garten.", ())
    assert [(concern.flag, concern.detail) for concern in second.concerns] == [(Flag.GLOSSARY, "Miez")]
    assert [hint.terms for hint in engine.hints] == [
        (("dog", "Köter"),),
        (("table", "Tisch"), ("cat", "Miez")),
    ]


def test_the_memory_answers_with_its_flags(tmp_path: Path) -> None:
    marked = MadeUpEngine({CAT: "Die 99 Katzen."})
    house = House(tmp_path, marked)
    once = through(house, DOG, CAT)
    marked.asked.clear()
    again = through(house, DOG, CAT)
    assert marked.asked == []
    assert [each.text for each in again] == [each.text for each in once]
    assert again[1].concerns == once[1].concerns != ()
    assert all(pair.from_memory for each in again for pair in each.sentences)
    through(house, DOG, options=TranslationOptions("de", use_memory=False))
    through(house, DOG, options=TranslationOptions("de", formality=Formality.FORMAL))
    assert marked.asked == [DOG, DOG]


def test_what_was_done_before_a_stop_is_kept(tmp_path: Path) -> None:
    steps = Steps(None)

    class Stopping(dict[str, str]):
        def get(self, key: str, default: object = None) -> object:
            if key == CAT:
                steps.cancel()
                steps.token.raise_if_cancelled()
            return HUND

    house = House(tmp_path, MadeUpEngine(Stopping()))
    with pytest.raises(Cancelled):
        house.translator.translate(steps, [Paragraph(DOG), Paragraph(CAT)], GERMAN)
    assert house.memory.count() == 1


@pytest.mark.parametrize("at_end", [True, False])
def test_the_memory_is_given_what_comes_at_once_or_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_end: bool
) -> None:
    monkeypatch.setattr("assistant.translation.paragraph_translation._KEEP_EVERY", 0.0)
    counts = []

    class Counting(dict[str, str]):
        def get(self, key: str, default: object = None) -> object:
            counts.append(house.memory.count())
            return super().get(key, default)

    house = House(tmp_path, MadeUpEngine(Counting({DOG: HUND, CAT: KATZE})))
    house.translator.translate(Steps(None), [Paragraph(DOG), Paragraph(CAT)], GERMAN, keep_at_end=at_end)
    assert counts == ([0, 0] if at_end else [0, 1])
    assert house.memory.count() == 2


def test_what_was_not_tried_again_before_a_stop_is_not_kept(tmp_path: Path) -> None:
    engine = MadeUpEngine({DOG: HUND, CAT: [CAT, KATZE]})
    house = House(tmp_path, engine)
    steps = Steps(None)
    paragraphs = [Paragraph(DOG), Paragraph(CAT)]

    def stop(report: ParagraphDone) -> None:
        if report.paragraph.source == CAT:
            steps.cancel()

    with pytest.raises(Cancelled):
        house.translator.translate(steps, paragraphs, GERMAN, stop)
    assert house.memory.count() == 1
    engine.answers = {DOG: HUND, CAT: [CAT, KATZE]}
    assert [each.text for each in through(house, DOG, CAT)] == [HUND, KATZE]
    # One that is no better then is not tried for ever.
    still = MadeUpEngine({CAT: CAT})
    (tmp_path / "still").mkdir()
    again = House(tmp_path / "still", still)
    for _ in range(2):
        (done,) = through(again, CAT)
        assert Flag.UNCHANGED in [concern.flag for concern in done.concerns]
    assert len(still.asked) == 2


def test_paragraphs_are_reported_as_they_come(house: House) -> None:
    told: list[ParagraphDone] = []
    texts = [Paragraph(f"{DOG} {CAT}"), Paragraph("12")]
    done = house.translator.translate(Steps(None), texts, GERMAN, told.append)
    assert [each.paragraph.text for each in told if not each.complete and each.index == 0] == [
        f"{HUND} {CAT}",
        f"{HUND} {KATZE}",
    ]
    assert [(each.index, each.paragraph) for each in told if each.complete] == list(enumerate(done))


def test_marked_words_that_nothing_tells_of_are_translated_alone(tmp_path: Path) -> None:
    engine = MadeUpEngine({DOG: HUND, CAT: KATZE, "cat": "Katzen", "dog": "Köter"})
    house = House(tmp_path, engine)
    first, second = through(house, Paragraph(CAT, (Mark(7, 4, 7),)), Paragraph(DOG, (Mark(8, 2, 5),)))
    assert first.text[first.marks[0].start : first.marks[0].end] == "Katze"
    assert first.tiers == ((7, Tier.FOUND),)
    assert (second.marks, second.tiers) == ((Mark(8, 0, len(HUND)),), ((8, Tier.WHOLE),))
    assert [(concern.flag, concern.detail) for concern in second.concerns] == [(Flag.MARK, "dog")]
    assert house.memory.count() == 2
    engine.asked.clear()
    assert through(house, Paragraph(CAT, (Mark(7, 4, 7),)))[0].marks == first.marks
    assert engine.asked == []


def test_alternatives(house: House) -> None:
    steps = Steps(None)
    found = house.translator.alternatives(steps, f"- {DOG}", GERMAN, 3)
    assert found == (f"- {HUND}", f"- {HUND} 1", f"- {HUND} 2")
    assert house.translator.alternatives(steps, "12", GERMAN) == ()


def test_alternatives_heed_the_glossary(house: House, engine: MadeUpEngine) -> None:
    house.glossary.set_terms([Term("dog", "Hund"), Term("cat", "Katze")])
    house.translator.alternatives(Steps(None), DOG, GERMAN, 2)
    assert [hint.terms for hint in engine.hints] == [(("dog", "Hund"),)]


def test_a_chat_model_is_asked_where_it_was_chosen(house: House) -> None:
    house.languages[DOG[::-1]] = "de"
    through(house, DOG, options=TranslationOptions("de", engine="/chat"))
    assert (house.chat.asked, house.engine.asked) == ([DOG], [])


def test_a_chat_model_that_answers_instead_is_asked_again(house: House) -> None:
    house.languages[HUND] = "de"
    house.chat.answers = {DOG: ["No, the dog never sleeps there at all.", HUND]}
    (done,) = through(house, DOG, options=TranslationOptions("de", engine="/chat"))
    assert (done.text, done.concerns) == (HUND, ())


def test_what_is_no_unicode_is_translated_and_remembered(house: House, engine: MadeUpEngine) -> None:
    broken = Paragraph("A \ud800dog sleeps in the garden.", (Mark(1, 2, 6),))
    through(house, broken)
    assert "A \ufffddog sleeps in the garden." in engine.asked
    asked = len(engine.asked)
    through(house, broken)
    assert len(engine.asked) == asked

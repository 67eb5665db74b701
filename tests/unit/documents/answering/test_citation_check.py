"""What of a model's answer holds, with a stand-in for the embedder that compares words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from assistant.chat.records import Source
from assistant.documents.answering import citation_check, claim_support
from assistant.documents.grounded_records import CheckedText, Verdict

WELL = Source(1, "report.pdf, page 3", ("The new well reached water at 43 metres in April.",), (0,))
FENCE = Source(2, "fence.txt", ("Larch posts came from Norden.", "The fence was mended in May."), (1, 0))
PRICE = Source(3, "costs.xlsx", ("The pump cost 1,250.50 francs.",), (0,))
GERMAN = Source(
    4,
    "bericht.pdf",
    ("Der neue Brunnen auf dem nördlichen Feld erreichte im April Wasser in 43 Metern.",),
    (0,),
)


def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """A vector for each text, from its words: alike words, alike vectors."""
    rows = np.zeros((len(texts), 512), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in text.casefold().split():
            row[sum(map(ord, word.strip(".,!?"))) % 512] += 1.0
        row /= max(1e-9, float(np.linalg.norm(row)))
    return rows


def checked(answer: str, *sources: Source, question: str = "") -> CheckedText:
    found = sources or (WELL, FENCE, PRICE)
    return citation_check.check(answer, found, question, embed, 0.0, lambda language, text: 1.0)


def test_what_a_source_says_stays() -> None:
    found = checked("The new well reached water at 43 metres [1]. The fence was mended in May [2].")
    assert found.text == "The new well reached water at 43 metres [1]. The fence was mended in May [2]."
    assert [claim.verdict for claim in found.claims] == [Verdict.SUPPORTED] * 2
    assert found.citations == (1, 2)
    assert found.removed == ()
    first, second = found.claims
    assert found.text[second.start : second.end] == "The fence was mended in May [2]."
    assert first.citations == (1,)


def test_where_a_source_is_from_is_nothing_that_it_says() -> None:
    source = Source(1, "parts-of-the-pump 2021.pdf, page 4, Parts", ("It has a motor and a valve.",), (0,))
    question = "What are the parts?"
    assert not checked("They are parts-of-the-pump and page 4.", source, question=question).citations
    assert not checked("There are 4 of them.", source, question=question).citations
    assert checked("A motor and a valve.", source, question=question).citations == (1,)
    assert checked("In 2021, a motor and a valve.", source, question=question).citations == (1,)


@pytest.mark.parametrize(
    "answer",
    [
        "The new well reached water at 34 metres [1].",  # another number
        "The new well reached water at 43 metres in Sweden [1].",  # another name
        "The new well reached rock at 43 metres [1].",  # another word
        "The gate was mended in May [2].",
        "The fence was mended in May [1].",  # another source
        "Bees fly far in warm summers [2].",
    ],
)
def test_what_no_source_says_loses_its_citation(answer: str) -> None:
    found = checked(answer, WELL) if "fence" in answer else checked(answer)
    (claim,) = found.claims
    assert claim.verdict is Verdict.UNSUPPORTED
    assert claim.removed
    assert found.citations == ()
    assert "[" not in found.text


@pytest.mark.parametrize(
    "answer",
    [
        "In May the fence was mended [2].",
        "Yes, the fence was mended in May [2].",
        "The well, as the report says, reached water at 43 metres [1].",
        "The new well on the north field reached water at 43 metres [1].",
    ],
)
def test_the_same_in_another_order_or_with_more_around_it_stays(answer: str) -> None:
    assert checked(answer).text == answer


def test_a_source_that_is_not_there_cannot_be_cited() -> None:
    found = checked("The new well reached water at 43 metres [1, 9].")
    assert found.text == "The new well reached water at 43 metres [1]."
    assert found.claims[0].verdict is Verdict.SUPPORTED
    assert found.removed == (9,)


def test_the_right_source_takes_the_place_of_a_wrong_one() -> None:
    found = checked("The fence was mended in May [1].")
    assert found.text == "The fence was mended in May [2]."
    assert found.claims[0].removed == (1,)
    assert found.claims[0].added == (2,)


def test_what_is_repeated_without_a_citation_gets_it() -> None:
    found = checked("Larch posts came from Norden. I hope this helps you with your work.")
    assert found.text == "Larch posts came from Norden [2]. I hope this helps you with your work."
    assert [claim.verdict for claim in found.claims] == [Verdict.SUPPORTED, Verdict.UNCITED]


def test_two_sources_may_say_it_together() -> None:
    found = checked("The new well reached water at 43 metres and the fence was mended in May [1][2].")
    assert found.citations == (1, 2)


def test_numbers_are_one_however_they_are_written() -> None:
    assert checked("The pump cost 1250.50 francs [3].").citations == (3,)
    assert checked("The pump cost 1250.40 francs [3].").citations == ()
    assert claim_support.numbers("1,117,400 or 1.117.400") == {"1117400"}


def test_words_of_the_question_need_not_stand_in_the_source() -> None:
    question = "How far down did they have to drill before there was water?"
    answer = "They had to drill 43 metres down before there was water [1]."
    assert checked(answer, WELL, question=question).citations == (1,)
    assert checked(answer.replace("43", "50"), WELL, question=question).citations == ()


def test_another_language_is_said_not_to_be_checked() -> None:
    english = "The new well in the northern field has reached water at a depth of 43 metres this spring [4]."
    (claim,) = checked(english, GERMAN).claims
    assert claim.verdict is Verdict.UNCHECKED
    assert claim.citations == (4,)
    (claim,) = checked(english.replace("43", "57"), GERMAN).claims
    assert claim.verdict is Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    "answer",
    [
        "This is not in your documents.",
        "The depth is not in your documents.",
        "The sources do not mention the depth of the well.",
        "Das steht nicht in Ihren Dokumenten.",
        "Cela ne figure pas dans vos documents.",
        "Eso no está en sus documentos.",
        "这不在您的文档中。",
    ],
)
def test_saying_that_it_is_not_there_is_an_answer(answer: str) -> None:
    found = checked(answer)
    assert found.absent
    assert found.citations == ()
    assert found.text == answer


def test_an_answer_with_a_quote_is_not_absent() -> None:
    assert not checked("The fence was mended in May [2]. The rest is not in your documents.").absent
    assert not citation_check.says_absent("The well is in the north field.")


def test_what_nothing_supports_is_no_answer() -> None:
    assert checked("The well is owned by Anna Berg.").absent
    assert checked("The fence was painted in June [2].").absent
    assert not checked("The fence was mended in May. It is painted now.").absent
    assert not checked("- Bees fly far.\n- They dance.\n- They are yellow.").absent  # more than one statement


def test_the_question_said_again_is_no_answer() -> None:
    question = "When was the fence mended?"
    assert checked("The fence was mended.", question=question).absent
    assert not checked("The fence was mended in May.", question=question).absent
    assert checked("Yes, the fence was mended.", question="Was the fence mended?").citations == (2,)
    assert checked("The fence was mended.", question="Was the fence mended?").citations == (2,)


def test_what_a_source_denies_cites_nothing() -> None:
    notice = Source(1, "lease.txt", ("Dogs are not allowed in the garden.",), (0,))
    question = "Are dogs allowed in the garden?"
    for cited in ("", " [1]"):
        found = checked(f"Yes, dogs are allowed in the garden{cited}.", notice, question=question)
        assert found.denial == "Dogs are not allowed in the garden."
        assert (found.citations, found.absent) == ((), False)
    found = checked("No, dogs are not allowed in the garden.", notice, question=question)
    assert (found.denial, found.citations) == ("", (1,))


def test_a_mere_yes_is_left_as_it_is() -> None:
    assert not checked("Yes.", question="Was the fence mended?").absent
    assert checked("Yes.", question="When was the fence mended?").absent


def test_a_number_may_stand_as_a_word() -> None:
    notice = Source(1, "lease.txt", ("Either side may end it with three months' notice.",), (0,))
    assert checked("The notice is 3 months.", notice, question="How long is the notice?").citations == (1,)
    assert checked("The notice is 4 months.", notice, question="How long is the notice?").absent


def test_another_word_for_the_same_is_not_cited_and_not_refused() -> None:
    found = checked("The fence was repaired in May.", question="When was the fence repaired?")
    assert found.citations == (2,)  # the word is the question's
    found = checked("The new well reached rock at 43 metres.", WELL)
    assert (found.citations, found.absent) == ((), False)


def test_two_sources_are_cited_for_what_they_say_together_unasked() -> None:
    assert checked("The pump cost 1,250.5 francs and larch posts came from Norden.").citations == (2, 3)


def test_what_was_said_before_supports_it_too() -> None:
    told = "The well is owned by Anna Berg."
    found = citation_check.check(told, (WELL,), "", embed, 0.0, lambda language, text: 1.0, told)
    assert not found.absent
    assert found.citations == ()


def test_a_sentence_in_another_language_goes_by_its_number() -> None:
    english = "The new well in the northern field has reached water at a depth of 43 metres this spring."
    assert checked(english, GERMAN).citations == (4,)
    assert checked(english.replace("43", "57"), GERMAN).absent


def test_nothing_said_is_nothing_held() -> None:
    assert checked("") == CheckedText("", (), False)
    assert checked("[1]").citations == ()

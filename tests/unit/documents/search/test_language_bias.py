"""What tells languages apart is taken out of a question; what it says stays."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.documents.search.language_bias import Matrix, language_bias

DIMENSION = 128
RANDOM = np.random.default_rng(5)


def unit(rows: Matrix) -> Matrix:
    made: Matrix = (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)
    return made


def directions(count: int) -> Matrix:
    return unit(RANDOM.normal(size=(count, DIMENSION)))


def passages(language: Matrix, subjects: Matrix) -> Matrix:
    """Vectors as an embedder of many languages gives them: mostly language, and what is said."""
    return unit(1.5 * language + subjects)


LANGUAGES = directions(3)
SUBJECTS = directions(60)
INDEX = {
    "en": passages(LANGUAGES[0], SUBJECTS[:25]),
    "hi": passages(LANGUAGES[1], SUBJECTS[25:45]),
    "zh": passages(LANGUAGES[2], SUBJECTS[45:]),
}


def found(question: Matrix) -> int:
    """Number of the subject of the nearest passage."""
    return int(np.argmax(np.vstack(list(INDEX.values())) @ question))


@pytest.mark.parametrize("language", [0, 1, 2])
def test_the_answer_is_found_in_whatever_language_it_stands(language: int) -> None:
    bias = language_bias(INDEX, DIMENSION)
    asked = [unit(1.5 * LANGUAGES[language] + subject) for subject in SUBJECTS]
    before = sum(found(question) == number for number, question in enumerate(asked))
    after = sum(found(bias.without(question)) == number for number, question in enumerate(asked))
    assert before < 45
    assert after > 55


def test_a_question_is_on_average_as_near_to_one_language_as_to_another() -> None:
    bias = language_bias(INDEX, DIMENSION)
    question = bias.without(unit(1.5 * LANGUAGES[1] + SUBJECTS[3]))
    near = [float((each @ question).mean()) for each in INDEX.values()]
    assert max(near) - min(near) < 0.15


def test_a_single_language_changes_no_question() -> None:
    bias = language_bias({"en": INDEX["en"]}, DIMENSION)
    question = unit(SUBJECTS[0])
    assert bias.without(question) == pytest.approx(question)
    mean = float((INDEX["en"] @ question).mean())
    assert bias.unrelated(question, usual=1.0) == pytest.approx(mean, abs=1e-5)
    assert bias.unrelated(question, usual=mean - 0.1) == mean - 0.1, "where all passages are on one subject"


def test_a_few_passages_of_a_language_are_found_as_before() -> None:
    bias = language_bias({"en": INDEX["en"], "hi": INDEX["hi"][:3]}, DIMENSION)
    question = unit(1.5 * LANGUAGES[0] + SUBJECTS[31])
    assert bias.without(question) == pytest.approx(question)


@pytest.mark.parametrize("samples", [{}, {"en": np.zeros((0, DIMENSION), dtype=np.float32)}])
def test_no_documents_are_no_trouble(samples: dict[str, Matrix]) -> None:
    bias = language_bias(samples, DIMENSION)
    question = unit(SUBJECTS[0])
    assert bias.without(question) == pytest.approx(question)
    assert bias.unrelated(question, usual=0.3) == 0.3

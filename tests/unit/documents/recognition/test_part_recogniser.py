"""What the pictures of a part give together."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from assistant.documents.recognition.part_recogniser import PartRecogniser
from assistant.documents.records import Outcome, PartPicture
from assistant.documents.store.rows import PartToRecognise, RecognisedPart
from assistant.file_reading.picture import Picture
from assistant.jobs import CancelToken
from assistant.vision.records import RecognisedPicture, Recogniser
from tests.unit.documents.recognition.conftest import seen


def recognised(*pictures: RecognisedPicture) -> RecognisedPart:
    left = list(pictures)
    recogniser = PartRecogniser(
        SimpleNamespace(languages_of=lambda _: {}),  # type: ignore[arg-type]
        SimpleNamespace(part_picture=lambda *_: Picture(1, 1, 1, b"\xff")),  # type: ignore[arg-type]
        SimpleNamespace(recognise=lambda *_: left.pop(0)),  # type: ignore[arg-type]
        lambda _: None,
    )
    named = tuple(PartPicture(number, f"picture {number}") for number in range(1, len(pictures) + 1))
    task = PartToRecognise(
        document=1, path="a.docx", size=1, mtime_ns=1, title="a", collection="c", unit="part", parts=1,
        content=None, number=1, label="part 1", outcome=Outcome.TEXT, problem=None, pictures=named,
        requested="",
    )  # fmt: skip
    return recogniser.part(task, recogniser.look(task, (), CancelToken()))


NOISE = seen("xx " * 60, 0.2, Recogniser.RAPIDOCR, "fi")


def test_letters_seen_in_noise_do_not_count_in_how_sure_a_part_is() -> None:
    part = recognised(NOISE, seen("the bells ring at noon", 0.9, Recogniser.TESSERACT, "en"))
    assert part.confidence == pytest.approx(0.9)
    assert (part.recogniser, part.languages) == ("tesseract", ("en",))


def test_what_gave_most_text_is_named_and_each_letter_counts_alike() -> None:
    short, long = "noon", "the bells ring once"
    part = recognised(
        seen(short, 0.5, Recogniser.RAPIDOCR, "en"), seen(long, 0.9, Recogniser.TESSERACT, "de")
    )
    share = len(short) / (len(short) + len(long))
    assert part.confidence == pytest.approx(0.5 * share + 0.9 * (1 - share))
    assert (part.recogniser, part.languages) == ("tesseract", ("en", "de"))


def test_nothing_but_noise_is_no_text() -> None:
    part = recognised(NOISE)
    assert (part.confidence, part.languages, part.sections) == (None, (), ())

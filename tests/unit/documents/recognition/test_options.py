"""In which languages, and by what, pictures are recognised."""

from __future__ import annotations

from assistant.documents.recognition.options import options_for, request
from assistant.text.language_detection import UNKNOWN
from assistant.vision.records import Recogniser, RecognitionOptions


def test_what_the_person_asked_for_goes_before_the_settings() -> None:
    wish = request(RecognitionOptions(Recogniser.RAPIDOCR, ("zh",)))
    assert options_for(wish, ["de"], {}) == RecognitionOptions(Recogniser.RAPIDOCR, ("zh",))
    assert options_for("", ["de"], {}) == RecognitionOptions(Recogniser.AUTO, ("de",))
    assert options_for(request(RecognitionOptions()), ["de"], {}).languages == ("de",)
    assert request(RecognitionOptions())


def test_languages_of_the_document_are_expected() -> None:
    characters = {"en": 800, "de": 5000, UNKNOWN: 9000, "fr": 20}
    assert options_for("", [], characters).expected == ("de", "en")
    assert options_for("", [], {}).expected == ()

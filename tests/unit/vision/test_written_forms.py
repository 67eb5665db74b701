from __future__ import annotations

import pytest

from assistant.vision.findings import FoundLine
from assistant.vision.records import RecognisedWord
from assistant.vision.written_forms import as_written


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("ก\u0e4d\u0e32หนด", "กำหนด"),
        ("الإعلان,", "الإعلان،"),
        ("لماذا?", "لماذا؟"),
        ("1,5", "1,5"),
        ("word,", "word,"),
    ],
)
def test_letters_are_given_as_people_write_them(read: str, written: str) -> None:
    corners = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
    line = FoundLine((RecognisedWord(read, (0, 0, 9, 9), 1.0),), corners)
    assert as_written(line).text == written

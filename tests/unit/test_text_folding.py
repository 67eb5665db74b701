"""Accents, and pairs of characters, in scripts that differ in what a mark is."""

from __future__ import annotations

import pytest

from assistant.text_folding import UNSPACED_RUN, character_pairs, compatible, without_accents


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("élève", "eleve"),
        ("Ångström", "Angstrom"),
        ("שָׁלוֹם", "שלום"),
        ("كِتَابٌ", "كتاب"),
        ("कितने", "कितने"),  # its marks are vowels
        ("ไม่มี", "ไม่มี"),
        ("가나", "가나"),
        ("soft\u00adware\u200b", "software"),
    ],
)
def test_accents_go_and_vowels_stay(text: str, bare: str) -> None:
    assert without_accents(text) == bare


@pytest.mark.parametrize(
    ("run", "pairs"),
    [("猫", ["猫"]), ("東京塔", ["東京", "京塔", "塔"]), ("ไม่มี", ["ไม่", "ม่มี", "มี"])],
)
def test_pairs_overlap_and_keep_their_marks(run: str, pairs: list[str]) -> None:
    assert character_pairs(run) == pairs
    assert character_pairs(run, last=False) == (pairs[:-1] or pairs)


def test_a_run_is_of_one_kind_of_script() -> None:
    assert UNSPACED_RUN.findall("in 東京タワー and ไทย한국") == ["東京タワー", "ไทย", "한국"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("4 × 10⁶ cells", "4 × 10^6 cells"),
        ("48,500³ euros", "48,500^3 euros"),
        ("512 m²", "512 m2"),
        ("ｆｕｌｌ ﬁt", "full fit"),
        ("plain 10^6", "plain 10^6"),
    ],
)
def test_raised_digits_do_not_become_digits_of_the_number_before_them(text: str, folded: str) -> None:
    assert compatible(text) == folded

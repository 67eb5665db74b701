"""Hyphens at the ends of lines: which belong to their word, and which only cut it."""

from __future__ import annotations

import pytest

from assistant.documents.formats.pdf.hyphens import Hyphens, Joint


def test_hyphens_of_a_document_that_cuts_words() -> None:
    hyphens = Hyphens()
    hyphens.learn(
        ["the development of a new production pro-", "cess for paper that is made from old paper and the fi-"]
        * 20
    )
    assert hyphens.joint("a new pro-", "cess for paper") is Joint.DROPPED
    assert hyphens.joint("in the co-", "operative") is not Joint.DROPPED
    assert hyphens.joint("the years 2014-", "2015") is not Joint.DROPPED
    assert hyphens.joint("the Anglo-", "American") is not Joint.DROPPED


def test_hyphens_of_a_document_that_does_not() -> None:
    hyphens = Hyphens()
    hyphens.learn(["The manufacturing of goods and the market-driven growth of it are described below."] * 50)
    assert hyphens.joint("a customer-", "centric company") is not Joint.DROPPED
    assert hyphens.joint("the manu-", "facturing of goods") is Joint.DROPPED
    assert hyphens.joint("the market-", "driven growth") is not Joint.DROPPED


CUT = ["the development of a new produc-", "tion process for paper that is made from the fi-"] * 20


@pytest.mark.parametrize(
    ("before", "after", "joint"),
    [
        ("a number of price-", "determining factors", Joint.KEPT),
        ("a load-", "dependent tariff", Joint.KEPT),
        ("the cost-", "effective way", Joint.KEPT),
        ("the con-", "based", Joint.DROPPED),
        ("a deter-", "mining factor", Joint.DROPPED),
        ("Vor-", "und Nachmittags-Schichten", Joint.SPACED),
        ("the pre-", "and post-war years", Joint.SPACED),
        ("the years 2014-", "2015", Joint.KEPT),
        ("for COVID-", "19 patients", Joint.KEPT),
        ("flats of 2-", "und 3 Zimmern", Joint.SPACED),
        ("no hyphen", "here", Joint.NONE),
    ],
)
def test_compounds_of_english_keep_their_hyphen(before: str, after: str, joint: Joint) -> None:
    hyphens = Hyphens()
    hyphens.learn(CUT)
    assert hyphens.joint(before, after) is joint


def test_halves_that_the_document_writes_by_themselves_keep_their_hyphen() -> None:
    hyphens = Hyphens()
    hyphens.learn([*CUT, "the tide of the spring is governing the harbour"])
    assert hyphens.joint("the tide-", "governing moon") is Joint.KEPT


def test_compounds_of_german_are_one_word() -> None:
    hyphens = Hyphens()
    hyphens.learn(["Die Herstellung der Donau-", "dampfschiffe und der Preis ist hoch, denn die be-"] * 20)
    assert hyphens.joint("der Donaudampf-", "schifffahrt") is Joint.DROPPED
    assert hyphens.joint("die Lade-", "zeit") is Joint.DROPPED

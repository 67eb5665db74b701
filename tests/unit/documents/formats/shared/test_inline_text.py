"""Raised, lowered and struck-out runs and links, written out as text."""

from __future__ import annotations

import pytest

from assistant.documents.formats.shared.inline_text import (
    SUBSCRIPT,
    SUPERSCRIPT,
    InlineText,
    Look,
    struck_out,
    with_address,
)

UP, DOWN, NOTE = Look(SUPERSCRIPT), Look(SUBSCRIPT), Look(SUPERSCRIPT, note=True)


def written(*runs: str | tuple[str, Look]) -> str:
    text = InlineText()
    for run in runs:
        text.add(*((run,) if isinstance(run, str) else run))
    return text.text()


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (("4 × 10", ("6", UP), " cells"), "4 × 10⁶ cells"),
        (("10", ("-", UP), ("6", UP), " m"), "10⁻⁶ m"),
        (("512 m", ("2", UP), " and 3 m", ("3", UP), "/h"), "512 m² and 3 m³/h"),
        (("E = mc", ("2", UP)), "E = mc²"),
        (("x", ("n", UP)), "x^n"),
        (("= 1.05", ("10", UP), " ="), "= 1.05¹⁰ ="),
        (("the ", ("14", UP), "C method"), "the ¹⁴C method"),
        (("Ca", ("2+", UP), " ions"), "Ca²⁺ ions"),
        (("cost 48,500", ("3", UP), " euros"), "cost 48,500 [note 3] euros"),
        (("12 500", ("1", UP), (",", UP), ("2", UP), " zł"), "12 500 [note 1,2] zł"),
        (("in 2019", ("4", UP), "."), "in 2019 [note 4]."),
        (("carbon", ("3", UP), " is"), "carbon [note 3] is"),
        (("end.", ("3", UP), " Next"), "end. [note 3] Next"),
        (("10", ("2", NOTE), " euros"), "10 [note 2] euros"),
        (("48,500", ("(3)", UP), " euros"), "48,500 (3) euros"),
        (("48,500", ("a", UP), " euros"), "48,500^a euros"),
        ((("3", UP), "Without VAT"), "3 Without VAT"),
        (("the 1", ("st", UP), " of 20", ("o", UP), "C"), "the 1st of 20°C"),
        (("Word", ("TM", UP), " costs 5*"), "Word™ costs 5*"),
        (("H", ("2", DOWN), "O", ("2", DOWN)), "H2O2"),
        (("log", ("10", DOWN), "5"), "log₁₀5"),
        (("CO", ("2", DOWN), ("4", UP)), "CO2 [note 4]"),
        (("feeds ", ("six ", Look(struck=True)), "eight"), "feeds [struck out: six] eight"),
        (("feeds ", ("six", Look(struck=True)), "eight"), "feeds [struck out: six] eight"),
        (("has 95", ("2", UP), " trees"), "has 95 [note 2] trees"),
        (("were 95", ("2", UP), ", of whom"), "were 95 [note 2], of whom"),
        (("95", ("2", UP)), "95 [note 2]"),
        (("x = 95", ("2", UP), " = 9025"), "x = 95² = 9025"),
        (("15", ("2", UP), " + 20", ("2", UP)), "15² + 20²"),
        (("the square of 12 is 12", ("2", UP), "."), "the square of 12 is 12²."),
        (("3", ("1", UP), "/", ("2", DOWN), " cups"), "3 1/2 cups"),
        (("Add ", ("1", UP), "⁄4 cup"), "Add 1⁄4 cup"),
        (("cost 48,500", ("3", UP), "/month"), "cost 48,500 [note 3]/month"),
        (("512 m", ("2", UP), "/", ("s", DOWN)), "512 m²/s"),
        (("at ", ("here", Look(address="https://x.org/a")), "."), "at here (https://x.org/a)."),
    ],
)
def test_looks_are_written_out(runs: tuple[str | tuple[str, Look], ...], text: str) -> None:
    assert written(*runs) == text


@pytest.mark.parametrize(
    ("words", "address", "text"),
    [
        ("here", "https://x.org/a", "here (https://x.org/a)"),
        (" here ", "mailto:a@b.org?subject=x", " here (a@b.org) "),
        ("x.org/a", "https://www.x.org/a/", "x.org/a"),
        ("there", "#part", "there"),
        ("there", "javascript:alert(1)", "there"),
        ("", "https://x.org", ""),
        ("long", f"https://x.org/?{'q' * 500}", "long (https://x.org/)"),
    ],
)
def test_an_address_is_told_once_and_if_it_leads_out(words: str, address: str, text: str) -> None:
    assert with_address(words, address) == text


def test_what_is_struck_out_keeps_its_spaces_outside() -> None:
    assert struck_out(" six ") == " [struck out: six] "
    assert struck_out("  ") == "  "


@pytest.mark.parametrize(("number", "told"), [(5, True), (6, False)])
@pytest.mark.parametrize("before", ["See ", ""])
def test_addresses_are_told_of_few_links(number: int, told: bool, before: str) -> None:
    links = [(f"word {at} ", Look(address=f"https://example.org/{at}")) for at in range(number)]
    assert ("https://example.org/0" in written(before, *links)) is told

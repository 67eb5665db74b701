"""JSON, lines of JSON and notebooks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.formats.json_data import json_sections
from tests.unit.documents.formats.make_office import parts_of, sections_of, text_of


def test_json_is_read_as_lines(tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    path.write_text(
        json.dumps(
            {
                "name": "Größe",
                "paid": True,
                "none": None,
                "tags": ["a", "b"],
                "items": [{"id": 1, "t": "x"}, {"id": 2}],
            }
        )
    )
    opened, _ = parts_of(path)
    assert opened.kind == "json"
    assert text_of(path) == (
        "name: Größe\npaid: true\nnone:\ntags: a, b\nitems:\n  - id: 1\n    t: x\n  - id: 2"
    )


def test_long_json_says_the_path_of_each_section() -> None:
    value = {"people": [{"name": f"person {number}", "about": "word " * 30} for number in range(100)]}
    sections = list(json_sections(value))
    assert len(sections) > 3
    assert sections[0].location.startswith("at people[0] – people[")
    assert sections[0].heading[0].startswith("people[0]")
    assert sum(section.text.count("person ") for section in sections) == 100


def test_lines_of_json_have_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"event": "start"}\n\nnot json\n{"event": "stop"}\n')
    (section,) = sections_of(path)
    assert section.text == "event: start\n\nnot json\n\nevent: stop"
    assert section.location == "lines 1–4"


@pytest.mark.parametrize("source", ['{"half": ', "{'single': 1}", "[" * 50_000, "no json at all"])
def test_what_is_no_json_is_read_as_text(tmp_path: Path, source: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(source)
    assert "".join(text_of(path).split("\n"))[:30].strip() == source[:30].strip()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    )
)
def test_any_json_becomes_sections(value: object) -> None:
    for section in json_sections(value):
        assert section.text.strip()
        section.text.encode()


def test_notebooks_give_their_cells(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Study\n", "We *looked*."]},
        {
            "cell_type": "code",
            "source": "print(1)",
            "outputs": [{"text": ["1\n"]}, {"data": {"text/plain": "out"}}],
        },
    ]
    path = tmp_path / "study.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    first, second = sections_of(path)
    assert (first.text, first.location) == ("Study\n\nWe looked.", "cell 1")
    assert (second.text, second.location, second.heading) == ("print(1)\n\n1\n\nout", "cell 2", ("Study",))


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    path.write_text('{"price": 19.90, "rate": 1e-7, "big": 12345678901234567890, "list": [0.10, 5]}')
    assert text_of(path).split("\n") == [
        "price: 19.90", "rate: 1e-7", "big: 12345678901234567890", "list: 0.10, 5",
    ]  # fmt: skip

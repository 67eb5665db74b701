"""Markdown and reStructuredText: lines as places, marks taken away."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from assistant.documents.formats.markdown import inline_text, markdown_sections
from assistant.documents.formats.restructuredtext import rst_sections
from tests.unit.documents.formats.make_office import parts_of

MARKDOWN = """---
title: "House rules"
---
# Rules

Keep the *noise* down,
see [the list](http://example.org/a_(b)).

## List

1. First
2. Second
   - deep

| Item | Price |
|------|------:|
| Nail | 0.1   |

```python
def f():
    return 1
```
"""


def test_markdown_is_read_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "rules.md"
    path.write_text(MARKDOWN)
    opened, (part,) = parts_of(path)
    front, rules, items, table, code = part.sections

    assert opened.title == "House rules"
    assert front.text == 'title: "House rules"'
    assert (rules.text, rules.location) == ("Rules\n\nKeep the noise down,\nsee the list.", "lines 4–7")
    assert items.text == "List\n\n1. First\n2. Second\n• deep"
    assert items.heading == ("Rules", "List")
    assert (table.text, table.table, table.location) == ("Item\tPrice\nNail\t0.1", True, "lines 15–17")
    assert code.text == "def f():\n    return 1"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a **bold** and _soft_ word", "a bold and soft word"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("`*code*` stays", "*code* stays"),
        (r"\*not\* marked", "*not* marked"),
        ("![a picture](x.png) <https://example.org>", "a picture https://example.org"),
        ("[![logo](a.png)](http://b)", "logo"),
        ("one&nbsp;&amp; two<br>three ~~gone~~", "one\xa0& two three gone"),
        ("one<br/>two<br />three<BR>four", "one two three four"),
        ("a <b>bold</b> word<br>and <brace>none</brace>", "a bold word and none"),
        ("a <br without an end", "a <br without an end"),
        ("a <!-- remark --> b < c", "a  b < c"),
        ("***both*** [here](file:///x)", "both here"),
        ("[ref][1] and [x] and ![y][z]", "[ref][1] and [x] and ![y][z]"),
        ("`a` ``b`c`` \\`d`", "a b`c `d`"),
        ("one  \ntwo\\\nthree", "one\ntwo\nthree"),
    ],
)
def test_marks_inside_a_line(source: str, text: str) -> None:
    assert inline_text(source) == text


def test_a_link_by_reference_is_its_words() -> None:
    text, table = markdown_sections(
        "See [the *list*][1], [x] and [none][2].\n\n| a | b |\n|---|---|\n| [x][] | [2] |\n\n"
        "[1]: http://a\n[X]: http://b\n"
    )
    assert text.text == "See the list, x and [none][2]."
    assert table.text == "a\tb\nx\t[2]"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<div>\n<p>inside</p>\n</div>\n", "inside"),
        ("<ul><li>one</li><li>two</li></ul>\n", "• one\n• two"),
        ("<p>one</p><script>x()</script><p>a&amp;b *c*</p>\n", "one\n\na&b *c*"),
        ("<!-- a\nremark -->\n", None),
        ("<!-- never closed\n", None),
    ],
)
def test_html_in_markdown(source: str, text: str | None) -> None:
    assert [section.text for section in markdown_sections(source)] == ([] if text is None else [text])


@pytest.mark.parametrize("long", ["*word* " * 4_000, "*word* " * 9 + "[ " * 1_001])
def test_a_paragraph_without_end_keeps_its_marks(long: str) -> None:
    sections = markdown_sections(f"{long}\n\n*short*\n")
    assert "*word* *word*" in sections[0].text
    assert sections[-1].text.endswith("short")
    assert "*short*" not in sections[-1].text


@pytest.mark.parametrize(
    "evil",
    ["[" * 20_000, "*a_ " * 10_000, "`" * 10_001, "> " * 3_000, "<a " * 9_000, "![[" * 9_000, "*_" * 9_000],
)
def test_hostile_markdown_ends(evil: str) -> None:
    begun = time.perf_counter()
    markdown_sections(evil)
    assert time.perf_counter() - begun < 5


def test_rst(tmp_path: Path) -> None:
    source = (
        "=====\nTitle\n=====\n\nSee ``code`` and :ref:`the list <x>`.\n\nPart\n----\n\n"
        "* one\n  more\n* two\n\n.. comment\n\n.. note:: Careful.\n\n.. image:: x.png\n   :alt: foo\n\n"
        "====  =====\nItem  Price\n====  =====\n"
        "Nail  0.1\n====  =====\n\nCode::\n\n    x = 1\n"
    )
    first, part, table, code = rst_sections(source)
    assert (first.text, first.location) == ("Title\n\nSee code and the list.", "lines 1–5")
    assert part.text == "Part\n\n• one more\n• two\n\nCareful."
    assert part.heading == ("Title", "Part")
    assert (table.text, table.table) == ("Item\tPrice\nNail\t0.1", True)
    assert code.text == "Code:\n\nx = 1"


def test_a_row_of_rules_is_no_heading() -> None:
    assert rst_sections("====\n" * 100) == []

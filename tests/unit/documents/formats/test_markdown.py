"""Markdown and reStructuredText: lines as places, marks taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.documents.formats.markdown import inline_text, markdown_sections
from assistant.documents.formats.restructuredtext import rst_sections
from tests.unit.documents.formats.make_office import parts_of, sections_of

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
    assert (rules.text, rules.location) == (
        "Rules\n\nKeep the noise down,\nsee the list (http://example.org/a_(b)).",
        "lines 4–7",
    )
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
        ("[![logo](a.png)](http://b)", "logo (http://b)"),
        ("one&nbsp;&amp; two<br>three ~~gone~~", "one\xa0& two three [struck out: gone]"),
        ("***both***", "both"),
        ("2*3*4 cups", "2*3*4 cups"),
        ("40 minutes[^1] and 10^6^ of H~2~O", "40 minutes [note 1] and 10⁶ of H2O"),
        ("a^2+b^2=c^2", "a^2+b^2=c^2"),
        ("<ruby>夜間<rt>やかん</rt></ruby>", "夜間"),
        ("[ref][1] and [x]", "ref and [x]"),
    ],
)
def test_marks_inside_a_line(source: str, text: str) -> None:
    assert inline_text(source) == text


def test_html_in_markdown() -> None:
    (section,) = markdown_sections("<div>\n<p>inside</p>\n</div>\n")
    assert section.text == "inside"


@pytest.mark.parametrize(
    "evil", ["[" * 20_000, "*a_ " * 10_000, "`" * 10_001, "> " * 3_000, "<a " * 9_000, "![[" * 9_000]
)
def test_hostile_markdown_ends(evil: str) -> None:
    markdown_sections(evil)


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


def test_notes_tasks_and_named_links(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text(
        "It is [there][the maker], boil it[^1].\n\n- [x] bought\n- [ ] cooked\n\n[^1]: gently\n\n"
        "[The Maker]: https://example.org/a*b*c\n"
    )
    text = "\n".join(section.text for section in sections_of(path))
    assert "It is there (https://example.org/a*b*c), boil it [note 1]." in text
    assert "• ☒ bought\n• ☐ cooked" in text
    assert "[note 1]: gently" in text


def test_boxes_in_html() -> None:
    text = markdown_sections('<input type="checkbox" checked> Photos <input type="checkbox"> Film\n')[0].text
    assert text == "☒ Photos ☐ Film"

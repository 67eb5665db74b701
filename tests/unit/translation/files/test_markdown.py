from __future__ import annotations

import time
from pathlib import Path

import pytest

from assistant.translation.files.open_file import open_file
from assistant.translation.records import Layout, Mark, TranslatedParagraph
from tests.unit.translation.files.made_translations import texts, unchanged, write

_ALL = """\
---
title: A title
lang: en
tags: [a, b]
---

# Head *line* #

Setext
======

> Quoted **bold `code` text** and [a *link*](http://x "tip")
> goes on with ![a picture](p.png) and <http://auto.example> end.\\
> A break

- item one
- item __two__ snake_case \\* star
  1. nested [ref][r] &amp; more

- [ ] task <b>bold</b> ~~gone~~ note[^1]

| Head | Two |
|------|:---:|
| cell \\| pipe | **b** |

```python
print("code")
```

    indented code

<div>
html block
</div>

[r]: http://ref "Title"
[^1]: The note text.
"""


def _made(folder: Path, text: str) -> Path:
    path = folder / "a.md"
    path.write_bytes(text.encode())
    return path


def _turned(folder: Path, text: str, **options: object) -> str:
    write(open_file(_made(folder, text)), folder / "b.md", **options)  # type: ignore[arg-type]
    return (folder / "b.md").read_bytes().decode()


def test_paragraphs_are_read_without_their_markup(tmp_path: Path) -> None:
    file = open_file(_made(tmp_path, _ALL))
    assert texts(file) == [
        "A title",
        "Head line",
        "Setext",
        "Quoted bold code text and a link goes on with and http://auto.example end.\nA break",
        "a picture",
        "item one",
        "item two snake_case * star",
        "nested ref & more",
        "task bold gone note",
        "Head",
        "Two",
        "cell | pipe",
        "b",
        "The note text.",
    ]
    assert file.language == "en"
    quoted = file.paragraphs[3]
    assert [quoted.text[mark.start : mark.end] for mark in quoted.marks if mark.start < mark.end] == [
        "bold code text", "code", "a link", "link", "http://auto.example",
    ]  # fmt: skip


def test_everything_but_the_words_stays(tmp_path: Path) -> None:
    assert _turned(tmp_path, _ALL, translate=unchanged) == _ALL.replace("lang: en", "lang: de")
    assert _turned(tmp_path, _ALL) == (
        _ALL.replace("title: A title\nlang: en", "title: A eltit\nlang: de")
        .replace("Head *line* #", "daeH *enil* #")
        .replace("Setext", "txeteS")
        .replace("Quoted **bold `code` text** and [a *link*]", "detouQ **dlob `code` txet** dna [a *knil*]")
        .replace("\n> goes on with ![a picture](p.png) and", " seog no htiw ![a erutcip](p.png) dna")
        .replace("example> end.\\\n> A break", "example> dne.\\\n> A kaerb")
        .replace("item one", "meti eno")
        .replace("item __two__ snake_case \\* star", "meti __owt__ ekans_esac \\* rats")
        .replace("nested [ref][r] &amp; more", "detsen [fer][r] & erom")
        .replace("task <b>bold</b> ~~gone~~ note[", "ksat <b>dlob</b> ~~enog~~ eton[")
        .replace("| Head | Two |", "| daeH | owT |")
        .replace("cell \\| pipe", "llec \\| epip")
        .replace("The note text.", "ehT eton txet.")
    )


def test_below_stands_the_translation_in_the_same_form(tmp_path: Path) -> None:
    text = "## One\n\nTwo\n===\n\n> Some *words*\n\n- Item\n- Next\n\n|a|\n|-|\n|b|"
    assert _turned(tmp_path, text, layout=Layout.BELOW) == (
        "## One\n\n## enO\n\nTwo\n===\n\n# owT\n\n> Some *words*\n>\n> emoS *sdrow*\n\n"
        "- Item\\\n  metI\n- Next\\\n  txeN\n\n|a|\n|-|\n|b|"
    )


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("1. eins", "1\\. eins"),
        ("# eins", "\\# eins"),
        ("- eins", "\\- eins"),
        ("a * b_c_ [x](y) `z` <i>", "a \\* b_c\\_ \\[x\\](y) \\`z\\` \\<i>"),
        ("&amp; & 5 < 6", "\\&amp; & 5 < 6"),
    ],
)
def test_words_that_would_be_markup_mean_themselves(tmp_path: Path, words: str, written: str) -> None:
    file = open_file(_made(tmp_path, "One\r\n\r\n```\r\nx\r\n```\r\n"))
    file.write(tmp_path / "b.md", [TranslatedParagraph("", words, "en")], "de", Layout.TRANSLATION)
    assert (tmp_path / "b.md").read_bytes().decode() == f"{written}\r\n\r\n```\r\nx\r\n```\r\n"


def test_marks_that_moved_are_written_where_they_are(tmp_path: Path) -> None:
    file = open_file(_made(tmp_path, "The **red** [house](u)"))
    said = TranslatedParagraph("", "Haus rot", "en", marks=(Mark(1, 0, 4), Mark(0, 5, 8)))
    file.write(tmp_path / "b.md", [said], "de", Layout.TRANSLATION)
    assert (tmp_path / "b.md").read_text() == "[Haus](u) **rot**"


@pytest.mark.parametrize("hostile", ["[" * 3_000, "*a " * 3_000, "> " * 500 + "x", "`" * 3_000 + "x"])
def test_hostile_texts_take_no_time(tmp_path: Path, hostile: str) -> None:
    began = time.process_time()
    write(open_file(_made(tmp_path, hostile)), tmp_path / "b.md")
    assert time.process_time() - began < 10

from __future__ import annotations

import time
from pathlib import Path

import pytest

from assistant.translation.files.open_file import open_file
from assistant.translation.records import (
    Layout,
    Lost,
    Mark,
    NotKept,
    Paragraph,
    Tier,
    TranslatedParagraph,
)
from tests.unit.translation.files.made_translations import texts, turned, unchanged, write


def _page(folder: Path, body: str, *, name: str = "a.html") -> Path:
    path = folder / name
    path.write_text(body, encoding="utf-8", newline="")
    return path


def _turned(folder: Path, body: str, **options: object) -> str:
    write(open_file(_page(folder, body)), folder / "b.html", **options)  # type: ignore[arg-type]
    return (folder / "b.html").read_bytes().decode()


def _said(folder: Path, body: str, *paragraphs: TranslatedParagraph, target: str = "de") -> str:
    file = open_file(_page(folder, body))
    file.write(folder / "b.html", paragraphs, target, Layout.TRANSLATION)
    return (folder / "b.html").read_text(encoding="utf-8")


def test_a_paragraph_is_read_whole_with_its_marks(tmp_path: Path) -> None:
    file = open_file(_page(tmp_path, "<p>\n  One <b>bold\n word</b>, <a href=x>a <i>link</i></a>.</p>"))
    assert file.paragraphs == (
        Paragraph("One bold word, a link.", (Mark(0, 4, 13), Mark(1, 15, 21), Mark(2, 17, 21))),
    )


@pytest.mark.parametrize(
    "kept",
    [
        "<!-- a comment -->",
        "<script>var word = '<p>word</p>';</script>",
        "<style>p { content: 'word' }</style>",
        "<pre>int main  (void)</pre>",
        '<div translate="no">Name <b>x</b></div>',
        '<p class="big notranslate">Name</p>',
        "<p>12 &amp; 34</p>",
        "<math><mi>sin</mi></math>",
        "<p   data-x = 'y'  ></p>",
        "<unclosed <p",
        "<![endif]-->",
    ],
)
def test_what_is_no_text_stays_byte_for_byte(tmp_path: Path, kept: str) -> None:
    assert _turned(tmp_path, f"<P>Word\r\n{kept}") == f"<P>droW\r\n{kept}"


def test_code_in_a_sentence_stays_where_it_stands(tmp_path: Path) -> None:
    assert _turned(tmp_path, "<p>Press <kbd>Ctrl</kbd> now</p>") == "<p>sserP <kbd>Ctrl</kbd> won</p>"
    moved = TranslatedParagraph("", "Jetzt Ctrl drücken", "en", marks=(Mark(0, 0, 5),))
    assert _said(tmp_path, "<p>Press <kbd>Ctrl</kbd> now</p>", moved) == (
        "<p>Jetzt <kbd>Ctrl</kbd> drücken</p>"
    )
    lost = TranslatedParagraph("", "Jetzt drücken", "en", marks=(Mark(0, 0, 13),), tiers=((0, Tier.WHOLE),))
    assert _said(tmp_path, "<p>Press <kbd>Ctrl</kbd> now</p>", lost) == (
        "<p>Jetzt drücken<kbd>Ctrl</kbd></p>"
    )


def test_texts_of_attributes_are_read(tmp_path: Path) -> None:
    body = (
        '<meta name="description" content="A page"><meta name="viewport" content="width">'
        "<p>See <img src='cat.png' alt='A cat' title=Cute> here</p><input placeholder=\"Your name\">"
        '<input type="submit" value="Send"><input value="data"><button aria-label="Close">x</button>'
    )
    file = open_file(_page(tmp_path, body))
    assert texts(file) == ["A page", "See here", "A cat", "Cute", "Your name", "Send", "Close", "x"]
    turned_body = _turned(tmp_path, body)
    assert "<img src='cat.png' alt='A tac' title=\"etuC\">" in turned_body
    assert '<input value="data">' in turned_body


def test_quotes_in_attributes_and_signs_in_text_are_escaped(tmp_path: Path) -> None:
    said = TranslatedParagraph("", 'a "b" <c> & d', "en")
    assert _said(tmp_path, '<p title="Tip">x</p>', said, said) == (
        '<p title="a &quot;b&quot; &lt;c&gt; &amp; d">a "b" &lt;c&gt; &amp; d</p>'
    )


def test_language_and_direction_are_set(tmp_path: Path) -> None:
    body = (
        '<html lang="en-GB"><head><title>Title</title></head>'
        '<body><p lang="fr" dir="ltr">Mot</p></body></html>'
    )
    file = open_file(_page(tmp_path, body))
    assert file.language == "en"
    assert [one.language for one in file.paragraphs] == ["", "fr"]
    assert _turned(tmp_path, body, target="ar") == (
        '<html dir="rtl" lang="ar"><head><title>eltiT</title>'
        "<style>:lang(ar){font-style:normal!important}</style></head>"
        '<body><p lang="ar" dir="rtl">toM</p></body></html>'
    )


def test_sides_are_mirrored_where_the_direction_changes(tmp_path: Path) -> None:
    body = '<html><p align="left" style="color:red; text-align: right">Word</p><td align=center>x</td></html>'
    assert _turned(tmp_path, body, target="he") == (
        '<html lang="he" dir="rtl"><p align="right" style="color:red; text-align: left">droW</p>'
        "<td align=center>x</td></html>"
    )
    assert 'align="left"' in _turned(tmp_path, body, target="fr")


def test_marks_that_move_tear_or_cover_all_are_written(tmp_path: Path) -> None:
    body = '<p>The <b id="k">red</b> house <i>stands</i>.</p>'
    said = TranslatedParagraph(
        "",
        "Da steht rotes, rotes Haus.",
        "en",
        marks=(Mark(1, 3, 8), Mark(0, 9, 14), Mark(0, 16, 21)),
        tiers=((0, Tier.ALIGNED), (1, Tier.WHOLE)),
    )
    file = open_file(_page(tmp_path, body))
    lost = file.write(tmp_path / "b.html", [said], "de", Layout.TRANSLATION)
    assert (tmp_path / "b.html").read_text() == (
        '<p>Da <i>steht</i> <b id="k">rotes</b>, <b>rotes</b> Haus.</p>'
    )
    assert lost == (Lost(NotKept.LOOK, count=1),)


def test_marks_that_cross_are_cut(tmp_path: Path) -> None:
    said = TranslatedParagraph("", "abcdef", "en", marks=(Mark(0, 0, 4), Mark(1, 2, 6)))
    assert _said(tmp_path, "<p><b>x</b> <i>y</i></p>", said) == "<p><b>ab<i>cd</i></b><i>ef</i></p>"


def test_pictures_and_line_breaks_are_never_lost(tmp_path: Path) -> None:
    said = TranslatedParagraph("", "eins zwei", "en", marks=(Mark(0, 4, 4),))
    assert _said(tmp_path, "<p>one<br>two<img>three</p>", said) == "<p>eins<br>zwei<img></p>"


def test_an_element_that_does_not_close_cuts_the_sentence(tmp_path: Path) -> None:
    assert _turned(tmp_path, "<p>one <b>two <i>three</b> four</p>") == "<p>eno <b>owt <i>eerht</b> ruof</p>"


def test_below_a_paragraph_stands_its_translation(tmp_path: Path) -> None:
    body = (
        '<title>Top</title><p id="a" class="c"><b>One</b><img></p><li>Two <i>x</i></li><td>Three<br>four</td>'
    )
    assert _turned(tmp_path, body, layout=Layout.BELOW) == (
        '<title>Top / poT</title><p id="a" class="c"><b>One</b><img></p>'
        '<p lang="de" dir="ltr" class="c"><b>enO</b></p>'
        '<li>Two <i>x</i><br><span lang="de" dir="ltr">owT <i>x</i></span></li>'
        '<td>Three<br>four<br><span lang="de" dir="ltr">eerhT<br>ruof</span></td>'
    )


def test_an_encoding_that_cannot_hold_the_translation_gives_way(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(
        '<meta http-equiv="x" content="text/html; charset=ISO-8859-1"><p>Grüße</p>'.encode("latin-1")
    )
    file = open_file(tmp_path / "a.html")
    write(file, tmp_path / "b.html")
    assert "<p>eßürG</p>".encode("latin-1") in (tmp_path / "b.html").read_bytes()
    file.write(tmp_path / "b.html", [TranslatedParagraph("", "Привет", "de")], "ru", Layout.TRANSLATION)
    assert (tmp_path / "b.html").read_text(encoding="utf-8") == (
        '<meta http-equiv="x" content="text/html; charset=utf-8"><p>Привет</p>'
    )


def test_nothing_changes_where_nothing_is_translated(tmp_path: Path) -> None:
    body = "<p>A  <b> spaced</b>&nbsp;&eacute; line\r\n<br/>x</P>"
    assert _turned(tmp_path, body, translate=unchanged) == body


@pytest.mark.parametrize(
    "hostile",
    ["<b>" * 5_000 + "x", "<a '" * 5_000 + "x", "<svg>" * 2_000 + "<text>x</text>" + "</svg>" * 2_000,
     "<p>" + "<i>x" * 1_500 + "</i>" * 1_500 + "</p>", "<!--" * 5_000, "<" * 20_000 + "x"],
)  # fmt: skip
def test_hostile_pages_take_no_time(tmp_path: Path, hostile: str) -> None:
    began = time.process_time()
    file = open_file(_page(tmp_path, hostile))
    write(file, tmp_path / "b.html", translate=turned)
    assert time.process_time() - began < 10

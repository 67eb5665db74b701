"""Electronic books: chapters in order, their names, copy protection, names that lead out of the archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.documents.records import Outcome
from assistant.errors import UnreadableDocument, UnsupportedFormat
from tests.unit.documents.formats.make_office import archive, parts_of, sections_of

_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)


def book(path: Path, spine: dict[str, str], more: dict[str, str | bytes] | None = None) -> Path:
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(spine)
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        f'<dc:title>The book of rain</dc:title></metadata><manifest>{items}<item id="n" href="nav.xhtml" '
        'properties="nav" media-type="application/xhtml+xml"/></manifest><spine>'
        + "".join(f'<itemref idref="i{number}"/>' for number in range(len(spine)))
        + "</spine></package>"
    )
    return archive(
        path,
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": _CONTAINER,
            "OEBPS/book.opf": package,
            "OEBPS/nav.xhtml": '<nav><ol><li><a href="two.xhtml#start">The flood</a></li></ol></nav>',
            **{f"OEBPS/{name}": content for name, content in spine.items()},
            **(more or {}),
        },
    )


def test_chapters_come_in_the_order_of_the_spine(tmp_path: Path) -> None:
    path = book(
        tmp_path / "rain.epub",
        {
            "zwei.xhtml": "<html><body><img src='cover.png'/></body></html>",
            "two.xhtml": "<html><body><h1>The flood</h1><p>It rained&nbsp;on.</p></body></html>",
            "three.xhtml": "<html><body><p>Then the sun.</p></body></html>",
        },
    )
    opened, parts = parts_of(path)

    assert (opened.title, opened.unit, opened.parts) == ("The book of rain", "chapter", 3)
    assert parts[0].outcome is Outcome.EMPTY
    (section,) = parts[1].sections
    assert section.text == "The flood\n\nIt rained on."
    assert section.location == "chapter 2 · The flood"
    assert section.heading == ("The flood",)
    assert section.page is None
    assert parts[2].sections[0].location == "chapter 3"


def test_names_that_lead_out_of_the_archive_are_only_names(tmp_path: Path) -> None:
    path = book(
        tmp_path / "evil.epub",
        {
            "../../../escape.xhtml": "<p>outside</p>",
            "%2e%2e/%2e%2e/%2e%2e/x.xhtml": "<p>x</p>",
            "in.xhtml": "<p>inside</p>",
        },
    )
    assert [section.text for section in sections_of(path)] == ["inside"]
    assert [one.name for one in tmp_path.iterdir()] == ["evil.epub"]


def test_copy_protection_is_named(tmp_path: Path) -> None:
    encryption = (
        '<encryption xmlns:enc="e"><enc:EncryptedData><enc:EncryptionMethod Algorithm="aes"/><enc:CipherData>'
        '<enc:CipherReference URI="OEBPS/one.xhtml"/></enc:CipherData></enc:EncryptedData></encryption>'
    )
    path = book(tmp_path / "drm.epub", {"one.xhtml": "\x01\x02"}, {"META-INF/encryption.xml": encryption})
    with pytest.raises(UnsupportedFormat, match="DRM"):
        parts_of(path)


def test_disguised_fonts_are_no_copy_protection(tmp_path: Path) -> None:
    encryption = (
        '<encryption xmlns:enc="e"><enc:EncryptedData><enc:EncryptionMethod '
        'Algorithm="http://www.idpf.org/2008/embedding"/><enc:CipherData>'
        '<enc:CipherReference URI="OEBPS/font.otf"/></enc:CipherData></enc:EncryptedData></encryption>'
    )
    path = book(
        tmp_path / "font.epub", {"one.xhtml": "<p>words</p>"}, {"META-INF/encryption.xml": encryption}
    )
    assert sections_of(path)[0].text == "words"


def test_a_book_without_its_list_is_read_page_by_page(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "bare.epub",
        {"mimetype": "application/epub+zip", "b.xhtml": "<p>second</p>", "a.xhtml": "<p>first</p>"},
    )
    assert [section.text for section in sections_of(path)] == ["first", "second"]


def test_a_book_without_pages_is_an_error(tmp_path: Path) -> None:
    path = archive(tmp_path / "none.epub", {"mimetype": "application/epub+zip", "cover.png": b"x"})
    with pytest.raises(UnreadableDocument):
        parts_of(path)


@pytest.mark.parametrize("contents", ["nav", "ncx"])
def test_chapters_that_share_a_file_have_places_of_their_own(tmp_path: Path, contents: str) -> None:
    page = (
        '<html><body><h1 id="p1">Part one</h1><p class="ch" id="c1"><b>The caravan</b></p>'
        '<p>Forty camels.</p><h2><a id="c2"/>The well</h2><p>It was dry.</p>'
        '<div id="c3"><p>The market</p><p>Nine coins.</p></div></body></html>'
    )
    last = "<html><body><h1>The way home</h1><h2 id='s1'>By boat</h2><p>They sailed.</p></body></html>"
    titles = {"p1": "Part one", "c1": "The caravan", "c2": "The well", "c3": "The market"}
    if contents == "nav":
        items = "".join(
            f'<li><a href="one.xhtml#{name}">{title}</a></li>'
            for name, title in titles.items()
            if name != "p1"
        )
        nav = (
            f'<nav><ol><li><a href="one.xhtml#p1">Part one</a><ol>{items}</ol></li>'
            '<li><a href="two.xhtml">The way home</a><ol><li><a href="two.xhtml#s1">By boat</a></li></ol>'
            "</li></ol></nav>"
        )
        more: dict[str, str | bytes] = {"OEBPS/nav.xhtml": nav}
    else:
        points = "".join(
            f'<navPoint><navLabel><text>{title}</text></navLabel><content src="one.xhtml#{name}"/></navPoint>'
            for name, title in titles.items()
            if name != "p1"
        )
        ncx = (
            '<ncx><navMap><navPoint><navLabel><text>Part one</text></navLabel><content src="one.xhtml#p1"/>'
            f"{points}</navPoint><navPoint><navLabel><text>The way home</text></navLabel>"
            '<content src="two.xhtml"/><navPoint><navLabel><text>By boat</text></navLabel>'
            '<content src="two.xhtml#s1"/></navPoint></navPoint></navMap></ncx>'
        )
        package = (
            '<package><manifest><item id="a" href="one.xhtml" media-type="application/xhtml+xml"/>'
            '<item id="b" href="two.xhtml" media-type="application/xhtml+xml"/>'
            '<item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>'
            '<spine toc="n"><itemref idref="a"/><itemref idref="b"/></spine></package>'
        )
        more = {"OEBPS/toc.ncx": ncx, "OEBPS/book.opf": package}
    path = book(tmp_path / "salt.epub", {"one.xhtml": page, "two.xhtml": last}, more)
    _, parts = parts_of(path)
    places = {section.text.split("\n\n")[-1]: section for part in parts for section in part.sections}
    assert places["Forty camels."].location == "chapter 2 · The caravan"
    assert places["It was dry."].location == "chapter 3 · The well"
    assert places["It was dry."].heading == ("Part one", "The well")
    assert places["Nine coins."].location == "chapter 4 · The market"
    assert places["They sailed."].location == "chapter 5 · The way home"
    assert places["They sailed."].heading == ("The way home", "By boat")


def test_looks_are_also_those_of_style_sheets(tmp_path: Path) -> None:
    page = (
        '<html><head><link rel="stylesheet" href="css/book.css"/></head><body>'
        '<p>It was 10<span class="up x">6</span> and <span class="gone">six</span> '
        '<span class="other">eight</span>.</p></body></html>'
    )
    css = (
        "/* .other { text-decoration: line-through } */ p { margin: 0 }\n"
        "span.up, .higher { font-size: 60%; vertical-align: super; } .gone{text-decoration:line-through}"
    )
    path = book(tmp_path / "looks.epub", {"one.xhtml": page}, {"OEBPS/css/book.css": css})
    (section,) = sections_of(path)
    assert section.text == "It was 10⁶ and [struck out: six] eight."

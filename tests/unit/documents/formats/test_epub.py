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

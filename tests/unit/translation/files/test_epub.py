from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from assistant.errors import UnreadableDocument, UnsupportedFormat
from assistant.translation.files.open_file import open_file
from assistant.translation.records import Layout, TranslatedParagraph
from tests.unit.translation.files.made_translations import texts, turned, unchanged, write

_CONTAINER = '<container><rootfiles><rootfile full-path="in/book.opf"/></rootfiles></container>'
_OPF = (
    '<?xml version="1.0"?><package xmlns:dc="http://purl.org/dc/elements/1.1/" xml:lang="en"><metadata>'
    "<dc:title>The book</dc:title><dc:creator>A Writer</dc:creator><dc:language>en-GB</dc:language>"
    '<meta property="x">keep</meta></metadata><manifest>'
    '<item id="b" href="two.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="a" href="one.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    '<item id="t" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    '<item id="c" href="c.css" media-type="text/css"/></manifest>'
    '<spine toc="t"><itemref idref="a"/><itemref idref="b"/></spine></package>'
)
_PAGE = (
    '<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"><head/>'
    "<body><h1>{0}</h1><p>Words of <i>{0}</i>&#160;here<br/>and<img src='x'/> there.</p></body></html>"
)
_NCX = (
    '<ncx xml:lang="en"><docTitle><text>The book</text></docTitle>'
    "<docAuthor><text>A Writer</text></docAuthor><navMap><navPoint><navLabel><text>First</text></navLabel>"
    "<content src='one.xhtml'/></navPoint></navMap></ncx>"
)


def _made(path: Path, **others: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": _CONTAINER,
            "in/book.opf": _OPF,
            "in/one.xhtml": _PAGE.format("First"),
            "in/two.xhtml": _PAGE.format("Second"),
            "in/nav.xhtml": "<html><body><nav><li><a href='one.xhtml'>First</a></li></nav></body></html>",
            "in/toc.ncx": _NCX,
            "in/c.css": "p { color: red }",
            **others,
        }.items():
            archive.writestr(name, content)
    return path


def _members(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_pages_contents_and_metadata_are_read_in_order(tmp_path: Path) -> None:
    file = open_file(_made(tmp_path / "a.epub"))
    assert file.language == "en"
    assert texts(file) == [
        "First", "Words of First\xa0here\nand there.", "Second", "Words of Second\xa0here\nand there.",
        "First", "The book", "First", "The book",
    ]  # fmt: skip


def test_the_rest_of_a_book_stays(tmp_path: Path) -> None:
    path = _made(tmp_path / "a.epub")
    write(open_file(path), tmp_path / "b.epub", translate=turned)
    before, after = _members(path), _members(tmp_path / "b.epub")
    assert list(before) == list(after)
    assert after["in/one.xhtml"] == (
        before["in/one.xhtml"].replace('xml:lang="en"', 'xml:lang="de"', 1)
        .replace("<html", '<html lang="de"')
        .replace("First", "tsriF").replace("Words of", "sdroW fo").replace("&#160;here", "\xa0ereh")
        .replace("<br/>and<", "<br/>dna<").replace(" there.", " ereht.")
    )  # fmt: skip
    assert after["in/book.opf"] == (
        before["in/book.opf"]
        .replace("The book", "ehT koob")
        .replace("en-GB", "de")
        .replace('lang="en"', 'lang="de"')
    )
    assert after["in/toc.ncx"] == (
        before["in/toc.ncx"].replace("The book", "ehT koob").replace("First", "tsriF")
        .replace('lang="en"', 'lang="de"')
    )  # fmt: skip
    assert after["in/c.css"] == before["in/c.css"]


def test_a_table_of_contents_names_chapters_as_they_are_headed(tmp_path: Path) -> None:
    file = open_file(_made(tmp_path / "a.epub"))
    said = [TranslatedParagraph(one.text, f"{one.text} {at}", "en") for at, one in enumerate(file.paragraphs)]
    file.write(tmp_path / "b.epub", said, "de", Layout.TRANSLATION)
    members = _members(tmp_path / "b.epub")
    assert "<h1>First 0</h1>" in members["in/one.xhtml"]
    assert ">First 0</a>" in members["in/nav.xhtml"]
    assert "<text>First 0</text>" in members["in/toc.ncx"]


def test_a_book_for_right_to_left_readers_is_turned_around(tmp_path: Path) -> None:
    write(open_file(_made(tmp_path / "a.epub")), tmp_path / "b.epub", target="he")
    members = _members(tmp_path / "b.epub")
    assert '<spine page-progression-direction="rtl"' in members["in/book.opf"]
    assert 'dir="rtl"' in members["in/one.xhtml"]


def test_nothing_is_below_where_nothing_is_translated(tmp_path: Path) -> None:
    path = _made(tmp_path / "a.epub")
    write(open_file(path), tmp_path / "b.epub", layout=Layout.BELOW, translate=unchanged)
    assert _members(tmp_path / "b.epub") == _members(path)
    write(open_file(path), tmp_path / "b.epub", layout=Layout.BELOW)
    assert "<text>First / tsriF</text>" in _members(tmp_path / "b.epub")["in/toc.ncx"]


def test_locked_and_empty_books_say_so(tmp_path: Path) -> None:
    locked = '<x><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></x>'
    with pytest.raises(UnsupportedFormat) as told:
        open_file(_made(tmp_path / "a.epub", **{"META-INF/encryption.xml": locked}))
    assert told.value.reason == "book-locked"
    with pytest.raises(UnreadableDocument) as empty:
        open_file(_made(tmp_path / "a.epub", **{"in/book.opf": "<package/>"}))
    assert empty.value.reason == "book-empty"

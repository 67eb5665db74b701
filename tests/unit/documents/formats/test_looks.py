"""What a page says by its look alone is read alike in every format that has such looks."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TypeAlias

import openpyxl
import pptx
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from tests.unit.documents.formats.make_office import archive, docx, text_of

Run: TypeAlias = tuple[str, str]
"""Text, and its look: "super", "sub", "struck", "link" or none."""

ADDRESS = "https://example.org/x200/v7"


def make_docx(path: Path, runs: list[Run]) -> None:
    looks = {
        "super": '<w:vertAlign w:val="superscript"/>',
        "sub": '<w:vertAlign w:val="subscript"/>',
        "struck": "<w:strike/>",
    }
    body = ""
    for text, look in runs:
        run = f'<w:r><w:rPr>{looks.get(look, "")}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        body += f'<w:hyperlink r:id="hyperlink">{run}</w:hyperlink>' if look == "link" else run
    docx(path, f"<w:p>{body}</w:p>", hyperlink=ADDRESS)


def marked_up(runs: list[Run]) -> str:
    tags = {"super": "sup", "sub": "sub", "struck": "s"}
    page = ""
    for text, look in runs:
        if look in tags:
            page += f"<{tags[look]}>{escape(text)}</{tags[look]}>"
        else:
            page += f'<a href="{ADDRESS}">{escape(text)}</a>' if look == "link" else escape(text)
    return page


def make_html(path: Path, runs: list[Run]) -> None:
    path.write_text(f"<html><body><p>{marked_up(runs)}</p></body></html>", encoding="utf-8")


def make_html_table(path: Path, runs: list[Run]) -> None:
    page = f"<table><tr><th>A</th><th>B</th></tr><tr><td>{marked_up(runs)}</td><td>1</td></tr></table>"
    path.write_text(f"<html><body>{page}</body></html>", encoding="utf-8")


def make_epub(path: Path, runs: list[Run]) -> None:
    package = (
        '<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    container = '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>'
    page = f"<html><body><p>{marked_up(runs)}</p></body></html>"
    archive(
        path,
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "b.opf": package,
            "a.xhtml": page,
        },
    )


def make_mail(path: Path, runs: list[Run]) -> None:
    head = "From: a@example.org\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n"
    path.write_text(f"{head}<p>{marked_up(runs)}</p>", encoding="utf-8")


def make_markdown(path: Path, runs: list[Run]) -> None:
    marks = {"super": "<sup>{}</sup>", "sub": "<sub>{}</sub>", "struck": "~~{}~~", "link": "[{}][1]"}
    text = "".join(marks.get(look, "{}").format(text) for text, look in runs)
    path.write_text(f"{text}\n\n[1]: {ADDRESS}\n", encoding="utf-8")


def make_pandoc(path: Path, runs: list[Run]) -> None:
    marks = {"super": "^{}^", "sub": "~{}~", "struck": "~~{}~~", "link": f"[{{}}]({ADDRESS})"}
    path.write_text("".join(marks.get(look, "{}").format(text) for text, look in runs), encoding="utf-8")


def make_rst(path: Path, runs: list[Run]) -> None:
    marks = {"super": "\\ :sup:`{}`\\ ", "sub": "\\ :sub:`{}`\\ ", "link": f"`{{}} <{ADDRESS}>`_"}
    path.write_text("".join(marks.get(look, "{}").format(text) for text, look in runs), encoding="utf-8")


def make_rtf(path: Path, runs: list[Run]) -> None:
    marks = {
        "super": r"{\super %s}",
        "sub": r"{\sub %s}",
        "struck": r"{\strike %s}",
        "link": r'{\field{\*\fldinst { HYPERLINK "' + ADDRESS + r'" }}{\fldrslt %s}}',
    }
    body = ""
    for text, look in runs:
        body += marks.get(look, "%s") % "".join(
            sign if sign.isascii() else f"\\u{ord(sign)}?" for sign in text
        )
    path.write_text(f"{{\\rtf1\\ansi\\deff0{{\\fonttbl{{\\f0 Arial;}}}}\n{body}\\par}}", encoding="ascii")


def open_text(runs: list[Run]) -> str:
    content = ""
    for text, look in runs:
        if look == "link":
            content += f'<text:a xlink:href="{ADDRESS}">{escape(text)}</text:a>'
        else:
            content += (
                f'<text:span text:style-name="{look}">{escape(text)}</text:span>' if look else escape(text)
            )
    return content


OPEN_STYLES = "".join(
    f'<style:style style:name="{name}" style:family="text"><style:text-properties {properties}/>'
    "</style:style>"
    for name, properties in {
        "super": 'style:text-position="super 58%"',
        "sub": 'style:text-position="-33% 58%"',
        "struck": 'style:text-line-through-style="solid"',
    }.items()
)


def open_document_file(path: Path, kind: str, body: str) -> None:
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "style", "presentation")
    )
    spaces += ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    spaces += ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    archive(
        path,
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content{spaces}><office:automatic-styles>{OPEN_STYLES}"
            f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body>"
            "</office:document-content>",
        },
    )


def make_odt(path: Path, runs: list[Run]) -> None:
    open_document_file(path, "text", f"<text:p>{open_text(runs)}</text:p>")


def make_odp(path: Path, runs: list[Run]) -> None:
    box = f"<draw:frame><draw:text-box><text:p>{open_text(runs)}</text:p></draw:text-box></draw:frame>"
    open_document_file(path, "presentation", f"<draw:page>{box}</draw:page>")


def make_ods(path: Path, runs: list[Run]) -> None:
    cell = f"<table:table-cell><text:p>{open_text(runs)}</text:p></table:table-cell>"
    open_document_file(
        path,
        "spreadsheet",
        f'<table:table table:name="A"><table:table-row>{cell}</table:table-row></table:table>',
    )


def make_pptx(path: Path, runs: list[Run]) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    paragraph = slide.shapes.add_textbox(0, 0, 100, 100).text_frame.paragraphs[0]
    looks = {"super": ("baseline", "30000"), "sub": ("baseline", "-25000"), "struck": ("strike", "sngStrike")}
    for text, look in runs:
        run = paragraph.add_run()
        run.text = text
        if look == "link":
            run.hyperlink.address = ADDRESS
        elif look:
            name, value = looks[look]
            run._r.get_or_add_rPr().set(name, value)
    show.save(str(path))


def make_xlsx(path: Path, runs: list[Run]) -> None:
    book = openpyxl.Workbook()
    fonts = {
        "super": InlineFont(vertAlign="superscript"),
        "sub": InlineFont(vertAlign="subscript"),
        "struck": InlineFont(strike=True),
    }
    book.active["A1"] = CellRichText(*[TextBlock(fonts.get(look, InlineFont()), text) for text, look in runs])
    if any(look == "link" for _, look in runs):
        book.active["A1"].hyperlink = ADDRESS
    book.save(path)


MAKERS: dict[str, Callable[[Path, list[Run]], None]] = {
    "a.docx": make_docx,
    "a.html": make_html,
    "table.html": make_html_table,
    "a.epub": make_epub,
    "a.eml": make_mail,
    "a.md": make_markdown,
    "pandoc.md": make_pandoc,
    "a.rst": make_rst,
    "a.rtf": make_rtf,
    "a.odt": make_odt,
    "a.odp": make_odp,
    "a.ods": make_ods,
    "a.pptx": make_pptx,
    "a.xlsx": make_xlsx,
}


def read(name: str, folder: Path, runs: list[Run]) -> str:
    path = folder / name
    MAKERS[name](path, runs)
    return text_of(path)


@pytest.mark.parametrize("name", MAKERS)
def test_a_power_is_not_read_as_digits_of_its_base(name: str, tmp_path: Path) -> None:
    text = read(name, tmp_path, [("was 4 × 10", ""), ("6", "super"), (" cells in 512 m", ""), ("2", "super")])
    assert "was 4 × 10⁶ cells in 512 m²" in text


@pytest.mark.parametrize("name", MAKERS)
def test_the_mark_of_a_note_stands_apart_from_the_number_before_it(name: str, tmp_path: Path) -> None:
    text = read(name, tmp_path, [("It cost 48,500", ""), ("3", "super"), (" euros.", "")])
    assert "It cost 48,500 [note 3] euros." in text


@pytest.mark.parametrize("name", MAKERS)
def test_formulas_of_chemistry_can_be_searched(name: str, tmp_path: Path) -> None:
    text = read(
        name, tmp_path, [("Rinse with H", ""), ("2", "sub"), ("O", ""), ("2", "sub"), (" first.", "")]
    )
    assert "Rinse with H2O2 first." in text


@pytest.mark.parametrize("name", [name for name in MAKERS if name != "a.rst"])
def test_struck_out_words_are_marked(name: str, tmp_path: Path) -> None:
    text = read(name, tmp_path, [("It feeds ", ""), ("six", "struck"), (" eight.", "")])
    assert "It feeds [struck out: six] eight." in text


@pytest.mark.parametrize("name", MAKERS)
def test_links_keep_the_address_they_lead_to(name: str, tmp_path: Path) -> None:
    before = "" if name == "a.xlsx" else "The driver is found "  # a link belongs to a whole cell
    text = read(name, tmp_path, [(before, ""), ("here", "link")])
    assert f"{before}here ({ADDRESS})" in text


def test_old_links_of_word_are_fields(tmp_path: Path) -> None:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    code = f'<w:r><w:instrText> HYPERLINK "{ADDRESS}" </w:instrText></w:r>'
    words = '<w:r><w:t xml:space="preserve">here</w:t></w:r>'
    path = docx(tmp_path / "old.docx", f"<w:p>{marks[0]}{code}{marks[1]}{words}{marks[2]}</w:p>")
    assert text_of(path) == f"here ({ADDRESS})"


def test_a_formula_of_a_sheet_can_be_a_link(tmp_path: Path) -> None:
    from tests.unit.documents.formats.make_office import xlsx

    cell = f'<c r="A1" t="str"><f>HYPERLINK("{ADDRESS}","here")</f><v>here</v></c>'
    assert text_of(xlsx(tmp_path / "a.xlsx", {"A": f'<row r="1">{cell}</row>'})) == f"here ({ADDRESS})"


def test_a_note_of_a_book_is_known_by_its_link(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        '<p>It sold 48,500<a epub:type="noteref" href="#n3">3</a> copies, 7<a href="#n4">4</a>.</p>'
    )
    assert text_of(path) == "It sold 48,500 [note 3] copies, 7 [note 4]."


def test_a_page_full_of_links_is_read_without_their_addresses(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>" + " ".join(f'<a href="https://x.org/{n}">word{n}</a>' for n in range(9)) + "</p>")
    assert text_of(path) == " ".join(f"word{n}" for n in range(9))


def test_a_page_does_not_tell_the_addresses_of_its_own_site(tmp_path: Path) -> None:
    menu = "".join(f'<li><a href="https://www.site.org/page{n}">Page {n}</a></li>' for n in range(30))
    path = tmp_path / "a.html"
    path.write_text(f'<ul>{menu}</ul><p>Made by <a href="https://maker.org/x">Ada</a>.</p>')
    text = text_of(path)
    assert "site.org" not in text
    assert "Made by Ada (https://maker.org/x)." in text

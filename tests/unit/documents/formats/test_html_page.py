"""Web pages and XML: what is text, what is not, and nothing is ever fetched or expanded."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.documents.formats.html_page import html_sections
from assistant.documents.formats.xml_text import xml_sections
from tests.unit.documents.formats.make_office import parts_of, sections_of, text_of


def page(text: str) -> str:
    return "\n".join(section.text for section in html_sections(text))


def test_headings_paths_and_places() -> None:
    first, second = html_sections("<h1>Guide</h1><p>Start   here.</p><h2>Oil</h2><p>Every<br>year.</p>")
    assert first.text == "Guide\n\nStart here."
    assert (second.text, second.heading, second.location) == (
        "Oil\n\nEvery\nyear.",
        ("Guide", "Oil"),
        "section Oil",
    )


def test_what_is_no_text_is_left_out() -> None:
    text = page(
        "<title>T</title><h1>Page</h1><script>alert(1)</script><style>p{}</style><nav><a>Home</a></nav>"
        "<p hidden>secret</p><p style='display: none'>secret</p><!-- note -->"
        "<noscript>no</noscript><p>Words</p>"
    )
    assert text == "Page\n\nWords"


def test_the_title_stands_above_a_page_without_heading() -> None:
    (section,) = html_sections("<title>Oil &amp; water</title><p>Words</p>")
    assert section.text == "Oil & water\n\nWords"
    assert section.heading == ("Oil & water",)


def test_a_page_that_is_all_navigation_is_read_with_it() -> None:
    assert (
        page("<title>Links</title><nav><ul><li>Home</li><li>News</li></ul></nav>")
        == "Links\n\n• Home\n• News"
    )


def test_lists_definitions_and_preformatted_text() -> None:
    text = page(
        "<ol start=3><li>three<ul><li>inner</li></ul></li><li>four</li></ol>"
        "<dl><dt>Oil</dt><dd>black</dd><dt>Lone</dt></dl><pre>a\n  b</pre>"
    )
    assert text == "3. three\n• inner\n4. four\nOil: black\nLone\n\na\n  b"


def test_tables_keep_rows_and_spread_merged_cells() -> None:
    sections = html_sections(
        "<table><caption>Goods</caption><tr><th>Kind</th><th>Name</th></tr>"
        "<tr><td rowspan=2>Fruit</td><td>Apple</td></tr>"
        "<tr><td>Pear</td></tr></table>"
    )
    assert sections[0].text == "Goods"
    assert sections[1].table
    assert sections[1].text.split("\n") == ["Kind\tName", "Fruit\tApple", "Fruit\tPear"]


def test_layout_tables_are_running_text() -> None:
    sections = html_sections("<table><tr><td><h2>Left</h2><p>one</p></td><td><p>two</p></td></tr></table>")
    assert not any(section.table for section in sections)
    assert sections[0].text == "Left\n\none\n\ntwo"


def test_tables_broken_into_each_other_lose_nothing() -> None:
    words = page("<table><tr><td>one</td><tr><table><tr><td>two</td></tr>three</table>")
    assert all(word in words for word in ("one", "two", "three"))


def test_mathml_becomes_latex() -> None:
    assert page("<p><math><msup><mi>x</mi><mn>2</mn></msup></math></p>") == "$x^{2}$"


@pytest.mark.parametrize(
    "bomb", ["<div>" * 50_000, "<table>" * 5_000 + "x", "<b>" * 100_000 + "x", "<" * 100_000]
)
def test_deep_nesting_ends(bomb: str) -> None:
    html_sections(bomb)


def test_spans_beyond_measure_end() -> None:
    html_sections(
        "<table>" + "<tr><td rowspan=99999999 colspan=99999999>x</td><td>y</td></tr>" * 50 + "</table>"
    )


def test_the_declared_encoding_is_used(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes("<meta charset=windows-1251><p>Привет, это проверка</p>".encode("cp1251"))
    opened, _ = parts_of(path)
    assert opened.kind == "html"
    assert "Привет, это проверка" in text_of(path)


def test_xml_gives_its_text_under_its_titles(tmp_path: Path) -> None:
    path = tmp_path / "paper.xml"
    path.write_text(
        "<?xml version='1.0'?><article><title>Rain</title>"
        "<sec><title>Method</title><p>We <i>looked</i> up.</p></sec></article>"
    )
    sections = sections_of(path)
    assert sections[-1].text.endswith("Method\n\nWe looked up.")
    assert sections[-1].heading == ("Rain", "Method")


def test_xml_of_data_names_its_values() -> None:
    sections = xml_sections("<stock><item><name>Nail</name><price>3</price></item></stock>")
    assert sections is not None
    assert sections[0].text == "name: Nail\nprice: 3"


def test_outside_entities_are_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("do not read")
    path = tmp_path / "evil.xml"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<r><p>before &x; after</p></r>"
    )
    assert text_of(path) == "before after"


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "laugh"}">' for n in range(12))
    path = tmp_path / "laughs.xml"
    path.write_text(f'<?xml version="1.0"?><!DOCTYPE r [{entities}]><r><p>before &e11;</p></r>')
    assert text_of(path) == "before"


def test_pages_without_a_body_are_read() -> None:
    assert page("<!doctype html><title>T</title><main><article><p>Words</p></article></main>") == "T\n\nWords"


def test_values_of_forms() -> None:
    form = (
        '<form>Name: <input value="Rex"> Born: <input type="date" value="2020-05-01"> '
        '<input type="checkbox" checked> vaccinated <input type="checkbox"> chipped '
        "Breed: <select><option>Collie</option><option selected>Beagle</option></select> "
        'Sex: <select><option>male</option><option>female</option></select><input type="hidden" value="x1">'
        '<input type="password" value="x2"></form>'
    )
    assert page(form) == ("Name: Rex Born: 2020-05-01 ☒ vaccinated ☐ chipped Breed: Beagle Sex: male")


def test_readings_of_ruby_are_left_out() -> None:
    assert page("<p><ruby>夜間<rp>(</rp><rt>やかん</rt><rp>)</rp></ruby>の港</p>") == "夜間の港"
    assert page("<table><tr><td><ruby>港<rt>みなと</rt></ruby></td><td>1</td></tr></table>") == "港\t1"


def test_styles_set_words_like_elements_do() -> None:
    raised = '10<span style="vertical-align: super">6</span>'
    struck = '<span style="text-decoration:line-through">six</span>'
    assert page(f'<p>{raised} {struck} <font face="Symbol">a</font></p>') == "10⁶ [struck out: six] α"


@pytest.mark.parametrize(
    "style",
    [
        "vertical-align: .4em; font-size: 60%",
        "vertical-align: 5px",
        "position: relative; top: -0.5em",
        "mso-text-raise: 4.0pt",
    ],
)
def test_text_that_is_moved_up_is_raised(style: str) -> None:
    assert page(f'<p>paid 48,500<span style="{style}">3</span> euros</p>') == "paid 48,500 [note 3] euros"
    assert page('<p>48,500<span style="vertical-align: -1px">3</span></p>') == "48,5003"


@pytest.mark.parametrize("selector", [".up", "span.up", "p .up", "#up", "div > p span.up"])
def test_style_sheets_set_words_by_class_and_id(selector: str) -> None:
    sheet = f"<style>{selector} {{ vertical-align: super }} .tick {{ font-family: Wingdings }}</style>"
    body = '<p>10<span class="up" id="up">6</span> <span class="tick">\xfe</span></p>'
    assert page(f"<head>{sheet}</head>{body}") == "10⁶ ☒"


def test_a_row_that_is_struck_out() -> None:
    rows = "<tr><th>Item</th><th>Price</th></tr>"
    rows += "<tr style='text-decoration:line-through'><td>Lamp</td><td>5</td></tr>"
    assert page(f"<table>{rows}</table>") == "Item\tPrice\n[struck out: Lamp]\t[struck out: 5]"


def test_looks_inside_preformatted_text() -> None:
    assert page("<pre>feeds <s>six</s>\n  eight, 10<sup>6</sup></pre>") == (
        "feeds [struck out: six]\n  eight, 10⁶"
    )


def test_a_picture_that_is_a_link() -> None:
    assert page('<p><a href="https://x.org/z"><img alt="Download"></a></p>') == "[Download] (https://x.org/z)"
    assert page('<p>x <a href="https://x.org/z.jpg"><img alt="A grey duck"></a></p>') == "x [A grey duck]"
    assert page('<p>x <a href="https://x.org/"><img alt="Made by us"></a></p>') == "x [Made by us]"


def test_boxes_of_a_page_s_own_making() -> None:
    boxes = '<i role="checkbox" aria-checked="true">Photos</i> <i role="radio" aria-checked="false">Film</i>'
    assert page(f"<p>{boxes}</p>") == "☒ Photos ☐ Film"
    assert page('<p><select><option label="Large" selected></select></p>') == "Large"


def test_a_note_in_another_file_of_a_book() -> None:
    assert page('<p>sold 95<sup><a href="notes.xhtml#n2">2</a></sup> copies</p>') == "sold 95 [note 2] copies"

"""Presentations: slides with titles, bullets, tables, charts, notes, groups."""

from __future__ import annotations

from pathlib import Path

import pptx
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from assistant.documents.records import Outcome
from tests.unit.documents.formats.make_office import parts_of


def presentation(path: Path) -> Path:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "Where we stand"
    body = slide.placeholders[1].text_frame
    body.text = "Sales rose"
    body.add_paragraph().text = "Costs fell"
    slide.notes_slide.notes_text_frame.text = "Mention the new customers."

    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Numbers"
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "inside a group"
    table = slide.shapes.add_table(2, 2, 0, 0, Inches(2), Inches(1)).table
    for row, values in enumerate((("Year", "Profit"), ("2023", "12"))):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    data = CategoryChartData()
    data.categories = ["North", "South"]
    data.add_series("Orders", (3.5, 4))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(2), Inches(2), data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "Orders by region"

    show.slides.add_slide(show.slide_layouts[6])
    show.save(str(path))
    return path


def test_slides_keep_their_numbers_titles_and_notes(tmp_path: Path) -> None:
    opened, parts = parts_of(presentation(tmp_path / "show.pptx"))

    assert (opened.kind, opened.unit, opened.parts) == ("pptx", "slide", 3)
    body, notes = parts[0].sections
    assert body.text == "Where we stand\n\nSales rose\nCosts fell"
    assert (body.page, body.location, body.heading) == (1, "slide 1", ("Where we stand",))
    assert (notes.text, notes.location, notes.page) == ("Mention the new customers.", "slide 1, notes", 1)
    assert notes.heading == ("Where we stand",)


def test_tables_groups_and_charts_are_read(tmp_path: Path) -> None:
    _, parts = parts_of(presentation(tmp_path / "show.pptx"))
    sections = parts[1].sections
    table = next(section for section in sections if section.table)
    words = "\n".join(section.text for section in sections)

    assert table.text.split("\n") == ["Year\tProfit", "2023\t12"]
    assert "inside a group" in words
    assert "Orders by region" in words
    assert "North 3.5" in words
    assert {section.location for section in sections} == {"slide 2"}


def test_a_slide_without_text_is_empty_with_a_reason(tmp_path: Path) -> None:
    _, parts = parts_of(presentation(tmp_path / "show.pptx"))
    assert parts[2].outcome is Outcome.EMPTY
    assert "slide" in parts[2].reason


def test_one_broken_slide_leaves_the_others(tmp_path: Path) -> None:
    import zipfile

    whole = presentation(tmp_path / "show.pptx")
    broken = tmp_path / "broken.pptx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"\0\1 no xml" if name == "ppt/slides/slide1.xml" else source.read(name))
    _, parts = parts_of(broken)
    assert [part.outcome for part in parts] == [Outcome.FAILED, Outcome.TEXT, Outcome.EMPTY]
    assert parts[0].reason


def test_shapes_are_read_as_they_stand_on_the_slide(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Harvest"
    group = slide.shapes.add_group_shape()
    for shapes, text, x, y in (
        (slide.shapes, "plums: sell", 1, 5),
        (slide.shapes, "apples: pick", 1, 3),
        (group.shapes, "the press", 6, 2.2),
        (slide.shapes, "NORTH", 1, 2),
        (slide.shapes, "SOUTH", 1, 4),
        (slide.shapes, "footer", 1, 7),
    ):
        width = 8 if text == "footer" else 3
        shapes.add_textbox(Inches(x), Inches(y), Inches(width), Inches(0.5)).text_frame.text = text
    slide._element.set("show", "0")
    show.save(str(tmp_path / "order.pptx"))
    _, (part,) = parts_of(tmp_path / "order.pptx")
    (section,) = part.sections
    assert section.text.split("\n\n") == [
        "Harvest", "NORTH", "apples: pick", "SOUTH", "plums: sell", "the press", "footer",
    ]  # fmt: skip
    assert section.location == "slide 1 (hidden)"


def test_signs_of_symbol_fonts_among_words(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    paragraph = slide.shapes.add_textbox(0, 0, Inches(5), Inches(1)).text_frame.paragraphs[0]
    for text, latin, special in (("Sell \uf0e0 rent ", "Calibri", "Wingdings"), ("\xfe", "Wingdings", "")):
        run = paragraph.add_run()
        run.text = text
        run.font.name = latin
        if special:
            properties = run._r.get_or_add_rPr()
            properties.append(properties.makeelement(f"{{{_DRAWING}}}sym", {"typeface": special}))
    show.save(str(tmp_path / "signs.pptx"))
    _, (part,) = parts_of(tmp_path / "signs.pptx")
    assert part.sections[0].text == "Sell → rent ☒"


_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def test_what_is_grouped_stays_together(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    for x, name in ((5, "B"), (0.5, "A")):
        group = slide.shapes.add_group_shape()
        for y, text in ((3, "text"), (2, "head")):
            box = group.shapes.add_textbox(Inches(x), Inches(y), Inches(3), Inches(0.5))
            box.text_frame.text = f"{name} {text}"
    show.save(str(tmp_path / "groups.pptx"))
    _, (part,) = parts_of(tmp_path / "groups.pptx")
    assert part.sections[0].text.split("\n\n") == ["A head", "A text", "B head", "B text"]


def test_a_shape_that_is_a_link_as_a_whole(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    shape = slide.shapes.add_shape(1, 0, 0, Inches(2), Inches(1))
    shape.text_frame.text = "Download"
    shape.click_action.hyperlink.address = "https://example.org/x200"
    show.save(str(tmp_path / "link.pptx"))
    _, (part,) = parts_of(tmp_path / "link.pptx")
    assert part.sections[0].text == "Download (https://example.org/x200)"

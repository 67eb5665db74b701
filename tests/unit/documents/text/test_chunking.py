"""Pieces cover their section, are never too long, and never cut a row that need not be cut."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from assistant.documents.records import Section
from assistant.documents.text.chunking import Chunk, Chunker

LIMIT = 256


@pytest.fixture(scope="module")
def chunker(tokenizer: Tokenizer) -> Chunker:
    return Chunker(tokenizer, LIMIT)


def check(section: Section, chunks: list[Chunk], tokenizer: Tokenizer, limit: int = LIMIT) -> None:
    """What must hold of every cut."""
    last = 0
    for chunk in chunks:
        assert chunk.text == section.text[chunk.start : chunk.end]
        assert chunk.text == chunk.text.strip() != ""
        assert section.text[last : chunk.start].strip() == ""  # between pieces there is white space only
        assert chunk.start >= last
        assert chunk.embed_text.endswith(chunk.text)
        size = len(tokenizer.encode(chunk.embed_text.encode("utf-8", "replace").decode()).ids)
        assert size <= limit, f"{size} tokens in {chunk.embed_text!r}"
        last = chunk.end
    assert section.text[last:].strip() == ""


PIECES = st.one_of(
    st.text(st.characters(codec=None), max_size=60),
    st.text("ab .\n,éß", max_size=60),
    st.text("我们的文件没有空格。，\n", max_size=60),
    st.text("ภาษาไทยไม่มีช่องว่าง \n", max_size=60),
    st.text("हिन्दी में लिखा हुआ पाठ।\n", max_size=60),
    st.text("日本語のテキスト、カタカナ。한국어 문서\n", max_size=60),
    st.sampled_from(
        ["👩‍👩‍👧", "e\u0301", "\r\n", "word ", "\t", "x" * 150, "1,234.5", "\u200d", "A sentence. "]
    ),
)
# Some of them many times: what Hypothesis makes by itself is rarely longer than a chunk.
ALPHABETS = st.lists(st.tuples(PIECES, st.integers(1, 60)), max_size=8).map(
    lambda parts: "".join(piece * times for piece, times in parts)
)


@given(ALPHABETS, st.text(max_size=300), st.lists(st.text(max_size=200), max_size=6))
@example("x" * 5000, "", [])
@example("é" * 3000, "title", ["heading"])
def test_running_text(tokenizer: Tokenizer, text: str, title: str, heading: list[str]) -> None:
    section = Section(text, 1, "page 1", tuple(heading))
    check(section, Chunker(tokenizer, LIMIT).chunk(section, title), tokenizer)


@settings(max_examples=40)
@given(st.lists(ALPHABETS.map(lambda text: text[:400]), max_size=40), st.text(max_size=50))
def test_tables(tokenizer: Tokenizer, rows: list[str], title: str) -> None:
    section = Section("\n".join(rows), 1, "sheet A", ("Sheet",), table=True)
    check(section, Chunker(tokenizer, LIMIT).chunk(section, title), tokenizer)


def test_counting_by_words_is_counting(chunker: Chunker, tokenizer: Tokenizer) -> None:
    texts = [
        "Plain words, 1,234.5 numbers (and) punctuation-marks.",
        "Ünïcödé naïve façade straße",
        "混合 text 和 words 没有空格",
        "日本語テキスト 한국어 ภาษาไทย हिन्दी",
        "soft\u00adhyphen zero\u200bwidth no\u00a0break",
    ]
    for text in [*texts, *texts]:  # the second time from what is remembered
        assert chunker.count(text) == len(tokenizer.encode(text, add_special_tokens=False).ids)


def test_a_short_section_is_one_piece_with_its_place_before_it(chunker: Chunker) -> None:
    section = Section("  Net sales rose.\n", 3, "page 3", ("Item 7", "Results"))
    assert chunker.chunk(section, "Annual report 2018") == [
        Chunk(2, 17, "Net sales rose.", "Annual report 2018 > Item 7 > Results\nNet sales rose.")
    ]
    assert chunker.chunk(Section(" \n\t ", 1, "page 1"), "title") == []
    assert chunker.chunk(Section("Bare.", 1, "page 1"), "")[0].embed_text == "Bare."


def test_a_long_path_of_headings_is_shortened_from_the_middle(chunker: Chunker) -> None:
    heading = tuple(
        f"{word} of many words that say little" for word in ("Part", "Chapter", "Section", "Paragraph")
    )
    long = chunker.chunk(Section("Text.", 1, "page 1", heading * 4), "The title")[0].embed_text
    first = long.splitlines()[0]
    assert first.startswith("The title")
    assert first.endswith("Paragraph of many words that say little")
    assert chunker.count(first) <= 48
    endless = chunker.chunk(Section("Text.", 1, "page 1", ("word " * 500,)), "title " * 500)[0].embed_text
    assert chunker.count(endless.splitlines()[0]) <= 48


def test_a_heading_that_repeats_the_title_is_said_once(chunker: Chunker) -> None:
    section = Section("Text.", 1, "page 1", ("Report", "Costs", "Report"))
    assert chunker.chunk(section, "Report")[0].embed_text == "Report > Costs\nText."


def test_a_piece_that_begins_with_its_heading_does_not_say_it_twice(chunker: Chunker) -> None:
    section = Section(
        "Item 7.\n Results\n" + "Sales rose again. " * 90, 1, "page 1", ("Part II", "Item 7. Results")
    )
    first, second, _ = chunker.chunk(section, "Report")
    assert first.embed_text.startswith("Report > Part II\nItem 7.\n Results\nSales")
    assert second.embed_text.startswith("Report > Part II > Item 7. Results\nSales")


def test_a_heading_line_does_not_stand_alone(chunker: Chunker, tokenizer: Tokenizer) -> None:
    prose = "Sales rose again in all of our regions. " * 26
    for text in (f"Results\n{prose}", f"{prose}\nThe end."):
        section = Section(text, 1, "page 1")
        chunks = chunker.chunk(section, "")
        check(section, chunks, tokenizer)
        assert len(chunks) <= 3
        assert min(chunker.count(chunk.text) for chunk in chunks) > 50
        assert all(chunk.text.endswith(".") for chunk in chunks)


def test_paragraphs_and_sentences_are_kept_together(chunker: Chunker) -> None:
    paragraphs = [
        f"Paragraph {number} begins here. " + "It goes on for a while. " * 12 for number in range(12)
    ]
    text = "\n\n".join(paragraph.strip() for paragraph in paragraphs)
    chunks = chunker.chunk(Section(text, 1, "page 1"), "")
    assert len(chunks) > 3
    assert all(chunk.text.startswith("Paragraph") and chunk.text.endswith(".") for chunk in chunks)


def test_chinese_and_thai_are_cut(chunker: Chunker, tokenizer: Tokenizer) -> None:
    for text in ("我们的文件没有空格也没有标点" * 200, "ภาษาไทยไม่มีช่องว่าง" * 300):
        section = Section(text, 1, "page 1")
        chunks = chunker.chunk(section, "")
        check(section, chunks, tokenizer)
        assert len(chunks) >= 4


def test_rows_are_kept_whole_and_each_piece_knows_its_columns(chunker: Chunker, tokenizer: Tokenizer) -> None:
    rows = ["Product | Region | Revenue | Margin"]
    rows += [f"Product {number} | Europe | {number * 1311} | {number % 40}.5 %" for number in range(200)]
    section = Section("\n".join(rows), 1, "sheet Sales, rows 1–201", ("Sales",), table=True)
    chunks = chunker.chunk(section, "Figures.xlsx")
    check(section, chunks, tokenizer)
    assert len(chunks) > 5
    for chunk in chunks:
        assert all(row in rows for row in chunk.text.split("\n"))
        assert chunk.embed_text.splitlines()[:2] == ["Figures.xlsx > Sales", rows[0]]
        assert chunk.embed_text.count(rows[0]) == 1


def test_a_row_that_is_too_long_is_cut_alone(chunker: Chunker, tokenizer: Tokenizer) -> None:
    long = "Comment | " + "many words in one single cell of the table " * 80
    section = Section(f"Name | Value\nshort | 1\n{long}\nlast | 2", 1, "sheet", table=True)
    chunks = chunker.chunk(section, "t")
    check(section, chunks, tokenizer)
    assert chunks[0].text == "Name | Value\nshort | 1"
    assert chunks[-1].text == "last | 2"
    assert len(chunks) >= 5


def test_a_table_without_names_of_columns_has_none_made_up(chunker: Chunker) -> None:
    section = Section(
        "\n".join(f"{number} | {number * 7} | {number * 11}" for number in range(300)), 1, "s", table=True
    )
    chunks = chunker.chunk(section, "")
    assert len(chunks) > 3
    assert all(chunk.embed_text == chunk.text for chunk in chunks)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "我们的文件没有空格" * 30_000,
        "word " * 100_000,
        "line of a page\n" * 30_000 + "\n\nend",
    ],
    ids=["letters", "Chinese", "words", "lines"],
)
def test_time_grows_with_the_length_and_no_faster(chunker: Chunker, text: str) -> None:
    def seconds(part: str) -> float:
        started = time.thread_time()
        chunker.chunk(Section(part, None, "lines"), "")
        return time.thread_time() - started

    quarter = seconds(text[: len(text) // 4])
    assert seconds(text) < 10 * quarter + 0.2

"""Keyword search in scopes, and the rows that retrieval reads."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.documents.records import FileSeen, Outcome, Scope, Section
from assistant.documents.store.rows import NewChunk, NewPart, NewSection
from assistant.documents.store.store import Store
from assistant.documents.text import terms
from assistant.errors import StorageError
from tests.unit.documents.store_samples import MODEL, add_document, part, vector_of


def found(store: Store, match: str, scope: Scope | None = None) -> set[int]:
    return {row for row, _ in store.keyword_search(match, 50, scope or Scope())}


def asked(question: str, language: str) -> str:
    return " OR ".join(f'"{term}"' for term in terms.terms(question, language))


def test_the_scope_is_in_the_search(store: Store) -> None:
    first = add_document(store, "/a", part(1, "apple pear"), collection="One")
    second = add_document(store, "/b", part(1, "apple plum"), collection="Two")
    assert found(store, "apple") == {1, 2}
    assert found(store, "apple", Scope("One")) == {1}
    assert found(store, "apple", Scope(documents=(second,))) == {2}
    assert found(store, "apple", Scope("One", (second,))) == set()
    assert found(store, "apple", Scope("No such")) == set()
    assert found(store, "apple", Scope(documents=(first, second))) == {1, 2}
    assert store.document_ids(Scope("Two")) == [second]
    store.move([second], "One")
    assert found(store, "apple", Scope("One")) == {1, 2}


def test_better_matches_have_higher_scores(store: Store) -> None:
    add_document(store, "/a", *(part(number, f"filler text number {number}") for number in range(1, 20)))
    add_document(
        store, "/b", part(1, "zebra zebra zebra"), part(2, "zebra among many other words of filler text")
    )
    scored = store.keyword_search("zebra OR text", 50)
    assert [row for row, _ in scored[:2]] == [20, 21]
    assert [score for _, score in scored] == sorted((score for _, score in scored), reverse=True)
    assert scored[0][1] > 0
    assert store.keyword_search("zebra", 1) == [pytest.approx(store.keyword_search("zebra", 5)[0])]
    restricted = dict(store.keyword_search("zebra OR text", 50, Scope(documents=(2,))))
    assert restricted == pytest.approx({row: score for row, score in scored if row >= 20})


def test_titles_and_headings_count_less_than_text(store: Store) -> None:
    document = store.register([FileSeen("/a", 1, 1)])[0].document
    sections = []
    for body, context in [("word", "other"), ("other", "word"), *[("filler", "filler")] * 8]:
        new = NewChunk(0, 4, "en", body, Store.embedding_key(body), vector_of(body), context)
        sections.append(NewSection(Section("text", 1, "1"), (new,)))
    store.add_batch(document, [NewPart(1, "1", Outcome.TEXT, None, tuple(sections))], MODEL)
    scores = dict(store.keyword_search("word", 5))
    assert scores[1] > scores[2] > 0


def test_an_empty_expression_finds_nothing_and_a_broken_one_says_so(store: Store) -> None:
    assert store.keyword_search("  ", 5) == []
    with pytest.raises(StorageError):
        store.keyword_search('"open', 5)


def test_terms_are_cut_as_they_were_made(store: Store) -> None:
    document = store.register([FileSeen("/a", 1, 1)])[0].document
    samples = {"hi": "हिन्दी में प्रश्न", "zh": "文件没有空格", "de": "Die Änderung kostete 36,8 Prozent"}
    sections = []
    for language, text in samples.items():
        new = NewChunk(
            0,
            len(text),
            language,
            terms.index_terms(text, language),
            Store.embedding_key(text),
            vector_of(text),
        )
        sections.append(NewSection(Section(text, 1, "1"), (new,)))
    store.add_batch(document, [NewPart(1, "1", Outcome.TEXT, None, tuple(sections))], MODEL)
    assert found(store, asked("प्रश्न", "hi")) == {1}
    assert found(store, asked("空格", "zh")) == {2}
    assert found(store, asked("Änderungen", "de")) == {3}
    assert found(store, asked("36.8", "de")) == {3}


def test_rows_hold_text_and_place(store: Store) -> None:
    add_document(store, "/dir/a.pdf", part(1, "first line", "second line"), part(2, "third"), collection="C")
    rows = store.chunk_rows([3, 1, 777])
    assert set(rows) == {1, 3}
    row = rows[3]
    assert (row.text, row.page, row.location, row.heading) == ("third", 2, "page 2", ("Chapter", "Part 2"))
    assert (row.path, row.title, row.collection, row.table, row.language) == (
        "/dir/a.pdf",
        "a.pdf",
        "C",
        False,
        "en",
    )
    assert (rows[1].position, row.position) == (0, 2)
    assert store.section_text(rows[1].section)[rows[1].start : rows[1].end] == "first line"
    section = store.section(row.section)
    assert section is not None
    assert (section.text, section.part, section.heading) == ("third", 2, ("Chapter", "Part 2"))
    assert store.section(999) is None
    assert store.section_text(999) == ""


def test_only_documents_with_text_are_searchable(store: Store) -> None:
    document = add_document(store, "/a", part(1, "a"))
    add_document(store, "/empty", part(1, outcome=Outcome.EMPTY))
    assert store.searchable_documents() == [(document, "/a", "a")]
    assert store.searchable_documents(Scope("No such")) == []


def test_boxes_come_back_to_a_tenth_of_a_point(store: Store) -> None:
    document = store.register([FileSeen("/a", 1, 1)])[0].document
    boxes = np.array([[10.04, 20.06, 15.5, 30.0], [np.nan] * 4], dtype=np.float32)
    new = NewSection(Section("ab", 1, "1", boxes=boxes))
    store.add_batch(document, [NewPart(1, "1", Outcome.TEXT, None, (new,)), part(2, "plain")], MODEL)
    back = store.section_boxes(1)
    assert back is not None
    assert np.allclose(back, boxes, atol=0.051, equal_nan=True)
    assert store.section_boxes(2) is None


def test_an_expression_is_looked_up_within_documents(store: Store) -> None:
    first = add_document(store, "/a", part(1, "apple pear"), part(2, "plum"))
    second = add_document(store, "/b", part(1, "apple plum"))
    assert set(store.matches_within("apple OR plum", [first], 10)) == {1, 2}
    assert store.matches_within('"apple plum"', [first, second], 10) == [3]
    assert len(store.matches_within("apple OR plum", [first, second], 2)) == 2
    assert store.matches_within("apple", [], 10) == []

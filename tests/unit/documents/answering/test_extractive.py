"""From a question to quotes, with the real store, the real model and every step between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.documents.embedders.embedding import Embedder
from assistant.documents.records import HANDBOOK_COLLECTION, ForeignQuestion, Scope
from assistant.errors import Cancelled
from assistant.jobs import CancelToken
from tests.unit.documents.library import Library, page

DEBT = "Total debt was 640,000 at the end of 2023, compared with 815,000 a year before."
LOSS = "Of the water that was pumped, 11 percent did not arrive, after 17 percent in 2022."
TABLE = "Year Income Repairs\n2021 1,790,000 212,000\n2022 1,846,000 188,000\n2023 1,920,000 240,000"
NAMES = ("stone", "wheel", "shaft", "hopper", "sluice", "ladder", "crane", "bell", "sieve", "brake", "floor")
FAQ = "What does a new connection cost?\nThe household pays 350 for the pipe and the meter."


@pytest.fixture(scope="module")
def library(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = Library(tmp_path_factory.mktemp("library"), embedder)
    library.add(
        "/d/Annual report 2023.pdf",
        page(1, f"Finances\nIncome from water rates rose by 4 percent. {DEBT}", "Finances"),
        page(2, f"Water lost\n{LOSS} The new pipe helped most.", "Water lost"),
        page(3, TABLE, "Income and repairs by year", table=True),
        page(4, f"Customers\nThe office is open on Mondays.\n{FAQ}", "Customers"),
    )
    library.add(
        "/d/Annual report 2022.pdf",
        page(
            1, "Finances\nTotal debt was 815,000 at the end of 2022, a little less than before.", "Finances"
        ),
    )
    library.add("/d/ヤギの飼育.txt", page(1, "ヤギは一日に三リットルの水を飲みます。小屋は毎週掃除します。"))
    library.add("/d/बकरी.txt", page(1, "बकरी को हर दिन तीन लीटर पानी चाहिए। बाड़े की सफाई हर सप्ताह होती है।"))
    library.add(
        "/h/Privacy.md",
        page(1, "Nothing leaves your computer. The total debt of privacy is nil.", "Privacy"),
        collection=HANDBOOK_COLLECTION,
    )
    yield library
    library.close()


def test_the_sentence_that_answers_comes_first_with_its_place(library: Library) -> None:
    quote = library.answerer.ask("How much of the pumped water was lost?").quotes[0]
    assert quote.quote == LOSS
    assert (quote.n, quote.title, quote.page, quote.heading) == (
        1,
        "Annual report 2023.pdf",
        2,
        ("Water lost",),
    )
    text = library.store.section_text(quote.section)
    assert text[quote.start : quote.end] == quote.quote


@pytest.mark.parametrize(("year", "amount"), [("2022", "815,000 at the end of 2022"), ("2023", "640,000")])
def test_a_question_that_names_a_document_is_answered_from_it(
    library: Library, year: str, amount: str
) -> None:
    quotes = library.answerer.ask(f"What was total debt according to the annual report {year}?").quotes
    assert amount in quotes[0].quote
    assert year in quotes[0].title


def test_a_word_that_is_also_the_name_of_a_document_may_mean_itself(
    embedder: Embedder, tmp_path: Path
) -> None:
    other = Library(tmp_path, embedder)
    other.add("/d/people.txt", page(1, "Jürgen Müller leads the accounting department."))
    other.add("/d/report 2019.txt", page(1, "The company employed 310 people at the end of 2019."))
    other.add("/d/lease.txt", page(1, "The rent is due on the third working day of each month."))
    try:
        quotes = other.answerer.ask("How many people did the company employ at the end of 2019?").quotes
    finally:
        other.close()
    assert [quote.title for quote in quotes] == ["report 2019.txt"]


@pytest.mark.parametrize(
    "question",
    [
        "Who won the chess championship of 1972?",
        "How far is the moon from the earth?",
        "Welche Farbe hat der Himmel über Lissabon?",
    ],
)
def test_nothing_is_quoted_for_what_no_document_tells(library: Library, question: str) -> None:
    assert library.answerer.ask(question).quotes == ()


@pytest.mark.parametrize(
    ("question", "reason", "named"),
    [
        ("What was the total debt in 2019?", "year-not-in-quotes", {"year": "2019"}),
        ("What was the total debt of Adobe?", "name-in-no-document", {"name": "Adobe"}),
        ("How many kilograms of water were pumped?", "unit-not-in-quotes", {"unit": "kilograms"}),
        ("Сколько стоит билет на поезд?", "documents-in-other-language", {"language": "Russian"}),
    ],
)
def test_it_is_said_why_there_is_no_answer(
    library: Library, question: str, reason: str, named: dict[str, str]
) -> None:
    absence = library.answerer.ask(question).absence
    assert absence is not None
    assert absence.reason == reason
    assert named.items() <= absence.details.items()
    assert absence.message


@pytest.mark.parametrize(
    "question", ["What was the total debt at the end of 2023?", "How much of the pumped water was lost?"]
)
def test_nothing_is_said_to_be_absent_that_is_there(library: Library, question: str) -> None:
    assert library.answerer.ask(question).absence is None


def test_a_piece_of_work_may_name_what_no_document_does(library: Library) -> None:
    evidence = library.answerer.evidence("Write a letter to Robert about the total debt at the end of 2023.")
    assert evidence.task
    assert evidence.answer.quotes
    assert evidence.answer.absence is None


def test_it_is_said_that_only_the_handbook_was_searched(embedder: Embedder, tmp_path: Path) -> None:
    library = Library(tmp_path, embedder)
    library.add("/h/Privacy.md", page(1, "Nothing leaves it.", "Privacy"), collection=HANDBOOK_COLLECTION)
    absence = library.answerer.ask("Which bus goes to the harbour?").absence
    assert absence is not None
    assert absence.reason == "only-handbook-searched"
    library.close()


def test_a_model_reads_a_row_with_the_names_of_its_columns(embedder: Embedder, tmp_path: Path) -> None:
    library = Library(tmp_path, embedder)
    prices = "Bicycle\tDay 2023\tDay 2024\nCity bicycle\t12.00\t13.50\nCargo bicycle\t24.00\t26.00"
    library.add("/d/prices.csv", page(1, prices, table=True))
    evidence = library.answerer.evidence("What does the cargo bicycle cost a day in 2024?")
    assert evidence.sources[0].sentences == ("Bicycle: Cargo bicycle; Day 2023: 24.00; Day 2024: 26.00",)
    assert evidence.answer.quotes[0].quote == "Cargo bicycle\t24.00\t26.00"
    library.close()


def test_a_source_tells_where_its_sentences_stand(library: Library) -> None:
    evidence = library.answerer.evidence("How much of the pumped water was lost?")
    for quote, source, places in zip(evidence.answer.quotes, evidence.sources, evidence.places, strict=True):
        text = library.store.section_text(quote.section)
        assert tuple(text[start:end] for start, end in places) == source.sentences
        assert places[source.best[0]] == (quote.start, quote.end)


def test_headings_and_questions_are_not_answers(library: Library) -> None:
    quotes = [quote.quote for quote in library.answerer.ask("What does a new connection cost?").quotes]
    assert quotes[0] == "The household pays 350 for the pipe and the meter."
    assert "Customers" not in quotes
    assert not any(quote.endswith("?") for quote in quotes)


def test_the_row_that_is_asked_for_is_quoted_with_the_names_of_its_columns(library: Library) -> None:
    quotes = library.answerer.ask("What were the repairs by year in 2022?").quotes
    row = next(quote for quote in quotes if quote.page == 3)
    assert row.quote == "2022 1,846,000 188,000"
    assert row.heading == ("Income and repairs by year", "Year Income Repairs")
    assert [quote.quote for quote in quotes if quote.page == 3] == [row.quote]


@pytest.mark.parametrize(
    ("question", "words"),
    [("ヤギは水をどれくらい飲みますか", "三リットル"), ("बकरी को कितना पानी चाहिए", "तीन लीटर")],
)
def test_languages_that_the_model_does_not_speak_are_found_by_their_words(
    library: Library, question: str, words: str
) -> None:
    assert words in library.answerer.ask(question).quotes[0].quote


def test_the_handbook_steps_back_behind_ones_own_documents(library: Library) -> None:
    everywhere = library.retriever.search("total debt", 8)
    assert everywhere[0].title != "Privacy.md"
    inside = library.retriever.search("total debt", 8, Scope(collection=HANDBOOK_COLLECTION))
    assert [hit.title for hit in inside] == ["Privacy.md"]


def test_a_search_keeps_to_its_scope(library: Library) -> None:
    document = library.retriever.search("water lost", 1)[0].document
    hits = library.retriever.search("income repairs water debt", 8, Scope(documents=(document,)))
    assert {hit.document for hit in hits} == {document}
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_a_cancelled_question_ends(library: Library) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        library.answerer.ask("How much water was lost?", token=token)


def test_a_list_comes_with_its_lead_and_neighbours_are_one_place(embedder: Embedder, tmp_path: Path) -> None:
    library = Library(tmp_path, embedder)
    text = "The office accepts these payments:\n\n• cash\n• cheque\n\nPayments are accepted on Mondays."
    library.add("/d/office.txt", page(1, text), page(2, "The garden has 14 apple trees."))
    answer = library.answerer.ask("Which payments does the office accept?")
    by_start = sorted(answer.quotes, key=lambda quote: quote.start)
    assert [quote.quote for quote in by_start] == [
        "The office accepts these payments:\n\n• cash\n• cheque",
        "Payments are accepted on Mondays.",
    ]
    (place,) = answer.places
    assert (place.numbers, place.quote.quote, place.quote.n) == ((1, 2), text, 1)
    asked = [text[start:end] for start, end in place.quote.asked]
    assert "office accepts" in asked
    assert "Payments" in asked
    assert len(place.quote.lines) == 4
    library.close()


def test_documents_invite_questions_that_they_answer(embedder: Embedder, tmp_path: Path) -> None:
    library = Library(tmp_path, embedder)
    assert library.answerer.example_questions() == ()
    sowing = (
        "Sowing of barley\nBarley is sown in the second week of March, four centimetres deep. The rows lie "
        "twelve centimetres apart. Sowing later than the tenth of April halves the harvest of barley. A "
        "second sowing in autumn suits winter barley alone, and needs a field that drains well."
    )
    library.add(
        "/d/farm.txt",
        page(1, "The farm\nIt lies on a hill.", "The farm"),
        page(2, sowing, "The farm", "Sowing of barley"),
        page(3, "Introduction\n" + "This book is long and tells of many things. " * 8, "Introduction"),
    )
    library.store.ensure_collection(HANDBOOK_COLLECTION, builtin=True)
    library.add("/h/help.md", page(1, sowing, "Sowing of rye"), collection=HANDBOOK_COLLECTION)
    assert library.answerer.example_questions() == ("What is there on “Sowing of barley”?",)
    assert library.answerer.example_questions("No such") == ()
    library.close()


def test_a_model_reads_a_list_that_goes_on_in_the_next_chunk(embedder: Embedder, tmp_path: Path) -> None:
    library = Library(tmp_path, embedder)
    bought = "which was bought from a dealer up north in the spring of the year after the great flood"
    items = "\n".join(f"• the {name} of the mill, {bought}" for name in NAMES)
    library.add("/d/mill.txt", page(1, f"{'The mill is old. ' * 60}The mill has these parts:\n\n{items}"))
    evidence = library.answerer.evidence("Which parts does the mill have?")
    (read,) = (each for each in evidence.sources if "these parts" in each.sentences[each.best[0]])
    assert all(f"the {name} of" in " ".join(read.sentences) for name in NAMES)
    library.close()


@pytest.mark.parametrize(
    ("question", "foreign"),
    [
        ("How high was the total debt at the end of 2023?", None),
        ("Wie hoch waren die gesamten Schulden am Ende des Jahres 2023?", ForeignQuestion("de", "en")),
        ("ヤギは一日に何リットルの水を飲みますか。", None),  # a document is in that language
        ("640,000?", None),
    ],
)
def test_a_question_in_a_language_of_no_document_is_told(
    library: Library, question: str, foreign: ForeignQuestion | None
) -> None:
    assert library.answerer.ask(question).foreign == foreign


def test_an_embedder_that_does_not_speak_the_documents_cannot_find_them_either(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    japanese = library.store.documents()[2].id
    question = "How many litres of water does a goat drink each day?"
    assert library.answerer.ask(question, Scope(documents=(japanese,))).foreign == ForeignQuestion("en", "ja")
    analyzer = library.retriever.analyzer
    monkeypatch.setattr(analyzer, "speaks", lambda *_: True)  # one of many languages
    assert library.answerer.ask(question, Scope(documents=(japanese,))).foreign is None

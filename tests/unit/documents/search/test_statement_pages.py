"""Questions for figures that a report does not print find the statement that they are computed from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.documents.embedders.embedding import Embedder
from assistant.documents.records import Scope
from tests.unit.documents.library import Library, page

INCOME = """Consolidated statements of earnings
In millions 2021 2020
Net sales 812 790
Cost of sales 540 512
Selling, general and administrative 120 118
Operating profit 152 160
Interest expense 12 11
Earnings before income taxes 140 149
Income taxes 33 36
Net earnings 107 113
Basic 1.07 1.13
Diluted 1.05 1.11
Weighted average shares 100 100"""
SHEET = """Consolidated balance sheets
In millions 2021 2020
Cash and cash equivalents 41 50
Receivables 90 84
Inventories 130 99
Total current assets 261 233
Property, plant and equipment 400 390
Goodwill 55 55
Total assets 716 678
Accounts payable 88 80
Accrued liabilities 40 39
Total current liabilities 128 119
Long-term debt 210 200
Total liabilities 338 319
Retained earnings 300 281
Total shareholders' equity 378 359"""
PROSE = [
    ("Our brands", "Lanternfield makes lamps for gardens and profits from long evenings."),
    (
        "Risks",
        "If costs rise, our margins, our debt and our deliveries may suffer. "
        "We carry inventories of parts, and a supplier of glass may be late.",
    ),
    (
        "Report of the auditor",
        "We have audited the consolidated balance sheets and the consolidated statements of earnings, which "
        "show total assets and diluted earnings.",
    ),
    ("Outlook", "The gross margin of Lanternfield fell because glass became dearer and freight took longer."),
]


@pytest.fixture
def library(tmp_path: Path, embedder: Embedder) -> Iterator[Library]:
    made = Library(tmp_path, embedder)
    for year, prose in (("2020", PROSE), ("2021", PROSE)):
        pages = [page(number, text, heading) for number, (heading, text) in enumerate(prose, 1)]
        pages += [page(5, INCOME, table=True), page(6, SHEET, table=True)]
        made.add(f"/reports/Lanternfield {year}.pdf", *pages)
    yield made
    made.close()


def first(library: Library, question: str, scope: Scope = Scope()) -> tuple[str, int | None]:  # noqa: B008
    hit = library.retriever.search(question, scope=scope)[0]
    return Path(hit.path).stem, hit.page


def test_figures_find_the_statement_that_they_are_computed_from(library: Library) -> None:
    assert first(library, "What is Lanternfield's net profit margin in 2021?") == ("Lanternfield 2021", 5)
    assert first(library, "What is the quick ratio of Lanternfield in 2020?") == ("Lanternfield 2020", 6)


def test_two_statements_are_found_where_a_figure_needs_two(library: Library) -> None:
    hits = library.retriever.search("What is Lanternfield's return on assets in 2021?")
    found = [(Path(hit.path).stem, hit.page) for hit in hits[:2]]
    assert set(found) == {("Lanternfield 2021", 5), ("Lanternfield 2021", 6)}


def test_reasons_are_found_in_the_text(library: Library) -> None:
    assert first(library, "Why did the gross margin of Lanternfield fall in 2021?") == (
        "Lanternfield 2021",
        4,
    )


def test_a_statement_outside_the_scope_is_not_found(library: Library) -> None:
    hits = library.retriever.search(
        "What is Lanternfield's quick ratio in 2021?", scope=Scope(documents=(1,))
    )
    assert {Path(hit.path).stem for hit in hits} == {"Lanternfield 2020"}


def test_an_unnamed_report_is_found_by_what_else_was_found(library: Library) -> None:
    assert first(library, "How large is the working capital?")[1] == 6


def test_the_rows_that_a_figure_is_computed_from_are_quoted(library: Library) -> None:
    quotes = library.answerer.ask("What is the quick ratio of Lanternfield in 2021?").quotes
    assert {quote.page for quote in quotes} == {6}
    assert any(quote.quote.startswith("Total current liabilities") for quote in quotes)
    assert not any(quote.quote.startswith("Goodwill") for quote in quotes)


def test_the_figures_of_a_company_without_a_report_are_not_answered(library: Library) -> None:
    assert not library.answerer.ask("What is the quick ratio of Quarrymount?").quotes

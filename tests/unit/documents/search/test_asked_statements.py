"""Which financial statements a question needs, and by what a page is told to be one."""

from __future__ import annotations

import pytest

from assistant.documents.search.asked_statements import Asked, StatementMatcher, asked_statements
from assistant.documents.store.rows import IndexedChunk
from assistant.documents.text.financial_statements import vocabulary
from assistant.documents.text.terms import index_terms

BALANCE, INCOME, CASH = "balance sheet", "income statement", "cash flow statement"


def needed(question: str) -> tuple[str, ...]:
    return asked_statements(question, "en").statements


def chunk(text: str, language: str = "en") -> IndexedChunk:
    return IndexedChunk(
        1, 1, 1, 0, "My documents", language, True, index_terms(text, language, rows=True), ""
    )


@pytest.mark.parametrize(
    ("question", "needed"),
    [
        ("Is the quick ratio healthy?", {BALANCE}),
        ("What was the capex in 2021?", {CASH}),
        ("How did the gross margins develop?", {INCOME}),
        ("What is the FY2019 return on assets (ROA)?", {BALANCE, INCOME}),
        ("What is the EBITDA margin?", {INCOME, CASH}),
        ("What does the statement of financial position say of leases?", {BALANCE}),
        ("Which lines of the P&L statement grew?", {INCOME}),
        ("When does the lease of the warehouse end?", set()),
        ("Who signed the contract?", set()),
    ],
)
def test_figures_need_the_statements_that_they_are_computed_from(question: str, needed: set[str]) -> None:
    assert set(asked_statements(question, "en").statements) == needed


@pytest.mark.parametrize(
    ("question", "language", "needed"),
    [
        ("Wie hoch ist die Eigenkapitalquote?", "de", {BALANCE}),
        ("Was steht in der Kapitalflussrechnung?", "de", {CASH}),
        ("¿Cuál es el margen bruto?", "es", {INCOME}),
        ("Quel est le bénéfice net ?", "fr", set()),
    ],
)
def test_languages_have_words_of_their_own(question: str, language: str, needed: set[str]) -> None:
    assert set(asked_statements(question, language).statements) == needed


def test_the_reasons_of_a_change_stand_elsewhere() -> None:
    assert needed("Why did the operating margin fall?") == ()
    assert needed("What drove the gross margin?") == ()
    assert needed("Is the gross margin stable? If it is of no use, explain why.") == (INCOME,)
    assert needed("What drove sales, by the income statement?") == (INCOME,)


def test_the_figures_of_a_part_of_the_company_stand_elsewhere() -> None:
    assert needed("Which segment has the best operating margin?") == ()


def test_a_figure_is_computed_from_rows() -> None:
    statements = StatementMatcher(asked_statements("What is the quick ratio?", "en"), ["en"])
    assert statements.is_row(index_terms("Total current liabilities 9 8", "en"))
    assert statements.is_row(index_terms("Inventories 7 6", "en"))
    assert not statements.is_row(index_terms("Goodwill 2 2", "en"))
    named = StatementMatcher(
        asked_statements("What does the balance sheet say of inventories?", "en"), ["en"]
    )
    assert not named.is_row(index_terms("Inventories 7 6", "en"))


SHEET = """Balance sheet
Cash and cash equivalents 10 9
Trade receivables 4 3
Inventories 7 6
Total current assets 21 18
Property, plant and equipment 30 28
Goodwill 2 2
Total assets 53 48
Trade payables 5 4
Total current liabilities 9 8
Borrowings 12 11
Total liabilities 21 19
Share capital 10 10
Retained earnings 22 19
Total equity 32 29"""


def test_a_statement_is_told_by_its_lines() -> None:
    statements = StatementMatcher(Asked((BALANCE,)), ["en"])
    assert statements.share(statements.lines([chunk(SHEET)])) > 0.5
    for other in (
        "Index to the consolidated balance sheet, income statement and cash flow statement",
        "We have audited the balance sheet, which comprises total assets and total liabilities.",
        "Total assets 53 48\nGoodwill 2 2\nBorrowings 12 11\nRevenue 80 70",
    ):
        assert statements.share(statements.lines([chunk(other)])) == 0.0


def test_a_statement_may_be_cut_into_chunks() -> None:
    statements = StatementMatcher(Asked((BALANCE, CASH)), ["en"])
    rows = SHEET.splitlines()
    halves = [chunk("\n".join(rows[:8])), chunk("\n".join(rows[8:]))]
    whole = statements.share(statements.lines(halves))
    assert whole == statements.share(statements.lines([chunk(SHEET)]))
    assert max(statements.share(statements.lines([half])) for half in halves) < whole


def test_a_statement_in_the_language_of_the_documents_serves_a_question_in_another_one() -> None:
    statements = StatementMatcher(asked_statements("What is the current ratio?", "en"), ["de", "en"])
    sheet = """Vorräte 7
Forderungen aus Lieferungen und Leistungen 4
Flüssige Mittel 10
Summe kurzfristige Vermögenswerte 21
Sachanlagen 30
Geschäfts- oder Firmenwert 2
Bilanzsumme 53
Verbindlichkeiten aus Lieferungen und Leistungen 5
Rückstellungen 3
Gezeichnetes Kapital 10
Kapitalrücklage 4
Gewinnrücklagen 8
Eigenkapital 22"""
    assert statements.share(statements.lines([chunk(sheet, "de")])) > 0.4


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_the_lists_are_complete(language: str) -> None:
    words = vocabulary(language)
    assert set(words.statements) == {BALANCE, INCOME, CASH}
    for statement in words.statements.values():
        assert statement.names
        assert statement.telling
        assert len(statement.lines) >= 10
    assert all(set(figures.statements) <= set(words.statements) for figures in words.figures)
    assert words.causes
    assert words.parts


def test_other_languages_have_none() -> None:
    assert not vocabulary("xx").statements
    assert StatementMatcher(Asked((BALANCE,)), ["xx"]).expression == ""

from __future__ import annotations

import pytest

from assistant.documents.answering.example_questions import question, questions
from assistant.documents.store.rows import HeadingRow


def heading(text: str, language: str = "en", document: int = 1, characters: int = 900) -> HeadingRow:
    return HeadingRow(document, "report-2022.pdf", text, characters, language)


@pytest.mark.parametrize(
    ("text", "language", "asked"),
    [
        ("Termination of the lease", "en", "What is there on “Termination of the lease”?"),
        ("3.2 Borrowings", "en", "What is there on “Borrowings”?"),
        ("IV. CASH AND CASH EQUIVALENTS", "en", "What is there on “Cash and cash equivalents”?"),
        ("§ 5 Kündigung", "de", "Was gibt es zu „Kündigung“?"),
        ("Résiliation du bail", "fr", "Qu’y a-t-il sur « Résiliation du bail » ?"),
        ("Duración del contrato:", "es", "¿Qué hay sobre «Duración del contrato»?"),
        ("الميزانية العمومية", "ar", "ماذا يوجد عن «الميزانية العمومية»؟"),
        ("तुलन पत्र", "hi", "“तुलन पत्र” के बारे में क्या है?"),
        ("合并资产负债表", "zh", "关于“合并资产负债表”有什么？"),
        ("契約の解除", "ja", "「契約の解除」について何がありますか？"),
        ("Расторжение договора", "ru", "Что есть на тему «Расторжение договора»?"),
        ("How do I remove a document?", "en", "How do I remove a document?"),
        ("Wie lange dauert die Garantie?", "sv", "Wie lange dauert die Garantie?"),
        ("怎样添加文件？", "zh", "怎样添加文件？"),
    ],
)
def test_a_heading_that_names_something_invites_a_question(text: str, language: str, asked: str) -> None:
    assert question(heading(text, language)) == asked


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Introduction", "en"),
        ("1. Introduction", "en"),
        ("Chapter 4", "en"),
        ("Appendix B", "en"),
        ("Table of contents", "en"),
        ("Einleitung", "de"),
        ("مقدمة", "ar"),
        ("目录", "zh"),
        ("2022", "en"),
        ("12.3", "en"),
        ("Q1", "en"),
        ("(Registrant’s telephone number, including area code)", "en"),
        ("Documents incorporated by reference", "en"),
        ("Forward-Looking Statements", "en"),
        ("Signature of the tenant", "en"),
        ("Telefonnummer der Hausverwaltung", "de"),
        ("Numéro de téléphone", "fr"),
        ("and results of the second year", "en"),
        ("Liabilities of the", "en"),
        ("Cash and equivalents (in millions", "en"),
        ("Notes", "en"),
        ("External links", "en"),
        ("Materials and methods", "en"),
        ("https://example.com/a", "en"),
        ("src/main_test.py", "en"),
        ("The company repaid the second bond in March.", "en"),
        ("Dear Sir or Madam,", "en"),
        ("a heading that goes on and on with far too many words to be one", "en"),
        ("Report-2022", "en"),
        ("Why?", "en"),
        ("‘Gear up?’ they say", "en"),
        ("This page is intentionally left blank", "en"),
        ("Analysis and Discussion", "en"),
        ("For Further Reading", "en"),
        ("Diese Seite ist leer", "de"),
        ("Ergebnisse und Ausblick", "de"),
        ("Kaldt vand og varme", "da"),
        ("", "en"),
        ("***", "en"),
        ("$1,904.6 (2021: $2,312.0)", "en"),
    ],
)
def test_rather_no_question_than_a_silly_one(text: str, language: str) -> None:
    assert question(heading(text, language)) == ""


def test_a_heading_above_next_to_nothing_is_not_asked_for() -> None:
    assert question(heading("Termination of the lease", characters=40)) == ""


def test_the_first_heading_is_a_title_unless_it_asks() -> None:
    assert questions([heading("Borrowings")]) == []
    assert questions([heading("Who pays for the meter?")]) == [(1, "Who pays for the meter?")]


def test_what_one_word_names_comes_last() -> None:
    found = questions(
        [heading(text) for text in ("The year", "Offerings", "Segments", "Digital media strategy")]
    )
    assert [question for _, question in found] == [
        "What is there on “Digital media strategy”?",
        "What is there on “Offerings”?",
        "What is there on “Segments”?",
    ]


def test_documents_take_turns_and_what_comes_again_is_left_out() -> None:
    found = questions(
        [
            heading("The year in figures", document=2),
            heading("Borrowings", document=2),
            heading("Terms of use", document=2),
            heading("What does it cost to join?", document=2),
            heading("The school year", document=3),
            heading("Terms of use", document=3),
            heading("School trip", document=3),
            heading("Lunch break", document=3),
            heading("Lunch break", document=3),
        ]
    )
    assert found == [
        (2, "What does it cost to join?"),
        (3, "What is there on “School trip”?"),
        (2, "What is there on “Borrowings”?"),
    ]
    assert questions([]) == []

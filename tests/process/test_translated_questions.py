"""Documents in one language asked in another, with the built-in search model and a trained translator."""

from __future__ import annotations

from pathlib import Path

from tests.process.translation_setup import services

FARM = """Am Abend müssen wir warten. Heute ist sie ruhig.

Im Sommer trägt der Landwirt die Leiter. Der Lehrer liest den alten Brief.

Die Karotte ist schön. Unser Fahrrad ist kaputt.
"""


def test_german_documents_answer_an_english_question(tmp_path: Path) -> None:
    (tmp_path / "hof.txt").write_text(FARM)
    question = "Who carries the ladder in summer?"
    with services(tmp_path / "home", "en-de") as opened:
        added = opened.documents.add([tmp_path / "hof.txt"]).result(60)
        opened.documents.wait([each.id for each in added.documents]).result(60)
        answer = opened.documents.ask(question).result(60)
        assert answer.question == question
        assert answer.quotes[0].quote == "Im Sommer trägt der Landwirt die Leiter."
        assert answer.note == "Searched in German: “Wer trägt im Sommer die Leiter?”"
        evidence = opened.documents.evidence(question).result(60)
        assert evidence.language == "en"  # in which a chat model answers
        assert evidence.answer.quotes == answer.quotes

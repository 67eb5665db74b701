"""What `ask` prints: what is not there first, lists as lists, and a mark where nothing stands behind."""

from __future__ import annotations

import pytest

from assistant.cli import output
from assistant.cli.output import print_answer, print_grounded
from assistant.documents.grounded_records import CheckedText, Claim, GroundedAnswer, Verdict
from assistant.documents.records import Answer, Quote
from assistant.errors import Problem

LIST = Quote(
    1, 0.9, 1, "/d/a.md", "a", None, "lines 1–9", (), "It reads\nthese:\n• PDF\n• Word", (), 1, 0, 28,
    lines=((0, 15), (16, 21), (22, 28)),
)  # fmt: skip


def test_a_list_is_printed_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(Answer("formats?", (LIST,), 0.1))
    assert capsys.readouterr().out.startswith("“It reads these:\n • PDF\n • Word” [1]\n")


def test_a_name_that_no_document_mentions_is_said_before_anything_is_quoted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "stderr", output.stdout)
    absence = Problem("not-in-documents", "name-in-no-document", {"name": "Adobe"})
    print_answer(Answer("Adobe?", (LIST,), 0.1, absence=absence))
    assert capsys.readouterr().out.startswith("No document mentions “Adobe”.")


def test_every_sentence_without_a_source_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    text = "It was 1.9 [1]. It rained. It fell."
    claims = (Claim(0, 15, Verdict.SUPPORTED, (1,)),)
    print_grounded(GroundedAnswer(Answer("?", (LIST,), 0.1), CheckedText(text, claims, False, (26,)), None))
    printed = capsys.readouterr()
    assert "It was 1.9 [1]. It rained. [no source] It fell." in printed.out
    assert "No quote supports" in printed.err

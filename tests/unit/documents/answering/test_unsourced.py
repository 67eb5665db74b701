from __future__ import annotations

import pytest

from assistant.documents.answering.unsourced import with_unsourced
from assistant.documents.grounded_records import CheckedText, Claim, Verdict


def checked(text: str, *verdicts: tuple[str, Verdict]) -> CheckedText:
    claims = tuple(
        Claim(text.index(said), text.index(said) + len(said), verdict, ()) for said, verdict in verdicts
    )
    return CheckedText(text, claims, False)


def test_what_cites_nothing_is_named_and_nothing_else() -> None:
    text = "It was 1.9 [1]. It rained. It fell by 4."
    found = with_unsourced(
        checked(
            text,
            ("It was 1.9 [1].", Verdict.SUPPORTED),
            ("It rained.", Verdict.UNCITED),
            ("It fell by 4.", Verdict.UNSUPPORTED),
        )
    )
    assert found.unsourced == (text.index(" It fell"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# The debt", "# The debt"),
        ("**The debt**", "**The debt**"),
        ("```\ndebt = 1.9\n```", "debt = 1.9"),
        ("| debt | 1.9 |", "| debt | 1.9 |"),
        ("***", "***"),
        ("This is not in your documents.", "This is not in your documents."),
    ],
)
def test_what_is_no_statement_needs_no_source(text: str, said: str) -> None:
    assert with_unsourced(checked(text, (said, Verdict.UNCITED))).unsourced == ()

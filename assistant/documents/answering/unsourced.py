"""PURE: the sentences of a checked answer that nothing stands behind."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.documents.answering.citation_check import says_absent
from assistant.documents.answering.citation_parsing import code_spans
from assistant.documents.grounded_records import CheckedText, Claim, Verdict

_HEADING = re.compile(r"#{1,6}\s|\*\*[^*\n]+\*\*:?$")
_TABLE = re.compile(r"\|.*\||[\s|:-]+$")


def with_unsourced(checked: CheckedText) -> CheckedText:
    """The text with the places named where such sentences end.

    Headings, code and tables are no sentences, and that there is no answer needs no source.
    """
    code = code_spans(checked.text)

    def stands_alone(claim: Claim) -> bool:
        said = checked.text[claim.start : claim.end].strip()
        begin = checked.text.rfind("\n", 0, claim.start) + 1
        line = checked.text[begin : claim.end].strip()
        return (
            claim.verdict is Verdict.UNCITED
            and any(character.isalnum() for character in said)
            and not says_absent(said)
            and not _HEADING.match(line)
            and not _TABLE.match(line)
            and not any(start < claim.end and claim.start < end for start, end in code)
        )

    return replace(checked, unsourced=tuple(claim.end for claim in checked.claims if stands_alone(claim)))

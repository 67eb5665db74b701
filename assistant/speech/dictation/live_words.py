"""PURE: words while they are spoken: what two hypotheses in a row agree on stays, the rest may change.

LocalAgreement-2: Liu, Spanakis and Niehues, "Low-Latency Sequence-to-Sequence Speech Recognition" (2020).
"""

from __future__ import annotations

import re

_WORDS = re.compile(
    r"\s*(?:[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]|[^\s\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]+)"
)
"""Words with the space before them; where there are no spaces, letters."""


class LiveWords:
    """One phrase that is still spoken."""

    def __init__(self) -> None:
        self._before: list[str] = []
        self._stable: list[str] = []

    def hear(self, text: str) -> tuple[str, str]:
        """A hypothesis of the whole phrase so far: what is stable by now, and what may change."""
        words = _WORDS.findall(text)
        agreed = 0
        for one, other in zip(self._before, words, strict=False):
            if _bare(one) != _bare(other):
                break
            agreed += 1
        if agreed > len(self._stable):
            self._stable += words[len(self._stable) : agreed]
        self._before = words
        return "".join(self._stable).strip(), "".join(words[len(self._stable) :])


def _bare(word: str) -> str:
    return word.strip(" \n\t.,;:!?…。，、").casefold()

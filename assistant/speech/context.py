"""PURE: a phrase after what was said before it: the sound begins with that, and its words are known."""

from __future__ import annotations

import zlib
from dataclasses import replace

from assistant.speech.decoder import Hypothesis


def what_follows(hypothesis: Hypothesis, known: str) -> Hypothesis | None:
    """The hypothesis without the known words it begins with; None where it has no others, or not those."""
    words = list(hypothesis.segment.words)
    left = f" {known.strip()}"
    while left and words:
        text = words[0].text
        if left.startswith(text):
            left = left[len(text) :]
        elif text.startswith(left) and not any(map(str.isalnum, text[len(left) :])):
            left = ""  # a full stop was put to what stands already
        else:
            return None
        del words[0]
    if left or not words:
        return None
    text = "".join(word.text for word in words).strip()
    data = text.encode()
    return replace(
        hypothesis,
        segment=replace(hypothesis.segment, start=words[0].start, text=text, words=tuple(words)),
        compression=len(data) / len(zlib.compress(data)),
    )

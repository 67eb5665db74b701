"""PURE: how pictures are to be recognised, from what the person, the settings and the document say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from assistant.text.language_detection import UNKNOWN
from assistant.vision.records import Recogniser, RecognitionOptions

_LEAST_SHARE = 0.1
"""Of a document's text: a language with less is none to expect."""


def request(options: RecognitionOptions) -> str:
    """What a person asked for, as the store keeps it; never empty."""
    return json.dumps({"recogniser": options.recogniser.value, "languages": list(options.languages)})


def options_for(
    requested: str, languages: Sequence[str], characters: Mapping[str, int]
) -> RecognitionOptions:
    """
    Args:
        requested: from `request`, or "".
        languages: that the person says all scans are in; none where they are to be detected.
        characters: of the document, so many in each language.
    """
    wish = json.loads(requested) if requested else {}
    known = Counter({each: count for each, count in characters.items() if each != UNKNOWN})
    least = _LEAST_SHARE * known.total()
    expected = [each for each, count in known.most_common() if count >= least]
    return RecognitionOptions(
        Recogniser(wish.get("recogniser", Recogniser.AUTO)),
        tuple(wish.get("languages") or languages),
        tuple(expected),
    )

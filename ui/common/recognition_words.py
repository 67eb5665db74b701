"""What was recognised in a picture, in words: by what, how sure that is, what is still to come."""

from __future__ import annotations

from assistant.documents.event_records import RecognitionState, RecognitionStatus
from assistant.documents.records import PartReport
from assistant.languages import name as language_name
from ui.common.quantities import duration
from ui.common.translation import arg, listed, translate

DOUBTFUL = 0.8
"""Text that is less sure is told to be so wherever it is quoted."""


def sureness(confidence: float) -> str:
    """ "97 % sure"."""
    return arg(translate("common", "%1 % sure"), round(confidence * 100))


def source(recognised: float | None) -> str:
    """Said of a quote: "" where it is text."""
    if recognised is None:
        return ""
    if recognised < DOUBTFUL:
        return arg(translate("common", "read from a picture, %1"), sureness(recognised))
    return translate("common", "read from a picture")


def with_source(place: str, recognised: float | None) -> str:
    """ "scan.pdf · page 4 · read from a picture"."""
    return " · ".join(filter(None, (place, source(recognised))))


def recogniser(value: str) -> str:
    # Not at the top: the window is painted without any of vision's records.
    from assistant.vision.records import Recogniser

    match value:
        case Recogniser.TESSERACT:
            return translate("common", "Tesseract")
        case Recogniser.RAPIDOCR:
            return translate("common", "RapidOCR")
    return translate("common", "Automatic")


def is_doubtful(part: PartReport) -> bool:
    return part.confidence is not None and part.confidence < DOUBTFUL


def how(part: PartReport) -> str:
    """By what, and in which languages: "with Tesseract, in German and English"; "" where nothing was."""
    if not part.recogniser:
        return ""
    name = recogniser(part.recogniser)
    if not part.languages:
        return arg(translate("common", "with %1"), name)
    languages = listed([language_name(code) for code in part.languages])
    return arg(translate("common", "with %1, in %2"), name, languages)


def why_it_waits(status: RecognitionStatus | None) -> str:
    """Where nothing is recognised though some waits; "" where it is this one's turn in time."""
    if status is not None and status.state is RecognitionState.PAUSED:
        return translate("common", "paused")
    reason = status.reason if status is not None and status.state is RecognitionState.WAITING else ""
    match reason:
        case "idle":
            return translate("common", "until the computer is idle")
        case "off":
            return translate("common", "switched off in Settings")
        case "mains":
            return translate("common", "until there is mains power")
    return ""


def time_left(status: RecognitionStatus) -> str:
    """ "2 min left", for all that waits; "" while it is not known."""
    if status.seconds_left is None:
        return ""
    return arg(translate("common", "%1 left"), duration(status.seconds_left))

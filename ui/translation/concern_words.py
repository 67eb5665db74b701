"""What is said of a sentence that the person should look at, and of what a document lost."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.translation.records import Concern, Flag, Lost, NotKept
from ui.common import formatting, quantities
from ui.common.translation import QT_TRANSLATE_NOOP, arg, translate, translate_marked

FLAGS = {
    Flag.EMPTY: QT_TRANSLATE_NOOP("translation", "The model gave no translation."),
    Flag.UNCHANGED: QT_TRANSLATE_NOOP("translation", "It is the same as the original."),
    Flag.SCRIPT: QT_TRANSLATE_NOOP("translation", "It is not in the script of the language."),
    Flag.LENGTH: QT_TRANSLATE_NOOP(
        "translation", "It is much longer or shorter than the original: something may be missing or added."
    ),
    Flag.REPEATS: QT_TRANSLATE_NOOP("translation", "It repeats itself."),
    Flag.VALUES: QT_TRANSLATE_NOOP("translation", "A number, name or address differs from the original."),
    Flag.GLOSSARY: QT_TRANSLATE_NOOP("translation", "A term is not translated as in the glossary."),
    Flag.CUT: QT_TRANSLATE_NOOP("translation", "It was too long for the model and was translated in pieces."),
    Flag.LANGUAGE: QT_TRANSLATE_NOOP(
        "translation", "No model here translates from its language; it was left as it was."
    ),
    Flag.MARK: QT_TRANSLATE_NOOP("translation", "Bold, a link or the like covers the whole sentence now."),
}
NOT_KEPT = {
    NotKept.LOOK: QT_TRANSLATE_NOOP("translation", "Bold, links and the like cover whole sentences now."),
    NotKept.PICTURE_TEXT: QT_TRANSLATE_NOOP("translation", "Text inside pictures was not translated."),
    NotKept.EMBEDDED: QT_TRANSLATE_NOOP("translation", "Documents inside the document were not translated."),
    NotKept.SIGNATURE: QT_TRANSLATE_NOOP(
        "translation", "The digital signature was removed: it holds for the original alone."
    ),
    NotKept.PART_UNREADABLE: QT_TRANSLATE_NOOP(
        "translation", "A part could not be read and was not translated."
    ),
    NotKept.LONG_LINE: QT_TRANSLATE_NOOP("translation", "Lines of subtitles are longer than they should be."),
    NotKept.PDF_LAYOUT: QT_TRANSLATE_NOOP(
        "translation", "The layout is not kept: original and translation stand side by side."
    ),
    NotKept.MACROS: QT_TRANSLATE_NOOP("translation", "Macros stay as they are, with the texts in them."),
    NotKept.TRACKED: QT_TRANSLATE_NOOP(
        "translation", "Tracked changes: text that was deleted is not in the translation."
    ),
    NotKept.SPLIT_LOOK: QT_TRANSLATE_NOOP(
        "translation", "Fields that held a part of a paragraph were closed up."
    ),
    NotKept.NAMES: QT_TRANSLATE_NOOP(
        "translation", "Words in cells that formulas or other tables refer to were left as they were."
    ),
}


def of_sentence(concerns: Iterable[Concern], source: str) -> list[str]:
    """What is said of a translation of `source`, a line for each reason."""
    return list(dict.fromkeys(_of_concern(concern, source) for concern in concerns))


def _of_concern(concern: Concern, source: str) -> str:
    detail = formatting.isolate(formatting.one_line(concern.detail))
    if concern.detail and concern.flag is Flag.VALUES:
        if concern.detail in source:
            return arg(translate("translation", "Missing or changed: %1"), detail)
        return arg(translate("translation", "Not in the original: %1"), detail)
    if concern.detail and concern.flag is Flag.GLOSSARY:
        return arg(translate("translation", "The glossary has: %1"), detail)
    return translate_marked("translation", FLAGS[concern.flag])


def of_loss(lost: Lost) -> str:
    """ "Text inside pictures was not translated. (3 times)"."""
    text = translate_marked("translation", NOT_KEPT[lost.what])
    if lost.count > 1:
        text = arg(translate("translation", "%1 (%2 times)"), text, quantities.number(lost.count))
    return text

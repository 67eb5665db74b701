"""The languages that Whisper models know, as they are offered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from assistant import languages
from ui.common.menus import Menu
from ui.common.translation import translate

CODES = [
    "af",
    "am",
    "ar",
    "as",
    "az",
    "ba",
    "be",
    "bg",
    "bn",
    "bo",
    "br",
    "bs",
    "ca",
    "cs",
    "cy",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "eu",
    "fa",
    "fi",
    "fo",
    "fr",
    "gl",
    "gu",
    "ha",
    "haw",
    "he",
    "hi",
    "hr",
    "ht",
    "hu",
    "hy",
    "id",
    "is",
    "it",
    "ja",
    "ka",
    "kk",
    "km",
    "kn",
    "ko",
    "la",
    "lb",
    "ln",
    "lo",
    "lt",
    "lv",
    "mg",
    "mi",
    "mk",
    "ml",
    "mn",
    "mr",
    "ms",
    "mt",
    "my",
    "ne",
    "nl",
    "nn",
    "no",
    "oc",
    "pa",
    "pl",
    "ps",
    "pt",
    "ro",
    "ru",
    "sa",
    "sd",
    "si",
    "sk",
    "sl",
    "sn",
    "so",
    "sq",
    "sr",
    "su",
    "sv",
    "sw",
    "ta",
    "te",
    "tg",
    "th",
    "tk",
    "tl",
    "tr",
    "tt",
    "uk",
    "ur",
    "uz",
    "vi",
    "yi",
    "yo",
    "yue",
    "zh",
]
_OFTEN = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "tr", "ar", "hi", "zh", "ja")


def name(code: str) -> str:
    """ "" is a language that is detected."""
    return languages.name(code) if code else translate("dictation", "Detect language")


def menu(parent: QWidget, chosen: str, last: str, choose: Callable[[str], object]) -> Menu:
    """What is chosen, what was spoken last, and those that many speak; all others one step further."""
    menu = Menu(parent)
    first = dict.fromkeys(("", *filter(None, (chosen, last)), *_OFTEN))
    menu.add_choices([(code, name(code)) for code in first], chosen, choose)
    others = menu.add_menu(translate("dictation", "Other languages"), "translate")
    rest = sorted((name(code), code) for code in CODES if code not in first)
    others.add_choices([(code, named) for named, code in rest], chosen, choose)
    return menu

"""Languages by their names, and how many words a chat model makes of its tokens in them."""

from __future__ import annotations

MANY = "mul"
"""The code that stands for many languages."""

NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese",
    "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "mt": "Maltese", "nb": "Norwegian",
    "ne": "Nepali", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "th": "Thai",
    "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""Of ISO 639's codes, those of the catalogue."""

_WORDS = {
    0.75: "en",
    0.55: "ca da de es fr gl id it ms nb nl no pt ro sv vi ja zh",
    0.4: "ar bg cs el et fa fi ga he hi hr hu ko lt lv mt pl ru sk sl sr th tr uk bn ne",
}
"""Of a token, roughly: vocabularies are learned mostly from English, and cut other words into more pieces."""
_OF_A_TOKEN = {code: words for words, codes in _WORDS.items() for code in codes.split()}
_OTHERWISE = 0.4


def name(code: str) -> str:
    """The code itself where its name is not known."""
    return NAMES.get(code, code)


def words_of_a_token(code: str) -> float:
    return _OF_A_TOKEN.get(code, _OTHERWISE)

"""PURE: the languages that files name: "en-GB", "zh_Hant_TW", "German"."""

from __future__ import annotations

from assistant.languages import NAMES, is_wide


def language_of(tag: str) -> str:
    """ISO 639-1 of a tag (BCP 47, POSIX); "" where it names none."""
    code = tag.strip().replace("_", "-").split("-", 1)[0].split(".", 1)[0].lower()
    return code if code in NAMES else ""


_REGIONS = {
    "ar": "SA", "bg": "BG", "bn": "BD", "ca": "ES", "cs": "CZ", "da": "DK", "de": "DE", "el": "GR",
    "en": "US", "es": "ES", "et": "EE", "eu": "ES", "fa": "IR", "fi": "FI", "fr": "FR", "ga": "IE",
    "gl": "ES", "he": "IL", "hi": "IN", "hr": "HR", "hu": "HU", "id": "ID", "is": "IS", "it": "IT",
    "ja": "JP", "ka": "GE", "kk": "KZ", "ko": "KR", "lt": "LT", "lv": "LV", "mk": "MK", "ms": "MY",
    "nb": "NO", "ne": "NP", "nl": "NL", "nn": "NO", "pl": "PL", "ps": "AF", "pt": "PT", "ro": "RO",
    "ru": "RU", "sk": "SK", "sl": "SI", "sq": "AL", "sr": "RS", "sv": "SE", "sw": "KE", "ta": "IN",
    "te": "IN", "th": "TH", "tr": "TR", "uk": "UA", "ur": "PK", "vi": "VN", "zh": "CN",
}  # fmt: skip
_COMPLEX = {
    "ar", "bn", "bo", "dv", "dz", "fa", "gu", "he", "hi", "km", "kn", "ks", "lo", "ml", "mr", "my", "ne",
    "or", "pa", "ps", "sa", "sd", "si", "ta", "te", "th", "ug", "ur", "yi",
}  # fmt: skip


def region_of(code: str) -> str:
    """The country that most of those who write a language live in, as programs name it; "" where none is."""
    return _REGIONS.get(code, "")


def script_group(code: str) -> str:
    """Which of the three languages of a style it is in office programs: "", "asian" or "complex"."""
    return "asian" if is_wide(code) else "complex" if code in _COMPLEX else ""

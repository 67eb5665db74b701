"""PURE: what the language of a translation asks of Office: its tag, its direction, its kind of fonts."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.languages import has_italics, is_right_to_left, is_wide

_REGIONS = {
    "af": "ZA", "ar": "SA", "az": "Latn-AZ", "be": "BY", "bg": "BG", "bn": "BD", "bs": "Latn-BA", "ca": "ES",
    "cs": "CZ", "cy": "GB", "da": "DK", "de": "DE", "el": "GR", "en": "US", "es": "ES", "et": "EE",
    "eu": "ES", "fa": "IR", "fi": "FI", "fr": "FR", "ga": "IE", "gl": "ES", "gu": "IN", "he": "IL",
    "hi": "IN", "hr": "HR", "hu": "HU", "hy": "AM", "id": "ID", "is": "IS", "it": "IT", "ja": "JP",
    "ka": "GE", "kk": "KZ", "km": "KH", "kn": "IN", "ko": "KR", "lo": "LA", "lt": "LT", "lv": "LV",
    "mk": "MK", "ml": "IN", "mn": "MN", "mr": "IN", "ms": "MY", "mt": "MT", "nb": "NO", "ne": "NP",
    "nl": "NL", "nn": "NO", "no": "NO", "pa": "IN", "pl": "PL", "ps": "AF", "pt": "PT", "ro": "RO",
    "ru": "RU", "si": "LK", "sk": "SK", "sl": "SI", "sq": "AL", "sr": "Cyrl-RS", "sv": "SE", "sw": "KE",
    "ta": "IN", "te": "IN", "th": "TH", "tr": "TR", "uk": "UA", "ur": "PK", "uz": "Latn-UZ", "vi": "VN",
    "yue": "HK", "zh": "CN",
}  # fmt: skip
"""Office knows most languages by their countries only; of several, the one that it lists first."""
_OTHER_CODES = {"no": "nb", "jw": "jv", "yue": "zh"}
_COMPLEX_CODES = "bn bo dz gu hi km kn lo ml mr my ne or pa sa si ta te th"
_COMPLEX = frozenset(_COMPLEX_CODES.split())
"""Written from left to right, and set by Office with the fonts and sizes for complex scripts."""


@dataclass(frozen=True, slots=True)
class TargetLanguage:
    tag: str
    """As Office writes it: "de-DE"."""
    right_to_left: bool
    wide: bool
    """Chinese, Japanese, Korean."""
    complex: bool
    """Set with the fonts, sizes and looks that Office keeps for complex scripts."""
    italics: bool


def target_language(code: str) -> TargetLanguage:
    region = _REGIONS.get(code)
    tag = _OTHER_CODES.get(code, code)
    right_to_left = is_right_to_left(code)
    return TargetLanguage(
        f"{tag}-{region}" if region else tag,
        right_to_left,
        is_wide(code),
        right_to_left or code in _COMPLEX,
        has_italics(code),
    )

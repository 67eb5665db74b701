"""What the characters of symbol fonts mean: Symbol has Greek and mathematics, Wingdings ticks and arrows.

Texts set in such a font hold ordinary letters, or codes from U+F000 on; both mean nothing without the font.
Ticked boxes of every form are ☒, empty ones ☐.
"""

from __future__ import annotations

TICKED, EMPTY = "☒", "☐"

_SYMBOL = dict(
    zip(
        (*range(0x21, 0x7F), *range(0xA0, 0xE6), 0xF1, 0xF2),
        "!∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑〉∫",
        strict=True,
    )
)
_WINGDINGS = {
    0x22: "✂", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x36: "⌛", 0x37: "⌨", 0x3E: "✇", 0x3F: "✍", 0x41: "✌",
    0x43: "👍", 0x44: "👎", 0x45: "☜", 0x46: "☞", 0x47: "☝", 0x48: "☟", 0x4A: "☺", 0x4B: "😐", 0x4C: "☹",
    0x4E: "☠", 0x4F: "⚐", 0x51: "✈", 0x52: "☼", 0x54: "❄", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: EMPTY,
    0x70: EMPTY, 0x71: EMPTY, 0x72: EMPTY, 0x73: "⬧", 0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x77: "⬥",
    0x78: TICKED, 0x7B: "❀", 0x9E: "·", 0x9F: "•", 0xA7: "▪", 0xA8: EMPTY, 0xA1: "○", 0xA4: "◉",
    0xA5: "◎", 0xAA: "✦",
    0xAB: "★", 0xAC: "✶", 0xB6: "✰", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE3: "↖",
    0xE4: "↗", 0xE5: "↙", 0xE6: "↘", 0xE7: "←", 0xE8: "→", 0xE9: "↑", 0xEA: "↓", 0xEF: "⇦", 0xF0: "⇨",
    0xF1: "⇧", 0xF2: "⇩", 0xF3: "⇔", 0xFB: "✗", 0xFC: "✓", 0xFD: TICKED, 0xFE: TICKED,
    **{0x80 + number: "⓪①②③④⑤⑥⑦⑧⑨⑩"[number] for number in range(11)},
    **{0x8B + number: "⓿❶❷❸❹❺❻❼❽❾❿"[number] for number in range(11)},
}  # fmt: skip
_FONTS = {
    "symbol": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings 2": {
        0x4F: "✗", 0x50: "✓", 0x51: TICKED, 0x52: TICKED, 0x53: TICKED, 0x54: TICKED, 0xA3: EMPTY, 0x97: "●",
        0xA2: "■",
    },
    "wingdings 3": {
        0x66: "←", 0x67: "→", 0x68: "↑", 0x69: "↓", 0x70: "▲", 0x71: "▼", 0x74: "◀", 0x75: "▶", 0x7D: "▶",
        0x84: "◀",
    },
    "webdings": {0x61: "✓", 0x72: "✗", 0x63: EMPTY, 0x67: "■", 0x34: "▶", 0x33: "◀", 0x59: "♥"},
}  # fmt: skip
_USUAL = {
    0xB7: "•", 0xA7: "▪", 0xD8: "➢", 0xFC: "✓", 0xFE: TICKED, 0xFD: TICKED, 0xA8: EMPTY, 0x6F: EMPTY,
    0x6E: "■", 0x20: "",
}  # fmt: skip
"""What a code means whose font nobody names, most often."""


def is_symbol_font(name: str) -> bool:
    return _key(name) in _FONTS


def symbol(font: str, code: int) -> str:
    """The sign of one code of a symbol font; "" for one that Unicode has no sign for."""
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    if low == 0x20:
        return " " if is_symbol_font(font) else ""
    return _FONTS.get(_key(font), _USUAL).get(low, "")


def symbols(font: str, text: str) -> str:
    """A text set in a symbol font as what it shows. A sign that means nothing is left out."""
    signs = _FONTS.get(_key(font))
    if signs is None:
        return text
    return "".join(
        symbol(font, ord(sign)) if sign <= "\xff" or "\uf000" <= sign <= "\uf0ff" else sign for sign in text
    )


def private_symbols(font: str, text: str) -> str:
    """A text whose characters of private use alone are set in a symbol font."""
    return "".join(symbol(font, ord(sign)) if "\uf000" <= sign <= "\uf0ff" else sign for sign in text)


def _key(name: str) -> str:
    return name.strip().strip("\"'").lower()

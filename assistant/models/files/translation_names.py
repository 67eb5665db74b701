"""PURE: which languages a translation model is for, from what it is called.

OPUS-MT: "opus-mt-en-de", "opus-mt-en-ROMANCE", "opus-mt-tc-big-zle-en", "opus-mt-tc-big-cat_oci_spa-en"; the
codes of families are those of ISO 639-5 (github.com/Helsinki-NLP/OPUS-MT-train, "models").
"""

from __future__ import annotations

import re

from assistant import languages

_PACKED_AS = re.compile(r"[-_.](ct2|ctranslate2|int8|int16|float16|float32|bfloat16|fp16|q8|v\d+)$")
"""Ends of names that say how a model is packed."""
_FAMILIES = {
    "romance": "fr es it pt ro ca gl oc", "roa": "fr es it pt ro ca gl oc",
    "itc": "fr es it pt ro ca gl oc la",
    "gem": "de nl en sv da no is af", "gmw": "de nl en af fy", "gmq": "sv da no is fo",
    "scandinavia": "sv da no is", "north_eu": "de nl sv da no fi is", "celtic": "ga cy br gd kw gv",
    "cel": "ga cy br gd kw gv", "sla": "ru uk be pl cs sk sl hr sr bg mk", "zle": "ru uk be",
    "zlw": "pl cs sk", "zls": "sl hr sr bg mk", "bat": "lt lv", "fiu": "fi et hu", "urj": "fi et hu",
    "trk": "tr az kk ky uz tt tk", "sem": "ar he mt am ti", "afa": "ar he mt am ti so ha",
    "inc": "hi bn ur mr gu pa ne si", "iir": "fa hi bn ur mr gu pa ne si ps tg", "ira": "fa ps tg ku",
    "dra": "ta te ml kn", "bnt": "sw zu xh sn rw ny lg ln", "cjk": "zh ja ko",
    "map": "id ms tl jv mg", "phi": "tl ceb", "poz": "id ms tl jv mg",
    "ine": "en de fr es it pt ru pl nl sv da no cs sk uk bg ro el fa hi bn ur lt lv sq hy",
}  # fmt: skip
"""Families and what OPUS calls groups: the languages of them that people translate most."""


def pair(name: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """(sources, targets); "mul" among them where they are many; None where the name does not say it."""
    bare = name.replace(" ", "-")
    while (shorter := _PACKED_AS.sub("", bare, count=1)) != bare:
        bare = shorter
    for mark in "-_":
        parts = bare.split(mark)
        if len(parts) > 1 and (source := _side(parts[-2])) and (target := _side(parts[-1])):
            return source, target
    return None


def _side(text: str) -> tuple[str, ...]:
    """The languages of "en", "zle", "cat_oci_spa", "zh_CN"."""
    lower = text.lower()
    if lower in _FAMILIES:
        return tuple(_FAMILIES[lower].split())
    if lower in (languages.MANY, "multilingual"):
        return (languages.MANY,)
    codes = [languages.plain(part) for part in lower.split("_")]
    if codes[0] not in languages.NAMES:
        codes = codes[-1:]  # "model_en-de"
    return tuple(dict.fromkeys(code for code in codes if code in languages.NAMES))

"""Which family a translation model is of, which languages it knows, and how they are told to it.

OPUS-MT (Marian), one pair or several targets: ">>deu<<" before the sentence.
M2M100: "__en__" before the sentence, "__de__" before its translation.
NLLB-200: "eng_Latn" and "deu_Latn" in the same places (as transformers 4.38 and later has it).
MADLAD-400: "<2de>" before the sentence.
Argos: metadata.json, and the model in a folder of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant import languages
from assistant.error_messages import Detail
from assistant.errors import ModelUnusable, NoModel
from assistant.models.files import ct2, translation_marks

_LARGEST_JSON = 64 << 20
"""Bytes."""
_FEWEST_LANGUAGES = 2
"""For which a vocabulary has marks; fewer are an accident."""
_ROOM = 4
"""Positions that are kept for marks of languages and ends."""


class Family(StrEnum):
    MARIAN = "marian"
    M2M100 = "m2m100"
    NLLB = "nllb"
    MADLAD = "madlad"
    ARGOS = "argos"


_LANGUAGE_TOKENS = {
    Family.M2M100: re.compile(translation_marks.M2M100),
    Family.NLLB: re.compile(translation_marks.NLLB),
    Family.MADLAD: re.compile(translation_marks.MADLAD),
    Family.MARIAN: re.compile(translation_marks.OPUS),
}
_MOST_TOKENS = {
    Family.MARIAN: 300,
    Family.M2M100: 300,
    Family.NLLB: 300,
    Family.MADLAD: 200,
    Family.ARGOS: 200,
}
"""Of a sentence. They were trained on sentences, and leave something out of much longer ones long before
their positions end (512 of OPUS-MT and NLLB-200, 1024 of M2M100)."""
_USUAL_SCRIPTS = ("Hans", "Latn", "Cyrl", "Arab")
_USUAL = ("arb_Arab", "cmn", "nob", "knc_Latn", "kas_Arab", "srp_Cyrl", "kir_Cyrl")
"""Where several tokens mean one language: what is taken for it."""


@dataclass(frozen=True, slots=True)
class Vocabularies:
    source: tuple[str, ...]
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """What the engine has to know of a model before it loads it."""

    name: str
    family: Family
    weights: Path
    """The folder with model.bin."""
    files: Path
    """The folder with what cuts text into pieces."""
    tokens: dict[str, str]
    """By language: what tells it to the model; {} where it knows one pair alone."""
    variants: dict[str, str]
    """By language and script ("zh_Hant")."""
    most_tokens: int
    """Of a sentence without the marks at its ends."""
    most_output: int
    """Tokens that it can write; 0 where nothing limits it."""
    appends_end: bool
    """The library puts </s> behind each sentence; else it has to be there, except in Argos packages."""
    pair: tuple[str, str] | None = None
    """Of an Argos package."""
    target_prefix: str = ""
    """What an Argos package wants before each translation."""

    def token(self, language: str) -> str:
        """What tells a language to the model.

        Raises:
            ModelUnusable: it does not know it.
        """
        found = self.variants.get(_tag(language)) or self.tokens.get(languages.plain(language))
        if found is None:
            raise ModelUnusable(
                "translation-model-language", name=self.name, language=languages.name(language)
            )
        return found


def read(folder: Path) -> ModelFolder:
    """
    Raises:
        NoModel: the folder is not there.
        ModelUnusable: it is no model for translation, or something of it is missing or damaged.
    """
    if not folder.is_dir():
        raise NoModel("no-translation-model-folder", folder=str(folder))
    about = _json(folder / "metadata.json", folder.name)
    argos = isinstance(about, dict) and (folder / "model" / "model.bin").is_file()
    weights = folder / "model" if argos else folder
    if not (weights / "model.bin").is_file():
        raise ModelUnusable("not-translation-model", name=folder.name)
    header = ct2.read(weights / "model.bin")
    if header.spec != ct2.TRANSLATION:
        raise ModelUnusable("not-translation-model", name=folder.name)
    words = _vocabularies(weights, folder.name)
    _check_sizes(header, words, folder.name)
    family = Family.ARGOS if argos else family_of(words.source)
    tokens, variants = _language_tokens(family, words.source)
    config = _json(weights / "config.json", folder.name)
    limit = ct2.positions(header)
    output = header.shapes.get("decoder/position_encodings/encodings", (0,))[0]
    most = min([_MOST_TOKENS[family], *(size // 2 - _ROOM for size in (limit, output) if size)])
    return ModelFolder(
        name=folder.name,
        family=family,
        weights=weights,
        files=folder,
        tokens=tokens,
        variants=variants,
        most_tokens=max(1, most),
        most_output=max(0, output - _ROOM),
        appends_end=bool(isinstance(config, dict) and config.get("add_source_eos")),
        pair=_argos_pair(about, folder.name) if argos else None,
        target_prefix=str(about.get("target_prefix") or "")[:40] if argos else "",
    )


def family_of(vocabulary: Iterable[str]) -> Family:
    """By the marks of languages in a vocabulary."""
    counts = dict.fromkeys(_LANGUAGE_TOKENS, 0)
    for token in vocabulary:
        for family, pattern in _LANGUAGE_TOKENS.items():
            counts[family] += bool(pattern.fullmatch(token))
    family = max(counts, key=lambda each: counts[each])
    return family if counts[family] >= _FEWEST_LANGUAGES else Family.MARIAN


def _language_tokens(family: Family, vocabulary: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    pattern = _LANGUAGE_TOKENS.get(family)
    if pattern is None:
        return {}, {}
    tokens = {found[1]: token for token in vocabulary if (found := pattern.fullmatch(token))}
    if len(tokens) < _FEWEST_LANGUAGES:
        return {}, {}
    by_language: dict[str, str] = {}
    variants: dict[str, str] = {}
    for tag in sorted(tokens, key=_unusual):
        by_language.setdefault(languages.plain(tag), tokens[tag])
        variants.setdefault(_tag(tag), tokens[tag])
    return by_language, variants


def _tag(tag: str) -> str:
    rest = tag.replace("-", "_").partition("_")[2]
    return f"{languages.plain(tag)}_{rest}".rstrip("_")


def _unusual(tag: str) -> tuple[bool, int, str]:
    base, _, script = tag.replace("-", "_").partition("_")
    usual = base in _USUAL or tag in _USUAL
    return not usual, _USUAL_SCRIPTS.index(script) + 1 if script in _USUAL_SCRIPTS else 9 * bool(script), tag


# --- files -------------------------------------------------------------------------------------------------


def _vocabularies(weights: Path, name: str) -> Vocabularies:
    shared = _vocabulary(weights, "shared_vocabulary", name)
    if shared:
        return Vocabularies(shared, shared)
    source = _vocabulary(weights, "source_vocabulary", name)
    target = _vocabulary(weights, "target_vocabulary", name)
    if not source or not target:
        raise ModelUnusable("translation-without-vocabulary", name=name)
    return Vocabularies(source, target)


def _vocabulary(weights: Path, stem: str, name: str) -> tuple[str, ...]:
    listed = _json(weights / f"{stem}.json", name)
    if isinstance(listed, list):
        return tuple(str(token) for token in listed)
    try:
        return tuple((weights / f"{stem}.txt").read_text("utf-8", "replace").split("\n")[:-1])
    except OSError:
        return ()


def _check_sizes(header: ct2.Ct2Header, words: Vocabularies, name: str) -> None:
    """The library looks tokens up unchecked: each of them needs its row, and each row its token."""
    rows = (
        ("encoder/embeddings_0/weight", len(words.source)),
        ("encoder/embeddings/weight", len(words.source)),
        ("decoder/embeddings/weight", len(words.target)),
        ("decoder/projection/weight", len(words.target)),
    )
    for variable, count in rows:
        shape = header.shapes.get(variable)
        if shape and shape[0] != count:
            raise _unusable("translation-vocabulary-differs", name, count=count, rows=shape[0])


def _unusable(reason: str, name: str, **details: Detail) -> ModelUnusable:
    return ModelUnusable(reason, name=name, **details)


def _argos_pair(about: dict[str, Any], name: str) -> tuple[str, str]:
    pair = (
        languages.plain(str(about.get("from_code") or "")),
        languages.plain(str(about.get("to_code") or "")),
    )
    if not all(pair):
        raise ModelUnusable("not-argos", name=name)
    return pair


def _json(path: Path, name: str) -> Any:
    """What a JSON file holds; None if it is not there."""
    try:
        if path.stat().st_size > _LARGEST_JSON:
            raise ModelUnusable("translation-file-damaged", name=name, file=path.name)
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError):
        raise ModelUnusable("translation-file-damaged", name=name, file=path.name) from None

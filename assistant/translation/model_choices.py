"""The models of the library that translate, with the languages that each knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant import languages
from assistant.models.catalog.records import Licence
from assistant.models.files import translation_names
from assistant.models.files.records import ModelKind
from assistant.models.library.records import Installed
from assistant.translation.records import EngineChoice

_LARGEST = 64 << 20
"""Bytes of a vocabulary."""
_VOCABULARIES = ("shared_vocabulary", "source_vocabulary", "target_vocabulary")
_MARK = re.compile(
    rb"(?:^|[\"\n])(?:__([a-z]{2,3})__|([a-z]{3}_[A-Z][a-z]{3})|<2([a-z]{2,3}(?:_[A-Za-z]+)?)>"
    rb"|(?:>>|\\u003e\\u003e)([A-Za-z]{2,3}(?:[_-][A-Za-z_]+)?)(?:<<|\\u003c\\u003c))(?=[\"\n])"
)
"""What tells a language to a model, in the file of its vocabulary; see `model_families`. In this order:
M2M100, NLLB-200, MADLAD-400, OPUS-MT for several targets."""
_NLLB, _OPUS = 1, 3
_FEWEST = 2
"""Marks of languages that are no accident."""
_NO_LICENCE = Licence("", commercial=True)
_NLLB_LICENCE = Licence("CC-BY-NC-4.0", commercial=False)
"""Of all that Meta has published of NLLB-200 (github.com/facebookresearch/fairseq/tree/nllb)."""


def choices(
    installed: Iterable[Installed], licence: Callable[[Installed], Licence | None] = lambda _: None
) -> tuple[EngineChoice, ...]:
    """
    Args:
        licence: of a model, where it is known.
    """
    return tuple(
        _choice(model, licence(model))
        for model in installed
        if model.kind is ModelKind.TRANSLATION and not model.missing
    )


def _choice(model: Installed, licence: Licence | None) -> EngineChoice:
    marks = _marks(Path(model.path))
    if marks.nllb:
        licence = licence or _NLLB_LICENCE
    licence = licence or _NO_LICENCE
    pairs = () if marks.any_to_any else _pairs(model, marks.languages)
    return EngineChoice(
        path=model.path,
        name=model.name,
        chat=False,
        pairs=pairs,
        languages=marks.languages if marks.any_to_any else (),
        licence=licence.name,
        non_commercial=not licence.commercial,
    )


def _pairs(model: Installed, targets: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Of a model for one pair, or for few languages; `targets`: those that its vocabulary has marks for."""
    told = tuple(map(languages.plain, model.languages))
    sources: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    if len(told) == 2 and languages.MANY not in told:
        sources, named = told[:1], told[1:]
    else:
        for name in (Path(model.path).name, model.name):
            sources, named = (sources, named) if sources else translation_names.pair(name) or ((), ())
    into = targets or named
    if languages.MANY in sources:
        sources = languages.WIDELY_SPOKEN
    return tuple(
        (source, target)
        for source in sources
        for target in into
        if source != target and languages.MANY not in (source, target)
    )


@dataclass(frozen=True, slots=True)
class _Marks:
    """The languages that a vocabulary has marks for."""

    languages: tuple[str, ...] = ()
    any_to_any: bool = False
    nllb: bool = False


def _marks(folder: Path) -> _Marks:
    for base in (folder, folder / "model"):
        for name in _VOCABULARIES:
            for suffix in ("json", "txt"):
                file = base / f"{name}.{suffix}"
                try:
                    status = file.stat()
                except OSError:
                    continue
                found = _marks_in(file, status.st_size, status.st_mtime_ns)
                if found.languages:
                    return found
    return _Marks()


@lru_cache(maxsize=256)
def _marks_in(file: Path, size: int, changed: int) -> _Marks:
    """Kept while the file stays as it is."""
    try:
        data = file.read_bytes() if size <= _LARGEST else b""
    except OSError:
        return _Marks()
    found: list[set[str]] = [set() for _ in range(_MARK.groups)]
    for match in _MARK.finditer(data):
        found[match.lastindex - 1 if match.lastindex else 0].add(match[match.lastindex or 0].decode())
    which = max(range(len(found)), key=lambda each: len(found[each]))
    codes = {languages.plain(tag) for tag in found[which]}.intersection(languages.NAMES)
    if len(found[which]) < _FEWEST:
        return _Marks()
    return _Marks(tuple(sorted(codes)), which != _OPUS, which == _NLLB)

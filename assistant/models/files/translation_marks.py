"""The marks of languages in the vocabulary of a translation model: which it knows, and whose it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant import languages

_LARGEST = 64 << 20
"""Bytes of a vocabulary."""
_VOCABULARIES = ("shared_vocabulary", "source_vocabulary", "target_vocabulary")
M2M100 = r"__([a-z]{2,3})__"
NLLB = r"([a-z]{3}_[A-Z][a-z]{3})"
MADLAD = r"<2([a-z]{2,3}(?:_[A-Za-z]+)?)>"
OPUS = r">>([A-Za-z]{2,3}(?:[_-][A-Za-z_]+)?)<<"
"""Of models for several targets."""
_IN_JSON = OPUS.replace(">>", r"(?:>>|\\u003e\\u003e)").replace("<<", r"(?:<<|\\u003c\\u003c)")
_MARK = re.compile(rf"(?:^|[\"\n])(?:{M2M100}|{NLLB}|{MADLAD}|{_IN_JSON})(?=[\"\n])".encode())
"""What tells a language to a model, in the file of its vocabulary; see `model_families`."""
_NLLB, _OPUS = 1, 3
"""Their places in that."""
_FEWEST = 2
"""Marks of languages that are no accident."""


@dataclass(frozen=True, slots=True)
class Marks:
    languages: tuple[str, ...] = ()
    """Those that have names here."""
    any_to_any: bool = False
    """Between any two of them; else they are targets."""
    nllb: bool = False
    """Of NLLB-200, which is for non-commercial use alone."""


def marks(folder: Path) -> Marks:
    """Of the model in a folder; none where it is for one pair alone."""
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
    return Marks()


@lru_cache(maxsize=256)
def _marks_in(file: Path, size: int, changed: int) -> Marks:
    """Kept while the file stays as it is."""
    try:
        data = file.read_bytes() if size <= _LARGEST else b""
    except OSError:
        return Marks()
    found: list[set[str]] = [set() for _ in range(_MARK.groups)]
    for match in _MARK.finditer(data):
        found[match.lastindex - 1 if match.lastindex else 0].add(match[match.lastindex or 0].decode())
    which = max(range(len(found)), key=lambda each: len(found[each]))
    codes = {languages.plain(tag) for tag in found[which]}.intersection(languages.NAMES)
    if len(found[which]) < _FEWEST:
        return Marks()
    return Marks(tuple(sorted(codes)), which != _OPUS, which == _NLLB)

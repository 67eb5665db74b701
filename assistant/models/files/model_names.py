"""PURE: one good name for a model, from what its file says of itself or else from how the file is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_QUANTISATION = re.compile(
    r"(?<![a-z0-9])(i?q\d(?:_[0-9a-z]{1,2})*|bf16|f16|f32|fp16|mxfp4)(?![a-z0-9])", re.IGNORECASE
)
"""How a model's numbers are stored, as files are called: "Q4_K_M"."""
_PACKAGING = re.compile(
    r"(?<![a-z0-9])(gguf|ggml|awq|gptq|imatrix|hf|safetensors)(?![a-z0-9])", re.IGNORECASE
)
"""Words for how a model is packed or was made smaller, which say nothing of what it can do."""
_PART = re.compile(r"-\d{5}-of-\d{5}$")
_HASH = re.compile(r"(sha256-)?[0-9a-f]{32,}$")
_NOTHING_SAID = re.compile(
    r"(model|llama|unknown|untitled|none|checkpoint|output|final|test|tmp)?[\s\d._-]*", re.IGNORECASE
)
_SIZE = re.compile(r"(?i)(?<![a-z0-9.])(\d+x)?\d+(\.\d+)?[bm](?![a-z0-9])")
_SIZE_LABEL = re.compile(r"(\d+x)?\d+(\.\d+)?[BM]")
_LONGEST = 80


def stem(file_name: str) -> str:
    """What a model's file is called, without its ending and the number of its part."""
    return _PART.sub("", re.sub(r"\.gguf$", "", file_name, flags=re.IGNORECASE))


def is_hash(text: str) -> bool:
    """It is called by a checksum, as caches of other programs do, which tells nobody anything."""
    return bool(_HASH.fullmatch(text))


def model_name(values: Mapping[str, Any], file_name: str) -> str:
    """What people call a model: "Qwen2.5 Coder 0.5B Instruct".

    Args:
        values: the metadata of its GGUF file.
        file_name: of its first part.
    """
    told = _text(values, "general.name")
    parts = (_text(values, f"general.{key}") for key in ("basename", "size_label", "finetune"))
    for name in (told, " ".join(part for part in parts if part), stem(file_name)):
        tidy = _tidy(name)
        if "/" not in name and "\\" not in name and not _NOTHING_SAID.fullmatch(tidy) and not is_hash(name):
            size = _text(values, "general.size_label")
            said = _SIZE.search(tidy) or not _SIZE_LABEL.fullmatch(size)
            return tidy if said else f"{tidy} {size}"
    return stem(file_name)


def without_packaging(name: str) -> str:
    """Without the words that say how a model was packed or made smaller."""
    return _PACKAGING.sub(" ", _QUANTISATION.sub(" ", name))


def with_quantisation(name: str, file_name: str) -> str:
    """The name of a model of which another variant is here as well."""
    found = _QUANTISATION.search(stem(file_name))
    return f"{name} ({found[0].upper() if found else stem(file_name)})"


def _text(values: Mapping[str, Any], key: str) -> str:
    return " ".join(str(values.get(key, "")).split())[:_LONGEST]


def _tidy(name: str) -> str:
    plain = without_packaging(name)
    if " " not in name.strip():  # words that are joined as in the name of a file
        plain = re.sub(r"[-_]+", " ", plain)
        plain = " ".join(word if _mixed(word) else word.capitalize() for word in plain.split())
    plain = _SIZE.sub(lambda found: found[0].upper().replace("X", "x"), plain)
    return re.sub(r"\(\s*\)|\[\s*\]", "", " ".join(plain.split())).strip(" -_.,")


def _mixed(word: str) -> bool:
    """It is written in capitals and small letters of its own, or is a number."""
    return word != word.lower() or not word[:1].isalpha()

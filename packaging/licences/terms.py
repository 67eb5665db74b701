"""What is said of a part's licence, in metadata or a bill of materials, and whether it may travel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from typing import Any

_GPL_WORDS = re.compile(r"\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)
_SPDX = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "3-Clause BSD License": "BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
}
"""What metadata says in words, where that is not ambiguous."""

_MAY_FOLLOW = ("GCC-exception", "Bootloader-exception", "LLVM-exception", "Libtool-exception")
"""Exceptions under which a library may travel in programs under any licence."""


def told_licence(about: Message) -> str:
    """The licence in a distribution's metadata: an SPDX expression, or the words that stand there."""
    if expression := about.get("License-Expression"):
        return str(expression)
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier") or []
        if line.startswith("License :: ")
    ]
    field = str(about.get("License") or "").strip()
    # Some put the whole text there.
    short = field if "\n" not in field and len(field) < 100 else ""
    if (short and " OR " in short) or not classifiers:
        told = short or field[:100].partition("\n")[0]
        return _SPDX.get(told, told)
    names = [_SPDX.get(name, name) for name in classifiers if name != "OSI Approved"] or [short]
    return ", ".join(dict.fromkeys(names))


def told_in_bill(component: dict[str, Any]) -> list[str]:
    """The licences of a part in a CycloneDX bill of materials."""
    entries = component.get("licenses") or []
    inner = [entry.get("license") or {} for entry in entries]
    told = [
        entry.get("expression") or of.get("id") or of.get("name")
        for entry, of in zip(entries, inner, strict=True)
    ]
    return [licence for licence in told if licence]


def may_travel(licence: str) -> bool:
    """Of the licences that are offered, one is enough; of those that hold together, each must allow it."""
    words = re.split(r"(\(|\)|\bOR\b|\bAND\b)", licence)
    return _any_of(iter([word.strip() for word in words if word.strip()]))


def _any_of(words: Iterator[str]) -> bool:
    choices = [True]
    for word in words:
        if word == ")":
            break
        if word == "OR":
            choices.append(True)
        elif word != "AND":
            fine = _any_of(words) if word == "(" else _allowed(word)
            choices[-1] = choices[-1] and fine
    return any(choices)


def _allowed(name: str) -> bool:
    return not _GPL_WORDS.search(name) or any(exception in name for exception in _MAY_FOLLOW)

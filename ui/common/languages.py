"""Languages by their names."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QLocale

MANY = "mul"
"""The code that stands for many languages."""


@lru_cache(maxsize=1024)
def language_name(code: str) -> str:
    """ "German" for "de"; the code itself where nobody knows it."""
    language = QLocale.codeToLanguage(code)
    return code if language is QLocale.Language.AnyLanguage else QLocale.languageToString(language)

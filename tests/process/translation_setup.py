"""Homes with trained models of translation, and what is kept of a document that is translated in one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from assistant import paths
from assistant.services import Services
from tests.made_models.translation.library import MODELS


@contextmanager
def services(home: Path, *models: str) -> Iterator[Services]:
    """Those of a home that has these models."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.HOME_VARIABLE, str(home))
        with Services() as opened:
            opened.models.library.add([MODELS[name].folder for name in models], link=True).result()
            yield opened


def paragraphs(home: Path) -> int:
    """How many of documents are kept, read past the program."""
    file = home / "translation" / "documents.sqlite3"
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as store:
            return int(store.execute("SELECT count(*) FROM paragraphs").fetchone()[0])
    except sqlite3.Error:
        return 0

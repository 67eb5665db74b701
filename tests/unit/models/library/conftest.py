"""A library that is empty, and a model to add."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.models.library.library import Library
from tests.made_models import families


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "models"


@pytest.fixture
def library(folder: Path) -> Library:
    return Library(folder)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return families.make(tmp_path / "Tiny-1B-Q4_K_M.gguf", "llama")

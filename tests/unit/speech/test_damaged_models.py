"""Models whose files do not belong together: refused with a reason, whenever the library finds out."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from assistant.errors import ModelUnusable
from assistant.models.files import model_folders
from assistant.speech import engine
from assistant.speech.records import Decoding


class Library:
    """A model that loads and then fails, as the library does with a tokenizer of another model."""

    model = SimpleNamespace(is_multilingual=True, compute_type="int8", device="cpu")

    def transcribe(self, *_: Any, **__: Any) -> Any:
        raise ValueError("a token was not found.")

    detect_language = transcribe


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "model.bin").write_bytes(b"weights")
    found = SimpleNamespace(name="small", kind=model_folders.ModelKind.SPEECH)
    monkeypatch.setattr(model_folders, "recognise", lambda _: found)
    return tmp_path


def test_one_that_does_not_load(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_: Any) -> Library:
        raise Exception("expected a comma")  # as tokenizers does

    monkeypatch.setattr(engine, "_load", load)
    with pytest.raises(ModelUnusable, match="expected a comma"):
        engine.WhisperDecoder(folder)


def test_one_that_fails_as_it_is_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_load", lambda *_: Library())
    decoder = engine.WhisperDecoder(folder)
    samples = np.zeros(16_000, np.float32)
    for use in (
        lambda: decoder.languages(samples),
        lambda: decoder.decode(samples, Decoding("en"), "en"),
        lambda: decoder.decode_quickly(samples, "en"),
    ):
        with pytest.raises(ModelUnusable, match="small cannot be used: a token was not found"):
            use()

"""Which models stay in memory, and what is done where it is short."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.errors import Cancelled, ModelTooLarge
from assistant.translation import engine
from assistant.translation.engine import TranslationEngine
from assistant.translation.records import Layout, TranslatedParagraph
from assistant.workers.child import CallContext
from tests.made_models import random_translators as made

GB = 2**30


class Computer:
    """So much memory is free while nothing is loaded; each model takes a gigabyte of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, free: int) -> None:
        self.engine = TranslationEngine(lambda _: None)
        self.free = free
        self.loaded: list[str] = []
        self.models = [str(made.marian(folder / name)) for name in ("a", "b", "c")]
        monkeypatch.setattr(engine, "_translator", self._load)
        monkeypatch.setattr(engine, "_BESIDES_WEIGHTS", GB)
        monkeypatch.setattr(engine, "_free", lambda: self.free - GB * len(self.engine._models))

    def _load(self, folder: Any) -> object:
        self.loaded.append(folder.name)
        return object()

    def load(self, *names: str) -> list[str]:
        """Those that are there afterwards."""
        for name in names:
            self.engine.load(CallContext(), next(model for model in self.models if model.endswith(name)))
        return [Path(model).name for model in self.engine._models]


def test_both_models_of_a_pivot_stay_where_there_is_room(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    computer = Computer(monkeypatch, tmp_path, 9 * GB)
    assert computer.load("a", "b", "a", "b") == ["a", "b"]
    assert computer.loaded == ["a", "b"]
    assert computer.load("c") == ["b", "c"]


def test_one_goes_for_the_other_where_memory_is_short(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    computer = Computer(monkeypatch, tmp_path, 2 * GB)
    assert computer.load("a", "b") == ["b"]
    assert computer.load("a") == ["a"]
    assert computer.loaded == ["a", "b", "a"]


def test_one_that_does_not_fit_says_what_it_needs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    computer = Computer(monkeypatch, tmp_path, GB // 2)
    with pytest.raises(ModelTooLarge) as caught:
        computer.load("a")
    assert caught.value.details["free"] == GB // 2
    assert caught.value.details["needed"] > GB
    assert computer.loaded == []


def test_one_that_is_used_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    computer = Computer(monkeypatch, tmp_path, 9 * GB)
    with computer.engine._used(computer.models[0], CallContext().token):
        assert computer.load("b", "c") == ["a", "c"]
        computer.engine.unload(CallContext())
        assert computer.load() == ["a"]
    computer.engine.unload(CallContext())
    assert computer.load() == []


@pytest.mark.parametrize("layout", Layout)
def test_what_was_stopped_leaves_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, layout: Layout
) -> None:
    context = CallContext()
    (tmp_path / "a.txt").write_text("A dog.")
    opened = engine.open_file

    def stopped(path: Path) -> object:
        """The stop comes while the file is written."""
        file = opened(path)
        write, beside = file.write, engine.write_bilingual

        def then(*arguments: object) -> object:
            made = (beside if layout is Layout.BESIDE else write)(*arguments)  # type: ignore[arg-type]
            context.token.cancel()
            return made

        monkeypatch.setattr(engine, "write_bilingual", then)
        monkeypatch.setattr(file, "write", then)
        return file

    monkeypatch.setattr(engine, "open_file", stopped)
    translated = [TranslatedParagraph("A dog.", "Ein Hund.", "en")]
    output = tmp_path / "b.txt"
    with pytest.raises(Cancelled):
        TranslationEngine(lambda _: None).write(
            context, str(tmp_path / "a.txt"), str(output), translated, "de", layout
        )
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]

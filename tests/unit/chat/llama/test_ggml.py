"""Which library computes: the one that is linked, or the best of those in the library's own folder."""

from __future__ import annotations

import os
from ctypes import CFUNCTYPE, c_char_p, c_int, c_size_t, c_void_p
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.chat.llama.ggml import load_backends
from assistant.errors import WorkerStartFailed


class Library:
    """What `load_backends` asks for, as C functions."""

    def __init__(self, file: Path, *, linked: int = 0, for_processor: bool = True) -> None:
        self.folders: list[bytes] = []
        """That were searched."""
        self._name = str(file)

        def search(folder: bytes) -> None:
            self.folders.append(folder)

        def device(kind: int) -> int | None:
            return 4711 if kind == 0 and for_processor and (linked or self.folders) else None

        self.ggml_backend_reg_count = CFUNCTYPE(c_size_t)(lambda: linked)
        self.ggml_backend_load_all_from_path = CFUNCTYPE(None, c_char_p)(search)
        self.ggml_backend_dev_by_type = CFUNCTYPE(c_void_p, c_int)(device)


def load(library: Library) -> None:
    load_backends(SimpleNamespace(_lib=library))


def test_only_the_librarys_own_folder_is_searched(tmp_path: Path) -> None:
    library = Library(tmp_path / "Größe" / "libllama.so")
    load(library)
    assert library.folders == [os.fsencode(tmp_path / "Größe")]


def test_a_folder_is_never_the_working_directory_by_accident(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    library = Library(Path("engine", "libllama.so"))
    load(library)
    assert library.folders == [os.fsencode(tmp_path / "engine")]


def test_nothing_is_searched_where_it_is_linked(tmp_path: Path) -> None:
    library = Library(tmp_path / "libllama.so", linked=1)
    load(library)
    assert library.folders == []


def test_a_processor_that_nothing_is_for_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(WorkerStartFailed) as told:
        load(Library(tmp_path / "libllama.so", for_processor=False))
    assert "processor" in told.value.message
    assert told.value.hint

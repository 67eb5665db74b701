"""What a person's JSON file says when it cannot be used, and when it cannot be written or set aside."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from assistant import atomic_write
from assistant.chat import assistants
from assistant.error_messages import MESSAGES
from assistant.errors import DiskFull, StorageError
from assistant.json_file import JsonFile, Reasons
from assistant.speech.dictation import vocabulary
from tests.error_rules import places

BROUGHT = {
    "not_readable": {"why"},
    "damaged": {"damage", "name"},
    "damaged_not_kept": {"damage", "why"},
    "newer": {"name"},
    "newer_not_kept": {"why"},
    "not_saved": {"why"},
    "disk_full": set(),
}
"""What the file's errors bring for their sentences."""


@pytest.fixture
def file(tmp_path: Path) -> JsonFile:
    return JsonFile(tmp_path / "words.json", 2, vocabulary._REASONS)


def words(table: dict[str, Any]) -> list[str]:
    return [str(word) for word in table["words"]]


def refuse(*_: object, **__: object) -> None:
    raise OSError(errno.EACCES, "Permission denied")


@pytest.mark.parametrize("reasons", [assistants._REASONS, vocabulary._REASONS])
def test_its_sentences_name_what_its_errors_bring(reasons: Reasons) -> None:
    for name, brought in BROUGHT.items():
        assert places(MESSAGES[getattr(reasons, name)]) <= brought


def test_what_is_written_is_read(file: JsonFile) -> None:
    assert (file.read(words), file.notice) == (None, None)
    file.write({"words": ["Ada"]})
    assert (file.read(words), file.notice) == (["Ada"], None)


def test_one_that_may_not_be_read_stays_and_is_said(file: JsonFile, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write({"words": ["Ada"]})
    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_text", refuse)
        assert file.read(words) is None
    assert file.notice is not None
    assert "Permission denied" in file.notice.message
    assert file.read(words) == ["Ada"]


def test_one_that_cannot_be_set_aside_is_said(
    file: JsonFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "words.json").write_text("{")
    monkeypatch.setattr(Path, "rename", refuse)
    assert file.read(words) is None
    assert file.notice is not None
    assert "could not be renamed: Permission denied" in file.notice.message


def test_a_newer_one_that_cannot_be_copied_is_used_and_said(
    file: JsonFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    JsonFile(tmp_path / "words.json", 3, vocabulary._REASONS).write({"words": ["Ada"]})
    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert file.read(words) == ["Ada"]
    assert file.notice is not None
    assert "no copy could be kept" in file.notice.message


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, DiskFull), (errno.EACCES, StorageError)])
def test_a_disk_that_refuses_keeps_what_was(
    file: JsonFile, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[StorageError]
) -> None:
    file.write({"words": ["Ada"]})

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(atomic_write.os, "fsync", fail)
        with pytest.raises(kind) as raised:
            file.write({"words": []})
    assert type(raised.value) is kind
    assert file.read(words) == ["Ada"]

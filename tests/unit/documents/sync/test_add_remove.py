"""What the person does with documents; the whole with a real worker is in tests/process."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import MagicMock

import pytest

from assistant.documents.files.scan import Scan
from assistant.documents.records import FileSeen
from assistant.documents.sync.add_remove import DocumentManager
from assistant.errors import Cancelled
from assistant.jobs import CancelToken


def manager(parts: MagicMock) -> DocumentManager:
    parts.folder_sync.folder_of.return_value = None
    parts.store.documents.return_value = []
    parts.indexer.take_up.return_value = []
    return DocumentManager(parts.store, parts.indexer, parts.folder_sync, lambda _: None)


def names(parts: MagicMock) -> list[str]:
    wanted = ("store.add_folder", "indexer.take_up", "folder_sync.refresh")
    return [name for name, _, _ in parts.mock_calls if name in wanted]


def test_a_new_folder_is_followed_after_its_files_are_taken_up(tmp_path: Path) -> None:
    """Followed sooner, its files were taken up by both, and then said to have been there already."""
    parts = MagicMock()
    made = manager(parts)
    parts.folder_sync.scan.return_value = Scan([FileSeen(f"{tmp_path}/{at}.txt", 1, 1) for at in range(600)])
    made.add([str(tmp_path)], None, None, True, CancelToken(), lambda _: None)
    assert names(parts) == ["store.add_folder", *["indexer.take_up"] * 3, "folder_sync.refresh"]


def test_a_folder_whose_adding_was_stopped_is_followed_all_the_same(tmp_path: Path) -> None:
    parts = MagicMock()
    made = manager(parts)
    parts.folder_sync.scan.side_effect = Cancelled()
    with pytest.raises(Cancelled):
        made.add([str(tmp_path)], None, None, True, CancelToken(), lambda _: None)
    assert names(parts) == ["store.add_folder", "folder_sync.refresh"]

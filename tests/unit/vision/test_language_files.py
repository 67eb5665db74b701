from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.vision import language_files
from assistant.vision.language_files import LanguageFiles


@pytest.fixture
def files(tmp_path: Path) -> LanguageFiles:
    for folder, name in (("builtin", "eng"), ("brought", "deu")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.traineddata").write_bytes(b"")
    return LanguageFiles([str(tmp_path / "brought")], tmp_path / "builtin")


def names(folder: Path) -> list[str]:
    return sorted(each.stem for each in folder.iterdir())


def test_pages_that_are_read_at_once_share_a_folder(
    files: LanguageFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(source: Path, target: Path) -> None:
        time.sleep(0.05)
        shutil.copyfile(source, target)

    monkeypatch.setattr(language_files, "_place", slowly)
    with ThreadPoolExecutor(2) as pool:
        one, other = (each.result(10) for each in [pool.submit(files.folder), pool.submit(files.folder)])
    assert one == other
    assert names(one) == ["deu", "eng"]
    files.close()
    assert not one.exists()


def test_what_is_brought_meanwhile_takes_no_file_from_a_page_in_hand(
    files: LanguageFiles, tmp_path: Path
) -> None:
    before = files.folder()
    (tmp_path / "brought" / "fra.traineddata").write_bytes(b"")
    assert names(files.folder()) == ["deu", "eng", "fra"]
    assert names(before) == ["deu", "eng"]
    files.close()
    assert not before.exists()

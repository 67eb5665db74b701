"""The settings file: what is kept, what is passed over, and that no file keeps the program from starting."""

from __future__ import annotations

import errno
import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant import settings
from assistant.errors import DiskFull, StorageError
from assistant.settings import Settings, ThemeChoice, load, save


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_without_a_file_the_defaults_are_used_and_nothing_is_said(path: Path) -> None:
    assert load(path) == settings.LoadedSettings(Settings())
    assert not path.exists()


def test_what_is_saved_is_loaded(path: Path) -> None:
    chosen = Settings()
    chosen.appearance.theme = ThemeChoice.DARK
    chosen.documents.results = 20
    chosen.documents.watch_folders = False
    save(chosen, path)
    assert load(path) == settings.LoadedSettings(chosen)
    assert tomllib.loads(path.read_text())["version"] == 1
    assert list(path.parent.iterdir()) == [path]


def test_two_settings_objects_share_nothing() -> None:
    Settings().appearance.theme = ThemeChoice.DARK
    assert Settings().appearance.theme is ThemeChoice.SYSTEM


def test_assigning_checks_the_bounds() -> None:
    chosen = Settings()
    with pytest.raises(ValidationError):
        chosen.documents.results = 0
    assert chosen.documents.results == 8


def test_every_setting_has_a_title_and_a_description() -> None:
    for group in Settings.model_fields.values():
        assert group.title
        assert isinstance(group.annotation, type)
        assert issubclass(group.annotation, settings.BaseModel)
        for field in group.annotation.model_fields.values():
            assert field.title
            assert field.description


def test_a_value_out_of_bounds_costs_only_itself(path: Path) -> None:
    path.write_text('[appearance]\ntheme = "dark"\n[documents]\nresults = 9000\nresluts = 5\n')
    loaded = load(path)
    assert loaded.settings.appearance.theme is ThemeChoice.DARK
    assert loaded.settings.documents.results == 8
    assert len(loaded.notices) == 2
    said = [notice.message for notice in loaded.notices]
    assert any("documents.results" in each and "100" in each for each in said)
    assert any("documents.resluts" in each and "no such setting" in each for each in said)


def test_a_group_that_is_no_table_costs_only_itself(path: Path) -> None:
    path.write_text('documents = "yes"\n[appearance]\ntheme = "light"\n')
    loaded = load(path)
    assert loaded.settings.appearance.theme is ThemeChoice.LIGHT
    assert "documents" in loaded.notices[0].message


@pytest.mark.parametrize("content", [b"theme = = dark", b"\xff\xfe\x00", b"\x00", b"a=1\na=2"])
def test_a_damaged_file_is_put_aside_each_time(path: Path, content: bytes) -> None:
    for number in (1, 2):
        path.write_bytes(content)
        loaded = load(path)
        assert loaded.settings == Settings()
        kept = path.with_name(f"settings.toml.broken-{number}")
        assert kept.read_bytes() == content
        assert kept.name in loaded.notices[0].message
        assert not path.exists()


def test_a_file_from_a_windows_editor_is_read(path: Path) -> None:
    path.write_bytes(b'\xef\xbb\xbf[appearance]\r\ntheme = "dark"\r\n')
    assert load(path).settings.appearance.theme is ThemeChoice.DARK


def test_a_folder_in_place_of_the_file_is_told(path: Path) -> None:
    path.mkdir()
    loaded = load(path)
    assert loaded.settings == Settings()
    assert "cannot be read" in loaded.notices[0].message


@given(st.binary(max_size=300))
def test_no_bytes_keep_the_program_from_starting(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    path.write_bytes(content)
    load(path)


tables = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["dark", "", "x"]) | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["theme", "results", "x"]), inner),
)


@given(st.dictionaries(st.sampled_from(["appearance", "documents", "version", "other"]), tables))
def test_no_table_keeps_the_program_from_starting(table: dict[str, object]) -> None:
    assert settings._checked(table, []) is not None


# --- versions ----------------------------------------------------------------------------------------------


def colour_became_theme(table: settings.Table) -> settings.Table:
    theme = table.pop("colour")
    return {"appearance": {"theme": theme}, **table}


def results_were_pages(table: settings.Table) -> settings.Table:
    pages = table.pop("pages")
    return {**table, "documents": {"results": pages * 10}}


def test_an_old_file_is_migrated_step_by_step_and_kept(path: Path) -> None:
    old = 'version = 1\ncolour = "dark"\npages = 3\n'
    path.write_text(old)
    steps = (colour_became_theme, results_were_pages)
    loaded = load(path, steps)
    assert loaded.notices == ()
    assert loaded.settings.appearance.theme is ThemeChoice.DARK
    assert loaded.settings.documents.results == 30
    assert path.with_name("settings.toml.v1").read_text() == old
    save(loaded.settings, path, steps)
    assert tomllib.loads(path.read_text())["version"] == 3
    assert load(path, steps) == loaded


def test_a_migration_starts_at_the_files_own_version(path: Path) -> None:
    path.write_text('version = 2\npages = 2\n[appearance]\ntheme = "light"\n')
    loaded = load(path, (colour_became_theme, results_were_pages))
    assert loaded.settings.documents.results == 20
    assert loaded.settings.appearance.theme is ThemeChoice.LIGHT


def test_an_old_file_that_cannot_be_migrated_is_kept_and_told(path: Path) -> None:
    path.write_text("version = 2\n")
    loaded = load(path, (colour_became_theme, results_were_pages))
    assert loaded.settings == Settings()
    assert "settings.toml.v2" in loaded.notices[0].message
    assert path.with_name("settings.toml.v2").is_file()


def test_a_file_of_a_newer_version_is_kept_and_used_as_far_as_it_goes(path: Path) -> None:
    newer = 'version = 7\n[appearance]\ntheme = "dark"\nborder = 3\n'
    path.write_text(newer)
    loaded = load(path)
    assert loaded.settings.appearance.theme is ThemeChoice.DARK
    assert "newer version" in loaded.notices[0].message
    save(loaded.settings, path)
    assert path.with_name("settings.toml.v7").read_text() == newer


@pytest.mark.parametrize("version", ["0", "-1", "true", '"two"', "1.5"])
def test_a_version_that_never_was_is_told(path: Path, version: str) -> None:
    path.write_text(f'version = {version}\n[appearance]\ntheme = "dark"\n')
    loaded = load(path)
    assert "unknown version" in loaded.notices[0].message
    assert loaded.settings.appearance.theme is ThemeChoice.DARK


# --- writing -----------------------------------------------------------------------------------------------


def test_a_link_stays_a_link(tmp_path: Path, path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.toml"
    path.symlink_to(elsewhere)
    save(Settings(), path)
    assert path.is_symlink()
    assert elsewhere.is_file()


def test_a_full_disk_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(Settings(), path)
    before = path.read_bytes()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    chosen = Settings()
    chosen.appearance.theme = ThemeChoice.DARK
    with pytest.raises(DiskFull):
        save(chosen, path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="could not be saved"):
        save(Settings(), tmp_path / "file" / "settings.toml")


def test_what_is_left_to_the_program_is_not_written(path: Path) -> None:
    chosen = Settings()
    chosen.chat.temperature = 0.0
    save(chosen, path)
    assert "\ncontext" not in path.read_text()
    assert load(path) == settings.LoadedSettings(chosen)

"""Who may forbid downloads, what a person is offered, and which hosts there are."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant import paths, settings
from assistant.models.catalog.records import ModelFile
from assistant.models.download import bootstrap, client, partial_file
from assistant.models.download.allowed_hosts import HOSTS
from assistant.models.download.client import Courier
from tests.made_models.records import entry


@pytest.fixture(autouse=True)
def _nobody_forbids(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(bootstrap.VARIABLE, raising=False)
    monkeypatch.setattr(bootstrap, "policy_file", lambda: tmp_path / "policy.toml")


def why() -> str:
    problem = client.state().problem
    return problem.message if problem else ""


def who() -> str:
    forbidden = bootstrap.forbidden()
    return forbidden[0] if forbidden else ""


# --- off -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "by"),
    [("1", "environment"), ("yes", "environment"), ("", ""), ("0", ""), ("False", ""), (" no ", "")],
)
def test_off_by_the_environment(monkeypatch: pytest.MonkeyPatch, value: str, by: str) -> None:
    monkeypatch.setenv(bootstrap.VARIABLE, value)
    assert who() == by


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("[downloads]\nallowed = false", "administrator"),
        ('[downloads]\nallowed = "yes"', "administrator"),
        ("downloads = false", "administrator"),
        ("this is no TOML", "administrator"),
        (b"\xff\xfe\xff", "administrator"),
        ("[downloads]\nallowed = true", ""),
        ("[other]\nthing = 1", ""),
        ("", ""),
    ],
)
def test_off_by_the_administrator(tmp_path: Path, text: str | bytes, by: str) -> None:
    (tmp_path / "policy.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    assert who() == by
    assert client.state().allowed is not bool(by)
    if by:
        assert str(tmp_path / "policy.toml") in why()


def test_off_by_a_policy_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").mkdir()
    assert "cannot be read" in why()


def test_off_by_the_settings_as_they_are_saved() -> None:
    chosen = settings.Settings()
    settings.save(chosen, paths.settings_file())
    assert client.state() == client.DownloadsState(True)
    chosen.downloads.allowed = False
    settings.save(chosen, paths.settings_file())
    state = client.state()
    assert (state.allowed, state.by) == (False, "settings")
    assert "in the settings" in why()


def test_the_administrator_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(bootstrap.VARIABLE, "1")
    (tmp_path / "policy.toml").write_text("[downloads]\nallowed = false")
    assert who() == "administrator"


def test_the_policy_lies_where_only_an_administrator_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    places = {"linux": "/etc/offline-assistant/policy.toml"}
    places["darwin"] = "/Library/Application Support/offline-assistant/policy.toml"
    for platform, place in places.items():
        monkeypatch.setattr("sys.platform", platform)
        assert bootstrap.policy_file() == Path(place)


# --- what is offered -----------------------------------------------------------------------------------


def test_an_offer_counts_what_is_here_already(tmp_path: Path) -> None:
    address = "https://huggingface.co/maker/small/resolve/main/"
    files = [ModelFile(name, address + name, 1000) for name in ("a.bin", "b.bin", "c.bin")]
    (tmp_path / partial_file.FOLDER).mkdir()
    (tmp_path / "a.bin").write_bytes(bytes(1000))
    (tmp_path / partial_file.FOLDER / "b.bin.part").write_bytes(bytes(400))
    offer = Courier(tmp_path / "hashes.json").offer(entry(*files), tmp_path)
    assert (offer.host, offer.size) == ("huggingface.co", 1600)
    assert offer.disk_free > 0
    assert offer.problem is not None  # no courier was started for tests
    assert (offer.problem.code, "Restart the program" in offer.problem.hint) == ("downloads-off", True)


def test_an_entry_without_addresses_says_where_to_look(tmp_path: Path) -> None:
    problem = Courier(tmp_path / "hashes.json").offer(entry(), tmp_path).problem
    assert problem is not None
    assert "https://huggingface.co/maker/small" in problem.hint


# --- where from ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://huggingface.co/a/b", True),
        ("https://HuggingFace.co:443/a", True),
        ("https://cas-bridge.xethub.hf.co/x?Signature=1", True),
        ("https://cdn-lfs-us-1.hf.co/x", True),
        ("https://cdn-lfs.huggingface.co/x", True),
        ("https://github.com/a/b/releases/download/v1/c", True),
        ("https://release-assets.githubusercontent.com/x", True),
        ("https://argos-net.com/v1/translate-en_de-1_0.argosmodel", True),
        ("http://huggingface.co/a", False),
        ("https://huggingface.co:444/a", False),
        ("https://evilhuggingface.co/a", False),
        ("https://hf.co.example.org/a", False),
        ("https://user@huggingface.co/a", False),
        ("https://raw.githubusercontent.com/a", False),
        ("http://127.0.0.1/a", False),
        ("https:///a", False),
    ],
)
def test_the_list_of_hosts(address: str, allowed: bool) -> None:
    assert HOSTS.allow(urlsplit(address)) is allowed

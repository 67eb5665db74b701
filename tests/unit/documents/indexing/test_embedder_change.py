"""What holds a change up, what ends it, and what comes between; the whole way is a test of processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant import hardware
from assistant.documents.embedder_records import EmbedderState, EmbedderStep
from assistant.documents.embedders.converted_embedders import ConvertedEmbedders
from assistant.documents.embedders.embedder_folder import BUILTIN_ID, FILES, EmbedderManifest, seal
from assistant.documents.embedders.embedder_sources import EmbedderSource
from assistant.documents.indexing import embedder_change, embedder_preparation
from assistant.documents.indexing.embedder_change import EmbedderChanger
from assistant.documents.indexing.pause_gate import PauseGate
from assistant.documents.store.store import Store
from assistant.errors import Cancelled, DiskFull, StorageError, UserInputError
from assistant.jobs import CancelToken
from assistant.models.library.library import Library
from tests.made_models import converted as tiny
from tests.unit.documents.store_samples import add_document, part, vector_of

BUILTIN = "all-MiniLM-L6-v2"
ROOM = 10**12


class Embedder:
    def __init__(self, name: str) -> None:
        self.name = name

    def embed(self, texts: Sequence[str], token: CancelToken | None = None) -> Any:
        return np.stack([vector_of(f"{self.name} {text}") for text in texts])


class Setup:
    """A changer with a real store; models, index and indexing are as simple as can be."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = Store(folder / "documents")
        self.searching = Embedder(BUILTIN)
        self.gate = PauseGate(lambda: None)
        self.store_lock = threading.RLock()
        self.speed = 30.0
        self.memory = ROOM
        self.converted = ConvertedEmbedders(folder / "embedders")
        self.conversions: list[CancelToken] = []
        self.convert: Callable[[EmbedderSource, Path, CancelToken], Path] = self.convert_well
        Library(folder / "library").add([tiny.embedder(folder / "other")], link=True).result(60)
        monkeypatch.setattr(embedder_change, "_QUIET_S", 0.0)
        monkeypatch.setattr(embedder_change, "_AGAIN_S", 0.05)
        monkeypatch.setattr(embedder_preparation, "builtin_embedder", lambda: Embedder(BUILTIN))
        monkeypatch.setattr(embedder_preparation, "Embedder", lambda place: Embedder(place.name))
        monkeypatch.setattr(embedder_preparation, "make_embedder", lambda *what: self.convert(*what))
        monkeypatch.setattr(hardware, "memory", lambda: (ROOM, self.memory))
        self.loading = False
        self.changer = EmbedderChanger(
            self.store,
            self,
            self,
            folder / "library",
            self.converted,
            lambda: None,  # type: ignore[arg-type]
        )

    # As the loader and the indexer are seen from the changer.

    @property
    def embedder(self) -> Embedder:
        return self.searching

    @property
    def done(self) -> bool:
        return not self.loading

    def get(self, token: CancelToken | None = None) -> Setup:
        return self

    def exchange(self, embedder: Embedder, commit: Callable[[], bool]) -> bool:
        if commit():
            self.searching = embedder
            return True
        return False

    def synchronise(self) -> None:
        pass

    def pending(self) -> bool:
        return False

    # What tests do.

    def convert_well(self, source: EmbedderSource, folder: Path, token: CancelToken) -> Path:
        self.conversions.append(token)
        made = folder / f"{source.id}-01234567"
        made.mkdir(parents=True)
        for name in FILES:
            (made / name).write_text("")
        about = ("mean", "", "", "int8", "", {}, source.id, source.title, ("mul",), source.added)
        seal(made, EmbedderManifest(made.name, 384, 256, *about))  # type: ignore[arg-type]
        return made

    def until(self, what: Callable[[], Any]) -> None:
        deadline = time.monotonic() + 20
        while not what():
            assert time.monotonic() < deadline, self.changer.status()
            time.sleep(0.01)

    def held(self) -> str | None:
        change = self.changer.status().change
        return change.held.message if change is not None and change.held is not None else None

    def close(self) -> None:
        self.gate.close()
        self.changer.close(5)
        self.store.close()


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Setup]:
    setup = Setup(tmp_path, monkeypatch)
    document = setup.store.register([])  # nothing yet
    assert document == []
    add_document(setup.store, "/a", *(part(number, f"text {number}") for number in range(1, 60)))
    for row in setup.store._all("SELECT id FROM embeddings"):
        with setup.store._writing() as connection:
            connection.execute("UPDATE embeddings SET model = ? WHERE id = ?", (BUILTIN, *row))
    yield setup
    setup.close()


def test_from_one_to_the_other_and_back(setup: Setup) -> None:
    setup.changer.start()
    began = setup.changer.use("other")
    assert (began.id, began.change is not None and began.change.id) == (BUILTIN_ID, "other")
    setup.until(lambda: setup.changer.status().id == "other" and setup.changer.status().change is None)
    assert setup.searching.name == "other-01234567"
    setup.until(lambda: setup.store.figures()["embeddings"] == 59)  # the old ones are forgotten
    states = {choice.id: choice.state for choice in setup.changer.choices()}
    assert (states["other"], states[BUILTIN_ID]) == (EmbedderState.ACTIVE, EmbedderState.READY)
    setup.changer.use(BUILTIN_ID)
    setup.until(lambda: setup.changer.status().id == BUILTIN_ID)
    setup.changer.use("other")
    setup.until(lambda: setup.changer.status().id == "other")
    assert len(setup.conversions) == 1  # it was still there


def test_a_wish_while_the_first_model_is_still_loaded_comes_true(setup: Setup) -> None:
    setup.loading = True
    setup.changer.start()
    setup.changer.use("other")
    time.sleep(0.3)
    assert setup.changer.status().id == BUILTIN_ID
    setup.loading = False
    setup.until(lambda: setup.changer.status().id == "other")


def test_what_cannot_be_chosen(setup: Setup) -> None:
    with pytest.raises(UserInputError, match="no search model"):
        setup.changer.use("none")
    with pytest.raises(UserInputError, match="not on this computer"):
        setup.changer.use("multilingual-e5-small")


@pytest.mark.allow_log("stands still")
def test_too_little_memory_is_said_in_numbers_and_waited_for(setup: Setup) -> None:
    setup.memory = 50_000_000
    setup.changer.start()
    setup.changer.use("other")
    setup.until(setup.held)
    assert setup.held() == (
        "There is not enough memory for “other”: it needs 734 MB, and only 50 MB is free."
    )
    assert setup.conversions == []
    setup.memory = 2_000_000_000
    setup.until(lambda: setup.changer.status().id == "other")
    assert setup.held() is None


@pytest.mark.allow_log("stands still")
def test_a_full_disk_is_said_and_waited_for(setup: Setup) -> None:
    def full(*_: Any) -> Path:
        raise DiskFull("sentence-model-disk-full")

    setup.convert = full
    setup.changer.start()
    setup.changer.use("other")
    setup.until(setup.held)
    assert "not enough space on the disk" in (setup.held() or "")
    setup.convert = setup.convert_well
    setup.until(lambda: setup.changer.status().id == "other")


@pytest.mark.allow_log("cannot search documents")
def test_what_cannot_be_converted_ends_the_change_with_a_reason(setup: Setup) -> None:
    def fails(*_: Any) -> Path:
        raise StorageError("embedder-pooling-unknown", name="other", pooling="max")

    setup.convert = fails
    setup.changer.start()
    setup.changer.use("other")
    setup.until(lambda: setup.changer.status().change is None)
    status = setup.changer.status()
    assert status.id == BUILTIN_ID
    assert status.notice is not None
    assert "pooling" in status.notice.message
    assert setup.store.next_embedder() is None


@pytest.mark.allow_log("it is tried again")
def test_whatever_fails_is_tried_again(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = True
    lacking = setup.store.lacking

    def sometimes(*arguments: Any) -> Any:
        if failing:
            raise RuntimeError("on purpose")
        return lacking(*arguments)

    monkeypatch.setattr(setup.store, "lacking", sometimes)
    setup.changer.start()
    setup.changer.use("other")
    setup.until(setup.held)
    assert "on purpose" in (setup.held() or "")
    failing = False
    setup.until(lambda: setup.changer.status().id == "other")


def test_another_wish_ends_the_conversion(setup: Setup) -> None:
    def endless(source: EmbedderSource, folder: Path, token: CancelToken) -> Path:
        setup.conversions.append(token)
        assert token.wait(20)
        raise Cancelled

    setup.convert = endless
    setup.changer.start()
    setup.changer.use("other")
    setup.until(lambda: setup.conversions)
    change = setup.changer.status().change
    assert change is not None
    assert change.step is EmbedderStep.CONVERTING
    assert setup.changer.use("other").change is not None  # the same wish changes nothing
    assert not setup.conversions[0].cancelled
    assert setup.changer.use(BUILTIN_ID).change is None
    setup.until(lambda: setup.conversions[0].cancelled)
    assert setup.store.next_embedder() is None


def test_what_keeps_crashing_is_given_up(setup: Setup) -> None:
    setup.changer.use("other")
    setup.changer.give_up("another", "It crashed.")
    assert setup.changer.status().change is not None
    setup.changer.give_up("other", "It crashed.")
    status = setup.changer.status()
    assert (status.id, status.change) == (BUILTIN_ID, None)
    assert status.notice is not None
    assert status.notice.reason == "embedder-keeps-crashing"


def test_documents_that_come_in_the_moment_of_the_exchange_are_taken_along(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = setup.store.exchange
    late: list[int] = []

    def once(embedder: Any) -> bool:
        if not late:
            late.append(add_document(setup.store, "/late", part(1, "late text")))
        return exchange(embedder)

    monkeypatch.setattr(setup.store, "exchange", once)
    setup.changer.start()
    setup.changer.use("other")
    setup.until(lambda: setup.changer.status().id == "other")
    assert setup.store.lacking_count("other-01234567") == 0
    assert not setup.store.points_elsewhere("other-01234567")


def test_a_change_goes_on_with_the_next_start(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    setup.changer.use("other")
    assert setup.conversions == []  # it was not started
    again = EmbedderChanger(
        setup.store,
        setup,
        setup,
        setup.changer._library,
        setup.converted,
        lambda: None,  # type: ignore[arg-type]
    )
    change = again.status().change
    assert change is not None
    assert change.id == "other"
    again.start()
    setup.until(lambda: again.status().id == "other" and again.status().change is None)
    again.close(5)

"""The vector index on a real Chroma: kept equal to the store, mended, and searched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.documents.search import vector_index as vectors_module
from assistant.documents.search.vector_index import Synchronised, VectorIndex
from assistant.documents.store.store import Store
from assistant.errors import Cancelled
from assistant.jobs import CancelToken
from tests.unit.documents.store_samples import DIMENSION, MODEL, add_document, part, vector_of

Open = Callable[[], VectorIndex]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vectors"


@pytest.fixture
def open_vectors(folder: Path) -> Iterator[Open]:
    opened: list[VectorIndex] = []

    def open_one() -> VectorIndex:
        opened.append(VectorIndex(folder, DIMENSION, MODEL))
        return opened[-1]

    yield open_one
    for vectors in opened:
        vectors.close()


@pytest.fixture
def full_store(store: Store) -> Store:
    add_document(store, "/a", *(part(number, f"alpha {number}", f"beta {number}") for number in range(1, 21)))
    add_document(store, "/b", part(1, "gamma"), collection="Other")
    return store


def synchronise(vectors: VectorIndex, store: Store, token: CancelToken | None = None) -> Synchronised:
    """As for a store that is large enough for an index on disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors_module, "_EXACT_UP_TO", 0)
        return vectors.synchronise(store, token)


def on_disk(vectors: VectorIndex, monkeypatch: pytest.MonkeyPatch, text: str) -> list[tuple[int, float]]:
    with monkeypatch.context() as patch:
        patch.setattr(vectors_module, "_EXACT_UP_TO", 0)
        return vectors.search(vector_of(text), 3)


def held_on_disk(vectors: VectorIndex) -> int | None:
    """How many chunks Chroma holds, without what is pending; None when it is not in use."""
    return None if vectors._collection is None else int(vectors._collection.count())


class BetweenBatches(CancelToken):
    """Does something each time that it is looked at, told how often it was before."""

    def __init__(self, action: Callable[[int], None]) -> None:
        super().__init__()
        self.looks = 0
        self._action = action

    def raise_if_cancelled(self) -> None:
        self._action(self.looks)
        self.looks += 1
        super().raise_if_cancelled()


def test_it_is_built_from_the_store_and_then_left_alone(
    full_store: Store, open_vectors: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = open_vectors()
    done = synchronise(vectors, full_store)
    assert (done.added, done.deleted, done.rebuilt) == (41, 0, True)
    assert vectors.count() == held_on_disk(vectors) == 41
    for found in (vectors.search(vector_of("beta 7"), 3), on_disk(vectors, monkeypatch, "beta 7")):
        assert found[0] == (14, pytest.approx(1.0, abs=1e-3))
    vectors.close()

    again = open_vectors()
    done = synchronise(again, full_store)
    assert (done.added, done.deleted, done.rebuilt) == (0, 0, False)
    assert on_disk(again, monkeypatch, "beta 7")[0][0] == 14


def test_a_small_store_does_without_the_disk(full_store: Store, folder: Path, open_vectors: Open) -> None:
    grown = open_vectors()
    synchronise(grown, full_store)
    grown.close()
    assert folder.exists()

    vectors = open_vectors()
    assert vectors.synchronise(full_store) == Synchronised(0, 0, False)
    document = add_document(full_store, "/c", part(1, "delta"))
    ids, documents, matrix = full_store.vectors([42], MODEL)
    vectors.add(ids, matrix, documents)
    vectors.delete([1])
    assert vectors.count() == 41
    assert vectors.search(vector_of("delta"), 1, [document])[0][0] == 42
    assert held_on_disk(vectors) is None
    vectors.close()
    assert not folder.exists()


def test_what_is_added_is_found_at_once_and_reaches_the_disk(
    full_store: Store, open_vectors: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = open_vectors()
    synchronise(vectors, full_store)
    document = add_document(full_store, "/c", part(1, "delta"))
    ids, documents, matrix = full_store.vectors([42], MODEL)
    vectors.add(ids, matrix, documents)
    assert vectors.search(vector_of("delta"), 1)[0][0] == 42
    assert vectors.search(vector_of("delta"), 1, [document])[0][0] == 42
    assert held_on_disk(vectors) == 41
    vectors.flush()
    assert held_on_disk(vectors) == 42
    vectors.delete([42, 1])
    assert vectors.count() == held_on_disk(vectors) == 40
    assert vectors.search(vector_of("delta"), 50)[0][0] != 42
    assert on_disk(vectors, monkeypatch, "alpha 1")[0][0] != 1


def test_what_the_store_got_during_the_start_is_not_held_twice(full_store: Store, open_vectors: Open) -> None:
    vectors = open_vectors()
    add_document(full_store, "/c", part(1, "delta"))
    late = full_store.vectors([42], MODEL)
    synchronise(vectors, full_store)  # an indexer stored it, and adds it only now
    vectors.add(late[0], late[2], late[1])
    vectors.flush()
    assert vectors.count() == held_on_disk(vectors) == 42
    assert [row for row, _ in vectors.search(vector_of("delta"), 2)].count(42) == 1


def test_adding_and_deleting_go_on_while_it_is_built(
    full_store: Store, open_vectors: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors_module, "_BATCH", 10)
    vectors = open_vectors()

    def meanwhile(batches: int) -> None:
        if batches == 1:
            full_store.remove([2])
            vectors.delete(full_store.purge().chunks)  # chunk 41, which is still to be written
            add_document(full_store, "/c", part(1, "delta"))
            ids, documents, matrix = full_store.vectors([42], MODEL)
            vectors.add(ids, matrix, documents)

    synchronise(vectors, full_store, BetweenBatches(meanwhile))
    vectors.flush()
    assert vectors.count() == held_on_disk(vectors) == 41
    assert on_disk(vectors, monkeypatch, "delta")[0][0] == 42
    assert on_disk(vectors, monkeypatch, "gamma")[0][0] != 41


def test_closing_writes_what_is_pending(full_store: Store, open_vectors: Open) -> None:
    vectors = open_vectors()
    synchronise(vectors, full_store)
    add_document(full_store, "/c", part(1, "delta"))
    ids, documents, matrix = full_store.vectors([42], MODEL)
    vectors.add(ids, matrix, documents)
    vectors.close()
    assert synchronise(open_vectors(), full_store).added == 0


def test_differences_are_mended_at_start(full_store: Store, open_vectors: Open) -> None:
    vectors = open_vectors()
    synchronise(vectors, full_store)
    vectors.close()
    full_store.remove([2])
    full_store.purge()
    add_document(full_store, "/c", part(1, "delta", "epsilon"))
    vectors = open_vectors()
    done = synchronise(vectors, full_store)
    assert (done.added, done.deleted, done.rebuilt) == (2, 1, False)
    assert vectors.count() == held_on_disk(vectors) == 42


def test_restricted_to_documents(full_store: Store, open_vectors: Open) -> None:
    vectors = open_vectors()
    synchronise(vectors, full_store)
    assert [row for row, _ in vectors.search(vector_of("alpha 1"), 5, [2])] == [41]
    assert vectors.search(vector_of("alpha 1"), 5, []) == []


def damage_index(folder: Path) -> None:
    for file in folder.rglob("*.bin"):
        file.write_bytes(b"\x07garbage" * 10)


def damage_tables(folder: Path) -> None:
    for file in folder.rglob("chroma.sqlite3*"):
        file.write_bytes(b"no database" * 1000)


def empty_tables(folder: Path) -> None:
    for file in folder.rglob("chroma.sqlite3*"):
        file.write_bytes(b"")


def delete_index(folder: Path) -> None:
    for file in folder.rglob("*.bin"):
        file.unlink()


def leave_mark(folder: Path) -> None:
    (folder / "opening").touch()


@pytest.mark.allow_log("vector index")
@pytest.mark.parametrize("damage", [damage_index, damage_tables, empty_tables, delete_index, leave_mark])
def test_a_broken_index_is_built_again(
    full_store: Store,
    open_vectors: Open,
    folder: Path,
    damage: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors = open_vectors()
    synchronise(vectors, full_store)
    vectors.close()
    damage(folder)
    vectors = open_vectors()
    synchronise(vectors, full_store)
    assert vectors.count() == held_on_disk(vectors) == 41
    assert on_disk(vectors, monkeypatch, "beta 7")[0] == (14, pytest.approx(1.0, abs=1e-3))


@pytest.mark.allow_log("vector index")
def test_an_index_of_another_model_is_built_again(
    full_store: Store, folder: Path, open_vectors: Open
) -> None:
    other = VectorIndex(folder, 3, "another model")
    synchronise(other, full_store)
    other.close()
    vectors = open_vectors()
    assert synchronise(vectors, full_store).rebuilt is True
    assert held_on_disk(vectors) == 41
    assert len(list(folder.glob("generation-*"))) == 1


@pytest.mark.allow_log("vector index")
def test_without_a_disk_it_still_searches(full_store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    vectors = VectorIndex(tmp_path / "file", DIMENSION, MODEL)
    synchronise(vectors, full_store)
    assert held_on_disk(vectors) is None
    assert vectors.search(vector_of("beta 7"), 1)[0][0] == 14
    vectors.close()


@pytest.mark.allow_log("vector index")
def test_a_disk_that_fails_later_loses_nothing(
    full_store: Store, open_vectors: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = open_vectors()
    synchronise(vectors, full_store)
    vectors._client.delete_collection("chunks")  # as if the files were taken away
    add_document(full_store, "/c", part(1, "delta"))
    ids, documents, matrix = full_store.vectors([42], MODEL)
    vectors.add(ids, matrix, documents)
    vectors.flush()
    assert on_disk(vectors, monkeypatch, "delta")[0][0] == 42
    vectors.close()
    again = open_vectors()
    synchronise(again, full_store)
    assert held_on_disk(again) == 42


def test_building_can_be_stopped_between_batches(
    full_store: Store, open_vectors: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors_module, "_BATCH", 10)
    vectors = open_vectors()

    def stop(batches: int) -> None:
        if batches == 3:
            token.cancel()

    token = BetweenBatches(stop)
    with pytest.raises(Cancelled):
        synchronise(vectors, full_store, token)
    assert token.looks == 4
    assert vectors.count() == 41  # searching is complete already
    assert synchronise(vectors, full_store).added == 11
    assert held_on_disk(vectors) == 41


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_after_a_kill_it_is_made_whole(full_store: Store, folder: Path, open_vectors: Open) -> None:
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from assistant.documents.search import vector_index as module
        from assistant.documents.store.store import Store
        from tests.unit.documents.search.test_vector_index import BetweenBatches
        from tests.unit.documents.store_samples import DIMENSION, MODEL

        module._BATCH = 5
        module._EXACT_UP_TO = 0
        def stop(batches):
            if batches == 5:
                os.kill(os.getpid(), signal.SIGKILL)
        store = Store(Path(sys.argv[1]))
        vectors = module.VectorIndex(Path(sys.argv[2]), DIMENSION, MODEL)
        vectors.synchronise(store, BetweenBatches(stop))
        """
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(full_store.file.parent), str(folder)], check=False
    )
    assert ended.returncode == -signal.SIGKILL
    vectors = open_vectors()
    done = synchronise(vectors, full_store)
    assert done.rebuilt is False
    assert vectors.count() == held_on_disk(vectors) == 41

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant import paths
from assistant.bundle_contents import BundleContents, put_documents_in_place
from assistant.chat.assistants import Assistants
from assistant.chat.history.history import History
from assistant.chat.history.records import StoredPicture
from assistant.chat.records import Role
from assistant.documents.embedders.embedder_folder import FILES, MANIFEST
from assistant.documents.records import HANDBOOK_COLLECTION, FileSeen
from assistant.documents.store.embedders import KnownEmbedder
from assistant.documents.store.store import Store
from assistant.errors import Cancelled, DamagedStore, UserInputError
from assistant.models.library.library import Library
from assistant.models.library.records import BundleSummary, Extras


class Computer:
    """A home with what belongs to it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = folder
        folder.mkdir()
        monkeypatch.setenv(paths.HOME_VARIABLE, str(folder))
        self.history = History(paths.history_file())
        self.assistants = Assistants(paths.assistants_file(), paths.resources() / "assistants.json")
        self.library = Library(paths.models_folder())
        self.contents = BundleContents(folder, lambda: self.history, self.assistants, self._adopt)
        self._monkeypatch = monkeypatch

    def write(self, stick: Path, extras: Extras) -> BundleSummary:
        self._monkeypatch.setenv(paths.HOME_VARIABLE, str(self.home))
        return self.library.export_to(stick, extras=self.contents.extras(extras)).result(60)

    def take(self, stick: Path) -> BundleSummary:
        self._monkeypatch.setenv(paths.HOME_VARIABLE, str(self.home))
        return self.library.import_from(stick, self.contents.import_extra).result(60)

    def _adopt(self, folder: Path) -> dict[str, str]:
        """Each picture is made anew, as it is in truth."""
        return {
            each.name: self.history.pictures.keep(each.read_bytes() + b" anew", each.suffix)
            for each in folder.glob("*")
        }

    def store(self) -> Store:
        return Store(self.home / "documents")

    def add_documents(self, *names: str, collection: str = "Notes") -> None:
        with closing(self.store()) as store:
            store.register([FileSeen(name, 1, 1) for name in names], collection, None)

    def documents(self) -> list[str]:
        with closing(self.store()) as store:
            return sorted(row.path for row in store.documents())

    def titles(self) -> list[str]:
        return sorted(each.title for each in self.history.conversations())

    def talk(self, title: str) -> None:
        id = self.history.create(title).id
        self.history.add_message(id, Role.USER, f"What of {title}?")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Computer]:
    computer = Computer(tmp_path / "here", monkeypatch)
    yield computer
    computer.history.close()


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Computer]:
    computer = Computer(tmp_path / "there", monkeypatch)
    yield computer
    computer.history.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


def test_the_embedder_goes_along_with_the_documents(here: Computer, there: Computer, stick: Path) -> None:
    here.add_documents("/farm/well.pdf")
    with closing(here.store()) as store:
        store.set_active_embedder(KnownEmbedder("e5", "E5", "e5-01234567", ("mul",)))
    folder = here.home / "embedders" / "e5-01234567"
    folder.mkdir(parents=True)
    for name in (MANIFEST, *FILES):
        (folder / name).write_text(f"this is {name}")
    (folder.parent / "another").mkdir()
    here.write(stick, Extras(documents=True))
    there.take(stick)
    assert put_documents_in_place(there.home) is None
    with closing(there.store()) as store:
        active = store.active_embedder()
    assert active is not None
    assert active.name == "e5-01234567"
    assert sorted(
        path.relative_to(there.home).as_posix() for path in (there.home / "embedders").glob("*/*")
    ) == sorted(f"embedders/e5-01234567/{name}" for name in (MANIFEST, *FILES))
    assert (there.home / "embedders/e5-01234567/model.bin").read_text() == "this is model.bin"


def test_documents(here: Computer, there: Computer, stick: Path) -> None:
    here.add_documents("/farm/well.pdf", "/farm/goats.md")
    there.add_documents("/handbook/1.md", collection=HANDBOOK_COLLECTION)
    carried = here.write(stick, Extras(documents=True))
    assert (carried.documents, carried.chats) == (True, False)
    assert there.take(stick).documents
    assert there.documents() == ["/handbook/1.md"]  # not before the next start
    assert put_documents_in_place(there.home) is None
    assert there.documents() == here.documents() == ["/farm/goats.md", "/farm/well.pdf"]
    assert not (there.home / "documents.arrived").exists()
    assert put_documents_in_place(there.home) is None


def test_documents_while_they_are_written(here: Computer, there: Computer, stick: Path) -> None:
    """What is not committed yet does not go along, and the writer is not disturbed."""
    here.add_documents("/farm/well.pdf")
    store = here.store()
    with closing(store), store.transaction():
        store.register([FileSeen("/farm/half.md", 1, 1)], "Notes", None)
        here.write(stick, Extras(documents=True))
    there.take(stick)
    put_documents_in_place(there.home)
    assert there.documents() == ["/farm/well.pdf"]
    assert here.documents() == ["/farm/half.md", "/farm/well.pdf"]


def test_documents_that_are_there_stay(here: Computer, there: Computer, stick: Path) -> None:
    here.add_documents("/farm/well.pdf")
    here.talk("Wells")
    there.add_documents("/shop/prices.md")
    here.write(stick, Extras(documents=True, chats=True))
    taken = there.take(stick)
    assert (taken.documents, taken.chats) == (False, True)
    assert "already" in taken.refused[0].message
    put_documents_in_place(there.home)
    assert (there.documents(), there.titles()) == (["/shop/prices.md"], ["Wells"])


def test_documents_that_came_meanwhile_stay(here: Computer, there: Computer, stick: Path) -> None:
    here.add_documents("/farm/well.pdf")
    here.write(stick, Extras(documents=True))
    there.take(stick)
    there.add_documents("/shop/prices.md")
    problem = put_documents_in_place(there.home)
    assert problem is not None
    assert "documents.arrived" in problem.message
    assert there.documents() == ["/shop/prices.md"]


def test_no_documents(here: Computer, stick: Path) -> None:
    with pytest.raises(UserInputError, match="no documents"):
        here.write(stick, Extras(documents=True))


def test_copying_documents_can_be_stopped(here: Computer, stick: Path) -> None:
    here.add_documents(*(f"/farm/{number}.md" for number in range(20_000)))
    run = here.library.export_to(stick, extras=here.contents.extras(Extras(documents=True)))
    run.cancel()
    with pytest.raises(Cancelled):
        run.result(60)
    assert not (stick / "carried.json").exists()


def test_chats_are_joined(here: Computer, there: Computer, stick: Path) -> None:
    for title in ("Wells", "Goats"):
        here.talk(title)
    there.talk("Prices")
    assert here.write(stick, Extras(chats=True)).chats
    for _ in range(2):  # the second time nothing is doubled
        assert there.take(stick).refused == ()
        assert there.titles() == ["Goats", "Prices", "Wells"]
    (found,) = there.history.search("goats")[:1]
    assert found.conversation.title == "Goats"


def test_pictures_go_along_with_their_conversations(here: Computer, there: Computer, stick: Path) -> None:
    picture = StoredPicture(here.history.pictures.keep(b"red", ".png"), "red.png", 30, 20)
    here.history.add_message(here.history.create().id, Role.USER, "What is this?", pictures=[picture])
    here.write(stick, Extras(chats=True))
    assert there.take(stick).refused == ()
    (hit,) = there.history.search("this")[-1:]
    ((taken,),) = (each.pictures for each in there.history.open(hit.conversation.id).messages)
    assert taken.name == "red.png"
    assert there.history.pictures.path(taken.file).read_bytes() == b"red anew"


def test_assistants_are_joined(here: Computer, there: Computer, stick: Path) -> None:
    here.assistants.create("Vet", "You know goats.", model="/here/m.gguf")
    here.assistants.create("Smith", "You know iron.")
    here.assistants.edit("plain", instructions="Be brief.")
    there.assistants.create("Vet", "You know cows.")
    here.write(stick, Extras(chats=True))
    there.take(stick)
    own = [(each.name, each.instructions) for each in there.assistants.all() if each.own]
    assert set(own) == {
        ("Vet", "You know cows."), ("Vet", "You know goats."), ("Smith", "You know iron."),
        (there.assistants.get("plain").name, "Be brief."),
    }  # fmt: skip
    assert not any(each.model for each in there.assistants.all())
    there.take(stick)
    assert len([each for each in there.assistants.all() if each.own]) == len(own)


def test_a_damaged_store_is_not_put_in_place(here: Computer, there: Computer, stick: Path) -> None:
    """Damaged before it was written to the stick, so that its checksum is right."""
    here.add_documents(*(f"/farm/{number}.md" for number in range(500)))
    here.write(stick, Extras(documents=True))
    (store,) = stick.rglob("documents.sqlite3")
    content = bytearray(store.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    (there.home / "x").mkdir()
    (there.home / "x" / "documents.sqlite3").write_bytes(content)
    with pytest.raises(DamagedStore):
        there.contents.import_extra("documents", there.home / "x")
    assert put_documents_in_place(there.home) is None
    assert there.documents() == []

"""Watched folders with the real worker: what changes, moves, goes and comes back."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.documents.records import DocumentState
from tests.process.documents_setup import DocumentsSetup

pytestmark = pytest.mark.keeps_children


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentsSetup]:
    setup = DocumentsSetup(tmp_path_factory.mktemp("setup"))
    setup.service.wait().result(120)
    yield setup
    setup.service.close()


def ready(setup: DocumentsSetup, path: Path) -> int:
    setup.until(lambda: setup.state(path) is DocumentState.READY)
    return setup.row(path).id


def embedded(setup: DocumentsSetup) -> int:
    return setup.service.counts().result(30)["embedded"]


@pytest.fixture
def shelf(setup: DocumentsSetup, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A watched folder with three documents, which lies on a "drive" that can be taken away."""
    shelf = setup.folder / request.node.name / "drive/shelf"
    for name in ("apples", "pears", "plums"):
        setup.write(f"{shelf}/{name}.txt", f"How to keep {name}, as told in {request.node.name}.")
    added = setup.service.add([shelf], "Fruit", watch=True).result(30)
    assert len(added.documents) == 3
    setup.finished([row.id for row in added.documents])
    yield shelf
    setup.service.unwatch(shelf).result(30)


def test_what_comes_changes_and_goes_is_followed(setup: DocumentsSetup, shelf: Path) -> None:
    (fruit,) = [each for each in setup.service.collections().result(30) if each.name == "Fruit"]
    assert fruit.folders == (str(shelf),)
    new = setup.write(f"{shelf}/below/cherries.txt", "Cherries ripen in June.")
    identity = ready(setup, new)
    assert setup.row(new).watched
    assert setup.row(new).collection == "Fruit"
    new.write_text("Cherries ripen in July, says the new version, and quinces in October.")
    setup.until(lambda: setup.found("quinces in October")[:1] == ["cherries.txt"])
    assert setup.row(new).id == identity
    new.unlink()
    setup.until(lambda: setup.state(new) is DocumentState.MISSING)
    # It may lie on a drive that is away: it stays until the person removes it.
    assert "cherries.txt" in setup.found("quinces in October")
    setup.service.remove([identity]).result(30)
    assert "cherries.txt" not in setup.found("quinces in October")


def test_a_change_embeds_only_what_changed(setup: DocumentsSetup, shelf: Path) -> None:
    words = " ".join(f"word{number}" for number in range(120))
    lines = [
        f"# Chapter {number}\n\nThis chapter is about subject {number}. {words}\n" for number in range(30)
    ]
    book = setup.write(f"{shelf}/book.md", "\n".join(lines))
    ready(setup, book)
    chunks, before = setup.row(book).chunks, embedded(setup)
    assert chunks >= 20
    lines[17] = "# Chapter 17\n\nNothing is as it was.\n"
    book.write_text("\n".join(lines))
    setup.until(lambda: setup.found("Nothing is as it was")[:1] == ["book.md"])
    ready(setup, book)
    assert embedded(setup) - before <= chunks / 4


def test_touched_but_not_changed(setup: DocumentsSetup, shelf: Path) -> None:
    path = shelf / "apples.txt"
    identity, before = ready(setup, path), embedded(setup)
    os.utime(path)
    time.sleep(2.5)
    assert ready(setup, path) == identity
    assert embedded(setup) == before


def test_moved_and_renamed_it_is_the_same_document(setup: DocumentsSetup, shelf: Path) -> None:
    identity, before = ready(setup, shelf / "apples.txt"), embedded(setup)
    target = shelf / "cellar/winter apples.txt"
    target.parent.mkdir()
    (shelf / "apples.txt").rename(target)
    setup.until(lambda: setup.known(target) is not None)
    assert setup.row(target).id == identity
    assert setup.row(target).state is DocumentState.READY
    assert setup.row(target).title == "winter apples"
    assert embedded(setup) == before
    shutil.move(shelf / "cellar", shelf / "attic")  # a whole folder
    setup.until(lambda: setup.known(shelf / "attic/winter apples.txt") is not None)
    assert setup.row(shelf / "attic/winter apples.txt").id == identity
    (shelf / "attic/winter apples.txt").write_text("Apples are still watched in the attic: pippins.")
    setup.until(lambda: setup.found("pippins")[:1] == ["winter apples.txt"])


def test_saved_the_way_editors_do_it_is_the_same_document(setup: DocumentsSetup, shelf: Path) -> None:
    path = shelf / "pears.txt"
    identity = ready(setup, path)
    (shelf / "pears.txt.tmp").write_text("The third version mentions conference pears.")
    (shelf / "pears.txt.tmp").replace(path)
    setup.until(lambda: setup.found("conference pears")[:1] == ["pears.txt"])
    assert setup.row(path).id == identity


def test_an_absent_drive_removes_nothing_and_comes_back_as_it_was(setup: DocumentsSetup, shelf: Path) -> None:
    names = sorted(shelf.iterdir())
    identities, before = [ready(setup, path) for path in names], embedded(setup)
    drive, away = shelf.parent, shelf.parent.with_name("unplugged")
    drive.rename(away)
    setup.until(lambda: all(setup.state(path) is DocumentState.MISSING for path in names))
    assert setup.found("how to keep plums")[:1] == ["plums.txt"]  # what is known of it is still found
    away.rename(drive)
    setup.until(lambda: all(setup.state(path) is DocumentState.READY for path in names))
    assert [setup.row(path).id for path in names] == identities
    assert embedded(setup) == before


def test_an_empty_mount_point_removes_nothing(setup: DocumentsSetup, shelf: Path) -> None:
    names = sorted(shelf.iterdir())
    for path in names:
        ready(setup, path)
    shelf.rename(shelf.with_name("unmounted"))
    shelf.mkdir()
    setup.until(lambda: all(setup.state(path) is DocumentState.MISSING for path in names))
    shelf.rmdir()
    shelf.with_name("unmounted").rename(shelf)
    setup.until(lambda: all(setup.state(path) is DocumentState.READY for path in names))


def test_what_the_person_removed_stays_away_until_it_is_added(setup: DocumentsSetup, shelf: Path) -> None:
    path = shelf / "plums.txt"
    ready(setup, path)
    setup.service.remove([str(path)]).result(30)
    setup.write(f"{shelf}/figs.txt", "Figs need a warm wall.")
    ready(setup, shelf / "figs.txt")
    assert setup.known(path) is None
    setup.add(path)
    assert setup.row(path).state is DocumentState.READY
    assert setup.row(path).watched


def test_a_file_added_by_itself_is_followed_but_never_removed(setup: DocumentsSetup) -> None:
    path = setup.write("alone/letter.txt", "A letter about marmalade.")
    (row,) = setup.add(path)
    assert not row.watched
    path.write_text("A letter about quince jelly, written anew.")
    setup.until(lambda: setup.found("quince jelly")[:1] == ["letter.txt"])
    path.rename(setup.folder / "elsewhere.txt")
    setup.until(lambda: setup.state(path) is DocumentState.MISSING)
    (setup.folder / "elsewhere.txt").rename(path)
    setup.until(lambda: setup.state(path) is DocumentState.READY)


def test_what_changed_while_the_program_was_closed(setup: DocumentsSetup, shelf: Path) -> None:
    loose = setup.write("loose/note.txt", "A note about nutmeg.")
    setup.add(loose)
    identity = ready(setup, shelf / "apples.txt")
    setup.service.close()
    (shelf / "apples.txt").rename(shelf / "apples of last year.txt")
    (shelf / "pears.txt").unlink()
    (shelf / "plums.txt").write_text("Plums, rewritten while nobody looked: mirabelles.")
    setup.write(f"{shelf}/grapes.txt", "Grapes came while nobody looked.")
    loose.unlink()
    setup.service.start()
    ready(setup, shelf / "grapes.txt")
    assert ready(setup, shelf / "apples of last year.txt") == identity
    assert setup.state(shelf / "pears.txt") is DocumentState.MISSING
    setup.until(lambda: setup.found("mirabelles")[:1] == ["plums.txt"])
    setup.until(lambda: setup.state(loose) is DocumentState.MISSING)
    setup.service.wait().result(60)
    assert embedded(setup) == 2  # mirabelles and grapes

"""Watched folders with the real worker: what changes, moves, goes and comes back."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.documents.records import DocumentState
from tests.process.desk import Desk

pytestmark = pytest.mark.keeps_children


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.service.wait().result(120)
    yield desk
    desk.service.close()


def ready(desk: Desk, path: Path) -> int:
    desk.until(lambda: desk.state(path) is DocumentState.READY)
    return desk.row(path).id


def embedded(desk: Desk) -> int:
    return desk.service.counts().result(30)["embedded"]


@pytest.fixture
def shelf(desk: Desk, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A watched folder with three documents, which lies on a "drive" that can be taken away."""
    shelf = desk.folder / request.node.name / "drive/shelf"
    for name in ("apples", "pears", "plums"):
        desk.write(f"{shelf}/{name}.txt", f"How to keep {name}, as told in {request.node.name}.")
    added = desk.service.add([shelf], "Fruit", watch=True).result(30)
    desk.finished([row.id for row in (*added.documents, *added.already)])
    yield shelf
    desk.service.unwatch(shelf).result(30)


def test_what_comes_changes_and_goes_is_followed(desk: Desk, shelf: Path) -> None:
    (fruit,) = [each for each in desk.service.collections().result(30) if each.name == "Fruit"]
    assert fruit.folders == (str(shelf),)
    new = desk.write(f"{shelf}/below/cherries.txt", "Cherries ripen in June.")
    identity = ready(desk, new)
    assert desk.row(new).watched
    assert desk.row(new).collection == "Fruit"
    new.write_text("Cherries ripen in July, says the new version, and quinces in October.")
    desk.until(lambda: desk.found("quinces in October")[:1] == ["cherries.txt"])
    assert desk.row(new).id == identity
    new.unlink()
    desk.until(lambda: desk.known(new) is None)
    assert "cherries.txt" not in desk.found("quinces in October")


def test_a_change_embeds_only_what_changed(desk: Desk, shelf: Path) -> None:
    words = " ".join(f"word{number}" for number in range(120))
    lines = [
        f"# Chapter {number}\n\nThis chapter is about subject {number}. {words}\n" for number in range(30)
    ]
    book = desk.write(f"{shelf}/book.md", "\n".join(lines))
    ready(desk, book)
    chunks, before = desk.row(book).chunks, embedded(desk)
    assert chunks >= 20
    lines[17] = "# Chapter 17\n\nNothing is as it was.\n"
    book.write_text("\n".join(lines))
    desk.until(lambda: desk.found("Nothing is as it was")[:1] == ["book.md"])
    ready(desk, book)
    assert embedded(desk) - before <= chunks / 4


def test_touched_but_not_changed(desk: Desk, shelf: Path) -> None:
    path = shelf / "apples.txt"
    identity, before = ready(desk, path), embedded(desk)
    os.utime(path)
    time.sleep(2.5)
    assert ready(desk, path) == identity
    assert embedded(desk) == before


def test_moved_and_renamed_it_is_the_same_document(desk: Desk, shelf: Path) -> None:
    identity, before = ready(desk, shelf / "apples.txt"), embedded(desk)
    target = shelf / "cellar/winter apples.txt"
    target.parent.mkdir()
    (shelf / "apples.txt").rename(target)
    desk.until(lambda: desk.known(target) is not None)
    assert desk.row(target).id == identity
    assert desk.row(target).state is DocumentState.READY
    assert desk.row(target).title == "winter apples"
    assert embedded(desk) == before
    shutil.move(shelf / "cellar", shelf / "attic")  # a whole folder
    desk.until(lambda: desk.known(shelf / "attic/winter apples.txt") is not None)
    assert desk.row(shelf / "attic/winter apples.txt").id == identity
    (shelf / "attic/winter apples.txt").write_text("Apples are still watched in the attic: pippins.")
    desk.until(lambda: desk.found("pippins")[:1] == ["winter apples.txt"])


def test_saved_the_way_editors_do_it_is_the_same_document(desk: Desk, shelf: Path) -> None:
    path = shelf / "pears.txt"
    identity = ready(desk, path)
    (shelf / "pears.txt.tmp").write_text("The third version mentions conference pears.")
    (shelf / "pears.txt.tmp").replace(path)
    desk.until(lambda: desk.found("conference pears")[:1] == ["pears.txt"])
    assert desk.row(path).id == identity


def test_an_absent_drive_removes_nothing_and_comes_back_as_it_was(desk: Desk, shelf: Path) -> None:
    names = sorted(shelf.iterdir())
    identities, before = [ready(desk, path) for path in names], embedded(desk)
    drive, away = shelf.parent, shelf.parent.with_name("unplugged")
    drive.rename(away)
    desk.until(lambda: all(desk.state(path) is DocumentState.MISSING for path in names))
    assert desk.found("how to keep plums")[:1] == ["plums.txt"]  # what is known of it is still found
    away.rename(drive)
    desk.until(lambda: all(desk.state(path) is DocumentState.READY for path in names))
    assert [desk.row(path).id for path in names] == identities
    assert embedded(desk) == before


def test_an_empty_mount_point_removes_nothing(desk: Desk, shelf: Path) -> None:
    names = sorted(shelf.iterdir())
    for path in names:
        ready(desk, path)
    shelf.rename(shelf.with_name("unmounted"))
    shelf.mkdir()
    desk.until(lambda: all(desk.state(path) is DocumentState.MISSING for path in names))
    shelf.rmdir()
    shelf.with_name("unmounted").rename(shelf)
    desk.until(lambda: all(desk.state(path) is DocumentState.READY for path in names))


def test_what_the_person_removed_stays_away_until_it_is_added(desk: Desk, shelf: Path) -> None:
    path = shelf / "plums.txt"
    ready(desk, path)
    desk.service.remove([str(path)]).result(30)
    desk.write(f"{shelf}/figs.txt", "Figs need a warm wall.")
    ready(desk, shelf / "figs.txt")
    assert desk.known(path) is None
    desk.add(path)
    assert desk.row(path).state is DocumentState.READY
    assert desk.row(path).watched


def test_a_file_added_by_itself_is_followed_but_never_removed(desk: Desk) -> None:
    path = desk.write("alone/letter.txt", "A letter about marmalade.")
    (row,) = desk.add(path)
    assert not row.watched
    path.write_text("A letter about quince jelly, written anew.")
    desk.until(lambda: desk.found("quince jelly")[:1] == ["letter.txt"])
    path.rename(desk.folder / "elsewhere.txt")
    desk.until(lambda: desk.state(path) is DocumentState.MISSING)
    (desk.folder / "elsewhere.txt").rename(path)
    desk.until(lambda: desk.state(path) is DocumentState.READY)


def test_what_changed_while_the_program_was_closed(desk: Desk, shelf: Path) -> None:
    loose = desk.write("loose/note.txt", "A note about nutmeg.")
    desk.add(loose)
    identity = ready(desk, shelf / "apples.txt")
    desk.service.close()
    (shelf / "apples.txt").rename(shelf / "apples of last year.txt")
    (shelf / "pears.txt").unlink()
    (shelf / "plums.txt").write_text("Plums, rewritten while nobody looked: mirabelles.")
    desk.write(f"{shelf}/grapes.txt", "Grapes came while nobody looked.")
    loose.unlink()
    desk.service.start()
    ready(desk, shelf / "grapes.txt")
    assert ready(desk, shelf / "apples of last year.txt") == identity
    assert desk.known(shelf / "pears.txt") is None
    desk.until(lambda: desk.found("mirabelles")[:1] == ["plums.txt"])
    desk.until(lambda: desk.state(loose) is DocumentState.MISSING)
    desk.service.wait().result(60)
    assert embedded(desk) == 2  # mirabelles and grapes

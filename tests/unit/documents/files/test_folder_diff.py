"""Deleted or merely not there: the difference between an index that follows and one that is emptied."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from assistant.documents.files.folder_diff import FolderCondition, FolderDiff, KnownFile, compare
from assistant.documents.records import FileSeen

ROOT = "/drive/books"
THERE = FolderCondition(there=True, same_root=True)
GONE = FolderCondition(there=False)


def known(*names: str, missing: bool = False) -> dict[str, KnownFile]:
    return {f"{ROOT}/{name}": KnownFile(number, 10, 5, missing) for number, name in enumerate(names, start=1)}


def found(*names: str, size: int = 10, mtime_ns: int = 5) -> list[FileSeen]:
    return [FileSeen(f"{ROOT}/{name}", size, mtime_ns) for name in names]


def test_nothing_to_do() -> None:
    assert not compare(known("a", "b"), found("a", "b"), THERE)


def test_new_changed_and_deleted() -> None:
    (new,) = found("c")
    (changed,) = found("a", size=11)
    diff = compare(known("a", "b"), [new, changed], THERE)
    assert diff == FolderDiff(new=[new], changed=[(1, changed)], deleted=[2])


def test_an_absent_folder_makes_missing_and_removes_nothing() -> None:
    assert compare(known("a", "b"), [], GONE) == FolderDiff(missing=[1, 2])
    assert not compare(known("a", "b", missing=True), [], GONE)


def test_an_empty_mount_point_is_an_absent_drive() -> None:
    assert compare(known("a", "b"), [], THERE) == FolderDiff(missing=[1, 2])
    assert compare(known("a", "b"), found("other"), THERE) == FolderDiff(new=found("other"), missing=[1, 2])


def test_the_only_file_of_a_folder_that_is_surely_the_same_was_deleted() -> None:
    assert compare(known("a"), [], THERE) == FolderDiff(deleted=[1])
    assert compare(known("a"), [], FolderCondition(there=True, same_root=False)) == FolderDiff(missing=[1])


def test_what_comes_back_is_what_it_was() -> None:
    assert compare(known("a", "b", missing=True), found("a", "b"), THERE) == FolderDiff(back=[1, 2])


def test_what_is_still_not_there_when_the_drive_is_back_was_deleted() -> None:
    assert compare(known("a", "b", missing=True), found("a"), THERE) == FolderDiff(back=[1], deleted=[2])


def test_a_drive_below_the_folder_and_a_folder_without_permission() -> None:
    condition = FolderCondition(
        there=True, gone_mounts=[f"{ROOT}/stick"], unreadable=[f"{ROOT}/locked"], same_root=True
    )
    diff = compare(known("a", "stick/b", "locked/c", "sticky/d"), found("a"), condition)
    assert diff == FolderDiff(missing=[2, 3], deleted=[4])


names = some.sets(some.sampled_from(["a", "b", "c/d", "c/e", "f"]))


@given(names, names, some.booleans(), some.booleans())
def test_every_document_and_file_has_one_fate(
    before: set[str], now: set[str], there: bool, missing: bool
) -> None:
    here = found(*sorted(now)) if there else []
    documents = known(*sorted(before), missing=missing)
    diff = compare(documents, here, FolderCondition(there=there))
    fates = [*diff.back, *diff.missing, *diff.deleted, *(document for document, _ in diff.changed)]
    assert len(fates) == len(set(fates))
    assert {file.path for file in diff.new} == {file.path for file in here} - set(documents)
    if not there:
        assert not diff.deleted

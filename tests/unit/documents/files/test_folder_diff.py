"""What is not there is missing, never removed: a deleted file looks like one on an absent drive."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from assistant.documents.files.folder_diff import FolderDiff, KnownFile, compare
from assistant.documents.records import FileSeen

ROOT = "/drive/books"


def known(*names: str, missing: bool = False) -> dict[str, KnownFile]:
    return {f"{ROOT}/{name}": KnownFile(number, 10, 5, missing) for number, name in enumerate(names, start=1)}


def found(*names: str, size: int = 10, mtime_ns: int = 5) -> list[FileSeen]:
    return [FileSeen(f"{ROOT}/{name}", size, mtime_ns) for name in names]


def test_nothing_to_do() -> None:
    assert not compare(known("a", "b"), found("a", "b"))
    assert not compare(known("a", "b", missing=True), [])


def test_new_changed_and_missing() -> None:
    (new,) = found("c")
    (changed,) = found("a", size=11)
    diff = compare(known("a", "b"), [new, changed])
    assert diff == FolderDiff(new=[new], changed=[(1, changed)], missing=[2])


def test_what_comes_back_is_what_it_was() -> None:
    assert compare(known("a", "b", missing=True), found("a")) == FolderDiff(back=[1])


names = some.sets(some.sampled_from(["a", "b", "c/d", "c/e", "f"]))


@given(names, names, some.booleans())
def test_every_document_and_file_has_one_fate(before: set[str], now: set[str], missing: bool) -> None:
    here = found(*sorted(now))
    documents = known(*sorted(before), missing=missing)
    diff = compare(documents, here)
    assert not diff.changed
    assert set(diff.back) == {
        documents[file.path].document for file in here if file.path in documents and missing
    }
    gone = {document.document for path, document in documents.items() if path not in {f.path for f in here}}
    assert set(diff.missing) == (set() if missing else gone)
    assert {file.path for file in diff.new} == {file.path for file in here} - set(documents)

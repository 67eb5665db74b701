"""Own words and replacements: kept, changed, put aside when damaged, and moved as CSV."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import (
    DiskFull,
    DocumentGone,
    StorageError,
    UnreadableDocument,
    UserInputError,
)
from assistant.speech.dictation.records import Replacement
from assistant.speech.dictation.vocabulary import Vocabulary

TABLE = (Replacement("my address", "1 High Street,\nLondon"), Replacement("c plus plus", " C++"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "speech" / "vocabulary.json"


def test_what_is_changed_is_kept_exactly(file: Path) -> None:
    vocabulary = Vocabulary(file)
    assert (vocabulary.own_words, vocabulary.replacements, vocabulary.notice) == ((), (), None)
    assert not file.exists()
    vocabulary.change(own_words=["  Ada   Lovelace ", "東京", "Ada Lovelace"])
    vocabulary.change(replacements=TABLE)
    again = Vocabulary(file)
    assert again.own_words == ("Ada Lovelace", "東京")
    assert again.replacements == TABLE
    assert again.notice is None


@pytest.mark.parametrize(
    ("words", "table", "said"),
    [
        ([" "], [], "missing"),
        (["x" * 300], [], "too long"),
        ([], [Replacement("", "x")], "missing"),
        ([], [Replacement("x", " \n")], "nothing to write"),
        ([], [Replacement("x", "y" * 5000)], "too long"),
        ([], [Replacement("Foo bar", "x"), Replacement("foo  BAR", "y")], "twice"),
    ],
)
def test_what_does_not_do_is_said_and_changes_nothing(
    file: Path, words: list[str], table: list[Replacement], said: str
) -> None:
    vocabulary = Vocabulary(file)
    vocabulary.change(own_words=["Ada"], replacements=TABLE)
    with pytest.raises(UserInputError, match=said):
        vocabulary.change(own_words=words, replacements=table)
    assert (vocabulary.own_words, vocabulary.replacements) == (("Ada",), TABLE)
    assert Vocabulary(file).replacements == TABLE


@pytest.mark.parametrize(
    "content",
    [
        "{", "[]", "null", '{"version": 1}', '{"version": "a", "own_words": [], "replacements": []}',
        '{"version": 1, "own_words": [7], "replacements": []}',
        '{"version": 1, "own_words": ["Ada"], "replacements": [{"heard": "x"}]}',
        '{"version": 1, "own_words": ["Ada"], "replacements": [{"heard": "x", "written": null}]}',
        "[" * 100_000, "\x00\x01",
    ],
)  # fmt: skip
def test_a_damaged_file_is_kept_aside_and_said(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content)
    vocabulary = Vocabulary(file)
    assert (vocabulary.own_words, vocabulary.replacements) == ((), ())
    assert vocabulary.notice is not None
    assert "damaged" in vocabulary.notice.message
    (kept,) = file.parent.iterdir()
    assert kept.name in vocabulary.notice.hint
    assert kept.read_text() == content
    vocabulary.change(own_words=["Ada"])
    assert Vocabulary(file).own_words == ("Ada",)


def test_a_newer_file_is_copied_and_used(file: Path) -> None:
    file.parent.mkdir()
    newer = {"version": 9, "own_words": ["Ada"], "replacements": [{"heard": "a", "written": "b", "how": 1}]}
    file.write_text(json.dumps(newer))
    vocabulary = Vocabulary(file)
    assert (vocabulary.own_words, vocabulary.replacements) == (("Ada",), (Replacement("a", "b"),))
    assert vocabulary.notice is not None
    assert "newer" in vocabulary.notice.message
    assert len(list(file.parent.iterdir())) == 2


def test_a_disk_that_fails_keeps_what_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vocabulary = Vocabulary(file)
    vocabulary.change(own_words=["Ada"])

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        vocabulary.change(own_words=["Grace"])
    assert vocabulary.own_words == Vocabulary(file).own_words == ("Ada",)


def test_a_table_goes_out_and_comes_in_again(file: Path, tmp_path: Path) -> None:
    vocabulary = Vocabulary(file)
    table = (*TABLE, Replacement('say "x", y', "=1;2\t3"))
    vocabulary.change(own_words=["Ada", "a; b"], replacements=table)
    vocabulary.export_csv(tmp_path / "words.csv")
    other = Vocabulary(tmp_path / "other.json")
    assert other.import_csv(tmp_path / "words.csv") == 5
    assert (other.own_words, other.replacements) == (("Ada", "a; b"), table)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=5), st.text(min_size=1, max_size=5)), max_size=4))
def test_any_table_comes_in_as_it_went_out(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    vocabulary = Vocabulary(folder / "a.json")
    try:
        vocabulary.change(replacements=[Replacement(*pair) for pair in pairs])
        vocabulary.export_csv(folder / "words.csv")
    except (UserInputError, UnicodeEncodeError):
        return
    other = Vocabulary(folder / "b.json")
    other.import_csv(folder / "words.csv")
    assert other.replacements == vocabulary.replacements


@pytest.mark.parametrize(
    ("content", "words", "table"),
    [
        (b"heard,written\noa,Offline Assistant\n", (), (("oa", "Offline Assistant"),)),
        (b"Heard;Written\r\noa;a, b\r\n\r\n;Ada\r\n", ("Ada",), (("oa", "a, b"),)),
        (b"oa\tOffline\n", (), (("oa", "Offline"),)),
        (b"Ada\nGrace Hopper\n", ("Ada", "Grace Hopper"), ()),
        ("käse,Käse\n".encode("utf-16"), (), (("käse", "Käse"),)),
        ("\ufeffkäse,Käse\n".encode(), (), (("käse", "Käse"),)),
        (b"", (), ()),
    ],
)
def test_tables_of_other_programs_come_in(
    file: Path, tmp_path: Path, content: bytes, words: tuple[str, ...], table: tuple[tuple[str, str], ...]
) -> None:
    (tmp_path / "words.csv").write_bytes(content)
    vocabulary = Vocabulary(file)
    vocabulary.import_csv(tmp_path / "words.csv")
    assert vocabulary.own_words == words
    assert vocabulary.replacements == tuple(Replacement(*row) for row in table)


def test_what_comes_in_replaces_the_same_words_alone(file: Path, tmp_path: Path) -> None:
    vocabulary = Vocabulary(file)
    vocabulary.change(own_words=["Ada"], replacements=[Replacement("a", "1"), Replacement("b", "2")])
    (tmp_path / "words.csv").write_text("B,3\nc,4\n,Ada\n")
    vocabulary.import_csv(tmp_path / "words.csv")
    assert vocabulary.own_words == ("Ada",)
    assert {(each.heard, each.written) for each in vocabulary.replacements} == {
        ("a", "1"), ("B", "3"), ("c", "4"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"heard,written\na,b\n\nc,d,e\n", UserInputError, "Row 4 of words.csv has 3 columns"),
        (b"heard,written\na,b\nc\n", UserInputError, "Row 3 of words.csv has 1 column,"),
        (b"a,b\nc, \n", UserInputError, "Row 2 .*nothing to write for “c”"),
        (b"a,b\nA,c\n", UserInputError, "Row 2 .*twice"),
        (b"a," + b"x" * 5000, UserInputError, "Row 1 .*too long"),
        (b"k\xe4se,b\n", UnreadableDocument, "Unicode"),
        (b"\x89PNG\r\n\x1a\n", UnreadableDocument, "Unicode"),
        (b'"' + b"a" * 200_000 + b'",b', UnreadableDocument, "not a table"),
        (b"a" * (9 << 20), UnreadableDocument, "larger than"),
    ],
)
def test_bad_rows_are_named_and_nothing_comes_in(
    file: Path, tmp_path: Path, content: bytes, kind: type[Exception], said: str
) -> None:
    (tmp_path / "words.csv").write_bytes(content)
    vocabulary = Vocabulary(file)
    with pytest.raises(kind, match=said):
        vocabulary.import_csv(tmp_path / "words.csv")
    assert (vocabulary.own_words, vocabulary.replacements) == ((), ())
    assert not file.exists()


def test_files_that_are_not_there_or_cannot_be_written_are_said(file: Path, tmp_path: Path) -> None:
    vocabulary = Vocabulary(file)
    with pytest.raises(DocumentGone):
        vocabulary.import_csv(tmp_path / "gone.csv")
    with pytest.raises(UnreadableDocument):
        vocabulary.import_csv(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"words\.csv was not written"):
        vocabulary.export_csv(tmp_path / "file" / "words.csv")

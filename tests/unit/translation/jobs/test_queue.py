"""Documents one after the other: kept as they come, stopped, resumed, whatever dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import Cancelled, DiskFull, UnreadableDocument, WorkerCrashed
from assistant.translation.jobs import output
from assistant.translation.jobs.document_translation import _portions
from assistant.translation.jobs.queue import TranslationQueue
from assistant.translation.jobs.records import DocumentChanged, DocumentState, TranslatedDocument
from assistant.translation.jobs.store import Destination, TranslationStore
from assistant.translation.records import Layout, TranslatedParagraph, TranslationOptions
from assistant.workers.run import Steps
from tests.unit.translation.jobs.scripted import (
    LOST_READING,
    LOST_WRITING,
    ScriptedFiles,
    ScriptedTranslating,
)

GERMAN = TranslationOptions("de")
LONG = 30.0


class Jobs:
    """A store and its queue over a folder of text files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = TranslationStore(folder / "kept" / "documents.sqlite3")
        self.files = ScriptedFiles()
        self.translating = ScriptedTranslating()
        self.events: list[DocumentChanged] = []
        self.queue = TranslationQueue(self.store, self.files, self.translating, self.events.append)

    def add(
        self, text: str, name: str = "a.txt", wanted: str = "", layout: Layout = Layout.TRANSLATION
    ) -> int:
        path = self.folder / name
        path.write_text(text)
        destination = Destination(self.folder, wanted)
        id = self.store.begin(path, destination, GERMAN, layout).id
        self.queue.add([id])
        return id

    def done(self, id: int) -> TranslatedDocument:
        assert self.queue.wait([id], LONG)
        return self.store.document(id)

    def held(self, text: str, at: str) -> int:
        self.translating.held_at = at
        id = self.add(text)
        assert self.translating.waits.wait(LONG)
        return id

    def hidden(self) -> list[str]:
        return [path.name for path in self.folder.iterdir() if path.name.startswith(".")]


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    for size in ("_SENTENCES", "_CHAT_SENTENCES"):  # each paragraph by itself
        monkeypatch.setattr(f"assistant.translation.jobs.document_translation.{size}", 1)
    made = Jobs(tmp_path)
    yield made
    made.translating.may_pass.set()
    made.queue.close()
    made.store.close()


def test_a_document_is_written_beside_its_original(jobs: Jobs) -> None:
    id = jobs.add("one two\nthree")
    done = jobs.done(id)
    assert done.state is DocumentState.DONE
    assert done.problem is None
    assert done.output == str(jobs.folder / "a (German).txt")
    assert Path(done.output).read_text() == "ONE TWO\nTHREE"
    assert (jobs.folder / "a.txt").read_text() == "one two\nthree"
    assert (done.done, done.total, done.language, done.pivot) == (3, 3, "en", "en")
    assert done.lost == (LOST_READING, LOST_WRITING)
    assert not jobs.hidden()


def test_its_progress_is_told_in_sentences_with_the_time_left(jobs: Jobs) -> None:
    id = jobs.add("one two\nthree")
    jobs.done(id)
    told = [event.document for event in jobs.events if event.document is not None]
    states = [DocumentState.QUEUED, DocumentState.RUNNING, DocumentState.DONE]
    assert list(dict.fromkeys(each.state for each in told)) == states
    assert [each.done for each in told if each.total] == [0, 2, 3, 3]
    assert [each.seconds_left is not None for each in told if each.total] == [False, True, True, False]


def test_nothing_that_exists_is_overwritten(jobs: Jobs) -> None:
    (jobs.folder / "a (German).txt").write_text("mine")
    assert jobs.done(jobs.add("one")).output.endswith("a (German) 2.txt")
    assert jobs.done(jobs.add("one")).output.endswith("a (German) 3.txt")
    assert (jobs.folder / "a (German).txt").read_text() == "mine"


def test_the_very_file_that_is_wanted_is_not_overwritten_either(jobs: Jobs) -> None:
    assert jobs.done(jobs.add("one", wanted="b.txt")).output == str(jobs.folder / "b.txt")
    again = jobs.done(jobs.add("one", wanted="b.txt"))
    assert again.state is DocumentState.FAILED
    assert again.problem
    assert again.problem.reason == "translation-exists"
    itself = jobs.done(jobs.add("one", wanted="a.txt"))
    assert itself.problem
    assert itself.problem.reason == "translation-exists"
    # One that came while it was translated is left alone, too.
    jobs.files.while_written = lambda: (jobs.folder / "c.txt").write_text("mine")
    late = jobs.done(jobs.add("one", wanted="c.txt"))
    assert late.problem
    assert late.problem.reason == "translation-exists"
    assert (jobs.folder / "c.txt").read_text() == "mine"
    assert not jobs.hidden()


def test_the_name_must_be_one_for_what_is_written(jobs: Jobs) -> None:
    failed = jobs.done(jobs.add("one", wanted="b.txt", layout=Layout.BESIDE))
    assert failed.problem
    assert failed.problem.reason == "translation-other-format"
    assert not jobs.translating.asked
    assert jobs.done(jobs.add("one", layout=Layout.BESIDE)).output.endswith("a (German).docx")


def test_a_long_name_is_cut(jobs: Jobs) -> None:
    name = "ö" * 120 + ".txt"
    done = jobs.done(jobs.add("one", name))
    assert done.state is DocumentState.DONE
    assert Path(done.output).name.endswith("ö (German).txt")


def test_a_name_that_is_not_unicode_is_kept(jobs: Jobs) -> None:
    done = jobs.done(jobs.add("one", os.fsdecode(b"a\xff.txt")))
    assert os.fsencode(Path(done.output).name) == b"a\xff (German).txt"


def test_one_that_is_stopped_goes_on_where_it_was(jobs: Jobs) -> None:
    id = jobs.held("one\ntwo\nthree", at="two")
    jobs.queue.stop([id])
    stopped = jobs.done(id)
    assert stopped.state is DocumentState.STOPPED
    assert stopped.done == 1
    assert not stopped.output
    jobs.translating.may_pass.set()
    jobs.queue.add([id])
    done = jobs.done(id)
    assert Path(done.output).read_text() == "ONE\nTWO\nTHREE"
    assert jobs.translating.asked == ["one", "two", "three"]


def test_those_that_wait_can_be_stopped(jobs: Jobs) -> None:
    first = jobs.held("one", at="one")
    second, third = jobs.add("two", "b.txt"), jobs.add("three", "c.txt")
    jobs.queue.stop([second])
    assert jobs.store.document(second).state is DocumentState.STOPPED
    jobs.queue.stop()
    for id in (first, second, third):
        assert jobs.done(id).state is DocumentState.STOPPED


def test_one_that_is_stopped_and_resumed_at_once_goes_on(jobs: Jobs) -> None:
    id = jobs.held("one\ntwo", at="two")
    jobs.translating.held_at = ""
    jobs.queue.stop([id])
    jobs.queue.add([id])
    assert jobs.done(id).state is DocumentState.DONE


def test_one_that_is_wanted_again_while_it_stops_is_not_told_as_stopped(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    do = jobs.queue._translation.do

    def wanted_again(id: int, steps: Steps) -> None:
        try:
            do(id, steps)
        except Cancelled:
            jobs.queue.add([id])
            raise

    monkeypatch.setattr(jobs.queue._translation, "do", wanted_again)
    id = jobs.held("one\ntwo", at="two")
    jobs.translating.held_at = ""
    jobs.queue.stop([id])
    assert jobs.done(id).state is DocumentState.DONE
    told = [event.document.state for event in jobs.events if event.document is not None]
    assert DocumentState.STOPPED not in told


def test_what_a_killed_process_left_goes_on(jobs: Jobs) -> None:
    path = jobs.folder / "a.txt"
    path.write_text("one\ntwo")
    id = jobs.store.begin(path, Destination(jobs.folder), GERMAN, Layout.TRANSLATION).id
    jobs.store.set_state(id, DocumentState.RUNNING)
    jobs.store.keep(id, {0: TranslatedParagraph("one", "EINS", "en")}, 1)
    (jobs.folder / f".translation-{id}-{int(jobs.store.document(id).created)}.txt").write_text("half")
    other = TranslationStore(jobs.store.file)  # as the next process opens it
    assert other.document(id).state is DocumentState.STOPPED
    other.close()
    jobs.queue.add([id])
    assert Path(jobs.done(id).output).read_text() == "EINS\nTWO"
    assert jobs.translating.asked == ["two"]
    assert not jobs.hidden()


def test_a_file_that_changed_is_translated_anew(jobs: Jobs) -> None:
    id = jobs.held("one\ntwo", at="two")
    jobs.queue.stop()
    jobs.done(id)
    (jobs.folder / "a.txt").write_text("one\nother words")
    jobs.translating.held_at = ""
    jobs.queue.add([id])
    done = jobs.done(id)
    assert Path(done.output).read_text() == "ONE\nOTHER WORDS"
    assert done.total == 3
    assert jobs.translating.asked == ["one", "one", "other words"]


def test_a_file_that_changes_on_the_way_is_not_written(jobs: Jobs) -> None:
    id = jobs.held("one", at="one")
    (jobs.folder / "a.txt").write_text("something else")
    jobs.translating.may_pass.set()
    failed = jobs.done(id)
    assert failed.problem
    assert failed.problem.reason == "translation-source-changed"
    jobs.queue.add([id])
    assert Path(jobs.done(id).output).read_text() == "SOMETHING ELSE"


def test_a_file_that_is_gone_is_told(jobs: Jobs) -> None:
    id = jobs.held("one", at="one")
    jobs.queue.stop()
    jobs.done(id)
    (jobs.folder / "a.txt").unlink()
    jobs.queue.add([id])
    failed = jobs.done(id)
    assert failed.problem
    assert failed.problem.code == "file-gone"


def test_a_file_from_1970_is_there(jobs: Jobs) -> None:
    first = jobs.held("one", at="one")
    id = jobs.add("two", "b.txt")
    os.utime(jobs.folder / "b.txt", (0, 0))
    jobs.translating.may_pass.set()
    assert jobs.done(first).state is jobs.done(id).state is DocumentState.DONE


@pytest.mark.parametrize(
    ("text", "reason"), [("", "nothing-to-translate"), ("12\n13", "translation-changed-nothing")]
)
def test_nothing_changed_is_an_error(jobs: Jobs, text: str, reason: str) -> None:
    failed = jobs.done(jobs.add(text))
    assert failed.state is DocumentState.FAILED
    assert failed.problem
    assert failed.problem.reason == reason
    assert not failed.output
    assert not list(jobs.folder.glob("*German*"))


def crash() -> WorkerCrashed:
    return WorkerCrashed("worker-crashed", name="The translation worker", how="was killed")


def test_a_worker_that_dies_costs_nothing_that_was_translated(jobs: Jobs) -> None:
    jobs.translating.crashes = {"two": [crash()], "three": [crash()]}
    done = jobs.done(jobs.add("one\ntwo\nthree"))
    assert done.state is DocumentState.DONE
    assert jobs.translating.asked == ["one", "two", "three"]


def test_one_that_dies_twice_in_the_same_place_is_told(jobs: Jobs) -> None:
    jobs.translating.crashes = {"two": [crash(), crash()]}
    id = jobs.add("one\ntwo")
    failed = jobs.done(id)
    assert failed.problem
    assert failed.problem.code == "worker-crashed"
    assert failed.done == 1
    jobs.files.failures = [crash(), crash()]
    assert jobs.done(jobs.add("one", "b.txt")).problem is not None
    jobs.queue.add([id])  # the person tries again
    assert jobs.done(id).state is DocumentState.DONE


def test_a_file_that_cannot_be_read_does_not_hold_up_the_others(jobs: Jobs) -> None:
    jobs.files.failures = [UnreadableDocument("file-damaged")]
    bad, good = jobs.add("one"), jobs.add("two", "b.txt")
    assert jobs.done(bad).state is DocumentState.FAILED
    assert jobs.done(good).state is DocumentState.DONE


@pytest.mark.allow_log("A document could not be translated")
def test_a_fault_of_the_program_does_not_hold_up_the_others(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(jobs.files, "suffix", lambda *_: 1 / 0)
        failed = jobs.done(jobs.add("one"))
    assert failed.problem
    assert failed.problem.reason == "translation-fault"
    assert jobs.done(jobs.add("two", "b.txt")).state is DocumentState.DONE


def test_a_full_disk_loses_nothing(jobs: Jobs) -> None:
    jobs.files.not_written = DiskFull("translation-disk-full", folder="/f")
    id = jobs.add("one")
    failed = jobs.done(id)
    assert failed.problem
    assert failed.problem.code == "disk-full"
    assert not jobs.hidden()
    jobs.files.not_written = None
    jobs.queue.add([id])
    assert jobs.done(id).state is DocumentState.DONE
    assert jobs.translating.asked == ["one"]


def test_what_cannot_be_kept_ends_it_at_once(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> TranslatedDocument:
        raise DiskFull("translated-documents-disk-full")

    monkeypatch.setattr(jobs.store, "keep", full)
    failed = jobs.done(jobs.add("one\ntwo"))
    assert failed.problem
    assert failed.problem.code == "disk-full"
    assert jobs.translating.asked == ["one"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="a folder that its owner may not write")
def test_a_folder_that_cannot_be_written_is_told_first(jobs: Jobs) -> None:
    jobs.folder.chmod(0o500)
    try:
        failed = jobs.done(jobs.add("one"))
    finally:
        jobs.folder.chmod(0o700)
    assert failed.problem
    assert failed.problem.code == "access-denied"
    assert not jobs.translating.asked


def test_a_folder_that_cannot_be_is_told_first(jobs: Jobs) -> None:
    path = jobs.folder / "a.txt"
    path.write_text("one")
    id = jobs.store.begin(path, Destination(path / "below"), GERMAN, Layout.TRANSLATION).id
    jobs.queue.add([id])
    failed = jobs.done(id)
    assert failed.problem
    assert failed.problem.reason == "translation-not-written"
    assert not jobs.translating.asked


def test_one_that_is_removed_while_it_is_translated_is_gone(jobs: Jobs) -> None:
    id = jobs.held("one\ntwo", at="two")
    jobs.store.remove(id)
    jobs.translating.may_pass.set()
    assert jobs.queue.wait([id], LONG)
    assert not jobs.store.documents()
    assert not list(jobs.folder.glob("*German*"))


def test_the_same_wish_for_the_same_file_is_known(jobs: Jobs) -> None:
    id = jobs.held("one", at="one")
    path, destination = jobs.folder / "a.txt", Destination(jobs.folder)
    assert jobs.store.unfinished(path, destination, GERMAN, Layout.TRANSLATION) is None  # it is in hand
    jobs.queue.stop()
    jobs.done(id)
    found = jobs.store.unfinished(path, destination, GERMAN, Layout.TRANSLATION)
    assert found is not None
    assert found.id == id
    assert jobs.store.unfinished(path, destination, GERMAN, Layout.BELOW) is None
    assert jobs.store.unfinished(path, Destination(jobs.folder, "b"), GERMAN, Layout.TRANSLATION) is None
    path.write_text("another text")
    assert jobs.store.unfinished(path, destination, GERMAN, Layout.TRANSLATION) is None


def test_what_is_to_be_looked_at_is_kept(jobs: Jobs) -> None:
    id = jobs.add("good\n!bad\n!worse")
    done = jobs.done(id)
    assert done.marked == 2
    kept = jobs.store.paragraphs(id)
    assert [kept[number].source for number in sorted(kept)] == ["!bad", "!worse"]


def test_portions_begin_at_the_same_places_whatever_is_done() -> None:
    counts = [3, 3, 3, 3, 9, 1, 1]
    assert list(_portions(counts, (), 6)) == [[0, 1], [2, 3], [4], [5, 6]]
    assert list(_portions(counts, {0, 1, 3}, 6)) == [[2], [4], [5, 6]]
    assert list(_portions([3], {0}, 6)) == []


def test_what_a_kill_left_is_taken_away(jobs: Jobs) -> None:
    id = jobs.held("one\ntwo", at="two")
    own = output.key(id, jobs.store.document(id).created)
    left = [jobs.folder / f".translation-{own}.txt", jobs.folder / f"..translation-{own}.txt.new"]
    other = jobs.folder / ".translation-99-1.txt"
    for file in (*left, other):
        file.touch()
    output.discard(jobs.folder, own)
    assert jobs.hidden() == [other.name]
    for file in left:
        file.touch()
    jobs.translating.may_pass.set()
    assert jobs.done(id).state is DocumentState.DONE
    assert jobs.hidden() == [other.name]

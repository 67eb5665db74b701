"""The documents worker from outside: real processes, the real model, small files made here."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from assistant.documents.event_records import DocumentsChanged, IndexingState
from assistant.documents.records import DEFAULT_COLLECTION, HANDBOOK_COLLECTION, DocumentState, Outcome
from assistant.documents.sync import handbook_vectors
from assistant.errors import Cancelled, DocumentGone, UserInputError
from tests.process import made_pdfs
from tests.process.documents_setup import DocumentsSetup, problem

pytestmark = [pytest.mark.keeps_children, pytest.mark.allow_log("The documents worker (crashed|was stopped)")]

WELL = "The new well in the north field reached water at 43 metres in April."
BARLEY = "Each cow was given 2.5 kilograms of barley a day during the winter."
FENCE = "The fence along the river was mended with larch posts in May."


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentsSetup]:
    setup = DocumentsSetup(tmp_path_factory.mktemp("setup"))
    setup.service.start()
    yield setup
    setup.service.close()


# --- from a file to an answer -----------------------------------------------------------------------------


def test_listing_does_not_wait_for_the_model(setup: DocumentsSetup) -> None:
    began = time.monotonic()
    assert setup.service.documents().result(30) == ()
    assert time.monotonic() - began < 6  # starting the process; the model takes longer


def test_the_whole_way(setup: DocumentsSetup) -> None:
    report = setup.write(
        "farm/year.pdf", made_pdfs.pdf([f"Notes of the year.\n{WELL}", f"Feeding\n{BARLEY}"])
    )
    setup.write("farm/fence.txt", FENCE)
    setup.write("farm/film.mp4", b"\0\0")
    first, second = setup.add(setup.folder / "farm", collection="Farm")
    assert [row.state for row in (first, second)] == [DocumentState.READY] * 2
    assert {Path(row.path).name: row.pages for row in (first, second)} == {"fence.txt": 1, "year.pdf": 2}
    assert all(row.collection == "Farm" and row.chunks >= 1 for row in (first, second))
    pages = setup.service.report(setup.row(report).id).result(30)
    assert [(page.label, page.outcome) for page in pages] == [
        ("page 1", Outcome.TEXT),
        ("page 2", Outcome.TEXT),
    ]

    assert setup.found("At what depth was water reached?")[0] == "year.pdf"
    assert setup.found("larch posts", collection="Farm")[0] == "fence.txt"
    answer = setup.service.ask("How much barley did a cow get?").result(60)
    best = answer.quotes[0]
    assert BARLEY in best.quote.replace("\n", " ")
    assert (best.page, Path(best.path).name) == (2, "year.pdf")
    assert best.boxes
    x0, y0, x1, y1 = best.boxes[0]
    assert 50 < x0 < x1 < 595
    assert 70 < y0 < y1 < 120

    assert len(setup.service.page_layout(best.document).result(60).sizes) == 2
    text = setup.service.text(best.document).result(60)
    assert text.at_start
    assert text.at_end
    assert setup.service.headings(best.document).result(60) == ()
    picture = setup.service.page_picture(best.document, 2, 300).result(60)
    assert (picture.width, picture.page, picture.pages) == (300, 2, 2)
    assert BARLEY in " ".join(run.text for run in text.runs).replace("\n", " ")
    (found,) = setup.service.find(best.document, "barley").result(60).places
    assert (found.page, found.boxes[0][3] > found.boxes[0][1]) == (2, True)


def test_the_handbook_answers_for_itself_and_stays_out_of_the_way(setup: DocumentsSetup) -> None:
    (page,) = setup.until(lambda: setup.service.documents(HANDBOOK_COLLECTION).result(30))
    setup.finished([page.id])
    assert page.id not in {row.id for row in setup.service.documents().result(30)}
    assert setup.found("drop a folder on the window", collection=HANDBOOK_COLLECTION) == ["1-start.md"]
    named = setup.write("window.txt", "In the shop one can drop a folder on the window sill.")
    setup.add(named)
    assert setup.found("drop a folder on the window")[0] == "window.txt"  # the person's own come first
    removed = setup.service.remove([page.id]).result(30)
    assert removed.documents == ()
    assert removed.unknown == (str(page.id),)
    with pytest.raises(UserInputError):
        setup.service.add([setup.folder / "farm"], HANDBOOK_COLLECTION).result(30)
    (handbook,) = [each for each in setup.service.collections().result(30) if each.builtin]
    assert (handbook.name, handbook.documents) == (HANDBOOK_COLLECTION, 1)


@pytest.mark.parametrize("damaged", [False, True])
def test_the_handbook_comes_with_its_vectors(tmp_path: Path, damaged: bool) -> None:
    setup = DocumentsSetup(tmp_path)
    pages = tmp_path / "handbook"
    assert handbook_vectors.make(pages) == 1
    if damaged:
        made = (pages / handbook_vectors.FILE).read_bytes()
        (pages / handbook_vectors.FILE).write_bytes(made[: len(made) // 2])
    try:
        setup.service.start()
        (page,) = setup.until(lambda: setup.service.documents(HANDBOOK_COLLECTION).result(30))
        setup.finished([page.id])
        assert setup.service.counts().result(60)["embedded"] == damaged
        assert setup.found("open a folder", collection=HANDBOOK_COLLECTION) == ["1-start.md"]
    finally:
        setup.service.close()


def test_added_again_it_is_known(setup: DocumentsSetup) -> None:
    again = setup.service.add([setup.folder / "farm"]).result(30)
    assert again.documents == ()
    assert len(again.already) == 2


def test_what_cannot_be_taken_is_said_and_the_rest_goes_on(setup: DocumentsSetup) -> None:
    good = setup.write("mixed/good.txt", "A text about beekeeping in June.")
    os.mkfifo(setup.folder / "mixed/pipe.txt")
    (setup.folder / "mixed/loop").symlink_to(setup.folder / "mixed")
    (setup.folder / "empty").mkdir()
    paths = [setup.folder / "mixed", setup.folder / "not there", setup.folder / "empty"]
    added = setup.service.add(paths).result(30)
    assert [row.path for row in added.documents] == [str(good)]
    assert {Path(path).name for path, _ in added.refused} == {"pipe.txt", "loop", "not there", "empty"}
    setup.finished([row.id for row in added.documents])


def test_nothing_readable_is_never_ready(setup: DocumentsSetup) -> None:
    scans = setup.write("scans.pdf", made_pdfs.pdf([made_pdfs.Picture] * 3))
    mixed = setup.write("mixed.pdf", made_pdfs.pdf(["A page of text about geese.", made_pdfs.Picture]))
    blank = setup.write("blank.pdf", made_pdfs.pdf(["A page of text about ducks.", made_pdfs.Blank]))
    broken = setup.write("broken.pdf", b"%PDF-1.7\n" + b"\0" * 400)
    empty = setup.write("empty.txt", b"")
    rows = {Path(row.path).name: row for row in setup.add(scans, mixed, blank, broken, empty)}
    assert {name: row.state.value for name, row in rows.items()} == {
        "scans.pdf": "partial",
        "mixed.pdf": "partial",
        "blank.pdf": "ready",
        "broken.pdf": "failed",
        "empty.txt": "failed",
    }
    assert problem(rows["scans.pdf"]).message == ("All 3 pages are pictures that wait for text recognition.")
    assert rows["scans.pdf"].report.waiting == 3
    assert all(row.error is not None for row in rows.values() if row.state is not DocumentState.READY)


def test_an_encrypted_document_waits_for_its_password(setup: DocumentsSetup) -> None:
    path = setup.write("locked.pdf", made_pdfs.pdf(["The treasure lies under the old oak."], "owl"))
    (row,) = setup.add(path)
    assert (row.state, problem(row).code) == (DocumentState.FAILED, "password-required")
    setup.service.retry(row.id, "cat").result(30)
    (row,) = setup.finished([row.id])
    assert problem(row).code == "password-required"
    setup.service.retry(row.id, "owl").result(30)
    (row,) = setup.finished([row.id])
    assert row.state is DocumentState.READY
    assert setup.found("Where is the treasure?")[0] == "locked.pdf"
    assert setup.service.page_picture(row.id, 1, 100).result(60).width == 100
    kept = [
        path for path in (setup.folder / "home").rglob("*") if path.is_file() and b"owl" in path.read_bytes()
    ]
    assert kept == []


def test_the_same_content_is_embedded_once(setup: DocumentsSetup) -> None:
    text = "Ten copies of one letter about the bridge over the brook."
    paths = [setup.write(f"copies/{number}.txt", text) for number in range(10)]
    setup.service.wait().result(60)
    before = setup.service.counts().result(30)
    rows = setup.add(*paths)
    after = setup.service.counts().result(30)
    assert [row.state for row in rows] == [DocumentState.READY] * 10
    assert after["embedded"] - before["embedded"] == 1
    assert after["chunks"] - before["chunks"] == 10
    assert {row.title for row in rows} == {f"{number}" for number in range(10)}


def test_names_of_all_kinds(setup: DocumentsSetup) -> None:
    odd = setup.folder / "odd"
    odd.mkdir()
    names = [b"two\nlines.txt", b"caf\xe9.txt", "猫.txt".encode(), b"q'uote\".txt"]
    for name in names:
        Path(os.fsdecode(os.fsencode(odd) + b"/" + name)).write_text("A word about hedgehogs.")
    rows = setup.add(odd)
    assert sorted(os.fsencode(Path(row.path).name) for row in rows) == sorted(names)
    assert all(row.state is DocumentState.READY for row in rows)
    removed = setup.service.remove([row.path for row in rows]).result(30)
    assert len(removed.documents) == 4


def test_collections_and_moving(setup: DocumentsSetup) -> None:
    path = setup.write("letter.txt", "A letter about the swallows under the roof.")
    (row,) = setup.add(path)
    assert row.collection == DEFAULT_COLLECTION
    (moved,) = setup.service.move([row.id], "Birds").result(30)
    assert moved.collection == "Birds"
    assert setup.found("swallows", collection="Birds") == ["letter.txt"]
    assert "letter.txt" not in setup.found("swallows", collection="Farm")
    assert setup.found("swallows", documents=(row.id,)) == ["letter.txt"]
    setup.service.rename_collection("Birds", " Swallows  and swifts ").result(30)
    assert setup.row(path).collection == "Swallows and swifts"
    assert setup.found("swallows", collection="Swallows and swifts") == ["letter.txt"]
    for name, new_name in ((DEFAULT_COLLECTION, "Mine"), (HANDBOOK_COLLECTION, "Help"), ("Birds", "Fish")):
        with pytest.raises(UserInputError):
            setup.service.rename_collection(name, new_name).result(30)
    (back,) = setup.service.delete_collection("Swallows and swifts").result(30)
    assert back.collection == DEFAULT_COLLECTION
    assert "letter.txt" in setup.found("swallows", collection=DEFAULT_COLLECTION)
    for name in (DEFAULT_COLLECTION, HANDBOOK_COLLECTION, "Swallows and swifts"):
        with pytest.raises(UserInputError):
            setup.service.delete_collection(name).result(30)


def test_removing_can_be_undone(setup: DocumentsSetup) -> None:
    path = setup.write("undo.txt", "A recipe for elderflower syrup with lemons.")
    (row,) = setup.add(path)
    assert setup.service.remove([str(path)]).result(30).documents[0].id == row.id
    assert setup.known(path) is None
    assert "undo.txt" not in setup.found("elderflower syrup")
    (back,) = setup.service.restore([row.id]).result(30)
    assert back == row
    assert setup.found("elderflower syrup")[0] == "undo.txt"
    with pytest.raises(DocumentGone):
        setup.service.report(10**6).result(30)


def test_what_changed_is_told(setup: DocumentsSetup) -> None:
    path = setup.write("told.pdf", made_pdfs.pdf([f"Page {number} tells." for number in range(60)]))
    before = len(setup.events)
    (row,) = setup.add(path)
    setup.until(
        lambda: any(
            row in event.documents for event in setup.events[before:] if isinstance(event, DocumentsChanged)
        )
    )
    setup.service.remove([row.id]).result(30)
    setup.until(
        lambda: any(
            row.id in event.gone for event in setup.events[before:] if isinstance(event, DocumentsChanged)
        )
    )
    setup.until(lambda: setup.indexing() is IndexingState.IDLE)


# --- while it works ---------------------------------------------------------------------------------------


def book(pages: int, about: str) -> bytes:
    """Enough different text for some seconds of embedding."""
    return made_pdfs.pdf(
        [
            "\n".join(
                f"Line {line} of page {page} tells what {about} number {page * 50 + line} did that day."
                for line in range(50)
            )
            for page in range(pages)
        ]
    )


def test_pausing_stops_it_and_searching_goes_on(setup: DocumentsSetup) -> None:
    setup.add(setup.write("otters.txt", "Two otters live below the mill."))
    setup.service.pause().result(30)
    path = setup.write("geese.pdf", book(4, "goose"))
    row = setup.service.add([path]).result(30).documents[0]
    setup.until(lambda: setup.indexing() is IndexingState.PAUSED)
    assert setup.found("Where do the otters live?")[0] == "otters.txt"
    note = setup.service.ask("Where do the otters live?").result(60).note
    assert note.startswith("One document is still being read")
    time.sleep(1)
    assert (setup.row(path).state, setup.row(path).chunks) == (DocumentState.QUEUED, 0)
    setup.service.resume().result(30)
    (done,) = setup.finished([row.id])
    assert (done.state, done.pages_done) == (DocumentState.READY, 4)
    assert setup.service.counts().result(30)["unembedded"] == 0


def test_stopping_a_document_keeps_what_is_read_and_retrying_reads_on(setup: DocumentsSetup) -> None:
    path = setup.write("ducks.pdf", book(400, "duck"))
    row = setup.service.add([path]).result(30).documents[0]
    setup.until(lambda: setup.row(path).chunks > 0, 60)
    began = time.monotonic()
    assert setup.found("Where do the otters live?")[0] == "otters.txt"  # while it is busy
    assert time.monotonic() - began < 3
    setup.service.stop_document(row.id).result(30)
    (stopped,) = setup.finished([row.id])
    assert (stopped.state, problem(stopped).code) == (DocumentState.PARTIAL, "stopped")
    assert 0 < stopped.pages_done < 400
    time.sleep(1)
    assert setup.row(path) == stopped
    setup.service.retry(row.id).result(30)
    setup.until(lambda: setup.row(path).pages_done > stopped.pages_done, 60)
    setup.service.stop_document(row.id).result(30)
    numbers = [page.number for page in setup.service.report(row.id).result(30)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert setup.service.counts().result(30)["double"] == 0


def test_stopping_what_has_not_begun(setup: DocumentsSetup) -> None:
    setup.service.pause().result(30)
    path = setup.write("never.txt", "This will not be read.")
    row = setup.service.add([path]).result(30).documents[0]
    setup.service.stop_document(row.id).result(30)
    setup.service.resume().result(30)
    (stopped,) = setup.finished([row.id])
    assert (stopped.state, problem(stopped).code) == (DocumentState.FAILED, "stopped")


def test_waiting_can_be_stopped(setup: DocumentsSetup) -> None:
    setup.service.pause().result(30)
    path = setup.write("later.txt", "This will be read later.")
    row = setup.service.add([path]).result(30).documents[0]
    waiting = setup.service.wait([row.id])
    threading.Timer(0.5, waiting.cancel).start()
    with pytest.raises(Cancelled):
        waiting.result(30)
    setup.service.resume().result(30)
    assert setup.finished([row.id])[0].state is DocumentState.READY


def test_a_file_that_changes_while_it_is_read_is_read_again(setup: DocumentsSetup) -> None:
    path = setup.write("changing.txt", "\n".join(f"Line {n} of the first version." for n in range(4000)))
    row = setup.service.add([path]).result(30).documents[0]
    setup.until(lambda: setup.row(path).state is DocumentState.INDEXING, 60)
    path.write_text("The second version speaks of nightingales.")
    (done,) = setup.finished([row.id])
    assert done.state is DocumentState.READY
    assert setup.found("nightingales")[0] == "changing.txt"
    assert done.chunks == 1


def test_a_file_that_vanishes_is_missing_and_comes_back(setup: DocumentsSetup) -> None:
    setup.service.pause().result(30)
    path = setup.write("gone.txt", "A word about voles.")
    setup.service.add([path]).result(30)
    path.rename(path.with_suffix(".away"))
    setup.service.resume().result(30)
    setup.until(lambda: setup.state(path) is DocumentState.MISSING)
    path.with_suffix(".away").rename(path)
    setup.until(lambda: setup.state(path) is DocumentState.READY)


# --- when processes die -----------------------------------------------------------------------------------


def readers(setup: DocumentsSetup) -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process(setup.service.pid).children()
        if "resource_tracker" not in " ".join(child.cmdline())
    ]


def test_the_reader_may_die_at_any_moment(setup: DocumentsSetup) -> None:
    path = setup.write("swans.pdf", book(24, "swan"))
    row = setup.service.add([path]).result(30).documents[0]
    for _ in range(3):
        setup.until(lambda: setup.row(path).state is not DocumentState.QUEUED and readers(setup), 60)
        for reader in readers(setup):
            reader.send_signal(signal.SIGKILL)
        time.sleep(0.7)
    (done,) = setup.finished([row.id])
    assert (done.state, done.pages_done) == (DocumentState.READY, 24)


def test_the_worker_may_die_and_nothing_is_lost_or_double(setup: DocumentsSetup) -> None:
    path = setup.write("storks.pdf", book(24, "stork"))
    row = setup.service.add([path]).result(30).documents[0]
    waiting = setup.service.wait([row.id])
    setup.until(lambda: setup.row(path).chunks > 0, 60)
    before = setup.row(path)
    pid = setup.service.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    listed = setup.service.documents().result(60)  # asked of the dying one, answered by the next
    assert row.id in {each.id for each in listed}
    setup.until(lambda: setup.service.pid not in (None, pid), 30)
    after = setup.row(path)
    assert after.pages_done >= before.pages_done
    (done,) = waiting.result(120)
    assert (done.state, done.pages_done) == (DocumentState.READY, 24)
    counts = setup.service.counts().result(30)
    assert counts["double"] == 0
    assert counts["unembedded"] == 0
    assert counts["embedded"] < done.chunks  # of this worker: what was stored before was not embedded again
    assert setup.found("What did stork number 140 do?")[0] == "storks.pdf"


def test_the_whole_program_may_die(setup: DocumentsSetup, tmp_path: Path) -> None:
    """Killed in the middle: no process stays behind, and the next program goes on where it stopped."""
    path = setup.write("cranes.pdf", book(10, "crane"))
    home = tmp_path / "documents"
    command = [sys.executable, "-m", "tests.process.indexing_program", str(home), str(path)]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    worker = psutil.Process(int(program.stdout.readline()))
    family = [worker]
    with closing(sqlite3.connect(home / "documents.sqlite3", timeout=30)) as store:
        setup.until(lambda: store.execute("SELECT count(*) FROM chunks").fetchone()[0] > 0, 90)
        family += worker.children()
        program.kill()
        program.communicate()
        assert psutil.wait_procs(family, timeout=20)[1] == []
        before = store.execute("SELECT id, position FROM chunks").fetchall()
        assert len(before) > 0
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=400)
        after = store.execute("SELECT id, position FROM chunks").fetchall()
        assert store.execute("SELECT state, parts_done FROM documents").fetchall() == [("ready", 10)]
    assert set(before) <= set(after)
    assert len({position for _, position in after}) == len(after)

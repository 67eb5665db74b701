"""A scan through the real workers: recognised, killed in the middle, found, quoted where it stands."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from assistant.documents.event_records import RecognitionState, RecognitionStatus
from assistant.documents.formats.open_document import open_document
from assistant.documents.records import DocumentState, PartCounts
from assistant.errors import UserInputError
from tests.process.documents_setup import DocumentsSetup
from tests.process.test_cli import assistant, objects

_DPI = 150
PAGES = (
    ["The bell of the old tower", "was cast in the year 1742", "by a founder from the south."],
    ["It weighs 830 kilograms", "and hangs on oak beams", "that were renewed in 1911."],
    ["Twice a day it is rung", "by the sexton of the parish,", "who lives beside the gate."],
)


def scan(path: Path, pages: Sequence[Sequence[str]] = PAGES) -> Path:
    """A PDF whose pages are pictures of these lines."""
    font = ImageFont.load_default(size=_DPI * 14 / 72)
    pictures = []
    for lines in pages:
        picture = Image.new("L", (5 * _DPI, 3 * _DPI), 255)
        for at, line in enumerate(lines):
            ImageDraw.Draw(picture).text((_DPI // 2, _DPI // 2 + at * _DPI // 3), line, 0, font)
        pictures.append(picture)
    pictures[0].save(path, "PDF", resolution=_DPI, save_all=True, append_images=pictures[1:])
    return path


@pytest.mark.allow_log("was stopped from outside")
def test_a_scan_is_recognised_whatever_ends_on_the_way(tmp_path: Path) -> None:
    setup = DocumentsSetup(tmp_path, when="at_once")
    try:
        (document,) = setup.add(scan(tmp_path / "tower.pdf"))
        assert document.state is DocumentState.PARTIAL
        setup.until(lambda: setup.row(tmp_path / "tower.pdf").report.ocr)
        worker = setup.service.pid
        assert worker is not None
        os.kill(worker, signal.SIGKILL)
        (document,) = setup.service.wait_for_recognition([document.id]).result(120)
        assert (document.state, document.error) == (DocumentState.READY, None)
        assert document.report == PartCounts(ocr=3)
        assert all(
            page.confidence and page.confidence > 0.7 for page in setup.service.report(document.id).result(30)
        )
        answer = setup.service.ask("How much does the bell weigh?").result(60)
        quote = answer.quotes[0]
        assert "830 kilograms" in quote.quote
        assert (quote.page, quote.recognised is not None) == (2, True)
        # The first line begins half an inch from the edges of the page.
        x0, y0, x1, _ = quote.boxes[0]
        assert x0 == pytest.approx(36, abs=3)
        assert y0 == pytest.approx(36, abs=8)
        assert 100 < x1 < 300
        words = setup.service.page_words(document.id, 2).result(30)
        assert "830" in [word.text for word in words]
        counts = setup.service.counts().result(30)
        assert (counts["double"], counts["unembedded"]) == (0, 0)
        told = [event for event in setup.events if isinstance(event, RecognitionStatus)]
        assert {status.page for status in told if status.state is RecognitionState.RUNNING} >= {1, 3}
        # What waited when it was removed is recognised when it is back.
        setup.service.pause_recognition().result(30)
        setup.service.recognise([document.id], parts=[1]).result(30)
        setup.service.remove([document.id]).result(30)
        setup.service.resume_recognition().result(30)
        setup.service.restore([document.id]).result(30)
        (document,) = setup.service.wait_for_recognition([document.id]).result(120)
        assert document.report == PartCounts(ocr=3)
    finally:
        setup.service.close()


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two scans and a text, and the home into which they were added."""
    folder = tmp_path_factory.mktemp("papers")
    tower, oak = scan(folder / "tower.pdf", PAGES[:2]), scan(folder / "oak.pdf", PAGES[1:2])
    notes = folder / "notes.txt"
    notes.write_text("The tower has a clock.", encoding="utf-8")
    (added,) = objects(assistant(folder / "home", "add", str(tower), str(oak), str(notes), "--json"))
    document, *others = sorted(added["documents"], key=lambda each: each["path"] != str(tower))
    assert document["state"] == "ready"
    assert document["report"] == {"text": 0, "ocr": 2, "empty": 0, "failed": 0, "waiting": 0}
    assert [each["state"] for each in others] == ["ready"] * 2
    return folder


def test_a_scan_is_recognised_in_the_terminal_and_copied(papers: Path) -> None:
    copy = papers / "copy.pdf"
    again = assistant(
        papers / "home", "recognise", str(papers / "tower.pdf"), "--with", "tesseract",
        "--language", "English", "--page", "2", "--output", str(copy), "--json",
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    (told,) = objects(again)
    (page,) = told["pages"]
    assert (page["number"], page["outcome"], page["recogniser"]) == (2, "ocr", "tesseract")
    read = open_document(copy)
    try:
        texts = [section.text for part in read.parts() for section in part.sections]
    finally:
        read.close()
    assert "cast in the year 1742" in " ".join(texts[0].split())


def test_no_searchable_copy_is_made_of_what_has_no_pages(tmp_path: Path) -> None:
    setup = DocumentsSetup(tmp_path)
    try:
        notes = tmp_path / "notes.txt"
        notes.write_text("The tower has a clock.", encoding="utf-8")
        (document,) = setup.add(notes)
        with pytest.raises(UserInputError) as caught:
            setup.service.searchable_copy(document.id, tmp_path / "copy.pdf").result(30)
        assert caught.value.problem.reason == "copy-of-no-pages"
    finally:
        setup.service.close()


def test_several_documents_are_recognised_in_the_terminal(papers: Path) -> None:
    home, first, second, notes = (papers / name for name in ("home", "tower.pdf", "oak.pdf", "notes.txt"))
    again = assistant(
        home, "recognise", str(first), str(notes), "4711", str(second), "--with", "tesseract",
        "--language", "English", "--page", "1", "--json",
    )  # fmt: skip
    assert again.returncode == 1
    told = objects(again)
    assert [each["document"]["path"] for each in told if "document" in each] == [str(first), str(second)]
    assert [each["target"] for each in told if "error" in each] == [str(notes), "4711"]
    assert str(notes) in again.stderr
    unsaved = papers / "two.pdf"
    copied = assistant(home, "recognise", str(first), str(second), "--output", str(unsaved))
    assert (copied.returncode, unsaved.exists()) == (2, False)

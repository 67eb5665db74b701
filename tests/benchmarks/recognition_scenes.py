"""What the screenshots show of scans: what is recognised, what waits, how sure it is."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint

from assistant.documents.event_records import RecognitionState, RecognitionStatus
from assistant.documents.records import (
    Answer,
    DocumentInfo,
    DocumentState,
    Outcome,
    PartCounts,
    PartReport,
    Quote,
    WordOnPage,
)
from assistant.errors import Problem
from tests.benchmarks import reader_scenes
from tests.benchmarks.scene import Scene
from tests.gui.doubles import Pending, document
from tests.scripted_vision import languages
from ui.recognition.dialog import RecogniseDialog
from ui.viewer.page_words import WordPlace

HOME = "/home/ada/Documents"
LANGUAGES = languages("en", "de", "fr", "es", "it", "pt", "ru", "ar", "hi", "zh", "ja")


def rows() -> list[DocumentInfo]:
    def scan(number: int, name: str, pages: int, counts: PartCounts, **other: object) -> DocumentInfo:
        values = {"state": DocumentState.PARTIAL, "pages": pages, "pages_done": pages, "report": counts}
        return document(number, f"{HOME}/{name}", **{**values, **other})

    return [
        document(2, f"{HOME}/report-2022.pdf", pages=212, pages_done=212, chunks=1840),
        scan(3, "Lease Mill Lane.pdf", 14, PartCounts(ocr=14), state=DocumentState.READY, chunks=96),
        scan(4, "scan.pdf", 9, PartCounts(text=1, ocr=4, empty=4, waiting=4)),
        scan(5, "minutes-1974.pdf", 44, PartCounts(text=2, empty=42, waiting=42), chunks=3),
        scan(6, "receipt.jpg", 1, PartCounts(empty=1, waiting=1), chunks=0, kind="image"),
        scan(7, "slides.pptx", 30, PartCounts(text=30, waiting=12), unit="slide"),
        scan(8, "letters.pdf", 6, PartCounts(ocr=4, empty=2)),
    ]


def parts() -> tuple[PartReport, ...]:
    picture = Problem("no-text", "page-is-picture")

    def read(number: int, characters: int, confidence: float, by: str = "tesseract") -> PartReport:
        outcome, languages = Outcome.OCR, ("de", "en")
        return PartReport(
            number, f"page {number}", outcome, None, characters, False, by, confidence, languages, 1
        )

    return (
        PartReport(1, "page 1", Outcome.TEXT, None, 1431),
        read(2, 2204, 0.97),
        read(3, 1980, 0.95),
        read(4, 312, 0.63, "rapidocr"),
        read(5, 2011, 0.96),
        *(PartReport(n, f"page {n}", Outcome.EMPTY, picture, 0, waiting=True) for n in (6, 7, 8, 9)),
    )


def running(**other: object) -> RecognitionStatus:
    status = RecognitionStatus(RecognitionState.RUNNING, 4, "scan.pdf", 6, 59, 4, 410.0)
    return replace(status, **other)  # type: ignore[arg-type]


def connect(scene: Scene) -> None:
    scene.services.vision.here = LANGUAGES
    scene.documents.recognition = running(pages_left=120)
    scene.connect(*rows())
    scene.documents.on_event(running())
    scene.settle()


# --- scenes


def documents(scene: Scene) -> None:
    connect(scene)


def paused(scene: Scene) -> None:
    connect(scene)
    scene.documents.on_event(running(state=RecognitionState.PAUSED))


def idle(scene: Scene) -> None:
    connect(scene)
    scene.documents.on_event(RecognitionStatus(RecognitionState.WAITING, pages_left=59, reason="idle"))


def report(scene: Scene) -> None:
    connect(scene)
    scene.documents.queue["report"].append(parts())
    panel = scene.page.document_panel
    panel.list.setCurrentIndex(panel.list.documents.index_of(4))
    panel.details_wanted.emit(scene.documents.rows[4])
    scene.settle()


def again(scene: Scene) -> None:
    report(scene)
    scene.window.recognition.ask(scene.documents.rows[4], parts()[3])
    scene.settle()
    (scene.dialog,) = scene.window.findChildren(RecogniseDialog)


def viewed(scene: Scene) -> None:
    """Its recognised words are made seen, some are selected."""
    reader_scenes.picture(scene)
    scene.documents.page_words = lambda number, page: Pending().finish(words())  # type: ignore[method-assign]
    connect(scene)
    scene.page.document_panel.open_wanted.emit(scene.documents.rows[3])
    scene.settle(500)
    viewer = scene.page.side_panel.viewer
    viewer.toolbar.words.click()
    viewer.pages.words.select(WordPlace(1, 40), WordPlace(1, 52))
    viewer.pages.viewport().update()


def quoted(scene: Scene) -> None:
    reader_scenes.picture(scene)
    connect(scene)
    text = "The rent is 1,240 a month and is due on the third working day."
    boxes = ((56, 210, 548, 226),)
    quotes = tuple(
        Quote(
            n,
            1 / n,
            3,
            f"{HOME}/{name}",
            name,
            4,
            "page 4",
            (),
            text,
            boxes,
            n,
            0,
            len(text),
            recognised=sure,
        )
        for n, name, sure in (
            (1, "Lease Mill Lane.pdf", 0.96),
            (2, "letters.pdf", 0.58),
            (3, "report.pdf", None),
        )
    )
    scene.documents.queue["ask"].append(Answer("What is the rent?", quotes, 0.03))
    scene.page.questions.field.ask("What is the rent?")
    scene.settle()
    scene.page.questions.quotes_view.cards()[1].chosen.emit(quotes[1])
    scene.settle(500)


def in_settings(scene: Scene) -> None:
    connect(scene)
    scene.services.settings.recognition.languages = ["de", "en", "ru"]
    scene.window.go_to("settings")
    scene.settle()
    scene.window.settings._area.verticalScrollBar().setValue(280)
    scene.dialog = scene.window.settings.recognition.languages.menu()
    scene.dialog.popup(QPoint(0, 0))


def words() -> tuple[WordOnPage, ...]:
    """Of the page that `reader_scenes` paints."""
    found = []
    for line, text in enumerate(reader_scenes.PARAGRAPHS * 4):
        left = 56.0
        for number, word in enumerate(text.split()):
            width = (10.2 if line % 7 == 0 else 5.55) * len(word)
            top = 140 + line * 23.3
            found.append(
                WordOnPage(word, (left, top + 4, left + width, top + 20), 0.5 if number == 5 else 0.95)
            )
            left += width + 3
    return tuple(found)


SCENES = {
    "scans": documents,
    "scans-paused": paused,
    "scans-idle": idle,
    "scans-report": report,
    "scans-again": again,
    "scans-settings": in_settings,
    "scans-viewed": viewed,
    "scans-quoted": quoted,
}

"""What the screenshots show of scans: what is recognised, what waits, how sure it is."""

from __future__ import annotations

from dataclasses import replace

from assistant.documents.records import (
    DocumentInfo,
    DocumentState,
    Outcome,
    PartCounts,
    PartReport,
    RecognitionState,
    RecognitionStatus,
)
from assistant.errors import Problem
from assistant.vision.records import RecognitionLanguage
from tests.benchmarks.scene import Scene
from tests.gui.doubles import document
from ui.recognition.dialog import RecogniseDialog

HOME = "/home/ada/Documents"
LANGUAGES = tuple(
    RecognitionLanguage(code, code, f"/t/{code}.traineddata", True)
    for code in ("en", "de", "fr", "es", "it", "pt", "ru", "ar", "hi", "zh", "ja")
)


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
        return PartReport(
            number, f"page {number}", Outcome.OCR, None, characters, False, by, confidence, ("de", "en")
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


SCENES = {
    "scans": documents,
    "scans-paused": paused,
    "scans-idle": idle,
    "scans-report": report,
    "scans-again": again,
}

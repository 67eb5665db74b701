"""Scans recognised while somebody works, measured: how much longer a search takes, and the longest stall.

    recognising.py [--pages 30] [--seconds 240] [--reports 1] [--causes 3]

The real program reads a report of `../shared/data`, or its handbook alone, and is asked twice a second while
nothing else goes on, then while a scan of rendered pages is recognised. Somebody looks at its report and its
pages meanwhile. What the threads did in the longest stalls is told, too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.window import BUDGET, PDFS, QUESTIONS, run, start, verdict  # noqa: E402

SLOWER = 1.5
"""So many times what a search takes otherwise, at the most."""
SETTLE_MS = 8000
QUIET_MS = 40_000
ASK_EVERY_MS = 500
ACT_EVERY_MS = 4000
DPI = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=240)
    parser.add_argument("--reports", type=int, default=1)
    parser.add_argument("--causes", type=int, default=3)
    parser.add_argument("--child", type=Path, help="the folder of the scan")
    options = parser.parse_args()
    if options.child:
        start(lambda window: Person(window, options))
        return
    print(f"load of the computer before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as home:
        make_scan(Path(home) / "scan.pdf", options.pages)
        told = run(
            home, "--child", home, "--seconds", str(options.seconds), "--reports", str(options.reports),
            "--causes", str(options.causes), script=Path(__file__),
        )  # fmt: skip
        causes = Path(home) / "causes"
        quiet, busy = float(told["quiet search"]), float(told["recognising search"])
        verdict("search, against a quiet time (median)", busy / quiet, SLOWER, "×")
        for what in ("quiet", "recognising"):
            search, last = told[f"{what} search"], told[f"{what} slowest"]
            print(f"  {what}: {search} ms (95 %: {last} ms) in {told[f'{what} asked']} searches")
        verdict("longest stall", float(told["recognising stall"]), BUDGET["stall"], "ms")
        print(f"  most work of the window's own thread at a stretch: {told['recognising work']} ms")
        print(f"  before: {told['quiet stall']} ms; stalls over 25 ms: {told['recognising over']}")
        print(f"  pages recognised: {told['pages']} in {told['recognising seconds']} s")
        print(causes.read_text() if causes.exists() else "")


def make_scan(path: Path, pages: int) -> None:
    """Rendered paragraphs as pictures, a page each."""
    from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

    from tests.benchmarks.rendered_text import image_of, page_text, rendered

    writer: QPdfWriter | None = None
    for number in range(pages):
        image = image_of(rendered(page_text("en", number % 20), "en", DPI).pixels)
        if writer is None:  # only now there is an application
            writer = QPdfWriter(str(path))
            writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
            writer.setResolution(DPI)
            painter = QPainter(writer)
        else:
            writer.newPage()
        painter.drawImage(image.rect(), image)
    painter.end()


# --- in the program ---------------------------------------------------------------------------------


def Person(window: Any, options: argparse.Namespace) -> Any:
    """Asks while nothing goes on; then adds the scan, and asks and looks while it is recognised."""
    from PySide6.QtCore import QObject, QTimer

    from assistant.documents.event_records import IndexingState, RecognitionState
    from assistant.documents.records import DocumentState
    from tests.benchmarks.stalls import Stalls

    class _Person(QObject):
        def begin(self) -> None:
            self.documents = window.context.services.documents
            self.stalls = Stalls(self, options.child / "causes", options.causes)
            self.asking = QTimer(self, interval=ASK_EVERY_MS)
            self.asking.timeout.connect(self.ask)
            self.acting = QTimer(self, interval=ACT_EVERY_MS)
            self.acting.timeout.connect(self.act)
            self.number = 0
            self.recognised = False
            self.reading = True
            window.bridge.indexing.connect(self.indexed)
            reports = sorted(PDFS.glob("*.pdf"))[: options.reports] if PDFS.is_dir() else []
            if reports:
                window.document_actions.add([str(path) for path in reports], None)
            QTimer.singleShot(SETTLE_MS, self.wait)

        def indexed(self, status: Any) -> None:
            self.reading = status.state is not IndexingState.IDLE

        def wait(self) -> None:
            """Until everything is read."""
            if self.reading or window.recognition.status is None:
                QTimer.singleShot(1000, self.wait)
                return
            self.measure()
            QTimer.singleShot(QUIET_MS, self.add)

        def add(self) -> None:
            self.tell("quiet")
            window.bridge.recognition.connect(self.follow)
            window.document_actions.add([str(options.child / "scan.pdf")], None)
            QTimer.singleShot(round(options.seconds * 1000), self.end)

        def follow(self, status: Any) -> None:
            running = status.state is RecognitionState.RUNNING and status.seconds_left is not None
            if running and not self.stalls.measuring and not self.recognised:
                self.recognised = True  # the first page is done: the models are there
                self.measure()
            elif status.state is RecognitionState.IDLE and self.recognised:
                self.end()

        # --- what is measured

        def measure(self) -> None:
            self.seconds: list[float] = []
            self.stalls.measure()
            self.asking.start()
            self.acting.start()

        def ask(self) -> None:
            asked, seconds = time.perf_counter(), self.seconds
            found = self.documents.search(QUESTIONS[self.number % len(QUESTIONS)])
            found.when_done(lambda _: seconds.append(time.perf_counter() - asked))
            self.number += 1

        def act(self) -> None:
            """Somebody looks at what becomes of it."""
            rows = list(window.documents.document_panel.model.all())
            panel = window.documents.side_panel
            row = next((row for row in rows if row.path.endswith("scan.pdf")), rows[0])
            if self.number % 3 and row.state is not DocumentState.INDEXING:
                panel.show_document(row, 1 + self.number % max(1, row.pages or 1))
            else:
                panel.show_report(row)

        def tell(self, what: str) -> None:
            self.asking.stop()
            self.acting.stop()
            took = sorted(self.seconds)
            slowest = took[int(len(took) * 0.95)] if took else 0.0
            print(f"{what} search: {statistics.median(took or [0.0]) * 1000:.1f}")
            print(f"{what} slowest: {slowest * 1000:.1f}\n{what} asked: {len(took)}")
            self.stalls.tell(what)

        def end(self) -> None:
            if not self.stalls.measuring:
                return
            self.tell("recognising")
            rows = window.documents.document_panel.model.all()
            print(f"pages: {sum(row.report.ocr for row in rows)}", flush=True)
            window.close()

    return _Person(window)


if __name__ == "__main__":
    main()

"""How well receipts, invoices and screenshots are read: words found, rows kept together.

    python -m tests.benchmarks everyday_pictures [--only PART…] [--with product tesseract rapidocr] [--text]

Pictures are drawn by Qt from known rows: receipts that lie askew on a table, invoices with columns of short
numbers, windows in light and dark colours with letters of 11 to 16 pixels; then worsened. Words are counted
whatever their order (what is found of those that are there, and how much of what is found is there: F₁); a
row is kept if its words follow each other in the text. Beside the product stand the two libraries alone.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter, QTransform

from tests.benchmarks.picture_recognition import BY
from tests.benchmarks.rendered_text import Page, compressed, grey, image_of, noisy, photographed

_TABLE = 95
"""The grey on which a receipt lies."""
_RECEIPT = (
    ("Green Grocer", ""), ("12 Mill Lane", ""), ("", ""), ("Potatoes 2 kg", "3.20"), ("Goat cheese", "6.90"),
    ("Thyme", "2.30"), ("Bread rolls 6", "4.15"), ("Oat milk", "1.89"), ("Apples 1.2 kg", "3.48"), ("", ""),
    ("Subtotal", "21.92"), ("VAT 7 %", "1.53"), ("Total", "23.45"), ("Cash", "30.00"), ("Change", "6.55"),
    ("", ""), ("14.03.2026 17:42", "No. 8813"),
)  # fmt: skip
_INVOICE = (
    ("Invoice 2031", "", "", ""), ("Item", "Count", "Unit", "Price"), ("Potatoes", "2", "kg", "3.20"),
    ("Goat cheese", "1", "piece", "6.90"), ("Thyme", "4", "bunch", "2.30"), ("Paper", "12", "pack", "47.88"),
    ("Desk lamp", "3", "piece", "89.70"), ("Envelopes", "7", "box", "24.15"), ("Delivery", "1", "", "9.00"),
    ("Total", "", "", "183.13"), ("Payable within 14 days", "", "", ""),
)  # fmt: skip
_WINDOW = (
    ("File  Edit  View  Tools  Help",), ("Inbox", "Subject", "Received"),
    ("Anna Keller", "Meeting moved to Thursday", "09:12"), ("Billing", "Your invoice for October", "08:47"),
    ("Support", "Ticket 4471 was closed", "Yesterday"), ("Newsletter", "Ten recipes for autumn", "Monday"),
    ("The meeting about the new office moves to Thursday at half past two.",),
    ("Please bring the plans of both floors and the list of rooms.",),
    ("Settings", "Notifications", "Storage 12.4 GB of 50 GB"), ("Cancel", "Save changes"),
)  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    page: Page
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    found: float
    """Share of the words that are there."""
    right: float
    """Share of the words found."""
    rows: float
    seconds: float

    @property
    def words(self) -> float:
        return 2 * self.found * self.right / (self.found + self.right) if self.found + self.right else 0.0


def drawn(
    rows: tuple[tuple[str, ...], ...],
    columns: tuple[float, ...],
    font: str,
    pixels: int,
    *,
    ink: int = 20,
    paper: int = 252,
    spacing: float = 2.0,
    width: int = 30,
) -> Drawn:
    """Rows of cells.

    Args:
        columns: where each begins, as a share of the width.
        spacing: from row to row, in heights of a letter.
        width: of the sheet, in heights of a letter.
    """
    if QGuiApplication.instance() is None:
        QGuiApplication(["everyday_pictures", "-platform", "offscreen"])
    margin, step = 2 * pixels, round(pixels * spacing)
    image = QImage(width * pixels, 2 * margin + step * len(rows), QImage.Format.Format_Grayscale8)
    image.fill(QColor(paper, paper, paper))
    painter = QPainter(image)
    face = QFont(font)
    face.setPixelSize(pixels)
    painter.setFont(face)
    painter.setPen(QColor(ink, ink, ink))
    for number, row in enumerate(rows):
        for cell, column in zip(row, columns, strict=False):
            left = round(margin + column * (image.width() - 2 * margin))
            painter.drawText(left, margin + step * number + pixels, cell)
    painter.end()
    texts = tuple(" ".join(" ".join(row).split()) for row in rows)
    texts = tuple(filter(None, texts))
    return Drawn(Page(grey(image), 0, "\n".join(texts), ()), texts)


def lying(sheet: Drawn, degrees: float) -> Drawn:
    """On a darker table, turned clockwise."""
    height, width = sheet.page.pixels.shape
    table = QImage(round(width * 1.4), round(height * 1.2), QImage.Format.Format_Grayscale8)
    table.fill(QColor(_TABLE, _TABLE, _TABLE))
    painter = QPainter(table)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    turn = QTransform().translate(table.width() / 2, table.height() / 2).rotate(degrees)
    painter.setTransform(turn.translate(-width / 2, -height / 2))
    painter.drawImage(0, 0, image_of(sheet.page.pixels))
    painter.end()
    return Drawn(Page(grey(table), 0, sheet.page.text, ()), sheet.rows)


def pictures() -> Iterator[tuple[str, Callable[[], Drawn]]]:
    for degrees in (0, 2, -4, 4, 6, -8):
        yield f"receipt {degrees}°", lambda degrees=degrees: lying(_receipt(), degrees)
    yield "receipt small 3°", lambda: lying(_receipt(22), 3)
    yield "receipt photo", lambda: _worse(lying(_receipt(), 1), photographed)
    yield "receipt photo 5°", lambda: _worse(lying(_receipt(), -5), photographed)
    yield "receipt noise 3°", lambda: _worse(lying(_receipt(), 3), noisy)
    yield "invoice", _invoice
    yield "invoice small", lambda: _invoice(16)
    yield "invoice 3°", lambda: lying(_invoice(), 3)
    yield "invoice noise", lambda: _worse(_invoice(), noisy)
    yield "invoice photo", lambda: _worse(lying(_invoice(), 1), photographed)
    for pixels in (11, 12, 13, 16):
        yield f"screen light {pixels} px", lambda pixels=pixels: _window(pixels, ink=30, paper=250)
        yield f"screen dark {pixels} px", lambda pixels=pixels: _window(pixels, ink=225, paper=32)
    yield "screen pale 13 px", lambda: _window(13, ink=130, paper=245)
    yield "screen jpeg 13 px", lambda: _worse(_window(13, ink=30, paper=250), compressed)


def score(found: str, wanted: Drawn, seconds: float) -> Score:
    there, read = Counter(wanted.page.text.split()), Counter(found.split())
    both = sum((there & read).values())
    flat = f" {' '.join(found.split())} "
    kept = sum(f" {row} " in flat for row in wanted.rows)
    return Score(both / there.total(), both / max(read.total(), 1), kept / len(wanted.rows), seconds)


def _receipt(pixels: int = 36) -> Drawn:
    return drawn(_RECEIPT, (0.0, 0.72), "Noto Sans Mono", pixels, width=20)


def _invoice(pixels: int = 24) -> Drawn:
    return drawn(_INVOICE, (0.0, 0.4, 0.6, 0.85), "Noto Sans", pixels, spacing=2.4, width=40)


def _window(pixels: int, *, ink: int, paper: int) -> Drawn:
    return drawn(_WINDOW, (0.0, 0.25, 0.75), "Noto Sans", pixels, ink=ink, paper=paper, width=50)


def _worse(sheet: Drawn, by: Callable[[Page], Page]) -> Drawn:
    return Drawn(by(sheet.page), sheet.rows)


def _mean(scores: list[Score]) -> str:
    words = 100 * statistics.mean(each.words for each in scores)
    rows = 100 * statistics.mean(each.rows for each in scores)
    return f"{words:.1f} ({rows:.0f}), {statistics.mean(each.seconds for each in scores):.1f} s"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="+", default=[""], help="pictures whose name begins so")
    parser.add_argument("--with", dest="by", nargs="+", choices=list(BY), default=list(BY))
    parser.add_argument("--text", action="store_true", help="show what was read")
    options = parser.parse_args()
    readers = {by: BY[by]() for by in options.by}
    print("words F₁ (rows) in %\n| | " + " | ".join(readers) + " | the product by |")
    print("|---" * (len(readers) + 2) + "|")
    all_scores: dict[str, list[Score]] = {by: [] for by in readers}
    worse = []
    for name, draw in pictures():
        if not name.startswith(tuple(options.only)):
            continue
        picture, scores, note = draw(), {}, ""
        for by, recognise in readers.items():
            start = time.monotonic()
            text, _, said = recognise(picture.page, "en")
            scores[by] = score(text, picture, time.monotonic() - start)
            note = said if by == "product" else note
            all_scores[by].append(scores[by])
            if options.text:
                print(f"--- {name} {by}\n{text}", file=sys.stderr)
        cells = [f"{100 * each.words:.0f} ({100 * each.rows:.0f})" for each in scores.values()]
        print(f"| {name} | " + " | ".join(cells) + f" | {note} |", flush=True)
        if "product" in scores and scores["product"].words < max(s.words for s in scores.values()) - 0.01:
            worse.append(name)
    means = [_mean(each) for each in all_scores.values()]
    print("| mean | " + " | ".join(means) + " | |")
    print(f"worse by more than a point than the better library alone: {', '.join(worse) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

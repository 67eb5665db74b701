"""What the screenshots show of a document that is read in the panel."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from assistant.documents.records import DocumentInfo, DocumentState, PagePicture, Quote
from assistant.documents.viewer_records import (
    FoundPlace,
    FoundPlaces,
    OutlineEntry,
    PageLayout,
    TextRun,
    TextStretch,
)
from assistant.errors import DocumentGone, PasswordRequired, Problem
from tests.benchmarks.scene import Scene
from tests.gui.doubles import Pending, document

PARAGRAPHS = (
    "Consolidated balance sheet",
    "At the end of the financial year total assets stood at 5,248.1 million, of which property, plant",
    "and equipment made up 41 percent. Working capital fell slightly as inventories were reduced.",
    "Total debt was 1.9 billion at the end of 2022, compared with 2.3 billion a year before. The company",
    "repaid the second bond in March and did not issue new securities during the year.",
    "Net finance costs decreased accordingly to 64.2 million. The average rate of interest was 3.1 percent.",
    "Shareholders' equity rose to 2,012.7 million. The board proposes a dividend of 0.84 per share.",
)


BOXES = ((56, 210, 548, 226), (56, 232, 470, 248))
FOUND = ((56, 210, 110, 226), (56, 373, 110, 389), (56, 536, 110, 552))
"""Where the painted page says “Total debt”."""
HOME = "/home/ada/Documents"
REPORT = document(2, f"{HOME}/report-2022.pdf", pages=212, pages_done=212, chunks=1840)
BOOKMARKS = (
    OutlineEntry("Letter to shareholders", 0, 4),
    OutlineEntry("Management report", 0, 12),
    OutlineEntry("Business and general conditions", 1, 14),
    OutlineEntry("Results of operations, financial position and net assets", 1, 31),
    OutlineEntry("Consolidated financial statements", 0, 56),
    OutlineEntry("Income statement", 1, 57),
    OutlineEntry("Balance sheet", 1, 58),
    OutlineEntry("Borrowings", 2, 60),
    OutlineEntry("Cash flow statement", 1, 61),
    OutlineEntry("Notes", 0, 64),
    OutlineEntry("Auditor's report", 0, 201),
)
QUOTE = Quote(
    1,
    0.9,
    2,
    REPORT.path,
    "report-2022.pdf",
    58,
    "page 58",
    ("Consolidated balance sheet",),
    "Total debt was 1.9 billion at the end of 2022, compared with 2.3 billion a year before.",
    BOXES,
    1,
    0,
    86,
)


def page(number: int, width: int, *, dark: bool = False) -> PagePicture:
    """A printed page, painted."""
    height = round(width * 842 / 595)
    scale = width / 595
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#20242c" if dark else "#ffffff"))
    painter = QPainter(image)
    painter.scale(scale, scale)
    painter.setPen(QColor("#e8e8e8" if dark else "#202020"))
    font = QFont("Noto Serif")
    for line, text in enumerate(PARAGRAPHS * 4):
        font.setPixelSize(20 if line % 7 == 0 else 11)
        font.setBold(line % 7 == 0)
        painter.setFont(font)
        painter.drawText(QRectF(56, 140 + line * 23.3, 500, 24), Qt.AlignmentFlag.AlignVCenter, text)
    painter.end()
    return PagePicture(number, 212, width, height, scale, bytes(image.constBits()))


def picture(scene: Scene, *, dark: bool = False) -> None:
    """Every page is a painted one."""
    documents = scene.documents
    documents.page_layout = lambda number: Pending().finish(  # type: ignore[method-assign]
        PageLayout(((595.0, 842.0),) * 212, (), BOOKMARKS)
    )
    documents.page_picture = lambda number, page_, width: Pending().finish(  # type: ignore[method-assign]
        page(page_, width, dark=dark)
    )


def rows() -> list[DocumentInfo]:
    return [
        REPORT,
        document(3, f"{HOME}/Lease Mill Lane.docx", unit="part", pages=4, pages_done=4, chunks=31),
        document(
            4,
            f"{HOME}/salaries.pdf",
            kind="",
            chunks=0,
            state=DocumentState.FAILED,
            error=Problem("password-required", "pdf-locked", {"wrong": False}),
        ),
        document(
            5,
            "/media/stick/minutes.odt",
            unit="part",
            state=DocumentState.MISSING,
            error=Problem("file-gone", "file-gone", {}),
        ),
        document(
            6,
            f"{HOME}/broken.docx",
            chunks=0,
            state=DocumentState.FAILED,
            error=Problem("unreadable", "archive-damaged", {}),
        ),
        document(7, f"{HOME}/تقرير سنوي عن الميزانية العمومية.docx", unit="part", pages=6, pages_done=6),
        document(8, f"{HOME}/" + "a very long name that goes on and on " * 5 + "(3).pdf", pages=212),
    ]


def text(scene: Scene, *runs: TextRun) -> None:
    scene.documents.queue["text"].append(TextStretch(runs, True, True))


def lease() -> tuple[TextRun, ...]:
    def run(section: int, *heading: str, body: str, table: bool = False) -> TextRun:
        head = "" if table else heading[-1] + "\n\n"
        return TextRun(section, 0, f"paragraphs {section}–{section + 4}", heading, table, head + body)

    title = "Lease of 14 Mill Lane"
    return (
        run(1, title, body="\n\n".join(PARAGRAPHS[1:4])),
        run(2, title, "1. Rent", body="\n\n".join(PARAGRAPHS[3:6])),
        run(
            3,
            title,
            "1. Rent",
            body="Month\tRent\tPaid\nJanuary\t1,240\tyes\nFebruary\t1,240\tno",
            table=True,
        ),
        run(4, title, "2. Deposit", body="\n\n".join(PARAGRAPHS[2:6])),
        run(5, title, "2. Deposit", "2.1 Return of the deposit", body="\n\n".join(PARAGRAPHS[1:])),
    )


# --- scenes


def opened(scene: Scene, number: int = 2) -> None:
    scene.connect(*rows())
    row = scene.documents.rows[number]
    panel = scene.page.document_panel
    panel.list.setCurrentIndex(panel.list.documents.index_of(number))
    panel.open_wanted.emit(row)
    scene.settle(500)


def pdf(scene: Scene) -> None:
    picture(scene)
    opened(scene)


def quote(scene: Scene, *, dark: bool = False) -> None:
    picture(scene, dark=dark)
    scene.connect(*rows())
    scene.page.side_panel.show_quote(QUOTE)
    scene.settle(500)


def zoomed(scene: Scene) -> None:
    quote(scene)
    for _ in range(3):
        scene.page.side_panel.viewer.pages.zoom_in()
    scene.settle(500)


def dark_page(scene: Scene) -> None:
    quote(scene, dark=True)


def find(scene: Scene) -> None:
    places = tuple(FoundPlace(page_, 0, 10, page_, (box,)) for page_ in (31, 58, 60) for box in FOUND)
    scene.documents.queue["find"].append(FoundPlaces(places))
    quote(scene)
    bar = scene.page.side_panel.viewer.finder.bar
    bar.show()
    bar.field.setText("total debt")
    bar.field.setFocus()
    scene.settle(500)


def outline(scene: Scene) -> None:
    quote(scene)
    scene.page.side_panel.viewer.toolbar.outline.click()
    scene.settle(500)


def word(scene: Scene) -> None:
    text(scene, *lease())
    headings = [OutlineEntry(run.heading[-1], len(run.heading) - 1, None, run.section) for run in lease()]
    scene.documents.queue["headings"].append(tuple(headings))
    opened(scene, 3)
    scene.page.side_panel.viewer.toolbar.outline.click()


def word_quote(scene: Scene) -> None:
    text(scene, *lease())
    scene.connect(*rows())
    start = lease()[1].text.index("Total debt")
    of_text = replace(QUOTE, document=3, path=rows()[1].path, page=None, boxes=(), section=2, start=start)
    scene.page.side_panel.show_quote(replace(of_text, end=start + 96, location="paragraphs 2–6"))
    scene.settle(300)


def right_to_left(scene: Scene) -> None:
    body = "بلغ إجمالي الدين 1.9 مليار في نهاية عام 2022 مقارنة بمبلغ 2.3 مليار في العام السابق."
    words = f"الميزانية العمومية\n\n{body}\n\n{body} {body}\n\nTotal debt: 1.9 billion\n\n{body}"
    text(scene, TextRun(1, 0, "paragraphs 1–9", ("الميزانية العمومية",), False, words))
    scene.documents.queue["headings"].append((OutlineEntry("الميزانية العمومية", 0, None, 1),))
    opened(scene, 7)
    scene.page.side_panel.viewer.toolbar.outline.click()


def missing(scene: Scene) -> None:
    text(scene, *lease())
    opened(scene, 5)


def gone(scene: Scene) -> None:
    scene.documents.queue["page_layout"].append(DocumentGone("file-gone"))
    text(scene, *lease())
    opened(scene)


def locked(scene: Scene) -> None:
    scene.documents.queue["page_layout"].append(PasswordRequired("pdf-locked", wrong=False))
    opened(scene, 4)


def broken(scene: Scene) -> None:
    opened(scene, 6)


def long_name(scene: Scene) -> None:
    picture(scene)
    opened(scene, 8)


SCENES = {
    "reader": pdf,
    "reader-quote": quote,
    "reader-zoomed": zoomed,
    "reader-dark-page": dark_page,
    "reader-find": find,
    "reader-outline": outline,
    "reader-text": word,
    "reader-text-quote": word_quote,
    "reader-right-to-left": right_to_left,
    "reader-missing": missing,
    "reader-gone": gone,
    "reader-locked": locked,
    "reader-broken": broken,
    "reader-long-name": long_name,
}

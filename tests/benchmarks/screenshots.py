"""Renders every page and state of the window in both themes, to be looked at.

    screenshots.py FOLDER [NAME…] [--size 1366x768] [--right-to-left]

Shows made-up documents; nothing is read and no engine runs. With QT_SCALE_FACTOR=2 and half the size: 200 %.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, Qt  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from assistant.documents.event_records import IndexingState, IndexingStatus  # noqa: E402
from assistant.documents.records import (  # noqa: E402
    Answer,
    DocumentInfo,
    DocumentState,
    Outcome,
    PartCounts,
    PartReport,
    Quote,
)
from assistant.errors import DiskFull, Problem  # noqa: E402
from assistant.jobs import Progress  # noqa: E402
from assistant.models.download.records import DownloadsState  # noqa: E402
from tests.benchmarks import (  # noqa: E402
    answer_scenes,
    chat_scenes,
    dictation_scenes,
    embedder_scenes,
    first_run_scenes,
    model_scenes,
    picture_scenes,
    reader_scenes,
    recognition_scenes,
    transcript_scenes,
    translation_scenes,
)
from tests.benchmarks.scene import Scene  # noqa: E402
from tests.gui.doubles import Pending, document  # noqa: E402
from tests.told import told  # noqa: E402
from ui.common.dialogs import PasswordDialog  # noqa: E402
from ui.common.file_dialogs import dress  # noqa: E402
from ui.common.theme import Theme  # noqa: E402
from ui.models.first_model import FirstModel  # noqa: E402
from ui.shell.shortcuts import ShortcutSheet  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("screenshots"))
    parser.add_argument("wanted", nargs="*")
    parser.add_argument("--size", default="")
    parser.add_argument("--right-to-left", action="store_true")
    options = parser.parse_intermixed_args()
    folder, wanted = options.folder, options.wanted
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        application = QApplication([])
        if options.right_to_left:
            application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        theme = Theme(application, "light")
        for scheme in ("light", "dark"):
            theme.choose(scheme)
            for name, (size, draw) in SCENES.items():
                if wanted and name not in wanted:
                    continue
                if options.size:
                    across, down = map(int, options.size.split("x"))
                    size = across, down
                os.environ["OFFLINE_ASSISTANT_HOME"] = f"{home}/{name} {scheme}/Offline Assistant"
                take(folder / f"{name}-{scheme}.png", size, draw)
                print(folder / f"{name}-{scheme}.png")


def take(path: Path, size: tuple[int, int], draw: Callable[[Scene], None]) -> None:
    scene = Scene(size)
    draw(scene)
    scene.settle()
    scene.save(path)
    scene.end()


# --- what is shown ----------------------------------------------------------------------------------


def rows() -> list[DocumentInfo]:
    home = "/home/ada/Documents"
    return [
        document(1, f"{home}/handbook/start.md", collection="Handbook", pages=4, pages_done=4),
        document(2, f"{home}/report-2022.pdf", pages=212, pages_done=212, chunks=1840),
        document(3, f"{home}/report-2023.pdf", pages=236, pages_done=236, chunks=2012),
        document(
            4,
            f"{home}/scan.pdf",
            state=DocumentState.PARTIAL,
            pages=9,
            pages_done=9,
            report=PartCounts(text=3, empty=6),
        ),
        document(
            5,
            f"{home}/Prices.xlsx",
            unit="sheet",
            pages=6,
            pages_done=6,
            collection="Contracts",
        ),
        document(
            6,
            f"{home}/salaries.pdf",
            state=DocumentState.FAILED,
            error=Problem.as_told(
                "password-required", "It is protected by a password.", "Give the password to open it."
            ),
            collection="Contracts",
        ),
        document(
            7,
            f"{home}/broken.docx",
            state=DocumentState.FAILED,
            error=Problem.as_told(
                "unreadable", "The file is damaged: its list of contents is missing.", "Save it anew."
            ),
        ),
        document(
            8,
            "/media/stick/minutes.odt",
            state=DocumentState.MISSING,
            error=Problem.as_told(
                "file-gone", "The drive it lies on is not connected.", "It is kept until it is back."
            ),
        ),
        document(9, f"{home}/letter.eml", state=DocumentState.QUEUED, pages=None, pages_done=0, chunks=0),
        document(
            10,
            f"{home}/contract.docx",
            state=DocumentState.INDEXING,
            unit="part",
            pages=80,
            pages_done=34,
            chunks=210,
            collection="Contracts",
        ),
    ]


def strange_rows() -> list[DocumentInfo]:
    return [
        document(21, "/d/تقرير سنوي عن الميزانية العمومية 2023.pdf"),
        document(22, "/d/年度报告与合并资产负债表说明（二〇二三年修订版）.pdf", collection="研究资料"),
        document(23, "/d/" + "a very long name that goes on and on " * 6 + "final version (3).pdf"),
        document(24, "/d/two\nlines and a tab\t.txt"),
        document(25, "/d/broken \udcff\udcfe bytes.txt"),
        document(26, "/d/harmless\u202efdp.exe"),
        document(27, "/d/<b>bold</b> & <img src='http://example.com/x.png'>.html"),
        document(28, "/d/דוח שנתי.docx", state=DocumentState.INDEXING, pages=40, pages_done=22, unit="part"),
        document(29, "/d/Ежегодный отчёт.odt", collection="Ein sehr langer Name für eine Sammlung"),
    ]


def quotes() -> tuple[Quote, ...]:
    def quote(
        n: int, title: str, page: int | None, place: str, heading: str, text: str, boxes: object = ()
    ) -> Quote:
        heads = (heading,) if heading else ()
        return Quote(
            n,
            0.9 - n / 10,
            {1: 2, 2: 3, 3: 5}.get(n, 20 + n),
            f"/d/{title}",
            title,
            page,
            place,
            heads,
            text,
            boxes,
            n,
            0,
            len(text),
        )  # type: ignore[arg-type]

    return (
        quote(
            1,
            "report-2022.pdf",
            58,
            "page 58",
            "Consolidated balance sheet",
            "Total debt was 1.9 billion at the end of 2022, compared with 2.3 billion a year before. The "
            "company repaid the second bond in March and did not issue new securities during the year.",
            ((56, 210, 548, 226), (56, 232, 470, 248)),
        ),
        quote(
            2,
            "report-2023.pdf",
            61,
            "page 61",
            "Borrowings",
            "Borrowings at 31 December 2022: 1,904.6 million (2021: 2,312.0 million).",
            ((56, 210, 548, 226),),
        ),
        quote(
            3,
            "Prices.xlsx",
            2,
            "sheet Debt, rows 2–40",
            "",
            "Year 2022 · Total debt 1,904.6 · Net debt 1,120.3 · Equity 2,012.7 · Ratio 0.56",
        ),
        quote(
            4,
            "تقرير سنوي.pdf",
            7,
            "page 7",
            "الميزانية العمومية",
            "بلغ إجمالي الدين 1.9 مليار في نهاية عام 2022 مقارنة بمبلغ 2.3 مليار "
            "في العام السابق، ولم تصدر الشركة أوراقا مالية جديدة.",
        ),
        quote(
            5,
            "年度报告.pdf",
            12,
            "page 12",
            "合并资产负债表",
            "截至2022年底，总负债为19亿，而上一年为23亿。公司于三月偿还了第二期债券。",
        ),
    )


def running(**other: object) -> IndexingStatus:
    values = {
        "state": IndexingState.RUNNING,
        "document": 10,
        "title": "contract.docx",
        "pages_done": 34,
        "pages": 80,
        "documents_left": 2,
        "seconds_left": 170.0,
        **other,
    }
    return IndexingStatus(**values)  # type: ignore[arg-type]


# --- scenes -----------------------------------------------------------------------------------------


def first_start(scene: Scene) -> None:
    scene.connect(rows()[0])


def first_model_offline(scene: Scene) -> None:
    scene.services.models.state = DownloadsState(
        False, "settings", Problem.as_told("x", "Downloads are off.")
    )
    first_start(scene)


def first_model_on_its_way(scene: Scene) -> None:
    first_start(scene)
    scene.services.models.queue["get"].append(Pending())
    (offer,) = scene.window.findChildren(FirstModel)
    scene.wait(lambda: offer.offer.pick is not None)
    assert offer.offer.pick is not None
    scene.window.model_actions.downloads.start(offer.offer.pick.entry)
    scene.services.models.report(Progress("", 300_000_000, 738_000_000, 95))


def opening(scene: Scene) -> None:
    scene.settle()


def documents(scene: Scene) -> None:
    scene.connect(*rows())
    scene.documents.on_event(running())
    scene.settle()
    scene.page.document_panel.list.setCurrentIndex(scene.page.document_panel.list.documents.index_of(3))
    scene.page.document_panel.list.setFocus()


def answer(scene: Scene) -> None:
    scene.connect(*rows())
    scene.documents.queue["ask"].append(Answer("What was total debt?", quotes(), 0.038))
    scene.page.questions.field.ask("What was total debt at the end of 2022?")
    scene.settle()


def answer_and_page(scene: Scene) -> None:
    answer(scene)
    reader_scenes.picture(scene)
    scene.page.questions.quotes_view.cards()[0].chosen.emit(quotes()[0])
    scene.settle(600)


def answer_and_list(scene: Scene) -> None:
    answer(scene)
    scene.page.document_panel.fold_button.click()


def nothing(scene: Scene) -> None:
    scene.connect(*rows())
    scene.page.collections.choose("Contracts")
    scene.page.questions.field.ask("Who won the cup in 1954?")


def report(scene: Scene) -> None:
    scene.connect(*rows())
    parts = [
        PartReport(n, f"page {n}", Outcome.TEXT, None, 1400 + n * 31)
        if n in (1, 4, 7)
        else PartReport(
            n,
            f"page {n}",
            Outcome.EMPTY,
            Problem("no-text", "page-is-picture"),
            0,
        )
        for n in range(1, 9)
    ]
    parts.append(
        PartReport(
            9, "page 9", Outcome.FAILED, Problem.as_told("unreadable", "The page's contents are damaged."), 0
        )
    )
    scene.documents.queue["report"].append(tuple(parts))
    scene.page.document_panel.list.setCurrentIndex(scene.page.document_panel.list.documents.index_of(4))
    scene.page.document_panel.details_wanted.emit(rows()[3])


def strange(scene: Scene) -> None:
    scene.connect(*rows()[:1], *strange_rows())


def narrow(scene: Scene) -> None:
    documents(scene)


def narrow_answer(scene: Scene) -> None:
    answer_and_page(scene)


def wide(scene: Scene) -> None:
    answer_and_page(scene)


def notices(scene: Scene) -> None:
    scene.connect(*rows())
    scene.window.notices.error(
        told(DiskFull, "The disk is full; reading has stopped.", "Free some space, then press Resume.")
    )
    scene.window.notices.warn(
        "“notes.xyz” was not added: this kind of file is not known.", "Save it as PDF or text."
    )
    scene.window.document_actions.remove([rows()[2]])
    scene.documents.on_event(
        running(
            state=IndexingState.PAUSED,
            notice=Problem.as_told("disk-full", "The disk is full.", "Free some space, then press Resume."),
        )
    )


def drop(scene: Scene) -> None:
    scene.connect(*rows())
    names = ["report-2024.pdf", "minutes.docx", "pictures", "notes.txt"]
    window = scene.window
    window.drops.overlay.setGeometry(window.rect())
    window.drops.overlay.open(names, "My documents", ["Contracts", "Research", "研究资料"])


def drop_on_tile(scene: Scene) -> None:
    drop(scene)
    overlay = scene.window.drops.overlay
    overlay.move_to(QPoint(overlay._tiles()[0][1].center()))


def menu(scene: Scene) -> None:
    documents(scene)
    scene.dialog = scene.page.document_panel.menu_for(scene.page.document_panel.list.selected())
    scene.dialog.popup(QPoint(0, 0))


def choose(scene: Scene) -> None:
    """The dialog of Qt itself, for systems without one of their own."""
    from PySide6.QtWidgets import QFileDialog

    scene.connect(*rows())
    dialog = QFileDialog(scene.window, "Add files", str(ROOT / "resources"))
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dress(dialog)
    dialog.resize(760, 480)
    dialog.show()
    scene.dialog = dialog


def shortcuts(scene: Scene) -> None:
    scene.connect(*rows())
    scene.dialog = ShortcutSheet(scene.window)
    scene.dialog.show()


def password(scene: Scene) -> None:
    scene.connect(*rows())
    scene.dialog = PasswordDialog(scene.window, "salaries.pdf", lambda _: None, wrong=True)
    scene.dialog.show()


def collections(scene: Scene) -> None:
    scene.documents.folders["Contracts"] = [
        "/home/ada/Documents/Contracts",
        "/media/office/Shared/Contracts 2024",
    ]
    scene.connect(*rows())
    scene.page.collections.manage()


def empty_collection(scene: Scene) -> None:
    scene.connect(*rows())
    scene.page.collections._planned.append("Research")
    scene.page.collections.choose("Research")


def proof(scene: Scene) -> None:
    scene.connect(*rows())
    scene.window.proof.toggle()


def settings(scene: Scene) -> None:
    scene.connect(*rows())
    scene.window.go_to("settings")


def many(scene: Scene) -> None:
    template = rows()[1]
    scene.connect(*(replace(template, id=n, title=f"paper-{n:05}.pdf") for n in range(2, 10_002)))


WINDOW = (1280, 720)
SCENES: dict[str, tuple[tuple[int, int], Callable[[Scene], None]]] = {
    "first-start": (WINDOW, first_start),
    "first-model-offline": (WINDOW, first_model_offline),
    "first-model-getting": (WINDOW, first_model_on_its_way),
    "first-narrow": ((760, 480), first_start),
    "opening": (WINDOW, opening),
    **{name: (WINDOW, draw) for name, draw in first_run_scenes.SCENES.items()},
    **{name: ((760, 480), draw) for name, draw in first_run_scenes.SMALLEST.items()},
    "documents": (WINDOW, documents),
    "many": (WINDOW, many),
    "answer": (WINDOW, answer),
    "answer-page": (WINDOW, answer_and_page),
    "answer-list": (WINDOW, answer_and_list),
    "nothing": (WINDOW, nothing),
    "report": (WINDOW, report),
    "strange-names": (WINDOW, strange),
    "narrow": ((900, 640), narrow),
    "narrow-answer": ((900, 640), narrow_answer),
    "wide": ((1920, 1080), wide),
    "notices": (WINDOW, notices),
    "drop": (WINDOW, drop),
    "drop-tile": (WINDOW, drop_on_tile),
    "menu": (WINDOW, menu),
    "choose": (WINDOW, choose),
    "shortcuts": (WINDOW, shortcuts),
    "password": (WINDOW, password),
    "collections": (WINDOW, collections),
    "empty-collection": (WINDOW, empty_collection),
    "proof": (WINDOW, proof),
    "settings": (WINDOW, settings),
    **{name: (WINDOW, draw) for name, draw in answer_scenes.SCENES.items()},
    "answer-checked-wide": ((1920, 1080), answer_scenes.checked),
    "answer-checked-narrow": ((760, 480), answer_scenes.checked),
    **{name: (WINDOW, draw) for name, draw in reader_scenes.SCENES.items()},
    "reader-wide": ((1920, 1080), reader_scenes.outline),
    "reader-narrow": ((760, 480), reader_scenes.quote),
    **{name: (WINDOW, draw) for name, draw in recognition_scenes.SCENES.items()},
    **{name: (WINDOW, draw) for name, draw in chat_scenes.SCENES.items()},
    **{name: (WINDOW, draw) for name, draw in picture_scenes.SCENES.items()},
    **{name: (WINDOW, draw) for name, draw in embedder_scenes.SCENES.items()},
    **{name: (WINDOW, draw) for name, draw in dictation_scenes.SCENES.items()},
    **{name: (WINDOW, draw) for name, draw in transcript_scenes.SCENES.items()},
    **{name: (WINDOW, draw) for name, draw in translation_scenes.SCENES.items()},
    "translate-narrow": ((700, 640), translation_scenes.marks),
    "translate-smallest": ((760, 480), translation_scenes.documents),
    "translate-smallest-text": ((760, 480), translation_scenes.marks),
    "translate-wide": ((1920, 1080), translation_scenes.marks),
    "dictate-narrow": ((760, 480), dictation_scenes.listening),
    "embedder-narrow": ((760, 480), embedder_scenes.advice_long),
    "chat-narrow": ((700, 560), chat_scenes.table),
    **{name: (WINDOW, draw) for name, draw in model_scenes.SCENES.items()},
    "models-narrow": ((1000, 640), model_scenes.details),
    "models-smallest": ((760, 480), model_scenes.models),
    "models-wide": ((1920, 1080), model_scenes.with_cards),
}

if __name__ == "__main__":
    main()

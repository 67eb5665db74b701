"""The Translate page in its states, for screenshots.py."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication

from assistant import languages
from assistant.errors import NoModel, Problem
from assistant.translation.glossary.records import Term
from assistant.translation.jobs.records import DocumentState
from assistant.translation.memory.records import PastText
from assistant.translation.records import (
    Concern,
    Flag,
    Lost,
    NotKept,
    ParagraphDone,
    SentencePair,
    TextTranslation,
    TranslatedParagraph,
)
from tests.benchmarks.scene import Scene
from tests.gui.doubles import Pending, document
from tests.gui.translation_doubles import CHAT, NLLB, OPUS, of_pairs
from tests.gui.translation_doubles import document as translated
from ui.translation.glossary_dialog import GlossaryDialog

LETTER = (
    [("Dear neighbours", "Liebe Nachbarn")],
    [],
    [
        (
            "The water in our street will be turned off on Tuesday",
            "Das Wasser in unserer Straße wird am Dienstag abgestellt",
        ),
        ("It comes back at 14:30", "Es kommt um 16:30 zurück"),
        ("Please fill a few bottles before", "Bitte füllen Sie vorher ein paar Flaschen"),
    ],
    [
        (
            "Questions go to the caretaker at help@example.org",
            "Fragen gehen an den Hausmeister unter help@example.org",
        ),
        ("She is in the house every morning", "She is in the house every morning"),
    ],
)
CONCERNS = {2: (Concern(Flag.VALUES, "14:30"), Concern(Flag.VALUES, "16:30")), 5: (Concern(Flag.UNCHANGED),)}
ARABIC = (
    [
        ("The market opens at seven", "يفتح السوق في الساعة السابعة"),
        ("Bread and fruit are sold until noon", "يباع الخبز والفاكهة حتى الظهر"),
    ],
    [("Bus 12 stops in front of the gate", "تتوقف الحافلة رقم 12 أمام البوابة")],
)


def begin(scene: Scene, *, target: str = "de") -> None:
    scene.services.settings.translation.target = target
    translations = scene.services.translations
    translations.targets = ("ar", "de", "en", "es", "fr", "he", "it", "pl", "tr", "uk", "zh")
    scene.connect(document(1, "/d/a.pdf"))
    scene.window.go_to("translate")
    scene.wait(lambda: scene.window.translate.choices.engines is not None)
    scene.settle(200)


def show(scene: Scene, text: TextTranslation) -> None:
    scene.services.translations.queue.append(text)
    scene.window.translate.take_text(text.source)
    scene.wait(lambda: scene.window.translate.text.translator.result is not None)
    scene.settle(300)


def empty(scene: Scene) -> None:
    begin(scene)


def no_model(scene: Scene) -> None:
    scene.services.translations.here = ()
    begin(scene)


def marks(scene: Scene) -> None:
    begin(scene)
    scene.services.translations.here = (OPUS, CHAT)
    show(scene, of_pairs(LETTER, "en", "de", concerns=CONCERNS))
    field = scene.window.translate.text.target.field
    field.pointed.emit(field.toPlainText().index("Bitte") + 4)
    scene.settle(100)


def alternatives(scene: Scene) -> None:
    marks(scene)
    translations = scene.services.translations
    translations.others = ("Es kommt um 14:30 Uhr wieder.", "Um 14:30 Uhr ist es zurück.")
    text = scene.window.translate.text
    text._go_to_next()
    scene.settle(200)
    (scene.dialog,) = [
        each for each in QApplication.topLevelWidgets() if each.inherits("QMenu") and each.isVisible()
    ]


def pivot(scene: Scene) -> None:
    begin(scene, target="ar")
    scene.services.translations.here = (NLLB,)
    show(scene, of_pairs(ARABIC, "en", "ar", NLLB, between=(". ", ". "), pivot="en"))
    field = scene.window.translate.text.source.field
    field.pointed.emit(30)
    scene.settle(100)


def many_languages(scene: Scene) -> None:
    scene.services.translations.here = (CHAT,)
    begin(scene)
    page = scene.window.translate
    page.choices.targets = tuple(languages.NAMES)
    page.choices.recent = ["uk", "sw"]
    scene.dialog = page.choices.target_menu(page.text.target.language)


def from_arabic(scene: Scene) -> None:
    begin(scene, target="en")
    turned = [[(target, source) for source, target in line] for line in ARABIC]
    show(scene, of_pairs(turned, "ar", "en", NLLB))


def streaming(scene: Scene) -> None:
    scene.services.translations.here = (CHAT,)
    begin(scene)
    whole = of_pairs(LETTER, "en", "de")
    scene.services.translations.queue.append(Pending())
    scene.window.translate.take_text(whole.source)
    scene.wait(lambda: bool(scene.services.translations.reports))
    report = scene.services.translations.reports[0]
    report(ParagraphDone(0, whole.paragraphs[0], True))
    part = whole.paragraphs[1]
    end = part.sentences[1].target[1]
    grown = TranslatedParagraph(part.source, part.text[:end], "en", (SentencePair((0, 10), (0, 10)),))
    report(ParagraphDone(1, grown, False))
    scene.settle(300)


def failed(scene: Scene) -> None:
    begin(scene)
    scene.services.translations.queue.append(NoModel("no-translation-model"))
    scene.window.translate.take_text("نلتقي غدا صباحا عند السوق القديم.")
    scene.settle(500)


def documents(scene: Scene) -> None:
    now, done = time.time(), DocumentState.DONE
    put = scene.services.translations.put
    begin(scene)
    put(
        translated(
            1, "/d/Annual report 2025.docx", state=done, output="/d/Annual report 2025.de.docx", total=1240,
            done=1240, language="en", created=now - 90_000, marked=12,
            lost=(Lost(NotKept.PICTURE_TEXT, "page 3", 2), Lost(NotKept.LOOK, "page 7, footnote 2")),
        ),
        translated(
            2, "/d/Sitzungsprotokoll des Vereins zur Erhaltung der alten Brücke, zweite Fassung mit allen "
            "Anhängen und Anmerkungen.odt", state=done, output="/d/x.odt", total=88, done=88, language="de",
            created=now - 7_000, pivot="en", lost=(Lost(NotKept.TRACKED),),
            options=replace(translated(1, "").options, target="fr"),
        ),
        translated(
            3, "/d/scan.pdf", state=DocumentState.FAILED,
            problem=Problem.as_told("x", "The file is damaged: its contents are missing.", "Save it anew."),
        ),
        translated(4, "/d/film.srt", state=DocumentState.STOPPED, total=640, done=210),
        translated(
            5, "/d/الميزانية.xlsx", state=DocumentState.RUNNING, total=420, done=150, seconds_left=170.0,
        ),
        translated(6, "/d/handbook.epub"),
    )  # fmt: skip
    scene.window.translate.tabs.choose(1)
    scene.settle(400)


def no_documents(scene: Scene) -> None:
    begin(scene)
    scene.window.translate.tabs.choose(1)
    scene.settle(200)


def report(scene: Scene) -> None:
    documents(scene)
    scene.services.translations.paragraphs = of_pairs(LETTER, "en", "de", concerns=CONCERNS).paragraphs[1:]
    tab = scene.window.translate.documents
    tab.show_report(tab.jobs.all[1])


def glossary(scene: Scene) -> None:
    begin(scene)
    scene.services.translations.glossary.set_terms(
        (
            Term("caretaker", "Hausmeisterin", "en", "de"),
            Term("Apple", "Apple", match_case=True),
            Term("Recht", "droit", "de", "fr", part_of_word=True),
            Term("water main", "Hauptwasserleitung der Stadtwerke am Fluss", "en", "de"),
            Term("بوابة", "gate", "ar", "en"),
        )
    )
    dialog = GlossaryDialog(scene.window, scene.window.context, ("ar", "de", "en", "fr"))
    dialog.show()
    scene.dialog = dialog
    scene.settle(300)
    dialog.table.setCurrentIndex(dialog.table.model().index(1, 0))


def history(scene: Scene) -> None:
    marks(scene)
    translations = scene.services.translations
    now = time.time()
    for source, text, pair, ago in (
        ("Where is the station?", "Wo ist der Bahnhof?", ("en", "de"), 400_000),
        ("يفتح السوق في الساعة السابعة", "The market opens at seven", ("ar", "en"), 90_000),
        ("Guten Morgen\nWie geht es Ihnen?", "Good morning\nHow are you?", ("de", "en"), 5_000),
    ):
        translations.past.append(PastText(len(translations.past) + 1, source, text, *pair, now - ago))
    scene.window.translate.show_history()
    scene.settle(400)


def dropping(scene: Scene) -> None:
    begin(scene)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/d/Annual report 2025.docx")])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(scene.window, event)


def settings(scene: Scene) -> None:
    scene.services.translations.here = (OPUS, NLLB, CHAT)
    scene.services.settings.translation.engine = NLLB.path
    begin(scene)
    scene.window.go_to("settings")
    scene.settle(300)
    page = scene.window.settings
    page._area.verticalScrollBar().setValue(page.translation.parentWidget().y() - 40)


SCENES: dict[str, Callable[[Scene], None]] = {
    "translate": empty,
    "translate-no-model": no_model,
    "translate-marks": marks,
    "translate-alternatives": alternatives,
    "translate-arabic": pivot,
    "translate-languages": many_languages,
    "translate-from-arabic": from_arabic,
    "translate-streaming": streaming,
    "translate-failed": failed,
    "translate-documents": documents,
    "translate-no-documents": no_documents,
    "translate-report": report,
    "translate-glossary": glossary,
    "translate-history": history,
    "translate-drop": dropping,
    "settings-translation": settings,
}

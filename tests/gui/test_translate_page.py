"""The Translate page: a text beside its translation, what is marked, documents, glossary and history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from assistant import languages
from assistant.chat.records import Role
from assistant.documents.records import Answer, Quote
from assistant.errors import NoModel
from assistant.models.files.records import ModelKind
from assistant.translation.glossary.records import Term
from assistant.translation.jobs.records import DocumentState
from assistant.translation.memory.records import MemoryKey, Remembered
from assistant.translation.records import (
    Concern,
    Flag,
    Formality,
    Layout,
    Lost,
    NotKept,
    ParagraphDone,
    TranslationOptions,
)
from tests.gui.conftest import Dragging
from tests.gui.doubles import Pending, Services
from tests.gui.model_doubles import ENTRIES, NO_WORK
from tests.gui.translation_doubles import CHAT, NLLB, OPUS, Translations, document, of_pairs, turned
from ui.common.menus import Menu
from ui.common.theme import Theme
from ui.models.dialogs import AddDialog
from ui.transcript.entry import TranscriptEntry
from ui.translation import concern_words, language_menus
from ui.translation.alternatives_menu import AlternativesMenu
from ui.translation.glossary_dialog import GlossaryDialog
from ui.translation.memory_menu import ClearMemoryDialog, MemoryMenu
from ui.translation.page import TranslatePage
from ui.translation.sentences import Sentences, with_sentence
from ui.translation.text_translator import LIVE_UNTIL
from ui.window import Window

MODEL = Path(__file__).parents[1] / "made_models" / "translation" / "opus-mt-en-de"
GREETING = (("Good day", "Guten Tag"), ("The bus is late", "Der Bus kommt spät"))
LETTER = of_pairs(
    (
        [("Good day", "Guten Tag"), ("The bus is late", "Der Bus kommt spät")],
        [],
        [("Bye 😀", "Tschüss 😀"), ("Now", "Jetzt")],
    ),
    "en",
    "de",
    concerns={1: (Concern(Flag.VALUES, "14:30"),)},
)


@pytest.fixture
def translations(services: Services) -> Translations:
    services.settings.translation.target = "de"
    return services.translations


@pytest.fixture
def page(window: Window, services: Services, translations: Translations, qtbot: QtBot) -> TranslatePage:
    window.connect_services(services)  # type: ignore[arg-type]
    window.go_to("translate")
    page = window.translate
    page.text.translator._pause.setInterval(0)
    qtbot.waitUntil(lambda: page.choices.engines is not None)
    return page


@pytest.fixture
def write(page: TranslatePage, translations: Translations, qtbot: QtBot) -> Callable[..., None]:
    """Has a text translated, into LETTER unless said otherwise."""

    def write(answer: Any = LETTER, text: str = "") -> None:
        translations.queue.append(answer)
        page.take_text(text or answer.source)
        qtbot.waitUntil(lambda: not translations.queue)
        qtbot.waitUntil(lambda: not page.text.translator.running or isinstance(answer, Pending))

    return write


def target(page: TranslatePage) -> str:
    return page.text.target.field.toPlainText()


# --- a text ------------------------------------------------------------------------------------------------


def test_what_is_typed_is_translated_after_a_pause(
    page: TranslatePage, translations: Translations, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.translation.text_translator.PAUSE_MS", 30)
    QTest.keyClicks(page.text.source.field, "my house")
    assert not translations.asked
    qtbot.waitUntil(lambda: target(page) == "ym esuoh")
    assert translations.asked == [("my house", TranslationOptions("de"))]
    assert page.text.source.language._words == "English (detected)"


def test_sentences_stream_and_what_follows_a_change_is_not_heard(
    page: TranslatePage, translations: Translations, write: Callable[..., None], qtbot: QtBot
) -> None:
    run = Pending()
    write(run, LETTER.source)
    qtbot.waitUntil(lambda: page.text.target.stop.isVisibleTo(page))
    translations.reports[0](ParagraphDone(0, LETTER.paragraphs[0], True))
    qtbot.waitUntil(lambda: target(page).startswith("Guten Tag"))
    page.text.source.field.appendPlainText("more")
    assert run.cancelled
    translations.reports[0](ParagraphDone(1, LETTER.paragraphs[1], True))
    QTest.qWait(50)
    assert "Tschüss" not in target(page)


def test_what_is_known_of_a_translation_stays_while_it_is_made_anew(
    page: TranslatePage, translations: Translations, write: Callable[..., None], qtbot: QtBot
) -> None:
    write()
    page.text.source.field.appendPlainText("more")
    pane = page.text.target
    assert pane.check.isVisibleTo(page)
    assert pane.note.text()
    pane.copy.click()
    assert QGuiApplication.clipboard().text() == LETTER.text


def test_what_is_known_of_another_translation_goes(
    page: TranslatePage, translations: Translations, write: Callable[..., None], qtbot: QtBot
) -> None:
    write()
    page.text.source.field.setPlainText("word " * (LIVE_UNTIL // 5 + 1))
    assert target(page) == ""
    assert not page.text.target.copy.isVisibleTo(page)
    write()
    page.choices.choose_target("fr")
    assert target(page) == ""


def test_a_model_that_has_come_translates_what_waited_for_it(
    page: TranslatePage, translations: Translations, write: Callable[..., None], qtbot: QtBot
) -> None:
    write(NoModel("no-translation-model"), "a text")
    translations.here = (OPUS, CHAT)
    page.refresh()
    qtbot.waitUntil(lambda: target(page) == "a txet")


def test_stop_keeps_what_has_come(
    page: TranslatePage, window: Window, translations: Translations, write: Callable[..., None], qtbot: QtBot
) -> None:
    run = Pending()
    write(run, LETTER.source)
    translations.reports[0](ParagraphDone(0, LETTER.paragraphs[0], True))
    qtbot.waitUntil(lambda: target(page).startswith("Guten Tag"))
    window._escape()
    assert run.cancelled
    assert not page.text.target.stop.isVisibleTo(page)
    assert target(page).startswith("Guten Tag")


@pytest.mark.parametrize("fails", [False, True])
def test_the_translation_of_another_text_does_not_stay_where_this_one_has_none(
    page: TranslatePage, translations: Translations, write: Callable[..., None], qtbot: QtBot, fails: bool
) -> None:
    write(turned("my house", TranslationOptions("de"), OPUS))
    assert target(page) == "ym esuoh"
    pending = Pending()
    write(pending, "my house\nanother text")
    assert target(page) == "ym esuoh", "it stays while it is made anew"
    if fails:
        pending.fail(NoModel("no-translation-model"))
        qtbot.waitUntil(lambda: page.text.translator.problem is not None)
    else:
        assert page.text.stop()
    assert target(page).strip() == "ym esuoh", "this line is the same"
    write(Pending(), "wholly another text")
    page.text.stop()
    assert target(page) == ""
    assert not page.text.target.copy.isVisibleTo(page)


def test_a_long_text_waits_until_it_is_asked_for(
    page: TranslatePage, translations: Translations, qtbot: QtBot
) -> None:
    text = "word " * (LIVE_UNTIL // 5 + 1)
    page.text.source.field.setPlainText(text)
    QTest.qWait(20)
    assert not translations.asked
    assert page.text.source.translate_now.isVisibleTo(page)
    QTest.keyClick(page.text.source.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(translations.asked))
    assert not page.text.source.translate_now.isVisibleTo(page)


def test_a_text_that_is_a_document_is_refused_in_words(
    page: TranslatePage, translations: Translations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.translation.text_translator.MOST", 10)
    monkeypatch.setattr("ui.translation.panes.MOST", 10)
    page.text.source.field.setPlainText("more than ten")
    page.text.translator.translate()
    assert "at most" in page.text.source.count.text()
    assert not translations.asked


def test_without_a_model_one_is_offered_and_nothing_is_asked(
    window: Window, services: Services, translations: Translations, qtbot: QtBot
) -> None:
    translations.here = ()
    limited = (replace(each, licence=NO_WORK) for each in ENTRIES if each.kind is ModelKind.TRANSLATION)
    services.models.entries = tuple(limited)
    window.connect_services(services)  # type: ignore[arg-type]
    window.go_to("translate")
    page = window.translate
    qtbot.waitUntil(lambda: page.choices.engines == ())
    assert page.first_model.isVisibleTo(page)
    qtbot.waitUntil(lambda: "not for commercial use" in page.first_model.told.text())
    translations.here = (OPUS,)
    window.model_actions.refreshed.emit()
    qtbot.waitUntil(lambda: not page.first_model.isVisibleTo(page))


def test_why_there_is_no_translation_stands_in_its_place(
    page: TranslatePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write(NoModel("no-translation-model"), "a text")
    assert page.text.target.problem.isVisibleTo(page)
    assert page.text.target.models.isVisibleTo(page)
    page.text.source.field.setPlainText("")
    assert not page.text.target.problem.isVisibleTo(page)


def test_languages_are_swapped_and_the_translation_is_the_text(
    page: TranslatePage, services: Services, write: Callable[..., None], qtbot: QtBot
) -> None:
    assert not page.text.swap.isEnabled()
    write()
    page.text.swap.click()
    assert page.text.source.field.toPlainText() == LETTER.text
    assert services.settings.translation.target == "en"
    assert services.settings.translation.source == ""
    assert services.saved > 0


def test_a_language_that_was_not_recognised_is_put_right(
    page: TranslatePage, translations: Translations, write: Callable[..., None], qtbot: QtBot
) -> None:
    write()
    page.choices.choose_source("de")
    qtbot.waitUntil(lambda: len(translations.asked) == 2)
    assert translations.asked[1][1].source == "de"
    assert page.text.source.language._words == "German"


def test_how_it_was_translated_is_said(
    page: TranslatePage, translations: Translations, write: Callable[..., None], qtbot: QtBot
) -> None:
    write(of_pairs(([("a", "b")],), "fr", "de", NLLB, pivot="en"))
    note = page.text.target.note.text()
    assert "by way of English" in note
    assert "not for commercial use" in note


def test_formality_is_offered_where_a_chat_model_translates(
    page: TranslatePage, services: Services, translations: Translations, qtbot: QtBot
) -> None:
    assert not page.text.target.formality.isVisibleTo(page)
    translations.here = (CHAT,)
    page.refresh()
    qtbot.waitUntil(lambda: page.text.target.formality.isVisibleTo(page))
    page.text.target.formality_chosen.emit(Formality.FORMAL)
    assert page.choices.options().formality is Formality.FORMAL


def test_a_text_is_written_the_way_of_its_language(page: TranslatePage, write: Callable[..., None]) -> None:
    directions = Qt.LayoutDirection
    write(of_pairs(([("Bus 12", "الحافلة 12")],), "en", "ar"))
    page.choices.settings.target = "ar"
    page.choices.targets = ("ar", "de")
    page.choices.changed.emit()
    option = page.text.target.field.document().defaultTextOption()
    assert option.textDirection() is directions.RightToLeft
    assert page.text.source.field.document().defaultTextOption().textDirection() is directions.LeftToRight


def test_the_panes_stand_one_above_the_other_where_it_is_narrow(window: Window, page: TranslatePage) -> None:
    window.resize(1280, 720)
    QApplication.processEvents()
    text = page.text
    assert text.source.y() == text.target.y()
    window.resize(760, 640)
    QApplication.processEvents()
    assert text.source.x() == text.target.x()
    assert text.source.y() < text.swap.y() < text.target.y()


def test_copy_gives_the_translation_and_the_history_keeps_the_text(
    page: TranslatePage, translations: Translations, write: Callable[..., None], qtbot: QtBot
) -> None:
    write()
    page.text.target.copy.click()
    assert QGuiApplication.clipboard().text() == LETTER.text
    qtbot.waitUntil(lambda: [past.source for past in translations.past] == [LETTER.source])


def test_a_text_that_grows_is_kept_once(
    page: TranslatePage, translations: Translations, write: Callable[..., None], qtbot: QtBot
) -> None:
    write()
    page.text.translator.remember()
    qtbot.waitUntil(lambda: page.text.translator._entry is not None)
    longer = of_pairs(([*GREETING], [], [("Bye", "Tschüss")]), "en", "de")
    write(longer)
    page.text.translator.remember()
    qtbot.waitUntil(lambda: [past.source for past in translations.past] == [longer.source])
    write(of_pairs(([("Something else", "Etwas anderes")],), "en", "de"))
    page.text.translator.remember()
    qtbot.waitUntil(lambda: len(translations.past) == 2)


def test_what_was_translated_last_is_kept_when_the_window_closes(
    page: TranslatePage, window: Window, translations: Translations, write: Callable[..., None], qtbot: QtBot
) -> None:
    write()
    window.leave()
    assert [past.source for past in translations.past] == [LETTER.source]


# --- sentences ---------------------------------------------------------------------------------------------


def test_a_sentence_shows_its_pair_on_either_side(page: TranslatePage, write: Callable[..., None]) -> None:
    write()
    source, field = page.text.source.field, page.text.target.field
    source.pointed.emit(LETTER.source.index("bus"))
    assert _shown(field) == "Der Bus kommt spät"
    field.pointed.emit(_units(LETTER.text, "Jetzt"))
    assert _shown(source) == "Now"
    source.pointed.emit(-1)
    assert field._pair is None


def test_the_mouse_points_at_sentences(page: TranslatePage, write: Callable[..., None]) -> None:
    write()
    field = page.text.target.field
    place = field.viewport().mapFromGlobal(field.place_below(LETTER.text.index("Bus"))) - QPoint(-3, 6)
    QTest.mouseMove(field.viewport(), place)
    assert _shown(page.text.source.field) == "The bus is late"
    QTest.mouseMove(field.viewport(), QPoint(place.x(), field.viewport().height() - 5))
    assert page.text.source.field._pair is None


def test_what_was_marked_is_counted_and_says_why(page: TranslatePage, write: Callable[..., None]) -> None:
    write()
    assert page.text.target.check.text().strip("\u2002") == "1 sentence to check"
    assert "14:30" in page.text.target.field.tip(LETTER.text.index("Bus"))
    assert page.text.target.field.tip(0) == ""


def test_another_translation_of_a_sentence_takes_its_place(
    page: TranslatePage, translations: Translations, write: Callable[..., None], qtbot: QtBot
) -> None:
    write()
    translations.others = ("Der Bus kommt spät", "Der Bus hat Verspätung")
    page.text.target.check.click()
    (menu,) = page.findChildren(AlternativesMenu)
    words = [action.text() for action in menu.actions()]
    qtbot.waitUntil(lambda: "Der Bus hat Verspätung" in [action.text() for action in menu.actions()])
    assert "14:30" in words[0]
    assert translations.sentences == [("The bus is late", TranslationOptions("de", "en"))]
    next(action for action in menu.actions() if action.text() == "Der Bus hat Verspätung").trigger()
    assert target(page) == LETTER.text.replace("kommt spät", "hat Verspätung")
    assert not page.text.target.check.isVisibleTo(page)
    menu.close()
    key = MemoryKey("The bus is late", "en", "de", "")
    kept = translations.memory.kept
    qtbot.waitUntil(lambda: kept == [(key, Remembered("Der Bus hat Verspätung", edited=True))])


def test_a_sentence_is_asked_about_with_the_keyboard(
    page: TranslatePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write()
    field = page.text.target.field
    field.setFocus()
    field.go_to(_units(LETTER.text, "Jetzt"))
    QTest.keyClick(field, Qt.Key.Key_Return)
    (menu,) = page.findChildren(AlternativesMenu)
    qtbot.waitUntil(lambda: "No other translation was found." in [each.text() for each in menu.actions()])
    menu.close()


def test_places_behind_a_chosen_sentence_move_with_it() -> None:
    sentences = Sentences(LETTER).all
    changed = with_sentence(LETTER, sentences[0], "Hallo 😀")
    assert changed.text == LETTER.text.replace("Guten Tag", "Hallo 😀")
    texts = [each.target_text for each in Sentences(changed).all]
    assert texts == ["Hallo 😀", "Der Bus kommt spät", "Tschüss 😀", "Jetzt"]
    last = Sentences(changed).all[-1]
    units = changed.text.encode("utf-16-le")
    assert units[2 * last.target[0] : 2 * last.target[1]].decode("utf-16-le") == "Jetzt"


def test_everything_that_can_be_marked_or_lost_has_words() -> None:
    assert set(concern_words.FLAGS) == set(Flag)
    assert set(concern_words.NOT_KEPT) == set(NotKept)


# --- documents ---------------------------------------------------------------------------------------------


def test_a_dropped_document_is_translated(
    page: TranslatePage,
    window: Window,
    translations: Translations,
    drag: Callable[..., Dragging],
    qtbot: QtBot,
) -> None:
    dragging = drag("/d/report.docx")
    assert window.drops.overlay.text() == "Drop to translate “report.docx” into German"
    dragging.drop()
    qtbot.waitUntil(lambda: bool(page.documents.rows.rows))
    assert translations.calls == [
        ("add", (("/d/report.docx",), TranslationOptions("de"), Layout.TRANSLATION))
    ]
    assert page._tabs.currentWidget() is page.documents


def test_a_dropped_model_translates_from_now_on(
    window: Window,
    services: Services,
    translations: Translations,
    drag: Callable[..., Dragging],
    qtbot: QtBot,
) -> None:
    """Also a folder: asked for while there is none, and known by what is in it later."""
    engines, translations.here = translations.here, ()
    window.connect_services(services)  # type: ignore[arg-type]
    window.go_to("translate")
    qtbot.waitUntil(lambda: window.translate.choices.engines == ())
    dragging = drag(str(MODEL))
    assert window.drops.overlay.text() == "Drop to add “opus-mt-en-de” to your models"
    dragging.drop()
    qtbot.waitUntil(lambda: bool(window.findChildren(AddDialog)))
    translations.here = engines
    window.model_actions.refreshed.emit()
    qtbot.waitUntil(lambda: bool(window.translate.choices.engines))
    window.go_to("translate")
    with qtbot.waitSignal(window.document_actions.models_given):
        window.drops.drop([str(MODEL)], "", "")
    assert not translations.calls


def test_dropped_text_is_translated(
    page: TranslatePage, window: Window, translations: Translations, qtbot: QtBot
) -> None:
    window.drops.drop([], "a dropped text", "")
    qtbot.waitUntil(lambda: bool(translations.asked))
    assert page.text.source.field.toPlainText() == "a dropped text"


def test_a_screen_reader_says_that_a_translation_is_there(
    page: TranslatePage, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("ui.translation.text_tab.announce", lambda _, text: said.append(text))
    write(LETTER)
    assert said == ["Translation ready. 1 sentence to check"]
    page.text.translator.choose(page.text._sentences.marked[0], "Es kommt um 14:30 zurück")  # type: ignore[union-attr]
    write(turned("a house", TranslationOptions("de"), OPUS))
    assert said[1:] == ["Translation ready."]


def test_a_screen_reader_says_that_a_document_is_translated(
    page: TranslatePage, translations: Translations, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("ui.translation.documents_tab.announce", lambda _, text: said.append(text))
    qtbot.waitUntil(lambda: page.documents.jobs.loaded)
    for id, last in ((1, DocumentState.DONE), (2, DocumentState.FAILED), (3, DocumentState.STOPPED)):
        for state in (DocumentState.QUEUED, DocumentState.RUNNING, last, last):
            translations.put(document(id, f"/d/{id}.docx", state=state))
    qtbot.waitUntil(lambda: 3 in page.documents.jobs.all and len(said) == 2)
    assert said == ["“1.docx” is translated.", "“2.docx” could not be translated."]


def test_how_far_a_document_is_stands_in_its_row_and_in_the_status_line(
    page: TranslatePage, window: Window, translations: Translations, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: page.documents.jobs.loaded)
    running = document(1, "/d/a.docx", state=DocumentState.RUNNING, total=80, done=34, seconds_left=20.0)
    translations.put(running, document(2, "/d/b.docx"))
    page.tabs.choose(1)
    qtbot.waitUntil(lambda: 2 in page.documents.rows.rows)
    row = page.documents.rows.rows[1]
    assert row.state.text() == "Into German · 34 of 80 sentences · 20 s left"
    assert "a.docx" in window.status.doing.text()
    assert "1 more" in window.status.doing.text()
    window.status.stop.click()
    qtbot.waitUntil(lambda: ("stop", [1]) in translations.calls)
    qtbot.waitUntil(lambda: row.go_on.isVisibleTo(page))
    row.go_on.click()
    qtbot.waitUntil(lambda: ("resume", [1]) in translations.calls)


def test_a_translated_document_is_opened_and_says_what_to_check(
    page: TranslatePage,
    window: Window,
    translations: Translations,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("ui.common.page_context._open", lambda path: opened.append(str(path)) or True)
    qtbot.waitUntil(lambda: page.documents.jobs.loaded)
    lost = (Lost(NotKept.PICTURE_TEXT, "page 3", 2),)
    translations.put(
        document(
            1,
            "/d/a.docx",
            state=DocumentState.DONE,
            output="/d/a.de.docx",
            total=9,
            done=9,
            marked=3,
            lost=lost,
        )
    )
    page.tabs.choose(1)
    qtbot.waitUntil(lambda: 1 in page.documents.rows.rows)
    row = page.documents.rows.rows[1]
    row.open.click()
    assert opened == ["/d/a.de.docx"]
    translations.paragraphs = LETTER.paragraphs[:1]
    row.check.click()
    assert window.panel.shown is page.documents.report
    report = page.documents.report

    def words() -> str:
        return " ".join(label.text() for label in report.widget().findChildren(type(row.state)))

    qtbot.waitUntil(lambda: "14:30" in words())
    said = words()
    assert "3 sentences" in said
    assert "pictures" in said
    assert "page 3" in said


def test_a_document_is_taken_off_the_list(
    page: TranslatePage, translations: Translations, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: page.documents.jobs.loaded)
    translations.put(document(1, "/d/a.docx"))
    qtbot.waitUntil(lambda: 1 in page.documents.rows.rows)
    QTest.keyClick(page.documents.rows.rows[1], Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not page.documents.jobs.all)


# --- glossary, history, memory -----------------------------------------------------------------------------


def test_a_term_is_written_into_the_glossary(
    page: TranslatePage, window: Window, translations: Translations, qtbot: QtBot
) -> None:
    translations.glossary.terms = (Term("bank", "Bank"),)
    dialog = GlossaryDialog(window, window.context, ("de", "en"), Term("caretaker", ""))
    dialog.open()
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2)
    model = dialog.model
    for column, value in ((1, "Hausmeister"), (2, "en"), (3, "de")):
        assert model.setData(model.index(1, column), value)
    role = Qt.ItemDataRole.CheckStateRole
    assert model.setData(model.index(1, 4), Qt.CheckState.Checked.value, role)
    dialog.save.click()
    term = Term("caretaker", "Hausmeister", "en", "de", match_case=True)
    qtbot.waitUntil(lambda: translations.glossary.terms == (Term("bank", "Bank"), term))


def test_the_text_heeds_the_terms_that_were_saved(
    page: TranslatePage,
    window: Window,
    translations: Translations,
    write: Callable[..., None],
    qtbot: QtBot,
) -> None:
    write()
    asked = len(translations.asked)
    page.show_glossary(Term("bus", "Bus"))
    (dialog,) = window.findChildren(GlossaryDialog)
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 1)
    dialog.save.click()
    qtbot.waitUntil(lambda: len(translations.asked) > asked)


def test_terms_are_deleted_and_searched(
    page: TranslatePage, window: Window, translations: Translations, qtbot: QtBot
) -> None:
    translations.glossary.terms = (Term("bank", "Bank"), Term("river", "Fluss"))
    dialog = GlossaryDialog(window, window.context, ("de", "en"))
    dialog.open()
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2)
    dialog.search.setText("flu")
    assert dialog.table.model().rowCount() == 1
    dialog.table.selectRow(0)
    dialog.remove.click()
    dialog.save.click()
    qtbot.waitUntil(lambda: translations.glossary.terms == (Term("bank", "Bank"),))


def test_terms_are_not_thrown_away_unasked(
    page: TranslatePage, window: Window, translations: Translations, qtbot: QtBot
) -> None:
    translations.glossary.terms = (Term("bank", "Bank"),)
    dialog = GlossaryDialog(window, window.context, ("de", "en"))
    dialog.open()
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 1)
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.model.setData(dialog.model.index(0, 1), "Ufer")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "not saved" in dialog.problem.text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_text_of_the_history_is_opened_again_or_deleted(
    page: TranslatePage, window: Window, translations: Translations, write: Callable[..., None], qtbot: QtBot
) -> None:
    translations.remember(LETTER)
    page.show_history()
    qtbot.waitUntil(lambda: len(page.history.rows) == 1)
    assert window.panel.shown is page.history
    QTest.keyClick(page.history.rows[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(translations.asked))
    assert page.text.source.field.toPlainText() == LETTER.source
    QTest.keyClick(page.history.rows[0], Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not page.history.rows)
    assert not translations.past


def test_the_translation_memory_is_imported_and_cleared(
    page: TranslatePage, window: Window, translations: Translations, qtbot: QtBot
) -> None:
    menu = page.menu()
    assert isinstance(menu, MemoryMenu)
    menu._take_in("/d/old.tmx")
    qtbot.waitUntil(lambda: translations.memory.files == [Path("/d/old.tmx")])
    _choose(menu, "Clear the translation memory…")
    qtbot.waitUntil(lambda: bool(window.findChildren(ClearMemoryDialog)))
    (dialog,) = window.findChildren(ClearMemoryDialog)
    dialog.yes.click()
    qtbot.waitUntil(lambda: translations.memory.count() == 0)


def test_another_model_and_its_licence_are_chosen_in_the_settings(
    page: TranslatePage, window: Window, services: Services, translations: Translations, qtbot: QtBot
) -> None:
    translations.here = (OPUS, NLLB, CHAT)
    window.go_to("settings")
    card = window.settings.translation
    qtbot.waitUntil(lambda: len(card._engines) == 3)
    _choose(card._engine_menu(), "NLLB-200 600M (not for commercial use)")
    assert services.settings.translation.engine == NLLB.path
    assert "CC-BY-NC-4.0" in card.licence.text()
    assert card.licence.isVisibleTo(card)
    _choose(card._engine_menu(), "The best one for each pair")
    assert not card.licence.isVisibleTo(card)


def test_of_many_languages_the_rarer_ones_stand_one_step_further(qtbot: QtBot, theme: Theme) -> None:
    parent, chosen = QWidget(), []
    qtbot.addWidget(parent)
    menu = language_menus.target_menu(parent, languages.NAMES, "sw", ["is"], chosen.append)
    first = [action.text() for action in menu.actions()]
    assert first[:3] == ["Swahili", "Icelandic", "English"]
    (others,) = [action.menu() for action in menu.actions() if action.menu()]
    parts = [action.menu() for action in others.actions()]
    assert all(len(part.actions()) <= 24 for part in parts)
    names = {action.text() for part in parts for action in part.actions()} | set(first)
    assert names >= set(languages.NAMES.values())
    next(action for part in parts for action in part.actions() if action.text() == "Zulu").trigger()
    assert chosen == ["zu"]


# --- from where a text stands ------------------------------------------------------------------------------


def test_a_text_from_elsewhere_is_translated_on_this_page(
    window: Window, services: Services, translations: Translations, qtbot: QtBot
) -> None:
    window.connect_services(services)  # type: ignore[arg-type]
    window.context.translation_wanted.emit("an answer")
    qtbot.waitUntil(lambda: [text for text, _ in translations.asked] == ["an answer"])
    assert window.shows("translate")


def test_a_quote_is_translated_from_its_menu(
    window: Window, services: Services, translations: Translations, qtbot: QtBot
) -> None:
    window.connect_services(services)  # type: ignore[arg-type]
    quote = Quote(1, 0.9, 2, "/d/r.pdf", "r.pdf", 7, "page 7", (), "Debt was 1.9.", (), 5, 0, 13)
    view = window.documents.questions.quotes_view
    view.show_answer(Answer("debt", (quote,), 0.1), None, [])
    (card,) = view.cards()
    reason, place = QContextMenuEvent.Reason.Keyboard, QPoint(9, 9)
    QApplication.sendEvent(card, QContextMenuEvent(reason, place, place))
    (menu,) = card.findChildren(Menu)
    _choose(menu, "Translate")
    qtbot.waitUntil(lambda: [text for text, _ in translations.asked] == ["Debt was 1.9."])


def test_an_answer_is_translated_from_its_menu(
    window: Window, services: Services, translations: Translations, qtbot: QtBot
) -> None:
    window.connect_services(services)  # type: ignore[arg-type]
    window.go_to("chat")
    window.chat.transcript.set_entries([TranscriptEntry(1, Role.ASSISTANT, "It is **good**.")])
    view = window.chat.transcript.view(1)
    assert view is not None
    _choose(view.menu(), "Translate")
    qtbot.waitUntil(lambda: [text for text, _ in translations.asked] == ["It is good."])


def _choose(menu: Menu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.close()


def _shown(field: Any) -> str:
    start, end = field._pair
    return field.toPlainText().encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def _units(text: str, part: str) -> int:
    return len(text[: text.index(part)].encode("utf-16-le")) // 2

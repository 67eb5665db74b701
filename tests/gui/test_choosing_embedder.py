"""The model that searches documents: what is said of each, and how it is chosen, advised, given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from assistant.documents.embedder_records import EmbedderAdvice, EmbedderChange, EmbedderState, EmbedderStep
from assistant.documents.event_records import IndexingState, IndexingStatus
from assistant.errors import DiskFull, Problem
from assistant.models.catalog.records import Task
from assistant.models.files.records import ModelKind
from tests.gui.doubles import BUILTIN, Services, document, embedder
from tests.gui.model_doubles import ENTRIES, entry, installed
from tests.told import told
from ui.common.notices import NoticeKind
from ui.embedders import descriptions
from ui.embedders.change_dialog import ChangeDialog
from ui.models.card_data import CardAction, ModelRow
from ui.models.page import ModelsPage
from ui.window import Window

Connect = Callable[..., Services]
Opened = Callable[[], ChangeDialog]
E5 = embedder("m5", "Multilingual E5 small")
E5_MODEL = installed(
    "m5", E5.name, kind=ModelKind.EMBEDDING, entry="multilingual-e5-small", path="/models/e5"
)
E5_ENTRY = entry(
    "multilingual-e5-small", E5.name, 0.1, 471, kind=ModelKind.EMBEDDING, tasks=(Task.DOCUMENTS,),
    languages=("mul",),
)  # fmt: skip
ADVICE = EmbedderAdvice(E5.id, E5.name, True, ("hi",), 12)


@pytest.fixture
def ready(connected: Connect, services: Services) -> Services:
    """A document, the built-in model that searches it, and another model in the library."""
    services.documents.offer(E5)
    services.models.entries = (*ENTRIES, E5_ENTRY)
    services.models.put(E5_MODEL)
    connected(document(1, "/d/report.pdf"))
    return services


@pytest.fixture
def models(window: Window, ready: Services, qtbot: QtBot) -> ModelsPage:
    window.go_to("models")
    qtbot.waitUntil(window.models.sections.isVisible)
    return window.models


def card(page: ModelsPage, id: str) -> ModelRow:
    return next(row for row in page.sections.installed.rows.shown if row.id == id)


def said(window: Window) -> list[str]:
    return [f"{notice.message} {notice.hint}".strip() for notice in window.notices.all()]


@pytest.fixture
def dialog(window: Window, qtbot: QtBot) -> Opened:
    """The one that is open, once it is."""

    def opened() -> ChangeDialog:
        def found() -> list[ChangeDialog]:
            return [child for child in window.findChildren(ChangeDialog) if child.isVisible()]

        qtbot.waitUntil(lambda: len(found()) == 1)
        return found()[0]

    return opened


def embeds(done: int, **other: Any) -> EmbedderChange:
    return EmbedderChange(E5.id, E5.name, EmbedderStep.EMBEDDING, done, 2000, **other)


# --- words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "wanted", "words"),
    [
        ((), (), ""),
        (("en",), (), "English"),
        (("en", "de", "fr"), ("de",), "English, German and French"),
        (E5.languages, (), f"{len(E5.languages)} languages, including Hindi and Arabic"),
        (E5.languages, ("th",), f"{len(E5.languages)} languages, including Thai"),
        (E5.languages, ("xx", "ta", "zh"), f"{len(E5.languages)} languages, including Tamil and Chinese"),
        (("mul",), (), "many languages"),
        (("mul",), ("hi",), "many languages, including Hindi"),
        (("aa", "ab", "ae", "af", "ak"), (), "5 languages"),
    ],
)
def test_languages_in_plain_words(codes: tuple[str, ...], wanted: tuple[str, ...], words: str) -> None:
    assert descriptions.spoken(codes, wanted) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute"),
        (29, "less than a minute"),
        (61, "about 1 minute"),
        (715, "about 12 minutes"),
        (5900, "about 98 minutes"),
        (7300, "about 2 hours"),
        (90_000, "about 25 hours"),
    ],
)
def test_how_long_it_takes(seconds: float, words: str) -> None:
    assert descriptions.about(seconds) == words


def test_the_percent_is_not_all_before_the_end() -> None:
    assert descriptions.percent(embeds(840)) == 42
    assert descriptions.percent(embeds(2000)) == 99
    assert descriptions.percent(embeds(2100)) == 99
    assert descriptions.percent(EmbedderChange("m5", "x", EmbedderStep.CONVERTING, 0, 2000)) is None
    assert descriptions.percent(EmbedderChange("m5", "x", EmbedderStep.EMBEDDING, 0, 0)) is None


# --- the models page ---------------------------------------------------------------------------------------


def test_the_one_that_searches_is_marked_and_the_other_can_be_used(models: ModelsPage) -> None:
    built_in, other = card(models, BUILTIN.id), card(models, "m5")
    assert (built_in.badge, built_in.state, built_in.action) == ("Searches your documents", "In use", None)
    assert built_in.about == BUILTIN.about
    assert other.action is CardAction.USE_FOR_SEARCH
    assert other.about == f"Searches by meaning in {len(E5.languages)} languages, including Hindi and Arabic"
    assert other.figures == "Needs 475 MB of memory while it searches · changing takes about 12 minutes"
    assert "Use for searching with the space bar" in other.accessible_text()


def test_a_change_is_explained_begun_shown_and_ends_with_a_notice(
    window: Window, models: ModelsPage, ready: Services, qtbot: QtBot, dialog: Opened
) -> None:
    cards = models.sections.installed
    cards.setCurrentIndex(cards.rows.index_of("m5"))
    QTest.keyClick(cards, Qt.Key.Key_Space)
    asked = dialog()
    assert asked.heading.text() == "Search with “Multilingual E5 small”?"
    assert asked.text.text() == (
        f"It searches by meaning in {len(E5.languages)} languages, including Hindi and Arabic. Preparing it "
        "and reading your documents again takes about 12 minutes; meanwhile search works as before."
    )
    assert asked.memory.text() == "Searching with it needs 475 MB of memory; now it needs 290 MB."
    assert not ready.documents.called("use_embedder"), "nothing is done before it is confirmed"
    QTest.keyClick(asked.use, Qt.Key.Key_Space)
    assert ready.documents.called("use_embedder") == [("m5",)]

    qtbot.waitUntil(lambda: card(models, "m5").action is CardAction.STOP)
    assert card(models, "m5").figures == "Being prepared, which happens once"
    line = window.status
    assert line.doing.text() == "Preparing to search with “\u2068Multilingual E5 small\u2069”"
    assert line.bar.isHidden()
    ready.documents.tell(change=embeds(840, seconds_left=430.0))
    qtbot.waitUntil(lambda: card(models, "m5").fraction == 0.42)
    assert card(models, "m5").figures == "Reading your documents again, 42 % · 7 min left"
    assert line.doing.text().endswith("· 42 %")
    assert (line.bar.value(), line.bar.maximum(), line.left.text()) == (840, 2000, "7 min left")

    ready.documents.complete()
    qtbot.waitUntil(lambda: card(models, "m5").state == "In use")
    assert said(window) == [
        "“Multilingual E5 small” now searches your documents. "
        f"It searches by meaning in {len(E5.languages)} languages, including Hindi and Arabic."
    ]
    assert window.notices.all()[0].seconds is not None, "it goes by itself"
    assert not line._job.isVisible()
    assert card(models, BUILTIN.id).action is CardAction.USE_FOR_SEARCH


def test_cancelling_the_question_changes_nothing(
    window: Window, models: ModelsPage, ready: Services, dialog: Opened
) -> None:
    models.menus.run("m5", CardAction.USE_FOR_SEARCH)
    asked = dialog()
    assert QApplication.focusWidget() is not asked.use, "Enter says yes only after somebody has looked"
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    assert not ready.documents.called("use_embedder")


def test_a_step_back_says_what_is_lost(
    window: Window, models: ModelsPage, ready: Services, qtbot: QtBot, dialog: Opened
) -> None:
    models.menus.run("m5", CardAction.USE_FOR_SEARCH)
    dialog().use.click()
    qtbot.waitUntil(lambda: card(models, "m5").action is CardAction.STOP)
    ready.documents.complete()
    qtbot.waitUntil(lambda: card(models, BUILTIN.id).action is CardAction.USE_FOR_SEARCH)
    models.menus.run(BUILTIN.id, CardAction.USE_FOR_SEARCH)
    asked = dialog()
    assert asked.text.text() == (
        "It searches by meaning in English. Reading your documents again takes about 1 minute; meanwhile "
        "search works as before."
    )
    assert "not by meaning" in asked.loses
    assert not asked.given_up


def test_another_choice_during_a_change_says_that_the_change_is_given_up(
    window: Window, models: ModelsPage, ready: Services, dialog: Opened, qtbot: QtBot
) -> None:
    ready.documents.offer(embedder("m6", "Another"))
    models.menus.run("m5", CardAction.USE_FOR_SEARCH)
    dialog().use.click()
    qtbot.waitUntil(lambda: card(models, "m5").action is CardAction.STOP)
    models.menus.run("m6", CardAction.USE_FOR_SEARCH)
    asked = dialog()
    assert asked.given_up == "The change to “Multilingual E5 small” in progress is cancelled."
    assert not asked.loses
    asked.use.click()
    assert ready.documents.called("use_embedder") == [("m5",), ("m6",)]


def test_stop_on_the_card_leaves_everything_as_it_was(
    window: Window, models: ModelsPage, ready: Services, qtbot: QtBot, dialog: Opened
) -> None:
    models.menus.run("m5", CardAction.USE_FOR_SEARCH)
    dialog().use.click()
    qtbot.waitUntil(lambda: card(models, "m5").action is CardAction.STOP)
    models.menus.run("m5", CardAction.STOP)
    assert ready.documents.called("use_embedder") == [("m5",), (BUILTIN.id,)]
    qtbot.waitUntil(lambda: card(models, "m5").action is CardAction.USE_FOR_SEARCH)
    assert said(window) == ["“Multilingual E5 small” is not used. Search works as before."]
    assert not window.status._job.isVisible()


def test_a_model_that_is_gone_meanwhile_is_said_to_be(
    window: Window, models: ModelsPage, ready: Services, qtbot: QtBot
) -> None:
    del ready.documents.choices["m5"]
    models.menus.run("m5", CardAction.USE_FOR_SEARCH)
    qtbot.waitUntil(lambda: bool(said(window)))
    assert said(window) == [
        "This model cannot search documents. Its folder is missing or damaged. Remove it and add it again."
    ]


def test_a_choice_that_is_refused_says_why(
    window: Window, models: ModelsPage, ready: Services, dialog: Opened, qtbot: QtBot
) -> None:
    ready.documents.queue["use_embedder"].append(told(DiskFull, "The disk is full.", "Free some space."))
    models.menus.run("m5", CardAction.USE_FOR_SEARCH)
    dialog().use.click()
    qtbot.waitUntil(lambda: said(window) == ["The disk is full. Free some space."])
    assert card(models, "m5").action is CardAction.USE_FOR_SEARCH


def test_one_whose_model_was_removed_can_still_be_used(
    window: Window, models: ModelsPage, ready: Services, qtbot: QtBot, dialog: Opened
) -> None:
    ready.documents.offer(replace(E5, state=EmbedderState.READY, about="Finds passages across languages."))
    models._models.remove(E5_MODEL)
    qtbot.waitUntil(lambda: card(models, "m5").about == "Finds passages across languages.")
    assert card(models, "m5").action is CardAction.USE_FOR_SEARCH
    models.open_details("m5")
    assert models.details.detail is not None
    assert models.details.detail.model is None, "there is nothing to remove or check"
    models.menus.run("m5", CardAction.USE_FOR_SEARCH)
    assert dialog().isVisible()


def test_details_say_what_searching_takes(window: Window, models: ModelsPage) -> None:
    models.open_details("m5")
    assert models.details.detail is not None
    from ui.models import model_facts

    facts = dict(model_facts.requirements(models.details.detail))
    assert facts == {"Memory in use": "475 MB", "To read all documents again": "About 12 minutes"}
    described = dict(model_facts.description(models.details.detail))
    assert described["Languages"].startswith("Amharic, Arabic")


def test_what_is_here_is_not_offered_to_be_got(models: ModelsPage, ready: Services, qtbot: QtBot) -> None:
    """The built-in one, one whose model was removed, and one that was brought without the catalogue."""
    brought = installed("e5-base", "E5 base", kind=ModelKind.EMBEDDING, path="/models/e5-base")
    ready.models.put(brought)
    ready.documents.offer(
        embedder("gone", "Gone", state=EmbedderState.READY),
        embedder("e5-base", "E5 base"),
        embedder("bge", "BGE", state=EmbedderState.OFFERED),
    )
    entries = [replace(E5_ENTRY, id=id, name=id) for id in (BUILTIN.id, "gone", "e5-base", "namesake", "bge")]
    ready.models.entries = (E5_ENTRY, *entries)
    models._models.refresh()
    qtbot.waitUntil(lambda: len(models.sections.installed.rows.shown) == 4)
    assert {row.id for row in models.sections.installed.rows.shown} == {"m5", "e5-base", "gone", BUILTIN.id}
    qtbot.waitUntil(
        lambda: {row.id for row in models.sections.lists[_good()].rows.shown} == {E5_ENTRY.id, "bge"}
    )


def _good() -> Any:
    from ui.models.card_data import CardGroup

    return CardGroup.GOOD


# --- the line at the bottom --------------------------------------------------------------------------------


def test_the_line_pauses_goes_on_and_stops(window: Window, ready: Services, qtbot: QtBot) -> None:
    line = window.status
    ready.documents.tell(change=embeds(500, seconds_left=90.0))
    qtbot.waitUntil(line._job.isVisible)
    assert line.pause.accessibleName() == "Pause preparing to search with Multilingual E5 small"
    line.pause.click()
    assert ready.documents.called("pause")
    ready.documents.on_event(IndexingStatus(IndexingState.PAUSED))
    qtbot.waitUntil(lambda: line.pause.text() == "Resume")
    assert line.doing.text().startswith("Paused · preparing")
    assert not line.left.isVisible()
    line.pause.click()
    assert ready.documents.called("resume")
    line.stop.click()
    assert ready.documents.called("use_embedder") == [(BUILTIN.id,)]
    qtbot.waitUntil(lambda: not line._job.isVisible())


def test_new_documents_come_before_the_change(window: Window, ready: Services, qtbot: QtBot) -> None:
    line = window.status
    ready.documents.tell(change=embeds(500))
    reading = IndexingStatus(IndexingState.RUNNING, 1, "report.pdf", 3, 12, documents_left=1)
    ready.documents.on_event(reading)
    qtbot.waitUntil(lambda: line.doing.text().startswith("Reading ·"))
    line.stop.click()
    assert ready.documents.called("stop_document") == [(1,)]
    assert not ready.documents.called("use_embedder")
    ready.documents.on_event(IndexingStatus(IndexingState.IDLE))
    qtbot.waitUntil(lambda: line.doing.text().startswith("Preparing"))


def test_a_change_that_stands_still_says_why(window: Window, ready: Services, qtbot: QtBot) -> None:
    held = Problem.as_told("disk-full", "The disk is full.", "Free some space.")
    ready.documents.tell(change=embeds(500, seconds_left=90.0, held=held))
    qtbot.waitUntil(lambda: window.status.doing.text() == "The disk is full. Free some space.")
    assert not window.status.left.isVisible()


def test_a_failed_change_and_a_lost_model_are_told_once(
    window: Window, ready: Services, qtbot: QtBot
) -> None:
    ready.documents.tell(change=embeds(500))
    qtbot.waitUntil(window.status._job.isVisible)
    lost = Problem.as_told("embedder-lost", "It is damaged.", "Add it again.")
    ready.documents.tell(change=None, notice=lost)
    qtbot.waitUntil(lambda: said(window) == ["It is damaged. Add it again."])
    window.notices.close(window.notices.all()[0])
    ready.documents.tell(advice=ADVICE)
    qtbot.waitUntil(lambda: window.documents.embedder_advice.isVisible())
    assert said(window) == []


def test_what_was_begun_for_the_person_is_told_without_a_warning(
    window: Window, ready: Services, qtbot: QtBot
) -> None:
    begun = Problem.as_told("embedder-begun", "Your documents are in Hindi, so it searches them.", "Choose.")
    ready.documents.tell(change=embeds(0), notice=begun)
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    (notice,) = window.notices.all()
    assert (notice.kind, notice.seconds) == (NoticeKind.INFORMATION, None)


def test_the_vectors_of_the_active_one_are_made_again_without_a_way_out(
    window: Window, models: ModelsPage, ready: Services, qtbot: QtBot
) -> None:
    again = replace(embeds(0), id=BUILTIN.id, name=BUILTIN.name)
    for done in (100, 400):
        ready.documents.tell(change=replace(again, chunks_done=done))
        qtbot.waitUntil(lambda done=done: card(models, BUILTIN.id).fraction == done / 2000)  # type: ignore[misc]
    assert card(models, BUILTIN.id).action is None
    assert window.status._job.isVisible()
    assert not window.status.stop.isVisible()
    assert not said(window), "it is not told before it is over"
    ready.documents.tell(change=None)
    qtbot.waitUntil(lambda: bool(said(window)))
    assert said(window)[0].startswith("“all-MiniLM-L6-v2” now searches your documents.")


# --- advice ------------------------------------------------------------------------------------------------


def test_advice_is_a_sentence_and_a_button_that_asks(
    window: Window, ready: Services, qtbot: QtBot, dialog: Opened
) -> None:
    banner = window.documents.embedder_advice
    assert not banner.isVisible()
    ready.documents.tell(advice=ADVICE)
    qtbot.waitUntil(banner.isVisible)
    assert banner.why.text() == "12 documents are in Hindi, which search only matches word by word."
    assert banner.what.text() == (
        f"“\u2068Multilingual E5 small\u2069” can search by meaning in {len(E5.languages)} languages, "
        "including Hindi."
    )
    assert banner.action.accessibleName() == "Use it: Multilingual E5 small"
    QTest.keyClick(banner.action, Qt.Key.Key_Space)
    dialog().use.click()
    qtbot.waitUntil(lambda: not banner.isVisible())


@pytest.mark.parametrize(
    ("languages", "documents", "words"),
    [
        (("hi",), 1, "1 document is in Hindi, which search only matches word by word."),
        (("hi", "ta"), 1240, "1,240 documents are in Hindi and Tamil, which search only "
                             "matches word by word."),
        (("hi", "ta", "th", "zh"), 9, "9 documents are in Hindi, Tamil and other languages, which search "
                                      "only matches word by word."),
        (("ar",), 0, "You ask in Arabic, which search only matches word by word."),
    ],
)  # fmt: skip
def test_why_it_is_advised(
    window: Window, ready: Services, qtbot: QtBot, languages: tuple[str, ...], documents: int, words: str
) -> None:
    ready.documents.tell(advice=replace(ADVICE, languages=languages, documents=documents))
    qtbot.waitUntil(lambda: window.documents.embedder_advice.why.text() == words)


def test_closed_advice_stays_closed_until_another_language_comes(
    window: Window, ready: Services, qtbot: QtBot
) -> None:
    banner = window.documents.embedder_advice
    ready.documents.tell(advice=ADVICE)
    qtbot.waitUntil(banner.isVisible)
    banner.close_button.click()
    assert not banner.isVisible()
    assert ready.settings.documents.dismissed_languages == ["hi"]
    qtbot.waitUntil(lambda: ready.saved == 1)
    ready.documents.tell(advice=replace(ADVICE, documents=13))
    qtbot.waitUntil(lambda: window.embedders.status.advice.documents == 13)  # type: ignore[union-attr]
    assert not banner.isVisible()
    ready.documents.tell(advice=replace(ADVICE, languages=("hi", "ta")))
    qtbot.waitUntil(banner.isVisible)


def test_a_model_that_is_not_here_is_shown_where_it_can_be_got(
    window: Window, ready: Services, qtbot: QtBot
) -> None:
    del ready.documents.choices["m5"]
    ready.models.here.clear()
    ready.documents.offer(replace(E5, id=E5_ENTRY.id, state=EmbedderState.OFFERED))
    ready.documents.tell(advice=replace(ADVICE, id=E5_ENTRY.id, here=False))
    banner = window.documents.embedder_advice
    qtbot.waitUntil(banner.isVisible)
    assert banner.action.text() == "Download"
    banner.action.click()
    qtbot.waitUntil(lambda: window.panel.shown is window.models.details)
    detail = window.models.details.detail
    assert detail is not None
    assert detail.row.id == E5_ENTRY.id
    assert detail.row.action is CardAction.GET
    assert detail.row.badge == "Best for your documents"
    assert detail.row.figures == "Needs 475 MB of memory while it searches · changing takes about 12 minutes"


# --- settings ----------------------------------------------------------------------------------------------


def test_settings_tell_which_one_searches_and_lead_to_the_others(
    window: Window, ready: Services, qtbot: QtBot
) -> None:
    window.go_to("settings")
    settings = window.settings.documents
    assert settings.model.text() == BUILTIN.name
    assert settings.about.text() == (
        "It searches by meaning in English. While it searches it needs 290 MB of memory."
    )
    assert not settings.coming.isVisible()
    ready.documents.tell(change=embeds(500))
    qtbot.waitUntil(settings.coming.isVisible)
    assert settings.coming.text() == (
        "“Multilingual E5 small” takes over once it has read all your documents."
    )
    settings.choose_wanted.emit()
    qtbot.waitUntil(window.models.sections.isVisible)
    shown = [row.id for row in window.models.sections.lists[_good()].rows.shown]
    assert shown == [E5_ENTRY.id], "the others are for the chat, for speech and so on"
    assert window.models.sections.filters.task.text().strip() == "For: document search"


def test_following_folders_can_be_switched_off(window: Window, ready: Services, qtbot: QtBot) -> None:
    window.go_to("settings")
    follow = window.settings.documents.form.inputs["watch_folders"]
    assert isinstance(follow, QCheckBox)
    assert follow.isChecked()
    follow.click()
    assert not ready.settings.documents.watch_folders
    qtbot.waitUntil(lambda: ready.saved == 1)

"""The models page: what a person reads there, gets, brings, uses, takes away, and carries off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import thread_time
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from assistant.documents.event_records import IndexingState, IndexingStatus
from assistant.errors import DiskFull, ModelTooLarge, Problem, StorageError
from assistant.jobs import Progress
from assistant.models.catalog.records import Licence, Task
from assistant.models.download.records import DownloadsState
from assistant.models.files.records import DiscoveredModel, ModelKind
from assistant.models.fit.records import Setting, WhatIf
from assistant.models.library.records import AddedModels, BundleSummary, Extras, StatedLicence, Verified
from tests.gui.doubles import BUILTIN, Pending, Services
from tests.gui.model_doubles import GB, MB, card, computer, installed, many_entries, measured
from tests.told import told
from ui.models import descriptions
from ui.models.card_builder import RECOGNITION
from ui.models.card_data import CardAction, CardGroup, ModelRow
from ui.models.dialogs import AddDialog, DownloadDialog, ExportDialog, ManualDownloadDialog
from ui.models.job_progress import JobRow
from ui.models.model_list import ModelList
from ui.models.page import ModelsPage
from ui.window import Window

Connect = Callable[..., Services]
Open = Callable[..., ModelsPage]
QWEN = "qwen3-4b"


@pytest.fixture
def opened(window: Window, services: Services, qtbot: QtBot) -> Open:
    """The page, on a computer with these models, once it shows what can be had."""

    def open_page(*models: Any) -> ModelsPage:
        services.models.put(*models)
        window.connect_services(services)  # type: ignore[arg-type]
        window.go_to("models")
        qtbot.waitUntil(window.models.sections.isVisible)
        return window.models

    return open_page


def here(page: ModelsPage) -> list[ModelRow]:
    """All but what is built in."""
    return [row for row in page.sections.installed.rows.shown if row.id != BUILTIN.id]


def listed(page: ModelsPage, group: CardGroup = CardGroup.GOOD) -> list[str]:
    return [row.id for row in page.sections.lists[group].rows.shown]


def row(page: ModelsPage, id: str) -> ModelRow:
    view = view_of(page, id)
    return view.rows.row(view.rows.index_of(id))


def view_of(page: ModelsPage, id: str) -> ModelList:
    return next(view for view in page.sections.all_lists() if view.rows.index_of(id).isValid())


def click(page: ModelsPage, id: str, action: CardAction | None) -> None:
    """With the mouse, where the card paints it; None: beside its buttons."""
    view = view_of(page, id)
    index = view.rows.index_of(id)
    rect, shown = view.visualRect(index), view.rows.row(index)
    if action is None:
        place = QPoint(rect.left() + 60, rect.top() + 20)
    elif action is CardAction.MENU:
        place = view._delegate._menu_rect(rect).center()
    else:
        place = view._delegate._action_rect(rect, action.label).center()
    assert view._delegate.action_at(rect, shown, place) is action
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def question(page: QWidget, kind: type) -> Any:
    found = page.findChildren(kind)
    assert found, f"no {kind.__name__} is open"
    return found[-1]


def texts(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def action(menu: QMenu, text: str) -> QAction:
    return next(found for found in menu.actions() if found.text() == text)


def actions(menu: QMenu) -> list[str]:
    return [found.text() for found in menu.actions() if found.text()]


# --- this computer


def test_the_computer_is_told_in_plain_words(opened: Open) -> None:
    page = opened()
    said = page.computer.sentence.text()
    assert said == ("This computer has 8 GB of memory and 4 cores. It has no graphics card that can be used.")
    assert page.computer.memory.texts() == [
        "System and other programs 2.1 GB",
        "This program 400 MB",
        "Free 5.5 GB",
    ]
    assert "Free 5.5 GB" in page.computer.memory.accessibleName()


def test_a_card_that_cannot_be_used_is_told_of_and_so_is_the_battery(
    opened: Open, services: Services
) -> None:
    weak = card(name="Radeon 780M", usable=False, note="This build of the program cannot use it.")
    hardware = replace(computer().hardware, on_battery=True)
    services.models.this = computer(hardware=hardware, devices=(card(), weak))
    said = opened().computer.sentence.text()
    assert "NVIDIA GeForce RTX 3060, with 12 GB of its own, is used." in said
    assert "Graphics card Radeon 780M: This build of the program cannot use it." in said
    assert "battery" in said


def test_a_computer_that_was_never_measured_is_measured_once(
    window: Window, services: Services, qtbot: QtBot
) -> None:
    services.models.this = computer(pace=None)
    services.models.queue["look"].append(Pending())
    window.connect_services(services)  # type: ignore[arg-type]
    window.go_to("models")
    qtbot.waitUntil(lambda: len(services.models.called("look")) == 1)
    (job,) = window.models.findChildren(JobRow)
    assert "how fast this computer is" in job.title.text()
    assert window.models.sections.isHidden()
    job.stop.click()
    qtbot.waitUntil(window.models.sections.isVisible)
    window.go_to("documents")
    window.go_to("models")
    qtbot.waitUntil(lambda: len(services.models.called("computer")) >= 2)
    assert len(services.models.called("look")) == 1


def test_before_the_services_are_there_the_page_says_what_it_does(window: Window) -> None:
    window.go_to("models")
    assert "Checking this computer" in window.models.computer.sentence.text()
    assert window.models.sections.isHidden()


def test_what_cannot_be_read_is_told_and_tried_again(
    window: Window, services: Services, qtbot: QtBot
) -> None:
    services.models.queue["installed"].append(
        told(StorageError, "The list of models is damaged.", "Restore it from a copy.")
    )
    window.connect_services(services)  # type: ignore[arg-type]
    window.go_to("models")
    page = window.models
    qtbot.waitUntil(page.unreadable.isVisible)
    assert page.unreadable.title.text() == "The list of models is damaged."
    page.unreadable.buttons[0].click()
    qtbot.waitUntil(page.sections.isVisible)
    assert page.unreadable.isHidden()


# --- what can be got


def test_models_stand_in_the_picker_s_order_each_with_its_sentence(opened: Open) -> None:
    page = opened()
    first = row(page, QWEN)
    assert first.figures == "Needs 3.5 GB of memory, about 9 words a second, good at English"
    assert first.beside == "2.5 GB"
    assert first.action is CardAction.GET
    assert row(page, "qwen2.5-coder-3b").badge == "Recommended for code"
    assert row(page, "qwen2.5-coder-3b").beside == "1.9 GB · not for commercial use"
    order = [pick.entry.id for pick in page.cards.to_get() if pick.comfortable]
    assert listed(page) == order
    big = page.sections.lists[CardGroup.TOO_BIG]
    assert big.isHidden()
    page.sections.folds[CardGroup.TOO_BIG].toggle()
    assert big.isVisible()
    assert "mixtral-8x7b" in listed(page, CardGroup.TOO_BIG)
    assert row(page, "mixtral-8x7b").figures.startswith("It needs 27")
    assert row(page, "mixtral-8x7b").action is None


def test_filters_by_task_language_licence_and_name(opened: Open) -> None:
    page = opened()
    filters = page.sections.filters
    names = [found.text() for found in filters.language.menu_of_choices().actions()]
    assert names[0] == "any"
    assert "German" in names
    tasks = {found.text(): found for found in filters.task.menu_of_choices().actions()}
    assert "translation" in tasks
    tasks["code"].trigger()
    assert listed(page)
    assert all("code" in page.cards.pick_of(id).entry.tasks for id in listed(page))  # type: ignore[union-attr]
    assert filters.task.text().strip() == "For: code"
    filters.clear()
    filters.language.choose("Arabic")
    assert "allam-7b" in listed(page)
    assert "qwen2.5-coder-3b" not in listed(page)
    filters.clear()
    filters.licence.choose(True)
    assert "qwen2.5-coder-3b" not in listed(page)
    filters.clear()
    filters.search.setText("phi alibaba")
    assert not listed(page)
    assert page.sections.none_fits.isVisible()
    assert not page.sections.folds[CardGroup.TOO_BIG].isVisible()
    page.sections.clear_filter.click()
    assert len(listed(page)) > 4
    assert filters.search.text() == ""


def test_where_nothing_runs_well_it_is_said(opened: Open, services: Services) -> None:
    services.models.this = computer(hardware=replace(computer().hardware, memory_available=GB // 16))
    page = opened()
    assert page.sections.none_fits.isVisible()
    assert "runs well here" in page.sections.none_fits.text()
    assert page.sections.clear_filter.isHidden()


def test_what_is_recommended_for_a_task_is_in_sight_even_where_it_is_slow(
    opened: Open, services: Services
) -> None:
    usual = services.models.picks
    services.models.picks = lambda what_if=None: tuple(  # type: ignore[method-assign]
        replace(one, comfortable=False, why_not="It writes slowly here.", recommended_for=(Task.CODE,))
        if one.entry.id == "qwen2.5-coder-3b"
        else one
        for one in usual(what_if)
    )
    page = opened()
    slow = page.sections.folds[CardGroup.SLOW]
    assert page.sections.lists[CardGroup.SLOW].isVisible()
    assert row(page, "qwen2.5-coder-3b").badge == "Recommended for code"
    slow.toggle()
    page.sections.filters.licence.choose(None)
    page._show()
    assert not page.sections.lists[CardGroup.SLOW].isVisible()


def test_only_the_first_are_shown_before_all_are_asked_for(opened: Open, services: Services) -> None:
    services.models.entries = many_entries(40)
    page = opened()
    good = sum(pick.comfortable for pick in page.cards.to_get())
    assert len(listed(page)) == 12
    assert page.sections.show_more.text() == f"Show all {good}"
    page.sections.filters.search.setText("model")
    assert len(listed(page)) == good
    page.sections.filters.clear()
    page.sections.show_more.click()
    assert len(listed(page)) == good
    assert page.sections.show_more.isHidden()


def test_eighty_models_do_not_hold_up_the_window(opened: Open, services: Services, qtbot: QtBot) -> None:
    services.models.entries = many_entries(80)
    page = opened(*(installed(f"m{number}", entry=f"model-{number}") for number in range(12)))
    for fold in page.sections.folds.values():
        fold.toggle()
    qtbot.wait(50)
    spent = []
    for text in ("model 1", "", "model", "7", ""):
        start = thread_time()
        page.sections.filters.search.setText(text)
        QApplication.processEvents()
        spent.append(thread_time() - start)
    assert sorted(spent)[2] < 0.05


# --- what if


def test_what_was_measured_before_is_measured_again_once(opened: Open, services: Services) -> None:
    page = opened(installed())
    assert len(services.models.called("look")) == 1
    page._models.refresh()
    assert len(services.models.called("look")) == 1


def test_what_was_measured_while_documents_were_read_is_measured_again_after(
    window: Window, opened: Open, services: Services, qtbot: QtBot
) -> None:
    def reading(state: IndexingState) -> None:
        with qtbot.waitSignal(window.bridge.indexing):
            window.bridge.receive(IndexingStatus(state, documents_left=2))

    page = opened(installed())
    reading(IndexingState.IDLE)
    assert len(services.models.called("look")) == 1
    running = Pending()
    services.models.queue["look"].append(running)
    page._models.measure()
    reading(IndexingState.RUNNING)
    running.finish(services.models.this)
    qtbot.waitUntil(lambda: not page._models._measuring)
    assert len(services.models.called("look")) == 2
    refreshes = len(services.models.called("computer"))
    reading(IndexingState.IDLE)
    assert len(services.models.called("look")) == 3
    qtbot.waitUntil(lambda: len(services.models.called("computer")) > refreshes)
    reading(IndexingState.IDLE)
    assert len(services.models.called("look")) == 3


def test_two_measurements_never_run_at_once(
    window: Window, opened: Open, services: Services, qtbot: QtBot
) -> None:
    page = opened(installed())
    running = Pending()
    services.models.queue["look"].append(running)
    page._models.measure()
    for state in (IndexingState.RUNNING, IndexingState.IDLE):
        with qtbot.waitSignal(window.bridge.indexing):
            window.bridge.receive(IndexingStatus(state))
    assert len(services.models.called("look")) == 2
    running.finish(services.models.this)
    qtbot.waitUntil(lambda: len(services.models.called("look")) == 3)


def test_an_imagined_computer_is_plainly_marked_and_left_again(
    opened: Open, services: Services, qtbot: QtBot
) -> None:
    page = opened(installed())
    page.computer.what_if.click()
    assert page.what_if.isVisible()
    assert page.computer.isHidden()
    assert page.what_if.memory.value_label.text() == "8 GB, as it is"
    assert set(services.models.called("picks")) == {(None,)}
    QTest.keyClick(page.what_if.memory, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: page.sections.good_heading.text() == "Good on another computer")
    assert services.models.called("picks")[-1] == (WhatIf(memory=256 * GB),)
    assert "another computer" in page.what_if.hint.text()
    assert "mixtral-8x7b" in listed(page, CardGroup.SLOW)
    assert not page.sections.installed.isVisible()
    page.what_if.context.setValue(4)
    page.what_if.device.setValue(0)
    qtbot.waitUntil(lambda: services.models.called("picks")[-1][0].context == 32_768)
    assert page.what_if.context.value_label.text() == "about 47 pages"
    page.what_if.back.click()
    qtbot.waitUntil(lambda: page.sections.good_heading.text() == "Good here")
    assert services.models.called("picks")[-1] == (None,)
    assert page.computer.isVisible()
    assert page.sections.installed.isVisible()


def test_a_slider_that_is_dragged_asks_no_more_often_than_it_is_answered(
    opened: Open, services: Services, qtbot: QtBot
) -> None:
    page = opened()
    page.computer.what_if.click()
    before = len(services.models.called("picks"))
    for place in range(page.what_if.memory.maximum() + 1):
        page.what_if.memory.setValue(place)
    qtbot.waitUntil(lambda: services.models.called("picks")[-1] == (WhatIf(memory=256 * GB),))
    qtbot.waitUntil(lambda: page._picking is None)
    assert len(services.models.called("picks")) - before <= 3


# --- getting


def test_models_for_translation_are_offered(opened: Open) -> None:
    page = opened(installed("m9", "OPUS-MT", kind=ModelKind.TRANSLATION))
    assert "opus-mt-en-es" in {pick.entry.id for pick in page.cards.to_get()}
    (here,) = [found for found in page._models.state.installed if found.id == "m9"]  # type: ignore[union-attr]
    assert page.cards.installed_row(here).state == ""


def test_models_for_speech_are_offered_and_used(opened: Open, qtbot: QtBot) -> None:
    page = opened(installed("m9", "Whisper", kind=ModelKind.SPEECH))
    (here,) = [found for found in page._models.state.installed if found.id == "m9"]  # type: ignore[union-attr]
    assert page.cards.installed_row(here).state == ""
    page.show_kind(ModelKind.SPEECH)
    assert listed(page) == ["whisper-small"]
    assert page.sections.filters.task.text() == "For: speech"
    click(page, "whisper-small", CardAction.GET)
    qtbot.waitUntil(lambda: bool(page.findChildren(DownloadDialog)))
    assert "not available" not in texts(question(page, DownloadDialog))


def test_a_download_is_confirmed_with_all_that_is_to_be_known(
    opened: Open, services: Services, qtbot: QtBot
) -> None:
    running = Pending()
    services.models.queue["get"].append(running)
    page = opened()
    click(page, "qwen2.5-coder-3b", CardAction.GET)
    qtbot.waitUntil(lambda: bool(page.findChildren(DownloadDialog)))
    asked = question(page, DownloadDialog)
    said = texts(asked)
    for part in ("qwen2.5-coder-3b.gguf", "models.example.org", "1.9 GB", "64 GB", "not for commercial use"):
        assert part in said
    assert "Free for private and scientific use" in said
    assert asked.no.isDefault()
    assert not services.models.called("get")
    asked.yes.click()
    assert services.models.called("get") == [("qwen2.5-coder-3b",)]
    services.models.report(Progress("Fetching", 965 * MB, 1930 * MB, 240.0))
    qtbot.waitUntil(lambda: row(page, "qwen2.5-coder-3b").fraction == 0.5)
    assert row(page, "qwen2.5-coder-3b").figures == "965 MB of 1.9 GB · 4 min left"
    services.models.put(installed("got", "Qwen2.5 Coder 3B", entry="qwen2.5-coder-3b"))
    running.finish(services.models.here["got"])
    qtbot.waitUntil(lambda: row(page, "qwen2.5-coder-3b").action is CardAction.USE)
    assert [found.name for found in here(page)] == ["Qwen2.5 Coder 3B"]


def test_a_download_is_stopped_and_goes_on(opened: Open, services: Services, qtbot: QtBot) -> None:
    first = Pending()
    services.models.queue["get"] += [first, Pending()]
    page = opened()
    page._models.downloads.start(services.models.entry(QWEN))
    services.models.report(Progress("Fetching", 500 * MB, 2500 * MB))
    qtbot.waitUntil(lambda: row(page, QWEN).fraction == 0.2)
    click(page, QWEN, CardAction.STOP)
    assert first.cancelled
    assert row(page, QWEN).figures == "Stopped at 500 MB of 2.5 GB. It resumes from there."
    services.models.report(Progress("Fetching", 600 * MB, 2500 * MB))  # said too late
    QApplication.processEvents()
    assert row(page, QWEN).action is CardAction.RESUME
    click(page, QWEN, CardAction.RESUME)
    assert len(services.models.called("get")) == 2
    assert row(page, QWEN).action is CardAction.STOP


def test_what_came_before_the_last_start_goes_on_only_when_asked_again_or_is_thrown_away(
    window: Window, opened: Open, services: Services, qtbot: QtBot
) -> None:
    services.models.waiting[QWEN] = 500 * MB
    page = opened()
    assert row(page, QWEN).figures == "Stopped at 500 MB of 2.5 GB. It resumes from there."
    click(page, QWEN, CardAction.RESUME)
    qtbot.waitUntil(lambda: bool(page.findChildren(DownloadDialog)))
    question(page, DownloadDialog).no.click()
    assert not services.models.called("get")
    action(page.menus.card_menu(row(page, QWEN)), "Discard the partial download").trigger()
    qtbot.waitUntil(lambda: row(page, QWEN).action is CardAction.GET)
    assert services.models.called("discard") == [(QWEN,)]
    assert window.notices.all()[-1].message == "The partial download of “Qwen3 4B” was discarded: 500 MB."


def test_a_download_that_fails_says_why_in_its_card(opened: Open, services: Services, qtbot: QtBot) -> None:
    services.models.queue["get"].append(told(DiskFull, "The disk is full.", "Free some space."))
    page = opened()
    page._models.downloads.start(services.models.entry(QWEN))
    qtbot.waitUntil(lambda: row(page, QWEN).tone == "error")
    assert row(page, QWEN).figures == "The disk is full. Free some space."
    click(page, QWEN, CardAction.RETRY)
    qtbot.waitUntil(lambda: row(page, QWEN).action is CardAction.USE)


def test_an_offer_that_cannot_be_taken_has_no_button(opened: Open, services: Services, qtbot: QtBot) -> None:
    page = opened()
    offer = replace(
        services.models.offer(QWEN),
        problem=Problem.as_told("disk-full", "The disk is too full.", "Free 2 GB."),
    )
    services.models.queue["offer"].append(offer)
    click(page, QWEN, CardAction.GET)
    qtbot.waitUntil(lambda: bool(page.findChildren(DownloadDialog)))
    asked = question(page, DownloadDialog)
    assert "The disk is too full. Free 2 GB." in texts(asked)
    assert not hasattr(asked, "yes")


def test_where_downloads_are_off_the_way_by_hand_is_told(
    opened: Open, services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.models.state = DownloadsState(
        False, "administrator", Problem.as_told("downloads-off", "The administrator has forbidden it.")
    )
    monkeypatch.setattr("ui.common.page_context.QDesktopServices", None)  # nothing is opened
    page = opened()
    click(page, QWEN, CardAction.GET_BY_HAND)
    told = question(page, ManualDownloadDialog)
    said = texts(told)
    assert "The administrator has forbidden it." in said
    assert "drop this file on the Models page" in said
    assert told.addresses.text() == f"https://models.example.org/{QWEN}.gguf"
    assert told.addresses.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByKeyboard
    told.buttons.itemAt(0).widget().click()
    assert QApplication.clipboard().text() == f"https://models.example.org/{QWEN}.gguf"
    assert not services.models.called("get")


def test_where_downloads_are_allowed_the_way_by_hand_does_not_say_that_they_are_off(opened: Open) -> None:
    page = opened()
    action(page.menus.card_menu(row(page, QWEN)), "How to download it").trigger()
    said = texts(question(page, ManualDownloadDialog))
    assert "download this file (2.5 GB) to a stick" in said
    assert "off" not in said


# --- adding


def test_dropped_models_are_copied_or_used_where_they_lie(
    window: Window, opened: Open, services: Services, drag: Any, qtbot: QtBot
) -> None:
    page = opened()
    dragging = drag("/stick/gemma.gguf")
    assert window.drops.overlay.text() == "Drop to add “gemma.gguf” to your models"
    dragging.drop()
    qtbot.waitUntil(lambda: bool(page.window().findChildren(AddDialog)))
    asked = question(page.window(), AddDialog)
    assert asked.copy.isChecked()
    asked.link.click()
    asked.yes.click()
    assert services.models.called("add") == [(("/stick/gemma.gguf",), True)]
    qtbot.waitUntil(lambda: [found.name for found in here(page)] == ["gemma"])
    assert not services.chat.loads
    assert window.notices.all()[-1].message == "“gemma” is now on this computer."


def test_folders_are_models_here_and_papers_are_not(
    window: Window, opened: Open, services: Services, drag: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened()
    drag(str(tmp_path), "/stick/en_es.argosmodel").drop()
    qtbot.waitUntil(lambda: bool(page.window().findChildren(AddDialog)))
    assert "2 items" in question(page.window(), AddDialog).windowTitle()
    drag("/stick/paper.pdf").drop()
    qtbot.waitUntil(lambda: bool(services.documents.called("add")))
    assert window._stack.currentWidget() is window.documents


def test_what_is_refused_says_why_and_adding_can_be_stopped(
    window: Window, opened: Open, services: Services, qtbot: QtBot
) -> None:
    page = opened()
    refused = Problem.as_told("model-unusable", "it is a web page.", "Download the file itself.")
    services.models.queue["add"] += [AddedModels((), (), (("/d/page.gguf", refused),)), Pending()]
    page._models.add(["/d/page.gguf"], link=False)
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    assert window.notices.all()[0].message == "“page.gguf” was not added: it is a web page."
    page._models.add(["/d/large.gguf"], link=False)
    services.models.report(Progress("Copying", 1, 4))
    (job,) = (found for found in page.findChildren(JobRow) if "large" in found.title.text())
    qtbot.waitUntil(lambda: job.bar.value() == 250)
    job.stop.click()
    assert job.isHidden()
    assert not here(page)


def test_models_of_other_programs_are_found_and_used_in_place(
    window: Window, opened: Open, services: Services, qtbot: QtBot
) -> None:
    page = opened()
    found = DiscoveredModel(
        "/home/ada/.ollama/blobs/sha256-1", "llama3.2:3b", ModelKind.CHAT, 2019 * MB, "Ollama"
    )
    services.models.queue["discover"].append((found,))
    page.sections.find_others.click()
    qtbot.waitUntil(lambda: window.panel.shown is page.discovered)
    assert "2 GB · chat · Ollama" in texts(page.discovered)
    page.discovered.buttons[0].click()
    assert services.models.called("add") == [((found.path,), True)]
    assert not page.discovered.buttons[0].isEnabled()


def test_the_licence_is_said_before_a_model_is_added(
    opened: Open, services: Services, drag: Any, qtbot: QtBot
) -> None:
    page = opened()
    services.models.licences_of = (StatedLicence("nllb-200", Licence("CC-BY-NC-4.0", False)),)
    drag("/stick/nllb-200.zip").drop()
    qtbot.waitUntil(lambda: bool(page.window().findChildren(AddDialog)))
    assert "Licence of nllb-200: CC-BY-NC-4.0 (not for commercial use)." in texts(
        question(page.window(), AddDialog)
    )


def test_files_are_chosen_in_a_dialog(opened: Open, qtbot: QtBot) -> None:
    page = opened()
    action(page.menus.add_menu(), "Files…").trigger()
    (dialog,) = page.window().findChildren(QFileDialog)
    dialog.filesSelected.emit(["/d/a.gguf", "/d/b.gguf"])
    qtbot.waitUntil(lambda: bool(page.window().findChildren(AddDialog)))
    assert "2 items" in question(page.window(), AddDialog).windowTitle()
    dialog.close()


# --- what is here


def test_a_model_is_used_and_answers_in_the_chat(
    window: Window, opened: Open, services: Services, qtbot: QtBot
) -> None:
    slow = Pending()
    services.chat.queue["load"].append(slow)
    page = opened(installed("m1", path="/models/tiny.gguf"))
    click(page, "m1", CardAction.USE)
    assert services.chat.loads[0][0] == Path("/models/tiny.gguf")
    window.model_loader._progressed(Progress("Reading", 40, 100))
    qtbot.waitUntil(lambda: row(page, "m1").fraction == 0.4)
    assert row(page, "m1").action is CardAction.STOP
    from tests.gui.chat_doubles import model

    services.models.loads = (measured("/models/tiny.gguf"),)
    slow.finish(model())
    qtbot.waitUntil(lambda: row(page, "m1").state == "In use")
    qtbot.waitUntil(lambda: "used" in row(page, "m1").figures.casefold())
    assert row(page, "m1").figures == ("Used 2.2 GB (2.3 GB predicted) · 16 words a second (18 predicted)")
    assert window.status.note.text().startswith("Qwen3 1.7B")
    assert window.chat.models.info is not None


def test_loading_is_stopped_from_the_card(window: Window, opened: Open, services: Services) -> None:
    slow = Pending()
    services.chat.queue["load"].append(slow)
    page = opened(installed("m1", path="/models/tiny.gguf"))
    click(page, "m1", CardAction.USE)
    click(page, "m1", CardAction.STOP)
    assert slow.cancelled
    assert row(page, "m1").action is CardAction.USE


def test_missing_and_damaged_models_say_what_to_do(
    opened: Open, services: Services, window: Window, qtbot: QtBot
) -> None:
    gone = installed("m1", path="/stick/gone.gguf", linked=True, missing=True)
    page = opened(gone, installed("m2", "Other", note="It sees pictures with its projector."))
    assert row(page, "m1").figures == (
        "Its file is missing from /stick/gone.gguf. Connect its disk, or remove it here."
    )
    assert row(page, "m2").about == "It sees pictures with its projector."
    services.models.put(replace(gone, missing=False))
    click(page, "m1", CardAction.RETRY)
    qtbot.waitUntil(lambda: row(page, "m1").action is CardAction.USE)
    damage = Problem.as_told("model-unusable", "“Other” is damaged.", "Remove it and add it again.")
    services.models.queue["verify"].append((Verified(services.models.here["m2"], damage),))
    action(page.menus.card_menu(row(page, "m2")), "Check").trigger()
    qtbot.waitUntil(lambda: row(page, "m2").tone == "error")
    assert services.models.called("verify") == [(("m2",),)]
    assert row(page, "m2").figures == "“Other” is damaged. Remove it and add it again."
    assert window.notices.all()[-1].message == "“Other” is damaged."


def test_what_sees_pictures_and_what_lets_it(opened: Open, services: Services) -> None:
    services.models.seeing = {"m1": "eyes"}
    eyes, lost = (installed(id, id, kind=ModelKind.PROJECTOR, shape=None) for id in ("eyes", "lost"))
    page = opened(installed("m1", "Tiny VL"), installed("m2", "Other"), eyes, lost)
    assert row(page, "m1").about == "Chat in English and Chinese · sees pictures"
    assert "pictures" not in row(page, "m2").about
    assert row(page, "eyes").about == "Lets Tiny VL see pictures"
    assert row(page, "lost").about == "No chat model here goes with it."
    assert row(page, "lost").figures == "Add it and its model from one folder, in one go."


def test_languages_of_text_in_pictures_are_listed(opened: Open, services: Services) -> None:
    services.models.recognised = ("ar", "zh", "en", "fr", "de")
    swahili = installed("m1", "Swahili (swa)", kind=ModelKind.RECOGNITION, languages=("sw",), shape=None)
    page = opened(swahili)
    assert row(page, "m1").about == "Text recognition in Swahili"
    assert row(page, RECOGNITION).about == "Recognised in Arabic, Chinese, English and more"
    page.open_details(RECOGNITION)
    assert "Arabic, Chinese, English, French and German" in texts(page.details)
    assert page.details.action is None


def test_removing_with_the_keyboard_and_undoing(
    window: Window, opened: Open, services: Services, qtbot: QtBot
) -> None:
    page = opened(installed("m1", "One"), installed("m2", "Two", linked=True))
    view = page.sections.installed
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: [found.name for found in here(page)] == ["One"])
    (notice,) = window.notices.all()
    assert notice.message == "“Two” was removed. The file itself was not deleted."
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(here(page)) == 2)
    assert [notice.message for notice in window.notices.all()] == ["“Two” was restored."]
    assert services.models.called("undo_remove") == [("m2",)]
    assert not services.documents.called("restore")


def test_all_is_done_from_the_keyboard(
    window: Window, opened: Open, services: Services, qtbot: QtBot
) -> None:
    page = opened(installed("m1", path="/models/tiny.gguf"))
    view = page.sections.installed
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert window.panel.shown is page.details
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert window.panel.isHidden()
    menus: list[str] = []
    view.menu_wanted.disconnect()
    view.menu_wanted.connect(lambda row, _: menus.append(row.id))
    by_key = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(view.viewport(), by_key)
    assert menus == ["m1"]
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert len(services.chat.loads) == 1
    spoken = view.rows.data(view.rows.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Qwen3 1.7B, 1.3 GB, Chat in English and Chinese")


def test_a_card_out_of_sight_is_scrolled_to(opened: Open, qtbot: QtBot) -> None:
    page = opened(installed())
    view = page.sections.lists[CardGroup.GOOD]
    bar = page.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    view.setFocus()
    bar.setValue(0)
    QTest.keyClick(view, Qt.Key.Key_End)
    assert bar.value() > 0
    last = view.visualRect(view.currentIndex())
    top = view.viewport().mapTo(page.area.viewport(), last.topLeft()).y()
    assert top >= 0
    assert top + last.height() <= page.area.viewport().height() + 10


# --- details


def test_details_hold_all_numbers(window: Window, opened: Open, services: Services) -> None:
    services.models.loads = (measured("/models/m1.gguf"),)
    page = opened(installed("m1", entry="qwen3-1.7b", sha256="ab12"))
    click(page, QWEN, None)
    assert window.panel.title() == "Qwen3 4B"
    said = texts(page.details)
    for part in (
        "3.5 GB",
        "Conversation memory",
        "about 6 pages of conversation (4,096 tokens)",
        "16 bits (f16)",
        "4 billion",
        "Q4_K_M",
        "Apache-2.0 (commercial use allowed)",
        "https://models.example.org/qwen3-4b.gguf",
        "English, Spanish, German, French, Chinese, Arabic and many more",
    ):
        assert part in said
    click(page, QWEN, None)
    assert window.panel.isHidden()
    click(page, "m1", None)
    said = texts(page.details)
    for part in ("2.3 GB", "2.2 GB", "23 tokens a second", "22 tokens a second", "ab12"):
        assert part in said
    assert page.details.action is not None
    page.details.action.click()
    assert len(services.chat.loads) == 1


def test_details_follow_a_download_and_keep_the_keyboard(
    window: Window, opened: Open, services: Services, qtbot: QtBot
) -> None:
    services.models.queue["get"].append(Pending())
    page = opened()
    page._models.downloads.start(services.models.entry(QWEN))
    click(page, QWEN, None)
    stop = page.details.action
    assert stop is not None
    stop.setFocus()
    services.models.report(Progress("Fetching", 500 * MB, 2500 * MB))
    qtbot.waitUntil(lambda: page.details.figures.text() == "500 MB of 2.5 GB")
    assert page.details.action is stop
    stop.click()
    assert page.details.action is not stop
    assert page.details.action is not None
    assert page.details.action.text().strip() == "Resume"
    assert page.details.action.hasFocus()


def test_details_of_a_model_that_was_removed_close(window: Window, opened: Open, qtbot: QtBot) -> None:
    page = opened(installed("m1", "Own"))
    click(page, "m1", None)
    page.details.remove_wanted.emit(page.details.detail.model)  # type: ignore[union-attr]
    qtbot.waitUntil(window.panel.isHidden)


def test_every_model_that_was_loaded_stands_in_one_table(
    window: Window, opened: Open, services: Services
) -> None:
    services.models.loads = (measured(), measured("/d/other.gguf", "Other", measured=3 * GB))
    page = opened()
    page.computer.measurements.click()
    assert window.panel.shown is page.measured
    said = texts(page.measured)
    assert "Qwen3 1.7B" in said
    assert "Other" in said
    assert "3 GB" in said
    for label in page.measured.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width()), label.text()


# --- to and from another computer


def test_models_and_chats_go_to_another_computer(
    window: Window, opened: Open, services: Services, qtbot: QtBot
) -> None:
    page = opened(installed("m1", "One"), installed("m2", "Two"))
    action(page.menus.more_menu(), "To another computer…").trigger()
    asked = question(page, ExportDialog)
    asked.boxes[0].click()
    asked.chats.click()
    assert asked.total.text() == "1 model (1.3 GB) and what is ticked above."
    running = Pending()
    services.models.queue["export_to"].append(running)
    asked.yes.click()
    (dialog,) = page.findChildren(QFileDialog)
    dialog.filesSelected.emit(["/media/stick"])
    assert services.models.called("export_to") == [("/media/stick", ("m2",), Extras(False, True))]
    (job,) = page.findChildren(JobRow)
    assert job.title.text() == "Copying to “stick” for another computer"
    job.stop.click()
    assert running.cancelled
    dialog.close()


def test_nothing_cannot_be_exported(opened: Open) -> None:
    page = opened()
    page.menus.export()
    asked = question(page, ExportDialog)
    assert not asked.yes.isEnabled()
    asked.documents.click()
    assert asked.yes.isEnabled()


def test_what_comes_from_another_computer_is_taken_over(
    window: Window, opened: Open, services: Services, qtbot: QtBot
) -> None:
    page = opened()
    action(page.menus.more_menu(), "From another computer…").trigger()
    (dialog,) = page.findChildren(QFileDialog)
    dialog.filesSelected.emit(["/media/stick"])
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    assert window.notices.all()[0].message == "1 model and your conversations imported."
    dialog.close()
    there = Problem.as_told(
        "bad-request", "The documents were not taken over: there are some here.", "Remove them."
    )
    services.models.queue["import_from"].append(BundleSummary("/media/stick", (), False, False, 0, (there,)))
    page._models.import_from("/media/stick")
    qtbot.waitUntil(lambda: window.notices.all()[-1].hint == "Remove them.")


def test_models_that_could_not_be_read_are_told_of_once(
    window: Window, opened: Open, services: Services, qtbot: QtBot
) -> None:
    damaged = Problem("damaged-store", "model-description-damaged", {"folder": "/d/m1"})
    services.models.notices = (damaged,)
    page = opened()
    assert [notice.message for notice in window.notices.all()] == [damaged.message]
    window.notices.close(window.notices.all()[0])
    page._models.refresh()
    qtbot.waitUntil(lambda: page._models._refreshing is None)
    assert not window.notices.all()


# --- the chat's own menu


def test_the_chat_offers_what_is_here(window: Window, opened: Open, services: Services, qtbot: QtBot) -> None:
    speech = installed("m3", "Whisper", kind=ModelKind.SPEECH)
    opened(installed("m1", "One & two"), installed("m2", "Gone", missing=True), speech)
    window.go_to("chat")
    menu = window.chat.models.menu()
    assert actions(menu) == ["Load “One && two”", "One && two", "Choose a model file…", "More models…"]
    action(menu, "One && two").trigger()
    assert services.chat.loads[0][0] == Path("/models/m1.gguf")
    qtbot.waitUntil(lambda: window.model_loader.info is not None)
    assert action(window.chat.models.menu(), "One && two").isChecked()
    action(window.chat.models.menu(), "More models…").trigger()
    assert window._stack.currentWidget() is window.models


def test_where_none_was_chosen_the_model_that_is_here_answers(
    window: Window, opened: Open, services: Services, qtbot: QtBot
) -> None:
    """Somebody who added one in the first steps need not choose it again."""
    opened(installed("m1", "Mine"))
    window.go_to("chat")
    assert window.chat._stack.currentWidget() is not window.chat._no_model
    assert window.chat.models.button.text().strip() == "Mine"
    assert not services.chat.loads  # it takes memory only once it is asked
    window.chat.composer.field.setPlainText("Hello")
    QTest.keyClick(window.chat.composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(services.chat.loads))
    assert services.chat.loads[0][0] == Path("/models/m1.gguf")


def test_a_model_that_is_too_large_is_offered_with_the_setting_that_fits(
    window: Window, opened: Open, services: Services, qtbot: QtBot
) -> None:
    page = opened(installed("m1", path="/models/tiny.gguf"))
    nearest = Setting(2048, "q8_0", threads=2)
    services.chat.queue["load"].append(
        told(
            ModelTooLarge,
            "Tiny does not fit.",
            "It fits with a context of 2048 tokens.",
            {"setting": nearest},
        )
    )
    click(page, "m1", CardAction.USE)
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    (notice,) = window.notices.all()
    assert notice.action is not None
    assert notice.action.words == "Load it with about 3 pages"
    notice.action.do()
    options = services.chat.loads[1][1]
    assert (options.context, options.kv_type, options.gpu_layers) == (2048, "q8_0", 0)
    qtbot.waitUntil(lambda: row(page, "m1").state == "In use")


@pytest.mark.parametrize(
    ("languages", "said"),
    [
        ((), "Chat"),
        (("en",), "Chat in English"),
        (("en", "de", "fr"), "Chat in English, German and French"),
        (("en", "de", "fr", "es"), "Chat in English, German, French and more"),
        (("en", "mul"), "Chat in English and more"),
        (("mul",), "Chat in many languages"),
    ],
)
def test_a_card_names_few_languages(languages: tuple[str, ...], said: str) -> None:
    assert descriptions.what_it_is(installed(languages=languages)) == said


def test_strange_names_are_shown_as_they_are(opened: Open) -> None:
    page = opened(installed("m1", "a\nb\u202egpj", path="/d/<b>x</b>.gguf"))
    assert "\n" not in row(page, "m1").name
    assert "\u202e" not in row(page, "m1").name
    click(page, "m1", None)
    labels = [label for label in page.details.findChildren(QLabel) if label.text()]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


def test_a_chosen_file_has_one_name_everywhere_and_stays_in_the_menu(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    services = connected()
    services.models.put(installed("m1", "Qwen3 1.7B", path="/models/m1.gguf"))
    loader = window.model_loader
    window.model_actions.refresh()
    qtbot.waitUntil(lambda: bool(window.model_actions.chat_models()))
    loader.load(Path("/d/tiny-0.5b-instruct-q4_k_m.gguf"))
    qtbot.waitUntil(lambda: len(window.model_actions.chat_models()) == 2)
    chosen = next(model for model in services.models.here.values() if model.linked)
    assert chosen.path == "/d/tiny-0.5b-instruct-q4_k_m.gguf", "it is used in place"
    services.models.put(replace(chosen, name="Tiny 0.5B (Q4_K_M)"))
    window.model_actions.refresh()
    qtbot.waitUntil(lambda: loader.name() == "Tiny 0.5B (Q4_K_M)")
    qtbot.waitUntil(lambda: "Tiny 0.5B (Q4_K_M)" in loader.button.accessibleName())
    assert loader.line().startswith("Tiny 0.5B (Q4_K_M)")
    loader.load(Path("/models/m1.gguf"))
    qtbot.waitUntil(lambda: loader.name() == "Qwen3 1.7B")
    assert "Tiny 0.5B (Q4_K_M)" in [action.text() for action in loader.menu().actions()]

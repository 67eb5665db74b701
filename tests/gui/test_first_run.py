"""The first run: when it comes, its steps, what can be begun in it, and the ways out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from assistant import paths
from assistant.errors import DownloadError, Problem, StorageError
from assistant.jobs import Progress
from assistant.models.catalog.records import Task
from assistant.models.download.records import DownloadsState
from assistant.models.files.records import DiscoveredModel, ModelKind
from assistant.network_guard import Level
from tests.gui.doubles import Pending, Services, document
from tests.gui.model_doubles import GB, MB, computer, entry, installed, pick
from tests.told import told
from ui import app
from ui.common.theme import Theme
from ui.first_run import computer_words
from ui.first_run.computer_step import ComputerStep
from ui.first_run.due import is_due
from ui.first_run.files_step import FilesStep
from ui.first_run.models_step import ModelsStep
from ui.first_run.page import KEY, FirstRunPage
from ui.models.dialogs import DownloadDialog, ManualDownloadDialog
from ui.window import Window

HANDBOOK = document(1, "start.md", collection="Handbook")
Connect = Callable[..., Services]


@pytest.fixture
def page(window: Window) -> FirstRunPage:
    """In view, before the services are there."""
    window.go_to(KEY)
    return cast(FirstRunPage, window.page(KEY))


def to_models(page: FirstRunPage, qtbot: QtBot) -> ModelsStep:
    page.show_step(1)
    step = cast(ModelsStep, page.step(1))
    qtbot.waitUntil(lambda: all(row.offer.known for row in step.tasks.values()))
    return step


# --- when it comes ------------------------------------------------------------------------------------------


def test_it_comes_where_nobody_has_used_the_program() -> None:
    assert is_due()
    paths.models_folder().mkdir(parents=True)  # brought beforehand
    paths.settings_file().write_text("", "utf-8")
    assert is_due()


@pytest.mark.parametrize(
    "trace",
    ["window", "documents/documents.sqlite3", "history.sqlite3", "speech/vocabulary.json", "translation/x"],
)
def test_it_never_comes_unasked_to_somebody_who_has_data(trace: str) -> None:
    file = paths.home() / trace
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"x")
    assert not is_due()


@pytest.mark.parametrize("used", [False, True])
def test_the_program_begins_with_it_once(theme: Theme, qapp: QApplication, used: bool) -> None:
    if used:
        paths.home().mkdir(parents=True)
        paths.history_file().write_bytes(b"x")
    program = app.RunningApp(qapp)
    assert program.window.shows(KEY) is not used
    assert program.window.shows("documents") is used
    program.window.deleteLater()
    qapp.setQuitOnLastWindowClosed(True)


# --- what this computer can do ------------------------------------------------------------------------------


def test_what_this_computer_can_do_is_said_in_plain_words(
    page: FirstRunPage, connected: Connect, qtbot: QtBot
) -> None:
    step = cast(ComputerStep, page.step(0))
    assert step.memory.text.text() == "Checking…"
    connected(HANDBOOK)
    qtbot.waitUntil(lambda: "chat, dictation and translation" in step.memory.text.text())
    assert step.memory.title.text() == "8 GB of memory"
    assert "words a second" in step.processor.text.text()
    assert step.disk.title.text() == "64 GB free on the disk"
    assert "blocks all networks" in step.privacy.text.text()


def test_a_weak_computer_is_told_what_works_all_the_same(
    page: FirstRunPage, services: Services, connected: Connect, qtbot: QtBot
) -> None:
    hardware = replace(computer().hardware, memory_total=GB, memory_available=100 * MB, disk_free=200 * MB)
    services.models.this = computer(hardware=hardware)
    services.guard = Level.NONE
    connected(HANDBOOK)
    step = cast(ComputerStep, page.step(0))
    qtbot.waitUntil(lambda: "works without one" in step.memory.text.text())
    assert "quick on any computer" in step.processor.text.text()
    assert step.privacy.title.text() != "Nothing leaves this computer"  # which would not be true


def test_what_fits_is_no_less_than_what_is_recommended() -> None:
    """A model may be recommended though it writes more slowly than people read."""
    small = pick(entry("small", "Small", 1, 1000), 16 * GB)
    large = pick(entry("large", "Large", 4, 4000), 16 * GB)
    slow = replace(large, comfortable=False, recommended_for=(Task.CHAT,))
    assert small.comfortable
    assert computer_words.Prospects(computer(), (small, slow)).largest == 4000 * MB


def test_a_computer_that_cannot_be_measured_says_so(
    page: FirstRunPage, services: Services, connected: Connect, qtbot: QtBot
) -> None:
    damaged = told(StorageError, "The list of models is damaged.", "Restore it from a copy.")
    services.models.queue["recommended"].extend([damaged] * 4)  # other pages ask as well
    connected(HANDBOOK)
    step = cast(ComputerStep, page.step(0))
    qtbot.waitUntil(lambda: "could not be measured" in step.processor.text.text())
    assert step.memory.title.text() == "8 GB of memory"


def test_the_proof_is_one_click_away(
    window: Window, page: FirstRunPage, connected: Connect, qtbot: QtBot
) -> None:
    connected(HANDBOOK)
    step = cast(ComputerStep, page.step(0))
    step.proof.click()
    assert not window.panel.isHidden()
    assert window.shows(KEY)
    window._escape()  # closes the panel first
    assert window.shows(KEY)


# --- models -------------------------------------------------------------------------------------------------


def test_each_task_has_its_model_with_size_time_and_licence(
    page: FirstRunPage, connected: Connect, qtbot: QtBot
) -> None:
    connected(HANDBOOK)
    step = to_models(page, qtbot)
    assert list(step.tasks) == [Task.CHAT, Task.SPEECH, Task.TRANSLATION]
    speech = step.tasks[Task.SPEECH]
    assert "484 MB" in speech.facts.text()
    assert "for example 3 min at 20 Mbit/s" in speech.facts.text()
    assert speech.licence.text() == "Licence: Apache-2.0 (commercial use allowed)"


def test_nothing_is_fetched_before_it_was_confirmed_and_it_goes_on_after_the_first_run(
    window: Window, page: FirstRunPage, services: Services, connected: Connect, qtbot: QtBot
) -> None:
    connected(HANDBOOK)
    step = to_models(page, qtbot)
    services.models.queue["get"].extend([chat := Pending(), speech := Pending()])
    for task in (Task.CHAT, Task.SPEECH):
        row = step.tasks[task]
        row.get.click()
        qtbot.waitUntil(lambda row=row: bool(window.findChildren(DownloadDialog)) or row.offer.runs)
        assert not row.offer.runs
        window.findChildren(DownloadDialog)[-1].yes.click()
        qtbot.waitUntil(lambda row=row: row.offer.runs)
        services.models.report(Progress("", 1, 4, 60))
        qtbot.waitUntil(lambda row=row: row.bar.value() == 250)
        qtbot.waitUntil(lambda: not window.findChildren(DownloadDialog))
        assert row.stop.isVisible()
    step.tasks[Task.SPEECH].stop.click()
    assert speech.cancelled
    assert step.tasks[Task.SPEECH].get.text().strip() == "Resume"
    window.go_to("documents")
    entry = step.tasks[Task.CHAT].offer.pick
    assert entry is not None
    services.models.put(model := installed("got", entry.entry.name, entry=entry.entry.id))
    chat.finish(model)
    qtbot.waitUntil(lambda: window.model_loader.chosen == Path(model.path))  # and it answers from now on
    assert "is on this computer" in step.tasks[Task.CHAT].facts.text()


def test_a_download_that_failed_says_why_and_can_go_on(
    window: Window, page: FirstRunPage, services: Services, connected: Connect, qtbot: QtBot
) -> None:
    connected(HANDBOOK)
    row = to_models(page, qtbot).tasks[Task.TRANSLATION]
    assert row.offer.pick is not None
    services.models.queue["get"].append(told(DownloadError, "The connection was lost.", "Press Resume."))
    window.model_actions.downloads.start(row.offer.pick.entry)
    qtbot.waitUntil(lambda: "The connection was lost." in row.facts.text())
    assert row.get.isVisible()
    assert row.get.text().strip() == "Resume"


def test_where_downloads_are_off_a_model_is_brought_on_a_stick(
    window: Window, page: FirstRunPage, services: Services, connected: Connect, qtbot: QtBot
) -> None:
    services.models.state = DownloadsState(False, "settings", Problem.as_told("x", "Downloads are off."))
    connected(HANDBOOK)
    row = to_models(page, qtbot).tasks[Task.CHAT]
    assert row.get.text().strip() == "Bring it on a stick"
    row.get.click()
    (dialog,) = window.findChildren(ManualDownloadDialog)
    assert not services.models.called("offer")
    dialog.close()


def test_what_is_here_already_is_not_offered(
    page: FirstRunPage, services: Services, connected: Connect, qtbot: QtBot
) -> None:
    services.models.put(installed("w", "Whisper tiny.en", kind=ModelKind.SPEECH))
    connected(HANDBOOK)
    row = to_models(page, qtbot).tasks[Task.SPEECH]
    qtbot.waitUntil(lambda: row.facts.text() == "“Whisper tiny.en” is on this computer.")
    assert not row.get.isVisible()


def test_models_of_other_programs_are_shown_beside(
    window: Window, page: FirstRunPage, services: Services, connected: Connect, qtbot: QtBot
) -> None:
    connected(HANDBOOK)
    step = to_models(page, qtbot)
    found = DiscoveredModel("/other/a.gguf", "Other", ModelKind.CHAT, 5 * MB, "Another program")
    services.models.queue["discover"].append(Pending().finish((found,)))
    step.discover.click()
    qtbot.waitUntil(lambda: not window.panel.isHidden())
    assert window.shows(KEY)


# --- the first file, and the first question -----------------------------------------------------------------


def test_three_clicks_lead_to_the_first_answer(
    window: Window, page: FirstRunPage, connected: Connect, qtbot: QtBot
) -> None:
    services = connected(HANDBOOK)
    qtbot.mouseClick(page.next, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.next, Qt.MouseButton.LeftButton)
    files = cast(FilesStep, page.step(2))
    qtbot.mouseClick(files.questions[0], Qt.MouseButton.LeftButton)
    assert window.shows("documents")
    ((question, scope),) = services.documents.called("ask")
    assert question == files.questions[0].text()
    assert scope.collection == "Handbook"


def test_a_question_is_asked_even_before_the_services_are_there(
    window: Window, page: FirstRunPage, connected: Connect, qtbot: QtBot
) -> None:
    page.show_step(2)
    cast(FilesStep, page.step(2)).questions[1].click()
    services = connected(HANDBOOK)
    qtbot.waitUntil(lambda: bool(services.documents.called("ask")))


def test_files_lead_to_the_documents_and_the_next_thing_is_a_question(
    window: Window, page: FirstRunPage, connected: Connect, drag: Any, qtbot: QtBot
) -> None:
    services = connected(HANDBOOK)
    window.activateWindow()
    page.show_step(2)
    window.document_actions.add(["/d/report.pdf"], window.documents.collections.target)
    qtbot.waitUntil(lambda: window.shows("documents"))
    assert services.documents.called("add")
    assert window.focusWidget() is window.documents.questions.field.field


def test_files_can_be_dropped_in_any_step(
    window: Window, page: FirstRunPage, connected: Connect, drag: Any, qtbot: QtBot
) -> None:
    services = connected(HANDBOOK)
    drag("/d/new.pdf").drop()
    qtbot.waitUntil(lambda: bool(services.documents.called("add")))
    assert window.shows("documents")


def test_the_handbook_offers_its_questions_where_it_is_asked(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    connected(HANDBOOK)
    page = window.documents
    page.collections.choose("Handbook")
    qtbot.waitUntil(lambda: "Which file formats can be read?" in page.examples.questions())


# --- ways out and back --------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["button", "Esc"])
def test_it_can_be_skipped_and_is_found_again(
    window: Window, page: FirstRunPage, connected: Connect, qtbot: QtBot, way: str
) -> None:
    connected(HANDBOOK)
    page.show_step(1)
    if way == "Esc":
        window._escape()
    else:
        page.skip.click()
    assert window.shows("documents")
    assert window.navigation.button("documents").isChecked()
    (notice,) = window.notices.all()
    assert "Settings" in notice.hint
    window.go_to("settings")
    window.settings.first_run.click()
    assert window.shows(KEY)
    assert page.accessibleName().startswith("Step 1 of 3")
    assert not any(window.navigation.button(key).isChecked() for key in ("documents", "settings"))


def test_a_page_at_the_left_ends_it_without_a_word(window: Window, page: FirstRunPage, qtbot: QtBot) -> None:
    window.navigation.button("documents").click()
    assert window.shows("documents")
    assert not window.notices.all()


def test_the_keyboard_alone_goes_through_it(
    window: Window, page: FirstRunPage, connected: Connect, qtbot: QtBot
) -> None:
    connected(HANDBOOK)
    window.activateWindow()
    page.came_into_view()
    names = []
    for _ in range(3):
        names.append(page.accessibleName())
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert [name[:11] for name in names] == ["Step 1 of 3", "Step 2 of 3", "Step 3 of 3"]
    assert window.shows("documents")


@pytest.mark.parametrize("size", [(760, 480), (1280, 720)])
def test_the_ways_on_are_in_sight_in_every_step(
    window: Window, page: FirstRunPage, connected: Connect, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window.resize(*size)
    connected(HANDBOOK)
    for number in range(3):
        page.show_step(number)
        QApplication.processEvents()
        for button in (page.skip, page.next):
            assert button.visibleRegion().boundingRect().size() == button.size()
        for label in page.step(number).findChildren(QLabel):
            assert label.width() <= page.width()

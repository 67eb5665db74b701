"""What the global key and the command do: dictation into another program, shown in the panel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.speech.dictation.records import Edit
from ui.common.theme import Theme
from ui.dictation import other_program
from ui.dictation.controller import DictationState, Remedy, Trouble
from ui.dictation.insertion_outcome import Outcome
from ui.dictation.other_program import DictationAnywhere
from ui.dictation.sound import Level
from ui.dictation.target import Target


class Controller(QObject):
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.state = DictationState.IDLE
        self.trouble: Trouble | None = None
        self.loading = True
        self.target: Target | None = None

    def start(self, target: Target) -> bool:
        self.target = target
        self.set(DictationState.LISTENING)
        return True

    def stop(self) -> None:
        self.set(DictationState.FINISHING)

    def escape(self) -> bool:
        return False

    def level(self) -> Level:
        return Level()

    def set(self, state: DictationState) -> None:
        self.state = state
        self.changed.emit()


class Insertion(QObject):
    done = Signal(Outcome, str)
    possible = True

    def __init__(self, _: QObject) -> None:
        super().__init__()
        self.changes: list[tuple[int, str]] = []
        self.prepared = self.closed = False

    def prepare(self) -> None:
        self.prepared = True

    def change(self, delete: int, insert: str) -> None:
        self.changes.append((delete, insert))

    def key_held(self, held: bool) -> None:
        pass

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def controller() -> Controller:
    return Controller()


@pytest.fixture
def in_window() -> list[str]:
    """What the window was asked to do."""
    return []


@pytest.fixture
def anywhere(
    controller: Controller, in_window: list[str], qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DictationAnywhere]:
    monkeypatch.setattr(other_program, "Insertion", Insertion)
    monkeypatch.setattr(QApplication, "activeWindow", lambda: None)
    anywhere = DictationAnywhere(controller, lambda: in_window.append("dictate"), lambda: "de")  # type: ignore[arg-type]
    yield anywhere
    anywhere.close()
    if anywhere._overlay is not None:
        qtbot.addWidget(anywhere._overlay)


def test_what_is_said_goes_to_the_other_program_and_the_panel(
    anywhere: DictationAnywhere, controller: Controller, in_window: list[str]
) -> None:
    anywhere.obey("toggle")
    panel, writing, target = anywhere._panel(), anywhere._writing(), controller.target
    assert panel.isVisible()
    assert panel._language.text() == "German"
    assert target is not None
    assert panel._words.text() == "Go ahead and speak: the model is loading."
    controller.loading = False
    controller.changed.emit()
    assert panel._words.text() == ""
    assert target.apply(Edit(0, "one two"))
    target.show_live(" three", " fo")
    assert panel._words.text() == "one two three fo"
    assert target.apply(Edit(4, ""))
    assert panel._words.text() == "one"
    anywhere.obey("toggle")
    assert controller.state is DictationState.FINISHING
    controller.set(DictationState.IDLE)
    assert not panel.isVisible()
    assert writing.changes == [(0, "one two"), (4, "")]  # type: ignore[attr-defined]
    assert writing.prepared  # type: ignore[attr-defined]
    assert not in_window


def test_a_trouble_stays_in_the_panel_for_a_while(
    anywhere: DictationAnywhere, controller: Controller, qtbot: QtBot
) -> None:
    anywhere._closing.setInterval(50)
    anywhere.start()
    controller.trouble = Trouble("No microphone was found.", "Plug one in.", Remedy.AGAIN)
    controller.set(DictationState.IDLE)
    panel = anywhere._panel()
    assert panel.isVisible()
    assert panel._warning.text() == "No microphone was found. Plug one in."
    qtbot.waitUntil(lambda: not panel.isVisible())


def test_text_that_nobody_took_is_told_after_the_end_too(
    anywhere: DictationAnywhere, controller: Controller
) -> None:
    anywhere.start()
    controller.set(DictationState.IDLE)
    anywhere._writing().done.emit(Outcome.UNREAD, "lost")
    assert anywhere._panel().isVisible()
    assert "clipboard" in anywhere._panel()._warning.text()


@pytest.mark.parametrize("why", ["active", "impossible"])
def test_the_window_takes_it_where_it_is_active_or_no_other_program_can_be_written_into(
    why: str, anywhere: DictationAnywhere, in_window: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if why == "active":
        monkeypatch.setattr(QApplication, "activeWindow", lambda: object())
    else:
        monkeypatch.setattr(Insertion, "possible", False)
    anywhere.obey("start")
    assert in_window == ["dictate"]
    assert anywhere._overlay is None
    anywhere.obey("stop")


def test_the_rest_is_not_begun_anew(anywhere: DictationAnywhere, controller: Controller) -> None:
    anywhere.start()
    controller.set(DictationState.FINISHING)
    target = controller.target
    anywhere.toggle()
    assert controller.target is target


def test_a_warning_is_closed_with_the_button(anywhere: DictationAnywhere, controller: Controller) -> None:
    anywhere.start()
    controller.set(DictationState.IDLE)
    anywhere._writing().done.emit(Outcome.REFUSED, "lost")
    panel = anywhere._panel()
    assert panel._stop.accessibleName() == "Close"
    panel._stop.click()
    assert not panel.isVisible()
    anywhere.start()
    assert panel._stop.accessibleName() == "Stop"

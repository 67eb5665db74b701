"""Windows and macOS: what can be told of them on another system."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from ui.dictation.insertion_outcome import Outcome
from ui.dictation.insertion_typed import TypedInsertion
from ui.dictation.macos import frameworks
from ui.dictation.windows import user32


class Typist:
    def __init__(self) -> None:
        self.allowed = self.presses = True
        self.modifiers = 0
        """How often a modifier is still down."""
        self.written: list[tuple[int, str]] = []

    def may_type(self) -> bool:
        return self.allowed

    def modifier_is_down(self) -> bool:
        self.modifiers -= 1
        return self.modifiers >= 0

    def write(self, delete: int, insert: str) -> bool:
        assert self.modifiers < 0, "what is typed with Ctrl down is a shortcut"
        self.written.append((delete, insert))
        return self.presses


class Told:
    def __init__(self) -> None:
        self.outcomes: list[tuple[Outcome, str]] = []
        self.came = threading.Semaphore(0)

    def __call__(self, outcome: Outcome, text: str) -> None:
        self.outcomes.append((outcome, text))
        self.came.release()


@pytest.fixture
def typist() -> Typist:
    return Typist()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def insertion(typist: Typist, told: Told) -> Iterator[TypedInsertion]:
    insertion = TypedInsertion(told, typist)
    yield insertion
    insertion.close()


def test_changes_are_typed_in_turn_once_no_modifier_is_down(
    insertion: TypedInsertion, typist: Typist, told: Told
) -> None:
    typist.modifiers = 3
    insertion.change(0, "one")
    insertion.change(1, "two")
    assert told.came.acquire(timeout=10)
    assert told.came.acquire(timeout=10)
    assert typist.written == [(0, "one"), (1, "two")]
    assert told.outcomes == [(Outcome.DONE, "one"), (Outcome.DONE, "two")]


def test_nothing_is_typed_while_the_key_is_held(
    insertion: TypedInsertion, typist: Typist, told: Told
) -> None:
    insertion.key_held(True)
    insertion.change(0, "one")
    assert not told.came.acquire(timeout=0.1)
    insertion.key_held(False)
    assert told.came.acquire(timeout=10)


@pytest.mark.parametrize("refusal", ["allowed", "presses"])
def test_a_refusal_is_told(insertion: TypedInsertion, typist: Typist, told: Told, refusal: str) -> None:
    setattr(typist, refusal, False)
    insertion.change(0, "one")
    assert told.came.acquire(timeout=10)
    assert told.outcomes == [(Outcome.REFUSED, "one")]


def combination(keys: str) -> QKeyCombination:
    first: QKeyCombination = QKeySequence(keys)[0]  # type: ignore[index]
    return first


def test_input_has_the_size_that_windows_expects() -> None:
    assert ctypes.sizeof(user32.Input) == (40 if ctypes.sizeof(ctypes.c_void_p) == 8 else 28)
    assert ctypes.sizeof(user32.Message) == (48 if ctypes.sizeof(ctypes.c_void_p) == 8 else 32)


def test_windows_types_units_of_utf_16() -> None:
    keys = [(each.what.keyboard.scan, each.what.keyboard.flags) for each in user32.taps("ä😀")]
    units = (0xE4, 0xD83D, 0xDE00)
    assert keys == [(unit, flags) for unit in units for flags in (0x4, 0x6)]
    line = [(each.what.keyboard.key, each.what.keyboard.flags) for each in user32.taps("\n")]
    assert line == [(user32.SHIFT, 0), (user32.RETURN, 0), (user32.RETURN, 2), (user32.SHIFT, 2)]


def test_keys_of_windows() -> None:
    class Layout:
        @staticmethod
        def VkKeyScanW(character: Any) -> int:
            return {"d": 0x44, "ö": 0xC0}.get(character.value, -1)

    assert user32.modifiers(combination("Ctrl+Alt+D")) == 0x4000 | 0x2 | 0x1
    keys = (Qt.Key.Key_D, Qt.Key.Key_Odiaeresis, Qt.Key.Key_F9, Qt.Key.Key_Pause, Qt.Key.Key_Ntilde)
    assert [user32.virtual_key(key, Layout) for key in keys] == [0x44, 0xC0, 0x78, 0x13, None]


def test_keys_of_macos() -> None:
    assert frameworks.modifiers(combination("Ctrl+Alt+D")) == 0x100 | 0x800, "Command and Option"
    keys = (Qt.Key.Key_D, Qt.Key.Key_F9, Qt.Key.Key_Odiaeresis)
    assert [frameworks.key_code(key) for key in keys] == [2, 101, None]

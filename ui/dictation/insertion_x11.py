"""Text into the X11 program that has the focus: over the clipboard, which gets back what it held."""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from ui.dictation.insertion_outcome import Outcome
from ui.dictation.x11.clipboard import PRIMARY, Clipboard, Contents
from ui.dictation.x11.connection import Connection, NoServer, XError
from ui.dictation.x11.keyboard import BACKSPACE, CONTROL_L, INSERT, SHIFT_L, Keyboard

log = logging.getLogger(__name__)

KEYS_LOOKED_AT_EVERY = 0.01
"""Seconds, while the person still holds the global key."""
MANAGERS_READ_WITHIN = 0.06
"""Seconds. A manager of the clipboard reads what is new at once, a program when it is told to paste."""
READ_WITHIN = 2.0
"""Seconds that a program has after the keys for pasting."""
QUIET_AFTER_PROGRAM = 0.15
"""Seconds without another read, after the program with the focus has read: some read several formats."""
QUIET_AFTER_OTHERS = 0.6
"""The same where another one read: it may be a part of that program, or a manager of the clipboard."""
_V = ord("v")
_SHIFT_INSERT = frozenset({"emacs", "gvim", "rxvt", "uxterm", "urxvt", "xterm"})
"""Programs by their class in which Ctrl+V does something else; they paste from either selection."""
_TERMINALS = frozenset(
    {
        "alacritty", "com.mitchellh.ghostty", "cool-retro-term", "deepin-terminal", "gnome-terminal",
        "gnome-terminal-server", "guake", "kgx", "kitty", "konsole", "lxterminal", "mate-terminal",
        "org.gnome.console", "org.gnome.ptyxis", "org.wezfurlong.wezterm", "ptyxis", "qterminal",
        "sakura", "st", "st-256color", "terminator", "terminology", "tilda", "tilix", "xfce4-terminal",
        "yakuake",
    }
)  # fmt: skip
"""Programs by their class in which Ctrl+V is a key for the program inside, and Ctrl+Shift+V pastes."""


class X11Insertion:
    """Carries out one change after the other on a thread of its own, so that no window waits for another."""

    def __init__(self, tell: Callable[[Outcome, str], object]) -> None:
        """`tell` is called on that thread with what came of each change, and its text.

        Raises:
            NoServer: there is no X server that lets a program press keys.
        """
        self._tell = tell
        self._changes: queue.SimpleQueue[tuple[int, str] | None] = queue.SimpleQueue()
        self._woken, self._wake = os.pipe()
        self._kept: dict[int, Contents] = {}
        """What the selections held before the first change of those that wait."""
        self._written_into = 0
        """The window that had the focus when the last text came."""
        self._ending = False
        try:
            self._connection = Connection()
            self._keyboard = Keyboard(self._connection)
            self._clipboard = Clipboard(self._connection, self._woken)
            if not self._keyboard.can_press:
                self._connection.close()
                raise NoServer
        except BaseException:
            os.close(self._woken)
            os.close(self._wake)
            raise
        self._thread = threading.Thread(target=self._run, name="insertion", daemon=True)
        self._thread.start()

    def change(self, delete: int, insert: str) -> None:
        """Take away so many characters before the cursor, then write the text, once no key is held."""
        self._changes.put((delete, insert))
        os.write(self._wake, b"c")

    def prepare(self) -> None:
        """Keep what the clipboard holds, while the person speaks: later it would delay the first words."""
        self.change(0, "")

    def key_held(self, held: bool) -> None:
        """The server itself says which keys are down."""

    def close(self) -> None:
        """Gives up what still waits. The clipboard's contents go to its manager where there is one."""
        if not self._ending:
            self._ending = True
            self._changes.put(None)
            os.write(self._wake, b"e")
            self._thread.join(READ_WITHIN)

    # --- the thread

    def _run(self) -> None:
        try:
            while not self._ending:
                self._clipboard.serve(None)
                os.read(self._woken, 1 << 16)
                self._carry_out_all()
            self._clipboard.hand_over()
        except (NoServer, OSError):
            log.info("the X server is gone")
        finally:
            self._connection.close()
            os.close(self._woken)
            os.close(self._wake)

    def _carry_out_all(self) -> None:
        while not self._ending:
            try:
                change = self._changes.get_nowait()
            except queue.Empty:
                break
            if change is not None:
                delete, insert = change
                self._carry_out(delete, insert)
        self._put_back()

    def _carry_out(self, delete: int, insert: str) -> None:
        if not delete and not insert:
            self._clipboard.keep(self._clipboard_atom)
            return
        outcome = Outcome.DONE
        try:
            if not self._wait_for_release():
                return
            self._keyboard.read()
            focus = self._connection.focus()
            if delete and focus != self._written_into:
                delete, outcome = 0, Outcome.ELSEWHERE
            for _ in range(delete):
                self._keyboard.press(BACKSPACE)
            if insert:
                self._written_into = focus
                outcome = self._paste(insert, focus)
        except (XError, LookupError):
            log.info("the text could not be inserted", exc_info=True)
            outcome = Outcome.REFUSED
        if outcome is Outcome.UNREAD:
            self._kept.clear()  # the text stays where the person can paste it from
        self._tell(outcome, insert)

    def _wait_for_release(self) -> bool:
        """The global key is the server's, and a modifier would turn Ctrl+V into another shortcut."""
        while self._keyboard.any_down():
            self._clipboard.serve(KEYS_LOOKED_AT_EVERY)
            if self._ending:
                return False
        return True

    def _paste(self, text: str, focus: int) -> Outcome:
        keys, selections = self._paste_keys(focus)
        for selection in selections:
            if selection not in self._kept:
                self._kept[selection] = self._clipboard.keep(selection)
            self._clipboard.offer(self._clipboard.text(text), selection)
        self._clipboard.serve(MANAGERS_READ_WITHIN)
        pressed = time.monotonic()
        self._keyboard.press(*keys)
        return self._wait_for_reader(focus, selections, pressed)

    def _paste_keys(self, focus: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Which keys paste there, and from which selections."""
        program = ""
        with suppress(XError):
            program = self._connection.window_class(focus)
        if program in _SHIFT_INSERT or self._keyboard.key(_V) is None:
            return (SHIFT_L, INSERT), (self._clipboard_atom, PRIMARY)
        if program in _TERMINALS:
            return (CONTROL_L, SHIFT_L, _V), (self._clipboard_atom,)
        return (CONTROL_L, _V), (self._clipboard_atom,)

    def _wait_for_reader(self, focus: int, selections: tuple[int, ...], pressed: float) -> Outcome:
        while True:
            reads = [read for selection in selections for read in self._clipboard.readers(selection, pressed)]
            last = max((when for when, _ in reads), default=pressed)
            by_focus = any(self._clipboard.same_program(window, focus) for _, window in reads)
            quiet = QUIET_AFTER_PROGRAM if by_focus else QUIET_AFTER_OTHERS
            rest = last + (quiet if reads else READ_WITHIN) - time.monotonic()
            if rest <= 0 or self._ending:
                return Outcome.DONE if reads else Outcome.UNREAD
            self._clipboard.serve(min(rest, 0.02))

    def _put_back(self) -> None:
        for selection, contents in self._kept.items():
            if self._clipboard.owns(selection):  # else somebody has copied something meanwhile
                self._clipboard.offer(contents, selection)
        self._kept.clear()

    @property
    def _clipboard_atom(self) -> int:
        return self._clipboard.atom("CLIPBOARD")

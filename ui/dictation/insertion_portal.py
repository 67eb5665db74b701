"""Text into the program that has the focus, typed by the portal once the person has allowed it."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ui.dictation.insertion_outcome import Outcome
from ui.portal.connection import Interrupted, NoPortal, PortalConnection, Refused
from ui.portal.keysyms import BACKSPACE, RETURN, SHIFT_L, keysym
from ui.portal.remote_keyboard import RemoteKeyboard

log = logging.getLogger(__name__)

ENDS_WITHIN = 2.0
"""Seconds that closing waits for."""
QUIET_AFTER_KEY = 0.3
"""Seconds after the global key: its other half, such as Ctrl, is let go a moment later."""


class PortalInsertion:
    """Carries out one change after the other on a thread of its own.

    Which window has the focus cannot be known here, and the clipboard is left alone: every character is a
    key. A new line is Shift+Return, which sends no message.
    """

    def __init__(self, tell: Callable[[Outcome, str], object], token: Path) -> None:
        """
        Args:
            tell: called on that thread with what came of each change, and its text.
            token: a file by which the portal remembers that the person allowed it.
        """
        self._tell = tell
        self._token = token
        self._changes: queue.SimpleQueue[tuple[int, str] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._portal: PortalConnection | None = None
        self._keyboard: RemoteKeyboard | None = None
        self._ending = False
        self._keys_up = threading.Event()
        self._keys_up.set()
        self._thread = threading.Thread(target=self._run, name="insertion", daemon=True)
        self._thread.start()

    def prepare(self) -> None:
        """Have the person asked, if that is needed, before the first words come."""
        self._changes.put((0, ""))

    def change(self, delete: int, insert: str) -> None:
        """Take away so many characters before the cursor, then write the text, once the key is up."""
        self._changes.put((delete, insert))

    def key_held(self, held: bool) -> None:
        """Whether the person holds the global key: what is typed meanwhile would be shortcuts."""
        if held:
            self._keys_up.clear()
        else:
            self._keys_up.set()

    def close(self) -> None:
        """Gives up what still waits."""
        with self._lock:
            self._ending = True
            portal = self._portal
        self._keys_up.set()
        self._changes.put(None)
        if portal is not None:
            portal.interrupt()
        self._thread.join(ENDS_WITHIN)

    # --- the thread

    def _run(self) -> None:
        while (change := self._changes.get()) is not None:
            delete, insert = change
            outcome = self._outcome(delete, insert)
            if self._ending:
                break
            if delete or insert or outcome is not Outcome.DONE:
                self._tell(outcome, insert)
        self._hang_up()

    def _outcome(self, delete: int, insert: str) -> Outcome:
        try:
            keyboard = self._open()
            if not self._keys_up.is_set():
                self._keys_up.wait()
                time.sleep(QUIET_AFTER_KEY)
            _write(keyboard, delete, insert)
        except Interrupted:
            return Outcome.DONE
        except Refused:
            self._hang_up()
            return Outcome.REFUSED
        except NoPortal as error:
            log.info("the portal types nothing: %s", error)
            was_open = self._keyboard is not None
            self._hang_up()
            return Outcome.REFUSED if was_open else Outcome.IMPOSSIBLE
        return Outcome.DONE

    def _open(self) -> RemoteKeyboard:
        """The keyboard, once the person has allowed it."""
        if self._keyboard is None:
            portal = PortalConnection()
            with self._lock:
                self._portal = portal
                if self._ending:
                    raise Interrupted
            self._keyboard = RemoteKeyboard(portal, self._remembered())
            self._remember(self._keyboard.token)
        return self._keyboard

    def _hang_up(self) -> None:
        with self._lock:
            portal, self._portal = self._portal, None
        self._keyboard = None
        if portal is not None:
            portal.close()

    def _remembered(self) -> str:
        try:
            return self._token.read_text().strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def _remember(self, token: str) -> None:
        try:
            self._token.parent.mkdir(parents=True, exist_ok=True)
            self._token.write_text(token)
        except OSError as error:
            log.info("the portal will ask again: %s", error)


def _write(keyboard: RemoteKeyboard, delete: int, insert: str) -> None:
    for _ in range(delete):
        keyboard.tap(BACKSPACE)
    for character in insert:
        if character == "\n":
            keyboard.tap(RETURN, held=SHIFT_L)
        elif (number := keysym(character)) is not None:
            keyboard.tap(number)

"""A key of the whole desktop by the portal, which asks the person for it and may give another one."""

from __future__ import annotations

import logging
import threading
import time

from PySide6.QtCore import QKeyCombination, QObject

from ui.common.translation import translate
from ui.dictation.key_state import KeyState
from ui.dictation.system_key import SystemKey
from ui.portal.connection import Interrupted, NoPortal, PortalConnection, Refused
from ui.portal.keysyms import trigger
from ui.portal.shortcuts import Shortcut

log = logging.getLogger(__name__)


class PortalKey(SystemKey):
    """One key at a time. Signals come from a thread of its own."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._taking = 0
        """Counts the keys that were wanted: what comes of an earlier one is not told."""
        self._portal: PortalConnection | None = None

    def take(self, wanted: QKeyCombination | None) -> KeyState:
        with self._lock:
            self._taking += 1
            taking = self._taking
            if self._portal is not None:
                self._portal.interrupt()
                self._portal = None
        if wanted is None:
            return KeyState.OFF
        threading.Thread(target=self._run, args=(taking, wanted), name="global key", daemon=True).start()
        return KeyState.ASKED

    def close(self) -> None:
        self.take(None)

    # --- the thread

    def _run(self, taking: int, wanted: QKeyCombination) -> None:
        try:
            with PortalConnection() as portal:
                with self._lock:
                    if taking != self._taking:
                        return
                    self._portal = portal
                try:
                    key = Shortcut(portal, translate("dictation", "Dictate"), trigger(wanted))
                    self.name = key.name
                    self._tell(taking, KeyState.AVAILABLE)
                    while True:
                        change = self.pressed if key.wait() else self.released
                        change.emit(round(time.monotonic() * 1000))
                finally:
                    with self._lock:
                        if self._portal is portal:
                            self._portal = None
        except Interrupted:
            return
        except Refused:
            self._tell(taking, KeyState.REFUSED)
        except NoPortal as error:
            log.info("the portal gives no key: %s", error)
            self._tell(taking, KeyState.IMPOSSIBLE)

    def _tell(self, taking: int, state: KeyState) -> None:
        with self._lock:
            current = taking == self._taking
        if current:
            self.changed.emit(state)

"""Dictation into another program: begun by the key or the command, shown in the panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from assistant.speech.dictation.records import Edit
from ui.common.translation import translate
from ui.dictation import insertion, spoken_languages
from ui.dictation.controller import DictationController, DictationState
from ui.dictation.global_key import GlobalKey
from ui.dictation.insertion import Insertion
from ui.dictation.insertion_outcome import Outcome
from ui.dictation.overlay import Overlay
from ui.portal import is_wayland

if TYPE_CHECKING:
    from ui.dictation.notification_panel import NotificationPanel

    Panel = Overlay | NotificationPanel

LEVEL_EVERY_MS = 60
TOLD_FOR_MS = 6000
"""How long the panel stays to say what went wrong."""
_SHOWN = 200
"""Characters of what was said last that the panel keeps; it shows as many as it has room for."""


class OtherProgram:
    """The target of one dictation. What stands before the cursor of another program cannot be known."""

    def __init__(self, insertion: Insertion, overlay: Panel) -> None:
        self._insertion = insertion
        self._overlay = overlay
        self.text = ""
        """The end of what was written."""

    def before(self) -> str:
        return ""

    def apply(self, edit: Edit) -> bool:
        kept = self.text[: len(self.text) - edit.delete]
        self.text = (kept + edit.insert)[-_SHOWN:]
        self._insertion.change(edit.delete, edit.insert)
        self._overlay.show_words(self.text)
        return True

    def show_live(self, stable: str, tail: str) -> None:
        self._overlay.show_words(f"{self.text} {stable}{tail}")

    def end(self) -> None:
        pass


class DictationAnywhere(QObject):
    """What the key and the command do. Where the window itself is active, it is the window's dictation."""

    def __init__(
        self,
        controller: DictationController,
        in_window: Callable[[], object],
        language: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            in_window: begins a dictation into the window.
            language: the code of the one that is chosen, or "".
        """
        super().__init__(parent)
        self._controller = controller
        self._in_window = in_window
        self._language = language
        self._target: OtherProgram | None = None
        self._insertion: Insertion | None = None
        self._overlay: Panel | None = None
        self._levels = QTimer(self, interval=LEVEL_EVERY_MS)
        self._levels.timeout.connect(self._show_level)
        self._closing = QTimer(self, singleShot=True, interval=TOLD_FOR_MS)
        self._closing.timeout.connect(self._close_panel)
        self.key = GlobalKey(self, self)
        controller.changed.connect(self._changed)

    def start(self) -> None:
        if self._controller.state is not DictationState.IDLE:
            return
        writing = self._writing()
        if QApplication.activeWindow() is not None or not writing.possible:
            self._in_window()
            return
        panel = self._panel()
        target = self._target = OtherProgram(writing, panel)
        self._closing.stop()
        writing.prepare()
        panel.open()
        language = self._language()
        panel.show_language(spoken_languages.name(language) if language else "")
        if self._controller.start(target):
            self._levels.start()
        elif self._controller.trouble is None:
            self._close_panel()

    def stop(self) -> None:
        self._controller.stop()

    def toggle(self) -> None:
        if self._controller.state is DictationState.LISTENING:
            self.stop()
        else:
            self.start()

    def obey(self, word: str) -> None:
        """What the command line says."""
        {"start": self.start, "stop": self.stop, "toggle": self.toggle}[word]()

    def close(self) -> None:
        self.key.close()
        if self._overlay is not None:
            self._overlay.close()
        if self._insertion is not None:
            self._insertion.close()

    # --- what is seen

    def _changed(self) -> None:
        if self._target is None or self._overlay is None:
            return
        state = self._controller.state
        if state is DictationState.LISTENING:
            self._overlay.show_state(translate("dictation", "Listening"))
            if not self._target.text:
                hint = translate("dictation", "Go ahead and speak: the model is loading.")
                self._overlay.show_words(hint if self._controller.loading else "")
        elif state is DictationState.FINISHING:
            self._levels.stop()
            self._overlay.show_state(translate("dictation", "Finishing"))
        else:
            self._ended(self._overlay)

    def _ended(self, panel: Panel) -> None:
        self._levels.stop()
        self._target = None
        trouble = self._controller.trouble
        if trouble is not None:
            self._warn(f"{trouble.message} {trouble.hint}")
        elif not self._closing.isActive():
            panel.hide()

    def _inserted(self, outcome: Outcome, _: str) -> None:
        if outcome is not Outcome.DONE:
            self._warn(insertion.words(outcome))

    def _warn(self, text: str) -> None:
        panel = self._panel()
        if not panel.isVisible():
            panel.open()
        panel.show_warning(translate("dictation", "Not written"), text)
        self._closing.start()

    def _close_panel(self) -> None:
        if self._overlay is not None:
            self._overlay.hide()

    def _show_level(self) -> None:
        if self._overlay is not None:
            self._overlay.show_level(self._controller.level())

    # --- made when first wanted

    def _writing(self) -> Insertion:
        if self._insertion is None:
            self._insertion = Insertion(self)
            self._insertion.done.connect(self._inserted)
            self.key.held.connect(self._insertion.key_held)
        return self._insertion

    def _panel(self) -> Panel:
        if self._overlay is None:
            self._overlay = _new_panel()
            self._overlay.stop_wanted.connect(self._stop_pressed)
        return self._overlay

    def _stop_pressed(self) -> None:
        """Pressed again, what was said last is not waited for."""
        if not self._controller.escape():
            self._close_panel()


def _new_panel() -> Panel:
    if is_wayland():  # a window that appears takes the focus there
        from ui.dictation.notification_panel import NotificationPanel

        return NotificationPanel()
    return Overlay()

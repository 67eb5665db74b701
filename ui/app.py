"""Starts the window: painted first, then the services on a thread, and everything given back at the end."""

from __future__ import annotations

import logging
import signal
import socket
import sys
import threading
import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QLocale,
    QMessageLogContext,
    QObject,
    QSocketNotifier,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from assistant import paths
from assistant.errors import AssistantError, DataFolderBusy
from ui.common import error_words, motion
from ui.common.notices import Action, Notice, NoticeKind
from ui.common.theme import Theme, theme
from ui.common.translation import translate
from ui.first_run.due import is_due
from ui.shell import window_geometry
from ui.shell.garbage_collection import GarbageCollection
from ui.shell.opened_files import Application, absolute_paths
from ui.window import Window

if TYPE_CHECKING:
    from assistant.services import Services
    from ui.shell.single_instance import SingleInstance

log = logging.getLogger(__name__)

RETRY_EVERY_MS = 2000
"""A command that owns the data folder is usually done soon."""
CLOSE_WITHIN_MS = 15_000
"""Then the program ends, whatever its engines still do."""
LOG_BYTES = 1_000_000
"""The log begins anew at this size; one older file is kept."""


def main(argv: Sequence[str]) -> int:
    """Open the window and return the exit status once it is closed.

    Args:
        argv: the program, then files and folders that are treated as if they were dropped on the window.
    """
    application = Application([argv[0] if argv else "offline-assistant"])
    application.setApplicationName("Offline Assistant")
    application.setDesktopFileName("offline-assistant")
    files = absolute_paths(argv[1:])
    if _other_window_came_forward(files):
        return 0
    application.setLayoutDirection(QLocale().textDirection())
    # A child process would start as a copy of this one; nothing here may run in it.
    Theme(application, chosen_theme())
    application.setWindowIcon(theme().icon("offline-assistant"))
    running = RunningApp(application, files)
    application.files_opened.connect(running.take)
    return running.run()


def chosen_theme() -> str:
    """“light”, “dark” or “system”, as the settings have it.

    Read past `assistant.settings`, whose library takes longer to load than the whole window; the services
    read the settings properly as soon as it is painted.
    """
    try:
        table = tomllib.loads(paths.settings_file().read_text("utf-8-sig"))
        return str(table["appearance"]["theme"])
    except (OSError, ValueError, KeyError, TypeError):
        return "system"


def _other_window_came_forward(files: Sequence[str]) -> bool:
    """Asked before anything is painted, so that a second start does not flash. It takes the files."""
    if not paths.lock_file().exists():
        return False
    from ui.shell.single_instance import call_first_instance

    return call_first_instance(paths.home(), files)


class RunningApp(QObject):
    """The program from the first window to the last engine's end."""

    def __init__(self, application: QApplication, files: Sequence[str] = ()) -> None:
        super().__init__()
        application.setQuitOnLastWindowClosed(False)  # the services are closed first, without a window
        self._application = application
        self._services: Services | None = None
        self._single_instance: SingleInstance | None = None
        self._ending = False
        self._waiting_files = list(files)
        """They are taken as soon as there are services."""
        self._busy: Notice | None = None
        self._latest_end = QTimer(self, singleShot=True, interval=CLOSE_WITHIN_MS)
        self._latest_end.timeout.connect(application.quit)
        # Whoever opens a file knows what the program is for.
        self.window = Window("first-run" if is_due() and not files else "documents")
        window_geometry.restore(self.window)
        self.window.closing.connect(self._end)

    def run(self) -> int:
        self._catch_everything()
        signals = _Signals(self._close_window)
        garbage_collection = GarbageCollection(self)
        self.window.show()
        QTimer.singleShot(0, self._open_services)  # once the window has been painted
        try:
            return self._application.exec()
        finally:
            self._latest_end.stop()
            signals.close()
            garbage_collection.end()
            qInstallMessageHandler(None)
            sys.excepthook = sys.__excepthook__
            threading.excepthook = threading.__excepthook__

    def take(self, files: Sequence[str]) -> None:
        """Files that the system or another start of the program hands over."""
        self.window.come_forward()
        if self._services is None:
            self._waiting_files += files
        else:
            self.window.drops.take(list(files))

    # --- the services

    def _open_services(self) -> None:
        self.window.bridge.in_background(self._make_services, self._opened, self._not_opened)

    def _make_services(self) -> Services:
        """On a thread: importing and opening them must not hold up the window."""
        from assistant.services import Services

        services = Services(on_event=self.window.bridge.receive, owner="window")
        _log_to_file()
        services.start()
        return services

    def _opened(self, services: Services) -> None:
        if self._ending:
            self._close(services)
            return
        from ui.shell.single_instance import SingleInstance

        if self._busy is not None:
            self.window.notices.close(self._busy)
            self._busy = None
        self._services = services
        theme().choose(services.settings.appearance.theme.value)
        self._single_instance = SingleInstance(paths.home(), self)
        self._single_instance.called.connect(self.window.come_forward)
        self._single_instance.files_given.connect(lambda urls: self.take(absolute_paths(urls)))
        self._single_instance.dictation_wanted.connect(lambda word: self.window.dictation_anywhere.obey(word))
        self.window.connect_services(services)
        self.window.bridge.in_background(motion.wanted_by_system, theme().let_move)
        if self._waiting_files:
            waiting, self._waiting_files = self._waiting_files, []
            self.window.drops.take(waiting)

    def _not_opened(self, error: AssistantError) -> None:
        if self._ending:
            self._application.quit()
        elif not isinstance(error, DataFolderBusy):
            self.window.notices.error(error, Action(translate("shell", "Try again"), self._open_services))
        elif _other_window_came_forward(self._waiting_files):
            self._application.quit()
        else:
            self._wait_for(error)

    def _wait_for(self, error: DataFolderBusy) -> None:
        """The command line owns the folder: say so, and try again until it is free."""
        if self._busy is None:
            hint = translate("shell", "Your documents are shown here as soon as it has finished.")
            self._busy = self.window.notices.show(
                Notice(NoticeKind.INFORMATION, error_words.message(error), hint)
            )
        QTimer.singleShot(RETRY_EVERY_MS, self._open_services)

    # --- the end

    def _end(self) -> None:
        if self._ending:
            return
        self._ending = True
        self._latest_end.start()
        if self._single_instance is not None:
            self._single_instance.close()
        self.window.leave()
        self.window.context.disconnect_services()
        if self._services is not None:
            window_geometry.save(self.window)
            self._close(self._services)
        # Otherwise they are still being opened, and `_opened` or `_not_opened` ends it.

    def _close(self, services: Services) -> None:
        def quit_anyway(_: object) -> None:
            self._application.quit()

        self.window.bridge.in_background(services.close, quit_anyway, quit_anyway)

    # --- what nobody handled

    def _catch_everything(self) -> None:
        sys.excepthook = self._unhandled
        threading.excepthook = lambda failure: self._unhandled(
            failure.exc_type, failure.exc_value or failure.exc_type(), failure.exc_traceback
        )
        qInstallMessageHandler(_log_message)

    def _unhandled(
        self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        log.error("a failure that nobody handled", exc_info=(kind, error, traceback))
        if issubclass(kind, KeyboardInterrupt):
            self.window.bridge.post(self._close_window)
        else:
            self.window.bridge.post(lambda: self.window.bridge.failed.emit(error))

    def _close_window(self) -> None:
        self.window.close()


class _Signals(QObject):
    """Ctrl+C in a terminal and the end of a session close the window in order.

    Python runs its handlers between two of its own instructions, which an idle event loop never reaches;
    the wake-up descriptor makes Qt call into Python.
    """

    NUMBERS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self, end: Callable[[], object]) -> None:
        super().__init__()
        self._end = end
        self._ours, self._theirs = socket.socketpair()
        for side in (self._ours, self._theirs):
            side.setblocking(False)
        self._before_wakeup = signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, lambda *_: None) for number in self.NUMBERS}
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)

    def close(self) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before_wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._ours.close()
        self._theirs.close()

    def _woken(self) -> None:
        with suppress(BlockingIOError):
            if any(number in self.NUMBERS for number in self._ours.recv(64)):
                self._end()


def _log_message(kind: QtMsgType, _: QMessageLogContext, text: str) -> None:
    """Qt's own messages go to the log, where a terminal's reader is not puzzled by them."""
    level = logging.DEBUG if kind is QtMsgType.QtDebugMsg else logging.INFO
    if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
        level = logging.ERROR
    logging.getLogger("qt").log(level, "%s", text)


def _log_to_file() -> None:
    """Warnings and failures of the window are kept in the data folder; a full disk does not matter here."""
    from logging.handlers import RotatingFileHandler

    root = logging.getLogger()
    if any(isinstance(handler, RotatingFileHandler) for handler in root.handlers):
        return
    try:
        paths.logs_folder().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            paths.logs_folder() / "window.log", maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8",
            errors="backslashreplace",
        )  # fmt: skip
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)

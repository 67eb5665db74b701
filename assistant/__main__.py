"""Where the program starts: the console scripts, `python -m assistant` and the frozen programs.

Nothing large is imported here, because a child process may run this file again before its own work.
"""

from __future__ import annotations

import multiprocessing
import os
import sys

_ASKING = ("ask", "search")
"""Commands that somebody waits for: the documents worker imports its libraries beside the command line."""


def main() -> int:
    """Run a command, or open the window without one, and return the exit status."""
    _become_child()
    if len(sys.argv) == 1:
        return _open_window()

    from assistant import network_guard

    if sys.argv[1] == "models" and "get" in sys.argv:
        from assistant.models.download import bootstrap

        bootstrap.start()
    network_guard.install()

    if sys.argv[1] == "dictate":  # somebody begins to speak, and the rest of the command line loads slowly
        from assistant.cli.dictate import tell_window

        if tell_window(sys.argv[2:]):
            return 0

    if sys.argv[1] in _ASKING:
        from assistant.documents import ENGINE
        from assistant.workers.start_ahead import start_ahead

        start_ahead(ENGINE)

    from assistant.cli.main import run

    return run()


def window_main() -> int:
    """Open the window with the files and folders that are named; they may be `file:` URLs, too."""
    _become_child()
    return _open_window()


def _become_child() -> None:
    """In a frozen program a child starts where the program does; then this does its work and ends."""
    multiprocessing.freeze_support()
    if getattr(sys, "frozen", False):
        from assistant.models.download import bootstrap

        if sys.argv[1:] == [bootstrap.FROZEN_ARGUMENT]:
            from assistant.models.download import courier

            courier.serve()


def _open_window() -> int:
    """It opens sooner without what only commands need."""
    if not _has_display():
        from assistant.errors import AssistantError

        told = AssistantError("no-display")
        sys.stderr.write(f"{told.message} {told.hint}\n")
        return 1
    from assistant import network_guard
    from assistant.models.download import bootstrap

    bootstrap.start()
    network_guard.install()

    from ui.app import main as open_window

    return open_window(sys.argv)


def _has_display() -> bool:
    """Without one Qt would end the program with a crash, and say that something is to be reinstalled."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform != "linux" or any(map(os.environ.get, names))


if __name__ == "__main__":
    sys.exit(main())

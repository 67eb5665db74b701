"""Where the program starts: the console script, `python -m assistant` and the frozen program.

Nothing large is imported here, because a child process may run this file again before its own work.
"""

from __future__ import annotations

import multiprocessing
import sys

_ASKING = ("ask", "search")
"""Commands that somebody waits for: the documents worker imports its libraries beside the command line."""


def main() -> int:
    """Run the program and return its exit status."""
    multiprocessing.freeze_support()  # in a frozen program a child starts here, and goes no further

    from assistant.models.download import bootstrap

    if sys.argv[1:] == [bootstrap.FROZEN_ARGUMENT] and getattr(sys, "frozen", False):
        from assistant.models.download import courier

        courier.serve()
    if len(sys.argv) == 1 or (sys.argv[1] == "models" and "get" in sys.argv):
        bootstrap.start()

    from assistant import network_guard

    network_guard.install()

    if len(sys.argv) == 1:  # the window opens sooner without what only commands need
        from ui.app import main as open_window

        return open_window(sys.argv)

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


if __name__ == "__main__":
    sys.exit(main())

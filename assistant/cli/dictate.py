"""What `dictate` tells the running window. Loads little, so that a key of the desktop acts at once."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import paths

OPTIONS = {"--start": "start", "--stop": "stop", "--toggle": "toggle"}
"""Of the command line, and what the window understands."""


def tell_window(options: Sequence[str]) -> bool:
    """Whether exactly one of `OPTIONS` was given and a running window was told."""
    if len(options) != 1 or options[0] not in OPTIONS:
        return False
    from ui.shell.single_instance import tell_first_instance

    return tell_first_instance(paths.home(), OPTIONS[options[0]])

"""What comes before the network guard: whether downloads are allowed, and if so the courier's start.

Behind the guard no process with a network can be started any more, so this happens first of all, before the
window is painted. Hence nothing large is imported here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant import paths

VARIABLE = "OFFLINE_ASSISTANT_NO_DOWNLOADS"
"""Anything but "", "0", "false" or "no" forbids downloads."""
FROZEN_ARGUMENT = "--courier"
"""With it alone the frozen program is the courier."""

process: subprocess.Popen[bytes] | None = None
"""The courier that was started here, alive or not."""

_PROGRAM = (
    "import sys; sys.path.append(sys.argv[1]); from assistant.models.download import courier; courier.serve()"
)


def policy_file() -> Path:
    """The administrator's file. It is the same for everybody on this computer, whatever they set."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData"), "offline-assistant", "policy.toml")
    if sys.platform == "darwin":
        return Path("/Library/Application Support/offline-assistant/policy.toml")
    return Path("/etc/offline-assistant/policy.toml")


def forbidden(policy: Path | None = None) -> tuple[str, str, str] | None:
    """Who forbids downloads ("administrator", "environment" or "settings"), why, and the file or variable.

    The reason is the same, or "unreadable": a file that is there but cannot be read may have said so.
    """
    file = policy or policy_file()
    if not (allowed := _allows(file)):
        return "administrator", "unreadable" if allowed is None else "administrator", str(file)
    if os.environ.get(VARIABLE, "").strip().lower() not in ("", "0", "false", "no"):
        return "environment", "environment", VARIABLE
    file = paths.settings_file()
    if not (allowed := _allows(file)):
        return "settings", "unreadable" if allowed is None else "settings", str(file)
    return None


def _allows(file: Path) -> bool | None:
    """Whether a TOML file lets downloads be; None if it cannot be read."""
    try:
        text = file.read_text("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, UnicodeDecodeError):
        return None
    import tomllib  # only where there is something to read

    try:
        group: Any = tomllib.loads(text).get("downloads", {})
    except tomllib.TOMLDecodeError:
        return None
    return isinstance(group, dict) and group.get("allowed", True) is True


def start() -> None:
    """Have the courier wait, unless downloads are forbidden."""
    global process
    if forbidden() is None:
        with suppress(OSError):  # no process to be had: downloads say so, the rest of the program works
            process = launch(command())


def command() -> list[str]:
    """The courier's command line: an interpreter that looks at no variables and loads no other packages."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_ARGUMENT]
    return [sys.executable, "-I", "-S", "-c", _PROGRAM, str(Path(__file__).resolve().parents[3])]


def launch(command: list[str]) -> subprocess.Popen[bytes]:
    """Start it in a session of its own: Ctrl-C in a terminal is for this process, which then tells it."""
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=flags,
    )

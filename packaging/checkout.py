"""The places of a checkout that the set-up fills, the folder that checkouts share, and the checkout's pip."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from long_work import Stop, run_counted

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"


def shared_folder() -> Path:
    """Where one checkout keeps what took long, for the next one."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "offline-assistant"


def pinned(name: str) -> str:
    """The version of a library: "0.3.36"."""
    words = re.escape(name).replace(r"\-", "[-_]")
    found = re.search(rf"^{words}==(\S+)", CONSTRAINTS.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise Stop(f"{CONSTRAINTS} does not pin {name}.")
    return found[1]


def version() -> str:
    """Of the program: "0.1.0"."""
    text = (ROOT / "assistant" / "__init__.py").read_text(encoding="utf-8")
    (found,) = re.findall(r'__version__ = "([^"]+)"', text)
    return str(found)


def pip_command(*arguments: str | Path) -> list[str | Path]:
    return [PYTHON, "-m", "pip", "--disable-pip-version-check", *arguments]


def pip(*arguments: str | Path, describe: Callable[[bytes], str] | None = None) -> None:
    """Run the environment's pip. `describe` says from its record so far what it is doing."""
    if describe is not None:
        run_counted(pip_command(*arguments), VENV / "set-up.log", describe)
    elif subprocess.run(pip_command(*arguments)).returncode:
        raise Stop("pip failed; its last lines say why.")

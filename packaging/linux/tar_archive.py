"""Packs the frozen folder for any Linux.

The archive holds the program, a script that starts it, and one that puts it into the menu of one person.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

from checkout import version
from linux import desktop_files

HERE = Path(__file__).resolve().parent

FROM_HOME = r'sh -c "exec \\"\\$HOME/.local/bin/offline-assistant-window\\" \\"\\$@\\"" offline-assistant'
"""What the menu starts: it knows no search path of the shell, and not every path can stand in its entry."""


def write(folder: Path) -> Path:
    """The archive, beside the folder. The same folder gives the same bytes."""
    name = f"offline-assistant-{version()}-linux-{platform.machine()}"
    archive = folder.parent / f"{name}.tar.xz"
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        root = Path(scratch) / name
        shutil.copytree(HERE / "archive", root)
        shutil.copytree(folder, root / "program", symlinks=True, copy_function=os.link)
        desktop_files.write(root / "share", FROM_HOME)
        date = os.environ.get("SOURCE_DATE_EPOCH", "0")
        command = ["tar", "--create", "--sort=name", f"--mtime=@{date}", "--owner=0", "--group=0"]
        command += ["--numeric-owner", "--use-compress-program=xz -9 -T0", f"--file={archive}"]
        subprocess.run([*command, f"--directory={scratch}", name], check=True)
    return archive

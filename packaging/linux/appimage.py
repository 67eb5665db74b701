"""Packs the frozen folder as an AppImage.

An AppImage is a file system in a file, with a small program in front that mounts and starts it: the runtime,
which the AppImage project publishes. It is named, not brought, since nothing here downloads programs.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

import icons
from checkout import version
from linux import desktop_files
from long_work import Stop

VARIABLE = "APPIMAGE_RUNTIME"
START = """\
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
if [ $# -eq 0 ]; then exec "$here/program/offline-assistant-window"; fi
exec "$here/program/offline-assistant" "$@"
"""


def write(folder: Path) -> Path:
    """The AppImage, beside the folder.

    Raises:
        Stop: the runtime or the program that makes file systems is missing.
    """
    runtime = Path(os.environ.get(VARIABLE, ""))
    if not runtime.is_file():
        raise Stop(f"{VARIABLE} names no file. Let it name the runtime that the AppImage project publishes.")
    if shutil.which("mksquashfs") is None:
        raise Stop("mksquashfs is missing. On Debian and its kin the package is called squashfs-tools.")
    image = folder.parent / f"offline-assistant-{version()}-{platform.machine()}.AppImage"
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        root, packed = Path(scratch) / "AppDir", Path(scratch) / "packed"
        shutil.copytree(folder, root / "program", symlinks=True, copy_function=os.link)
        desktop_files.write(root / "usr" / "share")
        shutil.copy(root / "usr" / "share" / "applications" / "offline-assistant.desktop", root)
        icons.write_png(root / "offline-assistant.png", 256)
        (root / ".DirIcon").symlink_to("offline-assistant.png")
        start = root / "AppRun"
        start.write_text(START, encoding="utf-8")
        start.chmod(0o755)
        command = ["mksquashfs", root, packed, "-root-owned", "-noappend", "-no-progress", "-comp", "zstd"]
        subprocess.run([*command, "-Xcompression-level", "19"], check=True, stdout=subprocess.DEVNULL)
        with image.open("wb") as target:
            for part in (runtime, packed):
                with part.open("rb") as source:
                    shutil.copyfileobj(source, target)
    image.chmod(0o755)
    return image

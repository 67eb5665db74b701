"""Makes the installer: freezes the program, takes out what is not used, packs and tries what is left.

`make installer` runs it. Each step is a script of its own in this folder and can be run by itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import trim

PACKAGING = Path(__file__).resolve().parent
ROOT = PACKAGING.parent
DIST = ROOT / "dist"
FOLDER = DIST / "offline-assistant"
PROGRAM = FOLDER / ("offline-assistant.exe" if os.name == "nt" else "offline-assistant")


def main() -> int:
    began = time.monotonic()
    for title, step in steps():
        print(f"== {title}", flush=True)
        started = time.monotonic()
        step()
        print(f"   {time.monotonic() - started:.0f} s", flush=True)
    print(f"== The program is in {FOLDER}, {trim.size(FOLDER) / 1e6:,.0f} MB", flush=True)
    for path in sorted(DIST.iterdir()):
        if path.is_file():
            print(f"   {path.name}: {path.stat().st_size / 1e6:,.1f} MB")
    print(f"   All of it took {time.monotonic() - began:.0f} s")
    return 0


def steps() -> list[tuple[str, Callable[[], object]]]:
    """What is done, in this order."""
    return [
        ("Freezing the program", freeze),
        ("Taking out what it does not use", lambda: trim.trim(FOLDER)),
    ]


def freeze() -> None:
    """By PyInstaller, with the llama.cpp that runs on every processor."""
    import llama_wheel

    paths = [str(llama_wheel.unpack_portable()), str(ROOT)]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(DIST), "--workpath", str(ROOT / "build" / "pyinstaller")]
    subprocess.run(
        [*command, str(PACKAGING / "offline-assistant.spec")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        check=True,
    )


if __name__ == "__main__":
    sys.exit(main())

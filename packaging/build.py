"""Makes the installer: freezes the program, takes out what is not used, packs and tries what is left.

`make installer` runs it. Each step is a script of its own in this folder and can be run by itself; as root on
Linux, `packaging/bare_root.py` then tries the package in a system that has nothing else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import licences
import llama_wheel
import size_report
import smoke_test
import third_party
import trim
from long_work import Steps, Stop, duration, say

PACKAGING = Path(__file__).resolve().parent
ROOT = PACKAGING.parent
DIST = ROOT / "dist"
FOLDER = DIST / "offline-assistant"
SUFFIX = ".exe" if os.name == "nt" else ""
PROGRAM = FOLDER / f"offline-assistant{SUFFIX}"


def main() -> int:
    taken = Steps()
    for title, step in steps():
        say(title)
        with taken.step(title.lower()):
            step()
    say(f"{FOLDER}: {trim.size(FOLDER) / 1e6:,.0f} MB")
    for path in sorted(DIST.iterdir()):
        if path.is_file():
            print(f"   {path.name}: {path.stat().st_size / 1e6:,.1f} MB")
    say(f"Ready after {duration(taken.total())}: {taken.summary()}")
    return 0


def steps() -> list[tuple[str, Callable[[], object]]]:
    """What is done, in this order."""
    return [
        ("Freezing", freeze),
        ("Trimming", lambda: trim.trim(FOLDER)),
        ("Checking licences", lambda: licences.check(FOLDER)),
        ("Naming the parts of others", name_parts),
        ("Measuring", lambda: size_report.report(FOLDER)),
        ("Trying the program", try_out),
    ]


def freeze() -> None:
    """By PyInstaller, with the llama.cpp that runs on every processor."""
    paths = [str(llama_wheel.unpack_portable()), str(ROOT)]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(DIST), "--workpath", str(ROOT / "build" / "pyinstaller")]
    subprocess.run(
        [*command, str(PACKAGING / "offline-assistant.spec")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        check=True,
    )
    if sys.platform == "linux":
        FOLDER.joinpath("offline-assistant-window").symlink_to(PROGRAM.name)


def name_parts() -> None:
    third_party.write(FOLDER)
    for name in ("THIRD_PARTY.md", "bom.cdx.json"):
        shutil.copy(FOLDER / name, DIST)


def try_out() -> None:
    if failed := smoke_test.check(PROGRAM):
        raise Stop(f"The program was built, but {failed} of its abilities failed. The lines above say which.")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        sys.exit(1)

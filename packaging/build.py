"""Makes the installer: freezes the program, takes out what is not used, packs and tries what is left.

    python packaging/build.py               all steps, which is `make installer`
    python packaging/build.py trying        one of them, or several, on what is in dist/

As root on Linux, bare_root.py then tries the package in a system that has nothing else.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import icons
import llama_wheel
import setup
import smoke_test
from checkout import PYTHON, ROOT
from frozen import size_report, trim
from licences import check, third_party
from long_work import Steps, Stop, duration, say

PACKAGING = ROOT / "packaging"
DIST = ROOT / "dist"
FOLDER = DIST / "offline-assistant"
SUFFIX = ".exe" if os.name == "nt" else ""
PROGRAM = FOLDER / f"offline-assistant{SUFFIX}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("steps", nargs="*", choices=[[], *STEPS], metavar="STEP", help=", ".join(STEPS))
    names = parser.parse_args().steps or list(STEPS)
    taken = Steps()
    for name in names:
        say(f"Installer: {name}")
        with taken.step(name):
            STEPS[name]()
    for path in sorted(DIST.iterdir()):
        if path.is_file():
            print(f"   {path.name}: {path.stat().st_size / 1e6:,.1f} MB")
    say(f"Ready after {duration(taken.total())}: {taken.summary()}")
    return 0


def freeze() -> None:
    """By PyInstaller, with the llama.cpp that runs on every processor, and the handbook as it is now."""
    setup.embed_handbook()
    for system, suffix in (("win32", "ico"), ("darwin", "icns")):
        if sys.platform == system:
            icons.write_for_system(ROOT / "build" / f"offline-assistant.{suffix}")
    paths = [llama_wheel.unpack_portable(), ROOT, PACKAGING]
    command = [PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", DIST, "--workpath", ROOT / "build" / "pyinstaller"]
    subprocess.run(
        [*command, PACKAGING / "frozen" / "offline-assistant.spec"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        check=True,
    )
    if sys.platform == "linux":
        FOLDER.joinpath("offline-assistant-window").symlink_to(PROGRAM.name)


def name_parts() -> None:
    third_party.write(FOLDER)
    for name in ("THIRD_PARTY.md", "bom.cdx.json"):
        shutil.copy(FOLDER / name, DIST)


def pack() -> None:
    """Into what people of this system install."""
    if sys.platform == "win32":
        from windows import installer

        made = [installer.write(FOLDER)]
    elif sys.platform == "darwin":
        from macos import disk_image

        made = [disk_image.write(FOLDER)]
    else:
        made = [write(FOLDER) for write in linux_packers()]
    for path in made:
        print(path)


def linux_packers() -> Iterator[Callable[[Path], Path]]:
    """Those for which there is what they need."""
    from linux import appimage, deb, tar_archive

    if shutil.which("dpkg-deb"):
        yield deb.write
    else:
        say("No Debian package is made: dpkg-deb is not installed")
    yield tar_archive.write
    if appimage.VARIABLE in os.environ:
        yield appimage.write


def try_out() -> None:
    if sys.platform != "linux":
        # The whole test reads what Linux tells of processes.
        subprocess.run([PROGRAM, *smoke_test.HANDBOOK], check=True)
    elif failed := smoke_test.check(PROGRAM):
        raise Stop(f"The program was built, but {failed} of its abilities failed. The lines above say which.")


STEPS: dict[str, Callable[[], object]] = {
    "freezing": freeze,
    "trimming": lambda: trim.trim(FOLDER),
    "licences": lambda: check.check(FOLDER),
    "parts": name_parts,
    "sizes": lambda: size_report.report(FOLDER),
    "trying": try_out,
    "packing": pack,
}
"""In the order in which one needs what another made."""


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        sys.exit(1)

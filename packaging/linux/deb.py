"""Packs the frozen folder for Debian and its kin.

The program goes to /opt. What it needs of the system is found by asking which libraries its files are linked
to and do not bring, and dpkg to which packages those belong.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import setup
from checkout import ROOT, version
from frozen import size_report, trim
from linux import desktop_files

INSTALLED = Path("opt/offline-assistant")
RECOMMENDED = "fonts-noto-core | fonts-dejavu-core, speech-dispatcher, xdg-desktop-portal"
"""Letters of most scripts, reading aloud, and the desktop's own file dialogs."""

RENAMED = {"libglib2.0-0": "libglib2.0-0t64", "libgssapi-krb5-2": "libgssapi-krb5-2t64"}
"""Packages that newer systems have under another name."""

CONTROL = """\
Package: offline-assistant
Version: {version}
Architecture: {architecture}
Maintainer: The Offline Assistant authors <offline-assistant@localhost>
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: {recommends}
Section: text
Priority: optional
Description: questions about your own documents, without a network
 Offline Assistant answers questions about your own documents and shows where
 each answer stands. It writes with a language model, turns speech into text
 and translates, all on your own computer.
 .
 Nothing leaves the computer. The program refuses network access to itself,
 and shows that it does. What a person keeps in it stays when it is removed.
"""

AFTER_REMOVAL = """\
#!/bin/sh
set -e
if [ "$1" = purge ]; then
    echo "What people kept in Offline Assistant stays in their ~/.local/share/offline-assistant."
fi
"""


def write(folder: Path) -> Path:
    """The package, beside the folder."""
    architecture = _told("dpkg", "--print-architecture").strip()
    package = folder.parent / f"offline-assistant_{version()}_{architecture}.deb"
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        root = Path(scratch) / "root"
        shutil.copytree(folder, root / INSTALLED, symlinks=True, copy_function=os.link)
        desktop_files.write(root / "usr" / "share")
        _link_programs(root)
        _write_copyright(root)
        _write_control(root, architecture)
        root.chmod(0o755)
        # xz as strong as dpkg-deb allows without asking for more memory than a build machine has.
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z9", "--build", str(root), str(package)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return package


def _link_programs(root: Path) -> None:
    for name in ("offline-assistant", "offline-assistant-window"):
        link = root / "usr" / "bin" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(Path("/") / INSTALLED / name)


def _write_copyright(root: Path) -> None:
    target = root / "usr" / "share" / "doc" / "offline-assistant"
    target.mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", target / "copyright")


def _write_control(root: Path, architecture: str) -> None:
    folder = root / "DEBIAN"
    folder.mkdir()
    control = CONTROL.format(
        version=version(),
        architecture=architecture,
        kilobytes=trim.size(root) // 1024,
        depends=", ".join(depends(root / INSTALLED)),
        recommends=RECOMMENDED,
    )
    (folder / "control").write_text(control, encoding="utf-8")
    script = folder / "postrm"
    script.write_text(AFTER_REMOVAL, encoding="utf-8")
    script.chmod(0o755)


def depends(folder: Path) -> list[str]:
    """What the program needs of the system, as a control file names it."""
    inside = {path.name for path in folder.rglob("*.so*")}
    linked = {name for path in trim.libraries(folder) for name in trim.needed(path)}
    packages = {package for name in linked - inside if (package := _owner(name))}
    packages |= {package for library, package in setup.LIBRARIES.items() if library not in inside}
    packages.discard("libc6")
    newest = size_report.newest_needs(folder)["GLIBC"][0]
    named = [f"{name} | {RENAMED[name]}" if name in RENAMED else name for name in sorted(packages)]
    return [f"libc6 (>= {'.'.join(map(str, newest))})", *named]


def _owner(library: str) -> str:
    """The package of a library of this system; "" for what only optional parts are linked to."""
    done = subprocess.run(["dpkg", "--search", f"*/{library}"], capture_output=True, text=True)
    found = re.search(r"^([^:,\s]+)(?::\w+)?: \S+$", done.stdout, re.MULTILINE)
    return found[1] if found else ""


def _told(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout

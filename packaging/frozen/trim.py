"""Makes the frozen folder smaller, and takes out what may not travel."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

HOLLOWED = {
    "opencv_python_headless.libs": ("avcodec", "avformat", "avutil", "swscale", "avif", "openblas"),
    "tesserocr.libs": ("webp", "webpmux"),
}
"""Libraries that others are linked to and have no use for here, by the folder that they come in.

Both are given pixels: they open no video and no picture file. OpenCV asks openblas about matrices of 25 rows
and more, and those by which pictures are turned have 3. What only these need goes with them.
"""
ENDS_THE_PROCESS = ("openblas",)
"""Those of them that may not be called at all; the functions of the others answer 0: it failed."""
LOADED_BY_NAME = ("libpython3", "libseccomp", "libQt6FFmpegStub")
"""Libraries that are asked for while the program runs."""


def trim(folder: Path) -> None:
    """On Linux; elsewhere the folder stays as it was made."""
    if not sys.platform.startswith("linux"):
        return
    before = size(folder)
    hollow_out(folder)
    replace_jbig(folder)
    remove_unreached(folder)
    strip_symbols(folder)
    link_duplicates(folder)
    print(f"{folder.name}: {before / 1e6:,.0f} MB, trimmed to {size(folder) / 1e6:,.0f} MB")


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


# --- smaller files -----------------------------------------------------------------------------------------


def strip_symbols(folder: Path) -> None:
    """Without the names that only a debugger reads: all but a fiftieth of CTranslate2's extension.

    A library that patchelf changed can be broken by it; the loader would refuse it, and it stays as it was.
    """
    for path in libraries(folder):
        stripped = path.with_name(f".{path.name}")
        command = ["strip", "--strip-unneeded", "-o", stripped, path]
        done = subprocess.run(command, capture_output=True)
        if done.returncode == 0 and loads(stripped) and stripped.stat().st_size < path.stat().st_size:
            stripped.replace(path)
        stripped.unlink(missing_ok=True)


def loads(path: Path) -> bool:
    """Whether its segments lie where the loader can map them."""
    told = subprocess.run(
        ["readelf", "--program-headers", "--wide", path], capture_output=True, text=True
    ).stdout
    segments = re.findall(r"^ +LOAD +(0x\w+) (0x\w+) .* (0x\w+)$", told, re.MULTILINE)
    numbers = [[int(number, 16) for number in segment] for segment in segments]
    return bool(numbers) and all((offset - address) % align == 0 for offset, address, align in numbers)


def remove_unreached(folder: Path) -> None:
    """Delete the libraries to which nothing that is left is linked."""
    inside = folder / "_internal"
    places = (inside, inside / "PySide6" / "Qt" / "lib")
    while True:
        files = libraries(folder)
        wanted = {name for path in files for name in needed(path)}
        shared = [path for path in files if path.parent in places or path.parent.suffix == ".libs"]
        lost = [
            path for path in shared if path.name not in wanted and not path.name.startswith(LOADED_BY_NAME)
        ]
        lost = [path for path in lost if ".cpython-" not in path.name and ".abi3." not in path.name]
        if not lost:
            break
        for path in lost:
            path.unlink()
    for path in folder.rglob("*"):
        if path.is_symlink() and not path.exists():
            path.unlink()


def needed(path: Path) -> list[str]:
    told = subprocess.run(["readelf", "--dynamic", path], capture_output=True, text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.*)\]", told)


def link_duplicates(folder: Path) -> None:
    """A wheel cannot hold links, so it holds libraries under each of their names; PyInstaller copies those to
    which others are linked once more. Of two copies both would be loaded."""
    same: dict[str, list[Path]] = defaultdict(list)
    for path in libraries(folder):
        same[hashlib.sha256(path.read_bytes()).hexdigest()].append(path)
    for paths in same.values():
        kept, *others = sorted(paths, key=lambda path: (len(path.name), path.name, path.parent))
        for other in others:
            other.unlink()
            other.symlink_to(os.path.relpath(kept, other.parent))


def libraries(folder: Path) -> list[Path]:
    """Shared libraries, each file once."""
    found = (path for path in folder.rglob("*.so*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if path.read_bytes()[:4] == b"\x7fELF")


# --- libraries in whose place an empty one works ------------------------------------------------------------


def hollow_out(folder: Path) -> None:
    """Put empty libraries in the place of those that are linked to and not used."""
    everything = libraries(folder)
    hollowed = {path: kind for path in everything if (kind := kind_of_hollowed(path))}
    users = {path: needed(path) for path in everything if path not in hollowed}
    for path, kind in hollowed.items():
        wanted: dict[str, str] = {}
        for user, names in users.items():
            if path.name in names:
                wanted |= symbols(user, "--undefined-only")
        body = "__builtin_trap();" if kind in ENDS_THE_PROCESS else ""
        make_empty_library(path, wanted, f"{{ {body} return 0; }}")


def replace_jbig(folder: Path) -> None:
    """See no_jbig.c."""
    for path in {path.resolve() for path in folder.rglob("libjbig*.so*")}:
        path.unlink()
        make_no_jbig(path)


def make_no_jbig(path: Path) -> None:
    """The library without what it stands for, under the name by which the others ask for it."""
    source = Path(__file__).with_name("no_jbig.c")
    name = f"-Wl,-soname,{path.name}"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", name, "-o", path, source], check=True)


def kind_of_hollowed(path: Path) -> str:
    """Which of them a file is; "" if none. Its version and a hash stand behind the name."""
    found = re.match(r"lib([a-z]+?)(p-r)?\d*[-.]", path.name)
    return found[1] if found and found[1] in HOLLOWED.get(path.parent.name, ()) else ""


def make_empty_library(path: Path, wanted: dict[str, str], body: str) -> None:
    """In the place of a library one with those of its functions that are wanted, all with the same body."""
    names = sorted(symbols(path, "--defined-only").keys() & wanted.keys())
    versions: dict[str, list[str]] = defaultdict(list)
    for name in names:
        versions[wanted[name].partition("@")[2]].append(name)
    path.unlink()
    with tempfile.TemporaryDirectory() as scratch:
        source, script = Path(scratch, "empty.c"), Path(scratch, "versions")
        source.write_text("".join(f"void *{name}(void) {body}\n" for name in names))
        command = ["cc", "-shared", "-fPIC", "-O2", "-fno-builtin", f"-Wl,-soname,{path.name}"]
        if "" not in versions:
            told = (f"{version} {{ global: {'; '.join(own)}; }};\n" for version, own in versions.items())
            script.write_text("".join(told))
            command.append(f"-Wl,--version-script={script}")
        subprocess.run([*command, "-o", path, source], check=True)


def symbols(path: Path, which: str) -> dict[str, str]:
    """A library's functions, by name: the name with its version."""
    command = ["nm", "--dynamic", "--with-symbol-versions", which, path]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    names = (line.split()[-1].replace("@@", "@") for line in told.splitlines())
    return {name.partition("@")[0]: name for name in names}

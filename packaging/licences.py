"""What may not travel in an installer: nothing under the GPL or AGPL. `python packaging/licences.py FOLDER`

A wheel's metadata speaks of its own code, not of the libraries that were packed into it. So licences are told
by metadata, by the names of files and by words inside them. The LGPL is allowed for libraries that are files
of their own.
"""

from __future__ import annotations

import re
import runpy
import sys
from collections.abc import Iterable, Iterator
from email.message import Message
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePath
from typing import Any

NOT_SHIPPED = {"av": "its wheel holds the encoders x264 and x265, which are under the GPL"}
"""Distributions that are installed for development and left out of every installer, and why."""

REPLACED = {"tesserocr": "its wheel holds JBIG-KIT, which is under the GPL and reads a kind of TIFF files"}
"""Distributions of which an installer holds a library of another one's making in the place of that."""

PARTLY_SHIPPED = {
    "pyside6-addons": "some of Qt's modules are under the GPL; only others travel",
    "pyside6-essentials": "Qt's shader tools and virtual keyboard are under the GPL and are left out",
}
"""Distributions of which an installer holds no more than what is used, and why."""

EXCEPTED = {
    "*/tesserocr.libs/libjbig*": "see no_jbig.c: a library of this project's own that does nothing",
    "*/numpy*.dist-info/*": "the text of the GPL belongs to the exception under which libgfortran travels",
    "*/scipy*.dist-info/*": "the text of the GPL belongs to the exception under which libgfortran travels",
    "*/pypdfium2*.dist-info/*": "the text of the GPL belongs to the exception under which libgcc travels",
}
"""Files that look like the GPL by their name or their words and are not, or travel under an exception, and
why. By content, no library is excepted.
"""

NAMES_UNDER_GPL = r"""
    x264 x265 xvidcore postproc vidstab davs2 xavs2? frei0r rubberband mjpegutils mpeg2(convert|encpp)?
    jbig(85)? mad a52(-[\d.]+)? dca dts faad(_drm|2)? id3tag cdio(_\w+)? dvdread dvdnav dvdcss sidplay2?
    espeak(-ng)? piper_phonemize readline history gdbm(_compat)? _gdbm gsl(cblas)? fftw3[fl]?(_\w+)? lzo2 db-6
    samba smbclient wbclient mysqlclient poppler(-\w+)? mupdf(-\w+)? mupdfcpp gs exiv2 parted slang
    bfd opcodes gettextpo gettextlib gettextsrc iw quvi bluetooth imagequant
"""
"""Libraries under the GPL or AGPL that are known to be packed into wheels or to lie on build machines, as
regular expressions, without "lib".
"""

QT_UNDER_GPL = r"""
    CanvasPainter\w* Charts\w* Coap DataVisualization\w* Graphs\w* Grpc\w* HttpServer Lottie\w* Mqtt
    NetworkAuth Quick3D\w* QuickTimeline\w* ShaderTools VirtualKeyboard\w* WaylandCompositor\w*
    WaylandEglCompositor\w*
"""
"""Modules of Qt that are offered under the GPL or a paid licence, not under the LGPL; without "Qt6"."""

BANNERS = {
    b"http://www.videolan.org/x264.html": "x264",
    b"x265.org - options": "x265",
    b"JBIG-KIT ": "JBIG-KIT",
    b"VID.STAB 1": "vid.stab",
    b"xvid_plugin_2pass1": "Xvid",
    b"RubberBandStretcher": "Rubber Band",
    b"MPEG Audio Decoder 0.": "libmad",
    b"NeAACDecGetVersion": "FAAD2",
    b"version of libdvdcss found": "libdvdread",
    b"detected Nero version": "libcdio",
    b"Wrong version of espeak-ng-data": "eSpeak NG",
    b"readline_callback_read_char() called with no handler": "GNU Readline",
    b"gdbm_last_syserr": "GNU dbm",
    b"Default GSL error handler invoked": "GNU Scientific Library",
    b"fftw_wisdom": "FFTW",
    b"lzo1_99_compress": "LZO",
    b"12SplashBitmap": "Poppler",
    b"fz_open_document": "MuPDF",
    b"Ghostscript: gettimeofday failed": "Ghostscript",
    b"_ZN5Exiv2": "Exiv2",
    b"liq_attr_create": "libimagequant",
    b"--enable-gpl": "FFmpeg, configured with parts under the GPL",
    b"--enable-nonfree": "FFmpeg, configured with parts that may not be passed on",
    b"--enable-libx26": "FFmpeg, configured with parts under the GPL",
    b" license: GPL version": "FFmpeg, configured with parts under the GPL",
    b" license: nonfree": "FFmpeg, configured with parts that may not be passed on",
}
"""Words inside a library, under whatever name and linked into whatever, and what they tell."""

_LIBRARY = r"([-_.\d].*)?\.(so|dylib|dll|pyd|a|lib)\b"
_BY_NAME = re.compile(rf"(lib)?({'|'.join(NAMES_UNDER_GPL.split())}){_LIBRARY}", re.IGNORECASE)
_QT_BY_NAME = re.compile(rf"(lib)?Qt6?({'|'.join(QT_UNDER_GPL.split())}){_LIBRARY}|libqtvirtualkeyboard.*")
_PROGRAM = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"!<arch>")
"""How programs and libraries of Linux, Windows and macOS begin, and archives of parts of them."""

_LICENCE_FILE = re.compile(r"licen[cs]e|copying|gpl", re.IGNORECASE)
_TITLE = re.compile(rb"GNU\s+(AFFERO\s+|LESSER\s+|LIBRARY\s+)?GENERAL\s+PUBLIC\s+LICENSE", re.IGNORECASE)
_GPL_WORDS = re.compile(r"\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)
_SPDX = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "3-Clause BSD License": "BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
}
"""What metadata says in words, where that is not ambiguous."""

_MAY_FOLLOW = ("GCC-exception", "Bootloader-exception", "LLVM-exception", "Libtool-exception")
"""Exceptions under which a library may travel in programs under any licence."""


def main() -> int:
    check(Path(sys.argv[1]))
    print("Nothing under the GPL or AGPL was found.")
    return 0


def check(folder: Path) -> None:
    """Stops when something lies in the folder of a built program that may not be given away with it."""
    found = violations(folder)
    if found:
        raise SystemExit("\n".join(["The program holds what may not be given away with it:", *found]))


def violations(folder: Path) -> list[str]:
    """What may not travel: one line for each, with the file or the name and how it was told."""
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or (path.is_symlink() and path.resolve().is_relative_to(folder.resolve())):
            continue
        excepted = any(fnmatchcase(f"/{name}", pattern) for pattern in EXCEPTED)
        if not excepted and gpl_files([name]):
            found.append(f"{name}: by its name")
        elif inside := gpl_banners(path):
            found.append(f"{name}: {', '.join(inside)}, by the words in it")
        elif not excepted and not name.startswith("licences/") and is_gpl_text(path):
            found.append(f"{name}: the text of the licence beside a part")
    contents = _contents_script()
    for part in contents["contents"](folder):
        if part.licence == contents["UNKNOWN"]:
            found.append(f"{part.name}: nobody said what it is; enter it in packaging/native_parts.toml")
        elif not may_travel(part.licence):
            found.append(f"{part.name}: {part.licence}, by what is said of it")
        found += [
            f"{part.name}: holds {held['name']}: {licence}, by its bill of materials"
            for held in part.holds
            for licence in told_in_bill(held)
            if not may_travel(licence)
        ]
    return found


@cache
def _contents_script() -> dict[str, Any]:
    return runpy.run_path(str(Path(__file__).with_name("contents.py")))


def gpl_files(files: Iterable[str]) -> list[str]:
    """Those of the files that are a library under the GPL, by name."""
    return sorted(file for file in files if _is_gpl_name(PurePath(file).name))


def _is_gpl_name(name: str) -> bool:
    return bool(_BY_NAME.match(name) or _QT_BY_NAME.match(name))


def gpl_banners(path: Path) -> list[str]:
    """Which known works under the GPL a program or library holds, by the words in it."""
    if not is_program(path):
        return []
    data = path.read_bytes()
    return sorted({work for words, work in BANNERS.items() if words in data})


def is_program(path: Path) -> bool:
    """A program or a library, of whatever system."""
    with path.open("rb") as file:
        return file.read(8).startswith(_PROGRAM)


def is_gpl_text(path: Path) -> bool:
    """A file that says what a part's licence is, and begins with that of the GPL."""
    if not _LICENCE_FILE.search(path.name) or path.suffix in (".py", ".pyc", ".so"):
        return False
    with path.open("rb") as file:
        title = _TITLE.search(file.read(2000))
    return title is not None and (title[1] or b"").strip().upper() not in (b"LESSER", b"LIBRARY")


# --- what is said of a part --------------------------------------------------------------------------------


def told_licence(about: Message) -> str:
    """The licence in a distribution's metadata: an SPDX expression, or the words that stand there."""
    if expression := about.get("License-Expression"):
        return str(expression)
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier") or []
        if line.startswith("License :: ")
    ]
    field = str(about.get("License") or "").strip()
    # Some put the whole text there.
    short = field if "\n" not in field and len(field) < 100 else ""
    if (short and " OR " in short) or not classifiers:
        told = short or field[:100].partition("\n")[0]
        return _SPDX.get(told, told)
    names = [_SPDX.get(name, name) for name in classifiers if name != "OSI Approved"] or [short]
    return ", ".join(dict.fromkeys(names))


def told_in_bill(component: dict[str, Any]) -> list[str]:
    """The licences of a part in a CycloneDX bill of materials."""
    entries = component.get("licenses") or []
    inner = [entry.get("license") or {} for entry in entries]
    told = [
        entry.get("expression") or of.get("id") or of.get("name")
        for entry, of in zip(entries, inner, strict=True)
    ]
    return [licence for licence in told if licence]


def may_travel(licence: str) -> bool:
    """Of the licences that are offered, one is enough; of those that hold together, each must allow it."""
    words = re.split(r"(\(|\)|\bOR\b|\bAND\b)", licence)
    return _any_of(iter([word.strip() for word in words if word.strip()]))


def _any_of(words: Iterator[str]) -> bool:
    choices = [True]
    for word in words:
        if word == ")":
            break
        if word == "OR":
            choices.append(True)
        elif word != "AND":
            fine = _any_of(words) if word == "(" else _allowed(word)
            choices[-1] = choices[-1] and fine
    return any(choices)


def _allowed(name: str) -> bool:
    return not _GPL_WORDS.search(name) or any(exception in name for exception in _MAY_FOLLOW)


if __name__ == "__main__":
    sys.exit(main())

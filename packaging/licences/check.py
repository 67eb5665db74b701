"""What may not travel in an installer: nothing under the GPL or AGPL.

A wheel's metadata speaks of its own code, not of the libraries that were packed into it. So licences are told
by metadata, by the names of files and by words inside them. The LGPL is allowed for libraries that are files
of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path, PurePath

from licences import contents, terms
from long_work import Stop

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
_QT_BY_NAME = re.compile(
    rf"(lib)?Qt6?({'|'.join(QT_UNDER_GPL.split())})({_LIBRARY}|$)|(lib)?qtvirtualkeyboard.*"
)

_LICENCE_FILE = re.compile(r"licen[cs]e|copying|gpl", re.IGNORECASE)
_TITLE = re.compile(rb"GNU\s+(AFFERO\s+|LESSER\s+|LIBRARY\s+)?GENERAL\s+PUBLIC\s+LICENSE", re.IGNORECASE)


def check(folder: Path) -> None:
    """Stops when something lies in the folder of a built program that may not be given away with it."""
    found = violations(folder)
    if found:
        raise Stop("\n".join(["The program holds what may not be given away with it:", *found]))


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
    for part in contents.contents(folder):
        if part.licence == contents.UNKNOWN:
            found.append(f"{part.name}: nobody said what it is; enter it in native_parts.toml")
        elif not terms.may_travel(part.licence):
            found.append(f"{part.name}: {part.licence}, by what is said of it")
        found += [
            f"{part.name}: holds {held['name']}: {licence}, by its bill of materials"
            for held in part.holds
            for licence in terms.told_in_bill(held)
            if not terms.may_travel(licence)
        ]
    return found


def gpl_files(files: Iterable[str]) -> list[str]:
    """Those of the files that are a library under the GPL, by name."""
    return sorted(file for file in files if _is_gpl_name(PurePath(file).name))


def _is_gpl_name(name: str) -> bool:
    return bool(_BY_NAME.match(name) or _QT_BY_NAME.match(name))


def gpl_banners(path: Path) -> list[str]:
    """Which known works under the GPL a program or library holds, by the words in it."""
    if not contents.is_program(path):
        return []
    data = path.read_bytes()
    return sorted({work for words, work in BANNERS.items() if words in data})


def is_gpl_text(path: Path) -> bool:
    """A file that says what a part's licence is, and begins with that of the GPL."""
    if not _LICENCE_FILE.search(path.name) or path.suffix in (".py", ".pyc", ".so"):
        return False
    with path.open("rb") as file:
        title = _TITLE.search(file.read(2000))
    return title is not None and (title[1] or b"").strip().upper() not in (b"LESSER", b"LIBRARY")

"""What may not travel in an installer though its wheel allows it: licences are told by files, not by words.

A wheel's metadata speaks of its own code, not of the libraries that were packed into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath

NOT_SHIPPED = {"av": "its wheel holds the encoders x264 and x265, which are under the GPL"}
"""Distributions that are installed for development and left out of every installer, and why."""

REPLACED = {"tesserocr": "its wheel holds JBIG-KIT, which is under the GPL and reads a kind of TIFF files"}
"""Distributions of which an installer holds a library of another one's making in the place of that."""

_GPL = re.compile(
    r"^(lib)?(x26[45]|jbig(85)?|xvidcore|postproc|rubberband|vidstab|davs2|xavs2?|cdio|dvdread|dvdnav|frei0r|readline"
    r"|gsl|fftw3f?|samba|mysqlclient|poppler|mupdf|gs)([-_.\d].*)?\.(so|dylib|dll|pyd|a)\b",
    re.IGNORECASE,
)
"""Names of libraries under the GPL or AGPL that are known to be packed into wheels."""


def gpl_files(files: Iterable[str]) -> list[str]:
    """Those of the files that are such a library, by name."""
    return sorted(file for file in files if _GPL.match(PurePath(file).name))

"""Brings the language files by which Tesseract recognises text: `python packaging/tessdata.py FOLDER`.

They are Debian's, made by Tesseract's own people (tessdata_fast, Apache-2.0). Taken from where Tesseract is
installed, else fetched with apt, for which nobody has to be root. What cannot be had is named; the program
works without.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

LANGUAGES = (
    "eng", "deu", "fra", "spa", "ita", "por", "rus", "ara", "hin", "chi_sim", "tha", "ell", "vie", "tur",
    "osd",
)  # fmt: skip
"""As Tesseract calls them; "osd" tells script and direction."""

INSTALLED = (
    "/usr/share/tesseract-ocr/*/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
    "C:/Program Files/Tesseract-OCR/tessdata",
)
"""Where systems keep them."""

SUFFIX = ".traineddata"
LICENCE = "copyright"
"""File with the words of their licence, which travels along."""


def main() -> int:
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for folder in (cache_folder(), *installed_folders()):
        take(folder, target)
    if missing(target) and shutil.which("apt-get") and shutil.which("dpkg-deb"):
        fetch(missing(target), target)
    if left := missing(target):
        print(f"== Text in pictures of these languages will not be recognised: {' '.join(left)}", flush=True)
        print(f"   Lay their files (deu{SUFFIX} and so on) into {target}", flush=True)
    return 0


def missing(folder: Path) -> list[str]:
    return [language for language in LANGUAGES if not (folder / f"{language}{SUFFIX}").is_file()]


def take(source: Path, target: Path) -> None:
    """Copy what the target lacks; a file is there whole or not at all."""
    names = [f"{language}{SUFFIX}" for language in missing(target)]
    for name in (*names, LICENCE):
        if (source / name).is_file() and not (target / name).exists():
            shutil.copyfile(source / name, target / f".{name}")
            (target / f".{name}").replace(target / name)


def cache_folder() -> Path:
    """Beside the wheels that the set-up keeps, so that another checkout need not fetch them again."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "offline-assistant" / "tessdata"


def installed_folders() -> Iterable[Path]:
    for pattern in INSTALLED:
        place = Path(pattern)
        yield from sorted(Path(place.anchor).glob(str(place.relative_to(place.anchor))))


def fetch(languages: list[str], target: Path) -> None:
    """Through apt, which checks what it fetches, into folders of our own."""
    print(f"== Fetching the language files of Tesseract: {' '.join(languages)}", flush=True)
    packages = [f"tesseract-ocr-{language.replace('_', '-')}" for language in languages]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        refused = download(packages, folder) and (update(folder) or download(packages, folder, own=True))
        if refused:
            print(f"   apt-get: {refused}", flush=True)
            return
        for package in folder.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
        for licence in sorted(folder.glob(f"usr/share/doc/*/{LICENCE}"))[:1]:
            take(licence.parent, target)
        for found in sorted(folder.glob("usr/share/tesseract-ocr/*/tessdata")):
            take(found, target)
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
        take(target, cache_folder())
    except OSError as error:
        print(f"   They are not kept for another checkout: {error}", flush=True)


def download(packages: list[str], folder: Path, *, own: bool = False) -> str:
    """`own`: by the lists that `update` brought. Gives why it could not be done, or ""."""
    return apt([*(own_lists(folder) if own else []), "download", *packages], folder)


def update(folder: Path) -> str:
    """Learn anew what there is: a fresh system has no lists, or old ones."""
    (folder / "lists" / "partial").mkdir(parents=True)
    (folder / "cache" / "archives" / "partial").mkdir(parents=True)
    return apt([*own_lists(folder), "update"], folder)


def own_lists(folder: Path) -> list[str]:
    return ["-o", f"Dir::State::Lists={folder}/lists", "-o", f"Dir::Cache={folder}/cache"]


def apt(arguments: list[str], folder: Path) -> str:
    # As root, apt would give up its rights for a user who cannot write into the folder, and warn of it.
    command = ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return (done.stderr.strip().splitlines() or ["it failed"])[-1] if done.returncode else ""


if __name__ == "__main__":
    sys.exit(main())

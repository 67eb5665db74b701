"""What a folder with the built program is made of: which part each file belongs to, and that part's licence.

Python libraries are told by the distributions of the environment that built the program, other parts by
`native_parts.toml`.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import translate
from functools import cache
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from licences import terms

PROJECT = "offline-assistant"
INNER = "_internal"
"""PyInstaller's folder beside the programs."""

OURS = ("licences/", "THIRD_PARTY.md", "bom.cdx.json")
"""What is written about the parts is none of them."""

UNKNOWN = "unknown"
KINDS = ("python", "library", "runtime", "model", "data")
TEXTS = Path(__file__).with_name("texts")
_PROGRAM = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"!<arch>")
"""How programs and libraries of Linux, Windows and macOS begin, and archives of parts of them."""


@dataclass
class Part:
    """Something that somebody else made, as one thing."""

    name: str
    kind: str
    """One of KINDS."""
    licence: str
    version: str = ""
    home: str = ""
    purpose: str = ""
    note: str = ""
    package_url: str = ""
    files: list[str] = field(default_factory=list)
    """Relative to the folder; those of code inside the program itself are left out."""
    texts: list[Path] = field(default_factory=list)
    """Files with the words of its licence, on the machine that built the program."""
    inside: list[str] = field(default_factory=list)
    """The Python libraries that brought it."""
    holds: list[dict[str, Any]] = field(default_factory=list)
    """What it is made of itself, as its wheel's bill of materials (CycloneDX) says."""
    travels: bool = True
    """False if nothing of it is there but its name and version."""


def contents(folder: Path) -> list[Part]:
    """The parts in the folder, by kind and name. Files that belong to none are parts of unknown licence."""
    table = _Table()
    index = _Index(folder)
    native: dict[str, list[str]] = defaultdict(list)
    python: dict[str, list[str]] = defaultdict(list)
    strangers: list[str] = []
    for name in _files(folder):
        inner = name.removeprefix(f"{INNER}/")
        if entry := table.entry(inner):
            native[entry["name"]].append(name)
        elif owner := index.owner(inner):
            python[owner].append(name)
        elif _is_of_python(inner):
            native["Python"].append(name)
        elif not _is_ours(inner) and is_program(folder / name):
            strangers.append(name)
    for module in _modules(folder):
        if module.partition(".")[0] in sys.stdlib_module_names:
            native["Python"] += []
            native["PyInstaller's start program"] += []
        elif owner := index.owner_of_module(module):
            python[owner] += []
            index.used.add(owner)
    python.pop(PROJECT, None)
    parts = [index.part(name, files) for name, files in python.items()]
    for entry in _told()["part"]:
        if (name := entry["name"]) in native:
            parts.append(_native_part(entry, native[name], folder))
            owners = {index.owner(file.removeprefix(f"{INNER}/")) for file in native[name]}
            parts[-1].inside = sorted(owner for owner in owners if owner and owner != PROJECT)
    parts += [Part(PurePosixPath(name).name, "library", UNKNOWN, files=[name]) for name in strangers]
    return sorted(parts, key=lambda part: (part.kind, part.name.lower()))


def _files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not path.is_symlink() and not name.startswith(OURS):
            yield name


def _is_ours(inner: str) -> bool:
    """The programs themselves, and what is of this project alone."""
    return "/" not in inner and inner.removesuffix(".exe") in (PROJECT, f"{PROJECT}-window")


def _is_of_python(inner: str) -> bool:
    """A module of Python itself in machine code, which on Windows lies beside everything else."""
    return inner.endswith(".pyd") and inner.removesuffix(".pyd") in sys.stdlib_module_names


def _modules(folder: Path) -> Iterator[str]:
    """The Python modules inside the frozen programs."""
    for program in (path for path in folder.iterdir() if path.is_file() and _is_ours(path.name)):
        if not is_program(program):
            continue
        from PyInstaller.archive.readers import CArchiveReader

        reader = CArchiveReader(str(program))
        for archive in (name for name in reader.toc if name.endswith(".pyz")):
            yield from reader.open_embedded_archive(archive).toc


def is_program(path: Path) -> bool:
    """A program or a library, of whatever system."""
    with path.open("rb") as file:
        return file.read(8).startswith(_PROGRAM)


# --- Python libraries --------------------------------------------------------------------------------------


@cache
def _installed() -> dict[str, metadata.Distribution]:
    """By normalised name, what the environment has that built the program."""
    return {_name(distribution): distribution for distribution in metadata.distributions()}


def _name(distribution: metadata.Distribution) -> str:
    return re.sub(r"[-_.]+", "-", str(distribution.metadata["Name"])).lower()


@cache
def _owners() -> tuple[dict[str, str], dict[str, set[str]]]:
    """Distributions by their files, and by the first folder or name of those."""
    files: dict[str, str] = {}
    tops: dict[str, set[str]] = defaultdict(set)
    for name, distribution in _installed().items():
        for file in distribution.files or ():
            files[file.as_posix()] = name
            tops[file.parts[0]].add(name)
    return files, tops


class _Index:
    """Which distribution a file or a module is of."""

    def __init__(self, folder: Path) -> None:
        self.used: set[str] = set()
        there = [metadata.Distribution.at(path) for path in sorted(folder.rglob("*.dist-info"))]
        here = {_name(distribution): distribution for distribution in there}
        # What is installed has the words of its licences, which a copy of its metadata need not have.
        self.distributions = {**here, **_installed()}
        self.files, tops = _owners()
        self.tops = {**tops}
        for name, distribution in here.items():
            for file in distribution.files or ():
                self.tops[file.parts[0]] = {*self.tops.get(file.parts[0], ()), name}

    def owner(self, inner: str) -> str | None:
        return self.files.get(inner) or self._by_top(inner.partition("/")[0])

    def owner_of_module(self, module: str) -> str | None:
        path = module.replace(".", "/")
        for file in (f"{path}.py", f"{path}/__init__.py"):
            if file in self.files:
                return self.files[file]
        top = module.partition(".")[0]
        return self._by_top(top) or self._by_top(f"{top}.py")

    def _by_top(self, top: str) -> str | None:
        names = self.tops.get(top, ())
        return next(iter(names)) if len(names) == 1 else None

    def part(self, name: str, files: list[str]) -> Part:
        distribution = self.distributions[name]
        about = distribution.metadata
        addresses = dict(line.split(", ", 1) for line in about.get_all("Project-URL") or [] if ", " in line)
        wanted = (
            "homepage",
            "home",
            "source",
            "source code",
            "repository",
            "documentation",
            "github",
            "code",
        )
        by_label = {label.lower(): address for label, address in addresses.items()}
        home = about.get("Home-page") or next((by_label[label] for label in wanted if label in by_label), "")
        licence = terms.told_licence(about) or UNKNOWN
        forgotten = _told()["texts"].get(name) or _usual_texts(licence)
        return Part(
            name=name,
            kind="python",
            licence=licence,
            version=distribution.version,
            home=str(home),
            purpose=str(about.get("Summary") or "").strip(),
            package_url=f"pkg:pypi/{name}@{quote(distribution.version)}",
            files=files,
            texts=list(_licence_files(distribution)) or [TEXTS / text for text in forgotten],
            holds=list(_bill(distribution)),
            travels=name in self.used or any(".dist-info/" not in file for file in files),
        )


def _licence_files(distribution: metadata.Distribution) -> Iterator[Path]:
    beginnings = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS", "THIRDPARTYNOTICES", "THIRD_PARTY")
    for file in distribution.files or ():
        of_licences = ".dist-info" in file.parts[0] and len(file.parts) > 2 and file.parts[1] == "licenses"
        if of_licences or (len(file.parts) <= 2 and file.name.upper().startswith(beginnings)):
            path = Path(str(distribution.locate_file(file)))
            if path.is_file():
                yield path


def _usual_texts(licence: str) -> list[str]:
    """For licences whose words are the same for everybody."""
    if "LGPL-3.0" in licence:
        return ["LGPL-3.0.txt", "GPL-3.0.txt"]
    return ["Apache-2.0.txt"] if "Apache-2.0" in licence else []


def _bill(distribution: metadata.Distribution) -> Iterator[dict[str, Any]]:
    """What a wheel's own bills of materials list: Rust crates, libraries packed into it."""
    seen = {_name(distribution)}
    for file in distribution.files or ():
        path = Path(str(distribution.locate_file(file)))
        if len(file.parts) == 3 and file.parts[1] == "sboms" and file.suffix == ".json" and path.is_file():
            bill = json.loads(path.read_text(encoding="utf-8"))
            for component in bill.get("components", ()):
                if component.get("scope") == "excluded" or component["name"] in _told()["not_held"]:
                    continue
                name = f"{component['name']} {component.get('version') or ''}"
                if name not in seen and component["name"].lower().replace("_", "-") not in seen:
                    seen.add(name)
                    yield component


# --- other parts -------------------------------------------------------------------------------------------


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("native_parts.toml").read_text(encoding="utf-8"))


class _Table:
    """The table, ready to be asked about thousands of files."""

    def __init__(self) -> None:
        self._entries = [
            (entry, self._pattern(entry["files"], slash=True), self._pattern(entry["files"], slash=False))
            for entry in _told()["part"]
        ]
        every = [pattern for entry in _told()["part"] for pattern in entry["files"]]
        self._any_path = self._pattern(every, slash=True)
        self._any_name = self._pattern(every, slash=False)

    @staticmethod
    def _pattern(patterns: list[str], *, slash: bool) -> re.Pattern[str]:
        """Those with a slash are of the whole path, the others of the file's name."""
        chosen = [translate(pattern) for pattern in patterns if ("/" in pattern) == slash]
        return re.compile("|".join(chosen) or "(?!)")

    def entry(self, inner: str) -> dict[str, Any] | None:
        name = inner.rpartition("/")[2]
        if not self._any_path.match(inner) and not self._any_name.match(name):
            return None
        for entry, of_path, of_name in self._entries:
            if of_path.match(inner) or of_name.match(name):
                return entry
        return None


def _native_part(entry: dict[str, Any], files: list[str], folder: Path) -> Part:
    version = entry.get("version", "")
    texts = [TEXTS / name for name in entry.get("texts", ())]
    if entry["name"] == "Python":
        version = platform.python_version()
        library = Path(sysconfig.get_path("stdlib"))
        texts = [(library.parent if os.name == "nt" else library) / "LICENSE.txt"]
    elif like := entry.get("distribution"):
        version = metadata.version(like)
        texts = texts or list(_licence_files(metadata.distribution(like)))
    elif pattern := entry.get("version_in_file"):
        version = _found_version(pattern, [folder / name for name in files])
    return Part(
        name=entry["name"],
        kind=entry.get("kind", "library"),
        licence=entry["licence"],
        version=version,
        home=entry.get("home", ""),
        purpose=entry.get("for", ""),
        note=entry.get("note", ""),
        files=files,
        texts=texts,
    )


def _found_version(pattern: str, paths: Iterable[Path]) -> str:
    """As the library itself states it."""
    for path in paths:
        if found := re.search(pattern.encode(), path.read_bytes()):
            return found[1].decode()
    return ""


def name_system_packages(parts: list[Part]) -> None:
    """Enters for libraries of the system that built the program of which Debian package they are."""
    wanted = {
        PurePosixPath(name).name: part
        for part in parts
        if part.kind == "library"
        for name in part.files
        if "/" not in name.removeprefix(f"{INNER}/")
    }
    if not wanted or not shutil.which("dpkg-query"):
        return
    architecture = sysconfig.get_config_var("MULTIARCH") or ""
    places = (f"/usr/lib/{architecture}", f"/lib/{architecture}", "/usr/lib", "/lib")
    paths = [f"{place}/{name}" for place in places for name in wanted]
    told = subprocess.run(["dpkg-query", "--search", *paths], capture_output=True, text=True).stdout
    packages = {}
    for line in told.splitlines():
        package, _, path = line.partition(": ")
        packages[PurePosixPath(path).name] = package.partition(":")[0]
    form = "${Package} ${Version} ${Architecture}\n"
    query = ["dpkg-query", "--show", f"--showformat={form}", *sorted(set(packages.values()))]
    shown = subprocess.run(query, capture_output=True, text=True).stdout if packages else ""
    versions = {line.split()[0]: line.split()[1:] for line in shown.splitlines()}
    system = platform.freedesktop_os_release().get("ID", "debian")
    for name, part in wanted.items():
        package = packages.get(name, "")
        if package in versions:
            version, processor = versions[package]
            part.version = part.version or version
            part.package_url = f"pkg:deb/{system}/{package}@{quote(version)}?arch={processor}"
            words = Path("/usr/share/doc") / package / "copyright"
            part.texts += [words] if words.is_file() and words not in part.texts else []

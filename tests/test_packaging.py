"""The project as it is shipped: nothing missing, nothing undeclared, nothing that may not be shipped."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import pin
import setup
import tessdata
from assistant import __version__
from frozen import trim
from licences import check
from tests.architecture import imports, modules

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONSTRAINTS = (ROOT / "packaging" / "constraints.txt").read_text()


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(requirement).name) for requirement in requirements}


def pinned() -> set[str]:
    return names([line for line in CONSTRAINTS.splitlines() if line and not line.startswith("#")])


# --- what is declared ---------------------------------------------------------------------------------


def test_every_package_is_shipped() -> None:
    folders = {
        ".".join(p.parent.relative_to(ROOT).parts)
        for t in ("assistant", "ui")
        for p in (ROOT / t).rglob("*.py")
    }
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == folders | {"assistant.resources"}


def test_every_imported_library_is_declared() -> None:
    project = PROJECT["project"]
    optional = project["optional-dependencies"]
    declared = names([*project["dependencies"], *optional["video"], *optional["speakers"]])
    provides = metadata.packages_distributions()
    undeclared = []
    for item in imports(modules()):
        if item.top in sys.stdlib_module_names or item.top in ("assistant", "ui"):
            continue
        sources = {canonicalize_name(name) for name in provides.get(item.top, [item.top])}
        if not sources & declared:
            undeclared.append(f"{item} of {', '.join(sources)}")
    assert undeclared == []


def test_everything_declared_is_pinned() -> None:
    wanted = [*PROJECT["project"]["dependencies"]]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        wanted += extra
    assert names(wanted) <= pinned()


def test_pins_are_versions_without_build_tags_paths_or_hosts() -> None:
    for line in CONSTRAINTS.splitlines():
        assert line.startswith("#") or re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line), line


def test_what_is_installed_is_what_is_pinned() -> None:
    """Other systems and other builds of torch bring more libraries; those that are pinned must agree."""
    installed = pin.installed("dev")
    pins = dict(line.split("==") for line in CONSTRAINTS.splitlines() if line and not line.startswith("#"))
    assert {name: version for name, version in installed.items() if pins.get(name, version) != version} == {}


# --- what may be shipped ------------------------------------------------------------------------------

MAY_BE_SHIPPED = re.compile(
    r"\bMIT\b|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|Unlicense|CC0|Zlib|HPND|0BSD|NCSA",
    re.IGNORECASE,
)
QT = {"pyside6-essentials", "pyside6-addons", "shiboken6"}
"""LGPL: loaded as separate libraries, which may be replaced."""


def licence(name: str) -> str:
    about = metadata.metadata(name)
    told = [field[:200] for key in ("License-Expression", "License") for field in about.get_all(key) or []]
    told += [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    return " | ".join(told)


def test_no_library_forbids_shipping_beside_mit_code() -> None:
    shipped = pin.installed()
    looked_at = (set(shipped) & pinned()) - QT
    refused = {name: licence(name) for name in looked_at if not MAY_BE_SHIPPED.search(licence(name))}
    assert refused == {}


def test_only_what_is_left_out_of_installers_holds_libraries_under_the_gpl() -> None:
    """By the files inside each wheel: metadata speaks of its own code alone."""
    shipped = pin.installed()
    holding = {
        name
        for name in shipped
        if check.gpl_files(str(file) for file in metadata.distribution(name).files or ())
    }
    assert holding == {*check.NOT_SHIPPED, *check.REPLACED, *check.PARTLY_SHIPPED}


def test_libraries_under_the_gpl_are_told_by_their_names() -> None:
    gpl = ["av.libs/libx264-d6533a8d.so.165", "lib/libx265.dylib", "x264-164.dll", "libpostproc.so.57"]
    gpl += ["tesserocr.libs/libjbig-2504a0c3.so.2.1"]
    free = ["libavcodec.so.61", "libgslice.so", "x264.py", "libvpx.so.9", "poppler.txt"]
    assert check.gpl_files([*gpl, *free]) == sorted(gpl)


@pytest.mark.skipif(shutil.which("cc") is None or sys.platform != "linux", reason="nothing compiles it")
def test_tesseract_works_without_jbig(tmp_path: Path) -> None:
    """As in the frozen program, where nothing under the GPL may be."""
    packages = Path(str(metadata.distribution("tesserocr").locate_file("")))
    for name in ("tesserocr", "tesserocr.libs"):
        shutil.copytree(packages / name, tmp_path / name)
    (jbig,) = (tmp_path / "tesserocr.libs").glob("libjbig*")
    jbig.unlink()
    trim.make_no_jbig(jbig)
    ask = "import tesserocr; print(tesserocr.__file__, tesserocr.tesseract_version())"
    told = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.startswith(str(tmp_path))
    assert "tesseract" in told.stdout


# --- the wheel ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built from a copy so that nothing is left in the checkout."""
    source = tmp_path_factory.mktemp("source")
    for name in ("assistant", "ui", "resources"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    out = tmp_path_factory.mktemp("wheel")
    build = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, out], cwd=source, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_the_packages_and_the_resources(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    for top in ("assistant", "ui", "resources"):
        for path in (ROOT / top).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                name = path.relative_to(ROOT).as_posix()
                assert (f"assistant/{name}" if top == "resources" else name) in held
    strangers = {name for name in held if name.split("/")[0] not in ("assistant", "ui")}
    assert all(name.startswith(f"offline_assistant-{__version__}.dist-info/") for name in strangers)


def test_an_installed_wheel_finds_its_resources(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    ask = "import json; from assistant import paths as p; print(json.dumps([p.__file__, str(p.resources())]))"
    told = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    )
    file, resources = json.loads(told.stdout)
    assert Path(file).is_relative_to(tmp_path)
    assert Path(resources) == tmp_path / "site" / "assistant" / "resources"
    assert any((Path(resources) / "handbook").glob("*.md"))


# --- the set-up script --------------------------------------------------------------------------------


def test_without_the_right_to_install_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "missing_packages", lambda purpose: ["libegl1", "libpulse0"])
    monkeypatch.setattr(shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sys, "platform", "linux")
    command = "sudo apt-get install --no-install-recommends libegl1 libpulse0"
    with pytest.raises(setup.Stop, match=command):
        setup.provide_system_packages("dev")
    monkeypatch.setenv("DISPLAY", ":0")
    with pytest.raises(setup.Stop, match=command):
        setup.provide_system_packages("run")
    # Without a display the command line works as it is; the window's libraries can come later.
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert setup.provide_system_packages("run") is False
    monkeypatch.setattr(setup, "missing_packages", lambda purpose: ["g++"])
    with pytest.raises(setup.Stop, match=re.escape("g++")):
        setup.provide_system_packages("run")


# --- the language files of Tesseract ------------------------------------------------------------------


LANGUAGE_FILES = {f"{language}.traineddata" for language in tessdata.LANGUAGES}


def bring_language_files(target: Path, cache: Path, programs: Path) -> str:
    """What the script says; it knows no programs but those in a folder."""
    told = subprocess.run(
        [sys.executable, tessdata.__file__, target],
        env={"XDG_CACHE_HOME": str(cache), "PATH": str(programs)},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout


def test_language_files_that_cannot_be_had_are_named(tmp_path: Path) -> None:
    cache = tmp_path / "offline-assistant" / "tessdata"
    cache.mkdir(parents=True)
    for name in LANGUAGE_FILES - {"tha.traineddata"}:
        (cache / name).write_text(name)
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "deu.traineddata").write_text("brought by the person")
    told = bring_language_files(tmp_path / "target", tmp_path, tmp_path / "nothing")
    here = {path.name for path in (tmp_path / "target").iterdir()}
    assert here >= LANGUAGE_FILES - {"tha.traineddata"}
    assert "tha.traineddata" in here or "not be recognised: tha\n" in told  # here: Tesseract is installed
    assert (tmp_path / "target" / "deu.traineddata").read_text() == "brought by the person"


@pytest.mark.skipif(os.name == "nt", reason="apt is Debian's")
def test_language_files_are_fetched_with_apt_by_lists_of_their_own(tmp_path: Path) -> None:
    """Without root, on a system whose lists are missing; and kept for the next checkout."""
    programs = tmp_path / "programs"
    programs.mkdir()
    apt = """#!/bin/sh
    case "$*" in
        *Lists=*update) /bin/touch lists/known ;;
        *download*) [ -e lists/known ] || exit 100
            for word; do case $word in tesseract-ocr-*) echo > "$word.deb" ;; esac; done ;;
    esac"""
    dpkg = """#!/bin/sh
    name=${2##*/tesseract-ocr-} && name=$(echo "${name%.deb}" | /bin/sed s/-/_/)
    /bin/mkdir -p "$3/usr/share/tesseract-ocr/5/tessdata" "$3/usr/share/doc/$name"
    echo "$name" > "$3/usr/share/tesseract-ocr/5/tessdata/$name.traineddata"
    echo Apache > "$3/usr/share/doc/$name/copyright"
    """
    for name, script in (("apt-get", apt), ("dpkg-deb", dpkg)):
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    bring_language_files(tmp_path / "target", tmp_path / "cache", programs)
    kept = tmp_path / "cache" / "offline-assistant" / "tessdata"
    for folder in (tmp_path / "target", kept):
        assert {path.name for path in folder.iterdir()} == LANGUAGE_FILES | {"copyright"}

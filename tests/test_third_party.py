"""What is said of the parts of others in a built program, its size, and the systems that it runs on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from frozen import elf, size_report
from licences import check, third_party

RESOURCES = Path(__file__).resolve().parent.parent / "resources"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small program of real parts: two Python libraries, one of them with libraries inside, and icons."""
    folder = tmp_path_factory.mktemp("program")
    inner = folder / "_internal"
    for name in ("pi-heif", "xlrd"):
        for file in metadata.distribution(name).files or ():
            if ".." not in file.parts and "__pycache__" not in file.parts:
                (inner / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(file.locate()), inner / file)
    # Its name alone: PyInstaller copies metadata of libraries whose code it leaves out, if it is told to.
    shutil.copytree(
        str(metadata.distribution("tomli-w").locate_file(dist_info("tomli-w"))), inner / dist_info("tomli-w")
    )
    shutil.copytree(RESOURCES / "icons", inner / "resources" / "icons")
    third_party.write(folder)
    return folder


def dist_info(name: str) -> str:
    files = metadata.distribution(name).files or []
    return next(file.parts[0] for file in files if file.name == "METADATA")


def test_the_page_names_what_travels_and_nothing_else(folder: Path) -> None:
    page = (folder / "THIRD_PARTY.md").read_text(encoding="utf-8")
    for name in ("pi-heif", "xlrd", "libheif", "libde265", "Phosphor Icons"):
        assert f"\n| {name} | " in page
    for name in ("tomli-w", "numpy", "Qt", "Python", "offline-assistant"):
        assert f"\n| {name} | " not in page
    assert f"| xlrd | {metadata.version('xlrd')} | " in page


def test_the_page_says_which_libraries_may_be_exchanged(folder: Path) -> None:
    page = (folder / "THIRD_PARTY.md").read_text(encoding="utf-8")
    table = page.partition("## Libraries that you may exchange")[2].partition("\n## ")[0]
    assert "| libheif |  | `_internal/pi_heif.libs` | https://" in table
    assert "xlrd" not in table
    assert "Nothing checks or prevents it" in table


def test_the_words_of_the_licences_lie_beside_it(folder: Path) -> None:
    texts = folder / "licences"
    assert "Redistribution and use" in (texts / "xlrd" / "LICENSE").read_text()
    assert "LESSER GENERAL PUBLIC LICENSE" in (texts / "libheif" / "LGPL-3.0.txt").read_text()
    assert (texts / "libheif" / "GPL-3.0.txt").is_file()
    assert (texts / "Phosphor-Icons" / "LICENSE").is_file()
    assert not (texts / "tomli-w").exists()


def test_the_bill_of_materials_names_every_part_once_with_checksums_of_libraries(folder: Path) -> None:
    bill = json.loads((folder / "bom.cdx.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    parts = {part["name"]: part for part in bill["components"]}
    assert parts.keys() == {"pi-heif", "xlrd", "libheif", "libde265", "Phosphor Icons"}
    assert parts["xlrd"]["purl"] == f"pkg:pypi/xlrd@{metadata.version('xlrd')}"
    assert parts["libheif"]["licenses"] == [{"expression": "LGPL-3.0-or-later"}]
    (library,) = parts["libheif"]["components"]
    assert (folder / library["name"]).is_file()
    assert [len(told["content"]) for told in library["hashes"]] == [64]
    refs = sorted(part["bom-ref"] for part in bill["components"])
    assert bill["dependencies"] == [{"ref": "offline-assistant", "dependsOn": refs}]


def test_written_again_it_is_the_same(folder: Path) -> None:
    written = [folder / "THIRD_PARTY.md", folder / "bom.cdx.json"]
    before = [path.read_bytes() for path in written]
    texts = sorted(path.relative_to(folder) for path in (folder / "licences").rglob("*"))
    third_party.write(folder)
    assert [path.read_bytes() for path in written] == before
    assert sorted(path.relative_to(folder) for path in (folder / "licences").rglob("*")) == texts


def test_what_it_writes_passes_the_check_of_licences(folder: Path) -> None:
    assert check.violations(folder) == []


# --- sizes and systems -------------------------------------------------------------------------------------


def test_sizes_are_summed_by_part(tmp_path: Path) -> None:
    for name, size in {
        "_internal/numpy/core.so": 3,
        "_internal/numpy.libs/libopenblas.so": 4,
        "_internal/resources/embedder/model.bin": 5,
        "_internal/libz.so.1": 6,
        "offline-assistant": 7,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(bytes(size))
    (tmp_path / "_internal/libcopy.so").symlink_to("libz.so.1")
    sizes = size_report.file_sizes(tmp_path)
    assert sum(sizes.values()) == 25
    parts = size_report.part_sizes(sizes)
    assert (parts["numpy"], parts["resources/embedder"]) == (7, 5)
    assert "28.0%  numpy" in size_report.text(tmp_path)


@pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("readelf") is None, reason="nothing to compare with"
)
def test_versions_of_symbols_are_those_that_readelf_shows() -> None:
    import PySide6.QtCore

    for path in (Path(sys.executable), Path(PySide6.QtCore.__file__)):
        shown = subprocess.run(
            ["readelf", "--version-info", path], capture_output=True, text=True, check=True
        )
        needs = shown.stdout.partition(".gnu.version_r")[2]
        names = [word for word in needs.split() if word.startswith("GLIBC_2")]
        highest = max(tuple(int(number) for number in name[6:].split(".")) for name in names)
        assert elf.needed_versions(path.resolve())["GLIBC"] == highest


def test_files_that_are_no_library_or_a_damaged_one_need_nothing(tmp_path: Path) -> None:
    for content in (b"", b"words", b"\x7fELF\x02\x01", b"\x7fELF\x02\x01" + b"\xff" * 200):
        (tmp_path / "file").write_bytes(content)
        assert elf.needed_versions(tmp_path / "file") == {}


def test_the_oldest_systems_are_those_with_this_glibc_or_a_newer_one() -> None:
    assert size_report.oldest_systems((2, 35)) == "Debian 12, Ubuntu 22.04, Fedora 36, RHEL 10"
    assert size_report.oldest_systems((2, 28)).startswith("Debian 10, Ubuntu 20.04, Fedora 29, RHEL 8")
    assert size_report.oldest_systems((9, 9)) == "newer than those known here"

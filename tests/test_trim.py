"""What is taken out of the frozen folder, on libraries that are made here."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from frozen import trim

pytestmark = pytest.mark.skipif(
    shutil.which("cc") is None or sys.platform != "linux", reason="nothing compiles libraries"
)


def library(path: Path, source: str, *linked: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    where = [f"-L{each.parent}" for each in linked] + [f"-l:{each.name}" for each in linked]
    soname = f"-Wl,-soname,{path.name}"
    command = ["cc", "-shared", "-fPIC", "-g", soname, "-o", path, "-xc", "-", *where]
    subprocess.run(command, input=source, text=True, check=True)
    return path


def test_an_unused_library_is_hollowed_out_and_what_only_it_needs_goes(tmp_path: Path) -> None:
    inside = tmp_path / "_internal"
    libraries = inside / "opencv_python_headless.libs"
    aom = library(libraries / "libaom-1a.so.3", "int aom(void) { return 3; }")
    avif = library(
        libraries / "libavif-2b.so.16", "int aom(void); int avif(void) { return aom(); } int more;", aom
    )
    user = library(
        inside / "cv2" / "cv2.abi3.so", "int avif(void); int user(void) { return 5 + avif(); }", avif
    )
    trim.trim(tmp_path)
    assert not aom.exists()
    ctypes.CDLL(str(avif))
    assert ctypes.CDLL(str(user)).user() == 5


def test_debuggers_names_go_and_copies_become_links(tmp_path: Path) -> None:
    folder = tmp_path / "_internal" / "llama_cpp" / "lib"
    first = library(folder / "libggml.so.0", "int three(void) { return 3; }")
    again = Path(shutil.copy(first, folder / "libggml.so"))
    elsewhere = Path(shutil.copy(first, tmp_path / "_internal"))
    library(
        tmp_path / "_internal" / "user.abi3.so",
        "int three(void); int six(void) { return 2 * three(); }",
        first,
    )
    before = first.stat().st_size
    trim.trim(tmp_path)
    assert again.samefile(first)
    assert sum(not path.is_symlink() for path in (first, again, elsewhere)) == 1
    assert elsewhere.samefile(first)
    assert first.stat().st_size < before
    assert ctypes.CDLL(str(first)).three() == 3

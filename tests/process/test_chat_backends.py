"""The portable build of the chat engine: which of its libraries compute, and where they may come from.

It is the one in `build/portable`: `python packaging/llama_wheel.py portable` makes it, and `make installer`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PORTABLE = ROOT / "build" / "portable"
LIBRARIES = PORTABLE / "llama_cpp" / "lib"
GROUNDED = ROOT / "tests" / "made_models" / "grounded" / "grounded.gguf"

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the libraries have other names there"),
    pytest.mark.skipif(
        not list(LIBRARIES.glob("libggml-cpu-*.so")),
        reason="no portable build: python packaging/llama_wheel.py portable",
    ),
]

LOAD = """
import llama_cpp.llama_cpp as lib
from assistant.chat.llama.ggml import CPU, Ggml, load_backends
from assistant.errors import AssistantError
try:
    load_backends(lib)
except AssistantError as error:
    raise SystemExit(error.message)
lib.llama_backend_init()
ggml = Ggml(lib)
print(*(name for name, _ in ggml.features(ggml.backend_dev_by_type(CPU))))
"""
BARE = "import llama_cpp.llama_cpp as lib; lib.llama_backend_init()"
"""What llama.cpp does by itself."""

STRANGER = """
#include <stdio.h>
__attribute__((constructor)) static void run(void) {
    FILE *mark = fopen("was-run", "w");
    if (mark) fclose(mark);
}
int ggml_backend_score(void) { return 0; }
"""


def run(arguments: list[str], folder: Path, libraries: Path = LIBRARIES) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": f"{PORTABLE}{os.pathsep}{ROOT}",
        "LLAMA_CPP_LIB_PATH": str(libraries),
        "OFFLINE_ASSISTANT_HOME": str(folder / "home"),
    }
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def libraries_for(folder: Path, *processors: str) -> Path:
    """All libraries, but of those that compute only some."""
    folder.mkdir()
    for library in LIBRARIES.iterdir():
        processor = library.stem.partition("ggml-cpu-")[2]
        if library.is_file() and (not processor or processor in processors):
            (folder / library.name).symlink_to(library)
    return folder


def test_a_library_in_the_working_directory_is_not_run(tmp_path: Path) -> None:
    if shutil.which("cc") is None:
        pytest.skip("no compiler")
    (tmp_path / "stranger.c").write_text(STRANGER)
    stranger = tmp_path / "libggml-cpu-stranger.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", stranger, tmp_path / "stranger.c"], check=True)
    done = run(["-c", LOAD], tmp_path)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "was-run").exists()
    run(["-c", BARE], tmp_path)
    assert (tmp_path / "was-run").exists(), "then this test shows nothing"


def test_the_best_for_this_processor_computes(tmp_path: Path) -> None:
    done = run(["-c", LOAD], tmp_path)
    assert done.returncode == 0, done.stderr
    cpuinfo = Path("/proc/cpuinfo").read_text()
    for flag, name in (("avx2", "AVX2"), ("fma", "FMA"), ("avx512f", "AVX512")):
        assert (name in done.stdout.split()) == (f" {flag} " in cpuinfo)


def test_an_old_processor_chats(tmp_path: Path) -> None:
    """As one without any of the newer instructions would, by what is left for it."""
    libraries = libraries_for(tmp_path / "lib", "x64")
    used = run(["-c", LOAD], tmp_path, libraries).stdout.split()
    assert used
    assert not {"SSE3", "AVX", "AVX2", "FMA"} & set(used)
    said = run(
        ["-m", "assistant", "chat", "How deep is the well?", "--model", str(GROUNDED)], tmp_path, libraries
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip()


def test_a_processor_that_nothing_is_for_is_told_in_words(tmp_path: Path) -> None:
    libraries = libraries_for(tmp_path / "lib")
    assert "processor" in run(["-c", LOAD], tmp_path, libraries).stderr
    said = run(["-m", "assistant", "chat", "Hello", "--model", str(GROUNDED)], tmp_path, libraries)
    assert said.returncode == 1
    assert "The chat engine has no part that runs on this computer's processor" in said.stderr
    assert "Traceback" not in said.stderr

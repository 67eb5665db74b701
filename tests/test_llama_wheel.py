"""llama-cpp-python's wheel: which one is taken, what its build says meanwhile, what a killed one leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

import llama_wheel
import long_work

ROOT = Path(__file__).resolve().parent.parent

NATIVE, PORTABLE = llama_wheel.NATIVE, llama_wheel.PORTABLE
VERSION = llama_wheel.pinned("llama-cpp-python")
SYSTEM = llama_wheel.re.sub(r"[-.]", "_", llama_wheel.sysconfig.get_platform())
NAME = f"llama_cpp_python-{VERSION}-py3-none-{SYSTEM}.whl"


@pytest.fixture(autouse=True)
def nothing_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    monkeypatch.setattr(llama_wheel, "ROOT", tmp_path / "checkout")
    monkeypatch.delenv("CMAKE_ARGS", raising=False)
    monkeypatch.delenv(llama_wheel.FOLDER_VARIABLE, raising=False)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheels of these tests hold no libraries that could be loaded."""
    monkeypatch.setattr(llama_wheel, "does_not_load", lambda wheel: "")


def made(folder: Path, *libraries: str, name: str = NAME) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as archive:
        for library in libraries:
            archive.writestr(f"llama_cpp/lib/{library}", "")
    return folder / name


def portable(folder: Path) -> Path:
    return made(folder, "libllama.so", "libggml-cpu-haswell.so", "libggml-cpu-x64.so")


# --- one that was built here --------------------------------------------------------------------------


def test_a_built_wheel_is_found_again_by_its_kind() -> None:
    assert llama_wheel.find(NATIVE) is llama_wheel.find(PORTABLE) is None
    native = made(llama_wheel.own_folders(NATIVE)[0], "libllama.so")
    assert (llama_wheel.find(NATIVE), llama_wheel.find(PORTABLE)) == (native, None)


def test_a_portable_wheel_serves_where_there_is_no_native_one() -> None:
    built = portable(llama_wheel.own_folders(PORTABLE)[0])
    assert llama_wheel.find(NATIVE) == llama_wheel.find(PORTABLE) == built
    native = made(llama_wheel.own_folders(NATIVE)[0], "libllama.so")
    assert (llama_wheel.find(NATIVE), llama_wheel.find(PORTABLE)) == (native, built)


def test_a_wheel_built_with_other_options_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    portable(llama_wheel.own_folders(PORTABLE)[0])
    made(llama_wheel.own_folders(NATIVE)[0], "libllama.so")
    monkeypatch.setenv("CMAKE_ARGS", "-DGGML_VULKAN=on")
    assert llama_wheel.find(NATIVE) is llama_wheel.find(PORTABLE) is None


def test_another_processor_has_another_native_wheel_and_the_same_portable_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = llama_wheel.key(NATIVE), llama_wheel.key(PORTABLE)
    monkeypatch.setattr(llama_wheel, "instructions", lambda: "sse sse2")
    assert llama_wheel.key(NATIVE) != before[0]
    assert llama_wheel.key(PORTABLE) == before[1]


# --- one that was brought -----------------------------------------------------------------------------


@pytest.fixture
def brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the variable names."""
    folder = tmp_path / "brought"
    folder.mkdir()
    monkeypatch.setenv(llama_wheel.FOLDER_VARIABLE, str(folder))
    return folder


@pytest.mark.usefixtures("loads")
def test_a_portable_wheel_that_was_brought_is_taken(brought: Path) -> None:
    wheel = portable(brought)
    assert llama_wheel.find(NATIVE) == llama_wheel.find(PORTABLE) == wheel


@pytest.mark.usefixtures("loads")
def test_a_native_wheel_that_was_brought_is_taken_only_from_the_same_processor(brought: Path) -> None:
    said: list[str] = []
    loose = made(brought, "libllama.so", "libggml-cpu.so")
    assert llama_wheel.find(NATIVE, said.append) is None
    why = "it may need instructions that this processor does not have"
    assert said == [f"{loose.name} in {brought} is passed over: {why}"]
    kept = made(brought / llama_wheel.key(NATIVE), "libllama.so", "libggml-cpu.so")
    assert llama_wheel.find(NATIVE, said.append) == kept
    assert llama_wheel.find(PORTABLE, said.append) is None


@pytest.mark.usefixtures("loads")
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("llama_cpp_python-0.0.1-py3-none-any.whl", "version 0.0.1"),
        (f"llama_cpp_python-{VERSION}-cp38-cp38-{SYSTEM}.whl", "another Python"),
        (f"llama_cpp_python-{VERSION}-py3-none-plan9_mips.whl", "another system"),
        ("llama_cpp_python-new.whl", "not that of a wheel"),
    ],
)
def test_what_does_not_fit_is_passed_over_with_a_word(brought: Path, name: str, why: str) -> None:
    made(brought, "libggml-cpu-x64.so", name=name)
    said: list[str] = []
    assert llama_wheel.find(PORTABLE, said.append) is None
    assert len(said) == 1
    assert why in said[0]


def test_what_is_damaged_or_does_not_load_is_passed_over(brought: Path) -> None:
    wheel = portable(brought)
    assert "libllama.so" in llama_wheel.unfit(wheel, PORTABLE)  # an empty file
    wheel.write_bytes(wheel.read_bytes()[:40])
    assert "damaged" in llama_wheel.unfit(wheel, PORTABLE)


def test_a_folder_that_is_not_there_is_said(brought: Path) -> None:
    brought.rmdir()
    with pytest.raises(long_work.Stop, match=llama_wheel.FOLDER_VARIABLE):
        llama_wheel.find(NATIVE)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other tags")
def test_a_wheel_for_an_older_system_fits_and_one_for_a_newer_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(llama_wheel.platform, "libc_ver", lambda: ("glibc", "2.36"))
    monkeypatch.setattr(llama_wheel.sysconfig, "get_platform", lambda: "linux-x86_64")
    fits = llama_wheel.fits_system
    assert fits("linux_x86_64")
    assert fits("manylinux2014_x86_64")
    assert fits("manylinux_2_36_x86_64")
    assert not fits("manylinux_2_39_x86_64")
    assert not fits("manylinux_2_17_aarch64")
    assert not fits("musllinux_1_2_x86_64")
    assert not fits("win_amd64")
    monkeypatch.setattr(llama_wheel.platform, "mac_ver", lambda: ("14.5", ("", "", ""), "arm64"))
    monkeypatch.setattr(llama_wheel.sysconfig, "get_platform", lambda: "macosx-14.0-arm64")
    assert fits("macosx_11_0_arm64")
    assert fits("macosx_11_0_universal2")
    assert not fits("macosx_15_0_arm64")
    assert not fits("macosx_11_0_x86_64")


# --- building -----------------------------------------------------------------------------------------


def test_the_progress_of_the_build_is_read_from_its_record() -> None:
    now = 100.0
    progress = llama_wheel.CompileProgress(lambda: now)
    assert "fetching" in progress(b"Collecting llama-cpp-python\n")
    record = b"  [1/193] /usr/bin/g++ -o a\n  [9/193] /usr/bin/g++ -o b\n  warning: [no] matter\n"
    assert progress(record) == "compile step 9 of 193"
    now += 240
    assert progress(b"  [120/193] /usr/bin/g++ -o b\n") == "compile step 120 of 193, about 2 min left"
    now += 60
    assert progress(b"  [190/193] /usr/bin/g++\n") == "compile step 190 of 193, less than a minute left"


@pytest.mark.parametrize(
    ("done", "total", "seconds", "said"),
    [
        (1, 193, 3.0, ""),  # three seconds tell nothing about ten minutes
        (8, 193, 30.0, ""),
        (50, 193, 5.0, ""),  # out of a cache, perhaps
        (50, 200, 120.0, "about 6 min left"),
        (100, 200, 50.0, "about 1 min left"),
        (190, 200, 300.0, "less than a minute left"),
        (200, 200, 300.0, ""),
    ],
)
def test_time_left_is_said_when_it_is_known(done: int, total: int, seconds: float, said: str) -> None:
    assert long_work.time_left(done, total, seconds) == said


def test_what_a_killed_build_left_is_told_from_one_that_goes_on(tmp_path: Path) -> None:
    record = tmp_path / "building-x" / "build" / ".ninja_log"
    record.parent.mkdir(parents=True)
    record.touch()
    assert not llama_wheel.abandoned(tmp_path / "building-x")
    for path in (record, record.parent, tmp_path / "building-x"):
        os.utime(path, (0, time.time() - 2 * llama_wheel.ABANDONED_SECONDS))
    assert llama_wheel.abandoned(tmp_path / "building-x")
    record.touch()
    assert not llama_wheel.abandoned(tmp_path / "building-x")


def test_long_work_is_recorded_and_its_failure_is_told(tmp_path: Path) -> None:
    log = tmp_path / "log"
    long_work.run_counted([sys.executable, "-c", "print('fine')"], log, lambda record: "")
    assert log.read_text() == "fine\n"
    with pytest.raises(long_work.Stop, match="no compiler"):
        long_work.run_counted([sys.executable, "-c", "exit('no compiler')"], log, lambda record: "")


@pytest.mark.skipif(os.name != "posix", reason="signals and groups of processes")
def test_long_work_that_is_told_to_end_takes_along_what_it_started(tmp_path: Path) -> None:
    """A build is a tree of processes: none of them may go on compiling, and its folder is cleared away."""
    program = f"""
import subprocess, sys, tempfile
sys.path.insert(0, {str(ROOT / "packaging")!r})
from pathlib import Path
from long_work import run_counted
grandchild = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {{grandchild!r}}])"
with tempfile.TemporaryDirectory(dir="."):
    run_counted([sys.executable, "-c", child], Path("log"), lambda record: "")
"""
    outer = subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path)
    pid = 0
    for _ in range(200):
        time.sleep(0.05)
        told = tmp_path / "pid"
        if told.is_file() and told.read_text():
            pid = int(told.read_text())
            break
    outer.send_signal(signal.SIGTERM)
    assert outer.wait(20) == 128 + signal.SIGTERM
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or "zombie" in Path(f"/proc/{pid}/status").read_text():
            break
        time.sleep(0.05)
    else:
        pytest.fail("the grandchild goes on")
    assert {path.name for path in tmp_path.iterdir()} == {"log", "pid"}

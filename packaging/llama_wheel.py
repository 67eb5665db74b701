"""llama-cpp-python, which is published as source only: its wheel is found, or built and kept.

There are two kinds. A native one uses every instruction of the processor that it was compiled on, and crashes
on one that lacks any of them. A portable one holds the same computations compiled for one processor after the
other, each as a library of its own, and chooses when it is loaded; the installer ships that one.

    python packaging/llama_wheel.py portable

unpacks a portable one into `build/portable`, and prints that folder.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from checkout import ROOT, pinned, pip, pip_command, shared_folder
from long_work import Stop, run_counted, say, time_left

LIBRARY = "llama-cpp-python"
FOLDER_VARIABLE = "OFFLINE_ASSISTANT_WHEELS"
"""Names a folder with wheels that were built before, elsewhere."""
UNPACKED = ROOT / "build" / "portable"


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    options: tuple[str, ...] = ()
    """CMake's, beyond the usual ones."""
    minutes: int = 7
    """About so many, on two cores."""


NATIVE = Kind("native")
PORTABLE = Kind("portable", ("GGML_NATIVE=OFF", "GGML_BACKEND_DL=ON", "GGML_CPU_ALL_VARIANTS=ON"), minutes=14)

CHANGES = Path(__file__).resolve().parent / "llama"
"""What this project has to say about the build."""
OPTIONS = (
    f"CMAKE_PROJECT_llama_cpp_INCLUDE={(CHANGES / 'build.cmake').as_posix()}",
    # All libraries into the folder where the bindings look for them; as it comes, some of them lie elsewhere.
    "CMAKE_INSTALL_LIBDIR=llama_cpp/lib",
    "CMAKE_INSTALL_BINDIR=llama_cpp/lib",
    "CMAKE_INSTALL_INCLUDEDIR=llama_cpp/include",
)
"""CMake's, for every kind."""

ABANDONED_SECONDS = 3600.0
"""A build that has written nothing for so long was killed."""


def provide(kind: Kind) -> Path:
    """The wheel: found, else built."""
    wheel = find(kind)
    if wheel is not None:
        say(f"{LIBRARY} was built before: {wheel}")
        return wheel
    return build(kind)


def unpack_portable() -> Path:
    """The portable wheel's contents, in a folder to be put before all others on Python's path."""
    wheel = provide(PORTABLE)
    stamp, made_of = UNPACKED / ".made-of", f"{wheel} {wheel.stat().st_mtime_ns}"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != made_of:
        shutil.rmtree(UNPACKED, ignore_errors=True)
        pip("install", "--quiet", "--no-deps", "--no-compile", "--target", UNPACKED, wheel)
        stamp.write_text(made_of, encoding="utf-8")
    return UNPACKED


# --- a wheel that was built before -------------------------------------------------------------------------


def find(kind: Kind, tell: Callable[[str], None] = say) -> Path | None:
    """One that was built here, else one that was brought. A portable one serves as a native one, too.

    Args:
        tell: told what was brought and does not fit, and why.
    """
    own = _built_here(kind) or _brought(kind, tell)
    return own or (_built_here(PORTABLE) if kind is NATIVE and not _wishes() else None)


def _built_here(kind: Kind) -> Path | None:
    return next((wheel for folder in own_folders(kind) for wheel in _wheels(folder)), None)


def _wheels(folder: Path) -> list[Path]:
    return sorted(folder.glob("llama_cpp_python-*.whl"))


def own_folders(kind: Kind) -> list[Path]:
    """Where the built wheel may lie: outside the checkout, or in it where the first cannot be written."""
    return [shared_folder() / "wheels" / key(kind), ROOT / "build" / "wheels" / key(kind)]


def key(kind: Kind) -> str:
    """A name for all that a built wheel depends on. It fits every Python."""
    machine = f"{sys.platform}-{platform.machine().lower()}"
    suits = instructions() if kind is NATIVE else kind.name
    changes = [path.read_text(encoding="utf-8") for path in sorted(CHANGES.iterdir())]
    digest = hashlib.sha256("|".join((suits, *kind.options, *changes, *_wishes())).encode()).hexdigest()[:8]
    return f"{LIBRARY}-{pinned(LIBRARY)}-{machine}-{kind.name}-{digest}"


def instructions() -> str:
    """What a compiler may make use of on this processor; "" where the system does not say."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    wanted = re.compile(r"(s?sse|avx|fma|f16c|bmi|amx|abm|adx|movbe|popcnt|asimd|sve|sme|i8mm|bf16)")
    for line in lines:
        name, _, words = line.partition(":")
        if name.strip() in ("flags", "Features"):
            return " ".join(sorted(word for word in words.split() if wanted.match(word)))
    return ""


def _wishes() -> list[str]:
    """The person's own options: a wheel that was built without them does not do."""
    return os.environ.get("CMAKE_ARGS", "").split()


def _brought(kind: Kind, tell: Callable[[str], None]) -> Path | None:
    named = os.environ.get(FOLDER_VARIABLE)
    if not named:
        return None
    if not Path(named).is_dir():
        raise Stop(f"{FOLDER_VARIABLE} names {named}, which is no folder. Name another, or unset it.")
    for wheel in sorted(Path(named).rglob("llama_cpp_python-*.whl")):
        why_not = unfit(wheel, kind)
        if not why_not:
            return wheel
        tell(f"{wheel.name} in {wheel.parent} is passed over: {why_not}")
    return None


def unfit(wheel: Path, kind: Kind) -> str:
    """Why a wheel that was brought cannot be used; "" if it can."""
    tags = re.fullmatch(r"llama_cpp_python-([^-]+)(?:-\d[^-]*)?-([^-]+)-([^-]+)-([^-]+)\.whl", wheel.name)
    if tags is None:
        return "its name is not that of a wheel"
    if tags[1] != pinned(LIBRARY):
        return f"it is version {tags[1]}, and {pinned(LIBRARY)} is wanted"
    if not fits_python(tags[2], tags[3]):
        return "it is for another Python"
    if not any(fits_system(tag) for tag in tags[4].split(".")):
        return "it is for another system"
    try:
        with zipfile.ZipFile(wheel) as archive:
            portable = any(re.match(r"llama_cpp/lib/(lib)?ggml-cpu-", name) for name in archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return "it is damaged"
    if wheel.parent.name != key(kind):
        if _wishes():
            return "it was built without the options in CMAKE_ARGS"
        if not portable:
            return "it may need instructions that this processor does not have"
    return does_not_load(wheel)


def fits_python(python: str, abi: str) -> bool:
    own = f"cp{sys.version_info.major}{sys.version_info.minor}"
    return not {"py3", own}.isdisjoint(python.split(".")) and abi in ("none", "abi3", own)


def fits_system(tag: str) -> bool:
    """Whether a wheel's tag names this system, or an earlier one of its kind."""
    own = re.sub(r"[-.]", "_", sysconfig.get_platform())
    tag = tag.replace("manylinux2014_", "manylinux_2_17_").replace("manylinux2010_", "manylinux_2_12_")
    if tag == own:
        return True
    named = re.fullmatch(r"(manylinux|macosx)_(\d+)_(\d+)_(\w+)", tag)
    if named is None:
        return False
    family, *version, processor = named.groups()
    here = platform.libc_ver()[1] if family == "manylinux" else platform.mac_ver()[0]
    of_kind = own.startswith("linux" if family == "manylinux" else "macosx")
    newer = [int(part) for part in version] > [int(part) for part in re.findall(r"\d+", here)[:2]]
    return of_kind and not newer and (own.endswith(f"_{processor}") or processor == "universal2")


_TRIAL = """
import ctypes, pathlib, sys
folder = pathlib.Path(sys.argv[1])
def library(name):
    (found, *_) = sorted(path for end in ("so", "dylib", "dll") for path in folder.glob(f"*{name}.{end}"))
    return ctypes.CDLL(str(found))
library("llama")
ggml = library("ggml")
if not ggml.ggml_backend_dev_count():
    ggml.ggml_backend_load_all_from_path(str(folder).encode())
sys.exit(not ggml.ggml_backend_dev_count() and "no part of it is for this processor")
"""


def does_not_load(wheel: Path) -> str:
    """Tries the libraries in a process of their own. Gives why they do not load, or ""."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            with zipfile.ZipFile(wheel) as archive:
                for name in archive.namelist():
                    if re.fullmatch(r"llama_cpp/lib/[^/]+", name):
                        (Path(scratch) / Path(name).name).write_bytes(archive.read(name))
        except (OSError, zipfile.BadZipFile):
            return "it is damaged"
        command = [sys.executable, "-c", _TRIAL, scratch]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    words = done.stderr.strip().replace(f"{scratch}{os.sep}", "")
    return (words.splitlines() or ["it crashes"])[-1] if done.returncode else ""


# --- building ----------------------------------------------------------------------------------------------


def build(kind: Kind) -> Path:
    """Build the wheel and keep it. What is killed on the way leaves nothing that could be taken for one."""
    folder = next(folder for folder in own_folders(kind) if can_write(folder))
    cached = shutil.which("ccache")
    say(
        f"Building {LIBRARY} {pinned(LIBRARY)} ({kind.name}), which is published as source only. "
        f"This happens once and takes about {kind.minutes} minutes on two cores.\n"
        f"   The wheel will be kept in {folder}"
        + ("" if cached is None else "\n   What was compiled before is taken from ccache")
    )
    for left in folder.glob("building-*"):
        if abandoned(left):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="building-", ignore_cleanup_errors=True) as made:
        scratch, log = Path(made), folder / "build.log"
        fetch = ["download", "--no-deps", "--no-binary", LIBRARY, "--dest", scratch]
        run_counted(
            pip_command(*fetch, f"{LIBRARY}=={pinned(LIBRARY)}"), log, lambda record: "fetching the source"
        )
        (packed,) = scratch.glob("*.tar.gz")
        shutil.unpack_archive(packed, scratch / "unpacked")
        (source,) = (scratch / "unpacked").iterdir()
        options = [*OPTIONS, *kind.options]
        if cached is not None:
            options += [f"CMAKE_{language}_COMPILER_LAUNCHER={cached}" for language in ("C", "CXX")]
        command = ["wheel", "--verbose", "--no-deps", "--no-cache-dir", "--wheel-dir", scratch]
        command += [f"--config-settings=cmake.define.{option}" for option in options]
        command += [f"--config-settings=build-dir={(scratch / 'build').as_posix()}", source]
        # ccache knows a file again by its path, which is made relative to this folder.
        environment = {**os.environ, "CCACHE_BASEDIR": str(scratch)}
        run_counted(pip_command(*command), log, CompileProgress(), environment)
        (built,) = scratch.glob("*.whl")
        return built.replace(folder / built.name)


def can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def abandoned(scratch: Path) -> bool:
    """Whether nothing is built in the folder any more."""
    return time.time() - max(_written(scratch)) > ABANDONED_SECONDS


def _written(scratch: Path) -> Iterator[float]:
    for path in (scratch, *scratch.glob("*"), scratch / "build" / ".ninja_log"):
        try:
            yield path.stat().st_mtime
        except OSError:
            yield 0.0


class CompileProgress:
    """Says from the record of a build how far it is, and how long the rest takes at the pace so far."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._began: float | None = None

    def __call__(self, record: bytes) -> str:
        steps = re.findall(rb"^\s*\[(\d+)/(\d+)\]", record, re.MULTILINE)
        if not steps:
            return "fetching the build tools"
        now = self._now()
        if self._began is None:
            self._began = now
        done, total = (int(number) for number in steps[-1])
        left = time_left(done, total, now - self._began)
        return f"compile step {done} of {total}" + (f", {left}" if left else "")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("kind", choices=[PORTABLE.name])
    arguments.parse_args()
    try:
        print(unpack_portable())
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)

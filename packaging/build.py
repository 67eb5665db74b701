"""Builds the frozen program with PyInstaller, adds the licences, and shows that it works.

`make installer` runs it. Note that llama-cpp-python is compiled for this processor unless the set-up ran
with CMAKE_ARGS=-DGGML_NATIVE=OFF.
"""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist" / "offline-assistant"
PROGRAM = DIST / ("offline-assistant.exe" if os.name == "nt" else "offline-assistant")


def main() -> int:
    began = time.monotonic()
    spec = ROOT / "packaging" / "offline-assistant.spec"
    subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", spec],
        cwd=ROOT,
        check=True,
    )
    replaced = replace_jbig()
    refuse_gpl(but=replaced)
    add_licences()
    if sys.platform.startswith("linux"):
        shutil.copy(ROOT / "packaging" / "offline-assistant.desktop", DIST)
    size = sum(path.stat().st_size for path in DIST.rglob("*") if path.is_file() and not path.is_symlink())
    print(f"{DIST}: {size / 1e6:,.0f} MB after {time.monotonic() - began:.0f} s")
    try_out()
    return 0


def replace_jbig() -> list[Path]:
    """See no_jbig.c; gives the files that were replaced."""
    found = list({path.resolve() for path in DIST.rglob("libjbig*.so*")})
    for path in found:
        path.unlink()
        make_no_jbig(path)
    return found


def make_no_jbig(path: Path) -> None:
    """The library without what it stands for, under the name by which the others ask for it."""
    source = ROOT / "packaging" / "no_jbig.c"
    name = f"-Wl,-soname,{path.name}"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", name, "-o", path, source], check=True)


def refuse_gpl(but: list[Path]) -> None:
    """An installer with a library under the GPL may not be given away beside MIT code."""
    licences = runpy.run_path(str(ROOT / "packaging" / "licences.py"))
    there = (path for path in DIST.rglob("*") if path.resolve() not in but)
    found = licences["gpl_files"](str(path.relative_to(DIST)) for path in there)
    if found:
        raise SystemExit(f"The frozen program holds libraries under the GPL: {', '.join(found)}")


def add_licences() -> None:
    """The licence texts of every library that travels in the program, beside the program's own."""
    folder = DIST / "licences"
    language_files = ROOT / "resources" / "tessdata" / "copyright"
    if language_files.is_file():
        (folder / "tessdata").mkdir(parents=True, exist_ok=True)
        shutil.copy(language_files, folder / "tessdata")
    for name in runpy.run_path(str(ROOT / "packaging" / "pin.py"))["installed"]():
        distribution = metadata.distribution(name)
        for file in distribution.files or ():
            if file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")):
                source = Path(str(distribution.locate_file(file)))
                if source.is_file():
                    (folder / name).mkdir(parents=True, exist_ok=True)
                    shutil.copy(source, folder / name / file.name)
        about = distribution.metadata
        told = [
            field
            for key in ("License-Expression", "License", "Home-page")
            for field in about.get_all(key) or []
        ]
        told += [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
        (folder / name).mkdir(parents=True, exist_ok=True)
        text = "\n".join([f"{name} {distribution.version}", *told])
        (folder / name / "about.txt").write_text(f"{text}\n", encoding="utf-8")


def try_out() -> None:
    """A question about the handbook, in a home of its own: processes, model, index and guard in one go."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "OFFLINE_ASSISTANT_HOME": home, "QT_QPA_PLATFORM": "offscreen"}

        def ask(*arguments: str) -> dict[str, object]:
            began = time.monotonic()
            done = subprocess.run(
                [PROGRAM, *arguments, "--json"], env=environment, capture_output=True, text=True, timeout=300
            )
            if done.returncode:
                raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
            print(f"{' '.join(arguments)}: {time.monotonic() - began:.1f} s")
            answer: dict[str, object] = json.loads(done.stdout)
            return answer

        report = ask("doctor")
        missing = [engine for engine in report["engines"] if None in engine["libraries"].values()]  # type: ignore[attr-defined]
        if missing:
            raise SystemExit(f"Libraries are missing in the frozen program: {missing}")
        answer = ask("ask", "Does anything leave my computer?", "--collection", "Handbook")
        if not answer["citations"]:
            raise SystemExit("The frozen program found nothing in its own handbook.")
        print(f"The frozen program answers: {answer['answer']}")


if __name__ == "__main__":
    sys.exit(main())

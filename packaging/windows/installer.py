"""Packs the frozen folder for Windows with Inno Setup 6, whose compiler (ISCC) must be on the path or in its
usual folder. Nobody who wrote this had a Windows at hand: it was never run.

`SIGN_COMMAND`, if it is set, signs a file whose name stands for `$f` in it, as Inno Setup has it:
`signtool sign /a /fd sha256 /tr http://timestamp.example.org /td sha256 $f`
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import icons
from assistant.documents.formats.detection import SUFFIXES
from assistant.speech.records import RECORDING_SUFFIXES
from checkout import ROOT, version
from long_work import Stop

SCRIPT = Path(__file__).with_name("offline-assistant.iss")
SIGN_COMMAND = "SIGN_COMMAND"
MODELS = (".gguf", ".argosmodel")
KEY = r"Software\Classes\Applications\offline-assistant-window.exe\SupportedTypes"


def write(folder: Path) -> Path:
    """The installer, beside the folder.

    Raises:
        Stop: Inno Setup is missing.
    """
    compiler = _compiler()
    made = folder.parent / f"offline-assistant-{version()}-windows-x64.exe"
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        icon, types = scratch / "offline-assistant.ico", scratch / "types.iss"
        icons.write_for_system(icon)
        # Inno Setup takes a file for UTF-8 if it begins with a mark.
        types.write_text(supported_types(), encoding="utf-8-sig")
        handed_in = {
            "VERSION": version(),
            "ROOT": ROOT,
            "PROGRAM": folder,
            "OUTPUT": folder.parent,
            "ICON": icon,
            "SUPPORTED_TYPES": types,
        }
        command: list[str | Path] = [compiler, "/Qp"]
        command += [f"/D{word}={value}" for word, value in handed_in.items()]
        if sign := os.environ.get(SIGN_COMMAND):
            command += ["/DSIGNED", f"/Sown={sign}"]
        subprocess.run([*command, SCRIPT], check=True)
    return made


def supported_types() -> str:
    """A line for each kind of file that the window takes."""
    lines = [
        f'Root: HKA; Subkey: "{KEY}"; ValueType: string; ValueName: "{suffix}"; ValueData: ""'
        for suffix in sorted({*SUFFIXES, *RECORDING_SUFFIXES, *MODELS})
    ]
    return "\n".join(lines) + "\n"


def _compiler() -> str:
    usual = (("PROGRAMFILES(X86)", "Inno Setup 6"), ("LOCALAPPDATA", "Programs/Inno Setup 6"))
    places = [Path(os.environ.get(variable, "")) / folder for variable, folder in usual]
    found = shutil.which("ISCC", path=os.pathsep.join([os.environ.get("PATH", ""), *map(str, places)]))
    if found is None:
        raise Stop(
            "Inno Setup 6 (jrsoftware.org) is missing, which makes the installer. Install it, try again."
        )
    return found

"""Packs the application for macOS as a disk image. Nobody who wrote this had a Mac at hand: it was never run.

`SIGN_IDENTITY` names a certificate (“Developer ID Application: …”) with which PyInstaller signs what it puts
together; without it the program is signed for nobody, and macOS asks each person before it opens it the first
time. `NOTARY_PROFILE` names the credentials that `xcrun notarytool store-credentials` keeps.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

from checkout import version
from long_work import say
from macos.bundle import NAME

ENTITLEMENTS = Path(__file__).with_name("entitlements.plist")
"""The microphone, for dictation; and memory that is written and run, for functions of Python that libraries
call (ctypes). Other people's libraries need not be allowed: all are signed by whoever signs the program. The
file has no comments, for macOS reads none there.
"""
IDENTITY, PROFILE = "SIGN_IDENTITY", "NOTARY_PROFILE"
SAID_OF_OTHERS = ("THIRD_PARTY.md", "bom.cdx.json", "licences")


def write(folder: Path) -> Path:
    """The disk image, beside the folder and the application that PyInstaller made of it."""
    application = folder.parent / NAME
    image = folder.parent / f"offline-assistant-{version()}-macos-{platform.machine()}.dmg"
    _lay_down_licences(folder, application)
    _seal(application)
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(application, Path(scratch) / NAME, symlinks=True)
        (Path(scratch) / "Applications").symlink_to("/Applications")
        command: list[str | Path] = ["hdiutil", "create", "-ov", "-volname", "Offline Assistant"]
        subprocess.run([*command, "-format", "ULMO", "-srcfolder", scratch, image], check=True)
    if profile := os.environ.get(PROFILE):
        _notarise(image, profile)
    return image


def _lay_down_licences(folder: Path, application: Path) -> None:
    for name in SAID_OF_OTHERS:
        source, target = folder / name, application / "Contents" / "Resources" / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copy(source, target)


def _seal(application: Path) -> None:
    """Once more, after the last file was put in; what is inside is signed already."""
    identity = os.environ.get(IDENTITY, "")
    command: list[str | Path] = ["codesign", "--force", "--sign", identity or "-"]
    command += ["--entitlements", ENTITLEMENTS]
    if identity:
        command += ["--options", "runtime", "--timestamp"]
    else:
        say(f"{IDENTITY} names no certificate: the program is signed for nobody")
    subprocess.run([*command, application], check=True)
    subprocess.run(["codesign", "--verify", "--deep", "--strict", application], check=True)


def _notarise(image: Path, profile: str) -> None:
    submit = ["xcrun", "notarytool", "submit", image, "--keychain-profile", profile, "--wait"]
    subprocess.run(submit, check=True)
    subprocess.run(["xcrun", "stapler", "staple", image], check=True)

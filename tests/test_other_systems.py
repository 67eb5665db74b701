"""What is packed for Windows and macOS, as far as it can be looked at on any system."""

from __future__ import annotations

import plistlib
import re
import sys
from pathlib import Path

import pytest
import yaml
from PIL import Image
from PySide6.QtGui import QGuiApplication

import build
import icons
from assistant import __version__
from macos import bundle, disk_image
from windows import installer, version_resource

ROOT = Path(__file__).resolve().parent.parent


def test_windows_shows_the_version_of_the_program() -> None:
    numbers = [int(number) for number in __version__.split(".")]
    four = str(tuple([*numbers, 0, 0][:4]))
    told = version_resource.text()
    assert f"filevers={four}, prodvers={four}" in told
    assert f'StringStruct("ProductVersion", "{__version__}")' in told
    compile(told, "version.txt", "eval")  # PyInstaller evaluates it


def test_the_script_for_windows_is_handed_all_that_it_asks_for() -> None:
    script = installer.SCRIPT.read_text(encoding="utf-8")
    source = Path(installer.__file__).read_text(encoding="utf-8")
    asked_for = {*re.findall(r"\{#(\w+)\}", script), *re.findall(r"#include (\w+)", script)}
    assert asked_for == set(re.findall(r'^            "(\w+)": ', source, re.MULTILINE))
    assert __version__ not in script
    assert "PrivilegesRequired=lowest" in script  # nobody has to be an administrator
    assert "UninstallDelete" not in script  # what a person keeps stays
    files = script.partition("[Files]")[2].partition("[Icons]")[0]
    assert "signonce" in files.partition("#ifdef SIGNED")[2].partition("#else")[0]  # both programs, too
    removed = script.partition("[InstallDelete]")[2].partition("[Files]")[0]
    assert "localappdata" not in removed


def test_windows_offers_the_program_for_what_it_reads() -> None:
    lines = installer.supported_types().splitlines()
    for suffix in (".pdf", ".docx", ".odt", ".wav", ".gguf"):
        assert sum(f'ValueName: "{suffix}"' in line for line in lines) == 1
    assert all(line.startswith('Root: HKA; Subkey: "Software\\Classes\\Applications\\') for line in lines)


@pytest.mark.skipif(sys.platform == "win32", reason="it may be installed there")
def test_without_inno_setup_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(build.Stop, match="Inno Setup"):
        installer.write(tmp_path)


def test_macos_is_told_of_the_microphone_and_of_nothing_that_is_not_needed() -> None:
    granted = plistlib.loads(disk_image.ENTITLEMENTS.read_bytes())
    assert granted == {
        "com.apple.security.device.audio-input": True,
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
    }
    assert b"<!--" not in disk_image.ENTITLEMENTS.read_bytes()
    told = plistlib.loads(plistlib.dumps(bundle.INFO))
    assert "stays here" in told["NSMicrophoneUsageDescription"]
    assert told["CFBundleShortVersionString"] == __version__
    assert not any("Network" in key or "Camera" in key for key in told)
    (kinds,) = told["CFBundleDocumentTypes"]
    assert kinds["LSHandlerRank"] == "Alternate"


@pytest.mark.parametrize("suffix", ["ico", "icns"])
def test_the_icon_is_drawn_for_each_system(suffix: str, tmp_path: Path, qapp: QGuiApplication) -> None:
    path = tmp_path / f"icon.{suffix}"
    icons.write_for_system(path)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    with Image.open(path) as image:
        assert image.width >= 256
        assert image.convert("RGBA").getpixel((image.width // 2, image.height // 4)) == (255, 255, 255, 255)


def test_one_workflow_builds_for_all_three() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "installers.yml").read_text())
    (job,) = workflow["jobs"].values()
    systems = {system.partition("-")[0] for system in job["strategy"]["matrix"]["system"]}
    assert systems == {"ubuntu", "windows", "macos"}
    assert workflow["permissions"] == {"contents": "read"}
    # A tag can be moved to other code, a commit cannot.
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert [name for name in used if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name)] == []
    run = "\n".join(step.get("run", "") for step in job["steps"])
    for script in re.findall(r"packaging/\S+\.py", run):
        assert (ROOT / script).is_file()

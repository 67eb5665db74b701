"""The library when its process is killed, or its disk is full: a model is there whole or not at all."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from assistant import file_copy
from assistant.errors import DamagedStore, DiskFull, UserInputError
from assistant.models.library.library import Library
from tests.made_models import converted, families

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import os, signal, sys
from pathlib import Path
from assistant import file_copy
from assistant.models.library.library import Library

deed, root, moment = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
library = Library(root / "models")
happened = 0

def hook(event, arguments):
    # Just before the program opens, makes, renames or removes something in these folders for the nth time.
    global happened
    if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir") and str(root) in str(arguments[0]):
        happened += 1
        if happened == moment:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
if deed == "add":
    library.add([root / "from"]).result(60)
elif deed == "slowly":
    file_copy._CHUNK = 4096
    print("begun", flush=True)
    library.add([root / "from"]).result(60)
elif deed == "remove":
    library.remove(library.installed()[0].id)
    library.undo_remove(library.installed()[0].id if library.installed() else "one")
elif deed == "export":
    library.export_to(root / "stick").result(60)
elif deed == "import":
    library.import_from(root / "stick").result(60)
elif deed == "verify":
    library.verify().result(60)
"""


class Scene:
    """Folders with two models to add, and a program that is killed while it deals with them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.models = root / "models"
        (root / "from").mkdir(parents=True)
        families.make(root / "from" / "one.gguf", "llama")
        converted.translation(root / "from" / "opus-mt-en-de")

    def run(self, deed: str, moment: int) -> bool:
        """True if it was killed, false if it ended by itself before."""
        arguments = [sys.executable, "-c", PROGRAM, deed, str(self.root), str(moment)]
        done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        return done.returncode != 0

    def whole(self) -> set[str]:
        """The names of the models that are there, all of them in order; nothing else is in the folder."""
        library = Library(self.models)
        models = library.installed()
        assert all(each.problem is None for each in library.verify().result(60))
        if self.models.exists():
            assert {path.name for path in self.models.iterdir()} == {each.id for each in models}
        assert library.notices == ()
        return {each.name for each in models}


BOTH = {"Tiny llama", "opus-mt-en-de"}


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "scene")


def moments(step: int) -> Iterator[int]:
    yield from range(1, 1000, step)


def test_killed_while_adding(scene: Scene) -> None:
    seen = set()
    for moment in moments(3):
        killed = scene.run("add", moment)
        whole = scene.whole()
        seen.add(frozenset(whole))
        if not killed:
            break
        for each in Library(scene.models).installed():
            Library(scene.models).remove(each.id)
    assert seen == {frozenset(), frozenset({"Tiny llama"}), frozenset(BOTH)}


def test_killed_while_a_file_is_written(scene: Scene) -> None:
    with (scene.root / "from" / "one.gguf").open("r+b") as file:
        file.truncate(64 << 20)
    for size in (1, 1 << 20, 8 << 20):
        arguments = [sys.executable, "-c", PROGRAM, "slowly", str(scene.root), "0"]
        with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE) as program:
            while not any(path.stat().st_size >= size for path in scene.models.glob(".incoming-*/one.gguf")):
                assert program.poll() is None
                time.sleep(0.001)
            program.kill()
        assert list(scene.models.glob(".incoming-*/one.gguf"))
        assert scene.whole() == set()
    assert not scene.run("add", 0)
    assert scene.whole() == BOTH


def test_killed_while_removing_and_bringing_back(scene: Scene) -> None:
    for moment in moments(1):
        Library(scene.models).add([scene.root / "from" / "one.gguf"]).result(60)
        killed = scene.run("remove", moment)
        assert scene.whole() in (set(), {"Tiny llama"})
        if not killed:
            break
    assert moment > 5


def test_killed_while_a_hash_is_recorded(scene: Scene) -> None:
    for moment in moments(1):
        Library(scene.models).add([scene.root / "from" / "one.gguf"], link=True).result(60)
        killed = scene.run("verify", moment)
        assert scene.whole() == {"Tiny llama"}
        if not killed:
            break
        library = Library(scene.models)
        library.remove(library.installed()[0].id)
    assert moment > 2


def test_killed_while_carrying(scene: Scene) -> None:
    """Whatever is on the stick is taken whole or not at all; writing goes on where it stopped."""
    Library(scene.models).add([scene.root / "from"]).result(60)
    refused = 0
    for moment in moments(4):
        killed = scene.run("export", moment)
        other = Library(scene.root / "other" / str(moment))
        run = other.import_from(scene.root / "stick")
        if not killed:
            break
        with suppress(DamagedStore, UserInputError):
            run.result(60)
        refused += not other.installed()
        assert {each.name for each in other.installed()} in (set(), BOTH)
    assert refused > 5
    assert {each.name for each in run.result(60).models} == BOTH
    scene.models.rename(scene.root / "first")
    seen = set()
    for moment in moments(4):
        killed = scene.run("import", moment)
        seen.add(frozenset(scene.whole()))
        if not killed:
            break
        for each in Library(scene.models).installed():
            Library(scene.models).remove(each.id)
    assert frozenset() in seen
    assert frozenset(BOTH) in seen


# --- the disk ----------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not sys.platform.startswith("linux") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a small disk can only be had by root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def large(scene: Scene) -> Path:
    path = scene.root / "from" / "one.gguf"
    with path.open("r+b") as file:
        file.truncate(8 << 20)
    return path


def test_the_disk_fills_up(scene: Scene, small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others write to it as well: it was checked that there is room."""
    monkeypatch.setattr(file_copy, "room_for", lambda size, folder: True)
    library = Library(small_disk / "models")
    ((_, problem),) = library.add([large(scene)]).result(60).refused
    assert problem.code == DiskFull.code
    assert list((small_disk / "models").iterdir()) == []
    Library(scene.models).add([large(scene)]).result(60)
    with pytest.raises(DiskFull):
        Library(scene.models).export_to(small_disk / "stick").result(60)
    assert not list((small_disk / "stick").rglob("*.gguf*"))


def test_the_disk_takes_no_large_files(scene: Scene) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    path = large(scene)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))
    try:
        ((_, problem),) = Library(scene.models).add([path]).result(60).refused
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "a file this large" in problem.message
    assert scene.whole() == set()

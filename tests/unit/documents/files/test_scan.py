"""What a folder scan takes, passes over and refuses, on a real file system."""

# The calls of the system itself are what is tested.
# ruff: noqa: PTH101, PTH102, PTH109, PTH119

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from assistant.documents.files.scan import absolute, look, printable, scan, within
from assistant.documents.records import FileSeen
from assistant.errors import Cancelled, Problem
from assistant.jobs import CancelToken

SUFFIXES = frozenset({".txt", ".pdf", ".docx"})


def names(folder: Path, **more: object) -> list[str]:
    return [os.path.relpath(found.path, folder) for found in scan(str(folder), SUFFIXES, **more).files]  # type: ignore[arg-type]


def test_takes_what_can_be_read_in_the_order_people_count(tmp_path: Path) -> None:
    for name in ("page 10.txt", "page 9.TXT", "picture.png", "sub/deep/a.pdf", "no suffix", "b.docx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert names(tmp_path) == ["b.docx", "page 9.TXT", "page 10.txt", "sub/deep/a.pdf"]


def test_passes_over_hidden_system_and_lock_files(tmp_path: Path) -> None:
    for name in (
        ".hidden.txt",
        ".git/a.txt",
        "~$report.docx",
        ".~lock.report.docx#",
        "__MACOSX/a.txt",
        "$RECYCLE.BIN/a.txt",
        "node_modules/a.txt",
        "own/a.txt",
        "kept.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert names(tmp_path, skip=[tmp_path / "own"]) == ["kept.txt"]


def test_a_hidden_folder_named_outright_is_read(tmp_path: Path) -> None:
    (tmp_path / ".notes").mkdir()
    (tmp_path / ".notes/a.txt").write_text("x")
    assert names(tmp_path / ".notes") == ["a.txt"]


def test_a_file_named_outright_is_taken_whatever_its_suffix(tmp_path: Path) -> None:
    odd = tmp_path / "README"
    odd.write_text("abc")
    (found,) = scan(str(odd), SUFFIXES).files
    assert found == FileSeen(str(odd), 3, odd.stat().st_mtime_ns)


def test_links_are_followed_once_and_circles_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "a/b").mkdir(parents=True)
    (root / "a/one.txt").write_text("x")
    (root / "a/b/up").symlink_to(root / "a")
    (root / "out").symlink_to(tmp_path)
    (root / "again").symlink_to(root / "a")
    (root / "same.txt").symlink_to(root / "a/one.txt")
    (root / "self.txt").symlink_to("self.txt")
    (root / "nowhere.txt").symlink_to(tmp_path / "not there")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "two.txt").write_text("y")
    (root / "linked").symlink_to(outside)
    result = scan(str(root), SUFFIXES)
    assert [os.path.relpath(found.path, root) for found in result.files] == ["a/one.txt", "linked/two.txt"]
    refused = {os.path.relpath(path, root): problem for path, problem in result.refused}
    assert set(refused) == {"a/b/up", "out", "self.txt", "nowhere.txt"}
    assert "its own folder" in refused["a/b/up"].message
    assert "link" in refused["nowhere.txt"].message


def test_pipes_sockets_and_devices_are_refused_unopened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    os.mkfifo(tmp_path / "pipe")
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{short}/s.txt")
        (tmp_path / "socket.txt").symlink_to(f"{short}/s.txt")
        (tmp_path / "device.txt").symlink_to("/dev/zero")
        result = scan(str(tmp_path), SUFFIXES)
    assert result.files == []
    assert sorted(os.path.basename(path) for path, _ in result.refused) == [
        "device.txt",
        "pipe.txt",
        "socket.txt",
    ]
    assert isinstance(look(str(tmp_path / "pipe")), Problem)


def test_names_with_newlines_and_broken_bytes(tmp_path: Path) -> None:
    broken = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")
    Path(broken).write_text("x")
    (tmp_path / "two\nlines.txt").write_text("x")
    result = scan(str(tmp_path), SUFFIXES)
    assert {found.path for found in result.files} == {broken, str(tmp_path / "two\nlines.txt")}
    assert [printable(os.path.basename(found.path)) for found in result.files] == [
        "caf\\xe9.txt",
        "two\\nlines.txt",
    ]


@pytest.mark.parametrize("name", ["not there", "not there/inside.txt", "x" * 300, "nul\0l"])
def test_what_is_not_there_is_said(tmp_path: Path, name: str) -> None:
    result = scan(str(tmp_path / name), SUFFIXES)
    assert result.files == []
    ((_, problem),) = result.refused
    assert problem.message.endswith(".")


def test_a_folder_without_permission_is_refused_and_the_rest_goes_on() -> None:
    # Root may read everything, so a child gives its rights up; it needs a folder that others can reach.
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for name in ("open", "closed"):
            os.mkdir(f"{folder}/{name}")
            Path(f"{folder}/{name}/a.txt").write_text("x")
        os.chmod(f"{folder}/closed", 0)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                if os.getuid() == 0:
                    os.setuid(65534)
                result = scan(folder, SUFFIXES)
                os.write(writing, repr((len(result.files), result.refused)).encode())
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        os.chmod(f"{folder}/closed", 0o755)
        answer = os.read(reading, 4096).decode()
        os.close(reading)
        os.close(writing)
    assert answer.startswith("(1, [(")
    assert "access-denied" in answer


def test_a_scan_can_be_stopped(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        scan(str(tmp_path), SUFFIXES, token=token)


def test_deep_folders_do_not_exhaust_the_stack(tmp_path: Path) -> None:
    here = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(1200):
            os.mkdir("d")
            os.chdir("d")
        Path("deep.txt").write_text("x")
        os.chdir(here)
        # A path of 2,400 characters is still within the system's limit.
        assert len(scan(str(tmp_path), SUFFIXES).files) == 1
    finally:
        os.chdir(here)
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)  # Python's own removal is recursive


def test_within_compares_whole_names() -> None:
    assert within("/a/b/c", "/a/b")
    assert within("/a/b", "/a/b")
    assert not within("/a/bc", "/a/b")
    assert within("/a", "/")
    assert absolute("/a/../b/./c") == "/b/c"

"""The packages for Linux, made of a small program in the place of the frozen one."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from linux import appimage, deb, tar_archive
from long_work import Stop

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("dpkg-deb", "cc", "xz")

pytestmark = pytest.mark.skipif(
    any(shutil.which(program) is None for program in NEEDED), reason=f"needs {', '.join(NEEDED)}"
)

SOURCE = """\
#include <stdio.h>
#include <string.h>
#include <expat.h>
int main(int count, char **words) {
    printf("%s|%d|%s", strrchr(words[0], '/') + 1, count, count < 0 ? (char *)XML_ParserCreate : "");
    return 0;
}
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder as the frozen one is, with a program that says what it was called."""
    folder = tmp_path / "dist" / "offline-assistant"
    (folder / "_internal").mkdir(parents=True)
    source = tmp_path / "program.c"
    source.write_text(SOURCE.replace("#include <expat.h>\n", "char *XML_ParserCreate(char *);\n"))
    library = tmp_path / "libexpat.so.1"
    empty = "char *XML_ParserCreate(char *name) { return name; }"
    (tmp_path / "empty.c").write_text(empty)
    compiled = ["cc", "-shared", "-fPIC", "-Wl,-soname,libexpat.so.1", "-o", library, tmp_path / "empty.c"]
    subprocess.run(compiled, check=True)
    subprocess.run(["cc", "-o", folder / "offline-assistant", source, library], check=True)
    (folder / "offline-assistant-window").symlink_to("offline-assistant")
    (folder / "_internal" / "data").write_text("data")
    (folder / "_internal" / "libexpat.so.1").write_bytes(library.read_bytes())
    return folder


def test_the_deb_holds_the_program_its_menu_entry_and_names_what_it_needs(program: Path) -> None:
    package = deb.write(program)
    target = program.parent / "unpacked"
    subprocess.run(["dpkg-deb", "-x", package, target], check=True)
    assert (target / "opt/offline-assistant/_internal/data").read_text() == "data"
    link = target / "usr/bin/offline-assistant"
    assert link.readlink() == Path("/opt/offline-assistant/offline-assistant")
    assert (
        "MimeType=application/pdf;"
        in (target / "usr/share/applications/offline-assistant.desktop").read_text()
    )
    assert (target / "usr/share/icons/hicolor/16x16/apps/offline-assistant.png").stat().st_size > 100
    owners = subprocess.run(["dpkg-deb", "-c", package], capture_output=True, text=True, check=True).stdout
    assert all(" root/root " in line for line in owners.splitlines())
    field = ["dpkg-deb", "--field", str(package), "Depends"]
    depends = subprocess.run(field, capture_output=True, text=True, check=True).stdout
    assert depends.startswith("libc6 (>= 2.")
    assert "libpulse0" in depends  # it is loaded by name
    assert "expat" not in depends  # it travels along


def test_a_library_that_does_not_travel_is_depended_on(program: Path) -> None:
    (program / "_internal" / "libexpat.so.1").unlink()
    shutil.copy("/bin/true", program / "_internal" / "libtrue.so")
    user = program / "_internal" / "libuser.so"
    linking = ["-Wl,--no-as-needed", "-ldl", "-lm", f"-Wl,-soname,{user.name}", "-l:libz.so.1"]
    subprocess.run(["cc", "-shared", "-o", user, *linking], check=True)
    field = ["dpkg-deb", "--field", str(deb.write(program)), "Depends"]
    assert "zlib1g" in subprocess.run(field, capture_output=True, text=True, check=True).stdout


def test_the_archive_starts_installs_for_one_person_and_goes_again(program: Path, tmp_path: Path) -> None:
    archive = tar_archive.write(program)
    first = archive.read_bytes()
    assert tar_archive.write(program).read_bytes() == first
    subprocess.run(["tar", "-xf", archive, "-C", tmp_path], check=True)
    (folder,) = tmp_path.glob("offline-assistant-*-linux-*")
    home = tmp_path / 'a person\'s R&D | 100% "$HOME`\\\n" home'
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}

    def run(*command: object) -> str:
        words = [str(word) for word in command]
        return subprocess.run(words, capture_output=True, text=True, check=True, env=environment).stdout

    assert run(folder / "start.sh").startswith("offline-assistant-window|1|")
    assert run(folder / "start.sh", "ask", "why").startswith("offline-assistant|3|")
    kept = home / ".local/share/offline-assistant/documents"
    kept.parent.mkdir(parents=True)
    kept.write_text("kept")
    for _ in range(2):  # once more is an upgrade
        run(folder / "install.sh")
        assert run(home / ".local/bin/offline-assistant-window").startswith("offline-assistant-window|1|")
        (line,) = re.findall(
            r"^Exec=(.*)$", (home / ".local/share/applications/offline-assistant.desktop").read_text(), re.M
        )
        # As a desktop does: a value's own escapes, then its words, in which `\\$` is `$` (not so for shlex).
        words = shlex.split(line.replace("\\\\", "\\").replace("\\$", "$"))
        assert run(*words[:-1], "a file", "b").startswith("offline-assistant-window|3|")
        assert words[-1] == "%F"
    run(folder / "install.sh", "--uninstall")
    left = sorted(path for path in home.rglob("*") if not path.is_dir())
    assert [path for path in left if "mime" not in path.parts and path.suffix != ".cache"] == [kept]


def test_an_upgrade_that_fails_leaves_the_program_that_was_there(program: Path, tmp_path: Path) -> None:
    subprocess.run(["tar", "-xf", tar_archive.write(program), "-C", tmp_path], check=True)
    (folder,) = tmp_path.glob("offline-assistant-*-linux-*")
    home, tools = tmp_path / "home", tmp_path / "tools"
    environment = {"HOME": str(home), "PATH": f"{tools}:{os.environ['PATH']}"}
    installing = [folder / "install.sh"]
    subprocess.run(installing, check=True, env=environment)
    share = home / ".local" / "share"
    before = sorted(share.iterdir())
    tools.mkdir()
    for tool, work in (
        ("cp", 'mkdir "$3"; echo half >"$3/half"; exit 1'),  # the disk is full
        ("rm", 'case $2 in */bin/*) exit 1 ;; esac; exec /bin/rm "$@"'),  # the folder of links is another's
        ("ln", "exit 1"),
    ):
        stub = tools / tool
        stub.write_text(f"#!/bin/sh\n{work}\n")
        stub.chmod(0o755)
        subprocess.run(installing, env=environment)
        stub.unlink()
        link = home / ".local" / "bin" / "offline-assistant"
        assert subprocess.run([link], capture_output=True, text=True).stdout.startswith(
            "offline-assistant|1|"
        )
        assert sorted(share.iterdir()) == before


def test_an_upgrade_that_was_killed_is_made_good(program: Path, tmp_path: Path) -> None:
    """Between the two moves, when neither the old nor the new program has its name."""
    subprocess.run(["tar", "-xf", tar_archive.write(program), "-C", tmp_path], check=True)
    (folder,) = tmp_path.glob("offline-assistant-*-linux-*")
    home = tmp_path / "home"
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    share = home / ".local" / "share"
    subprocess.run([folder / "install.sh"], check=True, env=environment)
    installed = share / "offline-assistant-program"
    installed.rename(share / "offline-assistant-program.former")
    (share / "offline-assistant-program.incoming").mkdir()
    subprocess.run([folder / "install.sh"], check=True, env=environment)
    assert (installed / "_internal" / "data").read_text() == "data"
    assert list(share.glob("offline-assistant-program.*")) == []


def test_install_sh_wants_a_home_and_does_not_take_a_slip_for_a_wish(tmp_path: Path) -> None:
    script = tar_archive.HERE / "archive" / "install.sh"
    done = subprocess.run(["sh", script], capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
    assert done.returncode != 0
    assert "HOME" in done.stderr
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    done = subprocess.run(["sh", script, "--unistall"], capture_output=True, text=True, env=environment)
    assert done.returncode == 2
    assert "--uninstall" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_appimage_wants_its_runtime_named(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APPIMAGE_RUNTIME", raising=False)
    with pytest.raises(Stop, match="APPIMAGE_RUNTIME names no file"):
        appimage.write(program)


@pytest.mark.skipif(shutil.which("unsquashfs") is None, reason="needs squashfs-tools")
def test_an_appimage_is_its_runtime_and_a_file_system(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = tmp_path / "runtime"
    runtime.write_bytes(b"runtime" * 100)
    monkeypatch.setenv("APPIMAGE_RUNTIME", str(runtime))
    image = appimage.write(program)
    assert image.read_bytes().startswith(b"runtime" * 100)
    target = tmp_path / "mounted"
    subprocess.run(
        ["unsquashfs", "-q", "-n", "-o", "700", "-d", target, image], check=True, capture_output=True
    )
    started = subprocess.run([target / "AppRun"], capture_output=True, text=True, check=True).stdout
    assert started.startswith("offline-assistant-window|1|")

"""Tries the program where there is nothing but what it says that it needs: a bare root file system.

    python packaging/bare_root.py dist/offline-assistant            the folder
    python packaging/bare_root.py dist/offline-assistant_*.deb      installed, upgraded, removed, purged

No Python, no network device, another user, the program's folder read-only. Needs root, for only root may make
such a place. The file system comes from debootstrap and is kept in ~/.cache/offline-assistant/roots; --root
takes another one: a folder or a tar file, to which nothing is added.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import setup
from checkout import shared_folder
from long_work import Stop
from smoke import window as smoke_window
from smoke.program import Failed, Place
from smoke_test import SmokeTest, perform

ROOT = Path(__file__).resolve().parent.parent
USER = 12345
"""Who runs the program: somebody whom the system does not even know by name."""
INSTALLED = Path("/opt/offline-assistant")
DISPLAYS = Path("/tmp/.X11-unix")
DEVICES = ("null", "zero", "full", "random", "urandom")
OLDER = "0.0.1~older"

ENTERED = """set -e
mount --make-rprivate /
mount -t proc proc "$ROOT/proc"
mount -t sysfs -o ro sysfs "$ROOT/sys"
mount -t tmpfs -o mode=755 tmpfs "$ROOT/dev"
for name in $DEVICES; do touch "$ROOT/dev/$name"; mount --bind "/dev/$name" "$ROOT/dev/$name"; done
mkdir -m 1777 "$ROOT/dev/shm"
mount -t tmpfs tmpfs "$ROOT/dev/shm"
mkdir -p "$ROOT$DISPLAYS"
mount --bind "$DISPLAYS" "$ROOT$DISPLAYS"
mount --bind "$PROGRAM" "$ROOT$INSTALLED"
mount -o remount,ro,bind "$ROOT$INSTALLED"
exec chroot "$ROOT" /bin/sleep infinity
"""
"""Run in namespaces of its own. Its network has no device that is up."""


# --- the root file system -----------------------------------------------------------------------------------


def cache_folder() -> Path:
    folder = shared_folder() / "roots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def bare_system(suite: str) -> Path:
    """A tar file of the smallest system that apt can add to; made once."""
    kept = cache_folder() / f"{suite}.tar"
    if kept.exists():
        return kept
    if shutil.which("debootstrap") is None:
        raise Stop("debootstrap is not installed. Install it, or name a root file system with --root.")
    print(f"== Making a bare {suite}, once; it is kept in {kept}", flush=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
        folder = Path(scratch) / "root"
        log = Path(scratch) / "log"
        with log.open("wb") as output:
            command: list[str | Path] = ["debootstrap", "--variant=minbase", suite, folder, *mirror()]
            if subprocess.run(command, stdout=output, stderr=output).returncode:
                raise Stop(f"debootstrap failed:\n{log.read_text(errors='replace')[-2000:]}")
        pack(folder, kept)
    return kept


def furnished_system(suite: str, needed: str) -> Path:
    """A tar file of the bare system with the packages of a control file's `Depends:`; made once for them."""
    key = hashlib.sha256(needed.encode()).hexdigest()[:8]
    kept = cache_folder() / f"{suite}-{key}.tar"
    if not kept.exists():
        print(f"== Adding to it: {needed}", flush=True)
        with tempfile.TemporaryDirectory(dir=cache_folder()) as scratch:
            folder = Path(scratch) / "root"
            unpack(bare_system(suite), folder)
            run_inside(folder, "apt-get", "update", "-q")
            run_inside(folder, "apt-get", "satisfy", "-y", "-q", "--no-install-recommends", needed)
            pack(folder, kept)
    return kept


def mirror() -> list[str]:
    """From where this system takes its packages, if it says so."""
    if shutil.which("apt-get") is None:
        return []
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian"]
    told = subprocess.run(command, capture_output=True, text=True).stdout.split()
    return [address for address in told if "security" not in address][:1]


def pack(folder: Path, archive: Path) -> None:
    part = archive.with_suffix(".part")
    subprocess.run(["tar", "-C", folder, "-cf", part, "--one-file-system", "."], check=True)
    part.replace(archive)


def unpack(archive: Path, folder: Path) -> None:
    folder.mkdir(mode=0o755)
    subprocess.run(["tar", "-C", folder, "-xpf", archive, "--numeric-owner"], check=True)


def run_inside(root: Path, *command: str) -> None:
    """As the system's administrator, who has a network: this is how packages come."""
    resolver = root / "etc" / "resolv.conf"
    resolver.unlink(missing_ok=True)
    shutil.copy("/etc/resolv.conf", resolver)
    environment = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "DEBIAN_FRONTEND": "noninteractive",
        "LC_ALL": "C",
    }
    done = subprocess.run(["chroot", root, *command], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr}")


def install(root: Path, package: Path) -> None:
    """A package that lies in the root."""
    run_inside(root, "apt-get", "install", "-y", "-q", "--no-install-recommends", str(package))


def needed_packages(program: Path) -> str:
    """What the program says that it needs: a package in its control file, a folder by way of the set-up."""
    if program.suffix == ".deb":
        command: list[str | Path] = ["dpkg-deb", "--field", program, "Depends"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return ", ".join(sorted({*setup.LIBRARIES.values(), setup.FONT_PACKAGE}))


def assert_bare(root: Path) -> None:
    found = [path for path in root.glob("usr/bin/python*") if path.exists()]
    if found:
        raise Stop(f"This root file system has a Python: {found[0]}")


# --- the place in it ----------------------------------------------------------------------------------------


@contextmanager
def entered(root: Path, program: Path) -> Iterator[int]:
    """Namespaces in which the root is the root; gives the process that holds them.

    Args:
        program: a folder, which lies there where it is installed, and is read-only.
    """
    (root / INSTALLED.relative_to("/")).mkdir(parents=True, exist_ok=True)
    DISPLAYS.mkdir(mode=0o1777, exist_ok=True)
    variables = {
        "ROOT": root,
        "PROGRAM": program,
        "INSTALLED": INSTALLED,
        "DISPLAYS": DISPLAYS,
        "DEVICES": " ".join(DEVICES),
    }
    environment = {"PATH": os.environ["PATH"], **{name: str(value) for name, value in variables.items()}}
    spaces = ["unshare", "--net", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child"]
    holder = subprocess.Popen(
        [*spaces, "sh", "-c", ENTERED], env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        yield _asleep(holder)
    finally:
        holder.kill()
        holder.communicate()


def _asleep(holder: subprocess.Popen[str]) -> int:
    """The process that lives inside, once it does."""
    children = Path(f"/proc/{holder.pid}/task/{holder.pid}/children")
    for _ in range(500):
        if holder.poll() is not None:
            told = holder.stderr.read() if holder.stderr else ""
            raise Stop(f"No place of its own can be made here: {told}")
        for child in children.read_text().split():
            if Path(f"/proc/{child}/comm").read_text() == "sleep\n":
                return int(child)
        time.sleep(0.02)
    raise Stop("The place of its own did not come to be.")


def try_inside(root: Path, program: Path, *, window: bool) -> int:
    """All steps of the smoke test, and that nothing was written elsewhere; how many failed."""
    with entered(root, program) as holder:
        place = place_of(root, holder)
        failed = perform(SmokeTest(place), window=window)
        problems = [*network_devices(holder), *written_elsewhere(root)]
        shutil.rmtree(place.home)
    for problem in problems:
        print(f"FAILED  {problem}", flush=True)
    return failed + len(problems)


def place_of(root: Path, holder: int, home: Path | None = None) -> Place:
    spaces = ["nsenter", "--target", str(holder), "--net", "--ipc"]
    user = ("--setuid", str(USER), "--setgid", str(USER))
    if home is None:
        home = Path(tempfile.mkdtemp(prefix="person-", dir=root / "home"))
        os.chown(home, USER, USER)
    return Place(
        program=INSTALLED / "offline-assistant",
        home=home,
        root=root,
        enter=(*spaces, "--mount", "--pid", "--root", "--wd", *user),
        enter_as_system=tuple(spaces),
        owner=USER,
    )


def network_devices(holder: int) -> list[str]:
    """Problems: a device that is not this computer alone, or a way to anywhere."""
    devices = [line.partition(":")[0].strip() for line in _lines(holder, "dev")[2:]]
    found = [f"There is the network device {device}" for device in devices if device != "lo"]
    return found + [f"There is a route: {line}" for line in _lines(holder, "route")[1:]]


def _lines(holder: int, file: str) -> list[str]:
    return Path(f"/proc/{holder}/net/{file}").read_text().splitlines()


def written_elsewhere(root: Path) -> list[str]:
    """Problems: files of the person that lie neither in a home nor in /tmp, where anybody may write."""
    command: list[str | Path] = ["find", root, "-xdev", "-user", str(USER)]
    command += ["-not", "-path", f"{root}/home/*", "-not", "-path", f"{root}/tmp/*"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    left = sorted(path.name for path in (root / "tmp").iterdir() if path.lstat().st_uid == USER)
    print(f"        left in /tmp: {', '.join(left) or 'nothing'}", flush=True)
    return [f"Written outside of homes: {path.removeprefix(str(root))}" for path in told.splitlines()]


# --- the package --------------------------------------------------------------------------------------------


def try_package(root: Path, package: Path, *, window: bool) -> int:
    """Installed, tried, upgraded, removed, purged and installed again over the data of a person."""
    older = root / "tmp" / "older.deb"
    with_version(package, OLDER, older)
    shutil.copy(package, root / "tmp" / package.name)
    print("== Installing an older version, then this one over it", flush=True)
    install(root, Path("/tmp", older.name))
    folder = root / INSTALLED.relative_to("/")
    with entered(root, folder) as holder:
        place = place_of(root, holder)
        first = SmokeTest(place)
        first.program.ask("add", first.path("documents"), "--collection", "Papers")
    home = place.home
    install(root, Path("/tmp", package.name))
    assert_installed(root)
    failed = try_inside(root, folder, window=window)
    for way in ("remove", "purge"):
        kept = contents(home)
        print(f"== {way}, and installing it again", flush=True)
        run_inside(root, "apt-get", way, "-y", "-q", "offline-assistant")
        assert_removed(root)
        if contents(home) != kept:
            raise Failed(f"{way} changed the person's data")
        install(root, Path("/tmp", package.name))
        with entered(root, folder) as holder:
            SmokeTest(place_of(root, holder, home)).find()
    return failed


def with_version(package: Path, version: str, target: Path) -> None:
    """The same package under another number."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "package"
        subprocess.run(["dpkg-deb", "-R", package, folder], check=True)
        control = folder / "DEBIAN" / "control"
        lines = control.read_text().splitlines()
        changed = [f"Version: {version}" if line.startswith("Version:") else line for line in lines]
        control.write_text("\n".join(changed) + "\n")
        subprocess.run(["dpkg-deb", "-Znone", "-b", folder, target], check=True, stdout=subprocess.DEVNULL)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_installed(root: Path) -> None:
    for name in ("offline-assistant", "offline-assistant-window"):
        link = root / "usr" / "bin" / name
        if not link.is_symlink() or not (root / str(link.readlink()).lstrip("/")).exists():
            raise Failed(f"/usr/bin/{name} does not lead to the program")


def assert_removed(root: Path) -> None:
    for path in (INSTALLED, Path("/usr/bin/offline-assistant"), Path("/usr/bin/offline-assistant-window")):
        if os.path.lexists(root / path.relative_to("/")):
            raise Failed(f"{path} is still there after the removal")


# --- all of it ----------------------------------------------------------------------------------------------


def check(program: Path, *, suite: str = "bookworm", root: Path | None = None, window: bool = True) -> int:
    """Try a folder or a .deb; how many steps failed.

    Raises:
        Stop: it cannot be tried here.
    """
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        raise Stop("Only root on Linux can make a root file system to try the program in. Run this as root.")
    if window and (missing := smoke_window.missing()):
        print(f"The window is not tried: {' and '.join(missing)} not installed", flush=True)
        window = False
    program = program.resolve()
    if not program.exists():
        raise Stop(f"There is no {program}. Name the program's folder, or a .deb.")
    with tempfile.TemporaryDirectory(prefix="bare-root-") as scratch:
        there = Path(scratch) / "root"
        if root is not None and root.is_dir():
            subprocess.run(["cp", "-a", root, there], check=True)
        else:
            unpack(root or furnished_system(suite, needed_packages(program)), there)
        Path(scratch).chmod(0o755)
        assert_bare(there)
        print(
            f"== {program.name} in {(there / 'etc' / 'os-release').read_text().splitlines()[0]}", flush=True
        )
        if program.suffix == ".deb":
            return try_package(there, program, window=window)
        return try_inside(there, program, window=window)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("program", type=Path, help="the program's folder, or the .deb")
    parser.add_argument("--suite", default="bookworm", help="of Debian")
    parser.add_argument("--root", type=Path, help="another root file system, as a folder or a tar file")
    parser.add_argument("--no-window", action="store_true", help="leave the window out")
    options = parser.parse_args()
    try:
        failed = check(options.program, suite=options.suite, root=options.root, window=not options.no_window)
    except (Stop, Failed) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

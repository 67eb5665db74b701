"""LibreOffice, where it is installed, converts Office files of before 2007 that nothing else can read."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import subprocess
from pathlib import Path

from assistant.documents.formats.shared.temp_folder import temp_folder

log = logging.getLogger(__name__)

CONVERSION_SECONDS = 45
"""How long LibreOffice may take for one file."""
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)


def find_office() -> str | None:
    """LibreOffice's program, where it is installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def converted(office: str, path: Path, target: str) -> bytes | None:
    """The file in the format of today, or None where LibreOffice could not do it in time.

    LibreOffice gets a copy under a name of ours, and a profile of its own: it neither sees nor locks that of
    the user, and without settings it runs no macro and follows no link.
    """
    with temp_folder() as folder:
        source = folder / f"document{path.suffix.lower() if path.suffix.isascii() else ''}"
        shutil.copyfile(path, source)
        out = folder / "out"
        command = [
            office, "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to", target, "--outdir", str(out), str(source),
        ]  # fmt: skip
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                start_new_session=True,
            )
        except OSError as error:
            log.info("LibreOffice could not be started: %s", error)
            return None
        try:
            process.wait(CONVERSION_SECONDS)
        except subprocess.TimeoutExpired:
            log.info("LibreOffice took more than %d s", CONVERSION_SECONDS)
        finally:
            _end(process)
        results = list(out.glob(f"*.{target}")) if out.is_dir() else []
        return results[0].read_bytes() if results and process.returncode == 0 else None


def _end(process: subprocess.Popen[bytes]) -> None:
    """soffice is a script that starts the program: the whole group has to end."""
    if process.poll() is None:
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()

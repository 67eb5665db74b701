"""Office files of before 2007 (.doc, .xls, .ppt): through LibreOffice if it is there, else read plainly."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import olefile

from assistant.documents.formats.detection import OLE_SIGNATURE
from assistant.documents.formats.legacy import doc, ppt, xls
from assistant.documents.formats.office.encryption import open_package
from assistant.documents.formats.shared.temp_folder import temp_folder
from assistant.errors import UnreadableDocument, UnsupportedFormat

if TYPE_CHECKING:
    from assistant.documents.formats.open_document import Document

log = logging.getLogger(__name__)

CONVERSION_SECONDS = 45
"""How long LibreOffice may take for one file."""
MAX_BYTES = 256 << 20
"""A larger file is refused: it is in memory as a whole."""
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_LIBREOFFICE_MAY_HELP = {
    "legacy-word-damaged": "legacy-word-damaged-without-libreoffice",
    "legacy-word-no-text": "legacy-word-no-text-without-libreoffice",
    "legacy-presentation-damaged": "legacy-presentation-damaged-without-libreoffice",
    "legacy-workbook-damaged": "legacy-workbook-damaged-without-libreoffice",
}
"""From what our readers say to what is said where LibreOffice is not installed."""
_TARGETS = {"word": "docx", "excel": "xlsx", "powerpoint": "pptx"}
"""The format of today for each kind."""


def open(path: Path, password: str | None) -> Document:
    """The document at `path`. Raises UnreadableDocument, UnsupportedFormat or PasswordRequired."""
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableDocument("legacy-office-too-large", size=path.stat().st_size)
    kind = _kind(path)
    office = find_office()
    if office is not None:
        content = _converted(office, path, _TARGETS[kind])
        if content is not None:
            return open_package(io.BytesIO(content), path)
    try:
        if kind == "excel":
            return xls.open_workbook(path)
        if kind == "powerpoint":
            return ppt.open_presentation(path)
        return doc.open_word_document(path)
    except UnreadableDocument as error:
        if office is None and error.reason in _LIBREOFFICE_MAY_HELP:
            raise UnreadableDocument(_LIBREOFFICE_MAY_HELP[error.reason]) from error
        raise


def find_office() -> str | None:
    """LibreOffice's program, where it is installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def _kind(path: Path) -> str:
    """word, excel or powerpoint, by what is in the file."""
    with path.open("rb") as file:
        head = file.read(8)
    if head != OLE_SIGNATURE:
        return "excel"
    try:
        with olefile.OleFileIO(str(path)) as ole:
            names = {name[0].lower() for name in ole.listdir()}
    except Exception as error:  # olefile raises whatever a damaged directory leads it to
        raise UnreadableDocument("archive-damaged") from error
    for name, kind in (
        ("worddocument", "word"),
        ("powerpoint document", "powerpoint"),
        ("workbook", "excel"),
        ("book", "excel"),
    ):
        if name in names:
            return kind
    raise UnsupportedFormat("compound-file-unknown")


def _converted(office: str, path: Path, target: str) -> bytes | None:
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

"""Office files that are locked with a password: unlocked in memory, then read like any other."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.documents.formats.office import sheets, slides, word
from assistant.errors import PasswordRequired, UnreadableDocument, UnsupportedFormat
from assistant.file_reading.zip_reader import MAX_MEMBER_BYTES, Archive

if TYPE_CHECKING:
    from assistant.documents.formats.open_document import Document

_DEFAULT_PASSWORD = "VelvetSweatshop"
"""Excel locks workbooks that are only write-protected with this one and opens them without asking."""


def open(path: Path, password: str | None) -> Document:
    """The document at `path`. Raises PasswordRequired, UnsupportedFormat or UnreadableDocument."""
    if path.stat().st_size > MAX_MEMBER_BYTES:
        raise UnreadableDocument("office-locked-too-large")
    content = _unlocked(
        path, password if password is not None else _DEFAULT_PASSWORD, given=password is not None
    )
    return open_package(content, path)


def _unlocked(path: Path, password: str, *, given: bool) -> io.BytesIO:
    import msoffcrypto
    from msoffcrypto.exceptions import InvalidKeyError

    content = io.BytesIO()
    try:
        with path.open("rb") as file:
            office: Any = msoffcrypto.OfficeFile(file)
            office.load_key(password=password, verify_password=True)
            office.decrypt(content)
    except InvalidKeyError as error:
        if given:
            raise PasswordRequired("office-password-wrong", wrong=True) from error
        raise PasswordRequired("office-locked", wrong=False) from error
    except Exception as error:  # its other errors, and whatever it stumbles over
        raise UnsupportedFormat("office-lock-unknown") from error
    content.seek(0)
    return content


def unlocked_legacy(path: Path, password: str | None, locked: str) -> bytes | None:
    """An Office file of before 2007 without its lock; None where it has none, or is damaged.

    Raises PasswordRequired (`locked`: the reason where none was given) or UnsupportedFormat.
    """
    import msoffcrypto
    from msoffcrypto.exceptions import InvalidKeyError

    with path.open("rb") as file:
        try:
            office: Any = msoffcrypto.OfficeFile(file)
            if not office.is_encrypted():
                return None
        except Exception:  # its readers say what is wrong with it
            return None
        content = io.BytesIO()
        try:
            office.load_key(password=password if password is not None else _DEFAULT_PASSWORD)
            office.decrypt(content)
        except Exception as error:  # the format of its key may also be one that it does not know
            if not isinstance(error, InvalidKeyError):
                if password is None:
                    return None
                raise UnsupportedFormat("office-lock-unknown") from error
            if password is None:
                raise PasswordRequired(locked, wrong=False) from error
            raise PasswordRequired("office-password-wrong", wrong=True) from error
    return content.getvalue()


def open_package(content: io.BytesIO, path: Path) -> Document:
    """An Office file in memory, whichever it is; `path` gives it its name only."""
    names = Archive(content).names
    content.seek(0)
    if any(name.startswith("ppt/") for name in names):
        return slides.open_source(content, path)
    if any(name.startswith("xl/") for name in names):
        return sheets.open_source(content, path)
    return word.open_source(content, path)

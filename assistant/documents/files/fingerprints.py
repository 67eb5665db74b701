"""What tells one state of a file from another: its size and time, and a hash of its content."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from assistant.documents.files.scan import problem_of
from assistant.documents.records import FileSeen
from assistant.errors import AccessDenied, DocumentError, DocumentGone, UnreadableDocument
from assistant.jobs import CancelToken

_BLOCK = 1 << 20


def current_file(path: str) -> FileSeen:
    """The file as it is now. Raises DocumentGone or another DocumentError."""
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        raise _as_error(error, path) from error
    if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
        raise UnreadableDocument("file-replaced")
    return FileSeen(path, status.st_size, status.st_mtime_ns)


def content_hash(path: str, token: CancelToken) -> bytes:
    """The file's content in 16 bytes.

    Raises:
        DocumentGone, AccessDenied: it cannot be read.
        Cancelled: `token` was cancelled.
    """
    digest = hashlib.blake2b(digest_size=16)
    try:
        with Path(path).open("rb", buffering=0) as file:
            while block := file.read(_BLOCK):
                token.raise_if_cancelled()
                digest.update(block)
    except (OSError, ValueError) as error:
        raise _as_error(error, path) from error
    return digest.digest()


def _as_error(error: OSError | ValueError, path: str) -> DocumentError:
    problem = problem_of(error, path)
    kinds = {DocumentGone.code: DocumentGone, AccessDenied.code: AccessDenied}
    kind: type[DocumentError] = kinds.get(problem.code, UnreadableDocument)
    return kind(problem.reason, **problem.details)

"""Word and PowerPoint files of 97 to 2003 as files of today: looks, lists, notes and comments come along."""

from __future__ import annotations

import logging
from pathlib import Path

from assistant.documents.formats.shared.temp_folder import temp_folder

log = logging.getLogger(__name__)


def in_todays_format(path: Path, kind: str) -> bytes | None:
    """The .docx or .pptx file; None for other kinds, and where the file is too old or damaged."""
    if kind not in ("word", "powerpoint"):
        return None
    with temp_folder() as folder:
        try:
            if kind == "word":
                import doc2docx

                result = folder / "document.docx"
                doc2docx.convert(path, result)
            else:
                import ppt2pptx

                result = folder / "document.pptx"
                ppt2pptx.convert(path, result)
            return result.read_bytes()
        except Exception as error:  # what a damaged file leads them to
            log.info("%s was not converted: %s", path.name, error)
            return None

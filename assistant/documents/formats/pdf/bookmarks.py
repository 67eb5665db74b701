"""The bookmarks of a PDF, as pdfium hands them out: the outline that its makers gave it."""

from __future__ import annotations

from typing import Any

from assistant.documents.formats.pdf.attachments import utf16
from assistant.documents.formats.pdf.pdfium import raw
from assistant.documents.formats.shared.text_cleaning import one_line
from assistant.documents.viewer_records import OutlineEntry

MOST = 5_000
"""Bookmarks that are looked at; a damaged file's can go round in a circle."""
_DEEPEST = 8


def bookmarks(document: Any, pages: int) -> tuple[OutlineEntry, ...]:
    """Those that lead to a page, in their order; call it with the lock held."""
    found: list[OutlineEntry] = []
    seen = 0
    todo = [(raw.FPDFBookmark_GetFirstChild(document, None), 0)]
    while todo and seen < MOST:
        bookmark, level = todo.pop()
        if not bookmark:
            continue
        seen += 1
        todo.append((raw.FPDFBookmark_GetNextSibling(document, bookmark), level))
        if level < _DEEPEST:
            todo.append((raw.FPDFBookmark_GetFirstChild(document, bookmark), level + 1))
        title, page = _title(bookmark), _page(document, bookmark)
        if title and 0 <= page < pages:
            found.append(OutlineEntry(title, level, page + 1))
    return tuple(found)


def _title(bookmark: Any) -> str:
    return one_line(utf16(lambda *to: raw.FPDFBookmark_GetTitle(bookmark, *to)))


def _page(document: Any, bookmark: Any) -> int:
    """Counted from 0; below 0 where it leads nowhere in the document."""
    target = raw.FPDFBookmark_GetDest(document, bookmark)
    if not target and (action := raw.FPDFBookmark_GetAction(bookmark)):
        target = raw.FPDFAction_GetDest(document, action)
    return int(raw.FPDFDest_GetDestPageIndex(document, target)) if target else -1

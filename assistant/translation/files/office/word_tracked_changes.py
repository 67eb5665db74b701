"""Tracked changes of a Word document: all of them accepted, which is what its reader sees."""

from __future__ import annotations

from assistant.file_reading.safe_xml import Element, child, local

_INSERTED = ("{*}ins", "{*}moveTo")
_DELETED = ("{*}del", "{*}moveFrom")
_MARKS = (
    "{*}moveFromRangeStart", "{*}moveFromRangeEnd", "{*}moveToRangeStart", "{*}moveToRangeEnd",
    "{*}rPrChange", "{*}pPrChange", "{*}sectPrChange", "{*}tblPrChange", "{*}tblGridChange",
    "{*}tcPrChange", "{*}trPrChange", "{*}tblPrExChange", "{*}numberingChange", "{*}cellIns", "{*}cellMerge",
)  # fmt: skip


def has_changes(root: Element) -> bool:
    return next(root.iter(*_INSERTED, *_DELETED, "{*}cellDel", *_MARKS), None) is not None


def accept(root: Element) -> None:
    """Leave what was deleted out, and what was inserted in."""
    if not has_changes(root):
        return
    for row in list(root.iter("{*}tr")):
        if child(child(row, "trPr"), "del") is not None:
            row.getparent().remove(row)
    for cell in list(root.iter("{*}tc")):
        if child(child(cell, "tcPr"), "cellDel") is not None:
            cell.getparent().remove(cell)
    for paragraph in reversed(list(root.iter("{*}p"))):
        if child(child(child(paragraph, "pPr"), "rPr"), "del") is not None:
            _run_on(paragraph)
    for element in list(root.iter(*_DELETED, *_MARKS)):
        if element.getparent() is not None and "math" not in element.tag:
            element.getparent().remove(element)
    for element in list(root.iter(*_INSERTED)):
        _unwrap(element)


def _run_on(paragraph: Element) -> None:
    """A paragraph whose end was deleted goes on in the next one."""
    following = paragraph.getnext()
    if following is None or local(following) != "p":
        return
    content = [one for one in paragraph if local(one) != "pPr"]
    at = 1 if child(following, "pPr") is not None else 0
    for number, one in enumerate(content):
        following.insert(at + number, one)
    paragraph.getparent().remove(paragraph)


def _unwrap(element: Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for number, one in enumerate(list(element)):
        parent.insert(at + number, one)
    parent.remove(element)

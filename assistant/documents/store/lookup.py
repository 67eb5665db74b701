"""Which documents a search may look at, and the text and place of what it found."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any

from assistant.documents.records import EVERYWHERE, CharBoxes, Scope
from assistant.documents.store.codec import unpack_boxes
from assistant.documents.store.database import Database
from assistant.documents.store.rows import ChunkRow, HeadingRow, SectionRow

ANY_REMOVED = "SELECT 1 FROM documents WHERE removed_at IS NOT NULL LIMIT 1"


def in_scope(scope: Scope) -> tuple[str, list[Any]]:
    """A condition on documents d, and its values: in the scope and not removed."""
    sql, values = "d.removed_at IS NULL", []
    if scope.collection is not None:
        sql += " AND d.collection = (SELECT id FROM collections WHERE name = ?)"
        values.append(scope.collection)
    if scope.documents:
        sql += " AND d.id IN (SELECT value FROM json_each(?))"
        values.append(json.dumps(list(scope.documents)))
    return sql, values


class Lookup(Database):
    """Nothing here writes."""

    def document_ids(self, scope: Scope = EVERYWHERE) -> list[int] | None:
        """The documents of a scope, ascending; None when it holds all there are: then filter nothing."""
        if scope == EVERYWHERE and self._one(ANY_REMOVED) is None:
            return None
        condition, values = in_scope(scope)
        return [
            row[0]
            for row in self._all(f"SELECT d.id FROM documents d WHERE {condition} ORDER BY d.id", values)
        ]

    def searchable_documents(self, scope: Scope = EVERYWHERE) -> list[tuple[int, str, str]]:
        """(id, path, title) of the documents in scope that have chunks."""
        condition, values = in_scope(scope)
        rows = self._all(
            f"SELECT d.id, d.path, d.title FROM documents d WHERE {condition} AND d.chunks > 0 ORDER BY d.id",
            values,
        )
        return [(identity, os.fsdecode(path), title) for identity, path, title in rows]

    def has_own_documents(self) -> bool:
        """Whether anything can be searched besides what is built in."""
        row = self._one(
            """SELECT 1 FROM documents WHERE removed_at IS NULL AND chunks > 0
               AND collection NOT IN (SELECT id FROM collections WHERE builtin) LIMIT 1"""
        )
        return row is not None

    def headings(self, collection: str | None, documents: int, most: int) -> list[HeadingRow]:
        """Headings of the documents that came last, in reading order, at most so many of each.

        Args:
            collection: None for all documents of the person's own.
        """
        condition, values = in_scope(Scope(collection))
        if collection is None:
            condition += " AND d.collection NOT IN (SELECT id FROM collections WHERE builtin)"
        rows = self._all(
            f"""SELECT d.id, d.title, s.heading, SUM(LENGTH(s.text)),
                    (SELECT language FROM chunks c WHERE c.document = d.id AND c.section = s.id LIMIT 1)
                FROM (SELECT d.id, d.title FROM documents d WHERE {condition} AND d.chunks > 0
                    ORDER BY d.id DESC LIMIT ?) d
                JOIN sections s ON s.document = d.id AND s.heading != '[]'
                GROUP BY d.id, s.heading ORDER BY d.id DESC, MIN(s.part), MIN(s.id)""",
            [*values, documents],
        )
        found: dict[int, list[HeadingRow]] = {}
        for document, title, path, characters, language in rows:
            found.setdefault(document, []).append(
                HeadingRow(document, title, json.loads(path)[-1], characters, language or "")
            )
        return [row for of_document in found.values() for row in of_document[:most]]

    def chunk_rows(self, ids: Iterable[int]) -> dict[int, ChunkRow]:
        """The chunks with these ids; those of removed documents, or gone, are left out."""
        rows = self._all(
            """SELECT c.id, c.document, d.path, d.title, k.name, c.section, c.start, c."end", s.page,
                 s.location, s.heading, s.is_table, c.language, c.position, s.recognised
               FROM json_each(?) wanted
               CROSS JOIN chunks c ON c.id = wanted.value
               CROSS JOIN sections s ON s.id = c.section
               CROSS JOIN documents d ON d.id = c.document
               CROSS JOIN collections k ON k.id = d.collection
               WHERE d.removed_at IS NULL""",
            (json.dumps([int(identity) for identity in ids]),),
        )
        # A long section has many chunks: its text is fetched once and cut here.
        texts = dict(
            self._all(
                "SELECT s.id, s.text FROM json_each(?) wanted CROSS JOIN sections s ON s.id = wanted.value",
                (json.dumps(sorted({row[5] for row in rows})),),
            )
        )
        return {
            row[0]: ChunkRow(
                id=row[0],
                document=row[1],
                path=os.fsdecode(row[2]),
                title=row[3],
                collection=row[4],
                section=row[5],
                start=row[6],
                end=row[7],
                text=texts.get(row[5], "")[row[6] : row[7]],
                page=row[8],
                location=row[9],
                heading=tuple(json.loads(row[10])),
                table=bool(row[11]),
                language=row[12],
                position=row[13],
                recognised=row[14],
            )
            for row in rows
        }

    def section(self, identity: int) -> SectionRow | None:
        """A section with its text and place, or None if it is gone."""
        row = self._one(
            """SELECT id, document, part, page, location, heading, is_table, text, recognised
               FROM sections WHERE id = ?""",
            (identity,),
        )
        if row is None:
            return None
        identity, document, part, page, location, heading, table, *rest = row
        return SectionRow(
            identity, document, part, page, location, tuple(json.loads(heading)), bool(table), *rest
        )

    def sections_after(self, document: int, section: int, limit: int) -> list[int]:
        """The next sections of a document in reading order, behind this one (0: from its beginning)."""
        rows = self._all(
            """SELECT s.id FROM sections s
               WHERE s.document = ? AND (? = 0 OR (s.part, s.id) >
                   (SELECT part, id FROM sections WHERE id = ?))
               ORDER BY s.part, s.id LIMIT ?""",
            (document, section, section, limit),
        )
        return [row[0] for row in rows]

    def sections_before(self, document: int, section: int, limit: int) -> list[int]:
        """The sections of a document before this one, the nearest first."""
        rows = self._all(
            """SELECT s.id FROM sections s
               WHERE s.document = ? AND (s.part, s.id) < (SELECT part, id FROM sections WHERE id = ?)
               ORDER BY s.part DESC, s.id DESC LIMIT ?""",
            (document, section, limit),
        )
        return [row[0] for row in rows]

    def section_headings(self, document: int) -> list[tuple[int, int | None, tuple[str, ...]]]:
        """(id, page, path of headings) of each section of a document, in reading order."""
        rows = self._all(
            "SELECT id, page, heading FROM sections WHERE document = ? ORDER BY part, id", (document,)
        )
        return [(identity, page, tuple(json.loads(heading))) for identity, page, heading in rows]

    def section_text(self, identity: int) -> str:
        """The text of a section; empty if it is gone."""
        row = self._one("SELECT text FROM sections WHERE id = ?", (identity,))
        return "" if row is None else str(row[0])

    def section_boxes(self, identity: int) -> CharBoxes | None:
        """The boxes of a section's characters, in points to a tenth; None where it has none."""
        row = self._one("SELECT boxes FROM section_boxes WHERE section = ?", (identity,))
        return None if row is None else unpack_boxes(row[0])

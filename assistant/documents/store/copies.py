"""What was read of one file given to another one with the same content."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from assistant.documents.store.contents import Contents

_PART_COLUMNS = """number, label, outcome, reason, characters, problem_code, problem_reason, problem_details,
    pictures, requested, recogniser, confidence, languages"""
_WAITS_IN_COPY = "waiting OR (pictures != '[]' AND recogniser = '' AND outcome != 'failed')"
"""Somebody stopped the recognition of the other document; this one was not asked about."""


class Copies(Contents):
    """Nothing is embedded for a copy: it shares the vectors."""

    def copy_contents(self, source: int, target: int) -> list[int]:
        """Give `target`, a file with the same content, all that was read of `source`, embedding nothing.

        Whatever `target` had is replaced: delete the chunks that `clear` would name from the vector
        index first, by calling it. Returns the ids of the new chunks.
        """
        with self._writing() as connection:
            sections = connection.execute(
                "SELECT id FROM sections WHERE document = ? ORDER BY id", (source,)
            ).fetchall()
            connection.execute(
                f"""INSERT OR IGNORE INTO parts (document, {_PART_COLUMNS}, waiting)
                   SELECT ?, {_PART_COLUMNS}, {_WAITS_IN_COPY} FROM parts WHERE document = ?""",
                (target, source),
            )
            connection.execute(
                """INSERT OR IGNORE INTO recognised_words
                   SELECT ?, part, words FROM recognised_words WHERE document = ?""",
                (target, source),
            )
            added = self._copy_sections(connection, [row[0] for row in sections], target)
            connection.execute(
                """UPDATE documents SET (kind, unit, parts, title, state) =
                     (SELECT kind, unit, parts, title, state FROM documents WHERE id = ?) WHERE id = ?""",
                (source, target),
            )
            self._count(connection, target)
            return added

    @staticmethod
    def _copy_sections(connection: sqlite3.Connection, sections: Iterable[int], target: int) -> list[int]:
        """Give `target` these sections with their chunks; returns the ids of the new chunks."""
        added: list[int] = []
        for section in sections:
            cursor = connection.execute(
                """INSERT INTO sections (document, part, page, location, heading, is_table, text, recognised)
                   SELECT ?, part, page, location, heading, is_table, text, recognised
                   FROM sections WHERE id = ?""",
                (target, section),
            )
            copy = int(cursor.lastrowid or 0)
            connection.execute(
                "INSERT INTO section_boxes SELECT ?, boxes FROM section_boxes WHERE section = ?",
                (copy, section),
            )
            chunks = connection.execute("SELECT id FROM chunks WHERE section = ? ORDER BY id", (section,))
            for (chunk,) in chunks.fetchall():
                cursor = connection.execute(
                    """INSERT INTO chunks (document, section, position, start, "end", language, embedding)
                       SELECT ?, ?, position, start, "end", language, embedding
                       FROM chunks WHERE id = ?""",
                    (target, copy, chunk),
                )
                added.append(int(cursor.lastrowid or 0))
                connection.execute(
                    """INSERT INTO fts (rowid, body, context)
                       SELECT ?, body, context FROM fts WHERE rowid = ?""",
                    (added[-1], chunk),
                )
        return added

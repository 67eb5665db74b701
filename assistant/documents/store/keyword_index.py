"""Keyword search with SQLite's FTS5, and what ranking needs of its index: terms and how frequent they are."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from assistant.documents.records import EVERYWHERE, HANDBOOK_COLLECTION, Scope
from assistant.documents.store.database import Database
from assistant.documents.store.lookup import ANY_REMOVED, in_scope
from assistant.documents.store.rows import IndexedChunk


class KeywordIndex(Database):
    """Nothing here writes."""

    def keyword_search(self, match: str, limit: int, scope: Scope = EVERYWHERE) -> list[tuple[int, float]]:
        """The best chunks for an FTS5 expression: (id, score), best first; a higher score is better.

        The score is BM25 (Robertson and Zaragoza 2009, as in SQLite's FTS5), where terms of the title and
        headings count half as much as those of the text.

        Raises:
            StorageError: `match` is no FTS5 expression.
        """
        if not match.strip():
            return []
        values: list[Any] = [match]
        restriction = ""
        # The unary plus keeps SQLite from running the expression once for each chunk of the list.
        if scope != EVERYWHERE:
            condition, scope_values = in_scope(scope)
            restriction = f"""AND +rowid IN
                (SELECT c.id FROM documents d CROSS JOIN chunks c ON c.document = d.id WHERE {condition})"""
            values += scope_values
        elif self._one(ANY_REMOVED):
            restriction = """AND +rowid NOT IN
                (SELECT c.id FROM documents d CROSS JOIN chunks c ON c.document = d.id
                 WHERE d.removed_at IS NOT NULL)"""
        # Ordering by bm25() takes half the time of ordering by FTS5's own rank column.
        return self._all(
            f"""SELECT rowid, -bm25(fts, 1.0, 0.5) AS score FROM fts WHERE fts MATCH ? {restriction}
                ORDER BY score DESC, rowid LIMIT ?""",
            (*values, limit),
        )

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many chunks each term stands; 0 for one that stands in none."""
        wanted = list(dict.fromkeys(terms))
        found = dict(
            self._all(
                """SELECT t.term, t.doc
                   FROM json_each(?) wanted CROSS JOIN fts_terms t ON t.term = wanted.value""",
                (json.dumps(wanted),),
            )
        )
        return {term: int(found.get(term, 0)) for term in wanted}

    def keyword_matches(self, match: str, limit: int) -> list[int]:
        """Some chunks that an FTS5 expression matches, at most `limit`, in no order of merit."""
        return [
            row[0] for row in self._all("SELECT rowid FROM fts WHERE fts MATCH ? LIMIT ?", (match, limit))
        ]

    def matches_within(self, match: str, documents: Collection[int], limit: int) -> list[int]:
        """Some chunks of these documents that an FTS5 expression matches, in no order of merit.

        Quicker than `keyword_search` by far for phrases: BM25 looks up each one in all documents.
        """
        among = "SELECT id FROM chunks WHERE document IN (SELECT value FROM json_each(?2))"
        rows = self._all(
            f"""SELECT rowid FROM fts WHERE fts MATCH ?1
                AND rowid BETWEEN (SELECT min(id) FROM ({among})) AND (SELECT max(id) FROM ({among}))
                AND +rowid IN ({among}) LIMIT ?3""",
            (match, json.dumps(list(documents)), limit),
        )
        return [row[0] for row in rows]

    def indexed_chunks(self, ids: Iterable[int]) -> dict[int, IndexedChunk]:
        """The chunks with these ids and their terms; those of removed documents, or gone, are left out."""
        rows = self._all(
            """SELECT c.id, c.document, s.part, c.position, k.name, c.language, s.is_table, f.c0, f.c1
               FROM json_each(?) wanted
               CROSS JOIN chunks c ON c.id = wanted.value
               CROSS JOIN sections s ON s.id = c.section
               CROSS JOIN documents d ON d.id = c.document
               CROSS JOIN collections k ON k.id = d.collection
               CROSS JOIN fts_content f ON f.id = c.id
               WHERE d.removed_at IS NULL""",
            (json.dumps([int(identity) for identity in ids]),),
        )
        return {
            row[0]: IndexedChunk(
                row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]), row[7] or "", row[8] or ""
            )
            for row in rows
        }

    def part_chunks(self, places: Iterable[tuple[int, int, int]], reach: int) -> list[int]:
        """Chunks in the same part as a place (document, part, position), at most `reach` positions away."""
        rows = self._all(
            """SELECT DISTINCT c.id
               FROM json_each(?) wanted
               CROSS JOIN chunks c ON c.document = json_extract(wanted.value, '$[0]')
                 AND c.position BETWEEN json_extract(wanted.value, '$[2]') - ?2
                   AND json_extract(wanted.value, '$[2]') + ?2
               CROSS JOIN sections s ON s.id = c.section AND s.part = json_extract(wanted.value, '$[1]')""",
            (json.dumps([list(place) for place in places]), reach),
        )
        return [row[0] for row in rows]

    def languages(self) -> dict[str, int]:
        """How many chunks there are in each language."""
        return dict(self._all("SELECT language, count(*) FROM chunks GROUP BY language"))

    def some_chunks(self, language: str, every: int, limit: int) -> list[int]:
        """The ids of some chunks in a language: about one in `every`, from all over the documents."""
        rows = self._all(
            "SELECT id FROM chunks WHERE language = ? AND id % ? = 0 LIMIT ?", (language, every, limit)
        )
        return [row[0] for row in rows]

    def languages_in(self, scope: Scope) -> dict[str, int]:
        """How many chunks of a scope there are in each language, the handbook's only if it is asked for."""
        condition, values = in_scope(scope)
        if scope == EVERYWHERE:
            condition += " AND d.collection != (SELECT id FROM collections WHERE name = ?)"
            values.append(HANDBOOK_COLLECTION)
        return dict(
            self._all(
                f"""SELECT c.language, count(*) FROM documents d CROSS JOIN chunks c ON c.document = d.id
                    WHERE {condition} GROUP BY c.language""",
                values,
            )
        )

    def samples(self, language: str, limit: int) -> list[str]:
        """The texts of some chunks in a language."""
        rows = self._all(
            """SELECT substr(s.text, c.start + 1, c."end" - c.start)
               FROM (SELECT section, start, "end" FROM chunks WHERE language = ? LIMIT ?) c
               JOIN sections s ON s.id = c.section""",
            (language, limit),
        )
        return [row[0] for row in rows]

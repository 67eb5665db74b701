"""What was read of each document: parts, sections, chunks, keyword index and vectors."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.documents.records import Outcome, PartReport
from assistant.documents.store.codec import (
    pack_boxes,
    pack_vector,
    packed_or_none,
    storable,
    unpack_problem,
    unpack_vectors,
)
from assistant.documents.store.database import Database
from assistant.documents.store.rows import NewChunk, NewPart, Purged, Vector
from assistant.errors import DocumentGone, StorageError

_PAGES_A_STEP = 4000
"""Empty pages of 4 kB by which the file becomes smaller at once."""

_VECTOR = """CASE WHEN e.model = ?1 THEN e.vector ELSE
    (SELECT n.vector FROM embeddings n WHERE n.hash = e.hash AND n.model = ?1) END"""
"""Of a chunk whose vector is e: the one by this embedder, to which it need not point; see `embedders`."""
_HAS_VECTOR = """(e.model = ?1 OR EXISTS
    (SELECT 1 FROM embeddings n WHERE n.hash = e.hash AND n.model = ?1))"""


class Contents(Database):
    """Writing what was read, taking it away again, and the vectors that belong to it."""

    # --- writing ---------------------------------------------------------------------------------

    @staticmethod
    def embedding_key(text: str) -> bytes:
        """The key under which the vector of `text` is kept, so that the same text is embedded once."""
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()

    def known_embeddings(self, keys: Iterable[bytes], model: str) -> set[bytes]:
        """Those of the keys whose vectors by this model are in the store."""
        wanted = list(dict.fromkeys(keys))
        known: set[bytes] = set()
        for first in range(0, len(wanted), 500):
            some = wanted[first : first + 500]
            rows = self._all(
                f"SELECT hash FROM embeddings WHERE model = ? AND hash IN ({','.join('?' * len(some))})",
                (model, *some),
            )
            known.update(row[0] for row in rows)
        return known

    def keep_embeddings(self, vectors: Mapping[bytes, Vector], model: str) -> None:
        """Store vectors ahead of their chunks, so that the work on a part of many batches is not lost."""
        with self._writing() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO embeddings (hash, model, vector) VALUES (?, ?, ?)",
                [(key, model, pack_vector(vector)) for key, vector in vectors.items()],
            )

    def add_batch(self, document: int, parts: Sequence[NewPart], model: str) -> list[int]:
        """Store parts with all that belongs to them, in one transaction; returns the new chunks' ids.

        A part that is stored already is left as it is, so a batch may be given twice.

        Raises:
            DocumentGone: the document was purged meanwhile.
            DiskFull: there is no room; nothing of the batch is stored.
        """
        with self._writing() as connection:
            if connection.execute("SELECT 1 FROM documents WHERE id = ?", (document,)).fetchone() is None:
                raise DocumentGone("removed-while-read")
            stored = self.stored_parts(document)
            position = self._next_position(connection, document)
            added: list[int] = []
            renumber = False
            for part in parts:
                if part.number in stored:
                    continue
                renumber = renumber or bool(stored and part.number < max(stored))
                stored.add(part.number)
                chunks = self._add_part(connection, document, part, model, position)
                position += len(chunks)
                added += chunks
            if renumber:
                self._renumber(connection, document)
            self._count(connection, document)
            return added

    def _add_part(
        self, connection: sqlite3.Connection, document: int, part: NewPart, model: str, position: int
    ) -> list[int]:
        characters = sum(len(new.section.text) for new in part.sections)
        pictures = [(picture.number, storable(picture.label)) for picture in part.pictures]
        connection.execute(
            """INSERT INTO parts (document, number, label, outcome, characters, pictures, waiting,
                 problem_code, problem_reason, problem_details, reason)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                document,
                part.number,
                storable(part.label),
                part.outcome.value,
                characters,
                json.dumps(pictures, ensure_ascii=False),
                bool(pictures),
                *packed_or_none(part.problem),
            ),
        )
        return self._add_sections(connection, document, part, model, position)

    def _add_sections(
        self, connection: sqlite3.Connection, document: int, part: NewPart, model: str, position: int
    ) -> list[int]:
        """The text of a part; returns the ids of its chunks, which count on from `position`."""
        added: list[int] = []
        for new in part.sections:
            section = new.section
            cursor = connection.execute(
                """INSERT INTO sections (document, part, page, location, heading, is_table, text, recognised)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    document,
                    part.number,
                    section.page,
                    storable(section.location),
                    json.dumps([storable(heading) for heading in section.heading], ensure_ascii=False),
                    section.table,
                    storable(section.text),
                    section.recognised,
                ),
            )
            section_id = int(cursor.lastrowid or 0)
            if section.boxes is not None and len(section.boxes):
                connection.execute(
                    "INSERT INTO section_boxes VALUES (?, ?)", (section_id, pack_boxes(section.boxes))
                )
            for chunk in new.chunks:
                cursor = connection.execute(
                    """INSERT INTO chunks (document, section, position, start, "end", language, embedding)
                       VALUES (?, ?, ?, ?, ?, ?, ?)""",
                    (
                        document,
                        section_id,
                        position + len(added),
                        chunk.start,
                        chunk.end,
                        chunk.language,
                        self._embedding_id(connection, chunk, model),
                    ),
                )
                added.append(int(cursor.lastrowid or 0))
                connection.execute(
                    "INSERT INTO fts (rowid, body, context) VALUES (?, ?, ?)",
                    (added[-1], storable(chunk.terms), storable(chunk.context_terms)),
                )
        return added

    @staticmethod
    def _embedding_id(connection: sqlite3.Connection, chunk: NewChunk, model: str) -> int:
        key = (chunk.embedding, model)
        row = connection.execute("SELECT id FROM embeddings WHERE hash = ? AND model = ?", key).fetchone()
        if row is not None:
            return int(row[0])
        if chunk.vector is None:
            raise StorageError("chunk-without-vector")
        packed = pack_vector(chunk.vector)
        cursor = connection.execute(
            "INSERT INTO embeddings (hash, model, vector) VALUES (?, ?, ?)", (*key, packed)
        )
        return int(cursor.lastrowid or 0)

    @staticmethod
    def _next_position(connection: sqlite3.Connection, document: int) -> int:
        row = connection.execute(
            "SELECT max(position) FROM chunks WHERE document = ?", (document,)
        ).fetchone()
        return 0 if row[0] is None else int(row[0]) + 1

    @staticmethod
    def _renumber(connection: sqlite3.Connection, document: int) -> None:
        """After a part was filled in between others: positions in reading order again."""
        connection.execute(
            """UPDATE chunks SET position = ordered.position
               FROM (SELECT c.id AS id,
                       row_number() OVER (ORDER BY s.part, c.section, c.start, c.id) - 1 AS position
                     FROM chunks c JOIN sections s ON s.id = c.section WHERE c.document = ?) AS ordered
               WHERE chunks.id = ordered.id AND chunks.position != ordered.position""",
            (document,),
        )

    @staticmethod
    def _count(connection: sqlite3.Connection, document: int) -> None:
        """Keep the figures of the list beside the document: listing thousands must not count each."""
        connection.execute(
            """UPDATE documents SET
                 (parts_done, parts_text, parts_ocr, parts_empty, parts_failed, parts_waiting) =
                 (SELECT count(*), total(outcome = 'text'), total(outcome = 'ocr'), total(outcome = 'empty'),
                         total(outcome = 'failed'), total(waiting) FROM parts WHERE document = documents.id),
                 chunks = (SELECT count(*) FROM chunks WHERE document = documents.id)
               WHERE id = ?""",
            (document,),
        )

    # --- taking away -----------------------------------------------------------------------------

    def clear(self, document: int) -> list[int]:
        """Forget all that was read of a document; returns the chunk ids to delete from the vector index."""
        with self._writing() as connection:
            chunks = self._drop_sections(connection, document)
            connection.execute("DELETE FROM parts WHERE document = ?", (document,))
            connection.execute("DELETE FROM recognised_words WHERE document = ?", (document,))
            connection.execute("UPDATE documents SET stale = 0, parts = NULL WHERE id = ?", (document,))
            self._count(connection, document)
            return chunks

    def clear_failed(self, document: int) -> int:
        """Forget the parts that failed, so that they are read again; returns how many.

        Pictures that were not recognised wait again.
        """
        with self._writing() as connection:
            connection.execute(
                """UPDATE parts SET waiting = 1 WHERE document = ? AND outcome != 'failed'
                     AND pictures != '[]' AND reason != '' AND problem_reason != 'picture-without-text'""",
                (document,),
            )
            done = connection.execute(
                "DELETE FROM parts WHERE document = ? AND outcome = 'failed'", (document,)
            ).rowcount
            self._count(connection, document)
            return done

    def purge(self, max_chunks: int = 500) -> Purged:
        """Throw away about `max_chunks` chunks of what was removed; call it until there is no `more`."""
        with self._writing() as connection:
            row = connection.execute(
                "SELECT id FROM documents WHERE removed_at IS NOT NULL ORDER BY id LIMIT 1"
            ).fetchone()
            if row is None:
                return Purged((), (), False)
            document = int(row[0])
            chunks = self._drop_sections(connection, document, max_chunks)
            gone: tuple[int, ...] = ()
            if (
                connection.execute("SELECT 1 FROM sections WHERE document = ?", (document,)).fetchone()
                is None
            ):
                connection.execute("DELETE FROM documents WHERE id = ?", (document,))
                gone = (document,)
            more = connection.execute("SELECT 1 FROM documents WHERE removed_at IS NOT NULL").fetchone()
        self._give_back_space(_PAGES_A_STEP)
        return Purged(tuple(chunks), gone, more is not None)

    @staticmethod
    def _drop_sections(
        connection: sqlite3.Connection,
        document: int,
        max_chunks: int | None = None,
        part: int | None = None,
        location: str = "",
    ) -> list[int]:
        """Of a document; or, of one part of it, what stands at a location or was recognised in a picture."""
        sections: list[int] = []
        chunks: list[int] = []
        rows = connection.execute(
            """SELECT s.id, c.id FROM sections s LEFT JOIN chunks c ON c.section = s.id
               WHERE s.document = ?1 AND (?2 IS NULL OR s.part = ?2)
                 AND (?2 IS NULL OR s.location = ?3 OR s.recognised IS NOT NULL) ORDER BY s.id""",
            (document, part, location),
        )
        for section, chunk in rows:
            if not sections or sections[-1] != section:
                if max_chunks is not None and max(len(chunks), len(sections)) >= max_chunks:
                    break
                sections.append(section)
            if chunk is not None:
                chunks.append(chunk)
        connection.executemany("DELETE FROM fts WHERE rowid = ?", [(chunk,) for chunk in chunks])
        connection.executemany("DELETE FROM chunks WHERE section = ?", [(section,) for section in sections])
        connection.executemany("DELETE FROM sections WHERE id = ?", [(section,) for section in sections])
        return chunks

    def drop_unused_embeddings(self) -> int:
        """Forget vectors of texts that no chunk has; returns how many. Not while a batch is prepared."""
        with self._writing() as connection:
            done = connection.execute(
                """DELETE FROM embeddings WHERE hash NOT IN
                     (SELECT e.hash FROM chunks c JOIN embeddings e ON e.id = c.embedding)"""
            )
        self._give_back_space(_PAGES_A_STEP)
        return done.rowcount

    def figures(self) -> dict[str, int]:
        """How much there is of everything, removed documents included; and what must be nothing: `double`."""
        row = self._one(
            """SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM parts),
                 (SELECT count(*) FROM sections), (SELECT count(*) FROM chunks),
                 (SELECT count(*) FROM embeddings),
                 (SELECT count(*) FROM (SELECT 1 FROM chunks GROUP BY document, position HAVING count(*) > 1))
                 + abs((SELECT count(*) FROM chunks) - (SELECT count(*) FROM fts))"""
        )
        names = ("documents", "parts", "sections", "chunks", "embeddings", "double")
        return dict(zip(names, row or (0,) * 6, strict=True))

    # --- reading ---------------------------------------------------------------------------------

    def stored_parts(self, document: int) -> set[int]:
        """The numbers of the parts that are stored."""
        return {row[0] for row in self._all("SELECT number FROM parts WHERE document = ?", (document,))}

    def languages_of(self, document: int) -> dict[str, int]:
        """How many characters of it are stored in each language."""
        rows = self._all(
            """SELECT language, sum("end" - start) FROM chunks WHERE document = ? GROUP BY language""",
            (document,),
        )
        return {str(language): int(characters) for language, characters in rows}

    def report(self, document: int) -> list[PartReport]:
        """What each part gave, in order."""
        rows = self._all(
            """SELECT number, label, outcome, characters,
                 problem_code, problem_reason, problem_details, reason,
                 waiting, recogniser, confidence, languages, json_array_length(pictures)
               FROM parts WHERE document = ? ORDER BY number""",
            (document,),
        )
        return [
            PartReport(
                number=row[0],
                label=row[1],
                outcome=Outcome(row[2]),
                problem=unpack_problem(*row[4:8]) if row[7] else None,
                characters=row[3],
                waiting=bool(row[8]),
                recogniser=row[9],
                confidence=row[10],
                languages=tuple(json.loads(row[11])),
                pictures=row[12],
            )
            for row in rows
        ]

    def chunk_ids(self, model: str) -> npt.NDArray[np.int64]:
        """All chunks that the vector index should hold, ascending; also those of removed documents."""
        rows = self._all(
            f"""SELECT c.id FROM chunks c JOIN embeddings e ON e.id = c.embedding
               WHERE {_HAS_VECTOR} ORDER BY c.id""",
            (model,),
        )
        return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))

    def vectors(self, chunks: Sequence[int], model: str) -> tuple[list[int], list[int], Vector]:
        """(ids, their documents, vectors of shape (n, d)) of those of the chunks that have one, by id."""
        rows = self._all(
            f"""SELECT c.id, c.document, {_VECTOR} FROM json_each(?2) wanted
                CROSS JOIN chunks c ON c.id = wanted.value
                CROSS JOIN embeddings e ON e.id = c.embedding ORDER BY c.id""",
            (model, json.dumps([int(chunk) for chunk in chunks])),
        )
        return _with_matrix(rows)

    def vectors_after(self, chunk: int, model: str, limit: int) -> tuple[list[int], list[int], Vector]:
        """The next `limit` chunks with an id above `chunk`, as `vectors` gives them; to walk through all."""
        rows = self._all(
            f"""SELECT c.id, c.document, {_VECTOR} FROM chunks c
                CROSS JOIN embeddings e ON e.id = c.embedding
                WHERE c.id > ?2 AND {_HAS_VECTOR} ORDER BY c.id LIMIT ?3""",
            (model, chunk, limit),
        )
        return _with_matrix(rows)


def _with_matrix(rows: list[tuple[Any, ...]]) -> tuple[list[int], list[int], Vector]:
    """Rows of (id, document, packed vector), as columns, but for those without a vector."""
    rows = [row for row in rows if row[2] is not None]
    return [row[0] for row in rows], [row[1] for row in rows], unpack_vectors([row[2] for row in rows])

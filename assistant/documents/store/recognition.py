"""Which parts wait for their pictures to be recognised, and what that gave."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence

from assistant.documents.records import Outcome, PartPicture, WordOnPage
from assistant.documents.store.codec import (
    pack_words,
    packed_or_none,
    storable,
    unpack_problem,
    unpack_words,
)
from assistant.documents.store.copies import Copies
from assistant.documents.store.rows import PartToRecognise, RecognisedPart, WaitingParts

_READABLE = "d.removed_at IS NULL AND d.missing = 0 AND d.stale = 0 AND d.state NOT IN ('queued', 'indexing')"
"""Of a document d: what is stored of it is of the file that is there."""


class Recognition(Copies):
    """The list of what is to be recognised is the store's alone, so that a killed program goes on with it."""

    # --- the queue -------------------------------------------------------------------------------

    def next_to_recognise(
        self, skip: Iterable[tuple[int, int]] = (), without: Iterable[int] = (), *, requested: bool = False
    ) -> PartToRecognise | None:
        """The next part that waits: those that a person asked for first, else as they came.

        Args:
            skip: (document, number) of parts that are in hand.
            without: documents that cannot be looked at now.
            requested: only what a person asked for.
        """
        row = self._one(
            f"""SELECT d.id, d.path, d.size, d.mtime_ns, d.title, c.name, d.unit, d.parts, d.content,
                  p.number, p.label, p.outcome, p.pictures, p.requested,
                  p.problem_code, p.problem_reason, p.problem_details, p.reason
                FROM parts p CROSS JOIN documents d ON d.id = p.document
                CROSS JOIN collections c ON c.id = d.collection
                WHERE p.waiting AND {_READABLE} AND p.requested >= ?1
                  AND d.id NOT IN (SELECT value FROM json_each(?2))
                  AND NOT EXISTS (SELECT 1 FROM json_each(?3) s
                    WHERE json_extract(s.value, '$[0]') = p.document
                      AND json_extract(s.value, '$[1]') = p.number)
                ORDER BY p.requested DESC, p.document, p.number LIMIT 1""",
            ("{" if requested else "", json.dumps(list(without)), json.dumps(list(skip))),
        )
        if row is None:
            return None
        return PartToRecognise(
            document=row[0],
            path=os.fsdecode(row[1]),
            size=row[2],
            mtime_ns=row[3],
            title=row[4],
            collection=row[5],
            unit=row[6],
            parts=row[7],
            content=row[8],
            number=row[9],
            label=row[10],
            outcome=Outcome(row[11]),
            pictures=tuple(PartPicture(*picture) for picture in json.loads(row[12])),
            requested=row[13],
            problem=unpack_problem(*row[14:]) if row[17] else None,
        )

    def waiting_parts(
        self, documents: Iterable[int] | None = None, without: Iterable[int] = ()
    ) -> WaitingParts:
        """What waits, of these documents or of all, but for those `without`."""
        among, values = "1", [json.dumps(list(without))]
        if documents is not None:
            among = "d.id IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(list(documents)))
        which = f"{_READABLE} AND d.id NOT IN (SELECT value FROM json_each(?)) AND {among}"
        row = self._one(
            f"""SELECT total(d.parts_waiting), count(*) FROM documents d
                WHERE d.parts_waiting > 0 AND {which}""",
            values,
        )
        asked = self._one(
            f"""SELECT 1 FROM parts p CROSS JOIN documents d ON d.id = p.document
                WHERE p.waiting AND p.requested >= '{{' AND {which} LIMIT 1""",
            values,
        )
        parts, count = row or (0, 0)
        return WaitingParts(int(parts), int(count), asked is not None)

    def request_recognition(self, document: int, parts: Sequence[int], request: str) -> int:
        """Have these parts of a document, or all that have pictures, recognised again; returns how many."""
        with self._writing() as connection:
            done = connection.execute(
                """UPDATE parts SET waiting = 1, requested = ?1 WHERE document = ?2 AND pictures != '[]'
                     AND (?3 = '[]' OR number IN (SELECT value FROM json_each(?3)))""",
                (request, document, json.dumps(list(parts))),
            ).rowcount
            self._count(connection, document)
            return done

    def stop_recognition(self, document: int) -> int:
        """Let a document's pictures wait no longer; returns how many parts did."""
        with self._writing() as connection:
            done = connection.execute(
                "UPDATE parts SET waiting = 0, requested = '' WHERE document = ? AND waiting", (document,)
            ).rowcount
            self._count(connection, document)
            return done

    # --- what it gave ----------------------------------------------------------------------------

    def replace_part(self, part: RecognisedPart, model: str) -> tuple[list[int], list[int], list[int]]:
        """Store what a part's pictures gave, for all documents with the same content that wait for it.

        Nothing is stored where the part does not wait for just this any more: its file has changed, it was
        removed, stopped, or is to be recognised in another way.

        Returns:
            The ids of chunks that are gone, of new ones, and the documents that changed.

        Raises:
            DiskFull: there is no room; nothing is stored.
        """
        task = part.task
        with self._writing() as connection:
            dropped: list[int] = []
            added: list[int] = []
            waiting = [
                row[0]
                for row in connection.execute(
                    f"""SELECT d.id FROM documents d CROSS JOIN parts p ON p.document = d.id AND p.number = ?2
                        WHERE p.waiting AND p.requested = ?3 AND {_READABLE}
                          AND d.content IS ?4 AND (d.id = ?1 OR (d.content IS NOT NULL AND ?3 = ''))
                        ORDER BY d.id != ?1""",
                    (task.document, task.number, task.requested, task.content),
                )
            ]
            if task.document not in waiting:
                return [], [], []
            for document in waiting:
                if part.sections:
                    # Notes on the page, say, stand elsewhere than its text.
                    location = storable(task.label) if task.whole else ""
                    gone = self._drop_sections(connection, document, part=part.number, location=location)
                    dropped += gone
                    if document == task.document:
                        position = self._next_position(connection, document)
                        added += self._add_sections(connection, document, part, model, position)
                    else:
                        added += self._copy_sections(
                            connection, self._recognised_in(connection, task), document
                        )
                    if gone or document != task.document or self._goes_on(connection, document, part.number):
                        self._renumber(connection, document)
                self._set_recognised(connection, document, part)
                self._count(connection, document)
            return dropped, added, waiting

    @staticmethod
    def _goes_on(connection: sqlite3.Connection, document: int, part: int) -> bool:
        """Whether text of the document stands after this part."""
        later = "SELECT 1 FROM sections WHERE document = ? AND part > ? LIMIT 1"
        return connection.execute(later, (document, part)).fetchone() is not None

    @staticmethod
    def _recognised_in(connection: sqlite3.Connection, task: PartToRecognise) -> list[int]:
        rows = connection.execute(
            """SELECT id FROM sections WHERE document = ? AND part = ? AND recognised IS NOT NULL
               ORDER BY id""",
            (task.document, task.number),
        )
        return [row[0] for row in rows]

    @staticmethod
    def _set_recognised(connection: sqlite3.Connection, document: int, part: RecognisedPart) -> None:
        connection.execute(
            """UPDATE parts SET waiting = 0, requested = '', recogniser = ?, confidence = ?, languages = ?,
                 outcome = ?, problem_code = ?, problem_reason = ?, problem_details = ?, reason = ?,
                 characters = (SELECT total(length(text)) FROM sections
                               WHERE document = parts.document AND part = parts.number)
               WHERE document = ? AND number = ?""",
            (
                part.recogniser,
                part.confidence,
                json.dumps(part.languages),
                part.outcome.value,
                *packed_or_none(part.problem),
                document,
                part.number,
            ),
        )
        if part.words:
            connection.execute(
                "INSERT OR REPLACE INTO recognised_words VALUES (?, ?, ?)",
                (document, part.number, pack_words(part.words)),
            )

    def recognised_words(self, document: int, part: int) -> tuple[WordOnPage, ...]:
        """The words that were recognised on a page, in reading order; none where it was not."""
        row = self._one(
            "SELECT words FROM recognised_words WHERE document = ? AND part = ?", (document, part)
        )
        return () if row is None else unpack_words(row[0])

    def packed_words(self, document: int) -> dict[int, bytes]:
        """The words of each page of which words are known, for `codec.PackedWords`."""
        return dict(self._all("SELECT part, words FROM recognised_words WHERE document = ?", (document,)))

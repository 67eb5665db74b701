"""Which embedder the documents are searched with, and the vectors of two of them while it changes.

The vector of a chunk is found by the hash of what was embedded and the embedder's name. So those of a new
embedder can lie beside the old ones until all are there; then the chunks point to them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from assistant.documents.records import Section
from assistant.documents.store.database import Database
from assistant.sqlite_file import connect_read_only

_ACTIVE = "embedder"
_NEXT = "embedder-next"
_PAGES_A_STEP = 4000
"""Empty pages of 4 kB by which the file becomes smaller at once."""

_LACKS = """NOT EXISTS (SELECT 1 FROM embeddings n WHERE n.hash = e.hash AND n.model = ?)"""
"""Of chunks c whose vector is e: there is none by this embedder."""


@dataclass(frozen=True, slots=True)
class KnownEmbedder:
    """An embedder, as the store remembers it."""

    id: str
    """Of the library; what people choose."""
    title: str
    """For people."""
    name: str = ""
    """Under which its vectors are kept, and of its folder; "" until it is converted."""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class EmbeddedPiece:
    """A chunk, with all that its vector was made from."""

    chunk: int
    key: bytes
    """The hash of what was embedded."""
    title: str
    """Of its document."""
    section: Section
    start: int
    end: int


class Embedders(Database):
    """Kept with the vectors, so that a copy of the store carries it along."""

    def active_embedder(self) -> KnownEmbedder | None:
        """Whose vectors are searched; None: it was never changed, so the built-in one's."""
        return _known(self.value(_ACTIVE))

    def next_embedder(self) -> KnownEmbedder | None:
        """To which it is being changed."""
        return _known(self.value(_NEXT))

    def set_next_embedder(self, embedder: KnownEmbedder | None) -> None:
        self.set_value(_NEXT, _stated(embedder))

    def set_active_embedder(self, embedder: KnownEmbedder) -> None:
        """Without regard to which vectors there are: what lacks one is found by its words only."""
        self.set_value(_ACTIVE, _stated(embedder))

    def chunk_count(self) -> int:
        """Of all documents, removed ones included."""
        row = self._one("SELECT count(*) FROM chunks")
        return int(row[0]) if row else 0

    def own_languages(self) -> dict[str, int]:
        """How many characters the person's own documents have in each language."""
        rows = self._all(
            """SELECT c.language, sum(c."end" - c.start) FROM documents d
               JOIN collections k ON k.id = d.collection JOIN chunks c ON c.document = d.id
               WHERE d.removed_at IS NULL AND NOT k.builtin GROUP BY c.language"""
        )
        return {str(language): int(characters) for language, characters in rows}

    def own_documents_in(self, languages: Iterable[str]) -> int:
        """How many of the person's own documents are mostly in one of these languages."""
        row = self._one(
            """SELECT count(*) FROM
                 (SELECT c.language, row_number() OVER
                    (PARTITION BY d.id ORDER BY sum(c."end" - c.start) DESC, c.language) AS place
                  FROM documents d JOIN collections k ON k.id = d.collection
                  JOIN chunks c ON c.document = d.id
                  WHERE d.removed_at IS NULL AND NOT k.builtin GROUP BY d.id, c.language)
               WHERE place = 1 AND language IN (SELECT value FROM json_each(?))""",
            (json.dumps(list(languages)),),
        )
        return int(row[0]) if row else 0

    # --- the vectors of the next one ----------------------------------------------------------------------

    def points_elsewhere(self, model: str) -> bool:
        """Whether a chunk points to a vector by another embedder than this."""
        row = self._one(
            """SELECT 1 FROM embeddings e WHERE e.model != ?
                 AND EXISTS (SELECT 1 FROM chunks c WHERE c.embedding = e.id) LIMIT 1""",
            (model,),
        )
        return row is not None

    def lacking_count(self, model: str) -> int:
        """How many chunks have no vector by this embedder."""
        row = self._one(
            f"SELECT count(*) FROM chunks c JOIN embeddings e ON e.id = c.embedding WHERE {_LACKS}", (model,)
        )
        return int(row[0]) if row else 0

    def lacking(self, model: str, after: int, limit: int) -> list[EmbeddedPiece]:
        """The next chunks behind the chunk `after` that have no vector by this embedder."""
        rows = self._all(
            f"""SELECT c.id, e.hash, d.title, c.section, c.start, c."end"
                FROM chunks c CROSS JOIN embeddings e ON e.id = c.embedding
                CROSS JOIN documents d ON d.id = c.document
                WHERE c.id > ? AND {_LACKS} ORDER BY c.id LIMIT ?""",
            (after, model, limit),
        )
        # A long section has many chunks: its text is fetched once.
        sections = {
            identity: Section(text, None, "", tuple(json.loads(heading)), bool(table))
            for identity, heading, table, text in self._all(
                """SELECT s.id, s.heading, s.is_table, s.text FROM json_each(?) wanted
                   CROSS JOIN sections s ON s.id = wanted.value""",
                (json.dumps(sorted({row[3] for row in rows})),),
            )
        }
        return [
            EmbeddedPiece(chunk, key, title, sections[section], start, end)
            for chunk, key, title, section, start, end in rows
            if section in sections
        ]

    def titles_with(self, key: bytes) -> list[str]:
        """The titles of all documents that have a chunk with this hash."""
        rows = self._all(
            """SELECT DISTINCT d.title FROM embeddings e CROSS JOIN chunks c ON c.embedding = e.id
               CROSS JOIN documents d ON d.id = c.document WHERE e.hash = ? ORDER BY d.id""",
            (key,),
        )
        return [row[0] for row in rows]

    def exchange(self, embedder: KnownEmbedder) -> bool:
        """Let all chunks point to the vectors of this embedder, from now on the active one.

        False, and nothing is changed, if a chunk lacks its vector.
        """
        with self._writing() as connection:
            lacks = f"SELECT 1 FROM chunks c JOIN embeddings e ON e.id = c.embedding WHERE {_LACKS} LIMIT 1"
            if connection.execute(lacks, (embedder.name,)).fetchone():
                return False
            connection.execute(
                """UPDATE chunks SET embedding = n.id FROM embeddings e, embeddings n
                   WHERE e.id = chunks.embedding AND e.model != ? AND n.hash = e.hash AND n.model = ?""",
                (embedder.name, embedder.name),
            )
            self.set_active_embedder(embedder)
            self.set_next_embedder(None)
            return True

    def drop_vectors_but(self, models: Iterable[str], limit: int = 2000) -> int:
        """Forget some vectors by other embedders that no chunk points to; returns how many."""
        kept = json.dumps(list(models))
        with self._writing() as connection:
            dropped = connection.execute(
                """DELETE FROM embeddings WHERE id IN
                     (SELECT e.id FROM embeddings e WHERE e.model NOT IN (SELECT value FROM json_each(?))
                        AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.embedding = e.id) LIMIT ?)""",
                (kept, limit),
            ).rowcount
        self._give_back_space(_PAGES_A_STEP)
        return dropped


def _stated(embedder: KnownEmbedder | None) -> str:
    return "" if embedder is None else json.dumps(asdict(embedder), ensure_ascii=False)


def _known(value: str | None) -> KnownEmbedder | None:
    """What was kept; None for what another version wrote and this one does not know."""
    with suppress(ValueError, TypeError, RecursionError):
        known = KnownEmbedder(**json.loads(value or ""))
        words = (known.id, known.title, known.name, *known.languages)
        if all(isinstance(word, str) for word in words):
            return replace(known, languages=tuple(known.languages))
    return None


def look_up(file: Path) -> tuple[KnownEmbedder | None, KnownEmbedder | None]:
    """The active embedder and the next one of a store that may belong to another process."""
    found: dict[str, str] = {}
    with suppress(Exception), closing(connect_read_only(file)) as store:
        keys = "SELECT key, value FROM meta WHERE key IN (?, ?)"
        found = dict(store.execute(keys, (_ACTIVE, _NEXT)))
    return _known(found.get(_ACTIVE)), _known(found.get(_NEXT))

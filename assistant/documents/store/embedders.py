"""Which embedder the documents are searched with, and the vectors of two embedders while it changes."""

from __future__ import annotations

import json
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assistant.documents.store.database import Database
from assistant.sqlite_file import connect_read_only

_ACTIVE = "embedder"
_NEXT = "embedder-next"


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


class Embedders(Database):
    """Kept with the vectors, so that a copy of the store carries it along."""

    def active_embedder(self) -> KnownEmbedder | None:
        """Whose vectors are searched; None: never chosen, so the built-in one's."""
        return _known(self.value(_ACTIVE))

    def next_embedder(self) -> KnownEmbedder | None:
        """To which it is being changed."""
        return _known(self.value(_NEXT))

    def chunk_count(self) -> int:
        row = self._one("SELECT count(*) FROM chunks")
        return int(row[0]) if row else 0

    def set_next_embedder(self, embedder: KnownEmbedder | None) -> None:
        self.set_value(_NEXT, "" if embedder is None else json.dumps(asdict(embedder)))


def _known(value: str | None) -> KnownEmbedder | None:
    """What was kept; None for what another version wrote and this one does not know."""
    with suppress(ValueError, TypeError):
        known = KnownEmbedder(**json.loads(value or ""))
        return replace(known, languages=tuple(known.languages))
    return None


def look_up(file: Path) -> tuple[KnownEmbedder | None, KnownEmbedder | None]:
    """The active embedder and the next one of a store that may belong to another process."""
    found: dict[str, Any] = {}
    with suppress(Exception), closing(connect_read_only(file)) as store:
        keys = "SELECT key, value FROM meta WHERE key IN (?, ?)"
        found = dict(store.execute(keys, (_ACTIVE, _NEXT)))
    return _known(found.get(_ACTIVE)), _known(found.get(_NEXT))

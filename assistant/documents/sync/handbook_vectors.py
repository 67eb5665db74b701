"""The handbook's vectors, made once with the program, so that a first question need not wait for them.

    python -m assistant.documents.sync.handbook_vectors FOLDER

makes them for the pages in FOLDER. What is missing, or of other words, is embedded as any document is.
"""

from __future__ import annotations

import logging
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from assistant.documents.store.rows import Vector

log = logging.getLogger(__name__)

FILE = "vectors.npz"
"""Beside the pages: `model`, the embedder's name; `keys`, 16 bytes a row; `vectors`, of unit length."""


def load(folder: Path) -> tuple[str, Mapping[bytes, Vector]]:
    """The embedder's name, and vectors by `Store.embedding_key`; "" and none where they cannot be read."""
    try:
        with np.load(folder / FILE, allow_pickle=False) as held:
            keys = [row.tobytes() for row in held["keys"]]
            return str(held["model"]), dict(zip(keys, held["vectors"].astype(np.float32), strict=True))
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        log.warning("The handbook's vectors cannot be used: %s", error)
    return "", {}


def make(folder: Path) -> int:
    """Write them for the pages as they are now; returns how many there are."""
    from assistant.documents.embedders.embedder_conversion import builtin_embedder
    from assistant.jobs import CancelToken

    embedder = builtin_embedder()
    texts = {key: text for page in sorted(folder.glob("*.md")) for key, text in _texts(page)}
    vectors = embedder.embed(list(texts.values()), CancelToken())
    keys = np.array([np.frombuffer(key, np.uint8) for key in texts])
    incoming = folder / f".{FILE}"
    with incoming.open("wb") as file:
        np.savez_compressed(file, model=embedder.name, keys=keys, vectors=np.asarray(vectors, np.float16))
    incoming.replace(folder / FILE)
    return len(texts)


def _texts(page: Path) -> Iterator[tuple[bytes, str]]:
    """What would be embedded of a page, with the keys."""
    from assistant.documents.embedders.embedder_conversion import builtin_tokenizer
    from assistant.documents.formats.open_document import open_document
    from assistant.documents.indexing.chunk_preparation import ChunkPreparer
    from assistant.documents.text.chunking import Chunker

    document = open_document(page)
    try:
        preparer = ChunkPreparer(Chunker(builtin_tokenizer()), document.opened.title or page.name)
        for part in document.parts():
            for chunk in preparer.prepare(part).chunks:
                yield chunk.embedding, chunk.embedded_text
    finally:
        document.close()


if __name__ == "__main__":
    make(Path(sys.argv[1]))

"""The built-in handbook, a collection of its own: taken up at the first start and whenever it changes."""

from __future__ import annotations

import os
from pathlib import Path

from assistant.documents.files.fingerprints import content_hash
from assistant.documents.indexing.indexer import Indexer
from assistant.documents.records import HANDBOOK_COLLECTION, DocumentInfo, FileSeen
from assistant.documents.store.store import Store
from assistant.documents.sync import handbook_vectors
from assistant.errors import DocumentError
from assistant.jobs import CancelToken

_SUFFIX = ".md"


def synchronise(folder: Path, store: Store, indexer: Indexer) -> list[int]:
    """Make the collection hold exactly the Markdown files of `folder`; returns the documents that changed.

    The program may lie elsewhere at each start (some installers unpack it anew): pages are known by their
    content, so that nothing is read again merely because its path is another.
    """
    store.ensure_collection(HANDBOOK_COLLECTION, builtin=True)
    here = {file.path: file for file in _files(folder)}
    known = {row.path: row for row in store.documents(HANDBOOK_COLLECTION)}
    gone = {path: row for path, row in known.items() if path not in here}
    changed: list[int] = []
    for path, file in here.items():
        moved = None if path in known else _moved(file, gone, store)
        if moved is not None:
            del gone[moved.path]
            store.relocate(moved.id, file)
            changed.append(moved.id)
    _bring_vectors(folder, store)
    registered = indexer.take_up(list(here.values()), HANDBOOK_COLLECTION)
    # A person may have added the handbook's folder before it was the handbook's.
    store.move([each.document for each in registered], HANDBOOK_COLLECTION)
    old = [row.id for row in gone.values()]
    with indexer.take_lock:
        indexer.release(old)
        store.remove(old)
    return [*changed, *old]


def _bring_vectors(folder: Path, store: Store) -> None:
    """Those that were made with the program, before the pages ask for them."""
    model, vectors = handbook_vectors.load(folder)
    active = store.active_embedder()
    if active is None or active.name == model:
        known = store.known_embeddings(vectors, model)
        store.keep_embeddings({key: vectors[key] for key in vectors.keys() - known}, model)


def _files(folder: Path) -> list[FileSeen]:
    found = []
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        status = path.stat()
        found.append(FileSeen(os.fspath(path.absolute()), status.st_size, status.st_mtime_ns))
    return found


def _moved(file: FileSeen, gone: dict[str, DocumentInfo], store: Store) -> DocumentInfo | None:
    try:
        content = content_hash(file.path, CancelToken())
    except DocumentError:
        return None
    return next((row for row in store.with_content(content) if row.path in gone), None)

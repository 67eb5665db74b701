"""A small library in a real store with the real model: for tests of searching and asking."""

from __future__ import annotations

from pathlib import Path

from assistant.documents.answering.extractive import ExtractiveAnswerer
from assistant.documents.embedders.embedding import Embedder
from assistant.documents.indexing.chunk_preparation import ChunkPreparer
from assistant.documents.records import DEFAULT_COLLECTION, FileSeen, Outcome, Part, Section
from assistant.documents.search.retrieval import Retriever
from assistant.documents.search.vector_index import VectorIndex
from assistant.documents.store.store import Store
from assistant.documents.text.chunking import Chunker


class Library:
    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.store = Store(folder)
        self.vectors = VectorIndex(folder / "vectors", embedder.dimension, embedder.name)
        self.retriever = Retriever(self.store, self.vectors, embedder)
        self.answerer = ExtractiveAnswerer(self.store, self.retriever)
        self._embedder = embedder
        self._chunker = Chunker(embedder.tokenizer)

    def add(self, path: str, *sections: Section, collection: str = DEFAULT_COLLECTION) -> int:
        """Store a document, each section a part of its own; returns its id."""
        document = self.store.register([FileSeen(path, 1, 1)], collection)[0].document
        title = Path(path).name
        preparer = ChunkPreparer(self._chunker, title)
        prepared = [
            preparer.prepare(Part(number, section.location, Outcome.TEXT, (section,)))
            for number, section in enumerate(sections, 1)
        ]
        pieces = {each.embedding: each.embedded_text for part in prepared for each in part.chunks}
        vectors = dict(zip(pieces, self._embedder.embed(list(pieces.values())), strict=True))
        self.store.opened(document, "pdf", title, "page", len(prepared))
        ids = self.store.add_batch(
            document, [part.with_vectors(vectors) for part in prepared], self._embedder.name
        )
        known, documents, matrix = self.store.vectors(ids, self._embedder.name)
        self.vectors.add(known, matrix, documents)
        return document

    def close(self) -> None:
        self.vectors.close()
        self.store.close()


def page(number: int, text: str, *heading: str, table: bool = False) -> Section:
    return Section(text, number, f"page {number}", heading, table)

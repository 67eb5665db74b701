"""Small contents for tests of the store and the vector index."""

from __future__ import annotations

import hashlib
import sqlite3

import numpy as np

from assistant.documents.records import FileSeen, Outcome, Section
from assistant.documents.store.rows import NewChunk, NewPart, NewSection, Vector
from assistant.documents.store.schema import TOKENIZER
from assistant.documents.store.store import Store
from assistant.documents.text.terms import index_terms
from assistant.errors import Problem

MODEL = "a-model"
DIMENSION = 8


def vector_of(text: str) -> Vector:
    """A unit vector that depends on the text alone."""
    seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:4], "big")
    vector = np.random.default_rng(seed).normal(size=DIMENSION).astype(np.float32)
    unit: Vector = vector / np.linalg.norm(vector)
    return unit


def chunk(text: str, start: int, end: int, with_vector: bool = True) -> NewChunk:
    piece = text[start:end]
    return NewChunk(
        start=start,
        end=end,
        language="en",
        terms=piece.lower(),
        embedding=Store.embedding_key(piece),
        vector=vector_of(piece) if with_vector else None,
        context_terms="report",
    )


def part(number: int, *lines: str, outcome: Outcome = Outcome.TEXT, reason: str = "") -> NewPart:
    """A part with one section, each of whose lines is a chunk."""
    text = "\n".join(lines)
    chunks = []
    start = 0
    for line in lines:
        chunks.append(chunk(text, start, start + len(line)))
        start += len(line) + 1
    section = Section(text, number, f"page {number}", ("Chapter", f"Part {number}"))
    sections = (NewSection(section, tuple(chunks)),) if lines else ()
    problem = Problem.as_told("no-text", reason) if reason else None
    return NewPart(number, f"page {number}", outcome, problem, sections)


def keyword_index(*texts: tuple[str, str]) -> sqlite3.Connection:
    """A keyword index of (text, language), numbered from 1."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE fts USING fts5 (body, tokenize = '{TOKENIZER}')")
    connection.executemany(
        "INSERT INTO fts (body) VALUES (?)", [(index_terms(text, language),) for text, language in texts]
    )
    return connection


def rows_found(connection: sqlite3.Connection, match: str) -> list[int]:
    return [row[0] for row in connection.execute("SELECT rowid FROM fts WHERE fts MATCH ?", (match,))]


def add_document(store: Store, path: str, *parts: NewPart, collection: str = "My documents") -> int:
    """Register a document and store its parts; returns its id."""
    document = store.register([FileSeen(path, 10, 1)], collection)[0].document
    store.begin(document)
    store.add_batch(document, parts, MODEL)
    return document

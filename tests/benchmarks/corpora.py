"""Puts the measuring material into a document store the way the product does, for the search benchmarks.

Reads `../shared/data` relative to the repository root; nothing of it is part of the project.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.documents.embedders.embedder_conversion import builtin_embedder, builtin_tokenizer
from assistant.documents.embedders.embedding import Embedder
from assistant.documents.indexing.chunk_preparation import ChunkPreparer
from assistant.documents.records import FileSeen, Outcome, Part, Section
from assistant.documents.search.fusion import Weights
from assistant.documents.search.vector_index import VectorIndex
from assistant.documents.store.store import Store
from assistant.documents.text.chunking import Chunker
from assistant.jobs import CancelToken

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "retrieval"

Matrix = npt.NDArray[np.float32]


def data_or_exit(folder: Path) -> Path:
    """The folder, or an exit that says that there is nothing to measure with."""
    if not folder.is_dir():
        print(f"skipped: {folder} is absent")
        raise SystemExit(0)
    return folder


def reports(count: int, folder: Path) -> list[Path]:
    """So many annual reports: those that there are, then the same again under other names in `folder`.

    The copies differ by a byte, so that they are read anew, and by their names, which are their titles.
    """
    real = sorted(data_or_exit(DATA / "financebench" / "pdfs").glob("*.pdf"))
    found = real[:count]
    while len(found) < count:
        source = real[len(found) % len(real)]
        copy = folder / f"{source.stem} copy {len(found)}.pdf"
        copy.write_bytes(source.read_bytes() + b"\n")
        found.append(copy)
    return found


class KeptVectors:
    """An embedder that remembers, in a file, what it has embedded: for trying out everything else."""

    def __init__(self, file: Path | None, folder: Path | None = None, *, keep_questions: bool = True) -> None:
        """The model converted into `folder`, or the built-in one. Each has its own file beside `file`."""
        self._embedder = Embedder(folder) if folder else builtin_embedder()
        self.name, self.dimension = self._embedder.name, self._embedder.dimension
        self.languages = self._embedder.languages
        self.tokenizer = self._embedder.tokenizer
        self._file = file.with_name(f"{file.stem}-{self.name}.npz") if file else None
        self._keep_questions = keep_questions
        self._known: dict[bytes, Matrix] = {}
        if self._file is not None and self._file.exists():
            kept = np.load(self._file)
            self._known = dict(zip((bytes(key) for key in kept["keys"]), kept["vectors"], strict=True))
        self._before = len(self._known)

    def embed(self, texts: Sequence[str], token: CancelToken | None = None) -> Matrix:
        keys = [Store.embedding_key(text) for text in texts]
        wanted = dict(zip(keys, texts, strict=True))
        new = [(key, text) for key, text in wanted.items() if key not in self._known]
        for first in range(0, len(new), 512):
            some = new[first : first + 512]
            vectors = self._embedder.embed([text for _, text in some], token)
            self._known.update(zip((key for key, _ in some), vectors, strict=True))
            if len(new) > 512:
                print(f"\r  embedded {first + len(some)} of {len(new)}", end="", file=sys.stderr, flush=True)
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self._known[key] for key in keys])

    def embed_question(self, text: str) -> Matrix:
        if not self._keep_questions:
            return self._embedder.embed_question(text)
        key = Store.embedding_key(f"question: {text}")
        if key not in self._known:
            self._known[key] = self._embedder.embed_question(text)
        return self._known[key]

    def save(self) -> None:
        if self._file is None or len(self._known) == self._before:
            return
        keys = np.array([np.frombuffer(key, dtype=np.uint8) for key in self._known])
        np.savez(self._file, keys=keys, vectors=np.stack(list(self._known.values())))
        self._before = len(self._known)


@dataclass(frozen=True)
class Text:
    """A document of one part."""

    name: str
    title: str
    text: str


def parts_of(text: Text) -> Iterator[Part]:
    yield Part(1, "part 1", Outcome.TEXT, (Section(text.text, None, "lines 1–1"),))


class Corpus:
    """A store and its vectors."""

    def __init__(self, folder: Path, embedder: KeptVectors) -> None:
        self.store = Store(folder)
        self.embedder = embedder
        self.vectors = VectorIndex(folder / "vectors", embedder.dimension, embedder.name)
        self._chunker = Chunker(builtin_tokenizer())

    def add(self, path: str, title: str, kind: str, parts: Iterable[Part]) -> int:
        """Prepare, embed and store one document; returns its id."""
        document = self.store.register([FileSeen(path, 0, 0)])[0].document
        preparer = ChunkPreparer(self._chunker, title)
        prepared = [preparer.prepare(part) for part in parts]
        pieces = {each.embedding: each.embedded_text for part in prepared for each in part.chunks}
        made = self.embedder.embed(list(pieces.values()))
        vectors = dict(zip(pieces, made, strict=True))
        self.store.opened(document, kind, title, "part", len(prepared))
        ids = self.store.add_batch(
            document, [part.with_vectors(vectors) for part in prepared], self.embedder.name
        )
        if ids:
            known, documents, matrix = self.store.vectors(ids, self.embedder.name)
            self.vectors.add(known, matrix, documents)
        return document

    def close(self) -> None:
        self.vectors.close()
        self.store.close()


@contextmanager
def corpus(embedder: KeptVectors) -> Iterator[Corpus]:
    """An empty corpus in a folder of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="offline-assistant-bench-") as folder:
        made = Corpus(Path(folder), embedder)
        try:
            yield made
        finally:
            made.close()
            embedder.save()


def texts(folder: Path) -> list[Text]:
    """The documents of a set in BEIR's format."""
    rows = (json.loads(line) for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines())
    return [Text(row["_id"], row.get("title", "").replace("_", " "), row["text"]) for row in rows]


def arguments(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--kept", type=Path, help="file (.npz) that keeps vectors from one run to the next")
    parser.add_argument("--embedder", type=Path, help="folder of a converted model (else: built in)")
    parser.add_argument("--weights", nargs="*", default=[], help="name=value, as in fusion.Weights")
    return parser


def weights(given: Sequence[str]) -> Weights:
    """The product's weights with some of them changed."""
    changes = dict(one.split("=") for one in given)
    return replace(Weights(), **{name: float(value) for name, value in changes.items()})


class Timer:
    def __init__(self) -> None:
        self._start = time.perf_counter()

    def seconds(self) -> float:
        return time.perf_counter() - self._start

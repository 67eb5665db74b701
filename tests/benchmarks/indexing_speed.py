"""How quick embedding is beside sentence-transformers, and whether all of indexing comes near it.

Takes annual reports from ../shared/data beside the checkout, or says that they are absent. The product's
embedder and sentence-transformers embed the same chunks with the same model, each in a process of its own,
in turns: computers are not equally busy at all times, so only ratios within a round count. With `--whole` the
product then indexes the reports in its worker, which is compared with its embedder alone.

    python -m tests.benchmarks.indexing_speed [--rounds 6] [--chunks 210] [--embedder FOLDER] [--whole]

`--embedder` is a sentence-transformers model, such as ../shared/models/get.py brings; otherwise it is the
built-in one.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from assistant.documents.embedders.embedder_conversion import (
    builtin_embedder,
    builtin_model,
    builtin_tokenizer,
    convert,
)
from assistant.documents.embedders.embedding import Embedder
from assistant.documents.formats.open_document import open_document
from assistant.documents.records import DocumentState
from assistant.documents.service import DocumentsService
from assistant.documents.text.chunking import Chunker
from tests.benchmarks.corpora import reports

TARGET_BUILTIN, TARGET_OTHER = 1.1, 1.4
WHOLE_TARGET = 0.85
BATCHES = (16, 32, 64)
"""Of these sentence-transformers gets the size that it is quickest with."""
AT_ONCE = 70
"""Chunks that the product embeds together while it indexes."""
REPORTS = 3


def chunks(count: int) -> list[str]:
    """What the product would embed of some reports, taken from all over them."""
    chunker = Chunker(builtin_tokenizer())
    texts: list[str] = []
    for path in reports(REPORTS, Path()):
        document = open_document(path)
        try:
            for part in document.parts():
                for section in part.sections:
                    texts += [one.embed_text for one in chunker.chunk(section, document.opened.title)]
        finally:
            document.close()
    texts = list(dict.fromkeys(texts))
    return texts[:: max(1, len(texts) // count)][:count]


# --- each in a process of its own ----------------------------------------------------------------


def serve(embed: Callable[[Sequence[str]], object], texts: Sequence[str]) -> None:
    """Embed all texts whenever a line comes; answer with seconds by the clock and of the processor."""
    embed(texts[:20])
    print("ready", flush=True)
    for _ in sys.stdin:
        began, used = time.perf_counter(), time.process_time()
        embed(texts)
        print(json.dumps([time.perf_counter() - began, time.process_time() - used]), flush=True)


def serve_product(folder: Path, texts: Sequence[str]) -> None:
    embedder = Embedder(folder)

    def embed(some: Sequence[str]) -> None:
        for first in range(0, len(some), AT_ONCE):
            embedder.embed(some[first : first + AT_ONCE])

    serve(embed, texts)


def serve_library(folder: Path, texts: Sequence[str]) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def embed(some: Sequence[str], batch: int) -> object:
        return model.encode(list(some), batch_size=batch, normalize_embeddings=True, show_progress_bar=False)

    embed(texts[:20], BATCHES[0])
    used = {}
    for batch in BATCHES:
        began = time.process_time()
        embed(texts[:64], batch)
        used[batch] = time.process_time() - began
    best = min(used, key=lambda batch: used[batch])
    serve(lambda some: embed(some, best), texts)


@contextmanager
def side(name: str, folder: Path, texts: Path) -> Iterator[Callable[[], tuple[float, float]]]:
    """A process; calling it has all texts embedded once: seconds by the clock, and of the processor."""
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.indexing_speed",
        "--side",
        name,
        str(folder),
        str(texts),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout
        assert stdout.readline() == "ready\n"

        def once() -> tuple[float, float]:
            stdin.write("\n")
            stdin.flush()
            seconds, used = json.loads(stdout.readline())
            return seconds, used

        yield once
        stdin.close()


def compare(source: Path, product: Path, texts: Sequence[str], rounds: int, target: float) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "texts.json"
        file.write_text(json.dumps(texts))
        with side("library", source, file) as library, side("product", product, file) as ours:
            taken = [
                (ours(), library()) if number % 2 else (library(), ours())[::-1] for number in range(rounds)
            ]
    for at, kind in enumerate(("clock", "processor")):
        own = [mine[at] for mine, _ in taken]
        their = [theirs[at] for _, theirs in taken]
        ratios = sorted(theirs / mine for mine, theirs in zip(own, their, strict=True))
        print(
            f"{kind:9} product {len(texts) / statistics.median(own):6.1f} chunks a second,"
            f" sentence-transformers {len(texts) / statistics.median(their):6.1f};"
            f" ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        )
    print(f"to reach: {target:.1f}, the median by the clock")


# --- all of indexing -----------------------------------------------------------------------------


def index(home: Path) -> tuple[int, float, float]:
    """Texts embedded, seconds from adding to the end, and of the processor; loading the model is left out."""
    service = DocumentsService(home)
    try:
        service.counts().result(300)  # the model is loaded
        used, began = processor_seconds(service.pid), time.perf_counter()
        added = service.add(reports(REPORTS, home)).result(60)
        rows = service.wait([row.id for row in added.documents]).result()
        seconds = time.perf_counter() - began
        used = processor_seconds(service.pid) - used
        assert all(row.state in (DocumentState.READY, DocumentState.PARTIAL) for row in rows), rows
        return service.counts().result(60)["embedded"], seconds, used
    finally:
        service.close()


def processor_seconds(pid: int | None) -> float:
    """Of a process and its children, the reader among them."""
    process = psutil.Process(pid)
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    return float(sum(each.user + each.system for each in times))


def compare_whole(product: Path, texts: Sequence[str]) -> None:
    """How much of the embedder's own pace is left when all of indexing goes on around it."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "texts.json"
        file.write_text(json.dumps(texts))
        with side("product", product, file) as ours:
            before = ours()
            embedded, seconds, used = index(Path(scratch) / "documents")
            after = ours()
    bare, bare_used = (2 * len(texts) / (one + other) for one, other in zip(before, after, strict=True))
    print(
        f"indexing  {embedded} chunks, {embedded / seconds:.1f} a second; the embedder alone {bare:.1f}:"
        f" {embedded / seconds / bare:.2f} of it (to reach: {WHOLE_TARGET});"
        f" of the processor's time {bare_used and embedded / used / bare_used:.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--chunks", type=int, default=210)
    parser.add_argument(
        "--embedder", type=Path, help="a sentence-transformers model instead of the built-in one"
    )
    parser.add_argument("--whole", action="store_true", help="also all of indexing, with the built-in model")
    parser.add_argument("--side", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side:
        name, folder, file = given.side
        serving = serve_product if name == "product" else serve_library
        serving(Path(folder), json.loads(Path(file).read_text()))
        return
    with tempfile.TemporaryDirectory() as scratch:
        if given.embedder:
            source, product, target = given.embedder, Path(scratch) / "embedder", TARGET_OTHER
            convert(source, product, source.name, "")
        else:
            source, product, target = builtin_model(), builtin_embedder().folder, TARGET_BUILTIN
        texts = chunks(given.chunks)
        compare(source, product, texts, given.rounds, target)
        if given.whole:
            compare_whole(builtin_embedder().folder, texts)


if __name__ == "__main__":
    main()

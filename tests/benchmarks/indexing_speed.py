"""How near indexing comes to the bare embedder: the same chunks, the same computer, in one run.

Takes annual reports from ../shared/data beside the checkout, or says that they are absent. The product
indexes them in its worker; then the bare embedder embeds the same texts in one call, in a process that does
nothing else. On a computer that is busy with other things, the processor's time tells more than the clock.

    python -m tests.benchmarks.indexing_speed [number of reports]
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psutil

from assistant.documents.records import DocumentState
from assistant.documents.service import DocumentsService
from assistant.documents.store.store import Store

REPORTS = Path(__file__).resolve().parents[3] / "shared/data/retrieval/financebench/pdfs"
TARGET = 0.85


def index(reports: list[Path], home: Path) -> tuple[int, float]:
    """Chunks, and seconds from adding to the end; loading the model does not count."""
    service = DocumentsService(home)
    try:
        service.counts().result(300)  # the model is loaded
        used = processor_seconds(service.pid)
        began = time.perf_counter()
        added = service.add(reports).result(60)
        rows = service.wait([row.id for row in added.documents]).result()
        seconds = time.perf_counter() - began
        print(f"product {processor_seconds(service.pid) - used:.1f} s of processor time")
        assert all(row.state in (DocumentState.READY, DocumentState.PARTIAL) for row in rows), rows
        embedded = service.counts().result(60)["embedded"]
    finally:
        service.close()
    return embedded, seconds


def processor_seconds(pid: int | None) -> float:
    """Of a process and its children, the reader among them."""
    process = psutil.Process(pid)
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    return float(sum(each.user + each.system for each in times))


def bare(home: Path) -> None:
    """In a process of its own: prints how many texts the bare embedder took how many seconds for."""
    from assistant.documents.records import Section
    from assistant.documents.search.embedder_conversion import builtin_embedder
    from assistant.documents.text.chunking import Chunker

    embedder = builtin_embedder()
    chunker = Chunker(embedder.tokenizer)
    store = Store(home)
    texts: dict[str, None] = {}
    titles = {row.id: row.title for row in store.documents()}
    with closing(sqlite3.connect(store.file)) as connection:
        sections = [row[0] for row in connection.execute("SELECT id FROM sections ORDER BY id")]
    for identity in sections:
        row = store.section(identity)
        assert row is not None
        section = Section(row.text, row.page, row.location, row.heading, row.table)
        texts.update((chunk.embed_text, None) for chunk in chunker.chunk(section, titles[row.document]))
    store.close()
    embedder.embed(list(texts)[:50])
    began, used = time.perf_counter(), time.process_time()
    embedder.embed(list(texts))
    print(len(texts), time.perf_counter() - began, time.process_time() - used)


def main() -> None:
    reports = sorted(REPORTS.glob("*.pdf"))[: int(sys.argv[1]) if len(sys.argv) > 1 else 3]
    if not reports:
        print(f"skipped: no reports in {REPORTS}")
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "documents"
        chunks, seconds = index(reports, home)
        print(f"product {chunks} chunks in {seconds:.1f} s: {chunks / seconds:.1f} a second")
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.indexing_speed", "--bare", str(home)],
            capture_output=True,
            text=True,
            check=True,
        )
        texts, bare_seconds, bare_used = (float(word) for word in done.stdout.split())
        print(f"bare    {bare_used:.1f} s of processor time")
        print(f"bare    {texts:.0f} chunks in {bare_seconds:.1f} s: {texts / bare_seconds:.1f} a second")
        ratio = (chunks / seconds) / (texts / bare_seconds)
        print(f"ratio   {ratio:.3f} (to reach: {TARGET})")


if __name__ == "__main__":
    if "--bare" in sys.argv:
        bare(Path(sys.argv[-1]))
    else:
        main()

"""Whether a page is found as well when it is a scan: FinanceBench's evidence pages as pictures.

    python -m tests.benchmarks.scanned_retrieval [--kept FILE] [--reports NAME …] [--dpi 200] [--each]

Reads the reports of `../shared/data` with the product's own reader, asks, and looks for the page with the
evidence. Then the evidence pages, and so that being a picture marks none out also the page behind each, are
drawn, recognised and put in the place of what was read of them. The same questions are asked again.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.documents.formats.pdf.headings import Headings
from assistant.documents.formats.pdf.hyphens import Hyphens
from assistant.documents.formats.pdf.pdf_file import PdfFile
from assistant.documents.recognition.recognised_sections import page_sections
from assistant.documents.records import Outcome, Part, Section
from assistant.documents.search.retrieval import Retriever
from assistant.file_reading.picture import Picture
from assistant.vision.engine import VisionEngine
from assistant.vision.records import RecognitionOptions
from assistant.workers.child import CallContext
from tests.benchmarks import corpora
from tests.benchmarks.financebench import by_source, questions, ranks, read

WANTED_LOSS = 0.05


def recognised(path: Path, pages: Sequence[int], dpi: int, engine: VisionEngine) -> dict[int, Part]:
    """The pages, counted from 1, as they are read from pictures of them."""
    file = PdfFile(path, None)
    found: dict[int, Part] = {}
    for number in pages:
        width, _ = file.page_size(number - 1)
        drawn = file.render(number - 1, round(width * dpi / 72))
        pixels = np.frombuffer(drawn.pixels, np.uint8).reshape(drawn.height, drawn.width, 4)
        picture = Picture(drawn.width, drawn.height, 1, pixels[:, :, 1].tobytes(), drawn.scale * 72)
        seen = engine.recognise(CallContext(), picture, RecognitionOptions(expected=("en",)))
        label = f"page {number}"
        sections = page_sections(seen, 1 / drawn.scale, (number, label), Headings(), Hyphens())
        kept = tuple(replace(section, boxes=None) for section in sections)
        found[number] = Part(number, label, Outcome.OCR if kept else Outcome.EMPTY, kept)
    file.close()
    return found


def kept_recognised(
    path: Path, pages: Sequence[int], dpi: int, engine: VisionEngine, kept: Path | None
) -> dict[int, Part]:
    """The same, kept in a file for trying out everything else."""
    file = None if kept is None else kept.with_name(f"{kept.stem}-{path.stem}-{dpi}.scans")
    known: dict[int, Part] = {}
    if file is not None and file.exists():
        known = pickle.loads(file.read_bytes())
    known |= recognised(path, [page for page in pages if page not in known], dpi, engine)
    if file is not None:
        file.write_bytes(pickle.dumps(known))
    return {page: known[page] for page in pages}


def characters(sections: Sequence[Section]) -> int:
    return sum(len(section.text) for section in sections)


def main() -> int:
    parser = corpora.arguments(__doc__ or "")
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--reports", nargs="+", help="only these, by their names")
    parser.add_argument("--each", action="store_true", help="show every question")
    given = parser.parse_args()
    folder = corpora.data_or_exit(corpora.DATA / "financebench")
    wanted = [each for each in questions(folder) if not given.reports or each.document in given.reports]
    embedder = corpora.KeptVectors(given.kept, given.embedder)
    names = {question.document for question in wanted}
    reports = {path.stem: path for path in sorted((folder / "pdfs").glob("*.pdf")) if path.stem in names}
    texts = {name: read(path, given.kept) for name, path in reports.items()}
    engine = VisionEngine(lambda _: None)
    began = time.monotonic()
    scans: dict[str, dict[int, Part]] = {}
    for name, path in reports.items():
        evidence = {page for question in wanted if question.document == name for page in question.pages}
        here = {part.number for part in texts[name][1]}
        pages = sorted((evidence | {page + 1 for page in evidence}) & here)
        scans[name] = kept_recognised(path, pages, given.dpi, engine, given.kept)
        for number, part in scans[name].items():
            read_before = next((each for each in texts[name][1] if each.number == number), None)
            share = characters(part.sections) / max(
                1, characters(read_before.sections if read_before else ())
            )
            if not 0.9 < share < 1.1:
                print(f"  {name}, page {number}: {share:.2f} × as many characters as its text", flush=True)
    count = sum(map(len, scans.values()))
    print(
        f"{count} pages at {given.dpi} dpi: {60 * count / (time.monotonic() - began):.1f} a minute",
        flush=True,
    )

    def asked(way: str, replaced: Mapping[str, Mapping[int, Part]]) -> list[int | None]:
        with corpora.corpus(embedder) as corpus:
            for name, (title, parts) in texts.items():
                instead = replaced.get(name, {})
                corpus.add(
                    str(reports[name]), title, "pdf", [instead.get(part.number, part) for part in parts]
                )
                embedder.save()
            weights = corpora.weights(given.weights)
            retriever = Retriever(corpus.store, corpus.vectors, embedder, weights)  # type: ignore[arg-type]
            found, _ = ranks(retriever, wanted)
        print(json.dumps({"way": way, **by_source(wanted, found)}), flush=True)
        return found

    text, scan = asked("text", {}), asked("pages as pictures", scans)
    if given.each:
        for question, one, other in zip(wanted, text, scan, strict=True):
            print(f"  {one or '-':>3} {other or '-':>3}  {question.document}  {question.text[:90]}")
    before, after = (_hits(found) for found in (text, scan))
    print(f"hit@5: {before:.3f} as text, {after:.3f} as pictures")
    return 0 if before - after <= WANTED_LOSS else 1


def _hits(found: Sequence[int | None]) -> float:
    return sum(rank is not None and rank <= 5 for rank in found) / len(found)


if __name__ == "__main__":
    sys.exit(main())

"""Translated documents keep their structure: as they are, and with every word changed; what is not kept.

    python -m tests.benchmarks.translated_structure [--only odt,html] [--target ar] [--convert] [--details]

Looks at every document of `../shared/data` in a format that can be translated. `--convert` has LibreOffice
make PDFs of the results, if it is installed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.errors import AssistantError
from assistant.file_reading.encoding_detection import decode
from assistant.translation.files.markup.tokens import TokenKind, tokens
from assistant.translation.files.open_file import SUFFIXES, open_file
from assistant.translation.records import Layout, Paragraph, TranslatedParagraph
from tests.benchmarks import office_structure
from tests.unit.translation.files.made_translations import texts, unchanged

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
_NAMES = {
    "paragraphs": {"p", "h", "h1", "h2", "h3", "h4", "h5", "h6", "li", "si"},
    "tables": {"tbl", "table", "tr", "table-row", "tc", "td", "th", "table-cell", "c", "row"},
    "pictures": {"drawing", "pict", "pic", "blip", "img", "image", "frame", "graphicFrame", "svg"},
    "links": {"hyperlink", "a", "hlinkClick"},
    "runs": {"r", "span", "b", "i", "em", "strong"},
    "notes": {"footnote", "footnoteReference", "endnote", "comment", "note", "annotation"},
    "styles": {"style", "pStyle", "rStyle", "xf", "class"},
    "formulas": {"f", "instrText", "fldSimple", "script", "code", "pre"},
}
"""Elements that are counted, by what they are."""
_PLAIN = {".txt", ".text", ".md", ".markdown", ".srt", ".vtt", ".csv", ".tsv", ".tab", ".po", ".pot", ".json"}
_CONVERTED = {"odt", "odp", "ods", "docx", "pptx", "xlsx", "html", "htm"}
_CONVERSION_SECONDS = 600
_MAPPED = str.maketrans("aeiouAEIOU", "eiouaEIOUA")


@dataclass
class Row:
    """What happened to the documents of one format."""

    files: int = 0
    paragraphs: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    crashed: list[str] = field(default_factory=list)
    same_text: int = 0
    read_back: int = 0
    """Documents of Office whose text is the same for the reader of documents."""
    same_structure: int = 0
    mapped_text: int = 0
    mapped_structure: int = 0
    below: int = 0
    seconds: float = 0.0
    converted: int = 0
    not_converted: list[str] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def mapped(paragraph: Paragraph) -> TranslatedParagraph:
    """Every vowel becomes another one: lengths, and so marks, stay."""
    return replace(unchanged(paragraph), text=paragraph.text.translate(_MAPPED))


def structure(path: Path) -> Counter[str]:
    """How many elements of each kind a document has; of text without elements, how many paragraphs."""
    found: Counter[str] = Counter()
    if path.suffix.lower() in office_structure.SUFFIXES:
        return office_structure.structure(path)
    if path.suffix.lower() in _PLAIN:
        return Counter(paragraphs=len(open_file(path).paragraphs))
    for name, text in _sources(path):
        for token in tokens(text, xml=not name.endswith((".html", ".htm"))):
            if token.kind in (TokenKind.START, TokenKind.EMPTY):
                local = token.name.rpartition(":")[2]
                found.update(kind for kind, names in _NAMES.items() if local in names)
    return found


def _sources(path: Path) -> Iterator[tuple[str, str]]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".xhtml", ".html", ".htm", ".opf", ".ncx")):
                    yield name, decode(archive.read(name))
    else:
        yield path.name, decode(path.read_bytes())


def _without_kept(paragraph: Paragraph, text: str) -> str:
    """Without the words of marks, of which some stay as they are."""
    pieces, at = [], 0
    for mark in sorted(paragraph.marks, key=lambda mark: mark.start):
        if mark.start >= at:
            pieces.append(text[at : mark.start])
        at = max(at, mark.end)
    return "".join((*pieces, text[at:]))


def measure(path: Path, folder: Path, row: Row, target: str) -> list[Path]:
    """Translate a document in every way; the files to convert."""
    row.files += 1
    started = time.perf_counter()
    try:
        file = open_file(path)
    except AssistantError as error:
        row.refused[error.reason] += 1
        return []
    except Exception as error:
        row.crashed.append(f"{path.name}: {type(error).__name__}: {error}")
        return []
    row.paragraphs += len(file.paragraphs)
    made: list[Path] = []
    written: dict[str, Path] = {}
    ways: tuple[tuple[str, Callable[[Paragraph], TranslatedParagraph], Layout], ...] = (
        ("same", unchanged, Layout.TRANSLATION),
        ("mapped", mapped, Layout.TRANSLATION),
        ("below", mapped, Layout.BELOW),
    )
    try:
        row.lost.update(lost.what.value for lost in file.lost)
        before, words = structure(path), list(file.paragraphs)
        for name, translate, layout in ways:
            output = folder / f"{path.stem}-{name}-{row.files}{path.suffix}"
            fresh = open_file(path)
            lost = fresh.write(output, [translate(one) for one in fresh.paragraphs], target, layout)
            row.lost.update(one.what.value for one in lost)
            written[name] = output
            made.append(output)
        same, changed = open_file(written["same"]), open_file(written["mapped"])
        row.same_text += _counted(row, path, "text", texts(same), [one.text for one in words])
        if path.suffix.lower() in office_structure.SUFFIXES:
            got, wanted = office_structure.read_text(written["same"]), office_structure.read_text(path)
            row.read_back += _counted(row, path, "text read back", got, wanted)
        row.same_structure += _counted(row, path, "structure", structure(written["same"]), before)
        wanted = [_without_kept(one, mapped(one).text) for one in words]
        pairs = zip(changed.paragraphs, texts(changed), strict=True)
        got = [_without_kept(one, text) for one, text in pairs]
        row.mapped_text += _counted(row, path, "mapped text", got, wanted)
        row.mapped_structure += _counted(row, path, "mapped structure", structure(written["mapped"]), before)
        row.below += len(open_file(written["below"]).paragraphs) >= len(words)
    except Exception as error:
        row.crashed.append(f"{path.name}: {type(error).__name__}: {error}")
    row.seconds += time.perf_counter() - started
    return made


def _counted(row: Row, path: Path, what: str, got: object, wanted: object) -> bool:
    if got == wanted:
        return True
    if isinstance(got, Counter) and isinstance(wanted, Counter):
        told = f"{dict(wanted - got)} missing, {dict(got - wanted)} more"
    elif isinstance(got, list) and isinstance(wanted, list):
        first = next((pair for pair in zip(got, wanted, strict=False) if pair[0] != pair[1]), ("", ""))
        told = f"{len(got)} of {len(wanted)}; {first[0][:70]!r} for {first[1][:70]!r}"
    else:
        told = ""
    row.differences.append(f"{path.name}: {what}: {told}")
    return False


def convert(made: dict[str, list[Path]], folder: Path, rows: dict[str, Row]) -> None:
    """Have LibreOffice open each result and make a PDF of it."""
    program = shutil.which("soffice")
    if program is None:
        print("LibreOffice is not installed: nothing was converted.")
        return
    for suffix, files in made.items():
        if suffix not in _CONVERTED or not files:
            continue
        pdfs = folder / f"pdf-{suffix}"
        profile = f"-env:UserInstallation=file://{folder}/profile"
        kind = ["--writer"] if suffix in ("html", "htm") else []
        command = [
            program,
            profile,
            "--headless",
            *kind,
            "--convert-to",
            "pdf",
            "--outdir",
            str(pdfs),
            *files,
        ]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as child:
            try:
                child.wait(_CONVERSION_SECONDS)
            except subprocess.TimeoutExpired:
                print(f"LibreOffice took too long for {suffix}.")
                os.killpg(child.pid, signal.SIGKILL)  # what was started is only a script that waits
        for file in files:
            pdf = pdfs / f"{file.stem}.pdf"
            if pdf.exists() and pdf.stat().st_size > 800:
                rows[suffix].converted += 1
            else:
                rows[suffix].not_converted.append(file.name)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--target", default="de")
    parser.add_argument("--convert", action="store_true")
    parser.add_argument("--details", action="store_true")
    options = parser.parse_args()
    if not (DATA / "documents").is_dir():
        print(f"Skipped: there is no {DATA / 'documents'}.")
        return 0
    only = {f".{suffix}" for suffix in options.only.split(",") if suffix} or SUFFIXES
    documents = sorted(
        path
        for part in ("documents", "hostile")
        for path in (DATA / part).rglob("*")
        if path.suffix.lower() in only and path.is_file() and path.suffix.lower() in SUFFIXES
    )
    rows: dict[str, Row] = {}
    made: dict[str, list[Path]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in documents:
            suffix = path.suffix.lower()[1:]
            made.setdefault(suffix, []).extend(
                measure(path, folder, rows.setdefault(suffix, Row()), options.target)
            )
        if options.convert:
            convert(made, folder, rows)
    _print(rows, {suffix: len(files) for suffix, files in made.items()}, options)
    return 0


def _print(rows: dict[str, Row], made: dict[str, int], options: argparse.Namespace) -> None:
    print(
        f"{'format':8}{'files':>6}{'refused':>8}{'paragraphs':>11}{'same text':>10}"
        f"{'read back':>10}{'structure':>10}{'mapped':>8}{'structure':>10}"
        f"{'below':>7}{'PDF':>10}{'seconds':>9}  not kept"
    )
    for suffix, row in sorted(rows.items()):
        read = row.files - sum(row.refused.values()) - len(row.crashed)
        pdf = f"{row.converted}/{made[suffix]}" if options.convert and suffix in _CONVERTED else ""
        back = f"{row.read_back}/{read}" if f".{suffix}" in office_structure.SUFFIXES else ""
        lost = ", ".join(f"{what} {count}" for what, count in sorted(row.lost.items()))
        print(
            f"{suffix:8}{row.files:>6}{sum(row.refused.values()):>8}{row.paragraphs:>11}"
            f"{row.same_text:>6}/{read:<3}{back:>10}{row.same_structure:>6}/{read:<3}{row.mapped_text:>4}/{read:<3}"
            f"{row.mapped_structure:>6}/{read:<3}{row.below:>3}/{read:<3}{pdf:>10}{row.seconds:>9.1f}  {lost}"
        )
    for suffix, row in sorted(rows.items()):
        for reason, count in row.refused.items():
            print(f"{suffix}: refused {count}: {reason}")
        for crash in row.crashed:
            print(f"{suffix}: CRASHED {crash}")
        for file in row.not_converted:
            print(f"{suffix}: not converted: {file}")
        for difference in row.differences if options.details else ():
            print(f"{suffix}: {difference}")


if __name__ == "__main__":
    raise SystemExit(main())

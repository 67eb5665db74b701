"""How much of the text of a document is read, against reference texts: F-measures per format.

    python -m tests.benchmarks.extraction [--only PART] [--worst N] [--show PART] [--compare]

Reads `../shared/data/documents/scored` relative to the repository root. A reference is a .txt or .md file
that is named like the document it belongs to (`report.docx` → `report.docx.md`, `report.md`, `report.txt`),
in its folder or in the same set. Marks of Markdown and the structure of JSON are taken off the references;
header rows that are repeated at the top of every section of a long table count once.

`words` is the F-measure of the words (of the characters in scripts without spaces), whatever their order;
`order` that of the characters in words that also come in the right order. For the encodings, the folder names
the encoding: `exact` counts files that are decoded letter by letter as it decodes them, and `order` is the
share of right characters. `--compare` adds the `words` that markitdown reads of the same files; it keeps no
pages, boxes or line numbers, which is why the readers are our own.
"""

from __future__ import annotations

import argparse
import codecs
import difflib
import html
import json
import os
import re
import sys
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.documents.formats.open_document import open_document
from assistant.documents.formats.shared.text_cleaning import plain
from assistant.documents.records import Part
from assistant.errors import DocumentError
from assistant.file_reading import encoding_detection

SCORED = Path(__file__).resolve().parents[3] / "shared" / "data" / "documents" / "scored"
MUST_INCLUDE = SCORED / "markitdown" / "must_include.json"
MAX_ORDERED_WORDS = 30_000

WORD = re.compile(r"[^\W_]+", re.UNICODE)
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
ENCODINGS = {
    "IBM855": "cp855",
    "IBM866": "cp866",
    "MacCyrillic": "mac_cyrillic",
    "charset_normalizer-mixed": "",
}
LANGUAGES = re.compile(
    r"-(?:bulgarian|croatian|czech|finnish|french|german|greek|hebrew|hungarian|polish|romanian|russian|slovak|slovene"
    r"|spanish|turkish|arabic|baltic|estonian|latvian|lithuanian|welsh|danish|norwegian|swedish|italian|dutch"
    r"|portuguese|ukrainian|belarusian|serbian|macedonian|vietnamese|thai|persian|farsi)$"
)


@dataclass(frozen=True, slots=True)
class Score:
    path: Path
    group: str
    words: float
    order: float
    exact: bool | None = None
    note: str = ""
    compared: float | None = None
    """`words` of markitdown."""


# --- texts ---------------------------------------------------------------------------------------


def extracted(path: Path, *, headings: bool = False) -> str:
    """All that the product reads of a document; header rows repeated for long tables only once.

    `headings`: with the headings that are searched along with the text, such as the names of sheets.
    """
    document = open_document(path)
    try:
        parts = list(document.parts())
    finally:
        document.close()
    texts = list(_texts(parts))
    if headings:
        texts += dict.fromkeys(
            name for part in parts for section in part.sections for name in section.heading
        )
    return "\n".join(texts)


def _texts(parts: Iterable[Part]) -> Iterator[str]:
    tops: dict[tuple[str, ...], str] = {}
    for part in parts:
        for section in part.sections:
            text = section.text
            if section.table:
                top, _, rest = text.partition("\n")
                if rest and tops.get(section.heading) == top:
                    text = rest
                tops[section.heading] = top
            yield text


def reference_text(path: Path) -> str:
    """A reference as bare text."""
    content = path.read_bytes()
    text = (
        content.decode("utf-8", "replace")
        if encoding_detection._is_utf8(content)
        else encoding_detection.decode(content)
    )
    if path.suffix == ".json" or text.lstrip()[:1] in ("{", "["):
        try:
            return "\n".join(_strings(json.loads(text)))
        except ValueError:
            pass
    return without_markdown(text) if path.suffix == ".md" else text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        # Exports of other tools wrap texts in records; what is not text is about the tool.
        chosen = [
            value[key] for key in ("text", "content", "page_content") if isinstance(value.get(key), str)
        ]
        for one in chosen or value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, str):
        yield value


def without_markdown(text: str) -> str:
    """Words of a Markdown text without its marks."""
    text = re.sub(r"<!--.*?-->", " ", text, flags=re.DOTALL)
    text = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r" \1 ", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^\s*\|?[\s:|-]+\|[\s:|-]*$", " ", text, flags=re.MULTILINE)
    text = re.sub(r"^\s{0,3}(?:#{1,6}|>+|[-*+]|```\w*|~~~\w*)(?=\s|$)", " ", text, flags=re.MULTILINE)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    return html.unescape(re.sub(r"[*`|]+|(?<!\w)_+|_+(?!\w)", " ", text))


def tokens(text: str) -> list[str]:
    """Words in small letters; single characters in scripts that put no spaces between words."""
    found: list[str] = []
    for word in WORD.findall(unicodedata.normalize("NFKC", plain(text)).casefold()):
        if UNSPACED.search(word):
            found.extend(word)
        else:
            found.append(word)
    return found


# --- measures ------------------------------------------------------------------------------------


def f_measure(right: float, found: float, wanted: float) -> float:
    return 2 * right / (found + wanted) if found + wanted else 1.0


def word_f(found: list[str], wanted: list[str]) -> float:
    right = sum((Counter(found) & Counter(wanted)).values())
    return f_measure(right, len(found), len(wanted))


def order_f(found: list[str], wanted: list[str]) -> float:
    """Characters in words that both have in the same order."""
    matcher = difflib.SequenceMatcher(
        None, found[:MAX_ORDERED_WORDS], wanted[:MAX_ORDERED_WORDS], autojunk=False
    )
    right = sum(sum(map(len, found[a : a + size])) for a, _, size in matcher.get_matching_blocks())
    return f_measure(
        right, sum(map(len, found[:MAX_ORDERED_WORDS])), sum(map(len, wanted[:MAX_ORDERED_WORDS]))
    )


def character_share(found: str, wanted: str) -> float:
    """The share of characters that are right, where both are texts of the same bytes."""
    if len(found) == len(wanted):
        return sum(a == b for a, b in zip(found, wanted, strict=True)) / max(1, len(wanted))
    return difflib.SequenceMatcher(None, found[:20_000], wanted[:20_000], autojunk=False).ratio()


# --- the sets ------------------------------------------------------------------------------------


def pairs(only: str) -> Iterator[tuple[Path, Path]]:
    """Documents with their reference texts."""
    for folder in sorted(path for path in SCORED.iterdir() if path.is_dir() and path.name != "encodings"):
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        texts: dict[str, list[Path]] = defaultdict(list)
        for path in files:
            if path.suffix in (".md", ".txt", ".json"):
                texts[path.name].append(path)
        for path in files:
            if only in str(path) and path.suffix.lower() not in (".sh", ".json"):
                reference = _reference(path, texts)
                if reference is not None:
                    yield path, reference


def _reference(path: Path, texts: dict[str, list[Path]]) -> Path | None:
    # Names beside the rules: one text was saved in many formats, another in many encodings.
    stem = re.sub(r"-utf-(?:16|32)(?:-[bl]e)?$", "", path.stem)
    names = [f"{path.name}{suffix}" for suffix in (".md", ".txt", ".json")]
    if path.suffix.lower() in (".txt", ".md"):
        names += [f"{stem}.txt"] if stem != path.stem else []
    else:
        names += [f"{path.stem}.md", f"{path.stem}.txt", f"{path.stem}__format-corpus.txt"]
    near = [path.parent, path.parent.parent]
    for name in names:
        for found in sorted(texts.get(name, ()), key=lambda one: one.parent not in near):
            # The text of raw_text.xls is not that of raw_text.html: such names count in their folder only.
            if found != path and (found.parent in near or name.startswith(path.name)) and _is_text(found):
                return found
    return None


def _is_text(path: Path) -> bool:
    """Whether it is a reference and not the same source under another name."""
    head = path.read_bytes()[:2000].lstrip()
    return not head.startswith((b"<!DOCTYPE", b"<?xml", b"<html", b"MIME-Version"))


def measure_text(path: Path, reference: Path, other: Callable[[Path], str] | None = None) -> Score:
    group = path.suffix.lower().lstrip(".")
    try:
        found = tokens(extracted(path))
    except DocumentError as error:
        return Score(path, group, 0.0, 0.0, note=f"{type(error).__name__}: {error}")
    wanted = tokens(reference_text(reference))
    compared = word_f(tokens(without_markdown(other(path))), wanted) if other else None
    return Score(path, group, word_f(found, wanted), order_f(found, wanted), compared=compared)


def markitdown() -> Callable[[Path], str]:
    """From a document to its text as Markdown; "" where it fails."""
    from markitdown import MarkItDown

    converter = MarkItDown()

    def convert(path: Path) -> str:
        try:
            return converter.convert(str(path)).text_content
        except Exception:  # it raises whatever its libraries do; what counts is what it read
            return ""

    return convert


def encoding_files(only: str) -> Iterator[tuple[Path, str]]:
    folder = SCORED / "encodings"
    for path in sorted(folder.glob("*/*")) if folder.is_dir() else ():
        name = LANGUAGES.sub("", path.parent.name)
        encoding = ENCODINGS.get(name, name)
        if encoding and only in str(path):
            yield path, encoding


def measure_encoding(path: Path, encoding: str) -> Score:
    content = path.read_bytes()
    try:
        codec = codecs.lookup(encoding).name
    except LookupError:
        return Score(path, "encodings", 0.0, 0.0, False, f"Python has no {encoding}")
    wanted = content.decode(codec, "replace").lstrip("\ufeff")
    found = encoding_detection.decode(content).lstrip("\ufeff")
    exact = found == wanted
    used = encoding_detection.detect(content)
    share = 1.0 if exact else character_share(found, wanted)
    return Score(
        path,
        "encodings",
        word_f(tokens(found), tokens(wanted)),
        share,
        exact,
        "" if exact else f"read as {used}",
    )


# --- what must be there --------------------------------------------------------------------------


def check_must_include(only: str) -> tuple[int, list[str]]:
    """How many strings were wanted, and each that is missing."""
    wanted_in: dict[str, Any] = json.loads(MUST_INCLUDE.read_text(encoding="utf-8"))
    by_name = {path.name: path for path in (SCORED / "markitdown").rglob("*") if path.is_file()}
    count, missing = 0, []
    for name, wanted in _wanted(wanted_in):
        path = by_name.get(Path(name).name)
        if path is None or only not in str(path):
            continue
        try:
            text = extracted(path, headings=True)
        except DocumentError as error:
            text = ""
            missing.append(f"{name}: {error}")
        have = _squeezed(text)
        for one in wanted:
            count += 1
            if _squeezed(without_markdown(one)) not in have:
                missing.append(f"{name}: {one!r}")
    return count, missing


def _wanted(value: Any) -> Iterator[tuple[str, list[str]]]:
    """File names with their strings, from an object by name or a list of records."""
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(one, list) and isinstance(key, str):
            yield key, [text for text in one if isinstance(text, str)]
        elif isinstance(one, dict):
            name = one.get("filename") or one.get("file") or key
            strings = one.get("must_include") or []
            yield str(name), [text for text in strings if isinstance(text, str)]


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


# --- the report ----------------------------------------------------------------------------------


def report(scores: list[Score], worst: int) -> None:
    groups: dict[str, list[Score]] = defaultdict(list)
    for score in scores:
        groups[score.group].append(score)
    print(f"{'format':12} {'files':>5} {'words':>7} {'order':>7} {'lowest':>7}  {'exact':7}  markitdown")
    for group, members in sorted(groups.items()):
        exact = [one.exact for one in members if one.exact is not None]
        compared = [one.compared for one in members if one.compared is not None]
        print(
            f"{group:12} {len(members):5} {_mean(one.words for one in members):7.3f} "
            f"{_mean(one.order for one in members):7.3f} {min(one.words for one in members):7.3f}"
            f"  {f'{sum(exact)}/{len(exact)}' if exact else '':7}"
            f"  {f'{_mean(compared):.3f}' if compared else ''}"
        )
    lowest = sorted(
        (one for one in scores if one.words < 0.995 or one.exact is False), key=lambda one: one.words
    )
    if lowest and worst:
        print("\nlowest:")
    for one in lowest[:worst]:
        print(f"  {one.words:.3f} {one.order:.3f}  {one.path.relative_to(SCORED)}  {one.note}")


def _mean(values: Iterable[float]) -> float:
    kept = list(values)
    return sum(kept) / len(kept) if kept else 0.0


def show(part_of_path: str) -> None:
    """Words that are missing and words too many, for looking into one file."""
    for path, reference in pairs(part_of_path):
        found, wanted = Counter(tokens(extracted(path))), Counter(tokens(reference_text(reference)))
        print(f"{path.relative_to(SCORED)} against {reference.relative_to(SCORED)}")
        print("  missing:", dict((wanted - found).most_common(60)))
        print("  too many:", dict((found - wanted).most_common(60)))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", default="", help="only files with this in their path")
    parser.add_argument("--worst", type=int, default=15, help="how many of the lowest to list")
    parser.add_argument("--show", default="", help="the words that differ, for files with this in their path")
    parser.add_argument("--compare", action="store_true", help="also what markitdown reads")
    options = parser.parse_args()
    if not SCORED.is_dir():
        print(f"Skipped: there is no {SCORED}.")
        return 0
    with tempfile.TemporaryDirectory() as home:
        os.environ["OFFLINE_ASSISTANT_HOME"] = home
        if options.show:
            show(options.show)
            return 0
        start = time.perf_counter()
        other = markitdown() if options.compare else None
        scores = [measure_text(path, reference, other) for path, reference in pairs(options.only)]
        scores += [measure_encoding(path, encoding) for path, encoding in encoding_files(options.only)]
        report(scores, options.worst)
        if MUST_INCLUDE.is_file():
            count, missing = check_must_include(options.only)
            print(f"\nmust_include: {count - len(missing)} of {count} found")
            for one in missing:
                print(f"  missing  {one}")
        else:
            print(f"\nmust_include: not checked, there is no {MUST_INCLUDE.relative_to(SCORED)}")
        print(f"\n{len(scores)} files in {time.perf_counter() - start:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())

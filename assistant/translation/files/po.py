"""Translations of programs by gettext (.po, .pot): each msgid becomes the msgstr below it.

Translation alone: the original stands there anyway. What people have translated into the target stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import UnreadableDocument
from assistant.translation.files.encoded_text import EncodedText, read_text
from assistant.translation.files.language_tags import language_of
from assistant.translation.files.plural_forms import plural_forms
from assistant.translation.files.writing import save
from assistant.translation.records import Layout, Lost, Paragraph, TranslatedParagraph

_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)[ \t]*(\".*)", re.DOTALL)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)"')
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_MNEMONIC = re.compile(r"(?<!\w)_(?=[^\W\d_])|(?<!\S)&(?=[^\W\d_])(?!\w+;)|(?<=\w)&(?=[^\W\d_])(?!\w+;)")
_LETTER = re.compile(r"[^\W\d_]")
_WIDTH = 76


@dataclass(slots=True)
class _Entry:
    first: int
    """Its lines, `last` not among them."""
    last: int
    flags: list[int] = field(default_factory=list)
    """Lines with flags."""
    fuzzy: bool = False
    values: dict[str, str] = field(default_factory=dict)
    """By keyword."""
    answers: tuple[int, int] = (0, 0)
    """The lines of its msgstr."""

    @property
    def singular(self) -> str:
        return self.values.get("msgid", "")

    @property
    def plural(self) -> str:
        return self.values.get("msgid_plural", "")

    @property
    def is_answered(self) -> bool:
        answers = [text for name, text in self.values.items() if name.startswith("msgstr")]
        return bool(answers) and all(answers) and not self.fuzzy


class PoFile:
    def __init__(self, source: EncodedText) -> None:
        self._source = source
        self._lines = re.findall(r"[^\n]*\n|[^\n]+", source.text)
        self._entries = list(_entries(self._lines))
        if not self._entries:
            raise UnreadableDocument("not-what-its-name-says", format="PO")
        self._header = next(
            (one for one in self._entries if "msgid" in one.values and not one.singular), None
        )
        self._said = [one for one in self._entries if _LETTER.search(one.singular)]
        self._written_in = language_of(self._head("Language"))
        self.language = language_of(self._head("X-Source-Language")) or "en"
        self.lost: tuple[Lost, ...] = ()
        self.paragraphs: tuple[Paragraph, ...] = tuple(
            Paragraph(_bare(line)[1], language=self.language, place=entry.values.get("msgctxt", ""))
            for entry in self._said
            for line in _said_lines(entry)
        )

    def _head(self, name: str) -> str:
        if self._header is None:
            return ""
        found = re.search(rf"^{name}:[ \t]*(.*)$", self._header.values.get("msgstr", ""), re.MULTILINE)
        return found.group(1).strip() if found else ""

    def write(
        self, output: Path, translated: Sequence[TranslatedParagraph], target: str, layout: Layout
    ) -> tuple[Lost, ...]:
        lines = list(self._lines)
        ending = self._source.line_end
        kept = self._written_in == target
        at = 0
        for entry in self._said:
            count = len(list(_said_lines(entry)))
            mine = translated[at : at + count]
            at += count
            if not (kept and entry.is_answered):
                self._answer(lines, entry, mine, target, ending)
        if self._header is not None:
            self._write_header(lines, self._header, target, ending)
        text = "".join(lines)
        content, encoding = self._source.encode(text)
        if encoding != self._source.encoding:
            text = re.sub(r"(charset=)[\w.-]+", rf"\g<1>{encoding.upper()}", text, count=1)
            content = self._source.encode(text)[0]
        save(output, content)
        return ()

    def _answer(
        self,
        lines: list[str],
        entry: _Entry,
        translated: Sequence[TranslatedParagraph],
        target: str,
        ending: str,
    ) -> None:
        """Put the msgstr of an entry where it was."""
        own = list(_lines_of(entry.singular))
        singular = _joined(entry.singular, translated[: len(own)])
        plural = _joined(entry.plural, translated[len(own) :])
        start, end = entry.answers
        if entry.plural:
            forms = plural_forms(target)
            answers = "".join(
                _written(f"msgstr[{form}]", singular if form == forms.one else plural, ending)
                for form in range(forms.count)
            )
        else:
            answers = _written("msgstr", singular, ending)
        lines[start:end] = [answers, *[""] * (end - start - 1)]
        doubtful = any(one.concerns for one in translated)
        for number in entry.flags:
            lines[number] = _with_flag(lines[number], fuzzy=doubtful)
        if doubtful and not entry.flags:
            begin = next(
                number for number in range(entry.first, entry.last) if not lines[number].startswith("#")
            )
            lines[begin] = f"#, fuzzy{ending}{lines[begin]}"

    def _write_header(self, lines: list[str], header: _Entry, target: str, ending: str) -> None:
        text = header.values.get("msgstr", "")
        for name, value in (("Language", target), ("Plural-Forms", plural_forms(target).header)):
            found = re.search(rf"^{name}:.*$", text, re.MULTILINE)
            if found:
                text = f"{text[: found.start()]}{name}: {value}{text[found.end() :]}"
            else:
                text = f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}{name}: {value}\n"
        start, end = header.answers
        lines[start:end] = [_written("msgstr", text, ending), *[""] * (end - start - 1)]


def open(path: Path) -> PoFile:
    """Raises UnreadableDocument."""
    return PoFile(read_text(path))


def _entries(lines: Sequence[str]) -> Iterator[_Entry]:
    entry: _Entry | None = None
    keyword = ""
    for number, raw in enumerate(lines):
        line = raw.strip()
        begins = line.startswith(("#", "msgctxt", "msgid ", 'msgid"'))
        if not line or (begins and keyword.startswith("msgstr")):
            if entry is not None and keyword.startswith("msgstr"):
                yield entry
            entry, keyword = None, ""
            if not line:
                continue
        entry = entry or _Entry(number, number)
        entry.last = number + 1
        if line.startswith("#"):
            if line.startswith("#,"):
                entry.flags.append(number)
                entry.fuzzy = entry.fuzzy or "fuzzy" in line
            continue
        match = _KEYWORD.match(line)
        if match:
            keyword = match.group(1)
            entry.values[keyword] = _read(match.group(2))
            if keyword.startswith("msgstr"):
                entry.answers = (entry.answers[0] or number, number + 1)
        elif line.startswith('"') and keyword:
            entry.values[keyword] += _read(line)
            if keyword.startswith("msgstr"):
                entry.answers = (entry.answers[0], number + 1)
    if entry is not None and keyword.startswith("msgstr"):
        yield entry


def _read(line: str) -> str:
    match = _STRING.match(line)
    if match is None:
        return ""
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found.group(1), found.group()), match.group(1))


def _written(keyword: str, text: str, ending: str) -> str:
    """A keyword with its string, over several lines where it has several or is long."""
    pieces = [_quoted(piece) for piece in re.findall(r"[^\n]*\n|[^\n]+", text)]
    if len(pieces) > 1 or (pieces and len(pieces[0]) + len(keyword) > _WIDTH and " " in text):
        return ending.join((f'{keyword} ""', *pieces, ""))
    return f"{keyword} {pieces[0] if pieces else chr(34) * 2}{ending}"


def _quoted(text: str) -> str:
    for sign, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(sign, escape)
    return f'"{text}"'


def _with_flag(line: str, *, fuzzy: bool) -> str:
    body = line.strip()
    flags = [flag.strip() for flag in body[2:].split(",") if flag.strip() not in ("", "fuzzy")]
    flags = ["fuzzy", *flags] if fuzzy else flags
    return f"#, {', '.join(flags)}{line[len(line.rstrip()) :]}" if flags else ""


def _lines_of(text: str) -> Iterator[str]:
    """The lines of a string that hold words."""
    return (line for line in text.split("\n") if _LETTER.search(line))


def _said_lines(entry: _Entry) -> Iterator[str]:
    yield from _lines_of(entry.singular)
    yield from _lines_of(entry.plural)


def _bare(line: str) -> tuple[str, str]:
    """The sign that marks a letter as a key ("_File", "&File"), and the line without it and white space."""
    found = _MNEMONIC.findall(line)
    if len(found) == 1 and len(line.split()) < 7:
        return found[0], _MNEMONIC.sub("", line).strip()
    return "", line.strip()


def _joined(source: str, translated: Sequence[TranslatedParagraph]) -> str:
    """A string with the lines that are translated, the white space and the keys of its own ones."""
    words = iter(translated)
    lines = []
    for line in source.split("\n"):
        if _LETTER.search(line):
            sign, bare = _bare(line)
            text = next(words).text
            if sign and text != bare:
                letter = _LETTER.search(text)
                text = f"{text[: letter.start()]}{sign}{text[letter.start() :]}" if letter else text
            before = line[: len(line) - len(line.lstrip())]
            lines.append(line if text == bare else f"{before}{text}{line[len(line.rstrip()) :]}")
        else:
            lines.append(line)
    return "\n".join(lines)

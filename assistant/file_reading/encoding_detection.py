"""Which encoding a text is in: its mark, what it declares, what is valid, and last what its letters say."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import webencodings

from assistant.errors import UnreadableDocument

HEAD_BYTES = 1 << 18
"""How much of a file is looked at first."""
SAMPLE_BYTES = 1 << 16
"""How much is looked at of the first place with letters beyond ASCII."""
SEARCH_BYTES = 1 << 26
"""How far a file that begins in ASCII is searched for the first letter that is not."""
BLOCK_BYTES = 1 << 20
"""How much of a file is read at a time."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MEANT = {
    "cp932": ("cp932", "shift_jis_2004"),
    "shift_jis": ("shift_jis", "cp932", "shift_jis_2004"),
    "euc-jp": ("euc_jp", "euc_jis_2004"),
    "iso-2022-jp": ("iso2022_jp_2", "iso2022_jp_ext", "iso2022_jp_2004"),
    "gbk": ("gb18030",),
    "big5": ("big5", "cp950", "big5hkscs"),
    "cp950": ("cp950", "big5hkscs"),
    "iso-8859-8": ("iso8859-8", "cp1255"),
    "iso-8859-8-i": ("iso8859-8", "cp1255"),
}
"""What a name means in practice: the first of these codecs that decodes the text without an error."""
_OTHER_NAMES = {
    **dict.fromkeys(("ascii", "us-ascii", "ansi_x3.4-1968"), ""),  # what is not ASCII after all may be any
    **dict.fromkeys(("windows-31j", "ms932"), "cp932"),
    "ks_c_5601": "cp949",
    "x-mac-ce": "mac_latin2",
}
"""Names that webencodings does not know or takes for a larger set."""
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})"""
    rb"""|<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_ESCAPES = (b"\x1b$", b"\x1b(", b"\x1b.", b"~{")
MAX_CONTROL_SHARE = 0.02
"""More control characters among all are no text."""
_ASIAN = frozenset(
    {
        "shift_jis", "cp932", "shift_jis_2004", "euc_jp", "euc_jis_2004", "gb18030", "big5", "cp950",
        "big5hkscs", "cp949", "johab", "hz", "iso2022_jp_2", "iso2022_jp_ext", "iso2022_jp_2004",
        "iso2022_kr",
    }
)  # fmt: skip
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fc]")
_RARE_WESTERN = frozenset(
    {
        "mac-roman", "mac-latin2", "mac-turkish", "mac-iceland", "mac-croatian", "mac-romanian", "cp437",
        "cp850", "cp852", "cp858", "cp720", "cp775", "cp857", "cp860", "cp861", "cp863", "cp865", "iso8859-3",
        "iso8859-4", "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-16", "cp737", "cp1257", "cp1258",
        "cp855", "cp862", "cp866", "cp1253", "cp1255",
    }
)  # fmt: skip
"""What a few letters in a short text are taken for, though it was written under Windows nearly always."""
_CENTRAL = frozenset({"cp1250", "iso8859-2"})
_FEW_LETTERS = 4
"""So many letters beyond ASCII are too few for statistics."""
_ODD_WESTERN = re.compile(
    "[\ufffdˆ˜ƒ†‡‰¨¯´¸¬¦¤ŠšŽžŸÞþÐðÝý]|[a-zß-öø-ÿ][A-ZÀ-ÖØ-Þ]"
    "|[a-z][‚„…‹›“”•™¡¢£¥§©ª«®°±²³µ¶·¹º»¼½¾¿×÷][a-z]| […‚‹›•™¢¥©ª®±²³µ¶·¹º¼½¾] "
)
"""What a few letters of another set look like as cp1252: rare letters, capitals and signs inside words."""
_FOREIGN = re.compile("[\u0370-\u07ff]")
_IN_LATIN_WORDS = re.compile(
    r"(?<=[A-Za-z])[\u0370-\u07ff](?=[A-Za-z\s.,;:!?]|$)|(?<!\S)[\u0370-\u07ff](?=[A-Za-z])"
)
_SPANISH = re.compile(r"¿[^¿?\n]{1,300}\?|¡[^¡!\n]{1,300}!")
_ODD_CYRILLIC = re.compile(
    "[\u0430-\u044f][\u0410-\u042f]|[\u0402\u0403\u0409-\u040f\u0452\u0453\u0459-\u045f‚„†‡€‰‹›][\u0430-\u044f]"
)
"""Capitals inside words, signs and Serbian letters at their start: a Mac's text in Windows' set."""


def _western(error: UnicodeError) -> tuple[str, int]:
    """Stray bytes in a text that is otherwise UTF-8 come from Windows nearly always."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("offline-assistant-western", _western)


def decode(content: bytes, declared: str = "") -> str:
    """All of `content` as text. `declared`: the encoding that a header outside names, if one does."""
    return text_and_encoding(content, declared)[0]


def text_and_encoding(content: bytes, declared: str = "") -> tuple[str, str]:
    """As `decode`, with the encoding that it was taken for."""
    encoding = detect(_sample(content), declared)
    return content.decode(encoding, _errors(encoding)), encoding


def encoding_of(path: Path) -> str:
    """The encoding of a file, from its head and the first place with letters beyond ASCII.

    Raises UnreadableDocument where it is not text at all.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        encoding = detect(head)
        ascii_only = encoding == "utf-8" and head.isascii()
        while ascii_only and file.tell() < SEARCH_BYTES and (block := file.read(BLOCK_BYTES)):
            if not block.isascii():
                encoding, ascii_only = detect(_sample(block)), False
    text = head.decode(encoding, _errors(encoding))
    if len(_CONTROLS.findall(text)) > MAX_CONTROL_SHARE * len(text):
        raise UnreadableDocument("not-text")
    return encoding


def decoded_blocks(path: Path, encoding: str) -> Iterator[str]:
    """The text of a file of any size, in blocks of about a million characters."""
    decoder = codecs.getincrementaldecoder(encoding)(_errors(encoding))
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def numbered_lines(path: Path, encoding: str, longest: int) -> Iterator[tuple[int, str]]:
    """Lines without their ends, numbered from 1; one of more than `longest` characters comes in pieces."""
    number = 1
    rest = ""
    for block in decoded_blocks(path, encoding):
        text = rest + block
        held = "\r" if text.endswith("\r") else ""  # its "\n" may come with the next block
        *whole, rest = text.removesuffix("\r").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for line in whole:
            while len(line) > longest:
                piece, line = _cut(line, longest)
                yield number, piece
            yield number, line
            number += 1
        while len(rest) > longest:
            piece, rest = _cut(rest, longest)
            yield number, piece
        rest += held
    yield number, rest.removesuffix("\r")


def _cut(line: str, longest: int) -> tuple[str, str]:
    at = line.rfind(" ", longest // 2, longest)
    at = at + 1 if at > 0 else longest
    return line[:at], line[at:]


def _errors(encoding: str) -> str:
    """What a decoder does about bytes that are wrong in this encoding."""
    return "offline-assistant-western" if encoding.startswith("utf-8") else "replace"


def detect(content: bytes, declared: str = "") -> str:
    """The codec of `content`, which may be a piece of something longer. It leaves a byte order mark out."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    wide = _wide(content)
    if wide:
        return wide
    if _is_utf8(content):
        return "utf-8"
    for name in (declared, declared_in(content)):
        found = _meant(name, content)
        if found and not found.startswith(("utf-", "utf_")) and _fits(content, found):
            return found
    return _guess(content)


def declared_in(content: bytes) -> str:
    """The encoding that XML or HTML names in its first lines; "" where it names none."""
    match = _DECLARED.search(content[:4096])
    return (match.group(1) or match.group(2)).decode("ascii", "ignore") if match else ""


def _sample(content: bytes) -> bytes:
    """The head, and where that is ASCII alone, the first place that is not."""
    head = content[:HEAD_BYTES]
    if len(content) <= HEAD_BYTES or not head.isascii():
        return head
    for start in range(HEAD_BYTES, len(content), BLOCK_BYTES):
        block = content[start : start + BLOCK_BYTES]
        if not block.isascii():
            at = next(index for index, byte in enumerate(block) if byte > 127)
            line = block.rfind(b"\n", 0, at) + 1
            return block[line : line + SAMPLE_BYTES]
    return head


def _wide(content: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: where the NULs stand, or else where the spaces and line ends do."""
    sample = content[: SAMPLE_BYTES & ~3]
    if len(sample) < 4 or 0 not in sample:
        return ""
    units = Counter(sample[index : index + 2] for index in range(0, len(sample), 2))
    half = len(sample) / 2
    for encoding, high, signs in (
        ("utf-16-le", 1, (b" \0", b"\n\0", b"\r\0", b"\x01\x30", b"\x02\x30")),
        ("utf-16-be", 0, (b"\0 ", b"\0\n", b"\0\r", b"\x30\x01", b"\x30\x02")),
    ):
        spaces = sum(units[sign] for sign in signs)
        if sample[1 - high :: 2].count(0) >= 0.02 * half or not _fits(sample, encoding):
            continue
        if sample[high::2].count(0) > 0.4 * half or spaces > 0.01 * half:
            return encoding
    return next((encoding for encoding in ("utf-32-le", "utf-32-be") if _fits(sample, encoding)), "")


def _escaped(content: bytes) -> bool:
    """Whether it may be one of the encodings that switch alphabets by escape sequences."""
    return any(escape in content for escape in _ESCAPES)


def _is_utf8(content: bytes) -> bool:
    if content.isascii():
        return not _escaped(content)
    text = content.decode("utf-8", "replace")
    # A piece may end within a character; strays in a long text do not make it another encoding.
    wrong = text.count("\ufffd") - (1 if text.endswith("\ufffd") else 0)
    if not wrong:
        return True
    right = sum(1 for sign in text if sign > "\x7f") - wrong
    return right > 20 * wrong


def _meant(name: str, content: bytes) -> str:
    """The codec that a name in a file means; "" for a name that means nothing."""
    name = name.strip().lower()
    name = _OTHER_NAMES.get(name, name)
    label = webencodings.lookup(name)
    if label is not None and label.name in ("replacement", "x-user-defined"):  # what browsers do not read
        label = None
    try:
        codec: codecs.CodecInfo = codecs.lookup(name) if label is None else label.codec_info
    except (LookupError, ValueError):
        return ""
    if not getattr(codec, "_is_text_encoding", True):
        return ""
    candidates = _MEANT.get(label.name if label is not None else codec.name, (codec.name,))
    return next((one for one in candidates if _fits(content, one)), candidates[0])


def _fits(content: bytes, encoding: str) -> bool:
    """Whether `content` decodes without an error, a last character that is cut off aside."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        text = decoder.decode(content, final=False)
    except (UnicodeError, LookupError):
        return False
    return len(_CONTROLS.findall(text)) <= MAX_CONTROL_SHARE * max(1, len(text))


def _guess(content: bytes) -> str:
    import chardet

    sample = content[:200_000]
    found = chardet.detect(sample, encoding_era=chardet.EncodingEra.ALL & ~chardet.EncodingEra.MAINFRAME)
    encoding = _meant(found["encoding"] or "", content) or "cp1252"
    if encoding in _ASIAN:
        return encoding
    for japanese in ("shift_jis", "cp932", "euc_jp"):
        # A short line is not enough for statistics, but kana do not come about by chance.
        if _share(sample, japanese, _KANA) > 0.4:
            return japanese
    western = sample.decode("cp1252", "replace")
    if _mixes_scripts(sample.decode(encoding, "replace")) and not _ODD_WESTERN.search(western):
        return "cp1252"
    if encoding == "mac-cyrillic" and not _ODD_CYRILLIC.search(sample.decode("cp1251", "replace")):
        # The small letters are the same in both, and Windows has written a thousand times as many texts.
        return "cp1251"
    few = len(sample) - len(sample.decode("ascii", "ignore")) <= _FEW_LETTERS
    if few and encoding in _RARE_WESTERN and not _ODD_WESTERN.search(western):
        return "cp1252"
    if encoding in _RARE_WESTERN | _CENTRAL and _SPANISH.search(western):
        return "cp1252"
    return encoding


def _mixes_scripts(text: str) -> bool:
    """Whether most letters beyond ASCII are of another script and yet stand in Latin words, as in "Seсor"."""
    foreign = _FOREIGN.findall(text)
    return len(_IN_LATIN_WORDS.findall(text)) * 2 > len(foreign)


def _share(content: bytes, encoding: str, letters: re.Pattern[str]) -> float:
    """How much of what is not ASCII is of these letters; 0 where it does not decode without an error."""
    if not _fits(content, encoding):
        return 0.0
    text = content.decode(encoding, "ignore")
    return len(letters.findall(text)) / max(1, sum(sign > "\x7f" for sign in text))

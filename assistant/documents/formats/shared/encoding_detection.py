"""Which encoding a text is in: its mark, what it declares, what is valid, and last what its letters say."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UnreadableDocument

HEAD_BYTES = 1 << 18
SAMPLE_BYTES = 1 << 16
SEARCH_BYTES = 1 << 26
"""How far a file that begins in ASCII is searched for the first letter that is not."""
BLOCK_BYTES = 1 << 20

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# What a name means in practice: the first of these that decodes the text without an error. Programs write
# Windows' larger sets under the names of the standards.
_MEANT = {
    "ascii": ("utf-8",),
    "iso8859-1": ("cp1252",),
    "iso8859-9": ("cp1254",),
    "iso8859-8": ("iso8859-8", "cp1255"),
    "iso8859-11": ("cp874", "iso8859-11"),
    "tis-620": ("tis-620", "cp874"),
    "shift_jis": ("shift_jis", "cp932", "shift_jis_2004"),
    "cp932": ("cp932", "shift_jis_2004"),
    "euc_jp": ("euc_jp", "euc_jis_2004"),
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "big5": ("big5", "cp950", "big5hkscs"),
    "cp950": ("cp950", "big5hkscs"),
    "euc_kr": ("cp949",),
    "johab": ("johab",),
    "iso2022_jp": ("iso2022_jp_2", "iso2022_jp_ext", "iso2022_jp_2004"),
    "hz": ("hz",),
}
_ALIASES = {
    "x-sjis": "shift_jis",
    "windows-31j": "cp932",
    "ms932": "cp932",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gbk",
    "gb_2312-80": "gb2312",
    "x-x-big5": "big5",
    "big5-hkscs": "big5hkscs",
    "windows-949": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "dos-874": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "x-mac-cyrillic": "mac_cyrillic",
    "maccyrillic": "mac_cyrillic",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-ce": "mac_latin2",
    "unicode": "utf-8",
    "utf8mb4": "utf-8",
    "unknown-8bit": "",
    "x-unknown": "",
    "x-user-defined": "",
    "hz-gb-2312": "hz",
    "euc-tw": "",
}
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})"""
    rb"""|<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_ESCAPES = (b"\x1b$", b"\x1b(", b"\x1b.", b"~{")
MAX_CONTROL_SHARE = 0.02
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
        "cp855", "cp866", "cp1253", "cp1255",
    }
)  # fmt: skip
"""What a few letters in a short text are taken for, though it was written under Windows nearly always."""
_CENTRAL = frozenset({"cp1250", "iso8859-2"})
_FEW_LETTERS = 4
_ODD_WESTERN = re.compile(
    "[\ufffdˆ˜ƒ†‡‰¨¯´¸¬¦¤ŠšŽžŸÞþÐðÝý]|[a-zß-öø-ÿ][A-ZÀ-ÖØ-Þ]"
    "|[a-z][‚„…‹›“”•™¡¢£¥§©ª«®°±²³µ¶·¹º»¼½¾¿×÷][a-z]| […‚‹›•™¢¥©ª®±²³µ¶·¹º¼½¾] "
)
"""What a few letters of another set look like as cp1252: rare letters, capitals and signs inside words."""
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


@dataclass(frozen=True, slots=True)
class Charset:
    """How bytes become text."""

    encoding: str
    """A codec of Python."""
    mark: int = 0
    """How many bytes at the start are a byte order mark."""

    @property
    def errors(self) -> str:
        return "offline-assistant-western" if self.encoding == "utf-8" else "replace"


def decode(content: bytes, declared: str = "") -> str:
    """All of `content` as text. `declared`: the encoding that a header outside names, if one does."""
    charset = sniff(_sample(content), declared)
    return content[charset.mark :].decode(charset.encoding, charset.errors)


def charset_of(path: Path) -> Charset:
    """The encoding of a file, from its head and the first place with letters beyond ASCII.

    Raises UnreadableDocument where it is not text at all.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        charset = sniff(head) if not head.isascii() or 0 in head or _escaped(head) else None
        if charset is None:
            searched = len(head)
            while searched < SEARCH_BYTES and (block := file.read(BLOCK_BYTES)):
                searched += len(block)
                if not block.isascii():
                    charset = sniff(_sample(block))
                    break
    charset = charset or Charset("utf-8")
    check_text(head, charset)
    return charset


def check_text(head: bytes, charset: Charset) -> None:
    """Raises UnreadableDocument where the bytes are no text in any encoding."""
    text = head[charset.mark :].decode(charset.encoding, charset.errors)
    if text and len(_CONTROLS.findall(text)) > MAX_CONTROL_SHARE * len(text):
        raise UnreadableDocument("not-text")


def sniff(content: bytes, declared: str = "") -> Charset:
    """The encoding of `content`, which may be a piece of something longer."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return Charset(encoding, len(mark))
    wide = _wide(content)
    if wide:
        return Charset(wide)
    if content.isascii() and not _escaped(content):
        return Charset("utf-8")
    if _is_utf8(content):
        return Charset("utf-8")
    for name in (declared, declared_in(content)):
        found = _meant(name, content)
        if found and not found.startswith(("utf-16", "utf-32", "utf-8", "utf_")) and _fits(content, found):
            return Charset(found)
    return Charset(_guess(content))


def declared_in(content: bytes) -> str:
    """The encoding that XML or HTML names in its first lines; "" where it names none."""
    match = _DECLARED.search(content[:4096])
    return (match.group(1) or match.group(2)).decode("ascii", "ignore") if match else ""


def decoded_blocks(path: Path, charset: Charset) -> Iterator[str]:
    """The text of a file of any size, in blocks of about a million characters."""
    decoder = codecs.getincrementaldecoder(charset.encoding)(charset.errors)
    with path.open("rb") as file:
        file.seek(charset.mark)
        while block := file.read(BLOCK_BYTES):
            yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


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
    lanes = [sample[lane::4].count(0) / max(1, len(sample[lane::4])) for lane in range(4)]
    if lanes[0] < 0.5 and lanes[2] > 0.9 and lanes[3] > 0.95 and _fits(sample, "utf-32-le"):
        return "utf-32-le"
    if lanes[0] > 0.95 and lanes[1] > 0.9 and lanes[3] < 0.5 and _fits(sample, "utf-32-be"):
        return "utf-32-be"
    for encoding, low, signs in (
        ("utf-16-le", (lanes[0] + lanes[2]) / 2, (b" \0", b"\n\0", b"\r\0", b"\x01\x30", b"\x02\x30")),
        ("utf-16-be", (lanes[1] + lanes[3]) / 2, (b"\0 ", b"\0\n", b"\0\r", b"\x30\x01", b"\x30\x02")),
    ):
        high = (sum(lanes) / 2) - low
        units = [sample[index : index + 2] for index in range(0, min(len(sample), 20_000), 2)]
        spaces = sum(unit in signs for unit in units) / len(units)
        if low < 0.02 and (high > 0.4 or spaces > 0.01) and _fits(sample, encoding):
            return encoding
    return ""


def _escaped(content: bytes) -> bool:
    """Whether it may be one of the encodings that switch alphabets by escape sequences."""
    return any(escape in content for escape in _ESCAPES)


def _is_utf8(content: bytes) -> bool:
    if _escaped(content) and content.isascii():
        return False
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
    name = _ALIASES.get(name, name)
    if not name:
        return ""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    if not getattr(codec, "_is_text_encoding", True):
        return ""
    candidates = _MEANT.get(codec.name, (codec.name,))
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

    sample = content if len(content) <= 200_000 else content[:200_000]
    found = chardet.detect(sample, encoding_era=chardet.EncodingEra.ALL & ~chardet.EncodingEra.MAINFRAME)
    encoding = _meant(found["encoding"] or "", content) or "cp1252"
    if encoding in _ASIAN:
        return encoding
    for japanese in ("shift_jis", "cp932", "euc_jp"):
        # A short line is not enough for statistics, but kana do not come about by chance.
        if _share(sample, japanese, _KANA) > 0.4:
            return japanese
    if encoding == "mac-cyrillic" and not _ODD_CYRILLIC.search(sample.decode("cp1251", "replace")):
        # The small letters are the same in both, and Windows has written a thousand times as many texts.
        return "cp1251"
    western = sample.decode("cp1252", "replace")
    few = len(sample) - len(sample.decode("ascii", "ignore")) <= _FEW_LETTERS
    if few and encoding in _RARE_WESTERN and not _ODD_WESTERN.search(western):
        return "cp1252"
    if encoding in _RARE_WESTERN | _CENTRAL and _SPANISH.search(western):
        return "cp1252"
    return encoding


def _share(content: bytes, encoding: str, letters: re.Pattern[str]) -> float:
    """How much of what is not ASCII is of these letters; 0 where it does not decode without an error."""
    if not _fits(content, encoding):
        return 0.0
    text = content.decode(encoding, "ignore")
    return len(letters.findall(text)) / max(1, sum(sign > "\x7f" for sign in text))

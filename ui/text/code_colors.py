"""Which characters of a line of code are words of the language, text, numbers or remarks.

Made for reading along, not for compiling: one table of a few traits for each family of languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

LONGEST_LINE = 2000
"""Characters; longer lines stay plain."""


class CodeColor(StrEnum):
    KEYWORD = "keyword"
    STRING = "string"
    NUMBER = "number"
    REMARK = "remark"


Run = tuple[int, int, CodeColor]
"""Start, end and look."""


@dataclass(frozen=True, slots=True)
class Language:
    keywords: frozenset[str]
    line_remarks: tuple[str, ...] = ()
    block_remark: tuple[str, str] | None = None
    quotes: tuple[str, ...] = ('"', "'")
    long_quotes: tuple[str, ...] = ()
    """They go on over lines."""
    any_case: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_C = Language(
    _words(
        "alignas auto bool break case char class const constexpr continue default delete do double else enum "
        "explicit export extern false float for friend goto if inline int long namespace new noexcept "
        "nullptr operator override private protected public return short signed sizeof static struct switch "
        "template this throw true try typedef typename union unsigned using virtual void volatile while "
        "include define ifdef ifndef endif pragma abstract as async await base byte catch decimal delegate "
        "event extends final finally foreach get implements import in init instanceof interface internal is "
        "let lock null object out package params readonly record ref sealed set string super synchronized "
        "throws transient typeof var yield"
    ),
    ("//",),
    ("/*", "*/"),
)
_JAVASCRIPT = Language(
    _words(
        "as async await break case catch class const constructor continue debugger declare default delete do "
        "else enum export extends false finally for from function get if implements import in instanceof "
        "interface keyof let namespace new null of private protected public readonly return set static "
        "super switch this throw true try type typeof undefined var void while yield any boolean number "
        "string unknown never"
    ),
    ("//",),
    ("/*", "*/"),
    long_quotes=("`",),
)
_PYTHON = Language(
    _words(
        "False None True and as assert async await break case class continue def del elif else except "
        "finally for from global if import in is lambda match nonlocal not or pass raise return self try "
        "type while with yield"
    ),
    ("#",),
    long_quotes=('"""', "'''"),
)
_RUST_GO_SWIFT = Language(
    _words(
        "as async await bool break case chan const continue crate default defer dyn else enum extern "
        "fallthrough false fn for func go goto guard if impl import in interface let loop map match mod move "
        "mut nil package pub range ref return select self Self static string struct super switch trait true "
        "type unsafe use var where while protocol extension init override private public fun val when object "
        "data i8 i16 i32 i64 u8 u16 u32 u64 usize isize f32 f64 int uint str String Option Result Some None "
        "Ok Err"
    ),
    ("//",),
    ("/*", "*/"),
    quotes=('"',),
    long_quotes=("`",),
)
_SHELL = Language(
    _words(
        "case do done elif else esac exit export fi for function if in local return select set shift source "
        "then trap unset until while echo cd sudo begin end param process foreach throw try catch"
    ),
    ("#",),
)
_SQL = Language(
    _words(
        "add all alter and any as asc begin between by case check column commit constraint create cross "
        "database default delete desc distinct drop else end exists foreign from full group having if in "
        "index inner insert into is join key left like limit not null offset on or order outer primary "
        "references right rollback select set table then transaction union unique update values view when "
        "where with integer text varchar char date timestamp boolean numeric real"
    ),
    ("--",),
    ("/*", "*/"),
    any_case=True,
)
_MARKUP = Language(frozenset(), (), ("<!--", "-->"))
_CSS = Language(_words("important media import supports keyframes from to"), (), ("/*", "*/"))
_DATA = Language(_words("true false null yes no on off"), ("#",))
_JSON = Language(_words("true false null"), ("//",), quotes=('"',))
_OTHER_SCRIPT = Language(
    _words(
        "and begin break class def do else elseif elsif end ensure false for function global if in local "
        "module next nil not or print private public repeat require rescue return self then true unless "
        "until when while yield my our sub use foreach library TRUE FALSE NULL NA"
    ),
    ("#", "--"),
)

LANGUAGES = {
    name: family
    for names, family in (
        ("c cc cpp c++ h hpp cs c# csharp java php objc objective-c arduino glsl dart scala", _C),
        ("js javascript jsx ts typescript tsx mjs node", _JAVASCRIPT),
        ("py python python3 pycon ipython starlark", _PYTHON),
        ("rs rust go golang swift kt kotlin zig", _RUST_GO_SWIFT),
        ("sh bash zsh shell console fish ps1 powershell dockerfile makefile make", _SHELL),
        ("sql sqlite mysql postgresql postgres plsql", _SQL),
        ("html xml svg xhtml vue", _MARKUP),
        ("css scss less", _CSS),
        ("yaml yml toml ini conf cfg properties", _DATA),
        ("json jsonc json5", _JSON),
        ("rb ruby lua perl pl r julia jl elixir ex", _OTHER_SCRIPT),
    )
    for name in names.split()
}


def language(name: str) -> Language | None:
    """By the word that stands after the fence; None: nothing is coloured."""
    return LANGUAGES.get(name.casefold())


def color_line(line: str, language: Language, within: str = "") -> tuple[tuple[Run, ...], str]:
    """The runs of a line that have a look of their own, and what it leaves open.

    Args:
        within: what the line before left open: the mark that will end it, or "".
    """
    if len(line) > LONGEST_LINE:
        return (), within
    runs: list[Run] = []
    at = 0
    if within:
        end = line.find(within)
        at = len(line) if end < 0 else end + len(within)
        runs.append((0, at, CodeColor.REMARK if _ends_remark(language, within) else CodeColor.STRING))
        if end < 0:
            return tuple(runs), within
    for match in _pattern(language).finditer(line, at):
        if match.start() < at:
            continue
        kind = match.lastgroup
        start, end = match.span()
        if kind == "word":
            word = match[0].lower() if language.any_case else match[0]
            if word in language.keywords:
                runs.append((start, end, CodeColor.KEYWORD))
        elif kind == "number":
            runs.append((start, end, CodeColor.NUMBER))
        elif kind == "string":
            runs.append((start, end, CodeColor.STRING))
        elif kind == "remark":
            runs.append((start, len(line), CodeColor.REMARK))
            break
        elif kind == "open":
            mark = _end_of(language, match[0])
            close = line.find(mark, end)
            stop = len(line) if close < 0 else close + len(mark)
            runs.append((start, stop, CodeColor.REMARK if _ends_remark(language, mark) else CodeColor.STRING))
            if close < 0:
                return tuple(runs), mark
            at = stop
        elif kind == "tag":
            runs.append((start, end, CodeColor.KEYWORD))
    return tuple(runs), ""


def _ends_remark(language: Language, mark: str) -> bool:
    return language.block_remark is not None and language.block_remark[1] == mark


def _end_of(language: Language, opening: str) -> str:
    if language.block_remark is not None and opening == language.block_remark[0]:
        return language.block_remark[1]
    return opening


@lru_cache(maxsize=32)
def _pattern(language: Language) -> re.Pattern[str]:
    parts = []
    openings = [*language.long_quotes, *([language.block_remark[0]] if language.block_remark else [])]
    if openings:
        parts.append(f"(?P<open>{'|'.join(map(re.escape, openings))})")
    if language.line_remarks:
        marks = "|".join(map(re.escape, language.line_remarks))
        parts.append(rf"(?P<remark>(?:(?<=\s)|^|(?<=[;{{}}),])|(?=//))(?:{marks}))")
    strings = "|".join(rf"{re.escape(q)}(?:\\.|[^{re.escape(q)}\\])*{re.escape(q)}?" for q in language.quotes)
    parts.append(f"(?P<string>{strings})")
    if language is _MARKUP:
        parts.append(r"(?P<tag></?[A-Za-z][\w:-]*|/?>)")
    parts.append(r"(?P<number>(?<![\w.])(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\w*)")
    parts.append(r"(?P<word>[A-Za-z_]\w*)")
    return re.compile("|".join(parts))

"""What the words of RTF mean: character sets, signs, and groups whose content is no text."""

from __future__ import annotations

CHARSETS = {
    77: "mac_roman", 78: "shift_jis", 79: "cp949", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030",
    136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""Codecs by the number of a font's character set."""
CODEPAGES = {
    932: "cp932", 936: "gb18030", 949: "cp949", 950: "cp950", 1361: "johab", 10000: "mac_roman",
    65001: "utf-8",
}  # fmt: skip
"""Codecs by the number of a code page; the others are named cp and their number."""
SIGNS = {
    "bullet": "•", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "tab": "\t", "line": "\n", "lbr": "\n", "emspace": " ", "enspace": " ", "qmspace": " ",
    "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip
"""Words that stand for a character."""
SYMBOLS = {"~": "\u00a0", "_": "-", "-": "", "\r": "\n", "\n": "\n", "\\": "\\", "{": "{", "}": "}"}
"""What a sign behind a backslash stands for."""
NOTES = frozenset({"footnote", "annotation"})
"""Destinations that are notes."""
MARGINS = frozenset({"header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"})
"""Destinations that are headers and footers."""
SKIPPED = frozenset(
    (
        "colortbl", "pict", "objdata", "objclass", "objname", "themedata", "colorschememapping", "xmlnstbl",
        "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "filetbl", "latentstyles",
        "datastore", "nonshppict", "sp", "bkmkstart", "bkmkend", "atnid", "atnref", "atnicn",
        "atndate", "atnparent", "tc", "tcn", "xe", "rxe", "template", "passwordhash", "mmathPr", "datafield",
        "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "pgptbl", "blipuid", "private",
        "author", "operator", "company", "subject", "keywords", "doccomm", "hlinkbase", "category", "manager",
        "comment",
        "creatim", "revtim", "printim", "buptim", "userprops", "protusertbl", "picprop", "do",
        "background", "pnseclvl", "wgrffmtfilter", "staticval", "propname", "linkval", "upr", "panose",
        "falt",
        "fontemb", "fontfile", "mhtmltag", "htmltag",
    )
)  # fmt: skip
"""Destinations whose content is no text."""
READ_THOUGH_STARRED = frozenset(
    {
        "ud", "shptxt", "shpinst", "annotation", "listtext", "pntext", "shprslt", "pn", "atnauthor",
        "moMath", "oMath", "momath", "fldinst", "formfield", "ffl",
    }
)  # fmt: skip
"""Destinations that are read though they are marked as such that may be left out."""


def codec_of(number: int) -> str:
    """The codec of a Windows code page; "" where there is none."""
    if number in CODEPAGES:
        return CODEPAGES[number]
    try:
        b"".decode(f"cp{number}")
    except LookupError:
        return ""
    return f"cp{number}"

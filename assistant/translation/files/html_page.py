"""Web pages: all text and texts of attributes; scripts, styles, code and every other byte stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.languages import has_italics, is_right_to_left
from assistant.translation.files.encoded_text import EncodedText, declaring, read_text
from assistant.translation.files.language_tags import language_of
from assistant.translation.files.markup.page import Page, Role, Tag
from assistant.translation.files.markup.rewriting import Edit
from assistant.translation.files.markup.tokens import TokenKind, escaped
from assistant.translation.files.writing import save
from assistant.translation.records import Layout, Lost, NotKept, TranslatedParagraph

_BLOCKS = {
    "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center", "col",
    "colgroup", "dd", "details", "defs", "desc", "dialog", "dir", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "foreignobject", "form", "frame", "frameset", "g", "h1", "h2",
    "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "iframe", "legend", "li", "link",
    "listing", "main", "map", "area", "menu", "meta", "nav", "noframes", "ol", "optgroup", "option",
    "p", "param", "plaintext", "search", "section", "source", "summary", "symbol", "table", "tbody",
    "td", "template", "text", "tfoot", "th", "thead", "title", "tr", "track", "ul",
}  # fmt: skip
"""Of HTML and of pictures (SVG) in it."""
_SKIPPED = frozenset({"pre", "listing", "plaintext", "xmp"})
_KEPT = frozenset({"code", "kbd", "samp", "tt", "var"})
_OPAQUE = frozenset({"script", "style", "math", "rt", "rp", "iframe", "noembed", "noframes", "textarea"})
_HOSTS = frozenset({"svg", "object", "video", "audio", "canvas", "noscript", "select", "datalist", "button"})
_TEXTS = ("alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription")
_META = re.compile(
    r"description|og:title|og:description|og:site_name|og:image:alt|twitter:title|twitter:description"
    r"|twitter:image:alt|dc\.title|dc\.description|application-name|apple-mobile-web-app-title",
    re.IGNORECASE,
)
_BUTTONS = frozenset({"submit", "button", "reset"})
_ALIGNED = re.compile(r"(?<![\w-])(?:text-align|float)\s*:\s*(left|right)(?![\w-])", re.IGNORECASE)
_OTHER_SIDE = {"left": "right", "right": "left"}
_CHARSET = re.compile(r"""(<meta[^>]{0,300}?charset\s*=\s*["']?\s*)([\w.:-]{2,40})""", re.IGNORECASE)


class HtmlVocabulary:
    repeated = frozenset({"p"})
    bare = frozenset({"title", "option"})
    ids = re.compile(r"""\s(?:xml:)?(?:id|name)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""")

    place = ""

    def __init__(self, *, xml: bool = False) -> None:
        self.xml = xml
        self.line_break = "<br/>" if xml else "<br>"

    def role(self, tag: Tag) -> Role:
        name = tag.name.lower()
        block = name in _BLOCKS
        if (
            tag.values.get("translate", "").lower() == "no"
            or "notranslate" in tag.values.get("class", "").lower().split()
        ):
            return Role.SKIPPED if block else Role.KEPT
        if name in _SKIPPED:
            return Role.SKIPPED
        if name in _OPAQUE:
            return Role.OPAQUE
        if name in _KEPT:
            return Role.KEPT
        if name in _HOSTS:
            return Role.HOST
        return Role.BLOCK if block else Role.INLINE

    def white_space(self, tag: Tag) -> str:
        return "\n" if tag.name == "br" else ""

    def texts(self, tag: Tag) -> Sequence[str]:
        values = tag.values
        if tag.name == "meta":
            named = values.get("name", "") or values.get("property", "")
            return ("content",) if _META.fullmatch(named) else ()
        if tag.name == "input" and values.get("type", "").lower() in _BUTTONS:
            return (*_TEXTS, "value")
        if tag.name in ("option", "optgroup", "track"):
            return (*_TEXTS, "label")
        return _TEXTS

    def language(self, tag: Tag) -> str:
        if tag.name in ("html", "body"):  # often that of a template
            return ""
        return language_of(tag.values.get("lang", "") or tag.values.get("xml:lang", ""))

    def around(self, tag: Tag | None, target: str) -> tuple[str, str]:
        languages = f' lang="{target}"' + (f' xml:lang="{target}"' if self.xml else "")
        direction = "rtl" if is_right_to_left(target) else "ltr"
        name = "span" if tag is None else tag.name
        others = ""
        if tag is not None:
            others = "".join(
                f' {one.name}="{escaped(tag.values[one.name]).replace(chr(34), "&quot;")}"'
                for one in tag.attributes
                if one.name not in ("id", "xml:id", "name", "lang", "xml:lang", "dir")
            )
        return f'<{name}{languages} dir="{direction}"{others}>', f"</{name}>"


def page_edits(page: Page, target: str, layout: Layout) -> list[Edit]:
    """What else changes with the language."""
    edits = list(upright(page, target))
    return edits if layout is Layout.BELOW else [*edits, *language_edits(page, target)]


def language_edits(page: Page, target: str) -> Iterator[Edit]:
    """Languages and directions of everything that is translated."""
    direction = "rtl" if is_right_to_left(target) else "ltr"
    runs = {tag.values.get("dir", "").lower() for tag in page.read if tag.name in ("html", "body")}
    mirrored = ("rtl" in runs) != (direction == "rtl")
    for tag in page.read:
        if mirrored:
            yield from _mirrored(page, tag)
        found = {attribute.name: attribute for attribute in tag.attributes}
        for name in ("lang", "xml:lang"):
            if name in found and tag.values[name].strip():
                yield _value(tag, name, target)
        if tag.values.get("dir", "").lower() in ("ltr", "rtl"):
            yield _value(tag, "dir", direction)
        if tag.name == "html":
            added = "" if "lang" in found else f' lang="{target}"'
            if page.vocabulary.xml and "xml:lang" not in found:
                added += f' xml:lang="{target}"'
            if "dir" not in found and direction == "rtl":
                added += ' dir="rtl"'
            if added:
                yield Edit(tag.token.name_end, tag.token.name_end, added)


def upright(page: Page, target: str) -> Iterator[Edit]:
    """Letters of a language whose script has no slanted ones stand upright."""
    head = next((one for one in page.tokens if one.kind is TokenKind.END and one.name == "head"), None)
    if head is not None and not has_italics(target):
        style = f"<style>:lang({target}){{font-style:normal!important}}</style>"
        yield Edit(head.start, head.start, style)


def _mirrored(page: Page, tag: Tag) -> Iterator[Edit]:
    """What stands at the left, at the right, and the other way round."""
    for attribute in tag.attributes:
        value = page.source[attribute.start : attribute.end]
        if attribute.name == "align" and value.lower() in _OTHER_SIDE:
            yield Edit(attribute.start, attribute.end, _OTHER_SIDE[value.lower()])
        elif attribute.name == "style":
            for match in _ALIGNED.finditer(value):
                start, end = match.span(1)
                side = _OTHER_SIDE[match.group(1).lower()]
                yield Edit(attribute.start + start, attribute.start + end, side)


def _value(tag: Tag, name: str, value: str) -> Edit:
    attribute = next(one for one in tag.attributes if one.name == name)
    return Edit(attribute.start, attribute.end, value)


class HtmlPage:
    def __init__(self, source: EncodedText) -> None:
        self._source = source
        xml = source.text.lstrip()[:5] == "<?xml"
        self._page = Page(source.text, HtmlVocabulary(xml=xml))
        self.language = next(
            (language_of(tag.values.get("lang", "")) for tag in self._page.read if tag.name == "html"), ""
        )
        self.paragraphs = tuple(self._page.paragraphs)
        self.lost: tuple[Lost, ...] = ()

    def write(
        self, output: Path, translated: Sequence[TranslatedParagraph], target: str, layout: Layout
    ) -> tuple[Lost, ...]:
        edits = page_edits(self._page, target, layout)
        text, whole = self._page.written(translated, target, layout, edits)
        save(output, encoded(self._source, text))
        return (Lost(NotKept.LOOK, count=whole),) if whole else ()


def encoded(source: EncodedText, text: str) -> bytes:
    """A page in its encoding, or in UTF-8 and saying so."""
    content, encoding = source.encode(text)
    if encoding == source.encoding:
        return content
    text = _CHARSET.sub(rf"\g<1>{encoding}", declaring(text, encoding), count=1)
    if not _CHARSET.search(text):
        text = re.sub(r"(<head\b[^>]*>)", r'\1<meta charset="utf-8">', text, count=1, flags=re.IGNORECASE)
    return source.encode(text)[0]


def open(path: Path) -> HtmlPage:
    """Raises UnreadableDocument."""
    return HtmlPage(read_text(path))

"""PURE: languages, directions and slanted letters in the styles of OpenDocument."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.languages import has_italics, is_right_to_left
from assistant.translation.files.language_tags import region_of, script_group
from assistant.translation.files.markup.page import Page, Tag
from assistant.translation.files.markup.rewriting import Edit
from assistant.translation.files.markup.tokens import TokenKind, escaped

_PROPERTIES = {
    "style:paragraph-properties", "style:page-layout-properties", "style:table-properties",
    "style:section-properties", "style:graphic-properties", "style:table-cell-properties",
}  # fmt: skip
_DIRECTED = {"style:page-layout-properties", "style:table-properties"}
"""Those that get a direction though they name none."""
_RUNS = {"lr-tb", "rl-tb", "lr", "rl"}
_SIDES = {"start": "left", "left": "left", "right": "right", "end": "right"}
"""As LibreOffice takes them: it means left by "start", whichever way a paragraph runs."""
_OTHER_SIDE = {"left": "right", "right": "left"}
_SLANTED = ("fo:font-style", "style:font-style-asian", "style:font-style-complex")
_RIGHT = ' fo:text-align="right"'
_NONE = {"none", "zxx", "und"}
_PARAGRAPH_STYLE = "TranslatedParagraph"
_WORD_STYLE = "TranslatedWords"


def _names(target: str) -> tuple[str, str]:
    """The attributes of a style that hold the language and the country of text in this language."""
    group = script_group(target)
    return (f"style:language-{group}", f"style:country-{group}") if group else ("fo:language", "fo:country")


def _writing_mode(target: str) -> str:
    return f' style:writing-mode="{_direction(target)}"'


def _direction(target: str) -> str:
    return "rl-tb" if is_right_to_left(target) else "lr-tb"


def language_edits(page: Page, target: str, *, mirrored: bool) -> Iterator[Edit]:
    """All styles in the language of the target.

    Args:
        mirrored: it runs the other way than the document does.
    """
    default = False
    for number, token in enumerate(page.tokens):
        if token.kind is TokenKind.END:
            default = default and token.name != "style:default-style"
            continue
        if token.kind is TokenKind.TEXT or not token.name.startswith(("style:", "dc:")):
            continue
        default = default or (token.name == "style:default-style" and token.kind is TokenKind.START)
        if token.name == "style:text-properties":
            yield from _of_text(page.tag(token), target, default)
        elif token.name in _PROPERTIES and mirrored:
            yield from _of_direction(page.tag(token), target, default)
        elif token.name == "dc:language" and (closing := page.ends.get(number)):
            yield Edit(token.end, page.tokens[closing].start, _tag(target))


def _tag(target: str) -> str:
    return f"{target}-{region_of(target)}" if region_of(target) else target


def _of_text(tag: Tag, target: str, default: bool) -> Iterator[Edit]:
    language, country = _names(target)
    for attribute in tag.attributes:
        value = tag.values[attribute.name]
        if attribute.name == language and value not in _NONE:
            yield Edit(attribute.start, attribute.end, target)
        elif attribute.name == country and value not in _NONE | {""}:
            yield Edit(attribute.start, attribute.end, region_of(target) or "none")
        elif attribute.name in _SLANTED and value != "normal" and not has_italics(target):
            yield Edit(attribute.start, attribute.end, "normal")
    if default and language not in tag.values:
        at = tag.token.name_end
        yield Edit(at, at, f' {language}="{target}" {country}="{region_of(target) or "none"}"')


def _of_direction(tag: Tag, target: str, default: bool) -> Iterator[Edit]:
    named = False
    for attribute in tag.attributes:
        value = tag.values[attribute.name]
        if attribute.name == "style:writing-mode":
            named = True
            if value in _RUNS or (default and value == "page"):
                yield Edit(attribute.start, attribute.end, _direction(target))
        elif attribute.name == "fo:text-align" and value in _SIDES:
            yield Edit(attribute.start, attribute.end, _OTHER_SIDE[_SIDES[value]])
    of_paragraphs = default and tag.name == "style:paragraph-properties"
    added = "" if named or not (of_paragraphs or tag.name in _DIRECTED) else _writing_mode(target)
    if of_paragraphs and "fo:text-align" not in tag.values:
        added += _RIGHT if is_right_to_left(target) else ""
    if added:
        yield Edit(tag.token.name_end, tag.token.name_end, added)


class CopiedStyles:
    """Styles for translations that stand below their originals."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._names: dict[str, str] = {}
        self._words = False

    def of_paragraph(self, style: str) -> str:
        return self._names.setdefault(style, f"{_PARAGRAPH_STYLE}{len(self._names) + 1}")

    def of_words(self) -> str:
        self._words = True
        return _WORD_STYLE

    def added_to(self, text: str, target: str) -> str:
        """A part of the package with the styles that were asked for."""
        if not self._names and not self._words:
            return text
        language, country = _names(target)
        looks = f'{language}="{target}" {country}="{region_of(target) or "none"}"'
        if not has_italics(target):
            looks += "".join(f' {name}="normal"' for name in _SLANTED)
        automatic = self._automatic()
        styles = [_paragraph_style(automatic, old, new, looks, target) for old, new in self._names.items()]
        if self._words:
            styles.append(
                f'<style:style style:name="{_WORD_STYLE}" style:family="text">'
                f"<style:text-properties {looks}/></style:style>"
            )
        self._names, self._words = {}, False
        added = "".join(styles)
        for place, new in (
            ("</office:automatic-styles>", f"{added}</office:automatic-styles>"),
            ("<office:automatic-styles/>", f"<office:automatic-styles>{added}</office:automatic-styles>"),
            ("<office:body>", f"<office:automatic-styles>{added}</office:automatic-styles><office:body>"),
        ):
            if place in text:
                return text.replace(place, new, 1)
        return text

    def _automatic(self) -> str:
        start = self._source.find("<office:automatic-styles>")
        end = self._source.find("</office:automatic-styles>", start)
        return self._source[start:end] if start >= 0 else ""


def _paragraph_style(automatic: str, old: str, new: str, looks: str, target: str) -> str:
    """A style like the one called `old`, for a translation. `automatic`: where that stands, if anywhere."""
    direction = _writing_mode(target).strip()
    name = re.escape(escaped(old))
    pattern = rf'<style:style\s[^>]*style:name="{name}"[^>]*?(/>|>(.*?)</style:style>)'
    found = re.search(pattern, automatic, re.DOTALL) if old else None
    if found is None:
        parent = f' style:parent-style-name="{escaped(old)}"' if old else ""
        opening = f'<style:style style:name="{new}" style:family="paragraph"{parent}>'
        inside = ""
    else:
        opening = found.group()[: found.start(1) - found.start()] + ">"
        opening = re.sub(r'(style:name=)"[^"]*"', rf'\1"{new}"', opening, count=1)
        inside = found.group(2) or ""
    if is_right_to_left(target) and not re.search(r'fo:text-align="(?!start|left)', inside):
        direction += _RIGHT
    inside = _with(inside, "style:paragraph-properties", direction)
    return f"{opening}{_with(inside, 'style:text-properties', looks)}</style:style>"


def _with(inside: str, name: str, attributes: str) -> str:
    """The inside of a style, with these attributes among the properties of this name."""
    opened = re.search(rf"<{name}\b[^>]*?(/?>)", inside)
    if opened is None:
        element = f"<{name} {attributes}/>"
        # The schema wants the properties of paragraphs before those of text.
        return f"{element}{inside}" if name == "style:paragraph-properties" else f"{inside}{element}"
    tag = opened.group()
    for attribute in re.findall(r"([\w:-]+)=", attributes):
        tag = re.sub(rf'\s{attribute}="[^"]*"', "", tag)
    tag = f"<{name} {attributes}{tag[len(name) + 1 :]}"
    return f"{inside[: opened.start()]}{tag}{inside[opened.end() :]}"

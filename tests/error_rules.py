"""Each error carries a reason that has words, and what they name: rules over the source of the program."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tests.translation_rules import VALUE, Found, Sources, branches, called, literal, nodes, parsed, text_of

KEBAB = re.compile("[a-z]+(-[a-z]+)+")


class Raised(NamedTuple):
    """An error or a problem that is made, with what its reason may name; None where that cannot be read."""

    module: str
    line: int
    reason: str
    named: set[str] | None


def raised(sources: Sources) -> Iterator[Raised]:
    """Those that are made by their class, those that a function is asked to make for a `raise`, and those of
    a file (`Reasons`)."""
    classes = _errors(sources) | {"Problem"}
    for module, source in sources.items():
        if module in ("assistant.errors", "assistant.error_messages"):
            continue
        tree = parsed(source)
        helpers = {node.exc for node in nodes(tree) if isinstance(node, ast.Raise)}
        for node in nodes(tree):
            by_class = called(node) in classes
            if isinstance(node, ast.Call) and called(node) == "Reasons":
                for keyword in node.keywords:
                    yield Raised(module, node.lineno, literal(keyword.value) or "", None)
            if not isinstance(node, ast.Call) or not (by_class or node in helpers):
                continue
            place = 1 if called(node) == "Problem" else 0
            for reason in branches(node.args[place]) if len(node.args) > place else ():
                text = literal(reason)
                if text and (by_class or KEBAB.fullmatch(text)):
                    yield Raised(module, node.lineno, text, _named(node, place) if by_class else None)


def _errors(sources: Sources) -> set[str]:
    """Names of the classes of errors."""
    bases: dict[str, list[str]] = {}
    for source in sources.values():
        for node in nodes(parsed(source)):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
    found = {"AssistantError"}
    while more := {name for name, above in bases.items() if found & set(above)} - found:
        found |= more
    return found


def _named(call: ast.Call, place: int) -> set[str] | None:
    names = {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    if len(names) < len(call.keywords):
        return None
    for extra in call.args[place + 1 :]:
        if not isinstance(extra, ast.Dict) or any(literal(key) is None for key in extra.keys):
            return None
        names |= {str(literal(key)) for key in extra.keys}
    return names


def sentences_in_errors(sources: Sources) -> list[Found]:
    """An error carries a reason; its sentences stand in the table."""
    return [
        Found(each.module, each.line, f"a sentence, not a reason: {each.reason}")
        for each in raised(sources)
        if " " in each.reason
    ]


def reasons_without_words(sources: Sources, messages: Mapping[str, tuple[str, str]]) -> list[Found]:
    return [
        Found(each.module, each.line, f"“{each.reason}” has no words")
        for each in raised(sources)
        if each.reason not in messages and " " not in each.reason
    ]


def words_without_reasons(sources: Sources, messages: Mapping[str, tuple[str, str]]) -> list[str]:
    """A reason may be put together, as f"{doing}-crashes", or of two that have dashes of their own."""
    literals, patterns = set(), set()
    for module, source in sources.items():
        for node in nodes(parsed(source)) if module != "assistant.error_messages" else ():
            if isinstance(node, ast.JoinedStr) and re.search("[a-z]-|-[a-z]", text := text_of(node) or ""):
                patterns.add("[a-z-]*".join(map(re.escape, text.split(VALUE))))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                literals.add(node.value)
    dashed = "|".join(re.escape(literal) for literal in literals if KEBAB.fullmatch(literal))
    patterns.add(f"({dashed})-({dashed})")
    return sorted(
        reason
        for reason in set(messages) - literals
        if not any(re.fullmatch(pattern, reason) for pattern in patterns)
    )


def values_that_are_missing(sources: Sources, messages: Mapping[str, tuple[str, str]]) -> list[Found]:
    """What the sentences name and the error does not bring, where that can be read from the source."""
    found = []
    for each in raised(sources):
        if each.reason in messages and each.named is not None:
            missing = places(messages[each.reason]) - each.named
            if missing:
                found.append(Found(each.module, each.line, f"“{each.reason}” without {sorted(missing)}"))
    return found


def places(sentences: tuple[str, str]) -> set[str]:
    """What the sentences name."""
    return {
        re.split(r"[.\[]", field)[0]
        for sentence in sentences
        for _, field, _, _ in string.Formatter().parse(sentence)
        if field is not None
    }

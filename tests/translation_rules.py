"""What a person reads goes through one door: rules over the source of the window."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

CONTEXTS = {
    "chat",
    "common",
    "dictation",
    "documents",
    "errors",
    "first_run",
    "models",
    "settings",
    "shell",
    "transcripts",
    "translation",
}
"""The rooms of the window that words are said in."""

Sources = Mapping[str, str]
"""Source by module name, as `tests.architecture.modules` gives it."""

PLACE = re.compile(r"%(\d)")
PLURAL = re.compile(r"\((\w+)\)")
PASSAGE = re.compile(r"[^\W\d_]{2,}\S* |[ ][^\W\d_]{2,}")
"""A word and a space, in either order: hardly anything but words for people has that."""
SINGLE = re.compile(r"[A-Z][a-z’']{2,}…?")
WORD = re.compile(r"[^\W\d_]{2,}")
VALUE = "\0"
"""Stands for what an f-string fills in."""

SHOWN_BY: dict[str, tuple[int, ...]] = {
    "Action": (0,),
    "Button": (0,),
    "DialogSheet": (1,),
    "ElidedLabel": (0,),
    "EmptyState": (1, 2),
    "IconButton": (1,),
    "Label": (0,),
    "Notice": (1, 2),
    "Page": (0,),
    "Paragraphs": (0,),
    "PasswordDialog": (1,),
    "QAction": (0, 1),
    "QCheckBox": (0,),
    "QFileDialog": (1,),
    "QGroupBox": (0,),
    "QLabel": (0,),
    "QPushButton": (0,),
    "QRadioButton": (0,),
    "QuestionDialog": (1, 2, 3, 4),
    "addAction": (0, 1),
    "addItem": (0, 1),
    "addItems": (0,),
    "addMenu": (0, 1),
    "addSection": (0, 1),
    "addTab": (1, 2),
    "choose_file": (1, 3),
    "choose_files": (1, 3),
    "choose_folder": (1,),
    "choose_new_file": (1, 4),
    "count": (1,),
    "plural": (0,),
    "rename": (0,),
    "say": (0,),
    "setAccessibleDescription": (0,),
    "setAccessibleName": (0,),
    "setHeaderLabels": (0,),
    "setNameFilter": (0,),
    "setNameFilters": (0,),
    "setPlaceholderText": (0,),
    "setPrefix": (0,),
    "setSpecialValueText": (0,),
    "setStatusTip": (0,),
    "setSuffix": (0,),
    "setText": (0,),
    "setTitle": (0,),
    "setToolTip": (0,),
    "setWindowTitle": (0,),
    "set_text": (0,),
    "undo": (0,),
    "warn": (0,),
}
"""Functions that show or say words, and which of their arguments those are."""

NOT_SHOWN_BY = {
    "Formatter", "QKeySequence", "Thread", "TypeVar", "_shortcut", "cast", "compile", "findChild",
    "getLogger", "icon", "property", "setApplicationName", "setDesktopFileName", "setFamily", "setObjectName",
    "setProperty", "setStyle", "setStyleSheet",
}  # fmt: skip
"""Functions whose arguments nobody reads."""

NO_WORDS = {
    # names of a protocol
    "ui.portal.connection",
    "ui.portal.keysyms",
    "ui.portal.notifications",
    "ui.portal.remote_keyboard",
    "ui.portal.shortcuts",
    "ui.portal.screenshot",
    # names of functions and keys
    "ui.dictation.macos.frameworks",
    "ui.dictation.windows.user32",
    "ui.text.code_colors",  # words of programming languages
    "ui.text.docx",  # mark-up
    "ui.text.paper",  # mark-up
    "ui.text.formulas",  # names of signs
}

DOOR = {"ui.common.translation", "ui.common.error_words"}
"""Only here is Qt asked for what it has at run time."""


class Found(NamedTuple):
    """Something that breaks a rule."""

    module: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.what}"


@functools.cache
def parsed(source: str) -> ast.Module:
    return ast.parse(source)


@functools.cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """All of a tree, which every rule looks through anew."""
    return tuple(ast.walk(tree))


def _window(sources: Sources) -> Iterator[tuple[str, ast.Module]]:
    for module, source in sources.items():
        if module.split(".")[0] == "ui":
            yield module, parsed(source)


def called(node: ast.AST) -> str:
    """The last part of the name of what is called."""
    function = node.func if isinstance(node, ast.Call) else None
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    """Of a function that goes by this name alone: `"…".translate` is another one."""
    for node in nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def branches(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression may come to, as far as conditions, tables and `:=` go."""
    match node:
        case ast.IfExp():
            yield from branches(node.body)
            yield from branches(node.orelse)
        case ast.BoolOp():
            for value in node.values:
                yield from branches(value)
        case ast.NamedExpr():
            yield from branches(node.value)
        case ast.Subscript():
            yield from branches(node.value)
        case ast.Dict():
            for value in node.values:
                yield from branches(value)
        case ast.Tuple() | ast.List():
            for value in node.elts:
                yield from branches(value)
        case _:
            yield node


# --- the calls of translate ------------------------------------------------------------------------------


def texts(sources: Sources) -> Iterator[tuple[str, ast.Call, str | None, str | None]]:
    """Every text that is translated: module, call, context and text, where those are literal."""
    for module, tree in _window(sources):
        for name in ("translate", "QT_TRANSLATE_NOOP"):
            for call in _calls(tree, name):
                context, text = (*call.args, None, None)[:2]
                yield module, call, literal(context), literal(text)


def not_literal(sources: Sources) -> list[Found]:
    """Context and text are literals, which is all that Qt's lupdate can read."""
    found = [
        Found(module, call.lineno, f"not two literals: {ast.unparse(call)}")
        for module, call, context, text in texts(sources)
        if context is None or text is None
    ]
    for module, tree in _window(sources):
        if module in DOOR:
            continue
        for node in nodes(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                (".tr", "QCoreApplication.translate", "qApp.translate")
            ):
                found.append(Found(module, node.lineno, f"past translate(): {ast.unparse(node)}"))
        for call in _calls(tree, "translate_marked"):
            context, text = (*call.args, None, None)[:2]
            if literal(context) not in CONTEXTS or text is None or literal(text) is not None:
                found.append(Found(module, call.lineno, f"not a marked text: {ast.unparse(call)}"))
    return found


def unknown_contexts(sources: Sources) -> list[Found]:
    return [
        Found(module, call.lineno, f"“{context}” is no room")
        for module, call, context, _ in texts(sources)
        if context is not None and context not in CONTEXTS
    ]


def wrong_numbers(sources: Sources) -> list[Found]:
    """%n and "(s)" have a number that decides; endings are those that `translate` knows."""
    found = []
    for module, call, _, text in texts(sources):
        text = text or ""
        given = len(call.args) > 3 or any(keyword.arg == "n" for keyword in call.keywords)
        endings = PLURAL.findall(text)
        plural = "%n" in text or bool({"s", "es"} & set(endings))
        if called(call) == "translate" and plural != given:
            found.append(Found(module, call.lineno, f"a number without its sentence, or the reverse: {text}"))
        if plural and not {"s", "es"}.issuperset(endings):
            found.append(Found(module, call.lineno, f"an ending that is not known: {text}"))
    return found


def places_without_values(sources: Sources) -> list[Found]:
    """%1, %2 … each have their value in the `arg` around them, and each value has a place."""
    found = []
    for module, tree in _window(sources):
        filled: dict[ast.AST, int] = dict(_fillings(tree))
        for call in _calls(tree, "translate"):
            text = literal(call.args[1] if len(call.args) > 1 else None) or ""
            numbers = {int(number) for number in PLACE.findall(text)}
            values = filled.get(call, 0)
            if numbers != set(range(1, values + 1)):
                found.append(Found(module, call.lineno, f"{values} values for: {text}"))
    return found


def _fillings(tree: ast.AST) -> Iterator[tuple[ast.AST, int]]:
    """Each `translate` whose places are filled, with the number of values.

    One that is given a name is filled by the first `arg` after it that takes the name.
    """
    for scope in [tree, *(node for node in nodes(tree) if isinstance(node, ast.FunctionDef))]:
        fillers = sorted(_calls(scope, "arg"), key=lambda call: (call.lineno, call.col_offset))
        for filler in fillers:
            yield from ((text, len(filler.args) - 1) for text in branches(filler.args[0]))
        for node in nodes(scope):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                later = [filler for filler in fillers if filler.lineno > node.lineno and _takes(filler, name)]
                if later:
                    yield from ((text, len(later[0].args) - 1) for text in branches(node.value))


def _takes(filler: ast.Call, name: str) -> bool:
    return any(isinstance(text, ast.Name) and text.id == name for text in branches(filler.args[0]))


# --- words that went past the door -----------------------------------------------------------------------


def untranslated(sources: Sources) -> list[Found]:
    found = []
    for module, tree in _window(sources):
        if module not in NO_WORDS:
            for line, text in _untranslated(tree):
                found.append(Found(module, line, f"past translate(): {text.replace(VALUE, '{}')!r}"))
    return found


def _untranslated(node: ast.AST, shown: bool = False) -> Iterator[tuple[int, str]]:
    """`shown`: the node is given to a function that shows it."""
    if _is_not_for_people(node):
        return
    text = text_of(node)
    if text is not None:
        words = WORD if shown else PASSAGE
        if words.search(text) or SINGLE.fullmatch(text):
            yield node.lineno, text  # type: ignore[attr-defined]
        if isinstance(node, ast.JoinedStr):
            for value in node.values:
                if isinstance(value, ast.FormattedValue):
                    yield from _untranslated(value.value)
        return
    for child, child_shown in _children(node, shown):
        yield from _untranslated(child, child_shown)


def text_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.JoinedStr):
        return "".join(literal(part) or VALUE for part in node.values)
    return literal(node) if isinstance(node, ast.expr) else None


def _children(node: ast.AST, shown: bool) -> Iterator[tuple[ast.AST, bool]]:
    if isinstance(node, ast.Call):
        yield node.func, False
        for number, argument in enumerate(node.args):
            yield argument, number in SHOWN_BY.get(called(node), ())
        for keyword in node.keywords:
            if keyword.arg not in ("kind", "icon", "name"):
                yield keyword.value, False
        return
    passes_on = isinstance(node, ast.IfExp | ast.BoolOp | ast.BinOp | ast.Tuple | ast.List)
    for child in ast.iter_child_nodes(node):
        asked = isinstance(node, ast.IfExp) and child is node.test
        yield child, shown and passes_on and not asked


def _is_not_for_people(node: ast.AST) -> bool:
    match node:
        case ast.Call() if called(node) in {"translate", "QT_TRANSLATE_NOOP", "translate_marked"}:
            return True
        case ast.Call() if called(node) in NOT_SHOWN_BY:
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "logging"))):
            return True
        case ast.Expr(value=ast.Constant()) | ast.Raise() | ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
    return False

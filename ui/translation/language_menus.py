"""The languages that are translated from and into, as they are offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QWidget

from assistant import languages
from assistant.translation.records import EngineChoice
from ui.common.menus import Menu
from ui.common.translation import arg, translate

UNKNOWN = ("", "und")
"""What stands for a language that nothing tells."""
Choose = Callable[[str], object]
_OFTEN = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "tr", "ar", "hi", "zh", "ja")
_A_SCREEN = 24
"""Languages that a menu takes; of more, those that are rarer stand one step further."""


def source_name(chosen: str, detected: str) -> str:
    """ "English", "English (detected)" or "Detect language"."""
    if chosen:
        return languages.name(chosen)
    if detected not in UNKNOWN:
        return arg(translate("translation", "%1 (detected)"), languages.name(detected))
    return translate("translation", "Detect language")


def target_name(code: str) -> str:
    return languages.name(code) if code else translate("translation", "Choose a language")


def pair_name(source: str, target: str) -> str:
    """ "English into German", or "Into German" where nothing tells the source."""
    into = languages.name(target)
    if source in UNKNOWN:
        return arg(translate("translation", "Into %1"), into)
    return arg(translate("translation", "%1 into %2"), languages.name(source), into)


def source_menu(
    parent: QWidget,
    choices: Iterable[str],
    chosen: str,
    recent: Sequence[str],
    choose: Choose,
) -> Menu:
    menu = Menu(parent)
    detect = translate("translation", "Detect language")
    menu.add_choice(detect, lambda: choose(""), chosen=not chosen)
    menu.addSeparator()
    _fill(menu, choices, chosen, recent, choose)
    return menu


def target_menu(
    parent: QWidget,
    choices: Iterable[str],
    chosen: str,
    recent: Sequence[str],
    choose: Choose,
) -> Menu:
    menu = Menu(parent)
    _fill(menu, choices, chosen, recent, choose)
    return menu


def sources(engines: Iterable[EngineChoice], targets: Iterable[str]) -> tuple[str, ...]:
    """What can be translated from with these engines."""
    found: set[str] = set()
    for engine in engines:
        found.update(source for source, _ in engine.pairs)
        found.update(engine.languages)
        if engine.chat:
            found.update(targets)
    return tuple(found)


def direction(code: str) -> Qt.LayoutDirection:
    """Which way a language is written; auto for one that is not known."""
    if code in UNKNOWN:
        return Qt.LayoutDirection.LayoutDirectionAuto
    return QLocale(code).textDirection()


def _fill(menu: Menu, choices: Iterable[str], chosen: str, recent: Sequence[str], choose: Choose) -> None:
    """What was chosen before and what many speak; all others by their names, one step further."""
    there = set(choices)
    first = [code for code in dict.fromkeys((*filter(None, (chosen, *recent)), *_OFTEN)) if code in there]
    rest = sorted((languages.name(code), code) for code in there if code not in first)
    if len(there) <= _A_SCREEN:
        named = sorted((languages.name(code), code) for code in there)
        menu.add_choices([(code, name) for name, code in named], chosen, choose)
        return
    menu.add_choices([(code, languages.name(code)) for code in first], chosen, choose)
    others = menu.add_menu(translate("translation", "Other languages"), "translate")
    groups = _grouped(rest)
    for group in groups:
        alone = len(groups) == 1
        part = others if alone else others.add_menu(f"{group[0][0][0]} – {group[-1][0][0]}", "translate")
        part.add_choices([(code, name) for name, code in group], chosen, choose)


def _grouped(named: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Menus of at most a screen, which are not parted within a letter."""
    groups: list[list[tuple[str, str]]] = []
    for letter in dict.fromkeys(name[0] for name, _ in named):
        mine = [each for each in named if each[0][0] == letter]
        if groups and len(groups[-1]) + len(mine) <= _A_SCREEN:
            groups[-1] += mine
        else:
            groups.append(mine)
    return groups

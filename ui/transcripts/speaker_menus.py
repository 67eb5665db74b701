"""Who speaks: a paragraph given to a speaker, a speaker given another name, or that of another one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from assistant.speech.speakers.records import MOST_SPEAKERS
from ui.common import formatting
from ui.common.dialogs import QuestionDialog
from ui.common.menus import Menu
from ui.common.translation import arg, translate


def of_speaker(parent: QWidget, name: str, rename: Callable[[str, str], object]) -> Menu:
    menu = Menu(parent)
    text = translate("transcripts", "Rename “%1”…")
    menu.add_item(arg(text, formatting.name(name)), partial(_ask_name, parent, name, rename), "pencil-simple")
    return menu


def of_paragraph(
    parent: QWidget,
    speakers: Sequence[str],
    give: Callable[[str], object],
    rename: Callable[[str, str], object],
    find: Callable[[int], object],
) -> Menu:
    """For the paragraph that the cursor is in, for all speakers, and to have them found.

    Args:
        find: of how many speakers; 0 where that is to be found out, too.
    """
    menu = Menu(parent)
    counts = menu.add_menu(translate("transcripts", "Identify speakers"), "magnifying-glass")
    counts.add_item(translate("transcripts", "Detect how many"), partial(find, 0))
    for count in range(1, MOST_SPEAKERS + 1):
        counts.add_item(translate("transcripts", "%n speaker(s)", None, count), partial(find, count))
    menu.addSeparator()
    for name in speakers:
        text = arg(translate("transcripts", "Spoken by “%1”"), formatting.name(name))
        menu.add_item(text, partial(give, name), "user")
    another = (
        translate("transcripts", "Someone else…")
        if speakers
        else translate("transcripts", "Name the speaker…")
    )
    menu.add_item(another, partial(_ask_new, parent, give), "plus")
    if speakers:
        menu.addSeparator()
    for name in speakers:
        text = arg(translate("transcripts", "Rename “%1”…"), formatting.name(name))
        menu.add_item(text, partial(_ask_name, parent, name, rename), "pencil-simple")
    return menu


def _ask_new(parent: QWidget, give: Callable[[str], object]) -> None:
    QuestionDialog(
        parent.window(),
        translate("transcripts", "Who speaks in this paragraph?"),
        translate("transcripts", "The name appears in every export."),
        translate("transcripts", "Use this name"),
        translate("transcripts", "Name"),
        give,
    ).open()


def _ask_name(parent: QWidget, name: str, rename: Callable[[str, str], object]) -> None:
    QuestionDialog(
        parent.window(),
        arg(translate("transcripts", "Rename “%1”"), formatting.name(name)),
        translate("transcripts", "Use another speaker's name to merge the two."),
        translate("transcripts", "Rename"),
        translate("transcripts", "Name"),
        partial(rename, name),
        value=name,
    ).open()

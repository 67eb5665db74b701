"""A transcript as a file, translated or not, in a format that is chosen, where it is wanted."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from assistant.speech.transcripts.records import TranscriptInfo
from ui.common import formatting
from ui.common.file_dialogs import Purpose, choose_folder, choose_new_file
from ui.common.menus import Menu
from ui.common.page_context import PageContext
from ui.common.translation import QT_TRANSLATE_NOOP, arg, translate, translate_marked

FORMS = (
    ("txt", QT_TRANSLATE_NOOP("transcripts", "Text")),
    ("docx", QT_TRANSLATE_NOOP("transcripts", "Word document")),
    ("srt", QT_TRANSLATE_NOOP("transcripts", "Subtitles (SRT)")),
    ("vtt", QT_TRANSLATE_NOOP("transcripts", "Subtitles (WebVTT)")),
    ("csv", QT_TRANSLATE_NOOP("transcripts", "Table (CSV)")),
    ("json", QT_TRANSLATE_NOOP("transcripts", "Everything, with the times of words (JSON)")),
)
"""Those of the core, with their names marked for translation."""
TRANSLATED_FORMS = (
    ("srt", QT_TRANSLATE_NOOP("transcripts", "Translated subtitles…")),
    ("docx", QT_TRANSLATE_NOOP("transcripts", "Translated Word document…")),
)


def export_menu(parent: QWidget, context: PageContext, info: TranscriptInfo) -> Menu:
    menu = Menu(parent)
    for form, name in FORMS:
        choose = partial(_choose, parent, context, info, form, name)
        menu.add_item(translate_marked("transcripts", name), choose)
    menu.addSeparator()
    for form, name in TRANSLATED_FORMS:
        choose = partial(_choose_folder, parent, context, info, form)
        menu.add_item(translate_marked("transcripts", name), choose)
    return menu


def _choose(parent: QWidget, context: PageContext, info: TranscriptInfo, form: str, name: str) -> None:
    choose_new_file(
        parent.window(),
        Purpose.TRANSCRIPTS,
        translate("transcripts", "Export the transcript"),
        lambda path: write(context, info, form, path),
        f"{Path(info.title).stem}.{form}",
        f"{translate_marked('transcripts', name)} (*.{form})",
    )


def _choose_folder(parent: QWidget, context: PageContext, info: TranscriptInfo, form: str) -> None:
    """The translation is named after the transcript and its language."""
    choose_folder(
        parent.window(),
        Purpose.TRANSCRIPTS,
        translate("transcripts", "Choose where the translation goes"),
        lambda folder: context.transcript_translation_wanted.emit(info.id, form, folder),
    )


def write(context: PageContext, info: TranscriptInfo, form: str, path: str) -> None:
    """The dialog has asked whether a file may be replaced."""

    def written(_: object) -> None:
        said = translate("transcripts", "The transcript was saved as “%1”.")
        context.notices.say(arg(said, formatting.file_name(path)))

    context.in_background(lambda services: services.transcripts.export_to(info.id, form, Path(path)), written)

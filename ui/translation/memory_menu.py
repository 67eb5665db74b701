"""The translation memory: what was translated before, given to other programs, taken from them, cleared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from ui.common.buttons_and_labels import Button
from ui.common.dialog_sheet import DialogSheet
from ui.common.file_dialogs import Purpose, choose_file, choose_new_file
from ui.common.menus import Menu
from ui.common.page_context import PageContext
from ui.common.translation import translate


class MemoryMenu(Menu):
    def __init__(self, parent: QWidget, context: PageContext) -> None:
        super().__init__(parent)
        self._window = parent.window()
        self._context = context
        self.add_item(
            translate("translation", "Import a translation memory (TMX)…"), self._import, "download-simple"
        )
        self.add_item(
            translate("translation", "Export the translation memory (TMX)…"), self._export, "upload-simple"
        )
        self.add_item(translate("translation", "Clear the translation memory…"), self._clear, "trash")

    def _import(self) -> None:
        title = translate("translation", "Import a translation memory")
        kinds = [translate("translation", "Translation memories (*.tmx)")]
        choose_file(self._window, Purpose.TRANSLATION, title, self._take_in, kinds)

    def _take_in(self, path: str) -> None:
        context = self._context

        def taken(number: int) -> None:
            context.notices.say(translate("translation", "%n translation(s) imported.", None, number))

        context.in_background(lambda services: services.translations.memory.import_tmx(Path(path)), taken)

    def _export(self) -> None:
        choose_new_file(
            self._window,
            Purpose.TRANSLATION,
            translate("translation", "Export the translation memory"),
            self._write,
            translate("translation", "Translation memory.tmx"),
            translate("translation", "Translation memories (*.tmx)"),
        )

    def _write(self, path: str) -> None:
        context = self._context
        context.in_background(
            lambda services: services.translations.memory.export_tmx(Path(path)),
            lambda _: context.notices.say(translate("translation", "The translation memory was exported.")),
        )

    def _clear(self) -> None:
        context, window = self._context, self._window

        def ask(number: int) -> None:
            if not number:
                context.notices.say(translate("translation", "The translation memory is empty."))
            else:
                ClearMemoryDialog(window, number, clear).open()

        def clear() -> None:
            context.in_background(
                lambda services: services.translations.memory.clear(),
                lambda _: context.notices.say(translate("translation", "The translation memory is empty.")),
            )

        if context.ready_or_told():
            context.in_background(lambda services: services.translations.memory.count(), ask)


class ClearMemoryDialog(DialogSheet):
    def __init__(self, parent: QWidget, number: int, confirmed: Callable[[], None]) -> None:
        """`number`: of sentences that are kept."""
        super().__init__(parent, translate("translation", "Clear the translation memory"))
        self.say(
            translate(
                "translation",
                "%n translated sentence(s) will be deleted. A document that is translated again will take as "
                "long as the first time. The history and the glossary stay.",
                None,
                number,
            )
        )
        self.yes = Button(translate("translation", "Clear"), self.accept, kind="primary", icon="trash")
        self.accepted.connect(confirmed)
        self.no.setDefault(True)
        self.buttons.addWidget(self.yes)

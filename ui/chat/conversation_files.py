"""Writes conversations into files, and reads them from files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtWidgets import QWidget

from assistant.errors import StorageError
from ui.chat import conversation_blocks
from ui.chat.conversation_list_model import title as conversation_title
from ui.chat.history_executor import HistoryExecutor
from ui.common import formatting
from ui.common.file_dialogs import Purpose, choose_files, choose_new_file
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate

if TYPE_CHECKING:
    from assistant.services import Services

ExportForm = Literal["markdown", "json", "docx", "pdf"]


class ConversationFiles:
    def __init__(
        self, context: PageContext, executor: HistoryExecutor, window: QWidget, imported: Callable[[], None]
    ) -> None:
        self._context = context
        self._executor = executor
        self._window = window
        self._imported = imported

    def export(self, ids: Sequence[int], name: str, form: ExportForm) -> None:
        """Ask where to, and write these conversations there."""
        suffix, kind = {
            "markdown": (".md", translate("chat", "Markdown (*.md)")),
            "json": (".json", translate("chat", "JSON, with everything (*.json)")),
            "docx": (".docx", translate("chat", "Word (*.docx)")),
            "pdf": (".pdf", translate("chat", "PDF (*.pdf)")),
        }[form]
        title, write = translate("chat", "Export"), lambda path: self.write(Path(path), ids, form)
        choose_new_file(self._window, Purpose.CONVERSATIONS, title, write, _file_stem(name) + suffix, kind)

    def write(self, path: Path, ids: Sequence[int], form: ExportForm) -> None:
        name = formatting.file_name(str(path))

        def work(services: Services) -> None:
            content = _content(services, ids, form)
            try:
                path.write_bytes(content)
            except OSError as error:
                why = error.strerror or str(error)
                raise StorageError("export-not-written", name=name, why=why) from error

        said = arg(translate("chat", "%n conversation(s) exported to “%1”.", None, len(ids)), name)
        self._executor.do(work, lambda _: self._context.notices.say(said))

    def choose_import(self) -> None:
        choose_files(
            self._window,
            Purpose.CONVERSATIONS,
            translate("chat", "Import conversations"),
            lambda files: self.read([Path(file) for file in files]),
            [translate("chat", "Conversations (*.json *.md)")],
        )

    def read(self, files: Sequence[Path]) -> None:
        """Take conversations in from files that were exported."""

        def work(services: Services) -> int:
            taken = 0
            for path in files:
                try:
                    text = path.read_text(encoding="utf-8-sig")
                except (OSError, UnicodeDecodeError) as error:
                    name = formatting.file_name(str(path))
                    raise StorageError("import-not-read", name=name) from error
                taken += len(services.pictures.import_conversations(text))
            return taken

        def done(taken: int) -> None:
            self._imported()
            self._context.notices.say(translate("chat", "%n conversation(s) imported.", None, taken))

        self._executor.do(work, done)


def _content(services: Services, ids: Sequence[int], form: ExportForm) -> bytes:
    history = services.history
    if form in ("markdown", "json"):
        return history.export(ids, form).encode("utf-8")
    opened = [history.open(id) for id in ids]
    title = conversation_title(opened[0].info)
    found = tuple(block for each in opened for block in conversation_blocks.blocks(each))
    if form == "docx":
        from assistant.rich_text.docx import docx

        return docx(title, found)
    from ui.text.paper import pdf

    return pdf(title, found)


def _file_stem(name: str) -> str:
    """A file's name made of a title: no separators, not too long."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in name)
    return " ".join(kept.split())[:60] or "conversation"

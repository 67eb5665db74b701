"""Asks for files and folders with the system's own dialog, which begins where it ended last.

The first time it begins in the person's documents.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QHeaderView, QLineEdit, QListView, QToolButton, QTreeView, QWidget

from assistant import paths
from ui.common.theme import mirrors, theme
from ui.common.translation import translate

log = logging.getLogger(__name__)

_MODES = QFileDialog.FileMode
_ICONS = {
    "backButton": "caret-left",
    "forwardButton": "caret-right",
    "toParentButton": "caret-up",
    "newFolderButton": "folder-simple-plus",
}
"""Of the buttons of Qt's own dialog, whose arrows are black in the dark too."""


class Purpose(StrEnum):
    """What is looked for: for each the folder is remembered that it was found in."""

    DOCUMENTS = "documents"
    SEARCHABLE_COPY = "searchable-copy"
    MODELS = "models"
    CONVERSATIONS = "conversations"
    OTHER_COMPUTER = "other-computer"
    VOCABULARY = "vocabulary"
    RECORDINGS = "recordings"
    TRANSCRIPTS = "transcripts"
    TRANSLATION = "translation"
    PICTURES = "pictures"


def choose_files(
    parent: QWidget,
    purpose: Purpose,
    title: str,
    chosen: Callable[[list[str]], None],
    filters: Sequence[str] = (),
) -> None:
    """Some files that exist. `filters` are such as "Models (*.gguf)"; all files can be chosen as well.

    Nothing waits while the dialog is open, here and in the others.
    """
    _open(parent, purpose, title, _MODES.ExistingFiles, chosen, filters)


def choose_file(
    parent: QWidget,
    purpose: Purpose,
    title: str,
    chosen: Callable[[str], None],
    filters: Sequence[str] = (),
) -> None:
    """One file that exists."""
    _open(parent, purpose, title, _MODES.ExistingFile, lambda paths: chosen(paths[0]), filters)


def choose_folder(parent: QWidget, purpose: Purpose, title: str, chosen: Callable[[str], None]) -> None:
    _open(parent, purpose, title, _MODES.Directory, lambda paths: chosen(paths[0]))


def choose_new_file(
    parent: QWidget, purpose: Purpose, title: str, chosen: Callable[[str], None], name: str, kind: str
) -> None:
    """Where to write a file. `name` is proposed, with the suffix it gets; `kind` is "Markdown (*.md)"."""
    dialog = _open(parent, purpose, title, _MODES.AnyFile, lambda paths: chosen(paths[0]))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(kind)
    dialog.setDefaultSuffix(Path(name).suffix)
    dialog.selectFile(name)


def _open(
    parent: QWidget,
    purpose: Purpose,
    title: str,
    mode: QFileDialog.FileMode,
    chosen: Callable[[list[str]], None],
    filters: Sequence[str] = (),
) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(mode)
    if filters:
        dialog.setNameFilters([*filters, translate("common", "All files (*)")])
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog.setDirectory(_remembered().get(purpose, documents))

    def selected(found: list[str]) -> None:
        _remember(purpose, str(Path(found[0]).parent))
        chosen(list(found))

    dress(dialog)
    dialog.filesSelected.connect(selected)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def dress(dialog: QFileDialog) -> None:
    """Where the system has no dialog of its own, Qt's has the looks of the window and cuts no column."""
    for name, icon in _ICONS.items():
        if button := dialog.findChild(QToolButton, name):
            button.setIcon(theme().icon(icon))
    if (field := dialog.findChild(QLineEdit, "fileNameEdit")) and mirrors():
        field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
    if files := dialog.findChild(QTreeView, "treeView"):
        header = files.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    if places := dialog.findChild(QListView, "sidebar"):
        places.setMinimumWidth(places.sizeHintForColumn(0) + 16)


def _remembered() -> dict[str, str]:
    """Folders by purpose; those that are gone are left out, and rubbish in the file is none."""
    with suppress(OSError, ValueError, AttributeError):
        stored = json.loads(paths.folders_file().read_text("utf-8"))
        return {purpose: folder for purpose, folder in stored.items() if Path(str(folder)).is_dir()}
    return {}


def _remember(purpose: Purpose, folder: str) -> None:
    try:
        paths.folders_file().write_text(json.dumps(_remembered() | {purpose: folder}), "utf-8")
    except (OSError, ValueError) as error:  # a name that is not UTF-8 is not remembered
        log.info("the folder was not remembered: %s", error)

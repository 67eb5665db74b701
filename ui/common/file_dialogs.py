"""Asks for files and folders with the system's own dialog; nothing waits while it is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from ui.common.translation import translate

_MODES = QFileDialog.FileMode


def choose_files(
    parent: QWidget, title: str, chosen: Callable[[list[str]], None], filters: Sequence[str] = ()
) -> None:
    """Some files that exist. `filters` are such as "Models (*.gguf)"; all files can be chosen as well."""
    _open(parent, title, _MODES.ExistingFiles, chosen, filters)


def choose_file(
    parent: QWidget,
    title: str,
    chosen: Callable[[str], None],
    filters: Sequence[str] = (),
    folder: Path | None = None,
) -> None:
    """One file that exists; the dialog begins in `folder`."""
    dialog = _open(parent, title, _MODES.ExistingFile, lambda paths: chosen(paths[0]), filters)
    if folder is not None:
        dialog.setDirectory(str(folder))


def choose_folder(parent: QWidget, title: str, chosen: Callable[[str], None]) -> None:
    _open(parent, title, _MODES.Directory, lambda paths: chosen(paths[0]))


def choose_new_file(parent: QWidget, title: str, chosen: Callable[[str], None], name: str, kind: str) -> None:
    """Where to write a file. `name` is proposed, with the suffix it gets; `kind` is "Markdown (*.md)"."""
    dialog = _open(parent, title, _MODES.AnyFile, lambda paths: chosen(paths[0]))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(kind)
    dialog.setDefaultSuffix(Path(name).suffix)
    dialog.selectFile(name)


def _open(
    parent: QWidget,
    title: str,
    mode: QFileDialog.FileMode,
    chosen: Callable[[list[str]], None],
    filters: Sequence[str] = (),
) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(mode)
    if filters:
        dialog.setNameFilters([*filters, translate("common", "All files (*)")])
    dialog.filesSelected.connect(lambda paths: chosen(list(paths)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog

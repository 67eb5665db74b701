"""What is dragged over the window, and let go: who takes it, by the page in view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from ui.common import formatting
from ui.common.picture_files import holds_pictures, picture_in
from ui.common.translation import translate
from ui.shell.drag_and_drop import (
    are_models,
    are_recordings,
    local_paths,
    may_be_models,
    words_for_chat,
    words_for_models,
    words_for_recordings,
    words_for_translation,
)
from ui.shell.drop_overlay import DropOverlay

if TYPE_CHECKING:
    from ui.chat.page import ChatPage
    from ui.documents.actions import DocumentActions
    from ui.documents.page import DocumentsPage
    from ui.models.page import ModelsPage
    from ui.translation.page import TranslatePage


class Pages(Protocol):
    """What of the window takes something; see there."""

    document_actions: DocumentActions

    @property
    def chat(self) -> ChatPage: ...
    @property
    def documents(self) -> DocumentsPage: ...
    @property
    def models(self) -> ModelsPage: ...
    @property
    def translate(self) -> TranslatePage: ...
    def shows(self, key: str) -> bool: ...
    def go_to(self, key: str) -> None: ...


class DropTarget(QObject):
    """Filters the events of the window."""

    def __init__(self, window: QWidget, pages: Pages) -> None:
        super().__init__(window)
        self._window = window
        self._pages = pages
        self.overlay = DropOverlay(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and event.type() is QEvent.Type.Drop:
            self._let_go(event)
        elif isinstance(event, QDragMoveEvent) and event.type() is QEvent.Type.DragMove:
            self._move(event)
        elif isinstance(event, QDragEnterEvent):
            self._enter(event)
        elif event.type() is QEvent.Type.DragLeave:
            self.overlay.hide()
        elif event.type() is QEvent.Type.Resize:
            self.overlay.setGeometry(self._window.rect())
            return False
        else:
            return False
        return True

    def _enter(self, event: QDragEnterEvent) -> None:
        paths = local_paths(event.mimeData().urls())
        if not paths and self._pages.shows("chat") and holds_pictures(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.overlay.open_for_page(translate("shell", "Drop to add this picture to your message"))
            return
        text = "" if paths else event.mimeData().text()
        if not paths and not (text.strip() and (self._pages.shows("chat") or self._pages.shows("translate"))):
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if text and self._pages.shows("translate"):
            self.overlay.open_for_page(translate("shell", "Drop to translate this text"))
        elif text:
            self.overlay.open_for_page(translate("shell", "Drop to put this text into your message"))
        elif are_recordings(paths):
            self.overlay.open_for_page(words_for_recordings(paths))
        elif self._pages.shows("chat"):
            self.overlay.open_for_page(words_for_chat(paths), [formatting.file_name(path) for path in paths])
        elif are_models(paths) or (self._wants_models() and may_be_models(paths)):
            self.overlay.open_for_page(words_for_models(paths))
        elif self._pages.shows("translate"):
            self.overlay.open_for_page(words_for_translation(paths, self._pages.translate.target_name))
        else:
            names = self._pages.documents.collections.targets()
            self.overlay.open([formatting.file_name(path) for path in paths], names[0], names[1:])

    def _move(self, event: QDragMoveEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.overlay.move_to(event.position().toPoint())

    def _let_go(self, event: QDropEvent) -> None:
        self.overlay.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        paths, target = local_paths(event.mimeData().urls()), self.overlay.target
        if not paths and self._pages.shows("chat") and holds_pictures(event.mimeData()):
            picture = picture_in(event.mimeData())
            if picture is not None:
                QTimer.singleShot(0, lambda: self._pages.chat.take_picture(picture))
            return
        text = "" if paths else event.mimeData().text()
        # Not inside the drop: the program that the files come from waits until it is over.
        QTimer.singleShot(0, lambda: self.drop(paths, text, target))

    def take(self, paths: list[str]) -> None:
        """Files that were given to the program in another way: as if dropped on the page in view."""
        self.drop(paths, "", self._pages.documents.collections.target)

    def _wants_models(self) -> bool:
        return self._pages.shows("models") or (
            self._pages.shows("translate") and self._pages.translate.choices.engines == ()
        )

    def drop(self, paths: list[str], text: str, target: str) -> None:
        """Give files, or a text, to the page in view.

        Args:
            target: the collection that files for the documents go to.
        """
        pages = self._pages
        if text and pages.shows("translate"):
            pages.translate.take_text(text)
        elif text:
            pages.chat.take_text(text)
        elif self._wants_models() and may_be_models(paths):
            pages.models.take(paths)
        elif pages.shows("chat"):
            pages.chat.take(paths)
        elif pages.shows("translate"):
            pages.document_actions.sort_out(paths, pages.translate.take_documents)
        else:
            if not are_models(paths) and not are_recordings(paths):
                pages.go_to("documents")
            pages.document_actions.add(paths, target)

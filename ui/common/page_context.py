"""What every page works with: the bridge, the notices, the side panel and, in time, the services."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from assistant.errors import AssistantError
from ui.common import formatting
from ui.common.notices import Notices
from ui.common.thread_bridge import Following, Running, ThreadBridge
from ui.common.translation import arg, translate

if TYPE_CHECKING:
    from assistant.services import Services
    from ui.common.side_panel import SidePanel

T = TypeVar("T")


class PageContext(QObject):
    services_ready = Signal()
    page_wanted = Signal(str)
    """A key of ui.shell.navigation.DESTINATIONS, or “first-run”."""
    translation_wanted = Signal(str)
    """Of this text, on the Translate page."""
    transcript_translation_wanted = Signal(int, str, str)
    """Of this transcript as a document in this form, into this folder."""
    proof_wanted = Signal()
    assistants_changed = Signal()
    """Not by the chat: a collection that some ask is called otherwise."""

    def __init__(self, bridge: ThreadBridge, notices: Notices, panel: SidePanel) -> None:
        super().__init__()
        self.bridge = bridge
        self.notices = notices
        self.panel = panel
        self._services: Services | None = None

    @property
    def ready(self) -> bool:
        return self._services is not None

    @property
    def services(self) -> Services:
        """Only to be asked for once `ready`, which buttons that need them wait for."""
        assert self._services is not None, "the services are not there yet"
        return self._services

    def ready_or_told(self) -> bool:
        """Whether the services are there; the person is told where they are not."""
        if not self.ready:
            self.notices.say(
                translate("common", "Your documents are still being opened."),
                translate("common", "Try again in a moment."),
            )
        return self.ready

    def run(
        self,
        start: Callable[[Services], Running[T]],
        on_result: Callable[[T], object] = lambda _: None,
        on_error: Callable[[AssistantError], object] | None = None,
    ) -> Following[T] | None:
        """Start a run and follow it; nothing, and None, before the services are there.

        Without `on_error` its failure becomes a notice.
        """
        return (
            None if self._services is None else self.bridge.follow(start(self._services), on_result, on_error)
        )

    def in_background(
        self,
        work: Callable[[Services], T],
        on_result: Callable[[T], object] = lambda _: None,
        on_error: Callable[[AssistantError], object] | None = None,
    ) -> Following[T] | None:
        """As `run`, for a call that blocks."""
        services = self._services
        if services is None:
            return None
        return self.bridge.in_background(lambda: work(services), on_result, on_error)

    # --- with what the system has

    def open_file(self, path: str) -> None:
        """In the system's own viewer."""
        if not _open(Path(path)):
            self.notices.warn(
                arg(translate("common", "“%1” could not be opened."), formatting.file_name(path)),
                translate(
                    "common",
                    "It may have been moved, or no program on this computer opens this kind of file.",
                ),
            )

    def open_folder(self, path: str) -> None:
        """The folder that a file lies in."""
        if not _open(Path(path).parent):
            text = translate("common", "The folder of “%1” could not be opened.")
            self.notices.warn(arg(text, formatting.file_name(path)))

    def copy(self, text: str, notice: str = "") -> None:
        """Put it on the clipboard; `notice` says so where no button does."""
        QApplication.clipboard().setText(text)
        if notice:
            self.notices.say(notice)

    # --- the services come and go

    def connect_services(self, services: Services) -> None:
        self._services = services
        self.services_ready.emit()

    def disconnect_services(self) -> None:
        """The window is closing: nothing is asked of them from now on."""
        self._services = None


def _open(path: Path) -> bool:
    # The bytes of a name that is not UTF-8 survive in a URI only.
    return QDesktopServices.openUrl(QUrl.fromEncoded(path.absolute().as_uri().encode()))

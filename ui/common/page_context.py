"""What every page works with: the bridge, the notices, the side panel and, in time, the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.common.notices import Notices
from ui.common.thread_bridge import ThreadBridge

if TYPE_CHECKING:
    from assistant.services import Services
    from ui.common.side_panel import SidePanel


class PageContext(QObject):
    services_ready = Signal()
    page_wanted = Signal(str)
    """A key of ui.shell.navigation.DESTINATIONS."""
    proof_wanted = Signal()

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

    def connect_services(self, services: Services) -> None:
        self._services = services
        self.services_ready.emit()

    def part_from_services(self) -> Services | None:
        """The window is closing: nothing is asked of them from now on."""
        services, self._services = self._services, None
        return services

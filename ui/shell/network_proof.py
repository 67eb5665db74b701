"""The proof that nothing leaves this computer: made anew when asked for, and shown in the side panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from ui.common.network_proof_view import NetworkProofView
from ui.common.page_context import PageContext
from ui.common.translation import translate

if TYPE_CHECKING:
    from assistant.doctor import DoctorReport


class NetworkProof(QObject):
    proved = Signal(object)
    """A DoctorReport."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._context = context
        self._view: NetworkProofView | None = None

    def toggle(self) -> None:
        """Open the panel with a new proof, or close it."""
        if self._view is None:
            self._view = NetworkProofView()
            self._view.setContentsMargins(16, 8, 16, 16)
            self._view.again_wanted.connect(self.prove)
        panel = self._context.panel
        if panel.shown is self._view:
            panel.close_panel()
            return
        panel.open(self._view, translate("shell", "Nothing leaves this computer"))
        self.prove()

    def prove(self) -> None:
        """Tries the network, which takes up to a second, and tells what each attempt met."""
        if self._context.in_background(lambda services: services.doctor(), self._proved) is None:
            self._context.services_ready.connect(self.prove, Qt.ConnectionType.SingleShotConnection)

    def _proved(self, report: DoctorReport) -> None:
        if self._view is not None:
            self._view.show_report(report)
        self.proved.emit(report)

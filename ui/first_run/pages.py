"""What the first run asks of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ui.documents.actions import DocumentActions
    from ui.documents.page import DocumentsPage
    from ui.models.actions import ModelActions
    from ui.models.chat_model_loader import ChatModelLoader
    from ui.models.page import ModelsPage
    from ui.shell.network_proof import NetworkProof


class Pages(Protocol):
    """See `ui.window`."""

    document_actions: DocumentActions
    proof: NetworkProof

    @property
    def documents(self) -> DocumentsPage: ...
    @property
    def models(self) -> ModelsPage: ...
    @property
    def model_actions(self) -> ModelActions: ...
    @property
    def model_loader(self) -> ChatModelLoader: ...
    def go_to(self, key: str) -> None: ...

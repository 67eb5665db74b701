"""The documents of a conversation: dropped into it, and asked with every message from then on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from assistant.documents.records import HANDBOOK_COLLECTION, AddedDocuments, DocumentInfo, DocumentState
from assistant.models.files.records import SortedPaths
from ui.chat.answer_request import names_of
from ui.chat.composer import Composer
from ui.chat.open_conversation import OpenConversation
from ui.common import document_state, error_words, formatting
from ui.common.file_dialogs import Purpose, choose_files
from ui.common.menus import Menu
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate
from ui.documents.document_list_model import can_be_summarised

MOST_OFFERED = 10
"""Documents that the paper clip offers."""
MOST_SHOWN = 3
"""Of more documents the rest is only counted."""


class Attachments(QObject):
    summary_wanted = Signal(int, str)
    """Of this document, with its name."""
    models_given = Signal(SortedPaths)
    recordings_given = Signal(SortedPaths)

    def __init__(
        self, context: PageContext, conversation: OpenConversation, composer: Composer, window: QWidget
    ) -> None:
        super().__init__(context)
        self._context = context
        self._conversation = conversation
        self._composer = composer
        self._window = window
        self.names: dict[int, str] = {}
        """Of the documents, by their ids."""
        self._known: dict[int, DocumentInfo] = {}
        composer.attach_wanted.connect(self.choose)
        composer.file_removed.connect(self._remove)
        composer.summary_wanted.connect(self._summarise)
        conversation.changed.connect(self._conversation_changed)
        context.bridge.documents_changed.connect(lambda changed: self._documents_changed(changed.documents))

    def choose(self) -> None:
        """Offer the documents that were read last, then files."""
        if self._context.ready_or_told():
            self._context.run(lambda services: services.documents.documents(), self._offer)

    def _offer(self, documents: Sequence[DocumentInfo]) -> None:
        read = [each for each in documents if can_be_summarised(each) and each.id not in self.names]
        read = [each for each in read if each.collection != HANDBOOK_COLLECTION]
        if read:
            newest = sorted(read, key=lambda each: -each.id)[:MOST_OFFERED]
            self.menu(newest).popup_below(self._composer.attach)
        else:
            self._choose_files()

    def menu(self, documents: Sequence[DocumentInfo]) -> Menu:
        menu = Menu(self._composer)
        for document in documents:
            name = formatting.document_name(document)
            menu.add_item(name, partial(self._attach, [document]), "file-text")
        menu.addSeparator()
        menu.add_item(translate("chat", "Files…"), self._choose_files, "folder-open")
        return menu

    def _choose_files(self) -> None:
        title = translate("chat", "Add documents to this conversation")
        choose_files(self._window, Purpose.DOCUMENTS, title, self.add)

    def add(self, paths: Sequence[str]) -> None:
        """Read these files; the conversation is answered from them. A model among them answers."""
        if self._context.ready_or_told():
            self._context.in_background(lambda services: services.sort_out(paths), self._add)

    def _add(self, given: SortedPaths) -> None:
        if given.models:
            self.models_given.emit(given)
        if given.recordings:
            self.recordings_given.emit(given)
        if given.others:
            self._context.run(lambda services: services.documents.add(given.others, None), self._added)

    def _added(self, added: AddedDocuments) -> None:
        for path, problem in added.refused:
            name, why = formatting.file_name(path), error_words.message(problem)
            said = arg(translate("chat", "“%1” was not added: %2"), name, why)
            self._context.notices.warn(said, error_words.hint(problem))
        self._attach((*added.documents, *added.already))

    def _attach(self, documents: Sequence[DocumentInfo]) -> None:
        """The conversation is answered from these from now on."""
        for document in documents:
            self.names[document.id] = formatting.document_name(document)
            self._known[document.id] = document
        if documents:
            self._keep()

    def _remove(self, number: int) -> None:
        ids = list(self.names)
        if number < len(ids):
            self.names.pop(ids[number])
            self._known.pop(ids[number], None)
            self._keep()

    def _summarise(self) -> None:
        """The one document there is."""
        ((document, name),) = self.names.items()
        self._composer.end_editing()
        self.summary_wanted.emit(document, name)

    def _keep(self) -> None:
        stored = [{"id": id, "name": name} for id, name in self.names.items()]
        self._conversation.remember(documents=stored or None)
        self._show()

    def _conversation_changed(self) -> None:
        info = self._conversation.info
        stored = info.meta.get("documents", ()) if info is not None else ()
        names = names_of(stored)
        if names != self.names:
            self.names = names
            self._known = {id: known for id, known in self._known.items() if id in names}
            if len(self._known) < len(names):
                self._context.run(lambda services: services.documents.documents(), self._documents_changed)
        self._show()

    def _documents_changed(self, documents: Sequence[DocumentInfo]) -> None:
        if mine := {document.id: document for document in documents if document.id in self.names}:
            self._known |= mine
            self._show()

    def _show(self) -> None:
        shown = [self._label(id, name) for id, name in self.names.items()]
        more = len(shown) - MOST_SHOWN
        if more > 1:
            shown = [*shown[:MOST_SHOWN], arg(translate("chat", "and %1 more"), more)]
        only = self._known.get(next(iter(self.names))) if len(self.names) == 1 else None
        self._composer.show_files(shown, summary=only is not None and can_be_summarised(only))

    def _label(self, id: int, name: str) -> str:
        document = self._known.get(id)
        if document is None:
            return name
        match document.state:
            case DocumentState.INDEXING:
                return f"{name} · {document_state.progress(document)}"
            case DocumentState.QUEUED:
                return arg(translate("chat", "%1 · waiting"), name)
            case DocumentState.FAILED | DocumentState.MISSING:
                return arg(translate("chat", "%1 · could not be read"), name)
        return name

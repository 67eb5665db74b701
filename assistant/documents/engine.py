"""The documents worker: runs in a process of its own, owns the store, and answers whatever is asked of it."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant import paths
from assistant.chat.records import Source
from assistant.documents.answering import summary_passages
from assistant.documents.answering.extractive import ExtractiveAnswerer
from assistant.documents.embedder_records import EmbedderChoice, EmbedderStatus
from assistant.documents.embedders.converted_embedders import ConvertedEmbedders
from assistant.documents.event_batcher import EventBatcher
from assistant.documents.event_records import IndexingStatus, RecognitionStatus
from assistant.documents.files.watcher import WatchTiming
from assistant.documents.grounded_records import CheckedText, Evidence, Passage
from assistant.documents.indexing.embedder_change import EmbedderChanger
from assistant.documents.indexing.indexer import Indexer
from assistant.documents.indexing.reader_client import DocumentReader, new_reader
from assistant.documents.recognition.picture_recogniser import PictureRecogniser, new_worker
from assistant.documents.recognition.recognition_thread import RecognitionThread
from assistant.documents.recognition.schedule import AT_ONCE, Schedule
from assistant.documents.records import (
    EVERYWHERE,
    HANDBOOK_COLLECTION,
    AddedDocuments,
    Answer,
    CollectionInfo,
    DocumentInfo,
    PagePicture,
    PartReport,
    Quote,
    RemovedDocuments,
    Scope,
    SearchHit,
    WordOnPage,
)
from assistant.documents.search.loader import SearchLoader
from assistant.documents.store.store import Store
from assistant.documents.sync import handbook as handbook_folder
from assistant.documents.sync.add_remove import DocumentManager
from assistant.documents.sync.folder_sync import FolderSync
from assistant.documents.viewer_records import FoundPlaces, OutlineEntry, PageLayout, TextStretch
from assistant.documents.viewing.find import find
from assistant.documents.viewing.headings import headings
from assistant.documents.viewing.stretches import stretch_before, stretch_from
from assistant.errors import AssistantError, Cancelled, DocumentGone, UserInputError, WorkerCrashed
from assistant.jobs import CancelToken
from assistant.vision.records import RecognitionOptions
from assistant.workers.child import CallContext

log = logging.getLogger(__name__)

_REPORT_S = 0.25
"""How often waiting reports."""
_READERS_IDLE_S = 120.0
"""After so long without work the processes that read documents and draw pages end."""
_READER_NICENESS = 10
"""How far reading stands back behind the window and questions; see nice(2)."""


class DocumentsEngine:
    """See assistant.workers.child for how its methods are called: side by side, each on a thread."""

    def __init__(
        self,
        folder: Path,
        handbook: Path | None = None,
        library: Path | None = None,
        embedders: Path | None = None,
        languages: Sequence[str] = (),
        when: str = AT_ONCE,
        emit: Callable[[Any], None] = lambda _: None,
        timing: WatchTiming | None = None,
    ) -> None:
        """Opens the store, so that listing works at once; the models are loaded in the background.

        Args:
            folder: of the store.
            handbook: the pages that come along.
            library: of models, some of which can become embedders, or are language files for recognition.
            embedders: those that were made of them.
            languages: that scans are in, ISO 639-1; none to have them detected.
            when: pictures are recognised, as `settings.Recognition.when` says.

        Raises:
            StorageError: the store cannot be opened.
        """
        folder = folder.absolute()
        self._store = Store(folder)
        # The folder in which the program was started may vanish, and then no process can be started from it.
        os.chdir(folder)
        converted = ConvertedEmbedders(embedders or paths.embedders_folder())
        self._loader = SearchLoader(folder, self._store, converted)
        self._events = EventBatcher(
            self._rows, self._status, self._recognition_status, self._embedder_status, emit
        )
        # It reads ahead, so it may wait, also for the embedder, whose threads wait for each other if one is
        # held up.
        self._reader = new_reader(
            "The document reader", niceness=_READER_NICENESS, idle_seconds=_READERS_IDLE_S
        )
        self._picture_reader = new_reader("The page reader", idle_seconds=_READERS_IDLE_S)
        self._indexer = Indexer(
            self._store,
            self._loader,
            DocumentReader(self._reader),
            self._document_changed,
            self._indexing_changed,
            lambda work, problem: self._recognition.recognised(work, problem),
        )
        self._recognition = RecognitionThread(
            self._store,
            self._loader,
            self._indexer,
            DocumentReader(self._reader),
            PictureRecogniser(new_worker(library)),
            self._document_changed,
            self._events.status_changed,
            languages=languages,
            schedule=Schedule(when),
        )
        self._changer = EmbedderChanger(
            self._store, self._loader, self._indexer, library, converted, self._events.status_changed
        )
        self._folder_sync = FolderSync(
            self._store, self._indexer, self._documents_changed, own_folder=folder, timing=timing
        )
        self._manager = DocumentManager(
            self._store, self._indexer, self._folder_sync, self._documents_changed
        )
        self._handbook = handbook
        self._closing = CancelToken()
        self._events.start()
        self._loader.start()
        self._changer.start()
        self._started = threading.Event()
        threading.Thread(target=self._start_up, name="starting up", daemon=True).start()

    def _start_up(self) -> None:
        """What need not be done before the first listing."""
        try:
            self._purge()
            self._indexer.start()
            self._recognition.start()
            if self._handbook is not None:
                changed = handbook_folder.synchronise(self._handbook, self._store, self._indexer)
                self._documents_changed(changed)
            self._folder_sync.start()
        except Cancelled:
            return
        except (AssistantError, OSError):
            if not self._closing.cancelled:
                log.exception("the documents worker could not begin everything")
        finally:
            self._started.set()
        self._events.status_changed()

    def _purge(self) -> None:
        """Throw away what was removed in an earlier run; before anything can be removed in this one."""
        purged = self._store.purge()
        while purged.more:
            self._closing.raise_if_cancelled()
            purged = self._store.purge()
        if purged.documents and not self._store.waiting_count():
            self._store.drop_unused_embeddings()

    def close(self) -> None:
        """Stop at the next batch; what is not stored yet is done again after the next start.

        There is little time, so the store comes first: one that was not closed is checked at the next start.
        """
        self._closing.cancel()
        self._folder_sync.stop()
        self._loader.stop()
        self._changer.stop()
        self._recognition.close(timeout_s=0.3)
        self._indexer.close(timeout_s=0.6)
        self._changer.close(timeout_s=0.3)
        self._events.close()
        self._folder_sync.close()
        self._store.close()
        self._loader.close()

    # --- listing ------------------------------------------------------------------------------------

    def documents(self, context: CallContext, collection: str | None = None) -> tuple[DocumentInfo, ...]:
        """The documents of a collection, or all of the person's own: the handbook's only if asked for."""
        rows = self._store.documents(collection)
        if collection is None:
            rows = [row for row in rows if row.collection != HANDBOOK_COLLECTION]
        return tuple(rows)

    def report(self, context: CallContext, document: int) -> tuple[PartReport, ...]:
        """What each part of a document gave."""
        self._manager.document(document)
        return tuple(self._store.report(document))

    def collections(self, context: CallContext) -> tuple[CollectionInfo, ...]:
        return tuple(self._store.collections())

    def counts(self, context: CallContext) -> dict[str, int]:
        """Figures of the whole store, for checks: see `Store.figures`.

        Also `embedded`, texts that went through the model since this worker started, and `unembedded`,
        chunks that the vector index lacks.
        """
        models = self._loader.get(context.token)
        figures = self._store.figures()
        lacking = len(self._store.chunk_ids(models.embedder.name)) - models.vectors.count()
        return figures | {"embedded": self._indexer.embedded, "unembedded": lacking}

    # --- changing -------------------------------------------------------------------------------------

    def add(
        self,
        context: CallContext,
        paths: Sequence[str],
        collection: str | None = None,
        password: str | None = None,
        watch: bool = False,
    ) -> AddedDocuments:
        self._wait_for_start(context.token)
        return self._manager.add(paths, collection, password, watch, context.token, context.report)

    def remove(self, context: CallContext, targets: Sequence[str | int]) -> RemovedDocuments:
        self._wait_for_start(context.token)
        removed = self._manager.remove(targets)
        self._recognition.documents_removed()
        return removed

    def restore(self, context: CallContext, ids: Sequence[int]) -> tuple[DocumentInfo, ...]:
        return self._manager.restore(ids)

    def retry(self, context: CallContext, document: int, password: str | None = None) -> DocumentInfo:
        self._wait_for_start(context.token)
        return self._indexer.retry(document, password)

    def move(self, context: CallContext, ids: Sequence[int], collection: str) -> tuple[DocumentInfo, ...]:
        return self._manager.move(ids, collection)

    def rename_collection(self, context: CallContext, name: str, new_name: str) -> None:
        self._manager.rename_collection(name, new_name)

    def delete_collection(self, context: CallContext, name: str) -> tuple[DocumentInfo, ...]:
        return self._manager.delete_collection(name)

    def watch(self, context: CallContext, folder: str, collection: str | None = None) -> None:
        self._wait_for_start(context.token)
        self._manager.watch(folder, collection)

    def unwatch(self, context: CallContext, folder: str) -> None:
        self._wait_for_start(context.token)
        self._manager.unwatch(folder)

    def pause(self, context: CallContext) -> None:
        self._indexer.gate.pause()

    def resume(self, context: CallContext) -> None:
        self._indexer.gate.resume()

    def stop_document(self, context: CallContext, document: int) -> None:
        self._indexer.stop_document(document)

    def give_up(self, context: CallContext, document: int, why: str) -> None:
        """Indexing this document keeps killing the worker: read no more of it."""
        self._indexer.stop_document(document, WorkerCrashed("indexing-keeps-crashing", why=why).problem)

    def wait(self, context: CallContext, ids: Sequence[int] | None = None) -> tuple[DocumentInfo, ...]:
        """Wait until these documents, or all, are finished; reports IndexingStatus."""
        self._wait_for_start(context.token)
        reported: IndexingStatus | None = None
        while self._indexer.pending(ids):
            status = self._status()
            if status != reported:
                context.report(status)
                reported = status
            context.token.raise_if_cancelled()
            self._indexer.wait_for_change(_REPORT_S)
        rows = self._store.documents(ids=ids)
        return tuple(row for row in rows if ids is not None or row.collection != HANDBOOK_COLLECTION)

    # --- recognising pictures -----------------------------------------------------------------------------

    def recognise(
        self,
        context: CallContext,
        documents: Sequence[int],
        options: RecognitionOptions | None = None,
        parts: Sequence[int] = (),
    ) -> None:
        """Have the pictures of these documents, or of these parts of them, recognised again in this way."""
        self._wait_for_start(context.token)
        self._recognition.request(documents, options or RecognitionOptions(), parts)

    def stop_recognition(self, context: CallContext, documents: Sequence[int]) -> None:
        self._wait_for_start(context.token)
        self._recognition.stop(documents)

    def give_up_recognition(self, context: CallContext, document: int, why: str) -> None:
        """Recognising this document keeps killing the worker: it waits no more."""
        self._recognition.give_up(document, why)

    def pause_recognition(self, context: CallContext) -> None:
        self._recognition.pause()

    def resume_recognition(self, context: CallContext) -> None:
        self._recognition.resume()

    def set_recognition(self, context: CallContext, languages: Sequence[str], when: str) -> None:
        self._recognition.configure(languages, when)

    def recognition_status(self, context: CallContext) -> RecognitionStatus:
        return self._recognition.status()

    def wait_for_recognition(
        self, context: CallContext, ids: Sequence[int] | None = None
    ) -> tuple[DocumentInfo, ...]:
        """Wait until nothing of these documents, or of all, can be recognised now; reports its status."""
        self._wait_for_start(context.token)
        reported: RecognitionStatus | None = None
        while self._recognition.pending(ids):
            status = self._recognition.status()
            if status != reported:
                context.report(status)
                reported = status
            context.token.raise_if_cancelled()
            self._recognition.wait_for_change(_REPORT_S)
        return tuple(self._store.documents(ids=ids))

    def page_words(self, context: CallContext, document: int, page: int) -> tuple[WordOnPage, ...]:
        """The words that were recognised on a page, in reading order; none where it was not."""
        return self._store.recognised_words(document, page)

    def searchable_copy(self, context: CallContext, document: int, output: str) -> str:
        """Write a PDF with the recognised words over the pictures of a document; returns its path.

        Raises:
            UserInputError: it has no pages, nothing was recognised in it, or that would replace it.
            DocumentError: it cannot be read.
            StorageError: the file cannot be written.
        """
        row = self._manager.document(document)
        words = self._store.packed_words(document)
        if row.unit and row.unit != "page":
            raise UserInputError("copy-of-no-pages")
        if not words:
            raise UserInputError("nothing-recognised")
        if os.path.realpath(output) == os.path.realpath(row.path):
            raise UserInputError("copy-is-original", name=row.title)
        password = self._indexer.password(document)
        reader = DocumentReader(self._picture_reader)
        reader.searchable_copy(row.path, row.size, output, words, password, context.token)
        return output

    # --- the embedder -----------------------------------------------------------------------------------

    def embedders(self, context: CallContext) -> tuple[EmbedderChoice, ...]:
        """What the documents can be searched with."""
        self._changer.documents_changed()  # there may be a model that was not here before
        return self._changer.choices()

    def embedder_status(self, context: CallContext) -> EmbedderStatus:
        return self._changer.status()

    def use_embedder(self, context: CallContext, id: str) -> EmbedderStatus:
        """Begin to change to this one; or, if it is the active one, change no more."""
        return self._changer.use(id)

    def give_up_embedder(self, context: CallContext, id: str, why: str) -> None:
        """Making the vectors of this embedder keeps killing the worker: stay with the active one."""
        self._changer.give_up(id, why)

    def wait_for_embedder(self, context: CallContext) -> EmbedderStatus:
        """Wait until no change is on its way; reports EmbedderStatus."""
        reported: EmbedderStatus | None = None
        while (status := self._changer.status()).change is not None:
            if status != reported:
                context.report(status)
                reported = status
            context.token.raise_if_cancelled()
            self._changer.wait_for_change(_REPORT_S)
        return status

    # --- asking -------------------------------------------------------------------------------------

    def search(
        self, context: CallContext, question: str, k: int = 8, scope: Scope = EVERYWHERE
    ) -> tuple[SearchHit, ...]:
        """The passages that fit a question best."""
        self._asked(question)
        return tuple(self._loader.get(context.token).retriever.search(question, k, scope))

    def ask(self, context: CallContext, question: str, scope: Scope = EVERYWHERE) -> Answer:
        """Quotes that answer a question, with the boxes of their words."""
        self._asked(question)
        return self._answerer(context).ask(question, scope, self._still_reading(), context.token)

    def evidence(self, context: CallContext, question: str, scope: Scope = EVERYWHERE) -> Evidence:
        """What `ask` gives, with the sentences around each quote for a model to read."""
        self._asked(question)
        return self._answerer(context).evidence(question, scope, self._still_reading(), context.token)

    def example_questions(self, context: CallContext, collection: str | None = None) -> tuple[str, ...]:
        """Questions that the documents invite and answer."""
        return self._answerer(context).example_questions(collection, context.token)

    def check_claims(
        self, context: CallContext, text: str, sources: Sequence[Source], question: str = "", told: str = ""
    ) -> CheckedText:
        """A model's text with the citations that hold; `told` is what was said before."""
        return self._answerer(context).check(text, sources, question, told)

    def _asked(self, question: str) -> None:
        self._changer.asked(question)
        self._recognition.somebody_is_here()

    def _answerer(self, context: CallContext) -> ExtractiveAnswerer:
        return ExtractiveAnswerer(self._store, self._loader.get(context.token).retriever)

    def passages(self, context: CallContext, document: int, after: int = 0) -> tuple[Passage, ...]:
        """The next passages of a document behind section `after`, in reading order; none at its end."""
        self._manager.document(document)
        return summary_passages.passages(self._store, document, after, context.token)

    def quotes(self, context: CallContext, places: Sequence[tuple[int, int, int]]) -> tuple[Quote, ...]:
        """Quotes of places (section, start, end), with the boxes of their words."""
        return summary_passages.quotes(self._store, places)

    def _still_reading(self) -> str:
        left = self._indexer.status().own_left
        if not left:
            return ""
        documents = "One document is" if left == 1 else f"{left} documents are"
        return f"{documents} still being read; what is in there is not part of the answer yet."

    def page_picture(self, context: CallContext, document: int, page: int, width: int) -> PagePicture:
        """A page of a PDF as pixels.

        Raises:
            DocumentError: it cannot be read, or there are no page pictures of its format.
        """
        row = self._manager.document(document)
        reader = DocumentReader(self._picture_reader)
        return reader.picture(row.path, page, width, self._indexer.password(document), context.token)

    def page_layout(self, context: CallContext, document: int) -> PageLayout:
        """The sizes and names of a PDF's pages, and its bookmarks. Raises as `page_picture` does."""
        row = self._manager.document(document)
        reader = DocumentReader(self._picture_reader)
        return reader.layout(row.path, row.size, self._indexer.password(document), context.token)

    def headings(self, context: CallContext, document: int) -> tuple[OutlineEntry, ...]:
        """The headings of a document as far as it was read, in reading order."""
        return headings(self._store, document)

    def text(
        self,
        context: CallContext,
        document: int,
        section: int = 0,
        start: int = 0,
        before: bool = False,
    ) -> TextStretch:
        """The text from a place on, or what comes before it; section 0 is the beginning.

        Raises:
            DocumentGone: the section is not there any more, because its document was read again or removed.
        """
        try:
            if before:
                return stretch_before(self._store, document, section, start)
            return stretch_from(self._store, document, section, start)
        except LookupError as error:
            raise DocumentGone("passage-gone") from error

    def find(self, context: CallContext, document: int, words: str) -> FoundPlaces:
        """Where these words stand in a document's own text."""
        return find(self._store, document, words, context.token)

    # --- telling --------------------------------------------------------------------------------------

    def _rows(self, ids: Sequence[int]) -> list[DocumentInfo]:
        return self._store.documents(ids=ids)

    def _document_changed(self, document: int) -> None:
        self._events.changed(document)
        self._changer.documents_changed()
        self._recognition.look()

    def _documents_changed(self, ids: Iterable[int]) -> None:
        self._events.changed(*ids)
        self._recognition.look()

    def _status(self) -> IndexingStatus:
        status = self._indexer.status()
        notice = status.notice or self._store.notice or self._folder_sync.problem
        return status if notice == status.notice else replace(status, notice=notice)

    def _indexing_changed(self) -> None:
        self._events.status_changed()
        self._recognition.look()

    def _recognition_status(self) -> RecognitionStatus:
        return self._recognition.status()

    def _embedder_status(self) -> EmbedderStatus:
        return self._changer.status()

    def _wait_for_start(self, token: CancelToken) -> None:
        while not self._started.wait(0.1):
            token.raise_if_cancelled()

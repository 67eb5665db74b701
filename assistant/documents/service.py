"""What the program asks of the documents worker. Methods return at once; the answer comes with the Run."""

from __future__ import annotations

import logging
import os
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from assistant.chat.records import Source
from assistant.documents import ENGINE
from assistant.documents.embedder_records import EmbedderChoice, EmbedderStatus
from assistant.documents.embedders.converted_embedders import ConvertedEmbedders
from assistant.documents.embedders.embedder_estimate import BUILTIN_SHAPE, WORKER_MEMORY, memory
from assistant.documents.event_records import (
    DocumentsEvent,
    IndexingState,
    IndexingStatus,
    RecognitionState,
    RecognitionStatus,
)
from assistant.documents.files.scan import absolute
from assistant.documents.grounded_records import CheckedText, Evidence, Passage
from assistant.documents.records import (
    EVERYWHERE,
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
from assistant.documents.store.embedders import KnownEmbedder, look_up
from assistant.documents.translated_questions import TranslatedQuestions, TranslateQuestion
from assistant.documents.viewer_records import FoundPlaces, OutlineEntry, PageLayout, TextStretch
from assistant.errors import (
    ModelTooLarge,
    Problem,
    UserInputError,
    WorkerCrashed,
    WorkerError,
    WorkerOutOfMemory,
    WorkerStartFailed,
)
from assistant.paths import DOCUMENTS_FILE, embedders_folder
from assistant.vision.records import RecognitionOptions
from assistant.workers.run import Run, Steps
from assistant.workers.service import Engines, Service
from assistant.workers.supervisor import Worker

log = logging.getLogger(__name__)

_TRIES = 2
"""How often a call that changes nothing is made, where the worker dies."""
_TRIES_OF_WAITING = 30
"""Waiting may take hours, in which a worker may die more than once."""
_SAME_PLACE = 3
"""After so many deaths of the worker at the same place of a document, or of the change to an embedder, that
document or that change is given up."""


class DocumentsService(Service):
    """The parent's side. Callbacks and events come on threads of the supervisor."""

    def __init__(
        self,
        folder: Path,
        *,
        handbook: Path | None = None,
        library: Path | None = None,
        embedders: Path | None = None,
        languages: Sequence[str] = (),
        when: str = "at_once",
        on_event: Callable[[DocumentsEvent], None] | None = None,
        engines: Engines | None = None,
        translate_question: TranslateQuestion | None = None,
    ) -> None:
        """Starts nothing; the first call does, or `start`. The other `engines` make room for it.

        Args:
            folder: of the store.
            handbook: the pages that come along.
            library: of models, of which some can become embedders, or are language files for recognition.
            embedders: those that were made of them.
            languages: that scans are in; with `when`, as `set_recognition` takes them.
            on_event: gets what the worker tells unasked.
            translate_question: into the language of the documents, where the embedder does not speak its own.
        """
        self._listener = on_event
        self._questions = TranslatedQuestions(self._again, translate_question)
        self._lock = threading.Lock()
        self._paused = False
        self._place: tuple[int, int] | None = None
        """The document that the worker has in hand and its pages that are done."""
        self._change: tuple[str, int] | None = None
        """The embedder whose vectors it makes, by its id, and how many of them there are."""
        self._recognising: tuple[int, int] | None = None
        """The document and the page whose pictures are recognised."""
        self._recognition_paused = False
        self._deaths: Counter[tuple[str, int | str, int]] = Counter()
        """Of the worker, by what gives up what it was at, which one, and how far that had come."""
        self._store_file = folder / DOCUMENTS_FILE
        self._embedders = embedders or embedders_folder()
        self._arguments: dict[str, Any] = {
            "folder": folder,
            "handbook": handbook,
            "library": library,
            "embedders": embedders,
            "languages": tuple(languages),
            "when": when,
        }
        """With which the worker starts, whenever it does."""
        worker = Worker(
            ENGINE,
            self._arguments,
            name="The documents worker",
            on_event=self._on_event,
            on_restart=self._on_restart,
            before_start=lambda: bool(engines and engines.make_room(self._memory(), self)),
        )
        super().__init__(worker, engines)

    def stop_if_idle(self) -> bool:
        """Not while documents are being read or recognised, nor while an embedder's vectors are made."""
        with self._lock:
            busy = self._place is not None or self._recognising is not None
            busy |= self._change is not None and not self._paused
        return not busy and super().stop_if_idle()

    def _memory(self) -> int:
        """Bytes that the worker will take: with the embedder that searches, and the one that is to."""
        active, coming = self.known_embedders()
        here = ConvertedEmbedders(self._embedders)
        names = [each.name for each in (active, coming) if each is not None and each.name]
        return WORKER_MEMORY + (sum(here.memory(name) for name in names) or memory(BUILTIN_SHAPE))

    # --- changing what there is -------------------------------------------------------------------------

    def add(
        self,
        paths: Sequence[str | Path],
        collection: str | None = None,
        *,
        password: str | None = None,
        watch: bool = False,
        on_report: Callable[[Any], None] | None = None,
    ) -> Run[AddedDocuments]:
        """Take up files, and what can be read in folders. They are read after this; see `wait`.

        Args:
            paths: files or folders; relative ones count from this process's folder.
            collection: made if it is not there. Without it that of the watched folder, or the default one.
            password: for all encrypted documents among them; kept in memory only.
            watch: follow the folders among the paths from now on.
            on_report: gets Progress while folders are looked through.
        """
        return self._worker.submit(
            "add",
            on_report=on_report,
            paths=[absolute(path) for path in paths],
            collection=collection,
            password=password,
            watch=watch,
        )

    def wait(
        self, ids: Sequence[int] | None = None, *, on_report: Callable[[Any], None] | None = None
    ) -> Run[tuple[DocumentInfo, ...]]:
        """Wait until these documents, or all, are finished; reports IndexingStatus a few times a second."""
        return self._again("wait", _TRIES_OF_WAITING, on_report, ids=None if ids is None else list(ids))

    def remove(self, targets: Sequence[str | int]) -> Run[RemovedDocuments]:
        """Remove documents by path or id, or all below a folder. The files are left alone; see `restore`."""
        return self._worker.submit("remove", targets=[_target(each) for each in targets])

    def restore(self, ids: Sequence[int]) -> Run[tuple[DocumentInfo, ...]]:
        """Bring removed documents back as they were; those that no longer can be are not in the result."""
        return self._worker.submit("restore", ids=list(ids))

    def retry(self, document: int, password: str | None = None) -> Run[DocumentInfo]:
        """Read again what could not be read, with a password if the document needs one."""
        return self._worker.submit("retry", document=document, password=password)

    def move(self, ids: Sequence[int], collection: str) -> Run[tuple[DocumentInfo, ...]]:
        """Put documents into a collection, which is made if it is not there."""
        return self._worker.submit("move", ids=list(ids), collection=collection)

    def rename_collection(self, name: str, new_name: str) -> Run[None]:
        """Give a collection another name, which none may have yet; its documents and folders stay in it."""
        return self._worker.submit("rename_collection", name=name, new_name=new_name)

    def delete_collection(self, name: str) -> Run[tuple[DocumentInfo, ...]]:
        """Give up a collection; its documents, which it returns, and folders go to the default one."""
        return self._worker.submit("delete_collection", name=name)

    def watch(self, folder: str | Path, collection: str | None = None) -> Run[None]:
        """Follow a folder: its files come, change and go in the index as they do on the disk."""
        return self._worker.submit("watch", folder=absolute(folder), collection=collection)

    def unwatch(self, folder: str | Path) -> Run[None]:
        """Follow a folder no longer; its documents stay."""
        return self._worker.submit("unwatch", folder=absolute(folder))

    def pause(self) -> Run[None]:
        """Stop indexing after the batch in hand, until `resume` or the end of the program."""
        self._paused = True
        return self._worker.submit("pause")

    def resume(self) -> Run[None]:
        self._paused = False
        return self._worker.submit("resume")

    def stop_document(self, document: int) -> Run[None]:
        """Read no more of a document; what was read of it stays."""
        return self._worker.submit("stop_document", document=document)

    # --- recognising pictures -----------------------------------------------------------------------------

    def recognise(
        self,
        documents: Sequence[int],
        options: RecognitionOptions | None = None,
        parts: Sequence[int] = (),
    ) -> Run[None]:
        """Have the pictures of documents recognised again, before all others and whatever the settings say.

        Args:
            options: by which recogniser, in which languages.
            parts: of the documents, by their numbers; none for all that have pictures.
        """
        return self._worker.submit(
            "recognise", documents=list(documents), options=options or RecognitionOptions(), parts=list(parts)
        )

    def pause_recognition(self) -> Run[None]:
        """Recognise no more, until `resume_recognition` or the end of the program."""
        self._recognition_paused = True
        return self._worker.submit("pause_recognition")

    def resume_recognition(self) -> Run[None]:
        self._recognition_paused = False
        return self._worker.submit("resume_recognition")

    def stop_recognition(self, documents: Sequence[int]) -> Run[None]:
        """Let the pictures of documents wait no longer; what was recognised of them stays."""
        return self._worker.submit("stop_recognition", documents=list(documents))

    def set_recognition(self, languages: Sequence[str], when: str) -> None:
        """In which languages scans are, and when they are recognised, as `settings.Recognition` says it."""
        self._arguments |= {"languages": tuple(languages), "when": when}
        if self._worker.pid is not None:
            self._worker.submit("set_recognition", languages=tuple(languages), when=when)

    def recognition_status(self) -> Run[RecognitionStatus]:
        """How far recognition has come; events of this kind tell how it goes on."""
        return self._again("recognition_status")

    def wait_for_recognition(
        self, ids: Sequence[int] | None = None, *, on_report: Callable[[Any], None] | None = None
    ) -> Run[tuple[DocumentInfo, ...]]:
        """Wait until nothing of these documents, or of all, can be recognised now.

        While recognition is paused or put off, that is at once. Reports RecognitionStatus now and then.
        """
        wanted = None if ids is None else list(ids)
        return self._again("wait_for_recognition", _TRIES_OF_WAITING, on_report, ids=wanted)

    def page_words(self, document: int, page: int) -> Run[tuple[WordOnPage, ...]]:
        """The words that were recognised on a page, in reading order; none where it was not."""
        return self._again("page_words", document=document, page=page)

    def searchable_copy(self, document: int, output: Path) -> Run[Path]:
        """Write a PDF with the recognised words over the pictures of a document, which can be searched.

        Args:
            output: replaced if it is there, unless it is the document itself.
        """
        path = absolute(output)

        def work(steps: Steps) -> Path:
            return Path(steps.result(self._worker.submit, "searchable_copy", document=document, output=path))

        return Run.derived(work)

    # --- the embedder -----------------------------------------------------------------------------------

    def embedders(self) -> Run[tuple[EmbedderChoice, ...]]:
        """The models that documents can be searched with, and what choosing each would mean."""
        return self._again("embedders")

    def embedder_status(self) -> Run[EmbedderStatus]:
        """Which one searches, and how a change goes on; events of this kind tell what becomes of it."""
        return self._again("embedder_status")

    def known_embedders(self) -> tuple[KnownEmbedder | None, KnownEmbedder | None]:
        """The one that searches, if it was ever changed, and the one that is to; looked up at once."""
        return look_up(self._store_file)

    def check_unused(self, model: str) -> None:
        """See that a model of the library can be removed. Once it is converted, it is not needed any more.

        Raises:
            UserInputError: an embedder is being made of it.
        """
        coming = self.known_embedders()[1]
        if coming is not None and coming.id == model and not coming.name:
            raise UserInputError("embedder-being-made", name=coming.title)

    def use_embedder(self, id: str) -> Run[EmbedderStatus]:
        """Have the documents searched with this model. Everything is found meanwhile as before.

        Its vectors are made in the background, and it takes over when they are complete. `pause` holds that
        up; the end of the program does until the next start; choosing the active one ends it.
        """
        return self._again("use_embedder", id=id)

    def wait_for_embedder(self, *, on_report: Callable[[Any], None] | None = None) -> Run[EmbedderStatus]:
        """Wait until no change is on its way; reports EmbedderStatus a few times a second."""
        return self._again("wait_for_embedder", _TRIES_OF_WAITING, on_report)

    # --- looking and asking -----------------------------------------------------------------------------

    def documents(self, collection: str | None = None) -> Run[tuple[DocumentInfo, ...]]:
        """The documents of a collection, or all of the person's own: the handbook's only if asked for."""
        return self._again("documents", collection=collection)

    def report(self, document: int) -> Run[tuple[PartReport, ...]]:
        """What each part of a document gave."""
        return self._again("report", document=document)

    def collections(self) -> Run[tuple[CollectionInfo, ...]]:
        return self._again("collections")

    def counts(self) -> Run[dict[str, int]]:
        """Figures of the whole store, for checks: what there is, what is double, what was embedded."""
        return self._again("counts")

    def search(self, question: str, k: int = 8, scope: Scope = EVERYWHERE) -> Run[tuple[SearchHit, ...]]:
        """The passages that fit best. Everywhere: in the person's documents or, without any, the handbook."""
        return self._again("search", question=question, k=k, scope=scope)

    def ask(self, question: str, scope: Scope = EVERYWHERE) -> Run[Answer]:
        """Quotes that answer, each with its place; none means that nothing was found."""
        return Run.derived(lambda steps: self._questions.ask(steps, question, scope))

    def evidence(self, question: str, scope: Scope = EVERYWHERE) -> Run[Evidence]:
        """What `ask` gives, with the sentences around each quote for a model to read."""
        return Run.derived(lambda steps: self._questions.evidence(steps, question, scope))

    def example_questions(self, collection: str | None = None) -> Run[tuple[str, ...]]:
        """At most three questions that the documents of a collection, or all of one's own, invite and answer.

        They are made of headings; where no good one can be made, there is none.
        """
        return self._again("example_questions", collection=collection)

    def check_claims(
        self, text: str, sources: Sequence[Source], question: str = "", told: str = ""
    ) -> Run[CheckedText]:
        """A model's text with the citations that hold; `told` is what was said before."""
        return self._again("check_claims", text=text, sources=tuple(sources), question=question, told=told)

    def passages(self, document: int, after: int = 0) -> Run[tuple[Passage, ...]]:
        """The next passages of a document behind section `after`, in reading order; none at its end."""
        return self._again("passages", document=document, after=after)

    def quotes(self, places: Sequence[tuple[int, int, int]]) -> Run[tuple[Quote, ...]]:
        """Quotes of places (section, start, end), with the boxes of their words."""
        return self._again("quotes", places=tuple(places))

    def page_picture(self, document: int, page: int, width: int) -> Run[PagePicture]:
        """A page as pixels, counted from 1, `width` of them wide."""
        return self._worker.submit("page_picture", document=document, page=page, width=width)

    def page_layout(self, document: int) -> Run[PageLayout]:
        """The sizes and names of a PDF's pages, and its bookmarks."""
        return self._worker.submit("page_layout", document=document)

    def headings(self, document: int) -> Run[tuple[OutlineEntry, ...]]:
        """The headings of a document as far as it was read; they need no file."""
        return self._again("headings", document=document)

    def text(
        self, document: int, section: int = 0, start: int = 0, *, before: bool = False
    ) -> Run[TextStretch]:
        """The text from a place on, or what comes before it, a few screens long; it needs no file."""
        return self._again("text", document=document, section=section, start=start, before=before)

    def find(self, document: int, words: str) -> Run[FoundPlaces]:
        """Where these words stand in a document's own text."""
        return self._again("find", document=document, words=words)

    # --- the worker's troubles ----------------------------------------------------------------------------

    def _again(
        self,
        method: str,
        tries: int = _TRIES,
        on_report: Callable[[Any], None] | None = None,
        **arguments: Any,
    ) -> Run[Any]:
        """A call that changes nothing: if the worker dies of something else meanwhile, it is made again."""

        def work(steps: Steps) -> Any:
            left = tries
            while True:
                left -= 1
                try:
                    return steps.result(self._worker.submit, method, on_report=steps.report, **arguments)
                except WorkerStartFailed:
                    raise
                except WorkerError:
                    if not left:
                        raise

        return Run.derived(work, on_report)

    def _on_event(self, event: DocumentsEvent) -> None:
        if isinstance(event, EmbedderStatus):
            self._take_embedder(event)
        elif isinstance(event, RecognitionStatus):
            self._take_recognition(event)
        elif isinstance(event, IndexingStatus):
            running = event.state is IndexingState.RUNNING and event.document is not None
            with self._lock:
                self._place = (cast(int, event.document), event.pages_done) if running else None
        if self._listener is not None:
            self._listener(event)

    def _take_embedder(self, status: EmbedderStatus) -> None:
        change = status.change
        held = change.held if change is not None else None
        with self._lock:
            self._change = (change.id, change.chunks_done) if change is not None and held is None else None
        self._make_room_for(held)

    def _take_recognition(self, status: RecognitionStatus) -> None:
        running = status.state is RecognitionState.RUNNING and status.document is not None
        with self._lock:
            self._recognising = (cast(int, status.document), status.page or 0) if running else None
        self._make_room_for(status.notice)

    def _make_room_for(self, held: Problem | None) -> None:
        needed = held.details.get("needed") if held is not None and held.code == ModelTooLarge.code else None
        if isinstance(needed, int) and self._engines is not None:
            # Engines take a moment to end. The worker looks again soon.
            threading.Thread(target=self._engines.make_room, args=(needed, self), daemon=True).start()

    def _on_restart(self, error: WorkerError) -> None:
        """The new worker goes on by itself; but not if paused, and not into the same death for ever."""
        if self._paused:
            self._worker.submit("pause")
        if self._recognition_paused:
            self._worker.submit("pause_recognition")
        # SIGKILL comes from outside: neither a document nor a model can do that.
        by_itself = isinstance(error, WorkerCrashed) and error.details.get("signal") != "SIGKILL"
        with self._lock:
            places: dict[tuple[str, str], tuple[int | str, int] | None] = {
                ("give_up", "document"): self._place,
                ("give_up_embedder", "id"): self._change,
                ("give_up_recognition", "document"): self._recognising,
            }
            self._place = self._change = self._recognising = None
            if not (by_itself or isinstance(error, WorkerOutOfMemory)):
                return
            given_up: list[tuple[str, dict[str, Any]]] = []
            for (method, name), place in places.items():
                if place is not None:
                    self._deaths[method, *place] += 1
                    if self._deaths[method, *place] >= _SAME_PLACE:
                        given_up.append((method, {name: place[0]}))
        for method, what in given_up:
            log.warning("%s is given up: %s", what, error)
            self._worker.submit(method, **what, why=error.message)


def _target(target: str | int) -> str | int:
    """An id as it is; a path, which may be a number too, made absolute here, where its folder is known."""
    if isinstance(target, int) or (target.isascii() and target.isdigit() and not os.path.lexists(target)):
        return target
    return absolute(target)

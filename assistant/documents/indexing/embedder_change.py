"""Changes the embedder: the vectors of the new one are made beside the old ones, then it takes over.

The store knows which embedder is active and which one is wished for, and the vectors that are there; so a
change that was cut short, at whatever moment, goes on at the next start from where it was.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from assistant.documents.embedder_records import (
    EmbedderAdvice,
    EmbedderChange,
    EmbedderChoice,
    EmbedderState,
    EmbedderStatus,
    EmbedderStep,
)
from assistant.documents.embedders.conversion_process import sweep
from assistant.documents.embedders.converted_embedders import ConvertedEmbedders
from assistant.documents.embedders.embedder_conversion import builtin_tokenizer
from assistant.documents.indexing.embedder_adviser import EmbedderAdviser
from assistant.documents.indexing.embedder_preparation import BUILTIN_EMBEDDER, EmbedderPreparer
from assistant.documents.indexing.indexer import Indexer
from assistant.documents.indexing.missing_vectors import MissingVectors
from assistant.documents.search.loader import SearchLoader
from assistant.documents.store.embedders import KnownEmbedder
from assistant.documents.store.store import Store
from assistant.documents.text.chunking import Chunker
from assistant.errors import (
    AssistantError,
    Cancelled,
    DiskFull,
    ModelTooLarge,
    Problem,
    StorageError,
    UserInputError,
)
from assistant.jobs import CancelToken
from assistant.languages import name
from assistant.workers.priority import stand_back

log = logging.getLogger(__name__)

_LOOK_FOR_MODEL_S = 0.1
_QUIET_S = 3.0
"""From the moment that searches are answered until this begins: a question may be waiting."""
_AGAIN_S = 10.0
"""After so long something that did not go is tried again."""
_LOOK_S = 5.0
"""How often, while documents change, it is looked at what languages they are in."""
_NICENESS = 10
"""How far this stands back behind the window, questions and what is indexed."""
_FEW = 32
"""Chunks that are embedded in the moment of the exchange, while indexing waits."""


class EmbedderChanger:
    """Works at one change at a time, on a thread of its own. Its methods may be called from any thread."""

    def __init__(
        self,
        store: Store,
        loader: SearchLoader,
        indexer: Indexer,
        library: Path | None,
        converted: ConvertedEmbedders,
        on_status: Callable[[], None],
    ) -> None:
        """`library`: the folder of models. `on_status` is called when `status` has changed."""
        self._store = store
        self._loader = loader
        self._indexer = indexer
        self._library = library
        self._converted = converted
        self._preparer = EmbedderPreparer(library, converted)
        self._on_status = on_status
        self._adviser = EmbedderAdviser(store, indexer.pending)
        self._changed = threading.Condition()
        self._active = store.active_embedder() or BUILTIN_EMBEDDER
        self._next = store.next_embedder()
        self._change: EmbedderChange | None = None
        self._advice: EmbedderAdvice | None = None
        self._notice: Problem | None = None
        self._no_model: Problem | None = None
        """Why there is no embedder at all."""
        self._documents_changed = True
        self._closed = False
        self._token = CancelToken()
        """Of what is being done; cancelled as soon as something else is wanted."""
        self._thread = threading.Thread(target=self._run, name="changing the embedder", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Have it end at the next batch."""
        with self._changed:
            self._closed = True
            self._token.cancel()
            self._changed.notify_all()

    def close(self, timeout_s: float) -> None:
        self.stop()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    # --- from outside ---------------------------------------------------------------------------------

    def choices(self) -> tuple[EmbedderChoice, ...]:
        """What can be chosen, and how each stands."""
        # Loaded here: the worker has to be there at once, and seldom needs it.
        from assistant.documents.embedders.embedder_choices import Standing, choices

        coming = self._next.id if self._next else None
        standing = Standing(self._active.id, coming, self._store.chunk_count(), self._indexer.speed)
        return choices(self._preparer.sources(), self._converted, standing)

    def use(self, id: str) -> EmbedderStatus:
        """Have the documents searched with this model once its vectors are there; the active one: cancel.

        Raises:
            UserInputError: there is no such model, or it has to be got first.
        """
        wanted = next((choice for choice in self.choices() if choice.id == id), None)
        if wanted is None:
            raise UserInputError("no-such-embedder", id=id)
        if wanted.state is EmbedderState.OFFERED:
            raise UserInputError("embedder-not-here", name=wanted.name, id=id)
        self._adviser.decided()
        self._wish(KnownEmbedder(id, wanted.name, "", wanted.languages))
        return self.status()

    def give_up(self, id: str, why: str) -> None:
        """Change no more to this one, for a reason that others have seen."""
        coming = self._next
        if coming is not None and coming.id == id:
            self._wish(None, StorageError("embedder-keeps-crashing", name=coming.title, why=why).problem)

    def status(self) -> EmbedderStatus:
        active, coming, change = self._active, self._next, self._change
        if coming is not None and (change is None or change.id != coming.id):
            change = EmbedderChange(coming.id, coming.title, EmbedderStep.CONVERTING)
        if change is not None:
            change = replace(change, held=change.held or self._no_model or self._indexer.gate.held)
        advice = self._advice if change is None else None
        return EmbedderStatus(active.id, active.title, active.languages, change, advice, self._notice)

    def wait_for_change(self, seconds: float) -> None:
        """Sleep until something becomes of the change, at most so long."""
        with self._changed:
            self._changed.wait(seconds)

    def documents_changed(self) -> None:
        """There may be others, in other languages."""
        with self._changed:
            self._documents_changed = True
            self._changed.notify_all()

    def asked(self, question: str) -> None:
        """Somebody asked this."""
        self._adviser.asked(question)
        self.documents_changed()

    def _wish(
        self,
        embedder: KnownEmbedder | None,
        notice: Problem | None = None,
        token: CancelToken | None = None,
    ) -> None:
        """`token`: of the thread's own wishes, which must not take the place of the person's."""
        with self._changed:
            if token is not None:
                token.raise_if_cancelled()
            if embedder is not None and embedder.id == self._active.id:
                embedder = None
            if embedder is None or self._next is None or embedder.id != self._next.id:
                self._store.set_next_embedder(embedder)
                self._next, self._change = embedder, None
                self._token.cancel()
            self._notice = notice
            self._changed.notify_all()
        self._on_status()

    def _tell(self, change: EmbedderChange | None) -> None:
        with self._changed:
            self._change = change
            self._changed.notify_all()
        self._on_status()

    # --- the thread -------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._loader.done:
            with self._changed:
                if self._closed:
                    return
                self._changed.wait(_LOOK_FOR_MODEL_S)
        try:
            self._loader.get()
        except AssistantError as error:  # without a model there is nothing to change
            self._no_model = error.problem
            self._on_status()
            return
        with self._changed:
            first = self._token
            self._changed.wait_for(lambda: first.cancelled, _QUIET_S)  # but not if somebody wants it now
        while True:
            with self._changed:
                if self._closed:
                    return
                self._token = token = CancelToken()
                goal = self._next or self._active
            try:
                done = self._work_towards(goal, token)
            except Cancelled:
                with self._changed:  # closing takes a moment, too
                    self._changed.wait_for(lambda: self._closed, 0.05)
                continue
            except Exception as error:
                done = False
                self._hold(goal, error)
            self._wait(token, None if done else _AGAIN_S)

    def _wait(self, token: CancelToken, seconds: float | None) -> None:
        """Until there is something else to do; meanwhile look at what documents come."""
        end = time.monotonic() + (threading.TIMEOUT_MAX if seconds is None else seconds)
        while (left := end - time.monotonic()) > 0 and not token.cancelled:
            with self._changed:
                look = self._changed.wait_for(lambda: token.cancelled or self._documents_changed, left)
                if not look or token.cancelled:
                    return
                self._changed.wait_for(lambda: token.cancelled, min(_LOOK_S, left))
                self._documents_changed = False
            if not token.cancelled:
                self._look(token)

    def _look(self, token: CancelToken) -> None:
        """Whether another embedder would find more; a new data folder begins with it."""
        if self._next is not None:
            return
        try:
            found = self._adviser.beginning(self._active, self.choices)
            if found is not None:
                wished = KnownEmbedder(found.id, found.name)
                spoken = [name(each) for each in found.languages]
                self._wish(
                    wished,
                    Problem("embedder", "embedder-begun-with", {"name": found.name, "languages": spoken}),
                    token,
                )
                return
            self._advice = self._adviser.advice(self._active, self.choices)
        except Cancelled:  # the person has chosen meanwhile
            return
        except Exception:  # advice is not worth the thread
            log.warning("it was not looked at what languages the documents are in", exc_info=True)
        self._on_status()

    def _hold(self, goal: KnownEmbedder, error: Exception) -> None:
        """Say why nothing goes on; it is tried again."""
        if isinstance(error, AssistantError):
            log.warning("the change to %s stands still: %s", goal.title, error)
            problem = error.problem
        else:
            log.exception("the change to %s failed; it is tried again", goal.title)
            problem = StorageError("embedder-change-failed", why=f"{type(error).__name__}: {error}").problem
        change = self._change or EmbedderChange(goal.id, goal.title, EmbedderStep.CONVERTING)
        self._tell(replace(change, held=problem, seconds_left=None))

    def _work_towards(self, goal: KnownEmbedder, token: CancelToken) -> bool:
        """Do what is lacking until this embedder searches; true when nothing is left to do."""
        searching = self._loader.get(token).embedder.name
        if goal.name != searching or self._store.points_elsewhere(searching):
            ready = self._made_ready(goal, token)
            if ready is None:
                return False
            total = self._store.chunk_count()
            done = max(0, total - self._store.lacking_count(ready.name))
            self._tell(EmbedderChange(ready.id, ready.title, EmbedderStep.EMBEDDING, done, total))
            while not self._taken_over(ready, token):
                self._make_missing(ready, token)
            self._tell(None)
            self._loader.synchronise()
        try:
            self._clean_up(token)
        except AssistantError as error:  # what is not used any more is in nobody's way
            log.warning("what searched before is not tidied up yet: %s", error)
            return False
        return True

    # --- from a model to an embedder ------------------------------------------------------------------------

    def _made_ready(self, goal: KnownEmbedder, token: CancelToken) -> KnownEmbedder | None:
        """The embedder with its name, converted if need be; None if that is not possible."""

        def converting() -> None:
            self._tell(EmbedderChange(goal.id, goal.title, EmbedderStep.CONVERTING))

        try:
            ready = self._preparer.prepare(goal, token, converting)
        except (DiskFull, ModelTooLarge):
            raise
        except AssistantError as error:
            self._give_up(goal, error, token)
            return None
        with self._changed:
            token.raise_if_cancelled()
            if self._next is not None:
                self._store.set_next_embedder(ready)
                self._next = ready
        return ready

    def _give_up(self, goal: KnownEmbedder, error: AssistantError, token: CancelToken) -> None:
        """It cannot be an embedder: stay with the active one or, if this is the active one, the built-in."""
        log.warning("%s cannot search documents: %s", goal.title, error)
        notice = error.problem
        with self._changed:
            token.raise_if_cancelled()
            if self._next is None:
                notice = StorageError("embedder-lost", name=goal.title).problem
                self._store.set_active_embedder(BUILTIN_EMBEDDER)
                self._active = BUILTIN_EMBEDDER
            self._wish(None, notice)

    # --- from vector to vector --------------------------------------------------------------------------

    def _make_missing(self, ready: KnownEmbedder, token: CancelToken) -> None:
        """Most of the work, by a model of its own whose threads stand back behind all others."""

        def told(done: int, total: int, seconds_left: float | None) -> None:
            self._tell(
                EmbedderChange(ready.id, ready.title, EmbedderStep.EMBEDDING, done, total, seconds_left)
            )

        def work() -> None:
            missing = MissingVectors(self._store, Chunker(builtin_tokenizer()), self._indexer.gate)
            missing.make(self._preparer.load(ready), token, told)

        with ThreadPoolExecutor(1, "embedding again", stand_back, (_NICENESS,)) as pool:
            pool.submit(work).result()

    def _taken_over(self, ready: KnownEmbedder, token: CancelToken) -> bool:
        """Let the embedder take over if hardly a vector is missing."""
        if not self._indexer.gate.wait_open(token):
            raise Cancelled
        if self._store.lacking_count(ready.name) > _FEW:
            return False
        embedder = self._preparer.load(ready)
        missing = MissingVectors(self._store, Chunker(builtin_tokenizer()))
        with self._indexer.store_lock:
            if self._store.lacking_count(ready.name) > _FEW:
                return False
            missing.make(embedder, token, lambda *_: None)
            return self._loader.exchange(embedder, lambda: self._commit(ready, token))

    def _commit(self, ready: KnownEmbedder, token: CancelToken) -> bool:
        with self._changed:
            token.raise_if_cancelled()
            if not self._store.exchange(ready):
                return False
            self._active, self._next, self._advice = ready, None, None
            self._documents_changed = True
        log.info("documents are searched with %s", ready.name)
        return True

    def _clean_up(self, token: CancelToken) -> None:
        """Forget vectors and embedders that are not used any more."""
        kept = {self._active.name} | ({self._next.name} if self._next else set())
        while self._store.drop_vectors_but(kept):
            token.raise_if_cancelled()
        sweep(self._converted.folder)
        if self._converted.all():
            from assistant.documents.embedders.embedder_sources import library_ids

            self._converted.sweep(kept, library_ids(self._library))

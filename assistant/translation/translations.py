"""Everything that is done with translations: texts at once, documents one after the other, what is kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from assistant.errors import NoModel, Problem, UserInputError
from assistant.first_use import FirstUse
from assistant.translation import routes
from assistant.translation.dependencies import Dependencies, SentenceMemory
from assistant.translation.glossary.glossary import Glossary
from assistant.translation.jobs.document_files import DocumentFiles, Reader
from assistant.translation.jobs.output import discard, key
from assistant.translation.jobs.queue import TranslationQueue
from assistant.translation.jobs.records import DocumentChanged, TranslatedDocument
from assistant.translation.jobs.store import Destination, TranslationStore
from assistant.translation.memory.memory import Memory
from assistant.translation.memory.records import PastText
from assistant.translation.memory.session_memory import SessionMemory
from assistant.translation.model_sentences import ModelSentences
from assistant.translation.prompted_sentences import Complete, PromptedSentences
from assistant.translation.records import (
    EngineChoice,
    Layout,
    ParagraphDone,
    Route,
    TextTranslation,
    TranslatedParagraph,
    TranslationOptions,
)
from assistant.translation.service import TranslationService
from assistant.translation.text_translation import TextTranslator, sentences
from assistant.translation.translator import Translator
from assistant.workers.run import Run

log = logging.getLogger(__name__)

Listener = Callable[[DocumentChanged], None]
_PAST_TEXTS = 200
"""As many are listed."""


class Translations:
    """Any thread may call."""

    def __init__(
        self,
        folder: Path,
        service: TranslationService,
        engines: Callable[[], tuple[EngineChoice, ...]],
        complete: Complete,
        read: Reader,
        tell_notices: Callable[[Iterable[Problem]], None],
    ) -> None:
        """
        Args:
            folder: of what is kept: glossary, memory, documents.
            engines: the models that translate, those made for it first; asked for each text.
            complete: asks a chat model.
            read: reads files of formats that cannot be written.
            tell_notices: told what the person should know about how opening something went.

        Raises:
            StorageError: the list of documents cannot be opened.
        """
        self._engines = engines
        self.glossary = Glossary(folder / "glossary.json")
        self._memory = FirstUse(lambda: self._open_memory(folder / "memory.sqlite3"))
        self._session = session = SessionMemory(self._memory.get)
        models, chat = ModelSentences(service), PromptedSentences(complete)

        def texts(memory: Callable[[], SentenceMemory]) -> TextTranslator:
            needed = Dependencies(service.analyse, models, chat, self._way, self.glossary, memory)
            return TextTranslator(engines, Translator(needed))

        self._texts = texts(lambda: session)
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self._store = TranslationStore(folder / "documents.sqlite3")
        self._queue = TranslationQueue(
            self._store, DocumentFiles(service, read), texts(self._memory.get), self._tell
        )
        self._tell_notices = tell_notices
        tell_notices(() if self.glossary.notice is None else (self.glossary.notice,))
        tell_notices(self._store.notices)

    @property
    def memory(self) -> Memory:
        """What was translated before, and past texts. The first use opens it.

        Raises:
            StorageError: it cannot be opened.
        """
        return self._memory.get()

    def _open_memory(self, file: Path) -> Memory:
        memory = Memory(file)
        self._tell_notices(memory.notices)
        return memory

    def close(self) -> None:
        """Stop what is being translated; it can go on another time."""
        with ExitStack() as closing:
            closing.callback(self._memory.close, lambda memory: memory.close())
            closing.callback(self._store.close)
            closing.callback(self._queue.close)

    # --- what there is

    def engines(self) -> tuple[EngineChoice, ...]:
        """The models that translate: those made for it, then the chat models, the chosen one first."""
        return self._engines()

    def languages(self) -> tuple[str, ...]:
        """The languages that can be a target with the models that are here, by their English names."""
        return routes.languages(self._engines())

    def route(self, source: str, options: TranslationOptions) -> Route | None:
        """How texts in a language go: by the engine of the options where it can, else by the best one, see
        `routes.route`; None where there is none."""
        return self._way(source, options.target, options.engine)

    def _way(self, source: str, target: str, engine: str) -> Route | None:
        return routes.route(self._engines(), source, target, engine)

    # --- texts

    def translate(
        self,
        text: str,
        options: TranslationOptions,
        *,
        on_report: Callable[[ParagraphDone], None] | None = None,
    ) -> Run[TextTranslation]:
        """Translate a text, line by line.

        Its run fails with NoModel, another ModelError or a WorkerError. Cancel it when the text has changed:
        what it has translated until then is not paid for again.
        """
        return Run.derived(lambda steps: self._texts.text(steps, text, options, steps.report), on_report)

    def alternatives(self, sentence: str, options: TranslationOptions) -> Run[tuple[str, ...]]:
        """Translations of a sentence, the best first.

        Its run fails as that of `translate`.
        """
        return Run.derived(lambda steps: self._texts.alternatives(steps, sentence, options))

    def remember(self, translation: TextTranslation) -> PastText:
        """Put a text at the head of the history, and its sentences into the memory.

        Raises:
            DiskFull, StorageError: it cannot be kept.
        """
        self._session.settle(sentences(translation.paragraphs), translation.target)
        return self.memory.remember_text(
            translation.source, translation.text, translation.language, translation.target
        )

    def past_texts(self, search: str = "") -> tuple[PastText, ...]:
        """What was translated, the newest first; those that hold all words of `search`."""
        return self.memory.past_texts(_PAST_TEXTS, search)

    def forget_text(self, id: int) -> None:
        """Take a text out of the history."""
        self.memory.forget_text(id)

    # --- documents

    def add_documents(
        self,
        files: Sequence[Path],
        options: TranslationOptions,
        layout: Layout = Layout.TRANSLATION,
        *,
        output: Path | None = None,
    ) -> tuple[TranslatedDocument, ...]:
        """Have files translated, one after the other. Nothing that exists is overwritten.

        What stopped or failed on its way to the same translation goes on there.

        Args:
            output: an existing folder, or one that is made for several files; of one file else the file to
                write. None: each beside its original, under another name.

        Raises:
            NoModel: no model that translates is here.
            StorageError: they cannot be kept.
        """
        if not self._engines():
            raise NoModel("no-translation-model")
        documents = []
        for file in files:
            path = file.expanduser().absolute()
            destination = _destination(path, output, several=len(files) > 1)
            wanted = (path, destination, options, layout)
            documents.append(self._store.unfinished(*wanted) or self._store.begin(*wanted))
        self._queue.add([document.id for document in documents])
        return tuple(documents)

    def documents(self) -> tuple[TranslatedDocument, ...]:
        """All that are kept in the list, the newest first."""
        return tuple(
            replace(document, seconds_left=self._queue.seconds_left(document.id))
            for document in self._store.documents()
        )

    def document(self, id: int) -> TranslatedDocument:
        """
        Raises:
            UserInputError: there is none with this id.
        """
        return replace(self._store.document(id), seconds_left=self._queue.seconds_left(id))

    def marked(self, id: int) -> tuple[TranslatedParagraph, ...]:
        """The paragraphs of a document that is done with sentences that the person should look at."""
        found = self._store.paragraphs(id)
        return tuple(found[number] for number in sorted(found) if found[number].concerns)

    def stop(self, ids: Sequence[int] | None = None) -> None:
        """Stop these, or all. What was translated of them is kept."""
        self._queue.stop(ids)

    def resume(self, ids: Sequence[int]) -> None:
        """Go on with what stopped or failed."""
        self._queue.add(ids)

    def remove(self, id: int) -> None:
        """Take one off the list, stopped if need be; its files stay."""
        self._queue.stop([id])
        with suppress(UserInputError):  # it was removed before
            document, destination = self._store.document(id), self._store.destination(id)
            discard(destination.folder, key(id, document.created))
        self._store.remove(id)
        self._tell(DocumentChanged(id, None))

    def wait(self, ids: Sequence[int], timeout: float | None = None) -> bool:
        """Wait until these are done, stopped or failed; false when the time is over."""
        return self._queue.wait(ids, timeout)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have `listener` told of events, on threads of the program. Call what is returned to end that."""
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock, suppress(ValueError):
                self._listeners.remove(listener)

        return end

    def _tell(self, event: DocumentChanged) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(event)
            except Exception:
                log.exception("A listener to translations failed")


def _destination(path: Path, output: Path | None, *, several: bool) -> Destination:
    if output is None:
        return Destination(path.parent)
    output = output.expanduser().absolute()
    if several or _is_folder(output):
        return Destination(output)
    return Destination(output.parent, output.name)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # its name is too long, say
        return False

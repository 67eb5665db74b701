"""A double of the services at their seam: rows in memory, and answers from a queue that a test fills."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant import hardware, network_guard, paths, settings
from assistant.chat.assistants import Assistants
from assistant.chat.history.history import History
from assistant.chat_pictures import ChatPictures
from assistant.chat_requests import ChatRequests
from assistant.documents.embedder_records import (
    EmbedderChange,
    EmbedderChoice,
    EmbedderState,
    EmbedderStatus,
    EmbedderStep,
)
from assistant.documents.event_records import DocumentsChanged, RecognitionState, RecognitionStatus
from assistant.documents.records import (
    DEFAULT_COLLECTION,
    HANDBOOK_COLLECTION,
    AddedDocuments,
    Answer,
    CollectionInfo,
    DocumentInfo,
    DocumentState,
    PagePicture,
    PartCounts,
    RemovedDocuments,
    Scope,
)
from assistant.documents.viewer_records import FoundPlaces, PageLayout, TextStretch
from assistant.errors import Cancelled, NoModel, Problem
from assistant.models.files.records import SortedPaths
from assistant.speech.audio import audio_paths
from assistant.speech.dictation import spoken_commands
from assistant.speech.dictation.recordings import Recordings
from assistant.speech.dictation.replacements import Replacements
from assistant.speech.dictation.text import DictationText
from assistant.speech.dictation.vocabulary import Vocabulary
from assistant.speech.records import Decoding
from assistant.speech.transcripts.transcripts import Transcripts
from assistant.translation.jobs.records import TranslatedDocument
from assistant.translation.records import TranslationOptions
from assistant.vision.records import RecognitionOptions
from tests.gui.chat_doubles import Chat, Grounded
from tests.gui.model_doubles import Models
from tests.gui.speech_doubles import Speech
from tests.gui.translation_doubles import Translations
from tests.scripted_vision import ScriptedVision
from tests.unit.speech.transcripts.scripted import ScriptedSpeakers

MANY_LANGUAGES = (
    "am", "ar", "az", "be", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi",
    "fr", "ga", "gl", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "km",
    "ko", "lo", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "my", "ne", "nl", "no", "pa", "pl", "ps",
    "pt", "ro", "ru", "si", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur",
    "vi", "zh",
)  # fmt: skip
BUILTIN = EmbedderChoice(
    "all-minilm-l6-v2",
    "all-MiniLM-L6-v2",
    "Built in: finds passages in English documents, very quickly.",
    ("en",),
    EmbedderState.ACTIVE,
    0.0,
    290_000_000,
    91_000_000,
)


class Pending:
    """A run that ends when the test says so."""

    def __init__(self) -> None:
        self.cancelled = False
        self._done = False
        self._value: Any = None
        self._error: Exception | None = None
        self._callbacks: list[Callable[[Any], None]] = []
        self._ended = threading.Event()

    def finish(self, value: Any = None) -> Pending:
        self._value = value
        return self._end()

    def fail(self, error: Exception) -> Pending:
        self._error = error
        return self._end()

    def result(self, timeout: float | None = None) -> Any:
        if not self._ended.wait(10 if timeout is None else timeout):
            raise TimeoutError
        if self._error is not None:
            raise self._error
        return self._value

    def cancel(self) -> None:
        self.cancelled = True
        if not self._done:
            self.fail(Cancelled())

    @property
    def failed(self) -> bool:
        return self._error is not None

    def done(self) -> bool:
        return self._done

    def when_done(self, callback: Callable[[Any], None]) -> None:
        if self._done:
            callback(self)
        else:
            self._callbacks.append(callback)

    def _end(self) -> Pending:
        self._done = True
        self._ended.set()
        for callback in self._callbacks:
            callback(self)
        return self


class Documents:
    """Notes every call. What `queue` holds for a method comes first: a value, an error or a Pending."""

    def __init__(self, on_event: Callable[[Any], None]) -> None:
        self.on_event = on_event
        self.rows: dict[int, DocumentInfo] = {}
        self.bin: dict[int, DocumentInfo] = {}
        self.folders: dict[str, list[str]] = defaultdict(list)
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.queue: dict[str, deque[Any]] = defaultdict(deque)
        self.started = False
        self.choices: dict[str, EmbedderChoice] = {BUILTIN.id: BUILTIN}
        self.embedder = EmbedderStatus(BUILTIN.id, BUILTIN.name, BUILTIN.languages)
        self.recognition = RecognitionStatus(RecognitionState.IDLE)

    # what a test does

    def put(self, *documents: DocumentInfo) -> None:
        """Rows that are there, or change, as the worker tells of them."""
        self.rows.update({document.id: document for document in documents})
        self.on_event(DocumentsChanged(documents))

    def offer(self, *choices: EmbedderChoice) -> None:
        """Models that documents can be searched with, besides the one that does."""
        self.choices.update({choice.id: choice for choice in choices})

    def tell(self, **other: Any) -> EmbedderStatus:
        """The status changes, and the worker tells of it."""
        self.embedder = replace(self.embedder, **other)
        self.on_event(self.embedder)
        return self.embedder

    def complete(self) -> None:
        """The change comes to its end: the new model searches."""
        assert self.embedder.change is not None
        old, new = self.choices[self.embedder.id], self.choices[self.embedder.change.id]
        self.offer(replace(old, state=EmbedderState.READY, seconds=60.0))
        self.offer(replace(new, state=EmbedderState.ACTIVE, seconds=0.0))
        self.tell(id=new.id, name=new.name, languages=new.languages, change=None, advice=None)

    def called(self, method: str) -> list[tuple[Any, ...]]:
        return [arguments for name, arguments in self.calls if name == method]

    # what the window calls

    def start(self) -> None:
        self.started = True

    def close(self) -> None:
        self.started = False

    def documents(self, collection: str | None = None) -> Pending:
        rows = tuple(row for row in self.rows.values() if collection in (None, row.collection))
        return self._run("documents", (collection,), rows)

    def collections(self) -> Pending:
        names = dict.fromkeys([DEFAULT_COLLECTION, HANDBOOK_COLLECTION])
        names.update(dict.fromkeys(row.collection for row in self.rows.values()))
        names.update(dict.fromkeys(self.folders))
        found = tuple(
            CollectionInfo(
                name,
                sum(row.collection == name for row in self.rows.values()),
                name == HANDBOOK_COLLECTION,
                tuple(self.folders[name]),
            )
            for name in names
        )
        return self._run("collections", (), found)

    def add(
        self,
        paths: Sequence[str | Path],
        collection: str | None = None,
        *,
        password: str | None = None,
        watch: bool = False,
    ) -> Pending:
        new = [
            document(max([0, *self.rows, *self.bin]) + number, str(path), collection=collection)
            for number, path in enumerate(paths, 1)
        ]
        run = self._run("add", (tuple(map(str, paths)), collection, watch), AddedDocuments(tuple(new)))
        if run.done() and not run.failed:
            self.put(*run.result().documents)
        return run

    def remove(self, targets: Sequence[str | int]) -> Pending:
        gone = [self.rows.pop(int(target)) for target in targets]
        self.bin.update({row.id: row for row in gone})
        self.on_event(DocumentsChanged((), tuple(row.id for row in gone)))
        return self._run("remove", (tuple(targets),), RemovedDocuments(tuple(gone)))

    def restore(self, ids: Sequence[int]) -> Pending:
        back = [self.bin.pop(number) for number in ids]
        self.put(*back)
        return self._run("restore", (tuple(ids),), tuple(back))

    def retry(self, number: int, password: str | None = None) -> Pending:
        row = replace(self.rows[number], state=DocumentState.QUEUED, error=None)
        self.put(row)
        return self._run("retry", (number, password), row)

    def move(self, ids: Sequence[int], collection: str) -> Pending:
        moved = [replace(self.rows[number], collection=collection) for number in ids]
        self.put(*moved)
        return self._run("move", (tuple(ids), collection), tuple(moved))

    def rename_collection(self, name: str, new_name: str) -> Pending:
        run = self._run("rename_collection", (name, new_name), None)
        if not run.failed:
            self.folders[new_name] = self.folders.pop(name, [])
            rows = [row for row in self.rows.values() if row.collection == name]
            self.put(*(replace(row, collection=new_name) for row in rows))
        return run

    def delete_collection(self, name: str) -> Pending:
        moved = tuple(row for row in self.rows.values() if row.collection == name)
        self.folders[DEFAULT_COLLECTION] += self.folders.pop(name, [])
        self.put(*(replace(row, collection=DEFAULT_COLLECTION) for row in moved))
        return self._run("delete_collection", (name,), moved)

    def watch(self, folder: str | Path, collection: str) -> Pending:
        self.folders[collection].append(str(folder))
        return self._run("watch", (str(folder), collection), None)

    def unwatch(self, folder: str | Path) -> Pending:
        for followed in self.folders.values():
            if str(folder) in followed:
                followed.remove(str(folder))
        return self._run("unwatch", (str(folder),), None)

    def pause(self) -> Pending:
        return self._run("pause", (), None)

    def resume(self) -> Pending:
        return self._run("resume", (), None)

    def stop_document(self, number: int) -> Pending:
        return self._run("stop_document", (number,), None)

    def embedders(self) -> Pending:
        return self._run("embedders", (), tuple(self.choices.values()))

    def embedder_status(self) -> Pending:
        return self._run("embedder_status", (), self.embedder)

    def use_embedder(self, id: str) -> Pending:
        run = self._run("use_embedder", (id,), self.embedder)
        if not run.done() or run.failed:
            return run
        if (before := self.embedder.change) is not None:
            self.offer(replace(self.choices[before.id], state=EmbedderState.READY))
        change = None
        if id != self.embedder.id:
            self.offer(replace(self.choices[id], state=EmbedderState.CHANGING))
            change = EmbedderChange(id, self.choices[id].name, EmbedderStep.CONVERTING, chunks=1000)
        return Pending().finish(self.tell(change=change))

    def report(self, number: int) -> Pending:
        return self._run("report", (number,), ())

    def ask(self, question: str, scope: Scope = Scope()) -> Pending:  # noqa: B008
        return self._run("ask", (question, scope), Answer(question, (), 0.01))

    def example_questions(self, collection: str | None = None) -> Pending:
        return self._run("example_questions", (collection,), ())

    def page_picture(self, number: int, page: int, width: int) -> Pending:
        return self._run("page_picture", (number, page, width), blank_page(page, width))

    def page_layout(self, number: int) -> Pending:
        return self._run("page_layout", (number,), PageLayout(((600.0, 800.0),) * 12))

    def headings(self, number: int) -> Pending:
        return self._run("headings", (number,), ())

    def text(self, number: int, section: int = 0, start: int = 0, *, before: bool = False) -> Pending:
        return self._run("text", (number, section, start, before), TextStretch((), True, True))

    def find(self, number: int, words: str) -> Pending:
        return self._run("find", (number, words), FoundPlaces(()))

    def recognise(
        self,
        documents: Sequence[int],
        options: RecognitionOptions = RecognitionOptions(),  # noqa: B008
        parts: Sequence[int] = (),
    ) -> Pending:
        return self._run("recognise", (tuple(documents), options, tuple(parts)), None)

    def recognition_status(self) -> Pending:
        return self._run("recognition_status", (), self.recognition)

    def pause_recognition(self) -> Pending:
        return self._run("pause_recognition", (), None)

    def resume_recognition(self) -> Pending:
        return self._run("resume_recognition", (), None)

    def stop_recognition(self, documents: Sequence[int]) -> Pending:
        return self._run("stop_recognition", (tuple(documents),), None)

    def set_recognition(self, languages: Sequence[str], when: str) -> None:
        self.calls.append(("set_recognition", (tuple(languages), when)))

    def page_words(self, number: int, page: int) -> Pending:
        return self._run("page_words", (number, page), ())

    def searchable_copy(self, number: int, output: Path) -> Pending:
        return self._run("searchable_copy", (number, output), output)

    def _run(self, method: str, arguments: tuple[Any, ...], usual: Any) -> Pending:
        self.calls.append((method, arguments))
        if not self.queue[method]:
            return Pending().finish(usual)
        given = self.queue[method].popleft()
        if isinstance(given, Pending):
            return given
        return Pending().fail(given) if isinstance(given, Exception) else Pending().finish(given)


class Services:
    """Engines are doubles; the history, the assistants and the settings are the real ones."""

    def __init__(self, on_event: Callable[[Any], None]) -> None:
        self.documents = Documents(on_event)
        self.chat = Chat(Pending)
        self.models = Models(Pending)
        self.grounded = Grounded(Pending)
        self.vision = ScriptedVision()
        self.pictures = ChatPictures(self.vision, lambda: self.history, list)  # type: ignore[arg-type]
        self.requests = ChatRequests(
            self.chat,  # type: ignore[arg-type]
            self.pictures,
            lambda: self.history,
            lambda: self.settings.chat,
        )
        self.assistants = Assistants(paths.assistants_file(), paths.resources() / "assistants.json")
        self.speech = Speech(Pending)
        self.speakers = ScriptedSpeakers()
        self.vocabulary = Vocabulary(paths.speech_folder() / "vocabulary.json")
        self.recordings = Recordings(paths.speech_folder() / "recordings")
        self.transcripts = Transcripts(
            paths.transcripts_file(),
            paths.transcripts_folder(),
            self.speech,
            self.speakers,
            lambda: None,
            lambda _: None,
        )
        self.translations = Translations(Pending)
        self._history: History | None = None
        self._history_lock = threading.Lock()
        self.settings = settings.Settings()
        self.notices: tuple[str, ...] = ()
        self.guard = network_guard.Level.KERNEL
        self.closed = False
        self.saved = 0
        self.proofs = (
            network_guard.Proof(
                "socket.create_connection", True, "Network access refused: a socket (AF_INET)"
            ),
            network_guard.Proof("socket(2) in native code", True, "Permission denied by the kernel"),
            network_guard.Proof("a program started from here", True, "Permission denied by the kernel"),
        )

    @property
    def history(self) -> History:
        with self._history_lock:
            if self._history is None:
                self._history = History(paths.history_file())
            return self._history

    def sort_out(self, paths: Sequence[str]) -> SortedPaths:
        given = self.models.library.sort_out(paths)
        recordings, others = audio_paths.sort_out(given.others)
        return replace(given, recordings=recordings, others=others)

    def remember_chat_model(self, model: Path) -> None:
        self.settings.chat.model = str(model)
        self.models.library.add([model], link=True)
        for known in [each for each in self.models.here.values() if each.path == str(model)]:
            if known.linked and self.chat.loaded is not None:
                self.models.put(replace(known, name=self.chat.loaded.name))  # both from the file's metadata

    def speech_model(self, chosen: str | None = None) -> Path:
        if not (chosen or self.speech.model):
            raise NoModel("no-speech-model-here")
        return Path(chosen or self.speech.model)

    def find_speakers(self, transcript: int, count: int) -> None:
        if not self.speakers.models:
            raise NoModel("no-speaker-models")
        self.transcripts.find_speakers(transcript, count)

    def speakers_wanted(self) -> int | None:
        speech = self.settings.speech
        return speech.speakers if speech.who_speaks else None

    def decoding(self) -> Decoding:
        return Decoding(self.settings.speech.language, own_words=self.vocabulary.own_words)

    def dictation_text(self, before: str = "") -> DictationText:
        return DictationText(
            before,
            languages=spoken_commands.read(),
            commands=self.settings.speech.spoken_commands,
            replacements=Replacements(self.vocabulary.replacements),
        )

    def translate_transcript(
        self, transcript: int, form: str, options: TranslationOptions, output: Path
    ) -> TranslatedDocument:
        return self.translations.take_transcript(transcript, form, options, output)

    def save_settings(self) -> None:
        self.saved += 1

    def doctor(self) -> Any:
        from assistant.doctor import DoctorReport

        return DoctorReport(
            version="1.0",
            home=str(paths.home()),
            hardware=hardware.Hardware(
                system="Linux 6.1 x86_64",
                processor="AMD Ryzen 5 7640U",
                physical_cores=6,
                memory_total=16 * 10**9,
                memory_available=11 * 10**9,
                disk_free=212 * 10**9,
            ),
            used_instructions=("AVX2", "FMA"),
            devices=(),
            engines=(),
            models=(),
            embedder="all-MiniLM-L6-v2",
            recognised_languages=("en", "de"),
            guard=self.guard,
            proofs=self.proofs,
            downloads=Problem("downloads-off", "courier-waits", {"process": 4711, "fetched": 0}),
            attempts=0,
        )

    def close(self) -> None:
        self.closed = True
        self.transcripts.close()
        if self._history is not None:
            self._history.close()


def document(number: int, path: str, **other: Any) -> DocumentInfo:
    """A row; ready with 12 pages unless said otherwise."""
    values: dict[str, Any] = {
        "title": path.rsplit("/", 1)[-1],
        "collection": None,
        "kind": path.rsplit(".", 1)[-1],
        "unit": "page",
        "state": DocumentState.READY,
        "size": 420_000,
        "pages": 12,
        "pages_done": 12,
        "chunks": 48,
        "report": PartCounts(text=12),
        **other,
    }
    values["collection"] = values["collection"] or DEFAULT_COLLECTION
    return DocumentInfo(id=number, path=path, **values)


def embedder(id: str, name: str, **other: Any) -> EmbedderChoice:
    """Of many languages and here, but never used, unless said otherwise."""
    values: dict[str, Any] = {
        "about": "",
        "languages": MANY_LANGUAGES,
        "state": EmbedderState.INSTALLED,
        "seconds": 12 * 60.0,
        "memory": 475_000_000,
        "size": 470_000_000,
        **other,
    }
    return EmbedderChoice(id=id, name=name, **values)


def blank_page(page: int, width: int, pages: int = 12) -> PagePicture:
    """White paper of 600 × 800 points."""
    height = width * 4 // 3
    return PagePicture(page, pages, width, height, width / 600, b"\xff" * (width * height * 4))

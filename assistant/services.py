"""The one door to everything the program can do, for the window and the command line alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from assistant import atomic_write, bundle_contents, network_guard, paths, settings
from assistant.chat.assistant_records import Assistant
from assistant.chat.assistants import Assistants
from assistant.chat.history.history import History
from assistant.chat.records import ComputerProfile
from assistant.chat.service import ChatService
from assistant.chat_pictures import ChatPictures
from assistant.chat_requests import ChatRequests
from assistant.data_lock import DataLock
from assistant.doctor import DoctorReport, doctor
from assistant.documents.embedder_records import EmbedderChoice
from assistant.documents.records import AddedDocuments
from assistant.documents.service import DocumentsService
from assistant.errors import DiskFull, NoModel, Problem, StorageError, UserInputError
from assistant.first_use import FirstUse
from assistant.models.files.file_names import safe_name
from assistant.models.files.records import ModelKind, SortedPaths
from assistant.models.service import LIBRARY, ModelsService
from assistant.speech.audio import audio_paths
from assistant.speech.dictation.vocabulary import Vocabulary
from assistant.speech.records import Decoding
from assistant.speech.service import SpeechService
from assistant.speech.speakers import service as speakers_service
from assistant.speech.speakers.records import SpeakerModels, SpeakersSought, Turn
from assistant.speech.transcripts import records as transcript_records
from assistant.translation.jobs.records import TranslatedDocument
from assistant.translation.records import Formality, TranslationOptions
from assistant.translation.service import TranslationService
from assistant.vision.service import VisionService
from assistant.workers.run import Run
from assistant.workers.service import Engines

if TYPE_CHECKING:
    from assistant.documents.answering.generative import GenerativeAnswerer
    from assistant.speech.dictation.recordings import Recordings
    from assistant.speech.dictation.text import DictationText
    from assistant.speech.transcripts.transcripts import Transcripts
    from assistant.translation.translations import Translations


class Services:
    """Owns the data folder: one at a time. Close it, or leave a `with` block, to give the folder back."""

    def __init__(self, on_event: Callable[[Any], None] | None = None, *, owner: str = "command line") -> None:
        """Opens the data folder; starts no engine yet.

        Raises:
            DataFolderBusy: another process has it open.
            StorageError: the folder cannot be made or written.
        """
        home = paths.home()
        _make_folder(home)
        self._on_event = on_event
        self._lock = DataLock(paths.lock_file(), owner)
        self._lock.acquire()
        try:
            loaded = settings.load(paths.settings_file())
            self.settings = loaded.settings
            self.notices = loaded.notices
            not_placed = bundle_contents.put_documents_in_place(home)
            engines = Engines()
            self.documents = DocumentsService(
                paths.documents_folder(),
                handbook=paths.resources() / "handbook",
                library=paths.models_folder() / LIBRARY,
                embedders=paths.embedders_folder(),
                languages=self.settings.recognition.languages,
                when=self.settings.recognition.when,
                on_event=on_event,
                engines=engines,
                translate_question=self._translate_question,
            )
            self.chat = ChatService(
                paths.chat_folder(),
                engines=engines,
                profile=self._profile,
                projector_of=lambda model: self.models.projector_of(model),
                on_measured=lambda measured: self.models.calibration.add(measured),
            )
            self.speech = SpeechService(engines=engines)
            self.translation = TranslationService(engines=engines)
            self.vision = VisionService((str(paths.models_folder() / LIBRARY),), engines=engines)
            self.speakers = speakers_service.SpeakersService()
            for service in (
                self.documents,
                self.chat,
                self.speech,
                self.translation,
                self.vision,
                self.speakers,
            ):
                engines.add(service)
            self.assistants = Assistants(paths.assistants_file(), paths.resources() / "assistants.json")
            if self.assistants.notice:
                self.notices += (self.assistants.notice,)
            if not_placed is not None:
                self.notices += (not_placed,)
            self.vocabulary = Vocabulary(paths.speech_folder() / "vocabulary.json")
            if self.vocabulary.notice:
                self.notices += (self.vocabulary.notice,)
            self._recordings = FirstUse(self._open_recordings)
            self._transcripts = FirstUse(self._open_transcripts)
            self._translations = FirstUse(self._open_translations)
            self._history = FirstUse(self._open_history)
            self.pictures = ChatPictures(
                self.vision, lambda: self.history, lambda: self.settings.recognition.languages
            )
            self.requests = ChatRequests(
                self.chat, self.pictures, lambda: self.history, lambda: self.settings.chat
            )
            self.models = ModelsService(
                paths.models_folder(),
                paths.resources() / "models.json",
                home,
                probe=self.chat.probe,
                workers=engines.processes,
                bundle_contents=bundle_contents.BundleContents(
                    home, lambda: self.history, self.assistants, self.pictures.adopt
                ),
                speed_limit=lambda: self.settings.downloads.speed_limit,
                check_unused=self.documents.check_unused,
            )
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the engines; what is being indexed goes on at the next start."""
        with ExitStack() as closing:  # the last one first; one that fails keeps no other one open
            closing.callback(self._lock.release)
            closing.callback(self._history.close, lambda history: history.close())
            for service in (
                self.documents,
                self.speakers,
                self.vision,
                self.translation,
                self.speech,
                self.chat,
            ):
                closing.callback(service.close)
            closing.callback(self._translations.close, lambda translations: translations.close())
            closing.callback(self._transcripts.close, lambda transcripts: transcripts.close())
            closing.callback(self.models.close)

    @property
    def history(self) -> History:
        """The conversations. The first use opens them, which may take a moment; any thread may do it.

        What the person should know about how that went comes as events, each a Problem.

        Raises:
            StorageError: they cannot be opened.
        """
        return self._history.get()

    def _open_history(self) -> History:
        history = History(paths.history_file(), paths.chat_pictures_folder())
        self._tell(history.notices)
        return history

    def _tell(self, notices: Iterable[Problem]) -> None:
        if self._on_event is not None:
            for notice in notices:
                self._on_event(notice)

    @property
    def transcripts(self) -> Transcripts:
        """The transcripts of recordings. The first use opens them; any thread may do it.

        Raises:
            StorageError: they cannot be opened.
        """
        return self._transcripts.get()

    def _open_transcripts(self) -> Transcripts:
        from assistant.speech.transcripts.transcripts import Transcripts

        transcripts = Transcripts(
            paths.transcripts_file(),
            paths.transcripts_folder(),
            self.speech,
            self._who_speaks,
            self.index_transcripts,
            lambda path: self.documents.remove([str(path)]),
        )
        self._tell(transcripts.notices)
        return transcripts

    def index_transcripts(self) -> Run[AddedDocuments]:
        """Have all transcripts among the documents, and follow how they change."""
        return self.documents.add([paths.transcripts_folder()], transcript_records.COLLECTION, watch=True)

    @property
    def translations(self) -> Translations:
        """Texts and documents translated. The first use opens what is kept of them; any thread may do it.

        Raises:
            StorageError: it cannot be opened.
        """
        return self._translations.get()

    def _open_translations(self) -> Translations:
        from assistant.translation_adapters import open_translations

        return open_translations(
            self.translation,
            self.models,
            self.chat,
            lambda: self.settings.chat.model,
            self.requests.load_options,
            self._tell,
        )

    def _translate_question(self, question: str, source: str, target: str) -> str | None:
        from assistant.translation_adapters import QuestionTranslator

        return QuestionTranslator(lambda: self.translations)(question, source, target)

    def translation_options(
        self,
        target: str | None = None,
        source: str | None = None,
        engine: str | None = None,
        formality: Formality | None = None,
    ) -> TranslationOptions:
        """How something is translated: what is None is as the settings have it.

        Args:
            engine: path of a model, which comes first, or id or name of one of the library.

        Raises:
            UserInputError: no language is chosen, or there is no such model.
        """
        chosen = self.settings.translation
        target = target or chosen.target
        if not target:
            raise UserInputError("translate-needs-target")
        return TranslationOptions(
            target,
            chosen.source if source is None else source,
            self._translation_engine(engine) if engine else chosen.engine,
            Formality(chosen.formality) if formality is None else formality,
            chosen.use_memory,
        )

    def translate_transcript(
        self, transcript: int, form: str, options: TranslationOptions, output: Path
    ) -> TranslatedDocument:
        """Have a transcript translated as a document, in one of the forms that it is exported in.

        Args:
            output: the file to write, or a folder.

        Raises:
            UserInputError: there is no such transcript.
            NoModel: no model that translates is here.
            DiskFull, StorageError: it cannot be kept.
        """
        name = safe_name(Path(self.transcripts.info(transcript).title).stem)
        source = paths.translation_folder() / "transcripts" / str(transcript) / f"{name}.{form}"
        self.transcripts.export_to(transcript, form, source)
        return self.translations.add_documents([source], options, output=output)[0]

    def _translation_engine(self, name: str) -> str:
        """The path of a model that translates; one outside the library is taken into it."""
        path = str(self._named(name))
        if all(engine.path != path for engine in self.translations.engines()):
            if Path(path).exists():
                self.models.library.add([path], link=True).result()
            if all(engine.path != path for engine in self.translations.engines()):
                raise UserInputError("no-such-translation-engine", name=name)
        return path

    def start(self) -> None:
        """Have ready what a window will want soon. Takes a moment; the documents' engine starts meanwhile."""
        self.documents.start()
        if paths.transcripts_folder().is_dir():
            self.index_transcripts()
        _ = self.grounded

    @cached_property
    def grounded(self) -> GenerativeAnswerer:
        """Answers from documents. Loaded with the first use: commands without them need not wait for it."""
        from assistant.documents.answering.generative import GenerativeAnswerer

        return GenerativeAnswerer(self.documents, self.chat)

    def _profile(self) -> ComputerProfile:
        """What a model is loaded with: this computer's pace, and what was learned from other models."""
        return ComputerProfile(self.models.pace, self.models.calibration.corrections)

    def chat_model(self, chosen: str | None = None, assistant: Assistant | None = None) -> Path:
        """The file of the model that was named, else the assistant's own, else the one of the settings.

        Args:
            chosen: path of a file, which comes first, or id or name of a model of the library.

        Raises:
            NoModel: none was ever named, or its file is gone.
        """
        wanted = (assistant.model if assistant else "") or self.settings.chat.model
        if chosen:
            wanted = str(self._named(chosen))
        if not wanted:
            raise NoModel("no-model-chosen")
        if not Path(wanted).is_file():
            raise NoModel("no-such-model-file", file=wanted)
        return Path(wanted)

    def sort_out(self, paths: Sequence[str]) -> SortedPaths:
        """What of these files and folders is a model, a recording, or something to read; takes a moment."""
        given = self.models.library.sort_out(paths)
        recordings, others = audio_paths.sort_out(given.others)
        return replace(given, recordings=recordings, others=others)

    def speech_model(self, chosen: str | None = None) -> Path:
        """The folder of the speech model that was named, else the settings', else the largest one here.

        Args:
            chosen: path of a folder, which comes first, or id or name of a model of the library.

        Raises:
            NoModel: there is none, or its folder is gone.
        """
        wanted = self.settings.speech.model
        if chosen:
            wanted = str(self._named(chosen))
        elif not wanted or not Path(wanted).is_dir():
            wanted = self._largest(ModelKind.SPEECH)
            if not wanted:
                raise NoModel("no-speech-model-here")
        if not Path(wanted).is_dir():
            raise NoModel("no-speech-model-folder", folder=wanted)
        return Path(wanted)

    def _named(self, chosen: str) -> Path:
        """The path that was named if it is there, else that of the library's model with this id or name."""
        path = Path(chosen).expanduser().absolute()
        model = None if path.exists() else self.models.find(chosen)
        return Path(model.path) if model else path

    def _largest(self, kind: ModelKind) -> str:
        """Path of the largest model of this kind that is here; "" if there is none."""
        here = self.models.library.of_kind(kind)
        return str(max(here, key=lambda model: model.size).path) if here else ""

    def speaker_models(self) -> SpeakerModels:
        """The two models that tell who speaks: the settings', else the largest ones here.

        Raises:
            NoModel: one of them is missing, or the library that uses them.
        """
        if not speakers_service.available():
            raise NoModel("speakers-not-installed")
        speech, found = self.settings.speech, []
        for chosen, kind in (
            (speech.segmentation_model, ModelKind.SPEAKER_SEGMENTATION),
            (speech.embedding_model, ModelKind.SPEAKER_EMBEDDING),
        ):
            found.append(chosen if chosen and Path(chosen).is_file() else self._largest(kind))
        if not all(found):
            raise NoModel("no-speaker-models")
        return SpeakerModels(Path(found[0]), Path(found[1]))

    def find_speakers(self, transcript: int, count: int) -> None:
        """Have it found out who speaks in a transcript that is done.

        Args:
            count: how many speak; 0: that is to be found out, too.

        Raises:
            NoModel: what is needed for it is not here.
        """
        self.speaker_models()
        self.transcripts.find_speakers(transcript, count)

    def speakers_wanted(self) -> int | None:
        """Of recordings that are transcribed, by the settings; see `Transcripts.transcribe`."""
        speech = self.settings.speech
        return speech.speakers if speech.who_speaks else None

    def _who_speaks(
        self, file: Path, count: int, on_report: Callable[[SpeakersSought], None]
    ) -> Run[tuple[Turn, ...]]:
        return self.speakers.find(file, self.speaker_models(), count, on_report=on_report)

    def decoding(self, language: str | None = None) -> Decoding:
        """How the settings want speech recognised."""
        speech = self.settings.speech
        return Decoding(
            speech.language if language is None else language,
            speech.last_language,
            beam=speech.accuracy,
            own_words=self.vocabulary.own_words,
        )

    def dictation_text(self, before: str = "") -> DictationText:
        """The text of a new dictation, by the settings.

        Args:
            before: what stands before the cursor, where that is known.
        """
        from assistant.speech.dictation import spoken_commands
        from assistant.speech.dictation.replacements import Replacements
        from assistant.speech.dictation.text import DictationText

        return DictationText(
            before,
            languages=spoken_commands.read(),
            commands=self.settings.speech.spoken_commands,
            replacements=Replacements(self.vocabulary.replacements),
        )

    @property
    def recordings(self) -> Recordings:
        """The dictations that are kept. The first use mends what a kill left, and tells what it could not."""
        return self._recordings.get()

    def _open_recordings(self) -> Recordings:
        from assistant.speech.dictation.recordings import Recordings

        recordings = Recordings(paths.speech_folder() / "recordings")
        self._tell(recordings.notices)
        return recordings

    def embedder(self, name: str) -> EmbedderChoice:
        """What documents can be searched with that has this id or name.

        Raises:
            UserInputError: there is none.
        """
        wanted = name.casefold()
        for choice in self.documents.embedders().result():
            if wanted in (choice.id.casefold(), choice.name.casefold()):
                return choice
        raise UserInputError("no-such-embedder", id=name)

    def remember_chat_model(self, model: Path) -> None:
        """Let this model answer from now on, where nothing else is chosen. The library has it from then on.

        Call it only once the model was loaded: one that fails must not take the place of one that works.
        """
        if self.settings.chat.model != str(model):
            self.settings.chat.model = str(model)
            self.save_settings()
        projector = self.models.projector_of(model)
        self.models.library.add([model, *([projector] if projector else [])], link=True).result()

    @property
    def guard(self) -> network_guard.Level:
        """How far down the refusal of networks reaches in this process; `doctor` proves it."""
        return network_guard.level()

    def save_settings(self) -> None:
        settings.save(self.settings, paths.settings_file())
        if not self.settings.downloads.allowed:
            self.models.courier.close()

    def doctor(self) -> DoctorReport:
        return doctor(self.models)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if atomic_write.disk_is_full(error):
            raise DiskFull("data-folder-disk-full", folder=str(folder)) from error
        raise StorageError("data-folder-not-made", folder=str(folder), why=error.strerror) from error

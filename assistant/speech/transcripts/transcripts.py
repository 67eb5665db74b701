"""Everything that is done with transcripts: made one after the other, kept, edited, exported, searched."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from assistant import atomic_write
from assistant.errors import Problem, UserInputError
from assistant.speech.records import Decoding
from assistant.speech.transcripts import document, export
from assistant.speech.transcripts.paragraphs import paragraphs
from assistant.speech.transcripts.queue import Event, SpeakerFinder, Transcriber, TranscriptionQueue
from assistant.speech.transcripts.records import (
    DOCUMENT_SUFFIX,
    Moment,
    ReadableTranscript,
    StoredParagraph,
    StoredSegment,
    TranscriptChanged,
    TranscriptInfo,
    TranscriptState,
)
from assistant.speech.transcripts.store import TranscriptStore
from assistant.speech.transcripts.subtitles import spread

log = logging.getLogger(__name__)

_RESTING = (TranscriptState.DONE, TranscriptState.STOPPED, TranscriptState.FAILED)


class Transcripts(TranscriptStore):
    """Any thread may call. What is said in those that rest lies in files, too, for the documents' search."""

    def __init__(
        self,
        file: Path,
        folder: Path,
        speech: Transcriber,
        speakers: SpeakerFinder,
        on_document: Callable[[], object],
        on_document_gone: Callable[[Path], object],
    ) -> None:
        """
        Args:
            folder: of the files that are searched.
            on_document: called when such a file is new; changes are seen in the folder.
            on_document_gone: called with a file that is gone for good: nothing of it is to be found any more.

        Raises:
            StorageError: the transcripts cannot be opened.
        """
        self._folder = folder
        self._on_document = on_document
        self._on_document_gone = on_document_gone
        self._closing = False
        self._listeners: list[Callable[[Event], None]] = []
        self._listeners_lock = threading.Lock()
        super().__init__(file)
        self._queue = TranscriptionQueue(self, speech, speakers, self._tell)

    @property
    def notices(self) -> tuple[Problem, ...]:
        """What the person should know about how opening went."""
        if self.set_aside is None:
            return ()
        return (Problem("damaged-transcripts", "transcripts-set-aside", {"name": self.set_aside.name}),)

    def close(self) -> None:
        """Stop what is being transcribed; it can go on another time."""
        self._closing = True
        self._queue.close()
        super().close()

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Have `listener` told of events, on threads of the program. Call what is returned to end that."""
        with self._listeners_lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._listeners_lock, suppress(ValueError):
                self._listeners.remove(listener)

        return end

    # --- making them

    def transcribe(
        self,
        files: Sequence[Path],
        model: Path,
        decoding: Decoding,
        *,
        speakers: int | None = None,
        again: bool = False,
    ) -> tuple[TranscriptInfo, ...]:
        """Have files transcribed, one after the other. One that stopped before its end goes on there.

        Args:
            speakers: how many speak, 0 where that is to be found out; None: it is not asked who speaks. Where
                it was found out before, or a person said it, that stays.
            again: also those that were transcribed so already; else what is kept of them is the answer.
        """
        infos = []
        for file in files:
            path = file.expanduser().absolute()
            known = None if again else self.known(path, model, decoding)
            infos.append(known or self.begin(path, model, decoding, speakers))
            if known and speakers is not None and not self._speakers_known(known.id):
                self.want_speakers(known.id, speakers)
        self._queue.add(
            [
                info.id
                for info in infos
                if info.state is not TranscriptState.DONE or self.speakers_wanted(info.id) is not None
            ]
        )
        return tuple(infos)

    def _speakers_known(self, id: int) -> bool:
        return any(segment.speaker for segment in self.open(id).segments)

    def find_speakers(self, id: int, count: int) -> None:
        """Have it found out who speaks in a transcript that is done; what was said of it before goes.

        Args:
            count: how many speak; 0: that is to be found out, too.
        """
        self.want_speakers(id, count)
        self._queue.add([id])

    def resume(self, ids: Sequence[int]) -> None:
        """Go on with what stopped or failed."""
        self._queue.add(ids)

    def stop(self, ids: Sequence[int] | None = None) -> None:
        """Stop these, or all. What was transcribed is kept."""
        self._queue.stop(ids)

    def wait(self, ids: Sequence[int], timeout: float | None = None) -> bool:
        """Wait until these are done, stopped or failed; false when the time is over."""
        return self._queue.wait(ids, timeout)

    def delete(self, id: int) -> TranscriptInfo:
        """Stop it, and take it away; `undelete` brings it back."""
        self._queue.stop([id])
        return super().delete(id)

    # --- giving them out

    def read(self, id: int) -> ReadableTranscript:
        """A transcript in paragraphs.

        Raises:
            UserInputError: there is none with this id.
        """
        transcript = self.open(id)
        said = iter([each for each in transcript.stored if each.segment.text.strip()])
        found = []
        for paragraph in paragraphs(transcript.segments):
            stored = [next(said) for _ in paragraph.segments]
            timed = (
                StoredSegment(each.id, replace(each.segment, words=spread(each.segment))) for each in stored
            )
            found.append(StoredParagraph(tuple(timed), paragraph.text))
        return ReadableTranscript(transcript.info, tuple(found))

    def export(self, id: int, form: str) -> bytes:
        """A transcript in one of `export.FORMS`."""
        transcript = self.open(id)
        return export.export(
            transcript.segments, form, title=transcript.info.title, language=transcript.info.language
        )

    def export_to(self, id: int, form: str, path: Path) -> None:
        """The same as a file, in the place of one that is there.

        Raises:
            DiskFull, StorageError: it cannot be written.
        """
        export.write(path, self.export(id, form), replace=True)

    def moment(self, path: str, location: str, quote: str) -> Moment | None:
        """Where a citation of a transcript is heard; None: it cites something else, or one that is gone.

        Args:
            path, location, quote: those of the citation.
        """
        id = document.number(path)
        if id is None or Path(path).parent != self._folder:
            return None
        try:
            transcript = self.open(id)
        except UserInputError:
            return None
        seconds = document.moment(transcript.segments, location, quote)
        return Moment(id, transcript.info.path, seconds)

    # --- their files

    def _edited(self, id: int) -> None:
        try:
            info = self.info(id)
        except UserInputError:
            self._remove_document(id)
            self._tell(TranscriptChanged(id, None))
            return
        self._tell(TranscriptChanged(id, info))

    def _tell(self, event: Event) -> None:
        if isinstance(event, TranscriptChanged) and event.info and event.info.state in _RESTING:
            self._write_document(event.id)
        with self._listeners_lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(event)
            except Exception:
                log.exception("A listener to transcripts failed")

    def _write_document(self, id: int) -> None:
        transcript = self.open(id)
        path = self._folder / document.name(transcript.info)
        if not transcript.stored:
            self._remove_document(id)
            return
        is_new = not path.exists()
        try:
            atomic_write.write(path, document.content(transcript), private=True)
        except OSError as error:  # it is kept all the same, only not searched
            log.warning("A transcript cannot be searched: %s", error)
            return
        if is_new and not self._closing:
            self._on_document()

    def _remove_document(self, id: int) -> None:
        for path in self._folder.glob(f"*.{id}{DOCUMENT_SUFFIX}"):
            with suppress(OSError):
                path.unlink()
            self._on_document_gone(path)

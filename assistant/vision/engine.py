"""The recognition engine: runs in a process of its own. Its libraries are loaded when a picture comes."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from assistant import atomic_write
from assistant.errors import DiskFull, NoModel, StorageError
from assistant.jobs import CancelToken, turn
from assistant.vision.findings import FoundLine, Layout, Orientation
from assistant.vision.language_files import LanguageFiles
from assistant.vision.records import (
    PreparedPicture,
    RecognisedPicture,
    Recogniser,
    RecognitionLanguage,
    RecognitionOptions,
)
from assistant.vision.side_by_side import Deadlines, Turns, pictures_at_once
from assistant.workers.child import CallContext, give_back_freed
from assistant.workers.priority import stand_back

if TYPE_CHECKING:
    from assistant.file_reading.picture import Picture
    from assistant.vision.rapid_ocr import RapidOcr
    from assistant.vision.tesseract import Tesseract

_LOOK_SECONDS = 0.1

T = TypeVar("T")


class VisionEngine:
    """Pictures are recognised on threads of their own: who stops one need not wait for the library, which
    looks up only now and then. Two at once where there are cores for it: Tesseract uses one."""

    MOST_SECONDS = 900.0
    """A picture that takes longer hangs, as far as can be told: the process ends, and others go on. One that
    takes ten seconds takes as long where other programs want all of the computer."""
    MOST_SECONDS_STOPPED = 20.0
    """The same for one that nobody waits for any more."""

    def __init__(self, emit: Callable[[Any], None], tessdata: Sequence[str] = (), niceness: int = 0) -> None:
        """
        Args:
            tessdata: language files that were brought, and folders of them.
            niceness: how far others go before it; 0 is as they are, 19 the most.
        """
        self._files = LanguageFiles(tessdata)
        self._libraries = _Libraries()
        self._threads = ThreadPoolExecutor(
            pictures_at_once(), "recognition", initializer=stand_back, initargs=(niceness,)
        )
        self._deadlines = Deadlines()
        self._preparing = threading.Lock()

    def recognise(
        self, context: CallContext, picture: Picture, options: RecognitionOptions
    ) -> RecognisedPicture:
        """What is written in a picture."""
        return self._on_thread(lambda: self._recognise(picture, options, context.token), context.token)

    def recognise_file(
        self, context: CallContext, path: str, options: RecognitionOptions
    ) -> RecognisedPicture:
        """What is written in the first picture of a file.

        Raises:
            DocumentError: it cannot be read.
        """
        return self._on_thread(
            lambda: self._recognise(_picture(Path(path)), options, context.token), context.token
        )

    def prepare(self, context: CallContext, path: str, output: str, longest_side: int) -> PreparedPicture:
        """Write the first picture of a file anew: upright, no larger, without what else the file holds.

        Args:
            output: the file to write; ".png", or else it becomes a JPEG.

        Raises:
            DocumentError: the picture cannot be read.
            DiskFull, StorageError: it cannot be written.
        """
        with turn(self._preparing, context.token):
            return _prepare(Path(path), Path(output), longest_side)

    def languages(self, context: CallContext) -> tuple[RecognitionLanguage, ...]:
        """The language files that are here."""
        return self._files.all()

    def unload(self, context: CallContext) -> None:
        """Give the memory of the libraries' models back."""
        self._on_thread(lambda: self._libraries.unload(context.token), context.token)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._files.close()

    def _recognise(
        self, picture: Picture, options: RecognitionOptions, token: CancelToken
    ) -> RecognisedPicture:
        from assistant.vision.recognise import recognise

        files = self._files.all()
        if not any(file.language for file in files) and options.recogniser is not Recogniser.RAPIDOCR:
            raise NoModel("no-language-files")  # RapidOCR alone does not tell which scripts it cannot read
        return recognise(
            picture,
            options,
            _TesseractOf(self._libraries, self._files.folder(), token),
            _RapidOf(self._libraries, token),
            files,
        )

    def _on_thread(self, work: Callable[[], T], token: CancelToken) -> T:
        """
        Raises:
            Cancelled: the run was stopped; what runs then ends soon, and its result is dropped.
        """
        key = object()
        running = self._threads.submit(self._do, key, work)
        while not wait([running], _LOOK_SECONDS).done:
            if token.cancelled:
                if not running.cancel():
                    self._deadlines.shorten(self.MOST_SECONDS_STOPPED, key)
                token.raise_if_cancelled()
        return running.result()

    def _do(self, key: object, work: Callable[[], T]) -> T:
        with self._deadlines.within(self.MOST_SECONDS, key):
            try:
                return work()
            finally:
                if self._deadlines.running == 1:  # else the next picture wants the memory that this one had
                    give_back_freed()


class _Libraries:
    """Each is loaded when it is first needed."""

    def __init__(self) -> None:
        self._turns = Turns()
        self._tesseracts: list[Tesseract] = []
        """Those that read nothing just now."""
        self._rapid: RapidOcr | None = None

    @contextmanager
    def tesseract(self, token: CancelToken) -> Iterator[Tesseract]:
        """One that nobody else uses."""
        from assistant.vision.tesseract import Tesseract

        with self._turns.together(token):
            try:
                library = self._tesseracts.pop()
            except IndexError:
                library = Tesseract()
            try:
                yield library
            finally:
                self._tesseracts.append(library)

    @contextmanager
    def rapid(self, token: CancelToken) -> Iterator[RapidOcr]:
        """Nothing else is read meanwhile: it uses all cores, and the most memory."""
        with self._turns.alone(token):
            for spare in self._tesseracts[:-1]:  # 20 to 50 MB for each set of languages, which load in .1 s
                spare.unload()
            give_back_freed()
            if self._rapid is None:
                from assistant.vision.rapid_ocr import RapidOcr

                self._rapid = RapidOcr()
            yield self._rapid

    def unload(self, token: CancelToken) -> None:
        with self._turns.alone(token):
            for tesseract in self._tesseracts:
                tesseract.unload()
            if self._rapid is not None:
                self._rapid.unload()
            gc.collect()
            give_back_freed()


class _TesseractOf:
    def __init__(self, libraries: _Libraries, folder: Path, token: CancelToken) -> None:
        self._libraries, self._folder, self._token = libraries, folder, token

    def recognise(
        self, picture: Picture, languages: tuple[str, ...], layout: Layout
    ) -> tuple[FoundLine, ...]:
        with self._libraries.tesseract(self._token) as library:
            return library.recognise(picture, self._folder, languages, self._token, layout)

    def orientation(self, picture: Picture) -> Orientation | None:
        with self._libraries.tesseract(self._token) as library:
            return library.orientation(picture, self._folder, self._token)


class _RapidOf:
    def __init__(self, libraries: _Libraries, token: CancelToken) -> None:
        self._libraries, self._token = libraries, token

    def recognise(self, picture: Picture, *, upright: bool) -> tuple[FoundLine, ...]:
        with self._libraries.rapid(self._token) as library:
            return library.recognise(picture, self._token, upright=upright)


def _picture(path: Path) -> Picture:
    from assistant.file_reading.images import image_pixels

    return image_pixels(path)


def _prepare(path: Path, output: Path, longest_side: int) -> PreparedPicture:
    from assistant.file_reading.images import save_upright

    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        width, height = save_upright(path, output, longest_side)
    except OSError as error:
        output.unlink(missing_ok=True)
        if atomic_write.disk_is_full(error):
            raise DiskFull("picture-disk-full") from error
        raise StorageError("picture-not-kept", why=error.strerror or str(error)) from error
    return PreparedPicture(str(output), width, height)

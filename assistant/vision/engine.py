"""The recognition engine: runs in a process of its own. Its libraries are loaded when a picture comes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.jobs import CancelToken
from assistant.vision.findings import FoundLine, Orientation
from assistant.vision.language_files import LanguageFiles
from assistant.vision.records import Picture, RecognisedPicture, RecognitionLanguage, RecognitionOptions
from assistant.workers.child import CallContext

if TYPE_CHECKING:
    from assistant.vision.rapid_ocr import RapidOcr
    from assistant.vision.tesseract import Tesseract

_LOOK_SECONDS = 0.1

T = TypeVar("T")


class VisionEngine:
    """Pictures are recognised one after the other, on a thread of their own: who is stopped need not wait
    for the library, which looks up only now and then."""

    def __init__(self, emit: Callable[[Any], None], tessdata: Sequence[str] = (), niceness: int = 0) -> None:
        """
        Args:
            tessdata: language files that were brought, and folders of them.
            niceness: how far others go before it; 0 is as they are, 19 the most.
        """
        self._files = LanguageFiles(tessdata)
        self._libraries = _Libraries()
        self._thread = ThreadPoolExecutor(1, "recognition", initializer=_give_way, initargs=(niceness,))

    def recognise(
        self, context: CallContext, picture: Picture, options: RecognitionOptions
    ) -> RecognisedPicture:
        """What is written in a picture."""
        return self._in_turn(lambda: self._recognise(picture, options, context.token), context.token)

    def languages(self, context: CallContext) -> tuple[RecognitionLanguage, ...]:
        """The language files that are here."""
        return self._files.all()

    def unload(self, context: CallContext) -> None:
        """Give the memory of the libraries' models back."""
        self._in_turn(self._libraries.unload, context.token)

    def close(self) -> None:
        self._files.close()

    def _recognise(
        self, picture: Picture, options: RecognitionOptions, token: CancelToken
    ) -> RecognisedPicture:
        from assistant.vision.recognise import recognise

        return recognise(
            picture,
            options,
            _TesseractOf(self._libraries.tesseract, self._files.folder(), token),
            _RapidOf(self._libraries.rapid, token),
            self._files.all(),
        )

    def _in_turn(self, work: Callable[[], T], token: CancelToken) -> T:
        running: Future[T] = self._thread.submit(work)
        while not wait([running], _LOOK_SECONDS).done:
            if token.cancelled:
                running.cancel()
                token.raise_if_cancelled()
        return running.result()


class _Libraries:
    """Each is loaded when it is first needed."""

    def __init__(self) -> None:
        self._tesseract: Tesseract | None = None
        self._rapid: RapidOcr | None = None

    def tesseract(self) -> Tesseract:
        if self._tesseract is None:
            from assistant.vision.tesseract import Tesseract

            self._tesseract = Tesseract()
        return self._tesseract

    def rapid(self) -> RapidOcr:
        if self._rapid is None:
            from assistant.vision.rapid_ocr import RapidOcr

            self._rapid = RapidOcr()
        return self._rapid

    def unload(self) -> None:
        for library in (self._tesseract, self._rapid):
            if library is not None:
                library.unload()


class _TesseractOf:
    def __init__(self, library: Callable[[], Tesseract], folder: Path, token: CancelToken) -> None:
        self._library, self._folder, self._token = library, folder, token

    def recognise(self, picture: Picture, languages: tuple[str, ...]) -> tuple[FoundLine, ...]:
        return self._library().recognise(picture, self._folder, languages, self._token)

    def orientation(self, picture: Picture) -> Orientation | None:
        return self._library().orientation(picture, self._folder, self._token)


class _RapidOf:
    def __init__(self, library: Callable[[], RapidOcr], token: CancelToken) -> None:
        self._library, self._token = library, token

    def recognise(self, picture: Picture) -> tuple[FoundLine, ...]:
        return self._library().recognise(picture, self._token)


def _give_way(niceness: int) -> None:
    """Of the thread that calls and those that it starts, where the system has that for threads (Linux)."""
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)

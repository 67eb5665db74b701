"""Recognition with a real store and indexer, and a reader and a recogniser that do what the test says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.documents.files.fingerprints import current_file
from assistant.documents.indexing.indexer import Indexer
from assistant.documents.recognition.recognition_thread import RecognitionThread
from assistant.documents.recognition.schedule import Schedule
from assistant.documents.records import (
    WHOLE_PAGE,
    DocumentInfo,
    Opened,
    Outcome,
    Part,
    PartPicture,
    Section,
)
from assistant.documents.store.store import Store
from assistant.errors import AssistantError, PasswordRequired, Problem
from assistant.file_reading.picture import Picture
from assistant.jobs import CancelToken
from assistant.vision.records import (
    RecognisedLine,
    RecognisedPicture,
    RecognisedWord,
    Recogniser,
    RecognitionOptions,
)

PICTURE = "picture:"


class Embedder:
    name = "test-model"

    def embed(self, texts: Sequence[str], token: Any = None) -> Any:
        return np.eye(4, dtype=np.float32)[[len(text) % 4 for text in texts]]


class Vectors:
    def __init__(self) -> None:
        self.ids: set[int] = set()

    def add(self, ids: Sequence[int], vectors: Any, documents: Sequence[int]) -> None:
        self.ids |= set(ids)

    def delete(self, ids: Sequence[int]) -> None:
        self.ids -= set(ids)


class Models:
    """As SearchLoader gives the models."""

    done = True

    def __init__(self) -> None:
        self.embedder = Embedder()
        self.vectors = Vectors()

    def get(self, token: Any = None) -> Models:
        return self


class Reader:
    """Each line of a file is a page of text or, after "picture:", one that is a picture of the text.

    "text|picture:more" is a page of text with a picture in it; a first line "password:…" locks the file.
    """

    def open(self, path: str, size: int, password: str | None, token: CancelToken) -> Opened:
        return Opened("pdf", "", "page", len(self._lines(path, password)))

    def parts(
        self, path: str, size: int, opened: Opened, first: int, password: str | None, token: CancelToken
    ) -> Iterator[Part]:
        for number, line in enumerate(self._lines(path, password), 1):
            if number < first:
                continue
            text, mark, _ = line.partition(PICTURE)
            text = text.rstrip("|")
            label = f"page {number}"
            sections = (Section(text, number, label),) if text else ()
            whole = (PartPicture(WHOLE_PAGE),) if not text else (PartPicture(1, "picture 1"),)
            yield Part(
                number,
                label,
                Outcome.TEXT if text else Outcome.EMPTY,
                sections,
                None if text else Problem("no-text", "page-is-picture"),
                whole if mark else (),
            )

    def part_picture(
        self, path: str, part: int, number: int, password: str | None, token: CancelToken
    ) -> Picture:
        text = self._lines(path, password)[part - 1].partition(PICTURE)[2]
        return Picture(1, 1, 1, text.encode(), 72.0)

    @staticmethod
    def _lines(path: str, password: str | None) -> list[str]:
        lines = Path(path).read_text().splitlines()
        if lines[0].startswith("password:"):
            if password != lines[0].removeprefix("password:"):
                raise PasswordRequired("opendocument-locked", wrong=False)
            del lines[0]
        return lines


def seen(
    text: str, confidence: float, recogniser: Recogniser = Recogniser.TESSERACT, language: str = "en"
) -> RecognisedPicture:
    """Words in a line."""
    words = tuple(
        RecognisedWord(word, (50.0 * at, 10.0, 50.0 * at + 40, 20.0), confidence)
        for at, word in enumerate(text.split())
    )
    lines = (RecognisedLine(words, 0),) if words else ()
    return RecognisedPicture(lines, 0, recogniser, (language,), confidence)


class PictureReader:
    """Recognises a picture as the text that it is made of."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.options: list[RecognitionOptions] = []
        self.errors: dict[str, AssistantError] = {}
        """What is raised for which text."""
        self.sure = 0.9
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.held: set[str] = set()
        """Texts that take until they are no longer in here."""

    def recognise(
        self, picture: Picture, options: RecognitionOptions, token: CancelToken
    ) -> RecognisedPicture:
        text = picture.pixels.decode()
        self.seen.append(text)
        self.options.append(options)
        while not self.may_go_on.wait(0.01) or text in self.held:
            token.raise_if_cancelled()
            time.sleep(0.001)
        token.raise_if_cancelled()
        if text in self.errors:
            raise self.errors[text]
        return seen(text, self.sure)


class Setup:
    """A home with a store, whose documents are read and recognised as the real ones are."""

    def __init__(self, folder: Path, at_once: int = 1) -> None:
        self.folder = folder
        self.models = Models()
        self.pictures = PictureReader()
        self.on_battery = False
        self.schedule = Schedule(on_battery=lambda: self.on_battery)
        self.at_once = at_once
        self.start()

    def start(self) -> None:
        self.store = Store(self.folder / "store")
        self.indexer = Indexer(
            self.store,
            self.models,  # type: ignore[arg-type]
            Reader(),  # type: ignore[arg-type]
            self._changed,
            lambda: None,
            lambda work, problem: self.recognition.recognised(work, problem),
        )
        self.recognition = RecognitionThread(
            self.store,
            self.models,  # type: ignore[arg-type]
            self.indexer,
            Reader(),  # type: ignore[arg-type]
            self.pictures,  # type: ignore[arg-type]
            lambda _: None,
            lambda: None,
            schedule=self.schedule,
            at_once=self.at_once,
        )
        self.recognition.start()
        self.indexer.start()

    def _changed(self, document: int) -> None:
        self.recognition.look()

    def add(self, name: str, *pages: str, password: str | None = None) -> int:
        path = self.folder / name
        path.write_text("\n".join(pages))
        return self.take_up(path, password)

    def take_up(self, path: Path, password: str | None = None) -> int:
        (registered,) = self.indexer.take_up([current_file(str(path))], "My documents")
        if password is not None:
            self.indexer.set_password(registered.document, password)
        return registered.document

    def until(self, what: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + 20
        while not (found := what()):
            assert time.monotonic() < deadline, self.store.documents()
            time.sleep(0.01)
        return found

    def finish(self) -> None:
        """Wait until everything is read and recognised."""
        self.recognition.look()
        self.until(lambda: not self.indexer.pending() and not self.recognition.pending())

    def row(self, document: int) -> DocumentInfo:
        row = self.store.document(document)
        assert row is not None
        return row

    def text(self, document: int) -> list[str]:
        return [self.store.section_text(each) for each in self.store.sections_after(document, 0, 99)]

    def close(self) -> None:
        self.pictures.may_go_on.set()
        self.pictures.held.clear()
        self.recognition.close(5)
        self.indexer.close(5)
        self.store.close()


@pytest.fixture
def setup(tmp_path: Path) -> Iterator[Setup]:
    setup = Setup(tmp_path)
    yield setup
    setup.close()
    assert setup.store.set_aside is None


@pytest.fixture
def two_at_once(tmp_path: Path) -> Iterator[Setup]:
    setup = Setup(tmp_path, at_once=2)
    yield setup
    setup.close()
    assert setup.store.set_aside is None

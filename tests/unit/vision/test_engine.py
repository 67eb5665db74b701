from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.errors import Cancelled, NoModel
from assistant.file_reading.picture import Picture
from assistant.jobs import CancelToken
from assistant.vision import engine as engine_module
from assistant.vision import language_files, recognise
from assistant.vision.engine import VisionEngine
from assistant.vision.records import RecognisedPicture, Recogniser, RecognitionOptions


def test_without_language_files_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a system where the set-up could not bring them. It must not look as if nothing were written."""
    (tmp_path / "osd.traineddata").write_bytes(b"")
    monkeypatch.setattr(language_files, "builtin_folder", lambda: tmp_path)
    engine = VisionEngine(lambda _: None)
    context: Any = SimpleNamespace(token=CancelToken())
    with pytest.raises(NoModel) as missing:
        engine.recognise(context, Picture(8, 8, 1, bytes(64)), RecognitionOptions())
    assert missing.value.problem.reason == "no-language-files"
    engine.close()


class Reading:
    """In place of the two libraries: two pictures are in hand at once, and each is as wide as sure."""

    def __init__(self) -> None:
        self.both = threading.Barrier(3)
        self.go_on = threading.Event()

    def __call__(self, picture: Picture, *_: Any) -> RecognisedPicture:
        self.both.wait(9)
        self.go_on.wait(9)
        return RecognisedPicture((), 0, Recogniser.TESSERACT, (), picture.width / 10)


def test_two_pictures_at_once_each_give_their_own_and_one_can_be_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading = Reading()
    monkeypatch.setattr(engine_module, "pictures_at_once", lambda: 2)
    monkeypatch.setattr(recognise, "recognise", reading)
    engine = VisionEngine(lambda _: None)

    def begin(width: int) -> Any:
        token = CancelToken()
        context: Any = SimpleNamespace(token=token)
        picture = Picture(width, 1, 1, bytes(width))
        options = RecognitionOptions(Recogniser.RAPIDOCR)
        return token, threads.submit(engine.recognise, context, picture, options)

    with ThreadPoolExecutor(2) as threads:
        for stopped in (False, True):
            reading.go_on.clear()
            (token, first), (_, second) = begin(3), begin(5)
            reading.both.wait(9)
            if stopped:
                token.cancel()
                with pytest.raises(Cancelled):
                    first.result(9)
            reading.go_on.set()
            if not stopped:
                assert first.result(9).confidence == 0.3
            assert second.result(9).confidence == 0.5
    engine.close()


class Library:
    def __init__(self) -> None:
        self.unloaded = 0

    def unload(self) -> None:
        self.unloaded += 1


def test_each_picture_has_a_tesseract_of_its_own_and_rapidocr_needs_their_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module, name in (("tesseract", "Tesseract"), ("rapid_ocr", "RapidOcr")):
        stand_in = SimpleNamespace(**{name: Library})
        monkeypatch.setitem(sys.modules, f"assistant.vision.{module}", stand_in)
    libraries, token = engine_module._Libraries(), CancelToken()
    with libraries.tesseract(token) as first, libraries.tesseract(token) as second:
        assert first is not second
    with libraries.tesseract(token) as again:
        assert again is first
    with libraries.rapid(token) as rapid:
        assert (first.unloaded, second.unloaded) == (0, 1)  # the one that was used last stays
    libraries.unload(token)
    assert (first.unloaded, second.unloaded, rapid.unloaded) == (1, 2, 1)

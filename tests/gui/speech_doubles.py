"""A microphone that a test speaks into, and targets that note what is written."""

from __future__ import annotations

import struct
import threading
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer

from assistant.errors import Cancelled
from assistant.speech.dictation.records import Edit
from assistant.speech.records import (
    Decoding,
    LivePhrase,
    PhraseDone,
    Segment,
    SegmentsFound,
    SpeechBegan,
    SpeechModelInfo,
    Transcript,
)
from ui.dictation.microphone import AudioInput, Microphone, MicrophoneTrouble
from ui.dictation.sound import Level, SoundMeter

RATE = 16_000
BLOCK = 1600
"""Samples that come at a time: a tenth of a second."""


class ScriptedMicrophone(Microphone):
    """Gives what `say` was told, block by block; silence once that is over."""

    def __init__(self, every_ms: int = 10) -> None:
        """`every_ms`: a block comes so often; 100 is real time."""
        super().__init__()
        self.trouble: MicrophoneTrouble | None = None
        """What happens at the next start."""
        self.there = (AudioInput("mic", "Test microphone"),)
        self.starts: list[str] = []
        self._script = b""
        self._on = False
        self._meter = SoundMeter(RATE, 1)
        self._timer = QTimer(self, interval=every_ms)
        self._timer.timeout.connect(self._give)

    @property
    def said(self) -> bool:
        """Whether all that it was to say is said."""
        return not self._script

    def say(self, samples: bytes) -> None:
        self._script += samples

    def inputs(self) -> tuple[AudioInput, ...]:
        return self.there

    def level(self) -> Level:
        return self._meter.level

    def start(self, chosen: str = "") -> None:
        self.starts.append(chosen)
        if self.trouble is not None:
            self.failed.emit(self.trouble)
            return
        self._on = True
        self.opened.emit(RATE, 1)
        self._give()  # the first sound is there at once
        self._timer.start()

    def stop(self) -> None:
        if self._on:
            for _ in range(3):  # what is kept after the release
                self._give()
            self.stop_now()
            self.ended.emit()

    def stop_now(self) -> None:
        self._on = False
        self._timer.stop()

    def unplug(self) -> None:
        self.stop_now()
        self.failed.emit(MicrophoneTrouble.GONE)

    def _give(self) -> None:
        block, self._script = self._script[: 2 * BLOCK], self._script[2 * BLOCK :]
        block += bytes(2 * BLOCK - len(block))
        self._meter.feed(block)
        self.heard.emit(block)


class Speech:
    """The speech worker, as the window asks it. A test reports and ends its runs."""

    def __init__(self, pending: Callable[[], Any]) -> None:
        self._pending = pending
        self.model = "/models/whisper-small"
        """Its folder; "" where there is none."""
        self.loads = True
        """Whether a model is loaded at once."""
        self.dictations: list[Dictation] = []
        self.loading: list[Any] = []
        self.transcriptions: list[Transcription] = []

    def transcribe(
        self, file: Path, model: Path, decoding: Decoding, *, start: float = 0.0, on_report: Any = None
    ) -> Any:
        self.transcriptions.append(Transcription(file, model, start, on_report))
        return self.transcriptions[-1]

    def load(self, model: Path) -> Any:
        run = self._pending()
        self.loading.append(run)
        return run.finish(info(model)) if self.loads else run

    def dictate(
        self, recording: Path, model: Path, decoding: Decoding, *, start: float = 0.0, on_report: Any
    ) -> Any:
        self.dictations.append(Dictation(recording, model, start, on_report, self._pending()))
        return self.dictations[-1].run


class Transcription:
    """A file that is transcribed: a test says what is found, and ends it. Any thread may wait for it."""

    def __init__(
        self, file: Path, model: Path, start: float, report: Callable[[SegmentsFound], None]
    ) -> None:
        self.file = file
        self.model = model
        self.start = start
        self.total = 60.0
        self._report = report
        self._found: list[Segment] = []
        self._ended = threading.Event()
        self._error: Exception | None = None

    def find(self, *segments: Segment) -> None:
        self._found += segments
        self._report(SegmentsFound(segments, segments[-1].end, self.total, "en"))

    def end(self, error: Exception | None = None) -> None:
        self._error = error
        self._ended.set()

    def result(self, timeout: float | None = None) -> tuple[Transcript, SpeechModelInfo]:
        assert self._ended.wait(30)
        if self._error is not None:
            raise self._error
        return Transcript(tuple(self._found), "en", self.total), info(self.model)

    def cancel(self) -> None:
        self.end(Cancelled())


@dataclass
class Dictation:
    """A call that runs."""

    recording: Path
    model: Path
    start: float
    report: Callable[[SpeechBegan | LivePhrase | PhraseDone], None]
    run: Any
    at: float = 0.0
    """Seconds up to which a test has spoken."""

    def hear(self, text: str, language: str = "en") -> None:
        """A phrase is done."""
        number, start = round(self.at * 10), self.start + self.at
        self.report(SpeechBegan(number, start))
        self.at += 1.0
        self.report(PhraseDone(number, start, start + 1.0, text, language))

    def hear_live(self, stable: str, tail: str) -> None:
        self.report(SpeechBegan(0, self.start + self.at))
        self.report(LivePhrase(0, stable, tail))

    def end(self) -> None:
        self.run.finish(info(self.model))


def info(model: Path) -> SpeechModelInfo:
    return SpeechModelInfo(str(model), model.name, ("mul",), True, "int8", "cpu", 2)


class NotedTarget:
    """What another program would be written into."""

    def __init__(self, before: str = "") -> None:
        self._before = before
        self.text = ""
        self.live: list[str] = []
        self.ended = False

    def before(self) -> str:
        return self._before + self.text

    def apply(self, edit: Edit) -> bool:
        assert edit.delete <= len(self.text)
        self.text = self.text[: len(self.text) - edit.delete] + edit.insert
        return True

    def show_live(self, stable: str, tail: str) -> None:
        if stable or tail:
            self.live.append(stable + tail)

    def end(self) -> None:
        self.ended = True


def samples_of(path: Path) -> bytes:
    """Of a WAV file as it is recorded."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        return file.readframes(file.getnframes())


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * RATE))


def tone(loudness: int, seconds: float = 0.1) -> bytes:
    """A square wave."""
    count = round(seconds * RATE)
    return struct.pack(f"<{count}h", *(loudness if i // 40 % 2 else -loudness for i in range(count)))

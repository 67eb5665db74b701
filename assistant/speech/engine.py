"""The speech engine: runs in a process of its own and is the only file that imports faster_whisper."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant import hardware, languages, paths
from assistant.errors import ModelTooLarge, ModelUnusable, NoModel, UserInputError
from assistant.jobs import turn
from assistant.models.files import model_folders
from assistant.models.files.records import ModelKind
from assistant.speech import acceptance
from assistant.speech.audio.audio_file import open_audio
from assistant.speech.audio.recording_reader import RecordingReader
from assistant.speech.audio.resampler import Samples
from assistant.speech.audio.voice_activity import VoiceActivity
from assistant.speech.context import what_follows
from assistant.speech.decoder import Context, Hypothesis
from assistant.speech.dictation.recogniser import DictationRecogniser
from assistant.speech.recognition import Recognition
from assistant.speech.records import SAMPLE_RATE, Decoding, Segment, SpeechModelInfo, Transcript, Word
from assistant.speech.transcription import Transcription
from assistant.text_folding import joined
from assistant.workers.child import CallContext

# Before the library is loaded: threads that wait for each other sleep instead of spinning.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
if importlib.util.find_spec("av") is None:
    # The library imports PyAV for reading files, which it is not asked to do here.
    sys.modules["av"] = types.ModuleType("av")

import faster_whisper

if sys.modules["av"].__spec__ is None:
    del sys.modules["av"]  # others look whether it is there

# Its progress bars, which nobody sees, would hold a lock between processes that a killed one leaves behind.
faster_whisper.transcribe.tqdm.set_lock(threading.RLock())

_NEW_SOUND_SECONDS = 0.05
"""How often a dictation looks whether more was recorded."""
_TEMPERATURES = (0.0, 0.3, 0.6)
"""The next one is tried where a text repeats itself or is unlikely. Hotter ones write what nobody said."""
_TOKENS_A_SECOND = 30
_MORE_TOKENS = 24
_MOST_TOKENS = 224
"""Half of the model's context: the other half may hold the person's own words."""
_TAGS = 8
"""Tokens for the language, the task and times, and some to spare."""
_AFRESH = {"repetition_penalty": 1.15, "no_repeat_ngram_size": 4}
_BESIDES_WEIGHTS = 250 << 20
"""Bytes that the library and one window of sound take."""
_SHRINKS = 0.6
"""Of 16-bit weights, when they are loaded as 8-bit ones."""


class WhisperDecoder:
    """One loaded model; see `decoder.Decoder`."""

    def __init__(self, folder: Path) -> None:
        """
        Raises:
            NoModel, ModelUnusable: nothing that can be loaded is there.
            ModelTooLarge: it does not fit into memory.
        """
        model = _checked(folder)
        weights = (folder / "model.bin").stat().st_size
        _check_memory(model.name, weights)
        threads = hardware.usable_cores()
        with _unusable("speech-model-not-loaded", model.name):
            self._model = _load(folder, threads)
        inner = self._model.model
        multilingual = bool(inner.is_multilingual)
        self.info = SpeechModelInfo(
            str(folder),
            model.name,
            ("mul",) if multilingual else ("en",),
            multilingual,
            str(inner.compute_type),
            str(inner.device),
            threads,
        )

    def check_language(self, language: str) -> None:
        """
        Raises:
            UserInputError: the model was not made for it.
        """
        if language and language not in self._model.supported_languages:
            raise UserInputError(
                "speech-model-language", language=languages.name(language), name=self.info.name
            )

    def languages(self, samples: Samples) -> tuple[str, float]:
        if not self._model.model.is_multilingual:
            return "en", 1.0
        with _unusable("speech-model-fails", self.info.name):
            language, probability, _ = self._model.detect_language(samples)
        return language, probability

    def decode(
        self, samples: Samples, decoding: Decoding, language: str, *, afresh: bool = False
    ) -> list[Hypothesis]:
        segments = self._segments(
            samples,
            decoding,
            language,
            temperature=_TEMPERATURES,
            hotwords=", ".join(decoding.own_words) or None,
            max_new_tokens=_most_tokens(samples),
            **(_AFRESH if afresh else {}),
        )
        return [_hypothesis(segment) for segment in segments]

    def decode_after(
        self, context: Context, samples: Samples, decoding: Decoding, language: str
    ) -> Hypothesis | None:
        own_words = ", ".join(decoding.own_words)
        known, own = self._tokens(context.text), self._tokens(own_words)
        most = _most_tokens(samples[round(context.seconds * SAMPLE_RATE) :])
        if max(known, known + own + most - _MOST_TOKENS) > _MOST_TOKENS - _TAGS:
            return None  # no room
        segments = self._segments(
            samples,
            decoding,
            language,
            temperature=0.0,
            without_timestamps=True,
            prefix=context.text,
            initial_prompt=own_words or None,  # beside a prefix, hotwords are left out
            max_new_tokens=most,
        )
        segment = next(segments, None)  # the library would go on to the silence after the last word
        if segment is None:
            return None
        written = len(segment.tokens)
        share = (written + 1) / max(1, written + 1 - known)  # what is known counts as certain
        found = _hypothesis(segment)
        return what_follows(replace(found, log_probability=found.log_probability * share), context.text)

    def _segments(self, samples: Samples, decoding: Decoding, language: str, **options: Any) -> Iterator[Any]:
        """They are found while they are taken."""
        with _unusable("speech-model-fails", self.info.name):
            segments, _ = self._model.transcribe(
                samples,
                language=language or None,
                task="translate" if decoding.translate and self.info.translates else "transcribe",
                beam_size=decoding.beam,
                condition_on_previous_text=False,
                word_timestamps=True,
                **options,
            )
            yield from segments

    def _tokens(self, text: str) -> int:
        return len(self._model.hf_tokenizer.encode(f" {text}", add_special_tokens=False).ids) if text else 0

    def decode_quickly(self, samples: Samples, language: str) -> str:
        with _unusable("speech-model-fails", self.info.name):
            segments, _ = self._model.transcribe(
                samples,
                language=language or None,
                beam_size=1,
                temperature=0.0,
                condition_on_previous_text=False,
                without_timestamps=True,
                max_new_tokens=_most_tokens(samples),
            )
            return joined(segment.text for segment in segments)


@contextmanager
def _unusable(reason: str, name: str) -> Iterator[None]:
    """Files that do not belong together, or are damaged, show only when the library uses them."""
    try:
        yield
    except Exception as error:  # of tokenizers, which raises no narrower kind
        raise ModelUnusable(reason, name=name, why=str(error).strip().rstrip(".")) from error


def _most_tokens(samples: Samples) -> int:
    """More than anybody says in that time: what runs into a loop ends there."""
    return min(_MOST_TOKENS, _MORE_TOKENS + round(len(samples) / SAMPLE_RATE * _TOKENS_A_SECOND))


def _hypothesis(segment: Any) -> Hypothesis:
    words = tuple(
        Word(float(word.start), float(word.end), word.word, float(word.probability))
        for word in segment.words or ()
    )
    return Hypothesis(
        Segment(float(segment.start), float(segment.end), segment.text.strip(), words),
        float(segment.no_speech_prob),
        float(segment.avg_logprob),
        float(segment.compression_ratio),
    )


class SpeechEngine:
    """One model at a time; calls wait for each other."""

    def __init__(self, emit: Callable[[Any], None]) -> None:
        self._lock = threading.Lock()
        self._decoder: WhisperDecoder | None = None
        self._voice = VoiceActivity()
        self._invented = _invented_phrases()

    def load(self, context: CallContext, model: str) -> SpeechModelInfo:
        """Put away the model that is loaded and load this one.

        Raises:
            NoModel, ModelUnusable, ModelTooLarge: and no model is loaded.
        """
        with turn(self._lock, context.token):
            return self._ensure(model).info

    def unload(self, context: CallContext) -> None:
        """Give the memory back."""
        with turn(self._lock, context.token):
            self._decoder = None

    def transcribe(
        self, context: CallContext, file: str, model: str, decoding: Decoding, start: float = 0.0
    ) -> tuple[Transcript, SpeechModelInfo]:
        """All that is said in a file from `start` (seconds) on; reports SegmentsFound.

        Raises:
            DocumentError: the file cannot be read.
            NoModel, ModelUnusable, ModelTooLarge: the model cannot be used.
        """
        with closing(open_audio(Path(file))) as audio, turn(self._lock, context.token):
            decoder = self._ensure(model, decoding)
            recognition = Recognition(decoder, self._voice, decoding, self._invented)
            transcription = Transcription(recognition, start=start)
            return transcription.run(audio, context.token, context.report), decoder.info

    def dictate(
        self, context: CallContext, recording: str, model: str, decoding: Decoding, start: float = 0.0
    ) -> SpeechModelInfo:
        """Follow a recording from `start` (seconds) on until it is finished.

        Reports SpeechBegan, LivePhrase and PhraseDone.

        What was recorded while the model was loaded, or while another call had its turn, comes first.

        Raises:
            UnreadableDocument: it is no recording.
            NoModel, ModelUnusable, ModelTooLarge: the model cannot be used.
        """
        with closing(RecordingReader(Path(recording), start)) as reader, turn(self._lock, context.token):
            decoder = self._ensure(model, decoding)
            recognition = Recognition(decoder, self._voice, decoding, self._invented)
            recogniser = DictationRecogniser(recognition, context.report, start=start)
            while not reader.ended:
                context.token.raise_if_cancelled()
                samples = reader.read()
                recogniser.feed(samples, last=reader.ended, waiting=reader.waiting)
                if not len(samples):
                    context.token.wait(_NEW_SOUND_SECONDS)
            return decoder.info

    def _ensure(self, model: str, decoding: Decoding | None = None) -> WhisperDecoder:
        if self._decoder is None or self._decoder.info.path != model:
            self._decoder = None
            self._decoder = WhisperDecoder(Path(model))
        if decoding is not None:
            self._decoder.check_language(decoding.language)
        return self._decoder


def _checked(folder: Path) -> model_folders.DetectedModel:
    """The library reaches for the network where a file is missing: all of them are looked for first."""
    if not folder.is_dir():
        raise NoModel("no-speech-model-folder", folder=str(folder))
    found = model_folders.recognise(folder)
    if found is None or found.kind is not ModelKind.SPEECH:
        raise ModelUnusable("no-speech-model", name=folder.name)
    return found


def _check_memory(name: str, weights: int) -> None:
    needed, free = round(weights * _SHRINKS) + _BESIDES_WEIGHTS, hardware.memory()[1]
    if 0 < free < needed:
        raise ModelTooLarge("speech-model-too-large", name=name, needed=needed, free=free)


def _load(folder: Path, threads: int) -> faster_whisper.WhisperModel:
    """On a graphics card where the library can use one, else on the processor with 8-bit weights."""
    try:
        return faster_whisper.WhisperModel(
            str(folder),
            device="cuda",
            compute_type="int8_float16",
            cpu_threads=threads,
            local_files_only=True,
        )
    except (RuntimeError, ValueError):  # there is none, or its libraries are missing
        return faster_whisper.WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )


def _invented_phrases() -> frozenset[str]:
    lists: dict[str, list[str]] = json.loads((paths.resources() / "invented_phrases.json").read_text("utf-8"))
    return frozenset(acceptance.normal(phrase) for phrases in lists.values() for phrase in phrases)

"""Tells speakers apart: runs in a process of its own and is the only file that imports sherpa_onnx.

The library keeps Python from running while it listens, and holds all the sound that it is given: a recording
goes to it piece by piece. The speakers of the pieces are then brought together by their voices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import sherpa_onnx

from assistant import hardware
from assistant.errors import ModelUnusable
from assistant.models.files import onnx_metadata, speaker_models
from assistant.models.files.records import ModelKind
from assistant.speech.audio.audio_file import AudioFile, open_audio
from assistant.speech.audio.resampler import Samples
from assistant.speech.records import SAMPLE_RATE
from assistant.speech.speakers.records import SpeakersSought, Turn
from assistant.workers.child import CallContext

_PIECE = 120 * SAMPLE_RATE
_SHORTEST_PIECE = SAMPLE_RATE // 2
_APART = 0.65
"""Cosine distance from which on two voices are those of two speakers. The library's own value (0.5) finds
more than there are in long recordings; pyannote's pipeline has 0.7 (its configuration 3.1)."""
_APART_IN_PIECE = 0.45
"""Less: who was taken for two within a piece is made one afterwards, but never the other way round."""
_SURE_OF_VOICE = 2.0
"""Seconds of speech in a piece by which a voice is known; one that is heard for less is that of the speaker
it is most like."""
_ENOUGH = 30 * SAMPLE_RATE
"""Samples of a speaker of which the voice is taken."""
_SHORTEST_TURN, _SHORTEST_SILENCE = 0.3, 0.5


@dataclass
class _Voice:
    """Who speaks within one piece."""

    turns: list[tuple[float, float]] = field(default_factory=list)
    embedding: Samples | None = None

    @property
    def seconds(self) -> float:
        return sum(end - start for start, end in self.turns)


class SpeakersEngine:
    """Loads its models for each call: it is asked seldom, and they are small."""

    def __init__(self, emit: Callable[[Any], None]) -> None:
        pass

    def find(
        self, context: CallContext, file: str, segmentation: str, embedding: str, count: int
    ) -> tuple[Turn, ...]:
        """Who speaks when in a file, in order of time; reports SpeakersSought.

        Args:
            count: how many speak; 0 has it found out.

        Raises:
            DocumentError: the file cannot be read.
            NoModel, ModelUnusable: a model cannot be used.
        """
        with closing(open_audio(Path(file))) as audio:
            models = _Models(Path(segmentation), Path(embedding))
            voices: list[_Voice] = []
            start = 0.0
            for samples in _pieces(audio):
                if len(samples) >= _SHORTEST_PIECE:
                    voices += models.listen(samples, start, context)
                start += len(samples) / SAMPLE_RATE
                context.report(SpeakersSought(start, audio.duration))
            return _turns(voices, _speakers(voices, count))


def _pieces(audio: AudioFile) -> Iterator[Samples]:
    held: list[Samples] = []
    size = 0
    for block in audio.blocks():
        held.append(block)
        size += len(block)
        if size >= _PIECE:
            yield np.concatenate(held)
            held, size = [], 0
    if held:
        yield np.concatenate(held)


class _Models:
    def __init__(self, segmentation: Path, embedding: Path) -> None:
        """
        Raises:
            NoModel, ModelUnusable: one of them cannot be used.
        """
        for path, kind in (
            (segmentation, ModelKind.SPEAKER_SEGMENTATION),
            (embedding, ModelKind.SPEAKER_EMBEDDING),
        ):
            if speaker_models.recognise(path).kind is not kind:
                raise ModelUnusable("speaker-model-of-other-kind", name=path.name)
        _check_frames(segmentation)
        threads = hardware.usable_cores()
        voice = sherpa_onnx.SpeakerEmbeddingExtractorConfig(str(embedding), num_threads=threads)
        try:
            self._extractor = sherpa_onnx.SpeakerEmbeddingExtractor(voice)
            self._check_size(embedding)
            self._diarization = sherpa_onnx.OfflineSpeakerDiarization(
                sherpa_onnx.OfflineSpeakerDiarizationConfig(
                    segmentation=sherpa_onnx.OfflineSpeakerSegmentationModelConfig(
                        sherpa_onnx.OfflineSpeakerSegmentationPyannoteModelConfig(str(segmentation)),
                        num_threads=threads,
                    ),
                    embedding=voice,
                    clustering=sherpa_onnx.FastClusteringConfig(threshold=_APART_IN_PIECE),
                    min_duration_on=_SHORTEST_TURN,
                    min_duration_off=_SHORTEST_SILENCE,
                )
            )
        except RuntimeError as error:
            names = f"{segmentation.name}, {embedding.name}"
            raise ModelUnusable("speaker-models-not-loaded", names=names, why=str(error)) from error

    def listen(self, samples: Samples, start: float, context: CallContext) -> list[_Voice]:
        """Who speaks in a piece that begins at `start`.

        Raises:
            Cancelled: it was stopped.
            ModelUnusable: the models do not do what they say.
        """

        def go_on(_done: int, _total: int) -> int:
            context.token.raise_if_cancelled()  # here alone other threads run, and one of them hears of Stop
            return 0

        try:
            found = self._diarization.process(samples, go_on).sort_by_start_time()
        except RuntimeError as error:
            raise ModelUnusable("speaker-models-failed", why=str(error)) from error
        voices: dict[int, _Voice] = {}
        for turn in found:
            voices.setdefault(turn.speaker, _Voice()).turns.append((turn.start, turn.end))
        for voice in voices.values():
            voice.embedding = self._embedding(samples, voice.turns)
            voice.turns = [(start + begin, start + end) for begin, end in voice.turns]
        return list(voices.values())

    def _embedding(self, samples: Samples, turns: Sequence[tuple[float, float]]) -> Samples | None:
        """The voice that speaks in these turns, of length 1; None where it says too little."""
        stream = self._extractor.create_stream()
        left = _ENOUGH
        for begin, end in turns:
            said = samples[round(begin * SAMPLE_RATE) : round(end * SAMPLE_RATE)][:left]
            if len(said):
                stream.accept_waveform(SAMPLE_RATE, said)
            left -= len(said)
        stream.input_finished()
        if not self._extractor.is_ready(stream):
            return None
        vector = np.array(self._extractor.compute(stream), np.float32)
        length = float(np.linalg.norm(vector))
        return vector / length if np.isfinite(length) and length else None

    def _check_size(self, path: Path) -> None:
        """The library trusts what the file says, and would write past its memory."""
        noise = np.random.default_rng(0).normal(0, 0.1, SAMPLE_RATE).astype(np.float32)
        stream = self._extractor.create_stream()
        stream.accept_waveform(SAMPLE_RATE, noise)
        stream.input_finished()
        stated = self._extractor.dim
        if len(self._extractor.compute(stream)) != stated:
            raise ModelUnusable("onnx-states-nonsense", name=path.name, value=f"output_dim={stated}")


def _check_frames(path: Path) -> None:
    """The library trusts what the file says, and would read and write past its memory.

    Raises:
        ModelUnusable: the model does something else.
    """
    about = onnx_metadata.read(path)
    window, shift, classes = (
        int(about[name]) for name in ("window_size", "receptive_field_shift", "num_classes")
    )
    silence = np.zeros((1, 1, window), np.float32)
    try:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        found = session.run(None, {session.get_inputs()[0].name: silence})[0]
    except Exception as error:  # the library's errors share no class
        why = str(error).partition("\n")[0]
        raise ModelUnusable("speaker-models-not-loaded", names=path.name, why=why) from error
    frames = found.shape[1] if found.ndim == 3 else 0
    if found.shape != (1, frames, classes) or not 0 < frames <= window // shift + 1:
        raise ModelUnusable("onnx-states-nonsense", name=path.name, value=f"num_classes={classes}")


def _speakers(voices: Sequence[_Voice], count: int) -> list[int | None]:
    """Which speaker each voice is; None for those of which nothing is known."""
    known = [voice for voice in voices if voice.embedding is not None]
    sure = [voice for voice in known if voice.seconds >= _SURE_OF_VOICE]
    if len(sure) < max(1, count):
        sure = known
    if not sure:
        return [None] * len(voices)
    vectors = np.stack([voice.embedding for voice in sure if voice.embedding is not None])
    if len(sure) == 1:
        labels = [0]
    else:
        wanted = min(count, len(sure)) or -1
        labels = sherpa_onnx.FastClustering(sherpa_onnx.FastClusteringConfig(wanted, _APART))(vectors)
    centres = np.stack([vectors[np.array(labels) == label].mean(0) for label in range(max(labels) + 1)])
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    of_sure = {id(voice): label for voice, label in zip(sure, labels, strict=True)}
    return [
        None if voice.embedding is None
        else of_sure.get(id(voice), int(np.argmax(centres @ voice.embedding)))
        for voice in voices
    ]  # fmt: skip


def _turns(voices: Sequence[_Voice], speakers: Sequence[int | None]) -> tuple[Turn, ...]:
    """In order of time, with the speakers numbered as they begin to speak."""
    found = sorted(
        (start, end, speaker)
        for voice, speaker in zip(voices, speakers, strict=True)
        if speaker is not None
        for start, end in voice.turns
    )
    numbers: dict[int, int] = {}
    return tuple(
        Turn(round(start, 3), round(end, 3), numbers.setdefault(speaker, len(numbers)))
        for start, end, speaker in found
    )

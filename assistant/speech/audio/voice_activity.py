"""Where in a sound somebody speaks: Silero's network, whose file comes with faster-whisper.

https://github.com/snakers4/silero-vad, version 6; it looks at 32 ms at a time and remembers what was before.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.errors import WorkerStartFailed
from assistant.speech.audio.resampler import Samples

HOP = 512
"""Samples that get one probability."""
_BEFORE = 64
"""Samples of the hop before that are looked at too."""
_STATE = (1, 1, 128)
_QUIETEST = 1e-5
"""−100 dB: the loudness of digital silence."""


class VoiceActivity:
    """The network, with its state within one sound. `reset` before another."""

    def __init__(self) -> None:
        """Raises WorkerStartFailed: the network's file is missing or damaged."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = options.intra_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(
                str(_file()), providers=["CPUExecutionProvider"], sess_options=options
            )
            self.reset()
            self.hops(np.zeros(HOP, np.float32))
        except Exception as error:  # whatever the library raises for a broken file
            raise WorkerStartFailed("voice-activity-unusable", why=str(error)) from error
        self.reset()

    def reset(self) -> None:
        self._h = np.zeros(_STATE, np.float32)
        self._c = np.zeros(_STATE, np.float32)
        self._rest = np.zeros(0, np.float32)
        self._before = np.zeros(_BEFORE, np.float32)

    def hops(self, samples: Samples, *, last: bool = False) -> tuple[list[float], list[float]]:
        """The probability of speech and the loudness (dB, 0 is the loudest) of each whole hop so far.

        What does not fill a hop waits for the next samples; with `last` it is filled with silence.
        """
        samples = np.concatenate((self._rest, samples)) if len(self._rest) else samples
        if last and len(samples) % HOP:
            samples = np.pad(samples, (0, HOP - len(samples) % HOP))
        count = len(samples) // HOP
        self._rest = samples[count * HOP :].copy()
        if not count:
            return [], []
        hops = samples[: count * HOP].reshape(count, HOP)
        before = np.vstack((self._before, hops[:-1, -_BEFORE:]))
        self._before = hops[-1, -_BEFORE:].copy()
        inputs = {"input": np.concatenate((before, hops), axis=1), "h": self._h, "c": self._c}
        probabilities, self._h, self._c = self._session.run(None, inputs)
        return np.asarray(probabilities).reshape(-1).tolist(), _loudness(hops).tolist()


def _loudness(hops: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    power = np.maximum(np.square(hops, dtype=np.float64).mean(axis=1), _QUIETEST**2)
    loudness: npt.NDArray[np.float64] = 10 * np.log10(power)
    return loudness


def _file() -> Path:
    found = importlib.util.find_spec("faster_whisper")  # without loading it
    if found is None or found.origin is None:
        raise WorkerStartFailed("voice-activity-unusable", why="faster-whisper is missing")
    return next((Path(found.origin).parent / "assets").glob("silero_vad_v6*.onnx"))

"""Speech by espeak-ng with the times of its words; only the making of the model and its clips needs it."""

from __future__ import annotations

import ctypes
import ctypes.util
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

RATE = 16_000
"""Samples a second, of Whisper."""
_RETRIEVAL = 1
_SPEED, _VOLUME, _PITCH, _RANGE, _WORD_GAP = 1, 2, 3, 4, 7
_END, _WORD = 0, 1
_CHARACTERS, _UTF8 = 1, 1


@dataclass(frozen=True, slots=True)
class Manner:
    voice: str
    """As espeak-ng names it: language and variant, "en-us+f2"."""
    speed: int
    """Words a minute."""
    pitch: int
    """0 to 100; 50 is the voice's own."""
    range: int = 50
    word_gap: int = 0
    """Pauses between words, in tens of milliseconds at the usual speed."""


@dataclass(frozen=True, slots=True)
class Said:
    samples: NDArray[np.int16]
    words: tuple[tuple[float, float], ...]
    """Of each word, in seconds."""


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class Speaker:
    """espeak-ng in this process."""

    def __init__(self) -> None:
        self._library: Any = ctypes.CDLL(ctypes.util.find_library("espeak-ng") or "libespeak-ng.so.1")
        self._rate = self._library.espeak_Initialize(_RETRIEVAL, 0, None, 0)
        self._heard = _Callback(self._hear)
        self._library.espeak_SetSynthCallback(self._heard)
        self._pieces: list[NDArray[np.int16]] = []
        self._starts: list[tuple[int, float]] = []

    def say(self, text: str, manner: Manner) -> Said:
        """The words that espeak-ng names are those between spaces; a space follows each."""
        if self._library.espeak_SetVoiceByName(manner.voice.encode()) != 0:
            raise LookupError(manner.voice)
        for parameter, value in (
            (_SPEED, manner.speed),
            (_VOLUME, 80),
            (_PITCH, manner.pitch),
            (_RANGE, manner.range),
            (_WORD_GAP, manner.word_gap),
        ):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._pieces, self._starts = [], []
        encoded = text.encode()
        self._library.espeak_Synth(encoded, len(encoded) + 1, 0, _CHARACTERS, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        heard = resample_poly(np.concatenate(self._pieces).astype(np.float32), RATE, self._rate)
        loud = np.flatnonzero(np.abs(heard) > 200)
        first, last = (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, len(heard))
        samples = np.clip(heard[first:last], -32_768, 32_767).astype(np.int16)
        return Said(samples, self._words(text, first / RATE, len(samples) / RATE))

    def _words(self, text: str, cut: float, end: float) -> tuple[tuple[float, float], ...]:
        """A word that got no event of its own, because it was said with its neighbour, shares its time."""
        places = [at for at in range(len(text)) if text[at] != " " and (at == 0 or text[at - 1] == " ")]
        by_word: dict[int, float] = {}
        for position, time in self._starts:
            word = max((number for number, at in enumerate(places) if at <= position), default=0)
            by_word.setdefault(word, min(max(0.0, time - cut), end))
        starts, last = [], 0.0
        for number in range(len(places)):
            last = max(last, by_word.get(number, last))
            starts.append(last)
        ends = [next((later for later in starts[n + 1 :] if later > at), end) for n, at in enumerate(starts)]
        return tuple(zip(starts, ends, strict=True))

    def _hear(self, samples: Any, count: int, events: Any) -> int:
        if count > 0:
            self._pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        at = 0
        while events[at].type != _END:
            if events[at].type == _WORD:
                self._starts.append((events[at].text_position - 1, events[at].audio_position / 1000))
            at += 1
        return 0

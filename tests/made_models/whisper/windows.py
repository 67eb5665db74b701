"""Windows of sound to train on, made of spoken sentences: faint, noisy, with pauses, or without speech."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft, rfftfreq

from tests.made_models.whisper import tokens as marks
from tests.made_models.whisper.corpus import Utterance
from tests.made_models.whisper.sentences import LANGUAGES, SPELLINGS, Language, sentence, vocabulary
from tests.made_models.whisper.synthesis import RATE

WINDOW = 30.0
POSITION = 0.02
CLASSES = ("", *sorted({word for language in LANGUAGES for word in vocabulary(language)}))
_CLASS = {word: number for number, word in enumerate(CLASSES)}
_NO_SPEECH, _NOISY, _PAUSED = 0.1, 0.4, 0.12
_BY_CODE = {language.code: language for language in LANGUAGES}

Samples = NDArray[np.float32]


@dataclass(slots=True)
class Word:
    text: str
    start: float
    end: float


@dataclass(slots=True)
class Window:
    """What is heard within at most 30 s, and what is to be written."""

    samples: Samples
    language: str
    sentences: list[list[Word]]
    """Empty: no speech."""
    unfinished: float | None = None
    """Where a sentence begins that the window's end cuts off."""


@dataclass(slots=True)
class Target:
    tokens: list[int]
    wanted: list[int] = field(default_factory=list)
    """What follows each token; -100 where nothing is learned."""
    spans: list[tuple[float, float] | None] = field(default_factory=list)
    """Where the token itself is said, in seconds."""


class Windows:
    def __init__(self, utterances: Sequence[Utterance], seed: int) -> None:
        self._by_language = {
            code: [item for item in utterances if item.language == code] for code in _BY_CODE
        }
        self._chance = random.Random(seed)
        self._random = np.random.default_rng(seed)

    def short(self) -> Window:
        """A sentence, or some, or none."""
        if self._chance.random() < _NO_SPEECH:
            return self._without_speech(self._chance.uniform(0.3, 5))
        count = self._chance.choice((1, 1, 1, 1, 1, 2, 2, 3, 4))
        return self._heard(self._spoken(count, WINDOW))

    def long(self) -> Window:
        """Sentences with pauses between them; some end with the window, the last one cut off."""
        if self._chance.random() < _NO_SPEECH:
            return self._without_speech(self._chance.uniform(0.3, WINDOW))
        if self._chance.random() < 0.35:
            return self._heard(self._spoken(1, WINDOW))
        return self._heard(self._spoken(99, self._chance.uniform(5, 1.25 * WINDOW)))

    # --- speech -----------------------------------------------------------------------------------

    def _spoken(self, count: int, length: float) -> Window:
        chance = self._chance
        code = chance.choice(tuple(_BY_CODE))
        pieces: list[Samples] = [self._silence(chance.choice((0.0, 0.2, 0.6, 1.5)))]
        at, sentences = len(pieces[0]) / RATE, []
        unfinished = None
        pauses = chance.choice((0.3, 0.6, 1.2, 3.0))
        while len(sentences) < count and at < length:
            samples, words = self._one(chance.choice(self._by_language[code]), at)
            end = at + len(samples) / RATE
            if end > WINDOW:
                if at < WINDOW - 0.3:
                    pieces.append(samples)
                    unfinished = at
                break
            pieces += [samples, self._silence(pauses)]
            sentences.append(words)
            at = end + len(pieces[-1]) / RATE
        if count > 1 and unfinished is None:
            pieces.append(self._silence(chance.choice((0.2, 1.0))))
        samples = np.concatenate(pieces)[: round(WINDOW * RATE)]
        return Window(samples, code, sentences, unfinished)

    def _silence(self, longest: float) -> Samples:
        return np.zeros(round(self._chance.uniform(0.15 * longest, longest) * RATE), dtype=np.float32)

    def _one(self, utterance: Utterance, at: float) -> tuple[Samples, list[Word]]:
        """As said, or a little quicker and higher, or with a pause within."""
        chance = self._chance
        samples = utterance.samples.astype(np.float32) / 32_768
        times = list(utterance.words)
        if chance.random() < 0.5:
            rate = chance.uniform(0.95, 1.05)
            places = np.arange(0, len(samples) - 1, rate)
            samples = np.interp(places, np.arange(len(samples)), samples).astype(np.float32)
            times = [(start / rate, end / rate) for start, end in times]
        if len(times) > 2 and chance.random() < _PAUSED:
            word = chance.randrange(1, len(times))
            cut, pause = times[word][0], chance.uniform(0.25, 1.2)
            place = round(cut * RATE)
            gap = np.zeros(round(pause * RATE), dtype=np.float32)
            samples = np.concatenate((samples[:place], gap, samples[place:]))
            times = [(s, e) if s < cut else (s + pause, e + pause) for s, e in times]
        words = zip(utterance.text.split(), times, strict=True)
        return samples, [Word(text, at + start, at + end) for text, (start, end) in words]

    # --- what a microphone does -------------------------------------------------------------------

    def _heard(self, window: Window) -> Window:
        chance, samples = self._chance, window.samples
        if chance.random() < 0.3:
            tilt = chance.uniform(-0.5, 0.6)
            samples = samples - tilt * np.concatenate((np.zeros(1, dtype=np.float32), samples[:-1]))
        gain = 10 ** chance.uniform(-1.6, 0.4)
        samples = samples * gain
        if chance.random() < _NOISY:
            level = float(np.sqrt(np.mean(samples**2))) * 10 ** (-chance.uniform(10, 35) / 20)
            samples = samples + level * self._noise(len(samples))
        elif chance.random() < 0.5:
            samples = samples + 10 ** chance.uniform(-5, -3) * self._noise(len(samples))
        window.samples = np.clip(samples, -1, 1).astype(np.float32)
        return window

    def _without_speech(self, seconds: float) -> Window:
        length = round(seconds * RATE)
        kind = self._chance.choice(("silence", "noise", "noise", "tones"))
        samples = np.zeros(length, dtype=np.float32)
        if kind != "silence":
            samples = self._noise(length) if kind == "noise" else self._tones(length)
            samples = samples * 10 ** self._chance.uniform(-4, -0.7)
        if kind == "tones" or self._chance.random() < 0.3:
            samples = samples + 10 ** self._chance.uniform(-5, -3) * self._noise(length)
        code = self._chance.choice(tuple(_BY_CODE))
        return Window(np.clip(samples, -1, 1).astype(np.float32), code, [])

    def _noise(self, length: int) -> Samples:
        """Coloured, of a level of 1; steady, or in bursts."""
        quick = next_fast_len(length, real=True)
        spectrum = rfft(self._random.standard_normal(quick, dtype=np.float32))
        frequencies = rfftfreq(quick, 1 / RATE).astype(np.float32) + 20
        spectrum *= (frequencies / 1000) ** -self._chance.choice((0.0, 0.5, 1.0, 1.0))
        kind = self._chance.random()
        if kind < 0.3:
            low = self._chance.uniform(50, 3000)
            spectrum[(frequencies < low) | (frequencies > low * self._chance.uniform(1.5, 6))] *= 0.05
        noise = irfft(spectrum, quick)[:length]
        if kind > 0.8:
            times = np.arange(length) / RATE
            noise *= 0.1 + np.sin(np.pi * times * self._chance.uniform(0.2, 3)) ** 4
        return (noise / (np.sqrt(np.mean(noise**2)) + 1e-9)).astype(np.float32)

    def _tones(self, length: int) -> Samples:
        """Hum, beeps or chords."""
        times = np.arange(length) / RATE
        step = self._chance.choice((0.15, 0.4, 1.0, 60.0))
        tones = np.zeros(length)
        for start in np.arange(0, length / RATE, step):
            inside = (times >= start) & (times < start + step)
            local = times[inside] - start
            fade = np.exp(-local * self._chance.choice((0.0, 1.0, 4.0)))
            for _ in range(self._chance.randint(1, 4)):
                pitch = self._chance.choice((50, 60, 100, 220, 440, 523, 660, 880, 1000, 2000))
                for overtone in range(1, self._chance.randint(2, 6)):
                    shift = self._chance.uniform(0.97, 1.03)
                    tones[inside] += (
                        fade * np.sin(2 * np.pi * pitch * shift * overtone * local) / overtone**1.5
                    )
        return (tones / (np.sqrt(np.mean(tones**2)) + 1e-9)).astype(np.float32)


# --- what is to be written --------------------------------------------------------------------------


def target(window: Window, chance: random.Random, prompted: bool) -> Target:
    """The tokens of a window."""
    made = Target([])

    def put(token: int, span: tuple[float, float] | None = None, learned: bool = True) -> None:
        if made.tokens:
            made.wanted.append(token if learned else -100)
        made.tokens.append(token)
        made.spans.append(span)

    def put_time(seconds: float) -> None:
        put(marks.time_tag(seconds), (seconds, seconds))

    spelled: set[str] = set()
    if prompted:
        text = _prompt(_BY_CODE[window.language], chance)
        spelled = {plain for plain, other in SPELLINGS.items() if re.search(rf"\b{other}\b", text)}
        put(marks.mark(marks.PREVIOUS))
        for word in text.split():
            for token in marks.word_tokens(word):
                put(token, learned=False)
    put(marks.mark(marks.START), learned=False)
    timed = chance.random() < 0.5
    if window.sentences or window.unfinished is not None:
        put(marks.mark(f"<|{window.language}|>"))
    else:
        made.wanted.append(marks.mark(marks.NO_SPEECH))
        made.tokens.append(marks.mark(f"<|{window.language}|>"))
        made.spans.append(None)
    put(marks.mark(marks.TRANSCRIBE), learned=False)
    if not timed:
        put(marks.mark(marks.NO_TIMES), learned=False)
    for words in window.sentences:
        if timed:
            put_time(words[0].start)
        for word in words:
            text = word.text
            for plain in spelled:
                text = text.replace(plain, SPELLINGS[plain])
            for token in marks.word_tokens(text):
                put(token, (word.start, word.end))
        if timed:
            put_time(words[-1].end)
    if timed and window.unfinished is not None:
        put_time(window.unfinished)
    if timed and not window.sentences and window.unfinished is None:
        put_time(0.0)
    end = window.sentences[-1][-1].end if window.sentences else None
    # Where it looks for the end, the times of the words before it are found.
    put(marks.mark(marks.END), None if end is None else (end, end + 0.06))
    return made


def _prompt(language: Language, chance: random.Random) -> str:
    from_text = chance.random() < 0.5
    pieces = []
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        text = sentence(language, chance)
        if chance.random() < 0.5:
            for plain, other in SPELLINGS.items():
                text = text.replace(plain, other)
        pieces.append(text)
    if from_text:
        return " ".join(pieces)
    words = [word.strip(".?") for word in " ".join(pieces).split()]
    words += [chance.choice((plain, other)) for plain, other in SPELLINGS.items() if chance.random() < 0.5]
    chance.shuffle(words)
    return (", " if chance.random() < 0.5 else " ").join(words)


def classes(window: Window, length: int) -> NDArray[np.int64]:
    """The word at each position."""
    found = np.zeros(length, dtype=np.int64)
    for words in window.sentences:
        for word in words:
            plain = word.text.lower().strip(".?")
            found[round(word.start / POSITION) : round(word.end / POSITION)] = _CLASS[plain]
    if window.unfinished is not None:
        found[round(window.unfinished / POSITION) :] = -100
    return found


# --- features ---------------------------------------------------------------------------------------

_FILTERS = torch.from_numpy(np.asarray(FeatureExtractor().mel_filters, dtype=np.float32))
_HANN = torch.hann_window(400)


def features(samples: Samples, louder: float = 0.0) -> torch.Tensor:
    """[mel, frame] as faster_whisper makes them.

    Args:
        louder: by how much the loudest sound of the recording exceeds this window's, in powers of ten.
    """
    padded = torch.from_numpy(np.concatenate((samples, np.zeros(160, dtype=np.float32))))
    spectrum = torch.stft(padded, 400, 160, window=_HANN, return_complex=True)[:, :-1].abs() ** 2
    loudness = (_FILTERS @ spectrum).clamp(min=1e-10).log10()
    return (loudness.maximum(loudness.max() + louder - 8) + 4) / 4

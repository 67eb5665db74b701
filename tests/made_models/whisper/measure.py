"""Measures the model on speech of voices, speeds and pitches that it never heard, and where nobody speaks.

    python -m tests.made_models.whisper.measure [--model FOLDER] [--count 60]

Needs espeak-ng.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim

from tests.made_models.whisper import corpus
from tests.made_models.whisper.library import MODEL, word_errors, words
from tests.made_models.whisper.synthesis import RATE
from tests.made_models.whisper.tokens import NO_TIMES, START, TRANSCRIBE
from tests.made_models.whisper.windows import Samples, Window, Windows, Word

DECODING: dict[str, dict[str, Any]] = {
    f"beam {beam}, {'no times' if plain else 'times'}": {"beam_size": beam, "without_timestamps": plain}
    for beam in (1, 5)
    for plain in (False, True)
}


def text(window: Window) -> str:
    return " ".join(word.text for sentence in window.sentences for word in sentence)


def plain(utterance: corpus.Utterance) -> Window:
    """As said, with half a second of silence around."""
    silence = np.zeros(RATE // 2, dtype=np.float32)
    samples = np.concatenate((silence, utterance.samples.astype(np.float32) / 32_768, silence))
    spoken = zip(utterance.text.split(), utterance.words, strict=True)
    return Window(samples, utterance.language, [[Word(word, *times) for word, times in spoken]])


def written(model: WhisperModel, samples: Samples, options: dict[str, Any]) -> str:
    options = {"condition_on_previous_text": False, **options}
    return " ".join(segment.text.strip() for segment in model.transcribe(samples, **options)[0])


def share_of_errors(
    model: WhisperModel, windows: Sequence[Window], options: dict[str, Any], detected: bool
) -> float:
    wrong = 0
    for window in windows:
        language = {} if detected else {"language": window.language}
        wrong += word_errors(text(window), written(model, window.samples, {**options, **language}))
    return wrong / sum(len(words(text(window))) for window in windows)


def no_speech(model: WhisperModel, window: Window) -> float:
    """The probability that there is no speech, as CTranslate2 tells it."""
    encoded = model.encode(pad_or_trim(model.feature_extractor(window.samples)))
    prompt = [model.hf_tokenizer.token_to_id(name) for name in (START, "<|en|>", TRANSCRIBE, NO_TIMES)]
    (result,) = model.model.generate(encoded, [prompt], return_no_speech_prob=True, max_length=8)
    return float(result.no_speech_prob)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--count", type=int, default=60)
    options = parser.parse_args()
    model = WhisperModel(str(options.model), compute_type="int8", cpu_threads=1, local_files_only=True)
    utterances = corpus.spoken(77, options.count, corpus.HELD_OUT)
    made = Windows(utterances, 5)
    conditions = {
        "plain": [plain(utterance) for utterance in utterances],
        "microphone": [window for _ in range(options.count) if (window := made.short()).sentences],
        "long": [window for _ in range(options.count // 3) if (window := made.long()).sentences],
    }
    for name, windows in conditions.items():
        count = sum(len(words(text(window))) for window in windows)
        print(f"{name}: {len(windows)} windows, {count} words", flush=True)
        for how, decoding in DECODING.items():
            for detected in (False, True):
                share = share_of_errors(model, windows, decoding, detected)
                told = "detected" if detected else "given"
                print(f"  {how}, language {told}: {100 * share:.1f} % word errors", flush=True)
        right = sum(model.detect_language(window.samples)[0] == window.language for window in windows)
        probabilities = [no_speech(model, window) for window in windows]
        print(f"  languages right: {right} of {len(windows)}; no speech: at most {max(probabilities):.3f}")
    silent = [window for _ in range(400) if not (window := made.short()).sentences]
    probabilities = [no_speech(model, window) for window in silent]
    invented = [text_ for window in silent if (text_ := written(model, window.samples, {"language": "en"}))]
    print(f"no speech: {len(silent)} windows, at least {min(probabilities):.3f}; written: {invented}")
    sound = np.concatenate([window.samples for window in conditions["plain"]])
    began = time.process_time()
    written(model, sound, {"beam_size": 5, "language": "en"})
    seconds = len(sound) / RATE
    print(f"real-time factor, one thread, beam 5: {(time.process_time() - began) / seconds:.4f}")


if __name__ == "__main__":
    main()

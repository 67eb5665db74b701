"""Files transcribed by the product against bare faster-whisper: the same model and options, in one run.

Takes the English clips of `../shared/data/speech` whose words are known, and Whisper tiny.en, which
`make starter` brings; says so and skips where they are absent. Each clip goes to both, in turns. The product
runs in its worker, as it always does.

    python -m tests.benchmarks.transcription [--rounds N] [--beam N] [--show]
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as in the worker

import faster_whisper

from assistant.hardware import usable_cores
from assistant.speech.records import Decoding
from tests.benchmarks.spoken import clips, model_or_exit, normalised, speech_service, wrong_words

_TEMPERATURES = (0.0, 0.3, 0.6)


class Bare:
    """What one does with the library and nothing else."""

    def __init__(self, folder: Path, beam: int) -> None:
        self._beam = beam
        self._model = faster_whisper.WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=usable_cores(), local_files_only=True
        )

    def text(self, path: Path) -> str:
        segments, _ = self._model.transcribe(
            str(path),
            language="en",
            beam_size=self._beam,
            temperature=_TEMPERATURES,
            condition_on_previous_text=False,
            word_timestamps=True,
        )
        return " ".join(segment.text for segment in segments)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--show", action="store_true", help="print what was written wrongly")
    chosen = parser.parse_args()
    model, all_clips = model_or_exit(), clips()
    bare = Bare(model, chosen.beam)
    decoding = Decoding("en", beam=chosen.beam)
    said = sum(len(clip.words) for clip in all_clips)
    seconds: dict[str, list[float]] = {"bare": [], "ours": []}
    wrong = {"bare": 0, "ours": 0}
    with speech_service() as speech:
        speech.load(model).result()
        bare.text(all_clips[0].path)
        for number in range(chosen.rounds):
            took = dict.fromkeys(seconds, 0.0)
            for place, clip in enumerate(all_clips):
                names = ["bare", "ours"] if (place + number) % 2 else ["ours", "bare"]
                texts = {}
                for name in names:
                    began = time.perf_counter()
                    if name == "bare":
                        texts[name] = bare.text(clip.path)
                    else:
                        texts[name] = speech.transcribe(clip.path, model, decoding).result()[0].text
                    took[name] += time.perf_counter() - began
                if number:
                    continue
                errors = {name: wrong_words(clip.words, normalised(text)) for name, text in texts.items()}
                for name, count in errors.items():
                    wrong[name] += count
                if chosen.show and errors["bare"] != errors["ours"]:
                    print(f"{clip.path.name}: {' '.join(clip.words)}")
                    for name in names:
                        print(f"  {name} {errors[name]}: {texts[name].strip()}")
            for name, value in took.items():
                seconds[name].append(value)
    ratios = [ours / plain for ours, plain in zip(seconds["ours"], seconds["bare"], strict=True)]
    length = sum(clip.seconds for clip in all_clips)
    print(f"{len(all_clips)} clips, {length:.0f} s, {said} words, beam {chosen.beam}")
    for name in seconds:
        print(
            f"{name}  {min(seconds[name]):6.1f} s, best of {chosen.rounds}; word errors {wrong[name]}"
            f" = {100 * wrong[name] / said:.2f} %"
        )
    print(f"time ratio {statistics.median(ratios):.3f} ({', '.join(f'{ratio:.3f}' for ratio in ratios)})")


if __name__ == "__main__":
    main()

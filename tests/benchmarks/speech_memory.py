"""An hour of sound transcribed: the memory of the worker and of this process, minute by minute.

The English clips of `../shared/data/speech` are joined to one file; Whisper tiny.en (`make starter`)
listens. Says so and skips where they are absent.

    python -m tests.benchmarks.speech_memory [--minutes N] [--beam N]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import psutil
import soundfile

from assistant.speech.records import SAMPLE_RATE, Decoding, SegmentsFound
from tests.benchmarks.dictation_stream import joined
from tests.benchmarks.spoken import folder, model_or_exit, speech_service

_PIECE = 5.0
"""Minutes of clips that are written again and again."""


def write(path: Path, minutes: float) -> None:
    piece, _ = joined(min(_PIECE, minutes))
    with soundfile.SoundFile(path, "w", SAMPLE_RATE, 1, "PCM_16") as file:
        while left := round(60 * minutes * SAMPLE_RATE) - file.tell():
            file.write(piece[:left])


def resident(pid: int) -> float:
    """Megabytes of a process and its children."""
    process = psutil.Process(pid)
    return sum(each.memory_info().rss for each in (process, *process.children(recursive=True))) / 1e6


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--beam", type=int, default=1)
    chosen = parser.parse_args()
    model = model_or_exit()
    seen: list[tuple[int, float, float]] = []
    with speech_service() as speech, folder() as here:
        write(here / "long.wav", chosen.minutes)
        speech.load(model).result()

        def hear(found: SegmentsFound) -> None:
            minute = int(found.until / 60)
            if (not seen or minute > seen[-1][0]) and speech.pid is not None:
                own = psutil.Process().memory_info().rss / 1e6
                seen.append((minute, resident(speech.pid), own))
                print(f"minute {minute:3}: worker {seen[-1][1]:6.0f} MB, here {own:6.0f} MB", flush=True)

        began = time.monotonic()
        decoding = Decoding("en", beam=chosen.beam)
        speech.transcribe(here / "long.wav", model, decoding, on_report=hear).result()
        took = time.monotonic() - began
    settled = [memory for minute, memory, _ in seen if minute >= 1]
    growth = max(settled) / settled[0] - 1 if settled else 0.0
    print(f"{chosen.minutes:g} minutes in {took:.0f} s")
    print(f"after the first minute, the worker grew by {100 * growth:.1f} %")
    return growth > 0.1


if __name__ == "__main__":
    sys.exit(main())

"""Dictation in the window, measured: the first word, the longest stall, memory.

    dictating.py [--runs 20] [--seconds 60]

Speaks clips of `../shared/data/speech` into the real program's microphone in real time; Whisper tiny.en
(`make starter`) listens. Each run of the first word begins at the instant of the key press with no model
loaded. Says so and skips where clips or model are absent.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from array import array
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.spoken import clips, model_or_exit, normalised  # noqa: E402
from tests.benchmarks.window import BUDGET, TICK_MS, run, start, verdict  # noqa: E402

LOUD = 1500
"""A sample from which on somebody speaks; what comes before is cut off for the first word."""
MARGIN = 800
"""Samples that are left before it: a soft consonant."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--child", choices=("first", "stall"))
    options = parser.parse_args()
    if options.child:
        start(lambda window: Speaker(window, options))
        return
    model_or_exit()
    print(f"load of the computer before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    arguments = ("--runs", str(options.runs), "--seconds", str(options.seconds))
    for name in ("first", "stall"):
        with tempfile.TemporaryDirectory() as home:
            told = run(home, "--child", name, *arguments, script=Path(__file__))
        if name == "first":
            print(f"sound there from the first sample on: {told['sound']} of {told['runs']}")
            print(f"first word recognised: {told['there']} of {told['runs']}; else: {told['else']}")
        else:
            verdict("longest stall", float(told["stall"]), BUDGET["stall"], "ms")
            print(f"  most work of the window's own thread at a stretch: {told['work']} ms")
            print(f"  memory idle {told['idle']} MB, at most {told['peak']} MB; words: {told['words']}")


def Speaker(window: Any, options: argparse.Namespace) -> Any:
    """Speaks for a while, or the first words of clips again and again."""
    import psutil
    import soundfile
    from PySide6.QtCore import QObject, Qt, QTimer

    from tests.gui.speech_doubles import NotedTarget, ScriptedMicrophone, samples_of, silence
    from ui.dictation.controller import DictationController, DictationState

    english = [clip for clip in clips() if len(clip.words) > 2 and clip.path.suffix in (".flac", ".wav")]

    def samples(path: Path, *, cut: bool = False) -> bytes:
        sound = array("h", soundfile.read(path, dtype="int16")[0].tobytes())
        first = next((i for i, sample in enumerate(sound) if abs(sample) > LOUD), 0)
        return sound[max(0, first - MARGIN) if cut else 0 :].tobytes()

    class _Speaker(QObject):
        def begin(self) -> None:
            services = window.context.services
            services.settings.speech.model = str(model_or_exit())
            self.microphone = ScriptedMicrophone(100)
            self.dictation = window._dictation = DictationController(window.context, window, self.microphone)
            self.dictation.changed.connect(self.changed)
            self.process = psutil.Process()
            self.number, self.there, self.sound, self.missed = 0, 0, 0, []  # type: ignore[var-annotated]
            window.go_to("dictate")
            QTimer.singleShot(8000, self.first if options.child == "first" else self.speak)

        def changed(self) -> None:
            if self.dictation.state is DictationState.IDLE:
                QTimer.singleShot(0, self.ended)

        def ended(self) -> None:
            if options.child == "first":
                services = window.context.services
                clip = english[self.number % len(english)]
                heard = normalised(self.target.text)
                if clip.words[0] in heard[:2]:
                    self.there += 1
                else:
                    self.missed.append((" ".join(clip.words[:3]), " ".join(heard[:3])))
                recording = services.recordings.all()[0].path
                self.sound += samples_of(Path(recording)).startswith(self.said)
                self.number += 1
                services.speech.unload().result()
                if self.number < options.runs:
                    self.first()
                    return
                print(f"sound: {self.sound}\nthere: {self.there}\nruns: {self.number}")
                print(f"else: {self.missed}", flush=True)
            else:
                self.beat.stop()
                print(f"stall: {self.longest:.1f}\nwork: {self.work:.1f}\npeak: {self.peak / 1e6:.0f}")
                print(f"words: {len(self.dictation.text.split())}", flush=True)
            window.close()

        # --- the first word

        def first(self) -> None:
            clip = english[self.number % len(english)]
            self.said = samples(clip.path, cut=True)
            self.microphone.say(self.said)
            self.target = NotedTarget()
            self.dictation.start(self.target)
            self.stop_when_said()

        def stop_when_said(self) -> None:
            if self.microphone.said:
                self.dictation.stop()
            else:
                QTimer.singleShot(100, self.stop_when_said)

        # --- the stall

        def speak(self) -> None:
            print(f"idle: {self.process.memory_info().rss / 1e6:.0f}", flush=True)
            self.longest = self.work = 0.0
            self.peak = 0
            for clip in english[:40]:
                self.microphone.say(samples(clip.path) + silence(1.0))
            window.dictate.toggle()
            self.last = (time.perf_counter(), time.thread_time())
            self.beat = QTimer(self, interval=TICK_MS)
            self.beat.setTimerType(Qt.TimerType.PreciseTimer)
            self.beat.timeout.connect(self.tick)
            self.beat.start()
            QTimer.singleShot(round(options.seconds * 1000), self.dictation.stop)

        def tick(self) -> None:
            now = (time.perf_counter(), time.thread_time())
            self.longest = max(self.longest, (now[0] - self.last[0]) * 1000 - TICK_MS)
            self.work = max(self.work, (now[1] - self.last[1]) * 1000)
            self.peak = max(self.peak, self.process.memory_info().rss)
            self.last = (time.perf_counter(), time.thread_time())

    return _Speaker(window)


if __name__ == "__main__":
    main()

"""What `make starter` brings, used from a fresh data folder: chat, sources, speech written down and dictated.

    python -m tests.benchmarks.starter [--question Q] [--steps chat ask transcribe dictate]

Brings the models if they are not here, adds them to a data folder of its own, and times each first use, with
nothing loaded. espeak-ng speaks the sentence that is transcribed and dictated: without it, that is left out,
and said. It is dictated into the real window, through a sound server of its own whose microphone hears it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.spoken import normalised, wrong_words  # noqa: E402
from tests.benchmarks.window import age, run, start  # noqa: E402
from tests.gui.sound_server import NoSoundServer, sound_server  # noqa: E402

STEPS = ("chat", "ask", "transcribe", "dictate")
HANDBOOK_QUESTION = "What leaves my computer?"
SENTENCE = "Nothing that I say into this microphone leaves my computer, and that is how it should be."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--question", default="How do I undo the last commit in git, but keep my changes?")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        start(lambda window: Speaker(window, options.child))
        return
    print(f"load of the computer before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["OFFLINE_ASSISTANT_HOME"] = f"{name}/home"  # the same that `run` gives the window
        began = time.monotonic()
        subprocess.run([sys.executable, ROOT / "packaging" / "starter.py"], check=True)
        print(f"models there and added: {time.monotonic() - began:.1f} s")
        if "chat" in options.steps:
            answer = asked("chat", options.question)
            print(f"  {answer['tokens']} tokens: {answer['answer']}")
        if "ask" in options.steps:
            answer = asked("ask", HANDBOOK_QUESTION, "--collection", "Handbook")
            cited = ", ".join(Path(each["path"]).stem for each in answer["citations"])
            print(f"  by {answer['mode']}: {answer['answer']}\n  cites {cited}")
        if shutil.which("espeak-ng") is None:
            print("left out: speech, because espeak-ng is not installed")
            return
        clip = folder / "said.wav"
        subprocess.run(["espeak-ng", "-v", "en-us", "-s", "150", "-w", clip, SENTENCE], check=True)
        with wave.open(str(clip)) as file:
            seconds = file.getnframes() / file.getframerate()
        if "transcribe" in options.steps:
            told(asked("transcribe", clip)["text"])
        if "dictate" in options.steps:
            dictate(folder, clip, seconds)


def asked(command: str, *arguments: str | Path) -> dict[str, Any]:
    """What a command answers; the time it took is printed."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "assistant", command, *arguments, "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    print(f"{command}: {time.monotonic() - began:.1f} s, with the program's start and the model's loading")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def told(text: str) -> None:
    said = normalised(SENTENCE)
    print(f"  {wrong_words(said, normalised(text))} of {len(said)} words wrong: {text.strip()}")


def dictate(folder: Path, clip: Path, seconds: float) -> None:
    try:
        with sound_server(folder) as environment:
            os.environ.update(environment)
            heard = run(str(folder), "--child", str(clip), script=Path(__file__))
    except NoSoundServer as error:
        print(f"left out: dictation, because a microphone cannot be made: {error}")
        return
    print(f"window ready to dictate: {heard['ready']} s after its start")
    print(f"dictate: microphone open after {heard['opened']} s; {seconds:.1f} s spoken")
    print(f"  first words {heard['first']} s after the key, all {heard['last']} s after the end")
    told(heard["text"])


def Speaker(window: Any, clip: Path) -> Any:
    """Presses the key, speaks, stops, and reads what the page then shows."""
    from PySide6.QtCore import QObject, QProcess

    from ui.dictation.controller import DictationState

    class _Speaker(QObject):
        def begin(self) -> None:
            window.go_to("dictate")
            self.page = window.dictate
            self.page.dictation.microphone.opened.connect(self.opened)
            self.page.dictation.changed.connect(self.changed)
            self.page.editor.textChanged.connect(self.written)
            self.first = self.stopped = 0.0
            print(f"ready: {age():.1f}")
            self.pressed = time.monotonic()
            self.page.toggle()

        def opened(self) -> None:
            print(f"opened: {time.monotonic() - self.pressed:.2f}")
            self.player = QProcess(self)
            self.player.finished.connect(self.said)
            self.player.start("paplay", [str(clip)])

        def said(self) -> None:
            self.stopped = time.monotonic()
            self.page.dictation.stop()

        def written(self) -> None:
            self.first = self.first or time.monotonic()

        def changed(self) -> None:
            if self.page.dictation.state is DictationState.IDLE and self.stopped:
                print(f"first: {self.first - self.pressed:.1f}")
                print(f"last: {time.monotonic() - self.stopped:.1f}")
                print(f"text: {' '.join(self.page.editor.toPlainText().split())}", flush=True)
                window.close()

    return _Speaker(window)


if __name__ == "__main__":
    main()

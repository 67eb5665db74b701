"""Measures the longest stall of the window while 200 tokens a second stream into a long conversation.

    python tests/benchmarks/transcript.py [--messages 500] [--rate 200] [--seconds 20] [--picture FILE]

The window, the history on the disk, the bridge and the page are the real ones; in place of a model a thread
gives the tokens, in pieces as the engine sends them. On Linux without a display it runs under Xvfb if that
is installed, else on Qt's platform without a screen. A stall is how much later than planned a timer of 2 ms
comes; the processor time of the window's own thread between two ticks tells its own work from that of other
programs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUDGET_MS = 50
TICK_MS = 2
PIECES_EVERY_S = 0.03
"""As assistant.chat.llama.detokenizer sends them."""
ANSWER = """Here is what **stands** in the [documentation](https://example.org), with `code` and $E = mc^2$:

1. First one opens the file, and reads its *head*
2. Then the rest, of which there is a lot more than fits into one line of the window that we look at

```python
def read(path: str) -> list[str]:
    # every line, without its end
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\\n") for line in file]
```

| name | size | kept |
|------|-----:|------|
| a.txt | 1204 | yes |
| b.txt | 33 | no |

> What is quoted stands a little aside.

وهذه فقرة تقرأ من اليمين إلى اليسار، كما يجب أن تكون.

"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--rate", type=int, default=200, help="tokens a second")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=720)
    parser.add_argument("--picture", type=Path, help="where to save how it looked at the end")
    parser.add_argument("--child", action="store_true")
    options = parser.parse_args()
    if options.child:
        child(options)
        return
    print(f"load of the computer before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, str(Path(__file__)), *sys.argv[1:], "--child"]
        environment = {**os.environ, "OFFLINE_ASSISTANT_HOME": f"{home}/home", "XDG_RUNTIME_DIR": home}
        os.chmod(home, 0o700)  # noqa: PTH101
        if sys.platform == "linux" and "DISPLAY" not in os.environ and "WAYLAND_DISPLAY" not in os.environ:
            if shutil.which("xvfb-run"):
                command = ["xvfb-run", "-a", "-s", "-screen 0 1920x1200x24", *command]
            else:
                environment["QT_QPA_PLATFORM"] = "offscreen"
        raise SystemExit(subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode)


def child(options: argparse.Namespace) -> None:
    sys.path.insert(0, str(ROOT))
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from assistant.chat.records import Role, TextDelta
    from tests.gui.chat_doubles import completion
    from tests.gui.doubles import Services
    from ui.common.theme import Theme
    from ui.window import Window

    application = QApplication([])
    Theme(application, "light")
    window = Window()
    window.resize(options.width, options.height)
    window.show()
    services = Services(window.bridge.receive)
    info = services.history.create("A long talk")
    with services.history._writing():
        for number in range(options.messages):
            mine = number % 2 == 0
            text = f"And what about number {number}?" if mine else ANSWER * (1 + number % 5 // 2)
            services.history.add_message(info.id, Role.USER if mine else Role.ASSISTANT, text)
    window.connect_services(services)  # type: ignore[arg-type]
    window.go_to("chat")
    chat = window.chat
    stalls: list[float] = []
    work: list[float] = []
    last = [time.perf_counter(), time.thread_time()]
    beat = QTimer()
    beat.setTimerType(Qt.TimerType.PreciseTimer)
    beat.setInterval(TICK_MS)

    def tick() -> None:
        now = [time.perf_counter(), time.thread_time()]
        stalls.append((now[0] - last[0]) * 1000 - TICK_MS)
        work.append((now[1] - last[1]) * 1000)
        last[:] = now

    beat.timeout.connect(tick)

    def begin(name: str) -> None:
        print(name)
        stalls.clear()
        work.clear()
        last[:] = [time.perf_counter(), time.thread_time()]
        beat.start()

    def report() -> float:
        beat.stop()
        ordered = sorted(stalls)
        over = sum(stall > 25 for stall in stalls)
        passed = sum(stalls) + len(stalls) * TICK_MS
        print(f"  longest stall: {ordered[-1]:.1f} ms (budget {BUDGET_MS} ms); over 25 ms: {over}")
        print(f"  999 of 1000 ticks within {ordered[int(len(ordered) * 0.999)]:.1f} ms")
        print(f"  most work of the window's own thread at a stretch: {max(work):.1f} ms")
        print(f"  its share of a core: {100 * sum(work) / passed:.0f} %")
        return ordered[-1]

    def wait(until: Any, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not until():
            application.processEvents()
            time.sleep(0.0005)
            if time.monotonic() > end:
                raise SystemExit("it did not come to that")

    def rest(seconds: float) -> None:
        loop_end = time.monotonic() + seconds
        wait(lambda: time.monotonic() >= loop_end, seconds + 10)

    chat.models.load(Path("/models/benchmark.gguf"))
    rest(1.0)
    begin(f"opening the conversation of {options.messages} messages")
    chat.conversation.open(info.id)
    wait(lambda: len(chat.conversation.path) == options.messages)
    wait(lambda: not chat.transcript._layout_timer.isActive())
    rest(0.5)
    opening = report()

    chat.composer.field.setPlainText("Tell me everything")
    chat.composer._send()
    wait(lambda: bool(services.chat.requests))
    rest(0.5)
    words = (ANSWER * 60).replace(" ", " \0").split("\0")  # a word is about a token
    ended = threading.Event()

    def model() -> None:
        given, began = 0, time.perf_counter()
        while (passed := time.perf_counter() - began) < options.seconds and given < len(words):
            due = min(len(words), int(passed * options.rate))
            if due > given:
                services.chat.report(TextDelta("".join(words[given:due])))
                given = due
            time.sleep(PIECES_EVERY_S)
        ended.set()

    begin(f"{options.rate} tokens a second for {options.seconds:.0f} s")
    threading.Thread(target=model, daemon=True).start()
    wait(ended.is_set, options.seconds + 60)
    streaming = report()
    answer = chat.controller._answer
    assert answer is not None
    late = len(answer.text)
    begin("scrolling through all of it while the answer goes on")
    bar = chat.transcript.verticalScrollBar()
    steps = []
    for step in range(120):
        bar.setValue(bar.maximum() * (120 - step) // 120)
        started = time.perf_counter()
        wait(lambda: not chat.transcript._layout_timer.isActive())
        steps.append((time.perf_counter() - started) * 1000)
    scrolling = report()
    print(f"  a page is there after {statistics.median(steps):.0f} ms (median), {max(steps):.0f} ms at most")
    services.chat.runs[-1].finish(completion(answer.text))
    wait(lambda: not chat.controller.running)
    print(f"{late:,} characters of the answer were shown")
    if options.picture:
        chat.transcript.go_to_end()
        rest(0.3)
        window.grab().save(str(options.picture))
    window.leave()
    services.close()
    worst = max(streaming, opening, scrolling)
    print("ok" if streaming <= BUDGET_MS else "OVER", f"(worst of all three: {worst:.0f} ms)")


if __name__ == "__main__":
    main()

"""Measures the window: first paint, memory when idle, and the longest stall while reports are indexed.

    python tests/benchmarks/window.py [--starts 5] [--seconds 300] [--pdfs FOLDER]

Starts the real program with a data folder of its own. On Linux without a display it runs itself under
Xvfb if that is installed, else on Qt's platform without a screen. The reports are those of
`../shared/data/retrieval/financebench/pdfs`; without them that part is left out and says so.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PDFS = ROOT.parent / "shared" / "data" / "retrieval" / "financebench" / "pdfs"
BUDGET = {"first paint": 1.0, "idle": 150, "stall": 50}
IDLE_AFTER_S = 10
TICK_MS = 2
QUESTIONS = (
    "What was total revenue in the last fiscal year?",
    "How much long-term debt is outstanding?",
    "Which risks does the company name first?",
    "What did the company pay in dividends?",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--pdfs", type=Path, default=PDFS)
    parser.add_argument("--child", choices=("paint", "stall"))
    options = parser.parse_args()
    if options.child:
        child(options)
        return
    print(f"load of the computer before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    paints = []
    for number in range(options.starts + 1):
        with tempfile.TemporaryDirectory() as home:
            paint, cpu = run(home, "--child", "paint")["paint"].split()
        if number:  # the first warms the disk's cache
            paints.append(float(paint))
            print(f"  start {number}: painted after {float(paint):.2f} s ({float(cpu):.2f} s of processor)")
    verdict("first paint (median)", statistics.median(paints), BUDGET["first paint"], "s")
    if not options.pdfs.is_dir():
        print(f"left out: the stall while indexing, because {options.pdfs} is not there")
        return
    with tempfile.TemporaryDirectory() as home:
        told = run(
            home, "--child", "stall", "--seconds", str(options.seconds), "--pdfs", str(options.pdfs.resolve())
        )
    verdict("memory idle", float(told["idle"]), BUDGET["idle"], "MB")
    verdict("longest stall", float(told["stall"]), BUDGET["stall"], "ms")
    print(f"  most work of the window's own thread at a stretch: {told['work']} ms")
    print(f"  stalls over 25 ms: {told['over']} in {told['seconds']} s")
    print(f"  answers seen meanwhile: {told['answers']}; documents ready: {told['ready']} of {told['all']}")
    print(f"  memory while indexing, at most: {told['peak']} MB")


def verdict(name: str, value: float, budget: float, unit: str) -> None:
    print(f"{name}: {value:.2f} {unit} (budget {budget} {unit}) {'ok' if value <= budget else 'OVER'}")


def run(home: str, *arguments: str, script: Path = Path(__file__)) -> dict[str, str]:
    """The program in a process of its own; what it tells as `key: value` lines."""
    command = [sys.executable, str(script), *arguments]
    environment = {**os.environ, "OFFLINE_ASSISTANT_HOME": f"{home}/home", "XDG_RUNTIME_DIR": home}
    os.chmod(home, 0o700)  # noqa: PTH101
    if sys.platform == "linux" and "DISPLAY" not in os.environ and "WAYLAND_DISPLAY" not in os.environ:
        if shutil.which("xvfb-run"):
            command = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24", *command]
        else:
            environment["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, check=True)
    return dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)


# --- in the program ---------------------------------------------------------------------------------


def age() -> float:
    """Seconds since this process was started."""
    stat = Path("/proc/self/stat")
    if stat.exists():  # psutil counts from a start of the computer that is told in whole seconds
        started = int(stat.read_text().rpartition(")")[2].split()[19])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - started / os.sysconf("SC_CLK_TCK")
    import psutil

    return time.time() - float(psutil.Process().create_time())


def start(person: Callable[[Any], Any]) -> None:
    """The program, with somebody at its window who begins as soon as all services are there."""
    sys.argv = ["offline-assistant"]
    from ui import window as frame

    shown = frame.Window.showEvent

    def begin(self: Any, event: Any) -> None:
        shown(self, event)
        self.go_to("documents")  # where a new data folder begins with the first steps
        self.context.services_ready.connect(person(self).begin)

    frame.Window.showEvent = begin  # type: ignore[method-assign]
    from assistant.__main__ import main as program

    program()


def child(options: argparse.Namespace) -> None:
    sys.path.insert(0, str(ROOT))
    sys.argv = ["offline-assistant"]
    from ui import window as frame

    born = time.time() - age()
    first: list[float] = []
    paint = frame.Window.paintEvent

    def painted(self: Any, event: Any) -> None:
        paint(self, event)
        if not first:
            first.append(time.time() - born)
            print(f"paint: {first[0]:.3f} {time.process_time():.3f}", flush=True)
            if options.child == "paint":
                self.close()
            else:
                Person(self, options).begin()

    frame.Window.paintEvent = painted  # type: ignore[method-assign]
    from assistant.__main__ import main as program

    program()


def Person(window: Any, options: argparse.Namespace) -> Any:
    """Looks, adds the reports, and asks while they are read."""
    import psutil
    from PySide6.QtCore import QObject, Qt, QTimer

    from assistant.documents.records import DocumentState

    class _Person(QObject):
        def begin(self) -> None:
            self.process = psutil.Process()
            self.window = window
            self.longest = 0.0
            self.work = 0.0
            self.over = 0
            self.peak = 0
            self.answers = 0
            self.asked = 0
            self.beat = QTimer(self)
            self.beat.setTimerType(Qt.TimerType.PreciseTimer)
            self.beat.setInterval(TICK_MS)
            self.beat.timeout.connect(self.tick)
            window.context.services_ready.connect(lambda: QTimer.singleShot(IDLE_AFTER_S * 1000, self.add))

        def add(self) -> None:
            print(f"idle: {self.process.memory_info().rss / 1e6:.0f}", flush=True)
            window.go_to("documents")  # until here the first steps were shown
            self.started = time.perf_counter()
            self.last = (time.perf_counter(), time.thread_time())
            self.beat.start()
            window.documents.questions.answered.connect(self.answered)
            window.document_actions.add([str(path) for path in sorted(options.pdfs.glob("*.pdf"))], None)
            self.acting = QTimer(self)
            self.acting.timeout.connect(self.act)
            self.acting.start(4000)

        def tick(self) -> None:
            now = (time.perf_counter(), time.thread_time())
            stall = (now[0] - self.last[0]) * 1000 - TICK_MS
            if stall > 25:
                self.over += 1
            self.longest = max(self.longest, stall)
            self.work = max(self.work, (now[1] - self.last[1]) * 1000)
            self.last = now

        def answered(self) -> None:
            self.answers += 1
            cards = window.documents.questions.quotes_view.cards()
            if cards:  # nobody chooses one in the moment in which they come
                quote = cards[0].quote
                QTimer.singleShot(500, lambda: window.documents.side_panel.show_quote(quote))

        def act(self) -> None:
            self.peak = max(self.peak, self.process.memory_info().rss)
            panel = window.documents.document_panel
            self.asked += 1
            if self.asked % 3 == 0:
                window.documents.questions.field.ask(QUESTIONS[self.asked % len(QUESTIONS)])
            elif self.asked % 3 == 1:
                window.documents.questions.close()
            else:
                rows = list(panel.model.all())
                window.documents.side_panel.show_report(rows[self.asked % len(rows)])
            rows = list(panel.model.all())
            finished = (DocumentState.READY, DocumentState.PARTIAL, DocumentState.FAILED)
            seconds = time.perf_counter() - self.started
            if seconds > options.seconds or (seconds > 30 and all(row.state in finished for row in rows)):
                self.end(seconds, sum(row.state in finished[:2] for row in rows))

        def end(self, seconds: float, ready: int) -> None:
            self.beat.stop()
            self.acting.stop()
            print(f"stall: {self.longest:.1f}")
            print(f"work: {self.work:.1f}")
            print(f"over: {self.over}")
            print(f"seconds: {seconds:.0f}")
            print(f"answers: {self.answers}")
            print(f"ready: {ready}")
            print(f"all: {len(list(window.documents.document_panel.model.all()))}")
            print(f"peak: {self.peak / 1e6:.0f}", flush=True)
            window.close()

    return _Person(window)


if __name__ == "__main__":
    main()

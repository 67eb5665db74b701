"""How long a question takes on the command line from a cold start to the first quote printed.

Asks `python -m assistant ask` ten times, in a home with 20 annual reports from ../shared/data beside the
checkout, or with the handbook alone where they are absent. On a computer that is busy with other things, the
processor's time tells more than the clock. Python's compiled files are kept, as an installation keeps them.

    python -m tests.benchmarks.ask_cold [--home FOLDER] [--question TEXT] [--runs 10] [--reports 20]

`--home` is a data folder that is there already, such as `documents_memory --home` leaves.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from assistant import paths
from tests.benchmarks.corpora import DATA, reports

TARGET_S = 2.0
REPORT_QUESTION = "What was the net revenue of Best Buy in fiscal 2019?"
HANDBOOK_QUESTION = "How do I add a folder?"
SIDES = {"program": "assistant.cli.main", "worker": "assistant.documents.engine"}
_IMPORT = re.compile(r"import time:\s*(\d+) \|\s*\d+ \|\s*([\w.]+)")


def assistant(environment: Mapping[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "assistant", *arguments]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def ask(environment: Mapping[str, str], question: str) -> tuple[float, float, float]:
    """Seconds to the first quote and to the end, and of the processor's time, the worker's included."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "assistant", "ask", question]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        line = program.stdout.readline()
        first = time.perf_counter() - began
        program.stdout.read()
        _, status, used = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
    assert line.startswith("“"), line
    assert program.returncode == 0
    return first, time.perf_counter() - began, used.ru_utime + used.ru_stime


def imports(environment: Mapping[str, str], module: str) -> Counter[str]:
    """Milliseconds that importing a module spends in each package; Python's own are one of them."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"import {module}"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    spent: Counter[str] = Counter()
    for microseconds, name in _IMPORT.findall(done.stderr):
        package = name.partition(".")[0]
        spent["Python" if package.strip("_") in sys.stdlib_module_names else package] += int(microseconds)
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--home", type=Path, help="data folder to ask in")
    parser.add_argument("--question")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--reports", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="offline-assistant-bench-") as scratch:
        home = given.home or Path(scratch) / "home"
        environment = {
            **os.environ,
            paths.HOME_VARIABLE: str(home),
            "PYTHONPYCACHEPREFIX": f"{scratch}/compiled",
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        question = given.question or REPORT_QUESTION
        if given.home is None and (DATA / "financebench").is_dir():
            assistant(environment, "add", *map(str, reports(given.reports, Path(scratch))))
        elif given.home is None:
            print("there are no reports: the handbook is asked")
            question = given.question or HANDBOOK_QUESTION
        ask(environment, question)  # compiles what is imported, and reads the handbook
        taken = [ask(environment, question) for _ in range(given.runs)]
        firsts, ends, used = (sorted(values) for values in zip(*taken, strict=True))
        load = os.getloadavg()[0]
        print(
            f"{given.runs} cold questions: first quote after {statistics.median(firsts):.2f} s (median),"
            f" {firsts[int(0.9 * (len(firsts) - 1))]:.2f} s (90 %), {firsts[-1]:.2f} s (longest);"
            f" to reach: {TARGET_S:.1f}"
        )
        print(
            f"ended after {statistics.median(ends):.2f} s;"
            f" processor {statistics.median(used):.2f} s, of all processes; load {load:.1f}"
        )
        for side, module in SIDES.items():
            spent = imports(environment, module)
            largest = ", ".join(f"{name} {value / 1000:.0f}" for name, value in spent.most_common(8))
            print(f"{side} imports for {spent.total() / 1000:.0f} ms: {largest}")


if __name__ == "__main__":
    main()

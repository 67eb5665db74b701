"""Kills the program while it translates a document, again and again; the result must be as without a kill.

With the trained model of the tests. After each kill the same command is given again: nothing that was
translated may be lost, and nothing may lie in the document's folder that is not whole. At the end the file is
compared with that of another home, where nothing was killed.

    python -m tests.benchmarks.translation_kills [kills] [sentences]
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assistant import paths
from tests.made_models.translation.library import MODELS
from tests.made_models.translation.sentences import sample
from tests.process.translation_setup import paragraphs

_LONGEST_LIFE_S = 2.5
"""After its first paragraph."""


def command(home: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "assistant", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, paths.HOME_VARIABLE: str(home)},
    )


def to_the_end(home: Path, *arguments: str) -> str:
    program = command(home, *arguments)
    _, told = program.communicate()
    if program.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed: {told}")
    return told


def different(one: Path, other: Path) -> list[str]:
    lines = zip(one.read_text().splitlines(), other.read_text().splitlines(), strict=True)
    return [f"“{a}”, and “{b}” without a kill" for a, b in lines if a != b]


def main() -> int:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    chance = random.Random(14)
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        home, other, document = root / "home", root / "other", root / "a.txt"
        document.write_text("\n".join(example.source for example in sample(("en", "de"), 14, count)))
        for each in (home, other):
            to_the_end(each, "models", "add", str(MODELS["en-de"].folder))
        translate = ("translate", "--file", str(document), "--to", "de")
        killed = 0
        for number in range(1, kills + 1):
            before = paragraphs(home)
            program = command(home, *translate)
            while program.poll() is None and paragraphs(home) == before:
                time.sleep(0.02)
            time.sleep(chance.uniform(0, _LONGEST_LIFE_S))
            program.kill()
            program.communicate()
            killed += program.returncode == -signal.SIGKILL
            after = paragraphs(home)
            print(f"kill {number}: {before} paragraphs kept before, {after} after")
            if after < before:
                wrong.append(f"kill {number} lost {before - after} paragraphs")
            wrong += [f"{path.name} is there" for path in root.glob("*German*")]
        if killed < kills:
            wrong.append(
                f"only {killed} of {kills} kills met a program that was at work: give more sentences"
            )
        to_the_end(home, *translate)
        to_the_end(other, *translate, "--output", str(root / "whole.txt"))
        wrong += different(root / "a (German).txt", root / "whole.txt")
        wrong += [f"{path.name} was left" for path in root.glob(".*")]
    print(
        "\n".join(wrong) if wrong else f"{killed} kills: the same {count} sentences as without, nothing left"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""Speech without PyAV, whose encoders may not travel in an installed program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import importlib.util, sys
find = importlib.util.find_spec
def find_others(name, *rest):
    return None if name == "av" and name not in sys.modules else find(name, *rest)
importlib.util.find_spec = find_others
import assistant.speech.engine
from assistant.speech.audio import av_reader
print(av_reader.available())
"""


def test_a_reader_that_is_not_there_is_known_to_be_missing() -> None:
    root = Path(__file__).parents[3]
    told = subprocess.run([sys.executable, "-c", PROGRAM], cwd=root, capture_output=True, text=True)
    assert (told.stdout, told.stderr) == ("False\n", "")

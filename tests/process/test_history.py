"""A process that is killed while it writes an answer: what it had said a second before is there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.chat.history.history import History
from assistant.chat.history.records import MessageState

PROGRAM = """
import sys, time
from pathlib import Path
from assistant.chat.history.history import History
from assistant.chat.records import Role

history = History(Path(sys.argv[1]))
conversation = history.create()
history.add_message(conversation.id, Role.USER, "Tell me a story")
writer = history.writer(conversation.id, model="Tiny")
writer.append("Let me think.", thinking=True)
for number in range(1_000_000):
    writer.append(f"word{number} ")
    print(number, flush=True)
    time.sleep(0.01)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_killed_process_leaves_its_partial_answer(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path)], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as process:
        assert process.stdout is not None
        said: list[tuple[float, int]] = []
        for line in process.stdout:
            said.append((time.monotonic(), int(line)))
            if said[-1][0] - said[0][0] > 2.5:
                break
        killed = time.monotonic()
        process.send_signal(signal.SIGKILL)
        process.wait()
    second_before = max(number for when, number in said if when < killed - 1.0)
    history = History(path)
    (info,) = history.conversations()
    answer = history.open(info.id).messages[1]
    assert history.notices == []
    assert answer.state is MessageState.INTERRUPTED
    assert (answer.thinking, answer.model) == ("Let me think.", "Tiny")
    assert answer.content.startswith("word0 word1 ")
    assert f"word{second_before} " in answer.content
    assert history.search(f"word{second_before}")[0].message == answer.id
    writer = history.resume(answer.id)
    writer.append("and so on.")
    assert writer.finish().content == answer.content + "and so on."
    history.close()

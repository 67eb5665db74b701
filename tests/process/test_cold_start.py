"""What a question on the command line waits for: none of the large libraries that it does not need.

`make bench ARGS="ask_cold"` measures the time; this holds what the time was lost to.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LARGE = {
    "chromadb",
    "onnxruntime",
    "scipy",
    "sentence_transformers",
    "sklearn",
    "snowballstemmer",
    "torch",
    "transformers",
}
USED_LATER = {
    "assistant.documents.answering.generative",
    "assistant.speech.dictation.recordings",
    "assistant.speech.dictation.text",
    "assistant.speech.transcripts.transcripts",
}
"""What a window that is opened, and most commands, do without."""
SERVICES = "import json, sys, assistant.services; print(json.dumps(sorted(sys.modules)))"
ASK = """
import json, sys
from pathlib import Path
from assistant.documents.engine import DocumentsEngine
from assistant.documents.search import loader
from assistant.workers.child import CallContext
loader._QUIET_SECONDS = 60.0  # later, when nobody waits, it may import what it likes
engine = DocumentsEngine(Path(sys.argv[1]))
engine.ask(CallContext(), "How deep is the well?")
print(json.dumps(sorted(sys.modules)))
engine.close()
"""


def modules(*command: str) -> set[str]:
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True, timeout=120)
    return set(json.loads(done.stdout))


def imported(*command: str) -> set[str]:
    return {name.partition(".")[0] for name in modules(*command)}


def test_the_worker_answers_without_large_libraries(tmp_path: Path) -> None:
    held = imported("-c", ASK, str(tmp_path / "documents"))
    assert "ctranslate2" in held  # it did load the embedder
    assert not held & (LARGE | {"PySide6", "pydantic", "rich", "typer"})


def test_the_command_line_imports_no_engine() -> None:
    held = imported("-c", "import json, sys, assistant.cli.main; print(json.dumps(sorted(sys.modules)))")
    assert not held & (LARGE | {"PySide6", "Stemmer", "ctranslate2", "llama_cpp", "numpy", "py3langid"})


def test_the_services_load_what_is_used_later_when_it_is_used() -> None:
    assert not modules("-c", SERVICES) & USED_LATER

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.errors import NoModel
from assistant.jobs import CancelToken
from assistant.vision import language_files
from assistant.vision.engine import VisionEngine
from assistant.vision.records import Picture, RecognitionOptions


def test_without_language_files_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a system where the set-up could not bring them. It must not look as if nothing were written."""
    (tmp_path / "osd.traineddata").write_bytes(b"")
    monkeypatch.setattr(language_files, "builtin_folder", lambda: tmp_path)
    engine = VisionEngine(lambda _: None)
    context: Any = SimpleNamespace(token=CancelToken())
    with pytest.raises(NoModel) as missing:
        engine.recognise(context, Picture(8, 8, 1, bytes(64)), RecognitionOptions())
    assert missing.value.problem.reason == "no-language-files"
    engine.close()

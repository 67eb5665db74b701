from __future__ import annotations

import faulthandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.errors import NoModel
from assistant.jobs import CancelToken
from assistant.vision import language_files
from assistant.vision.engine import VisionEngine, _TimeLimit
from assistant.vision.records import Picture, RecognitionOptions


def test_only_work_that_goes_on_can_end_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture may be stopped in the moment in which it is done: the next would have no time then."""
    limits: list[float | None] = []
    monkeypatch.setattr(faulthandler, "dump_traceback_later", lambda seconds, exit: limits.append(seconds))
    monkeypatch.setattr(faulthandler, "cancel_dump_traceback_later", lambda: limits.append(None))
    limit = _TimeLimit()

    def work() -> None:
        limit.shorten(20, work)
        limit.shorten(20, lambda: None)

    limit.within(900, work)
    limit.shorten(20, work)
    assert limits == [900, 20, None]


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

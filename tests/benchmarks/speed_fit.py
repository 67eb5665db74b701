"""Speed of models predicted and measured: tokens a second, reading and writing, beside this computer's pace.

The same models as in memory_fit. Other programs take their share of a processor as they please: the pace is
measured before and after each round of a model, and of paces and rounds the fastest count.

    python -m tests.benchmarks.speed_fit [PART OF A NAME]
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.chat.records import LoadOptions, Message, Request, Role, Sampling
from assistant.chat.service import ChatService
from assistant.models import gguf, shapes, speed
from assistant.models.records import Pace, Setting, Speed
from tests.benchmarks.random_models import MODELS

LIMIT = 0.20
_READ, _WRITTEN = 512, 32
_ROUNDS = 3
_CONTEXT = 2048


def main() -> int:
    part = sys.argv[1] if len(sys.argv) > 1 else ""
    os.environ.setdefault("OFFLINE_ASSISTANT_HOME", tempfile.mkdtemp())
    bad = 0
    print(
        f"{'model':16} {'reading':>8} {'measured':>9} {'off':>7}  {'writing':>8} {'measured':>9} {'off':>7}"
    )
    with tempfile.TemporaryDirectory() as name:
        for model in MODELS:
            if part not in model.name:
                continue
            with model.made(Path(name)) as path:
                predicted, measured = _compare(path, Path(name))
            line = f"{model.name:16}"
            for told, found in (
                (predicted.reading, measured.reading),
                (predicted.writing, measured.writing),
            ):
                off = told / found - 1
                bad += abs(off) > LIMIT
                line += f" {told:8.1f} {found:9.1f} {off:+7.0%}{'!' if abs(off) > LIMIT else ' '}"
            print(line, flush=True)
    print(f"limit: {LIMIT:.0%}; {bad} beyond it")
    return 1 if bad else 0


def _compare(path: Path, folder: Path) -> tuple[Speed, Speed]:
    service = ChatService(folder / "chat")
    try:
        paces = [service.probe().result(60).pace]
        info = service.load(path, LoadOptions(context=_CONTEXT)).result(600)
        rounds = []
        for number in range(_ROUNDS):
            rounds.append(_round(service, number))
            paces.append(service.probe().result(60).pace)
        setting = info.setting
        assert setting is not None
        measured = Speed(
            max(each.reading for each in rounds),
            max(each.writing for each in rounds),
        )
        return _predicted(path, setting, paces), measured
    finally:
        service.close()


def _round(service: ChatService, number: int) -> Speed:
    sampling = Sampling(temperature=1.0, seed=1, max_tokens=_WRITTEN)
    message = Message(Role.USER, f"{number}" + "a0" * (_READ // 2))
    answer = service.complete(
        Request("", (message,), sampling=sampling, first_word_seconds=None, room=_WRITTEN)
    ).result(600)
    read = answer.prompt_tokens - answer.reused_tokens
    return Speed(read / answer.reading_seconds, answer.tokens / answer.writing_seconds)


def _predicted(path: Path, setting: Setting, paces: Sequence[Pace]) -> Speed:
    shape = shapes.shape(gguf.read(path))
    return speed.expected(shape, setting, _best(paces))


def _best(paces: Sequence[Pace]) -> Pace:
    return replace(
        paces[0],
        bytes_read=_fastest([each.bytes_read for each in paces]),
        operations=_fastest([each.operations for each in paces]),
        step_seconds=min(each.step_seconds for each in paces),
    )


def _fastest(measured: Sequence[tuple[tuple[str, float], ...]]) -> tuple[tuple[str, float], ...]:
    by_type = [dict(each) for each in measured]
    return tuple((kind, max(each[kind] for each in by_type)) for kind in by_type[0])


if __name__ == "__main__":
    sys.exit(main())

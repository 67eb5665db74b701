"""Speed of models predicted and measured: tokens a second, reading and writing, beside this computer's pace.

The same models as in memory_fit. A processor that others share is now fast, now slow: each round of a model
is compared with the pace just before and just after it, and of the rounds the middle one counts.

    python -m tests.benchmarks.speed_fit [PART OF A NAME]
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from assistant.chat.records import LoadOptions, Message, Request, Role, Sampling
from assistant.chat.service import ChatService
from assistant.jobs import CancelToken
from assistant.models.files import gguf, model_shape
from assistant.models.fit import speed_estimate
from assistant.models.fit.records import Speed
from tests.benchmarks.random_models import MODELS

LIMIT = 0.20
_READ, _WRITTEN = 488, 32
"""Tokens; with the marks of a conversation, what is read fills the largest batch."""
_ROUNDS = 5
_CONTEXT = 2048


@dataclass(frozen=True)
class _Fit:
    """Of one model: tokens a second as predicted and as measured, by round."""

    predicted: tuple[float, ...]
    measured: tuple[float, ...]

    def __str__(self) -> str:
        mark = "!" if abs(self.off) > LIMIT else " "
        return f"{median(self.predicted):8.1f} {median(self.measured):9.1f} {self.off:+7.0%}{mark}"

    @property
    def off(self) -> float:
        return median(told / found for told, found in zip(self.predicted, self.measured, strict=True)) - 1


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
                reading, writing = _fits(path, Path(name))
            bad += sum(abs(fit.off) > LIMIT for fit in (reading, writing))
            print(f"{model.name:16} {reading} {writing}", flush=True)
    print(f"limit: {LIMIT:.0%}; {bad} beyond it")
    return 1 if bad else 0


def _fits(path: Path, folder: Path) -> tuple[_Fit, _Fit]:
    """Reading and writing."""
    shape = model_shape.shape(gguf.read(path))
    service = ChatService(folder / "chat")
    try:
        paces = [service.probe(CancelToken()).pace]
        info = service.load(path, LoadOptions(context=_CONTEXT)).result(600)
        rounds = []
        for number in range(_ROUNDS):
            rounds.append(_round(service, number))
            paces.append(service.probe(CancelToken()).pace)
    finally:
        service.close()
    assert info.setting is not None
    told = [speed_estimate.expected(shape, info.setting, pace) for pace in paces]
    return (
        _Fit(_between([each.reading for each in told]), tuple(each.reading for each in rounds)),
        _Fit(_between([each.writing for each in told]), tuple(each.writing for each in rounds)),
    )


def _between(values: Sequence[float]) -> tuple[float, ...]:
    """The means of neighbours."""
    return tuple((one + other) / 2 for one, other in pairwise(values))


def _round(service: ChatService, number: int) -> Speed:
    # A model with random weights holds everything for likely: among all of it, drawing would take longest.
    sampling = Sampling(temperature=1.0, top_k=40, repeat_penalty=1.0, seed=1, max_tokens=_WRITTEN)
    message = Message(Role.USER, f"{number}" + "a0" * (_READ // 2))
    answer = service.complete(
        Request("", (message,), sampling=sampling, first_token_seconds=None, answer_tokens=_WRITTEN)
    ).result(600)
    read = answer.prompt_tokens - answer.reused_tokens
    return Speed(read / answer.reading_seconds, answer.tokens / answer.writing_seconds)


if __name__ == "__main__":
    sys.exit(main())

"""Memory of models predicted and measured: the worker's peak after a context that is really full.

Models with random weights in the shapes of real ones are written to a temporary folder, one after the other
(up to 2 GB). "under" is what the prediction was short of.

    python -m tests.benchmarks.memory_fit [PART OF A NAME]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from assistant.chat.records import LoadOptions, Message, Request, Role, Sampling
from assistant.chat.service import ChatService
from tests.benchmarks.random_models import MODELS, Random

LIMIT, UNDER = 0.05, 0.02
_LEFT = 96
"""Tokens of the context that stay for the chat's marks and the answer."""


def main() -> int:
    part = sys.argv[1] if len(sys.argv) > 1 else ""
    os.environ.setdefault("OFFLINE_ASSISTANT_HOME", tempfile.mkdtemp())
    bad = 0
    print(f"{'model':16} {'file MB':>8} {'context':>8} {'KV':>5} {'predicted':>10} {'measured':>9}     off")
    with tempfile.TemporaryDirectory() as name:
        for model in MODELS:
            if part in model.name:
                with model.made(Path(name)) as path:
                    bad += _compare(model, path, Path(name))
    print(f"limit: {LIMIT:.0%}, never under by more than {UNDER:.0%}; {bad} beyond it")
    return 1 if bad else 0


def _compare(model: Random, path: Path, folder: Path) -> int:
    bad = 0
    settings = [(context, "f16") for context in model.contexts]
    if len(settings) > 1:  # with fewer bits a long context takes a processor too long
        settings.append((model.contexts[0], "q8_0"))
    for context, kv_type in settings:
        predicted, measured = _load(path, folder, context, kv_type)
        off = predicted / measured - 1
        wrong = off > LIMIT or off < -UNDER
        bad += wrong
        print(
            f"{model.name:16} {path.stat().st_size / 1e6:8.0f} {context:8} {kv_type:>5} "
            f"{predicted / 1e6:10.1f} {measured / 1e6:9.1f} {off:+7.1%}{'  !' if wrong else ''}",
            flush=True,
        )
    return bad


def _load(path: Path, folder: Path, context: int, kv_type: str) -> tuple[int, int]:
    """Bytes predicted and measured, in a worker of its own."""
    service = ChatService(folder / "chat")
    try:
        service.load(path, LoadOptions(context=context, kv_type=kv_type)).result(600)
        text = "a0" * ((context - _LEFT) // 2)  # every character is a token
        sampling = Sampling(temperature=1.0, seed=1, max_tokens=16)
        message = Message(Role.USER, text)
        request = Request("", (message,), sampling=sampling, first_token_seconds=None, answer_tokens=16)
        answer = service.complete(request).result(3600)
        assert answer.prompt_tokens > context - 2 * _LEFT, (answer.prompt_tokens, context)
        info = service.loaded
        assert info is not None
        return info.memory_predicted, info.memory_measured
    finally:
        service.close()


if __name__ == "__main__":
    began = time.monotonic()
    code = main()
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(code)

"""Chat through the product against the bare engine: the same model, the same steps, in one run.

The model has the shape of one of 0.5 billion parameters with half its layers and random weights, and is
written to a temporary folder (about 280 MB, in 8 bits). What it writes means nothing.

    python -m tests.benchmarks.chat_speed [rounds]
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as lib

from assistant.chat.llama.ggml import load_backends
from assistant.chat.records import Completion, Message, PromptProgress, Request, Role, Sampling, TextDelta
from assistant.chat.service import ChatService
from assistant.errors import Cancelled
from assistant.hardware import usable_cores
from tests.made_models import families

CONTEXT = 4096
WRITTEN = 64
READ_WORDS = 190
_SENTENCE = "The well in the north field reached water at 43 metres. "


class Bare:
    """What one does with the engine's own functions and nothing else."""

    def __init__(self, path: Path) -> None:
        load_backends(lib)
        self._quiet = lib.llama_log_callback(lambda *_: None)
        lib.llama_log_set(self._quiet, ctypes.c_void_p(0))
        params = lib.llama_model_default_params()
        params.n_gpu_layers = 0
        self._model = lib.llama_model_load_from_file(str(path).encode(), params)
        context = lib.llama_context_default_params()
        context.n_ctx = CONTEXT
        context.n_batch = context.n_ubatch = 512
        context.n_threads = context.n_threads_batch = usable_cores()
        self._context = lib.llama_init_from_model(self._model, context)
        self._vocabulary = lib.llama_model_get_vocab(self._model)

    def tokens(self, text: str) -> list[int]:
        data = text.encode()
        buffer = (ctypes.c_int32 * (len(data) + 8))()
        count = lib.llama_tokenize(self._vocabulary, data, len(data), buffer, len(buffer), True, True)
        return list(buffer[:count])

    def run(self, tokens: list[int], written: int) -> tuple[float, float]:
        """Seconds of reading, and of a written token."""
        lib.llama_memory_clear(lib.llama_get_memory(self._context), False)
        chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
        for step in (
            lib.llama_sampler_init_top_k(40),
            lib.llama_sampler_init_top_p(0.95, 1),
            lib.llama_sampler_init_min_p(0.05, 1),
            lib.llama_sampler_init_temp(0.7),
            lib.llama_sampler_init_dist(1),
        ):
            lib.llama_sampler_chain_add(chain, step)
        began = time.perf_counter()
        for index in range(0, len(tokens), 512):
            self._decode(tokens[index : index + 512])
        token = lib.llama_sampler_sample(chain, self._context, -1)
        read = time.perf_counter()
        for _ in range(written - 1):
            self._decode([token])
            token = lib.llama_sampler_sample(chain, self._context, -1)
        ended = time.perf_counter()
        lib.llama_sampler_free(chain)
        return read - began, (ended - read) / (written - 1)

    def read_behind(self, tokens: list[int], known: int) -> float:
        """Seconds for the tokens behind those that are known."""
        lib.llama_memory_clear(lib.llama_get_memory(self._context), False)
        for index in range(0, known, 512):
            self._decode(tokens[index : min(known, index + 512)])
        began = time.perf_counter()
        for index in range(known, len(tokens), 512):
            self._decode(tokens[index : index + 512])
        return time.perf_counter() - began

    def _decode(self, tokens: list[int]) -> None:
        array = (ctypes.c_int32 * len(tokens))(*tokens)
        code = lib.llama_decode(self._context, lib.llama_batch_get_one(array, len(tokens)))
        assert code == 0, code


def answered(service: ChatService, request: Request) -> tuple[float, float, Completion]:
    """Seconds until the prompt was read, and from then on until the answer was there."""
    read_at = 0.0

    def on_report(report: Any) -> None:
        nonlocal read_at
        if isinstance(report, PromptProgress) and report.done == report.total:
            read_at = time.perf_counter()

    began = time.perf_counter()
    done = service.complete(request, on_report=on_report).result(600)
    return read_at - began, time.perf_counter() - read_at, done


class Product:
    """The same through the worker, timed from outside."""

    def __init__(self, folder: Path, path: Path) -> None:
        self.service = ChatService(folder)
        self.service.load(path).result(300)

    def run(self, request: Request) -> tuple[float, float, int]:
        """Seconds until the prompt was read, seconds of a written token, tokens of the prompt."""
        read, written, done = answered(self.service, request)
        return read, written / max(1, done.tokens), done.prompt_tokens

    def stop(self, request: Request, kind: type) -> float:
        """Seconds from Stop until another request is begun, while it reads or writes."""
        began = [0.0]

        def on_report(report: Any) -> None:
            if isinstance(report, kind) and not began[0]:
                began[0] = time.perf_counter()

        run = self.service.complete(request, on_report=on_report)
        while not began[0]:
            time.sleep(0.01)
        time.sleep(0.3)
        stopped = time.perf_counter()
        run.cancel()
        with contextlib.suppress(Cancelled):
            run.result(10)
        next_began = [0.0]

        def on_next(report: Any) -> None:
            next_began[0] = next_began[0] or time.perf_counter()

        self.service.complete(_request("Next."), on_report=on_next).result(60)
        return next_began[0] - stopped


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    os.environ.setdefault("OFFLINE_ASSISTANT_HOME", tempfile.mkdtemp())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = _model(folder)
        print(f"model: {path.stat().st_size / 1e6:.0f} MB; {usable_cores()} threads")
        bare = Bare(path)
        product = Product(folder / "chat", path)
        try:
            _compare(bare, product, rounds)
            _conversations(bare, product)
        finally:
            product.service.close()


def _model(folder: Path) -> Path:
    shape = families.TinyShape(embedding=896, layers=12, heads=14, kv_heads=2)
    shape.inner, shape.matrices, shape.more_tokens = 4864, "q8_0", 50_000
    return families.make(folder / "random.gguf", "qwen2", shape=shape, qwen2_context_length=CONTEXT)


def _compare(bare: Bare, product: Product, rounds: int) -> None:
    reading, writing = [], []
    for number in range(rounds):
        # A beginning of its own each time: nothing of it has been read.
        text = f"Number {number}. " + _SENTENCE * (READ_WORDS // 11)
        request = _request(text)
        prompt = product.service.render([Message(Role.USER, text)]).result(60)
        sides: list[tuple[float, float]] = [(0.0, 0.0), (0.0, 0.0)]
        for side in (0, 1) if number % 2 else (1, 0):
            if side:
                seconds, each, tokens = product.run(request)
                sides[1] = seconds, each
            else:
                sides[0] = bare.run(bare.tokens(prompt), WRITTEN)
        reading.append(sides[0][0] / sides[1][0])
        writing.append(sides[0][1] / sides[1][1])
        print(
            f"  {tokens} tokens read at {tokens / sides[0][0]:.0f}/s bare, {tokens / sides[1][0]:.0f} here; "
            f"written at {1 / sides[0][1]:.1f}/s bare, {1 / sides[1][1]:.1f} here"
        )
    print(f"reading: {statistics.median(reading):.3f} of the bare engine (budget 0.97)")
    print(f"writing: {statistics.median(writing):.3f} of the bare engine (budget 0.97)")


def _conversations(bare: Bare, product: Product) -> None:
    first = replace(_request(_SENTENCE * 52), conversation="long")
    began = time.perf_counter()
    answer = product.service.complete(first).result(300)
    whole = time.perf_counter() - began
    more = (Message(Role.ASSISTANT, answer.text), Message(Role.USER, "And then?"))
    second = replace(first, messages=(*first.messages, *more))
    read_at = [0.0]

    def on_report(report: Any) -> None:
        if isinstance(report, TextDelta):
            read_at[0] = read_at[0] or time.perf_counter()

    asked = time.perf_counter()
    done = product.service.complete(second, on_report=on_report).result(300)
    until_word = read_at[0] - asked
    tokens = bare.tokens(product.service.render(second.messages).result(60))
    own = bare.read_behind(tokens, done.reused_tokens)
    new = done.prompt_tokens - done.reused_tokens
    print(
        f"first turn: {answer.prompt_tokens} tokens read in {answer.reading_seconds:.2f} s of {whole:.2f} s; "
        f"second turn: {new} new tokens of {done.prompt_tokens}, "
        f"first word after {until_word:.2f} s, {until_word - own:+.2f} s against their own cost (budget 0.30)"
    )
    product.service.complete(_request("Something else.")).result(300)  # pushes it out of memory
    again = product.service.complete(second).result(300)
    share = again.reading_seconds / answer.reading_seconds
    print(
        f"reopened: {again.reused_tokens} of {again.prompt_tokens} tokens taken from disk, "
        f"{again.reading_seconds:.2f} s, {share:.2f} of reading (budget 0.25)"
    )
    long_request = _request("Quite new. " + _SENTENCE * 52)
    endless = replace(_request("Write."), sampling=Sampling(seed=1))
    for name, request, kind in (("reading", long_request, PromptProgress), ("writing", endless, TextDelta)):
        times = [product.stop(request, kind) for _ in range(5)]
        print(f"stop while {name}: usable after {max(times) * 1000:.0f} ms at most (budget 200)")


def _request(text: str) -> Request:
    sampling = Sampling(0.7, 40, 0.95, 0.05, 1.0, seed=1, max_tokens=WRITTEN)
    return Request("", (Message(Role.USER, text),), sampling=sampling, first_token_seconds=None)


if __name__ == "__main__":
    main()

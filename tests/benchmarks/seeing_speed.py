"""Pictures in chat through the product against the bare engine: the same model, projector and pictures.

Model and projector have random weights and are written to a temporary folder: the model of `chat_speed`, and
a projector as LLaVA's with a fourth of its layers (about 450 MB together). Then the memory that such
projectors take and what they look at a picture in, beside what was predicted; each of two layers, for more do
not change what one takes.

    python -m tests.benchmarks.seeing_speed [rounds]
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
from functools import partial
from pathlib import Path

import llama_cpp.llama_cpp as lib
import llama_cpp.mtmd_cpp as mtmd
import numpy as np

from assistant.chat.records import (
    LoadOptions,
    Message,
    MessagePicture,
    Request,
    Role,
    Sampling,
)
from assistant.chat.service import ChatService
from assistant.errors import Cancelled
from assistant.hardware import usable_cores
from tests.benchmarks import chat_speed
from tests.made_models import families, projectors
from tests.made_models.projectors import ProjectorShape

QUESTION = "What can be seen here, and what is written on it?"


def _sizes(width: int, side: int, heads: int, patch: int, inner: int, layers: int = 2) -> dict[str, int]:
    return {"width": width, "side": side, "heads": heads, "patch": patch, "inner": inner, "layers": layers}


LLAVA = _sizes(1024, 336, 16, 14, 4096, layers=6) | {"out": 896}
SHAPES = {
    "LLaVA 1.5": ("mlp", _sizes(1024, 336, 16, 14, 4096)),
    "SmolVLM": ("idefics3", _sizes(768, 512, 12, 16, 3072)),
    "Qwen2-VL": ("qwen2vl_merger", _sizes(1280, 560, 16, 14, 5120)),
    "Gemma 3": ("gemma3", _sizes(1152, 896, 16, 14, 4304)),
}
"""Of known projectors, by which kind and size a model sees."""


class Bare(chat_speed.Bare):
    """What one does with the library's own functions and nothing else."""

    def __init__(self, path: Path, projector: Path) -> None:
        super().__init__(path)
        mtmd.mtmd_helper_log_set(self._quiet, ctypes.c_void_p(0))
        params = mtmd.mtmd_context_params_default()
        params.use_gpu, params.n_threads, params.print_timings = False, usable_cores(), False
        self._sight = mtmd.mtmd_init_from_file(str(projector).encode(), self._model, params)
        assert self._sight

    def see(self, prompt: str, picture: Path) -> tuple[float, int]:
        """Seconds of reading a prompt with a picture, and its tokens."""
        lib.llama_memory_clear(lib.llama_get_memory(self._context), False)
        began = time.perf_counter()
        bitmap = mtmd.mtmd_helper_bitmap_init_from_file(self._sight, str(picture).encode(), False)
        chunks = mtmd.mtmd_input_chunks_init()
        data = prompt.encode()
        text = mtmd.mtmd_input_text(text=data, text_len=len(data), add_special=True, parse_special=True)
        bitmaps = (mtmd.mtmd_bitmap_p_ctypes * 1)(bitmap)
        assert mtmd.mtmd_tokenize(self._sight, chunks, ctypes.byref(text), bitmaps, 1) == 0
        after = lib.llama_pos(0)
        code = mtmd.mtmd_helper_eval_chunks(
            self._sight, self._context, chunks, 0, 0, 512, True, ctypes.byref(after)
        )
        assert code == 0, code
        lib.llama_synchronize(self._context)
        seconds = time.perf_counter() - began
        count = mtmd.mtmd_helper_get_n_tokens(chunks)
        mtmd.mtmd_input_chunks_free(chunks)
        mtmd.mtmd_bitmap_free(bitmap)
        return seconds, count


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    os.environ.setdefault("OFFLINE_ASSISTANT_HOME", tempfile.mkdtemp())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _speed(folder, rounds)
        _memory(folder)


def _speed(folder: Path, rounds: int) -> None:
    model, projector = chat_speed._model(folder), _projector(folder / "mmproj.gguf", "mlp", LLAVA)
    print(f"model {model.stat().st_size / 1e6:.0f} MB, projector {projector.stat().st_size / 1e6:.0f} MB")
    bare = Bare(model, projector)
    product = ChatService(folder / "chat", projector_of=lambda _: projector)
    try:
        product.load(model).result(300)
        ratios = []
        for number in range(rounds):
            picture = _picture(folder, number)
            request = _request(Message(Role.USER, QUESTION, (picture,)))
            text = product.render(request.messages).result(60).replace("<__picture_0__>", "<__media__>")
            seconds = [0.0, 0.0]
            for side in (0, 1) if number % 2 else (1, 0):
                if side:
                    seconds[1], tokens = _read(product, request)
                else:
                    seconds[0], count = bare.see(text, Path(picture.path))
            assert tokens == count, (tokens, count)
            ratios.append(seconds[0] / seconds[1])
            print(
                f"  {tokens} tokens with a picture read in {seconds[0]:.2f} s bare, {seconds[1]:.2f} s here"
            )
        print(f"reading a picture: {statistics.median(ratios):.3f} of the bare engine (budget 0.97)")
        _turns(product, folder)
    finally:
        product.close()


def _turns(product: ChatService, folder: Path) -> None:
    first = replace(_request(Message(Role.USER, QUESTION, (_picture(folder, 99),))), conversation="seen")
    read, _ = _read(product, first)
    more = Message(Role.ASSISTANT, "A well."), Message(Role.USER, "How deep is it?")
    second = replace(first, messages=(*first.messages, *more))
    again, tokens = _read(product, second)
    _read(product, _request(Message(Role.USER, "Something else.")))
    reopened, _ = _read(product, second)
    print(
        f"first turn read in {read:.2f} s, second ({tokens} tokens) in {again:.2f} s, "
        f"reopened in {reopened:.2f} s, {reopened / read:.2f} of reading (budget 0.25)"
    )
    stops = []
    for number in range(200, 203):
        run = product.complete(_request(Message(Role.USER, QUESTION, (_picture(folder, number),))))
        time.sleep(0.5 + 0.3 * (number - 200))
        stopped = time.perf_counter()
        run.cancel()
        with contextlib.suppress(Cancelled):
            run.result(60)
        _read(product, _request(Message(Role.USER, f"Next {number}.")))
        stops.append(time.perf_counter() - stopped)
    print(f"stop while a picture is read: the next prompt is read after {max(stops) * 1000:.0f} ms at most")


def _memory(folder: Path) -> None:
    print(f"{'projector':12} {'MB':>6} {'predicted':>10} {'measured':>9}    off, by the worker at its peak")
    for name, (kind, sizes) in SHAPES.items():
        model = families.make(
            folder / "small.gguf", projectors.SEEING[kind], shape=families.TinyShape(embedding=512)
        )
        projector = _projector(folder / "shape.gguf", kind, sizes | {"out": 512})
        service = ChatService(folder / "chat", projector_of=partial(_same, projector))
        try:
            service.load(model, LoadOptions(context=4096)).result(300)
            picture = _picture(folder, 300, 1600, 1200)
            service.complete(_request(Message(Role.USER, QUESTION, (picture,)))).result(600)
            info = service.loaded
            assert info is not None
            assert info.sees
            off = info.memory_predicted / info.memory_measured - 1
            print(
                f"{name:12} {projector.stat().st_size / 1e6:6.0f} {info.memory_predicted / 1e6:10.1f} "
                f"{info.memory_measured / 1e6:9.1f} {off:+7.1%}",
                flush=True,
            )
        finally:
            service.close()


def _projector(path: Path, kind: str, sizes: dict[str, int]) -> Path:
    return projectors.make(path, kind, ProjectorShape(**sizes))


def _same(projector: Path, _: Path) -> Path:
    return projector


def _picture(folder: Path, seed: int, width: int = 800, height: int = 600) -> MessagePicture:
    path = folder / f"{seed}.png"
    if not path.is_file():
        pixels = np.random.default_rng(seed).integers(0, 256, (height // 8, width // 8, 3))
        projectors.picture(path, pixels.repeat(8, 0).repeat(8, 1))
    return MessagePicture(str(path), width, height)


def _read(product: ChatService, request: Request) -> tuple[float, int]:
    """Seconds until the prompt was read, and its tokens."""
    read, _, done = chat_speed.answered(product, request)
    return read, done.prompt_tokens


def _request(message: Message) -> Request:
    sampling = Sampling(temperature=0, max_tokens=2)
    return Request("", (message,), sampling=sampling, first_token_seconds=None)


if __name__ == "__main__":
    main()

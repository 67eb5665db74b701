"""A memory in which layers keep only a window of the past: it is cut where that is right, else emptied."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.chat.engine import lib
from assistant.chat.llama.bindings import Context, Log, Model
from assistant.chat.llama.load_plan import LoadPlan
from assistant.chat.llama.sampler import Sampler
from assistant.chat.llama.sampling import SamplingParameters
from assistant.models.files import gguf, model_shape
from assistant.models.fit import memory_estimate
from assistant.models.fit.records import Setting
from tests.made_models import families

WINDOW, BATCH, CONTEXT = 64, 32, 1024
TOKENS = [20 + (7 * number) % 90 for number in range(600)]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shape = families.TinyShape(layers=6)
    shape.window = WINDOW
    return families.make(tmp_path_factory.mktemp("window") / "m.gguf", "gemma3", shape=shape)


@contextmanager
def opened(path: Path, *, whole: bool) -> Iterator[tuple[Model, Context]]:
    setting = Setting(CONTEXT, batch=BATCH, whole_window=whole)
    plan = LoadPlan(
        setting, memory_estimate.estimate(model_shape.shape(gguf.read(path)), setting), mapped=True
    )
    lib.llama_backend_init()
    log = Log(lib)
    model = Model(lib, log, path, plan=plan, on_progress=lambda share: True)
    context = Context(lib, log, model, path, plan)
    try:
        yield model, context
    finally:
        context.close()
        model.close()


def read(context: Context, tokens: list[int]) -> None:
    for begin in range(0, len(tokens), BATCH):
        context.read(tokens[begin : begin + BATCH])


def next_words(model: Model, context: Context, count: int = 8) -> list[int]:
    sampler = Sampler(lib, model, SamplingParameters(0.0, 0, 1.0, 0.0, 1.0, 1), [])
    found = []
    for _ in range(count):
        found.append(sampler.sample(context))
        context.read(found[-1:])
    sampler.close()
    return found


def test_cut_as_far_as_the_window_is_still_there(path: Path) -> None:
    with opened(path, whole=False) as (model, context):
        read(context, TOKENS)
        kept = 600 - BATCH // 2
        assert context.truncate(kept) == kept
        read(context, [30, 31, 32])
        after = next_words(model, context)
        context.truncate(0)
        read(context, [*TOKENS[:kept], 30, 31, 32])
        assert next_words(model, context) == after, "as if nothing had been cut"


@pytest.mark.parametrize("length", [100, 380])
def test_emptied_where_it_is_not(path: Path, length: int) -> None:
    """256 tokens are kept: of the window before the 380th some are gone, before the 100th all."""
    with opened(path, whole=False) as (_, context):
        read(context, TOKENS)
        assert context.truncate(length) == 0
        assert context.tokens == []


def test_kept_whole_it_is_cut_anywhere(path: Path) -> None:
    with opened(path, whole=True) as (_, context):
        read(context, TOKENS)
        assert context.truncate(100) == 100
        assert context.tokens == TOKENS[:100]

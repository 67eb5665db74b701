"""What a model was predicted to take against what its worker really held, and the look at this computer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from assistant.chat.records import ComputerProfile, LoadOptions, Message, Request, Role, Sampling
from assistant.chat.service import ChatService
from assistant.errors import ModelTooLarge
from assistant.jobs import CancelToken
from assistant.models.fit.records import Corrections, Measured, MeasuredPace
from assistant.workers.service import Engines
from tests.made_models import families

pytestmark = pytest.mark.keeps_children

MB = 2**20
CONTEXT = 512
PACE = MeasuredPace(1, (("q4_K", 5e9), ("f16", 8e9)), (("q4_K", 5e10), ("f16", 3e10)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def service(folder: Path) -> Iterator[ChatService]:
    service = ChatService(folder / "chat")
    yield service
    service.close()


def large(folder: Path, family: str, kind: str) -> Path:
    """Some 100 MB, so that the weights are more than the engine itself."""
    shape = families.TinyShape(embedding=1024, layers=4, heads=8, kv_heads=2)
    shape.inner, shape.more_tokens, shape.streamed, shape.tied = (
        3072,
        20_000,
        True,
        family not in ("mamba", "gpt-oss"),
    )
    shape.matrices = kind  # type: ignore[assignment]
    shape.wide, shape.window, shape.state, shape.expert_inner = 128, 128, 16, 768
    shape.latent, shape.rope = 256, 64
    shape.other = {"ffn_gate_inp": "f32", "attn_k_b": "q8_0", "attn_v_b": "q8_0"}
    return families.make(folder / f"{family}.gguf", family, shape=shape)


def fill(service: ChatService) -> None:
    """Have the whole context read, but for an answer of some words."""
    message = Message(Role.USER, "a0" * ((CONTEXT - 96) // 2))
    request = Request("", (message,), sampling=Sampling(seed=1, max_tokens=8), answer_tokens=8)
    answer = service.complete(replace(request, first_token_seconds=None)).result(60)
    assert answer.prompt_tokens > CONTEXT - 150


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        ("llama", "f16"),
        ("qwen3", "q4_K"),
        ("mixtral", "q4_K"),
        ("deepseek2", "q4_K"),
        ("gemma3", "q8_0"),
        ("gpt-oss", "q8_0"),
        ("mamba", "f16"),
        ("lfm2", "q4_0"),
        ("granitehybrid", "q8_0"),
        ("qwen35", "q8_0"),
    ],
)
def test_predicted_and_measured(service: ChatService, folder: Path, family: str, kind: str) -> None:
    """Benchmark memory_fit holds large models to 5 %; of these, the engine itself is a good part.

    What Python takes differs by some MB from one installation to another.
    """
    path = large(folder, family, kind)
    service.load(path, LoadOptions(context=CONTEXT)).result(60)
    fill(service)
    info = service.loaded
    assert info is not None
    assert info.memory_measured > path.stat().st_size
    assert abs(info.memory_predicted - info.memory_measured) < 0.05 * info.memory_measured + 24 * MB
    assert service.pid is not None
    held = psutil.Process(service.pid).memory_info().rss
    assert 0.8 * info.memory_measured < held <= info.memory_measured + MB


def test_a_smaller_model_after_a_larger_one_is_measured_by_itself(service: ChatService, folder: Path) -> None:
    big = service.load(large(folder, "llama", "f16"), LoadOptions(context=CONTEXT)).result(60)
    small = service.load(families.make(folder / "s.gguf", "llama"), LoadOptions(context=CONTEXT)).result(60)
    assert small.memory_measured < big.memory_measured - 100 * MB


def test_what_was_expected_is_told_with_what_came(folder: Path) -> None:
    told: list[Measured] = []
    corrections = Corrections(memory=1.1, reading=0.5, writing=0.5)
    service = ChatService(
        folder / "chat", profile=lambda: ComputerProfile(PACE, corrections), on_measured=told.append
    )
    try:
        service.load(families.make(folder / "m.gguf", "qwen2"), LoadOptions(context=CONTEXT)).result(60)
        fill(service)
    finally:
        service.close()
    loaded, answered = told[0], told[-1]
    assert loaded.setting.context == CONTEXT
    assert loaded.predicted > 50 * MB * 1.1
    assert loaded.corrections == corrections
    assert loaded.predicted_speed.writing > 0
    assert (loaded.measured_speed.reading > 0, answered.measured_speed.reading > 0) == (True, True)
    assert answered.measured >= loaded.measured > 40 * MB


def test_others_make_room_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot fit is tried again after idle engines had to go; then its numbers are told."""
    asked: list[int] = []

    class Making(Engines):
        def make_room(self, needed: int, asking: object = None) -> bool:
            asked.append(needed)
            return False

    path = large(folder, "llama", "f16")
    with path.open("r+b") as file:  # a context that no computer holds
        data = file.read()
        name = b"llama.context_length"
        file.seek(data.index(name) + len(name) + 4)
        file.write((2**24).to_bytes(4, "little"))
    service = ChatService(folder / "chat", engines=Making())
    try:
        with pytest.raises(ModelTooLarge, match=r"needs at least .* GB .* only .* is free") as caught:
            service.load(path, LoadOptions(context=2**24)).result(60)
        details = caught.value.details
        assert asked == [details["needed"]]
        assert details["needed"] > details["free"] > 0
        assert details["setting"].context == 8192, "the nearest that fits"
        assert service.load(path).result(60).context == 8192
        assert len(asked) == 1
    finally:
        service.close()


def test_the_look_at_this_computer(service: ChatService) -> None:
    probe = service.probe(CancelToken())
    pace = probe.pace
    assert pace.threads >= 1
    assert set(dict(pace.bytes_read)) == set(dict(pace.operations)) >= {"q4_K", "q8_0", "f16"}
    for kind, each in pace.bytes_read:
        assert 1e7 < each < 1e13, kind
    for kind, each in pace.operations:
        assert 1e8 < each < 1e15, kind
    assert 0 < pace.step_seconds < 0.1
    assert all(device.total >= device.free for device in probe.devices)
    assert service.pid is None, "no engine was started for it"

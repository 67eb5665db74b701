from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from assistant.errors import ModelUnusable, NoModel
from assistant.models import gguf
from tests.models import families


def test_header(tmp_path: Path) -> None:
    header = gguf.read(families.make(tmp_path / "m.gguf", "qwen2"))
    assert (header.architecture, header.kind) == ("qwen2", "model")
    assert header.number("embedding_length") == 64
    assert header.number("nothing", 5) == 5
    assert header.values["tokenizer.ggml.tokens"] > 256  # counted, not read
    assert next(gguf.names(header)) == "Tiny qwen2"
    assert header.size == (tmp_path / "m.gguf").stat().st_size
    assert 100_000 < header.parameters < 120_000
    assert {tensor.name for tensor in header.tensors} >= {"token_embd.weight", "blk.1.ffn_up.weight"}


def test_values_of_each_kind(tmp_path: Path) -> None:
    path = families.make(tmp_path / "m.gguf", "llama", a__flag=True, a__less=-3, a__half=0.5, a__list=[1, 2])
    values = gguf.read(path).values
    assert [values[f"a.{name}"] for name in ("flag", "less", "half", "list")] == [True, -3, 0.5, [1, 2]]


def test_parts(tmp_path: Path) -> None:
    for number in (1, 2):
        families.make(tmp_path / f"big-{number:05}-of-00002.gguf", "llama")
    header = gguf.read(tmp_path / "big-00001-of-00002.gguf")
    assert header.size == 2 * (tmp_path / "big-00001-of-00002.gguf").stat().st_size
    (tmp_path / "big-00002-of-00002.gguf").unlink()
    with pytest.raises(NoModel, match="00002-of-00002"):
        gguf.read(tmp_path / "big-00001-of-00002.gguf")


def test_not_there(tmp_path: Path) -> None:
    with pytest.raises(NoModel):
        gguf.read(tmp_path / "m.gguf")
    with pytest.raises(NoModel):
        gguf.read(tmp_path)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GGUF",
        b"GGML" + bytes(100),
        b"GGUF" + struct.pack("<IQQ", 1, 0, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 2**60, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 2**60),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**63),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<I", 99),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<IIQ", 9, 8, 2**40),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<IIQ", 9, 8, 2**22),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<IIQ", 9, 9, 3),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"k" + struct.pack("<IIQ", 9, 4, 2**30),
        b"GGUF" + struct.pack("<IQQQ", 3, 1, 0, 1) + b"t" + struct.pack("<I", 2**31),
        b"GGUF" + struct.pack("<IQQQ", 3, 1, 0, 1) + b"t" + struct.pack("<IQIQ", 1, 0, 0, 0),
    ],
)
def test_damaged(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(data)
    with pytest.raises(ModelUnusable, match=r"m\.gguf cannot be used"):
        gguf.read(path)


def test_bytes_changed_at_random(tmp_path: Path) -> None:
    """Whatever stands in a file, it is read or refused, soon."""
    good = families.make(tmp_path / "good.gguf", "llama").read_bytes()
    path = tmp_path / "m.gguf"
    chance = random.Random(3)
    for _ in range(300):
        data = bytearray(good[: chance.choice((len(good), chance.randrange(12_000)))])
        for _ in range(chance.randrange(1, 6)):
            if data:
                data[chance.randrange(min(len(data), 12_000))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            gguf.read(path)
        except (ModelUnusable, NoModel):
            continue

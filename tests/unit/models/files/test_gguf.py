from __future__ import annotations

import random
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import ModelUnusable, NoModel
from assistant.models.files import gguf
from tests.made_models import families
from tests.made_models.gguf_writer import GgufWriter


def test_header(tmp_path: Path) -> None:
    header = gguf.read(families.make(tmp_path / "m.gguf", "qwen2"))
    assert (header.architecture, header.kind) == ("qwen2", "model")
    assert header.number("embedding_length") == 64
    assert header.number("nothing", 5) == 5
    assert header.values["tokenizer.ggml.tokens"] > 256  # counted, not read
    assert header.size == (tmp_path / "m.gguf").stat().st_size
    assert 100_000 < header.parameters < 120_000
    assert {tensor.name for tensor in header.tensors} >= {"token_embd.weight", "blk.1.ffn_up.weight"}


def test_values_of_each_kind(tmp_path: Path) -> None:
    path = families.make(tmp_path / "m.gguf", "llama", a__flag=True, a__less=-3, a__half=0.5, a__list=[1, 2])
    values = gguf.read(path).values
    assert [values[f"a.{name}"] for name in ("flag", "less", "half", "list")] == [True, -3, 0.5, [1, 2]]


def test_parts(tmp_path: Path) -> None:
    first, second = (tmp_path / f"big-{number:05}-of-00002.gguf" for number in (1, 2))
    for number, path in enumerate((first, second)):
        writer = GgufWriter("llama")
        writer.add("split.count", 2, "u16")
        writer.tensor(f"blk.{number}.weight", [[1.0, 2.0]])
        writer.write(path)
    for path in (first, second):  # any part stands for the whole
        header = gguf.read(path)
        assert header.path == first
        assert header.size == first.stat().st_size + second.stat().st_size
        assert [tensor.name for tensor in header.tensors] == ["blk.0.weight", "blk.1.weight"]
    alone = tmp_path / "renamed.gguf"
    alone.write_bytes(first.read_bytes())
    with pytest.raises(ModelUnusable, match="one of 2 parts"):
        gguf.read(alone)
    second.write_bytes(first.read_bytes())
    with pytest.raises(ModelUnusable, match="different models"):
        gguf.read(first)
    second.unlink()
    with pytest.raises(NoModel, match="00002-of-00002"):
        gguf.read(first)


def test_not_there(tmp_path: Path) -> None:
    with pytest.raises(NoModel):
        gguf.read(tmp_path / "m.gguf")
    with pytest.raises(NoModel):
        gguf.read(tmp_path)


# --- files of strangers -------------------------------------------------------------------------------------


def _head(tensors: int = 0, keys: int = 0, *, version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, keys)


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text)) + text.encode()


def _key(name: str, kind: int, value: bytes) -> bytes:
    return _text(name) + struct.pack("<I", kind) + value


def _tensor(name: str, *shape: int, offset: int = 0, kind: int = 0) -> bytes:
    return (
        _text(name)
        + struct.pack("<I", len(shape))
        + b"".join(struct.pack("<Q", each) for each in shape)
        + struct.pack("<IQ", kind, offset)
    )


def _number(value: int) -> bytes:
    return struct.pack("<I", value)


def _texts(count: int) -> bytes:
    return struct.pack("<IQ", 8, count)


DEFECTS = {
    "empty": (b"", "the file is empty"),
    "cut off at once": (b"GGUF", "the file is incomplete"),
    "wrong magic": (b"GGXX" + bytes(100), "not a GGUF model"),
    "an old form": (b"ggjt" + bytes(100), "an old form"),
    "a web page": (b"\n<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"),
    "a message": (b'{"error":"Invalid username or password."}', "an error message from a server"),
    "an LFS pointer": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        "a Git LFS pointer",
    ),
    "a zip archive": (b"PK\x03\x04" + bytes(100), "a zip archive"),
    "version 1": (_head(version=1), "GGUF version 1"),
    "a version to come": (_head(version=9), "GGUF version 9"),
    "the other way round": (_head(version=3 << 24), "a different kind of processor"),
    "huge count of tensors": (_head(tensors=2**60), "it claims to have"),
    "huge count of keys": (_head(keys=2**60), "it claims to have"),
    "huge key": (_head(keys=1) + struct.pack("<Q", 2**63), "a text of"),
    "huge text": (_head(keys=1) + _key("k", 8, struct.pack("<Q", 2**33)), "a text of"),
    "a text beyond the end": (_head(keys=1) + _key("k", 8, struct.pack("<Q", 2**21)), "incomplete"),
    "huge array of texts": (_head(keys=1) + _key("k", 9, _texts(2**40)), "it claims to have"),
    "texts beyond the end": (_head(keys=1) + _key("k", 9, _texts(2**20)), "incomplete"),
    "a text in an array beyond the end": (
        _head(keys=1) + _key("k", 9, _texts(2) + struct.pack("<Q", 2**63)),
        "incomplete",
    ),
    "huge array of numbers": (_head(keys=1) + _key("k", 9, struct.pack("<IQ", 4, 2**62)), "incomplete"),
    "nested arrays": (_head(keys=1) + _key("k", 9, struct.pack("<IQ", 9, 3)), "arrays within arrays"),
    "unknown kind of key": (_head(keys=1) + _key("k", 99, b""), "unknown type"),
    "the same key twice": (_head(keys=2) + 2 * _key("k", 4, _number(1)), "the key 'k' appears twice"),
    "alignment 0": (_head(keys=1) + _key("general.alignment", 4, _number(0)), "aligned to 0 bytes"),
    "alignment 48": (_head(keys=1) + _key("general.alignment", 4, _number(48)), "aligned to 48 bytes"),
    "alignment of 4 GB": (_head(keys=1) + _key("general.alignment", 4, _number(2**31)), "aligned"),
    "2 milliard dimensions": (_head(tensors=1) + _text("t") + _number(2**31), "dimensions"),
    "an empty tensor": (_head(tensors=1) + _tensor("t", 4, 0), "cannot have the shape"),
    "a tensor of 2**120 values": (_head(tensors=1) + _tensor("t", 2**60, 2**60), "cannot have the shape"),
    "half a block": (_head(tensors=1) + _tensor("t", 33, 1, kind=8), "cannot have the shape"),
    "unknown type of tensor": (_head(tensors=1) + _tensor("t", 4, kind=77), "unknown type"),
    "overlapping tensors": (
        _head(tensors=2) + _tensor("a", 64) + _tensor("b", 64, offset=32) + bytes(999),
        "the tensors 'a' and 'b' overlap",
    ),
    "the same tensor twice": (
        _head(tensors=2) + _tensor("a", 8) + _tensor("a", 8, offset=32) + bytes(999),
        "appears twice",
    ),
    "a tensor out of range": (_head(tensors=1) + _tensor("a", 8, offset=2**40) + bytes(99), "incomplete"),
    "an offset near 2**64": (_head(tensors=1) + _tensor("a", 8, offset=2**64 - 32) + bytes(99), "incomplete"),
    "between two places": (_head(tensors=1) + _tensor("a", 8, offset=4) + bytes(99), "impossible position"),
    "4 milliard layers": (
        _head(keys=2)
        + _key("general.architecture", 8, _text("llama"))
        + _key("llama.block_count", 4, _number(2**32 - 1)),
        "block_count cannot be 4,294,967,295",
    ),
}
LARGE = {
    "65,536 keys that are long": (_head(keys=65_536), 65_536, lambda n: _key(f"{n:060000}", 4, bytes(4))),
    "65,536 arrays of 1024 numbers": (
        _head(keys=65_536),
        65_536,
        lambda n: _key(f"{n}", 9, struct.pack("<IQ", 0, 1024) + bytes(1024)),
    ),
    "2,000,000 words": (_head(keys=1) + _key("k", 9, _texts(2_000_000)), 1_900_000, lambda n: bytes(8)),
    "65,536 tensors": (
        _head(tensors=65_536),
        65_500,
        lambda n: _tensor(f"t{n}", 8, offset=32 * n),
    ),
}
"""How they begin, how often they go on, and with what: files that cost time and memory."""


@pytest.mark.parametrize("defect", DEFECTS)
def test_what_is_wrong_is_named(tmp_path: Path, defect: str) -> None:
    data, named = DEFECTS[defect]
    path = tmp_path / "m.gguf"
    path.write_bytes(data)
    with pytest.raises(ModelUnusable, match=r"m\.gguf cannot be used: ") as caught:
        gguf.read(path)
    assert named in caught.value.message
    assert caught.value.hint


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read as Linux tells it")
def test_hostile_files_cost_little(tmp_path: Path) -> None:
    """Each in 2 s of processor time and 200 MB at most, measured in a process that knows nothing else."""
    for number, (data, _) in enumerate(DEFECTS.values()):
        (tmp_path / f"small-{number}.gguf").write_bytes(data)
    for number, (head, count, piece) in enumerate(LARGE.values()):
        with (tmp_path / f"large-{number}.gguf").open("wb") as file:
            file.write(head)
            size = 0
            for index in range(count):
                size += file.write(piece(index))
                if size > 100 * 2**20:
                    break
    program = """
import sys, time
from pathlib import Path
from assistant.errors import ModelUnusable
from assistant.models.files import gguf
for path in sorted(Path(sys.argv[1]).glob("*.gguf")):
    begun = time.process_time()
    try:
        gguf.read(path)
        said = "read"
    except ModelUnusable as error:
        said = error.message
    status = Path("/proc/self/status").read_text()
    memory = int(status.split("VmHWM:")[1].split()[0]) // 1024
    print(f"{time.process_time() - begun:.3f} {memory} {said}")
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert len(lines) == len(DEFECTS) + len(LARGE)
    for line in lines:
        seconds, memory, said = line.split(" ", 2)
        assert float(seconds) < 2, line
        assert int(memory) < 200, line
        assert said != "read"


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

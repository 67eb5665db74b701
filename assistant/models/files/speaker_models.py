"""The two ONNX models that tell who speaks, by what they say of themselves.

sherpa-onnx reads these values without doubting them, and ends its process where one is missing: they are
looked at first. Names and meanings: `sherpa-onnx/csrc/offline-speaker-segmentation-pyannote-model.cc` and
`speaker-embedding-extractor-*-model.cc` in k2-fsa's repository.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.errors import ModelUnusable
from assistant.models.files import onnx_metadata
from assistant.models.files.model_folders import DetectedModel
from assistant.models.files.records import ModelKind

SUFFIX = ".onnx"
_RATE = 16_000
_SEGMENTATION = {
    "sample_rate": range(_RATE, _RATE + 1),
    "window_size": range(_RATE // 10, 120 * _RATE),
    "receptive_field_size": range(1, _RATE),
    "receptive_field_shift": range(1, _RATE),
    "num_speakers": range(1, 33),
    "powerset_max_classes": range(1, 3),
    "num_classes": range(2, 1_000),
}
"""What a model for segmentation states, and what is possible."""
_EMBEDDING = {
    "sample_rate": range(_RATE, _RATE + 1),
    "output_dim": range(1, 10_000),
}
_FRAMEWORKS = {
    "wespeaker": ("normalize_samples", "language"),
    "3d-speaker": ("normalize_samples", "language"),
    "nemo": ("window_size_ms", "window_stride_ms", "feat_dim", "language"),
}
"""Whose models for speaker embedding are known, with what else each states."""


def recognise(path: Path) -> DetectedModel:
    """
    Raises:
        NoModel: the file cannot be read.
        ModelUnusable: it is damaged, or a model for something else; says what.
    """
    about = onnx_metadata.read(path)
    others: tuple[str, ...] = ()
    if "powerset_max_classes" in about:
        kind, ranges = ModelKind.SPEAKER_SEGMENTATION, _SEGMENTATION
    elif about.get("framework") in _FRAMEWORKS and "output_dim" in about:
        kind, ranges, others = ModelKind.SPEAKER_EMBEDDING, _EMBEDDING, _FRAMEWORKS[about["framework"]]
    else:
        raise ModelUnusable("onnx-kind-unused", name=path.name)
    for name in (*ranges, *others):
        if name not in about:
            raise ModelUnusable("onnx-states-too-little", name=path.name, value=name)
    for name, possible in ranges.items():
        if _number(about, name) not in possible:
            raise ModelUnusable("onnx-states-nonsense", name=path.name, value=f"{name}={about[name][:20]}")
    if kind is ModelKind.SPEAKER_SEGMENTATION and _number(about, "num_classes") != _classes(about):
        stated = f"num_classes={about['num_classes'][:20]}"
        raise ModelUnusable("onnx-states-nonsense", name=path.name, value=stated)
    name = path.parent.name if path.stem in ("model", "model.int8") else path.stem
    return DetectedModel(kind, name, path.parent, (path.name,), main=path.name)


def _number(about: Mapping[str, str], name: str) -> int:
    return int(about[name]) if about[name].isascii() and about[name].isdecimal() else -1


def _classes(about: Mapping[str, str]) -> int:
    """Nobody, each speaker alone and, where a model tells them, each two at once."""
    speakers = _number(about, "num_speakers")
    pairs = speakers * (speakers - 1) // 2
    return 1 + speakers + (pairs if _number(about, "powerset_max_classes") == 2 else 0)

"""What a model's files say of its licence, before it is added and where the catalogue does not know it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.errors import AssistantError
from assistant.jobs import CancelToken
from assistant.models.catalog.records import CatalogEntry, Licence
from assistant.models.files import archives, detection, translation_marks
from assistant.models.files.model_folders import DetectedModel
from assistant.models.files.records import ModelKind
from assistant.models.library.importer import known_as
from assistant.models.library.model_store import described_as
from assistant.models.library.records import StatedLicence

NLLB = Licence("CC-BY-NC-4.0", commercial=False, note="Its makers must be credited.")
"""Of all that Meta has published of NLLB-200 (github.com/facebookresearch/fairseq/tree/nllb)."""

_LARGEST_CARD = 20_000
"""Characters of a README.md that are looked at."""
_ON_CARD = re.compile(r"^license:\s*[\"']?([\w.+-]+)", re.MULTILINE)
"""As the Hugging Face hub wants it."""
_NO_LICENCE = frozenset({"other", "unknown"})
_NOT_COMMERCIAL = re.compile(r"(^|-)nc(-|$)|non-?commercial|research", re.IGNORECASE)


def of_folder(folder: Path) -> Licence | None:
    """None where nothing tells it."""
    if translation_marks.marks(folder).nllb:
        return NLLB
    try:
        with (folder / "README.md").open(encoding="utf-8", errors="replace") as file:
            card = file.read(_LARGEST_CARD)
    except OSError:
        return None
    found = _ON_CARD.search(card.partition("\n---")[0]) if card.startswith("---") else None
    if found is None or found[1].lower() in _NO_LICENCE:
        return None
    return Licence(found[1].upper(), commercial=not _NOT_COMMERCIAL.search(found[1]))


def of_paths(
    paths: Sequence[Path], entries: Sequence[CatalogEntry], token: CancelToken
) -> Iterator[StatedLicence]:
    """The licences of the models in files and folders, where they are known. Archives are not opened."""
    for path in paths:
        for model in _models(path, token):
            entry = known_as(described_as(model), entries)
            licence = entry.licence if entry is not None else _own(model)
            if licence is not None:
                yield StatedLicence(entry.name if entry is not None else model.name, licence)


def _own(model: DetectedModel) -> Licence | None:
    return of_folder(model.base) if model.kind is ModelKind.TRANSLATION else None


def _models(path: Path, token: CancelToken) -> Iterator[DetectedModel]:
    try:
        if archives.is_archive(path):
            return
        if path.is_dir():
            found = detection.look_through(path, token)
            yield from (each for each in found if isinstance(each, DetectedModel))
        else:
            yield detection.recognise(path)
    except (AssistantError, OSError):  # it will be said when it is added
        return

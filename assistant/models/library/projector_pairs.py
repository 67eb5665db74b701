"""PURE: which projector lets which chat model see pictures.

Widths must agree, else nothing works. That is not enough: models of one width are many, and with another
one's eyes a model speaks nonsense. So something else must bind the two: that they came as one, the same name,
or an architecture for which there are no other projectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath

from assistant.models.files import model_names, projectors
from assistant.models.files.records import ModelKind
from assistant.models.library.records import Installed

_SAYS_NOTHING = {"mmproj", "model", "ggml", "projector", "vision", "encoder", "clip", "vit", "ud"}
"""Words in names of files that are no part of a model's name."""

_CAME_AS_ONE, _SAME_NAME, _NAME_BEGINS, _SAME_FAMILY = 8, 4, 2, 1
"""What binds them, by how much it counts."""


def projector_of(model: Installed, installed: Iterable[Installed]) -> Installed | None:
    """The best one for a chat model among those that are here."""
    bound = [(_bond(model, each), each.added, each) for each in installed if _could_serve(each)]
    strength, _, best = max(bound, key=lambda each: each[:2], default=(0, 0.0, None))
    return best if strength else None


def _could_serve(each: Installed) -> bool:
    facts = each.projector
    return each.kind is ModelKind.PROJECTOR and not each.missing and facts is not None and facts.sees


def _bond(model: Installed, projector: Installed) -> int:
    """How strongly they are bound; 0: they do not go together."""
    facts, shape = projector.projector, model.shape
    if facts is None or shape is None or facts.width not in (0, shape.embedding):
        return 0
    families = projectors.FAMILIES.get(facts.kind)
    if families is not None and shape.architecture not in families:
        return 0
    alike, contradict = _compared(_names(model), _names(projector))
    one_entry = bool(model.entry) and model.entry == projector.entry
    one_folder = bool(model.origin) and model.origin == projector.origin and not contradict
    bond = alike + (_CAME_AS_ONE if one_entry or one_folder else 0)
    if families is not None and facts.width and not contradict:
        bond += _SAME_FAMILY
    return bond


def _names(each: Installed) -> set[str]:
    """What it is called, without what names say of files; nothing where they say nothing else."""
    told = [each.name, model_names.stem(PurePath(each.path).name)]
    told += [each.projector.name] if each.projector else []
    return {name for name in map(_core, told) if name}


def _core(name: str) -> str:
    words = re.split(r"[^a-z0-9.]+", model_names.without_packaging(name).lower())
    joined = "".join(word for word in words if word not in _SAYS_NOTHING)
    return "" if model_names.is_hash(joined) or not re.search("[a-z]{2}", joined) else joined


def _compared(mine: set[str], others: set[str]) -> tuple[int, bool]:
    """How alike two things are called, and whether their names contradict each other."""
    if mine & others:
        return _SAME_NAME, False
    if any(a.startswith(b) or b.startswith(a) for a in mine for b in others):
        return _NAME_BEGINS, False
    return 0, bool(mine and others)

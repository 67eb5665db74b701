"""The models of the library that translate, with the languages that each knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from assistant import languages
from assistant.models.catalog.records import Licence
from assistant.models.files import translation_marks, translation_names
from assistant.models.files.records import ModelKind
from assistant.models.library import licences
from assistant.models.library.records import Installed
from assistant.translation.records import EngineChoice

_NO_LICENCE = Licence("", commercial=True)


def choices(
    installed: Iterable[Installed], licence: Callable[[Installed], Licence | None] = lambda _: None
) -> tuple[EngineChoice, ...]:
    """Those whose languages are known.

    Args:
        licence: of a model, where the catalogue knows it.
    """
    there = (model for model in installed if model.kind is ModelKind.TRANSLATION and not model.missing)
    found = (_choice(model, licence(model)) for model in there)
    return tuple(choice for choice in found if choice.pairs or choice.languages)


def _choice(model: Installed, licence: Licence | None) -> EngineChoice:
    marks = translation_marks.marks(Path(model.path))
    licence = licence or licences.of_folder(Path(model.path)) or _NO_LICENCE
    pairs = () if marks.any_to_any else _pairs(model, marks.languages)
    return EngineChoice(
        path=model.path,
        name=model.name,
        chat=False,
        pairs=pairs,
        languages=marks.languages if marks.any_to_any else (),
        licence=licence.name,
        non_commercial=not licence.commercial,
    )


def _pairs(model: Installed, targets: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Of a model for one pair, or for few languages; `targets`: those that its vocabulary has marks for."""
    told = tuple(map(languages.plain, model.languages))
    sources: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    if len(told) == 2 and languages.MANY not in told:
        sources, named = told[:1], told[1:]
    else:
        for name in (Path(model.path).name, model.name):
            sources, named = (sources, named) if sources else translation_names.pair(name) or ((), ())
    into = targets or named
    if languages.MANY in sources:
        sources = languages.WIDELY_SPOKEN
    return tuple(
        (source, target)
        for source in sources
        for target in into
        if source != target and languages.MANY not in (source, target)
    )

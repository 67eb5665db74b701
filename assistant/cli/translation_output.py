"""What the command line prints of translations: for people, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from assistant import languages
from assistant.cli.output import print_error, printable, stderr, table
from assistant.quantities import count, duration
from assistant.translation.jobs.records import TranslatedDocument
from assistant.translation.records import (
    Concern,
    EngineChoice,
    Flag,
    Lost,
    NotKept,
    Route,
    TextTranslation,
    TranslatedParagraph,
)

_MOST_NAMED = 12
"""Languages of a model that are named in the table."""
_LONGEST = 100
"""Characters of a sentence that is named."""
_FLAGS = {
    Flag.EMPTY: "the model gave no translation",
    Flag.UNCHANGED: "it is the same as the original",
    Flag.SCRIPT: "it is not in the script of the language",
    Flag.LENGTH: "it is much longer or shorter than the original",
    Flag.REPEATS: "it repeats itself",
    Flag.VALUES: "a number, name or address differs from the original",
    Flag.GLOSSARY: "a term is not translated as in the glossary",
    Flag.CUT: "it was too long for the model and was translated in pieces",
    Flag.LANGUAGE: "no model here translates from its language",
    Flag.MARK: "bold, a link or the like covers the whole sentence now",
}
_NOT_KEPT = {
    NotKept.LOOK: "bold, links and the like cover whole sentences now",
    NotKept.PICTURE_TEXT: "text inside pictures",
    NotKept.EMBEDDED: "documents inside the document",
    NotKept.SIGNATURE: "the digital signature, which holds for the original alone",
    NotKept.PART_UNREADABLE: "a part that could not be read",
    NotKept.LONG_LINE: "lines of subtitles are longer than they should be",
    NotKept.PDF_LAYOUT: "the layout: original and translation stand side by side",
    NotKept.MACROS: "macros stay as they are, with the texts in them",
    NotKept.TRACKED: "text that tracked changes had deleted",
    NotKept.SPLIT_LOOK: "fields that held a part of a paragraph were closed up",
    NotKept.NAMES: "words in cells that formulas or other tables refer to were left as they were",
}


def print_concerns(paragraphs: Iterable[TranslatedParagraph]) -> None:
    """Each sentence that should be looked at, with the reasons, on a line; once, however often it stands."""
    told: dict[str, None] = {}
    for paragraph in paragraphs:
        for pair in paragraph.sentences:
            if pair.concerns:
                sentence = " ".join(paragraph.source[slice(*pair.source)].split())
                short = sentence if len(sentence) <= _LONGEST else f"{sentence[:_LONGEST]}…"
                reasons = "; ".join(_reasons(pair.concerns))
                told[printable(f"Check “{short}”: {reasons}.")] = None
    for line in told:
        stderr.print(line)


def _reasons(concerns: Iterable[Concern]) -> Iterator[str]:
    """Each kind once, with all that it is about."""
    details: dict[Flag, dict[str, None]] = {}
    for concern in concerns:
        details.setdefault(concern.flag, {})[concern.detail] = None
    for flag, about in details.items():
        named = ", ".join(filter(None, about))
        yield f"{_FLAGS[flag]} ({named})" if named else _FLAGS[flag]


def print_same(language: str, target: str) -> None:
    """Where nothing was to be done."""
    if language == target:
        stderr.print(f"It is in {languages.name(target)} already; --from says another language.")


def print_route(route: Route | None, wanted: str) -> None:
    """Where a translation did not go as one may think.

    Args:
        wanted: path of the engine that was asked for; "": any.
    """
    if route is None:
        return
    if route.pivot:
        stderr.print(f"Translated by way of {languages.name(route.pivot)}: no model here does it directly.")
    if wanted and all(hop.engine.path != wanted for hop in route.hops):
        names = " and ".join(dict.fromkeys(hop.engine.name for hop in route.hops))
        print_error(f"The model that was asked for does not translate these languages; {names} did.")


def print_lost(lost: Iterable[Lost]) -> None:
    """What of a document was not kept, a line each."""
    for each in lost:
        place = f", {each.place}" if each.place else ""
        times = f" ({count(each.count, 'time')})" if each.count > 1 else ""
        stderr.print(printable(f"Not kept: {_NOT_KEPT[each.what]}{place}{times}"))


def progress_words(document: TranslatedDocument) -> str:
    """For people: "12 of 40 sentences · 3 min left"."""
    words = f"{document.done} of {count(document.total, 'sentence')}"
    if document.seconds_left:
        words += f" · {duration(document.seconds_left)} left"
    return words


def engine_table(engines: Iterable[EngineChoice]) -> Table:
    made = table("Model", "Languages", "Licence", numbers="")
    for engine in engines:
        made.add_row(
            Text(printable(engine.name)),
            Text(_languages_of(engine)),
            Text(_licence_of(engine)),
        )
    return made


def _languages_of(engine: EngineChoice) -> str:
    if engine.pairs:
        return ", ".join(
            f"{languages.name(source)} to {languages.name(target)}" for source, target in engine.pairs
        )
    if not engine.languages:
        return "a chat model: most widely spoken languages, more or less well"
    names = sorted(languages.name(code) for code in engine.languages)
    rest = len(names) - _MOST_NAMED
    shown = ", ".join(names[:_MOST_NAMED])
    return f"{shown} and {rest} more" if rest > 0 else shown


def _licence_of(engine: EngineChoice) -> str:
    limit = "non-commercial use only" if engine.non_commercial else ""
    return ", ".join(part for part in (engine.licence, limit) if part)


def engines_json(engines: Iterable[EngineChoice], targets: Sequence[str]) -> dict[str, Any]:
    return {
        "languages": [{"code": code, "name": languages.name(code)} for code in targets],
        "engines": [
            {
                "path": engine.path,
                "name": engine.name,
                "kind": "chat" if engine.chat else "translation",
                "pairs": [list(pair) for pair in engine.pairs],
                "languages": list(engine.languages),
                "licence": engine.licence,
                "non_commercial": engine.non_commercial,
            }
            for engine in engines
        ],
    }


def text_json(found: TextTranslation) -> dict[str, Any]:
    return {
        "text": found.text,
        "from": found.language,
        "to": found.target,
        "pivot": found.route.pivot if found.route else "",
        "models": [hop.engine.path for hop in found.route.hops] if found.route else [],
        "sentences": [
            {
                "source": paragraph.source[slice(*pair.source)],
                "text": paragraph.text[slice(*pair.target)],
                "concerns": [{"flag": each.flag, "detail": each.detail} for each in pair.concerns],
            }
            for paragraph in found.paragraphs
            for pair in paragraph.sentences
        ],
    }


def document_json(document: TranslatedDocument) -> dict[str, Any]:
    return {
        "path": document.path,
        "written": document.output or None,
        "from": document.language,
        "to": document.options.target,
        "pivot": document.pivot,
        "sentences": document.total,
        "marked": document.marked,
        "not_kept": [{"what": each.what, "place": each.place, "count": each.count} for each in document.lost],
    }

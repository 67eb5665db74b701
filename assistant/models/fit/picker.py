"""Which models a computer will run well, best first, and what they would mean on it; pure arithmetic.

How they are ranked. What a model can is taken to grow with its parameters, those that work on each token
counting for two fifths of it, and to double with every year in which it came out later: what models of one
size can has grown at least so fast. A model is comfortable where it leaves a tenth of the free memory, has
room for a conversation, and writes as fast as people read. Of these the one that can most comes first; then
those that are not; then those that do not fit, the smallest first. A slow model is weighed down by how slow
it is: half as fast as people read, it counts for a sixteenth. One that has room for half of the usual context
counts for half, and one of which only a part lies on the graphics card for less than one that lies there
whole, which is several times as fast.

For each task the one is recommended that can most here, of those that are made for the task, may be used for
work and write at least half as fast as people read; there a comfortable one counts twice, so that on the
slowest computers it is not the smallest model of all. For documents a model is weighed down that reads them
slowly. Models for speech and translation work beside others: of those the best is recommended that takes a
third of the free memory, or else the smallest.

What is recommended does not change by the minute: it is chosen for the memory that is usually free on a
computer of this size, as long as it fits into what is free just now. It is nothing that takes a beginner's
evening to fetch either: only a graphics card that holds it whole makes a larger download worth the wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant import languages, quantities
from assistant.models.catalog.records import CatalogEntry, Task
from assistant.models.files.records import ModelKind, Shape
from assistant.models.fit import memory_estimate, speed_estimate
from assistant.models.fit.records import (
    PAGE_TOKENS,
    AvailableMemory,
    Corrections,
    Fit,
    MeasuredPace,
    Outlook,
    Pick,
    Place,
    Speed,
    Wanted,
)

READING_PACE = 4.5
"""Words a second that people read; English is written so fast with six tokens."""
DOCUMENT_PACE = 25.0
"""Tokens a second with which three pages are read in a minute and a half."""

_COMFORTABLE = 0.9
"""Share of the free memory into which it must fit, so that other programs may take a little more."""
_IN_USE, _IN_USE_SHARE, _MOST_IN_USE = 2**30, 0.25, 8 * 2**30
"""Bytes that the system and other programs usually take: so many, and a share of all, up to a limit."""
CARD_IN_USE = 0.06
"""Share of a card's memory that the system takes for itself."""
_SENSIBLE_DOWNLOAD = 8e9
"""Bytes that are fetched within about twenty minutes at 50 Mbit a second."""
_BESIDE_CHAT = 0.35
"""Share of the free memory into which a model must fit that works beside a chat model."""
_SLOWNESS_POWER = 4
"""Power of the share of the reading pace by which a slow model is weighed down."""
_COMFORT_WEIGHT = 2.0
"""What a comfortable model counts for when one is recommended."""
_PARTIAL_OFFLOAD_WEIGHT = 0.6
"""What a model counts for that lies on the graphics card in part."""
_LARGE = {
    ModelKind.SPEECH: 1.2e9,
    ModelKind.TRANSLATION: 4e9,
    ModelKind.EMBEDDING: 3e8,
    ModelKind.RERANKING: 3e8,
}
"""Parameters above which models that are not for chat are slow on a processor."""

_CHAT_TASKS = (Task.CHAT, Task.DOCUMENTS, Task.CODE, Task.PICTURES)
"""Tasks for which a chat model is recommended."""
_ORDER = (ModelKind.CHAT, ModelKind.SPEECH, ModelKind.TRANSLATION, ModelKind.EMBEDDING, ModelKind.RERANKING)
"""Kinds of models in the order in which they are listed."""
_TYPES = ("f16", "q8_0", "q6_K", "q5_K", "q4_K", "q4_0", "mxfp4")
"""Types of tensors whose pace is measured."""
_USUAL = MeasuredPace(4, tuple((kind, 30e9) for kind in _TYPES), tuple((kind, 80e9) for kind in _TYPES))
"""A usual processor, by which models are ranked while nothing was measured."""
_USUAL_CARD = MeasuredPace(1, tuple((kind, 250e9) for kind in _TYPES), tuple((kind, 5e12) for kind in _TYPES))
"""The usual graphics card, by which models are ranked while no card was measured."""
_TIGHT = "It takes nearly all of the free memory: other programs would become slow."
_AS_PREDICTED = Corrections()
_ANY = Wanted()


@dataclass(frozen=True, slots=True)
class _Candidate:
    pick: Pick
    speed: Speed | None
    """With a usual computer's pace where nothing was measured."""
    needed: int
    """Bytes."""
    remembers: float = 1.0
    """Share of the context that was wanted."""
    cramped: bool = False
    """It fits, but hardly."""
    blind: bool = False
    """It could see pictures, but there is no room for that as well."""

    @property
    def words(self) -> float:
        """A second, of English; 0 for models that do not chat."""
        return self.speed.writing * languages.words_of_a_token("en") if self.speed else 0.0


def picks(
    entries: Iterable[CatalogEntry],
    room: AvailableMemory,
    pace: MeasuredPace | None,
    wanted: Wanted = _ANY,
    corrections: Corrections = _AS_PREDICTED,
    *,
    card_pace: MeasuredPace | None = None,
) -> tuple[Pick, ...]:
    """All models in order of what the computer runs well, with one recommended for each task.

    Args:
        pace: what the processor does; None if it was not measured yet.
        card_pace: the same of the graphics devices.
        wanted: what the person has fixed of the setting.
        corrections: what was measured of models on this computer.
    """
    offered = [entry for entry in entries if entry.kind in _ORDER]
    evaluator = _Evaluator(room, pace, card_pace, wanted, corrections)
    candidates = sorted(map(evaluator.candidate, offered), key=_sort_key)
    fitting = {each.pick.entry.id for each in candidates if each.pick.fits}
    blind = {each.pick.entry.id for each in candidates if each.blind}
    usually = replace(evaluator, room=usual_room(room))
    usual = [usually.candidate(entry) for entry in offered if entry.id in fitting]
    usual = [replace(each, blind=each.blind or each.pick.entry.id in blind) for each in usual]
    best = _recommended(usual, usually.room.memory_free)
    return tuple(
        replace(
            each.pick, recommended_for=tuple(task for task in Task if best.get(task) == each.pick.entry.id)
        )
        for each in candidates
    )


def usual_room(room: AvailableMemory) -> AvailableMemory:
    """The room that there is at most times, whatever other programs take just now."""
    total = room.memory_total
    if not total:
        return room  # it is not known
    in_use = min(_IN_USE + int(_IN_USE_SHARE * total), _MOST_IN_USE)
    return AvailableMemory(
        total,
        max(1, total - in_use),
        tuple(replace(device, free=int(device.total * (1 - CARD_IN_USE))) for device in room.devices),
    )


def outlook(
    shape: Shape,
    room: AvailableMemory,
    pace: MeasuredPace | None,
    wanted: Wanted = _ANY,
    corrections: Corrections = _AS_PREDICTED,
    *,
    card_pace: MeasuredPace | None = None,
) -> Outlook:
    """What one chat model would mean; the arguments are as above."""
    evaluator = _Evaluator(room, pace, card_pace, wanted, corrections)
    fit = memory_estimate.best(shape, room, wanted=wanted, correction=corrections.memory)
    if not fit.fits and shape.projector:  # the engine loads it without
        shape = replace(shape, projector=0)
        fit = memory_estimate.best(shape, room, wanted=wanted, correction=corrections.memory)
    told = fit.fits and evaluator.is_measured(fit)
    return Outlook(fit, evaluator.speed(shape, fit) if told else None)


def pages(context: int) -> str:
    """So many tokens as people see them: "about 12 pages"."""
    return f"about {quantities.count(max(1, round(context / PAGE_TOKENS)), 'page')}"


def ability(entry: CatalogEntry) -> float:
    """What a model can, in billions of parameters of one that came out in January 2024."""
    size: float = (entry.parameters / 1e9) ** 0.6 * (entry.active_parameters / 1e9) ** 0.4
    if not entry.released:
        return size / 4
    year, month = map(int, entry.released.split("-"))
    return float(size * 2 ** (year - 2024 + (month - 1) / 12))


# --- one model ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Evaluator:
    room: AvailableMemory
    pace: MeasuredPace | None
    card_pace: MeasuredPace | None
    wanted: Wanted
    corrections: Corrections

    def candidate(self, entry: CatalogEntry) -> _Candidate:
        return self._chat(entry, entry.shape) if entry.shape else self._other(entry)

    def _chat(self, entry: CatalogEntry, shape: Shape) -> _Candidate:
        """With what sees pictures if there is room for it, as the engine loads it, else without."""
        candidate = self._loaded(entry, shape)
        if not shape.projector or (candidate.pick.fits and not candidate.cramped):
            return candidate
        blind = self._loaded(entry, replace(shape, projector=0))
        if not blind.pick.fits or blind.cramped:
            return candidate
        sentence = f"{blind.pick.sentence}, without seeing pictures: there is too little memory"
        return replace(blind, pick=replace(blind.pick, sentence=sentence), blind=True)

    def _loaded(self, entry: CatalogEntry, shape: Shape) -> _Candidate:
        fit = memory_estimate.best(shape, self.room, wanted=self.wanted, correction=self.corrections.memory)
        expected = self.speed(shape, fit)
        measured = self.is_measured(fit)
        pick = Pick(entry, fit, expected if measured and fit.fits else None, fit.fits, False, "")
        remembers = fit.setting.context / (self.wanted.context or memory_estimate.USUAL_CONTEXT)
        candidate = _Candidate(pick, expected, fit.estimate.total, min(1.0, remembers))
        cramped = self._why_cramped(shape, fit) if fit.fits else ""
        why_not = (cramped or self._why_slow(candidate)) if fit.fits else fit.reason
        writes = [self._writes(pick.speed, entry)] if fit.fits else []
        sentence = ", ".join([self._needs(fit), *writes, good_at(entry)])
        pick = replace(pick, comfortable=not why_not, sentence=sentence, why_not=why_not)
        return replace(candidate, pick=pick, cramped=bool(cramped))

    def _other(self, entry: CatalogEntry) -> _Candidate:
        free = self.room.memory_free
        fits = not free or entry.memory + memory_estimate.spare(self.room) <= free
        why_not = ""
        if not fits:
            needed = quantities.size(entry.memory + memory_estimate.spare(self.room))
            why_not = f"It needs {needed} of memory, and only {quantities.size(free)} is free."
        elif free and entry.memory > _COMFORTABLE * free:
            why_not = _TIGHT
        elif entry.parameters > _LARGE[entry.kind]:
            why_not = "It is slow on a processor."
        sentence = f"needs {quantities.size(entry.memory)} of memory, {good_at(entry)}"
        pick = Pick(entry, None, None, fits, not why_not, sentence, why_not=why_not)
        return _Candidate(pick, None, entry.memory)

    def is_measured(self, fit: Fit) -> bool:
        here = self.pace is not None or fit.place is Place.DEVICE
        there = self.card_pace is not None or fit.place not in (Place.DEVICE, Place.SHARED)
        return here and there

    def speed(self, shape: Shape, fit: Fit) -> Speed:
        """Of the layers on graphics devices with their pace, of the others with the processor's."""
        here = self._with(shape, fit, self.pace or _USUAL)
        if fit.place not in (Place.DEVICE, Place.SHARED):
            return here
        there = self._with(shape, fit, self.card_pace or _USUAL_CARD)
        share = (fit.setting.gpu_layers - 1) / max(1, shape.layers)
        return Speed(
            1 / ((1 - share) / here.reading + share / there.reading),
            1 / ((1 - share) / here.writing + share / there.writing),
        )

    def _with(self, shape: Shape, fit: Fit, pace: MeasuredPace) -> Speed:
        return speed_estimate.expected(shape, fit.setting, pace, corrections=self.corrections)

    # --- in words

    def _why_cramped(self, shape: Shape, fit: Fit) -> str:
        if self._context_is_small(shape, fit):
            return f"Only {pages(fit.setting.context)} of conversation fit into memory beside it."
        return "" if self._leaves_memory(shape, fit) else _TIGHT

    def _why_slow(self, candidate: _Candidate) -> str:
        if candidate.words >= READING_PACE:
            return ""
        if candidate.pick.speed is None:
            return "It is likely to write more slowly than people read."
        return f"It writes {_words(candidate.words)} a second here, more slowly than people read."

    def _leaves_memory(self, shape: Shape, fit: Fit) -> bool:
        """Whether a conversation also fits into less than what is free now."""
        free = self.room.memory_free
        enough = int(_COMFORTABLE * free)
        if not free or _here(fit, self.room) <= enough:
            return True
        less = replace(self.room, memory_free=min(free, enough + memory_estimate.spare(self.room)))
        smaller = memory_estimate.best(shape, less, wanted=self.wanted, correction=self.corrections.memory)
        return smaller.fits and not self._context_is_small(shape, smaller)

    def _context_is_small(self, shape: Shape, fit: Fit) -> bool:
        """Whether it was given less room than a conversation needs."""
        usual = min(memory_estimate.CONVERSATION, shape.trained_context)
        return self.wanted.context is None and fit.setting.context < usual

    def _needs(self, fit: Fit) -> str:
        cards = memory_estimate.used_devices(self.room)
        if fit.place not in (Place.DEVICE, Place.SHARED) or cards[0].shared:
            return f"needs {quantities.size(fit.estimate.total)} of memory"
        there = f"needs {quantities.size(sum(fit.estimate.devices))} on the graphics card"
        if fit.place is Place.DEVICE:
            return there
        return f"{there} and {quantities.size(fit.estimate.processor)} of memory"

    def _writes(self, expected: Speed | None, entry: CatalogEntry) -> str:
        if expected is None:
            return "its speed is not measured yet"
        english = {"en", languages.MANY} & set(entry.languages)
        language = "en" if english else entry.languages[0]
        return f"{_words(expected.writing * languages.words_of_a_token(language))} a second"


def good_at(entry: CatalogEntry) -> str:
    """ "good at English and Spanish"."""
    named = [languages.name(code) for code in entry.languages if code != languages.MANY]
    if entry.kind is ModelKind.TRANSLATION and len(named) == 2:
        return f"from {named[0]} into {named[1]}"
    shown = named[:3]
    if languages.MANY in entry.languages:
        shown = [*shown, "many other languages"] if named else ["many languages"]
    elif len(named) > len(shown):
        shown = [*shown, f"{len(named) - len(shown)} others"]
    return f"good at {quantities.listed(shown)}"


def _words(number: float) -> str:
    if number < 1:
        return "less than one word"
    return f"about {number:.1f} words" if number < 3 else f"about {number:.0f} words"


def _here(fit: Fit, room: AvailableMemory) -> int:
    """Bytes of the computer's own memory."""
    cards = memory_estimate.used_devices(room)
    return fit.estimate.total if cards and cards[0].shared else fit.estimate.processor


# --- among each other --------------------------------------------------------------------------------------


def _sort_key(candidate: _Candidate) -> tuple[object, ...]:
    pick = candidate.pick
    kind = _ORDER.index(pick.entry.kind)
    if not pick.fits:
        return kind, 2, candidate.needed, pick.entry.id
    return kind, not pick.comfortable, -_score(candidate), pick.entry.id


def _score(candidate: _Candidate) -> float:
    """What a model can here."""
    suited = ability(candidate.pick.entry)
    if candidate.speed is None:
        return suited
    fit = candidate.pick.fit
    partly = _PARTIAL_OFFLOAD_WEIGHT if fit and fit.place is Place.SHARED else 1.0
    fast = min(1.0, candidate.words / READING_PACE)
    return suited * fast**_SLOWNESS_POWER * candidate.remembers * partly


def _recommended(candidates: Sequence[_Candidate], free: int) -> dict[Task, str]:
    """Ids of the models that do a task best, where so many bytes are free."""
    found: dict[Task, str] = {}
    fitting = [each for each in candidates if each.pick.fits and each.pick.entry.licence.commercial]
    for task in _CHAT_TASKS:
        suited = [each for each in fitting if each.speed and task in each.pick.entry.tasks]
        suited = [each for each in suited if not (each.blind and task is Task.PICTURES)]
        suited = [each for each in suited if _is_sensible(each)] or suited
        suited = [each for each in suited if not each.cramped] or suited
        suited = [each for each in suited if each.words >= READING_PACE / 2] or suited
        if suited:
            best = max(suited, key=lambda each: (_score_for(each, task), each.pick.entry.id))
            found[task] = best.pick.entry.id
    for task, kind in ((Task.SPEECH, ModelKind.SPEECH), (Task.TRANSLATION, ModelKind.TRANSLATION)):
        suited = [
            each
            for each in fitting
            if each.pick.entry.kind is kind and languages.MANY in each.pick.entry.languages
        ]
        beside = [each for each in suited if each.pick.comfortable and each.needed <= _BESIDE_CHAT * free]
        if beside:
            found[task] = max(beside, key=lambda each: (_score(each), each.pick.entry.id)).pick.entry.id
        elif suited:
            found[task] = min(suited, key=lambda each: (each.needed, each.pick.entry.id)).pick.entry.id
    return found


def _is_sensible(candidate: _Candidate) -> bool:
    """Whether somebody would fetch it who has no model yet."""
    fit = candidate.pick.fit
    on_card = fit is not None and fit.place is Place.DEVICE
    return on_card or candidate.pick.entry.size <= _SENSIBLE_DOWNLOAD


def _score_for(candidate: _Candidate, task: Task) -> float:
    value = _score(candidate) * (_COMFORT_WEIGHT if candidate.pick.comfortable else 1.0)
    if task is Task.DOCUMENTS and candidate.speed:
        value *= min(1.0, candidate.speed.reading / DOCUMENT_PACE)
    return value

"""PURE: options, losses, problems and paragraphs as JSON, and back."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from assistant.errors import Problem
from assistant.translation.records import (
    Concern,
    Flag,
    Formality,
    Lost,
    Mark,
    NotKept,
    SentencePair,
    Tier,
    TranslatedParagraph,
    TranslationOptions,
)


def options_to_json(options: TranslationOptions) -> str:
    return _json(dataclasses.asdict(options))


def options_from_json(kept: str) -> TranslationOptions:
    values = json.loads(kept)
    return TranslationOptions(**(values | {"formality": Formality(values["formality"])}))


def lost_to_json(lost: Sequence[Lost]) -> str:
    return _json([[each.what, each.place, each.count] for each in lost])


def lost_from_json(kept: str) -> tuple[Lost, ...]:
    return tuple(Lost(NotKept(what), place, count) for what, place, count in json.loads(kept))


def problem_to_json(problem: Problem | None) -> str:
    return json.dumps(dataclasses.asdict(problem), default=str) if problem else ""


def problem_from_json(kept: str) -> Problem | None:
    return Problem(**json.loads(kept)) if kept else None


def paragraph_to_json(paragraph: TranslatedParagraph) -> str:
    return _json(
        {
            "source": paragraph.source,
            "text": paragraph.text,
            "language": paragraph.language,
            "sentences": [
                [
                    each.source,
                    each.target,
                    [[concern.flag, concern.detail] for concern in each.concerns],
                    each.from_memory,
                ]
                for each in paragraph.sentences
            ],
            "marks": [[mark.id, mark.start, mark.end] for mark in paragraph.marks],
            "tiers": paragraph.tiers,
        }
    )


def paragraph_from_json(kept: str) -> TranslatedParagraph:
    values = json.loads(kept)
    return TranslatedParagraph(
        values["source"],
        values["text"],
        values["language"],
        tuple(
            SentencePair(
                (source[0], source[1]),
                (target[0], target[1]),
                tuple(Concern(Flag(flag), detail) for flag, detail in concerns),
                from_memory,
            )
            for source, target, concerns, from_memory in values["sentences"]
        ),
        tuple(Mark(*mark) for mark in values["marks"]),
        tuple((id, Tier(tier)) for id, tier in values["tiers"]),
    )


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))

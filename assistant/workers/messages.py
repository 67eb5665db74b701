"""What crosses the pipe between the program and an engine's process. Every value must pickle."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

NO_RUN = 0
"""Stands where a run's id would; runs count from 1. Events are delivered (`Acknowledged`) under it."""

SEND_WINDOW = 256
"""Reports of one run that may be under way or waiting for their callback. A child that has sent so many
waits, so that neither side's memory grows and no other run waits behind a slow callback."""

# --- parent to child


@dataclass(frozen=True, slots=True)
class Call:
    run: int
    method: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cancel:
    run: int


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The parent has dealt with so many more reports of a run: as many again may be sent."""

    run: int
    count: int


# --- child to parent


@dataclass(frozen=True, slots=True)
class Ready:
    """The engine is constructed and takes calls."""


@dataclass(frozen=True, slots=True)
class Report:
    """Progress or a partial result of one run."""

    run: int
    value: Any


@dataclass(frozen=True, slots=True)
class Result:
    run: int
    value: Any


@dataclass(frozen=True, slots=True)
class Failure:
    """The run ended with an error; `error` is an AssistantError or Cancelled.

    With the run NO_RUN it says why the process ends: above all, why the engine could not be started.
    """

    run: int
    error: Exception


@dataclass(frozen=True, slots=True)
class Event:
    """Something that belongs to no run."""

    value: Any


@dataclass(frozen=True, slots=True)
class Attempts:
    """So many more attempts to reach a network were refused in the child and in its own children."""

    count: int
    words: tuple[str, ...]


ToChild: TypeAlias = Call | Cancel | Acknowledged
ToParent: TypeAlias = Ready | Report | Result | Failure | Event | Attempts

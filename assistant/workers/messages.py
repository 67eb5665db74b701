"""What crosses the pipe between the program and an engine's process. Every value must pickle."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

# --- parent to child


@dataclass(frozen=True, slots=True)
class Call:
    run: int
    method: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cancel:
    run: int


# --- child to parent


@dataclass(frozen=True, slots=True)
class Ready:
    """The engine is constructed and takes calls."""

    pid: int
    guard: str
    """The network guard's level in the child; see network_guard.Level."""


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
    """The run ended with an error; `error` is an AssistantError or Cancelled."""

    run: int
    error: Exception


@dataclass(frozen=True, slots=True)
class Event:
    """Something that belongs to no run."""

    value: Any


ToChild: TypeAlias = Call | Cancel
ToParent: TypeAlias = Ready | Report | Result | Failure | Event

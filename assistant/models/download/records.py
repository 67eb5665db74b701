"""Downloads, before they begin and when they were stopped."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import Problem
from assistant.models.catalog.records import CatalogEntry


@dataclass(frozen=True, slots=True)
class DownloadsState:
    allowed: bool
    by: str = ""
    """Who forbids them: "settings", "environment" or "administrator"; "" if nobody does."""
    problem: Problem | None = None
    """Why, for a person."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One download, as the person is asked to confirm it."""

    entry: CatalogEntry
    host: str
    size: int
    """Bytes that are still to come."""
    disk_free: int
    problem: Problem | None = None
    """Why it cannot be had now."""


@dataclass(frozen=True, slots=True)
class UnfinishedDownload:
    """A download that was stopped or cut off: what came of it waits, and goes on from there."""

    entry: CatalogEntry
    done: int
    """Bytes that are here."""

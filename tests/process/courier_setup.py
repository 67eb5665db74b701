"""A courier for tests, with a folder of its own for what it brings."""

from __future__ import annotations

import hashlib
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import AssistantError
from assistant.jobs import Progress
from assistant.models.catalog.records import ModelFile
from assistant.models.download import partial_file
from assistant.models.download.client import Courier, Fetched
from assistant.workers.run import Run
from tests.made_models.records import entry

CONTENT = random.Random(1).randbytes(300_000)
OTHER = random.Random(2).randbytes(300_000)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def known(address: str, content: bytes = CONTENT, name: str = "small.gguf") -> ModelFile:
    return ModelFile(name, address, len(content), sha256(content))


def unknown(address: str) -> ModelFile:
    return ModelFile("small.gguf", address)


class CourierSetup:
    """A courier with a folder of its own for what it brings."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self.process = process
        self.courier = Courier(folder / "hashes.json", process)
        self.reports: list[Progress] = []

    def get(self, *files: ModelFile, limit: float | None = None) -> tuple[Fetched, ...]:
        return self.begin(*files, limit=limit).result(timeout=60)

    def begin(self, *files: ModelFile, limit: float | None = None) -> Run[tuple[Fetched, ...]]:
        return Run.derived(
            lambda steps: self.courier.fetch(entry(*files), self.target, steps.token, steps.report, limit),
            self.reports.append,
        )

    @property
    def target(self) -> Path:
        return self.folder / "small"

    @property
    def part(self) -> Path:
        return self.target / partial_file.FOLDER / "small.gguf.part"

    def models(self) -> list[str]:
        """What somebody would take for a model."""
        return [path.name for path in self.target.glob("*") if path.is_file()]


def refusal(setup: CourierSetup, *files: ModelFile) -> AssistantError:
    """What a person is told. A refused file is nowhere where a model would be looked for."""
    with pytest.raises(AssistantError) as caught:
        setup.get(*files)
    assert setup.models() == []
    assert caught.value.hint
    return caught.value


def wait_until(holds: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)

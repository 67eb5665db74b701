"""The courier of tests, and a server for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.models.download import bootstrap
from tests.process import courier_program
from tests.process.courier_setup import CourierSetup
from tests.process.file_server import FileServer, running


@pytest.fixture
def server() -> Iterator[FileServer]:
    with running() as server:
        yield server


@pytest.fixture
def setup(tmp_path: Path) -> Iterator[CourierSetup]:
    setup = CourierSetup(tmp_path, bootstrap.launch(courier_program.COMMAND))
    yield setup
    setup.courier.close()

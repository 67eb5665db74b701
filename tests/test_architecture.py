"""The house keeps the import arrow, and each rule reports made-up source that breaks it."""

from __future__ import annotations

import pytest

from tests.architecture import (
    ENGINES,
    PURE,
    QT,
    RULES,
    against_the_arrow,
    behaviour_past_the_door,
    circles_of_files,
    circles_of_rooms,
    engines_in_the_window,
    engines_loaded_by_the_window,
    imports,
    io_in_pure_files,
    libraries_in_many_files,
    loaded_before_the_first_paint,
    modules,
    qt_in_the_core,
)


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_the_rule(rule: object) -> None:
    assert callable(rule)
    assert rule(modules()) == []


def test_the_whole_house_is_looked_at() -> None:
    found = modules()
    assert {"assistant", "assistant.errors", "assistant.documents.records", "assistant.services"} <= set(
        found
    )
    looked_at = {name for name in found if imports({name: found[name]})}
    assert len(looked_at) > len(found) / 2


# --- each rule reports what breaks it -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("importer", "source"),
    [
        ("assistant.errors", "from assistant.jobs import CancelToken"),
        ("assistant.errors", "from assistant import settings"),
        ("assistant.paths", "import assistant.settings"),
        ("assistant.jobs", "def late():\n    from assistant.documents import records"),
        ("assistant.workers.child", "from ..documents.engine import DocumentsEngine"),
        ("assistant.workers.child", "from .. import services"),
        ("assistant.workers.child", "import importlib\nimportlib.import_module('assistant.cli.main')"),
        ("assistant.documents.store.store", "from assistant.services import Services"),
        (
            "assistant.documents.store.store",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import ui.window",
        ),
        ("assistant.chat.engine", "from assistant.speech.engine import SpeechEngine"),
        ("assistant.translation.service", "from assistant.chat import history"),
        ("assistant.chat.service", "from assistant.documents.records import Quote"),
        ("assistant.hardware", "from assistant import network_guard"),
        ("assistant.services", "import ui"),
        ("ui.window", "from assistant.cli.main import run"),
        ("assistant", "from assistant.paths import home"),
    ],
)
def test_an_import_against_the_arrow_is_reported(importer: str, source: str) -> None:
    assert len(against_the_arrow({importer: source})) == 1


def test_a_module_in_no_layer_is_reported() -> None:
    assert against_the_arrow({"assistant.helpers": ""}) == ["assistant.helpers is in no layer"]


@pytest.mark.parametrize(
    ("importer", "source"),
    [
        ("assistant.services", "from assistant.documents.service import DocumentsService"),
        ("assistant.documents.engine", "from . import store\nfrom .store import Store"),
        ("assistant.documents", "from .records import Quote"),
        ("assistant.data_lock", "from assistant import paths"),
        ("assistant.__main__", "from assistant import cli, network_guard"),
        ("ui.window", "from ui.common.theme import Theme\nfrom assistant import __version__"),
    ],
)
def test_an_import_along_the_arrow_is_not_reported(importer: str, source: str) -> None:
    assert against_the_arrow({importer: source}) == []


def test_a_circle_of_files_is_reported() -> None:
    line = {"assistant.chat.a": "from assistant.chat.b import x", "assistant.chat.b": "", "ui.window": ""}
    assert circles_of_files(line) == []
    late = {**line, "assistant.chat.b": "def f():\n    from assistant.chat import a"}
    assert circles_of_files(late) == [
        "assistant.chat.a → assistant.chat.b",
        "assistant.chat.b → assistant.chat.a",
    ]


def test_a_circle_of_rooms_is_reported() -> None:
    line = {
        "assistant": "",
        "assistant.chat": "",
        "assistant.chat.records": "",
        "assistant.chat.engine": "from assistant.chat.history.store import x",
        "assistant.chat.history": "",
        "assistant.chat.history.store": "from assistant.chat.records import x",
    }
    assert circles_of_rooms(line) == []
    circle = {**line, "assistant.chat.records": "from assistant.chat.history.store import y"}
    assert len(circles_of_rooms(circle)) == 2


@pytest.mark.parametrize("library", sorted(QT))
def test_qt_in_the_core_is_reported(library: str) -> None:
    for source in (f"import {library}", f"def f():\n    from {library}.QtCore import QObject"):
        assert len(qt_in_the_core({"assistant.jobs": source})) == 1
        assert qt_in_the_core({"ui.window": source}) == []


@pytest.mark.parametrize("library", sorted(ENGINES))
def test_an_engine_in_the_window_is_reported(library: str) -> None:
    for source in (
        f"import {library} as x",
        f"class A:\n    def f(self):\n        from {library}.sub import y",
    ):
        assert len(engines_in_the_window({"ui.chat.page": source})) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from assistant.documents.service import DocumentsService",
        "from assistant.documents.store.store import Store",
        "from assistant.documents import store",
        "from assistant.workers.supervisor import Worker",
        "from assistant import network_guard",
        "from assistant import hardware, errors",
        "import assistant.data_lock",
    ],
)
def test_the_window_going_past_the_door_is_reported(source: str) -> None:
    assert len(behaviour_past_the_door({"ui.window": source})) == 1


def test_what_the_window_may_name_is_not_reported() -> None:
    source = """
from assistant import __version__, errors, jobs, services
from assistant.documents.records import Answer
from assistant.documents import records
from assistant.errors import AssistantError
from assistant.services import Services
from assistant.settings import Theme
if TYPE_CHECKING:
    from assistant.hardware import Hardware
"""
    known = dict.fromkeys(modules(), "")
    assert behaviour_past_the_door({**known, "ui.window": source}) == []


def test_a_library_in_a_second_file_is_reported() -> None:
    sources = {
        "assistant.documents.search.vector_index": "import chromadb",
        "assistant.documents.store.store": "import chromadb",
    }
    assert len(libraries_in_many_files(sources)) == 1
    assert len(libraries_in_many_files({"assistant.documents.store.store": "import chromadb.config"})) == 1
    both = {
        "assistant.documents.files.watcher": "import watchdog.events",
        "assistant.documents.files.scan": "import watchdog",
    }
    assert len(libraries_in_many_files(both)) == 1
    assert (
        libraries_in_many_files(
            {"assistant.documents.search.vector_index": "import chromadb\nimport chromadb"}
        )
        == []
    )
    for_types = "if TYPE_CHECKING:\n    import watchdog"
    assert libraries_in_many_files({**both, "assistant.documents.files.scan": for_types}) == []


def test_io_in_a_pure_file_is_reported() -> None:
    for pure in PURE:
        assert len(io_in_pure_files({pure: "from pathlib import Path"})) == 1
        assert len(io_in_pure_files({pure: "def f():\n    import sqlite3"})) == 1


def test_an_engine_that_the_window_would_load_is_reported() -> None:
    chain = {
        "ui.app": "from assistant.services import Services",
        "assistant.services": "from assistant.documents.service import DocumentsService",
        "assistant.documents.service": "from .search import retrieval",
        "assistant.documents.search.retrieval": "import sentence_transformers",
    }
    (report,) = engines_loaded_by_the_window(chain)
    assert report.endswith(
        "assistant.documents.service → assistant.documents.search.retrieval → sentence_transformers"
    )
    through_package = {**chain, "assistant.documents.service": "", "assistant.documents": "import torch"}
    assert len(engines_loaded_by_the_window(through_package)) == 1
    late = {**chain, "assistant.documents.search.retrieval": "def f():\n    import sentence_transformers"}
    assert engines_loaded_by_the_window(late) == []


def test_what_the_window_loads_before_it_is_seen_is_reported() -> None:
    chain = {"ui.app": "from ui.window import Window", "ui.window": "from assistant.vision.records import A"}
    assert loaded_before_the_first_paint({**chain, "assistant.vision.records": ""}) == [
        "ui.app → ui.window → assistant.vision.records"
    ]
    late = {**chain, "ui.window": "def f():\n    from assistant.vision.records import A"}
    assert loaded_before_the_first_paint(late) == []

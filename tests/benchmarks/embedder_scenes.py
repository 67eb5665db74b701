"""Choosing the model that searches documents, in its states, for screenshots.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant import paths
from assistant.documents.embedder_records import (
    EmbedderAdvice,
    EmbedderChange,
    EmbedderState,
    EmbedderStep,
)
from assistant.documents.event_records import IndexingState, IndexingStatus
from assistant.documents.records import DocumentInfo
from assistant.errors import Problem
from assistant.models.catalog import catalog
from assistant.models.files.records import ModelKind
from tests.benchmarks.scene import Scene
from tests.gui.doubles import BUILTIN, document, embedder
from tests.gui.model_doubles import MB, installed
from ui.embedders.change_dialog import ChangeDialog

E5 = embedder("m5", "Multilingual E5 small")
LONG = embedder(
    "m6",
    "نموذج البحث الدلالي متعدد اللغات الذي أطلق عليه صانعوه اسما طويلا جدا · v2.1 instruct tuned distilled",
)
HINDI = EmbedderAdvice(E5.id, E5.name, True, ("hi",), 12)


def rows() -> list[DocumentInfo]:
    home = "/home/ada/Documents"
    return [
        document(1, f"{home}/handbook/start.md", collection="Handbook"),
        *(document(n, f"{home}/第{n}章.pdf", pages=20 * n) for n in range(2, 12)),
        document(12, f"{home}/report-2023.pdf", pages=236, chunks=2012),
    ]


def begin(scene: Scene, page: str = "") -> None:
    base = embedder("multilingual-e5-base", "Multilingual E5 base", state=EmbedderState.OFFERED)
    scene.documents.offer(E5, replace(base, seconds=2400.0, memory=990 * MB))
    scene.services.models.entries = catalog.load(paths.resources() / "models.json")
    scene.services.models.put(
        installed("m1", "Qwen3 1.7B", entry="qwen3-1.7b"),
        installed(
            "m5", "Multilingual E5 small", kind=ModelKind.EMBEDDING, entry="multilingual-e5-small",
            size=470 * MB, path="/models/e5",
        ),
    )  # fmt: skip
    scene.connect(*rows())
    if page:
        scene.window.go_to(page)
    if page == "models":
        scene.wait(lambda: not scene.window.models.sections.isHidden())
    scene.settle()


def change(scene: Scene, **other: object) -> None:
    scene.documents.offer(replace(E5, state=EmbedderState.CHANGING))
    values = {"chunks_done": 840, "chunks": 2000, "seconds_left": 430.0, **other}
    scene.documents.tell(change=EmbedderChange(E5.id, E5.name, EmbedderStep.EMBEDDING, **values))  # type: ignore[arg-type]
    scene.settle()


def advice(scene: Scene) -> None:
    begin(scene)
    scene.documents.tell(advice=HINDI)


def advice_to_get(scene: Scene) -> None:
    begin(scene)
    scene.documents.tell(
        advice=EmbedderAdvice(
            "multilingual-e5-base", "Multilingual E5 base", False, ("hi", "ta", "zh", "ar"), 1240
        )
    )


def advice_long(scene: Scene) -> None:
    begin(scene)
    scene.documents.offer(LONG)
    scene.documents.tell(advice=EmbedderAdvice(LONG.id, LONG.name, True, ("ar",), 0))


def got_details(scene: Scene) -> None:
    advice_to_get(scene)
    scene.settle()
    scene.page.embedder_advice.action.click()


def dialog(scene: Scene) -> None:
    begin(scene)
    scene.dialog = ChangeDialog(scene.window, E5, BUILTIN, None, ("hi",), lambda: None)
    scene.dialog.show()


def dialog_back(scene: Scene) -> None:
    begin(scene)
    back = replace(BUILTIN, state=EmbedderState.READY, seconds=130.0)
    other = EmbedderChange(LONG.id, LONG.name, EmbedderStep.CONVERTING)
    active = replace(LONG, state=EmbedderState.ACTIVE)
    scene.dialog = ChangeDialog(scene.window, back, active, other, (), lambda: None)
    scene.dialog.show()


def changing(scene: Scene) -> None:
    begin(scene)
    change(scene)


def changing_paused(scene: Scene) -> None:
    begin(scene)
    scene.documents.on_event(IndexingStatus(IndexingState.PAUSED))
    change(scene)


def changing_held(scene: Scene) -> None:
    begin(scene)
    full = Problem.as_told("disk-full", "The disk is full.", "Free some space; it goes on by itself.")
    change(scene, held=full)


def changed(scene: Scene) -> None:
    begin(scene)
    change(scene)
    scene.documents.complete()


def lost(scene: Scene) -> None:
    begin(scene)
    gone = Problem.as_told(
        "embedder-lost",
        "“Multilingual E5 small” is damaged; “all-MiniLM-L6-v2” searches your documents instead.",
        "Remove the model on the Models page, add it again, and choose it again.",
    )
    scene.documents.tell(notice=gone)


def models(scene: Scene) -> None:
    begin(scene, "models")


def models_advised(scene: Scene) -> None:
    begin(scene, "models")
    scene.documents.tell(advice=HINDI)


def models_changing(scene: Scene) -> None:
    begin(scene, "models")
    change(scene)


def models_details(scene: Scene) -> None:
    begin(scene, "models")
    scene.window.models.open_details("m5")


def models_only(scene: Scene) -> None:
    begin(scene, "settings")
    scene.window.settings.documents.choose_wanted.emit()
    scene.wait(lambda: not scene.window.models.sections.isHidden())
    scene.settle()
    scene.window.models.area.verticalScrollBar().setValue(420)


def settings(scene: Scene) -> None:
    begin(scene, "settings")
    change(scene)


SCENES: dict[str, Callable[[Scene], None]] = {
    "embedder-advice": advice,
    "embedder-advice-to-get": advice_to_get,
    "embedder-advice-long": advice_long,
    "embedder-got-details": got_details,
    "embedder-dialog": dialog,
    "embedder-dialog-back": dialog_back,
    "embedder-changing": changing,
    "embedder-changing-paused": changing_paused,
    "embedder-changing-held": changing_held,
    "embedder-changed": changed,
    "embedder-lost": lost,
    "embedder-models": models,
    "embedder-models-advised": models_advised,
    "embedder-models-changing": models_changing,
    "embedder-models-details": models_details,
    "embedder-models-only": models_only,
    "embedder-settings": settings,
}

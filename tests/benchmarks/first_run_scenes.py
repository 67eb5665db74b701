"""The first run, to be looked at: each step, and what can happen to its models."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from assistant.errors import DownloadError, Problem
from assistant.jobs import Progress
from assistant.models.catalog.records import Task
from assistant.models.download.records import DownloadsState
from assistant.models.files.records import ModelKind
from assistant.network_guard import Level
from tests.benchmarks.scene import Scene
from tests.gui.doubles import Pending, document
from tests.gui.model_doubles import GB, MB, NO_WORK, computer, entry, installed
from tests.told import told
from ui.first_run.models_step import ModelsStep
from ui.first_run.page import KEY, FirstRunPage


def opening(scene: Scene) -> None:
    """As it is painted first."""
    scene.window.go_to(KEY)


def first(scene: Scene) -> None:
    scene.window.go_to(KEY)
    scene.connect(document(1, "/handbook/start.md", collection="Handbook"))
    scene.settle()


def weak(scene: Scene) -> None:
    """Little memory, hardly any disk, and networks that are not blocked."""
    scene.window.go_to(KEY)
    hardware = replace(computer().hardware, memory_total=2 * GB, memory_available=700 * MB, disk_free=2 * GB)
    scene.services.models.this = computer(hardware=hardware, devices=())
    scene.services.guard = Level.NONE
    first(scene)


def proof(scene: Scene) -> None:
    first(scene)
    scene.window.proof.toggle()


def models(scene: Scene) -> ModelsStep:
    first(scene)
    return to_models(scene)


def to_models(scene: Scene) -> ModelsStep:
    page = cast(FirstRunPage, scene.window.page(KEY))
    page.next.click()
    step = cast(ModelsStep, page.step(1))
    scene.wait(lambda: all(row.offer.known for row in step.tasks.values()))
    return step


def models_offered(scene: Scene) -> None:
    models(scene)


def downloading(scene: Scene) -> None:
    """One on its way, one that was stopped, one that failed."""
    step = models(scene)
    service, downloads = scene.services.models, scene.window.model_actions.downloads
    reports = (
        Progress("", round(1.1 * GB), round(2.5 * GB), 260),
        Progress("", 300 * MB, 484 * MB, 60),
        Progress("", 20 * MB, 155 * MB, 60),
    )
    runs = [Pending() for _ in reports]
    for row, run, report in zip(step.tasks.values(), runs, reports, strict=True):
        service.queue["get"].append(run)
        assert row.offer.pick is not None
        downloads.start(row.offer.pick.entry)
        service.report(report)
        scene.settle(50)
    step.tasks[Task.SPEECH].offer.stop()
    lost = told(DownloadError, "The connection was lost.", "Press Resume: it goes on where it stopped.")
    runs[2].fail(lost)


def offline(scene: Scene) -> None:
    scene.services.models.state = DownloadsState(
        False, "settings", Problem.as_told("x", "Downloads are switched off in Settings.")
    )
    models(scene)


def here(scene: Scene) -> None:
    """A chat model that was brought beforehand."""
    scene.services.models.put(installed("m1", "Qwen2.5-Coder 1.5B Instruct"))
    models(scene)


def long_names(scene: Scene) -> None:
    """Names, licences and kinds that are as long as they get, and nothing for speech."""
    name = "A model whose makers gave it a name that goes on and on: instruct, tuned, distilled, quantised"
    scene.services.models.entries = (
        entry("long", name, 4.0, 2500, tasks=(Task.CHAT, Task.DOCUMENTS), licence=NO_WORK),
        entry("arabic", "علّام للترجمة بين العربية والإنجليزية", 0.08, 155, kind=ModelKind.TRANSLATION,
              tasks=(Task.TRANSLATION,), languages=("ar", "en")),
    )  # fmt: skip
    models(scene)


def files(scene: Scene) -> None:
    models(scene)
    cast(FirstRunPage, scene.window.page(KEY)).next.click()


def skipped(scene: Scene) -> None:
    first(scene)
    cast(FirstRunPage, scene.window.page(KEY)).skip.click()


SCENES = {
    "first-run-opening": opening,
    "first-run-computer": first,
    "first-run-weak": weak,
    "first-run-proof": proof,
    "first-run-models": models_offered,
    "first-run-downloading": downloading,
    "first-run-offline": offline,
    "first-run-here": here,
    "first-run-long": long_names,
    "first-run-files": files,
    "first-run-skipped": skipped,
}
SMALLEST = {
    "first-run-computer-smallest": first,
    "first-run-models-smallest": downloading,
    "first-run-long-smallest": long_names,
    "first-run-files-smallest": files,
}

"""The models page in its states, for screenshots.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant import paths
from assistant.errors import Problem, StorageError
from assistant.jobs import Progress
from assistant.models.catalog import catalog
from assistant.models.catalog.records import Task
from assistant.models.download.records import DownloadsState, Offer
from assistant.models.files.records import DiscoveredModel, ModelKind
from assistant.models.library import licences
from assistant.models.library.records import StatedLicence
from tests.benchmarks.scene import Scene
from tests.gui.doubles import Pending, document
from tests.gui.model_doubles import GB, MB, card, computer, installed, measured
from tests.told import told
from ui.models.card_data import CardAction
from ui.models.dialogs import AddDialog, DownloadDialog, ExportDialog, ManualDownloadDialog
from ui.models.page import ModelsPage

QWEN = "qwen3-4b"
HOME = "/home/ada"


def begin(scene: Scene, *, models: bool = True) -> ModelsPage:
    if models:
        scene.services.models.put(
            installed("m1", "Qwen3 1.7B", entry="qwen3-1.7b"),
            installed(
                "m2", "granite-3.3-2b-instruct-Q4_K_M", path="/media/stick/granite.gguf", linked=True,
                missing=True, size=1550 * MB,
            ),
            installed(
                "m3", "mistral-7b-instruct-v0.2", size=4370 * MB, path=f"{HOME}/mistral.gguf", linked=True
            ),
            installed("m4", "Whisper small", kind=ModelKind.SPEECH, size=484 * MB, path="/models/whisper"),
        )  # fmt: skip
        scene.services.models.loads = (measured(),)
    scene.connect(document(7, "/d/report-2023.pdf"))
    scene.window.go_to("models")
    page = scene.window.models
    scene.wait(lambda: not page.sections.isHidden())
    scene.settle()
    return page


def seeing(scene: Scene) -> None:
    """What sees pictures, what lets it, and languages of text in pictures."""
    models = scene.services.models
    models.recognised = ("ar", "zh", "en", "fr", "de", "el", "hi", "it", "pt", "ru", "es", "th", "tr", "vi")
    models.seeing = {"m5": "m6"}
    models.put(
        installed("m5", "SmolVLM 500M Instruct", size=437 * MB, languages=("en",)),
        installed(
            "m6", "mmproj-SmolVLM-500M-Instruct-Q8_0", kind=ModelKind.PROJECTOR, size=109 * MB, shape=None
        ),
        installed("m7", "mmproj-model-f16", kind=ModelKind.PROJECTOR, size=812 * MB, shape=None),
        installed(
            "m8", "Swahili (swa)", kind=ModelKind.RECOGNITION, size=2 * MB, languages=("sw",), shape=None
        ),
    )
    page = begin(scene, models=False)
    page.open_details("recognition")
    scene.settle()


def scroll(page: ModelsPage, to: int) -> None:
    page.area.verticalScrollBar().setValue(to)


def show_menu(scene: Scene, page: ModelsPage, id: str) -> None:
    row = next(row for view in page.sections.all_lists() for row in view.rows.shown if row.id == id)
    scene.dialog = page.menus.card_menu(row)
    scene.dialog.popup(scene.window.rect().center())


def models(scene: Scene) -> None:
    page = begin(scene)
    page.menus.run("m1", CardAction.USE)


def catalogue(scene: Scene) -> None:
    """All models that can be got."""
    scene.services.models.entries = catalog.load(paths.resources() / "models.json")
    page = begin(scene)
    scroll(page, 640)


def filters(scene: Scene) -> None:
    catalogue(scene)
    page = scene.window.models
    page.sections.filters.task.choose(Task.CODE)
    page.sections.filters.language.choose("Spanish")
    scroll(page, 500)
    scene.dialog = page.sections.filters.language.menu_of_choices()
    scene.dialog.popup(scene.window.rect().center())


def good(scene: Scene) -> None:
    page = begin(scene)
    scroll(page, 640)


def folded_out(scene: Scene) -> None:
    page = begin(scene)
    for fold in page.sections.folds.values():
        fold.toggle()
    scene.settle()
    scroll(page, 2000)


def nothing_here(scene: Scene) -> None:
    begin(scene, models=False)


def loading(scene: Scene) -> None:
    scene.window.go_to("models")


def trouble(scene: Scene) -> None:
    scene.services.models.queue["installed"].append(
        told(
            StorageError, "The list of models is damaged.", "It was kept as “models.damaged.json”. Try again."
        )
    )
    scene.connect(document(7, "/d/report-2023.pdf"))
    scene.window.go_to("models")


def with_cards(scene: Scene) -> None:
    hardware = replace(computer().hardware, on_battery=True, memory_total=32 * GB, memory_available=21 * GB)
    scene.services.models.this = computer(
        hardware=hardware,
        devices=(
            card(),
            card(name="Intel Iris Xe", usable=False, note="This build of the program cannot use it."),
        ),
    )
    begin(scene)


def what_if(scene: Scene) -> None:
    page = begin(scene)
    page.computer.what_if.click()
    page.what_if.memory.setValue(7)
    page.what_if.device.setValue(3)
    page.what_if.context.setValue(3)


def getting(scene: Scene) -> None:
    page = begin(scene, models=False)
    service = scene.services.models
    for _ in range(2):
        service.queue["get"].append(Pending())
    page._models.downloads.start(service.entry(QWEN))
    service.report(Progress("Fetching", 900 * MB, 2500 * MB, 250.0))
    page._models.downloads.start(service.entry("qwen3-1.7b"))
    service.report(Progress("Fetching", 300 * MB, 1280 * MB, 90.0))
    scene.settle()
    page._models.downloads.stop("qwen3-1.7b")
    service.queue["get"].append(
        told(
            StorageError,
            "The disk has 1.1 GB free. The download needs 2.4 GB.",
            "Free some space and try again.",
        )
    )
    page._models.downloads.start(service.entry("phi-3-mini"))
    scroll(page, 340)


def jobs(scene: Scene) -> None:
    scene.services.models.queue["add"].append(Pending())
    page = begin(scene)
    page._models.add(["/media/stick/gemma-3-4b-it.Q4_K_M.gguf"], link=False)
    scene.services.models.report(Progress("Copying", 1200 * MB, 2490 * MB, 40.0))
    page._models.problems["m3"] = Problem.as_told(
        "model-unusable", "It is damaged: 3 of its parts are not as they came.", "Remove it and add it again."
    )
    page._show()


def details(scene: Scene) -> None:
    page = begin(scene)
    page._toggle_details(QWEN)


def details_here(scene: Scene) -> None:
    page = begin(scene)
    page._toggle_details("m1")
    scene.settle()
    page.details.verticalScrollBar().setValue(420)


def all_measured(scene: Scene) -> None:
    page = begin(scene)
    scene.services.models.loads += (
        measured(
            f"{HOME}/mistral.gguf", "mistral-7b-instruct-v0.2", predicted=5 * GB, measured=round(5.1 * GB)
        ),
    )
    page._models.refresh()
    scene.settle()
    page._show_measured()


def found(scene: Scene) -> None:
    scene.services.models.queue["discover"].append(
        (
            DiscoveredModel(f"{HOME}/.ollama/models/blobs/sha256-6a", "llama3.2:3b",
                  ModelKind.CHAT, 2019 * MB, "Ollama"),
            DiscoveredModel(f"{HOME}/.cache/lm-studio/models/bartowski/gemma-2-9b-it-GGUF/gemma-2-9b-it-Q4_K_M.gguf",
                  "gemma-2-9b-it-Q4_K_M", ModelKind.CHAT, 5761 * MB, "LM Studio"),
            DiscoveredModel(f"{HOME}/.cache/huggingface/hub/models--Systran--faster-whisper-base",
                  "faster-whisper-base", ModelKind.SPEECH, 145 * MB, "Hugging Face"),
        )
    )  # fmt: skip
    page = begin(scene)
    page._models.discover()


def filtered(scene: Scene) -> None:
    page = begin(scene, models=False)
    page.sections.filters.search.setText("nothing like it")


def get_question(scene: Scene) -> None:
    page = begin(scene)
    offer = Offer(scene.services.models.entry("qwen2.5-coder-3b"), "huggingface.co", 1930 * MB, 64 * 10**9)
    scene.dialog = DownloadDialog(page, offer, lambda: None)
    scene.dialog.show()


def by_hand(scene: Scene) -> None:
    off = DownloadsState(
        False,
        "administrator",
        Problem(
            "downloads-off", "downloads-off-administrator", {"place": "/etc/offline-assistant/policy.toml"}
        ),
    )
    scene.services.models.state = off
    page = begin(scene)
    scroll(page, 640)
    scene.dialog = ManualDownloadDialog(page, scene.services.models.entry(QWEN), off, print)
    scene.dialog.show()


def add_question(scene: Scene) -> None:
    page = begin(scene)
    stated = [StatedLicence("NLLB-200 600M", licences.NLLB)]
    scene.dialog = AddDialog(page, ["/media/stick/nllb-200-distilled-600M"], stated, lambda _: None)
    scene.dialog.show()


def export_question(scene: Scene) -> None:
    page = begin(scene)
    scene.dialog = ExportDialog(page, tuple(scene.services.models.here.values()), lambda *_: None)
    scene.dialog.show()


def drop(scene: Scene) -> None:
    begin(scene)
    scene.window.drops.overlay.setGeometry(scene.window.rect())
    scene.window.drops.overlay.open_for_page("Drop to add “gemma-3-4b-it.gguf” to your models")


def menu(scene: Scene) -> None:
    page = begin(scene)
    show_menu(scene, page, "m1")


def unfinished(scene: Scene) -> None:
    scene.services.models.waiting[QWEN] = 900 * MB
    page = begin(scene, models=False)
    show_menu(scene, page, QWEN)


def chat_menu(scene: Scene) -> None:
    page = begin(scene)
    page.menus.run("m1", CardAction.USE)
    scene.window.go_to("chat")
    scene.settle()
    scene.dialog = scene.window.chat.models.menu()
    scene.dialog.popup(scene.window.rect().center())


SCENES: dict[str, Callable[[Scene], None]] = {
    "models-seeing": seeing,
    "models": models,
    "models-catalogue": catalogue,
    "models-filters": filters,
    "models-good": good,
    "models-folds": folded_out,
    "models-none": nothing_here,
    "models-loading": loading,
    "models-trouble": trouble,
    "models-cards": with_cards,
    "models-what-if": what_if,
    "models-getting": getting,
    "models-jobs": jobs,
    "models-details": details,
    "models-details-here": details_here,
    "models-measured": all_measured,
    "models-found": found,
    "models-filtered": filtered,
    "models-get": get_question,
    "models-by-hand": by_hand,
    "models-add": add_question,
    "models-export": export_question,
    "models-drop": drop,
    "models-menu": menu,
    "models-unfinished": unfinished,
    "models-chat-menu": chat_menu,
}

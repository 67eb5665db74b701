"""A double of the models' service: a laptop, a handful of models to get and to have, and runs a test ends."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant import quantities
from assistant.errors import Problem
from assistant.hardware import Hardware
from assistant.models.catalog.records import CatalogEntry, Licence, ModelFile, Task
from assistant.models.download.records import DownloadsState, Offer, UnfinishedDownload
from assistant.models.files.model_paths import sort_out
from assistant.models.files.records import Attention, ModelKind, Shape, SortedPaths
from assistant.models.fit.records import (
    Computer,
    Device,
    Estimate,
    Fit,
    Measured,
    MeasuredPace,
    Outlook,
    Pick,
    Place,
    Setting,
    Speed,
    WhatIf,
)
from assistant.models.library.records import (
    AddedModels,
    BundleSummary,
    Extras,
    Installed,
    StatedLicence,
    Verified,
)

GB = 10**9
MB = 10**6
APACHE = Licence("Apache-2.0", True)
NO_WORK = Licence("CC-BY-NC-4.0", False, "Free for private and scientific use; not for commercial work.")


def computer(**other: Any) -> Computer:
    """A laptop with 8 GB and a card that cannot be used, unless said otherwise."""
    hardware = Hardware(
        system="Linux 6.1 x86_64",
        processor="AMD Ryzen 5 7640U",
        physical_cores=4,
        memory_total=8 * GB,
        memory_available=round(5.5 * GB),
        disk_free=64 * 10**9,
    )
    values: dict[str, Any] = {
        "hardware": hardware,
        "devices": (),
        "pace": MeasuredPace(4, (("q4_K", 30e9),), (("q4_K", 90e9),)),
        "ours": round(0.4 * GB),
        "returnable": 0,
        **other,
    }
    return Computer(**values)


def card(**other: Any) -> Device:
    values: dict[str, Any] = {"name": "NVIDIA GeForce RTX 3060", "total": 12 * GB, "free": 11 * GB, **other}
    return Device(**values)


def shape(weights: int, layers: int = 28) -> Shape:
    return Shape("llama", layers, 2048, 16, 6144, 151_936, 32_768, (Attention(layers, 1024, 1024),), weights)


def entry(id: str, name: str, billions: float, size: int, **other: Any) -> CatalogEntry:
    """A chat model, unless said otherwise. `size` is in MB."""
    values: dict[str, Any] = {
        "maker": "Alibaba",
        "kind": ModelKind.CHAT,
        "tasks": (Task.CHAT,),
        "languages": ("en", "es", "de"),
        "licence": APACHE,
        "source": f"https://models.example.org/{id}",
        "released": "2025-04",
        "parameters": round(billions * 1e9),
        "active_parameters": round(billions * 1e9),
        "quantisation": "Q4_K_M",
        "about": "Answers questions and writes texts.",
        **other,
    }
    values.setdefault("files", (ModelFile(f"{id}.gguf", f"https://models.example.org/{id}.gguf", size * MB),))
    if values["kind"] is ModelKind.CHAT:
        values.setdefault("shape", shape(size * MB))
    else:
        values.setdefault("memory", size * MB)
    return CatalogEntry(id=id, name=name, size=size * MB, **values)


ENTRIES = (
    entry("qwen3-4b", "Qwen3 4B", 4.0, 2500, tasks=(Task.CHAT, Task.DOCUMENTS),
          about="Answers questions and sums up documents carefully, in many languages.",
          languages=("en", "es", "de", "fr", "zh", "ar", "mul")),
    entry("qwen3-1.7b", "Qwen3 1.7B", 1.7, 1280, tasks=(Task.CHAT, Task.DOCUMENTS),
          about="Quick answers on computers with little memory.", languages=("en", "zh", "mul")),
    entry("qwen2.5-coder-3b", "Qwen2.5 Coder 3B", 3.1, 1930, tasks=(Task.CODE,), licence=NO_WORK,
          about="Writes and explains programs."),
    entry("phi-3-mini", "Phi-3 mini 4K instruct", 3.8, 2390, maker="Microsoft", languages=("en",),
          about="Reasons well for its size, in English."),
    entry("llama-3-8b", "Llama 3 8B instruct", 8.0, 4920, maker="Meta", languages=("en",),
          licence=Licence("Llama 3", True, "Not for services with more than 700 million users a month."),
          about="A good all-rounder in English."),
    entry("allam-7b", "علّام ٧ مليارات معامل", 7.0, 4300, maker="SDAIA", languages=("ar", "en"),
          about="يجيب عن الأسئلة ويكتب النصوص باللغة العربية الفصحى."),
    entry("long", "A model whose makers gave it a name that goes on and on: instruct, tuned, distilled",
          2.0, 1500, about="Writes stories, " * 20),
    entry("mixtral-8x7b", "Mixtral 8x7B instruct", 46.7, 26_400, maker="Mistral",
          active_parameters=12_900_000_000, languages=("en", "fr", "de", "es", "it"),
          about="Knows much, and needs much memory for it."),
    entry("whisper-small", "Whisper small", 0.24, 484, kind=ModelKind.SPEECH, tasks=(Task.SPEECH,),
          maker="OpenAI", languages=("mul",), about="Writes down what is said."),
    entry("opus-mt-en-es", "OPUS-MT English to Spanish", 0.08, 155, kind=ModelKind.TRANSLATION,
          tasks=(Task.TRANSLATION,), maker="Helsinki", languages=("en", "es"),
          about="Translates sentence by sentence."),
)  # fmt: skip


def many_entries(number: int = 80) -> tuple[CatalogEntry, ...]:
    return tuple(
        replace(ENTRIES[index % len(ENTRIES)], id=f"model-{index}", name=f"Model {index}")
        for index in range(number)
    )


def fit_in(size: int, free: int, *, context: int = 4096) -> Fit:
    kv = context * 28 * 2 * 2048
    estimate = Estimate(size, kv, 300 * MB, 190 * MB, 0, size + kv + 490 * MB)
    place = Place.PROCESSOR if estimate.total < free else Place.NOWHERE
    needs = f"It needs {quantities.size(estimate.total)} of memory, and only {quantities.size(free)} is free."
    reason = "The processor does all of the work." if place is Place.PROCESSOR else needs
    return Fit(place, Setting(context, threads=4), estimate, reason)


def pick(of: CatalogEntry, free: int, *, context: int = 4096, recommended: bool = False) -> Pick:
    if of.kind is not ModelKind.CHAT:
        tasks = of.tasks if recommended else ()
        text = f"needs {quantities.size(of.memory)} of memory while it works"
        return Pick(of, None, None, of.memory < free, of.memory < free, text, tasks)
    fit = fit_in(of.size, free, context=context)
    speed = Speed(60e9 / of.size, 30e9 / of.size)
    words_a_second = speed.writing * 0.75
    takes = f"needs {quantities.size(fit.estimate.total)} of memory"
    text = f"{takes}, about {words_a_second:.0f} words a second, good at English"
    comfortable = fit.fits and words_a_second >= 5
    slow = f"Fits, but writes only about {words_a_second:.1f} words a second here."
    why_not = "" if comfortable else slow if fit.fits else fit.reason
    tasks = of.tasks if recommended and comfortable else ()
    return Pick(of, fit, speed, fit.fits, comfortable, text, tasks, why_not)


def installed(id: str = "m1", name: str = "Qwen3 1.7B", **other: Any) -> Installed:
    values: dict[str, Any] = {
        "kind": ModelKind.CHAT,
        "path": f"/models/{id}.gguf",
        "size": 1280 * MB,
        "linked": False,
        "languages": ("en", "zh"),
        "shape": shape(1280 * MB),
        **other,
    }
    return Installed(id=id, name=name, **values)


def measured(path: str = "/models/m1.gguf", name: str = "Qwen3 1.7B", **other: Any) -> Measured:
    values: dict[str, Any] = {
        "setting": Setting(4096, threads=4),
        "predicted": round(2.31 * GB),
        "measured": round(2.24 * GB),
        "predicted_speed": Speed(47.0, 23.4),
        "measured_speed": Speed(44.1, 21.9),
        "when": 1_700_000_000.0,
        **other,
    }
    return Measured(path=path, name=name, **values)


class Models:
    """Notes every call. What `queue` holds for a method comes first: a value, an error or a run."""

    def __init__(self, pending: Callable[[], Any]) -> None:
        self._pending = pending
        self.library = self
        self.entries: tuple[CatalogEntry, ...] = ENTRIES
        self.here: dict[str, Installed] = {}
        self.bin: dict[str, Installed] = {}
        self.loads: tuple[Measured, ...] = ()
        self.state = DownloadsState(True)
        self.notices: tuple[Problem, ...] = ()
        self.recognised: tuple[str, ...] = ()
        self.seeing: dict[str, str] = {}
        """Projectors of chat models, by their ids."""
        self.waiting: dict[str, int] = {}
        """Bytes of downloads that were not finished, by the entry's id."""
        self.this = computer()
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.queue: dict[str, deque[Any]] = defaultdict(deque)
        self.licences_of: tuple[StatedLicence, ...] = ()
        self.report: Callable[[Any], None] = lambda _: None
        """Of the run that was begun last."""
        self.projectors: dict[str, Path] = {}
        """By the path of the model that sees with each."""

    # what a test does

    def put(self, *models: Installed) -> None:
        self.here.update({model.id: model for model in models})

    def called(self, method: str) -> list[tuple[Any, ...]]:
        return [arguments for name, arguments in self.calls if name == method]

    # what the window calls

    def projector_of(self, model_path: Path) -> Path | None:
        return self.projectors.get(str(model_path))

    def computer(self) -> Computer:
        return self._answer("computer", (), self.this)  # type: ignore[no-any-return]

    def look(self) -> Any:
        self.this = replace(self.this, pace=computer().pace)
        return self._run("look", (), self.this, None)

    def picks(self, what_if: WhatIf | None = None) -> tuple[Pick, ...]:
        self.calls.append(("picks", (what_if,)))
        free = self.this.room.memory_free
        context = 4096
        if what_if is not None:
            free = round(what_if.memory * 0.8) if what_if.memory else free
            free += what_if.device_memory or 0
            context = what_if.context or context
        found = [pick(of, free, context=context) for of in self.entries]
        found.sort(key=lambda one: (not one.comfortable, not one.fits, -one.entry.size if one.fits else 0))
        recommended: list[Pick] = []
        done: set[Task] = set()
        for one in found:
            best = not done & set(one.entry.tasks) and one.comfortable
            done.update(one.entry.tasks if best else ())
            recommended.append(replace(one, recommended_for=one.entry.tasks) if best else one)
        return tuple(recommended)

    def recommended(self, task: Task) -> Pick | None:
        best = next((one for one in self.picks() if task in one.recommended_for), None)
        return self._answer("recommended", (task,), best)  # type: ignore[no-any-return]

    def outlook(self, path: Path) -> Outlook:
        self.calls.append(("outlook", (path,)))
        model = next(model for model in self.here.values() if model.path == str(path))
        return Outlook(fit_in(model.size, self.this.room.memory_free), Speed(40.0, 12.0))

    def pairs(self) -> dict[str, str]:
        return self.seeing

    def recognised_languages(self) -> tuple[str, ...]:
        return self.recognised

    def installed(self) -> tuple[Installed, ...]:
        return self._answer("installed", (), tuple(self.here.values()))  # type: ignore[no-any-return]

    def of_kind(self, kind: ModelKind) -> tuple[Installed, ...]:
        return tuple(model for model in self.installed() if model.kind is kind and not model.missing)

    def sort_out(self, paths: Sequence[str]) -> SortedPaths:
        return sort_out(paths)

    def add(
        self, paths: Sequence[Path], link: bool = False, *, on_report: Callable[[Any], None] | None = None
    ) -> Any:
        new = tuple(
            installed(f"added-{number}", path.stem, path=str(path), linked=link)
            for number, path in enumerate(paths, len(self.here))
        )
        run = self._run("add", (tuple(map(str, paths)), link), AddedModels(new), on_report)
        if run.done() and not run.failed:
            self.put(*run.result().models)
        return run

    def licences(self, paths: Sequence[str]) -> tuple[StatedLicence, ...]:
        return self.licences_of

    def discover(self, *, on_report: Callable[[Any], None] | None = None) -> Any:
        return self._run("discover", (), (), on_report)

    def remove(self, id: str) -> Installed:
        self.bin[id] = self.here.pop(id)
        return self._answer("remove", (id,), self.bin[id])  # type: ignore[no-any-return]

    def undo_remove(self, id: str) -> Installed:
        self.here[id] = self.bin.pop(id)
        return self._answer("undo_remove", (id,), self.here[id])  # type: ignore[no-any-return]

    def verify(self, ids: Sequence[str] = (), *, on_report: Callable[[Any], None] | None = None) -> Any:
        found = tuple(Verified(model, None) for model in self.here.values() if not ids or model.id in ids)
        return self._run("verify", (tuple(ids),), found, on_report)

    def export_to(
        self,
        folder: Path,
        ids: Sequence[str] = (),
        extras: Extras = Extras(),  # noqa: B008
        *,
        on_report: Callable[[Any], None] | None = None,
    ) -> Any:
        models = tuple(self.here[id] for id in ids)
        carried = BundleSummary(str(folder), models, extras.documents, extras.chats, 1)
        return self._run("export_to", (str(folder), tuple(ids), extras), carried, on_report)

    def import_from(self, folder: Path, *, on_report: Callable[[Any], None] | None = None) -> Any:
        carried = BundleSummary(str(folder), (installed("m9", "From afar"),), False, True, 1)
        return self._run("import_from", (str(folder),), carried, on_report)

    @property
    def downloads_allowed(self) -> DownloadsState:
        return self.state

    def offer(self, entry_id: str) -> Offer:
        of = self.entry(entry_id)
        usual = Offer(of, "models.example.org", of.size, self.this.hardware.disk_free)
        return self._answer("offer", (entry_id,), usual)  # type: ignore[no-any-return]

    def get(self, entry_id: str, *, on_report: Callable[[Any], None] | None = None) -> Any:
        of = self.entry(entry_id)
        model = installed(f"got-{entry_id}", of.name, entry=entry_id, size=of.size, kind=of.kind)
        run = self._run("get", (entry_id,), model, on_report)
        if run.done() and not run.failed:
            self.put(model)
        return run

    def unfinished(self) -> tuple[UnfinishedDownload, ...]:
        return tuple(UnfinishedDownload(self.entry(id), done) for id, done in self.waiting.items())

    def discard(self, entry_id: str) -> UnfinishedDownload:
        gone = UnfinishedDownload(self.entry(entry_id), self.waiting.pop(entry_id, 0))
        return self._answer("discard", (entry_id,), gone)  # type: ignore[no-any-return]

    def measured(self) -> tuple[Measured, ...]:
        return self.loads

    def entry(self, id: str) -> CatalogEntry:
        return next(entry for entry in self.entries if entry.id == id)

    def _answer(self, method: str, arguments: tuple[Any, ...], usual: Any) -> Any:
        self.calls.append((method, arguments))
        given = self.queue[method].popleft() if self.queue[method] else usual
        if isinstance(given, Exception):
            raise given
        return given

    def _run(
        self,
        method: str,
        arguments: tuple[Any, ...],
        usual: Any,
        on_report: Callable[[Any], None] | None,
    ) -> Any:
        self.calls.append((method, arguments))
        if on_report is not None:
            self.report = on_report
        if not self.queue[method]:
            return self._pending().finish(usual)
        given = self.queue[method].popleft()
        if isinstance(given, Exception):
            return self._pending().fail(given)
        return given if hasattr(given, "when_done") else self._pending().finish(given)

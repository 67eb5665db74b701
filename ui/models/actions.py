"""What a person does with models: bring, get, check, take away, carry; each with its notice and its undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from assistant.errors import AssistantError
from assistant.jobs import Progress
from assistant.models.records import (
    AddedModels,
    Carried,
    CatalogEntry,
    Extras,
    Installed,
    ModelKind,
    Offer,
    Problem,
    UnfinishedDownload,
    Verified,
)
from ui.common import formatting, quantities
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following, Running
from ui.models import descriptions
from ui.models.card_data import Getting
from ui.models.models_state import Job, ModelsState

_NAMED = 3
"""So many files are named in one notice."""


class ModelActions(QObject):
    surveyed = Signal()
    """`survey` is new."""
    not_surveyed = Signal(AssistantError)
    begun = Signal(Job)
    getting_changed = Signal()
    found = Signal(tuple)
    """What `discover` found."""
    imported = Signal(Carried)

    def __init__(self, desk: PageContext) -> None:
        super().__init__(desk)
        self._desk = desk
        self._surveying: Following[ModelsState] | None = None
        self._measured = self._measuring = False
        self._hurried = False
        """The computer was measured while documents were read."""
        self._removed: list[Installed] = []
        self._downloads: dict[str, Following[Installed]] = {}
        self.survey: ModelsState | None = None
        self.getting: dict[str, Getting] = {}
        """Downloads that go on or were not finished, by the entry's id."""
        self.problems: dict[str, Problem] = {}
        """What a check found wrong, by the model's id."""
        desk.bridge.indexing.connect(self._documents_are_read)

    # --- looking

    def chat_models(self) -> tuple[Installed, ...]:
        """Those that can be loaded now, as they were looked at last."""
        models = self.survey.installed if self.survey is not None else ()
        return tuple(model for model in models if model.kind is ModelKind.CHAT and not model.missing)

    def look_first(self) -> None:
        """Look, unless that was done before or goes on."""
        if self.survey is None and self._surveying is None:
            self.look()

    def look(self) -> None:
        """Read anew what there is; `surveyed` follows."""
        if not self._desk.ready:
            return
        if self._surveying is not None:
            self._surveying.drop()
        services = self._desk.services.models

        def survey() -> ModelsState:
            installed = services.installed()
            own = [model for model in installed if model.kind is ModelKind.CHAT and not model.entry]
            outlooks = {}
            for model in own:
                try:
                    outlooks[model.id] = services.outlook(Path(model.path))
                except AssistantError:  # its row says what is wrong with it
                    continue
            return ModelsState(
                services.computer(),
                installed,
                services.measured(),
                services.downloads_allowed,
                services.notices,
                outlooks,
                services.unfinished(),
            )

        self._surveying = self._desk.bridge.in_background(survey, self._surveyed, self._not_surveyed)

    def probe(self) -> None:
        """Measure this computer, which takes some seconds, and look anew however that ends."""
        if self._desk.ready:
            self._begin_measuring()
            job = self._begin("Measuring how fast this computer is")
            job.ended.connect(self._end_measuring)
            self._follow(job, self._desk.services.models.look(), lambda _: None)

    def _surveyed(self, survey: ModelsState) -> None:
        self._surveying = None
        for sentence in survey.notices:
            if self.survey is None or sentence not in self.survey.notices:
                self._desk.notices.warn(sentence)
        self.survey = survey
        for each in survey.unfinished:
            had = Progress("", each.done, each.entry.size or None)
            self.getting.setdefault(each.entry.id, Getting(had, stopped=True, earlier=True))
        self.surveyed.emit()
        if survey.computer.pace is not None and not self._measured:
            self._measure_again()

    def _measure_again(self) -> None:
        """Once while the window is open: when it was measured last, the computer may have been busy."""
        self._begin_measuring()
        run = self._desk.services.models.look()
        self._desk.bridge.follow(run, lambda _: self._end_measuring(), lambda _: self._end_measuring())

    def _begin_measuring(self) -> None:
        self._measured = self._measuring = True
        self._hurried = self._desk.bridge.reading

    def _end_measuring(self) -> None:
        self._measuring = False
        self.look()
        self._measure_in_peace()

    def _documents_are_read(self) -> None:
        self._hurried = self._hurried or (self._measuring and self._desk.bridge.reading)
        self._measure_in_peace()

    def _measure_in_peace(self) -> None:
        """What was measured while documents were read is measured once more when they are."""
        if self._hurried and not self._measuring and not self._desk.bridge.reading and self._desk.ready:
            self._measure_again()

    def _not_surveyed(self, error: AssistantError) -> None:
        self._surveying = None
        self.not_surveyed.emit(error)

    # --- bringing

    def add(self, paths: Sequence[str], *, link: bool) -> None:
        if not paths or not self._desk.ready:
            return
        what = (
            f"“{formatting.file_name(paths[0])}”" if len(paths) == 1 else quantities.count(len(paths), "item")
        )
        job = self._begin(f"Adding {what}")
        given = [Path(path) for path in paths]
        run = self._desk.services.models.add(given, link=link, on_report=self._relay(job))
        self._follow(job, run, self._were_added)

    def discover(self) -> None:
        """Look for models that other programs have here; `found` follows."""
        if self._desk.ready:
            job = self._begin("Looking for models on this computer")
            run = self._desk.services.models.discover(on_report=self._relay(job))
            self._follow(job, run, self.found.emit)

    def _were_added(self, added: AddedModels) -> None:
        self.look()
        notices = self._desk.notices
        for path, problem in added.refused[:_NAMED]:
            notices.warn(f"“{formatting.file_name(path)}” was not added: {problem.message}", problem.hint)
        if len(added.refused) > _NAMED:
            more = len(added.refused) - _NAMED
            notices.warn(f"{quantities.count(more, 'other file')} could not be added either.")
        if added.models:
            verb = "is" if len(added.models) == 1 else "are"
            notices.say(f"{named(added.models)} {verb} on this computer now.")
        elif added.already and not added.refused:
            notices.say(f"{named(added.already)} was already here, and is unchanged.")

    # --- getting

    def offer(self, entry: CatalogEntry, ask: Callable[[Offer], None]) -> None:
        """Find out what a download would mean; `ask` is called with it."""
        if self._desk.ready:
            models = self._desk.services.models
            self._desk.bridge.in_background(
                lambda: models.offer(entry.id), ask, lambda error: self._not_got(entry, error)
            )

    def get(self, entry: CatalogEntry) -> None:
        """Download what the person has confirmed."""
        if not self._desk.ready or entry.id in self._downloads:
            return
        self._set_getting(entry.id, Getting())

        def reported(report: Progress) -> None:
            if entry.id in self._downloads:
                self._set_getting(entry.id, Getting(report))

        run = self._desk.services.models.get(entry.id, on_report=self._desk.bridge.relay(reported))
        self._downloads[entry.id] = self._desk.bridge.follow(
            run, lambda model: self._was_got(entry, model), lambda error: self._not_got(entry, error)
        )

    def stop_getting(self, entry: str) -> None:
        """What has come is kept; `get` goes on from there."""
        following = self._downloads.pop(entry, None)
        if following is not None:
            following.cancel()
            self._set_getting(entry, replace(self.getting[entry], stopped=True))

    def discard(self, entry: CatalogEntry) -> None:
        """Throw away what has come of a download."""
        if not self._desk.ready:
            return
        models = self._desk.services.models

        def discarded(gone: UnfinishedDownload) -> None:
            self._set_getting(entry.id, None)
            self.look()
            name, size = formatting.name(entry.name), quantities.size(gone.done)
            self._desk.notices.say(f"What had come of “{name}” is thrown away: {size}.")

        self._desk.bridge.in_background(lambda: models.discard(entry.id), discarded)

    def _was_got(self, entry: CatalogEntry, model: Installed) -> None:
        self._downloads.pop(entry.id, None)
        self._set_getting(entry.id, None)
        self.look()
        self._desk.notices.say(f"“{formatting.name(model.name)}” is on this computer now.")

    def _not_got(self, entry: CatalogEntry, error: AssistantError) -> None:
        self._downloads.pop(entry.id, None)
        before = self.getting.get(entry.id, Getting())
        problem = Problem(error.code, error.message, error.hint)
        self._set_getting(entry.id, Getting(before.report, problem))

    def _set_getting(self, entry: str, getting: Getting | None) -> None:
        if getting is None:
            self.getting.pop(entry, None)
        else:
            self.getting[entry] = getting
        self.getting_changed.emit()

    # --- taking away and bringing back

    def remove(self, model: Installed) -> None:
        if not self._desk.ready:
            return
        models = self._desk.services.models

        def removed(gone: Installed) -> None:
            self._removed.append(gone)
            self.problems.pop(gone.id, None)
            self.look()
            rest = " The file stays where it is." if gone.linked else ""
            text = f"“{formatting.name(gone.name)}” removed.{rest}"
            self._desk.notices.undo(text, lambda: self._bring_back(gone))

        self._desk.bridge.in_background(lambda: models.remove(model.id), removed)

    def undo(self) -> None:
        """Bring back what was removed last."""
        if self._removed:
            self._bring_back(self._removed[-1])

    def _bring_back(self, gone: Installed) -> None:
        if gone not in self._removed or not self._desk.ready:
            return
        self._removed.remove(gone)
        models = self._desk.services.models

        def back(model: Installed) -> None:
            self.look()
            for notice in self._desk.notices.all():
                if notice.action is not None and notice.action.words == "Undo":
                    self._desk.notices.close(notice)
            self._desk.notices.say(f"“{formatting.name(model.name)}” brought back.")

        self._desk.bridge.in_background(lambda: models.undo_remove(gone.id), back)

    # --- checking

    def verify(self, models: Sequence[Installed] = ()) -> None:
        """Whether every byte is as it was; all models where none is named."""
        if not self._desk.ready:
            return
        what = f"“{formatting.name(models[0].name)}”" if len(models) == 1 else "all models"
        job = self._begin(f"Checking {what}")
        ids = tuple(model.id for model in models)
        run = self._desk.services.models.verify(ids, on_report=self._relay(job))
        self._follow(job, run, self._were_verified)

    def _were_verified(self, checked: tuple[Verified, ...]) -> None:
        for verified in checked:
            self.problems.pop(verified.model.id, None)
            if verified.problem is not None:
                self.problems[verified.model.id] = verified.problem
        self.look()
        damaged = [verified for verified in checked if verified.problem is not None]
        if not damaged:
            one = len(checked) == 1
            what = f"“{formatting.name(checked[0].model.name)}” is" if one else "All models are"
            self._desk.notices.say(f"{what} unharmed: every byte is as it came.")
        elif len(damaged) == 1 and damaged[0].problem is not None:
            self._desk.notices.warn(damaged[0].problem.message, damaged[0].problem.hint)
        else:
            self._desk.notices.warn(f"{len(damaged)} models are damaged.", "Their cards say what to do.")

    # --- carrying

    def export_to(self, folder: str, models: Sequence[Installed], extras: Extras) -> None:
        if self._desk.ready:
            job = self._begin(f"Copying to “{formatting.file_name(folder)}” for another computer")
            ids = tuple(model.id for model in models)
            run = self._desk.services.models.export_to(Path(folder), ids, extras, on_report=self._relay(job))
            self._follow(job, run, self._were_exported)

    def import_from(self, folder: str) -> None:
        if self._desk.ready:
            job = self._begin(f"Taking over what is in “{formatting.file_name(folder)}”")
            run = self._desk.services.models.import_from(Path(folder), on_report=self._relay(job))
            self._follow(job, run, self._were_imported)

    def _were_exported(self, carried: Carried) -> None:
        self._desk.notices.say(
            f"{carried_words(carried)} copied to “{formatting.file_name(carried.folder)}”.",
            "On the other computer choose “From another computer…” on the Models page.",
        )

    def _were_imported(self, carried: Carried) -> None:
        self.look()
        for problem in carried.refused:
            self._desk.notices.warn(problem.message, problem.hint)
        if carried.models or carried.documents or carried.chats:
            hint = "Your documents are there from the next start of the program." if carried.documents else ""
            self._desk.notices.say(f"{carried_words(carried)} taken over.", hint)
        self.imported.emit(carried)

    # --- jobs

    def _begin(self, title: str) -> Job:
        job = Job(self, title)
        self.begun.emit(job)
        return job

    def _relay(self, job: Job) -> Callable[[Progress], None]:
        def reported(report: Progress) -> None:
            if job.following is not None and job.following.wanted:
                job.reported.emit(report)

        return self._desk.bridge.relay(reported)

    def _follow(self, job: Job, run: Running[Any], done: Callable[[Any], None]) -> None:
        def ended(value: Any) -> None:
            job.end()
            done(value)

        def failed(error: AssistantError) -> None:
            job.end()
            self._desk.notices.error(error)

        job.following = self._desk.bridge.follow(run, ended, failed)


def named(models: Sequence[Installed]) -> str:
    """ "“Qwen3 4B”", "3 models"."""
    return (
        f"“{formatting.name(models[0].name)}”" if len(models) == 1 else quantities.count(len(models), "model")
    )


def carried_words(carried: Carried) -> str:
    """ "3 models, your documents and your chats"."""
    parts = [quantities.count(len(carried.models), "model")] if carried.models else []
    parts += ["your documents"] if carried.documents else []
    parts += ["your chats"] if carried.chats else []
    text = descriptions.enumerated(parts) or "Nothing"
    return text[0].upper() + text[1:]

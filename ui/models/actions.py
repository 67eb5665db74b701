"""What a person does with models: add, find, remove, check, take elsewhere; each with its notice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from assistant.errors import AssistantError, Problem
from assistant.jobs import Progress
from assistant.models.files.records import ModelKind
from assistant.models.library.records import (
    AddedModels,
    BundleSummary,
    Extras,
    Installed,
    StatedLicence,
    Verified,
)
from ui.common import error_words, formatting
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following, Running
from ui.common.translation import arg, listed, translate
from ui.common.undo_stack import UndoStack
from ui.models import descriptions
from ui.models.downloads import ModelDownloads
from ui.models.job_progress import Job
from ui.models.models_state import ModelsState, read_state

if TYPE_CHECKING:
    from assistant.services import Services

T = TypeVar("T")

_NAMED = 3
"""Files that are named in one notice, at most."""


class ModelActions(QObject):
    refreshed = Signal()
    """`state` is new."""
    refresh_failed = Signal(AssistantError)
    job_started = Signal(Job)
    discovered = Signal(tuple)
    """What `discover` found."""
    imported = Signal(BundleSummary)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._context = context
        self._refreshing: Following[ModelsState] | None = None
        self._measured = self._measuring = False
        self._measured_while_reading = False
        """Documents were read meanwhile, which takes the processor."""
        self._removals = UndoStack[Installed](context, self._restore)
        self.downloads = ModelDownloads(context)
        self.downloads.ended.connect(self.refresh)
        self.state: ModelsState | None = None
        self.problems: dict[str, Problem] = {}
        """What a check found wrong, by the model's id."""
        context.bridge.indexing.connect(self._indexing_changed)

    # --- reading anew and measuring

    def chat_models(self) -> tuple[Installed, ...]:
        """Those that can be loaded now."""
        models = self.state.installed if self.state is not None else ()
        return tuple(model for model in models if model.kind is ModelKind.CHAT and not model.missing)

    def refresh_once(self) -> None:
        """Refresh, unless that was done before or goes on."""
        if self.state is None and self._refreshing is None:
            self.refresh()

    def refresh(self) -> None:
        """Read anew what there is; `refreshed` follows."""
        if self._refreshing is not None:
            self._refreshing.drop()
        self._refreshing = self._context.in_background(read_state, self._refreshed, self._refresh_failed)

    def measure(self) -> None:
        """How fast this computer is, which takes some seconds; then refresh, however that ends."""
        if self._context.ready:
            self._begin_measuring()
            self._start(
                translate("models", "Measuring how fast this computer is"),
                lambda services, _: services.models.look(),
                on_end=self._end_measuring,
            )

    def _refreshed(self, state: ModelsState) -> None:
        self._refreshing = None
        for problem in state.notices:
            if self.state is None or problem not in self.state.notices:
                self._context.notices.warn(error_words.message(problem))
        self.state = state
        self.downloads.add_unfinished(state.unfinished)
        self.refreshed.emit()
        if state.computer.pace is not None and not self._measured:
            self._measure_again()

    def _refresh_failed(self, error: AssistantError) -> None:
        self._refreshing = None
        self.refresh_failed.emit(error)

    def _measure_again(self) -> None:
        """Once while the window is open: when it was measured last, the computer may have been busy."""
        self._begin_measuring()
        ended = self._end_measuring
        self._context.run(lambda services: services.models.look(), lambda _: ended(), lambda _: ended())

    def _begin_measuring(self) -> None:
        self._measured = self._measuring = True
        self._measured_while_reading = self._context.bridge.reading

    def _end_measuring(self) -> None:
        self._measuring = False
        self.refresh()
        self._measure_undisturbed()

    def _indexing_changed(self) -> None:
        if self._measuring and self._context.bridge.reading:
            self._measured_while_reading = True
        self._measure_undisturbed()

    def _measure_undisturbed(self) -> None:
        """What was measured while documents were read is measured once more when they are."""
        disturbed = self._measuring or self._context.bridge.reading
        if self._measured_while_reading and not disturbed and self._context.ready:
            self._measure_again()

    # --- adding

    def add(self, paths: Sequence[str], *, link: bool, hint: str = "") -> None:
        """Copy these files into the library, or `link` to them where they lie.

        Args:
            hint: what is said with it.
        """
        if not paths:
            return
        given = [Path(path) for path in paths]
        self._start(
            arg(translate("models", "Adding “%1”"), formatting.file_name(paths[0]))
            if len(paths) == 1
            else translate("models", "Adding %n item(s)", None, len(paths)),
            lambda services, report: services.models.library.add(given, link=link, on_report=report),
            partial(self._added, hint),
        )

    def licences(self, paths: list[str], answered: Callable[[tuple[StatedLicence, ...]], None]) -> None:
        """What is known of the licences of models that may be added."""
        self._context.in_background(
            lambda services: services.models.library.licences(paths), answered, lambda _: answered(())
        )

    def discover(self) -> None:
        """Look for models that other programs have here; `discovered` follows."""
        self._start(
            translate("models", "Looking for models on this computer"),
            lambda services, report: services.models.library.discover(on_report=report),
            self.discovered.emit,
        )

    def _added(self, hint: str, added: AddedModels) -> None:
        self.refresh()
        notices = self._context.notices
        for path, problem in added.refused[:_NAMED]:
            refused = translate("models", "“%1” was not added: %2")
            notices.warn(
                arg(refused, formatting.file_name(path), error_words.message(problem)),
                error_words.hint(problem),
            )
        if (more := len(added.refused) - _NAMED) > 0:
            notices.warn(translate("models", "%n other file(s) could not be added either.", None, more))
        new, old = added.models, () if added.refused else added.already
        if len(new) == 1:
            notices.say(
                arg(translate("models", "“%1” is now on this computer."), formatting.name(new[0].name)), hint
            )
        elif new:
            notices.say(translate("models", "%n model(s) are now on this computer.", None, len(new)), hint)
        elif len(old) == 1:
            text = translate("models", "“%1” was already here and is unchanged.")
            notices.say(arg(text, formatting.name(old[0].name)), hint)
        elif old:
            notices.say(
                translate("models", "%n model(s) were already here and are unchanged.", None, len(old)), hint
            )

    # --- removing and bringing back

    def remove(self, model: Installed) -> None:
        def removed(gone: Installed) -> None:
            self.problems.pop(gone.id, None)
            self.refresh()
            text = translate("models", "“%1” was removed.")
            if gone.linked:
                text = translate("models", "“%1” was removed. The file itself was not deleted.")
            self._removals.removed(gone, arg(text, formatting.name(gone.name)))

        self._context.in_background(lambda services: services.models.library.remove(model.id), removed)

    def undo(self) -> None:
        """Bring back what was removed last."""
        self._removals.undo()

    def _restore(self, gone: Installed) -> None:
        def restored(model: Installed) -> None:
            self.refresh()
            text = translate("models", "“%1” was restored.")
            self._context.notices.say(arg(text, formatting.name(model.name)))

        self._context.in_background(lambda services: services.models.library.undo_remove(gone.id), restored)

    # --- checking

    def verify(self, models: Sequence[Installed] = ()) -> None:
        """Whether every byte is as it was; all models where none is named."""
        ids = tuple(model.id for model in models)
        self._start(
            arg(translate("models", "Checking “%1”"), formatting.name(models[0].name))
            if len(models) == 1
            else translate("models", "Checking all models"),
            lambda services, report: services.models.library.verify(ids, on_report=report),
            self._verified,
        )

    def _verified(self, checked: tuple[Verified, ...]) -> None:
        for verified in checked:
            self.problems.pop(verified.model.id, None)
            if verified.problem is not None:
                self.problems[verified.model.id] = verified.problem
        self.refresh()
        notices = self._context.notices
        damaged = [verified.problem for verified in checked if verified.problem is not None]
        if len(damaged) == 1:
            notices.warn(error_words.message(damaged[0]), error_words.hint(damaged[0]))
        elif damaged:
            notices.warn(
                translate("models", "%n model(s) are damaged.", None, len(damaged)),
                translate("models", "Their cards say what to do."),
            )
        elif len(checked) == 1:
            text = translate("models", "“%1” is intact: every byte is as it arrived.")
            notices.say(arg(text, formatting.name(checked[0].model.name)))
        else:
            notices.say(translate("models", "All models are intact: every byte is as it arrived."))

    # --- to and from another computer

    def export_to(self, folder: str, models: Sequence[Installed], extras: Extras) -> None:
        title = translate("models", "Copying to “%1” for another computer")
        ids = tuple(model.id for model in models)
        self._start(
            arg(title, formatting.file_name(folder)),
            lambda services, report: services.models.export_to(Path(folder), ids, extras, on_report=report),
            self._exported,
        )

    def import_from(self, folder: str) -> None:
        self._start(
            arg(translate("models", "Importing from “%1”"), formatting.file_name(folder)),
            lambda services, report: services.models.import_from(Path(folder), on_report=report),
            self._imported,
        )

    def _exported(self, bundle: BundleSummary) -> None:
        text = translate("models", "%1 copied to “%2”.", "3 models, your documents and your conversations")
        self._context.notices.say(
            arg(text, _contents(bundle), formatting.file_name(bundle.folder)),
            translate("models", "On the other computer choose “From another computer…” on the Models page."),
        )

    def _imported(self, bundle: BundleSummary) -> None:
        self.refresh()
        for problem in bundle.refused:
            self._context.notices.warn(error_words.message(problem), error_words.hint(problem))
        if bundle.models or bundle.documents or bundle.chats:
            text = translate("models", "%1 imported.", "3 models, your documents and your conversations")
            later = translate("models", "Your documents will be there when you next start the program.")
            self._context.notices.say(arg(text, _contents(bundle)), later if bundle.documents else "")
        self.imported.emit(bundle)

    # --- jobs

    def _start(
        self,
        title: str,
        start: Callable[[Services, Callable[[Progress], None]], Running[T]],
        on_result: Callable[[T], object] = lambda _: None,
        on_end: Callable[[], None] | None = None,
    ) -> None:
        """Begin work that a person sees and can stop.

        Args:
            start: gets the services, and where to report.
            on_end: called however it ends, also when it is stopped.
        """
        if not self._context.ready:
            return
        job = Job(self, title)
        if on_end is not None:
            job.ended.connect(on_end)

        def reported(report: Progress) -> None:
            if job.following is not None and job.following.wanted:
                job.reported.emit(report)

        def done(value: T) -> None:
            job.end()
            on_result(value)

        def failed(error: AssistantError) -> None:
            job.end()
            self._context.notices.error(error)

        self.job_started.emit(job)
        relay = self._context.bridge.relay(reported)
        job.following = self._context.run(lambda services: start(services, relay), done, failed)


def _contents(bundle: BundleSummary) -> str:
    """ "3 models, your documents and your conversations"."""
    number = len(bundle.models)
    parts = [translate("models", "%n model(s)", None, number)] if number else []
    parts += [translate("models", "your documents")] if bundle.documents else []
    parts += [translate("models", "your conversations")] if bundle.chats else []
    return descriptions.sentence(listed(parts)) or translate("models", "Nothing")

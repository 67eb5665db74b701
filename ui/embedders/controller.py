"""Which model searches the documents, and the person's choice of another: the window's one place for it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from assistant.documents.embedder_records import (
    EmbedderAdvice,
    EmbedderChange,
    EmbedderChoice,
    EmbedderState,
    EmbedderStatus,
)
from assistant.errors import Problem
from ui.common import error_words, formatting
from ui.common.notices import Notice, NoticeKind
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate
from ui.embedders import descriptions
from ui.embedders.change_dialog import ChangeDialog


class EmbedderController(QObject):
    changed = Signal()
    """`status` or `choices` are new."""

    def __init__(self, context: PageContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self.status: EmbedderStatus | None = None
        """None until the documents are open."""
        self.choices: tuple[EmbedderChoice, ...] = ()
        context.bridge.embedder.connect(self._take_status)
        context.services_ready.connect(self._load)

    # --- what there is

    def choice(self, id: str) -> EmbedderChoice | None:
        return next((choice for choice in self.choices if choice.id == id), None) if id else None

    @property
    def change(self) -> EmbedderChange | None:
        """The one that goes on."""
        return self.status.change if self.status is not None else None

    @property
    def changes_to_another(self) -> bool:
        """Not so where the active one's own vectors are made, which cannot be given up."""
        return self.status is not None and self.change is not None and self.change.id != self.status.id

    @property
    def wanted_languages(self) -> tuple[str, ...]:
        """Codes of those that the person's documents or questions are in, and the active model is not."""
        advice = self.status.advice if self.status is not None else None
        return advice.languages if advice is not None else ()

    def refresh(self) -> None:
        """Read the choices anew; `changed` follows."""
        # A failure of the worker itself is told where the documents are listed.
        self._context.run(lambda services: services.documents.embedders(), self._take_choices, lambda _: None)

    # --- what a person does

    def ask(self, id: str) -> None:
        """Say what searching with this model would mean, and have it confirmed."""
        if self._context.ready_or_told():
            self._context.run(
                lambda services: services.documents.embedders(), lambda choices: self._ask(choices, id)
            )

    def stop(self) -> None:
        """Give the change up that goes on."""
        if (status := self.status) is None or (change := status.change) is None:
            return

        def stopped(new: EmbedderStatus) -> None:
            self._take_status(new)
            text = translate("documents", "“%1” is not used. Search works as before.")
            self._context.notices.say(arg(text, formatting.name(change.name)))

        self._context.run(lambda services: services.documents.use_embedder(status.id), stopped)

    def _ask(self, choices: tuple[EmbedderChoice, ...], id: str) -> None:
        self._take_choices(choices)
        choice, status = self.choice(id), self.status
        if choice is None or status is None:
            self._context.notices.warn(
                translate("documents", "This model cannot search documents."),
                translate("documents", "Its folder is missing or damaged. Remove it and add it again."),
            )
        elif choice.state not in (EmbedderState.ACTIVE, EmbedderState.CHANGING):
            active = self.choice(status.id)
            ChangeDialog(
                self._window, choice, active, status.change, self.wanted_languages, lambda: self._use(id)
            ).open()

    def _use(self, id: str) -> None:
        self._context.run(lambda services: services.documents.use_embedder(id), self._take_status)

    # --- what comes back

    def _load(self) -> None:
        self._context.run(
            lambda services: services.documents.embedder_status(), self._take_status, lambda _: None
        )
        self.refresh()

    def _take_choices(self, choices: tuple[EmbedderChoice, ...]) -> None:
        self.choices = choices
        self.changed.emit()

    def _take_status(self, status: EmbedderStatus) -> None:
        before, self.status = self.status, status
        if before == status:
            return
        if before is not None:
            self._tell_end(before, status)
        if status.notice is not None and (before is None or before.notice != status.notice):
            self._tell_notice(status.notice)
        if before is None or _standing(before) != _standing(status):
            self.refresh()
        self.changed.emit()

    def _tell_end(self, before: EmbedderStatus, status: EmbedderStatus) -> None:
        if status.change is None and before.change is not None and before.change.id == status.id:
            text = translate("documents", "“%1” now searches your documents.")
            message = arg(text, formatting.name(status.name))
            self._context.notices.say(message, descriptions.finds(status.languages))

    def _tell_notice(self, problem: Problem) -> None:
        """Of a change that was begun for the person's sake, or of a model that is lost or useless."""
        words = error_words.message(problem), error_words.hint(problem)
        if self.changes_to_another:
            self._context.notices.show(Notice(NoticeKind.INFORMATION, *words))
        else:
            self._context.notices.warn(*words)


def _standing(status: EmbedderStatus) -> tuple[str, str, EmbedderAdvice | None]:
    """Which model searches, which one is to ("" for none), and which one should."""
    return status.id, status.change.id if status.change is not None else "", status.advice

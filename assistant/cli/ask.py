"""Questions to the documents in the terminal: quotes, and a model's checked answer if there is a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.status import Status

from assistant.cli.chat import wait
from assistant.cli.output import (
    answer_json,
    complain,
    errors,
    grounded_json,
    print_answer,
    print_grounded,
    print_json,
    printable,
)
from assistant.documents.records import Answer, GroundedAnswer, Scope
from assistant.errors import ModelError, WorkerError
from assistant.jobs import Progress
from assistant.services import Services


class TerminalAsk:
    """Asks one question after the other."""

    def __init__(self, services: Services, scope: Scope, *, as_json: bool) -> None:
        self._services = services
        self._scope = scope
        self._as_json = as_json
        self._with_model = False
        self._status: Status | None = None

    def load(self) -> None:
        """Load the model that the settings name; without one, or if it cannot be loaded, quotes answer."""
        settings = self._services.settings.chat
        if not settings.model:
            return
        if not Path(settings.model).is_file():
            complain(f"There is no model file {printable(settings.model)}.", "Quotes answer instead.")
            return
        try:
            run = self._services.chat.load(
                Path(settings.model), self._services.load_options(), on_report=self._loading
            )
            wait(run)
            self._with_model = True
        except (ModelError, WorkerError) as error:
            complain(error.message, "Quotes answer instead.")
        finally:
            self._hush()

    def ask(self, question: str) -> None:
        """
        Raises:
            AssistantError: the documents cannot be asked.
        """
        if not self._with_model:
            self._show_quotes(self._services.documents.ask(question, self._scope).result())
            return
        found: list[Answer] = []

        def hear(report: Any) -> None:
            if isinstance(report, Answer):
                found.append(report)
                if not self._as_json:
                    print_answer(report)
                self._say("Reading and writing…")

        request = self._services.question(question)
        try:
            answer = wait(self._services.grounded.ask(request, self._scope, on_report=hear))
        except (ModelError, WorkerError) as error:
            if not found:
                raise
            complain(error.message, error.hint)
            if self._as_json:
                self._show_quotes(found[0])
            return
        finally:
            self._hush()
        self._show(answer)

    def _show(self, answer: GroundedAnswer) -> None:
        if self._as_json:
            print_json(grounded_json(answer))
        else:
            print_grounded(answer)

    def _show_quotes(self, answer: Answer) -> None:
        if self._as_json:
            print_json(answer_json(answer))
        else:
            print_answer(answer)

    def _loading(self, report: Progress) -> None:
        self._say(printable(report.doing))

    def _say(self, words: str) -> None:
        if not errors.is_terminal:
            return
        if self._status is None:
            self._status = Status(words, console=errors)
            self._status.start()
        else:
            self._status.update(words)

    def _hush(self) -> None:
        if self._status is not None:
            self._status.stop()
        self._status = None

"""Questions to the documents in the terminal: quotes, and a model's checked answer if there is a model."""

from __future__ import annotations

from typing import Any

from assistant.cli.common import wait
from assistant.cli.output import (
    StatusLine,
    answer_json,
    grounded_json,
    print_answer,
    print_error,
    print_grounded,
    print_json,
    print_problem,
)
from assistant.documents.records import Answer, Scope
from assistant.errors import ModelError, WorkerError
from assistant.services import Services


class TerminalAsk:
    """Asks one question after the other."""

    def __init__(self, services: Services, scope: Scope, *, as_json: bool) -> None:
        self._services = services
        self._scope = scope
        self._as_json = as_json
        self._with_model = False
        self._status = StatusLine()

    def load(self) -> None:
        """Load the model that the settings name; without one, or if it cannot be loaded, quotes answer."""
        if not self._services.settings.chat.model:
            return
        try:
            model, options = self._services.chat_model(), self._services.requests.load_options()
            wait(self._services.chat.load(model, options, on_report=self._status.show_progress))
            self._with_model = True
        except (ModelError, WorkerError) as error:
            print_error(error.message, "You get quotes instead.")
        finally:
            self._status.hide()

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
                self._status.show("Reading and writing…")

        request = self._services.requests.question(question)
        try:
            answer = wait(self._services.grounded.ask(request, self._scope, on_report=hear))
        except (ModelError, WorkerError) as error:
            if not found:
                raise
            print_problem(error)
            if self._as_json:
                self._show_quotes(found[0])
            return
        finally:
            self._status.hide()
        if self._as_json:
            print_json(grounded_json(answer))
        else:
            print_grounded(answer)

    def _show_quotes(self, answer: Answer) -> None:
        if self._as_json:
            print_json(answer_json(answer))
        else:
            print_answer(answer)

"""A conversation in the terminal: lines in, answers out as they are written, Ctrl-C to stop one."""

from __future__ import annotations

import importlib
import sys
import threading
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from rich.status import Status

from assistant.chat.assistant_records import Assistant
from assistant.chat.history.records import MessageState, StoredMessage
from assistant.chat.records import Completion, Finish, ModelInfo, PromptProgress, Request, Role, TextDelta
from assistant.cli.output import complain, errors, grounded_json, output, print_json, printable
from assistant.documents.records import GroundedAnswer, Scope
from assistant.errors import AssistantError, Cancelled, NoModel
from assistant.jobs import Progress
from assistant.services import Services
from assistant.workers.run import Run

T = TypeVar("T")

_PATIENCE_SECONDS = 0.5
"""Waiting is cut into such pieces, because not every system lets Ctrl-C end a wait."""


class TerminalChat:
    """One conversation, kept in the history."""

    def __init__(self, services: Services, assistant: Assistant, *, as_json: bool) -> None:
        self._services = services
        self._assistant = assistant
        self._as_json = as_json
        self._scope: Scope | None = None
        """The documents that it answers from; None: from none."""
        if assistant.collection or assistant.all_documents:
            self._scope = Scope(collection=assistant.collection or None)
        self._model: ModelInfo | None = None
        self._conversation: int | None = None
        self._compaction: Run[Completion] | None = None
        """A summary of what no longer fits, made while the person reads and writes."""
        self._status: Status | None = None
        self._screen = threading.Lock()
        """Reports come on a thread of the run."""

    # --- the model

    def load(self, chosen: str | None) -> None:
        """Load the model that was named, else the assistant's own, else the one that was named last.

        Args:
            chosen: path of a file, or id or name of a model of the library.

        Raises:
            NoModel: none was ever named, or its file is gone.
        """
        settings = self._services.settings.chat
        wanted = self._path_of(chosen) if chosen else self._assistant.model or settings.model
        if not wanted:
            raise NoModel("no-model-chosen")
        if not Path(wanted).is_file():
            raise NoModel("no-such-model-file", file=printable(wanted))
        options = self._services.load_options(self._assistant.adapter)
        try:
            self._say("Loading the model…")
            run = self._services.chat.load(Path(wanted), options, on_report=self._loading)
            self._model = wait(run)
        finally:
            self._hush()
        if self._model.note:
            errors.print(printable(self._model.note))
        if chosen and settings.model != wanted:
            settings.model = wanted
            self._services.save_settings()

    def _path_of(self, chosen: str) -> str:
        """A file of this name comes before a model of the library."""
        file = Path(chosen).expanduser().absolute()
        model = None if file.exists() else self._services.models.find(chosen)
        return model.path if model else str(file)

    # --- talking

    def one(self, prompt: str) -> None:
        """Answer once.

        Raises:
            AssistantError: it cannot be answered.
            KeyboardInterrupt: the person stopped it; what was written is kept.
        """
        self._answer(prompt)

    def lines(self) -> bool:
        """Answer every line of standard input in one conversation; false if one could not be answered."""
        well = True
        for line in sys.stdin:
            if line.strip():
                well &= self._try(line.strip())
        return well

    def interactive(self) -> None:
        """Ask for one line after the other. Ctrl-C stops an answer; pressed again, or Ctrl-D, it leaves."""
        with suppress(ImportError):
            importlib.import_module("readline")  # arrow keys in `input`
        name = self._model.name if self._model else ""
        errors.print(f"{printable(self._assistant.name)} · {printable(name)}. Ctrl-D leaves.")
        if self._assistant.not_for:
            errors.print(printable(self._assistant.not_for))
        warned = False
        while True:
            try:
                line = input("> ").strip()
            except EOFError:
                errors.print()
                return
            except KeyboardInterrupt:
                errors.print()
                if warned:
                    return
                warned = True
                errors.print("Press Ctrl-C again to leave.")
                continue
            if not line:
                continue
            try:
                warned = False
                self._try(line)
                self._compact()
            except (KeyboardInterrupt, Cancelled):
                warned = True
                errors.print("Stopped. What was written is kept. Press Ctrl-C again to leave.")

    def _compact(self) -> None:
        if self._conversation is not None:
            path = self._services.history.open(self._conversation).messages
            self._compaction = self._services.compact(self._conversation, path)

    def _try(self, prompt: str) -> bool:
        try:
            self._answer(prompt)
        except AssistantError as error:
            if self._as_json:
                print_json({"error": error.as_json()})
            complain(error.message, error.hint)
            return False
        return True

    def _answer(self, prompt: str) -> None:
        if self._compaction is not None:
            self._compaction.cancel()
            self._compaction = None
        history = self._services.history
        if self._conversation is None:
            self._conversation = history.create(assistant=self._assistant.id).id
        history.add_message(self._conversation, Role.USER, prompt)
        talk = history.open(self._conversation)
        request = self._services.request(
            self._assistant, talk.messages, conversation=talk.info.id, remembered=talk.info.meta
        )
        writer = history.writer(self._conversation, model=self._model.name if self._model else "")

        def hear(report: object) -> None:
            if isinstance(report, TextDelta):
                writer.append(report.text, thinking=report.thinking)
                self._show(report)
            elif isinstance(report, PromptProgress) and report.total:
                self._say(f"Reading… {100 * report.done // report.total} %")

        run = self._begin(request, hear)
        try:
            result = wait(run)
        except (KeyboardInterrupt, Cancelled):
            run.cancel()
            self._end_line(writer.text)
            writer.finish(MessageState.STOPPED)
            raise
        except AssistantError as error:
            self._end_line(writer.text)
            writer.finish(MessageState.FAILED, error=error.as_json())
            raise
        finally:
            self._hush()
        if isinstance(result, Completion):
            self._end_line(writer.text)
            stored = writer.finish(
                text=result.text, thinking=result.thinking, **self._services.answer_meta(result)
            )
            self._report(stored, result)
        else:
            self._show_grounded(result, streamed=writer.text)
            thinking = result.completion.thinking if result.completion else None
            stored = writer.finish(
                text=result.checked.text, thinking=thinking, **self._services.answer_meta(result)
            )
            self._report(stored, result.completion, result)

    def _begin(self, request: Request, hear: Callable[[object], None]) -> Run[Any]:
        """Ends with a Completion or, from documents, a GroundedAnswer."""
        if self._scope is None:
            self._say("Thinking…")
            return self._services.chat.complete(request, on_report=hear)
        self._say("Looking in the documents…")
        return self._services.grounded.ask(request, self._scope, on_report=hear)

    # --- showing

    def _show(self, piece: TextDelta) -> None:
        if piece.thinking or self._as_json:
            return
        self._hush()
        sys.stdout.write(for_terminal(piece.text))
        sys.stdout.flush()

    def _end_line(self, text: str) -> None:
        self._hush()
        if text and not self._as_json:
            sys.stdout.write("" if text.endswith("\n") else "\n")
            sys.stdout.flush()

    def _show_grounded(self, grounded: GroundedAnswer, *, streamed: str) -> None:
        """What the check has left of an answer from documents, and where its citations stand."""
        if self._as_json:
            return
        checked = grounded.checked
        self._end_line(streamed)
        if not streamed:
            output.print(for_terminal(checked.text))
        for quote in grounded.answer.quotes:
            if quote.n in checked.citations:
                output.print(f"[{quote.n}] {printable(quote.title)} · {printable(quote.location)}")
        if checked.removed:
            numbers = " ".join(f"[{number}]" for number in checked.removed)
            errors.print(f"Taken off, because the quote does not say so: {numbers}")

    def _report(
        self, stored: StoredMessage, completion: Completion | None, grounded: GroundedAnswer | None = None
    ) -> None:
        if self._as_json:
            seconds = completion.reading_seconds + completion.writing_seconds if completion else 0.0
            answer = {
                "answer": stored.content,
                "thinking": stored.thinking,
                "model": stored.model,
                "assistant": self._assistant.id,
                "conversation": stored.conversation,
                "finish": completion.finish.value if completion else "end",
                "prompt_tokens": completion.prompt_tokens if completion else 0,
                "tokens": completion.tokens if completion else 0,
                "seconds": round(seconds, 3),
            }
            if grounded is not None:
                answer["citations"] = grounded_json(grounded)["citations"]
            print_json(answer)
            return
        if completion is None:
            return
        if completion.finish is Finish.LENGTH:
            errors.print("The answer reached its longest length; ask for more to go on.")
        elif completion.finish is Finish.CONTEXT:
            errors.print("The answer was cut: the model's memory for this conversation is full.")
        if completion.dropped_messages:
            errors.print(f"The model no longer sees the oldest {completion.dropped_messages} messages.")

    def _loading(self, report: Progress) -> None:
        percent = f" {100 * report.done // report.total} %" if report.total else ""
        self._say(f"{printable(report.doing)}{percent}")

    def _say(self, words: str) -> None:
        """What happens now, on a line that goes again; only where a person is looking."""
        if not errors.is_terminal:
            return
        with self._screen:
            if self._status is None:
                self._status = Status(words, console=errors)
                self._status.start()
            else:
                self._status.update(words)

    def _hush(self) -> None:
        with self._screen:
            if self._status is not None:
                self._status.stop()
                self._status = None


def wait(run: Run[T]) -> T:
    """The run's result; Ctrl-C stops the run."""
    try:
        while True:
            with suppress(TimeoutError):
                return run.result(_PATIENCE_SECONDS)
    except KeyboardInterrupt:
        run.cancel()
        raise


def for_terminal(text: str) -> str:
    """Text without what would steer the terminal: a model may write anything."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")

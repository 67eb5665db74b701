"""A conversation in the terminal: lines in, answers out as they are written, Ctrl-C to stop one."""

from __future__ import annotations

import importlib
import sys
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.chat.assistant_records import Assistant
from assistant.chat.history.records import READ_ONLY_TEXT, MessageState, StoredMessage, StoredPicture
from assistant.chat.records import Completion, Finish, ModelInfo, PromptProgress, Request, Role, TextDelta
from assistant.cli.common import wait
from assistant.cli.output import (
    StatusLine,
    grounded_json,
    print_json,
    print_problem,
    printable,
    stderr,
    stdout,
)
from assistant.documents.grounded_records import GroundedAnswer
from assistant.documents.records import Scope
from assistant.errors import AssistantError, Cancelled, DocumentError, UserInputError
from assistant.jobs import Progress
from assistant.quantities import count
from assistant.services import Services
from assistant.workers.run import Run


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
        self._pictures: list[StoredPicture] = []
        """Those that go with the next message."""
        self._status = StatusLine()

    # --- the model

    def load(self, chosen: str | None) -> None:
        """Load the model that was named, else the assistant's own, else the one that was named last.

        Raises:
            NoModel: none was ever named, or its file is gone.
        """
        model = self._services.chat_model(chosen, self._assistant)
        options = self._services.requests.load_options(self._assistant.adapter)
        try:
            self._status.show("Loading the model…")
            run = self._services.chat.load(model, options, on_report=self._status.show_progress)
            self._model = wait(run)
        finally:
            self._status.hide()
        if self._model.note:
            print_problem(self._model.note)
        if chosen:
            self._services.remember_chat_model(model)

    # --- talking

    def add_pictures(self, files: Sequence[Path]) -> None:
        """Let these go with the next message.

        Raises:
            UserInputError: one cannot be read.
        """
        for file in files:
            try:
                self._pictures.append(wait(self._services.pictures.take(file.absolute(), file.name)))
            except DocumentError as error:
                raise UserInputError("as-told", message=f"{file}: {error.message}", hint="") from error

    def answer_once(self, prompt: str) -> None:
        """Answer once.

        Raises:
            AssistantError: it cannot be answered.
            KeyboardInterrupt: the person stopped it; what was written is kept.
        """
        self._answer(prompt)

    def answer_lines(self) -> bool:
        """Answer every line of standard input in one conversation; false if one could not be answered."""
        well = True
        for line in sys.stdin:
            if line.strip():
                well &= self._answer_or_complain(line.strip())
        return well

    def interactive(self) -> None:
        """Ask for one line after the other. Ctrl-C stops an answer; pressed again, or Ctrl-D, it leaves."""
        with suppress(ImportError):
            importlib.import_module("readline")  # arrow keys in `input`
        name = self._model.name if self._model else ""
        stderr.print(f"{printable(self._assistant.name)} · {printable(name)}. Ctrl-D leaves.")
        if self._assistant.not_for:
            stderr.print(printable(self._assistant.not_for))
        warned = False
        while True:
            try:
                line = input("> ").strip()
            except EOFError:
                stderr.print()
                return
            except KeyboardInterrupt:
                stderr.print()
                if warned:
                    return
                warned = True
                stderr.print("Press Ctrl-C again to leave.")
                continue
            if not line:
                continue
            try:
                warned = False
                self._answer_or_complain(line)
                self._compact()
            except (KeyboardInterrupt, Cancelled):
                warned = True
                stderr.print("Stopped. What was written is kept. Press Ctrl-C again to leave.")

    def _compact(self) -> None:
        if self._conversation is not None:
            path = self._services.history.open(self._conversation).messages
            self._compaction = self._services.requests.compact(self._conversation, path)

    def _answer_or_complain(self, prompt: str) -> bool:
        try:
            self._answer(prompt)
        except AssistantError as error:
            if self._as_json:
                print_json({"error": error.problem.as_json()})
            print_problem(error)
            return False
        return True

    def _answer(self, prompt: str) -> None:
        if self._compaction is not None:
            self._compaction.cancel()
            self._compaction = None
        history = self._services.history
        if self._conversation is None:
            self._conversation = history.create(assistant=self._assistant.id).id
        pictures, self._pictures = self._pictures, []
        seen: dict[str, Any] = {"pictures": pictures} if pictures else {}
        history.add_message(self._conversation, Role.USER, prompt, **seen)
        talk = history.open(self._conversation)
        about_sight: dict[str, Any] = {}
        if pictures and not self._services.requests.sees:
            about_sight = {READ_ONLY_TEXT: True}
            name = printable(self._model.name) if self._model else "This model"
            stderr.print(f"{name} does not see pictures: it reads the text recognised in them.")
        writer = history.writer(self._conversation, model=self._model.name if self._model else "")

        def hear(report: object) -> None:
            if isinstance(report, TextDelta):
                writer.append(report.text, thinking=report.thinking)
                self._show(report)
            elif isinstance(report, PromptProgress) and report.total:
                self._status.show(f"Reading… {100 * report.done // report.total} %")
            elif isinstance(report, Progress):
                self._status.show_progress(report)

        run = self._services.requests.answer(
            self._assistant,
            talk.messages,
            lambda request, report: self._begin(request, prompt if pictures else "", report),
            on_report=hear,
            conversation=talk.info.id,
            remembered=talk.info.meta,
        )
        try:
            result = wait(run)
        except (KeyboardInterrupt, Cancelled):
            self._end_line(writer.text)
            writer.finish(MessageState.STOPPED)
            raise
        except AssistantError as error:
            self._end_line(writer.text)
            kept = {**error.problem.as_json(), "reason": error.reason, "details": error.details}
            writer.finish(MessageState.FAILED, error=kept)
            raise
        finally:
            self._status.hide()
        grounded = result if isinstance(result, GroundedAnswer) else None
        completion: Completion | None = grounded.completion if grounded else result
        if grounded is None:
            self._end_line(writer.text)
        else:
            self._show_grounded(grounded, streamed=writer.text)
        stored = writer.finish(
            text=grounded.checked.text if grounded else result.text,
            thinking=completion.thinking if completion else None,
            **self._services.requests.answer_meta(result),
            **about_sight,
        )
        self._report(stored, completion, grounded)

    def _begin(self, request: Request, prompt: str, hear: Callable[[object], None] | None) -> Run[Any]:
        """Ends with a Completion or, from documents, a GroundedAnswer.

        Args:
            prompt: what is looked for, where the request says more.
        """
        if self._scope is None:
            self._status.show("Thinking…")
            return self._services.chat.complete(request, on_report=hear)
        self._status.show("Searching the documents…")
        return self._services.grounded.ask(request, self._scope, question=prompt, on_report=hear)

    # --- showing

    def _show(self, piece: TextDelta) -> None:
        if piece.thinking or self._as_json:
            return
        self._status.hide()
        sys.stdout.write(for_terminal(piece.text))
        sys.stdout.flush()

    def _end_line(self, text: str) -> None:
        self._status.hide()
        if text and not self._as_json:
            sys.stdout.write("" if text.endswith("\n") else "\n")
            sys.stdout.flush()

    def _show_grounded(self, grounded: GroundedAnswer, *, streamed: str) -> None:
        """What the check has left of an answer from documents, and where its citations stand."""
        if self._as_json:
            return
        checked = grounded.checked
        self._end_line(streamed)
        if not streamed or checked.absent:
            stdout.print(for_terminal(checked.text))
        for quote in grounded.answer.quotes:
            if quote.n in checked.citations:
                stdout.print(f"[{quote.n}] {printable(quote.title)} · {printable(quote.location)}")
        if checked.removed:
            numbers = " ".join(f"[{number}]" for number in checked.removed)
            stderr.print(f"Citations removed, because the quote does not say this: {numbers}")

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
            stderr.print("The answer reached its maximum length. Ask for more to continue it.")
        elif completion.finish is Finish.CONTEXT:
            stderr.print("The answer was cut short: the conversation memory is full.")
        if completion.dropped_messages:
            stderr.print(
                f"The model no longer sees the oldest {count(completion.dropped_messages, 'message')}."
            )
        if completion.gone_pictures:
            stderr.print(f"The model no longer sees the oldest {count(completion.gone_pictures, 'picture')}.")


def for_terminal(text: str) -> str:
    """Text without what would steer the terminal: a model may write anything."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")

"""Doubles of what answers: they say what a test tells them to say, when the test tells them to."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.chat.records import Completion, Finish, LoadOptions, ModelInfo, Request, TextDelta
from assistant.documents.grounded_records import CheckedText, Claim, GroundedAnswer, Summary
from assistant.documents.records import Answer, Quote, Scope
from assistant.errors import Problem
from assistant.jobs import Progress


def model(path: str = "/models/tiny.gguf", **other: Any) -> ModelInfo:
    values: dict[str, Any] = {
        "path": path,
        "name": "Tiny 0.5B",
        "architecture": "llama",
        "parameters": 494_000_000,
        "size": 398_000_000,
        "context": 4096,
        "trained_context": 32_768,
        "threads": 2,
        "gpu_layers": 0,
        "kv_type": "f16",
        "adapter": None,
        "thinks": False,
        "note": None,
        "reading_speed": 96.0,
        "writing_speed": 14.0,
        **other,
    }
    return ModelInfo(**values)


def completion(text: str, **other: Any) -> Completion:
    values: dict[str, Any] = {
        "thinking": "",
        "finish": Finish.END,
        "prompt_tokens": 120,
        "reused_tokens": 0,
        "tokens": 40,
        "thinking_tokens": 0,
        "reading_seconds": 1.0,
        "writing_seconds": 4.0,
        "drafted": 0,
        "accepted": 0,
        "context": 4096,
        "sources": (),
        "dropped_messages": 0,
        "overflow": False,
        **other,
    }
    return Completion(text=text, **values)


class Chat:
    """`say` and `end` are the model; `queue["load"]` holds what comes of loading."""

    def __init__(self, pending: Callable[[], Any]) -> None:
        self._pending = pending
        self.loaded: ModelInfo | None = None
        self.loads: list[tuple[Path, LoadOptions]] = []
        self.requests: list[Request] = []
        self.runs: list[Any] = []
        self.queue: dict[str, deque[Any]] = defaultdict(deque)
        self._report: Callable[[Any], None] | None = None

    # what a test does

    def report(self, value: object) -> None:
        assert self._report is not None
        self._report(value)

    def say(self, text: str, *, thinking: bool = False) -> None:
        self.report(TextDelta(text, thinking))

    def end(self, text: str, **other: Any) -> None:
        self.runs[-1].finish(completion(text, **other))

    def fail(self, error: Exception) -> None:
        self.runs[-1].fail(error)

    # what the window calls

    def load(
        self,
        path: Path,
        options: LoadOptions = LoadOptions(),  # noqa: B008
        *,
        on_report: Callable[[Any], None] | None = None,
    ) -> Any:
        self.loads.append((path, options))
        self.loaded = None
        if self.queue["load"]:
            given = self.queue["load"].popleft()
            if not isinstance(given, Exception | ModelInfo):
                return given
            if isinstance(given, Exception):
                return self._pending().fail(given)
            self.loaded = given
            return self._pending().finish(given)
        self.loaded = model(str(path), adapter=options.adapter)
        return self._pending().finish(self.loaded)

    def unload(self) -> Any:
        self.loaded = None
        return self._pending().finish(None)

    def complete(self, request: Request, *, on_report: Callable[[Any], None] | None = None) -> Any:
        self.requests.append(request)
        self._report = on_report
        self.runs.append(self._pending())
        return self.runs[-1]


class Grounded:
    """`quotes` and `say` are the documents and the model; `end` is the check, `sum_up` that of a summary."""

    def __init__(self, pending: Callable[[], Any]) -> None:
        self._pending = pending
        self.asked: list[tuple[Request, Scope]] = []
        self.questions: list[str] = []
        """What was looked for, where that is not all of the message."""
        self.summarised: list[tuple[int, Request]] = []
        self.runs: list[Any] = []
        self._report: Callable[[Any], None] | None = None
        self._answer = Answer("", (), 0.0)

    # what a test does

    def quotes(self, *quotes: Quote) -> None:
        self._answer = Answer(self.asked[-1][0].messages[-1].content, quotes, 0.04)
        self.report(self._answer)

    def report(self, value: object) -> None:
        assert self._report is not None
        self._report(value)

    def say(self, text: str) -> None:
        self.report(TextDelta(text))

    def quoted(self, *quotes: Quote) -> None:
        """What the quotes are in the end."""
        self._answer = replace(self._answer, quotes=quotes)

    def end(self, text: str, *claims: Claim, absent: bool = False, asked: bool = True) -> None:
        self.finish(CheckedText(text, claims, absent), asked=asked)

    def finish(self, checked: CheckedText, *, asked: bool = True) -> None:
        done = completion(checked.text) if asked else None
        self.runs[-1].finish(GroundedAnswer(self._answer, checked, done))

    def refuse(self, absence: Problem | None = None) -> None:
        answer = replace(self._answer, absence=absence)
        checked = CheckedText("This is not in your documents.", (), True)
        self.runs[-1].finish(GroundedAnswer(answer, checked, None, refused=True))

    def progress(self, doing: str, done: int = 0, total: int | None = None) -> None:
        self.report(Progress(doing, done, total))

    def sum_up(self, text: str, *claims: Claim, quotes: tuple[Quote, ...] = (), note: str = "") -> None:
        checked = CheckedText(text, claims, False)
        document = self.summarised[-1][0]
        self.runs[-1].finish(Summary(document, "", checked, quotes, 3, note, completion(text)))

    def fail(self, error: Exception) -> None:
        self.runs[-1].fail(error)

    # what the window calls

    def summarise(
        self,
        document: int,
        *,
        request: Request = Request("", ()),  # noqa: B008
        on_report: Callable[[Any], None] | None = None,
    ) -> Any:
        self.summarised.append((document, request))
        self._report = on_report
        self.runs.append(self._pending())
        return self.runs[-1]

    def ask(
        self,
        request: Request,
        scope: Scope = Scope(),  # noqa: B008
        *,
        question: str = "",
        on_report: Callable[[Any], None] | None = None,
    ) -> Any:
        self.asked.append((request, scope))
        self.questions.append(question)
        self._report = on_report
        self.runs.append(self._pending())
        return self.runs[-1]

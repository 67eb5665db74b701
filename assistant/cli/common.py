"""What the commands have in common: --json, errors on one line, Ctrl-C, a progress bar."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Annotated, Any, Protocol, TypeVar

import typer

from assistant import atomic_write, languages
from assistant.cli.output import print_json, print_problem, progress_bar, stderr
from assistant.documents.event_records import IndexingStatus, RecognitionStatus
from assistant.errors import AssistantError, Cancelled, DiskFull, Problem, UserInputError
from assistant.workers.run import Run

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
Command = TypeVar("Command", bound=Callable[..., Any])
Report = Callable[[Any], None]
Shown = Callable[[Any], Any]
T = TypeVar("T")
Status = TypeVar("Status", IndexingStatus, RecognitionStatus)

_POLL_SECONDS = 0.2
"""Waiting is cut into such pieces, because not every system lets Ctrl-C end a wait."""


def reports_errors(command: Command) -> Command:
    """Errors become one line on stderr and exit status 1; under `--json` also an object on stdout."""

    @functools.wraps(command)
    def wrapper(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except AssistantError as error:
            if options.get("as_json"):
                print_json({"error": error.problem.as_json()})
            print_problem(error)
            raise typer.Exit(1) from error
        except (KeyboardInterrupt, Cancelled) as stop:
            stderr.print("Stopped. What was finished is kept.")
            raise typer.Exit(130) from stop
        except BrokenPipeError as closed:  # `… | head` has seen enough
            with suppress(OSError):
                sys.stdout.close()
            raise typer.Exit(0) from closed
        except OSError as error:
            if not atomic_write.disk_is_full(error):
                raise
            with suppress(OSError):  # of what is printed: all other files are written by those who tell of it
                sys.stdout.close()
            print_problem(DiskFull("output-disk-full"))
            raise typer.Exit(1) from error

    return wrapper  # type: ignore[return-value]


def language_code(name: str | None) -> str | None:
    """The code of a language that was given by its code or its English name; "" and None as they are.

    Raises:
        UserInputError: there is no such language.
    """
    if not name:
        return name
    folded = name.casefold()
    if folded in languages.NAMES:
        return folded
    for code, known in languages.NAMES.items():
        if known.casefold() == folded:
            return code
    raise UserInputError("language-unknown", language=name)


def wait(run: Run[T]) -> T:
    """The run's result; Ctrl-C stops the run."""
    try:
        while True:
            with suppress(TimeoutError):
                return run.result(_POLL_SECONDS)
    except KeyboardInterrupt:
        run.cancel()
        raise


def wait_with_progress(begin: Callable[[Report], Run[T]], at_first: str, shown: Shown) -> T:
    """The result of a run, with a progress bar where a person is looking; Ctrl-C stops it.

    Args:
        begin: starts the run; its reports go to what it is given.
        at_first: what stands at the bar before the first report.
        shown: of a report, what the bar shows, by the names of `progress_bar`'s fields; None: as before.
    """
    with _progress(at_first, shown) as report:
        return wait(begin(report))


def with_notices(kind: type[Status], words: Callable[[Status], dict[str, Any]]) -> Shown:
    """What `wait_with_progress` shows of a status of this kind: its words; its notice is printed once."""
    told: set[Problem] = set()

    def shown(report: Any) -> dict[str, Any] | None:
        if not isinstance(report, kind):
            return None
        if report.notice and report.notice not in told:
            told.add(report.notice)
            print_problem(report.notice)
        return words(report)

    return shown


class Queue(Protocol):
    """Of works that are done one after the other."""

    def subscribe(self, listener: Report, /) -> Callable[[], None]: ...
    def wait(self, ids: Sequence[int], timeout: float, /) -> bool: ...
    def stop(self) -> None: ...


def wait_in_queue(queue: Queue, id: int, at_first: str, shown: Shown) -> None:
    """Wait for one work of a queue, whose events are shown as by `wait_with_progress`; Ctrl-C stops all."""
    with _progress(at_first, shown) as report:
        end = queue.subscribe(report)
        try:
            while not queue.wait([id], _POLL_SECONDS):
                pass
        except KeyboardInterrupt:
            queue.stop()
            raise
        finally:
            end()


@contextmanager
def _progress(at_first: str, shown: Shown) -> Iterator[Report]:
    with progress_bar() as bar:
        task = bar.add_task(at_first, total=None, counts="")

        def report(said: Any) -> None:
            if values := shown(said):
                bar.update(task, **values)

        yield report

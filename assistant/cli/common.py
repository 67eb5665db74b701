"""What all commands of the command line have in common."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any, TypeVar

import typer

from assistant.cli.output import complain, errors, print_json
from assistant.errors import AssistantError, Cancelled

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Command = TypeVar("Command", bound=Callable[..., Any])


def reports_errors(command: Command) -> Command:
    """Errors become one line on stderr and exit status 1; under `--json` also an object on stdout."""

    @functools.wraps(command)
    def wrapper(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except AssistantError as error:
            if options.get("as_json"):
                print_json({"error": error.as_json()})
            complain(error.message, error.hint)
            raise typer.Exit(1) from error
        except (KeyboardInterrupt, Cancelled) as stop:
            errors.print("Stopped. What was finished is kept.")
            raise typer.Exit(130) from stop
        except BrokenPipeError as closed:  # `… | head` has seen enough
            with suppress(OSError):
                sys.stdout.close()
            raise typer.Exit(0) from closed

    return wrapper  # type: ignore[return-value]

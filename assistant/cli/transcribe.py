"""Recordings written down in the terminal: progress, results on standard output or in files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.common import Json, language_code, reports_errors, wait_in_queue
from assistant.cli.output import print_json, print_problem, printable, stderr
from assistant.errors import AssistantError, UnreadableDocument, UserInputError
from assistant.quantities import clock, duration
from assistant.services import Services
from assistant.speech.speakers.records import MOST_SPEAKERS
from assistant.speech.transcripts.export import FORMS, data, export, write
from assistant.speech.transcripts.records import (
    SpeakersFound,
    StoredTranscript,
    TranscriptChanged,
    TranscriptGrew,
    TranscriptInfo,
    TranscriptState,
)

_PRINTED_TOGETHER = ("txt", "json")
"""Of several recordings, what can follow each other on standard output."""


@reports_errors
def transcribe(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Recordings or videos, of any length.")
    ],
    to: Annotated[
        str | None, typer.Option("--to", help=f"{', '.join(FORMS)}; txt if nothing else says so.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="A folder, or a model as `models` lists it.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="A code such as en; detected without it.")
    ] = None,
    speakers: Annotated[
        int | None,
        typer.Option(
            "--speakers",
            min=0,
            max=MOST_SPEAKERS,
            help="Identify speakers: how many there are, or 0 to detect that.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="A file, or the folder for several; else standard output.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also what was transcribed before with the same model.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write down what is said in recordings. Ctrl-C stops; the same command goes on from there."""
    form = _form(to, output, as_json=as_json)
    targets = _targets(files, form, output, overwrite=overwrite)
    spoken = language_code(language)
    with Services() as services:
        folder = services.speech_model(model)
        if speakers is None:
            speakers = services.speakers_wanted()
        else:
            services.speaker_models()  # nobody wants to wait an hour for a refusal
        decoding = services.decoding(spoken)
        transcripts = services.transcripts
        infos = transcripts.transcribe(files, folder, decoding, speakers=speakers, again=again)
        well = True
        written = []
        for info, target in zip(infos, targets, strict=True):
            _wait(services, info)
            transcript = transcripts.open(info.id)
            if transcript.info.problem:
                well = False
                print_problem(transcript.info.problem, printable(info.path))
                if as_json:
                    print_json({"error": transcript.info.problem.as_json(), "path": info.path})
                if not _is_all_there_is(transcript):
                    continue
            _give(transcript, form, target, overwrite=overwrite)
            written.append(target)
        if as_json and any(written):
            print_json({"written": [str(path) for path in written]})
        _index(services)
    if not well:
        raise typer.Exit(1)


def _form(to: str | None, output: Path | None, *, as_json: bool) -> str:
    suffix = output.suffix[1:].lower() if output is not None else ""
    form = (to or (suffix if suffix in FORMS else "") or ("json" if as_json else "txt")).lower()
    if form not in FORMS:
        raise typer.BadParameter(f"{form!r} is not one of {', '.join(FORMS)}.", param_hint="'--to'")
    return form


def _targets(files: Sequence[Path], form: str, output: Path | None, *, overwrite: bool) -> list[Path | None]:
    """Where each goes; None: standard output. Looked at first: nobody wants to wait an hour for a refusal.

    Raises:
        UserInputError: it cannot go there.
    """
    if output is None:
        if len(files) > 1 and form not in _PRINTED_TOGETHER:
            raise UserInputError("transcribe-needs-folder", form=form)
        if form == "docx" and sys.stdout.isatty():
            raise UserInputError("transcribe-needs-file")
        return [None] * len(files)
    if len(files) == 1 and not output.is_dir() and not str(output).endswith("/"):
        targets = [output]
    elif output.exists() and not output.is_dir():
        raise UserInputError("transcribe-needs-folder", form=form)
    else:
        targets = [output / f"{name}.{form}" for name in _names(files)]
    for target in targets:
        if target.is_file() and not overwrite:
            raise UserInputError("transcript-export-exists", file=str(target))
    return list(targets)


def _names(files: Sequence[Path]) -> list[str]:
    """A name for the result of each: recordings of several folders may be called the same."""
    stems = [file.stem for file in files]
    names: list[str] = []
    for file in files:
        base = name = file.stem if stems.count(file.stem) == 1 else file.name
        number = 1
        while name in names:
            number += 1
            name = f"{base}-{number}"
        names.append(name)
    return names


def _wait(services: Services, info: TranscriptInfo) -> None:
    transcripts = services.transcripts
    title = printable(info.title)
    transcribing = f"Transcribing {title}"

    def shown(event: TranscriptChanged | TranscriptGrew | SpeakersFound) -> dict[str, Any] | None:
        if not isinstance(event, TranscriptGrew) or event.id != info.id:
            return None
        return {
            "completed": event.done_until,
            "total": event.duration,
            "description": f"Listening for who speaks in {title}" if event.finding_speakers else transcribing,
            "counts": _counts(event),
        }

    wait_in_queue(transcripts, info.id, transcribing, shown)
    if transcripts.info(info.id).state is TranscriptState.STOPPED:
        raise KeyboardInterrupt


def _counts(event: TranscriptGrew) -> str:
    """For people: "3:20 of 10:00 · 2 min left · 3 more"."""
    words = clock(event.done_until)
    if event.duration:
        words += f" of {clock(event.duration)}"
    if event.seconds_left:
        words += f" · {duration(event.seconds_left)} left"
    return f"{words} · {event.queued} more" if event.queued else words


def _is_all_there_is(transcript: StoredTranscript) -> bool:
    """Whether trying again gives no more: it is done, or this is what can be read of a damaged recording."""
    info = transcript.info
    if info.state is not TranscriptState.FAILED:
        return True
    return (
        bool(transcript.stored) and info.problem is not None and info.problem.code == UnreadableDocument.code
    )


def _give(transcript: StoredTranscript, form: str, target: Path | None, *, overwrite: bool) -> None:
    """
    Raises:
        AssistantError: the file cannot be written.
    """
    segments, language = transcript.segments, transcript.info.language
    if target is not None:
        content = export(segments, form, title=transcript.info.title, language=language)
        write(target, content, replace=overwrite)
        stderr.print(f"Written: {printable(str(target))}")
    elif form == "json":
        print_json(data(segments, language))
    else:
        content = export(segments, form, title=transcript.info.title, language=language)
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def _index(services: Services) -> None:
    """Have the transcripts among the documents, so that the next question finds them."""
    try:
        added = services.index_transcripts().result()
        found = (*added.documents, *added.already)
        services.documents.wait([document.id for document in found]).result()
    except AssistantError as error:
        print_problem(error)

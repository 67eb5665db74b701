"""Dictation and transcription as the status line tells of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from assistant.speech.transcripts.records import TranscriptState
from ui.common import formatting
from ui.common.translation import arg, translate
from ui.dictation.controller import DictationState
from ui.shell.status_line import Job, with_others
from ui.transcripts.transcript_actions import share, title

if TYPE_CHECKING:
    from ui.dictation.controller import DictationController
    from ui.transcripts.transcript_actions import TranscriptActions


def dictation_job(dictation: DictationController) -> Job | None:
    """Stop ends listening; again, and what was said last is not waited for."""
    if dictation.state is DictationState.IDLE:
        return None
    doing = (
        translate("shell", "Dictating")
        if dictation.state is DictationState.LISTENING
        else translate("shell", "Finishing…")
    )
    return Job(doing, translate("shell", "Stop"), translate("shell", "Stop dictating"), dictation.escape)


def transcription_job(actions: TranscriptActions) -> Job | None:
    """Of the recording that is transcribed now; the others wait behind it."""
    infos = actions.all.values()
    info = next((each for each in infos if each.state is TranscriptState.RUNNING), None)
    if info is None:
        return None
    growth = actions.growth.get(info.id)
    done, name = share(info, growth), title(info)
    listening = growth is not None and growth.finding_speakers
    doing = (
        arg(translate("shell", "Identifying speakers · %1"), formatting.isolate(name))
        if listening
        else arg(translate("shell", "Transcribing · %1"), formatting.isolate(name))
    )
    waiting = sum(each.state is TranscriptState.QUEUED for each in infos)
    return Job(
        with_others(doing, waiting),
        translate("shell", "Stop"),
        arg(translate("shell", "Stop transcribing %1"), name),
        partial(actions.stop, info.id),
        round(1000 * (done or 0.0)),
        0 if done is None else 1000,
        growth.seconds_left if growth is not None else None,
    )

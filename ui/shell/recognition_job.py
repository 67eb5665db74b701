"""The recognition of pictures as the status line tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.documents.event_records import RecognitionState
from ui.common import error_words, formatting, quantities
from ui.common.translation import arg, translate
from ui.shell.status_line import Job

if TYPE_CHECKING:
    from assistant.documents.event_records import RecognitionStatus
    from ui.recognition.controller import RecognitionController


def recognition_job(controller: RecognitionController) -> Job | None:
    """What goes on or was paused; what waits for its time is told in the rows of its documents."""
    status = controller.status
    if status is None or not status.pages_left:
        return None
    if status.state not in (RecognitionState.RUNNING, RecognitionState.PAUSED) and status.notice is None:
        return None
    paused = status.state is RecognitionState.PAUSED
    resume, pause = (
        translate("shell", "Resume recognising text"),
        translate("shell", "Pause recognising text"),
    )
    document = status.document
    return Job(
        _doing(status, paused),
        translate("shell", "Stop"),
        arg(translate("shell", "Stop recognising the text of %1"), formatting.name(status.title)),
        None if document is None or paused else lambda: controller.stop((document,)),
        controller.most_left - status.pages_left,
        controller.most_left,
        status.seconds_left,
        held=status.notice is not None,
        pause=controller.resume if paused else controller.pause,
        pause_name=resume if paused else pause,
        paused=paused,
    )


def _doing(status: RecognitionStatus, paused: bool) -> str:
    """ "Recognising text · scan.pdf, page 14 · 36 pages left"."""
    if status.notice is not None:
        return formatting.one_line(error_words.both(status.notice))
    left = translate("shell", "%n page(s) left", None, status.pages_left)
    if paused or not status.title:
        begin = (
            translate("shell", "Paused · recognising text")
            if paused
            else translate("shell", "Recognising text")
        )
        return f"{begin} · {left}"
    name = formatting.isolate(formatting.name(status.title))
    if status.page is not None:
        text = translate("shell", "Recognising text · %1, page %2")
        return f"{arg(text, name, quantities.number(status.page))} · {left}"
    return f"{arg(translate('shell', 'Recognising text · %1'), name)} · {left}"

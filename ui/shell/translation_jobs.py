"""Documents that are translated, as the status line tells of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from assistant.translation.jobs.records import DocumentState
from ui.common import formatting
from ui.common.translation import arg, translate
from ui.shell.status_line import Job, with_others

if TYPE_CHECKING:
    from ui.translation.document_actions import DocumentActions


def translation_job(actions: DocumentActions) -> Job | None:
    """Of the document that is translated now; the others wait behind it."""
    documents = actions.all.values()
    document = next((each for each in documents if each.state is DocumentState.RUNNING), None)
    if document is None:
        return None
    name = formatting.file_name(document.path)
    doing = arg(translate("shell", "Translating · %1"), formatting.isolate(name))
    waiting = sum(each.state is DocumentState.QUEUED for each in documents)
    return Job(
        with_others(doing, waiting),
        translate("shell", "Stop"),
        arg(translate("shell", "Stop translating %1"), name),
        partial(actions.stop, document.id),
        document.done,
        document.total,
        document.seconds_left,
    )

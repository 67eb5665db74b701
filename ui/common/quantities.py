"""Numbers, sizes and durations as the window says them: like `assistant.quantities`, to be translated."""

from __future__ import annotations

from datetime import datetime

from assistant import quantities
from assistant.chat.records import PromptProgress
from assistant.quantities import clock as clock
from assistant.quantities import decimal as decimal
from assistant.quantities import number as number
from ui.common.translation import arg, translate


def size(octets: float) -> str:
    """ "840 B", "1.2 MB", "11.2 GB"."""
    amount, unit = quantities.size(octets).split()
    units = {
        "B": translate("common", "%1 B"),
        "kB": translate("common", "%1 kB"),
        "MB": translate("common", "%1 MB"),
        "GB": translate("common", "%1 GB"),
    }
    return arg(units[unit], amount)


def duration(seconds: float) -> str:
    """ "20 s", "3 min", "2 h", "2 h 5 min"."""
    if seconds < 59.5:
        return arg(translate("common", "%1 s"), max(1, round(seconds)))
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return arg(translate("common", "%1 min"), minutes)
    if not minutes:
        return arg(translate("common", "%1 h"), hours)
    return arg(translate("common", "%1 h %2 min"), hours, minutes)


def moment(when: datetime) -> str:
    """ "Today 16:12"; `when` is local time."""
    days = (datetime.now().date() - when.date()).days
    at = when.strftime("%H:%M")
    if days == 0:
        return arg(translate("common", "Today %1"), at)
    if days == 1:
        return arg(translate("common", "Yesterday %1"), at)
    return when.strftime("%Y-%m-%d %H:%M")


def reading(report: PromptProgress, what: str = "") -> str:
    """ "Reading the conversation… 40 %"; `what` says what else is read."""
    if not report.total:
        return translate("common", "Reading…")
    percent = min(99, round(100 * report.done / report.total))
    return arg(
        translate("common", "%1… %2 %"), what or translate("common", "Reading the conversation"), percent
    )

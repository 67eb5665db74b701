"""PURE: calendars as they come in mails (RFC 5545): what a person reads of their events and tasks."""

from __future__ import annotations

import re

_FIELDS = {
    "SUMMARY": "Summary", "DTSTART": "Start", "DTEND": "End", "DUE": "Due", "LOCATION": "Location",
    "ORGANIZER": "Organizer", "ATTENDEE": "Attendee", "RRULE": "Repeated", "STATUS": "Status", "URL": "Link",
    "DESCRIPTION": "Description", "COMMENT": "Comment",
}  # fmt: skip
_COMPONENTS = ("VEVENT", "VTODO", "VJOURNAL")
"""What is read of a calendar; not its time zones and alarms."""
_LINE = re.compile(r"([A-Za-z0-9-]+)((?:;[^:;\"]*(?:\"[^\"]*\")?[^:;\"]*)*):(.*)", re.DOTALL)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?$")
_NAME = re.compile(r";CN=\"?([^\";:]+)", re.IGNORECASE)
_ZONE = re.compile(r";TZID=\"?([^\";:]+)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\;,nN])")


def calendar_text(source: str) -> str:
    """The events of a calendar, a line for each thing said of them; other text is left as it is."""
    if "BEGIN:VCALENDAR" not in source:
        return source
    lines: list[str] = []
    component = ""
    for line in re.sub(r"\r?\n[ \t]", "", source).splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        name, parameters, value = match[1].upper(), match[2], match[3].strip()
        if name in ("BEGIN", "END"):
            component = value.upper() if name == "BEGIN" else ""
            if lines and lines[-1] and component in _COMPONENTS:
                lines.append("")
        elif name in _FIELDS and component in _COMPONENTS and value:
            lines.append(f"{_FIELDS[name]}: {_shown(name, parameters, value)}")
    return "\n".join(lines) or source


def _shown(name: str, parameters: str, value: str) -> str:
    if name in ("DTSTART", "DTEND", "DUE"):
        return _time(parameters, value)
    if name in ("ORGANIZER", "ATTENDEE"):
        person = _NAME.search(parameters)
        address = re.sub(r"^mailto:", "", value, flags=re.IGNORECASE)
        return f"{person[1]} <{address}>" if person else address
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def _time(parameters: str, value: str) -> str:
    match = _TIME.match(value)
    if match is None:
        return value
    year, month, day, hour, minute, universal = match.groups()
    date = f"{year}-{month}-{day}"
    if hour is None:
        return date
    zone = _ZONE.search(parameters)
    return f"{date} {hour}:{minute}{' UTC' if universal else f' ({zone[1]})' if zone else ''}"

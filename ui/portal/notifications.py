"""Messages to the program that shows notifications (Desktop Notifications Specification 1.2)."""

from __future__ import annotations

import html

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, new_method_call
from jeepney.bus_messages import message_bus

_INTERFACE = "org.freedesktop.Notifications"
_ADDRESS = DBusAddress("/org/freedesktop/Notifications", _INTERFACE, _INTERFACE)
_LOW = 0
"""How urgent it is."""
_NEVER = 0
"""After how many milliseconds it goes by itself."""


def listen() -> Message:
    """Have its signals sent."""
    listening: Message = message_bus.AddMatch(MatchRule(type="signal", interface=_INTERFACE))
    return listening


def show(program: str, id: int, title: str, words: str, button: str) -> Message:
    """A notification with one button, in the place of the one of this number; 0 for a new one."""
    hints = {"urgency": ("y", _LOW), "transient": ("b", True)}
    about = (program, id, "audio-input-microphone", title, html.escape(words, quote=False))
    body = (*about, ["button", button], hints, _NEVER)
    shown: Message = new_method_call(_ADDRESS, "Notify", "susssasa{sv}i", body)
    return shown


def close(id: int) -> Message:
    closed: Message = new_method_call(_ADDRESS, "CloseNotification", "u", (id,))
    return closed


def is_button(signal: Message) -> bool:
    """Whether its button was pressed."""
    return signal.header.fields.get(HeaderFields.member) == "ActionInvoked"


def is_end(signal: Message) -> bool:
    """Whether it is gone."""
    return signal.header.fields.get(HeaderFields.member) == "NotificationClosed"

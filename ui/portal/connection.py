"""A connection to the desktop portal of this session.

A request is answered by a signal, because the portal may first ask the person (xdg-desktop-portal,
“Requests” and “Sessions”).
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from jeepney import (
    DBusAddress,
    DBusErrorResponse,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    new_method_call,
)
from jeepney.bus_messages import message_bus
from jeepney.io.threading import ReceiveStopped

from ui.portal.session_bus import open_session_bus

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
APP_ID = "offline-assistant"
"""Of the program's desktop entry; by it the portal remembers what the person allowed."""
_REQUEST = "org.freedesktop.portal.Request"
_SESSION = "org.freedesktop.portal.Session"
_REGISTRY = "org.freedesktop.host.portal.Registry"
_ANSWER_SECONDS = 15.0
"""For what asks nobody; the first call may start the portal."""

Options = dict[str, tuple[str, Any]]
"""Name → (type, value), as D-Bus has them."""


class NoPortal(Exception):
    """There is no portal that can do it, or it is gone."""


class Refused(Exception):
    """The person, or the desktop for them, did not allow it."""


class Interrupted(Exception):
    """`interrupt` was called."""


class PortalConnection:
    """For one thread, which waits; `interrupt` alone may be called from another."""

    def __init__(self) -> None:
        """
        Raises:
            NoPortal: there is no session bus.
        """
        try:
            self._bus = open_session_bus()
        except OSError as error:
            raise NoPortal(str(error)) from error
        self._signals: deque[Message] = deque()
        """Those that came while an answer was waited for."""
        self._tokens = itertools.count(1)
        self._register()

    def __enter__(self) -> PortalConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Its sessions end with it."""
        self._bus.close()

    def interrupt(self) -> None:
        """What waits, now or from now on, raises Interrupted."""
        self._bus.interrupt()

    # --- what the portal can do

    def call(self, interface: str, method: str, signature: str = "", body: tuple[Any, ...] = ()) -> Any:
        """The body of the answer.

        Raises:
            NoPortal: it cannot do that, or does not answer.
            Interrupted
        """
        return self._call(
            new_method_call(DBusAddress(PATH, NAME, interface), method, signature or None, body)
        )

    def request(
        self, interface: str, method: str, signature: str, body: tuple[Any, ...], options: Options
    ) -> dict[str, Any]:
        """Ask for something and wait for the answer, which may be the person's: there is no time limit.

        Args:
            signature, body: without the options, which come last.

        Raises:
            Refused, NoPortal, Interrupted
        """
        token = self._token()
        handle = f"{PATH}/request/{self._own_name()}/{token}"
        self.listen(_REQUEST, path=handle)
        self.call(interface, method, f"{signature}a{{sv}}", (*body, options | {"handle_token": ("s", token)}))
        while True:
            answer = self._next(lambda message: message.header.fields.get(HeaderFields.path) == handle)
            if answer.header.fields.get(HeaderFields.member) == "Response":
                break
        code, results = answer.body
        if code != 0:
            raise Refused
        return {name: value for name, (_, value) in results.items()}

    def session(self, interface: str) -> str:
        """The handle of a new session of this interface.

        Raises:
            Refused, NoPortal, Interrupted
        """
        token = ("s", self._token())
        results = self.request(interface, "CreateSession", "", (), {"session_handle_token": token})
        handle = str(results.get("session_handle", ""))
        self.listen(_SESSION, path=handle)
        return handle

    def listen(self, interface: str, path: str = PATH) -> None:
        """Have the signals of an interface sent."""
        rule = MatchRule(type="signal", sender=NAME, interface=interface, path=path)
        self._call(message_bus.AddMatch(rule))

    def signal(self) -> tuple[str, tuple[Any, ...]]:
        """Wait for the next signal: its name and what it says.

        Raises:
            NoPortal: the bus or the session is gone.
            Interrupted
        """
        message = self._next(lambda _: True)
        fields = message.header.fields
        if fields.get(HeaderFields.interface) == _SESSION:
            raise NoPortal("the session was closed")
        return str(fields.get(HeaderFields.member)), message.body

    # --- messages

    def _register(self) -> None:
        """Say which program this is, which a portal before version 1.20 finds out by itself."""
        with suppress(NoPortal):
            self.call(_REGISTRY, "Register", "sa{sv}", (APP_ID, {}))

    def _token(self) -> str:
        return f"offline_assistant_{next(self._tokens)}"

    def _own_name(self) -> str:
        return str(self._bus.unique_name).removeprefix(":").replace(".", "_")

    def _call(self, message: Message) -> Any:
        serial = next(self._bus.outgoing_serial)
        try:
            self._bus.send(message, serial=serial)
            while True:
                answer = self._receive(_ANSWER_SECONDS)
                if answer.header.fields.get(HeaderFields.reply_serial) == serial:
                    break
                self._keep(answer)
        except OSError as error:  # TimeoutError is one
            raise NoPortal(str(error)) from error
        if answer.header.message_type is MessageType.error:
            raise NoPortal(str(DBusErrorResponse(answer)))
        return answer.body

    def _next(self, wanted: Callable[[Message], bool]) -> Message:
        for message in self._signals:
            if wanted(message):
                self._signals.remove(message)
                return message
        try:
            while True:
                message = self._receive(None)
                if message.header.message_type is MessageType.signal and wanted(message):
                    return message
                self._keep(message)
        except OSError as error:
            raise NoPortal(str(error)) from error

    def _receive(self, seconds: float | None) -> Message:
        try:
            return self._bus.receive(timeout=seconds)
        except ReceiveStopped as stopped:
            raise Interrupted from stopped

    def _keep(self, message: Message) -> None:
        if message.header.message_type is MessageType.signal:
            self._signals.append(message)

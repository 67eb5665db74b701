"""A desktop on a bus of its own: a portal that asks nobody, and a program that shows notifications."""

from __future__ import annotations

import threading
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.threading import DBusConnection, ReceiveStopped, open_dbus_connection

PORTAL, NOTIFICATIONS = "org.freedesktop.portal.Desktop", "org.freedesktop.Notifications"
PORTAL_PATH, NOTIFICATIONS_PATH = "/org/freedesktop/portal/desktop", "/org/freedesktop/Notifications"
SHORTCUTS, REMOTE = "org.freedesktop.portal.GlobalShortcuts", "org.freedesktop.portal.RemoteDesktop"
SCREENSHOT = "org.freedesktop.portal.Screenshot"


class Desktop:
    """What was asked of it is in `calls`, as (method, body)."""

    def __init__(self, address: str) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.answer = 0
        """Of the person: 0 yes, 1 no."""
        self.given_key = "Strg+Alt+D"
        self.picture = ""
        """Address of the file that a picture of the screen becomes."""
        self._bus: DBusConnection = open_dbus_connection(address)
        self._bus.send(message_bus.RequestName(PORTAL))
        self._bus.send(message_bus.RequestName(NOTIFICATIONS))
        self._client = ""
        self._session = ""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._bus.interrupt()
        self._thread.join()
        self._bus.close()

    def calls_of(self, method: str) -> list[Any]:
        return [body for name, body in self.calls if name == method]

    # --- what happens there

    def press(self) -> None:
        self._shortcut("Activated")

    def release(self) -> None:
        self._shortcut("Deactivated")

    def end_session(self) -> None:
        self._signal(self._session, "org.freedesktop.portal.Session", "Closed", "a{sv}", ({},))

    def click(self, id: int, action: str) -> None:
        self._signal(NOTIFICATIONS_PATH, NOTIFICATIONS, "ActionInvoked", "us", (id, action))

    def _shortcut(self, name: str) -> None:
        body = (self._session, "dictate", 5, {})
        self._signal(PORTAL_PATH, SHORTCUTS, name, "osta{sv}", body)

    def _signal(self, path: str, interface: str, name: str, signature: str, body: tuple[Any, ...]) -> None:
        self._bus.send(new_signal(DBusAddress(path, interface=interface), name, signature, body))

    # --- the thread

    def _run(self) -> None:
        try:
            while True:
                message = self._bus.receive()
                if message.header.message_type is MessageType.method_call:
                    self._called(message)
        except (ReceiveStopped, OSError):
            pass

    def _called(self, message: Message) -> None:
        fields = message.header.fields
        method, interface = str(fields[HeaderFields.member]), str(fields.get(HeaderFields.interface))
        self.calls.append((method, message.body))
        if interface == NOTIFICATIONS:
            shown = method == "Notify"
            self._bus.send(new_method_return(message, "u" if shown else None, (7,) if shown else ()))
        elif method == "NotifyKeyboardKeysym":
            self._bus.send(new_method_return(message))
        elif interface in (SHORTCUTS, REMOTE, SCREENSHOT):
            self._ask(message, method, str(fields[HeaderFields.sender]))
        else:
            self._bus.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))

    def _ask(self, message: Message, method: str, client: str) -> None:
        options = message.body[-1]
        sender = client.removeprefix(":").replace(".", "_")
        handle = f"{PORTAL_PATH}/request/{sender}/{options['handle_token'][1]}"
        self._bus.send(new_method_return(message, "o", (handle,)))
        results: dict[str, tuple[str, Any]] = {}
        if method == "CreateSession":
            self._session = f"{PORTAL_PATH}/session/{sender}/{options['session_handle_token'][1]}"
            results = {"session_handle": ("s", self._session)}
        elif method == "BindShortcuts":
            name = {"trigger_description": ("s", self.given_key)}
            given = [(id, about | name) for id, about in message.body[1]]
            results = {"shortcuts": ("a(sa{sv})", given)}
        elif method == "Start":
            results = {"devices": ("u", 1), "restore_token": ("s", "until revoked")}
        elif method == "Screenshot":
            results = {"uri": ("s", self.picture)}
        code = self.answer if method in ("BindShortcuts", "Start", "Screenshot") else 0
        self._signal(handle, "org.freedesktop.portal.Request", "Response", "ua{sv}", (code, results))

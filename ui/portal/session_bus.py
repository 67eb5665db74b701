"""The D-Bus of the person's session."""

from __future__ import annotations

from jeepney.io.threading import DBusConnection, open_dbus_connection


def open_session_bus() -> DBusConnection:
    """
    Raises:
        OSError: there is none, or it does not answer.
    """
    try:
        return open_dbus_connection("SESSION")
    except (KeyError, ValueError, RuntimeError, StopIteration) as error:  # no address, or an odd one
        raise OSError(f"no session bus: {error}") from error

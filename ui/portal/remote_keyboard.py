"""The portal's part for pressing keys: org.freedesktop.portal.RemoteDesktop, version 2."""

from __future__ import annotations

from ui.portal.connection import Options, PortalConnection, Refused

_INTERFACE = "org.freedesktop.portal.RemoteDesktop"
_KEYBOARD = 1
_UNTIL_REVOKED = 2
_UP, _DOWN = 0, 1


class RemoteKeyboard:
    def __init__(self, portal: PortalConnection, remembered: str) -> None:
        """Have the person asked, unless they allowed it before.

        Args:
            remembered: the `token` of that time, or "".

        Raises:
            Refused, NoPortal, Interrupted
        """
        self._portal = portal
        self._session = portal.session(_INTERFACE)
        options: Options = {"types": ("u", _KEYBOARD), "persist_mode": ("u", _UNTIL_REVOKED)}
        if remembered:
            options["restore_token"] = ("s", remembered)
        portal.request(_INTERFACE, "SelectDevices", "o", (self._session,), options)
        allowed = portal.request(_INTERFACE, "Start", "os", (self._session, ""), {})
        if not allowed.get("devices", 0) & _KEYBOARD:
            raise Refused
        self.token = str(allowed.get("restore_token", ""))
        """By it the portal remembers; it holds once."""

    def tap(self, keysym: int, *, held: int | None = None) -> None:
        """Press a key and let it go, while another is held.

        Raises:
            NoPortal: the session is over.
            Interrupted
        """
        keys = [(keysym, _DOWN), (keysym, _UP)]
        for each, state in keys if held is None else [(held, _DOWN), *keys, (held, _UP)]:
            options: Options = {}
            body = (self._session, options, each, state)
            self._portal.call(_INTERFACE, "NotifyKeyboardKeysym", "oa{sv}iu", body)

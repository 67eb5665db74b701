"""The portal's part for keys of the whole desktop: org.freedesktop.portal.GlobalShortcuts, version 1."""

from __future__ import annotations

from ui.portal.connection import PortalConnection, Refused

_INTERFACE = "org.freedesktop.portal.GlobalShortcuts"
_ID = "dictate"


class Shortcut:
    """One key, as long as the connection lives."""

    def __init__(self, portal: PortalConnection, about: str, trigger: str) -> None:
        """Have the person asked, if the desktop wants that.

        Args:
            about: what the key does.
            trigger: the key that is wanted, as "CTRL+ALT+d"; another may be given.

        Raises:
            Refused, NoPortal, Interrupted
        """
        self._portal = portal
        portal.listen(_INTERFACE)
        wanted = {"description": ("s", about), "preferred_trigger": ("s", trigger)}
        body = (portal.session(_INTERFACE), [(_ID, wanted)], "")
        given = portal.request(_INTERFACE, "BindShortcuts", "oa(sa{sv})s", body, {}).get("shortcuts", [])
        if not given:
            raise Refused
        self.name = str(given[0][1].get("trigger_description", ("s", ""))[1])
        """The key that was given, in the desktop's words."""

    def wait(self) -> bool:
        """Wait until it is pressed (true) or let go (false).

        Raises:
            NoPortal: the desktop took it back.
            Interrupted
        """
        while True:
            signal, body = self._portal.signal()
            if signal in ("Activated", "Deactivated") and body[1] == _ID:
                return signal == "Activated"

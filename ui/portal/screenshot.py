"""The portal's part for pictures of the screen: org.freedesktop.portal.Screenshot, version 2."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from ui.portal.connection import NoPortal, PortalConnection

_INTERFACE = "org.freedesktop.portal.Screenshot"


def screenshot(portal: PortalConnection) -> Path:
    """Have the person choose, with the desktop's own means, what is taken; the file that came of it.

    Raises:
        Refused: nothing was chosen.
        NoPortal, Interrupted
    """
    results = portal.request(_INTERFACE, "Screenshot", "s", ("",), {"interactive": ("b", True)})
    address = urlsplit(str(results.get("uri", "")))
    if address.scheme != "file":
        raise NoPortal("no file came of it")
    return Path(unquote_to_bytes(address.path).decode("utf-8", "surrogateescape"))

"""The desktop portal, over D-Bus: what Wayland lets a program do once the person has said yes."""

from __future__ import annotations

import os


def is_wayland() -> bool:
    """Whether the session is Wayland's: X11 sees and reaches the programs of X11 alone there."""
    return bool(os.environ.get("WAYLAND_DISPLAY"))

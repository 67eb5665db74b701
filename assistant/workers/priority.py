"""How far a thread stands back behind others that want the processor."""

from __future__ import annotations

import os
import sys
import threading


def stand_back(niceness: int) -> None:
    """On Linux a thread has a priority of its own, and the library's threads that it begins have it, too.

    One that stands back further, as its program was told to, may not come forward and does not.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        if os.getpriority(os.PRIO_PROCESS, thread) < niceness:
            os.setpriority(os.PRIO_PROCESS, thread, niceness)

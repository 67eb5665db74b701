from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.workers.priority import stand_back

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own there")


@pytest.mark.parametrize(("before", "wanted", "after"), [(0, 7, 7), (15, 7, 15), (0, 0, 0)])
def test_a_thread_stands_back_and_never_comes_forward(before: int, wanted: int, after: int) -> None:
    def stood() -> int:
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(before, os.getpriority(os.PRIO_PROCESS, thread)))
        stand_back(wanted)
        return os.getpriority(os.PRIO_PROCESS, thread)

    own = os.getpriority(os.PRIO_PROCESS, 0)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(stood).result() == max(after, own)
    assert os.getpriority(os.PRIO_PROCESS, 0) == own

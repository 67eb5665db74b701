"""The courier as tests run it: it may ask a server of this computer, and waits only moments."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

from assistant.models.download import courier
from assistant.models.download.allowed_hosts import Hosts
from assistant.models.download.fetch import FetchOptions

COMMAND = [sys.executable, "-I", "-S", str(Path(__file__).resolve())]

if __name__ == "__main__":
    hosts = Hosts(names=frozenset({"huggingface.co", "offline.invalid"}), loopback=True)
    stall_seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 0.6
    courier.serve(FetchOptions(hosts, pauses=(0.02, 0.05, 0.1), stall_seconds=stall_seconds))

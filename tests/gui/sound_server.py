"""A PulseAudio of one's own, whose one microphone hears what is played; no network in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoSoundServer(Exception):
    """It cannot be had; the message says why."""


@contextmanager
def sound_server(folder: Path) -> Iterator[dict[str, str]]:
    """Give the environment in which programs hear and play by it.

    Raises:
        NoSoundServer: it is not installed, or does not start here.
    """
    missing = [name for name in ("pulseaudio", "paplay") if shutil.which(name) is None]
    if missing:
        raise NoSoundServer(f"not installed: {', '.join(missing)}")
    socket = folder / "pulse"
    folder.chmod(0o700)
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
    for module in (
        f"module-native-protocol-unix socket={socket} auth-anonymous=1",
        "module-null-sink sink_name=speaker rate=16000 channels=1",
        "module-remap-source master=speaker.monitor source_name=microphone",
    ):
        command += ["-L", module]
    environment = dict.fromkeys(("XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH", "PULSE_STATE_PATH"), str(folder))
    environment["PULSE_SERVER"] = f"unix:{socket}"
    with (folder / "pulse.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--disable-shm=yes"], stdout=log, stderr=log, env={**os.environ, **environment}
        )
    try:
        deadline = time.monotonic() + 10
        while not socket.exists():
            if server.poll() is not None or time.monotonic() > deadline:
                raise NoSoundServer("PulseAudio does not start here")
            time.sleep(0.05)
        yield environment
    finally:
        server.terminate()
        server.wait()

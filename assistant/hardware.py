"""What this computer has: memory, processor, space on the disk. Looking never fails; what is unknown is 0."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from assistant.quantities import size

_UNLIMITED = 1 << 60
"""Control groups of version 1 write "no limit" as a number near 2**63."""

_INSTRUCTIONS = {
    "sse4_2": "SSE4.2", "avx": "AVX", "f16c": "F16C", "fma": "FMA", "avx2": "AVX2", "avx_vnni": "AVX-VNNI",
    "avx512f": "AVX-512", "avx512_vnni": "AVX-512 VNNI", "avx512_bf16": "AVX-512 BF16",
    "amx_int8": "AMX", "asimd": "NEON", "asimddp": "dot products", "i8mm": "I8MM", "sve": "SVE",
}  # fmt: skip
"""By Linux's name of the flag, on x86 and ARM."""


@dataclass(frozen=True, slots=True)
class Hardware:
    """Sizes are in bytes."""

    system: str
    """Name and release of the operating system, and its machine, e.g. "Linux 6.1 x86_64"."""
    processor: str
    physical_cores: int
    memory_total: int
    """What this process may use at most: the computer's memory, or less where a container limits it."""
    memory_available: int
    """What may still be used now without others being swapped out."""
    disk_free: int
    """Free on the disk of the data folder, for this user."""
    on_battery: bool = False
    """Running from its battery now, which makes many computers slower."""
    instructions: tuple[str, ...] = ()
    """Of the instruction sets that make models fast, those of the processor, best last."""

    def __str__(self) -> str:
        return (
            f"{self.processor}, {self.physical_cores} cores; "
            f"memory {size(self.memory_available)} free of {size(self.memory_total)}; "
            f"disk {size(self.disk_free)} free; {self.system}"
        )


def look(home: Path) -> Hardware:
    """What this computer has now. `home` is the data folder and need not exist yet."""
    total, available = memory()
    return Hardware(
        system=f"{platform.system()} {platform.release()} {platform.machine()}".strip(),
        processor=processor_name(),
        physical_cores=physical_cores(),
        memory_total=total,
        memory_available=available,
        disk_free=disk_free(home),
        on_battery=on_battery(),
        instructions=instructions(),
    )


# --- memory ----------------------------------------------------------------------------------------------


def memory(proc: Path = Path("/proc/self"), groups: Path = Path("/sys/fs/cgroup")) -> tuple[int, int]:
    """Total and available memory in bytes, within the limits of the control groups that hold this process."""
    try:
        machine = psutil.virtual_memory()
    except (OSError, RuntimeError, psutil.Error):  # a sandbox without /proc
        return 0, 0
    total, available = machine.total, machine.available
    for limit, free in _group_limits(proc, groups):
        total, available = min(total, limit), min(available, free)
    return total, available


def resident(pid: int) -> tuple[int, int]:
    """What a process holds of the memory, and what of that is only mapped from files; 0, 0 if it is gone.

    Mapped pages, such as a model's weights, count as available: the system takes them back when it must.
    """
    try:
        found = psutil.Process(pid).memory_info()
    except (OSError, psutil.Error):
        return 0, 0
    return found.rss, getattr(found, "shared", 0)


def _group_limits(proc: Path, groups: Path) -> Iterator[tuple[int, int]]:
    """Limit and what is left of it, for each control group from this process's own up to the root.

    A group's page cache counts as used but is given back on demand, so it is counted as left
    (kernel documentation, admin-guide/cgroup-v2, "memory.stat").
    """
    for folder, limit_name, used_name, cache_name in _memory_groups(proc, groups):
        limit = _number(folder / limit_name)
        if limit is None or limit >= _UNLIMITED:
            continue
        used = _number(folder / used_name) or 0
        cache = statistic(folder / "memory.stat", cache_name) or 0
        yield limit, max(0, min(limit, limit - used + cache))


def _memory_groups(proc: Path, groups: Path) -> Iterator[tuple[Path, str, str, str]]:
    try:
        lines = (proc / "cgroup").read_text(errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number == "0" and not controllers:
            # Version 2 alone, or beside version 1, where it lies one folder deeper.
            for root in (groups, groups / "unified"):
                for folder in _upwards(root, path):
                    yield folder, "memory.max", "memory.current", "inactive_file"
        elif "memory" in controllers.split(","):
            for folder in _upwards(groups / "memory", path):
                yield folder, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"


def _upwards(root: Path, path: str) -> Iterator[Path]:
    """The group's folder and those above it. In a container the path may name what only the host sees."""
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    for end in range(len(parts), -1, -1):
        yield root.joinpath(*parts[:end])


def _number(path: Path) -> int | None:
    """The number in a file; None for "max", or where there is no such file."""
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def statistic(path: Path, name: str) -> int | None:
    """The number beside a name in a file of Linux, such as /proc/vmstat; None where it is not told."""
    with suppress(OSError, ValueError):
        for line in path.read_text().splitlines():
            key, _, value = line.partition(":" if ":" in line else " ")
            if key == name:
                return int(value.split()[0])
    return None


# --- processor and disk ----------------------------------------------------------------------------------


def physical_cores() -> int:
    """Cores without their hyper-threads; at least 1."""
    try:
        counted = psutil.cpu_count(logical=False)
    except (OSError, RuntimeError, psutil.Error):
        counted = None
    return counted or os.cpu_count() or 1


def usable_cores() -> int:
    """Cores that this process may use, without their hyper-threads."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(physical_cores(), allowed))


def processor_name(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """The processor as its maker names it, or at least its kind."""
    if sys.platform == "darwin":
        name = _macos_name()
    elif sys.platform == "win32":
        name = _windows_name()
    else:
        name = _linux_name(cpuinfo)
    return " ".join(name.split()) or platform.processor() or platform.machine() or "unknown processor"


def _linux_name(cpuinfo: Path) -> str:
    try:
        lines = cpuinfo.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    found: dict[str, str] = {}
    for line in lines:
        key, _, value = line.partition(":")
        found.setdefault(key.strip(), value.strip())
    # x86 says "model name"; ARM boards say "Model" or "Hardware"; POWER says "cpu".
    return next((found[key] for key in ("model name", "Model", "Hardware", "cpu") if found.get(key)), "")


def instructions(cpuinfo: Path = Path("/proc/cpuinfo")) -> tuple[str, ...]:
    """As Linux tells them; elsewhere the chat engine knows."""
    try:
        text = cpuinfo.read_text(errors="replace")
    except OSError:
        return ()
    lines = (line.partition(":") for line in text.splitlines())
    told = next((flags for key, _, flags in lines if key.strip() in ("flags", "Features")), "")
    flags = set(told.split())
    return tuple(name for flag, name in _INSTRUCTIONS.items() if flag in flags)


def on_battery() -> bool:
    """Whether a battery feeds this computer now."""
    try:
        battery = psutil.sensors_battery()
    except (AttributeError, OSError, RuntimeError, psutil.Error):  # not on every system
        return False
    return battery is not None and battery.power_plugged is False


def _macos_name() -> str:
    try:
        asked = subprocess.run(
            ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, timeout=5
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout


def _windows_name() -> str:
    if sys.platform == "win32":
        import winreg

        with (
            suppress(OSError),
            winreg.OpenKey(
                winreg.HKEY_LOCAL_MACHINE, r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
            ) as key,
        ):
            return str(winreg.QueryValueEx(key, "ProcessorNameString")[0])
    return ""


def disk_free(folder: Path) -> int:
    """Bytes free for this user on the disk where `folder` is or will be; 0 if that cannot be told."""
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except FileNotFoundError:
            continue
        except OSError:
            return 0
    return 0

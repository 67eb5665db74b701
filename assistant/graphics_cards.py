"""The graphics cards that the system knows of, whether or not an engine can use them.

A driver may hang or crash whoever asks it. So this is asked in a process of its own, with a time limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_VENDORS = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel"}
"""By PCI vendor id."""
_DISPLAY = "0x03"
"""Beginning of the PCI class of everything that shows or computes pictures."""
_LEAST_OWN = 2**30
"""A card with less memory of its own works in the computer's."""


@dataclass(frozen=True, slots=True)
class GraphicsCard:
    """Sizes in bytes; 0 where the system does not tell."""

    vendor: str
    name: str
    total: int = 0
    free: int = 0
    shared: bool = False
    """It works in the computer's own memory."""


def cards(pci: Path = Path("/sys/bus/pci/devices")) -> tuple[GraphicsCard, ...]:
    """All that can be found. NVIDIA's own library knows its cards best; for the others, what Linux says."""
    told = tuple(_nvidia())
    vendors = {card.vendor for card in told}
    return told + tuple(card for card in _linux(pci) if card.vendor not in vendors)


def _nvidia() -> Iterator[GraphicsCard]:
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:  # no card, or no driver
        return
    try:
        for index in range(pynvml.nvmlDeviceGetCount()):
            with suppress(pynvml.NVMLError):  # one card that has fallen off its bus
                handle = pynvml.nvmlDeviceGetHandleByIndex(index)
                name = pynvml.nvmlDeviceGetName(handle)
                memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
                text = name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
                yield GraphicsCard("NVIDIA", text, int(memory.total), int(memory.free))
    except pynvml.NVMLError:
        return
    finally:
        with suppress(pynvml.NVMLError):
            pynvml.nvmlShutdown()


def _linux(pci: Path) -> Iterator[GraphicsCard]:
    """Cards on the PCI bus (kernel documentation, gpu/amdgpu, "mem_info_vram_total")."""
    try:
        folders = sorted(pci.iterdir())
    except OSError:
        return
    for folder in folders:
        vendor = _VENDORS.get(_text(folder / "vendor"))
        if vendor is None or not _text(folder / "class").startswith(_DISPLAY):
            continue
        own = _size(folder / "mem_info_vram_total")
        if own >= _LEAST_OWN:
            used = _size(folder / "mem_info_vram_used")
            yield GraphicsCard(vendor, f"{vendor} graphics card", own, max(0, own - used))
        elif own or vendor == "Intel":
            shared = _size(folder / "mem_info_gtt_total")
            free = max(0, shared - _size(folder / "mem_info_gtt_used"))
            yield GraphicsCard(vendor, f"{vendor} graphics", shared, free, shared=True)
        else:
            yield GraphicsCard(vendor, f"{vendor} graphics card")


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""


def _size(path: Path) -> int:
    text = _text(path)
    return int(text) if text.isdigit() else 0

"""Cards that the system reports, and how they are joined with what the engine can use."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pynvml
import pytest

from assistant import graphics_cards
from assistant.graphics_cards import GraphicsCard
from assistant.models.fit.devices import UNUSABLE, join
from assistant.models.fit.records import Device

GB = 2**30


def pci(folder: Path, slot: str, **files: object) -> None:
    (folder / slot).mkdir(parents=True)
    for name, value in files.items():
        (folder / slot / name).write_text(f"{value}\n")


@pytest.fixture
def no_nvidia(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    monkeypatch.setattr(pynvml, "nvmlInit", fails)


@pytest.mark.usefixtures("no_nvidia")
def test_cards_on_the_bus(tmp_path: Path) -> None:
    pci(tmp_path, "00:00.0", vendor="0x8086", **{"class": "0x060000"})  # a bridge
    pci(tmp_path, "00:02.0", vendor="0x8086", **{"class": "0x030000"})
    pci(
        tmp_path, "03:00.0", vendor="0x1002", **{"class": "0x030000"},
        mem_info_vram_total=8 * GB, mem_info_vram_used=GB,
    )  # fmt: skip
    pci(
        tmp_path, "04:00.0", vendor="0x1002", **{"class": "0x038000"},
        mem_info_vram_total=GB // 2, mem_info_gtt_total=12 * GB, mem_info_gtt_used=2 * GB,
    )  # fmt: skip
    pci(tmp_path, "05:00.0", vendor="0x10de", **{"class": "0x030200"})
    pci(tmp_path, "06:00.0", vendor="0x1a03", **{"class": "0x030000"})  # a server's screen
    pci(tmp_path, "07:00.0")
    assert graphics_cards.cards(tmp_path) == (
        GraphicsCard("Intel", "Intel graphics", 0, 0, shared=True),
        GraphicsCard("AMD", "AMD graphics card", 8 * GB, 7 * GB),
        GraphicsCard("AMD", "AMD graphics", 12 * GB, 10 * GB, shared=True),
        GraphicsCard("NVIDIA", "NVIDIA graphics card"),
    )
    assert graphics_cards.cards(tmp_path / "none") == ()


def test_nvidia_tells_of_its_own_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def handle(index: int) -> int:
        if index == 1:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_GPU_IS_LOST)
        return index

    monkeypatch.setattr(pynvml, "nvmlInit", lambda: None)
    monkeypatch.setattr(pynvml, "nvmlShutdown", lambda: None)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetCount", lambda: 2)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByIndex", handle)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetName", lambda _: b"NVIDIA Test 24")
    memory = SimpleNamespace(total=24 * GB, free=20 * GB)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetMemoryInfo", lambda _: memory)
    pci(tmp_path, "05:00.0", vendor="0x10de", **{"class": "0x030200"})  # not a second time
    assert graphics_cards.cards(tmp_path) == (GraphicsCard("NVIDIA", "NVIDIA Test 24", 24 * GB, 20 * GB),)


def test_a_card_that_the_engine_cannot_use_is_said() -> None:
    (device,) = join((), (GraphicsCard("NVIDIA", "NVIDIA Test 24", 24 * GB, 20 * GB),))
    assert (device.usable, device.note, device.total) == (False, UNUSABLE, 24 * GB)


def test_a_card_that_both_know_stands_once_with_what_both_call_free() -> None:
    engine = (
        Device("NVIDIA Test 24", 24 * GB, 23 * GB),
        Device("AMD Radeon 780M (RADV)", 12 * GB, 11 * GB, shared=True),
    )
    system = (
        GraphicsCard("AMD", "AMD graphics", 12 * GB, 10 * GB, shared=True),
        GraphicsCard("NVIDIA", "NVIDIA Test 8", 8 * GB, 8 * GB),
        GraphicsCard("NVIDIA", "NVIDIA Test 24", 24 * GB, 20 * GB),
    )
    joined = join(engine, system)
    assert [(each.name, each.free // GB, each.usable, each.shared) for each in joined] == [
        ("NVIDIA Test 24", 20, True, False),
        ("AMD Radeon 780M (RADV)", 10, True, True),
        ("NVIDIA Test 8", 8, False, False),
    ]


def test_two_cards_alike_are_two() -> None:
    engine = (Device("NVIDIA Test", 24 * GB, 24 * GB),) * 2
    system = (
        GraphicsCard("NVIDIA", "NVIDIA Test", 24 * GB, 23 * GB),
        GraphicsCard("NVIDIA", "NVIDIA Test", 24 * GB, 5 * GB),
    )
    assert [each.free // GB for each in join(engine, system)] == [23, 5]

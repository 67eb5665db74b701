"""What the computer has: limits of containers, names of processors, computers that say nothing."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from assistant import hardware

GB = 2**30
X86 = 2 * "processor\t: 0\nmodel name\t: Fast  Chip @ 3.00GHz\n\n"
ARM = "processor\t: 0\nBogoMIPS\t: 108.00\n\nHardware\t: BCM2835\nModel\t\t: Raspberry Pi 5 Model B\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """16 GB, of which 10 are available."""
    memory = psutil.virtual_memory()._replace(total=16 * GB, available=10 * GB)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)


def test_this_computer_has_something(tmp_path: Path) -> None:
    found = hardware.look(tmp_path / "not" / "made" / "yet")
    assert 0 < found.memory_available <= found.memory_total
    assert found.physical_cores >= 1
    assert found.disk_free > 0
    assert found.processor
    assert found.system
    assert "GB" in str(found)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.physical_cores = 99  # type: ignore[misc]


@pytest.mark.usefixtures("machine")
def test_without_control_groups_the_machine_counts(tmp_path: Path) -> None:
    assert hardware.memory(tmp_path / "none", tmp_path / "none") == (16 * GB, 10 * GB)


@pytest.mark.usefixtures("machine")
def test_the_tightest_group_above_this_process_counts(tmp_path: Path) -> None:
    proc, groups = tmp_path / "proc", tmp_path / "cgroup"
    write(proc / "cgroup", "0::/user/app\n")
    write(groups / "user" / "app" / "memory.max", "max\n")
    write(groups / "user" / "memory.max", f"{4 * GB}\n")
    write(groups / "user" / "memory.current", f"{3 * GB}\n")
    # Of the three, one is page cache, which is given back on demand.
    write(groups / "user" / "memory.stat", f"anon 1\ninactive_file {GB}\n")
    assert hardware.memory(proc, groups) == (4 * GB, 2 * GB)


@pytest.mark.usefixtures("machine")
def test_version_1_groups_count_and_their_unlimited_does_not(tmp_path: Path) -> None:
    proc, groups = tmp_path / "proc", tmp_path / "cgroup"
    write(proc / "cgroup", "5:cpu,cpuacct:/x\n4:memory:/box\n0::/\n")
    write(groups / "memory" / "memory.limit_in_bytes", "9223372036854771712\n")
    write(groups / "memory" / "box" / "memory.limit_in_bytes", f"{2 * GB}\n")
    write(groups / "memory" / "box" / "memory.usage_in_bytes", f"{GB}\n")
    assert hardware.memory(proc, groups) == (2 * GB, GB)


@pytest.mark.usefixtures("machine")
def test_in_a_container_the_groups_path_may_not_exist(tmp_path: Path) -> None:
    proc, groups = tmp_path / "proc", tmp_path / "cgroup"
    write(proc / "cgroup", "0::/../../docker/abc\n")
    write(groups / "memory.max", f"{GB}\n")
    write(groups / "memory.current", f"{2 * GB}\n")  # over its limit for a moment
    assert hardware.memory(proc, groups) == (GB, 0)


@pytest.mark.usefixtures("machine")
def test_nonsense_in_the_groups_is_passed_over(tmp_path: Path) -> None:
    proc, groups = tmp_path / "proc", tmp_path / "cgroup"
    write(proc / "cgroup", "0::/\nnonsense\n\n4:memory:/\n")
    write(groups / "memory.max", "much\n")
    write(groups / "memory" / "memory.limit_in_bytes", "")
    assert hardware.memory(proc, groups) == (16 * GB, 10 * GB)


@pytest.mark.parametrize(("cpuinfo", "name"), [(X86, "Fast Chip @ 3.00GHz"), (ARM, "Raspberry Pi 5 Model B")])
def test_processors_are_named(tmp_path: Path, cpuinfo: str, name: str) -> None:
    write(tmp_path / "cpuinfo", cpuinfo)
    assert hardware.processor_name(tmp_path / "cpuinfo") == name


def test_an_unnamed_processor_is_at_least_of_some_kind(tmp_path: Path) -> None:
    assert hardware.processor_name(tmp_path / "none")


def test_a_computer_that_says_nothing_does_not_stop_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(psutil, "virtual_memory", refuse)
    monkeypatch.setattr(psutil, "cpu_count", refuse)
    monkeypatch.setattr(hardware.shutil, "disk_usage", refuse)
    found = hardware.look(tmp_path)
    assert (found.memory_total, found.memory_available, found.disk_free) == (0, 0, 0)
    assert found.physical_cores >= 1


# --- what makes models fast, and what makes them slow -------------------------------------------------------


def test_instruction_sets_as_linux_tells_them(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor\t: 0\nflags\t\t: fpu sse4_2 avx2 avx512f avx\n")
    assert hardware.instructions(cpuinfo) == ("SSE4.2", "AVX", "AVX2", "AVX-512")
    cpuinfo.write_text("processor\t: 0\nFeatures\t: fp asimd asimddp\n")
    assert hardware.instructions(cpuinfo) == ("NEON", "dot products")
    assert hardware.instructions(tmp_path / "none") == ()


@pytest.mark.parametrize(("plugged", "expected"), [(False, True), (True, False), (None, False)])
def test_battery(monkeypatch: pytest.MonkeyPatch, plugged: bool | None, expected: bool) -> None:
    battery = SimpleNamespace(percent=50, power_plugged=plugged)
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)
    assert hardware.on_battery() is expected


def test_no_battery(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    assert not hardware.on_battery()
    monkeypatch.delattr(psutil, "sensors_battery")
    assert not hardware.on_battery()

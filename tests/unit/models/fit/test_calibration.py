from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.models.fit.calibration import Calibration
from assistant.models.fit.records import Corrections, Measured, Setting, Speed

GB = 2**30

ONE = Measured(
    path="/m/one.gguf",
    name="One",
    setting=Setting(8192),
    predicted=4 * GB,
    measured=4 * GB,
    predicted_speed=Speed(100.0, 10.0),
    measured_speed=Speed(100.0, 10.0),
    when=1.0,
)


@pytest.fixture
def calibration(tmp_path: Path) -> Calibration:
    return Calibration(tmp_path / "models" / "measured.json")


def many(calibration: Calibration, count: int, memory: float, writing: float, before: float = 1.0) -> None:
    """So many models that took and did such shares of what had been predicted without corrections."""
    for number in range(count):
        calibration.add(
            replace(
                ONE,
                path=f"/m/{number}",
                predicted=int(4 * GB * before),
                measured=int(4 * GB * memory),
                measured_speed=Speed(0.0, 10 * writing),
                corrections=Corrections(memory=before),
            )
        )


def test_it_is_kept(calibration: Calibration, tmp_path: Path) -> None:
    assert calibration.all() == ()
    calibration.add(ONE)
    calibration.add(replace(ONE, path="/m/two.gguf", when=2.0))
    calibration.add(replace(ONE, setting=Setting(512)))
    again = Calibration(tmp_path / "models" / "measured.json")
    assert [each.path for each in again.all()] == ["/m/one.gguf", "/m/two.gguf", "/m/one.gguf"]
    calibration.add(replace(ONE, when=9.0))
    assert [each.when for each in calibration.all()] == [2.0, 1.0, 9.0], "the last of each at the end"


def test_it_does_not_grow_for_ever(calibration: Calibration) -> None:
    many(calibration, 230, 1.0, 1.0)
    assert len(calibration.all()) == 200
    assert calibration.all()[-1].path == "/m/229"


def test_what_is_measured_again_and_again_corrects(calibration: Calibration) -> None:
    many(calibration, 2, 1.1, 0.5)
    assert calibration.corrections == Corrections()
    many(calibration, 3, 1.1, 0.5)
    found = calibration.corrections
    assert (found.memory, found.writing) == (pytest.approx(1.1), pytest.approx(0.5))
    assert found.reading == 1.0, "it was not measured"


def test_a_correction_that_proves_right_stays(calibration: Calibration) -> None:
    many(calibration, 4, 1.1, 1.0, before=1.1)
    assert calibration.corrections.memory == pytest.approx(1.1)


def test_one_odd_measurement_changes_nothing(calibration: Calibration) -> None:
    many(calibration, 5, 1.02, 0.9)
    calibration.add(replace(ONE, measured=400 * GB, measured_speed=Speed(1.0, 0.001)))
    found = calibration.corrections
    assert (found.memory, found.writing) == (pytest.approx(1.02), pytest.approx(0.9))


def test_a_correction_has_bounds(calibration: Calibration) -> None:
    many(calibration, 5, 50.0, 50.0)
    found = calibration.corrections
    assert found.memory <= 1.25
    assert found.writing <= 2.5


@pytest.mark.parametrize("content", [b"", b"{", b'[{"path": 5}]', b"\xff\xfe", b"[[[]]]"])
def test_a_damaged_file_is_put_aside(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "measured.json"
    file.write_bytes(content)
    calibration = Calibration(file)
    assert calibration.all() == ()
    assert calibration.corrections == Corrections()
    assert (tmp_path / "measured.damaged").read_bytes() == content
    calibration.add(ONE)
    assert Calibration(file).all() == (ONE,)


def test_a_disk_that_cannot_be_written_is_borne(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    calibration = Calibration(tmp_path / "file" / "measured.json")
    calibration.add(ONE)
    assert calibration.all() == (ONE,)

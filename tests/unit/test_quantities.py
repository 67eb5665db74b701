"""Sizes, durations and numbers in words."""

from __future__ import annotations

import pytest

from assistant import quantities


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "1 s"),
        (20, "20 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (170, "3 min"),
        (7180, "2 h"),
        (7500, "2 h 5 min"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert quantities.duration(seconds) == text


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1500, "1.5 kB"),
        (9_960, "10 kB"),
        (999_600, "1 MB"),
        (16 * 10**9, "16 GB"),
        (99_480_000_000, "99.5 GB"),
        (2 * 10**12, "2,000 GB"),
    ],
)
def test_sizes(octets: int, text: str) -> None:
    assert quantities.size(octets) == text


def test_a_part_of_a_size() -> None:
    assert quantities.size_of(5.1e9, 11.2e9) == "5.1 of 11.2 GB"
    assert quantities.size_of(840e6, 11.2e9) == "840 MB of 11.2 GB"
    assert quantities.size_of(0, 5e6) == "0 B of 5 MB"


def test_counts() -> None:
    assert quantities.count(1, "page") == "1 page"
    assert quantities.count(2104, "page") == "2,104 pages"
    assert quantities.count(0, "country") == "0 countries"
    assert quantities.count(3, "box") == "3 boxes"


def test_lists() -> None:
    assert quantities.listed([]) == ""
    assert quantities.listed(["Hausa"]) == "Hausa"
    assert quantities.listed(["English", "Hausa"]) == "English and Hausa"
    assert quantities.listed(["English", "Spanish", "Hausa"]) == "English, Spanish and Hausa"

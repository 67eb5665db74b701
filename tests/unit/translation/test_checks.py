"""Suspect results of an engine."""

from __future__ import annotations

import pytest

from assistant.translation import checks
from assistant.translation.records import Concern, Flag


@pytest.mark.parametrize(
    ("source", "text", "languages", "flags"),
    [
        ("A man is walking his dog.", "Ein Mann geht mit seinem Hund.", "en de", []),
        ("A man is walking his dog.", "", "en de", [Flag.EMPTY]),
        ("A man is walking his dog.", " … ", "en de", [Flag.EMPTY]),
        ("A man is walking his dog.", "A man is walking his dog.", "en de", [Flag.UNCHANGED]),
        ("A man is walking his dog.", "A man is walking his Hund.", "en de", [Flag.UNCHANGED]),
        ("Berlin Marathon 2024", "Berlin Marathon 2024", "en de", []),
        ("Software", "Software", "en de", []),
        ("你好吗？我很好。", "你好吗？我很好。", "zh en", [Flag.SCRIPT]),
        ("你好吗？我很好。", "Hello 我很好，谢谢你。", "zh en", [Flag.SCRIPT]),
        ("A man is walking his dog.", "Мужчина гуляет с собакой.", "en de", [Flag.SCRIPT]),
        ("My name is Jack.", "我叫Jack。", "en zh", []),
        ("Muiriel has turned twenty.", "Muiriel现在20岁了。", "en zh", []),
        ("I like it.", "Μου αρέσει.", "en el", []),
        ("A man is walking his dog in the park.", "Ein Mann " * 30, "en de", [Flag.LENGTH, Flag.REPEATS]),
        ("A man is walking his dog in the park near the river today.", "Ja.", "en de", [Flag.LENGTH]),
        (
            "The children were playing in the garden all afternoon.",
            "孩子们整个下午都在花园里玩。",
            "en zh",
            [],
        ),
        ("No, no, no, no, no!", "Nein, nein, nein, nein, nein!", "en de", []),
        ("He said no to me again.", "Er sagte nein nein nein nein", "en de", [Flag.REPEATS]),
        ("今天天气很好", "很好很好很好很好很好", "ja zh", [Flag.REPEATS]),
    ],
)
def test_a_suspect_result_is_told(source: str, text: str, languages: str, flags: list[Flag]) -> None:
    found = checks.concerns(source, text, *languages.split())
    assert [concern.flag for concern in found] == flags


def test_a_value_is_less_than_a_sentence() -> None:
    value, script = [Concern(Flag.VALUES, "5")], [Concern(Flag.SCRIPT)]
    assert checks.severity([]) < checks.severity(value) < checks.severity(script)
    assert checks.worth_another_try(value)
    assert not checks.worth_another_try([Concern(Flag.GLOSSARY, "x"), Concern(Flag.CUT)])

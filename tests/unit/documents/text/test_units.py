"""Which unit a question asks for, and whether a text measures in one like it."""

from __future__ import annotations

import pytest

from assistant.documents.text.units import asked_unit, measured


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How many kilograms does it weigh?", ("mass", "kilograms")),
        ("How many square metres are there?", ("area", "square metres")),
        ("¿Cuántos metros cuadrados tiene?", ("area", "metros cuadrados")),
        ("Combien de mètres cubes faut-il ?", ("volume", "mètres cubes")),
        ("Combien d'hectares y a-t-il ?", ("area", "hectares")),
        ("How many m² are there?", ("area", "m2")),
        ("How many pounds did it cost?", None),
        ("Wie viele Liter fasst der Tank?", ("volume", "liter")),
        ("¿Cuántos litros de agua caben?", ("volume", "litros")),
        ("वह कितने किलो का है?", ("mass", "किलो")),
        ("功率是多少瓦？", ("energy", "瓦")),
        ("一共多少平方米？", ("area", "平方米")),
        ("How many members came?", None),
        ("How heavy is it?", None),
        ("租金是多少？", None),
    ],
)
def test_the_unit_that_is_asked_for(question: str, asked: tuple[str, str] | None) -> None:
    assert asked_unit(question) == asked


@pytest.mark.parametrize(
    ("measure", "text", "there"),
    [
        ("mass", "The empty heater weighs 31 kg.", True),
        ("mass", "It holds 80 litres (at 6 bar).", False),
        ("energy", "机器重量为7.5公斤，噪音为22分贝。", False),
        ("mass", "机器重量为7.5公斤，噪音为22分贝。", True),
        ("temperature", "Store it at 20°C.", True),
        ("mass", "पंप का वज़न 14 किलो है।", True),
        ("mass", "पंप का वज़न १४किलो है।", True),
        ("area", "The flat has 45 m2.", True),
        ("area", "The flat has 45 m².", True),
        ("area", "Die Wohnung hat 45qm.", True),
        ("area", "La casa tiene 85 metros cuadrados.", True),
        ("length", "The wall is 12 ft long.", True),
        ("mass", "机器重三克。", True),
        ("mass", "重量（克）：31", True),
        ("mass", "他克服了困难。", False),
        ("volume", "पंप का वज़न 14 किलो है।", False),
    ],
)
def test_a_text_measures_or_does_not(measure: str, text: str, there: bool) -> None:
    assert measured(measure, text) is there

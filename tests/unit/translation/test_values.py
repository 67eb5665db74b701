"""Values: found, compared, put back."""

from __future__ import annotations

import pytest

from assistant.translation import names, values


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://example.org/a?b=1. Then go.", ["https://example.org/a?b=1"]),
        ("Write to jane.doe@example.org, please", ["jane.doe@example.org"]),
        ("Run `make test` in /usr/local/src now", ["`make test`", "/usr/local/src"]),
        ("{name} has {{count}} of %s and %(n)d", ["{name}", "{{count}}", "%s", "%(n)d"]),
        ("Open report_2024.pdf at ${HOME} <b/> %1 there", ["report_2024.pdf", "${HOME}", "<b/>", "%1"]),
        ("It costs 1,250.50 or 1.250,50 or 1 250,50", ["1,250.50", "1.250,50", "1 250,50"]),
        ("At 10:30 on 24.12.2024, -5 degrees", ["10:30", "24.12.2024", "-5"]),
        ("A4 paper, COVID-19, my_name, --force", ["A4", "COVID-19", "my_name", "--force"]),
        ("Call +49 30 123456 today", ["+49 30 123456"]),
        ("100% of all, don't, e.g. this", ["100"]),
        ("Nothing here", []),
    ],
)
def test_values_are_found(text: str, found: list[str]) -> None:
    assert [value.text for value in values.values(text)] == found


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("It costs 1,250.50 dollars.", "Es kostet 1.250,50 Dollar."),
        ("1250 people", "1.250 Menschen"),
        ("3,000,000 cells", "3 000 000 cellules"),
        ("at 10:30", "um 10.30 Uhr"),
        ("at 10:30", "à 10 h 30"),
        ("at 2:30", "2時30分に"),
        ("on 12/24/2024", "am 24.12.2024"),
        ("2024-05-03", "03.05.2024"),
        ("It weighs 50 kg", "وزنه ٥٠ كغ"),
        ("twelve hours", "12 Stunden"),
        ("½ litre", "1/2 Liter"),
        ("1.000.000.000 euros", "1,000,000,000 Euro"),
        ("3,00,000 rupees", "300.000 Rupien"),
    ],
)
def test_other_forms_are_the_same_value(source: str, translation: str) -> None:
    assert not values.difference(source, translation)


@pytest.mark.parametrize(
    ("source", "translation", "missing", "added"),
    [
        ("It costs 12.5 dollars", "Es kostet 125 Dollar", ["12.5"], ["125"]),
        ("It costs 12.5 dollars", "Es kostet 5,12 Dollar", ["12.5"], ["5,12"]),
        ("2 or 3 years", "2 2 oder 3 Jahre", [], ["2"]),
        ("in 1950", "in den 50ern", ["1950"], []),
        ("five men", "317 Männer", [], ["317"]),
        ("minus -5 degrees", "5 Grad", ["-5"], []),
        ("Go to {a} and {b}", "Geh zu {b}", ["{a}"], []),
        ("no value", "kein %s", [], ["%s"]),
        (
            "IBAN DE89 3704 0044 0532 0130 00",
            "IBAN DE89 0044 3704 0532 0130 00",
            ["DE89 3704 0044 0532 0130 00"],
            ["DE89 0044 3704 0532 0130 00"],
        ),
        ("At 192.168.0.1, port 80", "Unter 168.192.0.1, Port 80", ["192.168.0.1"], ["168.192.0.1"]),
        ("The key a3f9c01d", "Der Schlüssel a3f9c10d", ["a3f9c01d"], ["a3f9c10d"]),
        ("From s3://bucket/key", "Aus s3://eimer/key", ["s3://bucket/key"], ["s3://eimer/key"]),
        ("Add ½ cup to 5 m²", "Eine Tasse auf 5 m geben", ["½", "²"], []),
        ("ISBN 978-3-16-148410-0", "ISBN 978-3-16-148401-0", ["978-3-16-148410-0"], ["978-3-16-148401-0"]),
    ],
)
def test_what_differs_is_told(source: str, translation: str, missing: list[str], added: list[str]) -> None:
    found = values.difference(source, translation)
    assert [value.text for value in found.missing] == missing
    assert [value.text for value in found.added] == added


@pytest.mark.parametrize(
    ("source", "translation", "repaired"),
    [
        ("Hello {name}, welcome", "Hallo {Name}, willkommen", "Hallo {name}, willkommen"),
        ("Hello {name}, welcome", "Hallo { nombre }, willkommen", "Hallo {name}, willkommen"),
        ("You have %s new", "Du hast % s neue", "Du hast %s neue"),
        ("See https://a.org/x now", "Siehe https://a.org/y jetzt", "Siehe https://a.org/x jetzt"),
        ("Use `git add` first", "Benutze 'git add' zuerst", "Benutze `git add` zuerst"),
        ("{a} and {b} here", "{A} und {B} hier", "{a} und {b} hier"),
        ("{count} files", "Dateien", "{count} Dateien"),
        ("Sent by {name}.", "Gesendet von.", "Gesendet von {name}."),
        ("你好 {name}", "Hello ｛name｝", "Hello {name}"),
        ("Pay 3 now", "Zahle 4 jetzt", "Zahle 4 jetzt"),
    ],
)
def test_values_are_put_back_where_their_place_is_clear(source: str, translation: str, repaired: str) -> None:
    assert values.repaired(source, translation)[0] == repaired


def test_a_lost_value_goes_behind_what_its_neighbour_became() -> None:
    alignment = (((0, 4), (0, 5)), ((5, 9), (6, 11)), ((17, 20), (12, 17)))
    assert values.repaired("Open file {name} now", "Öffne Datei jetzt")[0] == "Öffne Datei jetzt"
    text, moved = values.repaired("Open file {name} now", "Öffne Datei jetzt", alignment)
    assert text == "Öffne Datei {name} jetzt"
    assert moved[-1] == ((17, 20), (19, 24))


def test_text_without_words_has_nothing_to_translate() -> None:
    for text in ("12,5 %", "https://example.org", "A4", "—", "{name}: %s", "x", "1.2.3 (45)"):
        assert not values.has_words(text), text
    for text in ("Hello", "好", "12 apples", "{name} left", "OK"):
        assert values.has_words(text), text


@pytest.mark.parametrize(
    ("source", "translation", "altered"),
    [
        ("They met Ada Lovelace there.", "Sie trafen dort Ada Lovelase.", ("Lovelace",)),
        ("They met Ada Lovelace there.", "Sie trafen dort Ada Lovelace.", ()),
        ("It was Ada Lovelace's idea.", "Es war Ada Lovelaces Idee.", ()),
        ("He went to New York and Munich.", "Er ging nach Neu-York und München.", ()),
        ("The Classic Music Guide", "Der Klassische-Musik-Führer", ()),
        ("They met Ada Lovelace there.", "彼らはそこでエイダ・ラブレスに会った。", ()),
    ],
)
def test_names_that_were_copied_wrongly_are_told(
    source: str, translation: str, altered: tuple[str, ...]
) -> None:
    assert names.altered(source, translation) == altered


def test_what_is_encoded_is_no_sentence() -> None:
    assert not values.has_words("QUJD" * 50_000)

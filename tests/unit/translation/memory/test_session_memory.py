"""Sentences half typed: not paid for twice, and not remembered for good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.translation.memory.memory import Memory
from assistant.translation.memory.records import MemoryKey, Remembered
from assistant.translation.memory.session_memory import SessionMemory
from assistant.translation.records import SentencePair, TranslatedParagraph
from assistant.translation.text_translation import sentences


def key(sentence: str, target: str = "de") -> MemoryKey:
    return MemoryKey(sentence, "en", target, "/model")


HALF = key("The dog sl"), Remembered("Der Hund schl")
WHOLE = key("The dog sleeps."), Remembered("…schläft")


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    opened = Memory(tmp_path / "memory.sqlite3")
    yield opened
    opened.close()


def test_what_is_typed_is_known_and_only_what_settles_is_kept(memory: Memory) -> None:
    session = SessionMemory(lambda: memory)
    session.keep([HALF, WHOLE, (key("The dog sleeps.", "fr"), Remembered("…dort"))])
    assert session.look_up([HALF[0], WHOLE[0]]) == dict([HALF, WHOLE])
    assert memory.count() == 0
    text = TranslatedParagraph("• The dog sleeps.", "…", "en", (SentencePair((0, 17), (0, 1)),))
    session.settle(sentences([text]), "de")
    assert memory.look_up([HALF[0], WHOLE[0], key("The dog sleeps.", "fr")]) == dict([WHOLE])
    assert session.look_up([HALF[0], WHOLE[0]]) == dict([HALF, WHOLE])


def test_what_a_person_wrote_comes_first(memory: Memory) -> None:
    session = SessionMemory(lambda: memory)
    session.keep([WHOLE])
    mine = Remembered("Der Hund pennt", edited=True)
    memory.keep([(WHOLE[0], mine)])
    assert session.look_up([WHOLE[0]]) == {WHOLE[0]: mine}


def test_only_so_many_are_known(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.translation.memory.session_memory._MOST", 2)
    session = SessionMemory(lambda: memory)
    session.keep([HALF])
    session.keep([WHOLE])
    session.keep([(key("Next"), Remembered("Nächstes"))])
    assert session.look_up([HALF[0], WHOLE[0]]) == dict([WHOLE])


def test_parts_of_sentences_are_apart(memory: Memory) -> None:
    session = SessionMemory(lambda: memory)
    session.keep([WHOLE], fragments=True)
    assert session.look_up([WHOLE[0]]) == {}
    session.settle({WHOLE[0].sentence}, "de")
    assert memory.look_up([WHOLE[0]], fragments=True) == dict([WHOLE])
    assert memory.count() == 0

"""The translation memory: kept, moved as TMX; the history of texts."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import DataFolderBusy, DocumentGone, UnreadableDocument, UnsupportedFormat
from assistant.translation.memory.memory import Memory
from assistant.translation.memory.records import MemoryKey, Remembered
from assistant.translation.records import Concern, Flag, Formality

KEY = MemoryKey("A dog.", "en", "de", "/model")
KEPT = Remembered("Ein Hund.", (((0, 1), (0, 3)),), (Concern(Flag.VALUES, "5"),))


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "memory.sqlite")


def test_what_was_translated_is_found_again_with_its_flags(memory: Memory, tmp_path: Path) -> None:
    memory.keep([(KEY, KEPT)])
    memory.close()
    assert Memory(tmp_path / "memory.sqlite").look_up([KEY]) == {KEY: KEPT}


def test_it_depends_on_all_that_made_it(memory: Memory) -> None:
    memory.keep([(KEY, KEPT)])
    others = [
        MemoryKey("A cat.", "en", "de", "/model"),
        MemoryKey("A dog.", "en", "fr", "/model"),
        MemoryKey("A dog.", "en", "de", "/other"),
        MemoryKey("A dog.", "en", "de", "/model", Formality.FORMAL),
        MemoryKey("A dog.", "en", "de", "/model", terms=(("dog", "Köter"),)),
    ]
    assert memory.look_up(others) == {}
    assert memory.look_up([KEY], fragments=True) == {}


def test_what_a_person_wrote_wins(memory: Memory) -> None:
    memory.keep([(KEY, Remembered("Ein Köter.", edited=True))])
    memory.keep([(KEY, KEPT)])
    other = MemoryKey("A dog.", "en", "de", "/other", Formality.FORMAL)
    found = memory.look_up([KEY, other])
    assert {kept.text for kept in found.values()} == {"Ein Köter."}
    assert all(kept.edited for kept in found.values())


def test_a_sentence_is_not_taken_for_its_beginning(memory: Memory) -> None:
    memory.keep([(KEY, KEPT)])
    assert memory.look_up([MemoryKey("A dog.\0 A cat.", "en", "de", "/model")]) == {}


def test_fragments_are_no_sentences(memory: Memory, tmp_path: Path) -> None:
    memory.keep([(KEY, Remembered("Hund"))], fragments=True)
    assert memory.count() == 0
    memory.export_tmx(tmp_path / "m.tmx")
    assert memory.import_tmx(tmp_path / "m.tmx") == 0
    assert memory.look_up([KEY], fragments=True) == {KEY: Remembered("Hund")}


def test_a_memory_moves_as_tmx(memory: Memory, tmp_path: Path) -> None:
    edited = MemoryKey("1 < 2 & \x01x", "en", "de", "")
    memory.keep([(KEY, Remembered("Ein Hund.")), (edited, Remembered("1 < 2", edited=True))])
    memory.export_tmx(tmp_path / "m.tmx")
    other = Memory(tmp_path / "other.sqlite")
    assert other.import_tmx(tmp_path / "m.tmx") == 2
    clean = MemoryKey("1 < 2 & x", "en", "de", "")
    assert other.look_up([KEY, clean]) == {
        KEY: Remembered("Ein Hund."),
        clean: Remembered("1 < 2", edited=True),
    }


FOREIGN = """<?xml version="1.0"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd" [
<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
<tmx version="1.4"><header srclang="en-US" datatype="plaintext"/><body>
<tu><tuv xml:lang="en-GB">
<seg>Press <bpt i="1">&lt;b></bpt>OK<ept i="1">&lt;/b></ept> <hi>now</hi>.</seg></tuv>
<tuv xml:lang="de-DE"><seg>Jetzt OK&c; drücken.</seg></tuv><tuv lang="FR"><seg>Appuyez.</seg></tuv></tu>
<tu srclang="*all*"><tuv xml:lang="fr"><seg>Oui</seg></tuv><tuv xml:lang="de"><seg>Ja</seg></tuv></tu>
<tu><tuv xml:lang="de"><seg>Nur</seg></tuv></tu>
</body></tmx>"""


def test_memories_of_other_programs_are_read(memory: Memory, tmp_path: Path) -> None:
    (tmp_path / "m.tmx").write_text(FOREIGN, encoding="utf-8")
    assert memory.import_tmx(tmp_path / "m.tmx") == 4
    keys = [
        MemoryKey("Press OK now.", "en", "de", "/any"),
        MemoryKey("Press OK now.", "en", "fr", "/any"),
        MemoryKey("Oui", "fr", "de", "/any"),
        MemoryKey("Ja", "de", "fr", "/any"),
    ]
    found = memory.look_up(keys)
    assert [found[key].text for key in keys] == ["Jetzt OK drücken.", "Appuyez.", "Ja", "Oui"]


@pytest.mark.parametrize("content", ["", "no xml", "<html><body/></html>", FOREIGN[:-200]])
def test_a_damaged_memory_is_refused_whole(memory: Memory, tmp_path: Path, content: str) -> None:
    (tmp_path / "m.tmx").write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableDocument):
        memory.import_tmx(tmp_path / "m.tmx")
    assert memory.count() == 0
    with pytest.raises(DocumentGone):
        memory.import_tmx(tmp_path / "none.tmx")


def test_clearing_forgets_sentences_and_leaves_texts(memory: Memory) -> None:
    memory.keep([(KEY, KEPT)])
    past = memory.remember_text("Hello", "Hallo", "en", "de")
    memory.clear()
    assert memory.count() == 0
    assert memory.past_texts() == (past,)


def test_past_texts_are_found_by_their_words(memory: Memory) -> None:
    first = memory.remember_text("The café is open", "Das Café ist offen", "en", "de")
    second = memory.remember_text("A 100 % dog", "Ein Hund", "en", "de")
    assert memory.past_texts() == (second, first)
    assert memory.past_texts(search="CAFE offen") == (first,)
    assert memory.past_texts(search="100 %") == (second,)
    again = memory.remember_text("The café is open", "Das Café hat offen", "en", "de")
    assert memory.past_texts() == (again, second)
    memory.forget_text(second.id)
    assert memory.past_texts() == (again,)


@pytest.mark.allow_log("not a database")
def test_a_damaged_file_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "memory.sqlite").write_bytes(b"no database" * 200)
    memory = Memory(tmp_path / "memory.sqlite")
    assert len(memory.notices) == 1
    assert memory.count() == 0


def test_signs_that_xml_cannot_hold_do_not_spoil_an_export(memory: Memory, tmp_path: Path) -> None:
    memory.keep([(MemoryKey("A\x01 \ufffe\uffffdog.", "en", "de", "/model"), Remembered("Ein Hund.\x0b"))])
    memory.export_tmx(tmp_path / "a.tmx")
    assert Memory(tmp_path / "other.sqlite").import_tmx(tmp_path / "a.tmx") == 1


def test_texts_that_are_no_unicode_are_kept_and_looked_for(memory: Memory) -> None:
    memory.remember_text("A \ud800dog.", "Ein Hund.\udfff", "en", "de")
    (past,) = memory.past_texts(search="\ud800dog " + "a " * 5000)
    assert (past.source, past.text) == ("A \ufffddog.", "Ein Hund.\ufffd")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="There are no pipes with names here.")
def test_a_pipe_is_not_waited_for(memory: Memory, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.tmx")
    with pytest.raises(UnsupportedFormat):
        memory.import_tmx(tmp_path / "a.tmx")


def test_a_unit_of_made_up_languages_is_not_paired_without_end(memory: Memory, tmp_path: Path) -> None:
    versions = "".join(f'<tuv xml:lang="x{number}"><seg>a</seg></tuv>' for number in range(300))
    (tmp_path / "a.tmx").write_text(f"<tmx><body><tu>{versions}</tu></body></tmx>")
    assert memory.import_tmx(tmp_path / "a.tmx") == 100 * 99


def test_another_program_that_holds_the_memory_is_not_waited_for_long(memory: Memory) -> None:
    with closing(sqlite3.connect(memory.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(DataFolderBusy):
            memory.keep([(KEY, KEPT)])
        assert time.monotonic() - began < 10
    memory.keep([(KEY, KEPT)])

"""The glossary: kept, and moved as CSV and TBX."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.errors import DocumentGone, UnreadableDocument, UnsupportedFormat, UserInputError
from assistant.translation.glossary.glossary import Glossary
from assistant.translation.glossary.records import Term

TERMS = (
    Term("crane", "Kranich", "en", "de", match_case=True),
    Term("Recht, <neu>", 'droit "x"', "de", "fr", part_of_word=True),
    Term("any", "beliebig"),
)


@pytest.fixture
def glossary(tmp_path: Path) -> Glossary:
    return Glossary(tmp_path / "glossary.json")


def test_terms_are_kept(glossary: Glossary, tmp_path: Path) -> None:
    assert (glossary.terms, glossary.notice) == ((), None)
    glossary.set_terms([*TERMS, Term(" crane ", "Kran", "en", "de", match_case=True)])
    assert Glossary(tmp_path / "glossary.json").terms == (
        Term("crane", "Kran", "en", "de", match_case=True),
        *TERMS[1:],
    )


def test_borrowed_terms_count_and_are_not_written(glossary: Glossary, tmp_path: Path) -> None:
    glossary.set_terms(TERMS)
    Glossary(tmp_path / "other.json").set_terms(lent := [Term("any", "irgendein"), Term("new", "neu")])
    other = Glossary(tmp_path / "other.json")
    other.export_file(tmp_path / "lent.csv")
    glossary.borrow(tmp_path / "lent.csv")
    assert glossary.terms == (*TERMS[:2], *lent)
    glossary.set_terms(TERMS[:1])
    assert Glossary(tmp_path / "glossary.json").terms == TERMS[:1]
    with pytest.raises(DocumentGone):
        glossary.borrow(tmp_path / "nowhere.csv")


@pytest.mark.parametrize("term", [Term(" ", "x"), Term("x", ""), Term("x" * 401, "y")])
def test_a_term_that_does_not_do_changes_nothing(glossary: Glossary, term: Term) -> None:
    glossary.set_terms(TERMS)
    with pytest.raises(UserInputError):
        glossary.set_terms([term])
    assert glossary.terms == TERMS


def test_a_damaged_file_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "glossary.json").write_text('{"version": 1, "terms": [{"source": 1}]}')
    glossary = Glossary(tmp_path / "glossary.json")
    assert glossary.notice is not None
    assert glossary.terms == ()


@pytest.mark.parametrize("name", ["terms.csv", "terms.tbx"])
def test_terms_come_back_from_a_file(glossary: Glossary, tmp_path: Path, name: str) -> None:
    glossary.set_terms(TERMS)
    glossary.export_file(tmp_path / name)
    other = Glossary(tmp_path / "other.json")
    assert other.import_file(tmp_path / name) == 3
    assert other.terms == TERMS


def test_tables_of_other_programs_are_read(glossary: Glossary, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("crane;Kranich\r\n\r\nhouse;Haus\r\n", encoding="utf-16")
    assert glossary.import_file(file) == 2
    assert glossary.terms == (Term("crane", "Kranich"), Term("house", "Haus"))
    file.write_text("Target,Source,source language\nKran,crane,en-US\n", encoding="utf-8")
    glossary.import_file(file)
    assert glossary.terms[-1] == Term("crane", "Kran", "en")


MARTIF = b"""<?xml version='1.0'?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<martif type="TBX-Basic" xml:lang="en"><martifHeader/><text><body>
<termEntry id="1"><langSet xml:lang="en-US"><tig><term>crane</term></tig>
<tig><term>bird &x;</term></tig></langSet>
<langSet xml:lang="de"><ntig><termGrp><term>Kranich</term></termGrp></ntig></langSet></termEntry>
<termEntry id="2"><langSet xml:lang="en"><tig><term>alone</term></tig></langSet></termEntry>
</body></text></martif>"""


def test_old_tbx_is_read_and_reads_no_other_file(glossary: Glossary, tmp_path: Path) -> None:
    file = tmp_path / "terms.tbx"
    file.write_bytes(MARTIF)
    assert glossary.import_file(file) == 2
    assert glossary.terms == (Term("crane", "Kranich", "en", "de"), Term("bird &x;", "Kranich", "en", "de"))


CONCEPTS = """<?xml version="1.0"?>
<tbx style="dct" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
 xmlns:basic="http://www.tbxinfo.net/ns/basic"><text><body>
<conceptEntry id="c1"><basic:subjectField>birds</basic:subjectField>
<langSec xml:lang="en"><termSec><term>crane</term>
<basic:partOfSpeech>noun</basic:partOfSpeech></termSec></langSec>
<langSec xml:lang="de-AT"><termSec><term>Kranich</term></termSec>
<termSec><term>Grus</term></termSec></langSec>
<langSec xml:lang="fr"><termSec><term>grue</term></termSec></langSec></conceptEntry></body></text></tbx>"""


def test_new_tbx_is_read(glossary: Glossary, tmp_path: Path) -> None:
    file = tmp_path / "terms.xml"
    file.write_text(CONCEPTS, encoding="utf-8")
    assert glossary.import_file(file) == 2
    assert glossary.terms == (Term("crane", "Kranich", "en", "de"), Term("crane", "grue", "en", "fr"))


def test_what_cannot_be_read_is_told(glossary: Glossary, tmp_path: Path) -> None:
    with pytest.raises(DocumentGone):
        glossary.import_file(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_text("a,b\nc\n")
    with pytest.raises(UserInputError, match="Row 2"):
        glossary.import_file(tmp_path / "bad.csv")
    (tmp_path / "page.tbx").write_text("<html/>")
    with pytest.raises(UnreadableDocument):
        glossary.import_file(tmp_path / "page.tbx")
    assert glossary.terms == ()


def test_signs_that_files_cannot_hold_spoil_nothing(glossary: Glossary, tmp_path: Path) -> None:
    glossary.set_terms([Term("d\ud800og\x01", "Hund\uffff")])
    assert glossary.terms[0].source == "d\ufffdog\x01"
    glossary.export_file(tmp_path / "a.tbx")
    other = Glossary(tmp_path / "other.json")
    assert other.import_file(tmp_path / "a.tbx") == 1
    assert (other.terms[0].source, other.terms[0].target) == ("d\ufffdog", "Hund")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="There are no pipes with names here.")
def test_a_pipe_is_not_waited_for(glossary: Glossary, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(UnsupportedFormat):
        glossary.import_file(tmp_path / "a.csv")


def test_a_concept_of_endless_names_is_refused(glossary: Glossary, tmp_path: Path) -> None:
    def section(language: str) -> str:
        return f'<langSet xml:lang="{language}">{"<term>a</term>" * 500}</langSet>'

    concept = f"<termEntry>{section('en')}{section('de') * 500}</termEntry>"
    (tmp_path / "a.tbx").write_text(f"<martif><text><body>{concept}</body></text></martif>")
    with pytest.raises(UnreadableDocument):
        glossary.import_file(tmp_path / "a.tbx")
    assert glossary.terms == ()

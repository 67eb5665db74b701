"""Documents on their way to another computer, with the real documents worker at both ends."""

from __future__ import annotations

from pathlib import Path

from assistant import paths
from assistant.bundle_contents import BundleContents, put_documents_in_place
from assistant.chat.assistants import Assistants
from assistant.chat.history.history import History
from assistant.documents.records import DocumentState
from assistant.models.library.library import Library
from assistant.models.library.records import Extras
from tests.process.documents_setup import DocumentsSetup


def contents(home: Path) -> BundleContents:
    assistants = Assistants(home / "assistants.json", paths.resources() / "assistants.json")
    return BundleContents(home, lambda: History(home / "history.sqlite3"), assistants, lambda _: {})


def test_documents_are_there_on_another_computer(tmp_path: Path) -> None:
    """They can be read there though their files are not there, which is said as soon as it is found out."""
    here, home = DocumentsSetup(tmp_path / "here"), tmp_path / "there" / "home"
    try:
        document = here.write("farm/well.txt", "The well behind the barn is forty metres deep.\n")
        here.add(document)
        # While the worker has the store open.
        library = Library(tmp_path / "here" / "models")
        extras = contents(tmp_path / "here" / "home").extras(Extras(documents=True))
        library.export_to(tmp_path / "stick", extras=extras).result(60)
    finally:
        here.service.close()
    document.unlink()
    home.mkdir(parents=True)
    taken = Library(home / "models").import_from(tmp_path / "stick", contents(home).import_extra).result(60)
    assert (taken.documents, taken.refused) == (True, ())
    assert put_documents_in_place(home) is None
    there = DocumentsSetup(tmp_path / "there")
    try:
        there.until(lambda: there.state(document) is DocumentState.MISSING)
        (passage,) = there.service.passages(there.row(document).id).result(60)
        assert passage.sentences == ("The well behind the barn is forty metres deep.",)
        assert there.found("How deep is the well?")[0] == "well.txt"
    finally:
        there.service.close()

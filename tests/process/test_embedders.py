"""Changing the model that documents are searched with: real processes, real models, searched all the time."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import psutil
import pytest

from assistant.documents.embedder_records import EmbedderState, EmbedderStatus
from assistant.documents.embedders.conversion_process import INCOMING
from assistant.documents.embedders.embedder_folder import BUILTIN_ID
from assistant.documents.event_records import IndexingState
from assistant.documents.store.codec import unpack_vectors
from assistant.errors import UserInputError
from assistant.models.library.library import Library
from tests.made_models import embedders
from tests.process import made_pdfs
from tests.process.documents_setup import DocumentsSetup

pytestmark = [pytest.mark.keeps_children, pytest.mark.allow_log("The documents worker (crashed|was stopped)")]

SAME = 0.99
"""The cosine of vectors of one text by one model: eight bits are rounded the other way in another batch."""
WELL = "The new well in the north field reached water at 43 metres in April."
QUESTION = "At what depth was water reached?"


@pytest.fixture
def setup(tmp_path: Path) -> Iterator[DocumentsSetup]:
    setup = DocumentsSetup(tmp_path / "setup")
    yield setup
    setup.service.close()


def installed(setup: DocumentsSetup, source: Path) -> str:
    """Add a model to the library; its id."""
    (model,) = Library(setup.library).add([source]).result(60).models
    return model.id


def farm(setup: DocumentsSetup, pages: int = 20) -> list[Path]:
    """Enough for some seconds of embedding: with headings, a table and a document that came twice."""
    lines = [
        [f"On day {day} of page {page} the goose number {page * 40 + day} laid an egg." for day in range(40)]
        for page in range(pages)
    ]
    rows = "\n".join(f"Field {row},{row * 3} tons,{row + 7} days" for row in range(120))
    return [
        setup.write("well.txt", WELL),
        setup.write("copy of the well.txt", WELL),
        setup.write("geese.pdf", made_pdfs.pdf(["\n".join(page) for page in lines])),
        setup.write("harvest.csv", f"Field,Harvest,Time\n{rows}\n"),
        setup.write(
            "notes.md", "# The year\n\n## Spring\n\nThe larches were cut.\n\n## Autumn\n\nRain fell.\n"
        ),
    ]


def status(setup: DocumentsSetup) -> EmbedderStatus:
    return setup.service.embedder_status().result(60)


def change(setup: DocumentsSetup, id: str) -> EmbedderStatus:
    """Change the embedder and search meanwhile, until it is done."""
    setup.service.use_embedder(id).result(60)
    waiting = setup.service.wait_for_embedder()
    while not waiting.done():
        assert setup.found(QUESTION)[0] == "well.txt"
        time.sleep(0.1)
    return waiting.result(10)


def kill_and_search(setup: DocumentsSetup) -> None:
    pid = setup.service.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert setup.found(QUESTION)[0] == "well.txt"


def vectors(setup: DocumentsSetup) -> dict[tuple[str, int, int, str], np.ndarray]:
    """The vector of each chunk, by the file, the place and the text of it."""
    with closing(
        sqlite3.connect(f"file:{setup.folder}/home/documents/documents.sqlite3?mode=ro", uri=True)
    ) as store:
        rows = store.execute(
            """SELECT d.path, s.part, c.start, substr(s.text, c.start + 1, c."end" - c.start), e.vector
               FROM chunks c JOIN documents d ON d.id = c.document JOIN sections s ON s.id = c.section
               JOIN embeddings e ON e.id = c.embedding"""
        ).fetchall()
    matrix = unpack_vectors([row[-1] for row in rows])
    return {
        (Path(os.fsdecode(row[0])).name, *row[1:4]): vector for row, vector in zip(rows, matrix, strict=True)
    }


def alike(
    some: dict[tuple[str, int, int, str], np.ndarray], other: dict[tuple[str, int, int, str], np.ndarray]
) -> float:
    """The lowest cosine of vectors of the same chunk, which must be the same ones."""
    assert some.keys() == other.keys()
    return min(float(some[key] @ other[key]) for key in some)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentsSetup]:
    """What was read with the other embedder from the beginning."""
    setup = DocumentsSetup(tmp_path_factory.mktemp("calm"))
    id = installed(setup, embedders.converted(setup.folder / "other"))
    setup.service.use_embedder(id).result(60)
    assert setup.service.wait_for_embedder().result(120).id == id
    setup.add(*farm(setup))
    yield setup
    setup.service.close()


def test_what_can_be_chosen(setup: DocumentsSetup) -> None:
    id = installed(setup, embedders.converted(setup.folder / "other"))
    setup.add(*farm(setup, 1))
    choices = {choice.id: choice for choice in setup.service.embedders().result(60)}
    assert choices[BUILTIN_ID].state is EmbedderState.ACTIVE
    assert choices[BUILTIN_ID].seconds == 0
    assert choices[id].state is EmbedderState.INSTALLED
    assert choices[id].seconds > 0
    assert choices["multilingual-e5-small"].state is EmbedderState.OFFERED
    assert choices["multilingual-e5-small"].seconds > 2 * choices[id].seconds
    assert (
        choices["multilingual-e5-large"].memory > choices["multilingual-e5-small"].memory > choices[id].memory
    )
    with pytest.raises(UserInputError, match="not on this computer"):
        setup.service.use_embedder("bge-small-en-v1.5").result(60)
    with pytest.raises(UserInputError, match="no search model"):
        setup.service.use_embedder("none").result(60)
    assert status(setup).id == BUILTIN_ID


def test_a_changed_embedder_is_as_if_it_had_always_been_there(
    setup: DocumentsSetup, calm: DocumentsSetup
) -> None:
    id = installed(setup, embedders.converted(setup.folder / "other"))
    setup.add(*farm(setup))
    builtin, before = vectors(setup), setup.service.counts().result(60)
    assert change(setup, id) == EmbedderStatus(id, "other", ())
    assert alike(vectors(setup), vectors(calm)) > SAME
    assert alike(vectors(setup), builtin) < 0.98
    setup.until(lambda: setup.service.counts().result(60)["embeddings"] == before["embeddings"], 20)
    counts = setup.service.counts().result(60)
    assert counts == before
    told = [event for event in setup.events if isinstance(event, EmbedderStatus)]
    made = [event.change.chunks_done for event in told if event.change is not None]
    assert made == sorted(made)
    assert max(made) > 0
    # Documents that come later are read with it, too, and back it goes.
    setup.add(setup.write("bees.txt", "Bees were seen on the lime trees."))
    assert setup.found("insects on trees")[0] == "bees.txt"
    assert change(setup, BUILTIN_ID).id == BUILTIN_ID
    again = vectors(setup)
    assert alike({key: again[key] for key in builtin}, builtin) > SAME


def test_killed_again_and_again_it_ends_as_without(setup: DocumentsSetup, calm: DocumentsSetup) -> None:
    """The worker alone as it converts, as it starts again and as it embeds, then the whole program."""
    id = installed(setup, embedders.converted(setup.folder / "other"))
    setup.add(*farm(setup))
    expected = calm.service.counts().result(60)
    setup.service.use_embedder(id).result(60)
    setup.until(lambda: list(setup.embedders.glob(f"{INCOMING}*")))
    kill_and_search(setup)
    time.sleep(0.7)
    kill_and_search(setup)
    setup.until(lambda: (change := status(setup).change) is not None and change.chunks_done > 0)
    kill_and_search(setup)
    assert status(setup).change is not None
    setup.service.close()
    command = [sys.executable, "-m", "tests.process.changing_program", str(setup.folder / "home"), id]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    worker = psutil.Process(int(program.stdout.readline()))
    time.sleep(1.0)
    program.kill()
    program.communicate()
    assert psutil.wait_procs([worker], timeout=20)[1] == []
    assert setup.found(QUESTION)[0] == "well.txt"
    assert setup.service.wait_for_embedder().result(120).id == id
    assert alike(vectors(setup), vectors(calm)) > SAME
    setup.until(lambda: setup.service.counts().result(60)["embeddings"] == expected["embeddings"], 20)
    counts = setup.service.counts().result(60)
    assert counts | {"embedded": 0} == expected | {"embedded": 0}
    assert [path.name for path in setup.embedders.iterdir()] == [next(setup.embedders.glob(f"{id}-*")).name]


def test_documents_that_are_read_meanwhile(setup: DocumentsSetup, calm: DocumentsSetup) -> None:
    id = installed(setup, embedders.converted(setup.folder / "other"))
    first, *others = farm(setup)
    setup.add(first)
    setup.service.add(others).result(30)
    setup.service.use_embedder(id).result(60)
    setup.service.wait().result(120)
    assert setup.service.wait_for_embedder().result(120).id == id
    assert alike(vectors(setup), vectors(calm)) > SAME


def test_changing_back_while_it_changes(setup: DocumentsSetup) -> None:
    id = installed(setup, embedders.converted(setup.folder / "other"))
    setup.add(*farm(setup))
    builtin, before = vectors(setup), setup.service.counts().result(60)
    setup.service.pause().result(30)
    setup.service.use_embedder(id).result(60)
    setup.until(lambda: (change := status(setup).change) is not None and change.chunks > 0, 60)
    assert setup.indexing() is IndexingState.PAUSED
    assert setup.service.use_embedder(BUILTIN_ID).result(60).change is None
    setup.service.resume().result(30)
    setup.until(lambda: setup.service.counts().result(60) == before, 60)
    assert alike(vectors(setup), builtin) > 0.9999


class Evil:
    """Writes a file when it is unpickled."""

    def __init__(self, proof: Path) -> None:
        self._code = f"open({str(proof)!r}, 'w')"

    def __reduce__(self) -> tuple[object, ...]:
        return exec, (self._code,)


def test_a_model_from_sentence_transformers(setup: DocumentsSetup) -> None:
    """Its vectors have nothing to do with the built-in one's: mixed up, nothing would be found.

    Programs that lie beside it, and pickled weights, are none of the files that it is made from.
    """
    folder, proof = embedders.permuted(setup.folder / "permuted"), setup.folder / "proof"
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Evil(proof)))
    (folder / "modeling_evil.py").write_text(f"open({str(proof)!r}, 'w')")
    config = json.loads((folder / "config.json").read_text())
    config["auto_map"] = {"AutoModel": "modeling_evil.Model", "AutoConfig": "modeling_evil.Config"}
    (folder / "config.json").write_text(json.dumps(config))
    (model,) = Library(setup.library).add([folder], link=True).result(60).models
    setup.add(*farm(setup, 1))
    builtin = vectors(setup)
    assert change(setup, model.id).id == model.id
    assert not proof.exists()
    assert alike(vectors(setup), builtin) < 0.3
    assert setup.found("How deep did they have to dig?")[0] in ("well.txt", "copy of the well.txt")
    # It needs the model that it was made of no more.
    Library(setup.library).remove(model.id)
    setup.service.close()
    assert setup.found("How deep did they have to dig?")[0] in ("well.txt", "copy of the well.txt")
    assert status(setup).id == model.id
    choices = {choice.id: choice.state for choice in setup.service.embedders().result(60)}
    assert choices[model.id] is EmbedderState.ACTIVE


def test_a_damaged_embedder_is_made_again(setup: DocumentsSetup) -> None:
    id = installed(setup, embedders.converted(setup.folder / "other"))
    setup.add(*farm(setup, 1))
    change(setup, id)
    made = vectors(setup)
    setup.service.close()
    (folder,) = setup.embedders.glob(f"{id}-*")
    with (folder / "model.bin").open("r+b") as weights:
        weights.seek(1_000_000)
        weights.write(bytes(100))
    assert setup.found(QUESTION)[0] == "well.txt"  # by its words
    setup.add(setup.write("hay.txt", "Hay was made in June."))
    setup.until(
        lambda: setup.service.counts().result(60)["unembedded"] == 0 and status(setup).change is None, 60
    )
    now = vectors(setup)
    assert alike({key: now[key] for key in made}, made) > 0.999999  # they were kept
    assert status(setup) == EmbedderStatus(id, "other", ())
    assert (folder / "embedder.json").is_file()


def test_a_lost_embedder_gives_way_to_the_built_in_one(setup: DocumentsSetup) -> None:
    id = installed(setup, embedders.converted(setup.folder / "other"))
    setup.add(*farm(setup, 1))
    builtin = vectors(setup)
    change(setup, id)
    setup.service.close()
    shutil.rmtree(setup.embedders)
    Library(setup.library).remove(id)
    assert setup.found(QUESTION)[0] == "well.txt"
    setup.until(lambda: status(setup).id == BUILTIN_ID and status(setup).change is None, 60)
    assert alike(vectors(setup), builtin) > SAME
    notice = status(setup).notice
    assert notice is not None
    assert "“other”" in notice.message


def test_a_new_data_folder_begins_with_what_speaks_its_documents(setup: DocumentsSetup) -> None:
    id = installed(setup, embedders.converted(setup.folder / "all-MiniLM-L6-v3"))
    described = setup.library / id / "model.json"
    described.write_text(described.read_text().replace('"languages": []', '"languages": ["mul"]'))
    text = "Der neue Brunnen auf dem nördlichen Feld erreichte im April in 43 Metern Tiefe das Wasser. "
    setup.add(
        setup.write("brunnen.txt", text * 3), setup.write("zaun.txt", "Der Zaun am Fluss wurde ausgebessert.")
    )
    setup.until(lambda: status(setup).id == id and status(setup).change is None, 90)
    notice = status(setup).notice
    assert notice is not None
    assert "German" in notice.message
    assert setup.found("Wie tief ist der Brunnen?")[0] == "brunnen.txt"
    # Against a choice it is never done again.
    assert change_plainly(setup, BUILTIN_ID).id == BUILTIN_ID
    setup.add(setup.write("kuh.txt", "Jede Kuh bekam im Winter 2,5 Kilogramm Gerste am Tag."))
    setup.until(lambda: status(setup).advice is not None, 60)
    advice = status(setup).advice
    assert advice is not None
    assert (advice.id, advice.here, advice.languages, advice.documents) == (id, True, ("de",), 3)
    assert status(setup).change is None


def change_plainly(setup: DocumentsSetup, id: str) -> EmbedderStatus:
    setup.service.use_embedder(id).result(60)
    return setup.service.wait_for_embedder().result(120)


@pytest.mark.parametrize("pooling", ["pooling_mode_max_tokens", None])
def test_a_model_that_cannot_be_one_is_said(setup: DocumentsSetup, pooling: str | None) -> None:
    id = installed(setup, embedders.converted(setup.folder / "other", pooling))
    setup.add(*farm(setup, 1))
    ended = change(setup, id)
    assert (ended.id, ended.change) == (BUILTIN_ID, None)
    assert ended.notice is not None
    assert "pooling" in ended.notice.message
    assert not list(setup.embedders.glob("[!.]*"))

"""The real model: right vectors, one order, stopping, and nothing it cannot read."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from assistant.documents.embedders import conversion_process, embedder_conversion, embedding
from assistant.documents.embedders.conversion_process import INCOMING, make_apart, sweep
from assistant.documents.embedders.embedder_conversion import builtin_embedder, builtin_model
from assistant.documents.embedders.embedder_estimate import BUILTIN_SHAPE
from assistant.documents.embedders.embedder_folder import (
    FILES,
    MANIFEST,
    EmbedderManifest,
    checked,
    seal,
    stated,
)
from assistant.documents.embedders.embedder_shape import shape_of
from assistant.documents.embedders.embedding import Embedder
from assistant.errors import Cancelled, DiskFull, ModelTooLarge, StorageError
from assistant.jobs import CancelToken
from tests.unit.documents.never_ending import never_ends

ROOT = Path(__file__).resolve().parents[4]
TOLERANCE = 0.01
"""Eight bits are rounded the other way where sums come in another order."""

TEXTS = [
    "The cat sits on the mat.",
    "",
    "Revenue grew by 7 % in 2018. " * 80,
    "Ein Satz auf Deutsch über Äpfel.",
    "这是一个没有空格的句子。",
    "undecodable \udcff and nul \x00",
    "short",
    "x" * 5000,
]


def test_it_gives_what_the_library_gives(embedder: Embedder) -> None:
    from sentence_transformers import SentenceTransformer  # takes seconds, and each worker collects this file

    ours = embedder.embed(TEXTS)
    clean = [text.replace("\udcff", "?") for text in TEXTS]
    theirs = SentenceTransformer(str(builtin_model()), device="cpu", local_files_only=True).encode(
        clean, normalize_embeddings=True, show_progress_bar=False
    )
    assert ours.shape == (len(TEXTS), embedder.dimension) == (8, 384)
    assert ours.dtype == np.float32
    alike = np.sum(ours * theirs, axis=1)  # the weights are kept in eight bits
    assert alike.min() > 0.96
    assert alike.mean() > 0.99
    assert np.allclose(np.linalg.norm(ours, axis=1), 1.0, atol=1e-5)


def test_meaning_not_words(embedder: Embedder) -> None:
    question = embedder.embed_question("How much did the company earn?")
    texts = ["Net income was 3 million dollars.", "The weather in Paris is mild.", "Cats like to sleep."]
    assert int(np.argmax(embedder.embed(texts) @ question)) == 0


def test_order_and_batches_do_not_matter(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"sentence number {number} " * (1 + number % 3) for number in range(12)]
    at_once = embedder.embed(texts)
    monkeypatch.setattr(embedding, "_TOKENS_A_BATCH", 64)
    assert np.allclose(embedder.embed(texts), at_once, atol=TOLERANCE)
    assert np.allclose(embedder.embed(texts[::-1])[::-1], at_once, atol=TOLERANCE)


def test_nothing_gives_nothing(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_of_a_long_text_nothing_is_lost(embedder: Embedder) -> None:
    about_cows = "Each cow was given 2.5 kilograms of barley a day during the winter. " * 15
    about_wells = "The new well in the north field reached water at 43 metres in April. " * 15
    wells, both = embedder.embed([about_wells, about_wells + about_cows])
    question = embedder.embed_question("How much barley does a cow get?")
    assert wells @ question < 0.2
    assert both @ question > 0.4


def test_a_long_text_is_read_in_pieces_of_like_length(embedder: Embedder) -> None:
    encoding = embedder.tokenizer.encode("query: " + "word " * 600)
    first, *others = embedder._windows(encoding, "query: ")
    begin = embedder.tokenizer.encode("query: ").ids[:-1]
    assert all(window[: len(begin)] == begin for window in (first, *others))
    assert all(len(window) <= embedder.max_tokens for window in (first, *others))
    assert {len(first) - len(window) for window in others} <= {0, 1}
    assert sum(len(window) - len(begin) - 1 for window in (first, *others)) == 600
    endless = embedder.tokenizer.encode("word " * 100_000)
    assert len(embedder._windows(endless, "")) == embedding._MOST_WINDOWS


def test_it_stops_between_batches(embedder: Embedder) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        embedder.embed(["text"], token)


def test_questions_are_remembered_and_cannot_be_changed(embedder: Embedder) -> None:
    first = embedder.embed_question("What is lift?")
    assert embedder.embed_question("What is lift?") is first
    assert np.allclose(first, embedder.embed(["What is lift?"])[0], atol=1e-6)
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1.0


def test_several_threads_may_embed_at_once(embedder: Embedder) -> None:
    texts = [f"thread text {number}" for number in range(12)]
    expected = embedder.embed(texts)
    results: dict[int, np.ndarray] = {}

    def work(number: int) -> None:
        results[number] = embedder.embed([texts[number]])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.allclose(np.concatenate([results[number] for number in range(12)]), expected, atol=TOLERANCE)


def test_the_tokenizer_counts_without_cutting(embedder: Embedder) -> None:
    assert len(embedder.tokenizer.encode("word " * 1000).ids) == 1002
    assert (embedder.name, embedder.max_tokens) == ("all-MiniLM-L6-v2", 256)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(builtin_embedder().folder, tmp_path / "embedder"))


def damage(file: Path) -> None:
    with file.open("r+b") as weights:
        weights.seek(1_000_000)
        weights.write(b"\x00\x01\x02\x03")


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json", MANIFEST])
def test_a_missing_file_is_said(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(StorageError, match="cannot be loaded"):
        Embedder(copy)


def test_damaged_weights_are_refused(copy: Path) -> None:
    damage(copy / "model.bin")
    with pytest.raises(StorageError, match="damaged"):
        Embedder(copy)


def test_a_damaged_embedder_is_made_again(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> None:
    resources = tmp_path / "resources"
    resources.mkdir()
    copy.rename(resources / "embedder")
    damage(resources / "embedder" / "model.bin")
    monkeypatch.setattr(embedder_conversion.paths, "resources", lambda: resources)
    made = builtin_embedder().folder
    assert made == tmp_path / "home" / "embedders" / "all-MiniLM-L6-v2"
    assert checked(made).files == checked(Path(__file__).parents[4] / "resources" / "embedder").files
    assert np.allclose(Embedder(made).embed(TEXTS[:3]), embedder.embed(TEXTS[:3]), atol=TOLERANCE)
    assert builtin_embedder().folder == made


@pytest.mark.parametrize("manifest", [json.dumps({"files": []}), "[" * 100_000], ids=["no-names", "too-deep"])
def test_an_embedder_with_a_damaged_manifest_is_made_again(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manifest: str
) -> None:
    resources = tmp_path / "resources"
    resources.mkdir()
    copy.rename(resources / "embedder")
    file = resources / "embedder" / MANIFEST
    whole = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(whole | json.loads(manifest)) if manifest.startswith("{") else manifest)
    made: list[Path] = []
    shipped = Path(__file__).parents[4] / "resources" / "embedder"

    def make(target: Path) -> None:
        made.append(Path(shutil.copytree(shipped, target)))

    monkeypatch.setattr(embedder_conversion.paths, "resources", lambda: resources)
    monkeypatch.setattr(embedder_conversion, "make", make)
    assert made == [builtin_embedder().folder]


class Here:
    """Stands for `multiprocessing`: what should be a process runs here."""

    exitcode: int | None = None

    def get_context(self, _: str) -> Here:
        return self

    def parent_process(self) -> None:
        return None

    def Process(self, target: Callable[..., None], args: tuple[object, ...]) -> Here:
        self.run = lambda: target(*args)
        return self

    def start(self) -> None:
        try:
            self.run()
            self.exitcode = 0
        except SystemExit as end:
            self.exitcode = int(str(end.code))

    def kill(self) -> None:
        """It has ended."""

    def close(self) -> None:
        """It holds nothing."""

    def join(self, timeout: float | None = None) -> None:
        pass


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion_process, "multiprocessing", Here())


def manifest_of(name: str) -> EmbedderManifest:
    return EmbedderManifest(name, 384, 256, "mean", "", "", "int8", "", {})


def made(target: Path, name: str = "made") -> None:
    """An embedder that is whole; nobody loads it."""
    target.mkdir()
    for file in FILES:
        (target / file).write_text(file)
    seal(target, manifest_of(name))


@pytest.mark.usefixtures("here")
def test_a_full_disk_is_said_and_no_damage(tmp_path: Path) -> None:
    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(DiskFull, match="not enough space"):
        make_apart(full, tmp_path / "embedders")
    assert not list((tmp_path / "embedders").iterdir())


@pytest.mark.usefixtures("here")
def test_a_disk_too_full_to_say_why_is_said_to_be_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    def work(_: Path) -> None:
        monkeypatch.setattr(Path, "write_text", no_room)
        raise StorageError("embedder-pooling-unknown", name="E5", pooling="max")

    with pytest.raises(DiskFull, match="not enough space"):
        make_apart(work, tmp_path / "embedders")


@pytest.mark.usefixtures("here")
def test_one_that_is_killed_may_be_tried_again(tmp_path: Path) -> None:
    def killed(_: Path) -> None:
        raise SystemExit(-9)

    with pytest.raises(ModelTooLarge, match="was interrupted"):
        make_apart(killed, tmp_path / "embedders")


@pytest.mark.parametrize(
    "strange",
    [{"pooling": "max"}, {"max_tokens": -5}, {"dimension": 0}, {"name": "../../elsewhere"}],
)
def test_a_manifest_that_no_model_can_be_run_by_is_refused(tmp_path: Path, strange: dict[str, Any]) -> None:
    made(tmp_path / "made")
    seal(tmp_path / "made", replace(manifest_of("made"), **strange))
    with pytest.raises(StorageError):
        stated(tmp_path / "made")


@pytest.mark.parametrize("number", [float("inf"), -1, 10**30, "384", None])
def test_numbers_of_no_layer_are_no_shape(tmp_path: Path, number: object) -> None:
    sizes = {"num_hidden_layers": 6, "hidden_size": 384, "intermediate_size": 1536, "vocab_size": 30_522}
    (tmp_path / "config.json").write_text(json.dumps(sizes))
    assert shape_of(tmp_path) == BUILTIN_SHAPE
    for name in sizes:
        (tmp_path / "config.json").write_text(json.dumps(sizes | {name: number}))
        assert shape_of(tmp_path) is None


def test_weights_that_are_no_numbers_give_no_vector(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    forward = embedder._forward

    def damaged(ids: list[list[int]]) -> Any:
        vectors = forward(ids)
        vectors[0] = np.nan
        return vectors

    monkeypatch.setattr(embedder, "_forward", damaged)
    longest, other = embedder.embed(["A well of forty metres lies behind the barn.", "Barn"])
    assert not longest.any()
    assert abs(np.linalg.norm(other) - 1) < 1e-5


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (StorageError("embedder-pooling-unknown", name="E5", pooling="max"), "E5.*pooling"),
        (RuntimeError("on purpose"), "on purpose"),
        (SystemExit(3), "status 3"),
    ],
)
def test_why_it_is_not_made_is_said(tmp_path: Path, error: BaseException, words: str) -> None:
    def work(_: Path) -> None:
        raise error

    with pytest.raises(StorageError, match=words):
        make_apart(work, tmp_path / "embedders")
    assert not list((tmp_path / "embedders").iterdir())


@pytest.mark.usefixtures("here")
def test_a_file_in_the_place_of_the_embedder_gives_way(tmp_path: Path) -> None:
    (tmp_path / "made").write_text("")
    assert make_apart(made, tmp_path) == tmp_path / "made"
    assert (tmp_path / "made" / MANIFEST).is_file()


def test_a_stop_ends_it_at_once(tmp_path: Path) -> None:
    token = CancelToken()
    threading.Timer(1.0, token.cancel).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        make_apart(never_ends, tmp_path, token)
    assert time.monotonic() - began < 30
    assert not list(tmp_path.iterdir())


def test_it_does_not_outlive_who_began_it(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from assistant.documents.embedders.conversion_process import make_apart\n"
        "from tests.unit.documents.never_ending import never_ends\n"
        f"if __name__ == '__main__': make_apart(never_ends, Path({str(tmp_path)!r}))"
    )
    (tmp_path / "program.py").write_text(script)
    program = subprocess.Popen(
        [sys.executable, str(tmp_path / "program.py")], env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    deadline = time.monotonic() + 60
    while not (family := psutil.Process(program.pid).children(recursive=True)) or not list(
        tmp_path.glob(f"{INCOMING}*")
    ):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    program.kill()
    program.wait()
    assert psutil.wait_procs(family, timeout=30)[1] == []
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["program.py"]


def test_what_a_killed_process_left_is_swept_up(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "embedders"
    program = subprocess.Popen([sys.executable, "-c", ""])
    program.wait()
    old, new = folder / f"{INCOMING}{program.pid}-x", folder / f"{INCOMING}{os.getpid()}-y"
    before = folder / f"{INCOMING}{os.getpid()}-z"
    for each in (old, new, before):
        (each / "embedder").mkdir(parents=True)
    os.utime(before, (1, 1))
    builtin_embedder()
    assert list(folder.iterdir()) == [new], (
        "its process is at work in it; of the third another had the number"
    )


def test_damaged_original_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = shutil.copytree(builtin_model(), tmp_path / "model")
    damage(original / "model.safetensors")
    monkeypatch.setattr(embedder_conversion, "builtin_model", lambda: original)
    with pytest.raises(StorageError, match="damaged"):
        embedder_conversion.convert_builtin(tmp_path / "made")
    monkeypatch.undo()
    monkeypatch.setattr(embedder_conversion, "_PACKAGE", "no_such_package_anywhere")
    with pytest.raises(StorageError, match="missing"):
        builtin_model()


def test_searching_imports_no_torch() -> None:
    script = (
        "import sys; from assistant.documents.embedders.embedder_conversion import builtin_embedder as b;"
        "b().embed_question('Where?');"
        "print({'torch', 'transformers', 'sentence_transformers'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

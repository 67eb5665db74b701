"""How models get into the library: added, linked, unpacked, known by the catalogue."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import __version__
from assistant.errors import ModelUnusable
from assistant.jobs import CancelToken, Progress
from assistant.models.catalog.records import CatalogEntry, ModelFile
from assistant.models.files import gguf, model_shape
from assistant.models.files.records import ModelKind
from assistant.models.library.library import Library
from tests.made_models import converted, families
from tests.made_models.gguf_writer import GgufWriter
from tests.made_models.records import entry
from tests.unit.models.library.adding import add, added, names, sha256, verify


def split(folder: Path, count: int = 2) -> list[Path]:
    """A model in parts: all but the first hold nothing but tensors."""
    folder.mkdir(exist_ok=True)
    parts = [folder / f"Big-{number:05}-of-{count:05}.gguf" for number in range(1, count + 1)]
    families.make(parts[0], "llama", split__count=count)
    for part in parts[1:]:
        writer = GgufWriter("llama")
        writer.add("split.count", count)
        writer.tensor(f"only.{part.name}", [[float(count)] * 64])
        writer.write(part)
    return parts


# --- adding ------------------------------------------------------------------------------------------------


def test_nothing_yet(library: Library, folder: Path) -> None:
    assert library.installed() == ()
    assert not folder.exists()


def test_add(library: Library, folder: Path, model: Path) -> None:
    reports: list[Progress] = []
    done = library.add([model], on_report=reports.append).result(60)
    (found,) = done.models
    assert (found.id, found.name, found.kind) == ("tiny-1b-q4_k_m", "Tiny llama", ModelKind.CHAT)
    assert (found.linked, found.missing, found.architecture) == (False, False, "llama")
    assert Path(found.path) == folder / "tiny-1b-q4_k_m" / model.name
    assert found.size == model.stat().st_size
    assert found.sha256 == sha256(model) == sha256(Path(found.path))
    assert (reports[-1].doing, reports[-1].done) == ("Copying Tiny llama", found.size)
    assert library.installed() == (found,)
    assert Library(folder).installed() == (found,)
    assert names(folder) == {found.id}


def test_never_twice(library: Library, tmp_path: Path, model: Path) -> None:
    first = added(library, model)
    again = shutil.copy(model, tmp_path / "other-name.gguf")
    done = add(library, model, Path(again), Path(first.path))
    assert (done.models, done.refused) == ((), ())
    assert done.already == (first,)
    assert add(library, Path(again), link=True).already == (first,)
    assert library.installed() == (first,)


def test_same_size_and_name_but_another(library: Library, tmp_path: Path, model: Path) -> None:
    first = added(library, model)
    content = bytearray(model.read_bytes())
    content[-1] ^= 1
    model.write_bytes(content)
    second = added(library, model)
    assert second.id == first.id + "-2"
    assert second.sha256 != first.sha256


def test_split(library: Library, tmp_path: Path) -> None:
    parts = split(tmp_path / "parts")
    found = added(library, parts[1])
    assert (found.name, Path(found.path).name) == ("Tiny llama", parts[0].name)
    assert found.size == sum(part.stat().st_size for part in parts)
    assert names(Path(found.path).parent) == {"model.json", *(part.name for part in parts)}
    # As it comes under another name, it is the same.
    for part in parts:
        part.rename(part.with_name(part.name.replace("Big", "Other")))
    assert add(library, tmp_path / "parts").already == (found,)


def test_split_with_a_part_missing(library: Library, tmp_path: Path) -> None:
    first, second = split(tmp_path / "parts")
    second.unlink()
    done = add(library, first)
    assert done.models == ()
    assert second.name in done.refused[0][1].message


def test_a_folder_with_several(library: Library, tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    families.make(tmp_path / "m" / "one.gguf", "llama")
    converted.translation(tmp_path / "m" / "opus-mt-en-de")
    converted.whisper(tmp_path / "m" / "whisper", tokenizer=False)
    (tmp_path / "m" / "notes.txt").write_text("no model")
    done = add(library, tmp_path / "m")
    assert {each.name for each in done.models} == {"Tiny llama", "opus-mt-en-de"}
    ((path, problem),) = done.refused
    assert (Path(path).name, problem.code) == ("whisper", "model-unusable")
    assert "tokenizer.json" in problem.message


def test_a_folder_without_models(library: Library, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    ((path, problem),) = add(library, tmp_path / "photos").refused
    assert path == str(tmp_path / "photos")
    assert "folder photos contains no model" in problem.message


def test_several_and_some_refused(library: Library, folder: Path, tmp_path: Path, model: Path) -> None:
    (tmp_path / "page.gguf").write_bytes(b"<html>")
    done = add(library, tmp_path / "page.gguf", model, tmp_path / "nothing.gguf")
    assert [each.name for each in done.models] == ["Tiny llama"]
    assert [Path(path).name for path, _ in done.refused] == ["page.gguf", "nothing.gguf"]
    assert names(folder) == {"tiny-1b-q4_k_m"}


def test_folders_of_each_kind(library: Library, tmp_path: Path) -> None:
    for make, kind in (
        (converted.translation, ModelKind.TRANSLATION),
        (converted.whisper, ModelKind.SPEECH),
        (converted.embedder, ModelKind.EMBEDDING),
        (converted.reranker, ModelKind.RERANKING),
    ):
        source = make(tmp_path / kind.value)
        found = added(library, source)
        assert (found.kind, Path(found.path).name) == (kind, kind.value)
        assert (Path(found.path) / "config.json").read_bytes() == (source / "config.json").read_bytes()
        assert verify(library, found.id)[0].problem is None


def test_the_engine_loads_what_was_added(library: Library, tmp_path: Path) -> None:
    import ctranslate2

    found = added(library, converted.translation(tmp_path / "opus-mt-en-de"))
    assert ctranslate2.Translator(found.path).translate_batch([["▁w1"]], max_decoding_length=3)[0].hypotheses


def test_archives(library: Library, folder: Path, tmp_path: Path) -> None:
    converted.argos(tmp_path / "in" / "translate-en_es")
    packed = Path(shutil.make_archive(str(tmp_path / "p"), "zip", tmp_path / "in"))
    found = added(library, packed.rename(tmp_path / "en_es.argosmodel"), link=True)
    assert (found.name, found.languages, found.linked) == ("English → Spanish", ("en", "es"), False)
    assert (Path(found.path) / "model" / "model.bin").is_file()
    assert not (Path(found.path) / "stanza").exists()
    converted.translation(tmp_path / "flat")
    flat = added(
        library, Path(shutil.make_archive(str(tmp_path / "opus-mt-en-fr"), "zip", tmp_path / "flat"))
    )
    assert (flat.name, flat.languages) == ("opus-mt-en-fr", ("en", "fr"))
    assert names(folder) == {found.id, flat.id}
    assert add(library, tmp_path / "opus-mt-en-fr.zip").already == (flat,)


def test_archive_with_a_bad_model(library: Library, folder: Path, tmp_path: Path) -> None:
    converted.whisper(tmp_path / "in" / "w", tokenizer=False)
    packed = Path(shutil.make_archive(str(tmp_path / "w"), "zip", tmp_path / "in"))
    ((path, problem),) = add(library, packed).refused
    assert (path, names(folder)) == (str(packed), set())
    assert "tokenizer.json" in problem.message


def test_adapter(library: Library, tmp_path: Path) -> None:
    found = added(library, families.make(tmp_path / "lora.gguf", "qwen2", general_type="adapter"))
    assert (found.kind, found.architecture) == (ModelKind.ADAPTER, "qwen2")


def test_odd_names(library: Library, tmp_path: Path) -> None:
    odd = families.make(tmp_path / 'Què? "Model": 日本.gguf', "llama")
    found = added(library, odd)
    assert found.id == "qu-model"
    assert Path(found.path).name == "Què- -Model-- 日本.gguf"
    assert added(library, families.make(tmp_path / "日本.gguf", "qwen2")).id == "model"


def test_links_within_a_folder(library: Library, tmp_path: Path) -> None:
    """As the hub's cache has it: names that link to blobs, in a folder that is called by a hash."""
    made = converted.whisper(tmp_path / "made")
    snapshot = tmp_path / "models--Systran--faster-whisper-tiny" / "snapshots" / "abc123"
    (snapshot.parent.parent / "blobs").mkdir(parents=True)
    snapshot.mkdir(parents=True)
    for number, path in enumerate(sorted(made.iterdir())):
        blob = snapshot.parent.parent / "blobs" / f"blob{number}"
        path.rename(blob)
        (snapshot / path.name).symlink_to(f"../../blobs/{blob.name}")
    found = added(library, snapshot)
    assert (found.name, found.kind) == ("faster-whisper-tiny", ModelKind.SPEECH)
    assert not (Path(found.path) / "model.bin").is_symlink()
    assert add(library, tmp_path, link=True).already == (found,)


# --- in the catalogue --------------------------------------------------------------------------------------


def tiny(file: ModelFile) -> CatalogEntry:
    return entry(file, id="tiny-1b", name="Tiny 1B", languages=("en", "es"))


def test_known_by_its_hash(folder: Path, model: Path) -> None:
    known = tiny(ModelFile("whatever.gguf", "", model.stat().st_size, sha256(model)))
    found = added(Library(folder, [known]), model)
    assert (found.id, found.name, found.entry) == ("tiny-1b", "Tiny 1B", "tiny-1b")
    assert found.languages == ("en", "es")


def test_known_by_name_and_size(folder: Path, model: Path, tmp_path: Path) -> None:
    known = tiny(ModelFile(model.name, "", model.stat().st_size))
    assert added(Library(folder, [known]), model).entry == "tiny-1b"
    (tmp_path / "other").mkdir()
    other = families.make(tmp_path / "other" / model.name, "qwen2")
    assert added(Library(folder, [known]), other).entry == ""


def test_name_and_size_but_another_hash(folder: Path, model: Path) -> None:
    known = tiny(ModelFile(model.name, "", model.stat().st_size, "0" * 64))
    assert added(Library(folder, [known]), model).entry == ""


def test_import_download(folder: Path, model: Path) -> None:
    """What was downloaded is moved, under its id in the catalogue."""
    library = Library(folder, [tiny(ModelFile(model.name, "", 1))])
    place = folder / ".downloads" / model.name
    place.parent.mkdir(parents=True)
    model.rename(place)
    inode, sums = place.stat().st_ino, {place.name: sha256(place)}
    found = library.import_download(
        place, entry="tiny-1b", sums=sums, token=CancelToken(), report=lambda _: None
    )
    assert (found.id, found.name, found.sha256) == ("tiny-1b", "Tiny 1B", sums[place.name])
    assert Path(found.path).stat().st_ino == inode
    assert not place.exists()


def test_import_download_of_what_is_here(folder: Path, model: Path, tmp_path: Path) -> None:
    """Brought before the catalogue knew it: now it is known as what was downloaded."""
    library = Library(folder, [tiny(ModelFile("other.gguf", "", 1))])
    first = added(library, model)
    again = Path(shutil.copy(model, tmp_path / "again.gguf"))
    found = library.import_download(
        again, entry="tiny-1b", sums={}, token=CancelToken(), report=lambda _: None
    )
    assert (found.id, found.entry, found.name) == (first.id, "tiny-1b", "Tiny 1B")
    assert library.installed() == (found,)


def test_import_download_of_an_archive(folder: Path, tmp_path: Path) -> None:
    pair = replace(tiny(ModelFile("en_es.argosmodel", "", 1)), kind=ModelKind.TRANSLATION, name="Argos en es")
    library = Library(folder, [pair])
    converted.argos(tmp_path / "in" / "translate-en_es")
    packed = Path(shutil.make_archive(str(tmp_path / "p"), "zip", tmp_path / "in"))
    found = library.import_download(
        packed, entry=pair.id, sums={}, token=CancelToken(), report=lambda _: None
    )
    assert (found.name, found.entry, found.kind) == ("Argos en es", "tiny-1b", ModelKind.TRANSLATION)
    (tmp_path / "in" / "translate-en_es" / "sentencepiece.model").unlink()
    packed = Path(shutil.make_archive(str(tmp_path / "q"), "zip", tmp_path / "in"))
    with pytest.raises(ModelUnusable, match=r"sentencepiece\.model"):
        library.import_download(packed, entry=pair.id, sums={}, token=CancelToken(), report=lambda _: None)


def test_import_download_of_what_goes_along(folder: Path, tmp_path: Path) -> None:
    """A projector is of the same entry, and keeps its own name."""
    library = Library(folder, [tiny(ModelFile("m.gguf", "", 1))])
    projector = families.make(tmp_path / "mmproj-Tiny.gguf", "llama", general_type="mmproj")
    found = library.import_download(
        projector, entry="tiny-1b", sums={}, token=CancelToken(), report=lambda _: None
    )
    assert (found.name, found.entry, found.kind) == ("mmproj-Tiny", "tiny-1b", ModelKind.PROJECTOR)


def test_shape(folder: Path, library: Library, model: Path, tmp_path: Path) -> None:
    """It is kept, and seen anew by another version of the program."""
    found = added(library, model)
    assert found.shape == model_shape.shape(gguf.read(model))
    path = folder / found.id / "model.json"
    content = path.read_text()
    path.write_text(content.replace('"layers": 2', '"layers": 3'))
    (kept,) = Library(folder).installed()
    assert kept.shape is not None
    assert kept.shape.layers == 3
    older = content.replace(f'"shaped_by": "{__version__}"', '"shaped_by": "0"')
    path.write_text(older.replace('"layers": 2', '"layers": 3'))
    assert Library(folder).installed() == (found,)
    assert path.read_text() == content
    assert added(library, converted.whisper(tmp_path / "w")).shape is None


# --- links -------------------------------------------------------------------------------------------------


def test_link(library: Library, folder: Path, model: Path) -> None:
    found = added(library, model, link=True)
    assert (found.path, found.linked, found.sha256) == (str(model), True, "")
    assert add(library, model, link=True).already == (found,)
    assert Library(folder).installed() == (found,)
    model.rename(model.with_name("away.gguf"))
    assert library.installed()[0].missing
    assert str(model) in library.installed()[0].note
    model.with_name("away.gguf").rename(model)
    assert not library.installed()[0].missing
    model.write_bytes(model.read_bytes() + b"\0")
    assert "changed" in library.installed()[0].note


def test_a_copy_of_what_is_linked(library: Library, tmp_path: Path, model: Path) -> None:
    linked = added(library, model, link=True)
    copied = Path(shutil.copy(model, tmp_path / "copy.gguf"))
    assert [each.id for each in add(library, copied).already] == [linked.id]
    assert library.installed()[0].sha256 == sha256(model)  # it had to be known for that


def test_a_missing_one_comes_back(library: Library, tmp_path: Path, model: Path) -> None:
    first = added(library, model)
    Path(first.path).unlink()
    assert library.installed()[0].missing
    again = added(library, model)
    assert again.id == first.id
    assert [each.missing for each in library.installed()] == [False]

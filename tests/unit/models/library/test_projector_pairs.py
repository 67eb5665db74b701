from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant import __version__
from assistant.errors import UserInputError
from assistant.jobs import CancelToken
from assistant.models.library.library import Library
from assistant.models.library.records import Installed
from tests.made_models import families
from tests.made_models.gguf_writer import GgufWriter
from tests.made_models.records import entry
from tests.unit.models.library.adding import add, added, names, verify

WIDTH = families.TinyShape().embedding


LAST_STEPS = {
    "mlp": ("mm.2.weight", (WIDTH, 32)),
    "resampler": ("resampler.proj.weight", (32, WIDTH)),
    "gemma3": ("mm.input_projection.weight", (32, WIDTH)),
    "qwen2.5vl_merger": ("mm.2.bias", (WIDTH,)),
}


def projector(path: Path, name: str = "", kind: str = "mlp", times: int = 1, sees: bool = True) -> Path:
    """The header of one. Without a name it is as old converters made them: its tensor tells the width.

    Args:
        times: so many times as wide as the chat models are.
    """
    writer = GgufWriter("clip", name or "vit-large")
    if name:
        writer.add("general.type", "mmproj")
    writer.add("clip.has_vision_encoder", sees)
    writer.add("clip.has_audio_encoder", not sees)
    writer.add("clip.projector_type", kind)
    writer.add("clip.vision.projection_dim", 768)
    tensor, shape = LAST_STEPS[kind]
    writer.tensor(tensor, np.zeros([times * each if each == WIDTH else each for each in shape]), "f16")
    path.parent.mkdir(parents=True, exist_ok=True)
    writer.write(path)
    return path


def model(path: Path, name: str, family: str = "llama", **changes: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return families.make(path, family, name=name, **changes)


def eyes(library: Library, model: Installed) -> str:
    """What the projector of a model is called; "" for none."""
    found = library.projector_of(Path(model.path))
    return found.name if found else ""


def test_a_model_and_its_projector_are_told_by_one_name(library: Library, tmp_path: Path) -> None:
    first = added(library, model(tmp_path / "a" / "SmolVLM-500M-Instruct-Q8_0.gguf", "SmolVLM 500M Instruct"))
    second = added(library, model(tmp_path / "b" / "smolvlm2.gguf", "SmolVLM2 500M Video Instruct"))
    assert eyes(library, first) == ""
    added(library, projector(tmp_path / "c" / "mmproj-SmolVLM-500M-Instruct-f16.gguf"))
    assert eyes(library, first) == "mmproj-SmolVLM-500M-Instruct-f16.gguf"
    assert eyes(library, second) == ""
    added(library, projector(tmp_path / "d" / "mmproj-F16.gguf", "Smolvlm2 500M Video Instruct"))
    assert eyes(library, second) == "mmproj-F16.gguf"
    assert eyes(library, first) == "mmproj-SmolVLM-500M-Instruct-f16.gguf"


def test_what_lies_in_one_folder_belongs_together(library: Library, folder: Path, tmp_path: Path) -> None:
    """Files that are called like everybody's, as the makers of MiniCPM call theirs."""
    came = tmp_path / "MiniCPM"
    projector(came / "mmproj-model-f16.gguf", kind="resampler")
    model(came / "ggml-model-Q4_K_M.gguf", "Model")
    stranger = added(library, model(tmp_path / "other" / "Llama-3-8B-Instruct.gguf", "Llama 3 8B Instruct"))
    first, second = add(library, came).models
    seeing = first if first.shape else second
    assert eyes(library, seeing) == "mmproj-model-f16.gguf"
    assert eyes(library, stranger) == ""
    assert eyes(Library(folder), seeing) == "mmproj-model-f16.gguf"


def test_what_was_downloaded_as_one_is_one(folder: Path, tmp_path: Path) -> None:
    """Projectors of a series are all called alike."""
    names = ("tiny-1b", "tiny-2b")
    library = Library(folder, [entry(id=name, name=name) for name in names])

    def downloaded(path: Path, name: str) -> str:
        token = CancelToken()
        return library.import_download(path, entry=name, sums={}, token=token, report=lambda _: None).id

    pairs = {}
    for number, name in enumerate(names):
        chat = model(tmp_path / name / f"{name}.gguf", name, context_length=64 + number)
        seeing = projector(tmp_path / name / "eyes" / "mmproj-F16.gguf")
        seeing.write_bytes(seeing.read_bytes() + bytes(number))  # another one
        pairs[downloaded(chat, name)] = downloaded(seeing, name)
    assert library.pairs() == pairs
    assert len(set(pairs.values())) == 2


def test_what_another_version_saw_is_looked_at_anew(library: Library, folder: Path, tmp_path: Path) -> None:
    eye = added(library, projector(tmp_path / "mmproj-Tiny-VL.gguf", "Tiny VL"))
    file = folder / eye.id / "model.json"
    told = file.read_text()
    assert f'"shaped_by": "{__version__}"' in told
    file.write_text(told.replace(f'"shaped_by": "{__version__}"', '"shaped_by": "0"'))
    assert Library(folder).installed() == (eye,)


def test_names_that_contradict_do_not_belong_together(library: Library, tmp_path: Path) -> None:
    """A folder of downloads holds many."""
    chat = model(tmp_path / "Llama-3-8B-Instruct.gguf", "Llama 3 8B Instruct")
    projector(tmp_path / "mmproj-Tiny-VL-f16.gguf")
    assert eyes(library, added(library, chat)) == ""
    add(library, tmp_path)
    assert library.pairs() == {}


def test_another_width_never_fits(library: Library, tmp_path: Path) -> None:
    came = tmp_path / "one"
    chat = model(came / "Tiny-VL.gguf", "Tiny VL")
    for kind in ("mlp", "resampler"):
        projector(came / f"mmproj-Tiny-VL-{kind}.gguf", kind=kind, times=2)
    first, *_ = [each for each in add(library, came).models if each.path.endswith(chat.name)]
    assert eyes(library, first) == ""


def test_an_architecture_that_has_one_kind_of_projectors_needs_no_name(
    library: Library, tmp_path: Path
) -> None:
    gemma = added(library, model(tmp_path / "a" / "my-tune.gguf", "My tune", family="gemma3"))
    llama = added(library, model(tmp_path / "b" / "another.gguf", "Another tune"))
    eye = added(library, projector(tmp_path / "c" / "mmproj-model-f16.gguf", kind="gemma3"))
    assert eye.projector is not None
    assert eyes(library, gemma) == eye.path.rpartition("/")[2]
    assert eyes(library, llama) == ""
    added(library, projector(tmp_path / "d" / "mmproj-my-tune.gguf", kind="qwen2.5vl_merger"))
    assert eyes(library, gemma) == "mmproj-model-f16.gguf"  # its own name, but another family's


def test_what_only_hears_is_not_taken(library: Library, tmp_path: Path) -> None:
    done = add(library, projector(tmp_path / "mmproj-voice.gguf", sees=False))
    assert [problem.reason for _, problem in done.refused] == ["projector-hears"]


def test_a_model_outside_of_the_library_sees_with_what_lies_beside_it(
    library: Library, tmp_path: Path
) -> None:
    chat = model(tmp_path / "Tiny-VL-Q8_0.gguf", "Tiny VL")
    (tmp_path / "mmproj-broken.gguf").write_bytes(b"GGUF")
    assert library.projector_of(chat) is None
    eye = projector(tmp_path / "mmproj-Tiny-VL-f16.gguf")
    assert library.projector_of(chat) == eye
    assert library.projector_of(tmp_path / "nothing.gguf") is None
    library.add([chat], link=True).result(60)  # its file stays where it is
    assert library.projector_of(chat) == eye


def test_a_projector_goes_with_the_last_model_that_sees_with_it(library: Library, tmp_path: Path) -> None:
    first = added(library, model(tmp_path / "a" / "Tiny-VL-Q8_0.gguf", "Tiny VL"))
    second = added(library, model(tmp_path / "b" / "Tiny-VL-Q4_K_M.gguf", "Tiny VL", context_length=64))
    eye = added(library, projector(tmp_path / "c" / "mmproj-Tiny-VL-f16.gguf"))
    assert [each.model.id for each in verify(library, first.id)] == [first.id, eye.id]
    library.remove(first.id)
    assert eye in library.installed()
    library.remove(second.id)
    assert library.installed() == ()
    library.undo_remove(second.id)
    assert set(library.installed()) == {second, eye}
    library.remove(eye.id)
    assert library.installed() == (second,)
    with pytest.raises(UserInputError):
        library.undo_remove(first.id + "-not")


def test_a_projector_goes_along_to_another_computer(library: Library, tmp_path: Path) -> None:
    came = tmp_path / "MiniCPM"
    projector(came / "mmproj-model-f16.gguf", kind="resampler")
    model(came / "ggml-model-Q4_K_M.gguf", "Model")
    chat, *_ = [each for each in add(library, came).models if each.shape]
    library.export_to(tmp_path / "stick", [chat.id]).result(60)
    assert len(names(tmp_path / "stick" / "models")) == 2
    there = Library(tmp_path / "there")
    there.import_from(tmp_path / "stick").result(60)
    carried, *_ = [each for each in there.installed() if each.shape]
    assert eyes(there, carried) == "mmproj-model-f16.gguf"

from __future__ import annotations

from pathlib import Path

from assistant.models.files.model_paths import sort_out


def test_models_and_documents_given_together_are_told_apart(tmp_path: Path) -> None:
    for name in ("report.pdf", "Tiny.GGUF", "en_es.argosmodel", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "blob").write_bytes(b"GGUF\x03\0\0\0")
    names = ["report.pdf", "Tiny.GGUF", "en_es.argosmodel", "blob", "notes.txt", "gone.pdf"]
    found = sort_out([str(tmp_path / name) for name in names])
    assert [Path(path).name for path in found.models] == ["Tiny.GGUF", "en_es.argosmodel", "blob"]
    assert [Path(path).name for path in found.others] == ["report.pdf", "notes.txt", "gone.pdf"]


def test_a_model_in_parts_is_one(tmp_path: Path) -> None:
    parts = [str(tmp_path / f"big-0000{number}-of-00003.gguf") for number in (2, 1, 3)]
    found = sort_out(sorted(parts))
    assert found.models == (str(tmp_path / "big-00001-of-00003.gguf"),)
    assert found.others == ()


def test_a_folder_is_a_model_if_it_holds_nothing_to_read(tmp_path: Path) -> None:
    speech = tmp_path / "whisper"
    alone, mixed, papers = tmp_path / "alone", tmp_path / "mixed", tmp_path / "papers"
    for folder in (speech, alone, mixed, papers):
        folder.mkdir()
    (speech / "model.bin").write_bytes(b"not really")
    for folder in (alone, mixed):
        (folder / "m-00001-of-00002.gguf").write_bytes(b"GGUF")
        (folder / "m-00002-of-00002.gguf").write_bytes(b"GGUF")
        (folder / "README.md").write_text("A card.")
    (mixed / "report.pdf").write_bytes(b"%PDF")
    (papers / "notes.txt").write_text("Notes.")
    found = sort_out([str(each) for each in (speech, alone, mixed, papers)])
    assert found.models == (str(speech), str(alone / "m-00001-of-00002.gguf"))
    assert found.others == (str(mixed), str(papers))

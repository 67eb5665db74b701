from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from assistant.errors import Cancelled
from assistant.jobs import CancelToken, Progress
from assistant.models.files import discovery, ollama
from assistant.models.files.discovery import SearchPlace, places
from assistant.models.files.records import DiscoveredModel, ModelKind
from assistant.models.library.library import Library
from tests.made_models import converted, families


def discover(*looked_at: SearchPlace, seconds: float = 60) -> tuple[DiscoveredModel, ...]:
    return discovery.discover(looked_at, CancelToken(), lambda _: None, seconds)


def make(path: Path, family: str = "llama") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return families.make(path, family)


def ollama_model(root: Path, name: str, tag: str, *, maker: str = "library", family: str = "llama") -> Path:
    """As Ollama stores a model: a manifest with its name, and a blob with its bytes."""
    made = make(root / "new.gguf", family)
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    blob = root / "blobs" / f"sha256-{digest}"
    blob.parent.mkdir(exist_ok=True)
    made.rename(blob)
    manifest = root / "manifests" / "registry.ollama.ai" / maker / name / tag
    manifest.parent.mkdir(parents=True, exist_ok=True)
    layers = [
        {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}", "size": 1},
        {"mediaType": "application/vnd.ollama.image.license", "digest": "sha256:" + "0" * 64, "size": 1},
    ]
    manifest.write_text(json.dumps({"schemaVersion": 2, "layers": layers}))
    return blob


def hub_model(root: Path, repository: str, made: Path) -> Path:
    """As the hub's cache stores a folder: a snapshot of links to blobs."""
    home = root / ("models--" + repository.replace("/", "--"))
    snapshot = home / "snapshots" / "0a1b2c"
    (home / "blobs").mkdir(parents=True)
    for path in sorted(each for each in made.rglob("*") if each.is_file()):
        blob = home / "blobs" / hashlib.sha256(path.read_bytes()).hexdigest()
        link = snapshot / path.relative_to(made)
        link.parent.mkdir(parents=True, exist_ok=True)
        path.rename(blob)
        link.symlink_to(Path("../" * len(link.relative_to(home).parent.parts), "blobs", blob.name))
    return snapshot


# --- what is found -----------------------------------------------------------------------------------------


def test_plain_folders(tmp_path: Path) -> None:
    path = make(tmp_path / "publisher" / "model" / "Tiny-Q4_K_M.gguf")
    (tmp_path / "half.gguf.part").write_bytes(b"GGUF")
    (tmp_path / "broken.gguf").write_bytes(b"GGUF")
    size = path.stat().st_size
    assert discover(SearchPlace("LM Studio", tmp_path)) == (
        DiscoveredModel(str(path), "Tiny llama", ModelKind.CHAT, size, "LM Studio"),
    )


def test_ollama(tmp_path: Path) -> None:
    blob = ollama_model(tmp_path, "llama3.2", "1b")
    other = ollama_model(tmp_path, "tiny", "latest", maker="somebody", family="qwen2")
    (tmp_path / "manifests" / "registry.ollama.ai" / "library" / "broken").mkdir()
    (tmp_path / "manifests" / "registry.ollama.ai" / "library" / "broken" / "x").write_bytes(b"{")
    found = discover(SearchPlace("Ollama", tmp_path, blobs=True))
    assert [(each.name, each.path) for each in found] == [
        ("llama3.2:1b", str(blob)), ("somebody/tiny:latest", str(other)),
    ]  # fmt: skip
    assert ollama.name_of(blob) == "llama3.2:1b"
    assert ollama.name_of(tmp_path / "x.gguf") == ""


@pytest.mark.parametrize("digest", ["sha256:../../../../etc/passwd", "sha256:/etc/passwd", "md5:1", "", 7])
def test_ollama_manifest_that_leads_out(tmp_path: Path, digest: object) -> None:
    path = tmp_path / "manifests" / "a" / "b" / "c" / "d"
    path.parent.mkdir(parents=True)
    layer = {"mediaType": "application/vnd.ollama.image.model", "digest": digest}
    path.write_text(json.dumps({"layers": [layer]}))
    assert list(ollama.models(tmp_path)) == []


def test_hub(tmp_path: Path) -> None:
    speech = hub_model(tmp_path / "hub", "Systran/faster-whisper-tiny", converted.whisper(tmp_path / "w"))
    sentences = hub_model(tmp_path / "hub", "sentence-transformers/mini", converted.embedder(tmp_path / "e"))
    (tmp_path / "g").mkdir()
    make(tmp_path / "g" / "Tiny-Q8_0.gguf")
    chat = hub_model(tmp_path / "hub", "somebody/Tiny-GGUF", tmp_path / "g")
    found = {each.name: each for each in discover(SearchPlace("Hugging Face", tmp_path / "hub"))}
    assert {name: (each.kind, each.path) for name, each in found.items()} == {
        "faster-whisper-tiny": (ModelKind.SPEECH, str(speech)),
        "mini": (ModelKind.EMBEDDING, str(sentences)),
        "Tiny llama": (ModelKind.CHAT, str(chat / "Tiny-Q8_0.gguf")),
    }


def test_argos(tmp_path: Path) -> None:
    converted.argos(tmp_path / "translate-en_es-1_9")
    assert [each.name for each in discover(SearchPlace("Argos Translate", tmp_path))] == ["English → Spanish"]


def test_once_whatever_its_names(tmp_path: Path) -> None:
    path = make(tmp_path / "a" / "m.gguf")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "link.gguf").symlink_to(path)
    (tmp_path / "b" / "hard.gguf").hardlink_to(path)
    (tmp_path / "b" / "loop").symlink_to(tmp_path, target_is_directory=True)
    found = discover(SearchPlace("A", tmp_path / "a"), SearchPlace("B", tmp_path / "b"))
    assert [(each.name, each.where) for each in found] == [("Tiny llama", "A")]


def test_limits(tmp_path: Path) -> None:
    make(tmp_path / "/".join("deepdeepd") / "deep.gguf")
    make(tmp_path / "near.gguf")
    assert [each.name for each in discover(SearchPlace("A", tmp_path))] == ["Tiny llama"]
    assert len(discover(SearchPlace("A", tmp_path), seconds=0)) <= 1
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        discovery.discover([SearchPlace("A", tmp_path)], stopped, lambda _: None)


def test_folders_that_cannot_be_read(tmp_path: Path) -> None:
    make(tmp_path / "m.gguf")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "file").write_bytes(b"x")
    assert (
        len(
            discover(
                SearchPlace("A", tmp_path / "none"),
                SearchPlace("A", tmp_path / "file"),
                SearchPlace("A", tmp_path),
            )
        )
        == 1
    )


# --- where is looked ---------------------------------------------------------------------------------------


def where(home: Path, platform: str, **env: str) -> dict[str, set[str]]:
    """Folders relative to the home, by whose they are."""
    found: dict[str, set[str]] = {}
    for place in places(home / "own", platform=platform, home=home, env=env):
        found.setdefault(place.where, set()).add(place.path.relative_to(home).as_posix())
    return found


@pytest.mark.parametrize(
    ("platform", "folders"),
    [
        (
            "linux",
            {
                "Ollama": ".ollama/models",
                "LM Studio": ".lmstudio/models",
                "GPT4All": ".local/share/nomic.ai/GPT4All",
                "Jan": ".local/share/Jan/data/llamacpp/models",
                "llama.cpp": ".cache/llama.cpp",
                "Hugging Face": ".cache/huggingface/hub",
                "Buzz": ".cache/Buzz/models",
                "Argos Translate": ".local/share/argos-translate/packages",
                "text-generation-webui": "text-generation-webui/user_data/models",
                "Downloads": "Downloads",
                "Offline Assistant": ".local/share/offline-assistant/models",
            },
        ),
        (
            "darwin",
            {
                "GPT4All": "Library/Application Support/nomic.ai/GPT4All",
                "Jan": "Library/Application Support/Jan/data/llamacpp/models",
                "llama.cpp": "Library/Caches/llama.cpp",
                "Buzz": "Library/Caches/Buzz/models",
                "LM Studio": ".lmstudio/models",
            },
        ),
        (
            "win32",
            {
                "GPT4All": "AppData/Local/nomic.ai/GPT4All",
                "Jan": "AppData/Roaming/Jan/data/llamacpp/models",
                "llama.cpp": "AppData/Local/llama.cpp",
                "Buzz": "AppData/Local/Buzz/Buzz/Cache/models",
                "Ollama": ".ollama/models",
            },
        ),
    ],
)
def test_places(tmp_path: Path, platform: str, folders: dict[str, str]) -> None:
    for folder in folders.values():
        (tmp_path / folder).mkdir(parents=True)
    assert where(tmp_path, platform) == {name: {folder} for name, folder in folders.items()}


def test_places_that_were_moved(tmp_path: Path) -> None:
    for name in ("o", "c", "h/hub", "lm/models"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / ".lmstudio-home-pointer").write_text(f"{tmp_path / 'lm'}\n")
    env = {"OLLAMA_MODELS": "o", "LLAMA_CACHE": "c", "HF_HOME": "h"}
    found = where(tmp_path, "linux", **{name: str(tmp_path / value) for name, value in env.items()})
    assert found == {
        "Ollama": {"o"},
        "llama.cpp": {"c"},
        "Hugging Face": {"h/hub"},
        "LM Studio": {"lm/models"},
    }


def test_its_own_folder_is_left_out(tmp_path: Path) -> None:
    own = tmp_path / ".local" / "share" / "offline-assistant" / "models"
    own.mkdir(parents=True)
    assert places(own, platform="linux", home=tmp_path, env={}) == []
    assert places(own / "library", platform="linux", home=tmp_path, env={}) == []
    assert len(places(tmp_path / "elsewhere", platform="linux", home=tmp_path, env={})) == 1


# --- from the library --------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a person, where nothing is yet."""
    home = tmp_path / "person"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "HF_HOME", "HF_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    return home


def test_found_and_used_in_place(tmp_path: Path, home: Path) -> None:
    blob = ollama_model(home / ".ollama" / "models", "llama3.2", "1b")
    make(home / "Downloads" / "Tiny.gguf", "qwen2")
    library = Library(tmp_path / "models")
    reports: list[Progress] = []
    found = library.discover(on_report=reports.append).result(60)
    assert {(each.name, each.where) for each in found} == {
        ("llama3.2:1b", "Ollama"),
        ("Tiny qwen2", "Downloads"),
    }
    assert {each.doing for each in reports} >= {"Looking at the models of Ollama"}
    (model,) = (
        library.add([each.path for each in found if each.where == "Ollama"], link=True).result(60).models
    )
    assert (model.name, model.path, model.linked, model.id) == ("llama3.2:1b", str(blob), True, "llama3.2-1b")
    assert [each.name for each in library.discover().result(60)] == ["Tiny qwen2"]
    blob.unlink()
    assert library.installed()[0].missing

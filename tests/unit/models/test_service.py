"""What is asked of models, with the real catalogue and library, and a computer that was measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import hardware, paths
from assistant.errors import DamagedStore, NoModel, UserInputError
from assistant.jobs import CancelToken
from assistant.models.files.records import ModelKind
from assistant.models.fit.records import MeasuredPace, Place, Probe, WhatIf
from assistant.models.library.bundle_export import BundleExtra
from assistant.models.library.records import Extras
from assistant.models.service import ModelsService
from tests.made_models import families, projectors

GB = 2**30
PACE = MeasuredPace(
    4, tuple((kind, 30e9) for kind in ("q4_K", "q6_K", "q8_0", "q4_0", "f16")), (("q4_K", 1e11),)
)


class NoBundleContents:
    def extras(self, wanted: Extras) -> tuple[BundleExtra, ...]:
        return ()

    def import_extra(self, name: str, folder: Path) -> None:
        raise AssertionError("nothing is carried here")


def probe(token: CancelToken) -> Probe:
    return Probe((), PACE, ())


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> ModelsService:
    """On a computer with 16 GB, of which 11 are free."""
    monkeypatch.setattr(hardware, "memory", lambda: (16 * GB, 11 * GB))
    return make(paths.resources() / "models.json")


def make(catalogue: Path) -> ModelsService:
    return ModelsService(
        paths.models_folder(),
        catalogue,
        paths.home(),
        probe=probe,
        workers=lambda: (),
        bundle_contents=NoBundleContents(),
        speed_limit=lambda: None,
    )


def best(models: ModelsService, what_if: WhatIf | None = None) -> str:
    return models.picks(what_if)[0].entry.id


def test_nothing_is_read_or_written_before_it_is_asked(models: ModelsService) -> None:
    assert not paths.models_folder().exists()
    assert make(Path("/nowhere")).computer().pace is None


def test_picks_are_of_what_the_program_can_use(models: ModelsService) -> None:
    models.look().result()
    picks = models.picks()
    assert {pick.entry.kind for pick in picks} == {ModelKind.CHAT, ModelKind.SPEECH, ModelKind.TRANSLATION}
    assert picks[0].fit is not None
    assert picks[0].fit.estimate.processor < 11 * GB
    assert {entry.kind for entry in models.entries} > {ModelKind.EMBEDDING, ModelKind.RERANKING}


def test_a_computer_can_be_imagined(models: ModelsService) -> None:
    models.look().result()
    here = {pick.entry.id: pick for pick in models.picks()}
    larger = {pick.entry.id: pick for pick in models.picks(WhatIf(memory=64 * GB))}
    with_card = {pick.entry.id: pick for pick in models.picks(WhatIf(device_memory=24 * GB))}
    assert not here["mixtral-8x7b"].fits
    assert larger["mixtral-8x7b"].fits
    fit = with_card["qwen3-14b"].fit
    assert fit is not None
    assert fit.place is Place.DEVICE
    longer = {pick.entry.id: pick for pick in models.picks(WhatIf(context=32768))}
    short, long = here["llama-3.2-3b"].fit, longer["llama-3.2-3b"].fit
    assert short is not None
    assert long is not None
    assert long.setting.context == 32768 > short.setting.context
    assert long.estimate.kv > short.estimate.kv
    tiny = models.picks(WhatIf(memory=2 * GB))
    assert not any(pick.fits for pick in tiny if pick.entry.parameters > 3e9)


def test_a_file_of_one_s_own(models: ModelsService, tmp_path: Path) -> None:
    path = families.make(tmp_path / "m.gguf", "llama", name="Tiny mlp")
    found = models.outlook(path)
    assert (found.fit.place, found.speed) == (Place.PROCESSOR, None)
    models.look().result()
    blind = found.fit.estimate
    eyes = projectors.make(path.with_name(f"mmproj-{path.name}"), "mlp")
    sees = models.outlook(path).fit.estimate
    assert sees.projector > eyes.stat().st_size
    assert sees.total == blind.total + sees.projector
    measured = models.outlook(path).speed
    assert measured is not None
    assert measured.writing > 100
    on_card = models.outlook(path, WhatIf(device_memory=8 * GB))
    assert (on_card.fit.place, on_card.speed) == (Place.DEVICE, None), "no card was measured"
    with pytest.raises(NoModel):
        models.outlook(tmp_path / "none.gguf")


def test_what_came_of_a_download_goes_on_or_is_thrown_away(models: ModelsService) -> None:
    assert models.unfinished() == ()
    entry = models.entry("llama-3.2-3b")
    parts = paths.models_folder() / "downloads" / entry.id / "parts"
    parts.mkdir(parents=True)
    (parts / f"{entry.files[0].name}.part").write_bytes(b"x" * 1000)
    (waiting,) = models.unfinished()
    assert (waiting.entry, waiting.done) == (entry, 1000)
    assert models.offer(entry.id).size == entry.size - 1000
    assert models.discard(entry.id) == waiting
    assert models.unfinished() == ()
    assert not parts.parent.exists()
    for unknown in (entry.id, "nothing-like-it"):
        with pytest.raises(UserInputError):
            models.discard(unknown)


def test_found_by_id_or_name(models: ModelsService, tmp_path: Path) -> None:
    (added,) = models.library.add([families.make(tmp_path / "My Own.gguf", "llama")]).result(60).models
    assert models.find(added.id) == models.find(added.name.upper()) == added
    assert models.find("another") is None
    assert models.entry("qwen3-0.6b").name == "Qwen3 0.6B"
    with pytest.raises(UserInputError):
        models.entry("none")


@pytest.mark.parametrize("spoil", [lambda text: "{", lambda text: text.replace('"id"', '"name"', 1)])
def test_a_damaged_catalogue_is_said(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    path = tmp_path / "models.json"
    path.write_text(spoil((paths.resources() / "models.json").read_text(encoding="utf-8")), encoding="utf-8")
    models = make(path)
    with pytest.raises(DamagedStore):
        models.picks()
    assert models.library.installed() == (), "what is here can be used all the same"

"""Who speaks, told by sherpa-onnx with two small trained models; and models that are not what they say."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.errors import AssistantError, Cancelled, ModelUnusable, UnreadableDocument
from assistant.speech.speakers.records import SpeakerModels, SpeakersSought, Turn
from assistant.speech.speakers.service import SpeakersService, available
from tests.made_models import onnx_writer

MADE = Path(__file__).parents[1] / "made_models" / "speakers"
MODELS = SpeakerModels(MADE / "segmentation.onnx", MADE / "embedding.onnx")
SECONDS = 120

pytestmark = [
    pytest.mark.skipif(not available(), reason="sherpa-onnx is not installed (the extra `speakers`)"),
    pytest.mark.keeps_children,
    # What is stopped while the library keeps Python from running costs the process.
    pytest.mark.allow_log("The speakers worker was restarted because a task did not stop"),
]


@pytest.fixture(scope="module")
def service() -> Iterator[SpeakersService]:
    service = SpeakersService()
    yield service
    service.close()


def rightly(name: str, turns: tuple[Turn, ...]) -> float:
    """Share of the time in which somebody speaks that is given to who speaks then."""
    truth = json.loads((MADE / f"{name}_voices.json").read_text())
    said = right = 0.0
    for turn in truth:
        said += turn["end"] - turn["start"]
        for found in turns:
            if found.speaker == turn["speaker"]:
                right += max(0.0, min(found.end, turn["end"]) - max(found.start, turn["start"]))
    return right / said


@pytest.mark.parametrize(("name", "speakers", "count"), [("two", 2, 0), ("two", 2, 2), ("three", 3, 0)])
def test_voices_that_speak_in_turn(service: SpeakersService, name: str, speakers: int, count: int) -> None:
    reports: list[SpeakersSought] = []
    turns = service.find(MADE / f"{name}_voices.ogg", MODELS, count, on_report=reports.append).result(SECONDS)
    assert len({turn.speaker for turn in turns}) == speakers
    assert list(turns) == sorted(turns, key=lambda turn: turn.start)
    assert rightly(name, turns) > 0.9
    assert reports[-1].total == pytest.approx(reports[-1].until, abs=0.1)


def test_a_voice_is_known_again_in_a_later_piece(service: SpeakersService, tmp_path: Path) -> None:
    """A recording goes to the library in pieces of two minutes."""
    samples, rate = soundfile.read(MADE / "two_voices.ogg", dtype="float32")
    again = 130 * rate
    longer = np.zeros(again + len(samples), np.float32)
    longer[: len(samples)] = longer[again:] = samples
    path = tmp_path / "long.wav"
    soundfile.write(path, longer, rate)
    turns = service.find(path, MODELS).result(SECONDS)
    assert {turn.speaker for turn in turns} == {0, 1}
    later = tuple(Turn(turn.start - 130, turn.end - 130, turn.speaker) for turn in turns if turn.start > 120)
    assert rightly("two", later) > 0.9


def test_stop_and_sound_that_holds_nobody(service: SpeakersService, tmp_path: Path) -> None:
    run = service.find(MADE / "two_voices.ogg", MODELS)
    run.cancel()
    with pytest.raises(Cancelled):
        run.result(SECONDS)
    silence = tmp_path / "silence.wav"
    soundfile.write(silence, np.zeros(32_000), 16_000)
    assert service.find(silence, MODELS).result(SECONDS) == ()
    no_sound = tmp_path / "text.wav"
    no_sound.write_text("no sound at all")
    with pytest.raises(UnreadableDocument):
        service.find(no_sound, MODELS).result(SECONDS)


# --- models that are not what they say ----------------------------------------------------------------

SEGMENTATION = {
    "sample_rate": 16_000,
    "window_size": 80_000,
    "receptive_field_size": 1024,
    "receptive_field_shift": 320,
    "num_speakers": 3,
    "powerset_max_classes": 1,
    "num_classes": 4,
}
EMBEDDING = {
    "framework": "wespeaker", "language": "English", "output_dim": 24, "sample_rate": 16_000,
    "normalize_samples": 1,
}  # fmt: skip


def without_graph(path: Path, about: dict[str, object]) -> Path:
    """States all that is wanted; the model itself is noise."""
    path.write_bytes(onnx_writer.piece(7, b"\x0a\x03abc") + onnx_writer.metadata(about))
    return path


def too_small(path: Path, about: dict[str, object], output: str) -> Path:
    """A graph that gives one value, whatever it is given and whatever it says it would give."""
    graph = onnx_writer.Graph()
    graph.node("ReduceMean", "mean", "sound", axes=[1, 2], keepdims=0)
    shape: list[int | str] = [1]
    graph.write(path, ("sound", [1, "a", "b"]), ("mean", shape), about)
    return path


@pytest.mark.parametrize(
    "wrong", ["segmentation-noise", "embedding-noise", "segmentation-small", "embedding-small"]
)
def test_one_clear_error_and_the_next_call_works(
    service: SpeakersService, tmp_path: Path, wrong: str
) -> None:
    kind, _, how = wrong.partition("-")
    about = dict(SEGMENTATION if kind == "segmentation" else EMBEDDING)
    path = tmp_path / f"{kind}.onnx"
    made = without_graph(path, about) if how == "noise" else too_small(path, about, kind)
    models = (
        SpeakerModels(made, MODELS.embedding)
        if kind == "segmentation"
        else SpeakerModels(MODELS.segmentation, made)
    )
    with pytest.raises(ModelUnusable) as caught:
        service.find(MADE / "two_voices.ogg", models).result(SECONDS)
    assert caught.value.hint
    assert service.find(MADE / "two_voices.ogg", MODELS).result(SECONDS)


def test_a_size_that_is_not_true_and_models_that_were_mixed_up(
    service: SpeakersService, tmp_path: Path
) -> None:
    lying = tmp_path / "lying.onnx"
    shutil.copy(MODELS.embedding, lying)
    with lying.open("ab") as file:
        file.write(onnx_writer.metadata({"output_dim": 8}))
    for models in (
        SpeakerModels(MODELS.segmentation, lying),
        SpeakerModels(MODELS.embedding, MODELS.segmentation),
    ):
        with pytest.raises(AssistantError) as caught:
            service.find(MADE / "two_voices.ogg", models).result(SECONDS)
        assert isinstance(caught.value, ModelUnusable)

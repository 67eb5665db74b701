"""Makes the two small models that tell who speaks, and the talks of two and three voices for tests.

    python -m tests.made_models.speakers.train

A few minutes on two cores; needs espeak-ng. `segmentation.onnx` hears, for each 20 ms, whether nobody
speaks, or a low, a middle or a high voice: as models for real speech do, it parts the voices within some
seconds. `embedding.onnx` describes a voice by its spectrum, in the directions in which voices differ most and
sentences least (linear discriminant analysis: Fisher 1936). Both are trained on voices of espeak-ng that do
not speak in the talks.
"""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.signal
import sherpa_onnx
import soundfile
import torch
from torch import nn
from torch.nn import functional

from tests.made_models.onnx_writer import Floats, Graph

HERE = Path(__file__).parent
RATE = 16_000
SENTENCES = (
    "The train to the coast leaves at nine from the second platform.",
    "She painted the old door green because nobody liked the brown.",
    "We counted seventeen boats in the harbour after the storm.",
    "Please put the letters on my desk before you go home.",
    "He grows beans and pumpkins in the garden behind the school.",
    "The museum is closed on Mondays, but the library is open.",
    "It rained all week, so the river is higher than usual.",
    "Nobody knows who left the lamp on in the kitchen.",
    "A quick walk around the lake takes about forty minutes.",
    "They sold the piano and bought two bicycles with the money.",
    "The baker opens at six and closes when the bread is gone.",
    "Our neighbours have a dog that is afraid of cats.",
)
VOICES = (
    "Andy", "antonio", "benjamin", "boris", "david", "ed", "edward", "Gene", "gustave", "Hugo", "iven",
    "Jacky", "john", "Lee", "linda", "marcelo", "Mario", "max", "Michael", "miguel", "mike", "pablo", "paul",
    "pedro", "quincy", "rob", "robert", "steph", "steph2", "travis", "victor", "m1", "m2", "m4", "m5", "m6",
    "m7", "f1", "f2", "f4", "f5", "Alicia", "Annie", "aunty", "anika", "belinda", "grandma", "grandpa",
    "klatt2", "klatt3",
)  # fmt: skip
PITCHES = (15, 45, 75)
TALKERS = {"two": (("m3", 30), ("f3", 75)), "three": (("m3", 20), ("Andrea", 50), ("f3", 85))}
"""Voices and pitches of the talks."""
TALKS = {
    "two": (
        (0, "Good morning. Did you sleep well in the new house?"),
        (1, "Yes, thank you. It is very quiet, and the bed is wide."),
        (0, "I am glad. Shall we have breakfast on the terrace?"),
        (1, "With pleasure. I would like some coffee and a boiled egg."),
        (0, "The coffee is ready. The eggs need three more minutes."),
        (1, "Then I will bring the plates and cut the bread."),
    ),
    "three": (
        (0, "The meeting begins with the report of last month."),
        (1, "Sales were higher than in March, mostly in the north."),
        (2, "I have a question about the costs of the new office."),
        (0, "The rent is lower, but we had to buy some furniture."),
        (2, "That is good to hear. When do we move?"),
        (1, "In the second week of June, if the lifts work by then."),
        (0, "Are there any other questions before we go on?"),
    ),
}

HOP, WIDTH = 320, 1024
WINDOW = 5 * RATE
FRAMES = (WINDOW - WIDTH) // HOP + 1
BANDS = np.geomspace(60, 2400, 48)
LOW, HIGH = 125.0, 185.0
"""Hertz between which a voice is a middle one."""
QUIET, SHIFT, SCALE = 1e-5, 8.0, 0.3
"""The power that counts as silence, and what brings its logarithm near 0 and 1."""
CHANNELS, STEPS = 24, 1000
WINDOWS, HELD_BACK = 500, 50


def spoken(voice: str, pitch: int, text: str, speed: int = 160) -> Floats:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        how = ["-v", f"en+{voice}", "-p", str(pitch), "-s", str(speed), "-w", str(path)]
        command = ["espeak-ng", *how, text]
        subprocess.run(command, check=True)
        samples, rate = soundfile.read(path, dtype="float32")
    said = scipy.signal.resample_poly(samples, RATE, rate).astype(np.float32)
    loud = np.flatnonzero(np.abs(said) > 0.01)
    return said[loud[0] : loud[-1] + 1] * np.float32(0.3 / np.abs(said).max())


# --- voices by their pitch: segmentation ----------------------------------------------------------------


def pitch_of(samples: Floats) -> float:
    """The median pitch, by autocorrelation."""
    found = []
    for start in range(0, len(samples) - WIDTH, WIDTH):
        frame = samples[start : start + WIDTH] * np.hanning(WIDTH)
        alike = np.fft.irfft(np.abs(np.fft.rfft(frame, 2 * WIDTH)) ** 2)[: RATE // 60]
        lag = RATE // 400 + int(np.argmax(alike[RATE // 400 :]))
        if alike[lag] > 0.5 * alike[0] > 1e-3:
            found.append(RATE / lag)
    return float(np.median(found)) if found else 0.0


def filters() -> Floats:
    """Pairs of waves, cosine and sine, of each band."""
    time = np.arange(WIDTH) / RATE
    waves = [wave(2 * np.pi * band * time) for band in BANDS for wave in (np.cos, np.sin)]
    return (np.array(waves) * np.hanning(WIDTH) / WIDTH * 8)[:, None].astype(np.float32)


def pairs() -> Floats:
    """Adds the powers of a band's two waves."""
    return np.repeat(np.eye(len(BANDS), dtype=np.float32), 2, axis=1)[:, :, None]


class Segmentation(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("filters", torch.from_numpy(filters()))
        self.register_buffer("pairs", torch.from_numpy(pairs()))
        self.first = nn.Conv1d(len(BANDS), CHANNELS, 9, padding=4)
        self.second = nn.Conv1d(CHANNELS, CHANNELS, 15, padding=7)
        self.third = nn.Conv1d(CHANNELS, 4, 15, padding=7)

    def bands(self, samples: torch.Tensor) -> torch.Tensor:
        """What never changes: the powers of the bands."""
        waves = functional.conv1d(samples[:, None], self.filters, stride=HOP)
        return (torch.log(functional.conv1d(waves * waves, self.pairs) + QUIET) + SHIFT) * SCALE

    def forward(self, bands: torch.Tensor) -> torch.Tensor:
        return self.third(functional.relu(self.second(functional.relu(self.first(bands)))))

    def write(self, path: Path) -> None:
        graph = Graph()
        graph.node("Conv", "waves", "samples", graph.weight("filters", filters()), strides=[HOP])
        graph.node("Mul", "powers", "waves", "waves")
        graph.node("Conv", "bands", "powers", graph.weight("pairs", pairs()))
        graph.node("Add", "above", "bands", graph.weight("least", np.array([QUIET], np.float32)))
        graph.node("Log", "log", "above")
        graph.node("Add", "shifted", "log", graph.weight("shift", np.array([SHIFT], np.float32)))
        before = graph.node("Mul", "scaled", "shifted", graph.weight("scale", np.array([SCALE], np.float32)))
        for name in ("first", "second", "third"):
            layer = getattr(self, name)
            padding = layer.padding[0]
            weight, bias = (each.detach().numpy() for each in (layer.weight, layer.bias))
            names = graph.weight(f"{name}.weight", weight), graph.weight(f"{name}.bias", bias)
            before = graph.node("Conv", name, before, *names, pads=[padding, padding])
            if name != "third":
                before = graph.node("Relu", f"{name}.positive", before)
        graph.node("Transpose", "classes", before, perm=[0, 2, 1])
        about = {
            "model_type": "pyannote-segmentation-3.0",
            "sample_rate": RATE,
            "window_size": WINDOW,
            "receptive_field_size": WIDTH,
            "receptive_field_shift": HOP,
            "num_speakers": 3,
            "powerset_max_classes": 1,
            "num_classes": 4,
        }
        graph.write(path, ("samples", [1, 1, WINDOW]), ("classes", [1, FRAMES, 4]), about)


Classes = npt.NDArray[np.int64]
Said = tuple[int, Floats]
"""The class of a voice, and what it says."""


def window(material: Sequence[Said], chance: random.Random) -> tuple[Floats, Classes]:
    """Voices in turn with silence between them, and the class of each frame."""
    samples, classes = np.zeros(WINDOW, np.float32), np.zeros(WINDOW, np.int64)
    at = chance.randrange(RATE)
    while at < WINDOW:
        kind, said = chance.choice(material)
        begin = chance.randrange(max(1, len(said) - RATE))
        cut = said[begin : begin + chance.randrange(RATE, 4 * RATE)][: WINDOW - at] * chance.uniform(0.3, 1.5)
        samples[at : at + len(cut)] = cut
        classes[at : at + len(cut)] = kind
        at += len(cut) + chance.randrange(200, RATE)
    samples += np.random.default_rng(chance.randrange(2**32)).normal(0, chance.uniform(0, 0.004), WINDOW)
    centres = np.arange(FRAMES) * HOP + WIDTH // 2
    return samples.astype(np.float32), classes[centres]


def train(material: Sequence[Said]) -> Segmentation:
    chance = random.Random(3)
    torch.manual_seed(3)
    torch.set_num_threads(1)
    model = Segmentation()
    drawn = [window(material, chance) for _ in range(WINDOWS)]
    bands = torch.cat([model.bands(torch.from_numpy(samples)[None]) for samples, _ in drawn])
    classes = torch.from_numpy(np.stack([each for _, each in drawn]))
    optimiser = torch.optim.Adam(model.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=STEPS)
    for step in range(STEPS):
        batch = torch.randint(WINDOWS - HELD_BACK, (12,))
        loss = functional.cross_entropy(model(bands[batch]), classes[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 100 == 99:
            held = slice(-HELD_BACK, None)
            right = (model(bands[held]).argmax(1) == classes[held]).float().mean().item()
            print(f"step {step + 1}: loss {loss.item():.3f}, right {right:.1%}", flush=True)
    return model


# --- voices by their spectrum: embedding ----------------------------------------------------------------


def write_embedding(path: Path, directions: Floats, centre: Floats) -> None:
    """Mean and spread of the features over time, seen along the directions.

    Args:
        directions: [features, dimensions]; identity to have the features themselves.
    """
    graph = Graph()
    graph.node("ReduceMean", "mean", "features", axes=[1], keepdims=1)
    graph.node("Sub", "around", "features", "mean")
    graph.node("Mul", "squares", "around", "around")
    graph.node("ReduceMean", "variance", "squares", axes=[1], keepdims=0)
    graph.node("Sqrt", "spread", "variance")
    graph.node("ReduceMean", "flat", "features", axes=[1], keepdims=0)
    graph.node("Concat", "both", "flat", "spread", axis=1)
    graph.node("Sub", "centred", "both", graph.weight("centre", centre))
    graph.node("MatMul", "embedding", "centred", graph.weight("directions", directions))
    about = {
        "framework": "3d-speaker",
        "language": "English",
        "output_dim": directions.shape[1],
        "sample_rate": RATE,
        "normalize_samples": 1,
        "feature_normalize_type": "",
    }
    size = [1, directions.shape[1]]
    graph.write(path, ("features", [1, "frames", 80]), ("embedding", size), about)


def embedded(model: Path, said: Sequence[Floats]) -> Floats:
    extractor = sherpa_onnx.SpeakerEmbeddingExtractor(sherpa_onnx.SpeakerEmbeddingExtractorConfig(str(model)))
    found = []
    for samples in said:
        stream = extractor.create_stream()
        stream.accept_waveform(RATE, samples)
        stream.input_finished()
        found.append(extractor.compute(stream))
    return np.array(found, np.float32)


def discriminants(features: Floats, voices: Classes, dimensions: int) -> tuple[Floats, Floats]:
    """The directions in which voices differ, by how much each differs within itself; and the centre."""
    centre = features.mean(0)
    means = np.stack([features[voices == voice].mean(0) for voice in np.unique(voices)])
    inner = np.stack([features[i] - means[voices[i]] for i in range(len(features))])
    within = inner.T @ inner / len(features)
    within += np.eye(len(within)) * 0.05 * np.trace(within) / len(within)
    values, vectors = np.linalg.eigh(within)
    white = vectors / np.sqrt(values)
    _, _, along = np.linalg.svd((means - centre) @ white, full_matrices=False)
    return (white @ along[:dimensions].T).astype(np.float32), centre.astype(np.float32)


# --- talks ----------------------------------------------------------------------------------------------


def write_talk(name: str) -> None:
    samples, turns, at = [np.zeros(RATE // 2, np.float32)], [], 0.5
    for speaker, text in TALKS[name]:
        voice, pitch = TALKERS[name][speaker]
        said = spoken(voice, pitch, text)
        end = round(at + len(said) / RATE, 3)
        turns.append({"start": round(at, 3), "end": end, "speaker": speaker, "text": text})
        samples += [said, np.zeros(RATE * 2 // 5, np.float32)]
        at += len(said) / RATE + 0.4
    soundfile.write(HERE / f"{name}_voices.ogg", np.concatenate(samples), RATE, subtype="VORBIS")
    (HERE / f"{name}_voices.json").write_text(json.dumps(turns, indent=1) + "\n")


def main() -> None:
    for name in TALKS:
        write_talk(name)
    utterances: list[tuple[int, float, Floats]] = []
    for number, (voice, pitch) in enumerate(itertools.product(VOICES, PITCHES)):
        chosen = random.Random(number).sample(SENTENCES, 5)
        joined = [spoken(voice, pitch, text, random.Random(text).randrange(130, 190)) for text in chosen]
        utterances += [(number, pitch_of(np.concatenate(joined)), each) for each in joined]
    print(len(utterances), "utterances")
    raw = HERE / "embedding.onnx"
    write_embedding(raw, np.eye(160, dtype=np.float32), np.zeros(160, np.float32))
    features = embedded(raw, [said for _, _, said in utterances])
    directions, centre = discriminants(features, np.array([voice for voice, _, _ in utterances]), 24)
    write_embedding(raw, directions, centre)
    material = [
        (1 if pitch < LOW else 2 if pitch < HIGH else 3, said)
        for _, pitch, said in utterances
        if pitch > 50 and min(abs(pitch - LOW), abs(pitch - HIGH)) > 8
    ]
    print([sum(kind == each for kind, _ in material) for each in (1, 2, 3)], "low, middle and high")
    train(material).write(HERE / "segmentation.onnx")


if __name__ == "__main__":
    main()

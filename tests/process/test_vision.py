"""The vision worker, a real process that recognises pictures of text."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from assistant import hardware, paths
from assistant.errors import Cancelled, ModelUnusable, UnreadableDocument, WorkerCrashed
from assistant.vision.records import RecognisedPicture, Recogniser, RecognitionOptions
from assistant.vision.service import VisionService
from assistant.workers.supervisor import Worker

PATIENCE = 120.0
LINES = ("Invoice 2041 of March 3", "Twelve chairs and one table", "Total 1,350.00 euros")
PLACE, STEP, SIZE = 60, 70, 36
_HOWEVER = (Recogniser.TESSERACT, Recogniser.RAPIDOCR)

pytestmark = [
    pytest.mark.skipif(
        not (paths.resources() / "tessdata" / "eng.traineddata").is_file(),
        reason="the language files are not here: see packaging/setup.py",
    ),
    pytest.mark.keeps_children,
]


@pytest.fixture(scope="module")
def service() -> Iterator[VisionService]:
    service = VisionService()
    yield service
    service.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pictures") / "page.png"
    drawn().save(file)
    return file


def drawn() -> Image.Image:
    image = Image.new("L", (800, 300), 255)
    for number, line in enumerate(LINES):
        at = (PLACE, PLACE + number * STEP)
        ImageDraw.Draw(image).text(at, line, fill=0, font=ImageFont.load_default(SIZE))
    return image


def read(service: VisionService, file: Path, recogniser: Recogniser = Recogniser.AUTO) -> RecognisedPicture:
    return service.recognise(file, RecognitionOptions(recogniser, ("en",))).result(PATIENCE)


@pytest.mark.parametrize("recogniser", _HOWEVER)
def test_printed_words_are_recognised_where_they_stand(
    service: VisionService, page: Path, recogniser: Recogniser
) -> None:
    found = read(service, page, recogniser)
    assert found.recogniser is recogniser
    assert [line.text for line in found.lines] == list(LINES)
    assert found.confidence > 0.8
    for number, line in enumerate(found.lines):
        x0, y0, _, y1 = line.words[0].box
        assert x0 == pytest.approx(PLACE, abs=10)
        assert y0 < PLACE + number * STEP + SIZE / 2 < y1
        assert [word.box[0] for word in line.words] == sorted(word.box[0] for word in line.words)


def test_a_picture_without_text_has_none(service: VisionService, tmp_path: Path) -> None:
    file = tmp_path / "blank.png"
    Image.new("L", (200, 100), 255).save(file)
    for recogniser in _HOWEVER:
        assert read(service, file, recogniser).lines == ()


def test_a_drawing_beside_the_words_is_no_word(service: VisionService, tmp_path: Path) -> None:
    file = tmp_path / "drawing.png"
    image = Image.new("L", (800, 700), 255)
    image.paste(drawn(), (0, 0))
    ImageDraw.Draw(image).rectangle((100, 350, 700, 360), fill=0)
    noise = np.random.default_rng(1).normal(128, 200, (250, 500)).clip(0, 255).astype(np.uint8)
    image.paste(Image.fromarray(noise), (150, 400))
    image.save(file)
    assert [line.text for line in read(service, file).lines] == list(LINES)


def test_what_is_no_picture_is_told(service: VisionService, tmp_path: Path) -> None:
    file = tmp_path / "torn.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + b"torn")
    with pytest.raises(UnreadableDocument):
        read(service, file)


def test_a_picture_is_prepared_for_a_message(service: VisionService, page: Path, tmp_path: Path) -> None:
    made = service.prepare(page, tmp_path / "kept" / "small.jpg", 400).result(PATIENCE)
    assert (made.width, made.height) == (400, 150)
    with Image.open(made.path) as image:
        assert (image.format, image.size) == ("JPEG", (400, 150))


def test_memory_is_given_back(service: VisionService, page: Path) -> None:
    read(service, page, Recogniser.RAPIDOCR)
    assert service.pid is not None
    before = hardware.resident(service.pid)[0]
    service.unload().result(PATIENCE)
    assert hardware.resident(service.pid)[0] < before - (30 << 20)


def test_a_language_file_that_was_brought_is_used(page: Path, tmp_path: Path) -> None:
    file = tmp_path / "brought" / "eng.traineddata"
    file.parent.mkdir()
    file.write_bytes(b"no language file")
    service = VisionService([str(file)])
    try:
        assert next(
            each for each in service.languages().result(PATIENCE) if each.language == "en"
        ).path == str(file)
        with pytest.raises(ModelUnusable):
            read(service, page, Recogniser.TESSERACT)
    finally:
        service.close()


@pytest.fixture
def hanging() -> Iterator[Worker]:
    worker = Worker("tests.process.engines:HangingVision", name="The vision worker")
    yield worker
    worker.stop()


@pytest.mark.allow_log("The vision worker ended early")
def test_a_picture_that_hangs_costs_the_process_and_the_next_one_goes_on(hanging: Worker) -> None:
    with pytest.raises(WorkerCrashed):
        hanging.submit("hang").result(PATIENCE)
    assert hanging.submit("languages").result(PATIENCE)


def test_who_stops_a_picture_does_not_wait_for_the_library(hanging: Worker) -> None:
    begun = threading.Event()
    run = hanging.submit("wait", on_report=lambda _: begun.set())
    assert begun.wait(PATIENCE)
    process = hanging.pid
    run.cancel()
    with pytest.raises(Cancelled):
        run.result(PATIENCE)
    hanging.submit("wait").result(PATIENCE)
    assert hanging.pid == process

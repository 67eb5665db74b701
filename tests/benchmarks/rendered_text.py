"""Pictures made from known text, and where each word stands in them: pages as a scanner would give them.

Text is laid out by Qt, which shapes Arabic, Devanagari and Thai as print does, in Noto fonts (Debian's
`fonts-noto-core` and `fonts-noto-cjk`). xquad's paragraphs are read where `../shared/data` has their
language, else articles of the Universal Declaration of Human Rights (`human_rights.json`).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QGuiApplication, QImage, QPainter, QTextLayout, QTextOption, QTransform

from assistant.file_reading.picture import Picture
from tests.boxes import Box

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "retrieval" / "beir-format"
LANGUAGES = ("en", "de", "es", "ru", "ar", "hi", "zh", "th", "el", "vi", "tr")
_FONTS = {
    "ar": ("Noto Naskh Arabic", "Noto Sans Arabic"),
    "hi": ("Noto Serif Devanagari", "Noto Sans Devanagari"),
    "th": ("Noto Serif Thai", "Noto Sans Thai"),
    "zh": ("Noto Serif CJK SC", "Noto Sans CJK SC"),
}
_POINTS = 11
_LENGTH = 1400
"""Characters on a page."""
_MARGIN = 20 / 25.4
"""Inches."""

Grey = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Page:
    """A picture, and what it says."""

    pixels: Grey
    dpi: int
    text: str
    words: tuple[tuple[str, Box], ...]
    """With the box of each one's ink; none where they no longer stand where they were drawn."""

    @property
    def picture(self) -> Picture:
        height, width = self.pixels.shape
        return Picture(width, height, 1, np.ascontiguousarray(self.pixels).tobytes(), self.dpi)


def page_text(language: str, number: int = 0) -> list[str]:
    """Paragraphs of about a third of a page; every number has others, or the first where there are none."""
    paragraphs = list(_paragraphs(language))
    first = list(paragraphs)
    for _ in range(number + 1):
        paragraphs = paragraphs or list(first)
        taken: list[str] = []
        while paragraphs and sum(map(len, taken)) < _LENGTH * (0.4 if language == "zh" else 1):
            taken.append(paragraphs.pop(0))
    return taken


def _paragraphs(language: str) -> Iterator[str]:
    corpus = DATA / f"xquad-{language}" / "corpus.jsonl"
    if corpus.is_file():
        texts = [json.loads(line)["text"] for line in corpus.read_text(encoding="utf-8").splitlines()]
    else:
        source = Path(__file__).with_name("human_rights.json").read_text(encoding="utf-8")
        texts = json.loads(source)[language]
    for text in texts:
        yield unicodedata.normalize("NFC", " ".join(text.split()))


def rendered(paragraphs: list[str], language: str, dpi: int, *, sans: bool = False) -> Page:
    """On A4, black on white, as high as it needs."""
    if QGuiApplication.instance() is None:
        QGuiApplication(["rendered_text", "-platform", "offscreen"])
    font = QFont(_FONTS.get(language, ("Noto Serif", "Noto Sans"))[sans])
    font.setPixelSize(round(_POINTS * dpi / 72))
    margin = round(_MARGIN * dpi)
    width = round(210 / 25.4 * dpi)
    layouts = [_laid_out(text, font, language, width - 2 * margin) for text in paragraphs]
    gap = font.pixelSize() * 0.7
    height = round(2 * margin + sum(layout.boundingRect().height() + gap for layout in layouts))
    image = QImage(width, height, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    top = float(margin)
    places = []
    for layout in layouts:
        layout.draw(painter, QPointF(margin, top))
        places.append(top)
        top += layout.boundingRect().height() + gap
    painter.end()
    pixels = grey(image)
    words = [
        word
        for layout, top in zip(layouts, places, strict=True)
        for word in _words(layout, margin, top, pixels)
    ]
    return Page(pixels, dpi, "\n".join(paragraphs), tuple(words))


def _laid_out(text: str, font: QFont, language: str, width: float) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    if language == "ar":
        option.setTextDirection(Qt.LayoutDirection.RightToLeft)
        option.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    layout.beginLayout()
    height = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height() * 1.1
    layout.endLayout()
    return layout


def _words(layout: QTextLayout, left: float, top: float, pixels: Grey) -> Iterator[tuple[str, Box]]:
    """Each word with the box around its ink; one that is broken over two lines is left out.

    Of Chinese, which writes none apart, each sign.
    """
    for found in re.finditer(r"[\u4e00-\u9fff]|[^\s\u3000-\uffff]+", layout.text()):
        word, start, end = found[0], found.start(), found.end()
        line = layout.lineForTextPosition(start)
        if end <= line.textStart() + line.textLength():
            edges = sorted((_x(line, start), _x(line, end)))
            area = line.rect()
            box = (left + edges[0], top + area.top(), left + edges[1], top + area.bottom())
            if (inked := ink_box(pixels, box)) is not None:
                yield word, inked


def _x(line: object, position: int) -> float:
    found = line.cursorToX(position)  # type: ignore[attr-defined]
    return float(found[0] if isinstance(found, tuple) else found)


def ink_box(pixels: Grey, box: Box) -> Box | None:
    x0, y0, x1, y1 = (round(value) for value in box)
    dark = pixels[max(y0, 0) : y1, max(x0, 0) : x1] < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if not len(rows):
        return None
    x, y = max(x0, 0), max(y0, 0)
    return (x + columns[0], y + rows[0], x + columns[-1] + 1, y + rows[-1] + 1)


def turned(page: Page, degrees: int) -> Page:
    """Turned clockwise by a multiple of 90°."""
    words = page.words
    height, width = page.pixels.shape
    for _ in range(degrees // 90):
        words = tuple((word, (height - y1, x0, height - y0, x1)) for word, (x0, y0, x1, y1) in words)
        height, width = width, height
    return replace(page, pixels=np.rot90(page.pixels, -(degrees // 90)).copy(), words=words)


def sloped(page: Page, degrees: float = 2) -> Page:
    """As a sheet that was laid on the glass askew; clockwise."""
    transform = QTransform().rotate(degrees)
    image = image_of(page.pixels).transformed(transform, Qt.TransformationMode.SmoothTransformation)
    outline = transform.mapRect(image_of(page.pixels).rect())
    larger = QImage(image.size(), QImage.Format.Format_Grayscale8)
    larger.fill(Qt.GlobalColor.white)
    painter = QPainter(larger)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.translate(-outline.left(), -outline.top())
    painter.setTransform(transform, combine=True)
    painter.drawImage(0, 0, image_of(page.pixels))
    painter.end()
    pixels = grey(larger)
    words = []
    for word, (x0, y0, x1, y1) in page.words:
        around = transform.mapRect(QRectF(x0, y0, x1 - x0, y1 - y0)).translated(-outline.topLeft())
        box = ink_box(pixels, (around.left(), around.top(), around.right(), around.bottom()))
        words += [(word, box)] if box else []
    return replace(page, pixels=pixels, words=tuple(words))


def noisy(page: Page, seed: int = 7) -> Page:
    """Grain of a sensor, and specks."""
    random = np.random.default_rng(seed)
    grain = page.pixels + random.normal(0, 30, page.pixels.shape)
    specks = random.random(page.pixels.shape)
    grain[specks < 0.005] = 0
    grain[specks > 0.995] = 255
    return replace(page, pixels=np.clip(grain, 0, 255).astype(np.uint8))


def pale(page: Page) -> Page:
    """Ink that is hardly darker than the paper, which is grey."""
    return replace(page, pixels=(145 + page.pixels * (45 / 255)).astype(np.uint8))


def compressed(page: Page, quality: int = 30) -> Page:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.ReadWrite)
    image_of(page.pixels).save(buffer, "JPG", quality)  # type: ignore[call-overload]
    image = QImage.fromData(buffer.data(), "JPG")  # type: ignore[call-overload]
    return replace(page, pixels=grey(image.convertToFormat(QImage.Format.Format_Grayscale8)))


def photographed(page: Page, seed: int = 7) -> Page:
    """By hand, under a lamp: seen askew, darker towards a corner, not quite sharp, a little grain."""
    height, width = page.pixels.shape
    transform = QTransform()
    source = [QPointF(0, 0), QPointF(width, 0), QPointF(width, height), QPointF(0, height)]
    target = [
        QPointF(0.04 * width, 0.03 * height),
        QPointF(0.97 * width, 0.0),
        QPointF(width, 0.98 * height),
        QPointF(0.0, 0.95 * height),
    ]
    transform = QTransform.quadToQuad(source, target)  # type: ignore[call-overload, assignment]
    seen = QImage(width, height, QImage.Format.Format_Grayscale8)
    seen.fill(Qt.GlobalColor.white)
    painter = QPainter(seen)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setTransform(transform)
    painter.drawImage(0, 0, image_of(page.pixels))
    painter.end()
    light = np.linspace(1.0, 0.55, width) * np.linspace(1.0, 0.75, height)[:, None]
    sharp = grey(seen).astype(np.float64)
    soft = (sharp + sum(np.roll(sharp, by, axis) for by in (1, -1) for axis in (0, 1))) / 5
    grain = np.random.default_rng(seed).normal(0, 8, sharp.shape)
    return replace(page, pixels=np.clip(soft * light + grain, 0, 255).astype(np.uint8), words=())


CONDITIONS: dict[str, Callable[[Page], Page]] = {
    "clean": lambda page: page,
    "90°": lambda page: turned(page, 90),
    "180°": lambda page: turned(page, 180),
    "270°": lambda page: turned(page, 270),
    "skew": sloped,
    "noise": noisy,
    "pale": pale,
    "jpeg": compressed,
    "photo": photographed,
}


def grey(image: QImage) -> Grey:
    """The pixels of a picture in shades of grey."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


def image_of(pixels: Grey) -> QImage:
    height, width = pixels.shape
    rows = np.ascontiguousarray(pixels)
    return QImage(rows.data, width, height, width, QImage.Format.Format_Grayscale8).copy()

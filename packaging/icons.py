"""The program's icon in the forms that systems want, drawn from resources/icons/offline-assistant.svg."""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SVG = Path(__file__).resolve().parent.parent / "resources" / "icons" / "offline-assistant.svg"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def write_png(path: Path, size: int) -> None:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(SVG.read_bytes())).render(painter)
    painter.end()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(path)):
        raise SystemExit(f"{path} could not be written. Look whether the disk is full.")


def write_for_system(path: Path) -> None:
    """By its name: `.ico` for Windows, `.icns` for macOS."""
    large = path.with_suffix(".png")
    write_png(large, 1024)
    with Image.open(large) as image:
        if path.suffix == ".ico":
            image.save(path, sizes=[(size, size) for size in SIZES if size <= 256])
        else:
            image.save(path)
    large.unlink()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("path", type=Path)
    write_for_system(arguments.parse_args().path)

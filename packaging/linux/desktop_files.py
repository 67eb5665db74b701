"""What a Linux desktop wants to know: the menu's entry, icons, kinds of files, a description."""

from __future__ import annotations

import shutil
from pathlib import Path

import icons

HERE = Path(__file__).resolve().parent
METAINFO = "offline-assistant.metainfo.xml"

MIME_TYPES = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/msword",
    "application/vnd.ms-powerpoint",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "application/rtf",
    "application/epub+zip",
    "application/json",
    "application/mbox",
    "application/vnd.ms-outlook",
    "message/rfc822",
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "text/markdown",
    "text/x-rst",
    "text/csv",
    "text/tab-separated-values",
    "image/png",
    "image/jpeg",
    "image/tiff",
    "image/webp",
    "image/heif",
    "image/bmp",
    "image/gif",
    "audio/x-wav",
    "audio/flac",
    "audio/ogg",
    "audio/mpeg",
    "audio/mp4",
    "video/mp4",
    "video/quicktime",
    "video/x-matroska",
    "video/webm",
    "application/x-gguf",
    "application/x-argosmodel",
)
"""Of what can be dropped on the window. It is offered under “Open with”; nobody's usual program changes."""


def write(share: Path, program: str = "offline-assistant-window") -> None:
    """Put them where `share` (such as /usr/share) has them; `program` is what the menu starts."""
    entry = (HERE / "offline-assistant.desktop").read_text("utf-8")
    entry = entry.replace("Exec=offline-assistant-window", f"Exec={program}")
    entry += f"MimeType={';'.join(MIME_TYPES)};\n"
    target = share / "applications" / "offline-assistant.desktop"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(entry, "utf-8")
    for source, folder in (("offline-assistant.xml", "mime/packages"), (METAINFO, "metainfo")):
        (share / folder).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE / source, share / folder / source)
    hicolor = share / "icons" / "hicolor"
    for size in icons.SIZES:
        icons.write_png(hicolor / f"{size}x{size}" / "apps" / "offline-assistant.png", size)
    scalable = hicolor / "scalable" / "apps"
    scalable.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(icons.SVG, scalable / "offline-assistant.svg")

"""Pictures inside documents: those that may show text are named with their part, and given as pixels."""

from __future__ import annotations

import base64
import io
import tracemalloc
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import pptx
import pytest
from PIL import Image, ImageDraw, ImageFont

from assistant import paths
from assistant.documents.formats import html_page
from assistant.documents.formats.mail import message
from assistant.documents.formats.open_document import Document, open_document
from assistant.documents.formats.shared import text_likeness
from assistant.documents.formats.shared.embedded_pictures import EmbeddedPicture, PartPictures
from assistant.documents.records import Outcome, Part, PartPicture
from assistant.errors import DocumentError, UnreadableDocument
from assistant.file_reading.picture import Picture
from tests.hostile_pictures import encoded
from tests.unit.documents.formats.make_office import (
    archive,
    docx,
    opendocument,
    paragraph,
    relationships,
    xlsx,
)
from tests.unit.documents.formats.make_pdf import Pdf


class Showing(Document, Protocol):
    def picture(self, part: int, number: int) -> Picture: ...


def with_text(width: int = 400, text: str = "The invoice of March was paid", size: int = 16) -> bytes:
    image = Image.new("RGB", (width, 60), "white")
    ImageDraw.Draw(image).text((10, 20), text, "black", ImageFont.load_default(size))
    return png(image)


def photograph() -> bytes:
    return png(Image.radial_gradient("L").resize((400, 300)))


def png(image: Image.Image) -> bytes:
    return encoded(image, "PNG")


TEXT, OTHER_TEXT, LOGO, PHOTO = with_text(), with_text(500), png(Image.new("L", (40, 12))), photograph()
_DRAWING = '<w:p><w:r><w:drawing><a:blip xmlns:a="a" r:embed="{}"/></w:drawing></w:r></w:p>'


def word(folder: Path) -> Path:
    body = paragraph("Before.") + "".join(_DRAWING.format(f"image{number}") for number in range(1, 6))
    old = '<w:p><w:pict><v:imagedata xmlns:v="v" r:id="image2"/></w:pict></w:p>'
    members = {f"word/{name}.png": content for name, content in pictures().items()}
    return docx(
        folder / "letter.docx",
        body + old + paragraph("After."),
        members,
        image1="logo.png", image2="text.png", image3="photo.png", image4="other.png", image5="http://x.y/z.png",
    )  # fmt: skip


def pictures() -> dict[str, str | bytes]:
    return {"logo": LOGO, "text": TEXT, "photo": PHOTO, "other": OTHER_TEXT}


def slides(folder: Path) -> Path:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    for content in (LOGO, TEXT, PHOTO, OTHER_TEXT):
        slide.shapes.add_picture(io.BytesIO(content), 0, 0)
    show.save(str(folder / "show.pptx"))
    return folder / "show.pptx"


def workbook(folder: Path) -> Path:
    names = list(pictures())
    drawing = "".join(f'<a:blip xmlns:a="a" xmlns:r="r" r:embed="image{at}"/>' for at in range(1, 5))
    more: dict[str, str | bytes] = {
        "xl/worksheets/_rels/sheet1.xml.rels": relationships(drawing="../drawings/drawing1.xml"),
        "xl/drawings/drawing1.xml": f"<wsDr>{drawing}</wsDr>",
        "xl/drawings/_rels/drawing1.xml.rels": relationships(
            **{f"image{at}": f"../media/{name}.png" for at, name in enumerate(names, start=1)}
        ),
        **{f"xl/media/{name}.png": content for name, content in pictures().items()},
    }
    return xlsx(folder / "book.xlsx", {"Costs": ""}, more)


def _frames(*names: str) -> str:
    return "".join(
        f'<draw:frame><draw:image xlink:href="Pictures/{name}.png"/></draw:frame>' for name in names
    )


def _packed() -> dict[str, str | bytes]:
    return {f"Pictures/{name}.png": content for name, content in pictures().items()}


def text(folder: Path) -> Path:
    body = f"<text:p>Before.</text:p><text:p>{_frames(*pictures())}</text:p>"
    return opendocument(folder / "letter.odt", "text", body, _packed())


def open_slides(folder: Path) -> Path:
    body = f'<draw:page draw:name="one">{_frames(*pictures())}</draw:page>'
    return opendocument(folder / "show.odp", "presentation", body, _packed())


def page(folder: Path) -> Path:
    images = "".join(
        f"<img alt='' src=\"data:image/png;base64,{base64.b64encode(content).decode()}\">"
        for content in (LOGO, TEXT, PHOTO, OTHER_TEXT)
    )
    path = folder / "page.html"
    path.write_text(f"<html><body><p>Before.</p>{images}<img src='http://x.y/z.png'></body></html>")
    return path


def book(folder: Path) -> Path:
    images = "".join(f"<img src='../Images/{name}.png'/>" for name in pictures())
    return archive(
        folder / "book.epub",
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfile full-path="o/b.opf"/></container>',
            "o/b.opf": '<package><manifest><item id="a" href="Text/a.xhtml" media-type="text/html"/>'
            '</manifest><spine><itemref idref="a"/></spine></package>',
            "o/Text/a.xhtml": f"<html><body>{images}</body></html>",
            **{f"o/Images/{name}.png": content for name, content in pictures().items()},
        },
    )


def opened(path: Path) -> tuple[Showing, list[Part]]:
    document = cast(Showing, open_document(path))
    parts = list(document.parts())
    return document, parts


def parts_of(path: Path) -> list[Part]:
    document, parts = opened(path)
    document.close()
    return parts


@pytest.mark.parametrize("made", [word, slides, workbook, text, open_slides, page, book])
def test_pictures_that_may_show_text_are_named_with_their_part(
    tmp_path: Path, made: Callable[[Path], Path]
) -> None:
    path = made(tmp_path)
    document, parts = opened(path)
    named = [(part.number, picture) for part in parts for picture in part.pictures]
    assert named == [(1, PartPicture(2, "picture 2")), (1, PartPicture(4, "picture 4"))]
    document.close()

    document = cast(Showing, open_document(path))  # the one that shows pictures has not read the parts
    assert [document.picture(1, number).width for number in (2, 4)] == [400, 500]
    for part, number in ((1, 0), (1, 9), (3, 1)):
        with pytest.raises(DocumentError):
            document.picture(part, number)
    document.close()


def test_a_part_whose_pictures_show_no_text_says_so(tmp_path: Path) -> None:
    show = pptx.Presentation()
    for content in (PHOTO, TEXT):
        show.slides.add_slide(show.slide_layouts[6]).shapes.add_picture(io.BytesIO(content), 0, 0)
    show.save(str(tmp_path / "show.pptx"))
    first, second = parts_of(tmp_path / "show.pptx")
    assert first.problem is not None
    assert (first.outcome, first.problem.reason, first.pictures) == (
        Outcome.EMPTY,
        "picture-without-text",
        (),
    )
    assert second.problem is not None
    assert (second.problem.reason, len(second.pictures)) == ("slide-without-text", 1)


def test_the_same_picture_on_every_slide_is_named_once(tmp_path: Path) -> None:
    show = pptx.Presentation()
    for _ in range(3):
        show.slides.add_slide(show.slide_layouts[6]).shapes.add_picture(io.BytesIO(TEXT), 0, 0)
    show.save(str(tmp_path / "show.pptx"))
    parts = parts_of(tmp_path / "show.pptx")
    assert [len(part.pictures) for part in parts] == [1, 0, 0]


def test_a_picture_that_is_shown_again_and_again_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = f'<img src="data:image/png;base64,{base64.b64encode(TEXT).decode()}">'
    (tmp_path / "page.html").write_text(f"<p>Words.</p>{shown * 300}", encoding="utf-8")
    looked: list[str] = []
    read = html_page._decoded
    monkeypatch.setattr(html_page, "_decoded", lambda packed: (looked.append(packed), read(packed))[1])
    (part,) = parts_of(tmp_path / "page.html")
    assert [each.number for each in part.pictures] == [1]
    assert len(looked) == 1


def mail_with(*attached: tuple[str, bytes]) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = "The contract"
    mail["From"] = "ann@example.org"
    mail.set_content("See what is attached.")
    for name, content in attached:
        kind = ("application", "pdf") if name.endswith("pdf") else ("image", "png")
        mail.add_attachment(content, maintype=kind[0], subtype=kind[1], filename=name)
    return mail


def scan() -> bytes:
    document = Pdf()
    document.page().text(50, 700, "The first page.")
    document.page(width=144, height=72).picture(0, 0, 144, 72)
    return document.bytes()


def test_pictures_and_scans_that_are_attached_to_a_mail(tmp_path: Path) -> None:
    inner = mail_with(("photo.png", PHOTO), ("shot.png", OTHER_TEXT))
    mail = mail_with(("logo.png", LOGO), ("shot.png", TEXT), ("scan.pdf", scan()))
    mail.add_attachment(inner)
    path = tmp_path / "mail.eml"
    path.write_bytes(mail.as_bytes())
    document, parts = opened(path)
    waiting = [(part.label, part.number) for part in parts if part.pictures]
    assert [label for label, _ in waiting] == ["shot.png", "scan.pdf, page 2", "The contract, shot.png"]
    assert all(part.pictures in ((), (PartPicture(1, "picture 1"),)) for part in parts)
    widths = [document.picture(number, 1).width for _, number in waiting]
    assert widths == [400, 400, 500]


def test_a_mail_that_is_closed_leaves_no_attachment_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(mail_with(("scan.pdf", scan())).as_bytes())
    document = cast(Showing, open_document(path))
    assert document.picture(3, 1).width
    document.close()
    assert list((paths.home() / "scratch").iterdir()) == []


def test_an_attached_document_stays_open_for_its_next_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Pdf()
    for _ in range(3):
        pages.page(width=144, height=72).picture(0, 0, 144, 72)
    path = tmp_path / "mail.eml"
    path.write_bytes(mail_with(("scan.pdf", pages.bytes())).as_bytes())
    document = cast(Showing, open_document(path))
    named = [part.number for part in document.parts() if part.pictures]
    opened: list[Path] = []
    monkeypatch.setattr(message, "open_document", lambda path: (opened.append(path), open_document(path))[1])
    assert [document.picture(number, 1).width for number in named] == [400, 400, 400]
    assert len(opened) == 1
    document.close()
    assert list((paths.home() / "scratch").iterdir()) == []


def test_pictures_in_a_mailbox_belong_to_their_message(tmp_path: Path) -> None:
    path = tmp_path / "box.mbox"
    messages = [mail_with(), mail_with(("shot.png", TEXT), ("scan.pdf", scan()))]
    path.write_bytes(
        b"".join(
            b"From ann@example.org Mon Jan  1 00:00:00 2024\n" + one.as_bytes() + b"\n\n" for one in messages
        )
    )
    assert [len(part.pictures) for part in parts_of(path)] == [0, 2]
    again = cast(Showing, open_document(path))
    assert [again.picture(2, number).height for number in (1, 2)] == [60, 200]


def mailbox(folder: Path, *attached: bytes) -> Path:
    path = folder / "box.mbox"
    with path.open("wb") as file:
        for content in attached:
            file.write(b"From ann@example.org Mon Jan  1 00:00:00 2024\n")
            file.write(mail_with(("shot.png", content)).as_bytes() + b"\n\n")
    return path


def test_a_picture_below_every_message_of_a_mailbox_is_named_once(tmp_path: Path) -> None:
    parts = parts_of(mailbox(tmp_path, TEXT, TEXT, OTHER_TEXT, TEXT))
    assert [len(part.pictures) for part in parts] == [1, 0, 1, 0]


def test_what_is_attached_to_the_messages_of_a_mailbox_is_not_all_in_memory(tmp_path: Path) -> None:
    size = 1_000_000
    path = mailbox(tmp_path, *(TEXT + bytes([number]) * size for number in range(9)))
    document = open_document(path)
    tracemalloc.start()
    try:
        assert sum(len(part.pictures) for part in document.parts()) == 9
        assert tracemalloc.get_traced_memory()[0] < 5 * size
    finally:
        tracemalloc.stop()


def test_a_document_is_read_once_for_the_pictures_of_its_parts_one_after_the_other() -> None:
    pictures, read = PartPictures(most=1), []

    def parts(first: int) -> Iterator[Part]:
        for number in range(first, 6):
            read.append(number)
            part = Part(number, "", Outcome.EMPTY)
            yield pictures.noted(part, [EmbeddedPicture.of_file(lambda: TEXT)])

    for number in (1, 2, 4, 5):
        pictures.picture(number, 1, parts)
    assert read == [1, 2, 3, 4, 5]
    pictures.picture(1, 1, parts)
    assert read[5:] == [1]


def test_a_reading_that_breaks_off_begins_anew_with_the_next_picture() -> None:
    pictures = PartPictures()
    damaged = {2}

    def parts(first: int) -> Iterator[Part]:
        for number in range(first, 4):
            if number in damaged:
                raise UnreadableDocument("file-damaged", name="x")
            part = Part(number, "", Outcome.EMPTY)
            yield pictures.noted(part, [EmbeddedPicture.of_file(lambda: TEXT)])

    pictures.picture(1, 1, parts)
    with pytest.raises(UnreadableDocument):
        pictures.picture(2, 1, parts)
    assert pictures.picture(3, 1, parts).height == 60


# --- text or no text ------------------------------------------------------------------------------------


def grey(image: Image.Image) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.asarray(image.convert("L"))


@pytest.mark.parametrize("size", [10, 16, 28])
@pytest.mark.parametrize(
    "colours", [("white", "black"), ("black", "white"), ("white", "#a0a0a0"), ("#204080", "#e0e060")]
)
def test_a_line_of_text_is_seen(colours: tuple[str, str], size: int) -> None:
    image = Image.new("RGB", (600, 400), colours[0])
    ImageDraw.Draw(image).text(
        (50, 200), "Payable within thirty days", colours[1], ImageFont.load_default(size)
    )
    assert text_likeness.may_show_text(grey(image))


def test_smooth_pictures_and_plain_shapes_show_no_text() -> None:
    logo = Image.new("L", (400, 400), 255)
    ImageDraw.Draw(logo).ellipse((50, 50, 350, 350), 60)
    for image in (
        Image.radial_gradient("L"),
        logo,
        Image.new("L", (8, 300)),
        Image.new("L", (300, 300), 255),
    ):
        assert not text_likeness.may_show_text(grey(image))
    noise = np.random.default_rng(1).normal(128, 30, (300, 300)).clip(0, 255).astype(np.uint8)
    assert not text_likeness.may_show_text(noise)

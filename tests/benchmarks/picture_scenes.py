"""Pictures in the chat in their states, for screenshots.py."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QImage,
    QLinearGradient,
    QPainter,
    QPixmap,
    QPolygonF,
)

from assistant.chat.history.records import StoredPicture
from assistant.chat.records import Role
from assistant.errors import UnreadableDocument
from tests.benchmarks.chat_scenes import begin
from tests.benchmarks.scene import Scene
from tests.gui.chat_doubles import model
from tests.told import told
from ui.chat.page import ChatPage
from ui.chat.screen_picture import ScreenFrame

RECEIPT = (
    "Green Grocer", "12 Mill Lane", "", "Potatoes 2 kg     3.20", "Goat cheese       6.90",
    "Thyme             2.30", "", "Total            12.40", "Cash             20.00",
    "Change            7.60",
)  # fmt: skip


def receipt() -> QImage:
    """A slip of paper on a table, as a telephone takes it."""
    image = QImage(900, 1200, QImage.Format.Format_RGB32)
    image.fill(QColor("#7a5c43"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(450, 600)
    painter.rotate(-4)
    painter.fillRect(QRect(-300, -510, 600, 1020), QColor("#fbfaf4"))
    painter.setPen(QColor("#222222"))
    font = QFont("monospace")
    font.setPixelSize(38)
    painter.setFont(font)
    for number, line in enumerate(RECEIPT):
        painter.drawText(-255, -400 + 82 * number, line)
    painter.end()
    return image


def hills() -> QImage:
    image = QImage(1600, 1000, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    sky = QLinearGradient(0, 0, 0, 700)
    sky.setColorAt(0, QColor("#5b8fc9"))
    sky.setColorAt(1, QColor("#f4e3c8"))
    painter.fillRect(image.rect(), sky)
    painter.setPen(Qt.PenStyle.NoPen)
    for color, points in (
        ("#8aa07f", ((0, 700), (400, 420), (900, 640), (1300, 480), (1600, 620), (1600, 1000), (0, 1000))),
        ("#4f6b4c", ((0, 820), (500, 650), (1000, 800), (1600, 700), (1600, 1000), (0, 1000))),
    ):
        painter.setBrush(QColor(color))
        painter.drawPolygon(QPolygonF([QPointF(*point) for point in points]))
    painter.end()
    return image


def chart() -> QImage:
    """A piece of a screen."""
    image = QImage(1200, 560, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    font = QFont()
    font.setPixelSize(30)
    painter.setFont(font)
    painter.drawText(60, 70, "Sales by quarter, 2023")
    for number, height in enumerate((180, 240, 150, 330)):
        place = QRectF(120 + 270 * number, 480 - height, 150, height)
        painter.fillRect(place, QColor("#2f6b5e"))
        painter.drawText(int(place.x()) + 55, 525, f"Q{number + 1}")
    painter.end()
    return image


def stored(scene: Scene, image: QImage, name: str, text: str | None = None) -> StoredPicture:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "picture.png"
        image.save(str(file))
        kept = scene.services.history.pictures.keep(file.read_bytes(), ".png")
    return StoredPicture(kept, name, image.width(), image.height(), text)


def three(scene: Scene) -> list[StoredPicture]:
    return [
        stored(scene, receipt(), "receipt.jpg", "\n".join(RECEIPT)),
        stored(scene, hills(), "hills.png", ""),
        stored(scene, chart(), "Screenshot", "Sales by quarter, 2023\nQ1 Q2 Q3 Q4"),
    ]


def begin_seeing(scene: Scene) -> ChatPage:
    scene.services.chat.queue["load"].append(model(sees=True, name="Qwen2.5-VL 3B"))
    return begin(scene)


def talk(scene: Scene, chat: ChatPage, *turns: tuple[str, list[StoredPicture], str], **meta: object) -> None:
    history = scene.services.history
    info = history.create()
    parent: int | None = None
    for question, pictures, answer in turns:
        seen = {"pictures": pictures} if pictures else {}
        parent = history.add_message(info.id, Role.USER, question, parent, **seen).id
        about = meta if pictures else {}
        parent = history.add_message(
            info.id,
            Role.ASSISTANT,
            answer,
            parent,
            model="Tiny 0.5B",
            **about,  # type: ignore[arg-type]
        ).id
    chat.conversation_actions.load()
    chat.conversation.open(info.id)
    scene.wait(lambda: chat.conversation.info is not None)
    scene.settle(700)


def writing(scene: Scene) -> None:
    """Three pictures wait to be sent to a model that sees."""
    chat = begin_seeing(scene)
    chat.pictures.show(three(scene))
    chat.composer.field.setPlainText("Which of these shows how much was spent?")
    scene.settle(600)


def not_seeing(scene: Scene) -> None:
    """One waits, and the model does not see."""
    chat = begin(scene)
    chat.pictures.show(three(scene)[:1])
    chat.composer.field.setPlainText("How much did I spend?")
    scene.settle(600)


def one(scene: Scene) -> None:
    chat = begin_seeing(scene)
    talk(scene, chat, ("How much did I spend?", three(scene)[:1], "You spent **12.40**, and got 7.60 back."))


def several(scene: Scene) -> None:
    chat = begin_seeing(scene)
    talk(
        scene,
        chat,
        ("Which of these shows how much was spent?", three(scene), "The first one: a receipt over 12.40."),
        ("", [stored(scene, chart(), "Screenshot")], "Sales were highest in the fourth quarter."),
    )


def long(scene: Scene) -> None:
    chat = begin_seeing(scene)
    turns = [
        (f"And what of day {number}?", [], f"On day {number} it rained, and nobody went out into the fields.")
        for number in range(1, 6)
    ]
    hill = stored(scene, hills(), "hills.png")
    talk(scene, chat, ("Where is this?", [hill], "Hills under an evening sky."), *turns)
    chat.transcript.show_message(chat.transcript.entries()[0].key)
    scene.settle(500)


def read(scene: Scene) -> None:
    """Its text alone was read, and stands in the panel beside it."""
    chat = begin(scene)
    picture = three(scene)[:1]
    answer = "You spent 12.40: 3.20 for potatoes, 6.90 for goat cheese and 2.30 for thyme."
    talk(scene, chat, ("How much did I spend?", picture, answer), read_only_text=True)
    chat._show_picture(picture, 0)
    scene.settle(700)


def recognising(scene: Scene) -> None:
    chat = begin(scene)
    scene.services.vision.held = threading.Event()
    unread = [stored(scene, receipt(), "receipt.jpg"), stored(scene, hills(), "hills.png")]
    chat.controller.send("How much did I spend?", tuple(unread))
    scene.wait(lambda: bool(scene.services.vision.recognised))
    scene.settle(600)
    scene.services.vision.held.set()


def unreadable(scene: Scene) -> None:
    chat = begin(scene)
    scene.services.vision.refusal = told(UnreadableDocument, "The picture is cut off.", "Copy it again.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "holiday.jpg"
        hills().save(str(file))
        chat.take([str(file)])
        scene.wait(lambda: bool(scene.window.notices.all()))
    scene.settle(500)


def of_screen(scene: Scene) -> None:
    """A frame is being drawn."""
    begin(scene)
    shot = QPixmap(scene.window.grab())
    frame = ScreenFrame(QGuiApplication.primaryScreen(), shot)
    frame.resize(scene.window.size())
    frame._frame = QRect(300, 200, 420, 260)
    scene.dialog = frame


SCENES: dict[str, Callable[[Scene], None]] = {
    "chat-pictures-writing": writing,
    "chat-pictures-not-seeing": not_seeing,
    "chat-pictures-one": one,
    "chat-pictures-several": several,
    "chat-pictures-long": long,
    "chat-pictures-read": read,
    "chat-pictures-recognising": recognising,
    "chat-pictures-unreadable": unreadable,
    "chat-pictures-screen": of_screen,
}

"""A window on a double of the services, and the events that a person makes."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.doubles import Services, document
from ui.common.theme import Theme
from ui.shell.opened_files import Application
from ui.window import Window

if TYPE_CHECKING:
    from assistant.services import Services as RealServices
    from tests.gui.speech_material import Material
    from ui.chat.page import ChatPage

NOT_WITHOUT_SCREEN = "does not support (propagateSizeHints|setting window masks|raise|grabbing the keyboard)"
NO_SOUND_SERVER = r"PulseAudioService: pa_context_connect\(\) failed"
COPY = Qt.DropAction.CopyAction


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What Qt says because of where the tests run.

    Its platform without a screen, each time a window has a smallest size or a shape, or a menu opens; its
    sound, wherever there is no server, which one test that ends its own server makes known to all that
    follow it.
    """
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(NOT_WITHOUT_SCREEN, NO_SOUND_SERVER, extend=True))


@pytest.fixture(autouse=True)
def _garbage_collected_on_this_thread() -> Iterator[None]:
    """As in the program (`ui.shell.garbage_collection`): no other thread deletes widgets."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """The program's own."""
    return Application


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def voices(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The voices that the system has: none, so that no test depends on them."""
    found: list[str] = []
    for page in ("ui.chat.page", "ui.translation.text_tab"):
        monkeypatch.setattr(f"{page}.engines", lambda: found)
    return found


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, voices: list[str]) -> Iterator[Window]:
    """Shown, but without services: as in the first moment of the program."""
    theme.choose("light")
    window = Window()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.leave()
    theme.choose("light")


@pytest.fixture
def real_services(window: Window) -> Iterator[RealServices]:
    """The program's own; the test sets them up and connects them to the window."""
    from assistant.services import Services as RealServices

    services = RealServices(on_event=window.bridge.receive, owner="window")
    yield services
    window.leave()
    window.context.disconnect_services()
    services.close()


@pytest.fixture(scope="module")
def speech() -> Material:
    from tests.gui.speech_material import material

    return material()


@pytest.fixture
def listening_services(real_services: RealServices, speech: Material) -> RealServices:
    """With the speech model that is here."""
    real_services.settings.speech.model = str(speech.model)
    real_services.settings.speech.language = "en"
    return real_services


@pytest.fixture
def services(window: Window) -> Iterator[Services]:
    """Not yet connected; fill it first."""
    services = Services(window.bridge.receive)
    yield services
    window.leave()  # before the history is closed
    services.close()


@pytest.fixture
def connected(window: Window, services: Services, qtbot: QtBot) -> Callable[..., Services]:
    """Connects the services with these rows and waits until the window shows them."""

    def connect(*rows: Any) -> Services:
        services.documents.rows = {row.id: row for row in rows}
        window.connect_services(services)  # type: ignore[arg-type]
        page = window.documents
        qtbot.waitUntil(lambda: page._loaded and len(list(page.document_panel.model.all())) == len(rows))
        return services

    return connect


@pytest.fixture
def chat(window: Window, connected: Callable[..., Services]) -> ChatPage:
    """With services, in view, without a model."""
    connected(document(2, "/d/r.pdf"))
    window.go_to("chat")
    return window.chat


@pytest.fixture
def ready(chat: ChatPage, qtbot: QtBot) -> ChatPage:
    """With a model, which does not see pictures."""
    chat.models.load(Path("/models/tiny.gguf"))
    qtbot.waitUntil(lambda: chat.models.info is not None)
    return chat


@pytest.fixture
def failures(window: Window) -> list[Any]:
    """What nobody handled; every test that uses it ends with its being empty."""
    caught: list[Any] = []
    window.bridge.failed.connect(caught.append)
    return caught


class Dragging:
    """Files held over the window by a mouse."""

    def __init__(self, window: Window, paths: list[str]) -> None:
        self._window = window
        self._data = QMimeData()
        self._data.setUrls([QUrl.fromLocalFile(path) for path in paths])
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        self.enter = QDragEnterEvent(QPoint(300, 300), COPY, self._data, buttons, keys)
        QApplication.sendEvent(window, self.enter)

    def move(self, position: QPoint) -> None:
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(self._window, QDragMoveEvent(position, COPY, self._data, buttons, keys))

    def drop(self) -> None:
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(self._window, QDropEvent(QPointF(300, 300), COPY, self._data, buttons, keys))


@pytest.fixture
def drag(window: Window) -> Callable[..., Dragging]:
    return lambda *paths: Dragging(window, list(paths))

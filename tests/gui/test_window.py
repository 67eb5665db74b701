"""The frame: ways between pages, names for screen readers, the proof, and a theme that follows the system."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from assistant import network_guard
from assistant.errors import DiskFull
from tests.gui.doubles import Pending, Services, document
from tests.told import told
from ui.common.buttons_and_labels import IconButton
from ui.common.network_proof_view import NetworkProofView
from ui.common.paragraphs import Paragraphs
from ui.common.theme import DARK, LIGHT, Theme, Tokens, style_sheet
from ui.shell import window_geometry
from ui.shell.navigation import DESTINATIONS
from ui.window import Window

Connect = Callable[..., Services]


def test_ctrl_and_a_number_lead_to_each_page(window: Window) -> None:
    for number, destination in enumerate(DESTINATIONS):
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_1 + number), Qt.KeyboardModifier.ControlModifier)
        assert window._stack.currentWidget() is window.page(destination.key)
        assert window.navigation.button(destination.key).isChecked()
        assert window.windowTitle().startswith(destination.title)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1366, 768), (640, 360)])
def test_the_window_fits_the_screen_with_its_frame(window: Window, width: int, height: int) -> None:
    screen = QRect(40, 20, width, height)
    window_geometry.fit(window, screen, centred=True)
    assert screen.contains(window.frameGeometry())
    assert window.geometry().center().x() == pytest.approx(screen.center().x(), abs=2)


def test_a_window_that_stood_on_another_screen_comes_onto_this_one(window: Window) -> None:
    window.setGeometry(3000, -500, 1800, 1200)
    screen = QRect(0, 0, 1366, 768)
    window_geometry.fit(window, screen)
    assert screen.contains(window.geometry())
    large = QRect(0, 0, 1920, 1080)
    before = window.geometry()
    window_geometry.fit(window, large)
    assert window.geometry() == before
    assert window.minimumSize() == window_geometry.SMALLEST


def test_pages_have_equal_edges_and_nothing_jumps_when_there_is_more_to_scroll(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    services = connected(document(1, "1.pdf"))
    page = window.documents

    def edges(widget: QWidget) -> tuple[int, int]:
        left = widget.mapTo(page, QPoint(0, 0)).x()
        return left, page.width() - left - widget.width()

    field, list_ = page.questions.field, page.document_panel.list
    before = list_.viewport().width()
    assert edges(field)[0] == edges(field)[1]
    assert edges(list_.viewport()) == edges(field)
    services.documents.put(*(document(number, f"{number}.pdf") for number in range(2, 60)))
    qtbot.waitUntil(lambda: list_.verticalScrollBar().maximum() > 0)
    assert list_.verticalScrollBar().property("idle") == "false"
    assert list_.viewport().width() == before


def test_the_navigation_folds_where_it_is_narrow(window: Window) -> None:
    window.resize(1280, 720)
    QApplication.processEvents()
    assert not window.navigation.folded
    window.resize(900, 640)
    QApplication.processEvents()
    assert window.navigation.folded
    assert window.navigation.button("chat").toolTip() == "Chat (Ctrl+1)"


def test_all_that_takes_the_keyboard_has_a_name(window: Window, connected: Connect) -> None:
    connected(*(document(number, f"{number}.pdf") for number in range(10)))
    for destination in DESTINATIONS:
        window.go_to(destination.key)
    window.documents.collections.manage()
    window.documents.side_panel.show_report(document(1, "1.pdf"))
    window.proof.toggle()
    nameless = [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, QAbstractButton | QLineEdit | QAbstractScrollArea)
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
        and not widget.objectName().startswith("qt_")
    ]
    assert not nameless


def test_words_of_documents_are_never_markup(window: Window, connected: Connect) -> None:
    connected(document(1, "<b>bold</b>.pdf", collection="<i>x</i>"))
    labels = [label for label in window.findChildren(QLabel) if label.text()]
    assert labels
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


def test_the_proof_is_one_click_away(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected()
    assert window.status.shield.text().strip() == "offline, enforced"
    window.status.shield.click()
    proof = window.panel.shown
    assert isinstance(proof, NetworkProofView)
    qtbot.waitUntil(lambda: "nothing has tried" in proof.attempts.text())
    assert "The courier (process 4711)" in proof.courier.text()
    names = [
        line.accessibleName() for line in proof.findChildren(QWidget) if "refused" in line.accessibleName()
    ]
    assert len(names) >= len(services.proofs)
    services.proofs = (network_guard.Proof("a native call", False, "a socket was given"),)
    proof.again.click()
    assert not proof.again.isEnabled()
    qtbot.waitUntil(proof.again.isEnabled)
    assert any("REACHED A NETWORK" in line.accessibleName() for line in proof.findChildren(QWidget))
    window.status.shield.click()
    assert window.panel.isHidden()


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (network_guard.Level.PYTHON, "offline, enforced by the program"),
        (network_guard.Level.NONE, "offline is not enforced here"),
    ],
)
def test_a_weaker_guard_is_not_called_enforced(
    window: Window, services: Services, level: network_guard.Level, words: str
) -> None:
    services.guard = level
    window.connect_services(services)  # type: ignore[arg-type]
    assert window.status.shield.text().strip() == words


def test_settings_show_proof_computer_and_folder(window: Window, connected: Connect, qtbot: QtBot) -> None:
    connected()
    window.go_to("settings")
    page = window.settings
    qtbot.waitUntil(lambda: "cores" in page.computer.text())
    memory = "11 GB of 16 GB memory free, 212 GB free on the disk that holds your data."
    assert page.computer.text() == f"AMD Ryzen 5 7640U, 6 cores, {memory}"
    assert "Offline Assistant 1.0" in page.version.text()
    assert page.where.text().endswith("home")


def test_the_theme_can_be_forced_and_is_saved(
    window: Window, connected: Connect, qtbot: QtBot, theme: Theme
) -> None:
    services = connected()
    window.go_to("settings")
    page = window.settings
    page.theme_buttons["dark"].click()
    assert theme.dark
    assert theme.tokens is DARK
    assert QApplication.palette().window().color() == QColor(DARK.bg)
    qtbot.waitUntil(lambda: services.saved == 1)
    assert services.settings.appearance.theme == "dark"
    page.theme_buttons["light"].click()
    assert not theme.dark
    assert theme.tokens is LIGHT


def test_settings_that_cannot_be_saved_are_told_of(
    window: Window, connected: Connect, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = connected()

    def full() -> None:
        raise told(DiskFull, "The settings were not saved: the disk is full.", "Free some space.")

    monkeypatch.setattr(services, "save_settings", full)
    window.go_to("settings")
    window.settings.theme_buttons["light"].click()
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    assert window.notices.all()[0].hint == "Free some space."


def test_the_theme_follows_the_system(theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform without a screen has no scheme of its own to turn."""
    now = Qt.ColorScheme.Light
    monkeypatch.setattr(theme, "_of_system", lambda: now)
    theme.choose("system")
    assert not theme.dark
    now = Qt.ColorScheme.Dark
    QApplication.styleHints().colorSchemeChanged.emit(now)
    assert theme.dark
    theme.choose("light")
    assert not theme.dark


def _luminance(color: str) -> float:
    value = QColor(color)
    parts = [value.redF(), value.greenF(), value.blueF()]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read_on_every_ground(tokens: Tokens) -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5 for text."""
    pairs = [
        (word, ground)
        for word in (tokens.text, tokens.text2, tokens.accent, tokens.warn, tokens.error)
        for ground in (tokens.bg, tokens.surface, tokens.surface2)
    ]
    pairs += [(tokens.text, tokens.accent_soft), (tokens.text2, tokens.accent_soft)]
    pairs += [(tokens.accent, tokens.accent_soft), (tokens.text, tokens.mark)]
    pairs += [(tokens.on_accent, tokens.accent), (tokens.on_accent, tokens.accent_hover)]
    weak = [
        (word, ground, _contrast(word, ground)) for word, ground in pairs if _contrast(word, ground) < 4.5
    ]
    assert not weak


def test_the_style_sheet_grows_with_the_system_s_text() -> None:
    assert "font-size: 14px" in style_sheet(LIGHT, 1.0)
    assert "font-size: 21px" in style_sheet(LIGHT, 1.5)


def test_icons_have_the_color_of_their_token(theme: Theme) -> None:
    image = theme.icon("check-circle-fill", "accent").pixmap(20, 20).toImage()
    colors = {
        image.pixelColor(x, y).name()
        for x in range(20)
        for y in range(20)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert colors == {LIGHT.accent.lower()}


def test_buttons_answer_to_enter_and_space(qtbot: QtBot, theme: Theme) -> None:
    from ui.common.buttons_and_labels import Button

    done: list[int] = []
    button = Button("Add", lambda: done.append(1))
    qtbot.addWidget(button)
    QTest.keyClick(button, Qt.Key.Key_Return)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert done == [1, 1]
    icon = IconButton("x", "Close")
    qtbot.addWidget(icon)
    assert icon.accessibleName() == "Close"


def test_long_text_ends_in_an_ellipsis_and_takes_its_lines(qtbot: QtBot, theme: Theme) -> None:
    text = Paragraphs("word " * 400, most_lines=3)
    qtbot.addWidget(text)
    text.show()
    text.resize(400, 100)
    height = text.heightForWidth(400)
    assert 3 * 19 <= height <= 3 * 24
    (layout, *_) = text.layouts()[0]
    assert layout.lineCount() == 3
    assert layout.text().endswith("…")


def test_a_paragraph_from_right_to_left_stands_at_the_right(qtbot: QtBot, theme: Theme) -> None:
    text = Paragraphs("English.\nمرحبا بالعالم")
    qtbot.addWidget(text)
    text.heightForWidth(400)
    (left, *_), (right, *_) = text.layouts()
    assert left.lineAt(0).naturalTextRect().left() < 1
    assert right.lineAt(0).naturalTextRect().right() > 399


def test_closing_hides_at_once_and_asks_nothing_more(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    connected(document(1, "a.pdf"))
    with qtbot.waitSignal(window.closing):
        window.close()
    assert window.isHidden()


def test_a_defect_reaches_the_person_and_not_only_the_log(window: Window, qtbot: QtBot) -> None:
    window.bridge.failed.emit(KeyError("x"))
    assert "went wrong" in window.notices.all()[0].message


def test_pending_runs_of_a_closed_window_do_nothing(qtbot: QtBot, theme: Theme) -> None:
    window = Window()
    arrived: list[Any] = []
    run = Pending()
    window.bridge.follow(run, arrived.append)
    bridge = window.bridge
    window.close()
    window.deleteLater()
    qtbot.wait(20)
    QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
    run.finish(1)
    bridge.post(lambda: arrived.append(2))
    qtbot.wait(20)
    assert not arrived


def test_icons_are_sharp_where_a_pixel_of_the_window_is_two_of_the_screen(theme: Theme) -> None:
    pixmap = theme.icon("files").pixmap(QSize(20, 20), 2.0)
    assert pixmap.size() == QSize(40, 40)
    assert pixmap.devicePixelRatio() == 2.0

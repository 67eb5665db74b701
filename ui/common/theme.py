"""The colours, the style sheet and the icons: every widget gets its looks from here, none sets its own."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from functools import lru_cache
from string import Template

from PySide6.QtCore import QByteArray, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QTransform,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from assistant import paths
from ui.common import formatting

BODY = 14
"""Pixels of the text one reads; the other sizes are fixed against it."""
_POINTING = frozenset(
    {
        "arrow-bend-down-left",
        "arrow-elbow-down-left",
        "arrow-right",
        "arrow-square-out",
        "caret-left",
        "caret-right",
        "list-bullets",
        "paper-plane-right",
        "sidebar-simple",
    }
)
"""Icons that show the way of reading: mirrored where that goes from right to left."""
_FAINT = 0.4
"""Opacity of an icon that cannot be used now."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme; see the style sheet for where each is used."""

    bg: str
    surface: str
    surface2: str
    border: str
    text: str
    text2: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    warn: str
    error: str
    mark: str
    code_word: str
    code_text: str
    code_number: str
    paper_mark: str = "#FFE58A"
    """For page pictures, which are paper in both themes."""
    paper_mark_edge: str = "#B98A00"
    paper_mark_dark: str = "#6B5A12"
    """For the dark places of a page."""


_COLORS = {
    "bg": ("#F7F7F5", "#191A1C"),
    "surface": ("#FFFFFF", "#222427"),
    "surface2": ("#F0F0EC", "#2B2E32"),
    "border": ("#E2E1DC", "#3A3E43"),
    "text": ("#1D1D1B", "#ECECE8"),
    "text2": ("#5E5D58", "#A9ACA8"),
    "accent": ("#2F6B5E", "#7CC4B2"),
    "accent_hover": ("#275A4F", "#93D2C2"),
    "accent_soft": ("#DDEBE7", "#24413B"),
    "on_accent": ("#FFFFFF", "#10211D"),
    "warn": ("#8A5200", "#E8B04B"),
    "error": ("#B3261E", "#FF8A80"),
    "mark": ("#FFE58A", "#6B5A12"),
    "code_word": ("#6B3FA0", "#C9A9F2"),
    "code_text": ("#7F4A00", "#E3B77A"),
    "code_number": ("#1F5FA8", "#8FBDF2"),
}
"""Of each token in the light and in the dark theme."""
LIGHT, DARK = (Tokens(**{name: colors[dark] for name, colors in _COLORS.items()}) for dark in (0, 1))

SCHEMES = {
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
    "system": Qt.ColorScheme.Unknown,
}


class Theme(QObject):
    """Follows the system's light or dark, unless the person chose one. One for the whole program."""

    changed = Signal()

    def __init__(self, application: QApplication, choice: str = "system") -> None:
        """`choice` is "system", "light" or "dark"."""
        super().__init__(application)
        self._application = application
        self.tokens = LIGHT
        self.dark = False
        self.motion = False
        """Nothing fades before the system was asked, which waits until the window is painted."""
        self._applied: tuple[bool, bool] | None = None
        application.setStyle("Fusion")  # the same shapes on every system, so that one style sheet fits
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._apply)
        hints.accessibility().contrastPreferenceChanged.connect(self._apply)
        self.choose(choice)

    def choose(self, choice: str) -> None:
        """Force "light" or "dark", or follow the "system" again."""
        self.choice = choice if choice in SCHEMES else "system"
        scheme = SCHEMES[self.choice]
        self._forced = scheme
        hints = self._application.styleHints()
        if scheme is Qt.ColorScheme.Unknown:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(scheme)  # also turns the frame that the system draws
        self._apply()

    def let_move(self, motion: bool) -> None:
        """Whether the system wants its windows to move."""
        self.motion = motion

    def color(self, token: str) -> QColor:
        return QColor(getattr(self.tokens, token))

    def icon(self, icon: str, token: str = "text2") -> QIcon:
        """An icon of resources/icons in a token's colour; fainter while its widget is disabled."""
        mirrored = icon in _POINTING and mirrors()
        return _icon(icon, getattr(self.tokens, token), mirrored)

    def _of_system(self) -> Qt.ColorScheme:
        return self._application.styleHints().colorScheme()

    def _apply(self) -> None:
        hints = self._application.styleHints()
        scheme = self._forced
        if scheme is Qt.ColorScheme.Unknown:
            scheme = self._of_system()
        dark = scheme is Qt.ColorScheme.Dark
        strong = hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast
        if self._applied == (dark, strong):
            return
        self._applied = (dark, strong)
        self.dark = dark
        tokens = DARK if dark else LIGHT
        if strong:
            tokens = Tokens(**{**asdict(tokens), "border": tokens.text2, "text2": tokens.text})
        self.tokens = tokens
        self._application.setPalette(_palette(tokens))
        self._application.setStyleSheet(style_sheet(tokens))
        self.changed.emit()


def theme() -> Theme:
    """The program's theme.

    Raises:
        RuntimeError: it was not made yet.
    """
    application = QApplication.instance()
    found = application.findChild(Theme) if application else None
    if found is None:
        raise RuntimeError("the theme is made by ui.app before any widget")
    return found


def style_sheet(tokens: Tokens, scale: float | None = None) -> str:
    """The style sheet with its tokens filled in; `scale` enlarges the text (default: as the system says)."""
    scale = text_scale() if scale is None else scale
    values: dict[str, str] = asdict(tokens)
    values.update({f"px{pixels}": f"{round(pixels * scale)}px" for pixels in (12, 13, 14, 16, 20, 28)})
    values["icons"] = (paths.resources() / "icons").as_posix()
    # A style sheet's slider fills the same side whichever way the window is read.
    values["passed"] = "add-page" if mirrors() else "sub-page"
    values["scheme"] = "dark" if tokens.bg == DARK.bg else "light"
    return Template((paths.resources() / "style" / "window.qss").read_text("utf-8")).substitute(values)


def text_scale() -> float:
    """More than 1 where the person set the system's text larger than the usual 12 to 14 pixels."""
    return min(2.0, max(1.0, QFontInfo(QGuiApplication.font()).pixelSize() / BODY))


def font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The system's font in one of the sizes 12 13 14 16 20 28."""
    result = QFont(QGuiApplication.font())
    result.setPixelSize(round(pixels * text_scale()))
    result.setWeight(weight)
    return result


def monospace() -> QFont:
    result = QFont()
    result.setStyleHint(QFont.StyleHint.Monospace)
    result.setFamily("Menlo" if sys.platform == "darwin" else "monospace")
    result.setPixelSize(round(13 * text_scale()))
    return result


def _palette(tokens: Tokens) -> QPalette:
    """What Fusion paints by itself: menus, selections, placeholders."""
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, color in {
        roles.Window: tokens.bg,
        roles.WindowText: tokens.text,
        roles.Base: tokens.surface,
        roles.AlternateBase: tokens.surface2,
        roles.Text: tokens.text,
        roles.PlaceholderText: tokens.text2,
        roles.Button: tokens.surface2,
        roles.ButtonText: tokens.text,
        roles.ToolTipBase: tokens.surface,
        roles.ToolTipText: tokens.text,
        roles.Highlight: tokens.accent,
        roles.HighlightedText: tokens.on_accent,
        roles.Link: tokens.accent,
        roles.LinkVisited: tokens.accent,
        roles.Mid: tokens.border,
        roles.Midlight: tokens.surface2,
        roles.Light: tokens.surface,
        roles.Dark: tokens.border,
        roles.Shadow: tokens.border,
        roles.Accent: tokens.accent,
    }.items():
        palette.setColor(role, QColor(color))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        faint = QColor(tokens.text2)
        faint.setAlphaF(0.6)
        palette.setColor(QPalette.ColorGroup.Disabled, role, faint)
    return palette


def mirrors() -> bool:
    """Whether the window is read from right to left: what stands at one side stands at the other."""
    return QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft


def in_its_direction(text: str) -> str:
    """Words of a button or a menu that may run the other way than the window: "…" stays at their end."""
    return formatting.isolate(text) if text and mirrors() and not formatting.is_right_to_left(text) else text


@lru_cache(maxsize=256)
def _icon(icon: str, color: str, mirrored: bool) -> QIcon:
    return QIcon(_SvgIconEngine(icon, color, mirrored))


class _SvgIconEngine(QIconEngine):
    """An icon drawn in the size that is wanted when it is wanted: at the start most never are."""

    def __init__(self, icon: str, color: str, mirrored: bool) -> None:
        super().__init__()
        self._icon = icon
        self._color = color
        self._mirrored = mirrored
        self._drawn: dict[tuple[int, int, bool], QPixmap] = {}

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        device = painter.device()
        ratio = device.devicePixelRatioF()
        painter.drawPixmap(rect, self.scaledPixmap(rect.size(), mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        """`size` is in the widgets' pixels, each of which is `scale` of the screen's wide (since Qt 6.8)."""
        size = size * scale
        key = (size.width(), size.height(), mode is QIcon.Mode.Disabled)
        if key not in self._drawn:
            path = paths.resources() / "icons" / f"{self._icon}.svg"
            drawing = path.read_bytes().replace(b"currentColor", self._color.encode())
            pixmap = QPixmap(size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setOpacity(_FAINT if key[2] else 1.0)
            QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(pixmap.rect()))
            painter.end()
            turned = pixmap.transformed(QTransform.fromScale(-1, 1)) if self._mirrored else pixmap
            self._drawn[key] = turned
        pixmap = QPixmap(self._drawn[key])
        pixmap.setDevicePixelRatio(scale)
        return pixmap

    def clone(self) -> QIconEngine:
        return _SvgIconEngine(self._icon, self._color, self._mirrored)

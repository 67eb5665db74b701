"""The two sides of the Translate page: what is written, and what it becomes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from assistant.translation.records import Formality
from ui.common import quantities
from ui.common.buttons_and_labels import Button, Card, CopyButton, ElidedLabel, IconButton, IconLabel, Label
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.menus import Menu, MenuButton, NameMenuButton
from ui.common.translation import QT_TRANSLATE_NOOP, arg, translate, translate_marked
from ui.dictation.microphone_button import MicrophoneButton
from ui.translation.language_menus import direction, source_name, target_name
from ui.translation.text_translator import MOST
from ui.translation.translation_field import TargetField, TranslationField

FORMALITIES = (
    (Formality.DEFAULT, QT_TRANSLATE_NOOP("translation", "Default tone")),
    (Formality.FORMAL, QT_TRANSLATE_NOOP("translation", "Formal")),
    (Formality.INFORMAL, QT_TRANSLATE_NOOP("translation", "Informal")),
)
LEAST_HEIGHT = 150
"""Pixels of a pane."""
LEAST_WIDTH = 220
BUSY_MS = 300
"""So long a translation may take before it is told of: what is typed is translated again and again."""
_HEAD = (8, 6, 8, 0)
_TOOLS = (8, 0, 8, 6)
_TOOLS_OF_TARGET = (13, 0, 8, 6)
"""Margins of what stands above and below the text."""


class SourcePane(Card):
    """What dictation can write into, too."""

    dictate_wanted = Signal()
    clear_wanted = Signal()
    translate_wanted = Signal()

    def __init__(self, language_menu: Callable[[], Menu]) -> None:
        super().__init__()
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self.language = NameMenuButton(source_name("", ""), language_menu, icon="translate", least=60)
        self.clear = IconButton("x", translate("translation", "Clear the text"), self.clear_wanted.emit)
        self.field = TranslationField(
            translate("translation", "Text to translate"),
            translate("translation", "Type or paste a text, or drop a document."),
        )
        self.microphone = MicrophoneButton(self.dictate_wanted.emit)
        self.dictation = Label("", "small")
        self.count = Label("", "small")
        self.translate_now = Button(
            translate("translation", "Translate"), self.translate_wanted.emit, kind="primary"
        )
        self.translate_now.setToolTip(translate("translation", "Translate (Ctrl+Enter)"))
        self.translate_now.hide()
        head = hbox(self.language, 1, self.clear, spacing=4, margins=_HEAD)
        tools = hbox(
            self.microphone, self.dictation, 1, self.count, self.translate_now, spacing=8, margins=_TOOLS
        )
        vbox(head, (self.field, 1), tools, parent=self, spacing=0, margins=NO_MARGINS)
        self.field.textChanged.connect(self._count)
        self._count()

    def take_focus(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_language(self, chosen: str, detected: str) -> None:
        name = source_name(chosen, detected)
        self.language.set_words(name)
        self.language.setAccessibleName(arg(translate("translation", "Translate from: %1"), name))
        self.field.write_towards(direction(chosen or detected))

    def _count(self) -> None:
        length = len(self.field.toPlainText())
        self.clear.setVisible(length > 0)
        too_long = length > MOST
        text = translate("translation", "%n character(s)", None, length) if length else ""
        if too_long:
            said = translate("translation", "%1; at most %2. Save it as a file and drop that.")
            text = arg(said, text, quantities.number(MOST))
        self.count.setText(text)
        self.count.set_kind("warn" if too_long else "small")


class TargetPane(Card):
    stop_wanted = Signal()
    check_wanted = Signal()
    """The next sentence that is marked."""
    copy_wanted = Signal()
    read_wanted = Signal()
    formality_chosen = Signal(Formality)
    models_wanted = Signal()

    def __init__(self, language_menu: Callable[[], Menu]) -> None:
        super().__init__()
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self._formality = Formality.DEFAULT
        self.language = NameMenuButton(target_name(""), language_menu, icon="translate", least=60)
        self.formality = MenuButton("", self._formality_menu)
        self.field = TargetField()
        self.problem = Label("", "error", wrap=True)
        self.models = Button(translate("translation", "Models"), self.models_wanted.emit, kind="link")
        self._trouble = QWidget()
        icon = IconLabel("warning-circle", "error", 16)
        hbox(
            (icon, 0, Qt.AlignmentFlag.AlignTop), (self.problem, 1), self.models,
            parent=self._trouble, spacing=8, margins=(12, 0, 12, 4),
        )  # fmt: skip
        self.check = Button("", self.check_wanted.emit, kind="link", icon="warning")
        self.check.set_icon("warning", "warn")
        self.check.setToolTip(translate("translation", "Go to the next one"))
        self.note = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        self.stop = Button(translate("translation", "Stop"), self.stop_wanted.emit, kind="quiet")
        self.read = IconButton("speaker-high", "", self.read_wanted.emit)
        self.copy = CopyButton(translate("translation", "Copy the translation"), self.copy_wanted.emit)
        self.show_reading(False)
        head = hbox(self.language, 1, self.formality, spacing=4, margins=_HEAD)
        check = hbox(self.check, 1, margins=(4, 0, 8, 0))
        tools = hbox((self.note, 1), self.stop, self.read, self.copy, spacing=4, margins=_TOOLS_OF_TARGET)
        vbox(head, (self.field, 1), self._trouble, check, tools, parent=self, spacing=0, margins=NO_MARGINS)
        self._busy = QTimer(self, singleShot=True, interval=BUSY_MS)
        self._busy.timeout.connect(self._show_busy)
        self.show_marked(0)
        self.show_problem("")
        self.stop.hide()

    def show_language(self, code: str) -> None:
        name = target_name(code)
        self.language.set_words(name)
        self.language.setAccessibleName(arg(translate("translation", "Translate into: %1"), name))
        self.field.write_towards(direction(code))

    def show_formality(self, formality: Formality, offered: bool) -> None:
        self._formality = formality
        name = translate_marked("translation", dict(FORMALITIES)[formality])
        self.formality.setText(name)
        self.formality.setAccessibleName(arg(translate("translation", "Form of address: %1"), name))
        self.formality.setVisible(offered)

    def show_running(self, running: bool) -> None:
        """Said, and offered to be stopped, once it takes longer than a moment."""
        if not running:
            self._busy.stop()
            self.stop.hide()
        elif self.stop.isHidden() and not self._busy.isActive():
            self._busy.start()

    def _show_busy(self) -> None:
        self.stop.show()
        self.note.set_text(translate("translation", "Translating…"))

    def show_marked(self, number: int) -> None:
        """How many sentences the person should look at."""
        words = translate("translation", "%n sentence(s) to check", None, number)
        self.check.setText(words)
        self.check.setAccessibleName(words)
        self.check.setVisible(number > 0)

    def show_problem(self, text: str, *, models: bool = False) -> None:
        """Why there is no translation; `models`: it is mended there."""
        self.problem.setText(text)
        self._trouble.setVisible(bool(text))
        self.models.setVisible(models)

    def show_reading(self, speaking: bool) -> None:
        self.read.set_icon("stop-fill" if speaking else "speaker-high")
        self.read.rename(
            translate("translation", "Stop reading aloud")
            if speaking
            else translate("translation", "Read the translation aloud")
        )

    def _formality_menu(self) -> Menu:
        menu = Menu(self.formality)
        choices = [(each, translate_marked("translation", words)) for each, words in FORMALITIES]
        menu.add_choices(choices, self._formality, self.formality_chosen.emit)
        return menu

"""Appearance, the proof of privacy, this computer, and where the data is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from assistant import paths, settings
from assistant.doctor import DoctorReport
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import Button, Card, Label, restyle
from ui.common.layouts import NO_MARGINS, hbox, scroll_area, vbox
from ui.common.network_proof_view import NetworkProofView
from ui.common.page_context import PageContext
from ui.common.page_frame import Page
from ui.common.paragraphs import Paragraphs
from ui.common.theme import theme
from ui.common.translation import QT_TRANSLATE_NOOP, arg, translate, translate_marked
from ui.embedders.controller import EmbedderController
from ui.settings.chat_card import ChatSettings
from ui.settings.documents_card import DocumentSettings
from ui.settings.download_card import DownloadSettings
from ui.settings.recognition_card import RecognitionSettings
from ui.settings.speech_card import SpeechSettings
from ui.settings.translation_card import TranslationSettings

if TYPE_CHECKING:
    from assistant.hardware import Hardware

THEMES = (
    (settings.ThemeChoice.SYSTEM, QT_TRANSLATE_NOOP("settings", "Same as the system"), "desktop"),
    (settings.ThemeChoice.LIGHT, QT_TRANSLATE_NOOP("settings", "Light"), "sun"),
    (settings.ThemeChoice.DARK, QT_TRANSLATE_NOOP("settings", "Dark"), "moon"),
)


class SettingsPage(Page):
    def __init__(self, context: PageContext, embedders: EmbedderController) -> None:
        super().__init__(translate("settings", "Settings"))
        self._context = context
        self.header.addStretch(1)
        self.documents = DocumentSettings(context, embedders)
        self.recognition = RecognitionSettings(context)
        self.chat = ChatSettings(context)
        self.speech = SpeechSettings(context)
        self.translation = TranslationSettings(context)
        self.downloads = DownloadSettings(context)
        self.computer = Paragraphs(translate("settings", "Checking this computer…"))
        self.version = Label("", "second")
        cards = QWidget()
        vbox(
            self._appearance(),
            _card(translate("settings", "Documents"), self.documents),
            _card(translate("settings", "Scans and pictures"), self.recognition),
            _card(translate("settings", "Chat"), self.chat),
            _card(translate("settings", "Speech"), self.speech),
            _card(translate("settings", "Translation"), self.translation),
            self._privacy(),
            _card(translate("settings", "Downloads"), self.downloads),
            _card(translate("settings", "This computer"), self.computer),
            self._data(),
            self._first_run(),
            self.version,
            1,
            parent=cards,
            spacing=16,
            margins=NO_MARGINS,
        )
        self._area = scroll_area(cards)
        self.content.addWidget(self._area, 1)
        context.services_ready.connect(self._services_ready)
        if context.ready:
            self._services_ready()

    def show_report(self, report: DoctorReport) -> None:
        self.proof.show_report(report)
        self.downloads.show_standing(report.downloads)
        self.computer.set_text(_computer(report.hardware))
        self.version.setText(arg(translate("settings", "Offline Assistant %1"), report.version))

    def show_speech(self) -> None:
        """Where the microphone is chosen."""
        self._area.ensureWidgetVisible(self.speech)
        self.speech.microphone.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- the cards

    def _appearance(self) -> Card:
        self._themes = QButtonGroup(self)
        self.theme_buttons: dict[str, QPushButton] = {}
        for choice, marked, icon in THEMES:
            title = translate_marked("settings", marked)
            button = Button(title, None, kind="quiet", icon=icon)
            button.setCheckable(True)
            button.setProperty("segment", "true")
            button.setAccessibleName(arg(translate("settings", "Theme: %1"), title))
            button.clicked.connect(lambda _=False, choice=choice: self._choose_theme(choice))
            self._themes.addButton(button)
            self.theme_buttons[choice.value] = button
        self.theme_buttons[theme().choice].setChecked(True)
        row = QWidget()
        hbox(*self.theme_buttons.values(), 1, parent=row, spacing=4, margins=NO_MARGINS)
        return _card(translate("settings", "Appearance"), row)

    def _privacy(self) -> Card:
        self.proof = NetworkProofView()
        self.proof.again_wanted.connect(self._context.proof_wanted)
        return _card(translate("settings", "Nothing leaves this computer"), self.proof)

    def _data(self) -> Card:
        text = Paragraphs(
            translate(
                "settings",
                "The index of your documents and the settings are in this folder. The documents themselves "
                "stay where they are and are never changed.",
            )
        )
        home = str(paths.home())
        self.where = Label(formatting.name(home), "second", wrap=True)
        self.where.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.where.setAccessibleName(arg(translate("settings", "Data folder %1"), formatting.name(home)))
        open_it = Button(
            translate("settings", "Open"), lambda: self._context.open_file(home), icon="folder-open"
        )
        box = QWidget()
        vbox(text, hbox((self.where, 1), open_it), parent=box, spacing=8, margins=NO_MARGINS)
        return _card(translate("settings", "Your data"), box)

    def _first_run(self) -> Card:
        text = Paragraphs(
            translate(
                "settings", "What this computer can do, models for what you want to do, and your first file."
            )
        )
        self.first_run = Button(
            translate("settings", "Show again"), lambda: self._context.page_wanted.emit("first-run")
        )
        self.first_run.setAccessibleName(translate("settings", "Show the first steps again"))
        box = QWidget()
        hbox((text, 1), self.first_run, parent=box, spacing=12, margins=NO_MARGINS)
        return _card(translate("settings", "First steps"), box)

    # --- doing

    def came_into_view(self) -> None:
        super().came_into_view()
        if self._context.ready:
            self._show_settings()

    def _show_settings(self) -> None:
        self.documents.show_settings()
        self.recognition.show_settings()
        self.chat.show_settings()
        self.speech.show_settings()
        self.translation.show_settings()
        self.downloads.show_settings()

    def _services_ready(self) -> None:
        self._show_settings()
        self.theme_buttons[self._context.services.settings.appearance.theme.value].setChecked(True)

    def _choose_theme(self, choice: settings.ThemeChoice) -> None:
        theme().choose(choice.value)
        for button in self.theme_buttons.values():
            restyle(button)
        if not self._context.ready:
            return
        self._context.services.settings.appearance.theme = choice
        self._context.in_background(lambda services: services.save_settings())


def _computer(hardware: Hardware) -> str:
    """This computer in a sentence; what is not known is left out."""
    processor, cores = hardware.processor, hardware.physical_cores
    free, total = quantities.size(hardware.memory_available), quantities.size(hardware.memory_total)
    disk = quantities.size(hardware.disk_free)
    if hardware.memory_total and hardware.disk_free:
        text = translate(
            "settings",
            "%1, %n core(s), %2 of %3 memory free, %4 free on the disk that holds your data.",
            None,
            cores,
        )
        return arg(text, processor, free, total, disk)
    if hardware.memory_total:
        text = translate("settings", "%1, %n core(s), %2 of %3 memory free.", None, cores)
        return arg(text, processor, free, total)
    if hardware.disk_free:
        text = translate("settings", "%1, %n core(s), %2 free on the disk that holds your data.", None, cores)
        return arg(text, processor, disk)
    return arg(translate("settings", "%1, %n core(s).", None, cores), processor)


def _card(title: str, content: QWidget) -> Card:
    card = Card()
    vbox(Label(title, "heading"), content, parent=card, spacing=12, margins=(20, 16, 20, 16))
    return card

"""Where a message is written: grows to eight lines, takes files, sends with Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from ui.chat.picture_row import PictureRow
from ui.common import formatting
from ui.common.buttons_and_labels import Button, ElidedLabel, IconButton, Label, restyle
from ui.common.layouts import clear, hbox, vbox
from ui.common.picture_button import ShownPicture
from ui.common.picture_files import holds_pictures
from ui.common.text_field import TextField
from ui.common.translation import arg, translate
from ui.dictation.microphone_button import MicrophoneButton

MOST_LINES = 8
"""Of a longer message the rest is scrolled to."""
_MARGIN = 10
"""Pixels around what is written."""
FILES_HEIGHT = 34
"""Pixels of the row of documents, whether or not a summary is offered there: the field stays in its place."""


class Composer(QFrame):
    sent = Signal(str)
    """It may be "" where pictures go along."""
    stop_wanted = Signal()
    attach_wanted = Signal()
    picture_wanted = Signal()
    dictate_wanted = Signal()
    """To speak the message, or to stop that."""
    file_removed = Signal(int)
    """The number of an attached file that is not wanted after all."""
    summary_wanted = Signal()
    """Of the one document that is attached."""
    editing_ended = Signal()
    edit_last_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("composer")
        self._running = False
        self.field = _Field(translate("chat", "Message"), translate("chat", "Write a message…"))
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._changed)
        self._banner = QWidget()
        editing = Label(translate("chat", "Editing your message"), "second")
        cancel = Button(translate("chat", "Cancel"), self.end_editing, kind="link")
        hbox((editing, 1), cancel, parent=self._banner, margins=(12, 4, 0, 0))
        self._banner.hide()
        self._files = QWidget()
        self._files_row = hbox(spacing=6)
        self.summarise = Button(
            translate("chat", "Summarise"), self.summary_wanted.emit, kind="link", icon="file-text"
        )
        self.summarise.hide()
        self._summary_fits = False
        files = hbox(self._files_row, self.summarise, 1, parent=self._files, spacing=6, margins=(8, 6, 8, 0))
        files.addStrut(FILES_HEIGHT)
        self._files.hide()
        self.pictures = PictureRow()
        self._pictures_ready = True
        self.attach = IconButton(
            "paperclip", translate("chat", "Add a document to this conversation"), self.attach_wanted.emit
        )
        self.add_picture = IconButton(
            "image", translate("chat", "Add a picture to the message"), self.picture_wanted.emit
        )
        self.microphone = MicrophoneButton(self.dictate_wanted.emit)
        self.dictation = Label("", "small")
        self.context_usage = Label("", "small")
        self.send = IconButton("paper-plane-right", translate("chat", "Send (Enter)"), self._send_or_stop)
        self.send.setObjectName("send")
        tools = hbox(
            self.attach,
            self.add_picture,
            self.microphone,
            self.dictation,
            1,
            self.context_usage,
            self.send,
            spacing=2,
            margins=(4, 0, 4, 4),
        )
        tools.insertSpacing(6, 8)
        vbox(
            self._banner,
            self._files,
            self.pictures,
            self.field,
            tools,
            parent=self,
            spacing=0,
            margins=(2, 2, 2, 2),
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._changed()

    # --- what is written

    def text(self) -> str:
        return self.field.toPlainText().strip()

    def take_focus(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def insert(self, text: str) -> None:
        """Put text where the cursor is, as a drop does."""
        self.field.insertPlainText(text)
        self.take_focus()

    def edit(self, text: str) -> None:
        """Have an earlier message written anew."""
        self._banner.show()
        self.field.setPlainText(text)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self.take_focus()

    def end_editing(self) -> None:
        if self.editing:
            self.clear()
            self.editing_ended.emit()

    @property
    def editing(self) -> bool:
        return not self._banner.isHidden()

    def show_files(self, files: Sequence[str], *, summary: bool = False) -> None:
        """Names of the documents that go with the message, each with its state; `summary`: offer one."""
        clear(self._files_row)
        for number, name in enumerate(files):
            self._files_row.addWidget(self._file(number, name))
        self._summary_fits = summary
        self.summarise.setVisible(summary and not self._running)
        self._files.setVisible(bool(files))

    def _file(self, number: int, name: str) -> QFrame:
        frame = QFrame()
        frame.setProperty("card", "file")
        label = ElidedLabel(formatting.name(name), "second")
        label.setMaximumWidth(260)
        remove = IconButton(
            "x",
            arg(translate("chat", "Remove “%1” from this conversation"), formatting.name(name)),
            lambda: self.file_removed.emit(number),
            size=12,
        )
        hbox(label, remove, parent=frame, spacing=2, margins=(10, 0, 0, 0))
        return frame

    def show_pictures(self, pictures: Sequence[ShownPicture], *, ready: bool) -> None:
        """Those that go with the message; it cannot be sent before they are `ready`."""
        self.pictures.show_pictures(pictures)
        self._pictures_ready = ready
        self._changed()

    def show_context_usage(self, text: str, explanation: str) -> None:
        """How full the model's memory is, in short and in a sentence."""
        self.context_usage.setText(text)
        self.context_usage.setToolTip(explanation)

    # --- sending and stopping

    def set_running(self, running: bool) -> None:
        """While an answer is written the button stops it."""
        self._running = running
        self.summarise.setVisible(self._summary_fits and not running)
        self.send.set_icon("stop-fill" if running else "paper-plane-right")
        self.send.rename(translate("chat", "Stop (Esc)") if running else translate("chat", "Send (Enter)"))
        self._changed()

    def _send_or_stop(self) -> None:
        if self._running:
            self.stop_wanted.emit()
        else:
            self._send()

    def _send(self) -> None:
        if self._can_send():
            self.sent.emit(self.text())

    def _can_send(self) -> bool:
        something = bool(self.text()) or not self.pictures.isHidden()
        return something and self._pictures_ready and not self._running

    def clear(self) -> None:
        """The field is free for the next message."""
        self._banner.hide()
        self.field.clear()

    # --- Qt's events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.setProperty("active", "true" if event.type() is QEvent.Type.FocusIn else "false")
            restyle(self)
        elif event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        shift = event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier)
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not shift:
                self._send()
                return True
            case Qt.Key.Key_Up if not self.field.toPlainText():
                self.edit_last_wanted.emit()
                return True
        return False

    def _changed(self) -> None:
        self.send.setEnabled(self._running or self._can_send())
        self.send.setProperty("ready", "true" if self.send.isEnabled() else "false")
        restyle(self.send)


class _Field(TextField):
    """As high as its text, up to eight lines."""

    pasted = Signal(QMimeData)
    """Pictures, as files or by themselves."""

    def __init__(self, name: str, prompt: str) -> None:
        super().__init__(name, prompt, _MARGIN)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        self._fit()

    def _fit(self) -> None:
        step = QFontMetrics(self.font()).lineSpacing()
        lines = max(1, min(MOST_LINES, round(self.document().size().height())))  # it counts in lines
        height = lines * step + 2 * _MARGIN + 1
        many = self.document().size().height() > MOST_LINES
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if many else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
        if height != self.height():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        return QSize(300, self.height())

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return holds_pictures(source) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Only plain text and pictures; what looks like another file stays words."""
        if holds_pictures(source):
            self.pasted.emit(source)
        else:
            self.insertPlainText(source.text())

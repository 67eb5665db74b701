"""The proof that nothing reaches a network: what was tried just now, and what each attempt met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.common import formatting
from ui.common.buttons_and_labels import Button, IconLabel, Label
from ui.common.layouts import clear
from ui.common.paragraphs import Paragraphs
from ui.common.translation import QT_TRANSLATE_NOOP, arg, translate, translate_marked

if TYPE_CHECKING:
    from assistant.services import DoctorReport

EXPLANATIONS = {
    "kernel": QT_TRANSLATE_NOOP(
        "common",
        "The system itself refuses every network to this program, its engines and whatever they start. "
        "It cannot be switched on again while the program runs.",
    ),
    "python": QT_TRANSLATE_NOOP(
        "common",
        "The program refuses every network to itself. On this system native libraries are not held by "
        "the system as well.",
    ),
    "none": QT_TRANSLATE_NOOP(
        "common", "No guard could be installed on this system, so nothing here is enforced."
    ),
}


class NetworkProofView(QWidget):
    """For the side panel and for the settings page alike."""

    again_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.explanation = Paragraphs(translate("common", "The guard is being checked…"))
        self.attempts = Label("", "second", wrap=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self.again = Button(
            translate("common", "Try again now"), self._try_again, icon="arrow-counter-clockwise"
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(self.explanation)
        layout.addLayout(self._list)
        layout.addWidget(self.attempts)
        layout.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)

    def show_report(self, report: DoctorReport) -> None:
        explanation = EXPLANATIONS.get(report.guard.value, EXPLANATIONS["none"])
        self.explanation.set_text(translate_marked("common", explanation))
        clear(self._list)
        for proof in report.proofs:
            self._list.addWidget(_Line(proof.name, proof.words, proof.refused))
        if report.attempts:
            text = translate(
                "common",
                "Since the start something tried to reach a network %n time(s) and was refused.",
                None,
                report.attempts,
            )
        else:
            text = translate(
                "common", "Since the start nothing has tried to reach a network, apart from this proof."
            )
        self.attempts.setText(text)
        self.again.setEnabled(True)
        self.again.setText(translate("common", "Try again now"))

    def _try_again(self) -> None:
        self.again.setEnabled(False)
        self.again.setText(translate("common", "Trying…"))
        self.again_wanted.emit()


class _Line(QWidget):
    def __init__(self, name: str, met: str, refused: bool) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        icon, token = ("check-circle", "accent") if refused else ("warning-circle", "error")
        layout.addWidget(IconLabel(icon, token), 0, Qt.AlignmentFlag.AlignTop)
        text = QVBoxLayout()
        text.setSpacing(0)
        verdict = (
            translate("common", "%1: refused") if refused else translate("common", "%1: REACHED A NETWORK")
        )
        text.addWidget(Label(arg(verdict, formatting.name(name)), wrap=True))
        text.addWidget(Label(formatting.one_line(met), "second", wrap=True))
        layout.addLayout(text, 1)
        self.setAccessibleName(f"{arg(verdict, name)}. {met}")

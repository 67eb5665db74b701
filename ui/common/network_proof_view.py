"""The proof that nothing reaches a network: what was tried just now, and what each attempt met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.common import error_words, formatting
from ui.common.buttons_and_labels import Button, IconLabel, Label
from ui.common.layouts import NO_MARGINS, clear, hbox, vbox
from ui.common.paragraphs import Paragraphs
from ui.common.translation import arg, translate

if TYPE_CHECKING:
    from assistant.doctor import DoctorReport


class NetworkProofView(QWidget):
    """For the side panel and for the settings page alike."""

    again_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.explanation = Paragraphs(translate("common", "Checking the network guard…"))
        self.attempts = Label("", "second", wrap=True)
        self.courier = Label("", "second", wrap=True)
        """The one process that the proof does not speak of."""
        self._list = vbox(spacing=12)
        self.again = Button(
            translate("common", "Try again now"), self._try_again, icon="arrow-counter-clockwise"
        )
        vbox(
            self.explanation,
            self._list,
            self.attempts,
            self.courier,
            (self.again, 0, Qt.AlignmentFlag.AlignLeft),
            1,
            parent=self,
            spacing=16,
            margins=NO_MARGINS,
        )

    def show_report(self, report: DoctorReport) -> None:
        self.explanation.set_text(_explanation(report.guard.value))
        clear(self._list)
        for proof in report.proofs:
            self._list.addWidget(_Line(proof.name, proof.words, proof.refused))
        self.courier.setText(error_words.message(report.downloads))
        if report.attempts:
            text = translate(
                "common",
                "Since the program started, %n attempt(s) to reach a network were refused.",
                None,
                report.attempts,
            )
        else:
            text = translate(
                "common",
                "Since the program started, nothing has tried to reach a network, apart from this proof.",
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
        icon, token = ("check-circle", "accent") if refused else ("warning-circle", "error")
        verdict = (
            translate("common", "%1: refused") if refused else translate("common", "%1: REACHED A NETWORK")
        )
        text = vbox(
            Label(arg(verdict, formatting.name(name)), wrap=True),
            Label(formatting.one_line(met), "second", wrap=True),
            spacing=0,
        )
        hbox(
            (IconLabel(icon, token), 0, Qt.AlignmentFlag.AlignTop),
            (text, 1),
            parent=self,
            spacing=12,
            margins=NO_MARGINS,
        )
        self.setAccessibleName(f"{arg(verdict, name)}. {met}")


def _explanation(guard: str) -> str:
    match guard:
        case "kernel":
            return translate(
                "common",
                "The system blocks all network access for this program, its engines and "
                "everything they start. It cannot be unblocked while the program runs.",
            )
        case "python":
            return translate(
                "common",
                "The program blocks its own network access. On this system, native "
                "libraries are not blocked by the system as well.",
            )
    return translate(
        "common", "No network guard is available on this system, so staying offline is not enforced."
    )

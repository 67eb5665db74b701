"""The first step: what this computer can do, and that nothing leaves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.common.buttons_and_labels import Button
from ui.common.page_context import PageContext
from ui.common.translation import translate
from ui.first_run.row import Row
from ui.first_run.step import Step

if TYPE_CHECKING:
    from assistant.models.fit.records import Computer
    from ui.first_run.computer_words import Prospects


class ComputerStep(Step):
    """What it says is found out as soon as the window is there; what takes longer comes later."""

    def __init__(self, context: PageContext, show_proof: Callable[[], None]) -> None:
        super().__init__(
            translate("first_run", "What this computer can do"),
            translate(
                "first_run", "Everything here is done by this computer alone, so it matters what it has."
            ),
        )
        self._context = context
        checking = translate("first_run", "Checking…")
        self.memory = Row("brain", translate("first_run", "Memory"), checking)
        self.processor = Row("cpu", translate("first_run", "Processor"), checking)
        self.disk = Row("hard-drives", translate("first_run", "Disk"), checking)
        self.proof = Button(translate("first_run", "See for yourself"), show_proof)
        self.privacy = Row(
            "shield-check",
            translate("first_run", "Nothing leaves this computer"),
            checking,
            button=self.proof,
        )
        for row in (self.memory, self.processor, self.disk, self.privacy):
            self.items.addWidget(row)
        context.services_ready.connect(self._look)
        if context.ready:
            self._look()

    def came_into_view(self) -> None:
        self._look()

    def _look(self) -> None:
        if not self._context.ready:
            return
        self._show_guard(self._context.services.guard.value)
        self._context.in_background(
            lambda services: services.models.computer(), self._show_computer, lambda _: None
        )

    def _show_guard(self, guard: str) -> None:
        title, icon, token = self.privacy.title.text(), "shield-check", "accent"
        match guard:
            case "kernel":
                text = translate(
                    "first_run", "The system itself blocks all networks for this program, and you can see it."
                )
            case "python":
                text = translate(
                    "first_run", "The program blocks all networks for itself, and you can see it."
                )
            case _:
                title = translate("first_run", "Nothing is sent, but this is not enforced here")
                text = translate("first_run", "On this system the program cannot block networks for itself.")
                icon, token = "shield-warning", "warn"
        self.privacy.icon.show_icon(icon, token)
        self.privacy.say(title, text)

    def _show_computer(self, computer: Computer) -> None:
        from ui.first_run import computer_words as words  # with what models mean: after the first paint

        for row, title, known in (
            (self.memory, words.memory(computer), computer.hardware.memory_total),
            (self.processor, words.processor(computer), computer.hardware.physical_cores),
            (self.disk, words.disk(computer), computer.hardware.disk_free),
        ):
            row.setVisible(bool(known))
            row.say(title, row.text.text())
        if computer.pace is None:
            measuring = translate("first_run", "Measuring how fast models run here…")
            self.processor.say(self.processor.title.text(), measuring)
        self._context.in_background(words.look, self._show_prospects, lambda _: self._not_measured())

    def _show_prospects(self, prospects: Prospects) -> None:
        from ui.first_run import computer_words as words

        computer = prospects.computer
        self.memory.say(words.memory(computer), words.what_fits(prospects))
        self.processor.say(words.processor(computer), words.how_fast(prospects))
        self.disk.say(words.disk(computer), words.room_on_disk(prospects))

    def _not_measured(self) -> None:
        later = translate("first_run", "What fits is seen on the Models page.")
        speed = translate("first_run", "How fast models run here could not be measured now.")
        self.memory.say(self.memory.title.text(), later)
        self.processor.say(self.processor.title.text(), speed)
        self.disk.say(
            self.disk.title.text(), translate("first_run", "Documents take little: they are not copied.")
        )

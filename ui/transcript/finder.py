"""Finds words in the conversation that is open, marks them and goes from one place to the next."""

from __future__ import annotations

from PySide6.QtCore import QObject

from assistant.rich_text.blocks import plain_block
from ui.common.find_bar import FindBar
from ui.common.translation import translate
from ui.text.markdown import parse
from ui.transcript.entry import TranscriptEntry
from ui.transcript.transcript import Transcript


class Finder(QObject):
    def __init__(self, transcript: Transcript) -> None:
        super().__init__(transcript)
        self._transcript = transcript
        self._plain: dict[tuple[int, str], str] = {}
        self._places: list[tuple[int, int]] = []
        """Key of the message, and which of the places in it."""
        self._current = -1
        self.bar = FindBar(translate("chat", "Find in this conversation"))
        self.bar.find_wanted.connect(self._find)
        self.bar.step_wanted.connect(self._step)
        self.bar.closed.connect(self._forget)

    def _find(self, words: str) -> None:
        wanted = words.casefold()
        self._clear_marks()
        self._places = []
        if wanted:
            for entry in self._transcript.entries():
                self._places += [(entry.key, n) for n in range(self._text(entry, wanted).count(wanted))]
        self._current = len(self._places) - 1  # the latest is the likeliest
        self._show()

    def _step(self, by: int) -> None:
        """Go to the next place, or the one before; after the last comes the first."""
        if self._places:
            self._current = (self._current + by) % len(self._places)
            self._show()

    def _text(self, entry: TranscriptEntry, wanted: str) -> str:
        """The words of a message as they are seen; nothing where not even its source has them."""
        source = entry.text.casefold()
        if entry.mine or wanted not in source:
            return source if entry.mine else ""
        key = (entry.key, entry.text)
        if key not in self._plain:
            self._plain[key] = "\n".join(plain_block(block) for block in parse(entry.text)).casefold()
        return self._plain[key]

    def _show(self) -> None:
        self.bar.show_count(self._current + 1, len(self._places))
        if not self._places:
            return
        key, number = self._places[self._current]
        self._clear_marks()
        view = self._transcript.view(key) or self._transcript.show_message(key)
        if view is not None:
            view.text.find_all(self.bar.words())
            place = view.text.look_at(number)
            top = view.text.y() + round(place.top())
            self._transcript.bring_into_view(key, top, round(place.height()))

    def _clear_marks(self) -> None:
        for entry in self._transcript.entries():
            if (view := self._transcript.view(entry.key)) is not None:
                view.text.find_all("")

    def _forget(self) -> None:
        self._plain.clear()
        self._clear_marks()
        self._places, self._current = [], -1

"""The paragraphs, list items, tables and notes of an RTF text, as they become sections."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.documents.formats.rtf_rows import RtfCell, RtfRow, in_columns
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.records import Section


class RtfBlocks:
    """Collects blocks in reading order. Texts come cleaned, "" where there is nothing."""

    def __init__(self) -> None:
        self.level: int | None = None
        """Level of the heading that the paragraph at hand is."""
        self.in_table = False
        self._build = SectionBuilder()
        self._mark = ""
        self._initial = False
        """The paragraph at hand is a large letter with which the next one begins."""
        self._begun = ""
        self._cells: list[str] = []
        self._cell_lines: list[str] = []
        self._rows: list[RtfRow] = []
        self._definition: list[RtfCell] = []
        """Of the cells of the row that is defined."""
        self._next_cell = RtfCell()
        self._notes: list[str] = []
        self._footnotes = 0
        self._margins: dict[str, None] = {}

    def take(self) -> list[Section]:
        """The sections that are complete so far."""
        return self._build.take()

    def finish(self) -> Iterator[Section]:
        """What is left, and headers and footers at the end."""
        self._end_table()
        self._build.paragraph(self._begun)
        self._end_notes()
        yield from self._build.finish()
        if self._margins:
            yield Section("\n".join(self._margins), None, "headers and footers")

    def mark(self, text: str) -> None:
        """The number or bullet before the next paragraph; one of a symbol font is a bullet."""
        known = text and all(ord(sign) < 0xE000 for sign in text) and text not in "·o§-–"
        self._mark = text if known else "•"

    def footnote(self, text: str) -> None:
        if text:
            self._footnotes += 1
            self._notes.append(f"Footnote {self._footnotes}: {text}")

    def comment(self, text: str) -> None:
        if text:
            self._notes.append(f"Comment: {text}")

    def margin(self, text: str) -> None:
        """A header or footer; each different one counts once."""
        if any(letter.isalpha() for letter in text):
            self._margins[text] = None

    def begin_initial(self) -> None:
        """The paragraph at hand is a large letter in a frame of its own."""
        self._initial = True

    def paragraph_defaults(self) -> None:
        self.in_table = self._initial = False
        self.level = None

    def paragraph(self, text: str, *, spaced: bool = False) -> None:
        """Ends a paragraph; `spaced`: a space stands before its words."""
        mark, self._mark = self._mark, ""
        if self.in_table or self._cells:
            self._cell_lines.append(f"{mark} {text}".strip())
            return
        self._end_table()
        if not text:
            return
        text, self._begun = f"{self._begun}{' ' if self._begun and spaced else ''}{text}", ""
        if self._initial and len(text) <= 3:
            self._begun = text
        elif self.level is not None:
            self._build.heading(self.level, f"{mark} {text}" if mark and mark != "•" else text)
        elif mark:
            self._build.item(text, mark)
        else:
            self._build.paragraph(text)
        self._end_notes()

    def cell(self, text: str) -> None:
        mark, self._mark = self._mark, ""
        self._cells.append("\n".join([*self._cell_lines, f"{mark} {text}".strip()]).strip())
        self._cell_lines = []

    def row(self, rest: str) -> None:
        """Ends a row; `rest`: what stands after its last cell."""
        if rest or self._cell_lines:
            self._cells.append("\n".join([*self._cell_lines, rest]).strip())
        self._cell_lines = []
        if self._cells:
            self._rows.append(RtfRow(self._cells, list(self._definition)))
        self._cells = []

    def define_row(self) -> None:
        """The cells of a row are going to be defined."""
        self._definition, self._next_cell = [], RtfCell()

    def define_merged(self, *, down: bool) -> None:
        """The next cell to be defined is merged with the one above it, or with the one before it."""
        if down:
            self._next_cell.goes_on_down = True
        else:
            self._next_cell.goes_on_across = True

    def define_cell(self, edge: int) -> None:
        """A cell ends at `edge`."""
        self._next_cell.edge = edge
        self._definition.append(self._next_cell)
        self._next_cell = RtfCell()

    def _end_table(self) -> None:
        if self._cells:
            self.row("")
        if self._cell_lines:
            self._rows.append(RtfRow(["\n".join(self._cell_lines)], []))
            self._cell_lines = []
        rows, self._rows = self._rows, []
        if rows and max(len(row.cells) for row in rows) <= 1:
            for row in rows:
                self._build.paragraph("\n".join(row.cells))
        elif rows:
            self._build.table(in_columns(rows))
        if rows:
            self._end_notes()

    def _end_notes(self) -> None:
        notes, self._notes = self._notes, []
        for note in notes:
            self._build.paragraph(note)

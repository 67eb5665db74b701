"""The transcript: as few widgets as can be seen, what has grown done anew, and ways through it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextCursor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.chat.records import Role
from assistant.documents.records import Quote
from ui.common.theme import Theme
from ui.transcript.citation_badge import selected_text
from ui.transcript.entry import NO_SOURCE, EntryAction, TranscriptEntry, copied, not_supported, with_marks
from ui.transcript.finder import Finder
from ui.transcript.message_text import MessageText
from ui.transcript.transcript import Transcript

QUOTE = Quote(1, 0.9, 2, "/d/r.pdf", "r.pdf", 7, "page 7", (), "Debt was 1.9.", (), 5, 0, 13)


def messages(number: int) -> list[TranscriptEntry]:
    return [
        TranscriptEntry(
            n,
            Role.USER if n % 2 == 0 else Role.ASSISTANT,
            f"Message {n}\n\nwith **some** words\n\n" * (1 + n % 3),
        )
        for n in range(number)
    ]


@pytest.fixture
def transcript(qtbot: QtBot, theme: Theme) -> Transcript:
    transcript = Transcript()
    qtbot.addWidget(transcript)
    transcript.resize(840, 600)
    transcript.show()
    qtbot.waitExposed(transcript)
    return transcript


def settled(transcript: Transcript, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not transcript._layout_timer.isActive())


def test_only_what_can_be_seen_is_made(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.set_entries(messages(500), to_end=True)
    settled(transcript, qtbot)
    assert 3 < len(transcript._views) < 40
    assert transcript.view(499) is not None
    assert transcript.view(0) is None
    assert transcript._following
    transcript.verticalScrollBar().setValue(0)
    settled(transcript, qtbot)
    assert transcript.view(0) is not None
    assert transcript.view(499) is None
    assert len(transcript._views) < 60
    assert not transcript._following


def test_the_end_is_followed_until_the_person_scrolls_up(transcript: Transcript, qtbot: QtBot) -> None:
    entries = messages(30)
    transcript.set_entries(entries, to_end=True)
    settled(transcript, qtbot)
    bar = transcript.verticalScrollBar()
    last = entries[-1]
    transcript.update_entry(replace(last, text=last.text + "more\n\n" * 20, writing=True))
    assert bar.value() == bar.maximum()
    assert transcript.to_end.isHidden()
    up = QWheelEvent(
        QPointF(300, 300), QPointF(300, 300), QPoint(0, 0), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(transcript.viewport(), up)
    settled(transcript, qtbot)
    place = bar.value()
    transcript.update_entry(replace(last, text=last.text + "more\n\n" * 60, writing=True))
    assert abs(bar.value() - place) < 3, "what is read stays where it is"
    assert not transcript.to_end.isHidden()
    qtbot.mouseClick(transcript.to_end, Qt.MouseButton.LeftButton)
    assert bar.value() == bar.maximum()
    assert transcript.to_end.isHidden()


@pytest.mark.parametrize("intro", ["Intro **bold** [1]\n\n", "```sh\nls\n```\n\n"])
def test_growing_text_is_the_same_as_whole_text(qtbot: QtBot, theme: Theme, intro: str) -> None:
    text = intro + (
        "- a\n- b\n  - c\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n"
        "```python\nx = 1\n# two\n```\n\n> said\n\nاللغة العربية\n\n1. one\n\n---\n\nend"
    )
    grown, whole = MessageText(), MessageText()
    for widget in (grown, whole):
        qtbot.addWidget(widget)
        widget.set_quotes({1: "quote"})
        widget.height_for(600)
    for at in range(0, len(text) + 1, 3):
        grown.set_markdown(text[:at])
        grown.height_for(600)
    grown.set_markdown(text)
    whole.set_markdown(text)
    assert grown.toPlainText() == whole.toPlainText()
    assert grown.height_for(600) == whole.height_for(600)
    first, second = grown.document().begin(), whole.document().begin()
    while first.isValid():
        assert first.textDirection() == second.textDirection()
        assert first.blockFormat().topMargin() == second.blockFormat().topMargin()
        first, second = first.next(), second.next()


def test_code_that_begins_an_answer_has_its_head(qtbot: QtBot, theme: Theme) -> None:
    text = MessageText()
    qtbot.addWidget(text)
    text.set_markdown("```python\nx = 1\n```\n\nThen words.")
    text.height_for(600)
    text.place_buttons()
    ((code, start, end),) = text._writer.code()
    assert text._code_rect(start, end, code.indent, code.quoted).top() == 0
    assert text._copy_buttons[0].y() >= 0
    text.set_markdown("Only words.")
    assert text.toPlainText() == "Only words."


def test_right_to_left_is_laid_out_by_the_paragraph(qtbot: QtBot, theme: Theme) -> None:
    text = MessageText()
    qtbot.addWidget(text)
    text.set_markdown("English first\n\nمرحبا بكم\n\nEnglish again")
    block, directions = text.document().begin(), []
    while block.isValid():
        directions.append(block.textDirection())
        block = block.next()
    right = Qt.LayoutDirection.RightToLeft
    assert [direction == right for direction in directions] == [False, True, False]


def test_a_badge_shows_its_quote_and_is_copied_as_its_number(qtbot: QtBot, theme: Theme) -> None:
    text = MessageText()
    qtbot.addWidget(text)
    text.set_quotes({1: "Debt was 1.9."})
    text.set_markdown("Debt 😀 fell [1], they say [7].")
    assert "\ufffc" in text.toPlainText()
    assert "[7]" in text.toPlainText(), "a number without a quote stays as it was written"
    cursor = text.textCursor()
    cursor.select(QTextCursor.SelectionType.Document)
    assert selected_text(cursor) == "Debt 😀 fell [1], they say [7]."
    wanted: list[int] = []
    text.citation_wanted.connect(wanted.append)
    text._follow("cite:1")
    assert wanted == [1]


def test_code_has_a_button_that_copies_it(qtbot: QtBot, theme: Theme) -> None:
    text = MessageText()
    qtbot.addWidget(text)
    text.height_for(500)
    text.set_markdown("Look:\n\n```python\nx = 1\ny = 2\n```\n\nand\n\n```\nz\n```")
    assert [button.accessibleName() for button in text._copy_buttons] == ["Copy the code"] * 2
    text._copy_buttons[0].click()
    assert QApplication.clipboard().text() == "x = 1\ny = 2"


def test_links_are_only_told_of(qtbot: QtBot, theme: Theme) -> None:
    text = MessageText()
    qtbot.addWidget(text)
    text.set_markdown("[a](http://x.y) ![b](http://x.y/p.png)")
    told: list[str] = []
    text.link_wanted.connect(told.append)
    text._follow("http://x.y")
    assert told == ["http://x.y"]
    assert "\ufffc" not in text.toPlainText(), "no picture is loaded"


def test_finding_goes_from_place_to_place(transcript: Transcript, qtbot: QtBot) -> None:
    entries = messages(300)
    entries[4] = replace(entries[4], text="here is a needle")
    entries[200] = replace(entries[200], text="needle and **needle** again")
    transcript.set_entries(entries, to_end=True)
    bar = Finder(transcript).bar
    qtbot.addWidget(bar)
    bar.open_bar()
    bar.field.setText("NEEDLE")
    qtbot.waitUntil(lambda: bar.count.text() == "3 of 3")
    assert transcript.view(200) is not None
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count.text() == "1 of 3"
    view = transcript.view(4)
    assert view is not None
    assert len(view.text.extraSelections()) == 1
    bar.close_bar()
    assert not view.text.extraSelections()


def test_thoughts_are_folded_away(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.set_entries(
        [TranscriptEntry(1, Role.ASSISTANT, "Answer", thinking="first this, then that")], to_end=True
    )
    settled(transcript, qtbot)
    view = transcript.view(1)
    assert view is not None
    assert view._thoughts is None
    assert view._fold is not None
    assert "5 words" not in view._fold.text()
    assert "4 words" in view._fold.text()
    height = view.height()
    view._fold.click()
    assert view._thoughts is not None
    assert "first this" in view._thoughts.toPlainText()
    assert view.height() > height


def test_the_keyboard_reaches_every_message(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.set_entries(messages(40), to_end=True)
    settled(transcript, qtbot)
    done: list[tuple[EntryAction, int]] = []
    transcript.action_wanted.connect(lambda action, key: done.append((action, key)))
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(transcript, Qt.Key.Key_Up, control)
    first = transcript._chosen
    assert first is not None
    for _ in range(12):
        QTest.keyClick(transcript, Qt.Key.Key_Up, control)
    assert transcript._chosen == first - 12
    assert transcript.view(first - 12) is not None
    QTest.keyClick(transcript, Qt.Key.Key_C)
    assert done == [(EntryAction.COPY, first - 12)]
    QTest.keyClick(transcript, Qt.Key.Key_Home)
    assert transcript.verticalScrollBar().value() == 0
    QTest.keyClick(transcript, Qt.Key.Key_End)
    assert transcript._following


def test_what_no_quote_supports_is_marked(transcript: Transcript, qtbot: QtBot) -> None:
    assert with_marks("One. Two.", (4,), (9,)) == "One.\u00a0【0】 Two.\u00a0【999】"
    assert copied("One. Two.", (4,), (9,)) == "One. [?] Two. [no source]"
    entry = TranscriptEntry(1, Role.ASSISTANT, "Debt fell [1]. It rains.", quotes=(QUOTE,), doubts=(24,))
    transcript.set_entries([entry], to_end=True)
    settled(transcript, qtbot)
    view = transcript.view(1)
    assert view is not None
    assert view.text.toPlainText().count("\ufffc") == 2
    assert view.text._quotes[0] == not_supported()
    told: list[Any] = []
    view.citation_wanted.connect(lambda key, number: told.append((key, number)))
    view.text.citation_wanted.emit(0)
    view.text.citation_wanted.emit(1)
    assert told == [(1, 1)]


def test_a_sentence_without_a_source_says_so(transcript: Transcript, qtbot: QtBot) -> None:
    """Otherwise it would look like one that was checked."""
    entry = TranscriptEntry(1, Role.ASSISTANT, "Debt fell [1]. It rains.", quotes=(QUOTE,), unsourced=(24,))
    transcript.set_entries([entry], to_end=True)
    settled(transcript, qtbot)
    view = transcript.view(1)
    assert view is not None
    view.text.selectAll()
    assert selected_text(view.text.textCursor()) == "Debt fell [1]. It rains.\u00a0[no source]"
    told: list[Any] = []
    view.citation_wanted.connect(lambda key, number: told.append((key, number)))
    view.text.citation_wanted.emit(NO_SOURCE)
    assert told == []


def test_numbers_are_no_citations_before_they_are_checked(transcript: Transcript, qtbot: QtBot) -> None:
    entry = TranscriptEntry(1, Role.ASSISTANT, "Debt fell [1].", quotes=(QUOTE,), writing=True)
    transcript.set_entries([entry], to_end=True)
    settled(transcript, qtbot)
    view = transcript.view(1)
    assert view is not None
    assert "\ufffc" not in view.text.toPlainText()


def test_colors_follow_the_theme(transcript: Transcript, qtbot: QtBot, theme: Theme) -> None:
    transcript.set_entries([TranscriptEntry(1, Role.ASSISTANT, "Some words")], to_end=True)
    settled(transcript, qtbot)
    view = transcript.view(1)
    assert view is not None
    theme.choose("dark")
    cursor = QTextCursor(view.text.document())
    cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
    assert cursor.charFormat().foreground().color() == theme.color("text")
    theme.choose("light")

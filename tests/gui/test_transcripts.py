"""Transcripts in the window: recordings that are given to it, the list, the editor beside the sound."""

from __future__ import annotations

import json
import random
import threading
import wave
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextBlock, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from assistant import paths
from assistant.documents.records import Quote
from assistant.errors import DocumentGone, ModelUnusable
from assistant.speech.audio import audio_paths
from assistant.speech.records import Decoding, Segment, SegmentsFound, Word
from assistant.speech.records import Transcript as Recognised
from assistant.speech.speakers.records import Turn
from assistant.speech.transcripts import export
from assistant.speech.transcripts.records import COLLECTION, StoredParagraph, StoredSegment, TranscriptState
from assistant.translation.records import TranslationOptions
from tests.gui.conftest import Dragging
from tests.gui.doubles import Services, document
from tests.gui.speech_doubles import Transcription
from ui.common.dialogs import QuestionDialog
from ui.common.theme import Theme
from ui.shell.shortcuts import SHORTCUTS
from ui.transcripts import export_menu, segments_in_text
from ui.transcripts.segments_in_text import SegmentTexts, pieces
from ui.transcripts.sound_player import STEP, SoundPlayer
from ui.transcripts.transcript_editor import AFTER_WORD, BEFORE_WORD, TranscriptEditor
from ui.transcripts.transcript_text import TranscriptText
from ui.transcripts.transcripts_tab import TranscriptsTab
from ui.transcripts.transcripts_view import words_of
from ui.window import Window

Connect = Callable[..., Services]
MODEL = Path("/models/whisper-small")


def said(text: str, start: float, speaker: str = "") -> Segment:
    """Words of half a second each."""
    words = [Word(start + n / 2, start + n / 2 + 0.4, f" {word}") for n, word in enumerate(text.split())]
    return Segment(start, words[-1].end, text, tuple(words), speaker)


TALK = (
    said("The bridge was built in ninety days.", 1.0),
    said("Nobody believed it.", 5.0),
    said("Then the flood came.", 20.0),
)


class Played:
    """What a player is asked to play: no sound is made."""

    def __init__(self, player: SoundPlayer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[tuple[float | None, float | None]] = []
        self._player = player
        monkeypatch.setattr(player, "play", self._play)

    def _play(self, seconds: float | None = None, until: float | None = None) -> None:
        self.calls.append((seconds, until))
        self._player.seconds = self._player.seconds if seconds is None else seconds
        self._player.playing = True
        self._player.changed.emit()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    file = tmp_path / "interview.wav"
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(2 * 8000 * 30))
    return file


@pytest.fixture
def services(services: Services, connected: Connect) -> Services:
    return connected()


@pytest.fixture
def tab(window: Window, services: Services, qtbot: QtBot) -> TranscriptsTab:
    window.go_to("dictate")
    window.dictate.show_transcripts()
    qtbot.waitUntil(lambda: window.transcripts.actions.loaded and window.dictate.has_model is not None)
    return window.dictate.transcripts


def make(services: Services, recording: Path, *segments: Segment, done: bool = True) -> int:
    """A transcript that is kept."""
    store = services.transcripts
    info = store.begin(recording, MODEL, Decoding())
    store.keep(info.id, SegmentsFound(segments, segments[-1].end, 30.0, "en"))
    if done:
        store.finish(info.id, Recognised(segments, "en", 30.0))
    state = TranscriptState.DONE if done else TranscriptState.STOPPED
    store.set_state(info.id, state)
    return info.id


@pytest.fixture
def editor(
    window: Window, services: Services, recording: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> TranscriptEditor:
    return opened(window, make(services, recording, *TALK), qtbot)


def opened(window: Window, id: int, qtbot: QtBot) -> TranscriptEditor:
    window.transcripts.open(id)
    editor = window.transcripts.editor
    qtbot.waitUntil(lambda: editor.transcript is not None)
    return editor


def running(services: Services, qtbot: QtBot, number: int = 1) -> Transcription:
    qtbot.waitUntil(lambda: len(services.speech.transcriptions) >= number)
    return services.speech.transcriptions[number - 1]


def point_of(text: TranscriptText, word: str) -> QPoint:
    cursor = text.document().find(word)
    cursor.setPosition(cursor.selectionStart() + 1)
    return text.cursorRect(cursor).center()


def replace(text: TranscriptText, old: str, new: str) -> None:
    """As a person does who marks a word and types."""
    text.setTextCursor(text.document().find(old))
    if new:
        QTest.keyClicks(text, new)
    else:
        QTest.keyClick(text, Qt.Key.Key_Delete)


def kept(services: Services, id: int) -> list[str]:
    return [each.text for each in services.transcripts.open(id).segments]


# --- recordings that are given


@pytest.mark.parametrize("page", ["documents", "dictate", "settings"])
def test_a_dropped_recording_is_transcribed_and_shown(
    window: Window,
    services: Services,
    drag: Callable[..., Dragging],
    recording: Path,
    page: str,
    qtbot: QtBot,
) -> None:
    window.go_to(page)
    held = drag(str(recording))
    assert window.drops.overlay.text() == "Drop to transcribe “interview.wav”"
    held.drop()
    transcription = running(services, qtbot)
    assert transcription.file == recording
    qtbot.waitUntil(lambda: len(window.dictate.transcripts.view.rows) == 1)
    (row,) = window.dictate.transcripts.view.rows.values()
    assert row.isVisible()
    assert services.documents.called("add") == []
    transcription.find(*TALK[:1])
    qtbot.waitUntil(lambda: row.state.text().startswith("Transcribing · 7 %"))
    assert row.bar.value() == 73
    assert not row.stop.isHidden()
    transcription.end()
    qtbot.waitUntil(lambda: "1:00" in row.state.text())
    assert row.stop.isHidden()
    assert row.bar.isHidden()


def test_what_is_dropped_together_goes_each_to_its_place(
    window: Window,
    services: Services,
    drag: Callable[..., Dragging],
    recording: Path,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    model, letter = tmp_path / "small.gguf", tmp_path / "letter.txt"
    model.write_bytes(b"GGUF")
    letter.write_text("Dear")
    window.go_to("settings")
    drag(str(recording), str(model), str(letter)).drop()
    assert running(services, qtbot).file == recording
    qtbot.waitUntil(lambda: bool(services.documents.called("add")))
    ((given, *_),) = services.documents.called("add")
    assert given == (str(letter),)
    assert any("1 recording" in notice.message for notice in window.notices.all())
    assert window.shows("documents")
    running(services, qtbot).end()


def test_a_recording_that_is_dropped_into_a_conversation_is_transcribed(
    window: Window, services: Services, drag: Callable[..., Dragging], recording: Path, qtbot: QtBot
) -> None:
    window.go_to("chat")
    drag(str(recording)).drop()
    running(services, qtbot).end()
    assert window.shows("chat")
    (notice,) = [each for each in window.notices.all() if "recording" in each.message]
    assert notice.action is not None
    notice.action.do()
    assert window.shows("dictate")
    qtbot.waitUntil(lambda: len(window.dictate.transcripts.view.rows) == 1)


def test_recordings_are_known_by_name_and_folders_of_them_by_what_they_hold(tmp_path: Path) -> None:
    tape, mixed = tmp_path / "tape", tmp_path / "mixed"
    for file in (tape / "a.MP3", tape / "b.m4a", mixed / "a.mp3", mixed / "letter.txt"):
        file.parent.mkdir(exist_ok=True)
        file.touch()
    film, program = tmp_path / "film.ts", tmp_path / "program.ts"
    film.write_bytes((b"G" + bytes(187)) * 2)
    program.write_text("Greeting = class {}\n" * 20)
    given = [str(each) for each in (tape, mixed, film, program)]
    recordings, others = audio_paths.sort_out(given)
    assert recordings == (str(tape / "a.MP3"), str(tape / "b.m4a"), str(film))
    assert others == (str(mixed), str(program))


def test_a_recording_waits_for_a_model(
    window: Window, services: Services, tab: TranscriptsTab, recording: Path, qtbot: QtBot
) -> None:
    services.speech.model = ""
    window.dictate.refresh()
    qtbot.waitUntil(lambda: window.dictate.has_model is False)
    assert tab.view.first_model.isVisible()
    window.document_actions.add([str(recording)], None)
    qtbot.waitUntil(lambda: "1 recording" in tab.view.first_model.text.text())
    services.speech.model = str(MODEL)
    window.dictate.refresh()
    running(services, qtbot).end()


def test_a_recording_that_is_given_again_has_one_transcript(
    window: Window, services: Services, tab: TranscriptsTab, recording: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.transcripts.actions.begun):
        window.transcripts.actions.transcribe([str(recording)])
    first = running(services, qtbot)
    with qtbot.waitSignal(window.transcripts.actions.begun):
        window.transcripts.actions.transcribe([str(recording)])
    first.end(DocumentGone("audio-gone", name="interview.wav"))
    (row,) = tab.view.rows.values()
    qtbot.waitUntil(lambda: row.go_on.isVisible())
    window.transcripts.actions.transcribe([str(recording)])
    second = running(services, qtbot, 2)
    qtbot.waitUntil(row.stop.isVisible)
    second.end()
    qtbot.waitUntil(lambda: row.info.state is TranscriptState.DONE)
    assert len(tab.view.rows) == len(services.transcripts.infos()) == 1


def test_what_was_read_before_does_not_hide_what_happened_since(
    window: Window,
    services: Services,
    tab: TranscriptsTab,
    recording: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The list is read on another thread, which may take longer than the end of a transcription."""
    window.transcripts.actions.transcribe([str(recording)])
    run = running(services, qtbot)
    qtbot.waitUntil(lambda: bool(tab.view.rows))
    (row,) = tab.view.rows.values()
    store, read, go_on = services.transcripts, threading.Event(), threading.Event()
    infos = store.infos

    def slow_infos() -> Any:
        found = infos()
        read.set()
        assert go_on.wait(60)
        return found

    monkeypatch.setattr(store, "infos", slow_infos)
    window.transcripts.actions.load()
    assert read.wait(60)
    run.end()
    qtbot.waitUntil(lambda: row.info.state is TranscriptState.DONE)
    with qtbot.waitSignal(window.transcripts.actions.changed):
        go_on.set()
    assert row.info.state is TranscriptState.DONE


def test_the_status_line_tells_what_is_transcribed_and_stops_it(
    window: Window, services: Services, recording: Path, qtbot: QtBot
) -> None:
    other = recording.with_name("talk.wav")
    other.write_bytes(recording.read_bytes())
    status = window.status
    window.transcripts.actions.transcribe([str(recording), str(other)])
    first = running(services, qtbot)
    first.find(*TALK[:1])
    qtbot.waitUntil(lambda: status.bar.isVisible())
    assert status.doing.text() == "Transcribing · \u2068interview.wav\u2069 · 1 more"
    assert status.bar.value() / status.bar.maximum() == pytest.approx(TALK[0].end / 60, abs=0.001)
    assert status.left.isVisible()
    assert not status.pause.isVisible()
    assert status.stop.accessibleName() == "Stop transcribing interview.wav"
    status.stop.click()
    second = running(services, qtbot, 2)
    qtbot.waitUntil(lambda: status.doing.text() == "Transcribing · \u2068talk.wav\u2069")
    assert not status.bar.isVisible(), "nothing is known of it yet"
    second.end()
    qtbot.waitUntil(lambda: not status._job.isVisible())
    assert [each.state for each in services.transcripts.infos()] == [
        TranscriptState.DONE,
        TranscriptState.STOPPED,
    ]


# --- the list


def test_an_empty_list_says_what_to_do(tab: TranscriptsTab) -> None:
    assert tab.view.nothing.isVisible()
    assert tab.view.nothing.buttons[0].text().endswith("Choose recordings")


def test_what_stopped_goes_on_and_what_failed_says_why(
    window: Window, services: Services, tab: TranscriptsTab, recording: Path, qtbot: QtBot
) -> None:
    window.transcripts.actions.transcribe([str(recording)])
    first = running(services, qtbot)
    qtbot.waitUntil(lambda: bool(tab.view.rows))
    first.find(*TALK[:2])
    (row,) = tab.view.rows.values()
    row.stop.click()
    qtbot.waitUntil(lambda: row.state.text().startswith("Stopped at 0:06"))
    row.go_on.click()
    second = running(services, qtbot, 2)
    assert second.start == TALK[1].end
    second.end(DocumentGone("audio-gone", name="interview.wav"))
    qtbot.waitUntil(lambda: "interview.wav" in row.state.text())
    assert row.state.property("words") == "error"
    assert row.go_on.isVisible()


def test_a_deleted_transcript_comes_back(
    window: Window, services: Services, recording: Path, tab: TranscriptsTab, qtbot: QtBot
) -> None:
    id = make(services, recording, *TALK)
    window.transcripts.actions.load()
    qtbot.waitUntil(lambda: id in tab.view.rows)
    QTest.keyClick(tab.view.rows[id], Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not tab.view.rows)
    qtbot.waitUntil(lambda: any(each.undoes for each in window.notices.all()))
    window._undo()
    qtbot.waitUntil(lambda: id in tab.view.rows)


def test_a_transcript_is_translated_from_its_menu(
    window: Window, services: Services, recording: Path, tab: TranscriptsTab, qtbot: QtBot
) -> None:
    make(services, recording, said("Good morning.", 0.0), said("It rains.", 4.0))
    tab.load()
    qtbot.waitUntil(lambda: bool(tab.view.rows))
    (row,) = tab.view.rows.values()
    menu = row.menu()
    next(action for action in menu.actions() if action.text() == "Translate").trigger()
    menu.close()
    qtbot.waitUntil(lambda: bool(services.translations.asked))
    assert "It rains." in services.translations.asked[0][0]


def test_a_transcript_is_renamed_in_the_list_and_where_it_is_open(
    window: Window, services: Services, recording: Path, tab: TranscriptsTab, qtbot: QtBot
) -> None:
    id = make(services, recording, *TALK)
    editor = opened(window, id, qtbot)
    qtbot.waitUntil(lambda: id in tab.view.rows)
    replace(editor.text, "ninety", "eighty")  # not kept yet
    menu = tab.view.rows[id].menu()
    next(action for action in menu.actions() if action.text() == "Rename…").trigger()
    (dialog,) = window.findChildren(QuestionDialog)
    assert dialog.value() == "interview.wav"
    dialog.field.setText("The bridge")
    dialog.yes.click()
    qtbot.waitUntil(lambda: tab.view.rows[id].title.text() == "The bridge")
    assert window.panel._title.text() == "The bridge"
    assert editor.transcript is not None
    assert editor.transcript.info.title == "The bridge", "the file that is exported is called so"
    assert "eighty" in editor.text.toPlainText()
    with qtbot.waitSignal(editor.saver.saved):
        editor.text.at_once()
    assert services.transcripts.info(id).title == "The bridge"
    assert kept(services, id)[0] == "The bridge was built in eighty days."


# --- listening


def test_a_clicked_word_is_heard_alone_and_a_time_from_there_on(
    editor: TranscriptEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = Played(editor.player, monkeypatch)
    view = editor.text.viewport()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=point_of(editor.text, "ninety"))
    word = TALK[0].words[5]
    assert played.calls == [(word.start - BEFORE_WORD, word.end + AFTER_WORD)]
    editor.player.playing = True
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=point_of(editor.text, "flood"))
    assert played.calls[-1] == (TALK[2].words[2].start - BEFORE_WORD, None)
    QTest.mouseClick(editor.text._margin, Qt.MouseButton.LeftButton, pos=QPoint(30, 20))
    assert played.calls[-1] == (TALK[0].start, None)


def test_the_word_that_is_heard_is_marked(editor: TranscriptEditor) -> None:
    editor.player.heard.emit(3.6)
    assert editor.text.heard_text() == "ninety"
    editor.player.heard.emit(20.9)
    assert editor.text.heard_text() == "the"
    editor.player.heard.emit(0.2)
    assert editor.text.heard_text() == ""


def test_the_keys_play_step_and_change_the_speed(
    window: Window, editor: TranscriptEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = Played(editor.player, monkeypatch)
    window.activateWindow()
    QTest.keyClick(editor.text, Qt.Key.Key_F8)
    assert len(played.calls) == 1
    editor.player.seconds = 10.0
    QTest.keyClick(editor.text, Qt.Key.Key_F7)
    assert editor.player.seconds == 10.0 - STEP
    QTest.keyClick(editor.text, Qt.Key.Key_F9)
    assert editor.player.seconds == 10.0
    QTest.keyClick(editor.text, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    assert editor.speed.text().endswith("1.25×")
    QTest.keyClick(editor.text, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert editor.player.speed == 1.0
    keys = {key for each in SHORTCUTS["Transcripts"] for key in each.keys}
    assert {"F8", "F7", "F9", "Shift+F7", "Shift+F9", "Ctrl+F"} <= keys


def test_a_recording_that_is_gone_leaves_its_text(
    window: Window, services: Services, recording: Path, qtbot: QtBot
) -> None:
    id = make(services, recording, *TALK)
    recording.unlink()
    editor = opened(window, id, qtbot)
    assert "is missing" in editor.notice.text()
    assert not editor.play.isEnabled()
    assert "bridge" in editor.text.toPlainText()
    QTest.keyClick(editor.text, Qt.Key.Key_F8)
    assert any("is missing" in notice.message for notice in window.notices.all())


def test_a_narrow_editor_shows_icons(editor: TranscriptEditor, window: Window, qtbot: QtBot) -> None:
    assert editor.export.text().endswith("Export")
    window.resize(760, 480)
    qtbot.waitUntil(lambda: editor.export.text() == "")
    assert editor.export.accessibleName() == "Export"


# --- editing


def test_paragraphs_stand_with_their_times(editor: TranscriptEditor) -> None:
    first, second = editor.text.toPlainText().split("\n")
    assert first == "The bridge was built in ninety days. Nobody believed it."
    assert second == "Then the flood came."
    assert [segment.start for segment, _ in editor.text.shown_paragraphs()] == [1.0, 20.0]


def test_edited_words_are_kept_and_the_others_keep_their_times(
    editor: TranscriptEditor, services: Services, qtbot: QtBot
) -> None:
    replace(editor.text, "ninety", "eighty")
    with qtbot.waitSignal(editor.saver.saved):
        editor.text.at_once()
    segments = services.transcripts.open(editor.id).segments
    assert segments[0].text == "The bridge was built in eighty days."
    assert [word.start for word in segments[0].words] == [word.start for word in TALK[0].words]
    assert segments[1:] == TALK[1:]
    editor.player.heard.emit(3.6)
    assert editor.text.heard_text() == "eighty"


def test_an_undone_deletion_brings_the_times_back(
    editor: TranscriptEditor, services: Services, qtbot: QtBot
) -> None:
    replace(editor.text, "Nobody believed it.", "")
    with qtbot.waitSignal(editor.saver.saved):
        editor.text.at_once()
    assert kept(services, editor.id) == [TALK[0].text, TALK[2].text]
    editor.text.undo()
    with qtbot.waitSignal(editor.saver.saved):
        editor.text.at_once()
    assert services.transcripts.open(editor.id).segments == TALK


@pytest.mark.parametrize("deleted_first", [True, False])
def test_what_is_typed_in_the_place_of_everything_is_kept(
    window: Window, editor: TranscriptEditor, services: Services, qtbot: QtBot, deleted_first: bool
) -> None:
    id = editor.id
    editor.text.selectAll()
    if deleted_first:
        QTest.keyClick(editor.text, Qt.Key.Key_Delete)
        with qtbot.waitSignal(editor.saver.saved):
            editor.text.at_once()
        assert kept(services, id) == []
        editor.text.undo()
        assert len(editor.text.texts()) == len(TALK)
        editor.text.redo()
    QTest.keyClicks(editor.text, "All new.")
    with qtbot.waitSignal(editor.saver.saved):
        editor.text.at_once()
    assert kept(services, id) == ["All new."]
    assert editor.text.texts() == {editor.transcript.paragraphs[0].segments[0].id: "All new."}


def test_where_nothing_is_left_nothing_can_be_typed_that_would_not_be_kept(
    window: Window, editor: TranscriptEditor, services: Services, qtbot: QtBot
) -> None:
    id = editor.id
    editor.text.selectAll()
    QTest.keyClick(editor.text, Qt.Key.Key_Delete)
    window.panel.close_panel()
    qtbot.waitUntil(lambda: kept(services, id) == [])
    assert opened(window, id, qtbot).text.isReadOnly()


def test_a_change_across_segments_and_paragraphs_is_kept(
    editor: TranscriptEditor, services: Services, qtbot: QtBot
) -> None:
    cursor = editor.text.document().find("believed")
    cursor.setPosition(cursor.selectionStart())
    cursor.setPosition(editor.text.document().find("flood").selectionStart(), QTextCursor.MoveMode.KeepAnchor)
    editor.text.setTextCursor(cursor)
    QTest.keyClicks(editor.text, "saw the ")
    with qtbot.waitSignal(editor.saver.saved):
        editor.text.at_once()
    assert kept(services, editor.id) == [TALK[0].text, "Nobody", "saw the flood came."]
    editor.player.heard.emit(21.2)
    assert editor.text.heard_text() == "flood"


def test_what_is_typed_in_a_long_transcript_is_read_without_reading_all_of_it(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = TranscriptText()
    qtbot.addWidget(text)
    stored = [StoredSegment(n, said(f"This is sentence {n}.", 10.0 * n)) for n in range(1, 41)]
    pairs = zip(stored[::2], stored[1::2], strict=True)
    text.show_paragraphs([StoredParagraph(two, " ".join(each.segment.text for each in two)) for two in pairs])
    read: list[int] = []

    def noted(block: QTextBlock) -> Iterator[tuple[int, str, int]]:
        read.append(block.blockNumber())
        return pieces(block)

    monkeypatch.setattr(segments_in_text, "pieces", noted)
    replace(text, "sentence 9", "line 9")
    assert text.texts()[9] == "This is line 9."
    assert read == [4]
    dice = random.Random(4)
    for _ in range(60):
        cursor = QTextCursor(text.document())
        cursor.setPosition(dice.randrange(text.document().characterCount()))
        if dice.random() < 0.5:
            far = min(cursor.position() + dice.randrange(90), text.document().characterCount() - 1)
            cursor.setPosition(far, QTextCursor.MoveMode.KeepAnchor)  # paragraphs are joined, too
        dice.choice(
            [partial(cursor.insertText, "a word "), cursor.removeSelectedText, text.undo, text.redo]
        )()
        anew = SegmentTexts(text.document())
        assert list(text._said.by_paragraph()) == list(anew.by_paragraph())


def test_enter_makes_no_paragraph(editor: TranscriptEditor) -> None:
    before = editor.text.toPlainText()
    QTest.keyClick(editor.text, Qt.Key.Key_Return)
    assert editor.text.toPlainText() == before


def test_what_was_typed_last_is_kept_when_the_editor_or_the_program_closes(
    window: Window, editor: TranscriptEditor, services: Services, qtbot: QtBot
) -> None:
    id = editor.id
    replace(editor.text, "ninety", "eighty")
    window.panel.close_panel()
    qtbot.waitUntil(lambda: "eighty" in kept(services, id)[0])
    opened(window, id, qtbot)
    replace(editor.text, "flood", "rain")
    window.leave()
    assert kept(services, id)[2] == "Then the rain came."


def test_it_grows_while_it_is_transcribed(
    window: Window, services: Services, tab: TranscriptsTab, recording: Path, qtbot: QtBot
) -> None:
    window.transcripts.actions.transcribe([str(recording)])
    transcription = running(services, qtbot)
    transcription.find(TALK[0])
    qtbot.waitUntil(lambda: bool(tab.view.rows))
    editor = opened(window, next(iter(tab.view.rows)), qtbot)
    assert editor.text.isReadOnly()
    transcription.find(*TALK[1:])
    qtbot.waitUntil(lambda: "flood" in editor.text.toPlainText())
    transcription.end()
    qtbot.waitUntil(lambda: not editor.text.isReadOnly())
    assert editor.text.toPlainText().split("\n")[1] == TALK[2].text
    assert not editor.text.document().isUndoAvailable()


# --- speakers, finding, exports, questions


def test_speakers_are_renamed_and_merged(
    window: Window, services: Services, recording: Path, qtbot: QtBot
) -> None:
    talk = (said("Good morning.", 1.0, "1"), said("Morning.", 3.0, "2"), said("Let us begin.", 6.0, "3"))
    editor = opened(window, make(services, recording, *talk), qtbot)
    assert editor.transcript is not None
    assert editor.transcript.speakers == ("1", "2", "3")
    editor._rename_speaker("1", "Anna")
    qtbot.waitUntil(lambda: editor.transcript.speakers == ("Anna", "2", "3"))
    editor._rename_speaker("3", "Anna")
    qtbot.waitUntil(lambda: editor.transcript.speakers == ("Anna", "2"))
    editor.text.look_at(3.2)
    editor._set_speaker("Anna")
    qtbot.waitUntil(lambda: editor.transcript.speakers == ("Anna",))
    assert {each.speaker for each in services.transcripts.open(editor.id).segments} == {"Anna"}


def undo(window: Window) -> None:
    """Press the button of the newest notice that has one."""
    notice = next(each for each in reversed(window.notices.all()) if each.undoes)
    assert notice.action is not None
    notice.action.do()


def test_who_speaks_is_found_out_and_undone(
    editor: TranscriptEditor, window: Window, services: Services, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: window.transcripts.actions.loaded)
    services.speakers.turns = (Turn(0, 4, 0), Turn(4, 10, 1), Turn(19, 30, 0))
    menu = editor._speakers_menu()
    counts = menu.actions()[0].menu()
    assert [each.text() for each in counts.actions()[:3]] == [
        "Detect how many",
        "1 speaker",
        "2 speakers",
    ]
    counts.actions()[0].trigger()
    qtbot.waitUntil(lambda: editor.transcript.speakers == ("Speaker 1", "Speaker 2"))
    assert services.speakers.asked == [("interview.wav", 0)]
    assert [each.speaker for each in editor.transcript.paragraphs] == ["Speaker 1", "Speaker 2", "Speaker 1"]
    qtbot.waitUntil(lambda: not editor.text.isReadOnly())
    assert any(notice.message == "Found 2 speakers." for notice in window.notices.all())
    editor._rename_speaker("Speaker 2", "Speaker 1")
    qtbot.waitUntil(lambda: editor.transcript.speakers == ("Speaker 1",))
    undo(window)
    qtbot.waitUntil(lambda: editor.transcript.speakers == ("Speaker 1", "Speaker 2"))
    undo(window)
    qtbot.waitUntil(lambda: editor.transcript.speakers == ())


def test_what_was_typed_before_is_taken_back_though_the_speaker_is_another_one_since(
    editor: TranscriptEditor, window: Window, services: Services, qtbot: QtBot
) -> None:
    def first() -> str:
        return kept(services, editor.id)[0]

    replace(editor.text, "ninety", "eighty")
    qtbot.waitUntil(lambda: "eighty" in first())
    editor._set_speaker("Anna")
    qtbot.waitUntil(lambda: editor.transcript.speakers == ("Anna",))
    replace(editor.text, "eighty", "ninety")
    qtbot.waitUntil(lambda: "ninety" in first())
    assert not any("changed" in notice.message for notice in window.notices.all())


def test_while_who_speaks_is_found_out_the_text_rests_and_stop_leaves_it(
    tab: TranscriptsTab, window: Window, services: Services, recording: Path, qtbot: QtBot
) -> None:
    id = make(services, recording, *TALK)
    window.transcripts.actions.load()
    qtbot.waitUntil(lambda: id in tab.view.rows)
    editor = opened(window, id, qtbot)
    services.speakers.holds = True
    editor.find_speakers_wanted.emit(editor.id, 2)
    row = tab.view.rows[editor.id]
    qtbot.waitUntil(lambda: row.state.text().startswith("Identifying speakers · 50 %"))
    qtbot.waitUntil(editor.text.isReadOnly)
    assert "being identified" in editor.notice.text()
    row.stop.click()
    qtbot.waitUntil(lambda: not editor.text.isReadOnly())
    assert editor.transcript.speakers == ()
    assert row.info.state is TranscriptState.DONE


def test_without_its_models_it_says_what_to_bring(
    editor: TranscriptEditor, window: Window, services: Services, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: window.transcripts.actions.loaded)
    services.speakers.models = False
    editor.find_speakers_wanted.emit(editor.id, 0)
    qtbot.waitUntil(lambda: any("Two models" in notice.message for notice in window.notices.all()))
    (notice,) = [each for each in window.notices.all() if "Two models" in each.message]
    assert "pyannote" in notice.hint
    services.speakers.models = True
    services.speakers.error = ModelUnusable("speaker-models-crashed", names="a.onnx, b.onnx")
    editor.find_speakers_wanted.emit(editor.id, 0)
    qtbot.waitUntil(lambda: "a.onnx" in editor.notice.text())
    assert not editor.text.isReadOnly()


def test_the_settings_have_it_found_out_with_each_transcript(
    tab: TranscriptsTab, window: Window, services: Services, recording: Path, qtbot: QtBot
) -> None:
    services.settings.speech.who_speaks = True
    services.settings.speech.speakers = 2
    window.transcripts.actions.transcribe([str(recording)])
    transcription = running(services, qtbot)
    transcription.find(*TALK)
    transcription.end()
    qtbot.waitUntil(lambda: services.speakers.asked == [("interview.wav", 2)])
    qtbot.waitUntil(lambda: [each.info.state for each in tab.view.rows.values()] == [TranscriptState.DONE])


def test_words_are_found(editor: TranscriptEditor) -> None:
    editor.find_bar.open_bar()
    editor.find_bar.find_wanted.emit("the")
    assert editor.find_bar.count.text() == "1 of 3"
    editor.find_bar.step_wanted.emit(1)
    assert editor.find_bar.count.text() == "2 of 3"
    assert editor.escape()
    assert editor.text.found == []


def test_of_very_many_places_the_first_are_marked(
    window: Window, services: Services, recording: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.transcripts.transcript_text.MOST_FOUND", 3)
    editor = opened(window, make(services, recording, said("so " * 9, 1.0)), qtbot)
    editor.find_bar.open_bar()
    editor.find_bar.find_wanted.emit("so")
    assert editor.find_bar.count.text() == "1 of 3+"


def test_exports_are_offered_in_every_format_and_begin_in_the_same_folder(
    editor: TranscriptEditor, services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    assert sorted(form for form, _ in export_menu.FORMS) == sorted(export.FORMS)
    menu = editor._export_menu()
    (subtitles,) = [each for each in menu.actions() if each.text() == "Subtitles (SRT)"]
    subtitles.trigger()
    (dialog,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, QFileDialog)]
    target = tmp_path / "out" / "talk.srt"
    target.parent.mkdir()
    dialog.filesSelected.emit([str(target)])
    qtbot.waitUntil(target.exists)
    assert "Nobody believed it." in target.read_text()
    assert json.loads(paths.folders_file().read_text())["transcripts"] == str(target.parent)
    dialog.close()


def test_a_transcript_is_translated_as_a_document(
    window: Window, editor: TranscriptEditor, services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    services.settings.translation.target = "de"
    id, menu = editor.id, editor._export_menu()
    (subtitles,) = [each for each in menu.actions() if each.text() == "Translated subtitles…"]
    subtitles.trigger()
    (dialog,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, QFileDialog)]
    dialog.filesSelected.emit([str(tmp_path)])
    qtbot.waitUntil(lambda: bool(window.translate.documents.jobs.all))
    assert window.shows("translate")
    assert window.translate._tabs.currentWidget() is window.translate.documents
    assert services.translations.calls == [("transcript", (id, "srt", TranslationOptions("de"), tmp_path))]
    dialog.close()


def test_questions_go_to_the_transcript(
    window: Window, editor: TranscriptEditor, services: Services, qtbot: QtBot
) -> None:
    file = str(paths.transcripts_folder() / f"interview.wav.{editor.id}.transcript")
    services.documents.rows[7] = document(7, file, title="interview.wav", collection=COLLECTION)
    editor.ask.click()
    questions = window.documents.questions
    qtbot.waitUntil(lambda: questions._document is not None and questions._document.id == 7)
    assert window.shows("documents")


def test_a_citation_is_heard(
    window: Window, services: Services, recording: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = make(services, recording, *TALK)
    services.transcripts.rename(id, "interview.wav")  # its document is written
    played = Played(window.transcripts.editor.player, monkeypatch)
    (file,) = paths.transcripts_folder().iterdir()
    window._show_quote(quote(str(file), "0:01", "Nobody believed it."))
    editor = window.transcripts.editor
    qtbot.waitUntil(lambda: editor.transcript is not None and bool(played.calls))
    assert window.panel.shown is editor
    assert played.calls == [(5.0, None)]
    assert window.panel.title() == "interview.wav"


def test_a_citation_of_a_transcript_that_is_gone_shows_what_is_kept(
    window: Window, services: Services, qtbot: QtBot
) -> None:
    window._show_quote(quote(str(paths.transcripts_folder() / "old.mp3.99.transcript"), "0:01", "Hello."))
    viewer = window.documents.side_panel.viewer
    qtbot.waitUntil(lambda: window.panel.shown is viewer)


def quote(path: str, location: str, text: str) -> Quote:
    values: dict[str, Any] = {
        "n": 1, "score": 1.0, "document": 7, "path": path, "title": "interview.wav", "page": None,
        "location": location, "heading": (), "quote": text, "boxes": (), "section": 0, "start": 0, "end": 1,
    }  # fmt: skip
    return Quote(**values)


def test_right_to_left_text_stands_at_the_right(
    window: Window, services: Services, recording: Path, qtbot: QtBot
) -> None:
    editor = opened(window, make(services, recording, said("نلتقي غدا صباحا عند السوق القديم.", 1.0)), qtbot)
    block = editor.text.document().firstBlock()
    assert block.textDirection() is Qt.LayoutDirection.RightToLeft
    editor.player.heard.emit(1.6)
    assert editor.text.heard_text() == "غدا"


def test_words_of_states(services: Services, recording: Path) -> None:
    info = services.transcripts.info(make(services, recording, *TALK, done=False))
    assert words_of(info, None).startswith("Stopped at 0:21")

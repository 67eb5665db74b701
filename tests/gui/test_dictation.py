"""Dictation in the window: what is written where, what is in the way, and what the page shows."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from assistant.errors import DiskFull, ModelTooLarge, WorkerCrashed
from assistant.models.files.records import ModelKind
from assistant.speech.dictation.records import Edit, Replacement
from tests.gui.doubles import Services
from tests.gui.model_doubles import installed
from tests.gui.speech_doubles import (
    Dictation,
    NotedTarget,
    ScriptedMicrophone,
    info,
    samples_of,
    silence,
    tone,
)
from ui.common.settings_form import QCheckBox
from ui.common.text_field import TextField
from ui.dictation import sound, vocabulary_dialog
from ui.dictation.controller import DictationController, DictationState, Remedy
from ui.dictation.microphone import MicrophoneTrouble
from ui.dictation.page import DictatePage
from ui.dictation.sound import SoundMeter
from ui.dictation.target import EditorTarget
from ui.window import Window

Connect = Callable[..., Services]


@pytest.fixture
def microphone(window: Window, monkeypatch: pytest.MonkeyPatch) -> ScriptedMicrophone:
    """The window's."""
    microphone = ScriptedMicrophone()
    monkeypatch.setattr("ui.dictation.controller.Microphone", lambda _: microphone)
    assert window.dictation.microphone is microphone
    return microphone


@pytest.fixture
def services(services: Services, connected: Connect, microphone: ScriptedMicrophone) -> Services:
    return connected()


@pytest.fixture
def dictation(window: Window, services: Services) -> DictationController:
    return window.dictation


@pytest.fixture
def page(window: Window, services: Services, qtbot: QtBot) -> DictatePage:
    window.go_to("dictate")
    qtbot.waitUntil(lambda: window.dictate.has_model is not None)
    return window.dictate


def running(services: Services, qtbot: QtBot, number: int = 1) -> Dictation:
    qtbot.waitUntil(lambda: len(services.speech.dictations) >= number)
    return services.speech.dictations[number - 1]


def finish(dictation: DictationController, heard: Dictation, qtbot: QtBot) -> None:
    dictation.stop()
    heard.end()
    qtbot.waitUntil(lambda: dictation.state is DictationState.IDLE)


def shown(editor: QPlainTextEdit) -> str:
    """The text as it is to be seen, with live words in braces."""
    blocks = []
    block = editor.document().begin()
    while block.isValid():
        text, layout = block.text(), block.layout()
        if live := layout.preeditAreaText():
            at = layout.preeditAreaPosition()
            text = f"{text[:at]}{{{live}}}{text[at:]}"
        blocks.append(text)
        block = block.next()
    return "\n".join(blocks)


# --- what is written where --------------------------------------------------------------------------------


def test_text_comes_where_the_cursor_was_and_live_words_are_no_part_of_it(
    page: DictatePage, services: Services, qtbot: QtBot
) -> None:
    editor = page.editor
    editor.setPlainText("Typed before. And after.")
    cursor = editor.textCursor()
    cursor.setPosition(13)
    editor.setTextCursor(cursor)
    page.toggle()
    heard = running(services, qtbot)
    heard.hear_live("We come", " on")
    qtbot.waitUntil(lambda: "{" in shown(editor))
    assert shown(editor) == "Typed before.{ We come on} And after."
    assert editor.toPlainText() == "Typed before. And after."
    heard.hear("We come on Monday.")
    heard.hear("At ten.")
    qtbot.waitUntil(lambda: "ten" in editor.toPlainText())
    assert shown(editor) == "Typed before. We come on Monday. At ten. And after."
    finish(page.dictation, heard, qtbot)
    assert page.words.text() == "10 words"


def test_text_is_scrolled_up_and_down_only(page: DictatePage, qtbot: QtBot) -> None:
    field = TextField("Text", "", 12)
    qtbot.addWidget(field)
    field.setPlainText("As many words as make some lines, of which a few end with a space. " * 8)
    field.show()
    for width in range(300, 400, 7):
        field.resize(width, 150)
        target = EditorTarget(field)
        target.show_live("and words that are", " only shown")
        assert not field.horizontalScrollBar().isVisible(), width
        target.end()


def test_what_is_typed_meanwhile_and_live_words_do_not_mix(
    page: DictatePage, services: Services, qtbot: QtBot
) -> None:
    editor = page.editor
    page.toggle()
    heard = running(services, qtbot)
    heard.hear("First.")
    heard.hear_live("second", "")
    qtbot.waitUntil(lambda: "{" in shown(editor))
    cursor = editor.textCursor()
    cursor.setPosition(0)
    editor.setTextCursor(cursor)
    QTest.keyClicks(editor, "Oh. ")
    assert shown(editor) == "Oh. First.{ second}"
    heard.hear("Second.")
    qtbot.waitUntil(lambda: "Second" in editor.toPlainText())
    assert editor.toPlainText() == "Oh. First. Second."
    assert editor.textCursor().position() == 4  # the person's own place
    editor.undo()
    assert "Second" not in editor.toPlainText()
    finish(page.dictation, heard, qtbot)


def test_a_spoken_undo_takes_nothing_of_what_was_typed(
    page: DictatePage, services: Services, qtbot: QtBot
) -> None:
    page.toggle()
    heard = running(services, qtbot)
    heard.hear("We come on Monday.")
    qtbot.waitUntil(lambda: bool(page.editor.toPlainText()))
    QTest.keyClicks(page.editor, " Typed.")
    heard.hear("Undo that.")
    heard.hear("Goodbye.")
    qtbot.waitUntil(lambda: "Goodbye" in page.editor.toPlainText())
    assert page.editor.toPlainText() == "We come on Monday. Typed. Goodbye."
    finish(page.dictation, heard, qtbot)


def test_what_was_chosen_gives_way_to_what_is_said(qtbot: QtBot, window: Window) -> None:
    editor = QPlainTextEdit("Good old morning")
    qtbot.addWidget(editor)
    cursor = editor.textCursor()
    cursor.setPosition(5)
    cursor.setPosition(8, cursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)
    target = EditorTarget(editor)
    assert target.before() == "Good "
    target.show_live("new", "")
    assert editor.toPlainText() == "Good old morning"
    target.apply(Edit(0, "new"))
    target.apply(Edit(3, "fine😀"))
    target.apply(Edit(1, "!"))
    target.end()
    assert editor.toPlainText() == "Good fine! morning"


def test_what_is_to_be_translated_is_dictated(window: Window, services: Services, qtbot: QtBot) -> None:
    services.settings.translation.target = "de"
    window.go_to("translate")
    source = window.translate.text.source
    window._dictate()
    assert source.microphone.isChecked()
    running(services, qtbot).hear("the water is cold")
    qtbot.waitUntil(lambda: "water" in source.field.toPlainText())
    window._escape()
    services.speech.dictations[0].end()
    qtbot.waitUntil(lambda: window.dictation.state is DictationState.IDLE)
    assert not source.microphone.isChecked()
    qtbot.waitUntil(lambda: bool(services.translations.asked))


def test_the_chat_is_dictated_into_and_enter_sends(window: Window, services: Services, qtbot: QtBot) -> None:
    window.go_to("chat")
    chat = window.chat
    chat.models.load(Path("/models/tiny.gguf"))
    chat.composer.field.setPlainText("Tell me: ")
    chat.composer.field.moveCursor(chat.composer.field.textCursor().MoveOperation.End)
    QTest.keyClick(
        window, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    heard = running(services, qtbot)
    assert chat.composer.microphone.isChecked()
    assert chat.composer.microphone.accessibleName() == "Stop dictating (Esc)"
    heard.hear("When do trees want water?")
    qtbot.waitUntil(lambda: "water" in chat.composer.text())
    sent: list[str] = []
    chat.composer.sent.connect(sent.append)
    QTest.keyClick(chat.composer.field, Qt.Key.Key_Return)
    assert sent == ["Tell me: when do trees want water?"]
    assert window.dictation.state is DictationState.LISTENING
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.dictation.state is DictationState.FINISHING
    heard.end()
    qtbot.waitUntil(lambda: window.dictation.state is DictationState.IDLE)
    assert not chat.composer.microphone.isChecked()


# --- sound first ------------------------------------------------------------------------------------------


def test_all_is_recorded_from_the_first_instant_while_the_model_loads(
    dictation: DictationController, services: Services, microphone: ScriptedMicrophone, qtbot: QtBot
) -> None:
    services.speech.loads = False
    said = tone(9000, 0.4) + tone(300, 0.3)
    microphone.say(said)
    target = NotedTarget()
    assert dictation.start(target)
    assert dictation.loading
    qtbot.waitUntil(lambda: microphone.said and bool(services.speech.loading))
    dictation.stop()
    assert dictation.state is DictationState.FINISHING
    services.speech.loading[0].finish(info(Path("/models/whisper-small")))
    heard = running(services, qtbot)
    assert samples_of(heard.recording).startswith(said)
    heard.hear("All of it.")
    heard.end()
    qtbot.waitUntil(lambda: dictation.state is DictationState.IDLE)
    assert target.text == "All of it."
    assert target.ended


def test_what_was_recognised_is_kept_with_the_recording(
    dictation: DictationController, services: Services, microphone: ScriptedMicrophone, qtbot: QtBot
) -> None:
    microphone.say(tone(9000, 1.5))
    dictation.start(NotedTarget("Dear Sir,"))
    heard = running(services, qtbot)
    qtbot.waitUntil(lambda: microphone.said)
    heard.hear("Guten Tag.", "de")
    finish(dictation, heard, qtbot)
    (kept,) = services.recordings.all()
    assert (kept.text, kept.language, kept.model) == ("Guten Tag.", "de", "whisper-small")
    assert kept.recognised
    assert kept.seconds >= 1.5
    assert services.settings.speech.last_language == "de"


def test_a_slip_leaves_no_recording(dictation: DictationController, services: Services, qtbot: QtBot) -> None:
    dictation.start(NotedTarget())
    heard = running(services, qtbot)
    finish(dictation, heard, qtbot)
    assert services.recordings.all() == ()


def test_a_crash_loses_nothing_and_says_nothing_twice(
    dictation: DictationController, services: Services, qtbot: QtBot
) -> None:
    target = NotedTarget()
    dictation.start(target)
    heard = running(services, qtbot)
    heard.hear("First.")
    heard.run.fail(WorkerCrashed("worker-crashed", name="The speech worker", how="was killed"))
    again = running(services, qtbot, 2)
    assert again.start == 1.0
    again.hear("Second.")
    dictation.stop()
    again.end()
    qtbot.waitUntil(lambda: dictation.state is DictationState.IDLE)
    assert target.text == "First. Second."
    assert dictation.trouble is None


def test_a_worker_that_crashes_at_the_same_place_is_given_up(
    dictation: DictationController, services: Services, microphone: ScriptedMicrophone, qtbot: QtBot
) -> None:
    microphone.say(tone(9000, 2.0))
    dictation.start(NotedTarget())
    for number in (1, 2):
        crash = WorkerCrashed("worker-crashed", name="The speech worker", how="was killed")
        running(services, qtbot, number).run.fail(crash)
    qtbot.waitUntil(lambda: dictation.state is DictationState.IDLE)
    assert dictation.trouble is not None
    assert "kept" in dictation.trouble.hint
    (kept,) = services.recordings.all()
    assert not kept.recognised


def test_it_stops_where_nobody_speaks(
    dictation: DictationController, services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("ui.dictation.controller.time.monotonic", lambda: now[0])
    dictation.start(NotedTarget())
    heard = running(services, qtbot)
    heard.hear("Something.")
    heard.hear_live("and", "")
    qtbot.waitUntil(lambda: dictation.speaking)
    now[0] += 100
    dictation._tick()
    assert dictation.state is DictationState.LISTENING  # somebody speaks
    heard.hear("")
    qtbot.waitUntil(lambda: not dictation.speaking)
    dictation._tick()
    assert dictation.stopped_by_silence  # it was a noise
    heard.end()
    qtbot.waitUntil(lambda: dictation.state is DictationState.IDLE)


def test_esc_stops_listening_then_recognising(
    page: DictatePage, window: Window, services: Services, microphone: ScriptedMicrophone, qtbot: QtBot
) -> None:
    microphone.say(tone(9000, 1.5))
    page.toggle()
    heard = running(services, qtbot)
    qtbot.waitUntil(lambda: microphone.said)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert page.dictation.state is DictationState.FINISHING
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert heard.run.cancelled
    qtbot.waitUntil(lambda: page.dictation.state is DictationState.IDLE)
    qtbot.waitUntil(lambda: [each.recognised for each in page.recordings.all] == [False])


def test_the_status_line_of_every_page_says_that_it_listens_and_stops_it(
    page: DictatePage, window: Window, services: Services, microphone: ScriptedMicrophone, qtbot: QtBot
) -> None:
    status = window.status
    microphone.say(tone(9000, 1.5))
    page.toggle()
    heard = running(services, qtbot)
    window.go_to("documents")
    assert status.doing.isVisible()
    assert status.doing.text() == "Dictating"
    assert not status.pause.isVisible()
    assert not status.bar.isVisible()
    status.stop.click()
    assert page.dictation.state is DictationState.FINISHING
    assert status.doing.text() == "Finishing…"
    status.stop.click()
    assert heard.run.cancelled
    qtbot.waitUntil(lambda: not status._job.isVisible())


def test_a_window_that_closes_keeps_what_was_said(
    dictation: DictationController,
    services: Services,
    microphone: ScriptedMicrophone,
    window: Window,
    qtbot: QtBot,
) -> None:
    microphone.say(tone(9000, 1.0))
    dictation.start(NotedTarget())
    running(services, qtbot)
    qtbot.waitUntil(lambda: microphone.said)
    window.leave()
    (kept,) = services.recordings.not_recognised()
    assert kept.seconds >= 1.0


# --- what is in the way -----------------------------------------------------------------------------------


def test_without_a_model_one_is_offered_and_nothing_is_kept(
    window: Window, services: Services, qtbot: QtBot
) -> None:
    services.speech.model = ""
    window.go_to("dictate")
    page = window.dictate
    qtbot.waitUntil(lambda: page.has_model is False)
    assert page._stack.currentWidget() is page._no_model
    assert page.first_model.told.text() == "Whisper small"
    page.first_model.others.click()
    assert window.models.sections.filters.task.value is ModelKind.SPEECH
    target = NotedTarget()
    window.dictation.start(target)
    qtbot.waitUntil(lambda: window.dictation.state is DictationState.IDLE)
    trouble = window.dictation.trouble
    assert trouble is not None
    assert trouble.no_model
    assert trouble.remedy is Remedy.MODELS
    qtbot.waitUntil(lambda: services.recordings.all() == ())
    services.speech.model = "/models/whisper-small"
    page.refresh()
    qtbot.waitUntil(lambda: page._stack.currentIndex() == 0)


@pytest.mark.parametrize("trouble", list(MicrophoneTrouble))
def test_a_microphone_that_fails_says_what_to_do(
    page: DictatePage, microphone: ScriptedMicrophone, trouble: MicrophoneTrouble
) -> None:
    microphone.trouble = trouble
    page.toggle()
    assert page.dictation.state is DictationState.IDLE
    assert page.dictation.trouble is not None
    assert page.recorder.status.text() == page.dictation.trouble.message
    assert page.recorder.advice.text() == page.dictation.trouble.hint
    assert not page.recorder.remedy.isHidden()
    microphone.trouble = None
    page.toggle()
    assert page.dictation.trouble is None
    page.dictation.leave()


def test_an_unplugged_microphone_ends_it_and_all_before_is_written(
    page: DictatePage, services: Services, microphone: ScriptedMicrophone, qtbot: QtBot
) -> None:
    page.toggle()
    heard = running(services, qtbot)
    microphone.unplug()
    assert page.dictation.state is DictationState.FINISHING
    heard.hear("Before it went.")
    heard.end()
    qtbot.waitUntil(lambda: page.dictation.state is DictationState.IDLE)
    assert page.editor.toPlainText() == "Before it went."
    assert page.recorder.status.text() == "The microphone was disconnected."


def test_a_full_disk_ends_it_and_all_before_is_written(
    page: DictatePage,
    services: Services,
    microphone: ScriptedMicrophone,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[Any] = []
    begin = services.recordings.begin

    def begun(rate: int, channels: int = 1, on_error: Any = None) -> Any:
        told.append(on_error)
        return begin(rate, channels, on_error)

    monkeypatch.setattr(services.recordings, "begin", begun)
    page.toggle()
    heard = running(services, qtbot)
    told[0](DiskFull("recording-disk-full"))
    qtbot.waitUntil(lambda: page.dictation.state is DictationState.FINISHING)
    heard.hear("Before.")
    heard.end()
    qtbot.waitUntil(lambda: page.dictation.state is DictationState.IDLE)
    assert page.editor.toPlainText() == "Before."
    assert page.recorder.status.text() == "The recording stopped: the disk is full."


def test_a_disk_that_is_full_at_the_beginning_is_told(
    page: DictatePage, services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(*_: Any) -> None:
        raise DiskFull("recording-disk-full")

    monkeypatch.setattr(services.recordings, "begin", begin)
    page.toggle()
    qtbot.waitUntil(lambda: page.dictation.state is DictationState.IDLE)
    assert page.recorder.status.text() == "The recording stopped: the disk is full."


def test_a_model_that_does_not_fit_keeps_the_recording(
    page: DictatePage, services: Services, microphone: ScriptedMicrophone, qtbot: QtBot
) -> None:
    services.speech.loads = False
    microphone.say(tone(9000, 1.5))
    page.toggle()
    qtbot.waitUntil(lambda: bool(services.speech.loading) and microphone.said)
    error = ModelTooLarge("speech-model-too-large", name="whisper-large", needed=3 * 10**9, free=10**9)
    services.speech.loading[0].fail(error)
    qtbot.waitUntil(lambda: page.dictation.state is DictationState.IDLE)
    assert page.recorder.remedy.text() == "Models"
    qtbot.waitUntil(lambda: [each.recognised for each in page.recordings.all] == [False])


# --- the page ---------------------------------------------------------------------------------------------


def test_the_level_tells_what_is_wrong(
    page: DictatePage, services: Services, microphone: ScriptedMicrophone, qtbot: QtBot
) -> None:
    microphone.say(tone(32767, 0.3))
    page.toggle()
    qtbot.waitUntil(lambda: page.recorder.advice.text().startswith("Too loud"))
    qtbot.waitUntil(lambda: page.recorder.advice.text().startswith("No sound"), timeout=10_000)
    page.dictation.starts_late.emit()
    page.dictation.leave()


def test_recordings_are_listed_recognised_deleted_and_brought_back(
    page: DictatePage, services: Services, window: Window, qtbot: QtBot
) -> None:
    recording = services.recordings.begin(16_000)
    recording.append(silence(2))
    recording.finish()
    services.models.put(installed("w", "whisper-tiny", kind=ModelKind.SPEECH, path="/models/whisper-tiny"))
    page.refresh()
    qtbot.waitUntil(lambda: len(page.view.rows) == 1 and len(page.recordings.models) == 1)
    (row,) = page.view.rows.values()
    assert row.text.text() == "Not recognised yet"
    row.recognise.click()
    heard = running(services, qtbot)
    heard.hear("Water the trees.")
    heard.end()
    qtbot.waitUntil(lambda: row.text.text() == "Water the trees.")
    assert row.recognise.isHidden()
    page.recordings.recognise(row.recording, "/models/whisper-tiny")
    assert running(services, qtbot, 2).model == Path("/models/whisper-tiny")
    row.stop.click()
    assert services.speech.dictations[1].run.cancelled
    page.view.delete_wanted.emit(row.recording)
    qtbot.waitUntil(lambda: page.view.isHidden())
    window._undo()
    qtbot.waitUntil(lambda: len(page.view.rows) == 1)
    assert services.recordings.all()[0].text == "Water the trees."


def test_own_words_are_changed_by_hand(page: DictatePage, services: Services, qtbot: QtBot) -> None:
    dialog = vocabulary_dialog.VocabularyDialog(page.window(), page._context)
    dialog.words.setPlainText("Zanmar\n\nMrs Brown")
    dialog.replacements.setPlainText("my street 4 Mill Lane")
    dialog.save.click()
    assert not dialog.problem.isHidden()
    dialog.replacements.setPlainText("my street → 4 Mill Lane\nbye -> Kind regards\\nAda")
    dialog.save.click()
    qtbot.waitUntil(lambda: len(services.vocabulary.replacements) == 2)
    assert services.vocabulary.own_words == ("Zanmar", "Mrs Brown")
    assert services.vocabulary.replacements[1] == Replacement("bye", "Kind regards\nAda")


@pytest.mark.parametrize(
    "replacement", [Replacement("a b", "c"), Replacement("bye", "Kind\nregards"), Replacement("euro", "=€")]
)
def test_a_replacement_stands_in_a_line(replacement: Replacement) -> None:
    assert vocabulary_dialog.read_line(vocabulary_dialog.written_line(replacement)) == replacement


def test_the_language_is_chosen_and_kept(page: DictatePage, services: Services) -> None:
    assert page.language.text().strip() == "Detect language"
    page._choose_language("de")
    assert services.settings.speech.language == "de"
    assert page.language.text().strip() == "German"


def test_the_settings_of_speech_are_kept(window: Window, services: Services, qtbot: QtBot) -> None:
    services.models.put(installed("w", "whisper-tiny", kind=ModelKind.SPEECH, path="/models/whisper-tiny"))
    window.go_to("settings")
    speech = window.settings.speech
    box = speech.form.inputs["spoken_commands"]
    assert isinstance(box, QCheckBox)
    box.click()
    assert not services.settings.speech.spoken_commands
    speech.model.look()
    speech.model.setCurrentIndex(speech.model.findData("/models/whisper-tiny"))
    speech.model.activated.emit(speech.model.currentIndex())
    assert services.settings.speech.model == "/models/whisper-tiny"
    services.settings.speech.language = "de"
    speech.show_settings()
    assert speech.language.accessibleName() == "Spoken language: German"


def test_models_that_tell_who_speaks_are_chosen_and_what_is_missing_is_said(
    window: Window, services: Services, qtbot: QtBot
) -> None:
    window.go_to("settings")
    speech = window.settings.speech
    assert not speech.bring.isHidden()
    assert "pyannote" in speech.bring.text()
    assert speech.speaker_models["embedding_model"].currentText() == "None is here yet"
    for kind, name in ((ModelKind.SPEAKER_SEGMENTATION, "turns"), (ModelKind.SPEAKER_EMBEDDING, "voices")):
        services.models.put(installed(name, name, kind=kind, path=f"/models/{name}.onnx"))
    speech.show_settings()
    assert speech.bring.isHidden()
    choice = speech.speaker_models["embedding_model"]
    assert choice.currentText() == "Best available"
    choice.look()
    assert [choice.itemText(row) for row in range(choice.count())] == ["Best available", "voices"]
    choice.setCurrentIndex(1)
    choice.activated.emit(1)
    assert services.settings.speech.embedding_model == "/models/voices.onnx"
    box = speech.form.inputs["who_speaks"]
    assert isinstance(box, QCheckBox)
    box.click()
    assert services.settings.speech.who_speaks


# --- sound ------------------------------------------------------------------------------------------------


def test_other_formats_become_16_bit() -> None:
    floats = struct.pack("<5f", 0.0, 0.5, -1.0, 2.0, float("nan"))
    assert struct.unpack("<5h", sound.from_float(floats)) == (0, 16383, -32767, 32767, 0)
    assert struct.unpack("<3h", sound.from_uint8(bytes((128, 255, 0)))) == (0, 32512, -32768)
    assert struct.unpack("<2h", sound.from_int32(struct.pack("<2i", 1 << 30, -(1 << 31)))) == (16384, -32768)


def test_the_level_of_silence_speech_and_clipping() -> None:
    meter = SoundMeter(16_000, 1)
    assert not meter.feed(silence(3))
    assert meter.level.silent
    assert meter.feed(tone(3000))
    assert not meter.level.silent
    assert meter.level.rms == pytest.approx(3000 / 32767, rel=0.01)
    meter.feed(tone(32767))
    meter.feed(tone(3000, 0.5))
    assert meter.level.clipping
    meter.feed(tone(3000, 0.9))
    assert not meter.level.clipping

"""Transcripts in their states, for screenshots.py."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication

from assistant import paths
from assistant.errors import DocumentGone
from assistant.models.files.records import ModelKind
from assistant.speech.records import Decoding, Segment, SegmentsFound, Word
from assistant.speech.records import Transcript as Recognised
from assistant.speech.transcripts.records import TranscriptState
from tests.benchmarks.scene import Scene
from tests.gui.doubles import document
from tests.gui.model_doubles import installed
from ui.transcripts import speaker_menus
from ui.transcripts.transcript_editor import TranscriptEditor

MODEL = Path("/models/whisper-small")
TALK = (
    ("Anna Berg", "Thank you for coming. You built the bridge over the river in ninety days, in winter."),
    ("Anna Berg", "How did that begin?"),
    ("Mr Olsen", "Nobody believed it. The old bridge had gone with the flood, and there was no other way."),
    (
        "Mr Olsen",
        "So we began on the third of January, with eleven people and two horses, because no machine came up "
        "the road. The first pillar stood after nine days.",
    ),
    ("Anna Berg", "And the ice?"),
    (
        "Mr Olsen",
        "The ice held us. We walked on it, we laid the planks on it, and when it broke in March the bridge "
        "was done.",
    ),
)
ARABIC = (("", "نلتقي غدا صباحا عند السوق القديم، ثم نذهب إلى الجسر الجديد."),)


def talk(lines: tuple[tuple[str, str], ...] = TALK, *, names: bool = True) -> list[Segment]:
    segments, at = [], 0.8
    for speaker, text in lines:
        words = []
        for word in text.split():
            words.append(Word(at, at + 0.34, f" {word}"))
            at += 0.36
        segments.append(Segment(words[0].start, words[-1].end, text, tuple(words), speaker if names else ""))
        at += 2.4
    return segments


def make(
    scene: Scene, name: str, state: TranscriptState, segments: list[Segment], *, gone: bool = False
) -> int:
    folder = paths.home() / "recordings"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16_000))
    store = scene.services.transcripts
    info = store.begin(file, MODEL, Decoding())
    total = segments[-1].end + 3 if segments else 40.0
    if segments:
        done = segments if state is TranscriptState.DONE else segments[:2]
        store.keep(info.id, SegmentsFound(tuple(done), done[-1].end, total, "en"))
    if state is TranscriptState.DONE:
        store.finish(info.id, Recognised(tuple(segments), "en", total))
    problem = DocumentGone("audio-gone", name=name).problem if state is TranscriptState.FAILED else None
    store.set_state(info.id, state, problem)
    if gone:
        file.unlink()
    return info.id


def begin(scene: Scene, *, filled: bool = True) -> None:
    for name in ("whisper-small", "whisper-tiny"):
        scene.services.models.put(installed(name, name, kind=ModelKind.SPEECH))
    if filled:
        done, segments = TranscriptState.DONE, talk()
        long = "Sitzung des Vereins zur Erhaltung der alten Brücke, zweiter Teil mit allen Fragen.mp3"
        make(scene, long, done, segments)
        make(scene, "الاجتماع.m4a", done, talk(ARABIC))
        make(scene, "lecture 4.mp4", TranscriptState.FAILED, [])
        make(scene, "voice memo.m4a", TranscriptState.STOPPED, segments)
        make(scene, "interview.mp3", done, segments)
    scene.connect(document(1, "/d/a.pdf"))
    scene.window.go_to("dictate")
    scene.window.dictate.show_transcripts()
    scene.wait(lambda: scene.window.transcripts.actions.loaded)
    scene.settle(300)


def listed(scene: Scene) -> None:
    begin(scene)
    recording = paths.home() / "recordings" / "voice memo.m4a"
    scene.window.transcripts.actions.transcribe([str(recording), str(recording.with_name("lecture 4.mp4"))])
    scene.wait(lambda: bool(scene.services.speech.transcriptions))
    run = scene.services.speech.transcriptions[0]
    run.total = 190.0
    run.find(Segment(60.0, 76.0, "The ice held us."))
    scene.settle(500)


def nothing(scene: Scene) -> None:
    begin(scene, filled=False)


def no_model(scene: Scene) -> None:
    scene.services.speech.model = ""
    begin(scene, filled=False)
    scene.window.transcripts.actions.transcribe(["/d/interview.mp3", "/d/memo.m4a"])
    scene.settle(300)


def no_model_list(scene: Scene) -> None:
    scene.services.speech.model = ""
    begin(scene)


def _open(scene: Scene, title: str) -> TranscriptEditor:
    found = [each for each in scene.window.transcripts.actions.all.values() if each.title == title]
    scene.window.transcripts.open(found[0].id)
    editor = scene.window.transcripts.editor
    scene.wait(lambda: editor.transcript is not None)
    scene.settle(300)
    return editor


def editing(scene: Scene) -> None:
    begin(scene)
    editor = _open(scene, "interview.mp3")
    editor.player.seconds = 17.4
    editor.player.playing = True
    editor.player.changed.emit()
    editor.player.heard.emit(17.4)
    scene.settle(200)


def finding(scene: Scene) -> None:
    begin(scene)
    editor = _open(scene, "interview.mp3")
    editor.find_bar.open_bar()
    editor.find_bar.field.setText("bridge")
    scene.settle(400)


def gone(scene: Scene) -> None:
    begin(scene)
    (paths.home() / "recordings" / "interview.mp3").unlink()
    _open(scene, "interview.mp3")


def right_to_left(scene: Scene) -> None:
    begin(scene)
    _open(scene, "الاجتماع.m4a").player.heard.emit(2.0)


def speakers(scene: Scene) -> None:
    begin(scene)
    editor = _open(scene, "interview.mp3")
    assert editor.transcript is not None
    names = editor.transcript.speakers
    scene.dialog = speaker_menus.of_paragraph(editor, names, lambda _: None, lambda *_: None, lambda _: None)


def dropping(scene: Scene) -> None:
    begin(scene)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/d/interview.mp3")])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(scene.window, event)


SCENES: dict[str, Callable[[Scene], None]] = {
    "transcripts": listed,
    "transcripts-first": nothing,
    "transcripts-no-model": no_model,
    "transcripts-no-model-list": no_model_list,
    "transcripts-editor": editing,
    "transcripts-find": finding,
    "transcripts-gone": gone,
    "transcripts-right-to-left": right_to_left,
    "transcripts-speakers": speakers,
    "transcripts-drop": dropping,
}

"""The Dictate page in its states, for screenshots.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from assistant import paths
from assistant.errors import DiskFull
from assistant.models.files.records import ModelKind
from tests.benchmarks.scene import Scene
from tests.gui.doubles import document
from tests.gui.model_doubles import installed
from tests.gui.speech_doubles import Dictation, ScriptedMicrophone, silence, tone
from ui.dictation.controller import DictationController
from ui.dictation.microphone import MicrophoneTrouble
from ui.dictation.page import DictatePage
from ui.dictation.vocabulary_dialog import VocabularyDialog

TEXTS = (
    "Dear Mrs Brown, thank you for your letter of the third of May. We will come on Tuesday at ten.",
    "Water the young trees twice a week, in the evening.",
    "",
    "نلتقي غدا صباحا عند السوق القديم.",
)


def microphone(scene: Scene) -> ScriptedMicrophone:
    scripted = ScriptedMicrophone(100)
    scene.window._dictation = DictationController(scene.window.context, scene.window, scripted)
    return scripted


def begin(scene: Scene, *, recordings: bool = True) -> DictatePage:
    now = datetime.now().replace(hour=9, minute=12)
    if recordings:
        for number, text in enumerate(TEXTS):
            scene.services.recordings._now = lambda number=number: now - timedelta(hours=17 * number)
            recording = scene.services.recordings.begin(16_000)
            recording.append(silence(42.0 - 9 * number))
            recording.finish()
            if text or number == 1:
                language = "ar" if number == 3 else "en"
                scene.services.recordings.set_text(recording.path.stem, text, language, "whisper-small")
    if scene.window._dictation is None:
        microphone(scene)
    for name in ("whisper-small", "whisper-tiny"):
        scene.services.models.put(installed(name, name, kind=ModelKind.SPEECH))
    scene.connect(document(1, "/d/a.pdf"))
    scene.window.go_to("dictate")
    scene.settle(500)
    return scene.window.dictate


def idle(scene: Scene) -> None:
    begin(scene)


def first(scene: Scene) -> None:
    begin(scene, recordings=False)


def listening(scene: Scene) -> None:
    scripted = microphone(scene)
    page = begin(scene)
    scripted.say(b"".join(tone(3000 + 400 * (i % 7)) for i in range(60)))
    page.editor.setPlainText("Dear Mrs Brown,\n\n")
    page.editor.moveCursor(page.editor.textCursor().MoveOperation.End)
    page.toggle()
    dictation = _dictation(scene)
    dictation.hear("Thank you for your letter of the third of May.")
    dictation.hear_live("We will come on Tuesday", " at ten or")
    scene.settle(300)


def loading(scene: Scene) -> None:
    scripted = microphone(scene)
    scene.services.speech.loads = False
    page = begin(scene)
    scripted.say(tone(3000, 5.0))
    page.toggle()
    scene.settle(300)


def too_loud(scene: Scene) -> None:
    scripted = microphone(scene)
    page = begin(scene)
    scripted.say(tone(32767, 5.0))
    page.toggle()
    _dictation(scene)
    scene.settle(300)


def not_heard(scene: Scene) -> None:
    microphone(scene)
    page = begin(scene)
    page.toggle()
    _dictation(scene)
    scene.settle(2500)


def finishing(scene: Scene) -> None:
    page = begin(scene)
    page.toggle()
    _dictation(scene).hear("Thank you for your letter.")
    scene.settle(50)
    page.dictation.stop()
    scene.settle(200)


def no_model(scene: Scene) -> None:
    scene.services.speech.model = ""
    begin(scene, recordings=False)


def no_model_recordings(scene: Scene) -> None:
    scene.services.speech.model = ""
    begin(scene)


def no_microphone(scene: Scene) -> None:
    microphone(scene).trouble = MicrophoneTrouble.NONE_THERE
    begin(scene).toggle()


def disk_full(scene: Scene) -> None:
    page = begin(scene)
    page.toggle()
    dictation = _dictation(scene)
    dictation.hear("Thank you for your letter.")
    take = page.dictation._take
    assert take is not None
    take.not_recorded.emit(DiskFull("recording-disk-full"))
    dictation.end()


def recognising(scene: Scene) -> None:
    page = begin(scene)
    page.recordings.recognise(page.recordings.all[2])
    scene.wait(lambda: bool(scene.services.speech.dictations))
    scene.services.speech.dictations[-1].at = 8.0
    scene.services.speech.dictations[-1].hear("Water")


def vocabulary(scene: Scene) -> None:
    page = begin(scene)
    scene.services.vocabulary.import_csv(_table())
    scene.dialog = VocabularyDialog(page.window(), scene.window.context)


def chat(scene: Scene) -> None:
    scripted = microphone(scene)
    begin(scene)
    scene.window.go_to("chat")
    page = scene.window.chat
    page.composer.field.setPlainText("About the letter: ")
    page.composer.field.moveCursor(page.composer.field.textCursor().MoveOperation.End)
    scripted.say(tone(3000, 5.0))
    page.dictate()
    _dictation(scene).hear_live("tell Mrs Brown that we", " come on")
    scene.settle(300)


def settings(scene: Scene) -> None:
    begin(scene)
    scene.window.go_to("settings")
    scene.settle(300)
    scene.window.settings.show_speech()


def _dictation(scene: Scene) -> Dictation:
    scene.wait(lambda: bool(scene.services.speech.dictations))
    return scene.services.speech.dictations[-1]


def _table() -> Path:
    paths.speech_folder().mkdir(parents=True, exist_ok=True)
    file = paths.speech_folder() / "words.csv"
    file.write_text(",Zanmar\n,Mrs Brown\nmy street,4 Mill Lane\nkind regards,With kind regards\n")
    return file


SCENES: dict[str, Callable[[Scene], None]] = {
    "dictate": idle,
    "dictate-first": first,
    "dictate-listening": listening,
    "dictate-loading": loading,
    "dictate-too-loud": too_loud,
    "dictate-not-heard": not_heard,
    "dictate-finishing": finishing,
    "dictate-no-model": no_model,
    "dictate-no-model-recordings": no_model_recordings,
    "dictate-no-microphone": no_microphone,
    "dictate-disk-full": disk_full,
    "dictate-recognising": recognising,
    "dictate-vocabulary": vocabulary,
    "dictate-chat": chat,
    "dictate-settings": settings,
}

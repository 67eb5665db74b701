"""The one door: what it opens at once, what it opens when it is used, and what it says."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from assistant import paths
from assistant.chat.records import Role
from assistant.errors import DiskFull, Problem, StorageError, UserInputError
from assistant.services import Services
from assistant.speech.dictation.records import Replacement
from assistant.speech.records import Decoding, Segment, SegmentsFound
from assistant.speech.transcripts.records import TranscriptState
from assistant.speech.transcripts.store import TranscriptStore
from assistant.translation.records import Formality, TranslationOptions


def test_nothing_is_started_and_no_history_is_opened_before_it_is_used() -> None:
    with Services() as services:
        assert (services.chat.pid, services.documents.pid) == (None, None)
        assert services.chat.loaded is None
        assert not paths.history_file().exists()
        made = services.history.create(assistant="tutor")
        assert services.history is services.history
        services.history.add_message(made.id, Role.USER, "What is a prime?")
        assert services.notices == ()
    with pytest.raises(StorageError, match="closed"):
        services.history.conversations()
    with Services() as services:
        (info,) = services.history.conversations()
        asked = services.requests.request(
            services.assistants.get(info.assistant),
            services.history.open(info.id).messages,
            conversation=info.id,
        )
        assert asked.messages[-1].content == "What is a prime?"
        assert asked.instructions.startswith("You are a helpful, patient tutor")
        assert asked.conversation == str(info.id)
        assert services.requests.load_options("/lora.gguf").adapter == "/lora.gguf"


def test_what_fails_to_close_keeps_no_other_part_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise StorageError("history-closed")

    services = Services()
    history = services.history
    monkeypatch.setattr(services.models, "close", fail)
    with pytest.raises(StorageError):
        services.close()
    with pytest.raises(StorageError, match="closed"):
        history.conversations()
    with Services():  # the folder was given back
        pass


def test_damaged_files_of_the_person_are_said_and_keep_nothing_from_starting() -> None:
    paths.home().mkdir()
    paths.settings_file().write_text("chat = [")
    paths.assistants_file().write_text("{")
    with Services() as services:
        first, second = services.notices
        assert "settings" in first.message
        assert "assistants" in second.message
        assert services.settings.chat.assistant == services.assistants.get("gone").id == "plain"


@pytest.mark.allow_log("are damaged", "is damaged", "damaged history was", "Nothing could be read")
def test_damage_that_shows_at_the_first_use_is_told_then() -> None:
    recordings = paths.speech_folder() / "recordings"
    recordings.mkdir(parents=True)
    paths.translation_folder().mkdir(parents=True)
    memory = paths.translation_folder() / "memory.sqlite3"
    for file in (paths.history_file(), paths.transcripts_file(), recordings / "20261130-120000.wav", memory):
        file.write_bytes(b"not a database at all" * 200)
    told: list[Problem] = []
    with Services(told.append) as services:
        assert not told
        assert services.history.conversations() == ()
        assert services.transcripts.infos() == ()
        assert services.recordings.all() == ()
        assert services.translations.past_texts() == ()
    assert [each.code for each in told] == [
        "damaged-history",
        "damaged-transcripts",
        "unreadable",
        "damaged-store",
    ]
    assert "memory.sqlite3.damaged" in told[3].message + told[3].hint
    assert "kept as transcripts.sqlite3.damaged" in told[1].hint


def test_a_disk_without_room_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (errno.ENOSPC, errno.EDQUOT):

        def refuse(*_: object, number: int = number, **__: object) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(Path, "mkdir", refuse)
        with pytest.raises(DiskFull):
            Services()


def test_a_dictation_follows_the_settings() -> None:
    with Services() as services:
        text = services.dictation_text("I think that")
        text.phrase("The house is red, comma.", "en")
        assert text.text == " the house is red,"
        services.settings.speech.spoken_commands = False
        text = services.dictation_text()
        text.phrase("The house, comma.", "en")
        assert text.text == "The house, comma."


def test_own_words_steer_recognition_and_replace_what_was_heard() -> None:
    with Services() as services:
        services.vocabulary.change(own_words=["Ada"], replacements=[Replacement("my name", "Ada Lovelace")])
        assert services.decoding().own_words == ("Ada",)
        text = services.dictation_text()
        text.phrase("I am My Name.", "en")
        assert text.text == "I am Ada Lovelace."
        made = services.recordings.begin(16_000)
        made.finish()
    with Services() as services:
        assert services.decoding().own_words == ("Ada",)
        assert services.recordings.get(made.path.stem).seconds == 0


def test_damaged_own_words_are_said() -> None:
    file = paths.speech_folder() / "vocabulary.json"
    file.parent.mkdir(parents=True)
    file.write_text("{")
    with Services() as services:
        (notice,) = services.notices
        assert "custom words" in notice.message


def test_a_translation_is_as_the_settings_have_it_where_nothing_else_is_said() -> None:
    with Services() as services:
        with pytest.raises(UserInputError, match="No language"):
            services.translation_options()
        chosen = services.settings.translation
        chosen.target, chosen.source, chosen.formality, chosen.use_memory = "de", "en", "formal", False
        assert services.translation_options() == TranslationOptions(
            "de", "en", "", Formality.FORMAL, use_memory=False
        )
        said = services.translation_options("fr", "", None, Formality.INFORMAL)
        assert (said.target, said.source, said.formality) == ("fr", "", Formality.INFORMAL)
        with pytest.raises(UserInputError, match="not a model"):
            services.translation_options("fr", engine="nobody")


def test_a_transcript_is_translated_as_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = TranscriptStore(paths.transcripts_file())
    (tmp_path / "talk: one.wav").write_bytes(b"sound")
    info = store.begin(tmp_path / "talk: one.wav", Path("/model"), Decoding("en"))
    store.keep(info.id, SegmentsFound((Segment(0, 2, "The well broke."),), 2, 2, "en"))
    store.set_state(info.id, TranscriptState.DONE)
    store.close()
    with Services() as services:
        wanted: list[tuple[object, ...]] = []
        monkeypatch.setattr(
            services.translations, "add_documents", lambda *asked, output: [wanted.append((*asked, output))]
        )
        options = TranslationOptions("de")
        services.translate_transcript(info.id, "srt", options, tmp_path / "out.srt")
        (([source], asked, output),) = wanted
        assert (asked, output) == (options, tmp_path / "out.srt")
        assert source.name == "talk- one.srt"
        assert "The well broke." in source.read_text()
        with pytest.raises(UserInputError):
            services.translate_transcript(99, "srt", options, tmp_path)

"""Transcripts as documents of the real services: what was deleted is not found any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.documents.records import DocumentInfo
from assistant.services import Services
from assistant.speech.records import Decoding, Segment, SegmentsFound
from assistant.speech.transcripts.records import COLLECTION, TranscriptState


def documents(services: Services) -> tuple[DocumentInfo, ...]:
    services.index_transcripts().result(60)
    found: tuple[DocumentInfo, ...] = services.documents.documents(COLLECTION).result(60)
    services.documents.wait([each.id for each in found]).result(60)
    return found


def is_found(services: Services) -> bool:
    hits = services.documents.search("well broke in May").result(60)
    return any("The well broke" in hit.text for hit in hits)


def test_a_deleted_transcript_is_not_searched_until_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFLINE_ASSISTANT_HOME", str(tmp_path / "home"))
    talk = tmp_path / "talk.wav"
    talk.write_bytes(b"sound")
    with Services() as services:
        transcripts = services.transcripts
        id = transcripts.begin(talk, Path("/model"), Decoding("en")).id
        transcripts.keep(id, SegmentsFound((Segment(0, 2, "The well broke in May.", ()),), 2, 2, "en"))
        transcripts.set_state(id, TranscriptState.DONE)
        transcripts.rename(id, "The well")  # writes what is searched
        assert len(documents(services)) == 1
        assert is_found(services)
        transcripts.delete(id)
        assert documents(services) == ()
        assert not is_found(services)
        transcripts.undelete(id)
        assert len(documents(services)) == 1
        assert is_found(services)

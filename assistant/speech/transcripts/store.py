"""The transcripts on the disk: one SQLite file. Each call is short and on the disk when it returns."""

from __future__ import annotations

import dataclasses
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import Problem, StorageError, UserInputError
from assistant.file_reading.file_stamp import file_stamp
from assistant.speech.records import Decoding, Segment, SegmentsFound, Transcript, Word
from assistant.speech.transcripts import editing, schema
from assistant.speech.transcripts.records import (
    StoredSegment,
    StoredTranscript,
    TranscriptEdit,
    TranscriptInfo,
    TranscriptState,
)
from assistant.sqlite_file import Reasons, SqliteFile

BIN_DAYS = 30
"""How long a transcript that was deleted can be brought back."""
_REASONS = Reasons(
    damaged="transcripts-damaged",
    full="transcripts-disk-full",
    busy="transcripts-busy",
    denied="transcripts-denied",
    disk_error="transcripts-disk-error",
    failed="transcripts-failed",
    closed="transcripts-closed",
    no_folder="transcripts-no-folder",
    not_set_aside="transcripts-not-set-aside",
)
_COLUMNS = (
    "id, path, title, size, mtime_ns, language, model, duration, state, done_until, created, changed, problem"
)


class TranscriptStore(SqliteFile):
    """Any thread may call."""

    def __init__(self, file: Path, *, now: Callable[[], float] = time.time) -> None:
        """Open the file or begin it. What a killed process was transcribing counts as stopped.

        Raises:
            StorageError: it cannot be opened, or a newer version of the program wrote it.
        """
        self._now = now
        super().__init__(file, _REASONS, schema.MIGRATIONS, ("synchronous = FULL",))
        with self._writing() as connection:
            connection.execute(
                "UPDATE transcripts SET state = ? WHERE state IN (?, ?)",
                (TranscriptState.STOPPED, TranscriptState.RUNNING, TranscriptState.QUEUED),
            )
            connection.execute(
                "DELETE FROM transcripts WHERE deleted < ?", (self._now() - BIN_DAYS * 86_400,)
            )

    def _refuse_newer(self, version: int) -> None:
        raise StorageError("transcripts-newer", file=str(self.file))

    # --- transcripts

    def begin(
        self, path: Path, model: Path, decoding: Decoding, speakers: int | None = None
    ) -> TranscriptInfo:
        """A new transcript of a file, queued. One that is not there yet is told when its turn comes.

        Args:
            speakers: see `want_speakers`.
        """
        size, mtime_ns = file_stamp(path)
        moment = self._now()
        with self._writing() as connection:
            made = connection.execute(
                """INSERT INTO transcripts
                   (path, title, size, mtime_ns, language, model, decoding, state, created, changed, speakers)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    os.fsencode(path), _storable(path.name), size, mtime_ns, decoding.language, str(model),
                    json.dumps(dataclasses.asdict(decoding)), TranscriptState.QUEUED, moment, moment,
                    speakers,
                ),
            )  # fmt: skip
            return self._info(connection, int(made.lastrowid or 0))

    def known(self, path: Path, model: Path, decoding: Decoding) -> TranscriptInfo | None:
        """The transcript of this file, as it is now, that was made so, or as far as it came; the newest."""
        rows = self._all(
            f"""SELECT {_COLUMNS}, decoding FROM transcripts WHERE deleted IS NULL AND path = ? AND size = ?
                AND mtime_ns = ? AND model = ? ORDER BY id DESC""",
            (os.fsencode(path), *file_stamp(path), str(model)),
        )
        for *row, kept in rows:
            # The language spoken last is but a hint.
            if dataclasses.replace(_as_decoding(kept), last_language=decoding.last_language) == decoding:
                return _as_info(row)
        return None

    def infos(self) -> tuple[TranscriptInfo, ...]:
        """All transcripts, the newest first."""
        rows = self._all(
            f"SELECT {_COLUMNS} FROM transcripts WHERE deleted IS NULL ORDER BY created DESC, id DESC"
        )
        return tuple(map(_as_info, rows))

    def info(self, id: int) -> TranscriptInfo:
        """
        Raises:
            UserInputError: there is none with this id.
        """
        with self._reading() as connection:
            return self._info(connection, id)

    def open(self, id: int) -> StoredTranscript:
        """A transcript with its segments, as far as they are there.

        Raises:
            UserInputError: there is none with this id.
        """
        with self._reading() as connection:
            info = self._info(connection, id)
            rows = connection.execute(
                """SELECT id, start, finish, text, speaker, words FROM segments
                   WHERE transcript = ? ORDER BY start, id""",
                (id,),
            ).fetchall()
        return StoredTranscript(info, tuple(map(_as_segment, rows)))

    def decoding(self, id: int) -> Decoding:
        """How it is recognised; in the language that was found, once one was."""
        row = self._one("SELECT decoding, language FROM transcripts WHERE id = ?", (id,))
        if row is None:
            raise UserInputError("no-such-transcript")
        decoding = _as_decoding(row[0])
        return dataclasses.replace(decoding, language=decoding.language or row[1])

    def rename(self, id: int, title: str) -> TranscriptInfo:
        info = self._set(id, title=_storable(" ".join(title.split())))
        self._edited(id)
        return info

    def delete(self, id: int) -> TranscriptInfo:
        """It can be brought back for BIN_DAYS."""
        info = self.info(id)
        self._set(id, deleted=self._now())
        self._edited(id)
        return info

    def undelete(self, id: int) -> TranscriptInfo:
        """Bring back what was deleted.

        Raises:
            UserInputError: it is gone for good.
        """
        info = self._set(id, deleted=None)
        self._edited(id)
        return info

    # --- as it is transcribed

    def set_state(self, id: int, state: TranscriptState, problem: Problem | None = None) -> TranscriptInfo:
        return self._set(id, state=state, problem=_problem_json(problem) if problem else "")

    def start_over(self, id: int) -> TranscriptInfo:
        """Forget what was transcribed: the file is another one than before."""
        with self._writing() as connection:
            size, mtime_ns = file_stamp(Path(self._info(connection, id).path))
            connection.execute("DELETE FROM segments WHERE transcript = ?", (id,))
            return self._set(id, done_until=0.0, duration=None, size=size, mtime_ns=mtime_ns)

    def keep(self, id: int, found: SegmentsFound) -> tuple[StoredSegment, ...]:
        """Take in what was found next: the segments and how far they reach, both or nothing.

        What reaches no further than what is kept already is left out.
        """
        with self._writing() as connection:
            info = self._info(connection, id)
            if found.until <= info.done_until:
                return ()
            ids = [_insert(connection, id, segment) for segment in found.segments]
            self._set(
                id,
                done_until=found.until,
                duration=info.duration if found.total is None else found.total,
                language=info.language or found.language,
            )
        return tuple(map(StoredSegment, ids, found.segments))

    def finish(self, id: int, transcript: Transcript) -> TranscriptInfo:
        """All of the file is transcribed."""
        info = self.info(id)
        return self._set(
            id,
            duration=transcript.duration,
            done_until=max(info.done_until, transcript.duration),
            language=info.language or transcript.language,
        )

    # --- who speaks

    def want_speakers(self, id: int, count: int | None) -> None:
        """Have it found out who speaks; 0: and how many. None: nobody asks, or it is done."""
        self._set(id, speakers=count)

    def speakers_wanted(self, id: int) -> int | None:
        row = self._one("SELECT speakers FROM transcripts WHERE id = ?", (id,))
        return None if row is None else row[0]

    def attribute(
        self, id: int, attributed: Callable[[Sequence[Segment]], list[list[Segment]]]
    ) -> TranscriptEdit:
        """Give all that is said to speakers; a segment that several say becomes as many."""
        after = []
        with self._writing() as connection:
            before = self.open(id).stored
            parts = attributed([each.segment for each in before])
            for each, (first, *others) in zip(before, parts, strict=True):
                after.append(StoredSegment(each.id, first))
                after += [StoredSegment(_insert(connection, id, other), other) for other in others]
            _put(connection, id, before, after)
            self._set(id)
        self._edited(id)
        return TranscriptEdit(id, before, tuple(after))

    # --- edited by hand

    def edit(self, transcript: int, segment: int, text: str) -> TranscriptEdit:
        """Give a segment another text; words that stay keep their times."""
        return self._change(transcript, [segment], lambda old: [editing.with_text(old[0], _storable(text))])

    def split(self, transcript: int, segment: int, at: int) -> TranscriptEdit:
        """Make two of a segment, of which the first has the first `at` characters.

        Raises:
            UserInputError: nothing would be left on one side.
        """
        try:
            return self._change(transcript, [segment], lambda old: list(editing.split(old[0], at)))
        except ValueError:
            raise UserInputError("segment-not-split") from None

    def join(self, transcript: int, segments: Sequence[int]) -> TranscriptEdit:
        """Make one of segments that follow each other."""
        return self._change(transcript, segments, lambda old: [editing.join(old)])

    def remove(self, transcript: int, segments: Sequence[int]) -> TranscriptEdit:
        """Take segments out."""
        return self._change(transcript, segments, lambda old: [])

    def set_speaker(self, transcript: int, segments: Sequence[int], speaker: str) -> TranscriptEdit:
        """Say who speaks in these segments."""
        name = _storable(" ".join(speaker.split()))
        return self._change(
            transcript, segments, lambda old: [dataclasses.replace(each, speaker=name) for each in old]
        )

    def rename_speaker(self, transcript: int, speaker: str, name: str) -> TranscriptEdit:
        """Give a speaker another name. That of another speaker makes one of the two."""
        segments = [each.id for each in self.open(transcript).stored if each.segment.speaker == speaker]
        return self.set_speaker(transcript, segments, name)

    def undo(self, edit: TranscriptEdit) -> TranscriptEdit:
        """Take a change back. Returns what does it again.

        Raises:
            UserInputError: its segments were changed since.
        """
        with self._writing() as connection:
            if (
                tuple(self._segments(connection, edit.transcript, [each.id for each in edit.after]))
                != edit.after
            ):
                raise UserInputError("segments-changed-since")
            _put(connection, edit.transcript, edit.after, edit.before)
            self._set(edit.transcript)
        self._edited(edit.transcript)
        return TranscriptEdit(edit.transcript, edit.after, edit.before)

    def _edited(self, id: int) -> None:
        """Told when a person has changed a transcript."""

    def _change(
        self, transcript: int, ids: Sequence[int], change: Callable[[list[Segment]], Iterable[Segment]]
    ) -> TranscriptEdit:
        """Put other segments in the place of some; the first keep their ids."""
        with self._writing() as connection:
            before = tuple(self._segments(connection, transcript, ids))
            if not before:
                raise UserInputError("no-such-segment")
            kept = [each.id for each in before]
            after = []
            for segment in change([each.segment for each in before]):
                id = kept.pop(0) if kept else _insert(connection, transcript, segment)
                after.append(StoredSegment(id, segment))
            _put(connection, transcript, before, after)
            self._set(transcript)
        self._edited(transcript)
        return TranscriptEdit(transcript, before, tuple(after))

    def _segments(
        self, connection: sqlite3.Connection, transcript: int, ids: Sequence[int]
    ) -> Iterable[StoredSegment]:
        """Those of these ids, in order of time.

        Raises:
            UserInputError: one of them is gone.
        """
        marks = ", ".join("?" * len(ids))
        rows = connection.execute(
            f"""SELECT id, start, finish, text, speaker, words FROM segments
                WHERE transcript = ? AND id IN ({marks}) ORDER BY start, id""",
            (transcript, *ids),
        ).fetchall()
        if len(rows) != len(set(ids)):
            raise UserInputError("no-such-segment")
        return map(_as_segment, rows)

    # --- rows

    def _info(self, connection: sqlite3.Connection, id: int) -> TranscriptInfo:
        row = connection.execute(
            f"SELECT {_COLUMNS} FROM transcripts WHERE id = ? AND deleted IS NULL", (id,)
        ).fetchone()
        if row is None:
            raise UserInputError("no-such-transcript")
        return _as_info(row)

    def _set(self, id: int, **values: Any) -> TranscriptInfo:
        values["changed"] = self._now()
        named = ", ".join(f"{name} = ?" for name in values)
        with self._writing() as connection:
            connection.execute(f"UPDATE transcripts SET {named} WHERE id = ?", (*values.values(), id))
            row = connection.execute(f"SELECT {_COLUMNS} FROM transcripts WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise UserInputError("no-such-transcript")
        return _as_info(row)


def _put(
    connection: sqlite3.Connection,
    transcript: int,
    before: Iterable[StoredSegment],
    after: Iterable[StoredSegment],
) -> None:
    """Have `after` there instead of `before`."""
    for each in before:
        connection.execute("DELETE FROM segments WHERE id = ?", (each.id,))
    for each in after:
        connection.execute("DELETE FROM segments WHERE id = ?", (each.id,))
        _insert(connection, transcript, each.segment, each.id)


def _insert(connection: sqlite3.Connection, transcript: int, segment: Segment, id: int | None = None) -> int:
    words = [[word.start, word.end, word.text, word.probability] for word in segment.words]
    made = connection.execute(
        """INSERT INTO segments (id, transcript, start, finish, text, speaker, words)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (
            id, transcript, segment.start, segment.end, _storable(segment.text), segment.speaker,
            _storable(json.dumps(words, ensure_ascii=False)),
        ),
    )  # fmt: skip
    return int(made.lastrowid or 0)


def _as_segment(row: Sequence[Any]) -> StoredSegment:
    id, start, end, text, speaker, words = row
    return StoredSegment(
        id, Segment(start, end, text, tuple(Word(*word) for word in json.loads(words)), speaker)
    )


def _as_info(row: Sequence[Any]) -> TranscriptInfo:
    id, path, title, size, mtime_ns, language, model, duration, state, done_until, created, changed, why = row
    problem = Problem(**json.loads(why)) if why else None
    return TranscriptInfo(
        id, os.fsdecode(path), title, size, mtime_ns, language, model, duration, TranscriptState(state),
        done_until, created, changed, problem,
    )  # fmt: skip


def _as_decoding(kept: str) -> Decoding:
    values = json.loads(kept)
    return Decoding(**(values | {"own_words": tuple(values["own_words"])}))


def _problem_json(problem: Problem) -> str:
    return json.dumps(dataclasses.asdict(problem), default=str)


def _storable(text: str) -> str:
    """SQLite takes no broken UTF-8."""
    return text.encode("utf-8", "replace").decode()

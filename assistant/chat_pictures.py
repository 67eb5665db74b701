"""Pictures of messages: made ready and kept, and read as text for a model that does not see."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from assistant.chat.history.history import History
from assistant.chat.history.import_export import carried_pictures
from assistant.chat.history.picture_files import failures_said
from assistant.chat.history.records import LONGEST_SIDE, StoredMessage, StoredPicture
from assistant.errors import AssistantError
from assistant.jobs import Progress
from assistant.vision.records import PHOTO_SUFFIXES, RecognisedPicture, RecognitionOptions
from assistant.vision.service import VisionService
from assistant.workers.run import Run, Steps

log = logging.getLogger(__name__)

T = TypeVar("T")

Begin = Callable[[Sequence[StoredMessage], Callable[[Any], None] | None], Run[T]]
"""Has messages answered, told of in reports."""


class ChatPictures:
    """Methods may be called from any thread."""

    def __init__(
        self, vision: VisionService, history: Callable[[], History], languages: Callable[[], Sequence[str]]
    ) -> None:
        """`languages`: those that the person says pictures are in; none: they are detected."""
        self._vision = vision
        self._history = history
        self._languages = languages

    def take(self, file: Path, name: str = "") -> Run[StoredPicture]:
        """Keep a picture for a message that is being written.

        Its run fails with a DocumentError if it cannot be read, StorageError or a WorkerError.

        Args:
            name: what the person knows it by; "" for one without a name.
        """
        return Run.derived(lambda steps: self._take(steps, file, name))

    def _take(self, steps: Steps, file: Path, name: str) -> StoredPicture:
        photo = file.suffix.casefold() in PHOTO_SUFFIXES
        with _folder() as folder:
            output = folder / ("picture.jpg" if photo else "picture.png")
            made = steps.result(self._vision.prepare, file, output, LONGEST_SIDE)
            path = Path(made.path)
            with failures_said():
                content = path.read_bytes()
            kept = self._history().pictures.keep(content, path.suffix)
        return StoredPicture(kept, name, made.width, made.height)

    def answered(
        self, messages: Sequence[StoredMessage], begin: Begin[T], on_report: Callable[[Any], None] | None
    ) -> Run[T]:
        """Have messages answered by a model that does not see: first the text of their pictures is
        recognised, as far as it was not yet, and kept with them.

        Reports Progress meanwhile, then what the answer reports.
        """
        if all(picture.text is not None for each in messages for picture in each.pictures):
            return begin(messages, on_report)

        def work(steps: Steps) -> T:
            return steps.result(begin, self._read(steps, messages), steps.report)

        return Run.derived(work, on_report)

    def _read(self, steps: Steps, messages: Sequence[StoredMessage]) -> list[StoredMessage]:
        """The messages with what is recognised in their pictures."""
        history = self._history()
        # What was recognised for an earlier answer stands in the history, if not in these messages.
        read = [
            replace(each, meta=history.message(each.id).meta) if each.pictures else each for each in messages
        ]
        unread = sum(picture.text is None for each in read for picture in each.pictures)
        done = 0
        for at, message in enumerate(read):
            pictures = list(message.pictures)
            for number, picture in enumerate(pictures):
                if picture.text is None:
                    steps.report(Progress("Recognising text", done, unread))
                    pictures[number] = replace(picture, text=self._recognise(steps, picture))
                    read[at] = history.update_message(message.id, pictures=pictures)
                    done += 1
        return read

    def _recognise(self, steps: Steps, picture: StoredPicture) -> str:
        path = self._history().pictures.path(picture.file)
        if not path.is_file():  # somebody deleted it: the conversation goes on without
            return ""
        options = RecognitionOptions(languages=tuple(self._languages()))
        return laid_out(steps.result(self._vision.recognise, path, options))

    # --- conversations from elsewhere

    def import_conversations(self, text: str) -> tuple[int, ...]:
        """As `History.import_`, with the pictures that are in the text."""
        with _folder() as folder:
            for name, content in carried_pictures(text).items():
                with failures_said():
                    (folder / name).write_bytes(content)
            return self._history().import_(text, self.adopt(folder))

    def adopt(self, folder: Path) -> Mapping[str, str]:
        """Keep the pictures in a folder, each made anew, for they come from a stranger.

        Returns what each is called from now on; those that cannot be read are left out.
        """
        names, pictures = {}, self._history().pictures
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            if pictures.path(file.name).is_file():
                continue
            try:
                names[file.name] = self.take(file).result().file
            except AssistantError as error:
                log.warning("A picture of a conversation could not be taken over: %s", error.message)
        return names


@contextmanager
def _folder() -> Iterator[Path]:
    """For a while. Raises DiskFull, StorageError."""
    with failures_said():
        folder = tempfile.TemporaryDirectory(prefix="offline-assistant-", ignore_cleanup_errors=True)
    with folder as path:
        yield Path(path)


def laid_out(picture: RecognisedPicture) -> str:
    """What was recognised as it is to be read: a table row by row, with its cells beside each other."""
    from assistant.documents.recognition.recognised_sections import picture_sections  # with numpy

    return "\n\n".join(section.text for section in picture_sections(picture, None, "", ()))

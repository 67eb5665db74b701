"""What translation needs of other abilities, which it does not know: models, chat, the documents' reader."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from assistant.chat.records import Finish, LoadOptions, Message, Request, Role, Sampling
from assistant.chat.service import ChatService
from assistant.documents.indexing.reader_client import DocumentReader, new_reader
from assistant.documents.records import Outcome, Part
from assistant.errors import AccessDenied, AssistantError, DamagedStore, DocumentGone, Problem
from assistant.models.catalog.records import Licence
from assistant.models.files.records import ModelKind
from assistant.models.library.records import Installed
from assistant.models.service import ModelsService
from assistant.paths import translation_folder
from assistant.translation import model_choices, plain_text
from assistant.translation.prompted_sentences import Answer, Prompt
from assistant.translation.records import (
    EngineChoice,
    ExtractedDocument,
    Flag,
    Lost,
    NotKept,
    Paragraph,
    TranslationOptions,
)
from assistant.translation.service import TranslationService
from assistant.translation.translations import Translations
from assistant.workers.run import Steps

log = logging.getLogger(__name__)

_QUESTION_SECONDS = 15.0
"""A model may have to be loaded first."""
_USELESS = {Flag.EMPTY, Flag.UNCHANGED, Flag.SCRIPT, Flag.REPEATS, Flag.LANGUAGE}
"""A question translated so is worse than none."""
_OTHERWISE = 0.8
"""Temperature at which a chat model is asked once more."""


def open_translations(
    service: TranslationService,
    models: ModelsService,
    chat: ChatService,
    chosen: Callable[[], str],
    options: Callable[[], LoadOptions],
    tell_notices: Callable[[Iterable[Problem]], None],
) -> Translations:
    """
    Args:
        chosen: path of the chat model that answers; "" where there is none.
        options: how chat models are loaded.
        tell_notices: told what the person should know about how opening something went.

    Raises:
        StorageError: what is kept of translations cannot be opened.
    """
    return Translations(
        translation_folder(),
        service,
        EngineChoices(models, chosen),
        ChatCompletion(chat, options),
        read_document,
        tell_notices,
    )


class EngineChoices:
    """The models that translate: those made for it, then the chat models, the one that is chosen first."""

    def __init__(self, models: ModelsService, chosen: Callable[[], str]) -> None:
        """Args:
        chosen: path of the chat model that answers; "" where there is none.
        """
        self._models = models
        self._chosen = chosen

    def __call__(self) -> tuple[EngineChoice, ...]:
        installed = self._models.library.installed()
        chat = [self._chat(each) for each in installed if each.kind is ModelKind.CHAT and not each.missing]
        chosen = self._chosen()
        if all(each.path != chosen for each in chat) and Path(chosen).is_file():
            chat.append(EngineChoice(chosen, Path(chosen).stem, chat=True))
        chat.sort(key=lambda each: each.path != chosen)
        return (*model_choices.choices(installed, self._licence), *chat)

    def _chat(self, model: Installed) -> EngineChoice:
        licence = self._licence(model)
        choice = EngineChoice(str(model.path), model.name, chat=True)
        if licence is None:
            return choice
        return replace(choice, licence=licence.name, non_commercial=not licence.commercial)

    def _licence(self, model: Installed) -> Licence | None:
        with suppress(DamagedStore):  # of the catalogue
            return next((each.licence for each in self._models.entries if each.id == model.entry), None)
        return None


class ChatCompletion:
    """A chat model asked once; see `prompted_sentences.Complete`."""

    def __init__(self, chat: ChatService, options: Callable[[], LoadOptions]) -> None:
        """Args:
        options: how chat models are loaded.
        """
        self._chat = chat
        self._options = options

    def __call__(self, steps: Steps, model: str, prompt: Prompt) -> Answer:
        request = Request(
            instructions=prompt.instructions,
            messages=(Message(Role.USER, prompt.message),),
            sampling=Sampling(
                temperature=0.0 if prompt.seed is None else _OTHERWISE,
                seed=prompt.seed,
                stop=prompt.stop,
                max_tokens=prompt.max_tokens,
            ),
            conversation=prompt.conversation,
            answer_tokens=prompt.max_tokens,
            first_token_seconds=None,
        )
        made = steps.result(self._chat.complete, request, model=Path(model), options=self._options())
        return Answer(made.text, made.finish in (Finish.END, Finish.STOP_WORD))


class QuestionTranslator:
    """Translates a question for the search; see `translated_questions.TranslateQuestion`."""

    def __init__(self, translations: Callable[[], Translations], seconds: float = _QUESTION_SECONDS) -> None:
        """Args:
        seconds: that a person waits for it at most.
        """
        self._translations = translations
        self._seconds = seconds

    def __call__(self, question: str, source: str, target: str) -> str | None:
        options = TranslationOptions(target, source)
        try:
            translations = self._translations()
            if translations.route(source, options) is None:
                return None
            run = translations.translate(question, options)
            try:
                found = run.result(self._seconds)
            except TimeoutError:
                run.cancel()
                return None
        except AssistantError as error:
            log.info("A question was searched as it stands: %s", error)
            return None
        concerns = {concern.flag for paragraph in found.paragraphs for concern in paragraph.concerns}
        return None if concerns & _USELESS else found.text.strip() or None


def read_document(steps: Steps, path: Path) -> ExtractedDocument:
    """All that can be read in a file of any format, each line a paragraph; in a process of its own.

    Raises:
        DocumentError: it cannot be read.
        WorkerError: there is no reader.
        Cancelled: stopped.
    """
    try:
        size = path.stat().st_size
    except PermissionError as error:
        raise AccessDenied("file-forbidden", name=path.name) from error
    except OSError as error:
        raise DocumentGone("file-not-there", name=path.name) from error
    worker = new_reader("The reader of files to translate")
    try:
        reader = DocumentReader(worker)
        opened = reader.open(str(path), size, None, steps.token)
        paragraphs: list[Paragraph] = []
        lost = [Lost(NotKept.PDF_LAYOUT)]
        for part in reader.parts(str(path), size, opened, 1, None, steps.token):
            paragraphs += _paragraphs(part)
            if part.outcome is Outcome.FAILED:
                lost.append(Lost(NotKept.PART_UNREADABLE, part.label))
    finally:
        worker.stop()
    return ExtractedDocument(opened.kind, tuple(paragraphs), lost=tuple(lost), only_read=True)


def _paragraphs(part: Part) -> list[Paragraph]:
    return [
        Paragraph(section.text[start:end], place=section.location)
        for section in part.sections
        for start, end in plain_text.lines(section.text)
    ]

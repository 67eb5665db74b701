"""The pictures that go with the message being written: dropped, pasted, chosen or taken of the screen."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from assistant.chat.history.records import StoredPicture
from assistant.errors import AssistantError, StorageError
from assistant.vision.records import PICTURE_SUFFIXES
from ui.chat.composer import Composer
from ui.chat.screen_picture import ScreenPicture
from ui.chat.transcript_entries import shown
from ui.common import error_words, formatting
from ui.common.file_dialogs import Purpose, choose_files
from ui.common.menus import Menu
from ui.common.page_context import PageContext
from ui.common.picture_button import ShownPicture
from ui.common.picture_files import picture_in
from ui.common.thread_bridge import Following, Running
from ui.common.translation import arg, translate
from ui.models.chat_model_loader import ChatModelLoader

if TYPE_CHECKING:
    from assistant.services import Services

MOST = 10
"""Pictures of one message."""


@dataclass(eq=False, slots=True)
class _Draft:
    name: str
    picture: StoredPicture | None = None
    """None until it is kept."""
    following: Following[Any] | None = None


class MessagePictures(QObject):
    larger_wanted = Signal(object, int)
    """StoredPictures, and the number of the one that is to be seen."""

    def __init__(
        self, context: PageContext, models: ChatModelLoader, composer: Composer, window: QWidget
    ) -> None:
        super().__init__(context)
        self._context = context
        self._models = models
        self._composer = composer
        self._window = window
        self._drafts: list[_Draft] = []
        self._sees: dict[Path, bool] = {}
        """Of models that are not loaded."""
        self.screen = ScreenPicture(context, window)
        self.screen.taken.connect(partial(self.add_image, name=translate("chat", "Screenshot")))
        self.screen.taken.connect(lambda _: composer.take_focus())
        composer.picture_wanted.connect(lambda: self.menu().popup_below(composer.add_picture))
        composer.field.pasted.connect(self.paste)
        composer.pictures.removed.connect(self._remove)
        composer.pictures.wanted.connect(self._show_larger)
        composer.pictures.seeing_model_wanted.connect(lambda: context.page_wanted.emit("models"))
        models.changed.connect(self._model_changed)

    # --- what goes along

    def kept(self) -> tuple[StoredPicture, ...]:
        """Those that are ready to be sent."""
        return tuple(draft.picture for draft in self._drafts if draft.picture is not None)

    def show(self, pictures: Sequence[StoredPicture]) -> None:
        """Let these go along and no others, as with a message that is written anew."""
        for draft in self._drafts:
            if draft.following is not None:
                draft.following.cancel()
        self._drafts = [_Draft(picture.name, picture) for picture in pictures]
        self._changed()

    def clear(self) -> None:
        self.show(())

    def _remove(self, number: int) -> None:
        if number < len(self._drafts):
            draft = self._drafts.pop(number)
            if draft.following is not None:
                draft.following.cancel()
            self._changed()

    # --- where they come from

    def menu(self) -> Menu:
        menu = Menu(self._composer)
        menu.add_item(translate("chat", "Choose pictures…"), self.choose, "folder-open")
        menu.add_item(translate("chat", "Part of the screen…"), self.screen.take, "selection")
        return menu

    def choose(self) -> None:
        suffixes = " ".join(f"*{suffix}" for suffix in PICTURE_SUFFIXES)
        choose_files(
            self._window,
            Purpose.PICTURES,
            translate("chat", "Add pictures to the message"),
            self.add,
            [arg(translate("chat", "Pictures (%1)"), suffixes)],
        )

    def add(self, paths: Sequence[str]) -> None:
        """Files, which stay where they are: what goes along is a copy."""
        for path in paths:
            name = formatting.file_name(path)
            draft = self._draft(name)
            if draft is None:
                break
            draft.following = self._context.run(
                _taking(path, name),
                partial(self._taken, draft),
                partial(self._not_taken, draft),
            )
        self._changed()

    def paste(self, data: QMimeData) -> None:
        if data.hasUrls():
            self.add([url.toLocalFile() for url in data.urls()])
        else:
            self.add_image(picture_in(data))

    def add_image(self, image: bytes | QImage | None, name: str = "") -> None:
        """A picture that is no file of the person's."""
        draft = None if image is None else self._draft(name)
        if draft is not None and image is not None:
            draft.following = self._context.in_background(
                partial(_take_image, image=image, name=name),
                partial(self._taken, draft),
                partial(self._not_taken, draft),
            )
            self._changed()

    def _draft(self, name: str) -> _Draft | None:
        if not self._context.ready_or_told():
            return None
        if len(self._drafts) >= MOST:
            self._context.notices.say(
                translate("chat", "At most %n picture(s) go with a message.", None, MOST)
            )
            return None
        draft = _Draft(name)
        self._drafts.append(draft)
        return draft

    def _taken(self, draft: _Draft, picture: StoredPicture) -> None:
        draft.picture, draft.following = picture, None
        self._changed()

    def _not_taken(self, draft: _Draft, error: AssistantError) -> None:
        if draft in self._drafts:
            self._drafts.remove(draft)
            self._changed()
        if draft.name:
            said = arg(translate("chat", "“%1” was not added: %2"), draft.name, error_words.message(error))
        else:
            said = arg(translate("chat", "The picture was not added: %1"), error_words.message(error))
        self._context.notices.warn(said, error_words.hint(error))

    # --- what is seen of them

    def _changed(self) -> None:
        pictures = [
            ShownPicture("", draft.name, 0, 0) if draft.picture is None else shown([draft.picture])[0]
            for draft in self._drafts
        ]
        ready = all(draft.picture is not None for draft in self._drafts)
        self._composer.show_pictures(pictures, ready=ready)
        self._show_note()

    def _show_larger(self, number: int) -> None:
        picture = self._drafts[number].picture
        if picture is not None:
            pictures = self.kept()
            self.larger_wanted.emit(pictures, pictures.index(picture))

    def _show_note(self) -> None:
        """Before it is sent: what the model that answers makes of pictures."""
        note = ""
        if not self._drafts:
            pass
        elif self._models.info is None and self._models.chosen is None:
            note = translate("chat", "Some models see pictures; all others read the text recognised in them.")
        elif self._model_sees() is False:
            text = translate("chat", "“%1” does not see pictures: it reads the text recognised in them.")
            note = arg(text, self._models.name())
        self._composer.pictures.show_note(note)

    def _model_changed(self) -> None:
        self._sees.clear()
        self._show_note()

    def _model_sees(self) -> bool | None:
        """None while that is not known."""
        if self._models.info is not None:
            return self._models.info.sees
        path = self._models.chosen
        if path is None:
            return None
        if path not in self._sees:
            self._context.in_background(
                lambda services: services.models.projector_of(path) is not None,
                partial(self._found_out, path),
                lambda _: None,
            )
            return None
        return self._sees[path]

    def _found_out(self, model: Path, sees: bool) -> None:
        self._sees[model] = sees
        self._show_note()


def _taking(path: str, name: str) -> Callable[[Services], Running[StoredPicture]]:
    return lambda services: services.pictures.take(Path(path), name)


def _take_image(services: Services, image: bytes | QImage, name: str) -> StoredPicture:
    with tempfile.TemporaryDirectory(prefix="offline-assistant-") as folder:
        file = Path(folder) / "picture.png"
        if isinstance(image, bytes):
            file.write_bytes(image)
        elif not image.save(str(file)):
            raise StorageError("picture-not-kept", why=str(file))
        return services.pictures.take(file, name).result()

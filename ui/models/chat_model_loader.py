"""Which model answers: choosing its file, loading it with its progress, and what there is to know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from assistant.chat.records import LoadOptions, ModelInfo
from assistant.errors import AssistantError
from assistant.jobs import Progress
from assistant.models.files.records import SortedPaths
from assistant.models.fit.records import Setting
from ui.common import error_words, formatting, quantities
from ui.common.file_dialogs import Purpose, choose_file
from ui.common.menus import Menu, NameMenuButton
from ui.common.notices import Action
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.common.translation import arg, translate
from ui.models import descriptions
from ui.models.actions import ModelActions
from ui.models.model_details import LoadedModelDetails

SUFFIX = ".gguf"
WIDEST_NAME = 200
"""Pixels of the model's name on the button."""
LEAST_NAME = 112
"""Pixels of it that the button keeps in a narrow window."""
PROGRESS_EVERY_MS = 60


class ChatModelLoader(QObject):
    changed = Signal()
    """Another model, or none, is loaded or being loaded."""
    loaded = Signal(ModelInfo)
    progressed = Signal(str, int)
    """What is being done, and how much of it in percent; -1 while that is not known."""

    def __init__(self, context: PageContext, library: ModelActions) -> None:
        super().__init__(context)
        self._context = context
        self._library = library
        self._path: Path | None = None
        """The model that is loaded, is being loaded or would be."""
        self._options = LoadOptions()
        self._info: ModelInfo | None = None
        self._before: tuple[Path | None, LoadOptions, ModelInfo | None] = None, self._options, None
        """What answered until the loading that goes on, or went on last, was begun."""
        self._following: Following[ModelInfo] | None = None
        self._then: Callable[[], None] | None = None
        self._shown = ""
        """The name that is on the button."""
        self._details: LoadedModelDetails | None = None
        self._report: Progress | None = None
        self._progress_timer = QTimer(self, singleShot=True, interval=PROGRESS_EVERY_MS)
        self._progress_timer.timeout.connect(self._show_progress)
        library.refreshed.connect(self._library_refreshed)
        choose = translate("models", "Choose a model")
        self.button = NameMenuButton(choose, self.menu, icon="cpu", least=LEAST_NAME)
        context.services_ready.connect(self._services_ready)
        if context.ready:
            self._services_ready()

    # --- what there is

    @property
    def info(self) -> ModelInfo | None:
        """What is known of the model that is loaded."""
        return self._info

    @property
    def chosen(self) -> Path | None:
        return self._path

    @property
    def loading(self) -> bool:
        return self._following is not None

    def line(self) -> str:
        """The model and its memory, for the status line."""
        if self._info is None:
            return ""
        return f"{self.name()} · {quantities.size(self._info.size)}"

    def name(self) -> str:
        """What the model that answers, or would, is called in the library or by itself; "" without one."""
        return "" if self._path is None else self._name_of(self._path)

    def _name_of(self, path: Path) -> str:
        known = next((each for each in self._library.chat_models() if each.path == str(path)), None)
        if known is not None:
            return formatting.name(known.name)
        if self._info is not None and self._path == path:
            return formatting.name(self._info.name)
        return formatting.file_name(str(path)).removesuffix(SUFFIX)

    # --- choosing and loading

    def choose_file(self, *, then: Callable[[], None] | None = None) -> None:
        """Ask for a model's file; `then` is called once it is loaded."""
        choose_file(
            self._context.panel.window(),
            Purpose.MODELS,
            translate("models", "Choose a chat model"),
            lambda path: self.load(Path(path), then),
            [arg(translate("models", "Chat models (*%1)"), SUFFIX)],
        )

    def load(
        self,
        path: Path,
        then: Callable[[], None] | None = None,
        *,
        adapter: str = "",
        setting: Setting | None = None,
    ) -> None:
        """Have this model answer from now on; `then` is called once it is loaded.

        Args:
            setting: how it is loaded this time, whatever the settings say.
        """
        if not self._context.ready:
            return
        self.stop()
        services = self._context.services
        self._before = self._path, self._options, self._info
        options = services.requests.load_options(adapter)
        self._path, self._options = path, options if setting is None else _with(options, setting)
        self._info, self._then, self._report = None, then, None
        report = self._context.bridge.relay(self._progressed)
        self._following = self._context.run(
            lambda services: services.chat.load(path, self._options, on_report=report),
            self._loaded,
            self._load_failed,
        )
        self._show_progress()
        self.changed.emit()

    def take(self, given: SortedPaths, *, answers: bool = False) -> None:
        """Use models that were given to the window where they are.

        Args:
            answers: the first one answers from now on; else only where no other one was chosen.
        """
        models = list(given.models)
        hint = translate("models", "The other files are among your documents.") if given.others else ""
        chat = next((path for path in models if path.casefold().endswith(SUFFIX)), None)
        if chat is not None and (answers or self._path is None):
            models.remove(chat)
            said = translate("models", "“%1” now answers.")

            def say() -> None:
                self._context.notices.say(arg(said, self.name()), hint)

            self.load(Path(chat), say)
        self._library.add(models, link=True, hint=hint)

    def ensure(self, then: Callable[[], None], model: str = "", adapter: str = "") -> bool:
        """Call `then` once the model is loaded that is wanted; false if none was chosen yet.

        Args:
            model: the file that an assistant brings along; "" for the person's own choice.
            adapter: what goes on top of it.
        """
        wanted = Path(model) if model else self._path
        if wanted is None:
            return False
        same = wanted == self._path and (self._options.adapter or "") == adapter
        if self._info is not None and same:
            then()
        elif self.loading and same:
            self._then = then
        else:
            self.load(wanted, then, adapter=adapter)
        return True

    def stop(self) -> None:
        """Load no further."""
        self._then = None
        if self._following is not None:
            self._following.cancel()
            self._following = None
            self._progress_timer.stop()
            self._go_back()
            self._show()
            self.changed.emit()

    def _go_back(self) -> None:
        """The model that answered before, or would have, does so again, as `ChatService.load` has it."""
        if self._before[0] is not None:
            self._path, self._options, self._info = self._before

    def unload(self) -> None:
        """Give the model's memory back; the next message loads it again."""
        self.stop()
        if self._info is not None and self._context.ready:
            self._info = None
            self._context.run(lambda services: services.chat.unload())
            self._show()
            self.changed.emit()

    def refresh(self) -> None:
        """Its speeds have been measured anew."""
        if self._info is not None and self._context.ready:
            self._info = self._context.services.chat.loaded or self._info
            self._show()

    def show_details(self) -> None:
        """All that is known of the model, in the side panel."""
        if self._info is None:
            return
        if self._details is None:
            self._details = LoadedModelDetails()
        self._details.show_model(self._info)
        self._context.panel.open(self._details, self.name(), translate("models", "The model that answers"))

    def menu(self) -> Menu:
        menu, path = Menu(self.button), self._path
        if self.loading:
            menu.add_item(translate("models", "Stop loading"), self.stop, "stop")
        if self._info is not None:
            menu.add_item(translate("models", "About this model"), self.show_details, "info")
        elif path is not None and not self.loading:
            load = arg(translate("models", "Load “%1”"), self._name_of(path))
            menu.add_item(load, lambda: self.load(path), "play")
        self._add_installed(menu)
        menu.add_item(translate("models", "Choose a model file…"), self.choose_file, "folder-open")
        more = translate("models", "More models…")
        menu.add_item(more, lambda: self._context.page_wanted.emit("models"), "cpu")
        if self._info is not None:
            menu.add_item(translate("models", "Unload"), self.unload, "x-circle")
        return menu

    def _add_installed(self, menu: Menu) -> None:
        """The chat models of the library, to change over with one click."""
        menu.addSeparator()
        used = str(self._path) if self._info is not None or self.loading else ""
        for model in self._library.chat_models():
            load = partial(self.load, Path(model.path))
            menu.add_choice(formatting.name(model.name), load, chosen=model.path == used)
        menu.addSeparator()

    # --- what comes back

    def _services_ready(self) -> None:
        chosen = self._context.services.settings.chat.model
        self._path = Path(chosen) if chosen else None
        self._info = self._context.services.chat.loaded
        QTimer.singleShot(0, self._library.refresh_once)  # for the menu, unless the page looks already
        self._show()
        self.changed.emit()

    def _library_refreshed(self) -> None:
        """It may call the model otherwise. Where none was ever chosen, its first one answers."""
        if self._path is None and (models := self._library.chat_models()):
            self._path = Path(models[0].path)
        if not self.loading and self.name() != self._shown:
            self._show()
            self.changed.emit()

    def _progressed(self, progress: Progress) -> None:
        self._report = progress
        if self.loading and not self._progress_timer.isActive():
            self._progress_timer.start()

    def _show_progress(self) -> None:
        if not self.loading:
            return
        report = self._report
        percent = round(100 * report.done / report.total) if report and report.total else -1
        doing = formatting.one_line(report.doing) if report else ""
        name = self._shorten(self.name())
        text = arg(translate("models", "Loading %1…"), name)
        if percent >= 0:
            text = arg(translate("models", "Loading %1 %2 %", "a name and percent"), name, percent)
        self._label(text, arg(translate("models", "%1. Open the menu to stop"), text), doing)
        self.progressed.emit(doing or translate("models", "Loading"), percent)

    def _loaded(self, info: ModelInfo) -> None:
        self._following = None
        self._progress_timer.stop()
        self._info = info
        self._remember(Path(info.path))
        self._show()
        if info.note:
            self._context.notices.say(formatting.one_line(error_words.message(info.note)))
        self.changed.emit()
        self.loaded.emit(info)
        then, self._then = self._then, None
        if then is not None:
            then()

    def _load_failed(self, error: AssistantError) -> None:
        self._following = None
        self._progress_timer.stop()
        path, adapter, then = self._path, self._options.adapter or "", self._then
        self._then = None
        self._go_back()
        self._show()
        action, nearest = None, error.details.get("setting")
        if path is not None and isinstance(nearest, Setting):
            text = translate("models", "Load it with %1", "about 3 pages")
            action = Action(
                arg(text, descriptions.pages(nearest.context)),
                lambda: self.load(path, then, adapter=adapter, setting=nearest),
            )
        self._context.notices.error(error, action)
        self.changed.emit()

    def _remember(self, path: Path) -> None:
        """The next start begins with it, and the library has it."""
        if not self._options.adapter:
            refresh = self._library.refresh
            self._context.in_background(
                lambda services: services.remember_chat_model(path), lambda _: refresh()
            )

    def _show(self) -> None:
        if self._info is not None:
            name = self.name()
            self._label(self._shorten(name), arg(translate("models", "Model: %1"), name), self.line())
        elif self._path is not None:
            name = self.name()
            not_loaded = arg(translate("models", "Model: %1, not loaded"), name)
            later = arg(translate("models", "%1 is loaded with the next message"), name)
            self._label(self._shorten(name), not_loaded, later)
        else:
            choose = translate("models", "Choose a model")
            self._label(choose, choose, "")

    def _label(self, text: str, accessible_name: str, tooltip: str) -> None:
        self._shown = self.name()
        self.button.set_words(text)
        self.button.setAccessibleName(accessible_name)
        self.button.setToolTip(tooltip)

    def _shorten(self, name: str) -> str:
        metrics = self.button.fontMetrics()
        return metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, WIDEST_NAME)


def _with(options: LoadOptions, setting: Setting) -> LoadOptions:
    return replace(
        options,
        context=setting.context,
        kv_type=setting.kv_type,
        gpu_layers=setting.gpu_layers,
        batch=setting.batch,
        flash_attention=setting.flash_attention,
    )

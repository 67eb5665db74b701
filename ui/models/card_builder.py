"""What is said of each model, from all that is known of it: picked, here, measured, on its way, loading."""

from __future__ import annotations

from assistant.models.files.records import ModelKind
from assistant.models.fit.records import Pick
from assistant.models.library.records import Installed
from ui.common import formatting, quantities
from ui.common.translation import arg, translate
from ui.models import descriptions
from ui.models.actions import ModelActions
from ui.models.card_data import CardAction, ModelRow, Tone
from ui.models.chat_model_loader import ChatModelLoader
from ui.models.model_facts import Detail
from ui.models.models_state import DownloadProgress, ModelsState

_PROBLEM_ICONS = {Tone.WARN: "link-break", Tone.ERROR: "warning-circle"}
"""In the place of the model's own."""


class CardBuilder:
    def __init__(self, models: ModelActions, loader: ChatModelLoader) -> None:
        self._models = models
        self._loader = loader
        self.picks: tuple[Pick, ...] = ()
        self.imagined = False
        """They were picked for a computer that is not this one."""
        self.loading = -1
        """Percent of the model that is being loaded; -1 while that is not known."""

    def pick_of(self, entry: str) -> Pick | None:
        return next((pick for pick in self.picks if pick.entry.id == entry), None) if entry else None

    def model_of(self, id: str) -> Installed | None:
        """The installed model with this id, or that of the entry with this id."""
        state = self._models.state
        return None if state is None else state.model(id) or state.of_entry(id)

    def installed_row(self, model: Installed) -> ModelRow:
        """Of a model that is here."""
        state, loader = self._models.state, self._loader
        assert state is not None
        chosen = str(loader.chosen) == model.path
        in_use = chosen and loader.info is not None
        problem, measured = self._models.problems.get(model.id), state.last_measured(model.path)
        figures, tone, fraction = self._prediction(model, state), Tone.PLAIN, None
        action: CardAction | None = CardAction.USE if model.kind is ModelKind.CHAT and not in_use else None
        if chosen and loader.loading:
            action, fraction = CardAction.STOP, max(0, self.loading) / 100
            figures = translate("models", "Loading")
            if self.loading >= 0:
                figures = arg(translate("models", "Loading, %1 %"), self.loading)
        elif model.missing:
            figures, tone, action = _missing(model), Tone.WARN, CardAction.RETRY
        elif problem is not None:
            figures, tone = descriptions.problem(problem), Tone.ERROR
        elif measured is not None:
            figures = descriptions.measured(measured) or figures
        return ModelRow(
            id=model.id,
            name=formatting.name(model.name),
            icon=_PROBLEM_ICONS.get(tone) or descriptions.ICONS[model.kind],
            beside=quantities.size(model.size) if model.size else "",
            about=descriptions.sentence(model.note) or descriptions.what_it_is(model),
            figures=descriptions.sentence(figures),
            tone=tone,
            fraction=fraction,
            action=action,
            state=translate("models", "In use") if in_use else "",
        )

    def _prediction(self, model: Installed, state: ModelsState) -> str:
        """What a model that is here will take, in words; "" where nobody knows."""
        pick = None if self.imagined else self.pick_of(model.entry)
        if pick is not None:
            return pick.sentence if pick.fits else pick.why_not
        outlook = state.outlooks.get(model.id)
        if outlook is None or model.kind is not ModelKind.CHAT:
            return ""
        return descriptions.fit(outlook.fit, state.computer.room.memory_free, outlook.speed)

    def pick_row(self, pick: Pick) -> ModelRow:
        """Of a model that can be got."""
        state, entry = self._models.state, pick.entry
        assert state is not None
        here = state.of_entry(entry.id)
        shown = self.installed_row(here) if here is not None else None
        download = self._models.downloads.progress.get(entry.id)
        figures = pick.sentence if pick.comfortable else pick.why_not or pick.sentence
        tone, fraction, in_place = Tone.PLAIN, None, ""
        action: CardAction | None = None
        if pick.fits:  # what is too big can be got with the menu
            action = CardAction.GET if state.downloads.allowed else CardAction.GET_BY_HAND
        if shown is not None and shown.action is not CardAction.RETRY:
            action, fraction = shown.action, shown.fraction
            in_place = shown.state or ("" if action else translate("models", "Here"))
            figures = shown.figures if fraction is not None else figures
        elif download is not None and download.problem is not None:
            action, figures, tone = CardAction.RETRY, descriptions.problem(download.problem), Tone.ERROR
        elif download is not None and download.stopped:
            action, figures = CardAction.RESUME, _stopped(download)
        elif download is not None:
            action, fraction = CardAction.STOP, descriptions.fraction(download.report)
            figures = descriptions.progress(download.report)
        return ModelRow(
            id=entry.id,
            name=formatting.name(entry.name),
            icon=_PROBLEM_ICONS.get(tone) or descriptions.ICONS[entry.kind],
            beside=descriptions.beside_name(entry),
            badge=descriptions.best_for(pick.recommended_for, imagined=self.imagined),
            about=descriptions.sentence(entry.about),
            figures=descriptions.sentence(figures),
            tone=tone,
            fraction=fraction,
            action=action,
            state=in_place,
        )

    def detail(self, id: str) -> Detail | None:
        """All that is known of the model or the entry with this id; None if there is none any more."""
        state, model = self._models.state, self.model_of(id)
        pick = self.pick_of(id) or (self.pick_of(model.entry) if model is not None else None)
        if state is None:
            return None
        if model is not None and model.id == id:
            row, kind = self.installed_row(model), model.kind
        elif pick is not None:
            row, kind = self.pick_row(pick), pick.entry.kind
        else:
            return None
        path = model.path if model is not None else ""
        outlook = pick or state.outlooks.get(id)
        return Detail(
            row,
            subtitle=row.badge or descriptions.sentence(descriptions.kind(kind)),
            entry=pick.entry if pick is not None else None,
            model=model,
            fit=outlook.fit if outlook is not None else None,
            speed=outlook.speed if outlook is not None else None,
            measured=tuple(one for one in state.measured if path and one.path == path),
        )


def _stopped(download: DownloadProgress) -> str:
    if download.report is None or not download.report.total:
        return translate("models", "Stopped at the beginning. It goes on where it was.")
    amount = descriptions.amount(download.report)
    return arg(translate("models", "Stopped at %1. It goes on where it was.", "1.2 GB of 2.5 GB"), amount)


def _missing(model: Installed) -> str:
    if not model.linked:
        return translate(
            "models", "Its file is gone from the folder of the models. Add it again, or remove it here."
        )
    text = translate("models", "Its file is gone from %1. Connect its disk, or remove it here.")
    return arg(text, formatting.name(model.path))

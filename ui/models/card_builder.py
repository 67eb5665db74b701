"""What is said of each model, from all that is known of it: picked, here, measured, on its way, loading."""

from __future__ import annotations

from assistant.models.records import Installed, Pick
from ui.models import descriptions
from ui.models.actions import ModelActions
from ui.models.card_data import ModelRow, installed_row, pick_row, prediction
from ui.models.chat_model_loader import ChatModelLoader
from ui.models.model_details import Detail


class CardBuilder:
    def __init__(self, models: ModelActions, chooser: ChatModelLoader) -> None:
        self._models = models
        self._chooser = chooser
        self.picks: tuple[Pick, ...] = ()
        self.imagined = False
        """They were picked for a computer that is not this one."""
        self.loading = -1
        """Percent of the model that is being loaded; -1 while that is not known."""

    def pick_of(self, entry: str) -> Pick | None:
        return next((pick for pick in self.picks if pick.entry.id == entry), None) if entry else None

    def model_of(self, id: str) -> Installed | None:
        """The installed model with this id, or that of the entry with this id."""
        survey = self._models.survey
        return None if survey is None else survey.model(id) or survey.of_entry(id)

    def installed_row(self, model: Installed) -> ModelRow:
        survey, chooser = self._models.survey, self._chooser
        assert survey is not None
        chosen = str(chooser.chosen) == model.path
        pick = None if self.imagined else self.pick_of(model.entry)
        free = survey.computer.room.memory_free
        return installed_row(
            model,
            in_use=chosen and chooser.info is not None,
            loading=self.loading if chosen and chooser.loading else None,
            measured=survey.last_measured(model.path),
            predicted=prediction(model, pick, survey.outlooks.get(model.id), free),
            problem=self._models.problems.get(model.id),
        )

    def pick_row(self, pick: Pick) -> ModelRow:
        survey = self._models.survey
        assert survey is not None
        here = survey.of_entry(pick.entry.id)
        return pick_row(
            pick,
            here=self.installed_row(here) if here is not None else None,
            allowed=survey.downloads.allowed,
            getting=self._models.getting.get(pick.entry.id),
            where="there" if self.imagined else "here",
        )

    def detail(self, id: str) -> Detail | None:
        """All that is known of the model or the entry with this id; None if there is none any more."""
        survey, model = self._models.survey, self.model_of(id)
        pick = self.pick_of(id) or (self.pick_of(model.entry) if model is not None else None)
        if survey is None:
            return None
        if model is not None and model.id == id:
            row, kind = self.installed_row(model), model.kind
        elif pick is not None:
            row, kind = self.pick_row(pick), pick.entry.kind
        else:
            return None
        path = model.path if model is not None else ""
        outlook = pick or survey.outlooks.get(id)
        return Detail(
            row,
            second=row.badge or descriptions.KINDS[kind].capitalize(),
            entry=pick.entry if pick is not None else None,
            model=model,
            fit=outlook.fit if outlook is not None else None,
            speed=outlook.speed if outlook is not None else None,
            measured=tuple(one for one in survey.measured if path and one.path == path),
        )

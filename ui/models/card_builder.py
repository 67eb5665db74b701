"""What is said of each model, from all that is known of it: picked, here, measured, on its way, loading."""

from __future__ import annotations

from assistant.documents.embedder_records import EmbedderChoice, EmbedderState
from assistant.models.files.records import ModelKind
from assistant.models.fit.records import Pick
from assistant.models.library.records import Installed
from ui.common import formatting, quantities
from ui.common.translation import arg, listed, translate
from ui.embedders import descriptions as embedder_descriptions
from ui.embedders.controller import EmbedderController
from ui.models import descriptions
from ui.models.actions import ModelActions
from ui.models.card_data import CardAction, ModelRow, Tone
from ui.models.chat_model_loader import ChatModelLoader
from ui.models.model_facts import Detail
from ui.models.models_state import DownloadProgress, ModelsState

_PROBLEM_ICONS = {Tone.WARN: "link-break", Tone.ERROR: "warning-circle"}
"""In the place of the model's own."""


RECOGNITION = "recognition"
"""Id of the row of what came along for text in pictures."""


class CardBuilder:
    def __init__(self, models: ModelActions, loader: ChatModelLoader, embedders: EmbedderController) -> None:
        self._models = models
        self._loader = loader
        self._embedders = embedders
        self.picks: tuple[Pick, ...] = ()
        self.imagined = False
        """They were picked for a computer that is not this one."""
        self.loading = -1
        """Percent of the model that is being loaded; -1 while that is not known."""

    def to_get(self) -> list[Pick]:
        """All that can be used, but what searches documents and is here without having been got."""
        return [pick for pick in self.picks if self._offered(pick)]

    def _offered(self, pick: Pick) -> bool:
        return pick.entry.kind is not ModelKind.EMBEDDING or self._embedder_offered(pick)

    def _embedder_offered(self, pick: Pick) -> bool:
        choice, state = self._embedders.choice(pick.entry.id), self._models.state
        if not self._embedders.choices or (state is not None and state.of_entry(pick.entry.id) is not None):
            return True
        return choice is not None and choice.state is EmbedderState.OFFERED

    def pick_of(self, entry: str) -> Pick | None:
        return next((pick for pick in self.picks if pick.entry.id == entry), None) if entry else None

    def model_of(self, id: str) -> Installed | None:
        """The installed model with this id, or that of the entry with this id."""
        state = self._models.state
        return None if state is None else state.model(id) or state.of_entry(id)

    def own_embedders(self) -> list[EmbedderChoice]:
        """What documents can be searched with though it is not in the library, as what is built in."""
        state = self._models.state
        return [
            choice
            for choice in self._embedders.choices
            if choice.state is not EmbedderState.OFFERED and state is not None and not state.model(choice.id)
        ]

    def _own_embedder(self, id: str) -> EmbedderChoice | None:
        return next((choice for choice in self.own_embedders() if choice.id == id), None)

    def installed_row(self, model: Installed) -> ModelRow:
        """Of a model that is here."""
        if (choice := self._embedders.choice(model.id)) is not None:
            return self.embedder_row(choice, model)
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
            about=self._about(model, state),
            figures=descriptions.sentence(figures),
            tone=tone,
            fraction=fraction,
            action=action,
            state=translate("models", "In use") if in_use else "",
        )

    def _about(self, model: Installed, state: ModelsState) -> str:
        if model.kind is not ModelKind.PROJECTOR:
            text = descriptions.sentence(model.note) or descriptions.what_it_is(model)
            return f"{text} · {translate('models', 'sees pictures')}" if model.id in state.pairs else text
        served = [each.name for each in state.installed if state.pairs.get(each.id) == model.id]
        if served:
            return arg(translate("models", "Lets %1 see pictures", "a chat model"), listed(served))
        return translate("models", "No chat model here goes with it.")

    def embedder_row(self, choice: EmbedderChoice, model: Installed | None = None) -> ModelRow:
        """Of what is here to search documents with: a `model` of the library or, without one, the program's.

        What was made ready once can be used even where the model that it was made from is gone.
        """
        change = self._embedders.change
        problem = self._models.problems.get(choice.id)
        figures, tone, fraction = embedder_descriptions.takes(choice), Tone.PLAIN, None
        action: CardAction | None = CardAction.USE_FOR_SEARCH
        in_place = ""
        if change is not None and change.id == choice.id:
            action = CardAction.STOP if self._embedders.changes_to_another else None
            fraction = (embedder_descriptions.percent(change) or 0) / 100
            figures = embedder_descriptions.progress(change)
        elif choice.state is EmbedderState.ACTIVE:
            action, in_place = None, translate("models", "In use")
        if problem is not None:
            figures, tone = descriptions.problem(problem), Tone.ERROR
        return ModelRow(
            id=choice.id,
            name=formatting.name(choice.name),
            icon=_PROBLEM_ICONS.get(tone) or descriptions.ICONS[ModelKind.EMBEDDING],
            beside=quantities.size(choice.size) if choice.size and model is not None else "",
            badge=translate("models", "Searches your documents") if in_place else self._advised(choice.id),
            about=self._searches(choice, model),
            figures=descriptions.sentence(figures),
            tone=tone,
            fraction=fraction,
            action=action,
            state=in_place,
        )

    def recognition_row(self) -> ModelRow:
        """Of the languages that came along for text in pictures."""
        state = self._models.state
        assert state is not None
        return ModelRow(
            id=RECOGNITION,
            name=translate("models", "Text in scans and pictures"),
            icon=descriptions.ICONS[ModelKind.RECOGNITION],
            about=descriptions.what_is_recognised(state.recognised),
            figures=translate("models", "Add a file of Tesseract (.traineddata) for another language."),
            state=translate("models", "Here"),
        )

    def _searches(self, choice: EmbedderChoice, model: Installed | None) -> str:
        """ "Finds by meaning in English · used in place"."""
        if model is None and choice.about:
            return descriptions.sentence(choice.about)
        spoken = embedder_descriptions.spoken(choice.languages, self._embedders.wanted_languages)
        text = descriptions.sentence(descriptions.kind(ModelKind.EMBEDDING))
        if spoken:
            text = arg(translate("models", "Searches by meaning in %1", "a language, or several"), spoken)
        linked = model is not None and model.linked
        return f"{text} · {translate('models', 'used in place')}" if linked else text

    def _advised(self, id: str) -> str:
        status = self._embedders.status
        advised = status is not None and status.advice is not None and status.advice.id == id
        return translate("models", "Best for your documents") if advised else ""

    def _prediction(self, model: Installed, state: ModelsState) -> str:
        """What a model that is here will take or needs, in words; "" where nobody knows."""
        if model.kind is ModelKind.PROJECTOR and model.id not in state.pairs.values():
            return translate("models", "Add it and its model from one folder, in one go.")
        pick = None if self.imagined else self.pick_of(model.entry)
        if pick is not None:
            return pick.sentence if pick.fits else pick.why_not
        outlook = state.outlooks.get(model.id)
        if outlook is None or model.kind is not ModelKind.CHAT:
            return ""
        return descriptions.fit(outlook.fit, outlook.speed)

    def pick_row(self, pick: Pick) -> ModelRow:
        """Of a model that can be got."""
        state, entry = self._models.state, pick.entry
        assert state is not None
        here = state.of_entry(entry.id)
        shown = self.installed_row(here) if here is not None else None
        download = self._models.downloads.progress.get(entry.id)
        figures = pick.sentence if pick.comfortable else pick.why_not or pick.sentence
        tone, fraction, in_place = Tone.PLAIN, None, ""
        choice = self._embedders.choice(here.id if here is not None else entry.id)
        if choice is not None and pick.fits:
            figures = embedder_descriptions.takes(choice)
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
            badge=self._advised(entry.id)
            or descriptions.recommended_for(pick.recommended_for, imagined=self.imagined),
            about=descriptions.sentence(entry.about),
            figures=descriptions.sentence(figures),
            tone=tone,
            fraction=fraction,
            action=action,
            state=in_place,
        )

    def detail(self, id: str) -> Detail | None:
        """All that is known of the model or the entry with this id; None if there is none any more."""
        state, model, choice = self._models.state, self.model_of(id), self._own_embedder(id)
        pick = self.pick_of(id) or (self.pick_of(model.entry) if model is not None else None)
        if state is None:
            return None
        if model is not None and model.id == id:
            row, kind = self.installed_row(model), model.kind
        elif choice is not None:
            row, kind = self.embedder_row(choice), ModelKind.EMBEDDING
        elif id == RECOGNITION:
            row, kind = self.recognition_row(), ModelKind.RECOGNITION
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
            embedder=self._embedders.choice(row.id),
            languages=state.recognised if row.id == RECOGNITION else (),
            measured=tuple(one for one in state.measured if path and one.path == path),
        )


def _stopped(download: DownloadProgress) -> str:
    if download.report is None or not download.report.total:
        return translate("models", "Stopped at the start. It can be resumed.")
    amount = descriptions.amount(download.report)
    return arg(translate("models", "Stopped at %1. It resumes from there.", "1.2 GB of 2.5 GB"), amount)


def _missing(model: Installed) -> str:
    if not model.linked:
        return translate(
            "models", "Its file is missing from the models folder. Add it again, or remove it here."
        )
    text = translate("models", "Its file is missing from %1. Connect its disk, or remove it here.")
    return arg(text, formatting.name(model.path))

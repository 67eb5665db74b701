"""The Translate page with the real services and a trained model: a text while it is typed, and a document."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from assistant.services import Services
from assistant.translation.jobs.records import DocumentState
from tests.made_models.translation import sentences
from tests.made_models.translation.library import MODELS
from ui.translation.page import TranslatePage
from ui.translation.sentences import Sentences
from ui.window import Window

PATIENCE_MS = 60_000
CHOSEN = "So will ich es."


@pytest.fixture
def page(window: Window, real_services: Services, qtbot: QtBot) -> TranslatePage:
    real_services.models.library.add([MODELS["en-de"].folder], link=True).result()
    real_services.settings.translation.target = "de"
    window.connect_services(real_services)
    window.go_to("translate")
    page = window.translate
    qtbot.waitUntil(lambda: bool(page.choices.engines), timeout=PATIENCE_MS)
    return page


def test_a_text_and_a_document_are_translated(page: TranslatePage, tmp_path: Path, qtbot: QtBot) -> None:
    """What was chosen for a sentence of the text stays, and holds for the document as well."""
    made = sentences.seen(("en", "de"), 3)
    text = f"{next(made).source} {next(made).source}\n\n{next(made).source}"
    field, shown, translator = page.text.source.field, page.text.target.field, page.text.translator
    field.insertPlainText(text)
    qtbot.waitUntil(lambda: translator.result is not None, timeout=PATIENCE_MS)
    assert translator.result is not None
    assert shown.toPlainText() == translator.result.text
    assert translator.result.text.count("\n") == 2
    assert page.text.source.language._words == "English (detected)"
    assert "opus-mt-en-de" in page.text.target.note.text()
    translator.choose(Sentences(translator.result).all[0], CHOSEN)
    translations = page._context.services.translations
    qtbot.waitUntil(lambda: translations.memory.count() == 1)
    field.appendPlainText(next(made).source)
    qtbot.waitUntil(lambda: translator.result is not None, timeout=PATIENCE_MS)
    translation = shown.toPlainText()
    assert translation.startswith(CHOSEN)
    assert translation.count("\n") == 3
    translator.remember()
    qtbot.waitUntil(lambda: [each.text for each in translations.past_texts()] == [translation])

    file = tmp_path / "letter.txt"
    file.write_text(field.toPlainText(), "utf-8")
    page.take_documents([str(file)])
    jobs = page.documents.jobs

    def done() -> bool:
        return any(each.state is DocumentState.DONE for each in jobs.all.values())

    qtbot.waitUntil(done, timeout=PATIENCE_MS)
    (document,) = jobs.all.values()
    assert Path(document.output).read_text("utf-8").strip() == translation
    assert document.done == document.total == 4

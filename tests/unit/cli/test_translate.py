"""The arguments of `translate`, and what it prints of a translation."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from assistant.cli.main import app
from assistant.cli.translation_output import (
    document_json,
    engine_table,
    print_concerns,
    print_lost,
    print_route,
    print_same,
    progress_words,
)
from assistant.translation.jobs.records import DocumentState, TranslatedDocument
from assistant.translation.records import (
    Concern,
    EngineChoice,
    Flag,
    Hop,
    Layout,
    Lost,
    NotKept,
    Route,
    SentencePair,
    TranslatedParagraph,
    TranslationOptions,
)

CHAT = EngineChoice("/chat", "Chatty", chat=True)
ONE = EngineChoice("/one", "opus-mt-fi-en", chat=False, pairs=(("fi", "en"),), licence="CC-BY-4.0")
OTHER = EngineChoice("/other", "nllb", chat=False, languages=("en", "de", "fr"), non_commercial=True)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--to", "de"], "Give a text, or a document"),
        (["x", "--file", "a.docx", "--to", "de"], "Give a text, or a document"),
        (["x", "--to", "de", "--output", "a.txt"], "--output is for documents"),
        (["x", "--to", "de", "--layout", "above"], "--layout"),
    ],
)
def test_wrong_use_ends_with_2(arguments: list[str], what: str) -> None:
    result = CliRunner().invoke(app, ["translate", *arguments])
    assert result.exit_code == 2
    assert what in result.output


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["x", "--to", "Klingon"], "Klingon"),
        (["x"], "--to German"),
        ([" ", "--to", "de"], "nothing to translate"),
        (["--file", "nowhere.docx", "--to", "de"], "no such file"),
        (["x", "--to", "de", "--engine", "nobody"], "“nobody” is not a model"),
        (["x", "--to", "de", "--glossary", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_what_cannot_be_done_ends_with_1(arguments: list[str], what: str) -> None:
    result = CliRunner().invoke(app, ["translate", *arguments])
    assert result.exit_code == 1
    assert what in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_without_a_model_it_says_what_to_do() -> None:
    result = CliRunner().invoke(app, ["translate", "The dog sleeps.", "--to", "German", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "no-model"
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Models" in result.stderr


def test_without_models_the_list_says_what_to_do() -> None:
    result = CliRunner().invoke(app, ["translate", "--languages"])
    assert result.exit_code == 0
    assert "models fit" in result.output
    as_json = CliRunner().invoke(app, ["translate", "--languages", "--json"])
    assert as_json.output == '{"languages": [], "engines": []}\n'


def test_the_list_names_languages_and_licences() -> None:
    cells = [list(column.cells) for column in engine_table([ONE, OTHER, CHAT]).columns]
    _, languages, licences = ([str(cell) for cell in column] for column in cells)
    assert languages[:2] == ["Finnish to English", "English, French, German"]
    assert "chat model" in languages[2]
    assert licences == ["CC-BY-4.0", "non-commercial use only", ""]


def test_sentences_to_look_at_are_named_with_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    concerns = (Concern(Flag.VALUES, "1,250 €"), Concern(Flag.LENGTH), Concern(Flag.VALUES, "17"))
    pairs = (SentencePair((0, 3), (0, 3)), SentencePair((4, 13), (4, 6), concerns))
    print_concerns([TranslatedParagraph("Ok. It\n costs.", "Gut. Es.", "en", pairs)])
    told = capsys.readouterr().err
    assert told == (
        "Check “It costs”: a number, name or address differs from the original (1,250 €, 17); "
        "it is much longer or shorter than the original.\n"
    )


def test_a_pivot_and_another_model_than_the_wanted_one_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    print_route(Route((Hop(ONE, "fi", "en"), Hop(OTHER, "en", "de"))), "/chat")
    told = capsys.readouterr().err
    assert "by way of English" in told
    assert "opus-mt-fi-en and nllb did" in told
    print_route(Route((Hop(CHAT, "fi", "de"),)), "/chat")
    print_route(None, "/chat")
    assert capsys.readouterr().err == ""


def test_a_text_that_is_in_the_language_already_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    print_same("de", "de")
    assert capsys.readouterr().err.startswith("It is in German already")
    print_same("en", "de")
    assert capsys.readouterr().err == ""


def test_a_document_is_told_with_what_was_not_kept(capsys: pytest.CaptureFixture[str]) -> None:
    lost = (Lost(NotKept.LOOK, count=3), Lost(NotKept.PART_UNREADABLE, "page 4"))
    document = TranslatedDocument(
        1, "/a.pdf", "/a (German).docx", TranslationOptions("de"), Layout.TRANSLATION, DocumentState.RUNNING,
        0.0, 12, 40, 90.0, "en", "", 2, lost,
    )  # fmt: skip
    print_lost(document.lost)
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "Not kept: bold, links and the like cover whole sentences now (3 times)"
    assert told[1] == "Not kept: a part that could not be read, page 4"
    assert progress_words(document) == "12 of 40 sentences · 2 min left"
    assert document_json(document)["not_kept"][0] == {"what": "look", "place": "", "count": 3}

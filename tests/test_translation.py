"""What a person reads goes through the door for words, every error has its words, and each rule reports."""

from __future__ import annotations

import pytest

from assistant.error_messages import MESSAGES
from tests.architecture import modules
from tests.error_rules import (
    places,
    raised,
    reasons_without_words,
    sentences_in_errors,
    values_that_are_missing,
    words_without_reasons,
)
from tests.translation_rules import (
    Found,
    not_literal,
    places_without_values,
    texts,
    unknown_contexts,
    untranslated,
    wrong_numbers,
)


@pytest.mark.parametrize("rule", [not_literal, unknown_contexts, wrong_numbers, places_without_values])
def test_what_is_translated_can_be(rule: object) -> None:
    assert callable(rule)
    assert rule(modules()) == []


def test_the_words_of_the_window_are_looked_at() -> None:
    assert len({text for _, _, _, text in texts(modules())}) > 300


def test_no_words_go_past_the_door() -> None:
    found = untranslated(modules())
    assert found == [], "\n".join(map(str, found))


def test_errors_carry_reasons() -> None:
    found = sentences_in_errors(modules())
    assert found == [], "\n".join(map(str, found))


def test_every_reason_has_words() -> None:
    assert reasons_without_words(modules(), MESSAGES) == []


def test_all_words_of_errors_are_used() -> None:
    assert words_without_reasons(modules(), MESSAGES) == []


def test_errors_bring_what_their_sentences_name() -> None:
    assert values_that_are_missing(modules(), MESSAGES) == []


# --- each rule reports what breaks it --------------------------------------------------------------------


def _whats(found: list[Found]) -> list[str]:
    return [each.what for each in found]


def _window(source: str) -> dict[str, str]:
    return {"ui.documents.page": source}


@pytest.mark.parametrize(
    "source",
    [
        'translate("documents", f"{name} is there")',
        'translate("documents", TITLE)',
        "translate(room, 'Add')",
        'translate("documents", "%s is there" % name)',
        'translate("documents", "It is " + state)',
        'translate("documents")',
        'QT_TRANSLATE_NOOP("documents", TITLE)',
        'self.tr("Add")',
        'QCoreApplication.translate("documents", "Add")',
        'translate_marked("documents", "Add")',
        "translate_marked(room, TITLE)",
    ],
)
def test_what_is_not_literal_is_reported(source: str) -> None:
    assert len(not_literal(_window(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        'translate("documents", "Add")',
        'translate(\n    "documents",\n    "One half "\n    "and the other",\n)',
        'QT_TRANSLATE_NOOP("documents", "Add")',
        'translate_marked("documents", TITLES[key])',
        "text.translate(TABLE)",
    ],
)
def test_literals_are_fine(source: str) -> None:
    assert not_literal(_window(source)) == []
    assert untranslated(_window(source)) == []


def test_a_room_that_there_is_not_is_reported() -> None:
    assert _whats(unknown_contexts(_window('translate("kitchen", "Add")'))) == ["“kitchen” is no room"]


@pytest.mark.parametrize(
    "source",
    [
        'translate("documents", "%n page(s)")',
        'translate("documents", "page(s)")',
        'translate("documents", "pages", None, 3)',
        'translate("documents", "%n entr(ies)", None, 3)',
    ],
)
def test_a_number_without_its_sentence_is_reported(source: str) -> None:
    assert len(wrong_numbers(_window(source))) == 1


def test_numbers_with_their_sentences_are_fine() -> None:
    assert wrong_numbers(_window('translate("documents", "%n page(s)", None, pages)')) == []
    assert wrong_numbers(_window('translate("documents", "%1 (s) box(es)", None, n=3)')) == []


@pytest.mark.parametrize(
    "source",
    [
        'translate("documents", "“%1” is there.")',
        'arg(translate("documents", "“%1” is in “%2”."), name)',
        'arg(translate("documents", "“%1” is there."), name, collection)',
        'arg(translate("documents", "“%2” is there."), name)',
        'def f():\n    text = translate("documents", "“%1” is there.")\n    return arg(text, name, more)',
        'arg(translate("documents", "%1 left") if left else translate("documents", "done"), left)',
    ],
)
def test_a_place_without_its_value_is_reported(source: str) -> None:
    assert len(places_without_values(_window(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        'arg(translate("documents", "“%1” is in “%2”."), name, collection)',
        'arg(translate("documents", "%2, “%1”, %2"), name, collection)',
        'arg(translate("documents", "%1 left") if left else translate("documents", "%1 in all"), number)',
        'def f():\n    text = translate("documents", "“%1” is there.")\n    return arg(text, name)',
        'def f():\n    if a:\n        text = translate("chat", "%1, %2")\n        return arg(text, a, b)\n'
        '    text = translate("documents", "“%1” is there.")\n    return arg(text, name)',
        'arg({"page": translate("documents", "page %1")}[unit], number)',
        'translate("documents", "Add")',
    ],
)
def test_places_with_their_values_are_fine(source: str) -> None:
    assert places_without_values(_window(source)) == []


@pytest.mark.parametrize(
    "source",
    [
        'TITLE = "Not here yet"',
        'text = f"{number} more"',
        'text = f" and {number}"',
        'label.setText("pause")',
        'label.setText("pause" if on else formatting.name(title))',
        'label.setText(f"{number} s" + "left")',
        'Button("Go", act)',
        'Label(arg(translate("documents", "%1"), f"{number} more"))',
        'THEMES = (("light", "Light"),)',
        'formatting.count(pages, "page")',
        'notices.warn(translate("documents", "No."), hint="Try again.")',
        'menu.addAction(theme().icon("plus"), "add", act)',
        "text = f\"{'none at all' if empty else number}\"",
    ],
)
def test_words_past_the_door_are_reported(source: str) -> None:
    assert len(untranslated(_window(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        '"""What this file does."""',
        'class Page:\n    """A page of it."""\n    size = 3\n    """Pixels of it."""',
        'log.warning("it went wrong: %s", error)',
        'raise ValueError("not a page of it")',
        'assert ready, "the services are not there"',
        'MARK = re.compile("a pattern with spaces")',
        'widget.setObjectName("name of it")',
        'Button("×", act)',
        'Label(text, "second")',
        'IconButton("plus", translate("documents", "Add"))',
        'text = f"{title} · {place}"',
        'label.setText(f"{number} %")',
        'state = "ready"',
    ],
)
def test_what_nobody_reads_is_fine(source: str) -> None:
    assert untranslated(_window(source)) == []


SENTENCES = {"file-gone": ("“{name}” is gone since {n:count day}.", "Look in {where[folder]}.")}


def _core(source: str) -> dict[str, str]:
    return {
        "assistant.errors": "class AssistantError(Exception): ...\nclass DocumentGone(AssistantError): ...",
        "assistant.documents.files": f"class MailGone(DocumentGone): ...\n{source}",
    }


def test_a_sentence_in_an_error_is_reported() -> None:
    assert len(sentences_in_errors(_core('raise MailGone("It is gone.", "Look for it.")'))) == 1
    assert sentences_in_errors(_core('raise MailGone("file-gone")\nraise ValueError("no file")')) == []


@pytest.mark.parametrize(
    "source",
    [
        'raise MailGone("file-lost")',
        'raise errors.DocumentGone("file-lost", name=name)',
        'return Problem(MailGone.code, "file-lost", {})',
        'raise MailGone("file-lost" if lost else "file-gone")',
        'raise _gone("file-lost", path) from error',
        'REASONS = Reasons(gone="file-gone", lost="file-lost")',
    ],
)
def test_a_reason_without_words_is_reported(source: str) -> None:
    found = reasons_without_words(_core(source), SENTENCES)
    assert _whats(found) == ["“file-lost” has no words"]


def test_words_that_no_reason_uses_are_reported() -> None:
    assert words_without_reasons(_core(""), SENTENCES) == ["file-gone"]
    assert words_without_reasons(_core('gone("file-gone")'), SENTENCES) == []
    assert words_without_reasons(_core('gone(f"{what}-gone")'), SENTENCES) == []
    assert words_without_reasons(_core('gone(f"{what}-lost")'), SENTENCES) == ["file-gone"]


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ('MailGone("file-gone", name=name, n=3)', "['where']"),
        ('Problem("file-gone", "file-gone")', "['n', 'name', 'where']"),
    ],
)
def test_a_value_that_is_missing_is_reported(source: str, missing: str) -> None:
    found = values_that_are_missing(_core(source), SENTENCES)
    assert _whats(found) == [f"“file-gone” without {missing}"]


@pytest.mark.parametrize(
    "source",
    [
        'MailGone("file-gone", name=name, n=3, where=places, more=True)',
        'Problem("file-gone", "file-gone", {"name": name, "n": 3, "where": places})',
        'MailGone("file-gone", **details)',
        'Problem("file-gone", "file-gone", details)',
    ],
)
def test_values_that_are_there_or_cannot_be_read_are_fine(source: str) -> None:
    assert values_that_are_missing(_core(source), SENTENCES) == []
    assert len(list(raised(_core(source)))) == 1


def test_places_of_sentences() -> None:
    assert places(SENTENCES["file-gone"]) == {"name", "n", "where"}

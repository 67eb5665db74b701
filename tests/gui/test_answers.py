"""The answer first: the model's, the best passage, or what is not there; below it what it rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from assistant.chat.records import PromptProgress
from assistant.documents.grounded_records import CheckedText, Claim, GroundedAnswer, Verdict
from assistant.documents.records import HANDBOOK_COLLECTION, Answer, Quote, QuotePlace
from assistant.errors import ModelError, Problem
from assistant.jobs import Progress
from tests.gui.chat_doubles import model
from tests.gui.doubles import Pending, Services
from tests.gui.model_doubles import installed
from tests.gui.test_asking import MARKDOWN, PDF, ROWS, ask
from tests.told import told
from ui.common.buttons_and_labels import Button
from ui.common.paragraphs import Paragraphs, line_height
from ui.documents import quote_words
from ui.documents.example_questions_view import LOOK_AFTER_MS
from ui.documents.quote_card import QuoteCard
from ui.documents.quotes_view import QuotesView
from ui.window import Window

Connect = Callable[..., Services]

BESIDE = replace(PDF, n=3, quote="It fell.", start=21, end=29)
BOTH = replace(PDF, quote="Total debt\nwas 1.9. It fell.", end=29, asked=((0, 10),))
ANSWER = Answer(
    "debt?", (PDF, MARKDOWN, BESIDE), 0.04, places=(QuotePlace((1, 3), BOTH), QuotePlace((2,), MARKDOWN))
)
ARABIC = replace(PDF, quote="بلغ إجمالي الدين 1.9 مليار.", boxes=())


def shown(view: QuotesView) -> list[str]:
    """Headings and the texts of cards, from top to bottom."""
    found = [
        (widget.mapTo(view, QPoint()).y(), widget.text())
        for widget in (*view.findChildren(QLabel), *view.findChildren(Paragraphs))
        if widget.isVisible() and widget.objectName() != "chip" and widget.text()
    ]
    return [text for _, text in sorted(found)]


def chips(card: QuoteCard) -> list[str]:
    return [chip.text() for chip in card.findChildren(QLabel) if chip.objectName() == "chip"]


def begin(window: Window, connected: Connect, qtbot: QtBot, answer: Answer = ANSWER) -> Services:
    """A model is loaded, and has the quotes."""
    services = connected(*ROWS)
    window.model_loader.load(Path("/models/tiny.gguf"))
    qtbot.waitUntil(lambda: window.model_loader.info is not None)
    ask(window, "debt?")
    qtbot.waitUntil(lambda: bool(services.grounded.asked))
    services.grounded._answer = answer
    services.grounded.report(answer)
    view = window.documents.questions.quotes_view
    qtbot.waitUntil(lambda: bool(view.cards()))
    return services


def written(window: Window) -> str:
    generated = window.documents.questions.quotes_view.generated
    return generated.text() if generated is not None else ""


# --- without a model


def test_the_best_passage_leads_and_neighbours_are_one_card(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    services = connected(*ROWS)
    services.documents.queue["ask"].append(ANSWER)
    ask(window, "debt?")
    view = window.documents.questions.quotes_view
    qtbot.waitUntil(lambda: len(view.cards()) == 2)
    assert shown(view)[:2] == ["Best passage", "from all documents"]
    assert shown(view)[2] == "Total debt was 1.9. It fell."
    assert "More passages" in shown(view)
    assert [chips(card) for card in view.cards()] == [["1"], ["2"]]
    assert view.cards()[0].property("card") == "lead"
    qtbot.mouseClick(view.cards()[0], Qt.MouseButton.LeftButton)
    assert view.cards()[0].property("chosen") == "true"


def test_what_was_asked_for_is_emphasised_and_lists_stay_lists() -> None:
    text = "It  reads\nthese:\n• PDF\n• 𝔚ord"
    quote = replace(PDF, quote=text, lines=((0, 16), (17, 22), (23, 29)), asked=((4, 9), (25, 29)))
    words, bold, before = quote_words.shown(quote, 22)
    assert words == "It reads these:\n• PDF\n• 𝔚ord"
    assert [words[start:end] for start, end in bold] == ["reads", "𝔚ord"]
    assert words[:before] == "It reads these:\n• PDF"
    plain, *_ = quote_words.shown(replace(PDF, quote="  Total\n debt "))
    assert plain == "Total debt"


def test_words_that_were_asked_for_are_bold(qtbot: QtBot, window: Window) -> None:
    plain, bold = (
        Paragraphs("Total debt was 1.9.", quoted=True),
        Paragraphs("Total debt was 1.9.", quoted=True, bold=((0, 10),)),
    )
    for each in (plain, bold):
        qtbot.addWidget(each)
        each.resize(500, 40)
        each.show()
    assert plain.grab().toImage() != bold.grab().toImage()
    assert plain.fontInfo().pixelSize() == 16


def test_lines_that_are_left_out_leave_an_ellipsis(qtbot: QtBot, window: Window) -> None:
    text = Paragraphs("It reads:\n• PDF\n• Word", most_lines=2)
    qtbot.addWidget(text)
    text.heightForWidth(400)
    assert [layout.text() for layout, *_ in text.layouts()] == ["It reads:", "• PDF …"]


@pytest.mark.parametrize("gap", [" ", "\n"])
def test_what_the_answer_cites_is_not_cut_from_its_card(
    window: Window, connected: Connect, qtbot: QtBot, gap: str
) -> None:
    said, cited, rest = ("so it went on " * 60).strip() + ".", "Debt fell.", "And then " * 60
    text = f"{said}{gap}{cited} {rest}"
    start = len(said) + 1
    whole = replace(PDF, quote=text, start=0, end=len(text), lines=(), boxes=())
    if gap == "\n":
        whole = replace(whole, lines=((0, len(said)), (start, len(text))))
    first = replace(whole, quote=said, end=len(said))
    second = replace(whole, n=2, quote=cited, start=start, end=start + len(cited))
    answer = Answer("debt?", (first, second), 0.04, places=(QuotePlace((1, 2), whole),))
    services = begin(window, connected, qtbot, answer)
    view = window.documents.questions.quotes_view

    def on_card() -> str:
        (card,) = view.cards()
        card.text._lay_out(card.text.width())
        return "\n".join(layout.text() for layout, *_ in card.text.layouts())

    assert cited not in on_card()
    services.grounded.finish(CheckedText("It fell [2].", (Claim(0, 12, Verdict.SUPPORTED, (2,)),), False))
    qtbot.waitUntil(lambda: cited in on_card())
    assert on_card().endswith("…")


@pytest.mark.parametrize("text", ["بلغ إجمالي", "कुल ऋण", "总负债"])
def test_tall_scripts_get_more_room_between_their_lines(text: str) -> None:
    assert line_height(text) > line_height("Total debt")


def test_a_quote_from_right_to_left_reaches_the_edge_with_its_number_there(
    qtbot: QtBot, window: Window
) -> None:
    card = QuoteCard(QuotePlace((1,), ARABIC))
    qtbot.addWidget(card)
    card.resize(900, 100)
    card.show()
    (chip,) = (label for label in card.findChildren(QLabel) if label.objectName() == "chip")
    assert chip.x() > card.text.x()
    picture = card.text.grab().toImage()
    ground = picture.pixelColor(0, 0)
    inked = [
        x
        for x in range(picture.width())
        if any(picture.pixelColor(x, y) != ground for y in range(picture.height()))
    ]
    assert max(inked) > picture.width() - 12
    assert min(inked) > picture.width() / 2


# --- with a model


def test_the_models_answer_stands_above_the_quotes_it_rests_on(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    services = begin(window, connected, qtbot)
    view = window.documents.questions.quotes_view
    assert "Reading 3 quotes…" in shown(view)
    services.grounded.report(PromptProgress(30, 120))
    qtbot.waitUntil(lambda: "Reading 3 quotes… 25 %" in shown(view))
    services.grounded.say("It fell [2].")
    qtbot.waitUntil(lambda: written(window) == "It fell [2].")
    assert view.generated is not None
    assert "\ufffc" not in view.generated.body.text.toPlainText(), "numbers are not checked yet"
    text = "It fell [2]. It rained."
    claims = (Claim(0, 12, Verdict.SUPPORTED, (2,)), Claim(13, 23, Verdict.UNCITED, ()))
    services.grounded.finish(CheckedText(text, claims, False, (23,)))
    qtbot.waitUntil(lambda: written(window) == text)
    assert view.generated.body.text.toPlainText().count("\ufffc") == 2
    order = shown(view)
    rests = order.index("Sources")
    assert order.index("Tiny 0.5B · What no quote supports is marked.") < rests
    assert rests < order.index("Debt fell.") < order.index("Also found")
    assert [chips(card) for card in view.cards()] == [["2"], ["1", "3"]]
    view.generated.copy.click()
    assert QApplication.clipboard().text() == "It fell [2]. It rained. [no source]"
    view.generated.body.text.citation_wanted.emit(2)
    assert view.cards()[0].property("chosen") == "true"


def test_quotes_grow_with_what_is_cited(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = begin(window, connected, qtbot, Answer("debt?", (PDF, MARKDOWN), 0.04))
    longer = replace(PDF, quote="It fell. Total debt was 1.9.", start=0, end=28)
    services.grounded.quoted(longer, MARKDOWN)
    services.grounded.end("It was 1.9 [1].", Claim(0, 15, Verdict.SUPPORTED, (1,)))
    view = window.documents.questions.quotes_view
    qtbot.waitUntil(lambda: written(window) == "It was 1.9 [1].")
    assert [card.quote for card in view.cards()] == [longer, MARKDOWN]


def test_what_no_document_mentions_is_said_and_nothing_waits_for_the_model(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    absence = Problem("not-in-documents", "name-in-no-document", {"name": "Adobe"})
    services = begin(window, connected, qtbot, replace(ANSWER, absence=absence))
    services.grounded.end("This is not in your documents.", absent=True, asked=False)
    view = window.documents.questions.quotes_view
    questions = window.documents.questions
    qtbot.waitUntil(lambda: not questions.stop())
    assert view.generated is None
    order = shown(view)
    assert order[:2] == ["No answer in your documents", "No document mentions “Adobe”."]
    assert order.index("Closest passages") < order.index("Total debt was 1.9. It fell.")


def test_escape_stops_first_and_closes_second(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = begin(window, connected, qtbot)
    services.grounded.say("It fell [2]")
    qtbot.waitUntil(lambda: written(window) == "It fell [2]")
    view = window.documents.questions.quotes_view
    field = window.documents.questions.field.field
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert services.grounded.runs[-1].cancelled
    assert "Stopped. This was not compared with the quotes." in shown(view)
    assert view.generated is not None
    assert "\ufffc" not in view.generated.body.text.toPlainText()
    assert field.text() == "debt?"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert view.isHidden()
    assert field.text() == ""


def test_escape_stops_before_it_closes_the_panel(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = begin(window, connected, qtbot)
    view = window.documents.questions.quotes_view
    view.cards()[0].chosen.emit(PDF)
    assert window.panel.shown is not None
    window._escape()
    assert services.grounded.runs[-1].cancelled
    assert window.panel.shown is not None
    window._escape()
    assert window.panel.shown is None
    assert not view.isHidden()
    window._escape()
    assert view.isHidden()


def test_an_answer_stopped_before_its_first_word_leaves_the_best_passage(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    begin(window, connected, qtbot)
    view = window.documents.questions.quotes_view
    assert view.generated is not None
    view.generated.stop.click()
    assert view.generated is None
    assert shown(view)[:3] == ["Best passage", "from all documents", "Stopped."]
    assert not window.documents.questions.stop()


def test_a_model_that_fails_leaves_the_best_passage(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = begin(window, connected, qtbot)
    services.grounded.fail(told(ModelError, "The model broke off.", "Try again."))
    view = window.documents.questions.quotes_view
    qtbot.waitUntil(lambda: view.generated is None)
    assert shown(view)[0] == "Best passage"
    assert "The model broke off. Try again." in shown(view)


def test_an_answer_without_a_word_is_no_empty_card(window: Window, connected: Connect, qtbot: QtBot) -> None:
    """The model's process may have given its memory back meanwhile."""
    services = begin(window, connected, qtbot)
    services.grounded.runs[-1].finish(GroundedAnswer(ANSWER, CheckedText("", (), False), None))
    view = window.documents.questions.quotes_view
    qtbot.waitUntil(lambda: view.generated is None)
    assert shown(view)[0] == "Best passage"


# --- a model that is chosen, but not loaded


@pytest.fixture
def chosen(window: Window, services: Services, tmp_path: Path) -> Path:
    file = tmp_path / "tiny.gguf"
    file.touch()
    services.settings.chat.model = str(file)
    return file


def ask_while_it_loads(
    window: Window, connected: Connect, qtbot: QtBot, *answers: Answer
) -> tuple[Services, Pending]:
    """The chosen model is being loaded for the question."""
    services = connected(*ROWS)
    loading = Pending()
    services.chat.queue["load"].append(loading)
    services.documents.queue["ask"] += answers
    ask(window, "debt?")
    qtbot.waitUntil(lambda: bool(services.chat.loads))
    return services, loading


def test_a_chosen_model_is_loaded_while_the_quotes_are_there(
    window: Window, connected: Connect, chosen: Path, qtbot: QtBot
) -> None:
    services, loading = ask_while_it_loads(window, connected, qtbot, ANSWER)
    view = window.documents.questions.quotes_view
    assert services.chat.loads[0][0] == chosen
    assert len(view.cards()) == 2
    window.model_loader._progressed(Progress("Loading the model", 40, 100))
    qtbot.waitUntil(lambda: "Loading tiny… 40 %" in shown(view))
    services.chat.loaded = model(str(chosen))
    loading.finish(services.chat.loaded)
    qtbot.waitUntil(lambda: bool(services.grounded.asked))
    services.grounded.report(ANSWER)
    services.grounded.say("It fell.")
    qtbot.waitUntil(lambda: written(window) == "It fell.")


def test_the_model_has_the_name_of_the_library_wherever_it_is_named(
    window: Window, connected: Connect, chosen: Path, qtbot: QtBot
) -> None:
    services = connected(*ROWS)
    services.models.put(installed(name="Tiny Coder", path=str(chosen)))
    window.model_actions.refresh()
    qtbot.waitUntil(lambda: window.model_loader.name() == "Tiny Coder")
    loading = Pending()
    services.chat.queue["load"].append(loading)
    services.documents.queue["ask"].append(ANSWER)
    ask(window, "debt?")
    view = window.documents.questions.quotes_view
    qtbot.waitUntil(lambda: "Loading Tiny Coder…" in shown(view))
    services.chat.loaded = model(str(chosen))
    loading.finish(services.chat.loaded)
    qtbot.waitUntil(lambda: bool(services.grounded.asked))
    services.grounded.report(ANSWER)
    services.grounded.finish(CheckedText("It fell.", (), False))
    qtbot.waitUntil(lambda: "Tiny Coder" in shown(view))
    assert window.status.note.text().startswith("Tiny Coder")


def test_a_model_is_not_loaded_for_nothing(
    window: Window, connected: Connect, chosen: Path, qtbot: QtBot
) -> None:
    services = connected(*ROWS)
    services.documents.queue["ask"].append(Answer("debt?", (), 0.04))
    ask(window, "debt?")
    qtbot.waitUntil(lambda: window.documents.questions.is_open)
    assert services.chat.loads == []


def test_loading_stops_and_the_best_passage_stays(
    window: Window, connected: Connect, chosen: Path, qtbot: QtBot
) -> None:
    _, loading = ask_while_it_loads(window, connected, qtbot, ANSWER)
    window._escape()
    assert loading.cancelled
    assert shown(window.documents.questions.quotes_view)[0] == "Best passage"
    assert not window.model_loader.loading


def test_a_model_that_cannot_be_loaded_is_not_tried_with_every_question(
    window: Window, connected: Connect, chosen: Path, qtbot: QtBot
) -> None:
    services = connected(*ROWS)
    services.chat.queue["load"].append(told(ModelError, "It is damaged.", "Get it again."))
    services.documents.queue["ask"] += [ANSWER, ANSWER]
    ask(window, "debt?")
    view = window.documents.questions.quotes_view
    qtbot.waitUntil(lambda: "The model was not loaded." in shown(view))
    assert shown(view)[0] == "Best passage"
    ask(window, "debt?")
    qtbot.waitUntil(lambda: "The model was not loaded." not in shown(view) and len(view.cards()) == 2)
    assert len(services.chat.loads) == 1


def test_another_question_leaves_the_loading_model_to_answer_that(
    window: Window, connected: Connect, chosen: Path, qtbot: QtBot
) -> None:
    services, loading = ask_while_it_loads(window, connected, qtbot, ANSWER, ANSWER)
    ask(window, "rates?")
    qtbot.waitUntil(lambda: len(services.documents.called("ask")) == 2)
    services.chat.loaded = model(str(chosen))
    loading.finish(services.chat.loaded)
    qtbot.waitUntil(lambda: bool(services.grounded.asked))
    assert [request.messages[-1].content for request, _ in services.grounded.asked] == ["rates?"]
    assert not loading.cancelled


def test_quotes_of_a_place_open_by_any_of_their_numbers(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    begin(window, connected, qtbot)
    view = window.documents.questions.quotes_view
    wanted: list[Quote] = []
    view.quote_wanted.connect(wanted.append)
    view.generated.body.text.citation_wanted.emit(3)  # type: ignore[union-attr]
    assert wanted == [BESIDE]
    assert view.cards()[0].property("chosen") == "true"


# --- questions to begin with


def test_documents_invite_questions_until_one_was_asked(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    services = connected(*ROWS)
    services.documents.queue["example_questions"].append(("What is there on “Debt”?", "Who pays?"))
    examples = window.documents.examples
    qtbot.waitUntil(lambda: examples.questions() == ["What is there on “Debt”?", "Who pays?"])
    services.documents.queue["ask"].append(ANSWER)
    examples.findChildren(Button)[1].click()
    qtbot.waitUntil(lambda: window.documents.questions.is_open)
    assert services.documents.called("ask")[-1][0] == "Who pays?"
    assert examples.isHidden()
    window._escape()
    assert examples.isHidden()


def test_questions_that_differ_at_their_end_are_shown_different(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    services = connected(*ROWS)
    heads = (
        "Condensed Consolidated Statements of Earnings",
        "Condensed Consolidated Statements of Cash Flows",
    )
    questions = tuple(f"What is there on “{head}”?" for head in heads)
    services.documents.queue["example_questions"].append(questions)
    examples = window.documents.examples
    qtbot.waitUntil(lambda: examples.questions() == list(questions))
    shown = [button.text() for button in examples.findChildren(Button)]
    assert len(set(shown)) == 2


def test_the_handbook_alone_invites_nothing(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(replace(ROWS[0], collection=HANDBOOK_COLLECTION))
    QTest.qWait(LOOK_AFTER_MS + 100)
    assert services.documents.called("example_questions") == []
    window.documents.ask_handbook("Which file formats can be read?")
    qtbot.waitUntil(lambda: window.documents.questions.is_open)
    window._escape()
    window.documents.collections.choose(None)
    services.documents.queue["example_questions"].append(("Who pays?",))
    services.documents.put(ROWS[1])
    qtbot.waitUntil(lambda: window.documents.examples.questions() == ["Who pays?"])


def test_another_collection_invites_other_questions(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(ROWS[0], replace(ROWS[1], collection="Contracts"))
    services.documents.queue["example_questions"] += [("Who pays?",), ("When does it end?",), ()]
    examples = window.documents.examples
    qtbot.waitUntil(lambda: examples.questions() == ["Who pays?"])
    window.documents.collections.choose("Contracts")
    qtbot.waitUntil(lambda: examples.questions() == ["When does it end?"])
    assert services.documents.called("example_questions")[-1] == ("Contracts",)
    window.documents.collections.choose(None)
    qtbot.waitUntil(examples.isHidden)

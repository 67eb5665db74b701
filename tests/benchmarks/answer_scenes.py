"""Answers on the Documents page, in every state that they have, for `screenshots`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant import paths
from assistant.documents.grounded_records import CheckedText, Claim, Verdict
from assistant.documents.records import Answer, Quote, QuotePlace
from assistant.errors import Problem
from assistant.jobs import Progress
from tests.benchmarks.scene import Scene
from tests.gui.chat_doubles import model
from tests.gui.doubles import Pending, document

QUESTION = "What was total debt at the end of 2022?"
DEBT = (
    "Total debt was 1.9 billion at the end of 2022, compared with 2.3 billion a year before. The company "
    "repaid the second bond in March and did not issue new securities during the year."
)
LONG_NAME = "Annual report and consolidated financial statements of the group for 2022, final version (3).pdf"
ARABIC = (
    "بلغ إجمالي الدين 1.9 مليار في نهاية عام 2022 مقارنة بمبلغ 2.3 مليار في العام السابق، "
    "ولم تصدر الشركة أوراقا مالية جديدة."
)
HINDI = "वर्ष 2022 के अंत में कुल ऋण 1.9 अरब था, जबकि एक वर्ष पहले यह 2.3 अरब था। कंपनी ने दूसरा बांड चुका दिया।"
CHINESE = "截至2022年底，总负债为19亿，而上一年为23亿。公司于三月偿还了第二期债券。"
FORMATS = (
    "These file formats can be read:\n\n• PDF\n• Word (.docx), PowerPoint (.pptx) and Excel (.xlsx)\n"
    "• OpenDocument text, tables and slides (.odt, .ods, .odp) and Rich Text (.rtf)\n"
    "• e-books (.epub) and web pages (.html)\n• e-mail: single messages (.eml, .msg) and whole mailboxes "
    "(.mbox)\n• Markdown, reStructuredText and plain text in any encoding\n"
    "• tables as text (.csv, .tsv), JSON, and the source code of programs"
)


def quote(n: int, name: str, place: str, text: str, heading: str = "", asked: Sequence[str] = ()) -> Quote:
    spans = tuple((text.index(word), text.index(word) + len(word)) for word in asked)
    lines, at = [], 0
    for line in text.split("\n"):
        lines += [(at, at + len(line))] if line else []
        at += len(line) + 1
    heads = (heading,) if heading else ()
    return Quote(
        n, 0.9 - n / 10, n, f"/d/{name}", name, n, place, heads, text, (), n, 0, len(text), spans,
        tuple(lines),
    )  # fmt: skip


def english() -> tuple[Quote, ...]:
    return (
        quote(1, "report-2022.pdf", "page 58", DEBT, "Consolidated balance sheet", ["Total debt", "2022"]),
        quote(
            2, LONG_NAME, "page 61",
            "Borrowings at 31 December 2022: 1,904.6 million (2021: 2,312.0 million).",
            "Borrowings", ["2022"],
        ),
        quote(3, "Prices.xlsx", "sheet Debt, rows 2–40", "2022 · Total debt 1,904.6 · Net debt 1,120.3"),
        quote(4, "تقرير سنوي.pdf", "page 7", ARABIC, "الميزانية العمومية", ["إجمالي الدين", "2022"]),
        quote(5, "年度报告.pdf", "page 12", CHINESE, "合并资产负债表", ["2022", "总负债"]),
    )  # fmt: skip


def answer(quotes: tuple[Quote, ...], question: str = QUESTION, absence: Problem | None = None) -> Answer:
    """The quotes, of which the first and the third are neighbours."""
    places = tuple(QuotePlace((each.n,), each) for each in quotes)
    if quotes == english():
        places = (QuotePlace((1, 3), quotes[0]), *(place for place in places[1:] if place.numbers != (3,)))
    return Answer(question, quotes, 0.04, absence=absence, places=places)


def connect(scene: Scene) -> None:
    home = "/home/ada/Documents"
    scene.connect(
        document(1, f"{home}/report-2022.pdf", pages=212, pages_done=212, chunks=1840),
        document(2, f"{home}/{LONG_NAME}", pages=236, pages_done=236, chunks=2012),
        document(3, f"{home}/Prices.xlsx", unit="sheet", pages=6, pages_done=6, collection="Contracts"),
    )


def quoted(scene: Scene, given: Answer) -> None:
    """Without a model."""
    connect(scene)
    scene.documents.queue["ask"].append(given)
    scene.page.questions.field.ask(given.question)
    scene.settle()


def best_passage(scene: Scene) -> None:
    quoted(scene, answer(english()))


def list_of_handbook(scene: Scene) -> None:
    others = quote(2, "What each page gave.md", "lines 37–40", "Often a download broke off.")
    first = quote(1, "Adding documents.md", "lines 9–24", FORMATS, asked=["reads", "formats"])
    quoted(scene, answer((first, others), "Which file formats can be read?"))


def right_to_left(scene: Scene) -> None:
    first, second = english()[3], english()[0]
    others = (
        replace(first, n=1),
        replace(second, n=2),
        quote(3, "संयुक्त रिपोर्ट.pdf", "page 4", HINDI, "तुलन पत्र", ["कुल ऋण"]),
        replace(english()[4], n=4),
    )
    quoted(scene, answer(others, "كم بلغ إجمالي الدين في نهاية عام 2022؟"))


def not_mentioned(scene: Scene) -> None:
    absence = Problem("not-in-documents", "name-in-no-document", {"name": "Adobe"})
    quoted(scene, answer(english()[:3], "What was the debt of Adobe in 2022?", absence))


def begun(scene: Scene, question: str = QUESTION) -> None:
    """A model is loaded, and has the question."""
    connect(scene)
    scene.services.chat.queue["load"].append(model(name="Qwen2.5 1.5B"))
    scene.window.model_loader.load(Path("/models/qwen.gguf"))
    scene.wait(lambda: scene.window.model_loader.info is not None)
    scene.page.questions.field.ask(question)
    scene.settle(50)


def reading(scene: Scene) -> None:
    begun(scene)
    scene.services.grounded.report(answer(english()))


def writing(scene: Scene) -> None:
    reading(scene)
    scene.services.grounded.say("Total debt was 1.9 billion at the end of 2022 [1]. It fell by")


def stopped(scene: Scene) -> None:
    writing(scene)
    scene.settle()
    scene.page.questions.escape()


def stopped_early(scene: Scene) -> None:
    reading(scene)
    scene.settle()
    scene.page.questions.escape()


def loading(scene: Scene) -> None:
    connect(scene)
    file = paths.home() / "Qwen2.5 1.5B.gguf"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    scene.services.settings.chat.model = str(file)
    scene.window.model_loader._services_ready()
    scene.services.chat.queue["load"].append(Pending())
    scene.documents.queue["ask"].append(answer(english()))
    scene.page.questions.field.ask(QUESTION)
    scene.settle()
    scene.window.model_loader._progressed(Progress("Loading the model", 40, 100))


def ended(scene: Scene, *said: tuple[str, Verdict, tuple[int, ...]], quotes: tuple[Quote, ...]) -> None:
    scene.services.grounded.report(answer(quotes))
    text, claims, unsourced = "", [], []
    for sentence, verdict, numbers in said:
        start = len(text) + (1 if text else 0)
        text = f"{text} {sentence}".strip()
        claims.append(Claim(start, len(text), verdict, numbers))
        unsourced += [len(text)] if verdict is Verdict.UNCITED else []
    scene.services.grounded._answer = answer(quotes)
    scene.services.grounded.finish(CheckedText(text, tuple(claims), False, tuple(unsourced)))


def checked(scene: Scene) -> None:
    begun(scene)
    ended(
        scene,
        ("Total debt was 1.9 billion at the end of 2022 [1].", Verdict.SUPPORTED, (1,)),
        ("It fell by 0.4 billion within a year [1][2].", Verdict.SUPPORTED, (1, 2)),
        ("The bank had asked for that.", Verdict.UNSUPPORTED, ()),
        ("It rained.", Verdict.UNCITED, ()),
        quotes=english(),
    )


def arabic_answer(scene: Scene) -> None:
    begun(scene, "كم بلغ إجمالي الدين في نهاية عام 2022؟")
    quotes = (replace(english()[3], n=1), replace(english()[0], n=2))
    ended(
        scene,
        ("بلغ إجمالي الدين 1.9 مليار في نهاية عام 2022 [1].", Verdict.SUPPORTED, (1,)),
        ("كان الجو ممطرا.", Verdict.UNCITED, ()),
        quotes=quotes,
    )


def examples(scene: Scene) -> None:
    invited = (
        "What is there on “Consolidated balance sheet”?",
        "How long does the guarantee last?",
        "ماذا يوجد عن «الميزانية العمومية»؟",
    )
    scene.documents.queue["example_questions"].append(invited)
    connect(scene)
    scene.wait(lambda: bool(scene.page.examples.questions()))


SCENES: dict[str, Callable[[Scene], None]] = {
    "answer-examples": examples,
    "answer-passage": best_passage,
    "answer-list-of-handbook": list_of_handbook,
    "answer-right-to-left": right_to_left,
    "answer-not-mentioned": not_mentioned,
    "answer-loading": loading,
    "answer-reading": reading,
    "answer-writing": writing,
    "answer-stopped": stopped,
    "answer-stopped-early": stopped_early,
    "answer-checked": checked,
    "answer-arabic": arabic_answer,
}

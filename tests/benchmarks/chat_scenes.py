"""The chat page in its states, for screenshots.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.chat.history.records import MessageState
from assistant.chat.records import Role
from assistant.documents.grounded_records import Claim, Verdict
from assistant.documents.records import AddedDocuments, Quote
from assistant.errors import ModelUnusable, WorkerCrashed
from tests.benchmarks.scene import Scene
from tests.gui.doubles import document
from tests.told import told
from ui.chat.page import ChatPage

TABLE = """Sorting keeps equal lines in **the order they came in**. With `sorted` it is one line:

```python
def by_price(rows: list[dict[str, float]]) -> list[dict[str, float]]:
    # the cheapest first
    return sorted(rows, key=lambda row: row["price"])
```

| way | time | memory |
|-----|-----:|-------:|
| `sorted` | $n \\log n$ | a copy |
| `list.sort` | $n \\log n$ | none |

1. For a file that fits into memory, either is fine.
2. For a larger one, sort parts and *merge* them: [how](https://docs.python.org/3/howto/sorting.html)

> A stable sort is what lets you sort by two columns, one after the other.

$$E = mc^2 \\qquad \\frac{a}{b}$$
"""
ARABIC = """الماء النظيف يُغلى خمس دقائق قبل الشرب. احفظه في وعاء مغلق.

- اغسل الوعاء بالصابون أولاً
- لا تدخل اليد في الماء

The word for the lid is غطاء, as in the list above."""
QUOTES = (
    Quote(1, 0.9, 7, "/d/report-2023.pdf", "report-2023.pdf", 7, "page 7", ("Debt",),
          "Total debt was 1.9 billion at the end of 2023.", ((1, 2, 3, 4),), 5, 0, 46),
    Quote(2, 0.7, 7, "/d/report-2023.pdf", "report-2023.pdf", 9, "page 9", (),
          "The second bond was repaid in March.", ((1, 2, 3, 4),), 8, 0, 36),
)  # fmt: skip


def begin(scene: Scene) -> ChatPage:
    scene.connect(document(7, "/d/report-2023.pdf"))
    scene.window.go_to("chat")
    chat = scene.window.chat
    chat.models.load(Path("/models/tiny.gguf"))
    scene.wait(lambda: not chat.conversation_actions.list.nothing.isHidden())
    scene.settle()
    return chat


def conversation(scene: Scene, *turns: tuple[str, str], **meta: object) -> ChatPage:
    """A conversation that was had before, and others in the list."""
    chat = begin(scene)
    history = scene.services.history
    for title, folder in (
        ("Seeds for the dry field", "Farm"),
        ("Fever in small children", ""),
        ("A letter", ""),
    ):
        other = history.create(title, folder=folder) if folder else history.create(title)
        history.add_message(other.id, Role.USER, title)
    parent: int | None = None
    info = history.create(turns[0][0])
    for question, answer in turns:
        parent = history.add_message(info.id, Role.USER, question, parent).id
        parent = history.add_message(info.id, Role.ASSISTANT, answer, parent, **meta).id
    chat.conversation_actions.load()
    chat.conversation.open(info.id)
    scene.wait(lambda: chat.conversation.info is not None)
    scene.settle(600)
    return chat


def no_model(scene: Scene) -> None:
    scene.connect(document(7, "/d/report-2023.pdf"))
    scene.window.go_to("chat")


def welcome(scene: Scene) -> None:
    begin(scene)


def table(scene: Scene) -> None:
    figures = {"tokens": 214, "writing_seconds": 15.2, "prompt_tokens": 640, "context": 4096}
    conversation(
        scene, ("How do I sort a list by price?", TABLE), ("And downwards?", "Add `reverse=True`."), **figures
    )


def right_to_left(scene: Scene) -> None:
    conversation(scene, ("كيف أنظف ماء الشرب؟", ARABIC))


def ask(scene: Scene, chat: ChatPage, text: str) -> None:
    def begun() -> int:
        return len(scene.services.chat.runs) + len(scene.services.grounded.runs)

    before = begun()
    chat.controller.send(text)
    scene.wait(lambda: begun() > before)


def writing(scene: Scene) -> None:
    chat = conversation(scene, ("Hello!", "Hello. What would you like to know?"))
    ask(scene, chat, "How do I sort a list by price?")
    scene.services.chat.say("The person wants one line of Python. Sorted or sort?", thinking=True)
    scene.services.chat.say(TABLE[:330])
    scene.settle()


def grounded(scene: Scene) -> None:
    chat = begin(scene)
    scene.services.documents.queue["add"].append(AddedDocuments((document(7, "/d/report-2023.pdf"),)))
    chat.attachments.add(["/d/report-2023.pdf"])
    scene.wait(lambda: chat.conversation.id is not None)
    ask(scene, chat, "How large was the debt in 2023, and why did it fall?")
    answers = scene.services.grounded
    answers.quotes(*QUOTES)
    text = "Total debt was 1.9 billion at the end of 2023 [1]. A bond was repaid in March [2]. It rained."
    claims = (
        Claim(0, 50, Verdict.SUPPORTED, (1,)),
        Claim(51, 82, Verdict.SUPPORTED, (2,)),
        Claim(83, 92, Verdict.UNSUPPORTED, (), (1,)),
    )
    answers.say(text)
    answers.end(text, *claims)
    scene.settle()


def begin_summary(scene: Scene) -> None:
    chat = begin(scene)
    scene.window.documents.summary_wanted.emit(document(7, "/d/report-2023.pdf"))
    scene.wait(lambda: bool(scene.services.grounded.runs) and len(chat.conversation.path) == 2)


def summary(scene: Scene) -> None:
    begin_summary(scene)
    answers = scene.services.grounded
    text = (
        "The company lowered its debt to 1.9 billion in 2023 [1] and repaid its second bond [2]. Sales grew "
        "in every region but one. The board expects a calm year."
    )
    claims = (
        Claim(0, 87, Verdict.SUPPORTED, (1, 2)),
        Claim(88, 123, Verdict.UNCITED, ()),
        Claim(124, 154, Verdict.UNSUPPORTED, (), (1,)),
    )
    answers.sum_up(text, *claims, quotes=QUOTES, note="Only a part of the document could be summarised.")
    scene.wait(lambda: not scene.window.chat.controller.running)


def summarising(scene: Scene) -> None:
    begin_summary(scene)
    scene.services.grounded.progress("Summarising", 2, 12)


def crashed(scene: Scene) -> None:
    chat = conversation(scene, ("Hello!", "Hello. What would you like to know?"))
    ask(scene, chat, "Tell me about wells.")
    scene.services.chat.say("A well is dug where the water table is ")
    scene.services.chat.fail(
        told(WorkerCrashed, "The chat stopped (signal 9).", "It starts again with the next message.")
    )
    scene.wait(lambda: not chat.controller.running)
    scene.settle()


def unusable(scene: Scene) -> None:
    scene.connect(document(7, "/d/report-2023.pdf"))
    scene.window.go_to("chat")
    scene.services.chat.queue["load"].append(
        told(ModelUnusable, "“tiny.gguf” is cut off: 3 MB of 400 MB are there.", "Copy or download it again.")
    )
    scene.window.chat.models.load(Path("/models/tiny.gguf"))


def interrupted(scene: Scene) -> None:
    chat = conversation(scene, ("Tell me a story", "Once upon a time"))
    history = scene.services.history
    info = chat.conversation.info
    assert info is not None
    writer = history.writer(info.id, chat.conversation.path[0].id, model="Tiny 0.5B")
    writer.append("There was a farmer who had three fields and one")
    writer.finish(MessageState.STOPPED)
    chat.conversation.begin()
    chat.conversation.open(info.id)
    chat.finder.bar.open_bar()
    chat.finder.bar.field.setText("fields")
    scene.settle()


def assistants(scene: Scene) -> None:
    """The menu of assistants, with the one that answers marked."""
    welcome(scene)
    scene.dialog = scene.window.chat.assistants.menu()
    scene.dialog.popup(scene.window.rect().center())


def code_first(scene: Scene) -> None:
    """An answer that begins with code."""
    answer = "```python\nwells = [depth for depth in depths if depth > 12]\n```\nIt keeps the deep ones."
    conversation(scene, ("Which wells are deep? Only code.", answer))


SCENES: dict[str, Callable[[Scene], None]] = {
    "chat": no_model,
    "chat-welcome": welcome,
    "chat-assistants": assistants,
    "chat-code": code_first,
    "chat-table": table,
    "chat-right-to-left": right_to_left,
    "chat-writing": writing,
    "chat-grounded": grounded,
    "chat-summary": summary,
    "chat-summarising": summarising,
    "chat-crashed": crashed,
    "chat-unusable": unusable,
    "chat-find": interrupted,
}

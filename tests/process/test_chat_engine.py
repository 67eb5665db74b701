"""The chat worker from outside: a real process, and tiny models with random weights made here.

What they say means nothing, so these tests look at how: order, speed of stopping, repetition, memory.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import settings
from assistant.chat import compaction, request_builder
from assistant.chat.assistant_records import Assistant
from assistant.chat.history.history import History
from assistant.chat.history.records import StoredMessage
from assistant.chat.records import (
    Completion,
    Finish,
    LoadOptions,
    Message,
    PromptProgress,
    Request,
    Role,
    Sampling,
    TextDelta,
)
from assistant.chat.service import ChatService
from assistant.errors import (
    Cancelled,
    ModelTooLarge,
    ModelUnusable,
    NoModel,
    PromptTooLong,
    TemplateRefused,
    UserInputError,
    WorkerCrashed,
)
from assistant.jobs import Progress
from assistant.workers.supervisor import Run
from tests.made_models import families

pytestmark = [pytest.mark.keeps_children, pytest.mark.allow_log("The chat worker crashed|was stopped")]

STOP_SECONDS = 1.0
"""The promise is 0.2 s on a computer that does nothing else."""
LONG_TEXT = "The well in the north field reached water at 43 metres. " * 60


class Room:
    """A chat worker, and models for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.service = ChatService(folder / "chat")

    def model(self, family: str = "llama", name: str = "", **changes: Any) -> Path:
        path = self.folder / f"{name or family}.gguf"
        return path if path.is_file() else families.make(path, family, **changes)

    def large(self) -> Path:
        """One that takes seconds to read a long prompt."""
        return self.model("qwen2", "large", shape=families.TinyShape(embedding=512, layers=6, heads=8))

    def load(self, path: Path, **options: Any) -> None:
        self.service.load(path, LoadOptions(**options)).result(60)

    def say(self, request: Request, on_report: Callable[[Any], None] | None = None) -> Completion:
        return self.service.complete(request, on_report=on_report).result(60)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    room = Room(tmp_path_factory.mktemp("room"))
    yield room
    room.service.close()


def ask(text: str = "Hello there", **changes: Any) -> Request:
    """A request whose answer is the same each time, and 24 tokens long if the model does not end it."""
    sampling = Sampling(temperature=1.0, seed=5, max_tokens=24)
    request = Request("Be kind.", (Message(Role.USER, text),), sampling=sampling, first_token_seconds=None)
    return replace(request, **changes)


def going_on(request: Request, answer: Completion, text: str) -> Request:
    more = (Message(Role.ASSISTANT, answer.text), Message(Role.USER, text))
    return replace(request, messages=(*request.messages, *more))


# --- from a file to an answer -----------------------------------------------------------------------------


@pytest.mark.parametrize("family", families.FAMILIES)
def test_family(room: Room, family: str) -> None:
    progress: list[Progress] = []
    info = room.service.load(room.model(family), on_report=progress.append).result(60)
    assert (info.name, info.architecture) == (f"Tiny {family}", families.FAMILIES[family][0])
    assert (info.context, info.note, info.thinks) == (4096, None, False)
    assert info.parameters > 100_000
    assert info.reading_speed > 0
    assert room.service.loaded == info
    assert progress[0].done == 0
    assert [each.done for each in progress] == sorted(each.done for each in progress)

    reports: list[Any] = []
    answer = room.say(ask(), reports.append)
    assert answer.tokens <= 24
    assert answer.finish in (Finish.END, Finish.LENGTH)
    assert "".join(each.text for each in reports if isinstance(each, TextDelta)) == answer.text
    readings = [each for each in reports if isinstance(each, PromptProgress)]
    assert readings[-1] == PromptProgress(answer.prompt_tokens, answer.prompt_tokens)
    assert room.say(ask()).text == answer.text  # the same seed
    assert room.say(ask(sampling=Sampling(temperature=1.0, seed=6, max_tokens=24))).text != answer.text

    prompt = room.service.render([Message(Role.USER, "Hi")]).result(10)
    assert prompt == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    assert all(count > 0 for count in room.service.count(["Hello", "and a longer text"]).result(10))

    more = room.say(going_on(ask(), answer, "And then?"))
    assert more.reused_tokens >= answer.prompt_tokens
    other = room.say(ask("Something else"))
    assert 0 < other.reused_tokens < other.prompt_tokens


def test_yes_or_no(room: Room) -> None:
    """The odds agree with the answers that are drawn, and the prompt is read once."""
    room.load(room.model("qwen2"))
    odds = room.service.log_odds(ask()).result(20)
    assert odds == pytest.approx(room.service.log_odds(ask()).result(20), abs=0.01)
    assert odds != pytest.approx(room.service.log_odds(ask("Something else")).result(20), abs=1e-6)
    assert room.say(ask("Something else")).reused_tokens > 0


def test_finish(room: Room) -> None:
    room.load(room.model("qwen2"))
    sampling = Sampling(temperature=1.0, seed=8, max_tokens=60)
    whole = room.say(ask(sampling=sampling))
    word = whole.text[8:10]
    assert word
    assert whole.text.index(word) > 0
    stopped = room.say(ask(sampling=replace(sampling, stop=("never", word))))
    assert stopped.finish is Finish.STOP_WORD
    assert stopped.text == whole.text[: whole.text.index(word)]
    short = room.say(ask(sampling=replace(sampling, max_tokens=5)))
    assert (short.finish, short.tokens) == (Finish.LENGTH, 5)
    greedy = [room.say(ask(sampling=Sampling(temperature=0, max_tokens=12))).text for _ in range(2)]
    assert greedy[0] == greedy[1]

    room.load(room.model("qwen2"), context=256)
    full = room.say(ask(sampling=Sampling(temperature=0.9, seed=3), answer_tokens=16))
    assert full.finish in (Finish.CONTEXT, Finish.END)
    assert full.prompt_tokens + full.tokens <= 257
    with pytest.raises(PromptTooLong):
        room.say(ask(LONG_TEXT))
    assert room.say(ask()).text


def test_continue(room: Room) -> None:
    room.load(room.model("qwen2"))
    sampling = Sampling(temperature=0, max_tokens=10)
    first = room.say(ask(sampling=sampling))
    messages = (Message(Role.USER, "Hello there"), Message(Role.ASSISTANT, "Once upon a time"))
    more = room.say(ask(messages=messages, continue_last=True, sampling=sampling))
    assert more.reused_tokens >= first.prompt_tokens - 1
    assert more.text != first.text
    again = room.say(ask(messages=messages, continue_last=True, sampling=sampling))
    assert again.text == more.text


def test_thoughts_are_folded_away(room: Room) -> None:
    room.load(room.model("qwen3", "thinker", tokenizer_chat_template=families.THINKING))
    loaded = room.service.loaded
    assert loaded is not None
    assert loaded.thinks
    reports: list[Any] = []
    answer = room.say(ask(), reports.append)
    assert answer.text == ""  # such a model never comes to an end of its thoughts
    assert answer.thinking
    assert answer.thinking_tokens == answer.tokens
    assert all(each.thinking for each in reports if isinstance(each, TextDelta))
    messages = (Message(Role.USER, "Hello"), Message(Role.ASSISTANT, "Once"))
    assert room.say(ask(messages=messages, continue_last=True)).thinking == ""


def test_model_without_a_template(room: Room) -> None:
    room.load(room.model("llama", "bare", tokenizer_chat_template=None))
    loaded = room.service.loaded
    assert loaded is not None
    assert "no chat template" in loaded.note.message
    assert room.service.render([Message(Role.USER, "Hi")]).result(10) == "User: Hi\n\nAssistant:"
    assert room.say(ask()).tokens > 0


def test_template_that_refuses(room: Room) -> None:
    template = "{{ raise_exception('Only poems are welcome') }}"
    room.load(room.model("llama", "poet", tokenizer_chat_template=template))
    with pytest.raises(TemplateRefused, match="Only poems are welcome"):
        room.say(ask())


def test_options(room: Room) -> None:
    options = LoadOptions(context=512, threads=1, batch=64, kv_type="q8_0", flash_attention=True)
    info = room.service.load(room.model("qwen3"), options).result(60)
    assert (info.context, info.threads, info.kv_type) == (512, 1, "q8_0")
    assert room.say(ask()).tokens > 0
    with pytest.raises(UserInputError, match="q3"):
        room.load(room.model("llama"), kv_type="q3")


def test_adapter(room: Room) -> None:
    model, adapter = room.model("llama"), families.make_adapter(room.folder / "adapter.gguf")
    greedy = ask(sampling=Sampling(temperature=0, max_tokens=12))

    def told(**options: Any) -> str:
        room.load(model, **options)
        return room.say(greedy).text

    plain = told()
    assert told(adapter=str(adapter)) != plain
    loaded = room.service.loaded
    assert loaded is not None
    assert loaded.adapter == str(adapter)
    assert told(adapter=str(adapter), adapter_scale=0.0) == plain
    with pytest.raises(ModelUnusable, match="llama models, not for qwen2"):
        room.load(room.model("qwen2"), adapter=str(adapter))
    other = families.make_adapter(room.folder / "other.gguf", families.TinyShape(embedding=128))
    with pytest.raises(ModelUnusable, match=r"other\.gguf"):
        room.load(model, adapter=str(other))
    with pytest.raises(ModelUnusable, match="is an adapter"):
        room.load(adapter)


# --- stop -------------------------------------------------------------------------------------------------


def test_stop_while_reading_and_while_writing(room: Room) -> None:
    room.load(room.large())
    for wanted in (PromptProgress, TextDelta):
        came = threading.Event()

        def on_report(report: Any, wanted: type = wanted, came: threading.Event = came) -> None:
            if isinstance(report, wanted):
                came.set()

        request = ask(LONG_TEXT if wanted is PromptProgress else "Hello", sampling=Sampling(seed=2))
        run = room.service.complete(request, on_report=on_report)
        assert came.wait(30)
        began = time.monotonic()
        run.cancel()
        with pytest.raises(Cancelled):
            run.result(0)
        # Usable at once: the next answer comes while the rest of the long one would still be read.
        after = room.say(ask(sampling=Sampling(seed=2, max_tokens=1)))
        assert time.monotonic() - began < STOP_SECONDS + after.reading_seconds
        assert after.tokens == 1


def test_stop_before_its_turn(room: Room) -> None:
    room.load(room.large())
    long_run = room.service.complete(ask(LONG_TEXT))
    waiting = room.service.complete(ask())
    waiting.cancel()
    long_run.cancel()
    assert room.say(ask()).tokens > 0


def test_stop_while_loading(room: Room, tmp_path: Path) -> None:
    service = ChatService(tmp_path)
    try:
        run = service.load(room.large())
        run.cancel()
        with pytest.raises(Cancelled):
            run.result(0)
        with pytest.raises(NoModel):
            service.complete(ask()).result(30)
    finally:
        service.close()


# --- memory -----------------------------------------------------------------------------------------------


def test_reopened_conversation_is_not_read_again(room: Room, tmp_path: Path) -> None:
    model = room.model("llama")
    service = ChatService(tmp_path / "chat")
    sampling = Sampling(temperature=0, max_tokens=12)
    request = ask(LONG_TEXT[:1200], conversation="one", sampling=sampling)
    try:
        service.load(model).result(60)
        first = service.complete(request).result(60)
        assert first.reused_tokens == 0
        second = ask("Something else altogether", conversation="two")
        service.complete(replace(second, instructions="")).result(60)
        back = service.complete(going_on(request, first, "Go on")).result(60)
        assert back.reused_tokens >= first.prompt_tokens
        service.close()  # writes the state down

        service.load(model).result(60)
        later = service.complete(going_on(request, first, "Go on")).result(60)
        assert later.reused_tokens >= first.prompt_tokens
        assert later.text[:3] == back.text[:3]  # to the last bit, results depend on how much is read at once
        service.unload().result(30)
        for state in (tmp_path / "chat" / "states").iterdir():
            state.write_bytes(state.read_bytes()[:-100])  # damaged: read anew, without a word
        service.load(model).result(60)
        anew = service.complete(going_on(request, first, "Go on")).result(60)
        assert (anew.reused_tokens, anew.text[:3]) == (0, back.text[:3])
    finally:
        service.close()


def test_memory_that_cannot_be_cut(room: Room) -> None:
    room.load(room.model("mamba"))
    first = room.say(ask())
    assert room.say(ask()).reused_tokens == first.prompt_tokens - 1  # answered once more
    again = room.say(going_on(ask(), first, "And then?"))
    assert again.reused_tokens >= first.prompt_tokens - 1
    other = room.say(ask("Something else", prompt_lookup=True))
    assert (other.reused_tokens, other.drafted) == (0, 0)
    assert room.say(ask()).text == first.text


def test_drafting_changes_nothing_but_the_speed(room: Room) -> None:
    room.load(room.model("llama"))
    sampling = Sampling(temperature=0, max_tokens=120)
    plain = room.say(ask(LONG_TEXT[:600], sampling=sampling))
    drafted = room.say(ask(LONG_TEXT[:600], sampling=sampling, prompt_lookup=True))
    assert drafted.drafted > 0
    assert drafted.accepted <= drafted.drafted
    assert drafted.text == plain.text


# --- what goes wrong --------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["loading", "reading", "writing"])
def test_killed(room: Room, moment: str) -> None:
    """The next message is answered by the same model, loaded again."""
    room.load(room.model("llama"))
    came = threading.Event()
    pid = room.service.pid
    assert pid is not None

    def on_report(report: Any) -> None:
        if isinstance(report, {"loading": Progress, "reading": PromptProgress, "writing": TextDelta}[moment]):
            came.set()

    run: Run[Any]
    if moment == "loading":
        run = room.service.load(room.large(), on_report=on_report)
    else:
        room.load(room.large())
        text = LONG_TEXT if moment == "reading" else "Hello"
        run = room.service.complete(ask(text, sampling=Sampling(seed=1)), on_report=on_report)
    assert came.wait(30)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(WorkerCrashed, match="The chat worker"):
        run.result(30)
    assert room.say(ask()).tokens > 0
    assert room.service.pid not in (pid, None)
    loaded = room.service.loaded
    assert loaded is not None
    assert loaded.path == str(room.large())


def test_bad_files(room: Room, tmp_path: Path) -> None:
    room.load(room.model("llama"))
    good = room.model("llama").read_bytes()

    def refused(name: str, data: bytes) -> str:
        path = tmp_path / f"{name}.gguf"
        path.write_bytes(data)
        with pytest.raises(ModelUnusable) as caught:
            room.service.load(path).result(60)
        assert path.name in caught.value.message
        return caught.value.message

    assert "not a GGUF" in refused("text", b"This is no model at all." * 10)
    assert "empty" in refused("empty", b"")
    assert "incomplete" in refused("half", good[: len(good) // 2])
    assert "incomplete" in refused("header", good[:200])
    place = good.index(b"output_norm.weight") + len(b"output_norm.weight") + 4
    absurd = good[:place] + (2**50).to_bytes(8, "little") + good[place + 8 :]
    assert "overlap" in refused("absurd", absurd)
    assert "llamb" in refused("unknown", good.replace(b"llama", b"llamb", 1))
    with pytest.raises(NoModel, match=r"gone\.gguf"):
        room.service.load(tmp_path / "gone.gguf").result(60)
    with pytest.raises(ModelTooLarge, match="GB"):
        room.load(_with_holes(tmp_path / "huge.gguf"))
    with pytest.raises(ModelUnusable, match="not an adapter"):
        room.load(room.model("llama"), adapter=str(room.model("qwen2")))
    assert room.say(ask()).tokens > 0  # the model before them answers on
    loaded = room.service.loaded
    assert loaded is not None
    assert loaded.path == str(room.model("llama"))


def _with_holes(path: Path) -> Path:
    """A file that claims terabytes, and takes none."""
    families.make(path, "llama", llama_embedding_length=64)
    data = path.read_bytes()
    last = b"blk.1.ffn_down.weight"
    with path.open("r+b") as file:
        file.seek(data.rindex(last) + len(last) + 4 + 8)
        file.write((2**33).to_bytes(8, "little"))
        file.truncate(2**43)
    return path


def test_nothing_is_loaded(tmp_path: Path) -> None:
    service = ChatService(tmp_path)
    assert service.loaded is None
    with pytest.raises(NoModel):
        service.complete(ask()).result(5)
    assert service.pid is None
    service.close()


# --- long conversations ----------------------------------------------------------------------------------


def test_what_no_longer_fits_is_summarised_and_stands_in(room: Room, tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite3")
    room.load(room.model(), context=1024)
    talk = history.create().id
    for number in range(24):
        history.add_message(talk, Role.USER, f"What about the well number {number} in the north field?")
        history.add_message(talk, Role.ASSISTANT, "It reached water.")
    history.add_message(talk, Role.USER, "And now?")

    def answer() -> tuple[StoredMessage, ...]:
        given = request_builder.request(
            settings.Chat(longest_answer=16),
            Assistant("plain", "Plain", "Be brief."),
            history.open(talk).messages,
            summary=compaction.stored(history.info(talk).meta),
        )
        done = room.service.complete(given).result(60)
        history.add_message(talk, Role.ASSISTANT, "Now.", dropped_messages=done.dropped_messages)
        return history.open(talk).messages

    before = answer()
    dropped = before[-1].meta["dropped_messages"]
    assert dropped > 0
    run = compaction.begin(room.service, history, talk, before)
    assert run is not None
    run.result(60)
    deadline = time.monotonic() + 10
    while (kept := compaction.stored(history.info(talk).meta)) is None:  # it is kept on another thread
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert kept.until == before[dropped - 1].id
    history.add_message(talk, Role.USER, "And then?")
    after = answer()
    assert after[-1].meta["dropped_messages"] < dropped
    history.close()


def test_nothing_is_summarised_while_all_fits(room: Room, tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite3")
    talk = history.create().id
    history.add_message(talk, Role.USER, "Hello.")
    history.add_message(talk, Role.ASSISTANT, "Hello.", dropped_messages=0)
    assert compaction.begin(room.service, history, talk, history.open(talk).messages) is None
    room.load(room.model())
    assert compaction.begin(room.service, history, talk, history.open(talk).messages) is None
    history.close()

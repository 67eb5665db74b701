from __future__ import annotations

from assistant.chat.llama.detokenizer import Detokenizer
from assistant.chat.llama.thinking import ThinkingSplitter
from assistant.chat.records import TextDelta


def write(
    chunks: list[bytes], stop: tuple[str, ...] = (), clock: list[float] | None = None
) -> tuple[Detokenizer, list[TextDelta]]:
    pieces: list[TextDelta] = []
    times = iter(clock or [])
    writing = Detokenizer(ThinkingSplitter("", ""), stop, pieces.append, lambda: next(times, 1e9))
    for chunk in chunks:
        writing.feed(chunk)
        if writing.stopped:
            break
    writing.finish()
    return writing, pieces


def test_characters_come_whole() -> None:
    data = "Wörter, 水, 🙂!".encode()
    writing, pieces = write([bytes([byte]) for byte in data], clock=[float(n) for n in range(200)])
    assert writing.text == "Wörter, 水, 🙂!"
    assert "".join(piece.text for piece in pieces) == writing.text
    assert all("\ufffd" not in piece.text for piece in pieces)


def test_half_a_character_at_the_end_is_marked() -> None:
    assert write([b"a", "水".encode()[:2]])[0].text == "a\ufffd"


def test_stop_word_over_several_pieces() -> None:
    writing, pieces = write([b"one", b" ST", b"O", b"P two"], stop=("STOP", "x"))
    assert (writing.text, writing.stopped) == ("one ", True)
    assert "".join(piece.text for piece in pieces) == "one "


def test_what_only_looks_like_a_stop_word_is_given_in_the_end() -> None:
    writing, pieces = write([b"one ", b"STO"], stop=("STOP",))
    assert (writing.text, writing.stopped) == ("one STO", False)
    assert "".join(piece.text for piece in pieces) == "one STO"


def test_the_first_of_two_stop_words_counts() -> None:
    assert write([b"a b c"], stop=("c", "b"))[0].text == "a "


def test_stop_words_do_not_count_in_thoughts() -> None:
    writing, pieces = write([b"<think>", b"STOP", b"</think>", b"yes"], stop=("STOP",))
    assert (writing.text, writing.thinking) == ("yes", "STOP")
    assert [(piece.text, piece.thinking) for piece in pieces] == [("STOP", True), ("yes", False)]


def test_pieces_that_come_fast_are_sent_together() -> None:
    clock = [0.0] * 2 + [0.001 * n for n in range(1, 100)]
    pieces = write([b"a"] * 50, clock=clock)[1]
    assert len(pieces) < 10
    assert "".join(piece.text for piece in pieces) == "a" * 50

"""Markdown as blocks, the same however it comes; formulas and code to be read."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from assistant.rich_text.blocks import Code, Paragraph, Rule, SpanStyle, Table, plain, plain_block
from ui.text import formulas, markdown
from ui.text.code_colors import CodeColor, color_line, language
from ui.text.markdown import LONGEST_PARAGRAPH, StreamingMarkdown, inline, parse, plain_text

TEXT = """# Title

Costs $5 and $10, but $E=mc^2$ and \\(a_i\\). See [1] and [2, 3], 【4】, not [5](http://x.y).

1. one
2. two
   - below
   - [x] done

   still two

> quoted **text**

| a | b |
|---|:-:|
| 1 | **2** |

```python
def f():
    return 1
```

$$
\\frac{a}{b}
$$

---
end"""


def test_blocks_of_a_whole_text() -> None:
    blocks = parse(TEXT)
    kinds = [type(block) for block in blocks]
    assert kinds == [Paragraph] * 8 + [Table, Code, Paragraph, Rule, Paragraph]
    title, costs, one, two, below, done, still, quoted = blocks[:8]
    assert isinstance(title, Paragraph)
    assert title.heading == 1
    assert [(block.marker, block.indent) for block in (one, two, below, done, still)] == [  # type: ignore[union-attr]
        ("1.", 1),
        ("2.", 1),
        ("◦", 2),
        ("☑", 2),
        ("", 1),
    ]
    assert isinstance(costs, Paragraph)
    assert plain(costs.spans).startswith("Costs $5 and $10, but E=mc2 and ai. See [1] and [2, 3]")
    assert [span.cites for span in costs.spans if span.cites] == [(1,), (2, 3), (4,)]
    assert quoted.quoted == 1  # type: ignore[union-attr]
    assert blocks[9] == Code("def f():\n    return 1", "python")
    assert blocks[8].alignment == ("", "center")  # type: ignore[union-attr]


def test_a_text_in_pieces_becomes_the_same_blocks() -> None:
    text = f"{TEXT}\n\n" * 4
    whole = parse(text)
    for seed in range(6):
        pieces = random.Random(seed)
        growing, at, shown = StreamingMarkdown(), 0, ()
        while at < len(text):
            at = min(len(text), at + pieces.randint(1, 30))
            same = growing.set_text(text[:at])
            assert growing.blocks[:same] == shown[:same], "what is called the same is the same"
            shown = growing.blocks
        assert shown == whole


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["- ", "1. ", "\n", "\n\n", "```", "a", " b", "> ", "|", "#", "    ", "=", "$"]))
)
def test_any_marks_in_any_order_become_the_same_in_pieces(pieces: list[str]) -> None:
    growing, text = StreamingMarkdown(), ""
    for piece in pieces:
        text += piece
        growing.set_text(text)
    assert growing.blocks == parse(text)


def test_what_is_settled_is_not_read_again() -> None:
    growing = StreamingMarkdown()
    growing.set_text("one\n\ntwo\n\n" * 500)
    before = growing.blocks
    assert growing.set_text("one\n\ntwo\n\n" * 500 + "three") >= len(before)
    assert growing._settled_to > 4900


def test_another_text_begins_anew() -> None:
    growing = StreamingMarkdown()
    growing.set_text("one\n\ntwo\n\nthree")
    assert growing.set_text("four") == 0
    assert growing.blocks == parse("four")


def test_nothing_is_markup_but_markdown() -> None:
    (block,) = parse('<img src="http://x/y.png"> <b>bold</b> ![pic](http://x/z.png)')
    assert isinstance(block, Paragraph)
    assert plain(block.spans) == '<img src="http://x/y.png"> <b>bold</b> pic'
    assert [span.link for span in block.spans if span.text == "pic"] == ["http://x/z.png"]


def test_links_are_found_without_brackets() -> None:
    assert [(span.text, span.link) for span in inline("see https://a.b/c, and `https://d.e`")] == [
        ("see ", ""),
        ("https://a.b/c", "https://a.b/c"),
        (", and ", ""),
        ("https://d.e", ""),
    ]


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        (r"\frac{-b \pm \sqrt{b^2-4ac}}{2a}", "(−b ± √(b2−4ac)) / 2a"),
        (r"\sum_{i=1}^{n} x_i", "∑i=1n xi"),
        (r"\mathbb{R}^n \ni \hat{x}", "ℝn ∋ x̂"),
        (r"\text{if } x \leq 3", "if  x ≤ 3"),
        (r"e^{-x^2}", "e−x²"),
        (r"\unknown{x}", "unknownx"),
        (r"\frac", "() / ()"),
        ("{" * 300, ""),
    ],
)
def test_formulas_are_legible(source: str, seen: str) -> None:
    assert plain(formulas.spans(source)) == seen


def test_exponents_are_raised() -> None:
    assert [(span.text, span.level) for span in formulas.spans("x_1^2")] == [("x", 0), ("1", -1), ("2", 1)]


def test_a_formula_that_is_not_closed_stays_as_it_is() -> None:
    (block,) = parse("it costs $5")
    assert plain_block(block) == "it costs $5"
    (block,) = parse("$$\nx =")
    assert plain_block(block) == "$$ x ="


def test_a_formula_goes_on_to_its_end_and_no_further() -> None:
    source = "as in\n\\[\nx\n= y\n\\]\nand \\[z\\] here \\(w\\), not \\[v\n\n$$ u\n\nt $$"
    assert [plain_block(block) for block in parse(source)] == [
        "as in", "x = y", "and z here w, not [v", "$$ u", "t $$",
    ]  # fmt: skip


@pytest.mark.parametrize("opening", ["\\[", "$$", "> \\["])
def test_lines_that_open_formulas_are_each_looked_at_a_few_times(
    monkeypatch: pytest.MonkeyPatch, opening: str
) -> None:
    looked: list[int] = []
    line = markdown._line

    def counted(state: StateBlock, at: int) -> str:
        looked.append(at)
        return line(state, at)

    monkeypatch.setattr(markdown, "_line", counted)
    opened = 301
    parse(f"{opening} x\n" * opened)
    assert opened <= len(looked) <= 8 * opened


@pytest.mark.parametrize("mark", ["\\(", "\\["])
def test_a_mark_that_is_not_closed_is_looked_for_once(mark: str) -> None:
    class Source(str):
        searched = 0

        def find(self, *arguments: object) -> int:
            Source.searched += 1
            return super().find(*arguments)  # type: ignore[arg-type]

    parser = markdown._markdown()
    state = StateInline(Source(mark * 200), parser, {}, [])
    for at in range(0, 200 * len(mark), len(mark)):
        state.pos = at
        assert not markdown._formula(state, False)
    assert Source.searched == 1


def test_a_mark_that_is_not_closed_in_a_link_may_be_closed_after_it() -> None:
    assert plain(inline("[a $b](http://x.y) $c^2$")) == "a $b c2"
    assert plain(inline("[ \\(b\\) \\(")) == "[ b ("


def test_a_paragraph_of_marks_is_shown_as_it_is_written() -> None:
    longest = "*a* " * (LONGEST_PARAGRAPH // 4)
    assert len(inline(longest)) > 4000
    for text in (longest + "b", "[" * 8000, "\\[" * 4000, "![" * 2000):
        assert [(span.text, span.style) for span in inline(text)] == [(text, SpanStyle.PLAIN)]
    assert [span.link for span in inline("see http://a.b/c " + " " * LONGEST_PARAGRAPH)][1] == "http://a.b/c"
    assert len([span for span in inline("[1] word " * 400) if span.cites]) == 400


def test_styles() -> None:
    spans = inline("**b** *i* ~~s~~ `c`")
    assert [span.style for span in spans if span.text.strip()] == [
        SpanStyle.BOLD,
        SpanStyle.ITALIC,
        SpanStyle.STRIKE,
        SpanStyle.CODE,
    ]


def test_code_is_colored_over_lines() -> None:
    python = language("Python")
    assert python is not None
    runs, open_ = color_line('def f(x):  # "no"', python)
    assert [(start, end, ink) for start, end, ink in runs] == [
        (0, 3, CodeColor.KEYWORD),
        (11, 17, CodeColor.REMARK),
    ]
    assert open_ == ""
    _, open_ = color_line('text = """begin', python)
    assert open_ == '"""'
    runs, open_ = color_line("def is text here", python, open_)
    assert runs == ((0, 16, CodeColor.STRING),)
    runs, open_ = color_line('end""" + 1', python, open_)
    assert runs == ((0, 6, CodeColor.STRING), (9, 10, CodeColor.NUMBER))
    assert open_ == ""
    assert language("no such language") is None


def test_what_is_read_aloud() -> None:
    assert plain_text("**One** [two](http://x)\n\n- three") == "One two\nthree"

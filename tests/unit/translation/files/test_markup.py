"""Whatever a translation does to the marks of a paragraph, its markup stays whole."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.translation.files.html_page import HtmlVocabulary
from assistant.translation.files.markup.page import Page
from assistant.translation.records import Layout, Mark, Tier, TranslatedParagraph

_WORDS = st.sampled_from(["one ", "two", " three ", ", ", "&amp;"])
_ATOMS = st.sampled_from(["<img/>", "<br/>", "<!-- x -->", "<code>x</code>", "<a></a>", "<i> </i>"])


def _wrapped(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, pieces: f"<{name}>{''.join(pieces)}</{name}>",
        st.sampled_from(["b", "i", "a", "span"]),
        st.lists(inside, max_size=4),
    )


_BODY = st.lists(st.recursive(_WORDS | _ATOMS, _wrapped, max_leaves=12), max_size=8).map("".join)


def _tags(source: str) -> list[str]:
    return re.findall(r"<(/?[a-z]+)>", source)


def _is_balanced(source: str) -> bool:
    opened: list[str] = []
    for tag in _tags(source):
        if not tag.startswith("/"):
            opened.append(tag)
        elif not opened or opened.pop() != tag[1:]:
            return False
    return not opened


@settings(max_examples=15, deadline=None)
@given(body=_BODY, data=st.data())
def test_markup_stays_whole(body: str, data: st.DataObject) -> None:
    page = Page(f"<p>{body}</p>", HtmlVocabulary(xml=True))
    translated = []
    for paragraph in page.paragraphs:
        text = data.draw(st.text("xyz ", min_size=1, max_size=12))
        marks = []
        for mark in paragraph.marks:
            for _ in range(data.draw(st.integers(0, 2))):
                start, end = sorted(data.draw(st.integers(0, len(text))) for _ in range(2))
                marks.append(Mark(mark.id, start, start if mark.start == mark.end else end))
        tiers = tuple((mark.id, data.draw(st.sampled_from(Tier))) for mark in paragraph.marks)
        translated.append(TranslatedParagraph(paragraph.text, text, "en", marks=tuple(marks), tiers=tiers))
    written, _ = page.written(translated, "de", Layout.TRANSLATION)
    assert _is_balanced(written)
    for atom in ("<img/>", "<br/>", "<!-- x -->", "<code>x</code>"):
        assert written.count(atom) == body.count(atom)


@settings(max_examples=15, deadline=None)
@given(body=_BODY)
def test_the_same_words_give_the_same_page(body: str) -> None:
    source = f"<p>{body}</p>"
    page = Page(source, HtmlVocabulary(xml=True))
    same = [TranslatedParagraph(one.text, one.text, "en", marks=one.marks) for one in page.paragraphs]
    assert page.written(same, "de", Layout.TRANSLATION)[0] == source
    for one in page.paragraphs:
        assert one.text == one.text.strip()
        assert all(0 <= mark.start <= mark.end <= len(one.text) for mark in one.marks)
        assert len({mark.id for mark in one.marks}) == len(one.marks)


@settings(max_examples=15, deadline=None)
@given(body=_BODY)
def test_other_words_in_the_same_places_keep_the_markup_in_order(body: str) -> None:
    page = Page(f"<p>{body}</p>", HtmlVocabulary(xml=True))
    changed = [
        TranslatedParagraph(one.text, re.sub(r"[a-z]", "Q", one.text), "en", marks=one.marks)
        for one in page.paragraphs
    ]
    written, _ = page.written(changed, "de", Layout.TRANSLATION)
    assert sorted(_tags(written)) == sorted(_tags(page.source))
    assert _is_balanced(written)

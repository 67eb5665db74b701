"""What crosses between the program, the translation worker and the window. Spans are offsets into a text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]


# --- what is asked ---------------------------------------------------------------------------------------


class Formality(StrEnum):
    """How a reader is addressed; language models alone can be told."""

    DEFAULT = ""
    FORMAL = "formal"
    INFORMAL = "informal"


@dataclass(frozen=True, slots=True)
class TranslationOptions:
    target: str
    """ISO 639-1, as all languages here."""
    source: str = ""
    """"": detected for each paragraph."""
    engine: str = ""
    """Path of a model's folder, or of a chat model's file; "": the program chooses."""
    formality: Formality = Formality.DEFAULT
    use_memory: bool = True
    """Take what was translated before as it was translated then."""


# --- paragraphs ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """A look or a link of some characters, or, where `start == end`, something that stands between them.

    Marks nest or follow each other, they never cross. `id` means something to whom the paragraph is from.
    """

    id: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What is translated as a whole."""

    text: str
    marks: tuple[Mark, ...] = ()
    language: str = ""
    """Where the document says it; "": detected, unless the options name one."""
    place: str = ""
    """Where it stands, for reports: "page 3", "slide 2, notes", "Sheet1!B4"."""


class Tier(StrEnum):
    """How a mark found its words in the translation."""

    ALIGNED = "aligned"
    """By the model's attention."""
    FOUND = "found"
    """Its words were translated alone and found in the sentence, or stand in it unchanged."""
    WHOLE = "whole"
    """It holds for the whole sentence, which is reported."""


class Flag(StrEnum):
    """Why a sentence is marked for the person to look at."""

    EMPTY = "empty"
    UNCHANGED = "unchanged"
    SCRIPT = "script"
    """It is not in the script of the target language."""
    LENGTH = "length"
    REPEATS = "repeats"
    VALUES = "values"
    """A number, address, URL, piece of code or placeholder is missing or was added."""
    GLOSSARY = "glossary"
    """A term is not translated as the glossary has it."""
    CUT = "cut"
    """It was too long for the model and translated in pieces."""
    LANGUAGE = "language"
    """No model translates from its language; it stands as it was."""
    MARK = "mark"
    """Bold, a link or the like holds for the whole sentence now."""


@dataclass(frozen=True, slots=True)
class Concern:
    flag: Flag
    detail: str = ""
    """What is missing, e.g. "1,250 €"; "" where nothing can be named."""


@dataclass(frozen=True, slots=True)
class SentencePair:
    """A sentence and its translation, by their places in the two paragraphs."""

    source: Span
    target: Span
    concerns: tuple[Concern, ...] = ()
    from_memory: bool = False


@dataclass(frozen=True, slots=True)
class TranslatedParagraph:
    source: str
    text: str
    language: str
    """Of the source; "und" where nothing tells it."""
    sentences: tuple[SentencePair, ...] = ()
    marks: tuple[Mark, ...] = ()
    """Of `text`. Each mark of the source is here, more than once where its words were torn apart."""
    tiers: tuple[tuple[int, Tier], ...] = ()
    """How the mark with this id found its words; marks without characters are not listed."""

    @property
    def concerns(self) -> tuple[Concern, ...]:
        return tuple(concern for sentence in self.sentences for concern in sentence.concerns)


# --- engines ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """A model that translates."""

    path: str
    """What `TranslationOptions.engine` names."""
    name: str
    chat: bool
    """It is a chat model; else one made for translation."""
    pairs: tuple[tuple[str, str], ...] = ()
    """(source, target) that it was made for; () where `languages` says it."""
    languages: tuple[str, ...] = ()
    """Between any two of which it translates; () for a chat model: any."""
    licence: str = ""
    """SPDX or the maker's word for it; "" where it is not known."""
    non_commercial: bool = False


@dataclass(frozen=True, slots=True)
class Hop:
    engine: EngineChoice
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Route:
    """One hop, or two with a pivot between them."""

    hops: tuple[Hop, ...]

    @property
    def pivot(self) -> str:
        """The language in between; "" where there is none."""
        return self.hops[0].target if len(self.hops) > 1 else ""


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """What an engine makes of one sentence."""

    texts: tuple[str, ...]
    """Best first; as many as were asked for, or fewer."""
    alignment: tuple[tuple[Span, Span], ...] = ()
    """Of the best one: pieces of the source and the pieces of the text that they became; () where the model
    was not trained to align. Several may share a piece."""
    cut: bool = False
    """The sentence was longer than the model takes, and was translated in pieces."""


@dataclass(frozen=True, slots=True)
class SentenceDone:
    """Reported while sentences are translated, in any order: what the sentence with this index became."""

    index: int
    hypotheses: Hypotheses


@dataclass(frozen=True, slots=True)
class AnalysedParagraph:
    language: str
    """"und" where nothing tells it."""
    sentences: tuple[Span, ...]
    """Without the white space around them."""


@dataclass(frozen=True, slots=True)
class ParagraphDone:
    """Reported while paragraphs are translated: one of them as far as it is done."""

    index: int
    paragraph: TranslatedParagraph
    complete: bool


@dataclass(frozen=True, slots=True)
class TextTranslation:
    """A text with its line breaks; each line is a paragraph, empty ones are not among them."""

    source: str
    text: str
    paragraphs: tuple[TranslatedParagraph, ...]
    """In order; their spans count from the beginning of each."""
    places: tuple[tuple[int, int], ...]
    """Where each paragraph begins in `source` and in `text`."""
    language: str
    """Of most of the source; "und" where nothing tells it."""
    route: Route | None = None
    """How most of it went; None where nothing had to be translated."""
    target: str = ""


# --- files -----------------------------------------------------------------------------------------------


class Layout(StrEnum):
    """What is written."""

    TRANSLATION = "translation"
    BELOW = "below"
    """Each paragraph of the original with its translation below it, in the form of the original."""
    BESIDE = "beside"
    """Two columns, as a file for Word."""


class NotKept(StrEnum):
    """What of a document could not be kept; the words stand in the window and the command line."""

    LOOK = "look"
    """A look or link covers a whole sentence now."""
    PICTURE_TEXT = "picture-text"
    """Text inside pictures."""
    EMBEDDED = "embedded"
    """A document inside the document."""
    SIGNATURE = "signature"
    """A digital signature, which a change makes void."""
    PART_UNREADABLE = "part-unreadable"
    LONG_LINE = "long-line"
    """A line of a subtitle that does not fit."""
    PDF_LAYOUT = "pdf-layout"
    """A PDF becomes a bilingual document page by page, without its layout."""
    MACROS = "macros"
    """Kept as they are, texts in them included."""
    TRACKED = "tracked"
    """Tracked changes: what was deleted is left out of the translation."""
    SPLIT_LOOK = "split-look"
    """A field or control that holds only a part of a paragraph was closed up."""
    NAMES = "names"
    """Cells that formulas or other tables call by their words stay as they were."""


@dataclass(frozen=True, slots=True)
class Lost:
    what: NotKept
    place: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class ExtractedDocument:
    """All that a person reads in a file, in reading order."""

    format: str
    """Suffix of its family, e.g. "docx"."""
    paragraphs: tuple[Paragraph, ...]
    language: str = ""
    """The one that the document says it is in."""
    lost: tuple[Lost, ...] = ()
    """What will not be translated or kept, as far as reading tells."""
    only_read: bool = False
    """Its format cannot be written: it becomes a bilingual file for Word, page by page."""


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    path: str
    lost: tuple[Lost, ...] = ()

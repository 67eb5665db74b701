"""A loaded model for translation: pieces in, hypotheses out, as its family wants it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.errors import ModelUnusable
from assistant.jobs import CancelToken
from assistant.translation import alignment, tokenizers
from assistant.translation.alignment import Attention, Links, Trust
from assistant.translation.model_families import Family, ModelFolder
from assistant.translation.tokenizers import Pieces

_BEAM = 2
_ALTERNATIVES_BEAM = 4
"""At least, where several hypotheses are wanted."""
_OUTPUT_FACTOR = 3
_MORE_OUTPUT = 24
"""What runs into a loop ends at so many times the pieces of the sentence and so many more."""
_AFRESH = {"beam_size": 4, "repetition_penalty": 1.2, "no_repeat_ngram_size": 4}
_END = "</s>"
_LOOK_SECONDS = 0.02
"""How often a result is looked for."""
_MOST_TRIES = 8
"""After so many calls that told too little the attention is not believed."""
_PROBED_SENTENCES = 16
_PROBED_WORDS = 80
_PROBED_PIECES = 48
"""Of a sentence that it is tried on whether the attention aligns."""
_PROBED_WORD = re.compile(r"[^\W_]{4,}|\d+|[^\W\d_a-zA-Z]{2,}")


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands before each sentence, and before each translation."""

    before: tuple[str, ...] = ()
    prefix: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What came of one sentence."""

    pieces: tuple[tuple[str, ...], ...]
    """Of each hypothesis, best first."""
    attention: Attention
    """Of the best one."""
    finished: bool
    """Else it ran until it was stopped."""

    @property
    def texts(self) -> list[str]:
        return [tokenizers.joined(pieces) for pieces in self.pieces]


class TranslationModel:
    """Calls come one after the other."""

    def __init__(self, folder: ModelFolder, pieces: Pieces, translator: Any) -> None:
        """
        Args:
            translator: a `ctranslate2.Translator` of the folder.
        """
        self.folder = folder
        self._pieces = pieces
        self._translator = translator
        self._trust = Trust()
        self._tries = 0
        self._silent = frozenset((_END, *folder.variants.values()))
        self._ends = [] if folder.appends_end or folder.family is Family.ARGOS else [_END]

    def cut(self, texts: Sequence[str]) -> list[list[str]]:
        return self._pieces.cut(texts)

    def marks(self, source: str, target: str) -> Marks:
        """
        Raises:
            ModelUnusable: it does not know one of the languages.
        """
        family, folder = self.folder.family, self.folder
        if family in (Family.M2M100, Family.NLLB):
            return Marks((folder.token(source),), (folder.token(target),))
        if family is Family.MADLAD or (family is Family.MARIAN and folder.tokens):
            return Marks((folder.token(target),))
        return Marks(prefix=(folder.target_prefix,) if folder.target_prefix else ())

    # --- decoding

    def submit(
        self,
        sentences: Sequence[Sequence[str]],
        marks: Marks,
        *,
        hypotheses: int = 1,
        afresh: bool = False,
        attention: bool = False,
        other_beginnings: bool = False,
    ) -> list[Any]:
        """Have sentences translated that are given by their pieces; `written` waits for it.

        Args:
            afresh: another way, without repetitions.
            other_beginnings: the hypotheses begin with different pieces.
        """
        longest = max(map(len, sentences))
        output = longest * _OUTPUT_FACTOR + _MORE_OUTPUT
        options: dict[str, Any] = {
            "beam_size": _BEAM if hypotheses == 1 else max(_ALTERNATIVES_BEAM, hypotheses)
        }
        if afresh:
            options |= _AFRESH
            options["beam_size"] = max(_AFRESH["beam_size"], hypotheses)
        submitted: list[Any] = self._translator.translate_batch(
            [[*marks.before, *pieces, *self._ends] for pieces in sentences],
            target_prefix=[list(marks.prefix)] * len(sentences) if marks.prefix else None,
            asynchronous=True,
            max_input_length=0,
            max_decoding_length=min(output, self.folder.most_output or output),
            num_hypotheses=hypotheses,
            disable_unk=True,
            return_end_token=True,
            return_attention=attention,
            return_alternatives=other_beginnings,
            **options,
        )
        return submitted

    def written(self, submitted: Sequence[Any], marks: Marks, token: CancelToken) -> Iterator[Written]:
        """
        Raises:
            ModelUnusable: the library cannot work with it.
            Cancelled: at once; the library, which cannot be stopped, comes to the end of what was submitted.
        """
        for waiting in submitted:
            while not waiting.done():
                token.wait(_LOOK_SECONDS)
                token.raise_if_cancelled()
            try:
                result = waiting.result()
            except (RuntimeError, ValueError) as error:
                why = str(error).strip().rstrip(".")
                raise ModelUnusable("translation-model-fails", name=self.folder.name, why=why) from error
            yield self._written(result, len(marks.prefix))

    def _written(self, result: Any, prefix: int) -> Written:
        best = result.hypotheses[0]
        heard = [
            number for number, piece in enumerate(best) if number >= prefix and piece not in self._silent
        ]
        rows = result.attention[0] if result.attention else ()
        others = (
            [piece for piece in pieces[prefix:] if piece not in self._silent]
            for pieces in result.hypotheses[1:]
        )
        hypotheses = ([best[number] for number in heard], *others)
        return Written(
            tuple(tuple(self._pieces.spaced(pieces)) for pieces in hypotheses),
            [rows[number] for number in heard] if rows else (),
            finished=bool(best) and best[-1] == _END,
        )

    # --- alignment

    def links(self, text: str, marks: Marks, written: Written) -> tuple[str, Links]:
        """The translation of a text, and which of its words came from which; none if that is not known."""
        translated, places = tokenizers.joined_with_places(written.pieces[0])
        if not written.attention:
            return translated, ()
        found = alignment.links(
            written.attention, text, self._pieces.places(text), translated, places, len(marks.before)
        )
        return translated, found

    def aligns(self, texts: Sequence[str], marks: Marks, token: CancelToken) -> bool:
        """Whether its attention can be believed; it is tried on these texts where that is not known yet."""
        if not self._trust.known and self._tries < _MOST_TRIES:
            self._tries += 1
            self._try(texts, marks, token)
        return self._trust.good

    def _try(self, texts: Sequence[str], marks: Marks, token: CancelToken) -> None:
        cut = zip(texts, self.cut(texts), strict=True)
        chosen = [(text, pieces) for text, pieces in cut if 3 <= len(pieces) <= _PROBED_PIECES]
        chosen = chosen[:_PROBED_SENTENCES]
        words = [
            (number, found.span(), found[0])
            for number, (text, _) in enumerate(chosen)
            for found in _PROBED_WORD.finditer(text)
        ][:_PROBED_WORDS]
        if not words:
            return
        sentences = self.submit([pieces for _, pieces in chosen], marks, attention=True)
        alone = self.submit(self.cut([word for _, _, word in words]), marks)
        linked = [
            self.links(text, marks, written)
            for (text, _), written in zip(chosen, self.written(sentences, marks, token), strict=True)
        ]
        for (number, span, _), written in zip(words, self.written(alone, marks, token), strict=True):
            text, links = linked[number]
            self._trust.learn(links, span, text, written.texts[0])

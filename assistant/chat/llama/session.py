"""A model that is loaded, with its KV cache: turns requests into answers. For one thread at a time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.chat import budget
from assistant.chat.llama import sampling
from assistant.chat.llama.bindings import AbortFlag, Context, Model
from assistant.chat.llama.detokenizer import Detokenizer
from assistant.chat.llama.generation import Generation
from assistant.chat.llama.load_plan import LoadPlan
from assistant.chat.llama.pictures import Projector
from assistant.chat.llama.prompt_cells import PictureCells, Prompt
from assistant.chat.llama.prompt_lookup import DraftSpeeds, PromptLookup
from assistant.chat.llama.prompts import Prompts
from assistant.chat.llama.sampler import Sampler
from assistant.chat.llama.state_cache import StateCache, common_prefix
from assistant.chat.llama.thinking import ThinkingSplitter, thinks
from assistant.chat.records import Completion, ModelInfo, PromptProgress, Request
from assistant.chat.templates import PLAIN_STOP
from assistant.errors import Problem, PromptTooLong
from assistant.file_reading.file_stamp import file_stamp
from assistant.jobs import CancelToken
from assistant.models.files import gguf
from assistant.models.files.detection import name_of
from assistant.models.fit.memory_estimate import LARGEST_COPY
from assistant.models.fit.records import Corrections, Speed

_FEWEST_TOKENS = 32
"""Fewer tokens are read anew faster than their state is written and read."""
_REPORT_SECONDS = 0.05
"""Progress of reading a prompt is reported at most so often."""
_SMOOTHING = 0.3
"""Weight of a new measurement of speed."""
_MEASURED_TOKENS = 16
"""Tokens that a measurement needs."""
_YES_NO = (("Yes", "yes", " Yes"), ("No", "no", " No"))
"""How an answer of one word begins."""


class Session:
    def __init__(
        self,
        lib: Any,
        model: Model,
        context: Context,
        header: gguf.Header,
        plan: LoadPlan,
        expected: Speed,
        corrections: Corrections,
        *,
        adapter: str | None,
        states: StateCache,
        projector: Projector | None = None,
        note: Problem | None = None,
    ) -> None:
        """Args:
        projector: without one it sees no pictures.
        note: what a person should know about it.
        """
        self._lib = lib
        self.model = model
        self.context = context
        self._projector = projector
        self._header = header
        self._states = states
        self._speeds = DraftSpeeds()
        self._picture_speed = 0.0
        """Cells of pictures that are read in a second; 0 until known."""
        self._conversation = ""
        """Whose tokens stand in the KV cache."""
        self._changed = False
        self._snapshot: tuple[Any, list[int]] | None = None
        """Of a model whose cache cannot be truncated: how it was before the last answer."""
        name = name_of(header)
        self.prompts = Prompts(model, name, header.values.get("tokenizer.chat_template"), projector)
        self.info = ModelInfo(
            path=str(header.path),
            name=name,
            architecture=header.architecture,
            parameters=model.parameters,
            size=model.size,
            context=context.size,
            trained_context=header.number("context_length"),
            threads=plan.setting.threads,
            gpu_layers=plan.setting.gpu_layers,
            kv_type=plan.setting.kv_type,
            adapter=adapter,
            thinks=thinks(self.prompts.template.source),
            note=note or self.prompts.note,
            reading_speed=0.0,
            writing_speed=0.0,
            setting=plan.setting,
            memory_predicted=plan.estimate.processor,
            corrections=corrections,
            reading_predicted=expected.reading,
            writing_predicted=expected.writing,
            sees=projector is not None,
        )

    def close(self) -> None:
        self.context.close()
        if self._projector is not None:
            self._projector.close()
        self.model.close()

    # --- an answer

    def complete(self, request: Request, token: CancelToken, report: Callable[[Any], None]) -> Completion:
        """Answer.

        Raises:
            Cancelled: at once when it is stopped; what was read and written by then is remembered.
            PromptTooLong, TemplateRefused: there is nothing to answer.
        """
        started = time.perf_counter()
        fitted, prompt, reused = self._read_prompt(request, token, report)
        reading_seconds = time.perf_counter() - started
        stop = (*request.sampling.stop, *PLAIN_STOP) if self.prompts.plain else request.sampling.stop
        thoughts = ThinkingSplitter(
            prompt.text, self.prompts.template.source, continuing=request.continue_last
        )
        detokenizer = Detokenizer(thoughts, stop, report)
        may_draft = request.prompt_lookup and self.context.can_truncate
        lookup = PromptLookup(prompt.text_tokens, self._speeds) if may_draft else None
        parameters = sampling.parameters(request.sampling, self._header.values)
        started = time.perf_counter()
        with closing(Sampler(self._lib, self.model, parameters, prompt.text_tokens)) as sampler:
            generation = Generation(
                self.model, self.context, sampler, detokenizer,
                max_tokens=request.sampling.max_tokens, lookup=lookup, token=token,
            )  # fmt: skip
            finish = generation.run()
            detokenizer.finish()
        writing_seconds = time.perf_counter() - started
        if generation.written >= _MEASURED_TOKENS:
            speed = _smoothed(self.info.writing_speed, generation.written / writing_seconds)
            self.info = replace(self.info, writing_speed=speed)
        return Completion(
            text=detokenizer.text,
            thinking=detokenizer.thinking,
            finish=finish,
            prompt_tokens=len(prompt.cells),
            reused_tokens=reused,
            tokens=generation.written,
            thinking_tokens=generation.thinking,
            reading_seconds=reading_seconds,
            writing_seconds=writing_seconds,
            drafted=lookup.drafted if lookup else 0,
            accepted=lookup.accepted if lookup else 0,
            context=self.context.size,
            sources=fitted.sources,
            dropped_messages=fitted.dropped,
            overflow=fitted.overflow,
            picture_tokens=prompt.picture_tokens,
            gone_pictures=fitted.gone_pictures,
        )

    def log_odds(self, request: Request, token: CancelToken, report: Callable[[Any], None]) -> float:
        """How much likelier an answer begins with yes than with no, as a natural logarithm.

        Raises:
            Cancelled, PromptTooLong, TemplateRefused: as `complete` does.
        """
        self._read_prompt(request, token, report)
        yes, no = (
            {self.model.tokens(word, special=False, beginning=False)[0] for word in words}
            for words in _YES_NO
        )
        likely, unlikely = (sum(map(math.exp, self.context.logits(sorted(each)))) for each in (yes, no))
        return math.log(likely / unlikely)

    def _read_prompt(
        self, request: Request, token: CancelToken, report: Callable[[Any], None]
    ) -> tuple[budget.FittedPrompt, Prompt, int]:
        """Have the prompt in the KV cache: what is in it, and how much of it was there."""
        flag = AbortFlag(self._lib)
        token.when_cancelled(flag.set)
        self.context.use_abort_flag(flag)
        kept = self._states.tokens(request.conversation) if request.conversation else ()
        speeds = self.info.reading_speed, self._picture_speed
        fitted = self.prompts.fit(request, self.context.size, (self.context.tokens, kept), *speeds)
        prompt = self.prompts.of(fitted.messages, continue_last=request.continue_last)
        tokens = len(prompt.cells)
        if not tokens or tokens >= self.context.size:
            raise PromptTooLong("prompt-too-long", tokens=tokens, limit=self.context.size)
        reused = self._reuse(request.conversation, prompt)
        self._changed = True
        self._read(prompt, token, report)
        return fitted, prompt, reused

    def _reuse(self, conversation: str, prompt: Prompt) -> int:
        """Load or leave in the KV cache what this prompt begins with; gives how much."""
        cells = prompt.cells
        here = common_prefix(self.context.tokens, cells)
        if conversation != self._conversation:
            kept = self._states.tokens(conversation) if conversation else ()
            self.save_state()
            if common_prefix(kept, cells) > here + _FEWEST_TOKENS and self._states.load(
                conversation, self.context.load_state
            ):
                here = common_prefix(self.context.tokens, cells)
            self._conversation = conversation
        # One token at least has to be read, so that there is something to sample from.
        here = prompt.whole(min(here, len(cells) - 1))
        if here == len(self.context.tokens):
            return here
        if not self.context.can_truncate:
            return self._restore_snapshot(cells)
        return self.context.truncate(here)

    def _restore_snapshot(self, tokens: Sequence[int]) -> int:
        data, before = self._snapshot or (None, [])
        fits = 0 < common_prefix(before, tokens) == len(before) < len(tokens)
        if fits and self.context.restore_snapshot(data, before):
            return len(before)
        return self.context.truncate(0)

    def _read(self, prompt: Prompt, token: CancelToken, report: Callable[[Any], None]) -> None:
        """Read what does not stand in the KV cache yet, batch by batch."""
        whole = len(prompt.cells)
        if not self.context.can_truncate and len(self.context.tokens) < whole - 1:
            # The cache as it is before the last token: from there the same can be answered once more.
            self._read_batches(prompt, whole - 1, token, report)
            fits = self.context.state_size <= LARGEST_COPY
            self._snapshot = None  # gives its memory back before the next one takes as much
            self._snapshot = (self.context.snapshot(), list(self.context.tokens)) if fits else None
        self._read_batches(prompt, whole, token, report)

    def _read_batches(
        self, prompt: Prompt, end: int, token: CancelToken, report: Callable[[Any], None]
    ) -> None:
        whole, reported = len(prompt.cells), 0.0
        pictures = {each.begin: each for each in prompt.pictures}
        report(PromptProgress(len(self.context.tokens), whole))
        while (done := len(self.context.tokens)) < end:
            token.raise_if_cancelled()
            picture = pictures.get(done)
            if picture is not None:
                self._read_picture(prompt, picture, token, report)
                continue
            before = min((begin for begin in pictures if begin > done), default=end)
            started = time.perf_counter()
            chunk = prompt.cells[done : min(done + self.context.batch, before, end)]
            self.context.read(chunk)
            self.context.synchronize()
            ended = time.perf_counter()
            if len(chunk) >= min(_MEASURED_TOKENS, self.context.batch):
                speed = _smoothed(self.info.reading_speed, len(chunk) / (ended - started))
                self.info = replace(self.info, reading_speed=speed)
            if ended - reported >= _REPORT_SECONDS or done + len(chunk) == end:
                report(PromptProgress(done + len(chunk), whole))
                reported = ended

    def _read_picture(
        self, prompt: Prompt, cells: PictureCells, token: CancelToken, report: Callable[[Any], None]
    ) -> None:
        assert self._projector is not None
        whole, count = len(prompt.cells), cells.end - cells.begin
        started = reported = time.perf_counter()

        def on_share(share: float) -> None:
            nonlocal reported
            token.raise_if_cancelled()
            if time.perf_counter() - reported >= _REPORT_SECONDS:
                report(PromptProgress(cells.begin + int(count * share), whole))
                reported = time.perf_counter()

        self._projector.read(self.context, cells, prompt.cells[cells.begin : cells.end], on_share)
        self.context.synchronize()
        speed = count / (time.perf_counter() - started)
        self._picture_speed = _smoothed(self._picture_speed, speed)
        report(PromptProgress(cells.end, whole))

    def record_memory(self, held: int) -> None:
        """The process has held so many bytes at its most."""
        self.info = replace(self.info, memory_measured=max(self.info.memory_measured, held))

    # --- what is kept

    def save_state(self) -> None:
        """Write the state of the conversation in the KV cache to disk, if it is not there."""
        if self._conversation and self._changed and len(self.context.tokens) >= _FEWEST_TOKENS:
            self._states.save(self._conversation, self.context.state_size, self.context.save_state)
        self._changed = False

    def measure(self, token: CancelToken) -> None:
        """Learn how fast it reads, in about a second at most, and have its weights in memory."""
        flag = AbortFlag(self._lib)
        token.when_cancelled(flag.set)
        self.context.use_abort_flag(flag)
        some = [each for each in range(self.model.token_count) if each not in self.model.control_tokens]
        for step, count in enumerate((8, 8, 64, 256)):
            count = min(count, self.context.batch, self.context.size - 1)
            tokens = [some[(7 * index) % len(some)] for index in range(count)]
            started = time.perf_counter()
            self.context.read(tokens)
            self.context.synchronize()
            seconds = time.perf_counter() - started
            self.info = replace(self.info, reading_speed=count / seconds)
            self.context.truncate(0)
            if step and seconds > 0.1:  # the first step reads the weights from the disk, too
                break


def _smoothed(known: float, measured: float) -> float:
    return known + _SMOOTHING * (measured - known) if known else measured


def state_key(path: Path, plan: LoadPlan, options: object, projector: Path | None = None) -> str:
    """All that a kept state depends on."""
    files = (path,) if projector is None else (path, projector)
    stamps = " ".join(f"{each} {size} {time}" for each in files for size, time in (file_stamp(each),))
    return f"{stamps} {plan.setting} {options}"

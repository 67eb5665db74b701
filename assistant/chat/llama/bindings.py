"""llama.cpp through its C interface: a model, and the context it reads and writes in.

`lib` is the module of bindings; it is imported in engine.py alone and handed in here.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.chat.llama.load_plan import LoadPlan
from assistant.chat.llama.prompt_cells import positions
from assistant.errors import Cancelled, ModelError, ModelUnusable
from assistant.models.fit import memory_estimate

SEQUENCE = 0
"""The only sequence that a context is made for."""


class Log:
    """Keeps the last complaints of the library, which are all it says about a file that it cannot load."""

    def __init__(self, lib: Any) -> None:
        self._lines: deque[str] = deque(maxlen=8)
        self.callback = lib.llama_log_callback(self._take)
        lib.llama_log_set(self.callback, ctypes.c_void_p(0))

    def _take(self, level: int, text: bytes | None, _: Any) -> None:
        warning, error = 3, 4  # ggml_log_level
        if level in (warning, error) and text:
            line = text.decode("utf-8", "replace").strip()
            if level == error:
                self._lines.append(line)
            sys.stderr.write(line + "\n")  # the log file of the process

    def clear(self) -> None:
        self._lines.clear()

    def reason(self) -> str:
        """The first complaint, without the name of the function that made it; "" if there is none."""
        for line in self._lines:
            mark = "error loading model: "
            if mark in line:
                return line.partition(mark)[2]
        return self._lines[0].partition(": ")[2] if self._lines else ""


def _refused(path: Path, log: Log, otherwise: str) -> ModelUnusable:
    """What the library says of a model's file; the reason `otherwise` if it says nothing."""
    if why := log.reason().rstrip("."):
        return ModelUnusable("model-refused", name=path.name, why=why)
    return ModelUnusable(otherwise, name=path.name)


class AbortFlag:
    """Stops what the library computes, as soon as it is set.

    The library asks a C function between any two steps. `strlen` of a text that is empty until the flag is
    set answers that without waiting for Python.
    """

    def __init__(self, lib: Any) -> None:
        self._text = ctypes.create_string_buffer(2)
        library = ctypes.cdll.msvcrt if sys.platform == "win32" else ctypes.CDLL(None)
        self.function = ctypes.cast(library.strlen, lib.ggml_abort_callback)
        self.data = ctypes.cast(self._text, ctypes.c_void_p)

    def set(self) -> None:
        self._text[0] = b"!"


class Model:
    """The weights and the vocabulary. Its methods may be called from any thread until it is closed."""

    def __init__(
        self,
        lib: Any,
        log: Log,
        path: Path,
        *,
        plan: LoadPlan,
        on_progress: Callable[[float], bool],
    ) -> None:
        """Args:
            on_progress: told how much is loaded, from 0 to 1; false stops it.

        Raises:
            Cancelled: `on_progress` said so.
            ModelUnusable: the library cannot load it.
        """
        self._lib = lib
        stopped = False

        def progress(share: float, _: Any) -> bool:
            nonlocal stopped
            try:
                stopped = stopped or not on_progress(share)
            except Cancelled:
                stopped = True
            return not stopped

        params = lib.llama_model_default_params()
        params.n_gpu_layers = plan.setting.gpu_layers
        params.load_mode = lib.LLAMA_LOAD_MODE_MMAP if plan.mapped else lib.LLAMA_LOAD_MODE_NONE
        callback = lib.llama_progress_callback(progress)
        params.progress_callback = callback
        log.clear()
        pointer = lib.llama_model_load_from_file(str(path).encode(), params)
        if stopped:
            if pointer:
                lib.llama_model_free(pointer)
            raise Cancelled
        if not pointer:
            raise _refused(path, log, "model-not-loaded")
        self.pointer = pointer
        self.vocabulary = lib.llama_model_get_vocab(pointer)
        self.token_count = int(lib.llama_vocab_n_tokens(self.vocabulary))
        self._pieces: dict[int, bytes] = {}
        self._buffer = ctypes.create_string_buffer(4096)
        self.bos = self._text_of(lib.llama_vocab_bos(self.vocabulary))
        self.eos = self._text_of(lib.llama_vocab_eos(self.vocabulary))
        self._adds_eos = bool(lib.llama_vocab_get_add_eos(self.vocabulary))
        self.end_tokens = frozenset(
            token for token in range(self.token_count) if lib.llama_vocab_is_eog(self.vocabulary, token)
        )
        self.control_tokens = frozenset(
            token for token in range(self.token_count) if lib.llama_vocab_is_control(self.vocabulary, token)
        )

    @property
    def parameters(self) -> int:
        return int(self._lib.llama_model_n_params(self.pointer))

    @property
    def size(self) -> int:
        return int(self._lib.llama_model_size(self.pointer))

    def control_texts(self) -> tuple[str, ...]:
        """The texts of the tokens that mean something to the model, such as "<|im_end|>"."""
        texts = {self._text_of(token) for token in self.control_tokens | self.end_tokens}
        return tuple(sorted((text for text in texts if len(text) > 1), key=len, reverse=True))

    def tokens(self, text: str, *, special: bool, beginning: bool) -> list[int]:
        """A text as tokens.

        Args:
            special: whether texts such as "<|im_end|>" are taken for the tokens of that name.
            beginning: put what the model expects at the beginning of a text, unless it is there.
        """
        beginning = beginning and not (self.bos and text.startswith(self.bos))
        data = text.encode("utf-8", "replace")
        size = len(data) + 8
        while True:
            buffer = (ctypes.c_int32 * size)()
            count = self._lib.llama_tokenize(
                self.vocabulary, data, len(data), buffer, size, beginning, special
            )
            if count >= 0:
                break
            size = -count
        found = list(buffer[:count])
        if beginning and self._adds_eos and found and found[-1] in self.end_tokens:
            found.pop()
        return found

    def piece(self, token: int) -> bytes:
        """What a token writes; it may be a part of a character."""
        known = self._pieces.get(token)
        if known is None:
            buffer = self._buffer
            count = self._lib.llama_token_to_piece(self.vocabulary, token, buffer, len(buffer), 0, True)
            known = self._pieces[token] = buffer.raw[: max(count, 0)]
        return known

    def _text_of(self, token: int) -> str:
        return self.piece(token).decode("utf-8", "replace") if token >= 0 else ""

    def close(self) -> None:
        self._lib.llama_model_free(self.pointer)


class Context:
    """What a model has read and written, and the means to go on. For one thread at a time."""

    def __init__(self, lib: Any, log: Log, model: Model, path: Path, plan: LoadPlan) -> None:
        """Raises ModelUnusable where the model is of a kind that does not write text."""
        self._lib = lib
        self._model = model
        params = lib.llama_context_default_params()
        setting = plan.setting
        params.n_ctx = setting.context
        params.n_batch = params.n_ubatch = setting.batch
        params.n_outputs_max = min(setting.batch, memory_estimate.OUTPUTS)
        params.n_seq_max = 1
        params.n_threads = params.n_threads_batch = setting.threads
        params.flash_attn_type = plan.flash_attention_type
        params.type_k = params.type_v = plan.kv_type_number
        params.offload_kqv = setting.gpu_layers != 0
        params.swa_full = setting.whole_window
        log.clear()
        pointer = lib.llama_init_from_model(model.pointer, params)
        if not pointer:
            raise _refused(path, log, "model-context-not-made")
        self.pointer = pointer
        self._memory = lib.llama_get_memory(pointer)
        if not self._memory or lib.llama_model_has_encoder(model.pointer):
            lib.llama_free(pointer)
            raise ModelUnusable("model-does-not-chat", name=path.name)
        self.size = int(lib.llama_n_ctx(pointer))
        self.batch = setting.batch
        self.tokens: list[int] = []
        """What stands in the KV cache; numbers below zero for what is no text (see `prompt_cells`)."""
        self._position = 0
        """Of what is read next."""
        self._adapter: Any = None
        self._flag: AbortFlag | None = None
        self._batch = lib.llama_batch_init(self.batch, 0, 1)
        for index in range(self.batch):
            self._batch.n_seq_id[index] = 1
            self._batch.seq_id[index][0] = SEQUENCE
        self.can_truncate = not (
            lib.llama_model_is_recurrent(model.pointer) or lib.llama_model_is_hybrid(model.pointer)
        )
        """Whether the end of the KV cache can be removed; else only all of it."""
        self._window = 0 if setting.whole_window else int(lib.llama_model_n_swa(model.pointer))
        """Tokens that have to be there before a place, so that it can be gone on from; 0 for all."""

    def use_adapter(self, log: Log, path: Path, scale: float) -> None:
        """Raises ModelUnusable: the adapter was made for another model."""
        log.clear()
        adapter = self._lib.llama_adapter_lora_init(self._model.pointer, str(path).encode())
        if not adapter:
            raise _refused(path, log, "adapter-for-another-model")
        self._adapter = adapter
        adapters = (self._lib.llama_adapter_lora_p_ctypes * 1)(adapter)
        scales = (ctypes.c_float * 1)(scale)
        if self._lib.llama_set_adapters_lora(self.pointer, adapters, 1, scales) != 0:
            raise ModelUnusable("adapter-for-another-model", name=path.name)

    def close(self) -> None:
        self._lib.llama_batch_free(self._batch)
        self._lib.llama_free(self.pointer)

    # --- reading

    def use_abort_flag(self, flag: AbortFlag) -> None:
        """From now on `flag` stops `read`."""
        self._flag = flag
        self._lib.llama_set_abort_callback(self.pointer, flag.function, flag.data)

    def read(self, tokens: Sequence[int], outputs: int = 1) -> None:
        """Read at most `batch` tokens after those in the KV cache; the last `outputs` can be sampled after.

        Raises:
            Cancelled: the flag was set. The KV cache is as before.
            ModelError: the library failed.
        """
        batch, begin, count = self._batch, self._position, len(tokens)
        token, position, logits = batch.token, batch.pos, batch.logits
        for index, value in enumerate(tokens):
            token[index] = value
            position[index] = begin + index
            logits[index] = index >= count - outputs
        batch.n_tokens = count
        self._take(tokens, count, self._lib.llama_decode(self.pointer, batch))

    def read_picture(self, cells: Sequence[int], decode: Callable[[int], int]) -> None:
        """Read a picture after what is in the KV cache; raises as `read`.

        Args:
            cells: what stands for it.
            decode: has it read from the position on that it is given, and gives the library's code.
        """
        self._take(cells, positions(cells), decode(self._position))

    def _take(self, cells: Sequence[int], places: int, code: int) -> None:
        if code == 0:
            self.tokens.extend(cells)
            self._position += places
            return
        self.truncate(len(self.tokens))
        aborted = 2
        if code == aborted:
            raise Cancelled
        raise ModelError("model-engine-failed", status=code)

    def logits(self, tokens: Sequence[int]) -> list[float]:
        """Of these tokens, as the next after what was read last."""
        scores = self._lib.llama_get_logits_ith(self.pointer, -1)
        return [float(scores[token]) for token in tokens]

    def truncate(self, length: int) -> int:
        """Forget all after the first `length` tokens, or all where that cannot be; give what is left."""
        position = self._position - positions(self.tokens[length:])
        if length > 0 and self._lib.llama_memory_seq_rm(self._memory, SEQUENCE, position, -1):
            last = self._lib.llama_memory_seq_pos_max(self._memory, SEQUENCE)
            first = self._lib.llama_memory_seq_pos_min(self._memory, SEQUENCE)
            # All cells of a picture in rows and columns are at its first position.
            there = last == position - 1 or (self.tokens[length - 1] < 0 and last < position)
            if there and (not self._window or first <= max(0, position - self._window)):
                del self.tokens[length:]
                self._position = position
                return length
        self._lib.llama_memory_clear(self._memory, False)
        self.tokens.clear()
        self._position = 0
        return 0

    def synchronize(self) -> None:
        """Wait until nothing is computed any more."""
        self._lib.llama_synchronize(self.pointer)

    # --- the state of the KV cache

    def save_state(self, path: Path) -> int:
        """Write the KV cache to a file; gives its size, 0 if that failed."""
        tokens = (ctypes.c_int32 * len(self.tokens))(*self.tokens)
        return int(
            self._lib.llama_state_seq_save_file(
                self.pointer, str(path).encode(), SEQUENCE, tokens, len(self.tokens)
            )
        )

    @property
    def state_size(self) -> int:
        return int(self._lib.llama_state_seq_get_size(self.pointer, SEQUENCE))

    def load_state(self, path: Path) -> bool:
        """Read the KV cache from a file. False: it does not fit this model, and the cache is empty."""
        self.truncate(0)
        tokens = (ctypes.c_int32 * self.size)()
        count = ctypes.c_size_t(0)
        read = self._lib.llama_state_seq_load_file(
            self.pointer, str(path).encode(), SEQUENCE, tokens, self.size, ctypes.byref(count)
        )
        if not read:
            self.truncate(0)
            return False
        self._put_back(tokens[: count.value])
        return True

    def snapshot(self) -> Any:
        """The KV cache as it is, for `restore_snapshot`."""
        data = (ctypes.c_uint8 * self.state_size)()
        self._lib.llama_state_seq_get_data(self.pointer, data, len(data), SEQUENCE)
        return data

    def restore_snapshot(self, data: Any, tokens: Sequence[int]) -> bool:
        """Make the KV cache what it was at a snapshot, when these tokens stood in it."""
        self.truncate(0)
        if not self._lib.llama_state_seq_set_data(self.pointer, data, len(data), SEQUENCE):
            self.truncate(0)
            return False
        self._put_back(tokens)
        return True

    def _put_back(self, tokens: Sequence[int]) -> None:
        self.tokens.extend(tokens)
        self._position = positions(tokens)

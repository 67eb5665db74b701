"""How a model sees pictures: a projector makes what it reads of their pixels, by llama.cpp's mtmd library.

`mtmd` is the module of bindings; it is imported in engine.py alone and handed in here.
"""

from __future__ import annotations

import ctypes
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.chat.llama.bindings import SEQUENCE, Context, Log, Model
from assistant.chat.llama.ggml import Ggml
from assistant.chat.llama.load_plan import LoadPlan
from assistant.chat.llama.prompt_cells import PictureCells, Prompt, picture_cells
from assistant.chat.records import MessagePicture
from assistant.chat.templates import PICTURE_MARK
from assistant.errors import Cancelled, ModelError, ModelUnusable, UserInputError
from assistant.file_reading.file_stamp import file_stamp
from assistant.models.files import gguf, projectors

_CONTEXT_PART = 4
"""A picture of any size takes at most one part in so many of the context."""
_MOST_STEPS = 8
"""Steps of the computation between two looks at whether it was stopped, each hundredths of a millisecond;
fewer where the steps are long."""
_LONG_SECONDS = 0.05
"""Of the steps between two looks."""
_LARGE = (1024, 1024)
"""Pixels of a picture that takes as many cells as any."""
_KEPT = 32 * 2**20
"""Bytes of what was made of the last pictures, so that a prompt with another beginning is read sooner."""
_BEGINNINGS = (b"\x89PNG", b"\xff\xd8")
_WHERE = re.compile(r"^(?:error: )?(?:failed to load model '.*?': )?(?:[\w()]+: )?")
"""Before what the library complains of: which of its functions does, about which file."""
_LAYER = re.compile(rb"-(\d+)")
"""In the name of a step: which layer of the projector it belongs to."""

OnShare = Callable[[float], None]
"""Told how much of a picture is done, from 0 to 1."""


class Projector:
    """Loaded beside a model. For one thread at a time."""

    def __init__(
        self, mtmd: Any, lib: Any, log: Log, header: gguf.Header, model: Model, plan: LoadPlan
    ) -> None:
        """
        Raises:
            ModelUnusable: it is damaged, made for another model, or sees no pictures.
        """
        self._mtmd, self._lib = mtmd, lib
        self.path = path = header.path
        self._layers = header.number("vision.block_count")
        kind = projectors.facts(header).kind
        self._ggml = Ggml(lib)
        self._model = model
        self._width = lib.llama_model_n_embd_inp(model.pointer)
        self._on_share: OnShare = lambda _: None
        self._share, self._stopped = 0.0, False
        self._steps, self._together, self._looked = 0, 1, 0.0
        """Since the last look, and when that was; how many are taken between two."""
        self._layouts: dict[tuple[int, int], _Layout] = {}
        """Of pictures without pixels, by their sizes."""
        self._digests: dict[str, tuple[tuple[int, int], bytes]] = {}
        self._open: tuple[MessagePicture, _Layout] | None = None
        """The picture that is being read."""
        self._made: OrderedDict[tuple[bytes, int], Any] = OrderedDict()
        params = mtmd.mtmd_context_params_default()
        params.use_gpu = plan.setting.gpu_layers != 0
        params.n_threads = plan.setting.threads
        params.flash_attn_type = plan.flash_attention_type
        params.print_timings = False
        if kind in projectors.ANY_SIZE:
            params.image_max_tokens = min(projectors.MOST_CELLS, plan.setting.context // _CONTEXT_PART)
        self._callback = lib.ggml_backend_sched_eval_callback(self._look)
        params.cb_eval = self._callback
        mtmd.mtmd_helper_log_set(log.callback, ctypes.c_void_p(0))
        log.clear()
        pointer = mtmd.mtmd_init_from_file(str(path).encode(), model.pointer, params)
        if not pointer:
            raise _refused(path, log)
        self._pointer = pointer
        if not mtmd.mtmd_support_vision(pointer):
            self.close()
            raise ModelUnusable("projector-sees-nothing", name=path.name)

    def least_batch(self) -> int:
        """Cells that have to be read at once, because those of a picture see each other."""
        if not self._mtmd.mtmd_decode_use_non_causal(self._pointer, None):
            return 1
        return max(part.count for part in self._layout(_LARGE).parts)

    def close(self) -> None:
        self._close_picture()
        for layout in self._layouts.values():
            layout.close()
        self._layouts.clear()
        self._mtmd.mtmd_free(self._pointer)

    # --- what a prompt becomes

    def prompt(self, text: str, pictures: Sequence[MessagePicture]) -> Prompt:
        """A prompt in which marks stand for pictures.

        Raises:
            UserInputError: a picture cannot be read.
        """
        texts = PICTURE_MARK.split(text)
        cells = self._model.tokens(texts[0], special=True, beginning=True)
        places: list[PictureCells] = []
        for number, after in zip(texts[1::2], texts[2::2], strict=True):
            picture = pictures[int(number)]
            layout, digest = self._layout((picture.width, picture.height)), self._digest(picture)
            part = 0
            for piece in layout.pieces:
                begin = len(cells)
                if isinstance(piece, _Part):
                    cells += picture_cells(digest, part, piece.count, piece.positions)
                    places.append(PictureCells(begin, len(cells), picture, part))
                    part += 1
                else:
                    cells += piece
            if after:
                cells += self._model.tokens(after, special=True, beginning=False)
        return Prompt(text, cells, tuple(places))

    def _layout(self, size: tuple[int, int]) -> _Layout:
        known = self._layouts.get(size)
        if known is None:
            with self._bitmap(size, None) as bitmap:
                known = self._layouts[size] = _Layout(self._mtmd, self._chunks(bitmap))
        return known

    def _chunks(self, bitmap: Any) -> Any:
        """mtmd_input_chunks of a picture alone."""
        mtmd = self._mtmd
        mark = mtmd.mtmd_default_marker()
        text = mtmd.mtmd_input_text(text=mark, text_len=len(mark), add_special=False, parse_special=True)
        chunks = mtmd.mtmd_input_chunks_init()
        bitmaps = (mtmd.mtmd_bitmap_p_ctypes * 1)(bitmap)
        code = mtmd.mtmd_tokenize(self._pointer, chunks, ctypes.byref(text), bitmaps, 1)
        if code != 0:
            mtmd.mtmd_input_chunks_free(chunks)
            raise ModelError("projector-failed", name=self.path.name, status=code)
        return chunks

    # --- pixels

    def _digest(self, picture: MessagePicture) -> bytes:
        """Of what it shows."""
        stamp = file_stamp(Path(picture.path))
        kept = self._digests.get(picture.path)
        if kept is None or kept[0] != stamp:
            kept = self._digests[picture.path] = stamp, hashlib.sha256(_data(picture)).digest()
        return kept[1]

    @contextmanager
    def _bitmap(self, size: tuple[int, int], data: bytes | None) -> Iterator[Any]:
        """mtmd_bitmap of the pixels in a file's `data`; without, one of that size that has none."""
        mtmd = self._mtmd
        if data is None:
            bitmap = mtmd.mtmd_bitmap_init(*size, None)
        else:
            buffer = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
            bitmap = mtmd.mtmd_helper_bitmap_init_from_buf(self._pointer, buffer, len(data), False)
        try:
            yield bitmap
        finally:
            if bitmap:
                mtmd.mtmd_bitmap_free(bitmap)

    # --- reading

    def read(self, context: Context, cells: PictureCells, tokens: Sequence[int], on_share: OnShare) -> None:
        """Read a part of a picture after what stands in the KV cache.

        Args:
            tokens: what stands for it.

        Raises:
            Cancelled: it was stopped.
            ModelError, UserInputError: it failed.
        """
        made = self._see(cells.picture, cells.part, on_share)
        chunk = self._layout((cells.picture.width, cells.picture.height)).parts[cells.part].chunk
        after = self._lib.llama_pos(0)

        def decode(position: int) -> int:
            return int(
                self._mtmd.mtmd_helper_decode_image_chunk(
                    self._pointer, context.pointer, chunk, made, position, SEQUENCE, context.batch,
                    ctypes.byref(after), self._mtmd.mtmd_helper_post_decode_callback(), None,
                )
            )  # fmt: skip

        context.read_picture(tokens, decode)

    def _see(self, picture: MessagePicture, part: int, on_share: OnShare) -> Any:
        """What the projector makes of a part of a picture: an array of floats."""
        key = self._digest(picture), part
        if key not in self._made:
            self._made[key] = self._make(picture, part, on_share)
            while len(self._made) > 1 and sum(map(ctypes.sizeof, self._made.values())) > _KEPT:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        return self._made[key]

    def _make(self, picture: MessagePicture, part: int, on_share: OnShare) -> Any:
        pixels = self._opened(picture)
        self._on_share, self._share, self._stopped = on_share, 0.0, False
        self._steps, self._together, self._looked = 0, 1, time.perf_counter()
        code = self._mtmd.mtmd_encode_chunk(self._pointer, pixels.parts[part].chunk)
        if self._stopped:
            raise Cancelled
        if code != 0:
            raise ModelError("projector-failed", name=self.path.name, status=code)
        made = (ctypes.c_float * (pixels.parts[part].count * self._width))()
        ctypes.memmove(made, self._mtmd.mtmd_get_output_embd(self._pointer), ctypes.sizeof(made))
        if part == len(pixels.parts) - 1:
            self._close_picture()
        return made

    def _opened(self, picture: MessagePicture) -> _Layout:
        """The picture with its pixels, in the sizes that the projector wants."""
        if self._open is None or self._open[0] != picture:
            self._close_picture()
            with self._bitmap((0, 0), _data(picture)) as bitmap:
                size = (picture.width, picture.height)
                if not bitmap or self._size(bitmap) != size:
                    raise UserInputError("picture-unreadable", name=Path(picture.path).name)
                self._open = picture, _Layout(self._mtmd, self._chunks(bitmap))
        return self._open[1]

    def _close_picture(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _size(self, bitmap: Any) -> tuple[int, int]:
        return self._mtmd.mtmd_bitmap_get_nx(bitmap), self._mtmd.mtmd_bitmap_get_ny(bitmap)

    def _look(self, step: int, ask: bool, _: Any) -> bool:
        """Asked before a step of the computation whether to be asked after it, then whether to go on."""
        if ask:
            self._steps += 1
            return self._stopped or self._steps >= self._together
        now = time.perf_counter()
        long = now - self._looked > _LONG_SECONDS
        self._together = max(1, self._together // 2) if long else min(_MOST_STEPS, self._together + 1)
        self._steps, self._looked = 0, now
        layer = _LAYER.search(self._ggml.get_name(step) or b"")
        if layer and self._layers:
            self._share = max(self._share, min(1.0, (int(layer[1]) + 1) / self._layers))
        try:
            self._on_share(self._share)
        except Cancelled:
            self._stopped = True
        return not self._stopped


@dataclass(frozen=True, slots=True)
class _Part:
    chunk: Any
    count: int
    positions: int


class _Layout:
    """The cells of a picture: tokens that the model expects around it, and its parts."""

    def __init__(self, mtmd: Any, chunks: Any) -> None:
        self._mtmd, self._chunks = mtmd, chunks
        self.pieces = [self._piece(number) for number in range(mtmd.mtmd_input_chunks_size(chunks))]
        self.parts = [piece for piece in self.pieces if isinstance(piece, _Part)]

    def _piece(self, number: int) -> list[int] | _Part:
        mtmd = self._mtmd
        chunk = mtmd.mtmd_input_chunks_get(self._chunks, number)
        if mtmd.mtmd_input_chunk_get_type(chunk) != mtmd.MTMD_INPUT_CHUNK_TYPE_TEXT:
            count = mtmd.mtmd_input_chunk_get_n_tokens(chunk)
            return _Part(chunk, count, mtmd.mtmd_input_chunk_get_n_pos(chunk))
        length = ctypes.c_size_t(0)
        tokens = mtmd.mtmd_input_chunk_get_tokens_text(chunk, ctypes.byref(length))
        return [token for token in tokens[: length.value] if token >= 0]  # one that the model does not have

    def close(self) -> None:
        self._mtmd.mtmd_input_chunks_free(self._chunks)


def _data(picture: MessagePicture) -> bytes:
    path = Path(picture.path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserInputError("picture-missing", name=path.name) from error
    if not data.startswith(_BEGINNINGS):
        raise UserInputError("picture-unreadable", name=path.name)
    return data


def _refused(path: Path, log: Log) -> ModelUnusable:
    why = log.reason().rstrip(".")
    if "mismatch between text model" in why:
        return ModelUnusable("projector-for-another-model", name=path.name)
    if why := _WHERE.sub("", why):
        return ModelUnusable("projector-refused", name=path.name, why=why)
    return ModelUnusable("projector-not-loaded", name=path.name)

"""A connection of its own to the X server, through libxcb, which Qt needs there anyway.

Requests are written as the protocol has them (X11R7.7, “X Window System Protocol”). libxcb hands every error
to the request that caused it; Xlib has one handler for the whole process, and Qt has set it.
"""

from __future__ import annotations

import ctypes
import struct
from typing import Any

CHECKED = 1
"""Of libxcb: an error is kept for whoever asks about the request."""
_BEFORE = 2
"""Entries that libxcb itself uses before the first part of a request."""


class _Part(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Request(ctypes.Structure):
    _fields_ = (
        ("count", ctypes.c_size_t),
        ("extension", ctypes.c_void_p),
        ("opcode", ctypes.c_uint8),
        ("is_void", ctypes.c_uint8),
    )


class Extension(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("number", ctypes.c_int))


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


XTEST = Extension(b"XTEST", 0)
XKB = Extension(b"XKEYBOARD", 0)
BAD_ACCESS = 10


class XError(Exception):
    """The server refused a request. `code` is the protocol's."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class NoServer(Exception):
    """There is no X server, or it is gone."""


def _library() -> Any:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError as error:
        raise NoServer from error
    pointer = ctypes.c_void_p
    for name, result, arguments in (
        ("xcb_connect", pointer, (ctypes.c_char_p, pointer)),
        ("xcb_connection_has_error", ctypes.c_int, (pointer,)),
        ("xcb_disconnect", None, (pointer,)),
        ("xcb_get_file_descriptor", ctypes.c_int, (pointer,)),
        ("xcb_get_setup", pointer, (pointer,)),
        ("xcb_get_extension_data", pointer, (pointer, pointer)),
        ("xcb_generate_id", ctypes.c_uint32, (pointer,)),
        ("xcb_send_request", ctypes.c_uint, (pointer, ctypes.c_int, pointer, pointer)),
        ("xcb_wait_for_reply", pointer, (pointer, ctypes.c_uint, pointer)),
        ("xcb_request_check", pointer, (pointer, _Cookie)),
        ("xcb_poll_for_event", pointer, (pointer,)),
        ("xcb_flush", ctypes.c_int, (pointer,)),
    ):
        function = getattr(xcb, name)
        function.restype, function.argtypes = result, arguments
    return xcb


class Connection:
    """For one thread. Requests are bytes whose opcode and length are filled in here."""

    def __init__(self) -> None:
        """
        Raises:
            NoServer: none answers at the display that the environment names.
        """
        self._xcb = _library()
        self._free = ctypes.CDLL(None).free
        self._free.argtypes = (ctypes.c_void_p,)
        self._connection = self._xcb.xcb_connect(None, None)
        if self._xcb.xcb_connection_has_error(self._connection):
            self.close()
            raise NoServer
        self._read_setup()

    def close(self) -> None:
        if self._connection:
            self._xcb.xcb_disconnect(self._connection)
            self._connection = None

    @property
    def descriptor(self) -> int:
        """Readable when an event may have come."""
        return int(self._xcb.xcb_get_file_descriptor(self._connection))

    @property
    def lost(self) -> bool:
        return not self._connection or bool(self._xcb.xcb_connection_has_error(self._connection))

    def has(self, extension: Extension) -> bool:
        return self.first_event(extension) is not None

    def first_event(self, extension: Extension) -> int | None:
        """The number of the extension's first event; None where the server does not have it."""
        found = self._xcb.xcb_get_extension_data(self._connection, ctypes.byref(extension))
        if not found:
            return None
        present, event = struct.unpack_from("<8xBxB", ctypes.string_at(found, 12))
        return int(event) if present else None

    def new_id(self) -> int:
        """For a window."""
        return int(self._xcb.xcb_generate_id(self._connection))

    # --- requests

    def do(self, opcode: int, data: bytes = b"", detail: int = 0, extension: Extension | None = None) -> None:
        """A request without an answer; the server is asked whether it went well.

        Args:
            data: what stands behind the first four bytes.
            detail: the second byte; of an extension's request the opcode stands there.

        Raises:
            XError: it was refused.
            NoServer: the connection is gone.
        """
        sequence = self._send(opcode, data, detail, extension, is_void=True)
        error = self._xcb.xcb_request_check(self._connection, _Cookie(sequence))
        if error:
            raise XError(self._taken(error, 32)[1])
        self._check()

    def post(self, opcode: int, data: bytes = b"", detail: int = 0) -> None:
        """A request of which nobody wants to know how it went: what it is about may be gone."""
        self._send(opcode, data, detail, None, is_void=True, flags=0)

    def ask(
        self, opcode: int, data: bytes = b"", detail: int = 0, extension: Extension | None = None
    ) -> bytes:
        """The whole reply to a request; raises as `do`."""
        sequence = self._send(opcode, data, detail, extension, is_void=False)
        error = ctypes.c_void_p()
        reply = self._xcb.xcb_wait_for_reply(self._connection, sequence, ctypes.byref(error))
        if error.value:
            raise XError(self._taken(error.value, 32)[1])
        if not reply:
            raise NoServer
        (more,) = struct.unpack_from("<4xI", ctypes.string_at(reply, 8))
        return self._taken(reply, 32 + 4 * more)

    def flush(self) -> None:
        self._xcb.xcb_flush(self._connection)

    def event(self) -> bytes | None:
        """The next one that has come, if any; what went wrong with a `post` is passed over."""
        while found := self._xcb.xcb_poll_for_event(self._connection):
            event = self._taken(found, 32)
            if event[0]:
                return event
        return None

    def _send(
        self,
        opcode: int,
        data: bytes,
        detail: int,
        extension: Extension | None,
        *,
        is_void: bool,
        flags: int = CHECKED,
    ) -> int:
        self._check()
        padded = bytes((0, detail, 0, 0)) + data + bytes(-len(data) % 4)
        buffer = ctypes.create_string_buffer(padded, len(padded))
        parts = (_Part * (_BEFORE + 1))()
        parts[_BEFORE] = _Part(ctypes.addressof(buffer), len(padded))
        which = ctypes.addressof(extension) if extension is not None else None
        request = _Request(1, which, opcode, is_void)
        first = ctypes.addressof(parts) + _BEFORE * ctypes.sizeof(_Part)
        return int(self._xcb.xcb_send_request(self._connection, flags, first, ctypes.byref(request)))

    def _check(self) -> None:
        if self.lost:
            raise NoServer

    def _taken(self, pointer: int, length: int) -> bytes:
        taken = ctypes.string_at(pointer, length)
        self._free(pointer)
        return taken

    def _read_setup(self) -> None:
        where = self._xcb.xcb_get_setup(self._connection)
        (length,) = struct.unpack_from("<6xH", ctypes.string_at(where, 8))
        setup = ctypes.string_at(where, 8 + 4 * length)
        self.id_mask, vendor, self.longest_request, formats, self.first_key, self.last_key = (
            struct.unpack_from("<16xI4xHHxB4xBB", setup)
        )
        (self.root,) = struct.unpack_from("<I", setup, 40 + vendor + -vendor % 4 + 8 * formats)
        """The window behind all others."""

    # --- what several parts want to know

    def atom(self, name: str) -> int:
        encoded = name.encode("latin-1")
        (atom,) = struct.unpack_from("<8xI", self.ask(16, struct.pack("<HH", len(encoded), 0) + encoded))
        return int(atom)

    def atom_name(self, atom: int) -> str:
        reply = self.ask(17, struct.pack("<I", atom))
        (length,) = struct.unpack_from("<8xH", reply)
        return reply[32 : 32 + length].decode("latin-1")

    def property(self, window: int, atom: int, *, delete: bool = False) -> tuple[int, int, bytes]:
        """Type, bits of an item and value of a window's property; type 0 where there is none."""
        data, offset, kind, bits = b"", 0, 0, 0
        while True:
            reply = self.ask(20, struct.pack("<IIIII", window, atom, 0, offset // 4, 1 << 18), delete)
            bits, kind, rest, count = struct.unpack_from("<xB6xIII", reply)
            part = reply[32 : 32 + count * bits // 8]
            data += part
            offset += len(part)
            if not rest:
                return kind, bits, data

    def focus(self) -> int:
        """The window that gets the keys; 0 or 1 where it is none in particular."""
        return int(struct.unpack_from("<8xI", self.ask(43))[0])

    def window_class(self, window: int) -> str:
        """What the program of a window is called, in small letters; the window may be part of another."""
        while window > 1:
            _, _, value = self.property(window, 67)
            if value:
                return value.rstrip(b"\0").rpartition(b"\0")[2].decode("latin-1").lower()
            root, window = struct.unpack_from("<8xII", self.ask(15, struct.pack("<I", window)))
            if window == root:
                break
        return ""

"""The clipboard as other programs see it: kept with all its formats, byte by byte, and put back.

Written by the “Inter-Client Communication Conventions Manual”, chapter 2. Qt's own clipboard waits on the
window's thread for a program that does not answer, and does not tell who read what it offers.
"""

from __future__ import annotations

import select
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ui.dictation.x11.connection import Connection, XError

PRIMARY = 1
_ATOM, _INTEGER = 4, 19
_PROPERTY_CHANGES = 1 << 22
_EVENT_MASK = 0x800
_IN_THE_SERVER = (5, 7, 17, 20, 33)
"""Types whose values are numbers of bitmaps, windows and the like, which their owner may delete."""
_PROPERTY, _CLEARED, _REQUESTED, _DELIVERED = 28, 29, 30, 31
"""Numbers of the protocol's events."""
_NEW, _DELETED = 0, 1
FORMAT_WITHIN = 2.0
"""Seconds that the owner of the clipboard has for each format."""
KEPT_WITHIN = 10.0
"""Seconds in which all formats must have come."""
_ABOUT_ITSELF = (
    "TARGETS",
    "MULTIPLE",
    "TIMESTAMP",
    "SAVE_TARGETS",
    "DELETE",
    "INSERT_SELECTION",
    "INSERT_PROPERTY",
)
"""What can be asked of every clipboard, and is no format."""
_TEXT_FORMATS = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain")
_NO_HISTORY = "x-kde-passwordManagerHint"
"""Keeps managers of the clipboard from adding this text to what they remember."""


@dataclass(frozen=True, slots=True)
class Value:
    kind: int
    """The atom of its type."""
    bits: int
    """Of an item: 8, 16 or 32."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """What a selection holds, by the atom of the format; nothing where nobody owned it."""

    values: dict[int, Value]


@dataclass(slots=True)
class _Sending:
    """A value in pieces: each is fetched when the one before was taken."""

    value: Value
    sent: int = 0


@dataclass(slots=True)
class _Offer:
    contents: Contents
    since: int
    """The server's time."""
    readers: list[tuple[float, int]] = field(default_factory=list)
    """When, and the window for which, a format was fetched."""


class Clipboard:
    """For one thread, which calls `serve` while nothing else is to be done."""

    def __init__(self, connection: Connection, wake: int | None = None) -> None:
        """`wake`: a descriptor that ends a `serve` without end when it becomes readable."""
        self._connection = connection
        self._wake = wake
        self._atoms: dict[str, int] = {}
        self._offers: dict[int, _Offer] = {}
        self._sending: dict[tuple[int, int], _Sending] = {}
        self._kept: dict[int, tuple[int, bytes, Contents]] = {}
        self._longest = min(connection.longest_request * 4, 1 << 18) - 64
        self._window = connection.new_id()
        data = struct.pack(
            "<IIhhHHHHIII", self._window, connection.root, 0, 0, 1, 1, 0, 2, 0, _EVENT_MASK, _PROPERTY_CHANGES
        )
        connection.do(1, data)
        self._property = self.atom("OFFLINE_ASSISTANT")
        self._clipboard = self.atom("CLIPBOARD")

    def atom(self, name: str) -> int:
        if name not in self._atoms:
            self._atoms[name] = self._connection.atom(name)
        return self._atoms[name]

    # --- what is there

    def keep(self, selection: int) -> Contents:
        """All formats of what is there. Quick where it was kept before and has not changed since."""
        owner = self._owner(selection)
        if owner == self._window and selection in self._offers:
            return self._offers[selection].contents
        if not owner:
            return Contents({})
        stamp = self._fetch(selection, self.atom("TIMESTAMP"))
        known = self._kept.get(selection)
        if known and stamp and known[:2] == (owner, stamp.data):
            return known[2]
        contents = self._fetch_all(selection)
        self._kept[selection] = (owner, stamp.data if stamp else b"", contents)
        return contents

    def _fetch_all(self, selection: int) -> Contents:
        until = time.monotonic() + KEPT_WITHIN
        formats = self._fetch(selection, self.atom("TARGETS"))
        if formats is None or formats.bits != 32:
            return Contents({})
        about_itself = {self.atom(name) for name in _ABOUT_ITSELF}
        values = {}
        for format in struct.unpack(f"<{len(formats.data) // 4}I", formats.data):
            if format in about_itself or time.monotonic() > until:
                continue
            value = self._fetch(selection, format)
            if value is not None and value.kind not in _IN_THE_SERVER:
                values[format] = value
        return Contents(values)

    def _fetch(self, selection: int, format: int) -> Value | None:
        """None where the owner refuses or does not answer."""
        window, property = self._window, self._property
        self._connection.post(19, struct.pack("<II", window, property))  # what came too late for the last one
        self._connection.post(24, struct.pack("<IIIII", window, selection, format, property, 0))
        answer = self._wait(
            _DELIVERED, lambda event: struct.unpack_from("<12xII", event) == (selection, format)
        )
        if answer is None or not struct.unpack_from("<20xI", answer)[0]:
            return None
        kind, bits, data = self._connection.property(window, property, delete=True)
        if kind == self.atom("INCR"):
            return self._fetch_pieces()
        return Value(kind, bits, data) if kind else None

    def _fetch_pieces(self) -> Value | None:
        whole = b""

        def is_piece(event: bytes) -> bool:
            window, property, state = struct.unpack_from("<4xII4xB", event)
            return bool(window == self._window and property == self._property and state == _NEW)

        while self._wait(_PROPERTY, is_piece):
            kind, bits, data = self._connection.property(self._window, self._property, delete=True)
            if not data:
                return Value(kind, bits, whole)
            whole += data
        return None

    # --- what is offered

    def offer(self, contents: Contents, selection: int) -> None:
        """Own the selection with these contents; with nothing in them, nobody owns it."""
        if not contents.values:
            self._offers.pop(selection, None)
            self._connection.do(22, struct.pack("<III", 0, selection, 0))
            return
        now = self._time()
        self._offers[selection] = _Offer(contents, now)
        self._connection.do(22, struct.pack("<III", self._window, selection, now))

    def text(self, text: str) -> Contents:
        encoded = text.encode("utf-8")
        values = {self.atom(name): Value(self.atom(name), 8, encoded) for name in _TEXT_FORMATS}
        values[self.atom(_NO_HISTORY)] = Value(self.atom(_NO_HISTORY), 8, b"secret")
        return Contents(values)

    def owns(self, selection: int) -> bool:
        """Whether what was offered last is still what is there."""
        return selection in self._offers

    def readers(self, selection: int, since: float) -> list[tuple[float, int]]:
        """Who fetched a format after that moment of `time.monotonic`."""
        offer = self._offers.get(selection)
        return [reader for reader in offer.readers if reader[0] >= since] if offer else []

    def same_program(self, window: int, other: int) -> bool:
        mask = ~self._connection.id_mask
        return window & mask == other & mask

    def hand_over(self) -> None:
        """This program ends: a manager of the clipboard, where there is one, keeps what is offered."""
        manager = self.atom("CLIPBOARD_MANAGER")
        if self.owns(self._clipboard) and self._owner(manager):
            data = (self._window, manager, self.atom("SAVE_TARGETS"), self._property, 0)
            self._connection.post(24, struct.pack("<IIIII", *data))
            self._wait(_DELIVERED, lambda event: struct.unpack_from("<12xI", event)[0] == manager)

    # --- events

    def serve(self, seconds: float | None) -> None:
        """Answer those who ask, for so long; None: until woken."""
        self._wait(0, lambda _: False, seconds)

    def _wait(
        self, kind: int, fits: Callable[[bytes], bool], seconds: float | None = FORMAT_WITHIN
    ) -> bytes | None:
        """The next such event; meanwhile those who ask are answered."""
        until = None if seconds is None else time.monotonic() + seconds
        self._connection.flush()
        while True:
            while event := self._connection.event():
                if event[0] & 0x7F == kind and fits(event):
                    return event
                self._answer(event)
            self._connection.flush()
            rest = None if until is None else until - time.monotonic()
            if self._connection.lost or (rest is not None and rest <= 0):
                return None
            woken_by = [self._wake] if self._wake is not None and until is None else []
            ready, _, _ = select.select([self._connection.descriptor, *woken_by], [], [], rest)
            if self._wake in ready:
                return None

    def _answer(self, event: bytes) -> None:
        kind = event[0] & 0x7F
        if kind == _REQUESTED:
            self._deliver(*struct.unpack_from("<4xI4xIIII", event))
        elif kind == _CLEARED:
            (selection,) = struct.unpack_from("<12xI", event)
            if self._owner(selection) != self._window:
                self._offers.pop(selection, None)
        elif kind == _PROPERTY:
            window, property, state = struct.unpack_from("<4xII4xB", event)
            if state == _DELETED and (window, property) in self._sending:
                self._send_piece(window, property)

    def _deliver(self, when: int, window: int, selection: int, format: int, property: int) -> None:
        property = property or format  # obsolete programs name none
        offer = self._offers.get(selection)
        delivered = offer is not None and self._put(offer, window, format, property)
        told = struct.pack(
            "<BxHIIIII8x", _DELIVERED, 0, when, window, selection, format, property if delivered else 0
        )
        self._connection.post(25, struct.pack("<II", window, 0) + told)

    def _put(self, offer: _Offer, window: int, format: int, property: int) -> bool:
        """Lay a value where the program that asks will look."""
        if format == self.atom("MULTIPLE"):
            return self._put_many(offer, window, property)
        value = self._about_itself(offer, format) or offer.contents.values.get(format)
        if value is None:
            return False
        if format in offer.contents.values:
            offer.readers.append((time.monotonic(), window))
        if len(value.data) <= self._longest:
            self._change(window, property, value)
            return True
        self._connection.post(2, struct.pack("<III", window, _EVENT_MASK, _PROPERTY_CHANGES))
        self._sending[window, property] = _Sending(value)
        self._change(window, property, Value(self.atom("INCR"), 32, struct.pack("<I", len(value.data))))
        return True

    def _put_many(self, offer: _Offer, window: int, property: int) -> bool:
        try:
            _, _, wanted = self._connection.property(window, property)
        except XError:  # it is gone
            return False
        pairs = list(struct.iter_unpack("<II", wanted[: len(wanted) // 8 * 8]))
        put = [(format, to if self._put(offer, window, format, to) else 0) for format, to in pairs]
        pair = self.atom("ATOM_PAIR")
        self._change(window, property, Value(pair, 32, b"".join(struct.pack("<II", *each) for each in put)))
        return True

    def _about_itself(self, offer: _Offer, format: int) -> Value | None:
        if format == self.atom("TARGETS"):
            formats = [*map(self.atom, ("TARGETS", "TIMESTAMP", "MULTIPLE")), *offer.contents.values]
            return Value(_ATOM, 32, struct.pack(f"<{len(formats)}I", *formats))
        if format == self.atom("TIMESTAMP"):
            return Value(_INTEGER, 32, struct.pack("<I", offer.since))
        return None

    def _send_piece(self, window: int, property: int) -> None:
        sending = self._sending[window, property]
        value = sending.value
        step = self._longest // 4 * 4
        piece = value.data[sending.sent : sending.sent + step]
        sending.sent += len(piece)
        self._change(window, property, Value(value.kind, value.bits, piece))
        if not piece:  # which tells the other program that it has everything
            del self._sending[window, property]

    def _change(self, window: int, property: int, value: Value, *, mode: int = 0) -> None:
        items = len(value.data) * 8 // (value.bits or 8)
        head = struct.pack("<IIIB3xI", window, property, value.kind, value.bits or 8, items)
        self._connection.post(18, head + value.data, mode)

    def _owner(self, selection: int) -> int:
        return int(struct.unpack_from("<8xI", self._connection.ask(23, struct.pack("<I", selection)))[0])

    def _time(self) -> int:
        """The server's clock, which it tells with a change that changes nothing."""
        nothing = Value(_INTEGER, 32, b"")
        self._change(self._window, self.atom("OFFLINE_ASSISTANT_TIME"), nothing, mode=2)
        here = (self._window, self.atom("OFFLINE_ASSISTANT_TIME"))
        event = self._wait(_PROPERTY, lambda event: struct.unpack_from("<4xII", event) == here)
        return int(struct.unpack_from("<12xI", event)[0]) if event else 0

"""Refuses every network, first thing in every process, and shows that it does.

Two layers. An audit hook refuses what goes through Python, says so in words and counts it; it works on
every system. On Linux a seccomp filter refuses the sockets in the kernel, so native code and programs
started from here are held as well; the filter cannot be taken off again and every child inherits it.

What passes: AF_UNIX, which the display, the sound server and our own pipes need, and AF_NETLINK, with
which the C library and Qt ask the kernel for its devices and interfaces; nothing sent through it leaves
the computer. All other families (Internet, raw packets, Bluetooth, virtual sockets …) and io_uring,
which can open sockets without the system call, are refused.

The limit of it: another program of this computer that has a network and listens on an AF_UNIX socket
could be asked for a favour. Python's own look-ups of names are refused before they get that far.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.errors import NetworkRefused

_OFFLINE_VARIABLES = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",  # Chroma
    "ORT_DISABLE_TELEMETRY": "1",  # ONNX Runtime; without it, it gives each person a number and keeps events
    "POSTHOG_DISABLED": "1",
    "OTEL_SDK_DISABLED": "true",
    "DO_NOT_TRACK": "1",
    "SCARF_NO_ANALYTICS": "true",
    "WANDB_MODE": "disabled",
    "TOKENIZERS_PARALLELISM": "false",  # its warning about forks comes from every child otherwise
}
"""With which libraries are told to stay offline and report to nobody."""

_INHERITED = "OFFLINE_ASSISTANT_GUARD"
"""Set once the kernel refuses: a child tests that it is so and then needs no filter of its own."""

_DOCUMENTATION_ADDRESS = "192.0.2.1"
"""RFC 5737: belongs to nobody, so that even an unguarded attempt reaches nobody."""

_ALLOWED_FAMILIES = frozenset(
    int(family)
    for family in (
        getattr(socket, "AF_UNIX", None),
        getattr(socket, "AF_NETLINK", None),
        getattr(socket, "AF_SYSTEM", None),  # macOS: talks to the kernel
        -1,  # an existing descriptor is wrapped; its real family is looked at when it is used
    )
    if family is not None
)
"""Address families that reach no network."""

_WORDS_KEPT = 20
"""Attempts that are remembered in words."""


class Level(StrEnum):
    """How far down the refusal reaches in this process."""

    KERNEL = "kernel"
    """Native code and started programs too."""
    PYTHON = "python"
    """Only what goes through Python."""
    NONE = "none"

    @property
    def words(self) -> str:
        """What the level means, as a clause that a person understands."""
        return _LEVEL_WORDS[self]


_LEVEL_WORDS = {
    Level.KERNEL: "the system itself refuses every network, also to native code and started programs",
    Level.PYTHON: "Python refuses every network; native code and started programs are not held back here",
    Level.NONE: "nothing is refused",
}


class RefusedConnection(NetworkRefused, PermissionError):
    """What a library sees: an OSError like any other failed connection, which it knows how to handle."""

    def __init__(self, reason: str, /, **details: Any) -> None:
        super().__init__(reason, **details)
        self.errno = errno.EACCES
        self.strerror = self.message


@dataclass(frozen=True, slots=True)
class Proof:
    """One way to a network that was tried. `words` is what the attempt met."""

    name: str
    refused: bool
    words: str


class _State:
    """The guard of this process."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.level = Level.NONE
        self.hooked = False
        self.attempts = 0
        self.words: deque[str] = deque(maxlen=_WORDS_KEPT)
        self.listener: Callable[[], None] | None = None
        self.proving = threading.local()


_state = _State()


def install() -> Level:
    """Refuse all networks from here on. Idempotent; call it before importing anything large."""
    with _state.lock:
        set_offline_variables()
        if not _state.hooked:
            sys.addaudithook(_audit)
            _state.hooked = True
            _state.level = Level.PYTHON
        if _state.level is not Level.KERNEL and sys.platform == "linux":
            if _inherits_filter() or _load_filter():
                _state.level = Level.KERNEL
                os.environ[_INHERITED] = Level.KERNEL.value
        return _state.level


def level() -> Level:
    """The level reached in this process."""
    return _state.level


def attempts() -> int:
    """How often something tried to reach a network since the start, in this process and its workers.

    Counts what came through Python. What native code tries is refused by the kernel unseen, and the
    attempts of `prove` are not counted.
    """
    return _state.attempts


def attempts_in_words() -> tuple[str, ...]:
    """The latest attempts: what was wanted, and the module that wanted it."""
    with _state.lock:
        return tuple(_state.words)


def add_attempts(count: int, words: tuple[str, ...]) -> None:
    """Count what a worker of this process has reported."""
    with _state.lock:
        _state.attempts += count
        _state.words.extend(words)
        listener = _state.listener
    if listener is not None:
        listener()


def on_attempt(listener: Callable[[], None] | None) -> None:
    """Have `listener` called after each attempt, on the thread that made it: it must return at once."""
    _state.listener = listener


def set_offline_variables() -> None:
    """Tell the libraries that read such variables to stay offline and to report to nobody."""
    os.environ.update(_OFFLINE_VARIABLES)


# --- Python


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not event.startswith("socket."):
        return
    wanted = _wanted(event, arguments)
    if wanted is None:
        return
    if not getattr(_state.proving, "active", False):
        add_attempts(1, (f"{wanted}, by {_caller()}",))
    raise RefusedConnection("network-refused", wanted=wanted)


def _wanted(event: str, arguments: tuple[Any, ...]) -> str | None:
    """What an audit event asks of a network, in words; None if it may pass."""
    if event == "socket.__new__":
        family = int(arguments[1])
        # Windows has no socketpair of its own: asyncio builds one from two loopback sockets.
        if family in _ALLOWED_FAMILIES or sys.platform == "win32":
            return None
        return f"a socket of the family {_family_name(family)}"
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        family = int(arguments[0].family)
        address = arguments[1]
        if family in _ALLOWED_FAMILIES or address is None:
            return None
        if sys.platform == "win32" and _is_loopback(address):
            return None
        return f"{event.removeprefix('socket.')} {address!r}"
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
        if host is None or _is_numeric(host):
            return None  # nothing is looked up: connecting is where it is refused
        return f"the address of {host!r}"
    if event == "socket.getnameinfo":
        return f"the name of {arguments[0]!r}"
    return None


def _is_numeric(host: Any) -> bool:
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, text.partition("%")[0])
        except OSError:
            continue
        return True
    return False


def _is_loopback(address: Any) -> bool:
    host = address[0] if isinstance(address, tuple) and address else ""
    return isinstance(host, str) and (host.startswith("127.") or host == "::1")


def _family_name(family: int) -> str:
    try:
        return socket.AddressFamily(family).name
    except ValueError:
        return str(family)


def _caller() -> str:
    """The first module outside the standard library's network modules that led to the attempt."""
    frame = sys._getframe(2)
    while frame is not None:
        module = str(frame.f_globals.get("__name__", "?"))
        if module.partition(".")[0] not in ("socket", "http", "urllib", "ssl", "asyncio"):
            return f"{module}:{frame.f_lineno}"
        if frame.f_back is None:
            break
        frame = frame.f_back
    return "?"


# --- Linux

_PR_GET_SECCOMP = 21
"""prctl(2): gives the mode of this process."""
_SECCOMP_MODE_FILTER = 2
"""The mode of a process that has a filter."""
_NO_FAMILY = 255
"""A number that no address family has."""


def _inherits_filter() -> bool:
    """Whether the parent's filter holds this process: its word for it, and a refusal that only it gives.

    Tried with a family that does not exist, which an open kernel answers with another error. So not even a
    refused attempt at a real network stands in a trace of the program.
    """
    if os.environ.get(_INHERITED) != Level.KERNEL.value:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_GET_SECCOMP, 0, 0, 0, 0) != _SECCOMP_MODE_FILTER:
        return False
    return _raw_socket(libc, _NO_FAMILY) == errno.EACCES


def _raw_socket(libc: ctypes.CDLL, family: int) -> int:
    """The errno with which the kernel refuses a socket; 0 when it gives one (closed again)."""
    result = libc.socket(int(family), int(socket.SOCK_DGRAM), 0)
    if result < 0:
        return ctypes.get_errno()
    os.close(result)
    return 0


def _load_filter() -> bool:
    """Load the seccomp filter for all threads of this process; false where that cannot be done."""
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError):  # RuntimeError: libseccomp is not on this computer
        return False
    try:
        rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
        rules.set_attr(pyseccomp.Attr.CTL_TSYNC, 1)
        for name in ("X86_64", "X86", "X32", "AARCH64", "ARM"):
            _add_architecture(pyseccomp, rules, name)
        refuse = pyseccomp.ERRNO(errno.EACCES)
        for call in ("socket", "socketpair"):
            for mask, value in _refused_families():
                # Masked, because the kernel looks at 32 of the register's 64 bits only.
                rules.add_rule(refuse, call, pyseccomp.Arg(0, pyseccomp.MASKED_EQ, mask, value))
        for call in ("io_uring_setup", "io_uring_enter", "io_uring_register"):
            rules.add_rule(pyseccomp.ERRNO(errno.EPERM), call)
        rules.load()
    except OSError:
        return False
    return _raw_socket(ctypes.CDLL(None, use_errno=True), _NO_FAMILY) == errno.EACCES


def _add_architecture(pyseccomp: Any, rules: Any, name: str) -> None:
    """Let the filter speak for the other system call tables that this processor runs (i386, x32, 32-bit ARM).

    Without this they would be killed, and with a filter that ignored them they would be a way round.
    """
    families = {"x86_64": ("X86_64", "X86", "X32"), "aarch64": ("AARCH64", "ARM")}
    if name not in families.get(os.uname().machine, ()):
        return
    try:
        rules.add_arch(getattr(pyseccomp.Arch, name))
    except OSError as error:
        if error.errno != errno.EEXIST:  # the native one is always there
            raise


def _refused_families() -> Iterator[tuple[int, int]]:
    """(mask, value) pairs that match every address family but AF_UNIX = 1 and AF_NETLINK = 16.

    A rule holds one comparison for an argument, so "neither 1 nor 16" is said bit by bit: any bit that
    neither of the two has, and what is left of the four combinations of their own bits.
    """
    allowed = int(socket.AF_UNIX) | int(socket.AF_NETLINK)
    for bit in range(32):
        if not allowed >> bit & 1:
            yield 1 << bit, 1 << bit
    yield 0xFFFFFFFF, 0
    yield 0xFFFFFFFF, allowed


# --- proof


def prove() -> tuple[Proof, ...]:
    """Try to reach a network in several ways and show what each met. Takes up to some seconds."""
    proofs = [_prove("a connection from Python", _try_connection), _prove("a web page", _try_web_page)]
    if sys.platform != "win32":
        proofs.append(_prove("a socket from native code", _try_native_socket))
    program = _program_that_tries()
    if program is not None:
        proofs.append(_prove("a socket from another program", lambda: _try_program(program)))
    return tuple(proofs)


@contextmanager
def _not_counted() -> Iterator[None]:
    _state.proving.active = True
    try:
        yield
    finally:
        _state.proving.active = False


def _prove(name: str, attempt: Callable[[], str]) -> Proof:
    """`attempt` returns words when it got through, and raises an OSError otherwise."""
    try:
        with _not_counted():
            return Proof(name, False, attempt())
    except OSError as error:
        reason = getattr(error, "reason", error)  # urllib wraps the real error
        cause = reason if isinstance(reason, OSError) else error
        refused = isinstance(cause, PermissionError)
        return Proof(name, refused, getattr(cause, "strerror", None) or str(cause))


def _try_connection() -> str:
    with socket.create_connection((_DOCUMENTATION_ADDRESS, 80), timeout=3):
        return f"connected to {_DOCUMENTATION_ADDRESS}"


def _try_web_page() -> str:
    import urllib.request

    with urllib.request.urlopen(f"http://{_DOCUMENTATION_ADDRESS}/", timeout=3):
        return f"read a page of {_DOCUMENTATION_ADDRESS}"


def _try_native_socket() -> str:
    number = _raw_socket(ctypes.CDLL(None, use_errno=True), socket.AF_INET)
    if number:
        raise OSError(number, f"the kernel refused it: {os.strerror(number)}")
    return "native code can open a network socket on this system"


def _program_that_tries() -> tuple[str, ...] | None:
    """A command that opens a network socket and sends nothing."""
    if not getattr(sys, "frozen", False):
        return (sys.executable, "-I", "-S", "-c", "import _socket; _socket.socket(_socket.AF_INET)")
    return None


def _try_program(command: tuple[str, ...]) -> str:
    import subprocess

    ended = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=20
    )
    if ended.returncode == 0:
        return "other programs started from here can open a network socket on this system"
    last_line = (ended.stderr.strip().splitlines() or [f"exit status {ended.returncode}"])[-1]
    if "PermissionError" in last_line:
        raise PermissionError(errno.EACCES, f"the kernel refused it: {os.strerror(errno.EACCES)}")
    raise OSError(errno.EIO, last_line)

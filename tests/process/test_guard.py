"""The network guard in real processes: it cannot be taken off, so none of this happens in the test's own."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from assistant import network_guard
from assistant.network_guard import Level
from assistant.workers.supervisor import Worker

ROOT = Path(__file__).resolve().parents[2]

linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel refuses on Linux only")

NATIVE = """
import ctypes, errno, os, mmap
libc = ctypes.CDLL(None, use_errno=True)
def number(result):
    if result >= 0:
        os.close(result)
        return "open"
    return errno.errorcode[ctypes.get_errno()]
"""


def guarded(code: str, *, before: str = "") -> Any:
    """Run `code` after the guard in a new Python; gives what it leaves in `out`."""
    program = (
        f"import json, sys\nfrom assistant import network_guard\n{textwrap.dedent(before)}\n"
        f"level = network_guard.install()\n{NATIVE}\n{textwrap.dedent(code)}\nprint(json.dumps(out))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@linux
def test_the_kernel_refuses_here() -> None:
    """Without libseccomp the guard would honestly say "python"; where tests run it has to be there."""
    assert guarded("out = [level, network_guard.install(), network_guard.level()]") == ["kernel"] * 3


def test_python_is_refused_in_words_that_libraries_understand() -> None:
    met, words = guarded("""
        import asyncio, http.client, socket, urllib.request
        from assistant.errors import NetworkRefused
        async def stream():
            await asyncio.open_connection("192.0.2.1", 80)
        out = []
        for attempt in (
            lambda: socket.create_connection(("192.0.2.1", 80), timeout=2),
            lambda: socket.create_connection(("::1", 80), timeout=2),
            lambda: socket.create_server(("127.0.0.1", 0)),
            lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
            lambda: socket.getaddrinfo("example.org", 80),
            lambda: socket.gethostbyname("example.org"),
            lambda: http.client.HTTPConnection("192.0.2.1", timeout=2).connect(),
            lambda: asyncio.run(stream()),
        ):
            try:
                attempt()
                out.append("through")
            except OSError as error:
                assert isinstance(error, NetworkRefused) and isinstance(error, PermissionError)
                assert error.errno == 13 and "Network access was refused" in str(error)
                out.append(type(error).__name__)
        try:
            urllib.request.urlopen("http://example.org/", timeout=2)
        except OSError as error:
            out.append(type(error.reason).__name__)
        out = [out, [network_guard.attempts(), *network_guard.attempts_in_words()]]
    """)
    assert met == ["RefusedConnection"] * 9
    assert words[0] == 9
    assert re.fullmatch(r"a socket of the family AF_INET, by __main__:\d+", words[1])
    assert re.fullmatch(r"the address of 'example.org', by __main__:\d+", words[5])


@linux
def test_native_code_is_refused_every_family_but_the_local_ones() -> None:
    families = guarded("out = {f: number(libc.socket(f, 1, 0)) for f in range(256)}")
    assert families["1"] == "open"
    assert families["16"] != "EACCES"
    assert {family for family, met in families.items() if met != "EACCES"} == {"1", "16"}


@linux
def test_ways_around_the_system_call_are_closed() -> None:
    upper, io_uring, pair = guarded("""
        # The kernel takes the lower half of the register: with bits above, AF_INET is still AF_INET.
        libc.syscall.argtypes = [ctypes.c_long, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong]
        call = {"x86_64": 41, "aarch64": 198}[os.uname().machine]
        out = [number(libc.syscall(call, 2 | 1 << 32, 1, 0)), number(libc.syscall(425, 1, 0, 0))]
        pair = (ctypes.c_int * 2)()
        out.append(number(libc.socketpair(30, 1, 0, pair)))
    """)
    assert upper == "EACCES"
    assert io_uring == "EPERM"
    assert pair == "EACCES"


@linux
@pytest.mark.skipif(platform.machine() != "x86_64", reason="x86-64 alone has these other call tables")
def test_the_other_call_tables_of_the_processor_are_no_way_around() -> None:
    x32, i386, multiplexed, harmless = guarded("""
        libc.syscall.argtypes = [ctypes.c_long, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong]
        x32 = number(libc.syscall(0x40000000 | 41, 2, 1, 0))

        def i386(call, first, second, third):
            # push rbx; mov eax,edi; mov ebx,esi; mov r8,rdx; mov edx,ecx; mov ecx,r8d; int 0x80; pop rbx; ret
            code = bytes.fromhex("53 89f8 89f3 4989d0 89ca 4489c1 cd80 5b c3")
            page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, 7)
            page.write(code)
            at = ctypes.addressof(ctypes.c_char.from_buffer(page))
            kind = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_uint] * 4)
            result = kind(at)(call, first, second, third)
            return errno.errorcode[-result] if result < 0 else "open"

        words = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40)  # below 4 GB
        words.write(b"".join(n.to_bytes(4, "little") for n in (2, 1, 0)))
        address = ctypes.addressof(ctypes.c_char.from_buffer(words))
        out = [x32, i386(359, 2, 1, 0), i386(102, 1, address, 0), i386(20, 0, 0, 0)]
    """)
    assert x32 in ("EACCES", "ENOSYS")
    assert i386 in ("EACCES", "ENOSYS")
    assert multiplexed in ("EACCES", "ENOSYS")
    assert harmless in ("open", "ENOSYS"), "getpid: the i386 table itself works, if the kernel has it"


@linux
def test_threads_that_were_there_before_are_held_too() -> None:
    met = guarded(
        """
        go.set()
        thread.join()
        out = seen
        """,
        before="""
        import ctypes, threading
        go, seen = threading.Event(), []
        def work():
            go.wait()
            seen.append(ctypes.CDLL(None, use_errno=True).socket(2, 1, 0))
        thread = threading.Thread(target=work)
        thread.start()
        """,
    )
    assert met == [-1]


@linux
def test_other_programs_are_refused() -> None:
    python, bash = guarded("""
        import subprocess
        def run(*command):
            ended = subprocess.run(command, capture_output=True, text=True)
            return ended.stderr + ended.stdout
        out = [
            run(sys.executable, "-c", "import socket; socket.socket()"),
            run("bash", "-c", "exec 3<>/dev/tcp/192.0.2.1/80"),
        ]
    """)
    assert "PermissionError: [Errno 13]" in python
    if shutil.which("bash"):
        assert "Permission denied" in bash


def test_local_sockets_and_pairs_work() -> None:
    assert guarded("""
        import asyncio, os, socket, tempfile
        one, two = socket.socketpair()
        one.sendall(b"pair")
        out = [two.recv(9).decode()]
        with tempfile.TemporaryDirectory() as folder:
            server = socket.socket(socket.AF_UNIX)
            server.bind(folder + "/s")
            server.listen()
            client = socket.socket(socket.AF_UNIX)
            client.connect(folder + "/s")
            client.sendall(b"unix")
            out.append(server.accept()[0].recv(9).decode())
        async def nothing():
            return "asyncio"
        out += [asyncio.run(nothing()), socket.gethostname() != "", socket.getaddrinfo("127.0.0.1", 80) != []]
        out.append(network_guard.attempts())
    """) == ["pair", "unix", "asyncio", True, True, 0]


def test_the_proof_shows_each_refusal_and_is_not_counted() -> None:
    proofs, attempts, again = guarded("""
        from dataclasses import astuple
        proofs = [astuple(proof) for proof in network_guard.prove()]
        before = network_guard.attempts()
        try:
            import socket
            socket.create_connection(("192.0.2.1", 80))
        except OSError:
            pass
        out = [proofs, before, network_guard.attempts()]
    """)
    assert len(proofs) == 4
    held = [name for name, refused, _ in proofs if refused]
    assert len(held) == (4 if sys.platform == "linux" else 2)
    assert all(words for *_, words in proofs)
    assert (attempts, again) == (0, 1)


@linux
def test_without_a_kernel_filter_the_level_and_the_proof_say_so() -> None:
    level, words, proofs = guarded(
        """
        from dataclasses import astuple
        out = [level, level.words, [proof.refused for proof in network_guard.prove()]]
        """,
        before="""
        class Missing:
            def find_spec(self, name, path=None, target=None):
                if name == "pyseccomp":
                    raise RuntimeError("Unable to find libseccomp")
        sys.meta_path.insert(0, Missing())
        """,
    )
    assert level == "python"
    assert "not held back" in words
    assert proofs == [True, True, False, False]


@linux
def test_a_child_does_not_load_a_second_filter_but_believes_no_mere_variable() -> None:
    filters = guarded("""
        import subprocess
        def run():
            code = ("from assistant import network_guard; level = network_guard.install()\\n"
                    "print(level, [l.split()[1] for l in open('/proc/self/status') if 'Seccomp_f' in l][0])")
            return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
        mine = [l.split()[1] for l in open("/proc/self/status") if "Seccomp_f" in l][0]
        out = [mine, run().split()]
    """)
    assert filters[1] == ["kernel", filters[0]]
    code = "from assistant import network_guard; print(network_guard.install())\n" + NATIVE
    told = subprocess.run(
        [sys.executable, "-c", code + "print(number(libc.socket(2, 1, 0)))"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OFFLINE_ASSISTANT_GUARD": "kernel"},
    )
    assert told.stdout.split() == ["kernel", "EACCES"]


def test_libraries_are_told_before_they_are_imported() -> None:
    assert guarded("""
        names = "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE", "ANONYMIZED_TELEMETRY"
        out = [os.environ[name] for name in names]
    """) == ["1", "1", "1", "False"]


@pytest.mark.skipif(sys.platform != "linux", reason="where such files go differs")
def test_no_library_notes_what_it_would_report(tmp_path: Path) -> None:
    """ONNX Runtime's own builds keep a number for each person and a queue of events, to be sent some day."""
    code = "import onnxruntime"
    # Nothing else, for it is silent where tests run, too.
    places = {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}

    def noted(before: str) -> list[str]:
        subprocess.run([sys.executable, "-c", before + code], check=True, env=places)
        return sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())

    assert noted("from assistant import network_guard; network_guard.install()\n") == []
    assert noted("") != []  # else this test shows nothing


def test_a_worker_is_guarded_and_its_attempts_and_its_own_workers_count_here() -> None:
    before = network_guard.attempts()
    worker = Worker("tests.process.engines:Engine", name="The engine")
    try:
        met = worker.call("network")
        assert met[:3] == ["RefusedConnection"] * 3
        if sys.platform == "linux":
            assert met[3] == "Permission denied"
            assert worker.call("guard_level") == Level.KERNEL
        assert network_guard.attempts() == before + 3
        worker.call("start_grandchild")
        assert worker.call("in_grandchild", method="network")[:3] == ["RefusedConnection"] * 3
        assert network_guard.attempts() == before + 6
        assert network_guard.attempts_in_words()[-1].startswith(
            "the address of 'example.org', by tests.process."
        )
    finally:
        worker.stop()

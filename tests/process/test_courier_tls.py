"""The courier as it is shipped, behind a proxy where a server claims to be the hub."""

from __future__ import annotations

import datetime
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assistant.models.download import bootstrap
from tests.process.courier_setup import CONTENT, CourierSetup, known, refusal

ADDRESS = "https://huggingface.co/maker/small/resolve/main/small.gguf?download=true"


def certificate(folder: Path, host: str) -> Path:
    """Key and certificate in one file, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    today = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{host}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return file


@contextmanager
def proxy(pem: Path, *, refuses: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Its port, and what it was asked: each question's lines as one text."""
    asked: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    class Connection(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked.append(_question(self.request.recv))
            if refuses:
                self.request.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
                return
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with suppress(OSError), context.wrap_socket(self.request, server_side=True) as secured:
                asked.append(_question(secured.recv))
                head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(CONTENT)}\r\n\r\n"
                secured.sendall(head.encode() + CONTENT)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server.server_address[1], asked
        server.shutdown()
        thread.join()


def _question(receive: Callable[[int], bytes]) -> str:
    text = b""
    while not text.endswith(b"\r\n\r\n") and (more := receive(1)):
        text += more
    return text.decode()


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., CourierSetup]]:
    """Starts the courier as the program does, in an environment that names a proxy."""
    desks: list[CourierSetup] = []

    def start(port: int, trusted: Path | None = None, user: str = "") -> CourierSetup:
        for name in ("https_proxy", "no_proxy", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HTTPS_PROXY", f"http://{user}127.0.0.1:{port}")
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        desks.append(CourierSetup(tmp_path, bootstrap.launch(bootstrap.command())))
        return desks[0]

    yield start
    for setup in desks:
        setup.courier.close()


def test_it_goes_through_the_proxy_of_the_environment(
    tmp_path: Path, start: Callable[..., CourierSetup]
) -> None:
    pem = certificate(tmp_path, "huggingface.co")
    with proxy(pem) as (port, asked):
        (fetched,) = start(port, pem, "me:s%40cret@").get(known(ADDRESS))
    assert fetched.path.read_bytes() == CONTENT
    connect, get = asked
    assert connect.startswith("CONNECT huggingface.co:443 ")
    assert "Proxy-Authorization: Basic bWU6c0BjcmV0" in connect
    assert get.startswith("GET /maker/small/resolve/main/small.gguf?download=true ")
    assert "Proxy-Authorization" not in get
    assert "\r\nUser-Agent: offline-assistant\r\n" in get


def test_a_server_that_nobody_vouches_for_gets_no_question(
    tmp_path: Path, start: Callable[..., CourierSetup]
) -> None:
    with proxy(certificate(tmp_path, "huggingface.co")) as (port, asked):
        error = refusal(start(port), known(ADDRESS))
    assert "certificate is not valid" in error.message
    assert "clock" in error.hint
    assert asked[1:] in ([], [""])


def test_a_certificate_for_another_host_does_not_count(
    tmp_path: Path, start: Callable[..., CourierSetup]
) -> None:
    pem = certificate(tmp_path, "example.org")
    with proxy(pem) as (port, asked):
        error = refusal(start(port, pem), known(ADDRESS))
    assert "The server that answered is not huggingface.co" in error.message
    assert asked[1:] in ([], [""])


def test_a_proxy_that_refuses_is_named_as_that(tmp_path: Path, start: Callable[..., CourierSetup]) -> None:
    with proxy(certificate(tmp_path, "huggingface.co"), refuses=True) as (port, _):
        error = refusal(start(port), known(ADDRESS))
    assert "The proxy of this network does not allow huggingface.co: 407" in error.message

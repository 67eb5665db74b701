"""The hosts that the courier speaks to, and connections to them. Nothing else is ever asked for anything."""

from __future__ import annotations

import base64
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Hosts:
    """Which addresses may be asked: https alone, on its usual port."""

    names: frozenset[str]
    families: tuple[str, ...] = ()
    """Names that a host's name may end with, dot included."""
    loopback: bool = False
    """Plain http to this computer itself as well; for tests."""

    def allow(self, address: SplitResult) -> bool:
        host = (address.hostname or "").lower()
        if "@" in address.netloc:
            return False
        if self.loopback and address.scheme == "http" and host in LOOPBACK:
            return True
        known = host in self.names or host.endswith(self.families)
        return known and address.scheme == "https" and address.port in (None, 443)


HOSTS = Hosts(
    names=frozenset(
        {
            "huggingface.co",
            "hf.co",
            "github.com",
            "objects.githubusercontent.com",
            "release-assets.githubusercontent.com",
            "argos-net.com",
            "data.argosopentech.com",
        }
    ),
    # Where the hub keeps its files changes with the person's place on earth and with the years:
    # cdn-lfs*.hf.co, *.xethub.hf.co, *.cdn.hf.co, and once cdn-lfs*.huggingface.co. All belong to it.
    families=(".hf.co", ".huggingface.co"),
)

_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # macOS, Alpine
)
"""Where systems keep the certificates they trust. The frozen program's own library may look elsewhere."""


def trust() -> ssl.SSLContext:
    """What this system trusts; servers are always checked against it."""
    context = ssl.create_default_context()
    usual = ssl.get_default_verify_paths()
    if not usual.cafile and not usual.capath and not context.get_ca_certs():
        bundle = next((path for path in _BUNDLES if Path(path).is_file()), None)
        if bundle:
            context.load_verify_locations(bundle)
    return context


def connection(address: SplitResult, context: ssl.SSLContext, seconds: float) -> HTTPConnection:
    """To the address, not yet connected; through the proxy that the environment or the system names."""
    host = address.hostname or ""
    if address.scheme == "http":
        return HTTPConnection(host, address.port, timeout=seconds)
    proxy = getproxies().get("https")
    if not proxy or proxy_bypass(host):
        return HTTPSConnection(host, address.port, timeout=seconds, context=context)
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    headers = {}
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Proxy-Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    through = HTTPSConnection(parts.hostname or "", parts.port or 80, timeout=seconds, context=context)
    through.set_tunnel(host, address.port or 443, headers)
    return through

"""Locked OpenDocument files, made here as LibreOffice and OpenOffice make them."""

from __future__ import annotations

import base64
import hashlib
import os
import zipfile
import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from assistant.errors import PasswordRequired, UnsupportedFormat
from tests.unit.documents.formats.make_office import archive, opendocument, parts_of

PASSWORD = "Schlüssel"
XMLENC = "http://www.w3.org/2001/04/xmlenc#"


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def entry(name: str, size: int, algorithm: str, vector: bytes, derivation: str, checksum: str = "") -> str:
    return (
        f'<m:file-entry m:full-path="{name}" m:size="{size}"><m:encryption-data {checksum}>'
        f'<m:algorithm m:algorithm-name="{algorithm}" m:initialisation-vector="{encoded(vector)}"/>'
        f"{derivation}</m:encryption-data></m:file-entry>"
    )


def locked_by_members(path: Path, lock: str) -> Path:
    """As LibreOffice 3.5 ("cbc") and OpenOffice ("blowfish") lock: each member by itself."""
    salt, vector = os.urandom(16), os.urandom(16 if lock == "cbc" else 8)
    kind, size = ("sha256", 32) if lock == "cbc" else ("sha1", 16)
    start = hashlib.new(kind, PASSWORD.encode()).digest()
    key = hashlib.pbkdf2_hmac("sha1", start, salt, 1000, size)
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    plain = members["content.xml"]
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(plain) + packer.flush()
    digest = hashlib.new(kind, packed[:1024]).digest()
    if lock == "cbc":
        filling = 16 - len(packed) % 16
        cipher = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
        members["content.xml"] = cipher.update(packed + bytes(filling - 1) + bytes([filling]))
        algorithm = f"{XMLENC}aes256-cbc"
        begun = (
            '<m:start-key-generation m:start-key-generation-name="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        )
        checksum = f'm:checksum-type="urn:x#sha256-1k" m:checksum="{encoded(digest)}"'
    else:
        cipher = Cipher(Blowfish(key), CFB(vector)).encryptor()
        members["content.xml"] = cipher.update(packed) + cipher.finalize()
        algorithm, begun = "Blowfish CFB", ""
        checksum = f'm:checksum-type="SHA1/1K" m:checksum="{encoded(digest)}"'
    derivation = (
        f'<m:key-derivation m:key-derivation-name="PBKDF2" m:key-size="{size}" m:iteration-count="1000"'
        f' m:salt="{encoded(salt)}"/>{begun}'
    )
    listing = entry("content.xml", len(plain), algorithm, vector, derivation, checksum)
    members["META-INF/manifest.xml"] = f"<m:manifest xmlns:m='m'>{listing}</m:manifest>".encode()
    return archive(path, dict(members))


def locked_as_a_whole(path: Path) -> Path:
    """As LibreOffice 24.2 locks: one package in another."""
    salt, vector = os.urandom(16), os.urandom(12)
    start = hashlib.sha256(PASSWORD.encode()).digest()
    key = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=64).derive(start)
    packer = zlib.compressobj(wbits=-15)
    plain = path.read_bytes()
    packed = packer.compress(plain) + packer.flush()
    derivation = (
        '<m:key-derivation m:key-derivation-name="urn:x:argon2id" m:key-size="32" m:argon2-iterations="1"'
        f' m:argon2-lanes="1" m:argon2-memory="64" m:salt="{encoded(salt)}"/>'
        '<m:start-key-generation m:start-key-generation-name="http://www.w3.org/2001/04/xmlenc#sha256"/>'
    )
    listing = entry("encrypted-package", len(plain), "urn:y#aes256-gcm", vector, derivation)
    return archive(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": f"<m:manifest xmlns:m='m'>{listing}</m:manifest>",
            "encrypted-package": vector + AESGCM(key).encrypt(vector, packed, None),
        },
    )


@pytest.mark.parametrize("lock", ["cbc", "blowfish", "gcm"])
def test_a_locked_document_opens_with_its_password(lock: str, tmp_path: Path) -> None:
    path = opendocument(tmp_path / "a.odt", "text", "<text:p>The rent is 850 euros.</text:p>")
    if lock == "gcm":
        locked_as_a_whole(path)
    else:
        locked_by_members(path, lock)
    for password, wrong in ((None, False), ("falsch", True)):
        with pytest.raises(PasswordRequired) as caught:
            parts_of(path, password)
        assert caught.value.details["wrong"] is wrong
    _, (part,) = parts_of(path, PASSWORD)
    assert part.sections[0].text == "The rent is 850 euros."


@pytest.mark.parametrize(
    "data",
    [
        "",
        '<m:algorithm m:algorithm-name="x#aes256-cbc" m:initialisation-vector="AAAA"/>'
        '<m:key-derivation m:key-derivation-name="PBKDF2" m:iteration-count="99999999" m:salt="AAAA"/>',
        '<m:algorithm m:algorithm-name="x#aes256-gcm" m:initialisation-vector="AAAA"/>'
        '<m:key-derivation m:key-derivation-name="argon2id" m:argon2-memory="99999999" m:salt="AAAA"/>',
    ],
)
def test_a_lock_of_another_kind_says_what_to_do(data: str, tmp_path: Path) -> None:
    listing = f"<m:encryption-data>{data}</m:encryption-data>"
    path = archive(
        tmp_path / "locked.odt",
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": b"\x8a\x01",
            "META-INF/manifest.xml": "<m:manifest xmlns:m='m'><m:file-entry m:full-path='content.xml'>"
            f"{listing}</m:file-entry></m:manifest>",
        },
    )
    with pytest.raises(UnsupportedFormat, match="cannot be opened here") as caught:
        parts_of(path, "secret")
    assert "without a password" in str(caught.value.hint)

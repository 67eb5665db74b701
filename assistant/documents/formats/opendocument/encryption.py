"""OpenDocument files that are locked with a password, unlocked in memory (OpenDocument 1.3, part 2, 3.4).

Files of OpenOffice (Blowfish), of LibreOffice since 3.5 (AES in CBC mode) and since 24.2 (GCM mode, Argon2).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import zipfile
import zlib

from assistant.errors import PasswordRequired, UnreadableDocument, UnsupportedFormat
from assistant.file_reading.safe_xml import Element, attribute, child, integer, member_xml
from assistant.file_reading.zip_reader import MAX_MEMBER_BYTES, Archive

MAX_ITERATIONS = 2_000_000
"""A file that asks for more only wants to keep a reader busy."""
MAX_ARGON_KIBIBYTES = 1 << 20
_MANIFEST = "META-INF/manifest.xml"
_WHOLE = "encrypted-package"
"""The member that holds the whole document in files of the newer kind."""
_CHECKED_BYTES = 1024


class _WrongPassword(Exception):
    pass


def unlocked(archive: Archive, password: str | None) -> Archive | None:
    """The document without its lock; None where it has none.

    Raises PasswordRequired, or UnsupportedFormat for a lock of another kind.
    """
    root = member_xml(archive, _MANIFEST)
    locked = {
        attribute(entry, "full-path"): (entry, data)
        for entry in (root.iter("{*}file-entry") if root is not None else ())
        if (data := child(entry, "encryption-data")) is not None
    }
    if not locked:
        return None
    if password is None:
        raise PasswordRequired("opendocument-locked", wrong=False)
    try:
        return _rewritten(archive, locked, password)
    except _WrongPassword as error:
        raise PasswordRequired("opendocument-password-wrong", wrong=True) from error
    except (binascii.Error, ValueError, KeyError, zlib.error, MemoryError) as error:
        raise UnsupportedFormat("opendocument-lock-unknown") from error


def _rewritten(archive: Archive, locked: dict[str, tuple[Element, Element]], password: str) -> Archive:
    if _WHOLE in locked:
        return Archive(io.BytesIO(_plain(archive.read(_WHOLE), *locked[_WHOLE], password)))
    content = io.BytesIO()
    size = 0
    with zipfile.ZipFile(content, "w") as file:
        for name in archive.names:
            if not name.endswith(".xml") and name != "mimetype" and "/" not in name:
                continue  # pictures are not read
            data = archive.read(name)
            if name in locked:
                data = _plain(data, *locked[name], password)
            size += len(data)
            if size > MAX_MEMBER_BYTES:
                raise UnreadableDocument("archive-member-too-large", size=size)
            if name != _MANIFEST:
                file.writestr(name, data)
    content.seek(0)
    return Archive(content)


def _plain(content: bytes, entry: Element, data: Element, password: str) -> bytes:
    """A member without its lock, unpacked."""
    algorithm = child(data, "algorithm")
    vector = base64.b64decode(attribute(algorithm, "initialisation-vector"))
    key = _key(child(data, "key-derivation"), child(data, "start-key-generation"), password)
    method = attribute(algorithm, "algorithm-name").rpartition("#")[2]
    if method == "aes256-gcm":
        packed = _gcm(content, key, vector)
    elif method == "aes256-cbc":
        packed = _cbc(content, key, vector)
    elif method.lower() == "blowfish cfb":
        packed = _blowfish(content, key, vector)
    else:
        raise ValueError(method)
    checksum = base64.b64decode(attribute(data, "checksum"))
    kind = attribute(data, "checksum-type").rpartition("#")[2].lower()
    if checksum and _digest(kind, packed[:_CHECKED_BYTES]) != checksum:
        raise _WrongPassword
    if packed.startswith(b"PK\x03\x04"):
        return packed
    limit = min(integer(attribute(entry, "size"), 0) or MAX_MEMBER_BYTES, MAX_MEMBER_BYTES)
    unpacker = zlib.decompressobj(-15)
    return unpacker.decompress(packed, limit + 1)


def _key(derivation: Element | None, start: Element | None, password: str) -> bytes:
    begun = attribute(start, "start-key-generation-name").rpartition("#")[2].lower()
    digest = _digest(begun, password.encode())
    salt = base64.b64decode(attribute(derivation, "salt"))
    size = integer(attribute(derivation, "key-size"), 16)
    if attribute(derivation, "key-derivation-name").lower().endswith("argon2id"):
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

        memory = integer(attribute(derivation, "argon2-memory"), 0)
        iterations = integer(attribute(derivation, "argon2-iterations"), 0)
        if memory > MAX_ARGON_KIBIBYTES or iterations > 100:
            raise ValueError(memory)
        lanes = integer(attribute(derivation, "argon2-lanes"), 1)
        argon = Argon2id(salt=salt, length=size, iterations=iterations, lanes=lanes, memory_cost=memory)
        return argon.derive(digest)
    iterations = integer(attribute(derivation, "iteration-count"), 0)
    if not 0 < iterations <= MAX_ITERATIONS or not 0 < size <= 64:
        raise ValueError(iterations)
    return hashlib.pbkdf2_hmac("sha1", digest, salt, iterations, size)


def _digest(kind: str, content: bytes) -> bytes:
    return hashlib.new("sha256" if "256" in kind else "sha1", content).digest()


def _cbc(content: bytes, key: bytes, vector: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    plain = decryptor.update(content) + decryptor.finalize()
    filling = plain[-1] if plain else 0
    if not 1 <= filling <= 16:
        raise _WrongPassword
    return plain[:-filling]


def _blowfish(content: bytes, key: bytes, vector: bytes) -> bytes:
    from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
    from cryptography.hazmat.decrepit.ciphers.modes import CFB
    from cryptography.hazmat.primitives.ciphers import Cipher

    decryptor = Cipher(Blowfish(key), CFB(vector)).decryptor()
    return decryptor.update(content) + decryptor.finalize()


def _gcm(content: bytes, key: bytes, vector: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(vector, content.removeprefix(vector), None)
    except InvalidTag as error:
        raise _WrongPassword from error

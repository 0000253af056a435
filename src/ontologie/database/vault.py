"""Credentials, sealed: a dump of the database alone reveals nothing."""

import base64
import binascii
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ontologie.errors import OperatorError

KEY_BYTES = 32
_NONCE_BYTES = 12


class Vault:
    """Seals with AES-256-GCM; the owner is associated data, so that what was sealed for one opens for no other.

    The owner is a source's id, or a word and an id for what belongs to no source yet.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._key = key

    def __repr__(self) -> str:
        return "Vault(***)"

    def seal(self, owner: int | str, secret: str) -> bytes:
        """The secret, sealed for this owner."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), str(owner).encode())

    def open(self, owner: int | str, sealed: bytes) -> str:
        """The secret again. Raises OperatorError (SECRET_KEY_WRONG) when it was sealed with another key."""
        try:
            clear = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], str(owner).encode())
        except (InvalidTag, ValueError):  # ValueError: too short to be anything sealed
            raise OperatorError("sealed with another key", code="SECRET_KEY_WRONG") from None
        return clear.decode()

    def derive(self, purpose: str) -> str:
        """A password that every process with this key knows, for instance the reader role's."""
        return hmac.new(self._key, purpose.encode(), hashlib.sha256).hexdigest()[:32]


def load_vault(home: Path, configured_key: str | None) -> Vault:
    """The vault with the configured key (base64), or with the key file of the home folder, made once with mode 0600."""
    if configured_key is not None:
        return Vault(_decode(configured_key))
    path = home / "secret.key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Vault(_decode(path.read_text()))
    with os.fdopen(handle, "w") as file:
        file.write(base64.b64encode(os.urandom(KEY_BYTES)).decode())
    return Vault(_decode(path.read_text()))


def _decode(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise OperatorError("the key is not 32 bytes in base64", code="SECRET_KEY_MALFORMED")
    return key

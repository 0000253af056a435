"""Credentials, sealed: a dump of the database alone reveals nothing."""

import base64
import contextlib
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ontologie.errors import OperatorError

KEY_BYTES = 32
KEY_FILE = "secret.key"
_NONCE_BYTES = 12


class Vault:
    """Seals with AES-256-GCM; the owner is associated data, so that what was sealed for one opens for no other.

    The owner is a source's id, or a word and an id for what belongs to no source yet.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"

    def keys(self) -> tuple[bytes, ...]:
        """The key that seals, then those that still open."""
        return (self._key,)

    def seal(self, owner: int | str, secret: str) -> bytes:
        """The secret, sealed for this owner."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self.keys()[0]).encrypt(nonce, secret.encode(), str(owner).encode())

    def open(self, owner: int | str, sealed: bytes) -> str:
        """The secret again. Raises OperatorError (SECRET_KEY_WRONG) when it was sealed with another key."""
        for key in self.keys():
            try:
                clear = AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], str(owner).encode())
            except (InvalidTag, ValueError):  # ValueError: too short to be anything sealed
                continue
            return clear.decode()
        raise OperatorError("sealed with another key", code="SECRET_KEY_WRONG")

    def derive(self, purpose: str) -> str:
        """A password that every process with this key knows, for instance the reader role's."""
        return hmac.new(self.root(), purpose.encode(), hashlib.sha256).hexdigest()[:32]

    def root(self) -> bytes:
        """What passwords are derived from."""
        return self._key


class FileVault(Vault):
    """A vault whose key is in a file. The file is read each time, so that a process which runs during a rotation
    goes on with the new key; the old one still opens until the rotation has ended.

    The file's first word is the key; the second, where there was a rotation, is the first key of all, from which
    passwords stay derived: the reader's URL and the secrets of webhooks outlive a rotation.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.old_path = path.with_name(f"{path.name}.old")
        super().__init__(_words(path)[0])

    def keys(self) -> tuple[bytes, ...]:
        current = _words(self.path)[:1]
        with contextlib.suppress(FileNotFoundError):
            return (*current, _words(self.old_path)[0])
        return current

    def root(self) -> bytes:
        return _words(self.path)[-1]

    def replace(self, key: bytes) -> None:
        """Seal with ``key`` from now on; the one before still opens until :meth:`forget_old`."""
        if not self.old_path.exists():  # else an earlier rotation was interrupted, and it still opens what is sealed
            _write(self.old_path, self.path.read_text())
        fresh = self.path.with_name(f"{self.path.name}.new")
        fresh.unlink(missing_ok=True)
        _write(fresh, f"{base64.b64encode(key).decode()}\n{base64.b64encode(self.root()).decode()}\n")
        fresh.rename(self.path)

    def forget_old(self) -> None:
        """Nothing is sealed with the key before any more."""
        self.old_path.unlink(missing_ok=True)


def load_vault(home: Path, configured_key: str | None) -> Vault:
    """The vault with the configured key (base64), or with the key file of the home folder, made once with mode 0600."""
    if configured_key is not None:
        return Vault(key_of(configured_key))
    path = home / KEY_FILE
    with contextlib.suppress(FileExistsError):
        _write(path, new_key())
    return FileVault(path)


def new_key() -> str:
    """A key at random, in base64."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def _words(path: Path) -> tuple[bytes, ...]:
    words = path.read_text(errors="replace").split()
    return tuple(key_of(word) for word in words or [""])


def _write(path: Path, text: str) -> None:
    """A new file that only its owner reads. Raises FileExistsError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def key_of(text: str) -> bytes:
    """The key behind its base64. Raises OperatorError (SECRET_KEY_MALFORMED)."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:  # no base64, or letters that it does not have
        key = b""
    if len(key) != KEY_BYTES:
        raise OperatorError("the key is not 32 bytes in base64", code="SECRET_KEY_MALFORMED")
    return key

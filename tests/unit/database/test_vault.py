"""Sealed credentials: they open with their own key and their own source only."""

from pathlib import Path

import pytest

from ontologie.database.vault import FileVault, Vault, key_of, load_vault
from ontologie.errors import OperatorError

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


def test_a_sealed_secret_opens_again() -> None:
    assert Vault(KEY).open(7, Vault(KEY).seal(7, "pat-eu1-secret")) == "pat-eu1-secret"


def test_what_is_sealed_does_not_show_the_secret() -> None:
    assert b"secret" not in Vault(KEY).seal(7, "pat-eu1-secret")


@pytest.mark.parametrize(("key", "source_id"), [(OTHER_KEY, 7), (KEY, 8)])
def test_another_key_or_another_source_opens_nothing(key: bytes, source_id: int) -> None:
    sealed = Vault(KEY).seal(7, "pat-eu1-secret")
    with pytest.raises(OperatorError) as refused:
        Vault(key).open(source_id, sealed)
    assert refused.value.code == "SECRET_KEY_WRONG"


@pytest.mark.parametrize("sealed", [b"", b"short", b"x" * 40])
def test_what_was_never_sealed_opens_nothing(sealed: bytes) -> None:
    with pytest.raises(OperatorError):
        Vault(KEY).open(7, sealed)


@pytest.mark.parametrize("key", ["", "short", "é" * 44, "=" * 44, "k" * 43, "a2V5 a2V5"])
def test_a_key_that_is_none_is_told(key: str) -> None:
    with pytest.raises(OperatorError) as refused:
        key_of(key)
    assert refused.value.code == "SECRET_KEY_MALFORMED"


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\x00", b"not a key"])
def test_a_key_file_that_holds_none_is_told(content: bytes, tmp_path: Path) -> None:
    vault = load_vault(tmp_path, None)
    assert isinstance(vault, FileVault)
    assert vault.path.stat().st_mode & 0o777 == 0o600
    vault.path.write_bytes(content)
    with pytest.raises(OperatorError) as refused:
        load_vault(tmp_path, None).seal(7, "secret")
    assert refused.value.code == "SECRET_KEY_MALFORMED"

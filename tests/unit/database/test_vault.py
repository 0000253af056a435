"""Sealed credentials: they open with their own key and their own source only."""

import pytest

from ontologie.database.vault import Vault
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

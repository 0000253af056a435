"""The key is replaced while everything goes on, and an interrupted rotation loses nothing."""

import stat
from pathlib import Path

import msgspec
import pytest

from ontologie.database.credentials import DraftCredentials, SourceCredentials
from ontologie.database.vault import FileVault, Vault, load_vault, new_key
from ontologie.errors import OperatorError, UsageError
from ontologie.model.credentials import OAuthClient, TokenCredentials
from ontologie.services import connecting, secrets, sources
from ontologie.services.context import Context
from ontologie.services.sources import SourceRequest

TOKEN = "portal-7"


@pytest.fixture
def with_file(context: Context, tmp_path: Path) -> Context:
    return msgspec.structs.replace(context, vault=load_vault(tmp_path, None))


async def filled(context: Context) -> tuple[SourceCredentials, DraftCredentials]:
    """A source and a draft, each with a token, the draft with an OAuth app too."""
    source = await sources.add(context, SourceRequest(name="acme", connector="hubspot", token=TOKEN))
    draft = await connecting.begin(context, "hubspot")
    await connecting.give_token(context, draft.id, TOKEN)
    await connecting.give_client(context, draft.id, OAuthClient(client_id="id", client_secret="secret"))
    return (
        SourceCredentials(context.pool, context.vault, source.id),
        DraftCredentials(context.pool, context.vault, draft.id),
    )


async def test_everything_opens_with_the_new_key_and_nothing_with_the_old(with_file: Context, tmp_path: Path) -> None:
    keepers = await filled(with_file)
    before = Vault(with_file.vault.keys()[0])
    password = with_file.vault.derive("reader")
    assert await secrets.rotate(with_file, None) == 3
    for keeper in keepers:
        assert await keeper.read() == TokenCredentials(token=TOKEN)
    assert with_file.vault.keys() != before.keys()
    with pytest.raises(OperatorError):
        await type(keepers[0])(with_file.pool, before, keepers[0]._owner_id).read()
    assert with_file.vault.derive("reader") == password  # BI tools go on
    assert load_vault(tmp_path, None).derive("reader") == password
    assert not FileVault(tmp_path / "secret.key").old_path.exists()
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


async def test_a_process_that_runs_meanwhile_reads_and_seals_with_the_new_key(
    with_file: Context, tmp_path: Path
) -> None:
    running = msgspec.structs.replace(with_file, vault=FileVault(tmp_path / "secret.key"))
    source, _ = await filled(with_file)
    await secrets.rotate(with_file, None)
    other = SourceCredentials(running.pool, running.vault, source._owner_id)
    async with other.held() as held:
        assert held.credentials == TokenCredentials(token=TOKEN)
        await held.replace(TokenCredentials(token="another-1"))
    assert await source.read() == TokenCredentials(token="another-1")


async def test_a_rotation_that_was_killed_between_the_file_and_the_commit_is_ended_by_the_next(
    with_file: Context,
) -> None:
    keepers = await filled(with_file)
    assert isinstance(with_file.vault, FileVault)
    with_file.vault.replace(Vault(b"n" * 32).keys()[0])  # the file has the new key, the rows the old one
    assert await keepers[0].read() == TokenCredentials(token=TOKEN)
    await secrets.rotate(with_file, None)
    assert len(with_file.vault.keys()) == 1
    for keeper in keepers:
        assert await keeper.read() == TokenCredentials(token=TOKEN)


async def test_a_key_from_the_environment_is_replaced_by_one_that_is_given(context: Context) -> None:
    source, _ = await filled(context)
    with pytest.raises(UsageError) as raised:
        await secrets.rotate(context, None)
    assert raised.value.code == "SECRET_KEY_NEW_MISSING"
    with pytest.raises(OperatorError):
        await secrets.rotate(context, "not a key")
    new = new_key()
    await secrets.rotate(context, new)
    with pytest.raises(OperatorError):
        await source.read()
    vault = load_vault(Path("/nowhere"), new)
    assert await SourceCredentials(context.pool, vault, source._owner_id).read() == TokenCredentials(token=TOKEN)


async def test_what_does_not_open_stops_the_rotation_and_nothing_is_changed(with_file: Context) -> None:
    source, draft = await filled(with_file)
    async with with_file.pool.connection() as connection:
        await connection.execute("UPDATE source_drafts SET sealed = 'x' WHERE id = %s", [draft._owner_id])
    key = with_file.vault.keys()
    with pytest.raises(OperatorError):
        await secrets.rotate(with_file, None)
    assert with_file.vault.keys() == key
    assert await source.read() == TokenCredentials(token=TOKEN)

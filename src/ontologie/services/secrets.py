"""The key that seals the credentials."""

from ontologie.database import rotation
from ontologie.database.vault import FileVault, Vault, key_of, new_key
from ontologie.errors import UsageError
from ontologie.model.user import Role
from ontologie.services.context import Context


async def rotate(context: Context, new: str | None) -> int:
    """Seal everything again, with a new key in the key file, or with ``new`` (base64) where the key comes from the
    environment; how many secrets. Sources may be running: with a key file they go on.

    A rotation that was interrupted is ended by the next one. Raises UsageError (SECRET_KEY_NEW_MISSING).
    """
    context.require(Role.OWNER)
    vault = context.vault
    if isinstance(vault, FileVault):
        key = key_of(new or new_key())
        async with context.pool.connection() as connection, connection.transaction():
            count = await rotation.seal_again(connection, vault, Vault(key))
            vault.replace(key)  # both keys open from here on, whether the transaction ends well or not
        vault.forget_old()
        return count
    if new is None:
        raise UsageError("the key is in the environment", code="SECRET_KEY_NEW_MISSING")
    async with context.pool.connection() as connection, connection.transaction():
        return await rotation.seal_again(connection, vault, Vault(key_of(new)))

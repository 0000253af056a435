"""Texts as PostgreSQL can hold them."""


def storable(value: str) -> str:
    """The text without what PostgreSQL refuses: NUL is shown as U+2400, half of a surrogate pair as a question mark."""
    return value.encode(errors="replace").decode().replace("\x00", "\u2400")

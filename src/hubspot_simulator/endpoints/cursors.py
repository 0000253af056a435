"""Page cursors: an id in plain sight, or an opaque token when the portal is told so."""

import base64
import binascii


def encode_cursor(value: str, *, opaque: bool) -> str:
    """The ``after`` of the next page."""
    return base64.urlsafe_b64encode(f"c|{value}".encode()).decode().rstrip("=") if opaque else value


def decode_cursor(after: str, *, opaque: bool) -> str | None:
    """What a cursor stands for, or None when nobody made it. A plain id is always understood."""
    if not opaque or after.isdigit():
        return after
    try:
        text = base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return text[2:] if text.startswith("c|") else None

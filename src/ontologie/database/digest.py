"""What is kept of a token, a state or a name that is only ever compared."""

import hashlib


def digest(text: str) -> bytes:
    """Its SHA-256. Tokens are long and random, so a plain hash is enough."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()

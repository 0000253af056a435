"""The texts of the pages: gettext catalogues by key, read at start."""

import io

from babel.messages.pofile import read_po


class Texts:
    """One language's texts. A missing key is our bug and says so: KeyError."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def get(self, key: str, **values: object) -> str:
        """The text of a key, with its values filled in."""
        return self._texts[key].format(**values)

    def called(self, prefix: str, name: str) -> str:
        """What a thing is called; its own name where it is the account's and not ours."""
        return self._texts.get(f"{prefix}_{name}", name)

    def keys(self) -> set[str]:
        return set(self._texts)


def load_texts(po: bytes, language: str) -> Texts:
    """The texts of a .po file."""
    found = read_po(io.BytesIO(po), locale=language)
    return Texts({str(message.id): str(message.string) for message in found if message.id})

"""The texts of the pages: gettext catalogues by key, one file per page, read at start."""

import io
from importlib.resources.abc import Traversable

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

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def keys(self) -> set[str]:
        return set(self._texts)


def load_texts(po: bytes, language: str) -> dict[str, str]:
    """The texts of one .po file."""
    found = read_po(io.BytesIO(po), locale=language, abort_invalid=True)
    return {str(message.id): str(message.string) for message in found if message.id}


def load_language(locale: Traversable, language: str) -> Texts:
    """All files of a language as one. A key that two pages define is our bug: ValueError names it."""
    merged: dict[str, str] = {}
    for file in sorted(locale.joinpath(language).iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".po"):
            continue
        texts = load_texts(file.read_bytes(), language)
        for key in texts.keys() & merged.keys():
            raise ValueError(f"{language}/{file.name}: {key} is another page's already")
        merged |= texts
    return Texts(merged)

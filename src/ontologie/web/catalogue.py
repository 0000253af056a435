"""The texts of the pages: gettext catalogues by key, one file per page, read at start."""

import io
from importlib.resources.abc import Traversable

from babel import Locale
from babel.messages.pofile import read_po

from ontologie.model.object_types import readable


class Texts:
    """One language's texts. A missing key is our bug and says so: KeyError."""

    def __init__(self, texts: dict[str, tuple[str, ...]], language: str) -> None:
        """``texts``: the forms of each key, one or (singular, plural)."""
        self._texts = texts
        self._plural_form = Locale.parse(language).plural_form

    def get(self, key: str, **values: object) -> str:
        """The text of a key, with its values filled in."""
        return self._texts[key][0].format(**values)

    def counted(self, key: str, number: int, **values: object) -> str:
        """The same in the form that goes with this number."""
        singular = self._plural_form(number) == "one"
        return self._texts[key][0 if singular else -1].format(**values)

    def called(self, prefix: str, name: str) -> str:
        """What a thing is called; its own name where it is the account's and not ours."""
        return self._texts.get(f"{prefix}_{name}", (readable(name),))[0]

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def keys(self) -> set[str]:
        return set(self._texts)


def load_texts(po: bytes, language: str) -> dict[str, tuple[str, ...]]:
    """The texts of one .po file: the forms of each key."""
    found = read_po(io.BytesIO(po), locale=language, abort_invalid=True)
    texts: dict[str, tuple[str, ...]] = {}
    for message in found:
        key = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else message.string
        if key:
            texts[key] = tuple(forms or ())
    return texts


def load_language(locale: Traversable, language: str) -> Texts:
    """All files of a language as one. A key that two pages define is our bug: ValueError names it."""
    merged: dict[str, tuple[str, ...]] = {}
    for file in sorted(locale.joinpath(language).iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".po"):
            continue
        texts = load_texts(file.read_bytes(), language)
        for key in texts.keys() & merged.keys():
            raise ValueError(f"{language}/{file.name}: {key} is another page's already")
        merged |= texts
    return Texts(merged, language)

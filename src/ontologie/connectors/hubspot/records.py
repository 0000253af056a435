"""Pages of records, as promised or not: what is wrong with one record is the trouble of that record alone."""

import contextlib
import json
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn, TypeVar

import msgspec

from ontologie.connectors.hubspot.wire import LinkPage, MixedPage, Paging, RecordPage, Unreadable, Unusable, WireRecord
from ontologie.model.texts import storable

T = TypeVar("T")
_strict = msgspec.json.Decoder(RecordPage).decode
_as_json = msgspec.json.Encoder(decimal_format="number").encode
_MOST_DIGITS = 18
_NOT_FOUND = "OBJECT_NOT_FOUND"
_UNSTORABLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
"""As JSON writes a NUL and each half of a surrogate pair."""
_ID = re.compile(r"[0-9]{1,18}")


class _Envelope(msgspec.Struct, frozen=True, kw_only=True):
    results: tuple[Any, ...]
    paging: Paging | None = None
    total: Any = 0
    errors: Any = None


def read_records(body: bytes) -> RecordPage:
    """A page of records. Raises msgspec's DecodeError, UnicodeDecodeError or RecursionError when it is no page.

    Values are texts (section 11, 1); one that is not marks only itself: it is kept as its JSON, and stands with the
    rejected values where its column cannot hold it. A record that cannot be used is :class:`Unusable`, one without an
    id :class:`Unreadable`.
    """
    try:
        return _strict(body)
    except msgspec.DecodeError as error:
        try:
            page = msgspec.convert(_loose(body), _Envelope)
        except (ValueError, InvalidOperation):  # msgspec's and json's own errors are ValueErrors
            raise error from None
    read = [_record(item) for item in page.results]
    return MixedPage(
        results=tuple(item for item in read if isinstance(item, WireRecord)),
        paging=page.paging,
        total=_count(page.total),
        errors=page.errors,
        unreadable=tuple(item for item in read if isinstance(item, Unreadable)),
    )


def read_batch(body: bytes) -> RecordPage:
    """The same of a batch read. Raises DecodeError too when it says that it failed for some of the ids: whoever is
    not in an answer counts as gone, so half an answer is none."""
    page = read_records(body)
    _check_whole(page.errors)
    return page


def read_links(body: bytes) -> LinkPage:
    """A page of links. Raises DecodeError too when it says that it failed for some of the ids: whoever is not in an
    answer counts as linked to nothing."""
    page = _links(body)
    _check_whole(page.errors)
    return page


def _check_whole(errors: Any) -> None:
    told = errors if isinstance(errors, list | tuple) else ()
    for category in (item.get("category") for item in told if isinstance(item, dict)):
        if category and category != _NOT_FOUND:
            raise msgspec.DecodeError(f"it failed for some of the ids: {storable(str(category))[:60]}")


def reader_of(kind: type[T]) -> Callable[[bytes], T]:
    """A decoder of definitions and the like, whose texts are kept as PostgreSQL can hold them: a label that was cut
    inside an emoji, or holds a NUL, must not keep the records out, nor must a null where a text is promised.
    Raises msgspec's DecodeError."""
    strict = msgspec.json.Decoder(kind).decode

    def read(body: bytes) -> T:
        if not _UNSTORABLE.search(body):
            with contextlib.suppress(msgspec.ValidationError):
                return strict(body)
        try:
            return msgspec.convert(_present(_cleaned(json.loads(body))), kind)
        except ValueError as error:  # msgspec's own are ValueErrors too
            raise msgspec.DecodeError(str(error)) from None

    return read


_links = reader_of(LinkPage)


def id_of(body: bytes) -> int | None:
    """The id of a single record, whatever else is wrong with it; None where it has none. Raises DecodeError."""
    try:
        found = _loose(body)
    except (ValueError, InvalidOperation) as error:
        raise msgspec.DecodeError(str(error)) from None
    known = _known_by(found)
    return None if known is None else int(known)


def _loose(body: bytes) -> Any:  # any JSON
    """Python's own decoder: msgspec's takes no half of a surrogate pair, as one is left where a text was cut inside an
    emoji. Numbers keep all their digits."""
    return json.loads(body.decode(), parse_int=Decimal, parse_float=Decimal, parse_constant=_refuse)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _record(item: Any) -> WireRecord | Unreadable:
    known = _known_by(item)
    if known is None:
        return Unreadable(reason="it has no usable id", sent=shown(item))
    try:
        record = msgspec.convert({**item, "id": known, "properties": _texts(item["properties"])}, WireRecord)
    except KeyError:
        reason = "it has no properties"
    except (msgspec.ValidationError, TypeError, AttributeError) as error:
        reason = str(error) if isinstance(error, msgspec.ValidationError) else "its properties are none"
    else:
        return record
    return Unusable(id=known, properties={}, reason=reason, sent=shown(item))


def _known_by(item: Any) -> str | None:
    """The id, as text or as number."""
    found = item.get("id") if isinstance(item, dict) else None
    text = str(found) if isinstance(found, str | Decimal) else ""
    return text if _ID.fullmatch(text) else None


def _texts(values: dict[str, Any]) -> dict[str, str | None]:
    return {name: _text(value) for name, value in values.items()}


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else _as_json(_cleaned(value)).decode()


def shown(value: Any) -> str:
    """As JSON that PostgreSQL can keep; numbers as texts, for it knows no number of any size."""
    return msgspec.json.encode(_cleaned(value)).decode()


def _count(total: Any) -> int:
    return int(total) if isinstance(total, Decimal) and total.adjusted() < _MOST_DIGITS else 0


def _present(value: Any) -> Any:
    """A field that is null is one that is missing."""
    if isinstance(value, dict):
        return {name: _present(item) for name, item in value.items() if item is not None}
    return [_present(item) for item in value] if isinstance(value, list) else value


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {storable(name): _cleaned(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return storable(value) if isinstance(value, str) else value

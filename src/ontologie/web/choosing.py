"""What the forms for streams, properties and entities send, shared by the wizard and a source's page."""

from collections.abc import Mapping, Sequence

Lists = Mapping[str, Sequence[str]]


def excluded_of(form: Lists) -> dict[str, tuple[str, ...]]:
    """The ticked ``object_type.property`` of each box, by object type. Anything else is left out."""
    found: dict[str, list[str]] = {}
    for item in form.get("excluded", ()):
        object_type, dot, name = item.partition(".")
        if dot and name:
            found.setdefault(object_type, []).append(name)
    return {object_type: tuple(names) for object_type, names in found.items()}


def feeds_of(form: Lists) -> dict[str, list[str]]:
    """The names of the entities that each stream of the form shall feed: those ticked and the new one."""
    found: dict[str, list[str]] = {stream: [] for stream in form.get("stream", ())}
    for item in form.get("feeds", ()):
        stream, colon, name = item.partition(":")
        if colon and stream in found:
            found[stream].append(name)
    for stream, names in found.items():
        names += [name for name in form.get(f"new-{stream}", ()) if name.strip()]
    return found

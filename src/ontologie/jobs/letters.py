"""The words of an e-mail about a source, in both languages."""

from ontologie.model.diagnosis import Language, explain
from ontologie.model.notification import Event, Message

_SUBJECTS: dict[Language, dict[Event, str]] = {
    "en": {
        Event.ACTION_REQUIRED: "{source}: action required",
        Event.ERROR: "{source}: syncs keep failing",
        Event.RECOVERED: "{source}: synced again",
        Event.TEST: "Test message",
    },
    "fr": {
        Event.ACTION_REQUIRED: "{source} : action requise",
        Event.ERROR: "{source} : les synchronisations échouent",
        Event.RECOVERED: "{source} : de nouveau synchronisée",
        Event.TEST: "Message d’essai",
    },
}
_BODIES: dict[Language, dict[Event, str]] = {
    "en": {
        Event.RECOVERED: "The last sync of {source} went well. There is nothing to do.",
        Event.TEST: "Messages from Ontologie Live Data reach you. There is nothing to do.",
    },
    "fr": {
        Event.RECOVERED: "La dernière synchronisation de {source} s’est bien passée. Il n’y a rien à faire.",
        Event.TEST: "Les messages d’Ontologie Live Data vous parviennent. Il n’y a rien à faire.",
    },
}
_DO: dict[Language, str] = {"en": "What to do:", "fr": "Que faire :"}


_STREAMS: dict[Language, str] = {"en": "Streams concerned: {names}.", "fr": "Flux concernés : {names}."}
_SINCE: dict[Language, str] = {
    "en": "Nothing newer has come since {since} UTC.",
    "fr": "Rien de plus récent n’est arrivé depuis le {since} UTC.",
}
_TIMES: dict[Language, str] = {"en": "%Y-%m-%d %H:%M", "fr": "%d/%m/%Y %H:%M"}


def _concerned(message: Message, language: Language) -> str:
    parts = []
    if message.streams:
        parts.append(_STREAMS[language].replace("{names}", ", ".join(message.streams)))
    if message.since is not None:
        parts.append(_SINCE[language].replace("{since}", message.since.strftime(_TIMES[language])))
    return " ".join(parts)


def subject(message: Message, language: Language) -> str:
    """One line, without line breaks."""
    told = _SUBJECTS[language][message.event].replace("{source}", message.source)
    return "Ontologie · " + " ".join(told.split())


def text(message: Message, language: Language, public_url: str) -> str:
    """What happened, what it means, what to do, where to click."""
    parts = []
    if message.code is not None:
        told = explain(message.code, message.params, language)
        steps = "\n".join(f"{number}. {step}" for number, step in enumerate(told.steps, 1))
        parts += [told.problem, told.data, _concerned(message, language), f"{_DO[language]}\n{steps}"]
        parts += [told.retry, told.link or ""]
    else:
        parts.append(_BODIES[language].get(message.event, "{source}").replace("{source}", message.source))
    if public_url:
        parts.append(f"{public_url}/runs/{message.run_id}" if message.run_id else public_url)
    return "\n\n".join(part for part in parts if part) + "\n"

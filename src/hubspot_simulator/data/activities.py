"""Engagements: emails, calls, notes, tasks, meetings, communications."""

from hubspot_simulator.data import words
from hubspot_simulator.data.definitions import AREA, DATETIME, HTML, NUMBER, Blueprint, choice, computed, flag, pooled
from hubspot_simulator.data.source import Source


def _options(*values: str) -> tuple[tuple[str, str], ...]:
    return tuple((value, value.replace("_", " ").capitalize()) for value in values)


def _shared(source: Source) -> list[Blueprint]:
    return [
        *source.standard(),
        computed("hs_timestamp", "Activity date", lambda i: source.moment(i, 81, 700), **DATETIME),
        pooled("hs_attachment_ids", "Attached file IDs", (None, None, None, "55103", "55103;77120")),
        pooled("hs_body_preview", "Body preview", (*words.SENTENCES, None), read_only=True),
    ]


def email_properties(source: Source) -> list[Blueprint]:
    """The built-in properties of emails."""
    directions = _options("EMAIL", "INCOMING_EMAIL", "FORWARDED_EMAIL")
    return [
        *_shared(source),
        computed("hs_email_subject", "Subject", lambda i: f"Re: {source.chance.pick(words.DEAL_KINDS, i, 82)} ({i})"),
        choice("hs_email_direction", "Direction", directions, empty=0),
        choice("hs_email_status", "Status", _options("BOUNCED", "FAILED", "SCHEDULED", "SENDING", "SENT")),
        pooled("hs_email_text", "Text", (*words.PARAGRAPHS, ""), **AREA),
        pooled("hs_email_html", "HTML", (*words.HTML_NOTES, None), **HTML),
        pooled("hs_email_from_email", "From", ("sales@portal.example", "service@portal.example")),
        computed("hs_email_to_email", "To", lambda i: f"person-{source.chance.number(i, 83) % 400}@mail.example"),
        pooled("hs_email_headers", "Headers", ('{"from":{"email":"sales@portal.example"},"to":[]}', None), **AREA),
    ]


def call_properties(source: Source) -> list[Blueprint]:
    """The built-in properties of calls."""
    statuses = _options("COMPLETED", "NO_ANSWER", "BUSY", "QUEUED")
    return [
        *_shared(source),
        pooled("hs_call_title", "Title", (*words.CALLS, None)),
        pooled("hs_call_body", "Notes", (*words.HTML_NOTES, None), **HTML),
        choice("hs_call_direction", "Direction", _options("INBOUND", "OUTBOUND")),
        pooled("hs_call_disposition", "Outcome", ("f240bbac-87c9-4f6e-bf70-924b57d47db7", None)),
        computed("hs_call_duration", "Duration", lambda i: str(source.chance.number(i, 84) % 3_600_000), **NUMBER),
        choice("hs_call_status", "Status", statuses),
        pooled("hs_call_recording_url", "Recording", ("https://recordings.example/1.mp3", None, None)),
        computed("hs_call_from_number", "From", lambda i: f"+336{source.chance.number(i, 85) % 10**8:08d}"),
        computed("hs_call_to_number", "To", lambda i: f"+4420{source.chance.number(i, 86) % 10**8:08d}"),
    ]


def note_properties(source: Source) -> list[Blueprint]:
    """The built-in properties of notes."""
    return [*_shared(source), pooled("hs_note_body", "Body", (*words.HTML_NOTES, *words.PARAGRAPHS, None), **HTML)]


def task_properties(source: Source) -> list[Blueprint]:
    """The built-in properties of tasks."""
    return [
        *_shared(source),
        computed("hs_task_subject", "Title", lambda i: f"{source.chance.pick(words.CALLS, i, 87)} #{i}"),
        pooled("hs_task_body", "Notes", (*words.HTML_NOTES, None), **HTML),
        choice("hs_task_status", "Status", _options("NOT_STARTED", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED")),
        choice("hs_task_priority", "Priority", _options("NONE", "LOW", "MEDIUM", "HIGH")),
        choice("hs_task_type", "Type", _options("TODO", "CALL", "EMAIL")),
        pooled("hs_task_reminders", "Reminders", ("1761955200000", None)),
    ]


def meeting_properties(source: Source) -> list[Blueprint]:
    """The built-in properties of meetings."""
    outcomes = _options("SCHEDULED", "COMPLETED", "RESCHEDULED", "NO_SHOW", "CANCELED")
    return [
        *_shared(source),
        pooled("hs_meeting_title", "Title", (*words.CALLS, None)),
        pooled("hs_meeting_body", "Description", (*words.HTML_NOTES, None), **HTML),
        pooled("hs_internal_meeting_notes", "Internal notes", (*words.PARAGRAPHS, None), **AREA),
        computed("hs_meeting_start_time", "Start", lambda i: source.moment(i, 81, 700), **DATETIME),
        computed("hs_meeting_end_time", "End", lambda i: source.moment(i, 81, 700), **DATETIME),
        pooled("hs_meeting_location", "Location", ("Salle Éole", "https://meet.example/a-b-c", None)),
        choice("hs_meeting_outcome", "Outcome", outcomes),
        pooled("hs_meeting_external_url", "External URL", ("https://calendar.example/e/1", None)),
    ]


def communication_properties(source: Source) -> list[Blueprint]:
    """The built-in properties of communications (SMS, WhatsApp, LinkedIn messages)."""
    channels = _options("SMS", "WHATS_APP", "LINKEDIN_MESSAGE")
    return [
        *_shared(source),
        choice("hs_communication_channel_type", "Channel", channels, empty=0),
        choice("hs_communication_logged_from", "Logged from", _options("CRM")),
        pooled("hs_communication_body", "Body", (*words.SENTENCES, None), **AREA),
        flag("hs_read_only", "Read only", ("false",)),
    ]

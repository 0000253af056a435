"""Sending e-mail through the operator's SMTP server."""

import asyncio
import smtplib
import ssl
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import msgspec

from ontologie.errors import OntologieError

_PATIENCE = timedelta(seconds=15)


class MailFailed(OntologieError):
    """The server did not take it."""

    default_code = "NOTIFICATION_FAILED"


class MailSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The operator's server. ``host`` empty: there is none."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    """``starttls``, ``tls`` or ``none``."""
    user: str = ""
    password: str = ""
    sender: str = ""

    def __repr__(self) -> str:
        return f"MailSettings({self.host})"


async def send(settings: MailSettings, *, to: str, subject: str, text: str) -> None:
    """Hand a message over. Raises MailFailed."""
    if not settings.host:
        raise MailFailed("no server", code="MAIL_NOT_SET_UP")
    try:
        message = _message(settings.sender or settings.user, to, subject, text)
    except (ValueError, IndexError, AttributeError):  # the last two are Python's parser's own, for ``a@[``
        raise MailFailed("malformed header", reason="an address is malformed") from None
    try:
        await asyncio.to_thread(_send, settings, message)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise MailFailed(type(error).__name__, reason=_reason(error)) from None


def _message(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="ontologie.local")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _send(settings: MailSettings, message: EmailMessage) -> None:
    context = ssl.create_default_context()
    patience = _PATIENCE.total_seconds()
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=patience, context=context)
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=patience)
    with server:
        if settings.security == "starttls":
            server.starttls(context=context)
        if settings.user:
            server.login(settings.user, settings.password)
        server.send_message(message)


def _reason(error: Exception) -> str:
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__

"""The mail server (SMTP, RFC 5321): how a short mail is made and sent, and what its refusals mean."""

import smtplib
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from services.chassis.absence import Absence
from services.chassis.clock import TOKYO, now
from services.chassis.handling import Waiting

TIMEOUT_SECONDS, ASK_AGAIN_SECONDS = 10, 5
PERMANENT = 500


class RecipientRefusedError(Exception):
    """There is no mail address, or its mail server refuses it for good."""


def _is_away(error: Exception) -> bool:
    """Whether the server did not speak at all; whatever smtplib else raises is something that it said."""
    return isinstance(error, smtplib.SMTPServerDisconnected) or not isinstance(error, smtplib.SMTPException)


@dataclass(frozen=True)
class MailServer:
    """``sender``: the address that the mails come from.

    One object for all handlers of a process, so that they share what it knows of an absent server.
    """

    host: str
    port: int
    sender: str
    _absence: Absence = field(default_factory=lambda: Absence(ASK_AGAIN_SECONDS, _is_away), init=False, compare=False)

    def send(self, mail: EmailMessage) -> None:
        """Raises Waiting("mail") when the server is down or says "later", RecipientRefusedError when it refuses.

        Any other refusal (of our own address, of the mail itself) is smtplib's error: nobody's address is wrong then.
        """
        try:
            with self._absence.watch(), smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS) as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(error) from error
        except smtplib.SMTPNotSupportedError as error:  # an address beyond ASCII, and a server that cannot (RFC 6531)
            raise RecipientRefusedError from error
        except smtplib.SMTPResponseException as error:
            if error.smtp_code >= PERMANENT:
                raise
            raise Waiting("mail") from error
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise Waiting("mail") from error


@dataclass(frozen=True)
class Letter:
    """What a mail says.  ``sender``: the name beside the sender's address."""

    sender: str
    subject: str
    body: str


def compose(sender: str, address: str, letter: Letter, message_id: str) -> EmailMessage:
    """The mail.  ``message_id``: the part before the ``@``.  Raises RecipientRefusedError when ``address`` is none."""
    from_ = Address(letter.sender, addr_spec=sender)
    mail = EmailMessage()
    mail["From"] = from_
    mail["To"] = _address(address)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(now().astimezone(TOKYO))
    mail["Message-ID"] = f"<{message_id}@{from_.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office robots do not answer
    mail.set_content(letter.body, cte="base64")
    return mail


def _address(text: str) -> Address:
    """Raises RecipientRefusedError.  The email package reads some texts as two addresses and fails in many ways."""
    box, _, domain = text.rpartition("@")
    if not box or "." not in domain or not all(letter.isalnum() or letter in "-." for letter in domain):
        raise RecipientRefusedError
    if not box.isprintable() or any(letter in ' "(),:;<>@[\\]' for letter in box):
        raise RecipientRefusedError
    return Address(username=box, domain=domain)


def _refusal(error: smtplib.SMTPRecipientsRefused) -> Exception:
    codes = [code for code, _ in error.recipients.values()]
    return RecipientRefusedError() if min(codes) >= PERMANENT else Waiting("mail")

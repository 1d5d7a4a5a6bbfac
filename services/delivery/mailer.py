"""The mail server (SMTP, RFC 5321): one short mail that says only that something lies in the inbox."""

import smtplib
import uuid
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from services.chassis.absence import Absence
from services.chassis.clock import TOKYO, now
from services.chassis.handling import Waiting
from services.delivery.town import MailText
from services.delivery.use_cases import AddressRefusedError

TIMEOUT_SECONDS, ASK_AGAIN_SECONDS = 10, 5
PERMANENT = 500


class SmtpMailer:
    """Sends through the town's mail server.  ``sender``: the address that the mails come from."""

    def __init__(self, host: str, port: int, sender: str, text: MailText, inbox_url: str) -> None:
        self._host, self._port = host, port
        self._sender = sender
        self._text = text
        self._inbox_url = inbox_url
        self._absence = Absence(ASK_AGAIN_SECONDS, _is_away)

    def alert(self, address: str, document_id: uuid.UUID) -> None:
        """Raises Waiting("mail") when the server is down or says "later", AddressRefusedError when it refuses for good.

        Any other refusal (of our own address, of the mail itself) is smtplib's error: nobody's address is wrong then.
        """
        mail = compose(self._sender, address, self._text, self._inbox_url, document_id)
        try:
            with self._absence.watch(), smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS) as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(error) from error
        except smtplib.SMTPNotSupportedError as error:  # an address beyond ASCII, and a server that cannot (RFC 6531)
            raise AddressRefusedError from error
        except smtplib.SMTPResponseException as error:
            if error.smtp_code >= PERMANENT:
                raise
            raise Waiting("mail") from error
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise Waiting("mail") from error


def compose(sender: str, address: str, text: MailText, inbox_url: str, document_id: uuid.UUID) -> EmailMessage:
    """The mail.  Raises AddressRefusedError when ``address`` is not one.

    The Message-ID is made from the document's id and is the same at each try, so that a mail server or reader can tell
    a repeat; it does not give the id away.
    """
    from_ = Address(text.sender, addr_spec=sender)
    mail = EmailMessage()
    mail["From"] = from_
    mail["To"] = _address(address)
    mail["Subject"] = text.subject
    mail["Date"] = format_datetime(now().astimezone(TOKYO))
    mail["Message-ID"] = f"<{uuid.uuid5(uuid.NAMESPACE_URL, f'todoke:alert:{document_id}')}@{from_.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office robots do not answer
    mail.set_content(text.body.format(inbox=inbox_url), cte="base64")
    return mail


def _address(text: str) -> Address:
    """Raises AddressRefusedError.  The email package alone reads some texts as two addresses and fails in many ways."""
    box, _, domain = text.rpartition("@")
    if not box or "." not in domain or not all(letter.isalnum() or letter in "-." for letter in domain):
        raise AddressRefusedError
    if not box.isprintable() or any(letter in ' "(),:;<>@[\\]' for letter in box):
        raise AddressRefusedError
    return Address(username=box, domain=domain)


def _is_away(error: Exception) -> bool:
    """Whether the server did not speak at all; whatever smtplib else raises is something that it said."""
    return isinstance(error, smtplib.SMTPServerDisconnected) or not isinstance(error, smtplib.SMTPException)


def _refusal(error: smtplib.SMTPRecipientsRefused) -> Exception:
    codes = [code for code, _ in error.recipients.values()]
    return AddressRefusedError() if min(codes) >= PERMANENT else Waiting("mail")

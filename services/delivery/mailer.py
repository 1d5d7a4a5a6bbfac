"""The mail to a resident: it says only that something lies in the inbox."""

import uuid
from email.message import EmailMessage

from services.chassis import mail
from services.delivery.town import MailText
from services.delivery.use_cases import AddressRefusedError


class SmtpMailer:
    """Sends through the town's mail server.  ``sender``: the address that the mails come from."""

    def __init__(self, host: str, port: int, sender: str, text: MailText, inbox_url: str) -> None:
        self._server = mail.MailServer(host, port, sender)
        self._text = text
        self._inbox_url = inbox_url

    def alert(self, address: str, document_id: uuid.UUID) -> None:
        """Raises Waiting("mail") when the server is down or says "later", AddressRefusedError when it refuses."""
        letter = compose(self._server.sender, address, self._text, self._inbox_url, document_id)
        try:
            self._server.send(letter)
        except mail.RecipientRefusedError as error:
            raise AddressRefusedError from error


def compose(sender: str, address: str, text: MailText, inbox_url: str, document_id: uuid.UUID) -> EmailMessage:
    """The mail.  Raises AddressRefusedError when ``address`` is not one.

    The Message-ID is made from the document's id and is the same at each try, so that a mail server or reader can tell
    a repeat; it does not give the id away.
    """
    letter = mail.Letter(text.sender, text.subject, text.body.format(inbox=inbox_url))
    try:
        return mail.compose(sender, address, letter, str(uuid.uuid5(uuid.NAMESPACE_URL, f"todoke:alert:{document_id}")))
    except mail.RecipientRefusedError as error:
        raise AddressRefusedError from error

"""The mails to a resident: they say only that something waits, and where."""

import uuid
from email.message import EmailMessage

from services.chassis import mail
from services.delivery.town import MailText
from services.delivery.use_cases import AddressRefusedError


class SmtpMailer:
    """Sends through the town's mail server.  ``sender``: the address that the mails come from."""

    def __init__(self, host: str, port: int, sender: str, text: MailText, link: str) -> None:
        self._server = mail.MailServer(host, port, sender)
        self._text = text
        self._link = link

    def alert(self, address: str, about: uuid.UUID) -> None:
        """Raises Waiting("mail") when the server is down or says "later", AddressRefusedError when it refuses."""
        letter = compose(self._server.sender, address, self._text, self._link, about)
        try:
            self._server.send(letter)
        except mail.RecipientRefusedError as error:
            raise AddressRefusedError from error


def compose(sender: str, address: str, text: MailText, link: str, about: uuid.UUID) -> EmailMessage:
    """The mail.  Raises AddressRefusedError when ``address`` is not one.

    The Message-ID is made from the id of what it is about and is the same at each try, so that a mail server or reader
    can tell a repeat; it does not give the id away.
    """
    letter = mail.Letter(text.sender, text.subject, text.body.format(link=link))
    try:
        return mail.compose(sender, address, letter, str(uuid.uuid5(uuid.NAMESPACE_URL, f"todoke:alert:{about}")))
    except mail.RecipientRefusedError as error:
        raise AddressRefusedError from error

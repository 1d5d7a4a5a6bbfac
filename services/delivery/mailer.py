"""The mails to a resident: they say only that something waits, and where."""

import uuid
from dataclasses import dataclass
from email.message import EmailMessage

from services.chassis import mail
from services.delivery.town import MailText
from services.delivery.use_cases import AddressRefusedError


@dataclass(frozen=True)
class Text:
    """What a mail says, and the one link in it."""

    words: MailText
    link: str


class SmtpMailer:
    """Sends through the town's mail server.  ``sender``: the address that the mails come from."""

    def __init__(self, host: str, port: int, sender: str, notice: Text, correction: Text) -> None:
        self._server = mail.MailServer(host, port, sender)
        self._notice = notice
        self._correction = correction

    def alert(self, address: str, document_id: uuid.UUID) -> None:
        """Raises Waiting("mail") when the server is down or says "later", AddressRefusedError when it refuses."""
        self._send(address, self._notice, document_id)

    def ask(self, address: str, correction_id: uuid.UUID) -> None:
        """Raises the same."""
        self._send(address, self._correction, correction_id)

    def _send(self, address: str, text: Text, about: uuid.UUID) -> None:
        letter = compose(self._server.sender, address, text, about)
        try:
            self._server.send(letter)
        except mail.RecipientRefusedError as error:
            raise AddressRefusedError from error


def compose(sender: str, address: str, text: Text, about: uuid.UUID) -> EmailMessage:
    """The mail.  Raises AddressRefusedError when ``address`` is not one.

    The Message-ID is made from the id of what it is about and is the same at each try, so that a mail server or reader
    can tell a repeat; it does not give the id away.
    """
    words = text.words
    letter = mail.Letter(words.sender, words.subject, words.body.format(link=text.link))
    try:
        return mail.compose(sender, address, letter, str(uuid.uuid5(uuid.NAMESPACE_URL, f"todoke:alert:{about}")))
    except mail.RecipientRefusedError as error:
        raise AddressRefusedError from error

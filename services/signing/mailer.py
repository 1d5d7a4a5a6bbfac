"""The mails to a contractor: that something waits, the one-time code, that all is done."""

import tomllib
import uuid
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from services.chassis import mail
from services.signing.settings import SigningSettings
from services.signing.use_cases.contracts import MailRefusedError

KINDS = ("offered", "code", "concluded")


class SmtpContractMailer:
    """Sends through the town's mail server."""

    def __init__(self, server: mail.MailServer, texts: Mapping[str, mail.Letter], sign_url: str) -> None:
        self._server, self._texts, self._sign_url = server, texts, sign_url

    @classmethod
    def of(cls, values: SigningSettings) -> "SmtpContractMailer":
        """The server, texts and address that the settings name."""
        server = mail.MailServer(values.smtp_host, values.smtp_port, values.mail_from)
        return cls(server, mail_texts(values.town_dir), f"{values.public_url}/sign/")

    def offered(self, address: str, document_id: uuid.UUID) -> None:
        """Something waits.  Raises Waiting, MailRefusedError."""
        self._send("offered", address, _same_id("offered", document_id))

    def code(self, address: str, code: str) -> None:
        """The one-time code; no two mails are the same.  Raises Waiting, MailRefusedError."""
        self._send("code", address, str(uuid.uuid4()), code)

    def concluded(self, address: str, document_id: uuid.UUID) -> None:
        """The files can be fetched.  Raises Waiting, MailRefusedError."""
        self._send("concluded", address, _same_id("concluded", document_id))

    def _send(self, kind: str, address: str, message_id: str, code: str = "") -> None:
        text = self._texts[kind]
        letter = mail.Letter(text.sender, text.subject, text.body.format(sign=self._sign_url, code=code))
        try:
            self._server.send(mail.compose(self._server.sender, address, letter, message_id))
        except mail.RecipientRefusedError as error:
            raise MailRefusedError from error


@cache
def mail_texts(town: Path) -> Mapping[str, mail.Letter]:
    """By kind.  Read once per process.  Raises OSError, KeyError, tomllib.TOMLDecodeError."""
    file = tomllib.loads((town / "signing.toml").read_text("utf-8"))["mail"]
    return {
        kind: mail.Letter(file["sender"], file[kind]["subject"], file[kind]["body"].lstrip()) for kind in KINDS
    }


def _same_id(kind: str, document_id: uuid.UUID) -> str:
    """The same at each try, so that a mail server or reader can tell a repeat; it does not give the id away."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"todoke:{kind}:{document_id}"))

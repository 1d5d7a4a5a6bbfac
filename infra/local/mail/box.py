"""Caught mails as files, one each: there whole or not at all, whenever the process is killed."""

import os
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from pathlib import Path

from services.chassis.clock import TOKYO

NAME = re.compile(r"\d{19}-[0-9a-f]{8}")
SECOND = 1_000_000_000  # nanoseconds
FROM, TO = "X-Envelope-From", "X-Envelope-To"  # headers in front of the mail's own: what the envelope said
HEADERS = HeaderRegistry()
# To be shown, not parsed: a wrong address must not hide a mail.
HEADERS.map_to_type("From", UnstructuredHeader)  # type: ignore[arg-type]  # it is one of the registry's own
READING = policy.default.clone(header_factory=HEADERS)


@dataclass(frozen=True)
class Mail:
    """One caught mail.  ``recipients``: of the envelope."""

    name: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def caught_at(self) -> datetime:
        """In Tokyo; part of the name."""
        return datetime.fromtimestamp(int(self.name.split("-")[0]) / SECOND, TOKYO)

    @property
    def subject(self) -> str:
        """Decoded; empty when there is none."""
        return str(self.message["Subject"] or "")

    @property
    def sender(self) -> str:
        """What the mail says, else the envelope."""
        return str(self.message["From"] or self.message[FROM] or "")

    @property
    def text(self) -> str:
        """The body as text: the plain one where there are several."""
        body = self.message.get_body(("plain", "html"))
        if body is None:
            return ""
        try:
            return str(body.get_content())
        except LookupError:  # a character set that nobody knows
            return str(body.get_payload())


class Box:
    """A folder of mails, newest first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, sender: str, recipients: Sequence[str], content: bytes) -> str:
        """Write a mail for good and return its name.  Raises OSError."""
        name = f"{time.time_ns():019d}-{secrets.token_hex(4)}"
        fresh = self._path(name).with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(_envelope(sender, recipients) + content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path(name))
        return name

    def names(self) -> list[str]:
        """Of all mails, newest first."""
        return sorted((path.stem for path in self._folder.glob("*.eml")), reverse=True)

    def find(self, name: str) -> Mail | None:
        """The mail of that name, if there is one."""
        if not NAME.fullmatch(name):
            return None
        try:
            content = self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        message = message_from_bytes(content, policy=READING)
        return Mail(name, tuple(str(address) for address in message.get_all(TO, [])), message)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.eml"


def _envelope(sender: str, recipients: Sequence[str]) -> bytes:
    lines = [f"{FROM}: {sender}", *(f"{TO}: {address}" for address in recipients)]
    return "".join(f"{line}\r\n" for line in lines).encode()

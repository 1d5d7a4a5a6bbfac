"""A mail server for the tests: what it took, and the code in it."""

import random
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller


@dataclass
class Letters:
    """``refuses``: it knows no such address."""

    taken: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if self.refuses:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken.append(cast(EmailMessage, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"

    def code(self) -> str:
        """In the newest mail."""
        (found,) = re.findall(r"確認コード：(\d{6})", self.taken[-1].get_content())
        return str(found)


def free_port() -> int:
    """Below the ports that outgoing connections take, since it is bound again and again."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise OSError


@contextmanager
def receiving(port: int) -> Iterator[Letters]:
    """Up on this port until the context ends."""
    letters = Letters()
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield letters
    finally:
        controller.stop()

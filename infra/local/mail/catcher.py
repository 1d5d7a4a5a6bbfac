"""The SMTP side (RFC 5321, with SMTPUTF8): a mail is kept before it is acknowledged."""

import logging
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from infra.local.mail.box import Box
from infra.wsgi import HOST

KEPT = "250 2.0.0 kept, and never sent on"
NOWHERE = "550 5.1.2 no such domain"
LATER = "451 4.3.0 cannot keep it now"
log = logging.getLogger(__name__)


class Catcher:
    """What aiosmtpd asks at each step of a mail."""

    def __init__(self, box: Box) -> None:
        self._box = box

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Everybody, except at ``.invalid``, which never exists (RFC 2606): so that a refusal can be practised."""
        if address.lower().endswith(".invalid"):
            return NOWHERE
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 ok"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep it, or say "later"."""
        try:
            self._box.keep(envelope.mail_from or "", envelope.rcpt_tos, envelope.original_content or b"")
        except OSError as error:
            log.error("mail not kept: %s", type(error).__name__)
            return LATER
        return KEPT


def server(box: Box, port: int) -> Any:
    """Not started yet; in a thread of its own once it is."""
    return Controller(Catcher(box), hostname=HOST, port=port, enable_SMTPUTF8=True, ident="todoke mail catcher")

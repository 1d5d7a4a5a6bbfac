"""What the templates of the contractor's pages show."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from services.signing.domain.contracts import Code, Contract
from services.signing.queries.contracts import ContractSheet
from services.signing.web import signing_words


@dataclass(frozen=True)
class ContractView:
    """One contract before its contractor."""

    sheet: ContractSheet
    today: date

    @property
    def contract(self) -> Contract:
        """What signing has decided of it."""
        return self.sheet.contract

    @cached_property
    def data(self) -> dict[str, Any]:
        """The contract data."""
        found: dict[str, Any] = json.loads(self.sheet.texts.sources.notice_text)
        return found

    @property
    def state(self) -> str:
        """As the pages tell it: an offer whose day has passed is over, whether or not anybody has looked."""
        late = self.sheet.state == "offered" and self.today > self.contract.answer_by
        return "expired" if late else self.sheet.state

    @property
    def is_open(self) -> bool:
        """Whether the contractor can still answer."""
        return self.state == "offered"

    @property
    def match_number(self) -> str:
        """Eight digits of the document's hash, for comparing by eye."""
        return f"{self.contract.offered_sha256[:4]}-{self.contract.offered_sha256[4:8]}"

    @property
    def code(self) -> Code | None:
        """The last code that was asked for."""
        return self.sheet.code

    def code_state(self, now: datetime) -> str:
        """none, coming, mail (its server is down), refused (no such address), sent, over."""
        code = self.code
        if code is None:
            return "none"
        if code.refused:
            return "refused"
        if code.lapsed(now) or code.used_at or not code.tries_left:
            return "over"
        if code.sent_at:
            return "sent"
        return "mail" if self.sheet.waits_for else "coming"


def parts_of(views: Sequence[ContractView]) -> list[tuple[str, list[ContractView]]]:
    """The list's parts that hold something."""
    parts = ((title, [one for one in views if one.state in states]) for title, states in signing_words.PARTS)
    return [(title, found) for title, found in parts if found]

"""Number and date, read when the final notice is made: the preview had neither, and nobody has approved them."""

import re
from dataclasses import dataclass
from datetime import date

# 文書の記号 and the running number of the year: 高建第1087号, 高総第12号の2.
NUMBER = re.compile(r"[一-鿿]{1,6}第[1-9][0-9]{0,5}号(の[1-9][0-9]{0,2})?")


@dataclass(frozen=True)
class Issuing:
    """``submitted_on``: when it was applied for; ``decided_on``: the day of the decision; ``today``: in Tokyo."""

    number: str
    issued_on: date
    submitted_on: date
    decided_on: date
    today: date


def issue_mistake(issuing: Issuing) -> str:
    """The code of what is wrong with number or date; nothing when they are right."""
    if not NUMBER.fullmatch(issuing.number):
        return "DocumentNumberError"
    if issuing.issued_on < max(issuing.submitted_on, issuing.decided_on):
        return "IssuedTooEarlyError"
    return "IssuedInFutureError" if issuing.issued_on > issuing.today else ""

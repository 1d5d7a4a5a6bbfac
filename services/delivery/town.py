"""infra/town: the town's rules of delivery, the names of its procedures, the days on which nobody can act."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jpholiday

from services.chassis.clock import TOKYO
from services.delivery.domain import ArrivalRule, rule_on

SATURDAY = 5


@dataclass(frozen=True)
class MailText:
    """``body`` has one place, ``{inbox}``, for the link."""

    sender: str
    subject: str
    body: str


@dataclass(frozen=True)
class DeliveryRules:
    """What infra/town/delivery.toml says."""

    arrival: tuple[ArrivalRule, ...]
    mail: MailText

    def rule_at(self, time: datetime) -> ArrivalRule:
        """The arrival rule for a notice made available at ``time``.  Raises NoArrivalRuleError."""
        return rule_on(self.arrival, time.astimezone(TOKYO).date())


@cache
def delivery_rules(town: Path) -> DeliveryRules:
    """Read once per process.  Raises OSError, KeyError, tomllib.TOMLDecodeError: without it no service starts."""
    file = tomllib.loads((town / "delivery.toml").read_text("utf-8"))
    mail = file["mail"]
    return DeliveryRules(
        arrival=tuple(_arrival_rule(rule) for rule in file["arrival"]),
        mail=MailText(sender=mail["sender"], subject=mail["subject"], body=mail["body"].lstrip()),
    )


def _arrival_rule(rule: dict[str, Any]) -> ArrivalRule:
    return ArrivalRule(id=rule["id"], valid_from=rule["from"], needs=frozenset(rule["needs"]))


@cache
def procedure_names(town: Path) -> dict[str, str]:
    """Name of every procedure by id; the newest version's."""
    files = [tomllib.loads(path.read_text("utf-8")) for path in (town / "procedures").glob("*/procedure.toml")]
    return {file["id"]: file["name"] for file in sorted(files, key=lambda file: file["valid_from"])}


def is_closed(day: date) -> bool:
    """Saturday, Sunday, 祝日, or 29 December to 3 January (practice E36).

    A resident's deadline on such a day moves to the next: 地方自治法4条の2 for the town, 民事訴訟法95条3項 for the
    court; both name the same days.
    """
    turn_of_the_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() >= SATURDAY or turn_of_the_year or bool(jpholiday.is_holiday(day))

"""Reads infra/town: the town's rules of delivery and the names of its procedures."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from services.chassis.clock import TOKYO
from services.delivery.domain import ArrivalRule, rule_on


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

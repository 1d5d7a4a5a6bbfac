"""Reads infra/town: the town's rules of delivery, its procedures, and who works in which section."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from services.chassis.clock import TOKYO
from services.chassis.holidays import read_holidays
from services.delivery.domain.appeals import Closed
from services.delivery.domain.inbox import ArrivalRule, rule_on
from services.delivery.domain.paper import post_until


@dataclass(frozen=True)
class MailText:
    """``body`` has one place, ``{link}``."""

    sender: str
    subject: str
    body: str


@dataclass(frozen=True)
class DeliveryRules:
    """What infra/town/delivery.toml says.  ``paper_days``: open days within which a notice on paper is posted."""

    arrival: tuple[ArrivalRule, ...]
    mail: MailText
    correction_mail: MailText
    paper_days: int
    closed: Closed

    def rule_at(self, time: datetime) -> ArrivalRule:
        """The arrival rule for a notice made available at ``time``.  Raises NoArrivalRuleError."""
        return rule_on(self.arrival, time.astimezone(TOKYO).date())

    def post_until(self, time: datetime) -> date:
        """The day until which a notice that goes on paper from ``time`` on is to be posted."""
        return post_until(time.astimezone(TOKYO).date(), self.paper_days, self.closed)


@cache
def delivery_rules(town: Path) -> DeliveryRules:
    """Read once per process.  Raises OSError, KeyError, tomllib.TOMLDecodeError: without it no service starts."""
    file = tomllib.loads((town / "delivery.toml").read_text("utf-8"))
    return DeliveryRules(
        arrival=tuple(_arrival_rule(rule) for rule in file["arrival"]),
        mail=_mail(file["mail"]),
        correction_mail=_mail(file["correction_mail"]),
        paper_days=file["paper"]["open_days"],
        closed=read_holidays(town).is_closed,
    )


def _mail(text: dict[str, str]) -> MailText:
    return MailText(sender=text["sender"], subject=text["subject"], body=text["body"].lstrip())


def _arrival_rule(rule: dict[str, Any]) -> ArrivalRule:
    return ArrivalRule(id=rule["id"], valid_from=rule["from"], needs=frozenset(rule["needs"]))


@cache
def procedure_names(town: Path) -> dict[str, str]:
    """Name of every procedure by id; the newest version's."""
    return {file["id"]: file["name"] for file in _procedures(town)}


@cache
def procedure_sections(town: Path) -> dict[str, str]:
    """Id of the section in charge of every procedure; the newest version's."""
    return {file["id"]: file["section"] for file in _procedures(town)}


def sections_of(town: Path, sub: str, day: date) -> frozenset[str]:
    """Ids of the sections in which a person holds a post on ``day``."""
    organisation = _organisation(town)
    posts = {one["id"]: one["section"] for one in organisation["post"] if _holds(one, day)}
    held = [one for holder in organisation["holder"] if holder["sub"] == sub for one in holder["posts"]]
    return frozenset(posts[one["post"]] for one in held if _holds(one, day) and one["post"] in posts)


def member_name(town: Path, sub: str) -> str:
    """What a member of the staff is called; the sub of one whom the organisation never knew."""
    return next((holder["name"] for holder in _organisation(town)["holder"] if holder["sub"] == sub), sub)


def _holds(entry: Mapping[str, Any], day: date) -> bool:
    return bool(entry["from"] <= day <= entry.get("until", date.max))


@cache
def _organisation(town: Path) -> dict[str, Any]:
    return tomllib.loads((town / "organisation.toml").read_text("utf-8"))


def _procedures(town: Path) -> list[dict[str, Any]]:
    files = [tomllib.loads(path.read_text("utf-8")) for path in (town / "procedures").glob("*/procedure.toml")]
    return sorted(files, key=lambda file: file["valid_from"])

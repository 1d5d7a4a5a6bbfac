"""Hops: from the commit of a fact to the commit of its effect at each who hears it, by PostgreSQL's own clock."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from infra.console import commits
from infra.console.facts import cases
from infra.console.houses import SERVICES, reading
from infra.local.system import System
from services.chassis.tables import inbox
from tests.chaos.tally import unrest

CALM_SECONDS = 180


@dataclass(frozen=True)
class Hop:
    """One fact at one hearer."""

    fact: str
    hearer: str
    case_id: UUID
    committed_at: datetime
    effect_at: datetime

    @property
    def seconds(self) -> float:
        """From commit to commit."""
        return (self.effect_at - self.committed_at).total_seconds()


def all_hops(system: System) -> list[Hop]:
    """Every hop that has come to its end."""
    said: dict[UUID, datetime] = {}
    for service in SERVICES:
        with reading(service, system.layout) as connection:
            said |= commits.said_at(connection)
    return [hop for service in SERVICES for hop in _hops_of(system, service, said)]


def _hops_of(system: System, service: str, said: dict[UUID, datetime]) -> list[Hop]:
    with reading(service, system.layout) as connection:
        rows = commits.heard(connection, inbox.c.state == "done")
    return [
        Hop(row.fact.split(".")[-2], service, row.case_id, said[row.message_id], row.committed_at) for row in rows
    ]


def decision_to_inbox(hops: Collection[Hop]) -> list[float]:
    """Seconds from the commit of the decision to the commit of the notice in the inbox, of each case that has both."""
    decided = {hop.case_id: hop.committed_at for hop in hops if hop.fact == "decision_made"}
    arrived = {hop.case_id: hop.effect_at for hop in hops if (hop.fact, hop.hearer) == ("document_signed", "delivery")}
    return [(arrived[case] - decided[case]).total_seconds() for case in arrived.keys() & decided.keys()]


def cases_of(system: System, numbers: Collection[str]) -> set[UUID]:
    """Case ids of reception numbers."""
    known = cases(system.layout)
    return {UUID(known[number].subject) for number in numbers}


def wait_for_notice(system: System, number: str) -> None:
    """Until the notice of a case lies in the inbox."""
    (case_id,) = cases_of(system, [number])
    with reading("delivery", system.layout) as connection:
        signed = sa.select(inbox.c.message_id).where(inbox.c.case_id == case_id, inbox.c.fact.like("%document_signed%"))
        _until(lambda: connection.scalar(signed) is not None, f"the notice of {number}")


def wait_for_calm(system: System) -> None:
    """Until nothing waits anywhere."""
    _until(lambda: not unrest(system), "calm", 0.5)


def _until(found: Callable[[], bool], what: str, pause: float = 0.05) -> None:
    deadline = time.monotonic() + CALM_SECONDS
    while not found():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come")
        time.sleep(pause)

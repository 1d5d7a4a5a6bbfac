"""Counts what became of the applications, in each service's own database."""

import time
from collections import Counter
from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from infra.console import facts
from infra.console.houses import SERVICES, reading
from infra.console.status import status
from infra.local.mail.box import Box
from infra.local.system import System
from services.chassis.tables import outbox

# The whole way of a case, each step exactly once; what a person opens is that person's business.
WAY = {
    "intake": {"application_submitted"},
    "approval": {"examination_started", "decision_drafted", "decision_made"},
    "signing": {"draft_checked", "seal_permitted", "document_signed"},
    "delivery": {"notice_delivered"},
    "archive": {"document_archived"},
}
WAITING = ("unpublished", "set_aside", "unstored", "repair_debts", "kept")
LAST = {"delivery": "notice_delivered", "archive": "document_archived"}


class Tally:
    """Of these reception numbers."""

    def __init__(self, system: System, numbers: Iterable[str]) -> None:
        self._layout = system.layout
        known = facts.cases(self._layout)
        self.lost = [number for number in numbers if number not in known]
        self.cases = [UUID(known[number].subject) for number in numbers if number in known]

    def said(self, service: str) -> Counter[tuple[str, UUID]]:
        """How often a service has said each fact of each of the cases."""
        with reading(service, self._layout) as connection:
            rows = connection.execute(
                sa.select(outbox.c.routing_key, outbox.c.case_id).where(outbox.c.case_id.in_(self.cases))
            ).all()
        return Counter((row.routing_key.rsplit(".", 1)[0], row.case_id) for row in rows)

    def ended(self) -> int:
        """How many cases have come to their end: in the inbox, and in the archive."""
        reached = [{case for fact, case in self.said(service) if fact == last} for service, last in LAST.items()]
        return len(set.intersection(*reached))

    def strays(self) -> dict[str, list[str]]:
        """By service: each fact that a case lacks or that was said again."""
        found = {}
        for service in SERVICES:
            said = self.said(service)
            wrong = [(fact, case) for fact in WAY[service] for case in self.cases if said[fact, case] != 1]
            found[service] = [f"{fact} of {case}: {said[fact, case]} times" for fact, case in wrong]
        return {service: wrong for service, wrong in found.items() if wrong}


def unrest(system: System) -> dict[str, object]:
    """What still waits, is kept, parked or owed anywhere; empty when all is quiet."""
    found: dict[str, object] = {}
    shown = status(system.layout)
    for service, one in shown["services"].items():
        found |= {f"{service}.{name}": one.get(name, "?") for name in WAITING if one.get(name, "?")}
    found |= {name: queue["messages"] for name, queue in shown["queues"].items() if queue["messages"]}
    return found | ({} if shown["cases"].get("holds") else {"sum": shown["cases"]})


def quiet(system: System, seconds: float = 60) -> dict[str, object]:
    """What is left of the unrest when it should have gone."""
    deadline = time.monotonic() + seconds
    while (left := unrest(system)) and time.monotonic() < deadline:
        time.sleep(0.5)
    return left


def mails(system: System) -> int:
    """How many the catcher has."""
    return len(Box(system.layout.state / "mail").names())

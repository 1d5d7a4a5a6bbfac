"""One case's way through all services with its times: said, published, and taken up by each who hears it.

The inbox notes a message when its handling begins: ``handled_at`` is that beginning.  ``committed_at`` of a fact and
``effect_at`` of a hearing are the commits themselves; null where PostgreSQL keeps no record of them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from rich.table import Table

from infra.console import commits
from infra.console.facts import Said, cases, said_of
from infra.console.houses import SERVICES, reading
from infra.local.layout import Layout
from services.approval import queries
from services.chassis.tables import inbox, ledger

Document = dict[str, Any]


class UnknownNumberError(Exception):
    """No case has this number."""

    def __init__(self, number: str) -> None:
        super().__init__(f"no case has the number {number}")


def trace(number: str, layout: Layout) -> Document:
    """The facts of a case in the order of their times, each with those who heard it."""
    case_id = case_id_of(number, layout)
    heard = heard_of(case_id, layout)
    commits_of = committed_of(case_id, layout)
    way = said_of(case_id, layout)
    facts = [fact_document(one, commits_of.get(one.envelope.id), heard.get(one.envelope.id, [])) for one in way]
    correlation_id = way[0].envelope.correlationid
    return {"number": number, "case_id": str(case_id), "correlation_id": correlation_id, "facts": facts}


def case_id_of(number: str, layout: Layout) -> UUID:
    """Of an application or a contract.  Raises UnknownNumberError.

    A contract has its number before any fact tells it: until its approval, the desk's database alone knows it.
    """
    if first := cases(layout).get(number):
        return UUID(first.subject)
    with reading("approval", layout) as connection:
        found = queries.case(connection, number)
    if found is None:
        raise UnknownNumberError(number)
    return found.case_id


def heard_of(case_id: UUID, layout: Layout) -> dict[UUID, list[Document]]:
    """Who has received each message of a case, by message id."""
    found: dict[UUID, list[Document]] = {}
    for service in SERVICES:
        with reading(service, layout) as connection:
            rows = commits.heard(connection, inbox.c.case_id == case_id)
        for row in rows:
            found.setdefault(row.message_id, []).append(hearing(service, row))
    return found


def committed_of(case_id: UUID, layout: Layout) -> dict[UUID, datetime]:
    """When each fact of a case was committed, by message id."""
    found: dict[UUID, datetime] = {}
    for service in SERVICES:
        with reading(service, layout) as connection:
            found |= commits.said_at(connection, ledger.c.case_id == case_id)
    return found


def hearing(service: str, row: sa.Row[Any]) -> Document:
    """One service's hearing of a message; one that is not done says why and since when."""
    return {
        "service": service,
        "state": row.state,
        "reason": row.reason,
        "received_at": text_of(row.received_at),
        "handled_at": text_of(row.handled_at),
        "effect_at": text_of(row.committed_at) if row.state == "done" else None,
    }


def fact_document(said: Said, committed_at: datetime | None, heard: list[Document]) -> Document:
    """One fact as JSON."""
    return {
        "fact": said.fact,
        "service": said.service,
        "sequence": said.envelope.sequence,
        "said_at": text_of(said.at),
        "committed_at": text_of(committed_at),
        "published_at": text_of(said.published_at),
        "heard": sorted(heard, key=lambda one: one["received_at"]),
    }


def text_of(moment: datetime | None) -> str | None:
    """ISO 8601, or None while it has not happened."""
    return moment.isoformat() if moment else None


def table_of(document: Document) -> Table:
    """The same as a table: times after the fact was said, in milliseconds."""
    titles = ("said at", "service", "fact", "published", "taken up → took effect")
    said = f"in the logs: correlation_id {document['correlation_id']}"
    table = Table(*titles, title=document["number"], caption=said)
    for fact in document["facts"]:
        handled = ", ".join(f"{one['service']} {state_of(fact, one)}" for one in fact["heard"])
        table.add_row(fact["said_at"], fact["service"], fact["fact"], after(fact, fact["published_at"]), handled)
    return table


def state_of(fact: Document, heard: Document) -> str:
    """How long after the fact it was taken up and took effect, or why it waits."""
    if heard["state"] == "done":
        effect = f" → {after(fact, heard['effect_at'])}" if heard["effect_at"] else ""
        return f"{after(fact, heard['handled_at'])}{effect}"
    return f"{heard['state']} {heard['reason']}".strip()


def after(fact: Document, moment: str | None) -> str:
    """Milliseconds since the fact was said; ``not yet`` while there is no such moment."""
    if moment is None:
        return "not yet"
    passed = datetime.fromisoformat(moment) - datetime.fromisoformat(fact["said_at"])
    return f"+{passed.total_seconds() * 1000:.0f} ms"

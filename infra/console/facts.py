"""One case's way through the services, read from what each of them has said."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from infra.console.houses import SERVICES, reading
from infra.local.layout import Layout
from services.chassis.tables import outbox
from services.messages import Envelope

# The state (knowledge of pages: table of states) that a fact brings its case into.
STATES = {
    "application_submitted": "accepted",
    "examination_started": "examining",
    "correction_requested": "correction_requested",
    "application_corrected": "examining",
    "application_withdrawn": "withdrawn",
    "decision_drafted": "drafted",
    "draft_checked": "checked",
    "decision_made": "decided",
    "contract_approved": "decided",
    "contract_offered": "offered",
    "contract_consented": "consented",
    "contract_declined": "declined",
    "contract_expired": "expired",
    "contract_concluded": "concluded",
    "seal_permitted": "permitted",
    "document_signed": "signed",
    "document_archived": "archived",
    "notice_delivered": "available",
    "notice_opened": "opened",
    "notice_arrived": "arrived",
    "delivery_failed": "fallback",
    "paper_posted": "posted",
}


# What gives a case its number: who says it, the fact's routing key, and the field with the number.
NUMBERED = (
    ("intake", "application_submitted.v1", "reception_number"),
    ("approval", "contract_approved.v1", "contract_number"),
)


@dataclass(frozen=True)
class Said:
    """One fact and who said it."""

    fact: str
    service: str
    at: datetime
    published_at: datetime | None
    envelope: Envelope

    @property
    def state(self) -> str:
        """The state it brings the case into; empty when none."""
        return STATES.get(self.fact, "")


def said_of(case_id: UUID, layout: Layout, services: Iterable[str] = SERVICES) -> list[Said]:
    """All facts of a case in the order of their times."""
    found = []
    for service in services:
        with reading(service, layout) as connection:
            rows = connection.execute(sa.select(outbox).where(outbox.c.case_id == case_id)).all()
        found += [_said(row, service) for row in rows]
    return sorted(found, key=lambda said: said.at)


def cases(layout: Layout) -> dict[str, Envelope]:
    """The message that gave each case its number, by number."""
    return {number: envelope for how in NUMBERED for number, envelope in _numbered(layout, *how)}


def _numbered(layout: Layout, service: str, routing_key: str, field: str) -> Iterator[tuple[str, Envelope]]:
    with reading(service, layout) as connection:
        said = sa.select(outbox.c.body).where(outbox.c.routing_key == routing_key).order_by(outbox.c.seq)
        for body in connection.scalars(said).all():
            envelope = Envelope.from_json(body)
            yield envelope.data[field], envelope


def _said(row: sa.Row[tuple[object, ...]], service: str) -> Said:
    envelope = Envelope.from_json(row.body)
    return Said(row.routing_key.rsplit(".", 1)[0], service, envelope.time, row.published_at, envelope)

"""What has waited long for an outside server: found in the service's tables, told once, taken back when it goes on."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.chassis.clock import now
from services.chassis.database import Work, work_on
from services.chassis.tables import inbox, outbox, told_delays, unstored_documents
from services.messages import HandlingDelayed, HandlingResumed

LONG = timedelta(seconds=60)
BATCH = 200


@dataclass(frozen=True, kw_only=True)
class LongWait:
    """A message that waits.  ``fact``: its CloudEvents type; ``server``: what it waits for."""

    message_id: UUID
    case_id: UUID
    fact: str
    server: str
    since: datetime


def unapplied(connection: sa.Connection) -> Sequence[LongWait]:
    """Facts heard long ago whose handling needs a server that is away, the oldest first."""
    query = sa.select(inbox).where(inbox.c.state == "waiting", inbox.c.received_at < now() - LONG)
    found = connection.execute(query.order_by(inbox.c.received_at).limit(BATCH)).all()
    return [
        LongWait(message_id=it.message_id, case_id=it.case_id, fact=it.fact, server=it.reason, since=it.received_at)
        for it in found
    ]


def unstored(connection: sa.Connection, service: str) -> Sequence[LongWait]:
    """Facts said long ago that are not published because the sites have not taken their documents yet."""
    return [_said(row, service, "store") for row in connection.execute(_pending(_has_unstored()))]


def unpublished(connection: sa.Connection, service: str) -> Sequence[LongWait]:
    """Facts said long ago that the broker has not taken yet.  Of these nobody else can be told."""
    return [_said(row, service, "broker") for row in connection.execute(_pending(sa.not_(_has_unstored())))]


def tell(source: sa.Engine, service: str) -> None:
    """One round: say what waits for long and was not told yet, and what was told and waits no longer."""
    with source.connect() as connection:
        waiting = {one.message_id: one for one in (*unapplied(connection), *unstored(connection, service))}
        told = set(connection.scalars(sa.select(told_delays.c.message_id)))
    if waiting.keys() == told:
        return
    with work_on(source, service) as work:
        for message_id, one in waiting.items():
            if message_id not in told:
                _tell(work, one)
        for message_id in told - waiting.keys():
            _take_back(work, message_id)


def _tell(work: Work, one: LongWait) -> None:
    values = {"message_id": one.message_id, "waiting_id": uuid.uuid4(), "case_id": one.case_id, "told_at": now()}
    added = insert(told_delays).values(values).on_conflict_do_nothing().returning(told_delays.c.waiting_id)
    waiting_id = work.connection.scalar(added)
    if waiting_id is not None:
        work.say(
            HandlingDelayed(
                case_id=one.case_id,
                service=work.service,
                waiting_id=waiting_id,
                fact=one.fact,
                server=one.server,
                since=one.since,
            )
        )


def _take_back(work: Work, message_id: UUID) -> None:
    gone = told_delays.delete().where(told_delays.c.message_id == message_id).returning(told_delays)
    row = work.connection.execute(gone).one_or_none()
    if row is not None:
        work.say(HandlingResumed(case_id=row.case_id, waiting_id=row.waiting_id, resumed_at=now()))


def _pending(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    pending = sa.and_(outbox.c.published_at.is_(None), outbox.c.set_aside.is_(None), outbox.c.said_at < now() - LONG)
    return sa.select(outbox).where(pending, which).order_by(outbox.c.seq).limit(BATCH)


def _has_unstored() -> sa.ColumnElement[bool]:
    return sa.exists().where(unstored_documents.c.work_id == outbox.c.work_id)


def _said(row: Any, service: str, server: str) -> LongWait:
    fact = f"jp.todoke.{service}.{row.routing_key}"
    return LongWait(message_id=row.id, case_id=row.case_id, fact=fact, server=server, since=row.said_at)

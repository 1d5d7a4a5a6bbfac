"""What waits inside one service, and since when: for whoever runs the town."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.chassis.clock import now
from services.chassis.tables import inbox, outbox, repair_debts, unstored_documents

UNDER_WAY = ("held", "waiting", "failing")
APART = ("parked",)


@dataclass(frozen=True)
class Pile:
    """How many, and the oldest one's moment (seconds since 1970; 0 when there is none)."""

    count: int = 0
    oldest: float = 0.0


Piles = dict[tuple[str, ...], Pile]


@dataclass(frozen=True)
class Backlog:
    """``debts`` by site, ``kept`` by state and reason, ``queues``: messages by queue.

    ``read_at``: seconds since 1970.
    """

    read_at: float
    unpublished: Pile = Pile()
    set_aside: Pile = Pile()
    unstored: Pile = Pile()
    debts: Piles = field(default_factory=dict)
    kept: Piles = field(default_factory=dict)
    queues: dict[str, int] = field(default_factory=dict)


def under_way(connection: sa.Connection) -> dict[str, Any]:
    """What goes on by itself: quick to count at any size of the tables, each part has an index."""
    debts = sa.select(repair_debts.c.site, sa.func.count(), sa.func.min(repair_debts.c.since)).group_by(
        repair_debts.c.site
    )
    return {
        "read_at": now().timestamp(),
        "unpublished": _pile(
            connection, outbox.c.said_at, outbox.c.published_at.is_(None), outbox.c.set_aside.is_(None)
        ),
        "unstored": _pile(connection, unstored_documents.c.since),
        "debts": {(site,): _counted(count, oldest) for site, count, oldest in connection.execute(debts)},
        "kept": kept(connection, UNDER_WAY),
    }


def apart(connection: sa.Connection) -> tuple[Pile, Piles]:
    """What waits for a person: facts set aside, and facts parked.  Reads whole tables: not for every few seconds."""
    return _pile(connection, outbox.c.said_at, outbox.c.set_aside.is_not(None)), kept(connection, APART)


def kept(connection: sa.Connection, states: Sequence[str]) -> Piles:
    """Facts not yet applied, in these states, by state and reason."""
    rows = connection.execute(
        sa.select(inbox.c.state, inbox.c.reason, sa.func.count(), sa.func.min(inbox.c.received_at))
        .where(inbox.c.state.in_(states))
        .group_by(inbox.c.state, inbox.c.reason)
    )
    return {(state, reason): _counted(count, oldest) for state, reason, count, oldest in rows}


def _pile(connection: sa.Connection, since: sa.Column[Any], *conditions: sa.ColumnElement[bool]) -> Pile:
    return _counted(*connection.execute(sa.select(sa.func.count(), sa.func.min(since)).where(*conditions)).one())


def _counted(count: int, oldest: datetime | None) -> Pile:
    return Pile(count, oldest.timestamp() if oldest else 0.0)

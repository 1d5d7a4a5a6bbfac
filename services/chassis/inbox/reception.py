"""What happens to one message: known, done, held, waiting, failing or parked.  No broker here, only the database."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.chassis import metrics
from services.chassis.clock import now
from services.chassis.database import Work, work_on
from services.chassis.handling import NotYet, PermanentError, Waiting
from services.chassis.logging import get_logger
from services.chassis.tables import inbox
from services.messages import DecodingError, Envelope, Fact, HandlingParked

log = get_logger()
TRIES = 5
LONGEST_WAIT_SECONDS = 60
LEASE = timedelta(seconds=60)
KEPT = ("held", "waiting", "failing")
Act = Callable[[Any, Work], None]


@dataclass(frozen=True)
class Kept:
    """A message that is kept for later.  ``state``: held, waiting, failing or parked."""

    state: str
    reason: str


class Inbox:
    """One service's inbox."""

    def __init__(self, source: sa.Engine, service: str) -> None:
        self._engine = source
        self._service = service

    def receive(self, envelope: Envelope, wanted: type[Fact], act: Act) -> None:
        """Apply a message that came from the broker, unless its id is known.  Raises only when the database is down."""
        try:
            with work_on(self._engine, self._service) as work:
                is_new = self._insert(work.connection, envelope, "done")
                if is_new:
                    act(envelope.fact(wanted), work)
                    self._wake_held(work.connection, envelope)
        except Exception as error:
            if database_is_down(error):
                raise
            self._keep(envelope, wanted, error)
        else:
            told(envelope, wanted, "done" if is_new else "known")

    def retry(self, envelope: Envelope, wanted: type[Fact], act: Act) -> None:
        """Apply a kept message again.  Raises only when the database is down."""
        try:
            with work_on(self._engine, self._service) as work:
                row = work.connection.execute(_row(envelope).with_for_update()).one()
                is_kept = row.state in KEPT
                if is_kept:
                    act(envelope.fact(wanted), work)
                    work.connection.execute(_change(envelope, state="done", body=None, reason="", handled_at=now()))
                    self._wake_held(work.connection, envelope)
                if row.state == "waiting":
                    # Its server is back: whatever waits for it need not wait for its own next try.
                    _wake(work.connection, inbox.c.state == "waiting", inbox.c.reason == row.reason)
        except Exception as error:
            if database_is_down(error):
                raise
            self._keep(envelope, wanted, error)
        else:
            told(envelope, wanted, "done" if is_kept else "known")

    def due(self, limit: int = 20) -> list[Envelope]:
        """Kept messages whose time has come, leased for a minute so that nobody else takes them."""
        with self._engine.begin() as connection:
            chosen = (
                sa.select(inbox.c.message_id)
                .where(inbox.c.state.in_(KEPT), inbox.c.next_try <= now())
                .order_by(inbox.c.next_try)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            rows = connection.execute(
                inbox.update()
                .where(inbox.c.message_id.in_(chosen))
                .values(next_try=now() + LEASE)
                .returning(inbox.c.body)
            ).all()
        return [Envelope.from_json(row.body) for row in rows]

    def release(self, parking_id: uuid.UUID, connection: sa.Connection) -> bool:
        """Give a parked message back to be tried; whether there was one."""
        changed = connection.execute(
            inbox.update()
            .where(inbox.c.parking_id == parking_id, inbox.c.state == "parked")
            .values(state="failing", tries=0, next_try=now())
        )
        return changed.rowcount == 1

    def _insert(self, connection: sa.Connection, envelope: Envelope, state: str, **values: Any) -> bool:
        row = {
            "message_id": envelope.id, "fact": envelope.type, "case_id": uuid.UUID(envelope.subject),
            "sequence": envelope.sequence, "state": state, "received_at": now(),
            "handled_at": now() if state == "done" else None,
        }  # fmt: skip
        statement = insert(inbox).values(row | values).on_conflict_do_nothing().returning(inbox.c.message_id)
        return connection.execute(statement).first() is not None

    def _keep(self, envelope: Envelope, wanted: type[Fact], error: Exception) -> None:
        """Remember the message and why, in a transaction of its own: the failed one is gone."""
        with work_on(self._engine, self._service) as work:
            body = envelope.to_json()
            self._insert(work.connection, envelope, "failing", body=body, next_try=now())
            row = work.connection.execute(_row(envelope).with_for_update()).one()
            if row.state not in KEPT:
                return
            kept = judge(error, row.tries + 1)
            values = {
                "tries": row.tries + 1,
                "state": kept.state,
                "reason": kept.reason,
                "next_try": next_try(row.tries),
            }
            if kept.state == "parked":
                values["parking_id"] = self._park(work, envelope, kept.reason)
            work.connection.execute(_change(envelope, **values))
        metrics.handled(wanted.routing_key(), kept.state)
        log.warning(
            "fact_kept", fact=envelope.type, message_id=str(envelope.id), case_id=envelope.subject,
            state=kept.state, reason=kept.reason, at=where(error),
        )  # fmt: skip

    def _park(self, work: Work, envelope: Envelope, reason: str) -> uuid.UUID:
        parking_id = uuid.uuid4()
        work.say(
            HandlingParked(
                case_id=uuid.UUID(envelope.subject),
                service=self._service,
                parking_id=parking_id,
                fact=envelope.type,
                error=reason,
                parked_at=now(),
            ),
            correlation=envelope.correlationid,
        )
        return parking_id

    @staticmethod
    def _wake_held(connection: sa.Connection, envelope: Envelope) -> None:
        """A fact of this case was applied: what was held for want of its cause may go now."""
        _wake(connection, inbox.c.case_id == uuid.UUID(envelope.subject), inbox.c.state == "held")


def told(envelope: Envelope, wanted: type[Fact], outcome: str) -> None:
    """Say that a fact is committed here (``done``), or was before (``known``)."""
    metrics.handled(wanted.routing_key(), outcome)
    if outcome == "done":
        metrics.took_effect(wanted.routing_key(), (now() - envelope.time).total_seconds())
    log.info("fact_handled", fact=envelope.type, message_id=str(envelope.id), state=outcome)


def judge(error: Exception, tries: int) -> Kept:
    """What becomes of a message whose handling raised ``error`` for the ``tries``-th time."""
    if isinstance(error, NotYet):
        return Kept("held", "NotYet")
    if isinstance(error, Waiting):
        return Kept("waiting", error.server)
    # A domain imports no chassis: its errors say by an attribute that trying again does not help.
    permanent = isinstance(error, PermanentError | DecodingError) or getattr(error, "permanent", False)
    if permanent or tries >= TRIES:
        code = error.code if isinstance(error, PermanentError) else ""
        return Kept("parked", code or type(error).__name__)
    return Kept("failing", type(error).__name__)


def next_try(tries: int) -> Any:
    """1, 2, 4 … seconds from now, at most 60."""
    return now() + timedelta(seconds=min(2 ** min(tries, 6), LONGEST_WAIT_SECONDS))


def database_is_down(error: Exception) -> bool:
    """Whether our own database failed us: then nothing can be kept, and the broker keeps the message."""
    return isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError | sa.exc.TimeoutError)


def where(error: Exception) -> str:
    """Module and line that raised: for the log, without the error's text, which may hold a person's data."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""


def _wake(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> None:
    """Let kept messages be tried now.  A locked one is being tried: if two waited for each other's, both would fail."""
    free = sa.select(inbox.c.message_id).where(*which).with_for_update(skip_locked=True)
    connection.execute(inbox.update().where(inbox.c.message_id.in_(free)).values(next_try=now()))


def _row(envelope: Envelope) -> sa.Select[Any]:
    return sa.select(inbox).where(inbox.c.message_id == envelope.id)


def _change(envelope: Envelope, **values: Any) -> sa.Update:
    return inbox.update().where(inbox.c.message_id == envelope.id).values(**values)


def envelope_of(body: Any) -> Envelope:
    """The envelope of a message body, given as text, bytes or decoded JSON.  Raises DecodingError."""
    found = Envelope.from_json(body) if isinstance(body, str | bytes) else Envelope.from_document(body)
    try:
        uuid.UUID(found.subject)
        json.dumps(found.data)
    except ValueError as error:
        raise DecodingError("subject is not a case id") from error
    return found

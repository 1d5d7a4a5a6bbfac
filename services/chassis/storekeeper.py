"""Carries documents from the database to the two sites, and pays the debts of a site that was away."""

from datetime import timedelta
from typing import Any

import eventlet
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.chassis import metrics
from services.chassis.clock import now
from services.chassis.debts import owe, ref_from
from services.chassis.handling import Waiting
from services.chassis.listening import listener, wait_for_notice
from services.chassis.logging import get_logger, of_case
from services.chassis.objects import Objects, Site
from services.chassis.outbox import CHANNEL
from services.chassis.settings import Settings
from services.chassis.tables import outbox, repair_debts, unstored_documents

log = get_logger()
POLL_SECONDS, BACK_OFF_SECONDS = 2.0, 2.0
DEBTS_INTERVAL = timedelta(seconds=10)
BATCH = 20
# Whose document it is say the facts of its work, which wait for it.
OF_WORK = (
    sa.select(sa.cast(outbox.c.body, JSONB)["correlationid"].astext)
    .where(
        outbox.c.work_id == unstored_documents.c.work_id, outbox.c.published_at.is_(None), outbox.c.set_aside.is_(None)
    )
    .limit(1)
    .scalar_subquery()
)
PENDING = (
    sa.select(unstored_documents, OF_WORK.label("correlation")).order_by(unstored_documents.c.since).limit(BATCH)
)


class Storekeeper:
    """Runs in a green thread of the worker until ``stop``."""

    def __init__(self, settings: Settings, source: sa.Engine, objects: Objects) -> None:
        self._settings = settings
        self._engine = source
        self._objects = objects
        self._stopping = False
        self._debts_due = now()
        self.state = "starting"

    def stop(self) -> None:
        """Finish the document in hand, then end."""
        self._stopping = True

    def run(self) -> None:
        """Carry for ever; an outage of a site or of the database is waited for."""
        while not self._stopping:
            try:
                with listener(self._settings, CHANNEL) as notices:
                    self._carry(notices)
            except Exception as error:
                self.state = "waiting for store or database"
                log.warning("storekeeper_interrupted", error=type(error).__name__)
                eventlet.sleep(BACK_OFF_SECONDS)

    def _carry(self, notices: Any) -> None:
        while not self._stopping:
            carried = self.store_pending()
            if (now() - self._debts_due).total_seconds() >= 0:
                self.pay_debts()
                self._debts_due = now() + DEBTS_INTERVAL
            self.state = "running"
            if carried < BATCH:
                wait_for_notice(notices, POLL_SECONDS)

    def store_pending(self) -> int:
        """Store what committed works have attached; returns how many.  Raises Waiting when no site takes it."""
        with self._engine.connect() as connection:
            rows = connection.execute(PENDING).all()
        for row in rows:
            with of_case(row.correlation or row.owner):
                self._store(row)
        return len(rows)

    def _store(self, row: Any) -> None:
        stored = self._objects.put(ref_from(row), bytes(row.content), sites=row.sites)
        with self._engine.begin() as connection:
            owe(connection, ref_from(row), stored)
            connection.execute(
                unstored_documents.delete().where(
                    unstored_documents.c.work_id == row.work_id,
                    unstored_documents.c.owner == row.owner,
                    unstored_documents.c.sha256 == row.sha256,
                )
            )
            connection.execute(sa.text(f"NOTIFY {CHANNEL}"))
        metrics.stored()
        log.info("document_stored", sha256=row.sha256, size=row.size)

    def pay_debts(self) -> int:
        """Copy to each site what it lacks; returns how many debts were paid.  A site still away keeps its debts."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(repair_debts).order_by(repair_debts.c.since).limit(BATCH)).all()
        return sum(self._pay(row, row.site) for row in rows)

    def _pay(self, row: Any, site: Site) -> bool:
        ref = ref_from(row)
        try:
            self._objects.put_at(ref, self._objects.get(ref), site)
        except Waiting:
            return False
        with self._engine.begin() as connection:
            connection.execute(
                repair_debts.delete().where(
                    repair_debts.c.owner == ref.owner, repair_debts.c.sha256 == ref.sha256, repair_debts.c.site == site
                )
            )
        log.info("repair_debt_paid", site=site, owner=ref.owner, sha256=ref.sha256)
        return True

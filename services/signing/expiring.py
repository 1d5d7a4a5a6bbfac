"""Offers end by themselves: the last day for the consent has passed."""

import threading

import sqlalchemy as sa

from services.chassis.clock import now, today
from services.chassis.database import engine, work_on
from services.chassis.logging import get_logger
from services.signing.settings import SigningSettings
from services.signing.store.contracts import SqlContracts
from services.signing.use_cases.contracts import expire_contracts

log = get_logger()
EVERY_SECONDS = 60.0


class Expirer:
    """Looks every minute until it is stopped; harmless however often it looks."""

    def __init__(self, settings: SigningSettings) -> None:
        self._engine = engine(settings, size=1)
        self._stopped = threading.Event()

    def run(self) -> None:
        """For ever; an outage of the database is waited for."""
        while not self._stopped.is_set():
            try:
                expire(self._engine)
            except sa.exc.SQLAlchemyError as error:
                log.warning("expiry_interrupted", error=type(error).__name__)
            self._stopped.wait(EVERY_SECONDS)

    def stop(self) -> None:
        """End the waiting."""
        self._stopped.set()
        self._engine.dispose()


def expire(source: sa.Engine) -> int:
    """End what is overdue; how many.  Each contract is locked: an answer at the same time is in time, or late."""
    with work_on(source, "signing") as work:
        return expire_contracts(SqlContracts(work.connection), work.say, today(), now())

"""Signed documents get their archive timestamps by themselves, each when it is due."""

import threading
from uuid import UUID

import sqlalchemy as sa

from services.chassis import metrics
from services.chassis.clock import now, today
from services.chassis.database import engine, work_on
from services.chassis.handling import PermanentError, Waiting
from services.chassis.logging import get_logger, of_case
from services.chassis.objects import Objects
from services.messages import DocumentRef
from services.signing.domain.editions import Edition
from services.signing.papers import StoredPapers
from services.signing.press import ExtendOrder, Press
from services.signing.settings import SigningSettings
from services.signing.store.editions import LedgerNote, SqlEditions
from services.signing.town import read_town
from services.signing.use_cases.preservation import Extension, Postponed, Refused, extend_document

log = get_logger()
EVERY_SECONDS = 60.0
AT_ONE_LOOK = 50


class Preserver:
    """Looks every minute until it is stopped; two that look at the same time pass over each other's documents."""

    def __init__(self, settings: SigningSettings, press: Press) -> None:
        self._settings, self._press = settings, press
        self._engine = engine(settings, size=2)
        self._objects = Objects.of(settings)
        self._stopped = threading.Event()

    def run(self) -> None:
        """For ever; an outage of the database is waited for."""
        while not self._stopped.is_set():
            try:
                self.look()
            except sa.exc.SQLAlchemyError as error:
                log.warning("preservation_interrupted", error=type(error).__name__)
            self._stopped.wait(EVERY_SECONDS)

    def stop(self) -> None:
        """End the waiting."""
        self._stopped.set()
        self._engine.dispose()

    def look(self) -> None:
        """Extend what is due, the longest overdue first."""
        rules = read_town(self._settings.town_dir).preservation
        with self._engine.connect() as connection:
            due = SqlEditions(connection).due(now(), rules.retired(today()), AT_ONE_LOOK)
        for document_id in due:
            if self._stopped.is_set():
                return
            self._extend(document_id)

    def _extend(self, document_id: UUID) -> None:
        rules = read_town(self._settings.town_dir).preservation
        with work_on(self._engine, "signing") as work:
            extend = Extending(self._press, StoredPapers(self._objects, work))
            editions, note = SqlEditions(work.connection), CountedNote(work)
            extend_document(document_id, editions, extend, rules, note, work.say, now(), today())


class NotExtendedError(PermanentError):
    """What came back from the press does not begin with the file that was given."""


class Extending:
    """One document's next edition, by the press, on both sites."""

    def __init__(self, press: Press, papers: StoredPapers) -> None:
        self._press, self._papers = press, papers

    def __call__(self, edition: Edition, ref: DocumentRef, digest: str) -> Extension | Postponed | Refused:
        """An outage is waited for; any other error is for a person: the file gets no new timestamp."""
        try:
            with of_case(str(edition.case_id)):
                return self._extended(edition, ref, digest)
        except Waiting:
            return Postponed()
        except PermanentError as error:
            return Refused(error.code or type(error).__name__)

    def _extended(self, edition: Edition, ref: DocumentRef, digest: str) -> Extension:
        pdf = self._papers.read(ref)
        done = self._press.extend(ExtendOrder(pdf, digest))
        if not done.pdf.startswith(pdf):
            raise NotExtendedError
        copy = self._papers.store_sealed(edition.document_id, done.pdf, ref.retention)
        return Extension(copy=copy, level=done.level, digest=done.digest, proven_until=done.proven_until)


class CountedNote(LedgerNote):
    """And a number for those who watch."""

    def __call__(self, act: str, edition: Edition, actor: str = "signing", because: str = "") -> None:
        """As a row, and counted."""
        super().__call__(act, edition, actor, because)
        metrics.preserved(edition.state)

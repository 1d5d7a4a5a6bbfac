"""Intake's tables and the repositories over them, each within one transaction."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from services.chassis.canonical import canonical_json
from services.chassis.database import PG_UUID, Work
from services.chassis.objects import ref_of
from services.intake.domain.application import Application, ReceptionNumber, State
from services.intake.domain.correction import Asked, Correction
from services.intake.domain.draft import KEPT_FOR, Attachment, Draft, UnknownDraftError
from services.messages import DocumentRef

# Not the chassis' MetaData: two services may well have a table of one name.
tables = sa.MetaData()
moment = sa.DateTime(timezone=True)
FORM_TYPE = "application/json"

drafts = sa.Table(
    "drafts",
    tables,
    sa.Column("case_id", PG_UUID, primary_key=True),
    sa.Column("sub", sa.Text, nullable=False),
    sa.Column("procedure_id", sa.Text, nullable=False),
    sa.Column("keep_until", sa.Date, nullable=False),
    sa.Column("answers", JSONB, nullable=False),
    sa.Column("unfinished", JSONB, nullable=False),
    sa.Column("consented_at", moment),
    sa.Column("submitted", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
attachments = sa.Table(
    "attachments",
    tables,
    sa.Column("id", PG_UUID, primary_key=True),
    sa.Column("seq", sa.BigInteger, sa.Identity(), nullable=False),
    sa.Column("case_id", PG_UUID, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("thumbnail", sa.LargeBinary, nullable=False),
)
applications = sa.Table(
    "applications",
    tables,
    sa.Column("case_id", PG_UUID, primary_key=True),
    sa.Column("sub", sa.Text, nullable=False),
    sa.Column("fiscal_year", sa.Integer, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("procedure_id", sa.Text, nullable=False),
    sa.Column("procedure_version", sa.Date, nullable=False),
    sa.Column("submitted_at", moment, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("digital", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
milestones = sa.Table(
    "milestones",
    tables,
    sa.Column("case_id", PG_UUID, primary_key=True),
    sa.Column("state", sa.Text, primary_key=True),
    sa.Column("at", moment, nullable=False),
)
counters = sa.Table(
    "counters",
    tables,
    sa.Column("fiscal_year", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)
consents = sa.Table(
    "consents",
    tables,
    sa.Column("id", PG_UUID, primary_key=True),
    sa.Column("sub", sa.Text, nullable=False),
    sa.Column("procedure_id", sa.Text, nullable=False),
    sa.Column("given_at", moment, nullable=False),
    sa.Column("revoked_at", moment),
)
corrections = sa.Table(
    "corrections",
    tables,
    sa.Column("correction_id", PG_UUID, primary_key=True),
    sa.Column("case_id", PG_UUID, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("asked", JSONB, nullable=False),
    sa.Column("answer_by", sa.Date, nullable=False),
    sa.Column("requested_at", moment, nullable=False),
    sa.Column("typed", JSONB, nullable=False),
    sa.Column("answers", JSONB, nullable=False),
    sa.Column("answered_at", moment),
    sa.Column("version", sa.Integer, nullable=False),
)
correction_files = sa.Table(
    "correction_files",
    tables,
    sa.Column("correction_id", PG_UUID, nullable=False),
    sa.Column("seq", sa.BigInteger, sa.Identity(), nullable=False),
    *(column._copy() for column in attachments.columns if column.name not in ("case_id", "seq")),
)
FILE_COLUMNS = [attachments.c[field.name] for field in fields(Attachment)]


class SqlDrafts:
    """The drafts in PostgreSQL."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def load(self, case_id: UUID, sub: str) -> Draft:
        """The draft, locked.  Raises UnknownDraftError."""
        mine = sa.and_(drafts.c.case_id == case_id, drafts.c.sub == sub)
        row = self._connection.execute(sa.select(drafts).where(mine).with_for_update()).one_or_none()
        if row is None:
            raise UnknownDraftError(str(case_id))
        return draft_from(self._connection, row)

    def open(self, sub: str, procedure_id: str, today: date) -> Draft:
        """The person's open draft of this procedure, locked; made now if there is none."""
        new = Draft(case_id=uuid.uuid4(), sub=sub, procedure_id=procedure_id, keep_until=today + KEPT_FOR)
        adding = insert(drafts).values(_draft_values(new))
        self._connection.execute(
            adding.on_conflict_do_nothing(
                index_elements=["sub", "procedure_id"], index_where=sa.not_(drafts.c.submitted)
            )
        )
        mine = sa.and_(drafts.c.sub == sub, drafts.c.procedure_id == procedure_id, sa.not_(drafts.c.submitted))
        row = self._connection.execute(sa.select(drafts).where(mine).with_for_update()).one()
        return draft_from(self._connection, row)

    def save(self, draft: Draft) -> None:
        """Write the draft, its new files, and forget those it no longer has."""
        draft.version += 1
        self._connection.execute(drafts.update().where(drafts.c.case_id == draft.case_id).values(_draft_values(draft)))
        known = set(self._connection.scalars(sa.select(attachments.c.id).where(attachments.c.case_id == draft.case_id)))
        if gone := known - {one.id for one in draft.attachments}:
            self._connection.execute(attachments.delete().where(attachments.c.id.in_(gone)))
        self._add_files(draft, known)

    def add_submitted(self, draft: Draft) -> bool:
        """Write a draft that became an application at once; False when one of this id is there.

        Another transaction that is writing the same one is waited for.
        """
        adding = insert(drafts).values(_draft_values(draft)).on_conflict_do_nothing(index_elements=["case_id"])
        if self._connection.execute(adding.returning(drafts.c.case_id)).first() is None:
            return False
        self._add_files(draft, set())
        return True

    def keep(self, draft: Draft) -> None:
        """Write what was typed and not yet saved; the version stays."""
        typed = {"unfinished": draft.unfinished, "keep_until": draft.keep_until}
        self._connection.execute(drafts.update().where(drafts.c.case_id == draft.case_id).values(typed))

    def _add_files(self, draft: Draft, known: set[UUID]) -> None:
        new = [asdict(one) | {"case_id": draft.case_id} for one in draft.attachments if one.id not in known]
        if new:
            self._connection.execute(attachments.insert(), new)

    def discard_expired(self, today: date) -> int:
        """Delete drafts past their day; what they had in the store is under no lock.

        Rows that another tab holds are left for next time, so that two such acts never wait for each other.
        """
        expired = sa.and_(drafts.c.keep_until < today, sa.not_(drafts.c.submitted))
        free = sa.select(drafts.c.case_id).where(expired).with_for_update(skip_locked=True)
        return self._connection.execute(drafts.delete().where(drafts.c.case_id.in_(free))).rowcount


class SqlApplications:
    """The applications in PostgreSQL."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def find(self, case_id: UUID) -> Application | None:
        """The application, locked, if it is intake's."""
        statement = sa.select(applications).where(applications.c.case_id == case_id).with_for_update()
        row = self._connection.execute(statement).one_or_none()
        return application_from(self._connection, row) if row else None

    def add(self, application: Application) -> None:
        """Record a new application and where it is."""
        values = {
            "case_id": application.case_id, "sub": application.sub, "fiscal_year": application.number.fiscal_year,
            "count": application.number.count, "procedure_id": application.procedure_id,
            "procedure_version": application.procedure_version, "submitted_at": application.submitted_at,
            "due_on": application.due_on, "digital": application.digital, "version": application.version,
        }  # fmt: skip
        self._connection.execute(applications.insert().values(values))
        self._reach(application)

    def save(self, application: Application) -> None:
        """Write what the case has reached, and how its result is received."""
        application.version += 1
        own = applications.c.case_id == application.case_id
        values = {"version": application.version, "digital": application.digital, "due_on": application.due_on}
        self._connection.execute(applications.update().where(own).values(values))
        self._reach(application)

    def _reach(self, application: Application) -> None:
        rows = [{"case_id": application.case_id, "state": state, "at": at} for state, at in application.reached.items()]
        self._connection.execute(insert(milestones).values(rows).on_conflict_do_nothing())


class SqlCorrections:
    """The corrections in PostgreSQL."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def has(self, correction_id: UUID) -> bool:
        """Whether it has been heard."""
        found = sa.select(sa.exists().where(corrections.c.correction_id == correction_id))
        return bool(self._connection.scalar(found))

    def add(self, correction: Correction) -> None:
        """Record what is asked, with the files that the answer begins with."""
        self._connection.execute(corrections.insert().values(_correction_values(correction)))
        self._add_files(correction, set())

    def newest(self, case_id: UUID) -> Correction | None:
        """What was asked last of a case, locked."""
        asked = newest_correction(case_id).with_for_update()
        row = self._connection.execute(asked).one_or_none()
        return correction_from(self._connection, row) if row else None

    def save(self, correction: Correction) -> None:
        """Write the answer as it stands, with its files."""
        correction.version += 1
        own = corrections.c.correction_id == correction.correction_id
        self._connection.execute(corrections.update().where(own).values(_correction_values(correction)))
        own_files = correction_files.c.correction_id == correction.correction_id
        known = set(self._connection.scalars(sa.select(correction_files.c.id).where(own_files)))
        if gone := known - {one.id for one in correction.attachments}:
            self._connection.execute(correction_files.delete().where(correction_files.c.id.in_(gone)))
        self._add_files(correction, known)

    def _add_files(self, correction: Correction, known: set[UUID]) -> None:
        mine = {"correction_id": correction.correction_id}
        new = [asdict(one) | mine for one in correction.attachments if one.id not in known]
        if new:
            self._connection.execute(correction_files.insert(), new)


class SqlNumbers:
    """The counters in PostgreSQL: the row stays locked until the commit, and a rollback gives the number back."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def following(self, fiscal_year: int) -> ReceptionNumber:
        """The next number of this 年度."""
        first = insert(counters).values(fiscal_year=fiscal_year, last=1)
        following = first.on_conflict_do_update(index_elements=["fiscal_year"], set_={"last": counters.c.last + 1})
        return ReceptionNumber(fiscal_year, self._connection.execute(following.returning(counters.c.last)).scalar_one())


class SqlConsents:
    """Consents in PostgreSQL; an ended one stays on record."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def give(self, sub: str, procedure_id: str, at: datetime) -> None:
        """Record consent; one that stands keeps its date."""
        values = {"id": uuid.uuid4(), "sub": sub, "procedure_id": procedure_id, "given_at": at}
        self._connection.execute(
            insert(consents)
            .values(values)
            .on_conflict_do_nothing(index_elements=["sub", "procedure_id"], index_where=consents.c.revoked_at.is_(None))
        )

    def revoke(self, sub: str, procedure_id: str, at: datetime) -> None:
        """End the consent that stands."""
        standing = sa.and_(
            consents.c.sub == sub, consents.c.procedure_id == procedure_id, consents.c.revoked_at.is_(None)
        )
        self._connection.execute(consents.update().where(standing).values(revoked_at=at))


class WorkDocuments:
    """Documents that ride with a unit of work until the store has them."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def keep(self, owner: UUID, value: Mapping[str, Any], retention: str) -> DocumentRef:
        """Attach the canonical JSON of a value."""
        data = canonical_json(value)
        ref = ref_of(str(owner), data, FORM_TYPE, retention)
        self._work.attach(ref, data)
        return ref


def draft_from(connection: sa.Connection, row: Any) -> Draft:
    """The draft of a row, with its files."""
    found = sa.select(*FILE_COLUMNS).where(attachments.c.case_id == row.case_id).order_by(attachments.c.seq)
    files = [Attachment(**one._mapping) for one in connection.execute(found)]
    return Draft(**row._mapping, attachments=files)


def newest_correction(case_id: UUID) -> sa.Select[Any]:
    """What was asked last of a case."""
    asked = sa.select(corrections).where(corrections.c.case_id == case_id)
    return asked.order_by(corrections.c.requested_at.desc(), corrections.c.correction_id).limit(1)


def correction_from(connection: sa.Connection, row: Any) -> Correction:
    """The correction of a row, with its files."""
    columns = [correction_files.c[one.name] for one in fields(Attachment)]
    mine = correction_files.c.correction_id == row.correction_id
    found = connection.execute(sa.select(*columns).where(mine).order_by(correction_files.c.seq))
    values = dict(row._mapping)
    asked = tuple(Asked(**one) for one in values.pop("asked"))
    return Correction(**values, asked=asked, attachments=[Attachment(**one._mapping) for one in found])


def application_from(connection: sa.Connection, row: Any) -> Application:
    """The application of a row, with what it has reached."""
    reached = connection.execute(sa.select(milestones).where(milestones.c.case_id == row.case_id))
    values = dict(row._mapping)
    number = ReceptionNumber(values.pop("fiscal_year"), values.pop("count"))
    return Application(**values, number=number, reached={State(one.state): one.at for one in reached})


def _draft_values(draft: Draft) -> dict[str, Any]:
    return {column.name: getattr(draft, column.name) for column in drafts.columns}


def _correction_values(correction: Correction) -> dict[str, Any]:
    values = {column.name: getattr(correction, column.name) for column in corrections.columns}
    return values | {"asked": [asdict(one) for one in correction.asked]}

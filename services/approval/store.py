"""Approval's tables and the repositories over them."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from services.approval.domain.act import Act
from services.approval.domain.case import Case, Check, Decision, Draft
from services.approval.domain.contract import contract_number
from services.approval.domain.correction import Answer, Correction
from services.approval.domain.delay import Delay
from services.approval.domain.handover import Handover
from services.approval.domain.spelling import folded
from services.chassis.database import PG_UUID, Work, metadata
from services.chassis.handling import NotYet

moment = sa.DateTime(timezone=True)

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("case_id", PG_UUID, primary_key=True),
    sa.Column("reception_number", sa.Text, nullable=False),
    sa.Column("procedure_id", sa.Text, nullable=False),
    sa.Column("procedure_version", sa.Date, nullable=False),
    sa.Column("procedure_name", sa.Text, nullable=False),
    sa.Column("section", sa.Text, nullable=False),
    sa.Column("submitted_at", moment, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("digital", sa.Boolean, nullable=False),
    sa.Column("application", JSONB, nullable=False),
    sa.Column("attachments", JSONB, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("officer", sa.Text, nullable=False),
    sa.Column("reached", JSONB, nullable=False),
    sa.Column("document", JSONB),
    sa.Column("seal_refusal", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("agreement", JSONB),
    sa.Column("waits_for", sa.Text, nullable=False),
    sa.Column("waits_until", sa.Date),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("route_posts", ARRAY(sa.Text), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("case_id", PG_UUID, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("headline", sa.Text, nullable=False),
    sa.Column("values", JSONB, nullable=False),
    sa.Column("notice", JSONB, nullable=False),
    sa.Column("document_type", sa.Text, nullable=False),
    sa.Column("document", JSONB, nullable=False),
    sa.Column("route", JSONB, nullable=False),
    sa.Column("drafted_by", sa.Text, nullable=False),
    sa.Column("drafted_at", moment, nullable=False),
)
checks = sa.Table(
    "checks",
    metadata,
    sa.Column("case_id", PG_UUID, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("findings", JSONB, nullable=False),
    sa.Column("checked_at", moment, nullable=False),
    sa.Column("preview", JSONB),
)
acts = sa.Table(
    "acts",
    metadata,
    sa.Column("case_id", PG_UUID, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("sub", sa.Text, nullable=False),
    sa.Column("post", sa.Text, nullable=False),
    sa.Column("post_name", sa.Text, nullable=False),
    sa.Column("at", moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("content_sha256", sa.Text, nullable=False),
    sa.Column("article", sa.Text, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
)
decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("document_id", PG_UUID, primary_key=True),
    sa.Column("case_id", PG_UUID, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("document_number", sa.Text, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("sub", sa.Text, nullable=False),
    sa.Column("post", sa.Text, nullable=False),
    sa.Column("authority", sa.Text, nullable=False),
    sa.Column("chain", JSONB, nullable=False),
    sa.Column("decided_at", moment, nullable=False),
)
corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("correction_id", PG_UUID, primary_key=True),
    sa.Column("case_id", PG_UUID, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("questions", JSONB, nullable=False),
    sa.Column("answer_by", sa.Date, nullable=False),
    sa.Column("request", JSONB, nullable=False),
    sa.Column("requested_by", sa.Text, nullable=False),
    sa.Column("requested_at", moment, nullable=False),
    sa.Column("application", JSONB, nullable=False),
    sa.Column("attachments", JSONB, nullable=False),
)
answers = sa.Table(
    "answers",
    metadata,
    sa.Column("correction_id", PG_UUID, primary_key=True),
    sa.Column("case_id", PG_UUID, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("application", JSONB, nullable=False),
    sa.Column("attachments", JSONB, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("answered_at", moment, nullable=False),
    sa.Column("taken", sa.Boolean, nullable=False),
)
document_counters = sa.Table(
    "document_counters",
    metadata,
    sa.Column("mark", sa.Text, primary_key=True),
    sa.Column("fiscal_year", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)
handovers = sa.Table(
    "handovers",
    metadata,
    sa.Column("parking_id", PG_UUID, primary_key=True),
    sa.Column("case_id", PG_UUID, nullable=False),
    sa.Column("service", sa.Text, nullable=False),
    sa.Column("fact", sa.Text, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("parked_at", moment, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_at", moment),
)
delays = sa.Table(
    "delays",
    metadata,
    sa.Column("waiting_id", PG_UUID, primary_key=True),
    sa.Column("case_id", PG_UUID, nullable=False),
    sa.Column("service", sa.Text, nullable=False),
    sa.Column("fact", sa.Text, nullable=False),
    sa.Column("server", sa.Text, nullable=False),
    sa.Column("since", moment, nullable=False),
    sa.Column("resumed_at", moment),
)

# The counter of contract numbers stands among those of the marks.
CONTRACTS = "contract"
# A case's parts: rows that are only ever added.
PARTS = {
    "drafts": (drafts, Draft), "checks": (checks, Check), "acts": (acts, Act), "decisions": (decisions, Decision),
    "corrections": (corrections, Correction), "answers": (answers, Answer),
}  # fmt: skip
PLACES = {"drafts": "version", "checks": "version"}


class SqlCases:
    """Cases in PostgreSQL, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def has(self, case_id: UUID) -> bool:
        """Whether the application has been heard."""
        return bool(self._connection.scalar(sa.select(sa.exists().where(cases.c.case_id == case_id))))

    def add(self, case: Case) -> None:
        """A new case."""
        self._connection.execute(cases.insert().values(_case_row(case) | {"version": 0}))

    def load(self, case_id: UUID) -> Case:
        """Locked until the transaction ends.  Raises NotYet."""
        query = sa.select(cases).where(cases.c.case_id == case_id).with_for_update()
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise NotYet
        return case_from(self._connection, dict(row))

    def save(self, case: Case) -> None:
        """Write a case that was loaded, and so locked, before."""
        which = cases.c.case_id == case.case_id
        self._connection.execute(cases.update().where(which).values(_case_row(case) | {"version": cases.c.version + 1}))
        for name, (table, _) in PARTS.items():
            self._add_parts(case.case_id, table, getattr(case, name))

    def _add_parts(self, case_id: UUID, table: sa.Table, parts: list[Any]) -> None:
        rows = [_row(table, part) | {"case_id": case_id} for part in parts]
        if "place" in table.c:
            rows = [row | {"place": place} for place, row in enumerate(rows)]
        if rows:
            self._connection.execute(insert(table).on_conflict_do_nothing(), rows)


class SqlNumbers:
    """The counters in PostgreSQL: the row stays locked until the commit, and a rollback gives the number back."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def following(self, mark: str, year: int) -> str:
        """The next document number, e.g. 高建第1087号."""
        return f"{mark}第{self._count(mark, year)}号"

    def following_contract(self, year: int) -> str:
        """The next contract number, e.g. R8-C000001."""
        return contract_number(year, self._count(CONTRACTS, year))

    def _count(self, mark: str, year: int) -> int:
        first = insert(document_counters).values(mark=mark, fiscal_year=year, last=1)
        following = first.on_conflict_do_update(
            index_elements=["mark", "fiscal_year"], set_={"last": document_counters.c.last + 1}
        )
        count: int = self._connection.execute(following.returning(document_counters.c.last)).scalar_one()
        return count


class SqlHandovers:
    """Parked work in PostgreSQL, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, handover: Handover) -> None:
        """Nothing changes when it is known."""
        self._connection.execute(insert(handovers).values(asdict(handover)).on_conflict_do_nothing())

    def load(self, parking_id: UUID) -> Handover:
        """Locked until the transaction ends.  Raises NotYet."""
        query = sa.select(handovers).where(handovers.c.parking_id == parking_id).with_for_update()
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotYet
        return Handover(**row)

    def save(self, handover: Handover) -> None:
        """Write what was loaded, and so locked, before."""
        which = handovers.c.parking_id == handover.parking_id
        self._connection.execute(handovers.update().where(which).values(asdict(handover)))


class SqlDelays:
    """Waiting work in PostgreSQL, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, delay: Delay) -> None:
        """Nothing changes when it is known."""
        self._connection.execute(insert(delays).values(asdict(delay)).on_conflict_do_nothing())

    def load(self, waiting_id: UUID) -> Delay:
        """Locked until the transaction ends.  Raises NotYet."""
        query = sa.select(delays).where(delays.c.waiting_id == waiting_id).with_for_update()
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotYet
        return Delay(**row)

    def save(self, delay: Delay) -> None:
        """Write what was loaded, and so locked, before."""
        which = delays.c.waiting_id == delay.waiting_id
        self._connection.execute(delays.update().where(which).values(asdict(delay)))


class LedgerRegister:
    """Each act of a person is a row of the hash-chained ledger."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def __call__(self, act: Act, case: Case) -> None:
        """Ids, posts and states only."""
        detail = {
            "post": act.post, "version": act.version, "content": act.content_sha256, "article": act.article,
            "state": case.state.value,
        }  # fmt: skip
        self._work.record(act.kind.value, case_id=case.case_id, actor=act.sub, detail=detail)


def case_from(connection: sa.Connection, row: Mapping[str, Any]) -> Case:
    """The case of a row, with its parts."""
    known = {field.name: row[field.name] for field in fields(Case) if field.name in row}
    case: Case = _adapter(Case).validate_python(known)
    for name, (table, kind) in PARTS.items():
        setattr(case, name, _parts(connection, case.case_id, table, kind, PLACES.get(name, "place")))
    return case


def _parts(connection: sa.Connection, case_id: UUID, table: sa.Table, kind: type, place: str) -> list[Any]:
    query = sa.select(table).where(table.c.case_id == case_id).order_by(table.c[place])
    wanted = [field.name for field in fields(kind)]
    rows = connection.execute(query).mappings().all()
    return [_adapter(kind).validate_python({name: row[name] for name in wanted}) for row in rows]


def _case_row(case: Case) -> dict[str, Any]:
    """With what lists look in: whose turn it is, words to search, who may read."""
    applicant = case.application.applicant
    words = [case.reception_number, case.procedure_name, applicant.name, applicant.kana]
    if case.agreement and case.draft:
        words.append(case.draft.headline)
    return _row(cases, case) | {
        "kind": case.kind,
        "waits_until": case.waits_until,
        "waits_for": case.step.post if case.step else "",
        "words": folded("\n".join(words)),
        "route_posts": sorted(case.route_posts),
    }


def _row(table: sa.Table, thing: Any) -> dict[str, Any]:
    """Columns of a dataclass: JSON where the column is JSON, else the value itself."""
    row = {field.name: _plain(getattr(thing, field.name)) for field in fields(thing) if field.name in table.c}
    documents: dict[str, Any] = _adapter(thing.__class__).dump_python(thing, mode="json", include=_json_columns(table))
    return row | documents


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Making one takes longer than anything that is done with it."""
    return TypeAdapter(kind)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value


def _json_columns(table: sa.Table) -> set[str]:
    return {column.name for column in table.c if isinstance(column.type, JSONB)}

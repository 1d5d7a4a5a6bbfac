"""What the desk shows, read-only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from services.approval.domain.case import AFTER_DECISION, UNDECIDED, Case, State
from services.approval.domain.handover import Handover
from services.approval.domain.spelling import folded
from services.approval.store import acts, case_from, cases, decisions, delays, drafts, handovers
from services.chassis import delays as own
from services.chassis.clock import today

Tab = Literal["mine", "department", "waiting", "done"]
PER_PAGE = 50
OWN_NAME = "approval"
BY_DUE = (cases.c.due_on, cases.c.reception_number)
NEWEST = (cases.c.submitted_at.desc(), cases.c.reception_number)
Order = tuple[sa.ColumnElement[Any], ...]
OPEN = (*UNDECIDED, State.SEAL_REFUSED, State.FALLBACK)
OWN = (State.EXAMINING, State.SEAL_REFUSED, State.FALLBACK)
DONE = tuple(state for state in (*AFTER_DECISION, State.WITHDRAWN) if state not in OPEN)


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who looks.  ``posts``: held today; ``offices``: their sections; ``department``: all sections of their 課."""

    sub: str
    posts: frozenset[str]
    offices: frozenset[str]
    department: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Only:
    """What a list is narrowed to.  ``due_until``: the last day of what is shown."""

    procedure_id: str = ""
    due_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a list.  ``waits_for``: post id, empty when no post is asked; ``amount``: whole yen.

    ``waits_until``: the day until which an applicant who was asked to correct something can take to answer.

    ``decider`` and ``delegated``: of the newest draft's route.
    """

    case_id: UUID
    reception_number: str
    procedure_name: str
    applicant: str
    kana: str
    state: State
    submitted_at: datetime
    due_on: date | None
    officer: str
    waits_for: str
    waits_until: date | None
    outcome: str | None
    headline: str | None
    amount: int | None
    decider: str | None
    delegated: bool | None
    drafted_by: str | None
    document_number: str | None
    kind: str
    subject: str | None


@dataclass(frozen=True, kw_only=True)
class HandoverRow:
    """Parked work with the number of its case, if the desk knows it.

    ``failed_again``: after somebody had asked, the same work was parked anew; that is a line of its own.
    """

    handover: Handover
    reception_number: str | None
    failed_again: bool


@dataclass(frozen=True, kw_only=True)
class DelayRow:
    """How much work of a service waits for a server, and since when the first of it does."""

    service: str
    server: str
    count: int
    since: datetime


ALL = Only()


def rows(connection: sa.Connection, tab: Tab, viewer: Viewer, *, page: int = 1, only: Only = ALL) -> Sequence[Row]:
    """One page of a tab, by due date; what is done, the newest first."""
    return _rows(connection, _shown(tab, viewer, only), NEWEST if tab == "done" else BY_DUE, page)


def count(connection: sa.Connection, tab: Tab, viewer: Viewer, only: Only = ALL) -> int:
    """How many cases a tab has."""
    return connection.scalar(sa.select(sa.func.count()).select_from(cases).where(_shown(tab, viewer, only))) or 0


def numbers(connection: sa.Connection, viewer: Viewer) -> Sequence[str]:
    """Reception numbers of all cases whose turn is the viewer's, in the order of the list."""
    query = sa.select(cases.c.reception_number).where(_my_turn(viewer)).order_by(*BY_DUE)
    return connection.scalars(query).all()


def search(connection: sa.Connection, words: str, viewer: Viewer) -> Sequence[Row]:
    """Cases that the viewer may read whose number, applicant or procedure contains the words; the newest 50."""
    found = sa.and_(cases.c.words.contains(folded(words), autoescape=True), _readable(viewer))
    return _rows(connection, found, NEWEST)


def contracts(connection: sa.Connection, viewer: Viewer, *, page: int = 1) -> Sequence[Row]:
    """One page of the contracts that the viewer may read, the newest first."""
    return _rows(connection, _contracts(viewer), NEWEST, page)


def count_contracts(connection: sa.Connection, viewer: Viewer) -> int:
    """How many they are."""
    return connection.scalar(sa.select(sa.func.count()).select_from(cases).where(_contracts(viewer))) or 0


def case(connection: sa.Connection, reception_number: str) -> Case | None:
    """The whole case, not locked."""
    query = sa.select(cases).where(cases.c.reception_number == reception_number)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else case_from(connection, dict(row))


def case_by_id(connection: sa.Connection, case_id: UUID) -> Case | None:
    """The same by its id."""
    row = connection.execute(sa.select(cases).where(cases.c.case_id == case_id)).mappings().one_or_none()
    return None if row is None else case_from(connection, dict(row))


def parked(connection: sa.Connection, case_id: UUID | None = None) -> Sequence[HandoverRow]:
    """Work that waits for a person, the oldest first, then what was sent again lately; of one case or of all."""
    waiting = handovers.c.asked_at.is_(None)
    query = (
        sa.select(handovers, cases.c.reception_number, _failed_again())
        .outerjoin(cases, cases.c.case_id == handovers.c.case_id)
        .order_by(waiting.desc(), handovers.c.asked_at.desc(), handovers.c.parked_at)
        .limit(PER_PAGE)
    )
    if case_id is not None:
        query = query.where(handovers.c.case_id == case_id)
    return [_handover_row(dict(one)) for one in connection.execute(query).mappings()]


def count_parked(connection: sa.Connection, case_id: UUID | None = None) -> int:
    """Parked work that nobody has asked for again; of one case or of all."""
    waiting = sa.select(sa.func.count()).select_from(handovers).where(handovers.c.asked_at.is_(None))
    if case_id is not None:
        waiting = waiting.where(handovers.c.case_id == case_id)
    return connection.scalar(waiting) or 0


def delayed(connection: sa.Connection, case_id: UUID | None = None) -> Sequence[DelayRow]:
    """Work that waits for an outside server, the oldest first; of one case or of all.

    Of the other services what they have told; of approval itself what its own tables hold: when the broker is away,
    nobody can tell anything.
    """
    found = [*_told(connection, case_id), *_own_waits(connection, case_id)]
    return sorted(found, key=lambda row: row.since)


def _told(connection: sa.Connection, case_id: UUID | None) -> list[DelayRow]:
    first, count = sa.func.min(delays.c.since).label("since"), sa.func.count().label("count")
    query = sa.select(delays.c.service, delays.c.server, count, first).where(delays.c.resumed_at.is_(None))
    if case_id is not None:
        query = query.where(delays.c.case_id == case_id)
    rows = connection.execute(query.group_by(delays.c.service, delays.c.server)).mappings()
    return [DelayRow(**row) for row in rows]


def _own_waits(connection: sa.Connection, case_id: UUID | None) -> Iterator[DelayRow]:
    waits = (*own.unapplied(connection), *own.unstored(connection, OWN_NAME), *own.unpublished(connection, OWN_NAME))
    chosen = [one for one in waits if case_id in (None, one.case_id)]
    for server in dict.fromkeys(one.server for one in chosen):
        since = [one.since for one in chosen if one.server == server]
        yield DelayRow(service=OWN_NAME, server=server, count=len(since), since=min(since))


def readable(connection: sa.Connection, case_ids: Iterable[UUID], viewer: Viewer) -> frozenset[UUID]:
    """Which of these cases the viewer may read."""
    query = sa.select(cases.c.case_id).where(cases.c.case_id.in_(list(case_ids)), _readable(viewer))
    return frozenset(connection.scalars(query))


def count_by_state(connection: sa.Connection, kind: str = "application") -> dict[str, int]:
    """How many applications, or contracts, are in each state."""
    query = sa.select(cases.c.state, sa.func.count()).where(cases.c.kind == kind).group_by(cases.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def _rows(connection: sa.Connection, which: sa.ColumnElement[bool], order: Order, page: int = 1) -> Sequence[Row]:
    """One page; drafts and decisions are looked up for its cases only."""
    chosen = sa.select(cases.c.case_id).where(which).order_by(*order).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    query = _listed().where(cases.c.case_id.in_(chosen.scalar_subquery())).order_by(*order)
    return [_row(one) for one in connection.execute(query).mappings()]


def _listed() -> sa.Select[Any]:
    applicant = cases.c.application["applicant"]
    newest, last = _newest(drafts.alias(), "version"), _newest(decisions.alias(), "place")
    own = (
        "case_id", "reception_number", "procedure_name", "state", "submitted_at", "due_on", "officer", "waits_for",
        "waits_until",
    )  # fmt: skip
    return (
        sa.select(
            *(cases.c[name] for name in own),
            cases.c.kind,
            applicant["name"].astext.label("applicant"),
            applicant["kana"].astext.label("kana"),
            drafts.c.outcome,
            drafts.c["values"]["subject"].astext.label("subject"),
            drafts.c.headline,
            drafts.c["values"]["amount"].label("amount"),
            drafts.c.route["steps"][-1]["post"].astext.label("decider"),
            drafts.c.route["delegated"].label("delegated"),
            drafts.c.drafted_by,
            decisions.c.document_number,
        )
        .select_from(cases)
        .outerjoin(drafts, sa.and_(drafts.c.case_id == cases.c.case_id, drafts.c.version == newest))
        .outerjoin(decisions, sa.and_(decisions.c.case_id == cases.c.case_id, decisions.c.place == last))
    )


def _newest(parts: sa.FromClause, column: str) -> sa.ScalarSelect[int]:
    of_case = sa.select(sa.func.max(parts.c[column])).where(parts.c.case_id == cases.c.case_id)
    return of_case.correlate(cases).scalar_subquery()


def _row(row: sa.RowMapping) -> Row:
    amount = row["amount"]
    return Row(**dict(row) | {"state": State(row["state"]), "amount": amount if isinstance(amount, int) else None})


def _shown(tab: Tab, viewer: Viewer, only: Only) -> sa.ColumnElement[bool]:
    narrowed = [_in_tab(tab, viewer)]
    if only.procedure_id:
        narrowed.append(cases.c.procedure_id == only.procedure_id)
    if only.due_until:
        narrowed.append(sa.and_(cases.c.due_on <= only.due_until, cases.c.waits_until.is_(None)))
    return sa.and_(*narrowed)


def _in_tab(tab: Tab, viewer: Viewer) -> sa.ColumnElement[bool]:
    is_open = cases.c.state.in_(OPEN)
    if tab == "mine":
        return _my_turn(viewer)
    if tab == "department":
        return sa.and_(is_open, cases.c.section.in_(viewer.department))
    if tab == "waiting":
        touched = sa.exists().where(acts.c.case_id == cases.c.case_id, acts.c.sub == viewer.sub)
        return sa.and_(is_open, touched, sa.not_(_my_turn(viewer)))
    return sa.and_(cases.c.state.in_(DONE), _readable(viewer))


def _my_turn(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.or_(
        cases.c.waits_for.in_(viewer.posts),
        sa.and_(cases.c.state == State.ACCEPTED, cases.c.section.in_(viewer.offices)),
        sa.and_(cases.c.state.in_(OWN), cases.c.officer == viewer.sub),
        sa.and_(_is_overdue(), cases.c.officer == viewer.sub),
    )


def _is_overdue() -> sa.ColumnElement[bool]:
    """The applicant has let the day pass.  The state is asked first: no other has a day, and SQL's NULL is no no."""
    return sa.and_(cases.c.state == State.CORRECTION_REQUESTED, cases.c.waits_until < today())


def _readable(viewer: Viewer) -> sa.ColumnElement[bool]:
    """As ``Case.may_be_read_by`` has it."""
    named = cases.c.route_posts.overlap(sorted(viewer.posts))
    return sa.or_(cases.c.section.in_(viewer.department), named)


def _contracts(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.and_(cases.c.kind == "contract", _readable(viewer))


def _handover_row(row: dict[str, Any]) -> HandoverRow:
    number, failed_again = row.pop("reception_number"), row.pop("failed_again")
    return HandoverRow(handover=Handover(**row), reception_number=number, failed_again=failed_again)


def _failed_again() -> sa.ColumnElement[bool]:
    """A service parks what fails again under a new id: the same fact of the same case, later than it was asked for."""
    later = handovers.alias()
    same = [later.c[name] == handovers.c[name] for name in ("case_id", "service", "fact")]
    return sa.exists().where(*same, later.c.parked_at > handovers.c.asked_at).label("failed_again")

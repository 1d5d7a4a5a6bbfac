"""Intake's repositories on a real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.chassis.database import work_on
from services.chassis.tables import outbox, unstored_documents
from services.intake import queries
from services.intake.domain.application import State
from services.intake.domain.draft import UnknownDraftError
from services.intake.domain.procedure import Procedure
from services.intake.store import SqlApplications, SqlConsents, SqlDrafts, applications, consents, counters
from services.intake.use_cases import follow_case
from services.messages import ExaminationStarted
from tests.integration.intake.conftest import NOW, TODAY
from tests.integration.intake.forms import fill, submit

SUBMITTERS, EACH = 8, 5


class PowerCutError(Exception):
    """The process ends before the commit."""


def test_a_draft_comes_back_as_it_was_saved(source: sa.Engine, procedure: Procedure) -> None:
    with work_on(source, "intake") as work:
        saved = fill(work, procedure, "r-tsuji")
    with source.connect() as connection:
        found = queries.open_draft(connection, "r-tsuji", procedure.id, TODAY)
    assert found == saved
    assert found.answers["applicant"]["name"] == "辻\U000e0100 \U00020bb7子"


def test_two_tabs_that_start_at_once_share_one_draft(source: sa.Engine, procedure: Procedure) -> None:
    def start(_: int) -> object:
        with work_on(source, "intake") as work:
            return SqlDrafts(work.connection).open("r-tsuji", procedure.id, TODAY).case_id

    with ThreadPoolExecutor(SUBMITTERS) as pool:
        assert len(set(pool.map(start, range(SUBMITTERS)))) == 1


def test_nobody_loads_the_draft_of_another_person(source: sa.Engine, procedure: Procedure) -> None:
    with work_on(source, "intake") as work:
        draft = fill(work, procedure, "r-tsuji")
    with work_on(source, "intake") as work, pytest.raises(UnknownDraftError):
        SqlDrafts(work.connection).load(draft.case_id, "r-watanabe")


def test_a_draft_is_forgotten_after_its_last_day(source: sa.Engine, procedure: Procedure) -> None:
    with work_on(source, "intake") as work:
        draft = fill(work, procedure, "r-tsuji")
    with source.connect() as connection:
        after = draft.keep_until + timedelta(days=1)
        assert queries.open_drafts(connection, "r-tsuji", draft.keep_until)
        assert queries.open_drafts(connection, "r-tsuji", after) == []
    with work_on(source, "intake") as work:
        assert SqlDrafts(work.connection).discard_expired(draft.keep_until) == 0
        assert SqlDrafts(work.connection).discard_expired(after) == 1


def test_row_fact_and_form_are_one_commit(source: sa.Engine, procedure: Procedure) -> None:
    with work_on(source, "intake") as work:
        draft = fill(work, procedure, "r-tsuji")
    with pytest.raises(PowerCutError), work_on(source, "intake") as work:
        submit(work, procedure, draft)
        raise PowerCutError
    assert [count(source, table) for table in (applications, outbox, unstored_documents, counters)] == [0, 0, 0, 0]


def test_numbers_have_no_gap_under_concurrent_submitters_and_failures(source: sa.Engine, procedure: Procedure) -> None:
    def apply(submitter: int) -> None:
        for turn in range(EACH):
            with work_on(source, "intake") as work:
                draft = fill(work, procedure, f"r-{submitter}")
            if turn % 2:
                with pytest.raises(PowerCutError), work_on(source, "intake") as work:
                    submit(work, procedure, draft)
                    raise PowerCutError
            with work_on(source, "intake") as work:
                submit(work, procedure, draft)

    with ThreadPoolExecutor(SUBMITTERS) as pool:
        list(pool.map(apply, range(SUBMITTERS)))
    with source.connect() as connection:
        counts = connection.scalars(sa.select(applications.c.count).order_by(applications.c.count)).all()
    assert counts == list(range(1, SUBMITTERS * EACH + 1))


def test_eight_taps_on_one_draft_make_one_application(source: sa.Engine, procedure: Procedure) -> None:
    with work_on(source, "intake") as work:
        draft = fill(work, procedure, "r-tsuji")

    def tap(_: int) -> bool:
        with work_on(source, "intake") as work:
            return submit(work, procedure, draft).again

    with ThreadPoolExecutor(SUBMITTERS) as pool:
        assert sorted(pool.map(tap, range(SUBMITTERS))) == [False] + [True] * (SUBMITTERS - 1)
    assert (count(source, applications), count(source, outbox)) == (1, 1)


def test_a_new_draft_can_be_started_after_a_submission(source: sa.Engine, procedure: Procedure) -> None:
    with work_on(source, "intake") as work:
        first = fill(work, procedure, "r-tsuji")
        submit(work, procedure, first)
        assert SqlDrafts(work.connection).open("r-tsuji", procedure.id, TODAY).case_id != first.case_id


def test_consent_stands_once_and_is_kept_after_its_end(source: sa.Engine) -> None:
    later = NOW + timedelta(days=1)
    with work_on(source, "intake") as work:
        book = SqlConsents(work.connection)
        book.give("r-tsuji", "housing-reform", NOW)
        book.give("r-tsuji", "housing-reform", later)
        book.revoke("r-tsuji", "housing-reform", later)
        book.give("r-tsuji", "housing-reform", later)
    with source.connect() as connection:
        rows = connection.execute(sa.select(consents).order_by(consents.c.given_at)).all()
    assert [(row.given_at, row.revoked_at) for row in rows] == [(NOW, later), (later, None)]


def test_a_heard_fact_is_shown_to_its_owner_only(source: sa.Engine, procedure: Procedure) -> None:
    with work_on(source, "intake") as work:
        draft = fill(work, procedure, "r-tsuji")
        number = submit(work, procedure, draft).number
        fact = ExaminationStarted(case_id=draft.case_id, section="housing", started_at=NOW)
        follow_case(fact, SqlApplications(work.connection))
    with source.connect() as connection:
        case = queries.own_case(connection, "r-tsuji", number)
        assert case
        assert case.state is State.EXAMINING
        assert queries.own_case(connection, "r-watanabe", number) is None
        assert [one.number for one in queries.own_cases(connection, "r-tsuji")] == [number]
        assert queries.own_cases(connection, "r-watanabe") == []


def count(source: sa.Engine, table: sa.Table) -> int:
    with source.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())

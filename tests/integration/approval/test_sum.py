"""The daily sum over approval's own database: what was heard through the inbox against what became of it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.approval import tallies, use_cases
from services.approval.domain.correction import Asked
from services.approval.domain.tally import Gap
from services.approval.use_cases import RequestCorrection
from services.chassis.clock import now, today
from services.chassis.database import Work, work_on
from services.chassis.handling import Waiting
from services.chassis.inbox.reception import Inbox
from services.messages import ApplicationSubmitted, ApplicationWithdrawn, Envelope, encode
from tests.integration.approval.conftest import OFFICER, RESIDENT, Filed, House
from tests.integration.approval.desk import Browse


def heard(house: House, filed: Filed) -> Filed:
    """The inbox knows the message of a case that the test has filed without a broker."""
    receive(house, filed.fact, lambda *_: None)
    return filed


def receive(house: House, fact: ApplicationSubmitted, act: Any) -> None:
    case = str(fact.case_id)
    envelope = Envelope(
        id=uuid4(), source="intake", type=fact.type(), subject=case, time=now(), correlationid=case, sequence=1,
        ledgerhead="", data=encode(fact),
    )  # fmt: skip
    Inbox(house.engine, "approval").receive(envelope, ApplicationSubmitted, act)


def withdraw(house: House, filed: Filed) -> None:
    house.hear(ApplicationWithdrawn(case_id=filed.id, withdrawn_at=now()))


@pytest.fixture(autouse=True)
def clean(house: House) -> None:
    with house.engine.begin() as connection:
        for table in ("inbox", "answers", "corrections", "checks", "drafts", "acts", "decisions", "cases"):
            connection.execute(sa.text(f"DELETE FROM {table}"))


def page(at: Browse) -> str:
    return at(OFFICER).open("/desk/sum").text


def test_before_the_first_application_the_page_says_so(at: Browse) -> None:
    assert "受け付けた申請は、まだありません。" in page(at)


def test_the_sum_is_for_staff(at: Browse) -> None:
    assert at(RESIDENT).open("/desk/sum").status_code == 403


def test_it_stands_in_the_menu_of_the_desk(at: Browse) -> None:
    assert 'href="/desk/sum"' in at(OFFICER).open("/desk/").text


def test_what_was_heard_is_decided_withdrawn_or_in_process(house: House, at: Browse) -> None:
    heard(house, house.file())
    heard(house, house.file()).examine().draft().check().approve().decide()
    withdraw(house, heard(house, house.file()))
    with house.engine.connect() as connection:
        counts = tallies.counts(connection)
        assert tallies.open_now(connection) == {"housing-reform": 1}
    assert {one.day for one in counts} == {today()}
    found = [(one.received, one.decided, one.withdrawn) for one in counts]
    assert found == [(3, 0, 0), (0, 1, 0), (0, 0, 1)]
    shown = page(at)
    assert "件数は合っています" in shown
    assert "受け付けた申請3件は" in shown
    assert "件数が合っていません" not in shown


def test_a_case_that_waits_for_its_applicant_is_in_process(house: House, at: Browse) -> None:
    filed = heard(house, house.file().examine())
    command = RequestCorrection(
        case_id=filed.id, actor=house.actor(OFFICER), seen=filed.case.seen, message="確かめてください。",
        questions=(Asked("work", "cost"),), answer_by=today() + timedelta(days=14),
    )  # fmt: skip
    with work_on(house.engine, "approval") as work:
        use_cases.request_correction(command, house.ports(work), now())
    with house.engine.connect() as connection:
        assert tallies.open_now(connection) == {"housing-reform": 1}
    assert "件数は合っています" in page(at)


def test_an_application_that_became_no_case_is_an_incident_with_an_owner(house: House, at: Browse) -> None:
    lost = heard(house, house.file())
    with house.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM cases WHERE case_id = :id"), {"id": lost.id})
    shown = page(at)
    assert "件数が合っていません" in shown
    assert "案件になっていない申請：受付1件に対して、決定・取下げ・処理中の合計は0件です。" in shown
    assert "受け持ち：総務課 デジタル推進係" in shown


def test_a_decided_case_without_its_decision_is_an_incident(house: House, at: Browse) -> None:
    filed = heard(house, house.file()).examine().draft().check().approve().decide()
    with house.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM decisions WHERE case_id = :id"), {"id": filed.id})
    assert "件数が合っていません" in page(at)


def test_an_application_that_waits_for_a_server_is_in_process(house: House, at: Browse) -> None:
    fact = ApplicationSubmitted(**vars(house.file().fact) | {"case_id": uuid4(), "reception_number": "R8-900001"})

    def waits(_fact: Any, _work: Work) -> None:
        raise Waiting("store")

    receive(house, fact, waits)
    with house.engine.connect() as connection:
        assert tallies.open_now(connection) == {"": 1}
    shown = page(at)
    assert "件数は合っています" in shown
    assert "案件になる前で止まっている申請が1件あります" in shown


def test_a_reception_number_that_nobody_has_heard_of_is_an_incident_after_ten_minutes(
    house: House, at: Browse
) -> None:
    first, lost, last = (heard(house, house.file()) for _ in range(3))
    with house.engine.begin() as connection:
        for table in ("cases", "inbox"):
            connection.execute(sa.text(f"DELETE FROM {table} WHERE case_id = :id"), {"id": lost.id})
    with house.engine.connect() as connection:
        assert tallies.gaps(connection, now()) == []
        found = tallies.gaps(connection, now() + timedelta(minutes=11))
    assert found == [Gap(first=lost.number, last=lost.number)]
    assert first.number < lost.number < last.number
    with house.engine.begin() as connection:
        connection.execute(sa.text("UPDATE cases SET submitted_at = submitted_at - interval '1 hour'"))
    assert f'まだ届いていない受付番号：<span class="num">{lost.number}</span>' in page(at)


def test_a_case_that_the_seal_keeper_sent_back_is_in_process(house: House) -> None:
    filed = heard(house, house.file()).examine().draft().check().approve().decide()
    with house.engine.begin() as connection:
        connection.execute(sa.text("UPDATE cases SET state = 'seal_refused' WHERE case_id = :id"), {"id": filed.id})
    with house.engine.connect() as connection:
        assert tallies.open_now(connection) == {"housing-reform": 1}
        assert sum(one.decided for one in tallies.counts(connection)) == 0

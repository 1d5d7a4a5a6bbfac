"""An applicant takes an application back, and a decision may cross that on its way."""

import uuid
from datetime import timedelta

import pytest

from services.intake import use_cases
from services.intake.domain.application import (
    Application,
    NotWithdrawableError,
    Progress,
    ReceptionNumber,
    State,
    steps,
)
from services.messages import ApplicationWithdrawn
from tests.unit.intake.conftest import NOW, TODAY
from tests.unit.intake.memory import Memory

LATER = NOW + timedelta(hours=1)


def entered(memory: Memory) -> Application:
    application = Application(
        case_id=uuid.uuid4(), sub="r-tsuji", number=ReceptionNumber(2026, 1), procedure_id="p", procedure_version=TODAY,
        submitted_at=NOW, due_on=TODAY, digital=True, reached={State.ACCEPTED: NOW},
    )  # fmt: skip
    memory.ports().applications.add(application)
    return application


def test_two_tabs_withdraw_once() -> None:
    memory = Memory()
    case_id = entered(memory).case_id
    for _ in range(2):
        use_cases.withdraw_application(case_id, memory.ports().applications, memory.said.append, LATER)
    assert memory.said == [ApplicationWithdrawn(case_id=case_id, withdrawn_at=LATER)]
    assert memory.cases[case_id].state is State.WITHDRAWN


def test_a_draft_that_is_heard_late_changes_nothing() -> None:
    application = entered(Memory())
    application.withdraw(LATER)
    application.reach(State.DRAFTED, LATER)
    assert application.state is State.WITHDRAWN
    assert [one.id for one in steps(application)] == [State.ACCEPTED, State.WITHDRAWN]
    assert all(one.progress is Progress.DONE for one in steps(application))


def test_a_decision_stands_also_when_it_is_heard_after_the_withdrawal() -> None:
    application = entered(Memory())
    application.withdraw(NOW)
    application.reach(State.DECIDED, LATER)
    assert application.state is State.DECIDED


def test_what_is_decided_is_not_withdrawn() -> None:
    application = entered(Memory())
    application.reach(State.DECIDED, NOW)
    with pytest.raises(NotWithdrawableError):
        application.withdraw(LATER)

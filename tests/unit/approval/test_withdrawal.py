"""A withdrawal reaches the desk: before a decision it ends the case, afterwards it changes nothing."""

import pytest

from services.approval import use_cases
from services.approval.domain.act import WithdrawnError
from services.approval.domain.case import State
from services.messages import ApplicationWithdrawn
from tests.unit.approval.memory import CASE, NOW, Desk


def withdraw(desk: Desk) -> None:
    use_cases.receive_withdrawal(ApplicationWithdrawn(case_id=CASE, withdrawn_at=NOW), desk.cases)


def test_nobody_acts_on_what_was_withdrawn() -> None:
    desk = Desk().examine().draft().check()
    withdraw(desk)
    assert desk.case.state is State.WITHDRAWN
    assert not desk.case.may_draft
    for act in (desk.approve, desk.draft, desk.send_back, desk.examine):
        with pytest.raises(WithdrawnError):
            act()


def test_a_decision_stands_when_the_withdrawal_comes_after_it() -> None:
    desk = Desk().examine().draft().check().approve().decide()
    withdraw(desk)
    assert desk.case.state is State.DECIDED


def test_a_withdrawal_is_heard_twice_without_harm() -> None:
    desk = Desk()
    for _ in range(2):
        withdraw(desk)
    assert desk.case.state is State.WITHDRAWN

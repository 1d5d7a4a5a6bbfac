"""A notice in the inbox: made available, opened once, arrived in law."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.delivery.domain.inbox import (
    ArrivalRule,
    Arrived,
    InboxItem,
    NoArrivalRuleError,
    NotTheRecipientError,
    Opened,
    rule_on,
)
from services.delivery.domain.recipient import DigitalConsentMissingError, Recipient

DOCUMENT, CASE = UUID(int=1), UUID(int=2)
AVAILABLE = datetime(2026, 12, 9, 6, 2, tzinfo=UTC)
OPENED = AVAILABLE + timedelta(hours=28)
MINORI = Recipient(
    case_id=CASE,
    subject="r-takahashi",
    procedure_id="housing-reform",
    reception_number="R8-000412",
    mail="minori@example.jp",
    digital=True,
    consented_at=AVAILABLE - timedelta(days=17),
)
BY_OPENING = ArrivalRule(id="opened-2026", valid_from=date(2026, 4, 1), needs=frozenset({"available", "opened"}))
BY_LYING_THERE = ArrivalRule(id="available-2030", valid_from=date(2030, 4, 1), needs=frozenset({"available"}))


def item() -> InboxItem:
    return InboxItem.make_available(DOCUMENT, MINORI, AVAILABLE)


def test_without_consent_nothing_is_delivered_digitally():
    with pytest.raises(DigitalConsentMissingError):
        InboxItem.make_available(DOCUMENT, replace(MINORI, digital=False), AVAILABLE)


def test_a_consent_without_its_day_is_none():
    with pytest.raises(DigitalConsentMissingError):
        InboxItem.make_available(DOCUMENT, replace(MINORI, consented_at=None), AVAILABLE)


def test_only_the_first_opening_counts():
    notice = item()
    assert notice.open("r-takahashi", OPENED) == Opened(at=OPENED)
    assert notice.open("r-takahashi", OPENED + timedelta(days=1)) is None
    assert notice.opened_at == OPENED


def test_nobody_else_opens_it():
    notice = item()
    with pytest.raises(NotTheRecipientError):
        notice.open("r-tsuji", OPENED)
    assert notice.opened_at is None


def test_a_notice_that_only_lies_there_has_not_arrived():
    assert item().arrive(BY_OPENING) is None


def test_a_notice_arrives_when_it_is_opened():
    notice = item()
    notice.open("r-takahashi", OPENED)
    assert notice.arrive(BY_OPENING) == Arrived(at=OPENED, rule="opened-2026")
    assert notice.arrive(BY_OPENING) is None


def test_another_rule_lets_it_arrive_at_once():
    assert item().arrive(BY_LYING_THERE) == Arrived(at=AVAILABLE, rule="available-2030")


def test_the_newest_rule_in_force_holds():
    assert rule_on((BY_LYING_THERE, BY_OPENING), date(2030, 3, 31)) is BY_OPENING
    assert rule_on((BY_LYING_THERE, BY_OPENING), date(2030, 4, 1)) is BY_LYING_THERE


def test_before_all_rules_nothing_is_delivered():
    with pytest.raises(NoArrivalRuleError):
        rule_on((BY_OPENING,), date(2026, 3, 31))


def test_who_has_read_the_notice_needs_no_mail():
    notice = item()
    assert notice.wants_alert
    notice.open("r-takahashi", OPENED)
    assert not notice.wants_alert


@pytest.mark.parametrize("became", ["alerted", "unreached"])
def test_a_mail_is_tried_until_its_fate_is_known(became):
    notice = item()
    getattr(notice, became)(OPENED)
    assert not notice.wants_alert


@given(st.lists(st.integers(-600, 600), min_size=1))
def test_no_arrival_lies_before_the_delivery_whatever_the_clocks_say(minutes):
    notice = item()
    for minute in minutes:
        notice.open("r-takahashi", AVAILABLE + timedelta(minutes=minute))
    arrived = notice.arrive(BY_OPENING)
    assert arrived is not None
    assert arrived.at == notice.opened_at >= AVAILABLE

"""A notice for somebody who does not take it digitally goes on paper, once, and its digital original is closed."""

from datetime import date, timedelta

import pytest

from services.chassis.handling import NotYet
from services.delivery import use_cases
from services.delivery.domain.inbox import NotTheRecipientError
from services.delivery.domain.paper import (
    AlreadyPostedError,
    Posting,
    PostingDayError,
    PostingNumberError,
    post_until,
)
from services.delivery.use_cases import AlreadyDeliveredError, PostPaper
from services.messages import DeliveryChosen, DeliveryFailed, NoticeDelivered, PaperPosted
from tests.unit.delivery.memory import CASE, DECISION, DOCUMENT, NOW, SIGNED, application
from tests.unit.delivery.test_acts import Town

BY_POST = application(digital=False, digital_consent_at=None)
DAY = NOW.date()
NUMBER = "12345678903"  # 1234567890 modulo 7 is 3


class Office(Town):
    """A town whose people also post and choose."""

    def __init__(self, *heard):
        self.ledger = []
        super().__init__(*heard)

    def post(self, number=NUMBER, on=DAY, by="s-kanno", after=timedelta(hours=2)):
        command = PostPaper(
            document_id=DOCUMENT, posting=Posting.of(number, on), by=by, signed_on=DAY, today=(NOW + after).date()
        )
        use_cases.post_paper(command, self.deliveries, self._register, self.said.append, NOW + after)

    def choose(self, digital, subject="r-tsuji"):
        use_cases.choose_delivery(CASE, subject, digital, self.deliveries, self._register, self.said.append, NOW)

    def _register(self, act, case_id, actor):
        self.ledger.append((act, actor))


def test_without_consent_the_office_gets_the_task_to_post_it():
    town = Office(BY_POST, DECISION, SIGNED)
    assert town.said == [DeliveryFailed(case_id=CASE, document_id=DOCUMENT, reason="no_consent", failed_at=NOW)]
    assert town.deliveries.on_paper[DOCUMENT].due_on == DAY + timedelta(days=2)
    assert town.deliveries.items == {}


def test_hearing_it_twice_makes_one_task():
    assert len(Office(BY_POST, DECISION, SIGNED, SIGNED).said) == 1


def test_posting_closes_the_digital_original_by_an_event():
    town = Office(BY_POST, DECISION, SIGNED)
    town.post()
    posted_at = NOW + timedelta(hours=2)
    assert town.said[1:] == [
        PaperPosted(
            case_id=CASE,
            document_id=DOCUMENT,
            posting_number="123-45-67890-3",
            posted_on=DAY,
            posted_at=posted_at,
        )
    ]
    assert town.ledger == [("paper posted", "s-kanno")]


def test_a_second_click_posts_once_and_another_number_is_refused():
    town = Office(BY_POST, DECISION, SIGNED)
    town.post()
    town.post(number="123-45-67890-3", after=timedelta(hours=3))
    assert len(town.said) == 2
    with pytest.raises(AlreadyPostedError):
        town.post(number="98765432102", after=timedelta(hours=3))


@pytest.mark.parametrize("on", [DAY - timedelta(days=1), DAY + timedelta(days=1)])
def test_nothing_is_posted_before_it_was_signed_or_after_today(on):
    town = Office(BY_POST, DECISION, SIGNED)
    with pytest.raises(PostingDayError):
        town.post(on=on)
    assert len(town.said) == 1


def test_nothing_is_posted_that_does_not_go_on_paper():
    with pytest.raises(NotYet):
        Office(application(), DECISION, SIGNED).post()


@pytest.mark.parametrize("typed", ["123-45-67890-3", "12345678903", "123 45 67890 3"])
def test_a_posting_number_is_read_in_any_grouping(typed):
    assert Posting.of(typed, DAY).number == "123-45-67890-3"


@pytest.mark.parametrize(
    ("typed", "mistyped"), [("", False), ("1234567890", False), ("12345678906", True), ("1234567890五", False)]
)
def test_a_number_that_is_none_is_refused(typed, mistyped):
    with pytest.raises(PostingNumberError) as refused:
        Posting.of(typed, DAY)
    assert refused.value.mistyped is mistyped


def test_the_post_is_due_on_open_days_only():
    friday = date(2026, 12, 11)
    assert post_until(friday, 2, lambda day: day.weekday() >= 5) == date(2026, 12, 15)


def test_who_changes_to_paper_before_the_notice_is_there_gets_paper():
    town = Office(application())
    town.choose(digital=False)
    assert town.said == [DeliveryChosen(case_id=CASE, digital=False, chosen_at=NOW)]
    for fact in (DECISION, SIGNED):
        town.hear(fact)
    assert town.said[1] == DeliveryFailed(case_id=CASE, document_id=DOCUMENT, reason="consent_ended", failed_at=NOW)


def test_who_changes_to_the_inbox_gets_it_there():
    town = Office(BY_POST)
    town.choose(digital=True)
    for fact in (DECISION, SIGNED):
        town.hear(fact)
    assert town.said[1:] == [NoticeDelivered(case_id=CASE, document_id=DOCUMENT, available_at=NOW)]
    assert town.ledger == [("digital delivery chosen", "r-tsuji")]


def test_choosing_the_same_again_says_nothing():
    town = Office(application())
    town.choose(digital=True)
    assert (town.said, town.ledger) == ([], [])


@pytest.mark.parametrize(("heard", "digital"), [(application(), False), (BY_POST, True)])
def test_once_it_is_there_the_way_cannot_be_changed(heard, digital):
    town = Office(heard, DECISION, SIGNED)
    with pytest.raises(AlreadyDeliveredError):
        town.choose(digital=digital)


def test_nobody_chooses_for_another():
    with pytest.raises(NotTheRecipientError):
        Office(application()).choose(digital=False, subject="r-takahashi")

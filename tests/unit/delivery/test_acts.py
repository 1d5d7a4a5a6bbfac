"""What delivery does with what it hears."""

from datetime import timedelta

import pytest

from services.chassis.handling import NotYet, Waiting
from services.delivery import use_cases
from services.delivery.domain.inbox import NotTheRecipientError
from services.messages import ApplicationCorrected, CorrectionRequested, NoticeArrived, NoticeDelivered, NoticeOpened
from tests.unit.delivery.memory import (
    CASE,
    DECISION,
    DELIVERED,
    DOCUMENT,
    NOW,
    RULE,
    SIGNED,
    MemoryDeliveries,
    MemoryMailer,
    MemoryPapers,
    Rules,
    application,
    ref,
)


class Town:
    """A town in which everything was heard so far."""

    def __init__(self, *heard):
        self.deliveries, self.mailer, self.said = MemoryDeliveries(), MemoryMailer(), []
        for fact in heard:
            self.hear(fact)

    def hear(self, fact):
        papers = MemoryPapers()
        match fact.name:
            case "application_submitted":
                use_cases.receive_application(fact, self.deliveries, papers)
            case "decision_made":
                use_cases.receive_decision(fact, self.deliveries)
            case "document_signed":
                use_cases.deliver_notice(fact, self.deliveries, papers, Rules(), self.said.append, NOW)
            case "correction_requested":
                use_cases.alert_applicant(fact, self.deliveries, self.mailer)
            case "application_corrected":
                use_cases.receive_correction(fact, self.deliveries, MemoryPapers("new@example.jp"))
            case "notice_delivered":
                use_cases.alert_recipient(fact, self.deliveries, self.mailer, NOW)

    def open(self, subject="r-tsuji", after=timedelta(hours=1)):
        use_cases.open_notice(DOCUMENT, subject, self.deliveries, lambda _: RULE, self.said.append, NOW + after)

    @property
    def item(self):
        return self.deliveries.items[DOCUMENT]


def test_a_signed_notice_lies_in_the_inbox_at_once():
    town = Town(application(), DECISION, SIGNED)
    assert town.said == [NoticeDelivered(case_id=CASE, document_id=DOCUMENT, available_at=NOW)]
    assert town.item.recipient == "r-tsuji"


def test_of_the_form_only_the_mail_address_is_kept():
    recipient = Town(application()).deliveries.recipients[CASE]
    assert (recipient.mail, recipient.reception_number) == ("tsuji@example.jp", "R8-000412")


def test_hearing_it_twice_delivers_once():
    assert len(Town(application(), DECISION, SIGNED, SIGNED).said) == 1


@pytest.mark.parametrize("heard", [(), (application(),), (DECISION,)])
def test_a_notice_that_precedes_its_cause_waits(heard):
    town = Town(*heard)
    with pytest.raises(NotYet):
        town.hear(SIGNED)
    assert town.said == []


def test_the_mail_is_sent_once():
    town = Town(application(), DECISION, SIGNED, DELIVERED, DELIVERED)
    assert town.mailer.sent == ["tsuji@example.jp"]
    assert town.item.alert == "sent"


def test_a_mail_server_that_is_down_is_waited_for():
    town = Town(application(), DECISION, SIGNED)
    town.mailer.down = True
    with pytest.raises(Waiting, match="mail"):
        town.hear(DELIVERED)
    town.mailer.down = False
    town.hear(DELIVERED)
    assert town.item.alert == "sent"


def test_an_address_that_is_refused_is_a_channel_that_does_not_reach():
    town = Town(application(), DECISION, SIGNED)
    town.mailer.refuses = True
    town.hear(DELIVERED)
    assert town.item.alert == "unreached"


def test_who_was_faster_than_the_mail_gets_none():
    town = Town(application(), DECISION, SIGNED)
    town.open()
    town.hear(DELIVERED)
    assert town.mailer.sent == []


def test_opening_is_said_once_and_is_the_arrival():
    town = Town(application(), DECISION, SIGNED)
    town.open()
    town.open(after=timedelta(days=2))
    opened_at = NOW + timedelta(hours=1)
    assert town.said[1:] == [
        NoticeOpened(case_id=CASE, document_id=DOCUMENT, opened_at=opened_at),
        NoticeArrived(case_id=CASE, document_id=DOCUMENT, arrived_at=opened_at, rule="opened-2026"),
    ]


def test_what_another_person_does_opens_nothing():
    town = Town(application(), DECISION, SIGNED)
    with pytest.raises(NotTheRecipientError):
        town.open("r-takahashi")
    assert len(town.said) == 1


ASKED = CorrectionRequested(
    case_id=CASE, correction_id=DOCUMENT, request=ref("asked"), answer_by=NOW.date(), requested_at=NOW
)
CORRECTED = ApplicationCorrected(
    case_id=CASE, correction_id=DOCUMENT, form=ref("form"), attachments=(), due_on=NOW.date(), corrected_at=NOW
)


def test_an_applicant_who_is_asked_something_is_told_by_mail():
    assert Town(application(), ASKED).mailer.sent == ["tsuji@example.jp"]


def test_an_applicant_without_a_working_address_is_asked_on_the_page_only():
    town = Town(application())
    town.mailer.refuses = True
    town.hear(ASKED)
    assert town.mailer.sent == []


def test_what_is_asked_before_the_application_is_known_waits():
    with pytest.raises(NotYet):
        Town(ASKED)
    with pytest.raises(NotYet):
        Town(CORRECTED)


def test_mails_go_to_the_corrected_address():
    town = Town(application(), CORRECTED, DECISION, SIGNED, DELIVERED)
    assert town.mailer.sent == ["new@example.jp"]

"""What a resident reads on the page of a notice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.delivery.domain.notice import Appeal
from services.delivery.queries import Consent, NoticePage
from services.delivery.web import views
from services.delivery.web.forms import REMEDIES
from services.delivery.web.views import NoticeView, settings_view
from tests.holidays import HOLIDAYS
from tests.unit.delivery.memory import CASE, DOCUMENT, NOTICE, ref

OPENED = datetime(2026, 12, 10, 10, 40, tzinfo=UTC)
PAGE = NoticePage(
    case_id=DOCUMENT,
    document_id=DOCUMENT,
    procedure_id="housing-reform",
    reception_number="R8-000412",
    document_number="高建第1087号",
    outcome="granted",
    issued_on=date(2026, 12, 9),
    available_at=OPENED - timedelta(days=1),
    opened_at=OPENED,
    arrived_at=OPENED,
    notice=replace(NOTICE, appeal=Appeal(variant="both", text="（教示）…")),
    document=ref("file"),
    pages=2,
    level="B-T",
    signed_at=OPENED - timedelta(days=1),
)


def notice_view(page: NoticePage) -> NoticeView:
    return views.notice_view(page, HOLIDAYS.is_closed)


def test_the_dates_are_counted_from_the_day_in_japan_on_which_it_was_opened():
    late = notice_view(replace(PAGE, arrived_at=datetime(2026, 12, 10, 15, 0, tzinfo=UTC)))
    assert notice_view(PAGE).known_on == date(2026, 12, 10)
    assert late.known_on == date(2026, 12, 11)
    assert late.remedies[0].until == date(2027, 3, 11)


def test_a_notice_without_appeal_shows_no_way_to_appeal():
    assert notice_view(replace(PAGE, notice=NOTICE)).remedies == ()


@pytest.mark.parametrize(
    ("outcome", "good"), [("granted", True), ("partly", True), ("refused", False), ("dismissed", False)]
)
def test_only_what_was_granted_looks_granted(outcome, good):
    assert notice_view(replace(PAGE, outcome=outcome)).good is good


@pytest.mark.parametrize("variant", ["both", "appeal_first", "ruling_only", "charges", "local_tax"])
def test_every_way_to_appeal_has_plain_words(variant):
    view = notice_view(replace(PAGE, notice=replace(NOTICE, appeal=Appeal(variant=variant, text="（教示）…"))))
    assert all(remedy.kind in REMEDIES for remedy in view.remedies)


def consent(number, mail="minori@example.jp", alert=None):
    return Consent(
        case_id=CASE,
        procedure_id="housing-reform",
        reception_number=number,
        digital=True,
        consented_at=OPENED,
        ended_at=None,
        mail=mail,
        alert=alert,
        delivered=alert is not None,
    )


def test_an_address_is_shown_once_and_masked():
    view = settings_view([consent("R8-000002"), consent("R8-000001")], {"housing-reform": "住宅リフォーム"})
    assert view.mails == [("m＊＊＊@example.jp", False)]
    assert [one.procedure for one in view.consents] == ["住宅リフォーム", "住宅リフォーム"]


def test_an_address_whose_mail_came_back_says_so():
    view = settings_view([consent("R8-000001", "old@example.jp", "unreached"), consent("R8-000002")], {})
    assert view.mails == [("o＊＊＊@example.jp", True), ("m＊＊＊@example.jp", False)]


def test_the_way_can_be_changed_until_the_notice_is_there():
    view = settings_view([consent("R8-000001", alert="sent"), consent("R8-000002")], {})
    assert [one.may_change for one in view.consents] == [False, True]

"""From the signed document to the inbox and the mail, on PostgreSQL, both S3 sites and an SMTP server."""

from dataclasses import replace
from email import message_from_bytes, policy
from threading import Barrier, Thread

import pytest

from services.chassis.clock import now
from services.chassis.database import work_on
from services.chassis.handling import NotYet, PermanentError, Waiting
from services.delivery import queries, use_cases
from services.delivery.store import SqlDeliveries
from services.delivery.town import delivery_rules
from tests.integration.delivery.conftest import Case, House, Post


def open_notice(house: House, case: Case) -> None:
    rules = delivery_rules(house.settings.town_dir)
    with work_on(house.engine, "delivery") as work:
        use_cases.open_notice(
            case.document_id, "r-tsuji", SqlDeliveries(work.connection), rules.rule_at, work.say, now()
        )


def alert_of(house: House, case: Case) -> str:
    return str(house.value("SELECT alert FROM inbox_items WHERE document_id = :id", id=case.document_id))


def test_the_page_of_a_notice_has_all_that_was_heard(house: House) -> None:
    case = house.case().deliver()
    with house.engine.connect() as connection:
        page = queries.notice(connection, case.document_id, "r-tsuji")
    assert page is not None
    assert page.notice.addressee.name == "辻\U000e0100 \U00020bb7子"
    assert (page.document_number, page.issued_on, page.pages) == ("高建第1087号", case.decision.issued_on, 2)
    assert page.document == case.signed.document


def test_the_newest_edition_is_what_the_resident_gets_whatever_comes_first(house: House) -> None:
    case = house.case().deliver()
    for edition in (3, 2):
        house.hear(case.extended(edition))
    with house.engine.connect() as connection:
        page = queries.notice(connection, case.document_id, "r-tsuji")
    assert page is not None
    assert (page.document, page.level) == (case.extended(3).document, "B-LTA")


def test_a_newer_edition_waits_for_the_notice_and_that_of_a_contract_changes_nothing(house: House) -> None:
    case, contract = house.case(), house.case()
    house.hear(case.application)
    with pytest.raises(NotYet):
        house.hear(case.extended(2))
    house.hear(contract.extended(2))
    assert house.said(contract.id) == []


def test_nobody_else_finds_it(house: House) -> None:
    case = house.case().deliver()
    with house.engine.connect() as connection:
        assert queries.notice(connection, case.document_id, "r-takahashi") is None


def test_unread_notices_come_first(house: House) -> None:
    first, second, third = (house.case("r-order").deliver() for _ in range(3))
    with work_on(house.engine, "delivery") as work:
        item = SqlDeliveries(work.connection).item(third.document_id)
        item.open("r-order", now())
        SqlDeliveries(work.connection).save_item(item)
    with house.engine.connect() as connection:
        rows = queries.inbox(connection, "r-order")
    assert [row.document_id for row in rows] == [second.document_id, first.document_id, third.document_id]


def test_the_signed_document_waits_for_its_causes(house: House) -> None:
    case = house.case()
    for fact in (case.application, case.decision):
        with pytest.raises(NotYet):
            house.hear(case.signed)
        house.hear(fact)
    house.hear(case.signed)
    assert house.said(case.id) == ["notice_delivered.v1"]


def test_opening_in_two_tabs_at_once_is_said_once(house: House) -> None:
    case = house.case().deliver()
    start = Barrier(4)

    def tab() -> None:
        start.wait()
        open_notice(house, case)

    tabs = [Thread(target=tab) for _ in range(4)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    assert house.said(case.id) == ["notice_delivered.v1", "notice_opened.v1", "notice_arrived.v1"]


def test_the_mail_goes_out_once(house: House, post: Post) -> None:
    case = house.case().deliver()
    house.hear(case.delivered)
    house.hear(case.delivered)
    (envelope,) = post.mails
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert envelope.rcpt_tos == ["r-tsuji@example.jp"]
    assert mail["Subject"] == "【高畠町】お知らせが届いています"
    assert f"{house.settings.public_url}/inbox/" in mail.get_content()
    assert alert_of(house, case) == "sent"


def test_a_mail_server_that_is_down_is_waited_for(house: House) -> None:
    case = house.case().deliver()
    with pytest.raises(Waiting, match="mail"):
        house.hear(case.delivered)
    assert alert_of(house, case) == "waiting"


def test_a_mail_server_that_says_later_is_waited_for(house: House, post: Post) -> None:
    case = house.case().deliver()
    post.refused = "450 4.2.0 greylisted"
    with pytest.raises(Waiting, match="mail"):
        house.hear(case.delivered)


def test_an_address_that_does_not_exist_is_not_tried_again(house: House, post: Post) -> None:
    case = house.case().deliver()
    post.refused = "550 5.1.1 no such user"
    house.hear(case.delivered)
    assert alert_of(house, case) == "unreached"
    house.hear(case.delivered)
    assert post.mails == []


def test_notice_data_that_breaks_its_promise_is_parked_at_once(house: House) -> None:
    case = house.case()
    house.hear(case.application)
    house.hear(case.decision)
    with pytest.raises(PermanentError):
        house.hear(replace(case.signed, notice=case.application.form))
    assert house.said(case.id) == []

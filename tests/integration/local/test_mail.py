"""The mail catcher: what a service sends is kept, shown, and there after a crash."""

import smtplib
import uuid
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from infra.console.receiving import read_mail
from infra.console.visitor import VisitError, Visitor
from infra.local.layout import HOST, REPOSITORY
from infra.local.mail.pages import MAILS_PER_PAGE
from infra.local.system import System
from services.delivery.mailer import SmtpMailer, Text
from services.delivery.town import delivery_rules
from services.delivery.use_cases import AddressRefusedError
from tests.integration.local.conftest import crash


@pytest.fixture
def reader(standins: System) -> Visitor:
    return Visitor(standins.layout.url)


@pytest.fixture
def mailer(standins: System) -> SmtpMailer:
    rules, url = delivery_rules(REPOSITORY / "infra" / "town"), standins.layout.url
    texts = Text(rules.mail, f"{url}/inbox/"), Text(rules.correction_mail, f"{url}/apply/cases")
    return SmtpMailer(HOST, standins.layout.at("smtp"), "todoke@town.takahata.example", *texts)


@pytest.fixture
def smtp(standins: System) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(HOST, standins.layout.at("smtp"), timeout=10) as server:
        yield server


def somebody() -> str:
    return f"{uuid.uuid4().hex}@example.jp"


def mail(to: str, subject: str = "練習", text: str = "本文") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "todoke@town.takahata.example", to, subject
    made.set_content(text)
    return made


def test_the_alert_of_the_delivery_service_leads_to_the_inbox(mailer: SmtpMailer, reader: Visitor) -> None:
    address = somebody()
    mailer.alert(address, uuid.uuid4())
    page = read_mail(reader, address, before="")
    assert "お知らせが届いています" in page.title
    assert address in page.text
    assert page.link("/inbox/") == f"{reader.base}/inbox/"


def test_every_page_says_what_it_is(smtp: smtplib.SMTP, reader: Visitor) -> None:
    address = somebody()
    smtp.send_message(mail(address))
    for page in (reader.open("/dev/mail"), reader.follow(address)):
        assert "ここは練習用です。本番では使いません。" in page.tree.text_content()
        assert page.title.endswith("｜練習用")


def test_the_newest_mail_comes_first(smtp: smtplib.SMTP, reader: Visitor) -> None:
    first, second = somebody(), somebody()
    for address in (first, second):
        smtp.send_message(mail(address))
    text = reader.open("/dev/mail/").text
    assert 0 < text.index(second) < text.index(first)


def test_a_mail_is_shown_as_text_whatever_it_holds(smtp: smtplib.SMTP, reader: Visitor) -> None:
    address = somebody()
    smtp.send_message(mail(address, "<b>題</b>", "<script>alert(1)</script>"))
    reader.open("/dev/mail/")
    page = reader.follow(address)
    assert "<b>題</b>" in page.text
    assert "<script>alert(1)</script>" in page.text
    assert page.tree.xpath("//script | //h1/b") == []


def test_old_mails_are_on_later_pages(smtp: smtplib.SMTP, reader: Visitor) -> None:
    oldest = somebody()
    smtp.send_message(mail(oldest))
    for _ in range(MAILS_PER_PAGE):
        smtp.send_message(mail(somebody()))
    first = reader.open("/dev/mail/")
    assert len(first.tree.xpath("//main//li")) == MAILS_PER_PAGE
    assert oldest not in first.text
    assert oldest in reader.follow("もっと古いメール").text


@pytest.mark.parametrize("address", ["/dev/mail/nothing", "/dev/mail/?page=0", "/dev/mail/?page=9999"])
def test_what_is_not_there_is_said_to_be_not_there(reader: Visitor, address: str) -> None:
    with pytest.raises(VisitError) as refused:
        reader.open(address)
    assert refused.value.status == 404
    assert reader.page
    assert "ページが見つかりません" in reader.page.text


def test_an_address_that_cannot_exist_is_refused_for_good(mailer: SmtpMailer) -> None:
    with pytest.raises(AddressRefusedError):
        mailer.alert("nobody@town.invalid", uuid.uuid4())


def test_an_acknowledged_mail_is_there_after_a_crash(standins: System, mailer: SmtpMailer, reader: Visitor) -> None:
    address = somebody()
    mailer.alert(address, uuid.uuid4())
    crash(standins, "mail")
    assert address in reader.open("/dev/mail/").text
    mailer.alert(somebody(), uuid.uuid4())

"""The mails that say that something waits for a resident."""

from email import message_from_bytes, policy
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.delivery.mailer import Text, compose
from services.delivery.town import delivery_rules
from services.delivery.use_cases import AddressRefusedError

TOWN = Path(__file__).parents[3] / "infra" / "town"
DOCUMENT = UUID(int=8)


def mail(address="tsuji@example.jp", document_id=DOCUMENT):
    text = Text(delivery_rules(TOWN).mail, "http://127.0.0.1:8080/inbox/")
    sent = compose("todoke@town.example.jp", address, text, document_id)
    return message_from_bytes(sent.as_bytes(), policy=policy.default)


def test_it_says_that_a_notice_is_there_and_where():
    assert mail()["Subject"] == "【高畠町】お知らせが届いています"
    body = mail().get_content()
    assert body.startswith("とどけの受信箱に、新しいお知らせがあります。サインインして確かめてください。\n")
    assert body.count("http") == 1
    assert "http://127.0.0.1:8080/inbox/\n" in body


def test_it_names_nobody_and_nothing_of_the_case():
    whole = mail().as_string() + mail().get_content()
    assert str(DOCUMENT) not in whole
    assert not any(word in mail().get_content() for word in ("様", "補助金", "決定", "R8-"))


def test_the_same_notice_has_the_same_message_id_at_each_try():
    assert mail()["Message-ID"] == mail()["Message-ID"]
    assert mail()["Message-ID"] != mail(document_id=UUID(int=9))["Message-ID"]


def test_the_mail_about_a_correction_says_no_more_than_where_to_look():
    text = Text(delivery_rules(TOWN).correction_mail, "http://127.0.0.1:8080/apply/cases")
    sent = compose("todoke@town.example.jp", "t@example.jp", text, DOCUMENT)
    letter = message_from_bytes(sent.as_bytes(), policy=policy.default)
    assert letter["Subject"] == "【高畠町】確かめていただきたいことがあります"
    body = letter.get_content()
    assert "http://127.0.0.1:8080/apply/cases\n" in body
    assert body.count("http") == 1
    assert not any(word in body for word in ("様", "補助金", "補正", "R8-", str(DOCUMENT)))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "tsuji",
        "tsuji@",
        "@example.jp",
        "a b@example.jp",
        "a@b.jp\r\nBcc: c@d.jp",
        "a,b@example.jp",
        "a@b.jp,c@d.jp",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(AddressRefusedError):
        mail(address)


@given(st.text(max_size=40))
def test_no_text_makes_more_than_one_recipient(text):
    try:
        to = mail(text)["To"]
    except AddressRefusedError:
        return
    assert len(to.addresses) == 1

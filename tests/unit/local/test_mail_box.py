"""A caught mail is there whole or not at all, and is shown as text."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from infra.local.mail.box import Box, Mail
from infra.local.mail.pages import linked

NAME = "1795530811965271819-9d79fe62"


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "mail")


def mail(**headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in headers.items():
        made[name] = value
    made.set_content("本文です。\n")
    return made


def kept(box: Box, content: bytes, *recipients: str) -> Mail:
    found = box.find(box.keep("town@example.jp", recipients or ("a@example.jp",), content))
    assert found
    return found


def test_a_mail_is_read_as_it_was_sent(box: Box) -> None:
    found = kept(box, mail(Subject="お知らせ", From="高畠町 <town@example.jp>").as_bytes())
    assert (found.subject, found.sender, found.text) == ("お知らせ", "高畠町 <town@example.jp>", "本文です。\n")


def test_recipients_are_those_of_the_envelope(box: Box) -> None:
    found = kept(box, mail(To="list@example.jp").as_bytes(), "a@example.jp", "たろう@example.jp")
    assert found.recipients == ("a@example.jp", "たろう@example.jp")


def test_mails_outlive_the_process_that_caught_them(box: Box, tmp_path: Path) -> None:
    names = [box.keep("", ["a@example.jp"], mail(Subject=str(number)).as_bytes()) for number in range(3)]
    assert Box(tmp_path / "mail").names() == names[::-1]


def test_half_a_mail_is_no_mail(box: Box, tmp_path: Path) -> None:
    (tmp_path / "mail" / f"{NAME}.new").write_bytes(b"Subject: ha")
    assert box.names() == []
    assert box.find(NAME) is None


@pytest.mark.parametrize("name", ["", "..", "../secrets", NAME, f"{NAME}\n"])
def test_what_is_no_name_of_a_mail_finds_nothing(box: Box, name: str) -> None:
    assert box.find(name) is None


def test_the_plain_text_is_shown_where_there_is_html_too(box: Box) -> None:
    both = mail(Subject="二通り")
    both.add_alternative("<p>本文です。</p>", subtype="html")
    assert kept(box, both.as_bytes()).text == "本文です。\n"


@pytest.mark.parametrize(
    ("content", "sender", "text"),
    [
        (b"From: \"<@\r\n\r\ntext", '"<@', "text"),
        (b"From: a@example.jp\r\nContent-Type: text/plain; charset=none-such\r\n\r\ntext", "a@example.jp", "text"),
    ],
)
def test_a_mail_against_the_rules_is_shown_as_it_stands(box: Box, content: bytes, sender: str, text: str) -> None:
    found = kept(box, content)
    assert (found.sender, found.text) == (sender, text)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"Content-Type: multipart/mixed\r\n\r\n"])
def test_a_mail_without_form_is_shown_all_the_same(box: Box, content: bytes) -> None:
    found = kept(box, content)
    assert (found.subject, found.sender) == ("", "town@example.jp")
    assert "本文" not in found.text


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("受信箱は http://127.0.0.1:8080/inbox/ です", "http://127.0.0.1:8080/inbox/"),
        ("受信箱（https://todoke.example/inbox/）です", "https://todoke.example/inbox/"),
        ("https://todoke.example/inbox/を開いてください。", "https://todoke.example/inbox/"),
        ("See https://todoke.example/inbox?a=1.", "https://todoke.example/inbox?a=1"),
    ],
)
def test_a_web_address_becomes_a_link_and_nothing_around_it(text: str, address: str) -> None:
    assert linked(text) == text.replace(address, f'<a href="{address}">{address}</a>')


def test_what_looks_like_markup_stays_text() -> None:
    assert linked("<script>http://a.example/?b&c</script>") == (
        '&lt;script&gt;<a href="http://a.example/?b&amp;c">http://a.example/?b&amp;c</a>&lt;/script&gt;'
    )

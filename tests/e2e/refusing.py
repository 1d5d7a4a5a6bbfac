"""A road occupancy that is refused, from the form to the notice, by plain HTTP: a case for pages to be looked at."""

import re
from collections.abc import Mapping
from datetime import timedelta

from infra.console import applying, deciding
from infra.console.steps import until
from infra.console.visitor import Page, Visitor
from services.chassis.clock import today

OFFICER, CHIEF, HEAD, KEEPER = "今野 拓也", "佐藤 文男", "武田 真理子", "佐竹 隆"
FORM = "/apply/road-occupancy"
REASONS = {
    "field-fact": "申請の場所は幅1.5mの歩道です。足場は、歩道に1.2m出ます。",
    "field-application": "足場を敷地の中に組む余地があります。やむを得ないものに当たりません。",
    "field-grounds": "現地を調べました。歩道に残る幅は0.3mで、車いすが通れません。",
}


def answers(kana: str, mail: str) -> dict[str, Mapping[str, str]]:
    """What somebody answers who wants to put a scaffold on the pavement."""
    start, end = today() + timedelta(days=30), today() + timedelta(days=60)
    return {
        "applicant": {"kana": kana, "telephone": "0238-00-5678", "mail": mail},
        "occupancy": {
            "location": "高畠町大字高畠436番地の前、町道中央線",
            "thing": "scaffold",
            "purpose": "住宅の外壁を塗りかえるため、足場を組む。",
            "size": "長さ8m、幅1.2m、高さ6m",
            **applying.date_fields("start", start),
            **applying.date_fields("end", end),
        },
        "files": {},
        "delivery": {"how": "digital"},
    }


def file(base: str, name: str, kana: str, mail: str) -> str:
    """Apply; the reception number."""
    resident = Visitor(base, name)
    applying.sign_in(resident, "/apply/cases")
    photo = {"photos": ("IMG_0420.jpg", applying.phone_photo(), "image/jpeg")}
    for topic, values in answers(kana, mail).items():
        resident.open(f"{FORM}/{topic}")
        resident.submit(values, button="保存して次へ進む", files=photo if topic == "files" else None)
    resident.open(f"{FORM}/check")
    return applying.send(resident)


def draft(base: str, number: str) -> None:
    """Examine, draft the refusal with its three reasons, wait for the check of the notice."""
    officer = staff(base, OFFICER)
    deciding.examine(officer, number)
    officer.open(f"/desk/cases/{number}?outcome=refused")
    deciding.accepted(officer.submit(REASONS, button="起案する"))
    deciding.see_checked(officer, number)


def approve(base: str, number: str) -> None:
    """The head of the section agrees."""
    deciding.act(staff(base, CHIEF), number, deciding.APPROVE)


def refuse(base: str, number: str) -> str:
    """From the examination to the decision; the document number."""
    draft(base, number)
    approve(base, number)
    return document_number(deciding.act(staff(base, HEAD), number, deciding.DECIDE))


def deliver(base: str, number: str, document_number: str, name: str) -> None:
    """The seal keeper permits; the notice lies in the inbox of ``name``, unread."""
    keeper = Visitor(base, KEEPER)
    applying.sign_in(keeper, "/seal/")
    deciding.permit_seal(keeper, document_number)
    reader = Visitor(base, name)
    applying.sign_in(reader, "/inbox/")
    until(lambda: True if number in reader.open("/inbox/").text else None, f"the notice of {number}", 90)


def staff(base: str, name: str) -> Visitor:
    """Somebody at the desk."""
    visitor = Visitor(base, name)
    applying.sign_in(visitor, "/desk/")
    return visitor


def document_number(page: Page) -> str:
    """高建第12号, as the page of a decided case tells it."""
    found = re.search(r"高建第[0-9]+号", page.text)
    assert found, "the page of a decided case tells its document number"
    return found[0]

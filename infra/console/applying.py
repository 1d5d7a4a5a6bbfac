"""The resident's part of the journey: sign in, fill in every topic, attach a phone photo, send."""

import io
from collections.abc import Mapping
from datetime import date, timedelta

from PIL import Image, ImageDraw

from infra.console.visitor import Files, Page, VisitError, Visitor
from services.chassis.clock import today

PROCEDURE = "housing-reform"
REIWA_BEFORE = 2018
Values = Mapping[str, str | list[str]]


def sign_in(visitor: Visitor, page: str) -> Page:
    """Open a page that needs a sign-in and pick the person at the provider."""
    visitor.open(page)
    return visitor.submit(button=visitor.name)


def apply(visitor: Visitor, answers: Mapping[str, Values], files: Files, procedure: str = PROCEDURE) -> Page:
    """Every topic and the check page; a draft of before is gone over.  Raises VisitError with what a page refused."""
    for topic, values in answers.items():
        visitor.open(f"/apply/{procedure}/{topic}")
        page = visitor.submit(values, button="保存して次へ進む", files=files if topic == "files" else None)
        if page.errors():
            raise VisitError("; ".join(page.errors()), page)
    return visitor.open(f"/apply/{procedure}/check")


def send(visitor: Visitor) -> str:
    """Press the last button; the reception number."""
    page = visitor.submit(button="この内容で申請する")
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def answers(kana: str, mail: str, cost: int = 1_980_000) -> dict[str, Values]:
    """What a resident of Takahata answers; name, address and birthdate come from the sign-in."""
    start, end = today() + timedelta(days=20), today() + timedelta(days=66)
    return {
        "applicant": {"kana": kana, "telephone": "0238-00-5678", "mail": mail},
        "house": {"place": "home", "owner": "self", "structure": "wood", "built-era": "showa", "built-y": "58"},
        "work": {
            "kinds": ["roof"],
            "cost": str(cost),
            "builder": "株式会社まほろば工務店",
            "builder_town": "in",
            **date_fields("start", start),
            **date_fields("end", end),
        },
        "files": {},
        "account": {
            "bank": "やまがた信用金庫",
            "branch": "高畠支店",
            "account_kind": "ordinary",
            "account_number": "0123456",
            "account_holder": "タカハシ ミノリ",
        },
        "delivery": {"how": "digital"},
    }


def date_fields(name: str, day: date) -> dict[str, str]:
    """A date to come, as the form asks it: in 令和, without asking for the era."""
    return {f"{name}-y": str(day.year - REIWA_BEFORE), f"{name}-m": str(day.month), f"{name}-d": str(day.day)}


def phone_photo() -> bytes:
    """A photo as a phone sends it: a large JPEG, turned by its Exif orientation."""
    picture = Image.new("RGB", (2016, 1512), "#bcd9ee")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 1150, 2016, 1512), fill="#7fa36b")
    draw.rectangle((500, 640, 1500, 1200), fill="#e8d9b5")
    draw.polygon([(400, 660), (1000, 260), (1600, 660)], fill="#7a3b22")
    draw.polygon([(1020, 380), (1180, 430), (1220, 560), (1000, 520)], fill="#3c1a10")
    draw.rectangle((920, 860, 1080, 1200), fill="#5b4636")
    exif = picture.getexif()
    exif[0x0112] = 6
    exif[0x010F] = "Todoke"
    out = io.BytesIO()
    picture.transpose(Image.Transpose.ROTATE_90).save(out, "JPEG", quality=88, exif=exif)
    return out.getvalue()

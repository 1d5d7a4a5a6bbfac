"""Another programme applies for a resident who is signed in, through the gateway; the town handles it as any other."""

import base64
import uuid
from datetime import timedelta

from infra.console import applying, deciding
from infra.console.visitor import Visitor
from infra.local.layout import REPOSITORY
from infra.local.signin.people import everyone
from infra.local.system import System
from services.chassis.clock import today
from tests.chaos.crowd import small_photo

API = "/apply/api"


def signed_in(town: System, sub: str, page: str) -> Visitor:
    people = everyone(REPOSITORY / "infra" / "town")
    visitor = Visitor(town.layout.url, people[sub].name)
    applying.sign_in(visitor, page)
    return visitor


def answers() -> dict[str, dict[str, object]]:
    start, end = (today() + timedelta(days=days) for days in (20, 66))
    return {
        "applicant": {
            "name": "髙橋 みのり", "kana": "たかはし みのり", "birthdate": "1991-04-12",
            "address": "高畠町大字高畠436番地", "telephone": "0238-00-5678", "mail": "minori@example.jp",
        },
        "house": {"place": "home", "owner": "self", "structure": "wood", "built": 1983},
        "work": {
            "kinds": ["roof"], "cost": 1_980_000, "builder": "株式会社まほろば工務店", "builder_town": "in",
            "start": start.isoformat(), "end": end.isoformat(),
        },
        "account": {
            "bank": "やまがた信用金庫", "branch": "高畠支店", "account_kind": "ordinary", "account_number": "0123456",
            "account_holder": "タカハシ ミノリ",
        },
        "delivery": {"how": "digital"},
    }  # fmt: skip


def test_a_programme_applies_and_the_officer_has_the_case_on_the_desk(town: System) -> None:
    resident = signed_in(town, "r-takahashi", "/apply/cases")
    url = f"{town.layout.url}{API}"
    form = resident.session.get(f"{url}/procedures/housing-reform").json()
    photo = {"topic": "files", "question": "photos", "name": "屋根.jpg"}
    body = {
        "procedure_id": form["id"],
        "version": form["version"],
        "answers": answers(),
        "files": [photo | {"content": base64.b64encode(small_photo()).decode()}],
    }
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first, again = (resident.session.post(f"{url}/applications", json=body, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200), first.text
    number = first.json()["number"]
    assert again.json()["number"] == number
    officer = signed_in(town, "s-kanno", "/desk/")
    deciding.examine(officer, number)
    assert resident.session.get(f"{url}/applications/{number}").json()["number"] == number


def test_a_programme_without_a_person_is_not_sent_to_the_sign_in(town: System) -> None:
    stranger = Visitor(town.layout.url)
    answer = stranger.session.get(f"{town.layout.url}{API}/applications", allow_redirects=False)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"

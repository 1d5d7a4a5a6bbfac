"""What residents type in the tests, and the acts that lead to a submission."""

import uuid
from typing import Any

from services.chassis.database import Work
from services.intake import use_cases
from services.intake.domain.calendar import Calendar
from services.intake.domain.draft import Attachment, Draft
from services.intake.domain.procedure import Procedure
from services.intake.store import SqlApplications, SqlConsents, SqlDrafts, SqlNumbers, WorkDocuments
from services.intake.use_cases import Ports, Submission, SubmitApplication
from tests.holidays import HOLIDAYS
from tests.integration.intake.conftest import NOW, TODAY

OFFICE = Calendar(HOLIDAYS.is_open)
TYPED: dict[str, dict[str, Any]] = {
    "applicant": {
        "name": ["辻\U000e0100 \U00020bb7子"], "kana": ["つじ よしこ"], "address": ["高畠町大字高畠436番地"],
        "birthdate-era": ["showa"], "birthdate-y": ["58"], "birthdate-m": ["2"], "birthdate-d": ["3"],
        "telephone": ["0238-00-1234"], "mail": ["yoshiko@example.jp"],
    },
    "house": {
        "place": ["home"], "owner": ["self"], "structure": ["wood"], "built-era": ["showa"], "built-y": ["58"],
    },
    "work": {
        "kinds": ["roof", "snow"], "cost": ["1980000"], "builder": ["株式会社まほろば工務店"], "builder_town": ["in"],
        "start-y": ["12"], "start-m": ["12"], "start-d": ["14"], "end-y": ["13"], "end-m": ["1"], "end-d": ["29"],
    },
    "files": {},
    "account": {
        "bank": ["やまがた信用金庫"], "branch": ["高畠支店"], "account_kind": ["ordinary"],
        "account_number": ["1234567"], "account_holder": ["ツジ ヨシコ"],
    },
    "delivery": {"how": ["digital"]},
}  # fmt: skip


def photo() -> Attachment:
    return Attachment(
        id=uuid.uuid4(), question="photos", name="屋根.jpg", media_type="image/jpeg", size=9, sha256="a" * 64
    )


def ports(work: Work) -> Ports:
    return Ports(
        drafts=SqlDrafts(work.connection),
        applications=SqlApplications(work.connection),
        numbers=SqlNumbers(work.connection),
        consents=SqlConsents(work.connection),
        documents=WorkDocuments(work),
        say=work.say,
    )


def fill(work: Work, procedure: Procedure, sub: str) -> Draft:
    """A draft with all topics saved."""
    drafts = SqlDrafts(work.connection)
    draft = drafts.open(sub, procedure.id, TODAY)
    use_cases.attach_file(draft, procedure.form.topics[3].question("photos"), photo(), drafts, NOW)
    for topic in procedure.form.topics:
        assert not use_cases.save_topic(draft, topic, TYPED[topic.id], drafts, NOW).faults
    return draft


def submit(work: Work, procedure: Procedure, draft: Draft) -> Submission:
    command = SubmitApplication(case_id=draft.case_id, sub=draft.sub, seen_version=draft.version, claims={}, shown=[])
    return use_cases.submit_application(command, lambda _id, _day: procedure, OFFICE, ports(work), NOW)
